"""What a table's headings, stub and titles say of its series: names in one or two languages, units, years in names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from nqp.errors import StudyError
from nqp.importing.blocks import Block
from nqp.importing.figures import LogLine
from nqp.importing.grids import Grid, clean, is_chinese
from nqp.importing.roles import Roles
from nqp.importing.units import name_and_unit, share_units
from nqp.importing.words import VALUE_HEADER

VALUES = "\x00"  # a heading that only says "value"
PLAIN_SCALE = ("unit", "units", "0", "1")
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


def say(grid: Grid, found: tuple[str, str], log: list[LogLine]) -> None:
    """Log what was taken from outside the table, and from where."""
    if found[0] and found[1]:
        log.append(LogLine(grid.file, grid.sheet, "", "", found[1], "", found[0]))


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


def _translations(rows: list[tuple[int, list[str]]]) -> set[int]:
    """Heading rows in English below Chinese ones that name every column by themselves."""
    chinese = [texts for _, texts in rows if any(is_chinese(t) for t in texts)]
    other = {h for h, texts in rows if not any(is_chinese(t) for t in texts)}
    columns = list(zip(*chinese, strict=True))
    named = bool(columns) and all(any(parts) for parts in columns) and len(set(columns)) == len(columns)
    return other if named else set()


def column_names(
    block: Block, roles: Roles, log: list[LogLine]
) -> tuple[list[str], list[str], dict[str, str], list[str]]:
    """Per data column: series (blank where the heading has none), unit, and the year where the name ends in one."""
    grid = block.grid
    heads = sorted(roles.heads("series"))
    unit_rows = roles.heads("unit")
    translations = _translations([(h, roles.texts[h]) for h in heads])
    names, units, labels = [], [], {}
    for i, c in enumerate(block.data):
        parts: list[str] = []
        english: list[str] = []
        unit = clean(roles.texts[unit_rows[0]][i]).strip("()（）[]") if unit_rows else ""
        for h in heads:
            text = roles.texts[h][i]
            if not text:
                continue
            if h in translations:
                english.append(" ".join(re.split(r"[\r\n]+", text)).lstrip("#"))
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
            [p for p in parts if not VALUE_HEADER.fullmatch(p) and p not in roles.values]
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


def cell_names(
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
    stub_units = _stub_units(block, roles)
    label_column = (
        _joined([block.column(c).tolist() for c in roles.stubs("label")]) if roles.stubs("label") else None
    )
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
        say(grid, outside.series, log)
    if outside.unit[0] and any(c[1] and c[1] in outside.unit[0] for c in cache.values()):
        say(grid, outside.unit, log)
    return name_out.ravel(), unit_out.ravel()


def _stub_units(block: Block, roles: Roles) -> Any:
    """The unit of each row: a column of scales ("Billions") stands before the column of units."""
    columns = [
        block.column(c, down=role == "unit") for role in ("scale", "unit") for c in roles.stubs(role)[:1]
    ]
    if len(columns) < 2:
        return columns[0] if columns else None
    pairs = zip(columns[0].tolist(), columns[1].tolist(), strict=True)
    return np.array(
        [clean(f"{'' if a.casefold() in PLAIN_SCALE else a} {b}") for a, b in pairs], dtype=object
    )


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
    return _joined([block.column(c).tolist() for c in columns])


def _joined(texts: list[list[str]]) -> Any:
    """The texts of several columns as one, joined by a colon."""
    known: dict[tuple[str, ...], str] = {}
    out = []
    for parts in zip(*texts, strict=True):
        if parts not in known:
            known[parts] = ": ".join(dict.fromkeys(p for p in parts if p))
        out.append(known[parts])
    return np.array(out, dtype=object)
