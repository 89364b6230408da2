"""Confidence intervals out of bootstrap draws, method beside method: they differ where the draws are biased or skewed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from nqp.econometrics.equation import Floats

METHODS = ("percentile", "basic", "bca", "studentised")


@dataclass(frozen=True, eq=False)
class Intervals:
    """``table``: one row per method with conf_low, conf_high and whether zero lies between; the draws' median and bias."""

    estimate: float
    median: float
    bias: float  # mean of the draws less the estimate
    draws: int
    table: pd.DataFrame

    @property
    def agree_on_zero(self) -> bool:
        """Whether every method says the same about zero."""
        known = self.table.dropna(subset=["conf_low", "conf_high"])
        return bool(known["has_zero"].nunique() <= 1)


def intervals(
    estimate: float,
    draws: Floats,
    *,
    std_error: float = float("nan"),
    draw_errors: Floats | None = None,
    jackknife: Floats | None = None,
    level: float = 0.95,
) -> Intervals:
    """The intervals of an estimate from its bootstrap draws (Davison and Hinkley 1997, chapter 5).

    percentile   quantiles of the draws
    basic        2 b - the same, reflected
    bca          percentile with Efron's (1987) correction for bias and for acceleration, the latter from ``jackknife``
                 estimates; without them the acceleration is 0
    studentised  b - t* s, t* the quantiles of (b* - b) / s*, with ``std_error`` s and ``draw_errors`` s*
    """
    draws = np.asarray(draws, dtype=float)
    kept = np.isfinite(draws)
    values = draws[kept]
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    low, high = np.quantile(values, tails)
    found = {"percentile": (low, high), "basic": (2 * estimate - high, 2 * estimate - low)}
    below = (np.sum(values < estimate) + 0.5 * np.sum(values == estimate)) / len(values)
    if 0 < below < 1:
        z0 = ndtri(below)
        acceleration = 0.0
        if jackknife is not None:
            gaps = np.mean(jackknife) - np.asarray(jackknife, dtype=float)
            squares = float(np.sum(gaps**2))
            acceleration = float(np.sum(gaps**3)) / (6 * squares**1.5) if squares > 0 else 0.0
        shifted = z0 + ndtri(tails)
        found["bca"] = tuple(np.quantile(values, ndtr(z0 + shifted / (1 - acceleration * shifted))))
    if draw_errors is not None and np.isfinite(std_error):
        errors = np.asarray(draw_errors, dtype=float)
        usable = kept & np.isfinite(errors) & (errors > 0)
        ratios = (draws[usable] - estimate) / errors[usable]
        if len(ratios) > 1:
            t_low, t_high = np.quantile(ratios, tails)
            found["studentised"] = (estimate - t_high * std_error, estimate - t_low * std_error)
    table = pd.DataFrame.from_dict(
        {name: found.get(name, (np.nan, np.nan)) for name in METHODS},
        orient="index",
        columns=["conf_low", "conf_high"],
    )
    table["has_zero"] = (table["conf_low"] <= 0) & (table["conf_high"] >= 0)
    return Intervals(
        estimate,
        float(np.median(values)),
        float(values.mean() - estimate),
        len(values),
        table.rename_axis("method"),
    )


def splits(draws: Floats, copies: Floats, entities: list[str]) -> pd.DataFrame:
    """Per entity: how many draws lack it, and the mean of the draws with it and without it; ``gap`` is their difference.

    ``copies`` (entities, draws) says how often each was drawn.
    """
    kept = np.isfinite(draws)
    draws, present = draws[kept], copies[:, kept] > 0
    rows = []
    for name, here in zip(entities, present, strict=True):
        both = 0 < here.sum() < len(here)
        inside, outside = (
            (float(draws[here].mean()), float(draws[~here].mean())) if both else (np.nan, np.nan)
        )
        rows.append(
            {"entity": name, "draws_without": int((~here).sum()), "mean_with": inside, "mean_without": outside,
             "gap": inside - outside}
        )  # fmt: skip
    table = pd.DataFrame(rows).set_index("entity")
    return table.reindex(table["gap"].abs().sort_values(ascending=False, kind="stable").index)
