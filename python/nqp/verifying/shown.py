"""The numbers that the exhibits of a run show, each with its place, and the address by which a text can name it."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from nqp.document.cells import Cell, Interval, Percent
from nqp.document.exhibits import FILE, Exhibits, Picture, read
from nqp.document.table import Table
from nqp.errors import StudyError
from nqp.language.labels import NOTHING, Label
from nqp.language.numbers import written

# What the file of coefficients says beyond the cells of a table, by the kind that it becomes here.
MORE_OF_A_COEFFICIENT = {
    "std_error": "std_error", "statistic": "t", "p_value": "p_value", "conf_low": "interval", "conf_high": "interval",
}  # fmt: skip
LONGEST_BOOKMARK = 40  # Word takes no longer name


@dataclass(frozen=True)
class Shown:
    """One number: exhibit, block, row and column, its kind, its value as it is printed (a percentage is 25.3)."""

    exhibit: str
    block: int
    block_title: Label
    row: Label
    column: str
    column_label: Label
    kind: str
    value: float
    is_percent: bool = False
    is_in_text_only: bool = False

    @property
    def address(self) -> str:
        """How a mark in a text names it: exhibit/block/row/column/kind."""
        return "/".join((self.exhibit, str(self.block), _slug(self.row), self.column, self.kind))

    @property
    def bookmark(self) -> str:
        """The same as the name of a bookmark in Word: letters, digits and underscores."""
        name = "nqp_" + re.sub(r"[^0-9A-Za-z]+", "_", self.address)
        if len(name) <= LONGEST_BOOKMARK:
            return name
        return f"{name[: LONGEST_BOOKMARK - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"

    def place(self, exhibits: Numbers) -> Label:
        """Where it stands, in words."""
        parts = [exhibits.name(self.exhibit)]
        if self.block_title:
            parts.append(self.block_title)
        if self.row:
            parts.append(Label(f"“{self.row.in_('zh')}”行", f"row '{self.row.in_('en')}'"))
        zh, en = self.column_label.in_("zh") or self.column, self.column_label.in_("en") or self.column
        parts.append(
            Label(
                f"第 {zh} 列" if zh.startswith("(") else f"“{zh}”列",
                f"column {en}" if en.startswith("(") else f"column '{en}'",
            )
        )
        return Label("，".join(part.in_("zh") for part in parts), ", ".join(part.in_("en") for part in parts))


def _slug(label: Label) -> str:
    return re.sub(r"[^\w]+", "-", label.in_("en").lower()).strip("-")


@dataclass(frozen=True)
class Numbers:
    """All numbers of the exhibits of one run."""

    exhibits: Exhibits
    shown: tuple[Shown, ...]

    @cached_property
    def by_exhibit(self) -> dict[str, list[Shown]]:
        """The numbers of each exhibit."""
        found: dict[str, list[Shown]] = {item.code: [] for item in self.exhibits.items}
        for one in self.shown:
            found[one.exhibit].append(one)
        return found

    def name(self, code: str) -> Label:
        """An exhibit as a reader calls it."""
        number = next(item.number for item in self.exhibits.items if item.code == code)
        if not number:
            return Label.both(code)
        return Label(f"{number.in_('zh')}（{code}）", f"{number.in_('en')} ({code})")

    def codes_by_number(self) -> dict[tuple[str, str], str]:
        """The code of each exhibit by ('table' or 'figure', its number)."""
        found = {}
        for item in self.exhibits.items:
            kind = "figure" if isinstance(item, Picture) else "table"
            for text in (item.number.zh, item.number.en):
                if text.startswith("附"):  # the English number says so too
                    continue
                if number := re.search(r"[A-Z]?\.?\d+(?:[-–.]\d+)*$", text.strip()):
                    found[kind, number[0].replace("–", "-")] = item.code
        return found

    def at(self, address: str) -> list[Shown]:
        """The numbers that an address names; parts between its first and last may be left out."""
        parts = [part for part in address.strip().strip("/").split("/") if part]
        if not parts:
            return []
        return [one for one in self.by_exhibit.get(parts[0], []) if _names(parts, one.address.split("/"))]

    def of_bookmark(self, name: str) -> list[Shown]:
        """The numbers that a bookmark names; Word may have added a number behind it."""
        found = [one for one in self.shown if one.bookmark == name]
        return found or [
            one for one in self.shown if re.fullmatch(re.escape(one.bookmark) + r"_?\d{1,3}", name)
        ]


def _names(parts: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the parts stand in the whole address in this order."""
    rest = iter(whole)
    return all(any(part == other for other in rest) for part in parts)


