"""The files of a study and their columns, as `columns.csv` beside this module lists them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nqp.language.labels import Label

OBSERVATIONS = "raw_observations"
SPECIFICATION = "specifications.toml"
SHEETS = {OBSERVATIONS: "data"}  # a sheet of a workbook has the name of its file without def_


@dataclass(frozen=True)
class Column:
    """One column of a study file; ``choices`` is empty where any text may stand."""

    name: str
    is_required: bool
    in_template: bool
    choices: tuple[str, ...]
    comment: Label


@cache
def study_files() -> dict[str, tuple[Column, ...]]:
    """The columns of every file of a study, by the name of the file without its ending."""
    found: dict[str, list[Column]] = {}
    with (Path(__file__).parent / "columns.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["file"], []).append(
                Column(
                    row["column"],
                    row["required"] == "1",
                    row["in_template"] == "1",
                    tuple(row["choices"].split("|")) if row["choices"] else (),
                    Label(row["comment_zh"], row["comment_en"]),
                )
            )
    return {name: tuple(columns) for name, columns in found.items()}


def header_of(name: str) -> tuple[str, ...]:
    """All columns of a study file, in the order of the documentation."""
    return tuple(column.name for column in study_files()[name])


def sheet_of(name: str) -> str:
    """The sheet of a workbook in which a file stands."""
    return SHEETS.get(name, name.removeprefix("def_"))


def file_of(sheet: str) -> str | None:
    """The file that a sheet holds, or None where the sheet is no file that every study has."""
    return next((name for name in study_files() if sheet_of(name) == sheet), None)
