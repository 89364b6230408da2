"""A study in memory: its files as tables of text, read from a folder and written to one, whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nqp.errors import StudyError
from nqp.studying.layout import SPECIFICATION, header_of, study_files

_ROWS_AT_ONCE = 100_000  # text in memory takes four bytes a sign: a large sheet is encoded in parts
STUDY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Sheet:
    """A table of text: every row is as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()

    def records(self) -> list[dict[str, str]]:
        """The rows as dictionaries."""
        return [dict(zip(self.header, row, strict=True)) for row in self.rows]

    @classmethod
    def of(cls, header: Sequence[str], records: Iterable[Mapping[str, str]]) -> Sheet:
        """A table of dictionaries; what a row does not give is blank."""
        return cls(tuple(header), tuple(tuple(row.get(name, "") for name in header) for row in records))

    def csv(self) -> bytes:
        """The table as UTF-8 CSV with line feeds."""
        parts = []
        for start in range(0, len(self.rows) + 1, _ROWS_AT_ONCE):
            stream = io.StringIO()
            writer = csv.writer(stream, lineterminator="\n")
            if start == 0:
                writer.writerow(self.header)
            writer.writerows(self.rows[start : start + _ROWS_AT_ONCE])
            parts.append(stream.getvalue().encode())
        return b"".join(parts)


@dataclass(frozen=True)
class Study:
    """All CSV files of a study by name without ending, the text of specifications.toml, and files of other kinds."""

    sheets: Mapping[str, Sheet]
    specification: str
    others: Mapping[str, bytes] = field(default_factory=dict)

    def files(self) -> dict[str, bytes]:
        """The study as the files of its folder."""
        found = {f"{name}.csv": sheet.csv() for name, sheet in self.sheets.items()}
        return {**found, SPECIFICATION: self.specification.encode(), **self.others}

    def records(self, name: str) -> list[dict[str, str]]:
        """The rows of a file, cells trimmed as the build trims them; none where there is no such file."""
        sheet = self.sheets.get(name)
        return [{key: cell.strip() for key, cell in row.items()} for row in sheet.records()] if sheet else []


def with_all_files(sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """The same sheets; a file of the format that is not among them has its header line only."""
    found = {name: sheets.get(name, Sheet(header_of(name))) for name in study_files()}
    return {**found, **{name: sheet for name, sheet in sheets.items() if name not in found}}


def study_folder(root: Path, study: str) -> Path:
    """The folder of a study. Raises StudyError where the name is none."""
    if not STUDY_NAME.fullmatch(study):
        raise StudyError(f"'{study}' is no name of a study: use letters, digits, _, - and . only.")
    if study.lower() == "words":
        raise StudyError(
            f"'{study}' is no name of a study: seeds/words holds the words that all studies share."
        )
    return root / "seeds" / study


def read_folder(folder: Path) -> Study:
    """The files of a study. Raises StudyError naming the file and the line that cannot be read."""
    if not folder.is_dir():
        raise StudyError(f"There is no study folder {folder}.")
    sheets, others, specification = {}, {}, ""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".csv":
            sheets[path.stem] = read_csv(path)
        elif path.name == SPECIFICATION:
            specification = _text(path)
        elif path.is_file():
            others[path.name] = path.read_bytes()
    return Study(sheets, specification, others)


def read_csv(path: Path) -> Sheet:
    """A CSV file in the study format. Raises StudyError naming the file and the line."""
    rows = list(csv.reader(io.StringIO(_text(path), newline="")))
    if not rows or not rows[0]:
        raise StudyError(
            f"{path}: the file is empty. Write its header line; rows may be missing where none are needed."
        )
    header = tuple(cell.strip() for cell in rows[0])
    for name in header:
        if header.count(name) > 1:
            raise StudyError(f"{path}: the column '{name}' stands twice. Rename one of them.")
    found = []
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) > len(header):
            raise StudyError(
                f"{path}: row {number} has {len(row)} cells and the header {len(header)}. Quote a cell that holds a comma."
            )
        found.append((*row, *[""] * (len(header) - len(row))))
    return Sheet(header, tuple(found))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(f"{path}: not UTF-8 text. Save the file as CSV in UTF-8.") from error


def write_folder(files: Mapping[str, bytes], folder: Path, *, force: bool, keep: bool = False) -> None:
    """Write a study folder whole or not at all; ``force`` replaces one that is there, ``keep`` leaves its folders in it.

    Everything is written into a folder beside it, which then takes its place. Raises StudyError.
    """
    if folder.exists() and not force:
        raise StudyError(
            f"{folder} is already there. Take another name, or give --force to replace all of it."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fresh = staging / "new"
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        for entry in sorted(folder.iterdir()) if keep else []:
            if entry.is_dir():
                shutil.copytree(entry, fresh / entry.name, symlinks=True)
        if folder.exists():
            os.replace(folder, staging / "old")
        try:
            os.replace(fresh, folder)
        except OSError:
            if (staging / "old").exists():
                os.replace(staging / "old", folder)
            raise
    except OSError as error:
        raise StudyError(f"The study {folder} cannot be written: {error}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
