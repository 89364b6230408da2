"""Adjusted p-values of several hypotheses: Holm's, and Romano and Wolf's from joint bootstrap draws."""

from __future__ import annotations

import numpy as np

from nqp.econometrics.equation import Floats


def holm(p_values: Floats) -> Floats:
    """Holm (1979): p of rank i times the hypotheses not yet rejected, never falling; NaN stays and is not counted."""
    p = np.asarray(p_values, dtype=float)
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    highest = 0.0
    for place, j in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - place) * p[j]))
        adjusted[j] = highest
    return adjusted


def romano_wolf(statistics: Floats, draws: Floats) -> Floats:
    """Romano and Wolf (2005, 2016): step down by the largest of the statistics still in question.

    ``statistics`` (h,) are absolute t values, ``draws`` (b, h) those of the same hypotheses in draws in which each is true;
    p = (1 + #{max t* >= t}) / (1 + b), never falling.
    """
    t, adjusted, highest = np.asarray(statistics, dtype=float), np.full(len(statistics), np.nan), 0.0
    known = np.flatnonzero(np.isfinite(t))
    order = known[np.argsort(-t[known], kind="stable")]
    for place, j in enumerate(order):
        largest = np.nanmax(draws[:, order[place:]], axis=1)
        highest = max(highest, (1 + int(np.sum(largest >= t[j] * (1 - 1e-12)))) / (1 + len(draws)))
        adjusted[j] = highest
    return adjusted
