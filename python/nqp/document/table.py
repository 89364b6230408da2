"""The table object: frozen data in two languages, with no markup and no estimation.

Every format reads the same object, so a number is the same in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from nqp.document.cells import Cell
from nqp.language.labels import NOTHING, Label

Align = Literal["decimal", "text", "center"]
RowKind = Literal["body", "se", "stat", "emphasis"]

MAX_WIDTH = 60  # em: the page has no style for a wider hint
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class ColumnGroup:
    """A spanning header over neighbouring columns."""

    code: str
    label: Label


@dataclass(frozen=True)
class Column:
    """One column; ``width`` is a hint in em of the table's font."""

    code: str
    label: Label
    align: Align = "decimal"
    group: str | None = None
    width: int | None = None


@dataclass(frozen=True)
class Row:
    """One row. A standard-error row may leave its label empty: it belongs to the row above."""

    label: Label
    cells: tuple[Cell, ...]
    kind: RowKind = "body"


@dataclass(frozen=True)
class Block:
    """Rows between two thin rules, with an optional title such as 'Panel A'."""

    rows: tuple[Row, ...]
    title: Label | None = None


@dataclass(frozen=True)
class Table:
    """A whole table.

    ``number`` is 'Table 3', ``corner`` heads the row labels (it may be empty), ``label_width`` is a hint in
    em; ``cards`` says that the cells are long texts: on a narrow screen each row becomes a card.

    Raises ValueError, naming the table, for anything that could not be printed as meant.
    """

    code: str
    number: Label
    title: Label
    corner: Label
    groups: tuple[ColumnGroup, ...]
    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    notes: tuple[Label, ...] = ()
    label_width: int | None = None
    cards: bool = False

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"table code {self.code!r}: a letter, then letters, digits, '_' or '-'")
        if not self.title:
            self._fail("the title is empty")
        self._check_columns()
        self._check_rows()

    def _check_columns(self) -> None:
        codes = [column.code for column in self.columns]
        groups = [group.code for group in self.groups]
        if not codes:
            self._fail("no columns")
        for kind, names in (("column", codes), ("group", groups)):
            if repeated := sorted({name for name in names if names.count(name) > 1}):
                self._fail(f"{kind} code used twice: {', '.join(repeated)}")
        for column in self.columns:
            if column.align not in get_args(Align):
                self._fail(f"column {column.code!r}: unknown alignment {column.align!r}")
            if column.group is not None and column.group not in groups:
                self._fail(f"column {column.code!r}: unknown group {column.group!r}")
            if column.width is not None and not 1 <= column.width <= MAX_WIDTH:
                self._fail(f"column {column.code!r}: width {column.width} is not in 1..{MAX_WIDTH}")
        if self.label_width is not None and not 1 <= self.label_width <= MAX_WIDTH:
            self._fail(f"label width {self.label_width} is not in 1..{MAX_WIDTH}")
        runs = [code for code, _ in self.column_runs() if code is not None]
        for group in groups:
            if runs.count(group) != 1:
                self._fail(f"group {group!r}: its columns must be neighbours, and it must have at least one")

    def _check_rows(self) -> None:
        if not self.blocks:
            self._fail("no blocks")
        for b, block in enumerate(self.blocks, start=1):
            if not block.rows:
                self._fail(f"block {b} has no rows")
            for r, row in enumerate(block.rows, start=1):
                where = f"block {b}, row {r} ({row.label.en or row.label.zh!r})"
                if len(row.cells) != len(self.columns):
                    self._fail(f"{where}: {len(row.cells)} cells for {len(self.columns)} columns")
                if row.kind not in get_args(RowKind):
                    self._fail(f"{where}: unknown kind {row.kind!r}")
                if not row.label and (row.kind != "se" or r == 1):
                    self._fail(f"{where}: only a standard-error row below another row may have no label")

    def _fail(self, message: str) -> None:
        raise ValueError(f"table {self.code!r}: {message}")

    def column_runs(self) -> tuple[tuple[str | None, int], ...]:
        """Neighbouring columns of one group as (group code, number of columns), from left to right."""
        runs: list[tuple[str | None, int]] = []
        for column in self.columns:
            if runs and runs[-1][0] == column.group:
                runs[-1] = (column.group, runs[-1][1] + 1)
            else:
                runs.append((column.group, 1))
        return tuple(runs)

    def rows(self) -> Iterator[tuple[int, Block, Row, Label]]:
        """Every row as (block number from 1, block, row, label); an empty label is that of the row above."""
        for b, block in enumerate(self.blocks, start=1):
            label = NOTHING
            for row in block.rows:
                label = row.label or label
                yield b, block, row, label


TIDY_FIELDS = (
    "table_code", "block", "block_title_zh", "block_title_en",
    "row", "row_kind", "row_label_zh", "row_label_en",
    "column", "column_label_zh", "column_label_en", "group_label_zh", "group_label_en",
    "kind", "value", "value_high", "stars", "printed", "printed_zh",
)  # fmt: skip


def tidy(table: Table) -> list[dict[str, object]]:
    """One dict per cell with the fields of TIDY_FIELDS; blank cells are left out.

    ``value`` is not rounded; it is None when absent, 0 or 1 for a Check, and the lower bound of an Interval,
    whose upper bound is ``value_high``. ``printed`` is in English; ``printed_zh`` differs only for words.
    """
    groups = {group.code: group.label for group in table.groups}
    cells: list[dict[str, object]] = []
    for r, (b, block, row, label) in enumerate(table.rows(), start=1):
        title = block.title or NOTHING
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell.alignment == "empty":
                continue
            group = groups[column.group] if column.group is not None else NOTHING
            values = (
                table.code, b, title.in_("zh"), title.in_("en"),
                r, row.kind, label.in_("zh"), label.in_("en"),
                column.code, column.label.in_("zh"), column.label.in_("en"), group.in_("zh"), group.in_("en"),
                cell.kind, cell.number, cell.upper, cell.stars, str(cell.pieces("en")), str(cell.pieces("zh")),
            )  # fmt: skip
            cells.append(dict(zip(TIDY_FIELDS, values, strict=True)))
    return cells
