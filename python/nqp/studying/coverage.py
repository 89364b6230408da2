"""Which entities and years an index can cover; a missing figure counts as there only where its series says how it is filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Window:
    """Years of an index, its entities, the cells filled in each series, and how many more entities each series costs.

    ``partial``: how many entities beyond these have at least one complete year, which `drop rows` would keep.
    """

    first_year: int
    last_year: int
    entities: tuple[str, ...]
    filled: dict[str, int]
    costs: dict[str, int]
    partial: int = 0


@dataclass(frozen=True)
class _Cells:
    """Entities x series x years: which cells are observed, and which are there once gaps are filled."""

    entities: list[str]
    first_year: int
    observed: Any
    complete: Any


def _cells(figures: pd.DataFrame, series: Sequence[str], fill: Mapping[str, str]) -> _Cells | None:
    """The cells of ``series``. An entity-year that is blank throughout is not filled: the build refuses it."""
    import pandas as pd

    used = figures[figures["series_code"].isin(list(series))]
    if used.empty:
        return None
    rows, entities = pd.factorize(used["entity_code"])
    columns = pd.Index(series).get_indexer(used["series_code"])
    first, last = int(used["year"].min()), int(used["year"].max())
    here = np.zeros((len(entities), len(series), last - first + 1), dtype=bool)
    here[rows, columns, used["year"].to_numpy(dtype=int) - first] = True
    complete = here.copy()
    for place, code in enumerate(series):
        complete[:, place, :] |= _filled(here[:, place, :], fill.get(code, ""))
    return _Cells(entities.tolist(), first, here, complete & np.asarray(np.any(here, axis=1))[:, None, :])


def _filled(here: Any, rule: str) -> Any:
    """The cells of entities x years that a rule of def_series.impute fills: ``linear``, ``carry N``, or blank."""
    before = np.maximum.accumulate(here, axis=1)
    if rule == "linear":
        return before & np.maximum.accumulate(here[:, ::-1], axis=1)[:, ::-1]
    if not rule.startswith("carry"):
        return np.zeros_like(here)
    years = np.arange(here.shape[1])
    latest = np.maximum.accumulate(np.where(here, years, -1), axis=1)
    return before & (years - latest <= int(rule.split()[1]))


def widest_window(
    figures: pd.DataFrame,
    series: Sequence[str],
    *,
    first_year: int | None = None,
    last_year: int | None = None,
    fill: Mapping[str, str] | None = None,
) -> Window | None:
    """The years in which most entity-years are complete in all ``series``; None where there are none.

    ``figures``: columns entity_code, year (whole), series_code, one row per figure. ``fill``: the rule by which a series
    is imputed, as def_series.impute has it. Among equals the longer window wins, then the later.
    """
    cells = _cells(figures, series, fill or {})
    if cells is None:
        return None
    entities, first, here, complete = cells.entities, cells.first_year, cells.observed, cells.complete
    last = first + here.shape[2] - 1
    best: tuple[int, int, int, int] | None = None
    starts = range(first, last + 1) if first_year is None else [first_year]
    for start in starts:
        ends = range(start, last + 1) if last_year is None else [last_year]
        for end in ends:
            if not first <= start <= end <= last:
                continue
            whole = int(complete[:, :, start - first : end - first + 1].all(axis=(1, 2)).sum())
            size = (whole * (end - start + 1), end - start, end, start)
            if whole and (best is None or size > best):
                best = size
    if best is None:
        return None
    _, length, end, _ = best
    start = end - length
    part = complete[:, :, start - first : end - first + 1]
    by_series: np.ndarray = np.all(part, axis=2)
    whole_ones: np.ndarray = np.all(by_series, axis=1)
    missing = (~by_series).sum(axis=1)
    costs = {code: int(((missing == 1) & ~by_series[:, i]).sum()) for i, code in enumerate(series)}
    inside = here[:, :, start - first : end - first + 1]
    return Window(
        start,
        end,
        tuple(code for code, is_whole in zip(entities, whole_ones, strict=True) if is_whole),
        _counted(series, ~inside[whole_ones]),
        {code: count for code, count in costs.items() if count},
        int((np.all(part, axis=1).any(axis=1) & ~whole_ones).sum()),
    )


def window_of_rows(
    figures: pd.DataFrame,
    series: Sequence[str],
    *,
    first_year: int | None = None,
    last_year: int | None = None,
    fill: Mapping[str, str] | None = None,
) -> Window | None:
    """The years and entities with at least one complete entity-year, for an index that drops the others."""
    cells = _cells(figures, series, fill or {})
    if cells is None:
        return None
    years = np.arange(cells.complete.shape[2]) + cells.first_year
    wanted = (years >= (first_year or years[0])) & (years <= (last_year or years[-1]))
    kept: np.ndarray = np.all(cells.complete, axis=1) & wanted
    if not kept.any():
        return None
    covered = years[kept.any(axis=0)]
    stands: np.ndarray = np.any(kept, axis=1)
    return Window(
        first_year or int(covered[0]),
        last_year or int(covered[-1]),
        tuple(code for code, is_there in zip(cells.entities, stands, strict=True) if is_there),
        _counted(series, ~cells.observed & kept[:, None, :]),
        {},
    )


def _counted(series: Sequence[str], cells: Any) -> dict[str, int]:
    counts = cells.sum(axis=(0, 2)).tolist()
    return {code: int(count) for code, count in zip(series, counts, strict=True) if count}


def narrowest(figures: pd.DataFrame, series: Sequence[str]) -> list[str]:
    """The series with fewest entities or years, as many as must go until at least half of all entities are complete."""
    wanted = max(2, figures["entity_code"].nunique() // 2)
    size = figures.groupby("series_code").size()
    left = sorted(series, key=lambda code: (-int(size.get(code, 0)), code))
    out: list[str] = []
    while len(left) > 1:
        window = widest_window(figures, left)
        if window is not None and len(window.entities) >= wanted:
            break
        out.append(left.pop())
    return out