def read_numbers(output: Path) -> Numbers:
    """The numbers of the exhibits in an output folder.

    Raises StudyError where there are none.
    """
    path = output / FILE
    try:
        exhibits = read(path.read_bytes())
    except FileNotFoundError as error:
        raise StudyError(
            f"There is no {path}. Write the exhibits first: python python/estimate.py"
        ) from error
    except (OSError, ValueError) as error:
        raise StudyError(
            f"{path} cannot be read ({error}). Write it again: python python/estimate.py"
        ) from error
    shown = [one for table in exhibits.tables for one in numbers_of_table(table)]
    coefficients = output / "estimates" / "coefficients.csv"
    if coefficients.is_file():
        with coefficients.open(encoding="utf-8-sig", newline="") as stream:
            shown += _of_coefficients(csv.DictReader(stream), shown)
    for picture in exhibits.pictures:
        shown += _of_figure(picture, output / "figures" / f"{picture.code}.csv")
    return Numbers(exhibits, tuple(shown))


def numbers_of_table(table: Table) -> Iterator[Shown]:
    """The numbers in the cells of a table, row by row."""
    for number, block, row, label in table.rows():
        for column, cell in zip(table.columns, row.cells, strict=True):
            for kind, value in _values(cell):
                yield Shown(
                    table.code, number, block.title or NOTHING, label, column.code, column.label, kind, value,
                    is_percent=isinstance(cell, Percent),
                )  # fmt: skip


def _values(cell: Cell) -> Iterator[tuple[str, float]]:
    if cell.words is not None or cell.number is None:
        return
    value = float(cell.number) * float(getattr(cell, "scale", 1))
    yield ("interval" if isinstance(cell, Interval) else cell.kind), value
    if cell.upper is not None:
        yield "interval", float(cell.upper)


def _of_coefficients(rows: Iterable[dict[str, str]], shown: Sequence[Shown]) -> list[Shown]:
    """What is known of a coefficient and its table does not print: t, p and the interval."""
    cells: dict[tuple[str, str, float], Shown] = {}
    for one in shown:
        if one.kind == "estimate":
            cells.setdefault((one.exhibit, one.column, one.value), one)
    found = []
    for row in rows:
        if not row["estimate"]:
            continue
        cell = cells.get((row["table_code"], row["model_code"], written(float(row["estimate"]))))
        if cell is None:
            continue
        for name, kind in MORE_OF_A_COEFFICIENT.items():
            if row.get(name):
                found.append(replace(cell, kind=kind, value=float(row[name]), is_in_text_only=True))
    known = {(one.address, one.value) for one in shown}
    return [one for one in found if (one.address, written(one.value)) not in known]


def _of_figure(picture: Picture, path: Path) -> list[Shown]:
    """The numbers behind a figure."""
    if not path.is_file():
        return []
    found = []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for place, row in enumerate(csv.DictReader(stream), start=1):
            for name, text in row.items():
                try:
                    value = float(text)
                except ValueError:
                    continue
                found.append(
                    Shown(
                        picture.code,
                        1,
                        NOTHING,
                        Label.both(str(place)),
                        name,
                        Label.both(name),
                        "number",
                        value,
                    )
                )
    return found
