"""A table to figures: every data cell gets its entity, year, series and unit from what the roles say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from nqp.errors import StudyError
from nqp.importing.blocks import Block
from nqp.importing.figures import LogLine
from nqp.importing.grids import clean
from nqp.importing.headings import Outside, cell_names, column_names, say
from nqp.importing.periods import period_of, year_of, year_of_dates
from nqp.importing.roles import Roles
from nqp.importing.values import PLAIN, Signs, Value

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Melted:
    """The figures of one block, before names become codes."""

    frame: pd.DataFrame
    log: list[LogLine] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    split_years: bool = False


def melt(block: Block, roles: Roles, outside: Outside, signs: Signs) -> Melted:
    """All data cells of a block, row by row.

    Raises `StudyError` where a cell is neither number nor known symbol, or a row of figures has no name.
    """
    import pandas as pd

    grid = block.grid
    n, m = len(block.body), len(block.data)
    log: list[LogLine] = []
    series, units, labels, head_years = column_names(block, roles, log)
    values, notes, percents = _values(block, signs, log)
    year_row = roles.heads("year")
    entity_row = roles.heads("entity")
    years = _periods(block, roles, log)
    if year_row:
        years_head = _heading_years(block, roles.texts[year_row[0]], year_row[0], log)
        period = np.tile(years_head, n)
    elif any(head_years):
        period = np.tile(np.array(head_years, dtype=object), n)
    elif years is not None:
        period = np.repeat(years, m)
    else:
        period = np.full(n * m, outside.year[0] or None, dtype=object)
        say(grid, outside.year, log)
    if entity_row:
        texts = np.array([clean(t) for t in roles.texts[entity_row[0]]], dtype=object)
        _no_blank(block, texts, entity_row[0], "entity")
        entity = np.tile(texts, n)
    elif roles.stubs("entity"):
        column = roles.stubs("entity")[0]
        texts = block.column(column)
        lost = np.flatnonzero(texts == "")
        if len(lost):
            filled = block.grid.cells[np.ix_(block.body[lost], block.data)] != ""
            bad = lost[filled.any(axis=1)]
            if len(bad):
                row = int(block.body[bad[0]])
                raise StudyError(
                    f"{grid.place(row, column)}: the row has figures but no name. Mend the file."
                )
        entity = np.repeat(texts, m)
    else:
        entity = np.full(n * m, outside.entity[0] or None, dtype=object)
        say(grid, outside.entity, log)
    name, unit = cell_names(block, roles, series, units, outside, labels, log)
    note = _joined_notes(block, roles, notes)
    numbers = np.array(grid.rows, dtype=np.int64)[block.body] if grid.rows else block.body + 1
    rows = np.repeat(numbers.astype(np.int64), m)
    columns = np.tile(np.array([grid.column(c) for c in block.data], dtype=object), n)
    if percents.any():
        unit = _percent_units(block, percents, unit, values)
    frame = pd.DataFrame(
        {
            "entity_code": None,
            "entity_name": entity,
            "year": period,
            "series_name": name,
            "unit": unit,
            "value": values,
            "note": note,
            "file": grid.file,
            "sheet": grid.sheet,
            "row": rows,
            "column": columns,
        },
        dtype=object,
        copy=False,
    )
    frame["row"] = rows
    if (entity == "").any():
        blank = (frame["entity_name"] == "") & frame["value"].isna()
        frame = frame[~blank]
    return Melted(frame, log, labels, any(head_years))


def _no_blank(block: Block, texts: Any, row: int, what: str) -> None:
    for c, text in zip(block.data, texts, strict=True):
        if text == "" and (block.grid.cells[block.body, c] != "").any():
            raise StudyError(
                f"{block.grid.place(row, c)}: the column has figures but no {what} above it. Mend the file."
            )


def _heading_years(block: Block, texts: list[str], row: int, log: list[LogLine]) -> Any:
    out = []
    grid = block.grid
    for c, text in zip(block.data, texts, strict=True):
        period = period_of(text) if text else None
        if period is None:
            if (grid.cells[block.body, c] != "").any():
                raise StudyError(
                    f"{grid.place(row, c)}: the column has figures but no year above it. Mend the file."
                )
            period = ""
        out.append(period)
    ends = year_of_dates([p for p in out if p])
    for c, text, period in zip(block.data, texts, out, strict=True):
        if text and ends.get(period, period) != text:
            log.append(
                LogLine(
                    grid.file,
                    grid.sheet,
                    str(grid.row(row)),
                    grid.column(c),
                    "year",
                    text,
                    ends.get(period, period),
                )
            )
    return np.array([ends.get(p, p) for p in out], dtype=object)


def _periods(block: Block, roles: Roles, log: list[LogLine]) -> Any:
    """The year of each row, from the stub."""
    columns = roles.stubs("year")
    if not columns:
        return None
    column, grid = columns[0], block.grid
    texts = block.column(column)
    known: dict[str, str] = {}
    for text in dict.fromkeys(texts.tolist()):
        period = period_of(text) if text else None
        if period is None:
            at = int(block.body[int(np.flatnonzero(texts == text)[0])])
            said = f"{text} is no year" if text else "a row of figures has no year"
            raise StudyError(f"{grid.place(at, column)}: {said}. Mend the file.")
        known[text] = period
    ends = year_of_dates(list(known.values()))
    known = {text: ends.get(period, period) for text, period in known.items()}
    for text, period in known.items():
        if text != period:
            at = int(block.body[int(np.flatnonzero(texts == text)[0])])
            log.append(
                LogLine(grid.file, grid.sheet, str(grid.row(at)), grid.column(column), "year", text, period)
            )
    return np.array([known[t] for t in texts.tolist()], dtype=object)


def _values(block: Block, signs: Signs, log: list[LogLine]) -> tuple[Any, Any, Any]:
    """Decimal text, note and percent mark of every cell; plain numbers pass unread."""
    grid = block.grid
    flat = grid.cells[np.ix_(block.body, block.data)].ravel()
    plain = np.fromiter(map(PLAIN.fullmatch, flat.tolist()), dtype=bool, count=len(flat))
    blank = flat == ""
    rest = np.flatnonzero(~plain & ~blank)
    m = len(block.data)

    def where(wanted: str) -> str:
        at = int(np.flatnonzero(flat == wanted)[0])
        return grid.place(int(block.body[at // m]), block.data[at % m])

    if not (grid.typed and not len(rest)):
        doubtful = dict.fromkeys(flat[rest].tolist())
        sample = dict.fromkeys(flat[np.flatnonzero(plain)[:20_000]].tolist())
        signs.settle(grid, [*doubtful, *sample], where)
    values = flat.copy()
    values[blank] = None
    notes = np.full(len(flat), "", dtype=object)
    percents = np.zeros(len(flat), dtype=bool)
    if signs.decimal == ",":
        rest = np.flatnonzero(~blank)
    known: dict[str, Value | None] = {}
    for at in rest.tolist():
        cell = flat[at]
        if cell not in known:
            known[cell] = signs.value(cell)
        value = known[cell]
        if value is None:
            place = grid.place(int(block.body[at // m]), block.data[at % m])
            raise StudyError(
                f"{place}: {cell[:60]!r} is neither a number nor a known symbol for a missing one. "
                "Mend the cell, or say by symbols= what it means."
            )
        values[at], notes[at], percents[at] = value.text, value.note, value.percent
        if value.steps:
            row, column = str(grid.row(int(block.body[at // m]))), grid.column(block.data[at % m])
            log.extend(
                LogLine(grid.file, grid.sheet, row, column, s, cell, value.text or "") for s in value.steps
            )
    return values, notes, percents


def _percent_units(block: Block, percents: Any, unit: Any, values: Any) -> Any:
    """Percent signs become the unit of their column or row; where only some cells of both have one, it is refused."""
    n, m = len(block.body), len(block.data)
    filled = np.array([v is not None for v in values.tolist()]).reshape(n, m)
    zero = np.array([_is_zero(v) for v in values.tolist()]).reshape(n, m)
    marked = percents.reshape(n, m)
    plain = filled & ~marked & ~zero
    rows = marked.any(axis=1) & ~plain.any(axis=1)
    columns = marked.any(axis=0) & ~plain.any(axis=0)
    whole = rows[:, None] | columns[None, :]
    stray = np.argwhere(marked & ~whole)
    if len(stray):
        r, c = stray[0].tolist()
        place = block.grid.place(int(block.body[r]), block.data[c])
        raise StudyError(
            f"{place}: a percentage, where other cells of its column and row have no %. Mend the file."
        )
    if columns[marked.any(axis=0)].all():
        whole = np.broadcast_to(columns[None, :], (n, m))
    return np.where(whole.ravel(), "%", unit)


def _is_zero(text: str | None) -> bool:
    return text is not None and not text.strip("-0.")


def _joined_notes(block: Block, roles: Roles, notes: Any) -> Any:
    """Flags beside a number, notes of the file's own, and columns of notes."""
    m = len(block.data)
    for column in roles.stubs("note"):
        texts = np.repeat(block.column(column, down=False), m)
        notes = np.where(texts == "", notes, np.where(notes == "", texts, notes + "; " + texts))
    if block.grid.notes:
        index = {int(r): i for i, r in enumerate(block.body.tolist())}
        place = {c: j for j, c in enumerate(block.data)}
        for (r, c), text in block.grid.notes.items():
            if r in index and c in place:
                at = index[r] * m + place[c]
                notes[at] = f"{notes[at]}; {text}" if notes[at] else text
    return notes


def is_year(text: str) -> bool:
    """Whether a period is a whole year."""
    return year_of(text) == text
