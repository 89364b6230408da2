"""Which entities and years an index can cover: a figure missing at the ends is never filled, one inside a gap is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Window:
    """Years of an index, the entities complete in them, and how many more each series costs."""

    first_year: int
    last_year: int
    entities: tuple[str, ...]
    filled: int
    costs: dict[str, int]


def widest_window(
    figures: pd.DataFrame,
    series: Sequence[str],
    *,
    first_year: int | None = None,
    last_year: int | None = None,
    gaps: bool = True,
) -> Window | None:
    """The years in which most entity-years are complete in all ``series``; None where there are none.

    ``figures``: columns entity_code, year (whole), series_code, one row per figure. With ``gaps`` a blank between two
    observed years counts as complete (the build interpolates it), unless the whole entity-year is blank.
    Among equals the longer window wins, then the later.
    """
    used = figures[figures["series_code"].isin(list(series))]
    if used.empty:
        return None
    entities = list(dict.fromkeys(used["entity_code"]))
    first, last = int(used["year"].min()), int(used["year"].max())
    here = np.zeros((len(entities), len(series), last - first + 1), dtype=bool)
    rows = used["entity_code"].map({code: i for i, code in enumerate(entities)}).to_numpy()
    columns = used["series_code"].map({code: i for i, code in enumerate(series)}).to_numpy()
    here[rows, columns, used["year"].to_numpy(dtype=int) - first] = True
    complete: np.ndarray = here
    if gaps:
        before = np.maximum.accumulate(here, axis=2)
        after = np.maximum.accumulate(here[:, :, ::-1], axis=2)[:, :, ::-1]
        complete = before & after & np.asarray(np.any(here, axis=1))[:, None, :]
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
        int((~inside[whole_ones]).sum()),
        {code: count for code, count in costs.items() if count},
    )


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
