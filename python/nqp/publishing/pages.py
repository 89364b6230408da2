"""How tall the rows of a Word table are, and where it must be cut so that each part fits a page."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from nqp.formats.text import em_width

_ROW = re.compile(r"<w:tr>.*?</w:tr>", re.DOTALL)
_CELL = re.compile(r"<w:tc>.*?</w:tc>", re.DOTALL)
PADDING = 20  # twentieths of a point around a row: rules, and what a reader's program adds


@dataclass(frozen=True)
class WordTable:
    """The XML of a table: what stands before its rows, the rows of its head, the others, what stands behind."""

    opening: str
    head: tuple[str, ...]
    rows: tuple[str, ...]
    closing: str

    def part(self, rows: Sequence[str]) -> str:
        """A table of these rows under the same head."""
        return self.opening + "".join((*self.head, *rows)) + self.closing


def word_table(xml: str) -> WordTable:
    """The table in a piece of XML that holds one."""
    rows = _ROW.findall(xml)
    head = tuple(row for row in rows if "<w:tblHeader/>" in row)
    first = xml.index(rows[0])
    last = xml.rindex("</w:tr>") + len("</w:tr>")
    return WordTable(xml[:first], head, tuple(row for row in rows if row not in head), xml[last:])


def first_number(pattern: str, xml: str, otherwise: int) -> int:
    """The first number that a pattern finds."""
    found = re.search(pattern, xml)
    return int(found[1]) if found else otherwise


def height(row: str) -> int:
    """The height of a row in twentieths of a point: its tallest cell at the line spacing that is set."""
    tallest = 0
    for cell in _CELL.findall(row):
        found = re.search(r'<w:tcW w:w="(\d+)"', cell)
        width = int(found[1]) - 100 if found else 1
        lines, spacing = 0, 240
        for paragraph in re.findall(r"<w:p>.*?</w:p>", cell, re.DOTALL):
            size = first_number(r'<w:sz w:val="(\d+)"', paragraph, 21)
            spacing = first_number(r'w:line="(\d+)"', paragraph, 240)
            text = "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", paragraph))
            lines += max(math.ceil(em_width(text) * size * 10 / max(width, 1) * 1.05), 1)
        tallest = max(tallest, lines * spacing)
    return tallest + PADDING


def parts(table: WordTable, room: int) -> list[tuple[str, ...]]:
    """The rows of each page: as many as fit, never a coefficient without the row below it."""
    head = sum(height(row) for row in table.head)
    found: list[list[str]] = [[]]
    left = room - head
    for row in _units(table.rows):
        need = sum(height(one) for one in row)
        if need > left and found[-1]:
            found.append([])
            left = room - head
        found[-1] += row
        left -= need
    return [tuple(rows) for rows in found]


def _units(rows: Sequence[str]) -> list[list[str]]:
    """Rows that stay together: a title with the row below it, and a row without a label with the one above it."""
    units: list[list[str]] = []
    joins = False
    for row in rows:
        cells = _CELL.findall(row)
        label = "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", cells[0])) if cells else ""
        if units and (joins or not label):
            units[-1].append(row)
        else:
            units.append([row])
        joins = len(cells) == 1
    return units
