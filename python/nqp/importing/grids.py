"""A grid: the cells of one sheet as text, before anything is understood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from nqp.importing.figures import LogLine

BLANKS = "\ufeff\u200b\u00a0\u3000 \t\r\n"


@dataclass(frozen=True)
class Grid:
    """Cells of one sheet, table or file: text, trimmed, ``""`` where blank.

    ``typed``: numbers come as numbers from the file, so no decimal sign is in doubt.
    ``merged``: ranges (first row, last row, first column, last column), from 0, where the format has them.
    ``titles``: text of the page outside the table. ``names``: names of variables; ``labels``: what each means.
    ``first_row``: number of the first row in the file. ``dates``: columns of dates, for files with types.
    """

    file: str
    sheet: str
    cells: np.ndarray[Any, Any]
    format: str
    typed: bool = False
    delimiter: str = ""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    letters: tuple[str, ...] = ()  # of the columns, where they are not A, B, C ...
    rows: tuple[int, ...] = ()  # number in the file of each row, where it is not 1, 2, 3 ...
    log: tuple[LogLine, ...] = ()

    def row(self, index: int) -> int:
        """The number of a row in the file."""
        return self.rows[index] if self.rows else index + 1

    def column(self, index: int) -> str:
        """The name of a column: its variable, or its letter."""
        known = self.names or self.letters
        return known[index] if known else letter(index)

    def column_place(self, column: int) -> str:
        """A column in words, for messages."""
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        return f"{self.file}{sheet}, column {self.column(column)}"

    def place(self, row: int, column: int) -> str:
        """A cell in words, for messages."""
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        return f"{self.file}{sheet}, row {self.row(row)}, column {self.column(column)}"


def letter(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def number_text(value: float | int) -> str:
    """A number of a typed file as plain decimal text: the shortest that reads back equal."""
    if isinstance(value, int):
        return str(value)
    if value != value:
        return ""
    if value in (float("inf"), float("-inf")):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(repr(float(value))), "f")


def array(rows: list[list[str]]) -> np.ndarray[Any, Any]:
    """Rows of unequal length as a rectangle of text."""
    width = max((len(row) for row in rows), default=0)
    if rows and width and all(len(row) == width for row in rows):
        return np.array(rows, dtype=object)
    cells = np.full((len(rows), width), "", dtype=object)
    for i, row in enumerate(rows):
        cells[i, : len(row)] = row
    return cells


def clean(text: str) -> str:
    """Without blanks, tabs and marks of encoding at both ends."""
    return text.strip(BLANKS)


def half_width(text: str) -> str:
    """Full-width digits, letters, brackets and signs as their usual forms; superscripts stay."""
    if text.isascii():
        return text
    return "".join(
        unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff5e" or c in "\u3000\u00a0" else c
        for c in text
    )


def is_chinese(text: str) -> bool:
    """Whether a Chinese character is in the text."""
    return re.search("[\u4e00-\u9fff]", text) is not None
