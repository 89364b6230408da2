"""The commands work where there is no network at all, not even an address of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from studies import Project

ALONE = ("unshare", "--net", "--map-root-user")


def _without_network() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(
    not _without_network(), reason="no namespace without network can be made here"
)


def alone(project: Project, *command: str) -> subprocess.CompletedProcess[str]:
    """A program of this environment in a namespace without network."""
    programs = Path(sys.executable).parent
    environment = {**os.environ, "NQP_STUDY": project.study, "NQP_DATABASE": project.database.name}
    return subprocess.run(
        [*ALONE, programs / command[0], *command[1:]],
        cwd=project.root, env=environment, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_the_namespace_has_no_network() -> None:
    reach = "import socket; socket.create_connection(('192.0.2.1', 80), 2)"
    done = subprocess.run([*ALONE, sys.executable, "-c", reach], capture_output=True, text=True, check=False)
    assert "unreachable" in done.stderr


def test_a_study_is_built_and_estimated_without_a_network(harbours: Project) -> None:
    harbours.edit("raw_observations.csv", "007,1998,cargo,100,", "007,1998,cargo,101,")
    before = harbours.files()
    for command in (
        ("dbt", "--quiet", "build", "--exclude-resource-type", "unit_test", "--exclude", "tag:multiverse"),
        ("python", "python/estimate.py", "--quiet"),
        ("python", "python/audit.py", "--quiet"),
    ):
        done = alone(harbours, *command)
        assert done.returncode == 0, done.stdout
    assert harbours.files()["tables/steps.csv"] != before["tables/steps.csv"]
