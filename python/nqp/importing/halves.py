"""A table printed in halves side by side, as yearbooks do to save a page: each half is a table of its own."""

from __future__ import annotations

import dataclasses

from nqp.importing.grids import Grid
from nqp.importing.names import is_known
from nqp.importing.words import ENTITY_HEADER

_ROWS = 12  # a heading stands above


def halves(grid: Grid) -> list[Grid]:
    """The parts of a grid whose heading repeats from left to right; most grids are one part.

    Only where the first words of the heading name entities and the first column of every part holds some: two series
    of one name over the same entities are no halves.
    """
    if grid.names or not grid.cells.size:
        return [grid]
    for row in range(min(_ROWS, len(grid.cells))):
        texts = [str(t) for t in grid.cells[row]]
        while texts and not texts[-1]:
            texts.pop()
        for parts in (2, 3, 4):
            width, rest = divmod(len(texts), parts)
            if rest or width < 2 or not ENTITY_HEADER.fullmatch(texts[0]):
                continue
            if all(texts[k * width : (k + 1) * width] == texts[:width] for k in range(parts)) and all(
                _names(grid, row, k * width) for k in range(parts)
            ):
                return [_part(grid, row, k * width, width) for k in range(parts)]
    return [grid]


def _names(grid: Grid, row: int, column: int) -> bool:
    below = [str(t) for t in grid.cells[row + 1 :, column] if t]
    return bool(below) and sum(is_known(t) for t in below) >= 0.5 * len(below)


def _part(grid: Grid, row: int, first: int, width: int) -> Grid:
    """The columns of one part under the titles, which stand over the first."""
    cells = grid.cells[:, first : first + width].copy()
    cells[:row] = grid.cells[:row, :width]
    merged = tuple(
        (top, bottom, max(left - first, 0), min(right - first, width - 1))
        for top, bottom, left, right in grid.merged
        if top >= row and left < first + width and right >= first
    )
    letters = tuple(grid.column(c) for c in range(first, first + width))
    log = grid.log if first == 0 else ()
    return dataclasses.replace(grid, cells=cells, merged=merged, letters=letters, log=log)
