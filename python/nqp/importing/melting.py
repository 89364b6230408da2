"""A table to figures: every data cell gets its entity, year, series and unit from what the roles say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from nqp.errors import StudyError
from nqp.importing.blocks import Block
from nqp.importing.figures import LogLine
from nqp.importing.grids import Grid, clean, is_chinese
from nqp.importing.periods import period_of, year_of, year_of_dates
from nqp.importing.roles import Roles
from nqp.importing.units import name_and_unit, share_units
from nqp.importing.values import PLAIN, Signs, Value
from nqp.importing.words import VALUE_HEADER

if TYPE_CHECKING:
    import pandas as pd

VALUES = "\x00"  # a heading that only says "value"
WIDE_NAME = re.compile(
    r"(?P<name>.*?\D)[_ .-]?(?P<year>(?:19|20)\d\d)年?|(?P<first>(?:19|20)\d\d)年?[_ .-]?(?P<rest>\D.*)",
    re.DOTALL,
)


@dataclass
class Outside:
    """What titles, names of sheets and files, and options say of a block: (text, step of the log) or blank."""

    series: tuple[str, str] = ("", "")
    year: tuple[str, str] = ("", "")
    entity: tuple[str, str] = ("", "")
    unit: tuple[str, str] = ("", "")


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
    series, units, labels, head_years = _column_names(block, roles, log)
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
        _say(grid, outside.year, log)
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
        _say(grid, outside.entity, log)
    name, unit = _names(block, roles, series, units, outside, labels, log)
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
    )
    frame["row"] = rows
    if (entity == "").any():
        blank = (frame["entity_name"] == "") & frame["value"].isna()
        frame = frame[~blank]
    return Melted(frame, log, labels, any(head_years))


def _say(grid: Grid, found: tuple[str, str], log: list[LogLine]) -> None:
    if found[0] and found[1]:
        log.append(LogLine(grid.file, grid.sheet, "", "", found[1], "", found[0]))


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


def _two_languages(text: str) -> tuple[str, str]:
    """A heading of several lines, Chinese above English, as (name, label); one language: (text, "")."""
    lines = [clean(line) for line in re.split(r"[\r\n]+", text) if clean(line)]
    chinese = [line for line in lines if is_chinese(line)]
    english = [line for line in lines if not is_chinese(line)]
    if chinese and english and len(lines) > 1:
        first = lines.index(english[0])
        if all(not is_chinese(line) for line in lines[first:]):
            return "".join(lines[:first]), " ".join(lines[first:])
    return ("" if chinese else " ").join(lines), ""


def _column_names(
    block: Block, roles: Roles, log: list[LogLine]
) -> tuple[list[str], list[str], dict[str, str], list[str]]:
    """Per data column: series (blank where the heading has none), unit, and the year where the name ends in one."""
    grid = block.grid
    heads = sorted(roles.heads("series"))
    unit_rows = roles.heads("unit")
    names, units, labels = [], [], {}
    for i, c in enumerate(block.data):
        parts: list[str] = []
        english: list[str] = []
        unit = clean(roles.texts[unit_rows[0]][i]).strip("()（）[]") if unit_rows else ""
        for h in heads:
            text = roles.texts[h][i]
            if not text:
                continue
            zh, en = _two_languages(text)
            plain, found, mark = name_and_unit(zh.lstrip("#＃"))
            if zh.startswith(("#", "＃")) or mark:
                log.append(
                    LogLine(grid.file, grid.sheet, str(grid.row(h)), grid.column(c), "footnote", zh, plain)
                )
            unit = found or unit
            if plain and plain not in parts:
                parts.append(plain)
                if en:
                    english.append(en.lstrip("#"))
        kept = (
            [p for p in parts if not VALUE_HEADER.fullmatch(p)]
            if len(parts) > 1 or len(block.data) == 1
            else parts
        )
        name = ": ".join(kept)
        names.append(name if name or not parts else VALUES)
        units.append(unit)
        label = grid.labels.get(name, "") if grid.names else ": ".join(english)
        if name and label:
            labels[name] = label
            if grid.names and not unit:
                units[-1] = name_and_unit(label)[1]
    if any(names) or (heads and not any(roles.texts[h][i] for h in heads for i in range(len(names)))):
        for c, name in zip(block.data, names, strict=True):
            if name == "" and (grid.cells[block.body, c] != "").any():
                raise StudyError(
                    f"{grid.column_place(c)}: the column has figures but no heading. Mend the file."
                )
    names = ["" if x == VALUES else x for x in names]
    for name in {
        x for x in names if names.count(x) > 1
    }:  # exports in % and in US$: the unit is part of the name
        same = [i for i, x in enumerate(names) if x == name]
        if len({units[i] for i in same}) == len(same):
            for i in same:
                names[i] = f"{name} ({units[i]})" if units[i] else name
    years = [""] * len(names)
    if not roles.has("year"):
        names, years = _split(names)
    return names, units, labels, years


def _split(names: list[str]) -> tuple[list[str], list[str]]:
    """``gdp2019, gdp2020``: every name ends or begins with a year, and several years belong to one name."""
    found = [WIDE_NAME.fullmatch(name) for name in names]
    if not names or any(f is None for f in found):
        return names, [""] * len(names)
    parts = [(clean((f["name"] or f["rest"]).strip("_ .-:")), f["year"] or f["first"]) for f in found if f]
    if len({p[1] for p in parts}) < 2 or len(set(parts)) < len(parts):
        return names, [""] * len(names)
    return [p[0] for p in parts], [p[1] for p in parts]


def _names(
    block: Block,
    roles: Roles,
    series: list[str],
    units: list[str],
    outside: Outside,
    labels: dict[str, str],
    log: list[LogLine],
) -> tuple[Any, Any]:
    """Series and unit of every cell: the stub's series and the heading's together, else what stands outside."""
    n, m = len(block.body), len(block.data)
    grid = block.grid
    stub = _stub_series(block, roles)
    stub_units = block.column(roles.stubs("unit")[0]) if roles.stubs("unit") else None
    label_column = block.column(roles.stubs("label")[0]) if roles.stubs("label") else None
    cache: dict[tuple[Any, ...], tuple[str, str]] = {}
    which, keys, firsts = _row_keys(stub, stub_units, n)
    if stub is not None and not any(series) and any(k[0] for k in keys):
        for (text, _), at in zip(keys, firsts, strict=True):
            if not text and (grid.cells[block.body[at], block.data] != "").any():
                raise StudyError(
                    f"{grid.place(int(block.body[at]), roles.stubs('series')[0])}: the row has figures but no series."
                )
    name_out, unit_out = np.empty((n, m), dtype=object), np.empty((n, m), dtype=object)
    for key, at in zip(keys, firsts, strict=True):
        text, given_unit = key
        name, unit, _mark = name_and_unit(text.lstrip("#＃")) if text else ("", "", "")
        label = ""
        if label_column is not None and text:
            label = str(label_column[at])
            unit = unit or name_and_unit(label)[1]
        if text and name != text:
            row = grid.row(int(block.body[at]))
            log.append(
                LogLine(grid.file, grid.sheet, str(row), "", "unit" if unit else "footnote", text, name)
            )
        if label:
            labels[name] = label
        for j in range(m):
            parts = [
                p for p in (name, series[j]) if p and not (name and VALUE_HEADER.fullmatch(p) and p != name)
            ]
            whole = ": ".join(dict.fromkeys(parts)) or outside.series[0]
            one = clean(given_unit).strip("()（）[]") or unit or units[j]
            if not one and outside.unit[0]:
                one = share_units(outside.unit[0], whole) or outside.unit[0]
            cache[(*key, j)] = (whole, one)
    for j in range(m):
        name_out[:, j] = np.array([cache[(*k, j)][0] for k in keys], dtype=object)[which]
        unit_out[:, j] = np.array([cache[(*k, j)][1] for k in keys], dtype=object)[which]
    if any(not c[0] or c[0] == outside.series[0] for c in cache.values()):
        _say(grid, outside.series, log)
    if outside.unit[0] and any(c[1] and c[1] in outside.unit[0] for c in cache.values()):
        _say(grid, outside.unit, log)
    return name_out.ravel(), unit_out.ravel()


def _row_keys(series: Any, units: Any, n: int) -> tuple[Any, list[tuple[str, str]], list[int]]:
    """The distinct (series, unit) of rows: which each row has, what they are, and where each stands first."""
    import pandas as pd

    blank = np.full(n, "", dtype=object)
    one, names = pd.factorize(series if series is not None else blank)
    two, others = pd.factorize(units if units is not None else blank)
    which, codes = pd.factorize(one * (len(others) + 1) + two)
    firsts = [int(i) for i in pd.Series(which).drop_duplicates().index]
    keys = [(str(names[c // (len(others) + 1)]), str(others[c % (len(others) + 1)])) for c in codes.tolist()]
    return which, keys, firsts


def _stub_series(block: Block, roles: Roles) -> Any:
    """The series of each row; columns that complete each other are one, others are joined by a colon."""
    columns = roles.stubs("series")
    if not columns:
        return None
    if len(columns) == 1:
        return block.column(columns[0])
    raw = [block.column(c, down=False) for c in columns]
    both = [(a, b) for a, b in zip(raw[0].tolist(), raw[1].tolist(), strict=True) if a and b]
    if len(columns) == 2 and all(a == b for a, b in both):
        return np.where(raw[0] != "", raw[0], raw[1])
    texts = [block.column(c).tolist() for c in columns]
    known: dict[tuple[str, ...], str] = {}
    out = []
    for parts in zip(*texts, strict=True):
        if parts not in known:
            known[parts] = ": ".join(dict.fromkeys(p for p in parts if p))
        out.append(known[parts])
    return np.array(out, dtype=object)


def _values(block: Block, signs: Signs, log: list[LogLine]) -> tuple[Any, Any, Any]:
    """Decimal text, note and percent mark of every cell; plain numbers pass unread."""
    grid = block.grid
    flat = grid.cells[np.ix_(block.body, block.data)].ravel()
    match: Callable[[str], Any] = PLAIN.fullmatch
    plain = np.fromiter((match(t) is not None for t in flat.tolist()), dtype=bool, count=len(flat))
    blank = flat == ""
    rest = np.flatnonzero(~plain & ~blank)
    m = len(block.data)

    def where(wanted: str) -> str:
        at = int(np.flatnonzero(flat == wanted)[0])
        return grid.place(int(block.body[at // m]), block.data[at % m])

    if not (grid.typed and not len(rest)):
        doubtful = dict.fromkeys(flat[rest].tolist())
        sample = dict.fromkeys(flat[np.flatnonzero(plain)][:20_000].tolist())
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
    """Percent signs become the unit; a column where only some cells have one is refused."""
    m = len(block.data)
    out = unit.copy()
    for j in range(m):
        marked = percents[j::m]
        if not marked.any():
            continue
        filled = np.array([v is not None for v in values[j::m]])
        rows = np.flatnonzero(filled & ~marked)
        zero = all(float(values[j::m][r]) == 0 for r in rows.tolist())
        by_row = all(percents[r * m : (r + 1) * m].all() for r in np.flatnonzero(marked).tolist())
        if len(rows) and not zero and not by_row:
            place = block.grid.place(int(block.body[rows[0]]), block.data[j])
            raise StudyError(
                f"{place}: a number without %, where other cells of the column have it. Mend the file."
            )
        out[j::m] = np.where(percents[j::m], "%", out[j::m]) if by_row else "%"
    return out


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
