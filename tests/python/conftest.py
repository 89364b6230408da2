"""Tests import the package from python/; projects that many tests use are built once."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from filelock import FileLock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))
os.environ.setdefault("NQP_THREADS", "1")  # the tests share the processors among themselves

import nqp.command  # noqa: F401  # sets one thread, before a test loads numpy
import studies
from browsing import chromium_of_the_system
from studies import DEFAULT, STUDIES, WITHOUT_TESTS, WITHOUT_UNIT_TESTS, Commands, Project, new_project

# What must not matter: the order of Python's sets, the number of threads and processes, and the memory there is.
CIRCUMSTANCES = {
    "one": {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "threads": "1"},
    "other": {
        "PYTHONHASHSEED": "4711", "OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4", "threads": "4",
        "NQP_MEMORY": "500MB",
    },
}  # fmt: skip


Result = TypeVar("Result")


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Result]) -> Result:
    """What ``make`` returns of a folder it fills: made by the first worker that wants it, read by the others."""
    base = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    root, kept = base / name, base / f"{name}.pickle"
    with FileLock(f"{root}.lock"):
        if not kept.exists():
            assert not root.exists(), f"{name} could not be made: the first error of this run says why"
            root.mkdir()
            kept.write_bytes(pickle.dumps(make(root)))
        result: Result = pickle.loads(kept.read_bytes())
        return result


@pytest.fixture(scope="session", autouse=True)
def one_parse_for_all_workers(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What dbt parsed for one project serves the others."""
    base = tmp_path_factory.getbasetemp()
    studies.PARSED = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "parsed"


# What a test that asks for one of these needs: a built study or a browser, which takes seconds.
BUILDS = {
    "chromium", "harbours_commands", "built_harbours", "harbours", "default_builds", "default_runs",
    "by_row_and_by_cell", "example", "hospital",
}  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a build or a browser; a test that builds by itself says so with ``pytest.mark.build``."""
    for item in items:
        if BUILDS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.build)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One real browser for all tests."""
    with chromium_of_the_system() as browser:
        yield browser


@pytest.fixture(scope="session")
def harbours_commands(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    """The study of eight harbours, built and then estimated quietly."""

    def make(root: Path) -> Commands:
        project = new_project(root / "project", "harbours", STUDIES / "harbours")
        built = project.run("dbt", "--warn-error", "--no-use-colors", "build", *WITHOUT_UNIT_TESTS)
        assert built.code == 0, built.output
        estimated = project.run("python", "python/estimate.py", "--quiet")
        assert estimated.code == 0, estimated.output
        return Commands(project, built, estimated)

    return once(tmp_path_factory, "harbours", make)


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
    """The default study built twice in fresh folders, under different circumstances. Read only.

    One of them is the whole ``dbt build`` with every test, where a warning is an error.
    """

    def make(root: Path) -> dict[str, Project]:
        projects = {name: new_project(root / name, DEFAULT.name, DEFAULT) for name in CIRCUMSTANCES}

        def build(name: str) -> None:
            environment = dict(CIRCUMSTANCES[name])
            threads = environment.pop("threads")
            tests = () if name == "one" else WITHOUT_TESTS
            built = projects[name].run(
                "dbt", "--warn-error", "build", *tests, "--threads", threads, **environment
            )
            assert built.code == 0, built.output

        under_each_circumstance(build)
        return projects

    return once(tmp_path_factory, "default", make)


@pytest.fixture(scope="session")
def default_runs(
    tmp_path_factory: pytest.TempPathFactory, default_builds: dict[str, Project]
) -> dict[str, Project]:
    """The same, estimated too."""

    def make(root: Path) -> dict[str, Project]:
        def estimate(name: str) -> None:
            environment = {key: value for key, value in CIRCUMSTANCES[name].items() if key.isupper()}
            environment["NQP_THREADS"] = CIRCUMSTANCES[name]["threads"]
            estimated = default_builds[name].run("python", "python/estimate.py", **environment)
            assert estimated.code == 0, estimated.output

        under_each_circumstance(estimate)
        return default_builds

    return once(tmp_path_factory, "default_estimates", make)


def under_each_circumstance(work: Callable[[str], None]) -> None:
    """Do the work under each of the circumstances, two at a time."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(work, CIRCUMSTANCES))
