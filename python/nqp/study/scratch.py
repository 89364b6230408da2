"""A scratch copy of the project in which a folder that is no complete study is built, so that the formulas stay in dbt."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from nqp.errors import StudyError

HEADERS = Path("models/staging/headers")


def study_headers(root: Path) -> dict[str, list[str]]:
    """The columns of every file of a study, those that may be left out too."""
    return {
        path.stem: path.read_text(encoding="utf-8").strip().split(",")
        for path in sorted((root / HEADERS).glob("*.csv"))
    }


def build_scratch(root: Path, folder: Path, scratch: Path, select: Sequence[str]) -> Path:
    """Build the selected models of the study in ``folder`` in a scratch copy of the project; returns its database.

    A file that the folder lacks has a header line only. Raises StudyError with what dbt said.
    """
    for name in ("models", "macros", "tests/generic", "seeds/words"):
        shutil.copytree(root / name, scratch / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(root / name, scratch / name)
    seeds = scratch / "seeds" / folder.name
    seeds.mkdir(parents=True)
    for name in study_headers(root):
        source = folder / f"{name}.csv"
        shutil.copy(source if source.is_file() else root / HEADERS / source.name, seeds)
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
        # a file that the caller reads in place of a seed is not this study's
        env={name: value for name, value in os.environ.items() if not name.startswith("NQP_")}
        | {"NQP_STUDY": study, "NQP_DATABASE": str(database)},
        text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        raise StudyError(f"{study} could not be built:\n{done.stdout.strip()}")
