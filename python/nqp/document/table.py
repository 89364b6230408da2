"""The table object: frozen data in two languages, with no markup and no estimation.

Every renderer reads the same object, so a number is the same in each format. A cell keeps the full number;
rounding happens only when it is printed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from nqp.language.labels import NO, NOTHING, YES, Label, Language

Align = Literal["decimal", "text", "center"]
RowKind = Literal["body", "se", "stat", "emphasis"]

STARS = ("", "*", "**", "***", "☆", "☆☆", "☆☆☆", "*☆", "*☆☆", "**☆")
MISSING = "–"
MAX_WIDTH = 60  # em: the page has no style for a wider hint
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Estimate:
    """A coefficient with its stars."""

    estimate: float | None
    stars: str = ""
    decimals: int = 3

    def __post_init__(self) -> None:
        _check_decimals(self.decimals)
        if self.stars not in STARS:
            raise ValueError(f"stars must be one of {STARS}, not {self.stars!r}")


@dataclass(frozen=True)
class StdError:
    """A standard error, printed in parentheses."""

    value: float | None
    decimals: int = 3

    def __post_init__(self) -> None:
        _check_decimals(self.decimals)


@dataclass(frozen=True)
class Number:
    """A number with a fixed count of decimals."""

    value: float | None
    decimals: int = 3

    def __post_init__(self) -> None:
        _check_decimals(self.decimals)


@dataclass(frozen=True)
class PValue(Number):
    """A probability of error: what is smaller than the last digit is printed as such, <0.001."""


@dataclass(frozen=True)
class Count:
    """A whole number with thousands separators (a year or a code is a Text)."""

    value: int | None


@dataclass(frozen=True)
class Percent:
    """A proportion, printed as a percentage: 0.253 is 25.3%."""

    value: float | None
    decimals: int = 1

    def __post_init__(self) -> None:
        _check_decimals(self.decimals)


@dataclass(frozen=True)
class Text:
    """Words."""

    label: Label


@dataclass(frozen=True)
class Check:
    """Yes or no."""

    value: bool


@dataclass(frozen=True)
class Interval:
    """Two bounds, printed in brackets."""

    low: float | None
    high: float | None
    decimals: int = 3

    def __post_init__(self) -> None:
        _check_decimals(self.decimals)


@dataclass(frozen=True)
class Blank:
    """Nothing belongs here; a number that is absent is a cell with None."""


Cell = Estimate | StdError | Number | Count | Percent | Text | Check | Interval | Blank


@dataclass(frozen=True)
class Printed:
    """A printed cell in pieces, for alignment: before ``(``, whole ``-0``, fraction ``.01``, after ``)``.

    Minus is a hyphen here; ``formats.for_readers`` replaces it by U+2212.
    """

    before: str = ""
    whole: str = ""
    fraction: str = ""
    after: str = ""
    stars: str = ""
    is_missing: bool = False

    def __str__(self) -> str:
        return self.before + self.whole + self.fraction + self.after + self.stars


def print_cell(cell: Cell, language: Language) -> Printed:
    """A cell as text: NaN and None are an en dash, -0.000 is 0.000, and only words depend on the language."""
    match cell:
        case Estimate(estimate, stars, decimals):
            return _print_number(estimate, decimals, stars=stars)
        case StdError(value, decimals):
            return _print_number(value, decimals, before="(", after=")")
        case PValue(value, decimals) if value is not None and value < 10.0**-decimals:
            return _print_number(10.0**-decimals, decimals, before="<")
        case Number(value, decimals):
            return _print_number(value, decimals)
        case Percent(value, decimals):
            return _print_number(None if value is None else 100 * value, decimals, unit="%")
        case Count(value):
            return (
                Printed(whole=MISSING, is_missing=True) if value is None else Printed(whole=f"{int(value):,}")
            )
        case Interval(low, high, decimals):
            low_text, high_text = _print_number(low, decimals), _print_number(high, decimals)
            if low_text.is_missing and high_text.is_missing:
                return low_text
            return Printed(whole=f"[{low_text}, {high_text}]")
        case Text(label):
            return Printed(whole=label.in_(language))
        case Check(value):
            return Printed(whole=(YES if value else NO).in_(language))
        case Blank():
            return Printed()


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
            if isinstance(cell, Blank):
                continue
            group = groups[column.group] if column.group is not None else NOTHING
            values = (
                table.code, b, title.in_("zh"), title.in_("en"),
                r, row.kind, label.in_("zh"), label.in_("en"),
                column.code, column.label.in_("zh"), column.label.in_("en"), group.in_("zh"), group.in_("en"),
                KINDS[type(cell)], value_of(cell), _finite(cell.high) if isinstance(cell, Interval) else None,
                cell.stars if isinstance(cell, Estimate) else "",
                str(print_cell(cell, "en")), str(print_cell(cell, "zh")),
            )  # fmt: skip
            cells.append(dict(zip(TIDY_FIELDS, values, strict=True)))
    return cells


KINDS: dict[type[Cell], str] = {
    Estimate: "estimate", StdError: "std_error", Number: "number", PValue: "p_value", Count: "count",
    Percent: "percent", Text: "text", Check: "check", Interval: "interval", Blank: "blank",
}  # fmt: skip


def value_of(cell: Cell) -> float | int | None:
    """The number a cell holds; None for words, blanks and what is not a number."""
    match cell:
        case Estimate(value) | StdError(value) | Number(value) | Percent(value) | Interval(value):
            return _finite(value)
        case Count(value):
            return None if value is None else int(value)
        case Check(value):
            return int(value)
        case _:
            return None


def _finite(value: float | None) -> float | None:
    """A plain float; NaN counts as absent, infinity does not."""
    return None if value is None or math.isnan(value) else float(value)


def _check_decimals(decimals: int) -> None:
    if not 0 <= decimals <= 12:
        raise ValueError(f"decimals must be in 0..12, not {decimals}")


def _print_number(
    value: float | None, decimals: int, *, before: str = "", after: str = "", unit: str = "", stars: str = ""
) -> Printed:
    if value is None or math.isnan(value):
        return Printed(whole=MISSING, is_missing=True)
    if math.isinf(value):
        return Printed(before, "∞" if value > 0 else "-∞", "", after, stars)
    whole, point, digits = f"{value:,.{decimals}f}".partition(".")
    if whole.startswith("-") and not (whole + digits).strip("-0"):
        whole = whole[1:]
    return Printed(before, whole, point + digits + unit, after, stars)


def printed_number(text: str) -> Cell:
    """A printed figure with exactly its printed digits."""
    try:
        return Number(float(text), len(text.partition(".")[2]))
    except ValueError:
        return Text(Label.both(text)) if text else Blank()
