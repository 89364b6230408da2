"""A scratch copy of the project in which a folder that is no complete study is built, so that the formulas stay in dbt."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from nqp.errors import StudyError

# Their model may read another file in place of the seed, so its header stands in a macro.
OBSERVATIONS = ("entity_code", "year", "series_code", "observed_value")
_STUDY_FILE = re.compile(r"study_file\(\s*ref\('(\w+)'\),\s*\[(.*?)\]", re.DOTALL)


def study_headers(root: Path) -> dict[str, list[str]]:
    """The required columns of every file of a study, as the models themselves state them."""
    found: dict[str, list[str]] = {"raw_observations": list(OBSERVATIONS)}
    for path in sorted((root / "models").rglob("*.sql")):
        for name, columns in _STUDY_FILE.findall(path.read_text(encoding="utf-8")):
            known = found.setdefault(name, [])
            known += [column for column in re.findall(r"'(\w+)'", columns) if column not in known]
    return found


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
    for name, columns in study_headers(root).items():
        source = folder / f"{name}.csv"
        if source.is_file():
            shutil.copy(source, seeds)
        else:
            (seeds / f"{name}.csv").write_text(",".join(columns) + "\n", encoding="utf-8")
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
