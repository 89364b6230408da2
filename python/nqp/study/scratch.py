"""A scratch copy of the project in which a folder that is no complete study is built, so that the formulas stay in dbt."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from nqp.errors import StudyError


def build_scratch(root: Path, folder: Path, scratch: Path, select: Sequence[str]) -> Path:
    """Build the selected models of the study in ``folder`` in a scratch copy of the project; returns its database.

    Raises StudyError with what dbt said.
    """
    for name in ("models", "macros", "tests/generic", "seeds/words"):
        shutil.copytree(root / name, scratch / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(root / name, scratch / name)
    seeds = scratch / "seeds" / folder.name
    seeds.mkdir(parents=True)
    for source in sorted(folder.glob("*.csv")):
        shutil.copy(source, seeds)
    database = scratch / "scratch.duckdb"
    _dbt(
        scratch,
        folder.name,
        database,
        ["build", "--select", *select, "--exclude-resource-type", "unit_test"],
    )
    return database


def _dbt(project: Path, study: str, database: Path, arguments: Sequence[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--no-use-colors", "--quiet", *arguments],
        cwd=project,
        # a file that the caller reads in place of the study's is not this study's
        env={name: value for name, value in os.environ.items() if not name.startswith("NQP_")}
        # and the scratch copy has no python/, where the profile looks for nqp.study.dbt_plugin
        | {"NQP_STUDY": study, "NQP_DATABASE": str(database), "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        raise StudyError(f"{study} could not be built:\n{done.stdout.strip()}")
