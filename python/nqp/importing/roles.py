"""What every heading row and stub column of a table says: entity, year, series, unit; and so the layout."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

from nqp.errors import StudyError
from nqp.importing.blocks import Block
from nqp.importing.figures import LogLine
from nqp.importing.grids import is_chinese
from nqp.importing.names import best_table, is_known, match
from nqp.importing.periods import period_of
from nqp.importing.units import is_unit
from nqp.importing.values import PLAIN
from nqp.importing.words import (
    CITY_HEADER,
    CODE_HEADER,
    ENTITY_HEADER,
    FLAG_HEADER,
    IGNORED_HEADER,
    LABEL_HEADER,
    NUMBER_HEADER,
    SCALE_HEADER,
    SERIES_HEADER,
    UNIT_CODE_HEADER,
    UNIT_HEADER,
    YEAR_HEADER,
)

CODE = re.compile(r"[A-Z][A-Z0-9_.-]*")  # NGDP_R, NY.GDP.PCAP.CD
CODE_OF = re.compile(r"[ _]codes?$", re.IGNORECASE)


@dataclass
class Roles:
    """Which stub column and which heading row plays which part in a block."""

    table: str | None = None  # reference table of the entities
    stub: dict[int, str] = field(default_factory=dict)  # column to role
    head: dict[int, str] = field(default_factory=dict)  # heading row to role
    texts: dict[int, list[str]] = field(default_factory=dict)  # heading row to its text over each data column
    values: set[str] = field(default_factory=set)  # headings declared to say no more than "value"
    log: list[LogLine] = field(default_factory=list)

    def stubs(self, role: str) -> list[int]:
        """The stub columns of a role."""
        return [c for c, r in self.stub.items() if r == role]

    def heads(self, role: str) -> list[int]:
        """The heading rows of a role."""
        return [h for h, r in self.head.items() if r == role]

    def has(self, role: str) -> bool:
        """Whether a role stands in the table itself."""
        return role in self.stub.values() or role in self.head.values()


def stub_name(block: Block, column: int) -> str:
    """The heading of a stub column: its lowest text, merged ranges included."""
    cells = block.grid.cells
    names = [cells[h, column] for h in block.header if cells[h, column]]
    if names:
        return str(names[-1])
    for top, bottom, left, right in block.grid.merged:
        if left <= column <= right and any(top <= h <= bottom for h in block.header):
            return str(cells[top, left])
    return ""


def find_roles(block: Block, entities: str, declared: dict[str, str], hint: tuple[str, str] | None) -> Roles:
    """The roles of a block. `declared`: heading to role; `hint`: what a declared layout has in its stub and its heading."""
    roles = Roles(values={name for name, role in declared.items() if role == "value"})
    roles.texts = {h: heading_texts(block, h) for h in block.header}
    _years_and_units(block, roles, declared)
    _entities(block, roles, entities, declared, hint)
    _others(block, roles, declared)
    return roles


def heading_texts(block: Block, row: int) -> list[str]:
    """The texts of one heading row over the data columns, merged cells spread over what they span."""
    cells, merged = block.grid.cells, block.grid.merged
    deeper = [h for h in block.header if h > row]
    texts: list[str] = []
    last = ""
    last_column = -1
    for c in block.data:
        text = str(cells[row, c])
        span = next((m for m in merged if m[0] <= row <= m[1] and m[2] <= c <= m[3]), None)
        if text:
            last, last_column = text, c
        elif span is not None and span[2] < c and cells[span[0], span[2]]:
            text = str(cells[span[0], span[2]]) if span[0] == row else ""
            last, last_column = text or last, c
        elif last and any(cells[h, c] for h in deeper):
            below = next(str(cells[h, c]) for h in deeper if cells[h, c])
            plain = not any(
                m[0] <= row <= m[1] and m[2] <= last_column <= m[3] and m[3] > m[2] for m in merged
            )
            of_which = below.startswith(("#", "＃", "其中", "of which"))
            if period_of(last) or is_known(last) or of_which or (plain and not merged):
                text = last
        texts.append(text)
    return texts


def _distinct(block: Block, column: int) -> list[str]:
    return [t for t in dict.fromkeys(block.column(column).tolist()) if t]


def _beside_years(block: Block, roles: Roles) -> None:
    """A column right of years that has a word in their place, such as a growth rate, holds no figure of a year."""
    for texts in roles.texts.values():
        words = [c for c, t in zip(block.data, texts, strict=True) if t and not period_of(t)]
        years = [c for c, t in zip(block.data, texts, strict=True) if t and period_of(t)]
        if not words or len(years) < 2 or len(years) <= len(words) or words[0] < years[0]:
            continue
        if len(words) > 2 and len(years) < 4 * len(words):
            continue
        for c in words:
            roles.stub[c] = "ignored"
        block.stubs = sorted([*block.stubs, *words])
        block.data = [c for c in block.data if c not in words]
        roles.texts = {row: heading_texts(block, row) for row in roles.texts}
        return


def _years_and_units(block: Block, roles: Roles, declared: dict[str, str]) -> None:
    _beside_years(block, roles)
    for h, texts in roles.texts.items():
        filled = [t for t in texts if t]
        if filled and all(period_of(t) for t in filled):
            roles.head[h] = "year"
        elif filled and all(is_unit(t) for t in filled) and (len(roles.texts) > 1 or len(set(filled)) == 1):
            roles.head[h] = "unit"  # the only heading over several columns names them
    years = roles.heads("year")
    for h in years[:-1]:
        roles.head[h] = "ignored"
    beside = {
        name
        for name in map(partial(stub_name, block), block.stubs)
        if any(p.fullmatch(name) for p in (UNIT_HEADER, SCALE_HEADER, FLAG_HEADER))
    }
    for c in block.stubs:
        name = stub_name(block, c)
        given = declared.get(name) or declared.get(block.grid.column(c))
        distinct = _distinct(block, c)
        if given:
            roles.stub[c] = given
        elif c in roles.stub:
            continue
        elif not distinct:
            roles.stub[c] = "ignored"
        elif YEAR_HEADER.fullmatch(name) and sum(1 for t in distinct if period_of(t)) >= 0.5 * len(distinct):
            roles.stub[c] = "year"
        elif CODE_OF.sub("", name) != name and CODE_OF.sub("", name) in beside:
            roles.stub[c] = "ignored"  # the words stand in the column without "Code"
        elif UNIT_CODE_HEADER.fullmatch(name) or UNIT_HEADER.fullmatch(name):
            roles.stub[c] = "unit"
        elif SCALE_HEADER.fullmatch(name):
            roles.stub[c] = "scale"
        elif FLAG_HEADER.fullmatch(name):
            roles.stub[c] = "note"
        elif IGNORED_HEADER.fullmatch(name):
            roles.stub[c] = "ignored"
    if not roles.has("year"):
        for c in block.stubs:
            distinct = _distinct(block, c)
            if c not in roles.stub and distinct and all(period_of(t) for t in distinct):
                roles.stub[c] = "year"
                break
    extra = roles.stubs("year")
    if len(extra) > 1:
        finest = max(extra, key=lambda c: (len(_distinct(block, c)), -c))
        for c in extra:
            if c != finest:
                roles.stub[c] = "ignored"


def _entities(
    block: Block, roles: Roles, entities: str, declared: dict[str, str], hint: tuple[str, str] | None
) -> None:
    """Find the entity: a stub column that a table knows, else a heading row, else a column by its heading."""
    free = [c for c in block.stubs if c not in roles.stub]
    found: list[tuple[str, float, int, int]] = []
    for c in roles.stubs("entity") or free:
        distinct = _distinct(block, c)
        table, part = best_table(distinct[:5000], entities)
        if table:
            found.append((table, part, len(distinct), c))
    if roles.stubs("entity"):
        roles.table = found[0][0] if found else None
        return
    if found and not (hint and "entity" not in hint[0].split("+")):
        finer = [f for f in found if f[0] == "cities"] if any(f[0] == "provinces" for f in found) else []
        most = max(f[2] for f in found if f[0] == "provinces") if finer else 0
        # one city in each province: its heading tells a panel of cities from a column of capitals
        is_finer = finer and (
            finer[0][2] > most
            or (finer[0][2] == most and any(CITY_HEADER.fullmatch(stub_name(block, f[3])) for f in finer))
        )
        pool = finer if is_finer else [f for f in found if not finer or f[0] != "cities"]
        table = max(pool, key=lambda f: (f[1], -f[3]))[0]
        same = [f for f in pool if f[0] == table]
        main = max(same, key=lambda f: (round(f[1], 2), f[2], -f[3]))
        roles.table = table
        roles.stub[main[3]] = "entity"
        for other in found:
            if other[3] != main[3]:
                roles.stub[other[3]] = "same_entity" if other[0] == table else "ignored"
        _agree(block, main[3], roles)
        return
    for h, texts in roles.texts.items():
        if h in roles.head:
            continue
        filled = [t for t in dict.fromkeys(texts) if t]
        table, part = best_table(filled, entities)
        if table and (len(filled) > 1 or part == 1.0):
            roles.table = table
            roles.head[h] = "entity"
            return
    if hint and "entity" in hint[1].split("+"):
        rest = [h for h in roles.texts if h not in roles.head]
        if rest:
            roles.head[rest[0]] = "entity"
            return
    for pattern in (ENTITY_HEADER, CODE_HEADER):
        for c in free:
            name = stub_name(block, c)
            if (
                pattern.fullmatch(name)
                and not SERIES_HEADER.fullmatch(name)
                and not LABEL_HEADER.fullmatch(name)
            ):
                roles.stub[c] = "entity"
                roles.table = None if entities in ("auto", "any") else entities
                return
    if hint and "entity" in hint[0].split("+") and free:
        roles.stub[free[0]] = "entity"
        return
    if roles.stubs("year") or (hint is None and roles.heads("year")):
        for c in free:
            name = stub_name(block, c)
            if (
                not SERIES_HEADER.fullmatch(name)
                and not NUMBER_HEADER.fullmatch(name)
                and roles.stubs("year")
            ):
                roles.stub[c] = "entity"
                return


def _agree(block: Block, main: int, roles: Roles) -> None:
    """Two columns that name the entity of a row must name the same: else cells have moved."""
    assert roles.table is not None
    for c in roles.stubs("same_entity"):
        pairs = dict.fromkeys(zip(block.column(main).tolist(), block.column(c).tolist(), strict=True))
        for one, two in pairs:
            first, second = match(one, roles.table), match(two, roles.table)
            if first.entity and second.entity and first.entity.code != second.entity.code:
                said = zip(
                    block.body.tolist(), block.column(main).tolist(), block.column(c).tolist(), strict=True
                )
                row = next(int(r) for r, a, b in said if (a, b) == (one, two))
                raise StudyError(
                    f"{block.grid.place(row, main)}: {one}, but column {block.grid.column(c)} of the same row says {two}. "
                    "Cells have moved; mend the file."
                )


def _others(block: Block, roles: Roles, declared: dict[str, str]) -> None:
    """Give the stub columns and heading rows that are left a role: series, label, or ignored."""
    grid = block.grid
    labels: list[int] = []
    series: list[int] = []
    for c in block.stubs:
        if c in roles.stub:
            continue
        name, distinct = stub_name(block, c), _distinct(block, c)
        if LABEL_HEADER.fullmatch(name):
            labels.append(c)
        elif SERIES_HEADER.fullmatch(name):
            _no_numbers(block, c, distinct)
            series.append(c)
        elif NUMBER_HEADER.fullmatch(name) and all(re.fullmatch(r"\d+", t) for t in distinct):
            roles.stub[c] = "ignored"
        elif distinct and all(is_unit(t) for t in distinct):
            # the currency of a country is no unit of the series that stand beside each other
            named = any(h not in roles.head for h in roles.texts) and len(block.data) > 1
            roles.stub[c] = "ignored" if named else "unit"
        elif not roles.has("entity") and not roles.has("year") and len(distinct) == len(block.body) > 1:
            # one text to a row, and nothing else that names the row
            roles.stub[c] = "ignored" if grid.names or roles.has("entity") else "entity"
        elif distinct and all(match(t, "provinces").aggregate for t in distinct):
            roles.stub[c] = "ignored"  # a region beside each entity, or the English name of 全国 alone
        elif not roles.has("entity") or not _is_attribute(block, roles, c):
            _no_numbers(block, c, distinct)
            series.append(c)
        else:
            _no_numbers(block, c, distinct)
            roles.stub[c] = "ignored"
    if labels and series:
        for c in labels:
            roles.stub[c] = "label"
    else:
        series = sorted(series + labels)
    for c in series:
        roles.stub[c] = "series"
    _second_language(block, roles)
    for h in roles.texts:
        roles.head.setdefault(h, "series")
    for c, role in roles.stub.items():
        if role in ("ignored", "same_entity"):
            roles.log.append(
                LogLine(
                    grid.file, grid.sheet, "", grid.column(c), "column_ignored", stub_name(block, c), role
                )
            )


def _no_numbers(block: Block, column: int, distinct: list[str]) -> None:
    """A column of names without a heading that says so holds no numbers: a number there has moved."""
    numbers = [t for t in distinct if PLAIN.fullmatch(t)]
    if numbers and len(numbers) < len(distinct):
        at = int(block.body[block.column(column).tolist().index(numbers[0])])
        raise StudyError(
            f"{block.grid.place(at, column)}: {numbers[0]} among names. Cells have moved; mend the file."
        )


def _is_attribute(block: Block, roles: Roles, column: int) -> bool:
    """Whether a text column says the same of an entity in all its rows, as a region or a capital does, or nothing."""
    entity = roles.stubs("entity")
    if not entity:
        return False
    distinct = _distinct(block, column)
    if len(distinct) < 1:
        return True
    pairs = {
        (a, b) for a, b in zip(block.column(entity[0]).tolist(), block.column(column).tolist(), strict=True)
    }
    each: dict[Any, int] = {}
    for a, _ in pairs:
        each[a] = each.get(a, 0) + 1
    several = max(each.values()) > 1
    if several:
        return False
    # one text for all rows is the name of the one series, as EPS prints it; several are an attribute
    return len(distinct) > 1 or bool(stub_name(block, column))


def _second_language(block: Block, roles: Roles) -> None:
    """A series column that says in words, or in English, what another says is its label."""
    cols = roles.stubs("series")
    distinct = {c: _distinct(block, c) for c in cols}
    chinese = [c for c in cols if any(is_chinese(t) for t in distinct[c][:50])]
    for c in cols:
        if chinese and c not in chinese and _follows(block, chinese[0], c):
            roles.stub[c] = "label"
    for code, words in pairwise(cols):
        is_coded = all(CODE.fullmatch(t) for t in distinct[code])
        said = any(re.search(r"[a-z ]|[\u4e00-\u9fff]", t) for t in distinct[words])
        if roles.stub[words] == "series" and is_coded and said and _follows(block, code, words):
            roles.stub[words] = "label"


def _follows(block: Block, first: int, second: int) -> bool:
    """Whether what stands in one column decides what stands in another."""
    pairs = set(zip(block.column(first).tolist(), block.column(second).tolist(), strict=True))
    return len(pairs) == len({one for one, _ in pairs})


LAYOUTS = {
    # word: (roles in the stub, roles in the heading)
    "long": ("entity+year+series", ""),
    "wide_panel": ("entity+year", "series"),
    "entity_by_year": ("entity", "year"),
    "year_by_entity": ("year", "entity"),
    "indicator_by_year": ("series", "year"),
    "year_by_indicator": ("year", "series"),
    "entity_by_indicator": ("entity", "series"),
    "entity_over_years": ("series", "entity+year"),
    "years_and_indicators": ("entity", "series+year"),
    "records": ("", "series"),
}


def layout_of(roles: Roles, split_years: bool) -> str:
    """The word for what was found."""
    stub, head = set(roles.stub.values()), set(roles.head.values())
    year_head = "year" in head or split_years
    if "entity" in head and year_head:
        return "entity_over_years"
    if "entity" in head:
        return "year_by_entity" if "year" in stub else "indicator_by_entity"
    if "entity" in stub and "year" in stub:
        return "long" if "series" in stub else "wide_panel"
    if "entity" in stub and year_head:
        return "years_and_indicators" if split_years or len(roles.heads("series")) else "entity_by_year"
    if "entity" in stub:
        return "entity_by_indicator"
    if year_head:
        return "indicator_by_year"
    return "year_by_indicator" if "year" in stub else "records"


def check_layout(layout: str | None) -> tuple[str, str] | None:
    """The roles that a declared layout asks for.

    Raises `StudyError` where the word is unknown.
    """
    if layout is None:
        return None
    if layout not in LAYOUTS:
        raise StudyError(f"layout={layout}: there is no such layout. Known: {', '.join(LAYOUTS)}.")
    return LAYOUTS[layout]
