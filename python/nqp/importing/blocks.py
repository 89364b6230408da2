"""Where the tables of a grid are: titles, header rows, stub columns at the left, figures, notes below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nqp.importing.figures import LogLine
from nqp.importing.grids import Grid
from nqp.importing.periods import period_of, year_of
from nqp.importing.reference import symbols
from nqp.importing.units import is_unit, unit_of_line
from nqp.importing.values import NEARLY, looks_numeric
from nqp.importing.words import (
    CODE_HEADER,
    ENTITY_HEADER,
    FLAG_HEADER,
    IGNORED_HEADER,
    NOTE_LINE,
    NUMBER_HEADER,
    SERIES_HEADER,
    TITLE_LINE,
    UNIT_HEADER,
    VALUE_HEADER,
    YEAR_HEADER,
)

SMALL = 400_000  # cells up to which a sheet is searched for further blocks
LONGEST_SYMBOL = 13  # "not available"
WINDOW = 3000  # rows by which a column is judged


@dataclass
class Block:
    """One table. All numbers count rows and columns of the grid from 0."""

    grid: Grid
    titles: list[tuple[int, str]]
    header: list[int]
    body: Any  # array of row numbers
    stubs: list[int]
    data: list[int]
    first: bool = True  # the first table of its grid, to which titles outside the grid belong
    log: list[LogLine] = field(default_factory=list)

    def column(self, column: int, down: bool = True) -> Any:
        """The texts of a stub column in the body: merged cells spread, and blanks filled from above where ``down``.

        A file that keeps its merged ranges says itself what spans what, so there nothing else is filled.
        """
        texts = self.grid.cells[self.body, column].copy()
        merges = [
            m for m in self.grid.merged if m[2] <= column <= m[3] and m[1] > m[0] and m[1] >= self.body[0]
        ]
        for top, bottom, left, _ in merges:
            inside = (self.body >= top) & (self.body <= bottom) & (texts == "")
            texts[inside] = self.grid.cells[top, left]
        # a name printed once for a group of rows leaves many blanks; one blank among many names is a lost name
        if (
            down
            and not merges
            and len(self.stubs) > 1
            and 3 * (texts == "").sum() >= len(texts)
            and texts[0] != ""
        ):
            last = np.maximum.accumulate(np.where(texts != "", np.arange(len(texts)), 0))
            texts = texts[last]
        return texts


@dataclass
class _Sheet:
    """A grid with what is known of each cell."""

    grid: Grid
    numeric: Any
    blank: Any
    none: Any  # symbols for a missing value


def find_blocks(grid: Grid, roles: dict[str, str]) -> tuple[list[Block], list[LogLine]]:
    """The tables of a grid from top to bottom, and the log of what is none; no block where there are no figures."""
    cells = grid.cells
    if cells.size == 0:
        return [], []
    blank = cells == ""
    known = symbols()
    none = np.zeros(cells.shape, dtype=bool)
    numeric = np.zeros(cells.shape, dtype=bool)
    # of a long sheet the two ends tell what it is; every cell of it is read when it becomes a figure
    ends = (
        [slice(0, len(cells))]
        if cells.size <= SMALL
        else [slice(0, 2 * WINDOW), slice(len(cells) - WINDOW // 10, None)]
    )
    for part in ends:
        numeric[part] = looks_numeric(cells[part])
        for r, c in np.argwhere(~blank[part] & ~numeric[part]).tolist():
            text = cells[part][r, c]
            none[part][r, c] = len(text) <= LONGEST_SYMBOL and text.casefold() in known
    sheet = _Sheet(grid, numeric, blank, none)
    blocks: list[Block] = []
    log: list[LogLine] = []
    start = 0
    while start < len(cells):
        found = _one(sheet, start, roles, log, blocks[-1] if blocks else None)
        if found is None:
            break
        block, start = found
        blocks.append(block)
    _say_rest(sheet, blocks, log)
    return blocks, log


def _line(grid: Grid, row: int, step: str, text: str) -> LogLine:
    return LogLine(grid.file, grid.sheet, str(grid.row(row)), "", step, text, "")


def _texts(grid: Grid, row: int) -> list[str]:
    return [c for c in grid.cells[row].tolist() if c]


def _first_figures(sheet: _Sheet, start: int, log: list[LogLine]) -> int | None:
    """The first row that holds a number which is no year in a heading."""
    cells = sheet.grid.cells
    rows = np.flatnonzero(sheet.numeric[start:].any(axis=1)) + start
    for row in rows.tolist():
        texts = [cells[row, c] for c in np.flatnonzero(sheet.numeric[row]).tolist()]
        if all(year_of(t) for t in texts) and not _is_row_of_years(sheet, row, start):
            continue
        if _is_numbering(sheet, row):
            log.append(_line(sheet.grid, row, "numbering", " ".join(_texts(sheet.grid, row))))
            continue
        others = [cells[row, c] for c in np.flatnonzero(~sheet.numeric[row] & ~sheet.blank[row]).tolist()]
        if (
            others
            and len(texts) == 1
            and any(TITLE_LINE.match(o) or o.startswith(("Last Updated", "Data Source")) for o in others)
        ):
            continue
        if any(period_of(t) for t in texts) and all(period_of(t) for t in texts) and _is_heading(sheet, row):
            continue
        return row
    return None


def _is_row_of_years(sheet: _Sheet, row: int, start: int) -> bool:
    """Whether a row whose numbers all look like years is one of figures: it names an entity, or stands below a full heading."""
    from nqp.importing.names import is_known

    cells = sheet.grid.cells
    if any(is_known(cells[row, c]) for c in np.flatnonzero(~sheet.numeric[row] & ~sheet.blank[row]).tolist()):
        return True
    filled = set(np.flatnonzero(~sheet.blank[row]).tolist())
    for above in range(row - 1, start - 1, -1):
        heads = set(np.flatnonzero(~sheet.blank[above]).tolist())
        if len(heads) > 1:
            own = not sheet.blank[row, 0] and cells[row, 0] != cells[above, 0]
            return (filled >= heads or (own and filled <= heads)) and not any(
                year_of(cells[above, c]) for c in heads
            )
    return False


def _is_heading(sheet: _Sheet, row: int) -> bool:
    """A row of finer periods is a heading where figures stand right below all of them."""
    if row + 1 >= len(sheet.grid.cells) or sheet.numeric[row].sum() < 2:
        return False
    return bool((sheet.numeric[row + 1] | sheet.blank[row + 1])[sheet.numeric[row]].all())


def _is_numbering(sheet: _Sheet, row: int) -> bool:
    """A row such as 甲 乙 1 2 3 below the heading."""
    texts = _texts(sheet.grid, row)
    numbers = [t for t in texts if t.isdigit()]
    others = [t for t in texts if not t.isdigit()]
    return (
        len(numbers) >= 3
        and numbers == [str(i) for i in range(1, len(numbers) + 1)]
        and all(o in "甲乙丙丁ABC" for o in others)
        and (bool(others) or bool(sheet.blank[row, 0]))
    )


def _one(
    sheet: _Sheet, start: int, roles: dict[str, str], log: list[LogLine], before: Block | None
) -> tuple[Block, int] | None:
    grid, cells = sheet.grid, sheet.grid.cells
    first = _first_figures(sheet, start, log)
    years_only = False
    if first is None:  # a table whose only figures look like years
        rows = np.flatnonzero(sheet.numeric[start:].any(axis=1)) + start
        if before is not None or len(rows) < 2 or len(cells) < 2:
            return None
        first, years_only = int(rows[1]), True
    end = _end(sheet, first, start) if cells.size <= SMALL else len(cells)
    data = _data_columns(sheet, first, end, start, roles)
    if not data:
        return None
    top = first
    while top - 1 > start and _is_body_above(sheet, top - 1, data, start):
        top -= 1
    header = _header(sheet, top, start, data)
    if not header and before is not None and not years_only:
        header = before.header
    at = header[0] if header and header[0] >= start else top
    titles = [(r, text) for r in range(start, at) for text in _texts(grid, r) if not sheet.blank[r].all()]
    last = end - 1
    while last > top and sheet.blank[last][data].all() and _is_note(sheet, last, data, top):
        last -= 1
    body = np.arange(top, last + 1)
    drop = {r for r in range(top, min(last + 1, top + WINDOW)) if _is_numbering(sheet, r)}
    keep = ~sheet.blank[top : last + 1].all(axis=1)
    body = body[keep]
    if drop:
        body = np.array([r for r in body.tolist() if r not in drop])
    headed = {c for c in range(cells.shape[1]) if any(cells[h, c] for h in header)}
    filled = ~sheet.blank[body].all(axis=0)
    stubs = [c for c in range(cells.shape[1]) if c not in data and (filled[c] or c in headed)]
    block = Block(grid, titles, header, body, stubs, data, before is None)
    for r in header:
        if r >= start:
            block.log.append(_line(grid, r, "header", " | ".join(_texts(grid, r))))
    for r, text in titles:
        block.log.append(_line(grid, r, "note_line" if NOTE_LINE.match(text) else "title", text))
    for r in np.flatnonzero(~keep).tolist():
        block.log.append(_line(grid, top + r, "empty_row", ""))
    return block, _after(sheet, last + 1, end, data, block)


def _after(sheet: _Sheet, row: int, end: int, data: list[int], block: Block) -> int:
    """Skip the notes below a table; lines that may be titles of the next one stay."""
    stop = row
    for r in range(row, end):
        texts = _texts(sheet.grid, r)
        if texts and (end == len(sheet.grid.cells) or NOTE_LINE.match(texts[0])):
            block.log.append(_line(sheet.grid, r, "note_line", " ".join(texts)))
            stop = r + 1
    return max(stop, row)


def _is_note(sheet: _Sheet, row: int, data: list[int], top: int) -> bool:
    """Whether a row without figures below the table is no entity: blank, a note, or a line of prose."""
    texts = _texts(sheet.grid, row)
    if not texts:
        return True
    if NOTE_LINE.match(texts[0]) or len(texts[0]) > 30:
        return True
    from nqp.importing.names import is_known

    if any(is_known(t) or period_of(t) for t in texts):
        return False
    above = len(_texts(sheet.grid, top)) - int((~sheet.blank[top][data]).sum())
    return len(texts) < above or bool(
        re.search(r"[:：。.]|注|来源|说明|[Ss]ource|[Nn]ote|整理|http", texts[0])
    )


def _is_body_above(sheet: _Sheet, row: int, data: list[int], start: int) -> bool:
    """Whether a row above the first figure is one too: its figures are blank, missing, or look like years."""
    cells = sheet.grid.cells
    if sheet.blank[row].all() or _is_numbering(sheet, row):
        return False
    inside = [cells[row, c] for c in data if cells[row, c]]
    if any(
        not sheet.numeric[row, c] and not sheet.none[row, c] and not NEARLY.fullmatch(cells[row, c])
        for c in data
        if cells[row, c]
    ):
        return False
    outside = [c for c in range(cells.shape[1]) if c not in data and cells[row, c]]
    if not outside:
        return False
    above = [
        r
        for r in range(start, row)
        if any(cells[r, c] and not sheet.none[r, c] for c in data) and not sheet.blank[r].all()
    ]
    if not above:
        return False
    if inside and all(year_of(t) for t in inside):
        return sum(1 for c in data if year_of(cells[above[-1], c])) >= len(inside)
    from nqp.importing.names import is_known

    return (
        bool(inside)
        or any(is_known(cells[row, c]) for c in outside)
        or not TITLE_LINE.match(cells[row, outside[0]])
    )


def _header(sheet: _Sheet, top: int, start: int, data: list[int]) -> list[int]:
    """The rows directly above the figures that name their columns."""
    cells = sheet.grid.cells
    found: list[int] = []
    for row in range(top - 1, start - 1, -1):
        if sheet.blank[row].all():
            if found:
                break
            continue
        if _is_numbering(sheet, row):
            continue
        texts = _texts(sheet.grid, row)
        inside = [c for c in data if cells[row, c]]
        if (unit_of_line(texts[0]) and len(texts) == 1) or TITLE_LINE.match(texts[0]):
            break
        if not inside:
            if not found and len(texts) >= 2 and row == top - 1:
                found.append(row)  # a heading that has lost its words over the figures
            break
        if len(texts) <= 2 and any(unit_of_line(t) and not is_unit(t) for t in texts):
            break
        spans = [m for m in sheet.grid.merged if m[0] <= row <= m[1] and m[2] <= inside[0] <= m[3]]
        wide = any(m[3] - m[2] + 1 >= cells.shape[1] for m in spans)
        if found and len(texts) == 1 and (wide or inside[0] == 0):
            break
        found.insert(0, row)
        if len(found) >= 8:
            break
    return found


def _end(sheet: _Sheet, first: int, start: int) -> int:
    """The row at which the next block begins: a row that repeats a heading."""
    cells = sheet.grid.cells
    heads = {tuple(cells[r].tolist()) for r in range(start, first) if len(_texts(sheet.grid, r)) > 1}
    for row in range(first + 1, len(cells)):
        texts = _texts(sheet.grid, row)
        if len(texts) < 2:
            continue
        same = tuple(cells[row].tolist()) in heads
        filled = [c for c in range(cells.shape[1]) if cells[row, c]]
        figures = [c for c in filled if sheet.numeric[row, c]]
        years = len(figures) >= 2 and all(year_of(cells[row, c]) for c in figures)
        lead = cells[row, 0] == "" or any(cells[row, 0] == cells[r, 0] for r in range(start, first))
        words = not figures and not any(sheet.none[row, c] for c in filled) and len(filled) >= 2
        apart = len(_texts(sheet.grid, row - 1)) <= 1
        if (
            same
            or (years and lead and filled[0] not in figures[:1])
            or (years and lead and apart)
            or (words and apart and _figures_follow(sheet, row))
        ):
            top = row
            while (
                top - 1 > first and 0 < len(_texts(sheet.grid, top - 1)) <= 1 and not _is_tail(sheet, top - 1)
            ):
                top -= 1
            return top
    return len(cells)


def _figures_follow(sheet: _Sheet, row: int) -> bool:
    return row + 1 < len(sheet.grid.cells) and bool(sheet.numeric[row + 1].any())


def _is_tail(sheet: _Sheet, row: int) -> bool:
    texts = _texts(sheet.grid, row)
    return bool(texts and NOTE_LINE.match(texts[0]))


def _data_columns(sheet: _Sheet, first: int, end: int, start: int, roles: dict[str, str]) -> list[int]:
    """The columns that hold figures; the others are stubs."""
    cells = sheet.grid.cells
    rows = np.arange(first, min(end, first + WINDOW))
    rows = rows[sheet.numeric[rows].any(axis=1)]
    head = range(max(start, first - 12), first)
    data: list[int] = []
    blank: list[
        int
    ] = []  # columns with a heading and no figure: they stand among the figures, not left of them
    for c in range(cells.shape[1]):
        names = [cells[r, c] for r in head if cells[r, c]]
        name = names[-1] if names else ""
        role = roles.get(name) or next((roles[n] for n in names if n in roles), None)
        if role is not None:
            if role == "value":
                data.append(c)
            continue
        column = cells[rows, c]
        filled = column[column != ""]
        if not len(filled):
            if name and not FLAG_HEADER.fullmatch(name) and not TITLE_LINE.match(name):
                blank.append(c)
            continue
        numeric = sheet.numeric[rows, c][column != ""]
        none = sheet.none[rows, c][column != ""]
        figures = int(numeric.sum()) + int(none.sum())
        if figures < 0.5 * len(filled) and not period_of(name):
            nearly = sum(1 for t in filled.tolist() if NEARLY.fullmatch(t))
            if c == 0 or _is_stub_heading(name) or figures + nearly < 0.5 * len(filled):
                continue
        if FLAG_HEADER.fullmatch(name) or (NUMBER_HEADER.fullmatch(name) and _is_running(filled)):
            continue
        if _is_stub_of_numbers(filled, name, c, data):
            continue
        data.append(c)
    if not data:
        return []
    if len(data) == 1 and any(VALUE_HEADER.fullmatch(cells[r, data[0]]) for r in head):
        return data  # one column of values: a blank column beside it is no series
    between = [c for c in range(data[0]) if c not in blank and (cells[rows, c] != "").any()]
    left = max(between, default=-1)
    return sorted(data + [c for c in blank if c > left])


def _is_stub_heading(name: str) -> bool:
    return any(
        p.fullmatch(name) for p in (CODE_HEADER, ENTITY_HEADER, SERIES_HEADER, UNIT_HEADER, IGNORED_HEADER)
    )


def _is_running(filled: Any) -> bool:
    return len(filled) > 1 and list(filled.tolist()) == [str(i) for i in range(1, len(filled) + 1)]


def _is_stub_of_numbers(filled: Any, name: str, column: int, data: list[int]) -> bool:
    """Whether a column of numbers names its rows: years, codes."""
    distinct = set(filled.tolist())
    if YEAR_HEADER.fullmatch(name) and sum(1 for t in distinct if period_of(t)) >= 0.8 * len(distinct):
        return True
    if not data and column <= 4 and all(year_of(t) for t in distinct) and not period_of(name):
        return True
    if name == "" and not data and _is_running(filled):
        return True
    from nqp.importing.names import is_code

    coded = sum(1 for t in distinct if is_code(t)) >= 0.5 * len(distinct)
    if (CODE_HEADER.fullmatch(name) or ENTITY_HEADER.fullmatch(name)) and not data:
        return coded or len(distinct) < len(filled) or _is_running(filled)
    return not data and column == 0 and len(distinct) >= 3 and coded and all(len(t) == 6 for t in distinct)


def _say_rest(sheet: _Sheet, blocks: list[Block], log: list[LogLine]) -> None:
    """Rows in no block are said, so that nothing is dropped silently."""
    if not blocks or sheet.grid.cells.size > SMALL:
        return
    said = {int(line.row) for b in blocks for line in b.log if line.row} | {
        int(line.row) for line in log if line.row
    }
    said |= {sheet.grid.row(int(r)) for b in blocks for r in b.body.tolist()}
    for r in np.flatnonzero(~sheet.blank.all(axis=1)).tolist():
        if sheet.grid.row(r) not in said:
            log.append(_line(sheet.grid, r, "note_line", " ".join(_texts(sheet.grid, r))))
