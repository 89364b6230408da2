"""Tests import the package from python/; projects that many tests use are built once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))
os.environ.setdefault("NQP_THREADS", "1")  # the tests share the processors among themselves

import nqp.command  # noqa: F401  # sets one thread, before a test loads numpy
from browsing import chromium_of_the_system
from studies import DEFAULT, STUDIES, WITHOUT_TESTS, WITHOUT_UNIT_TESTS, Outcome, Project, new_project

# What must not matter: the order of Python's sets, the number of threads and processes, and the memory there is.
CIRCUMSTANCES = {
    "one": {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "threads": "1"},
    "other": {
        "PYTHONHASHSEED": "4711", "OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4", "threads": "4",
        "NQP_MEMORY": "500MB",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Commands:
    """A project on which the two commands were run as a person runs them, and what they said."""

    project: Project
    built: Outcome
    estimated: Outcome


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One real browser for all tests."""
    with chromium_of_the_system() as browser:
        yield browser


@pytest.fixture(scope="session")
def harbours_commands(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    """The study of eight harbours, built and then estimated quietly."""
    project = new_project(tmp_path_factory.mktemp("harbours") / "project", "harbours", STUDIES / "harbours")
    built = project.run("dbt", "--warn-error", "--no-use-colors", "build", *WITHOUT_UNIT_TESTS)
    assert built.code == 0, built.output
    estimated = project.run("python", "python/estimate.py", "--quiet")
    assert estimated.code == 0, estimated.output
    return Commands(project, built, estimated)


@pytest.fixture(scope="session")
def built_harbours(harbours_commands: Commands) -> Project:
    """The study of eight harbours, built and estimated. Copy it before changing anything."""
    return harbours_commands.project


@pytest.fixture
def harbours(built_harbours: Project, tmp_path: Path) -> Project:
    """A copy of the built and estimated study of eight harbours, to do with as a test likes."""
    return built_harbours.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def default_builds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """The default study built twice in fresh folders, under different circumstances. Read only."""
    roots = {name: tmp_path_factory.mktemp(name) / "project" for name in CIRCUMSTANCES}

    def build(name: str) -> Project:
        project = new_project(roots[name], DEFAULT.name, DEFAULT)
        environment = dict(CIRCUMSTANCES[name])
        threads = environment.pop("threads")
        built = project.run("dbt", "build", *WITHOUT_TESTS, "--threads", threads, **environment)
        assert built.code == 0, built.output
        return project

    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(CIRCUMSTANCES, pool.map(build, CIRCUMSTANCES), strict=True))


@pytest.fixture(scope="session")
def default_runs(default_builds: dict[str, Project]) -> dict[str, Project]:
    """The same, estimated too."""

    def estimate(name: str) -> None:
        environment = {key: value for key, value in CIRCUMSTANCES[name].items() if key.isupper()}
        environment["NQP_THREADS"] = CIRCUMSTANCES[name]["threads"]
        estimated = default_builds[name].run("python", "python/estimate.py", **environment)
        assert estimated.code == 0, estimated.output

    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(estimate, CIRCUMSTANCES))
    return default_builds
