"""How much of one coefficient rests on one entity: leverage, leave-one-out, leave-two-out, and a robust fit beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.econometrics.effects import pseudo_inverse
from nqp.econometrics.equation import EstimationError, Floats, check_term
from nqp.econometrics.fit import Fit
from nqp.econometrics.inference import infer
from nqp.econometrics.sensitivity import LeaveOneOut, leave_one_out, on_rows

HALF = 0.5  # of a standard error: what moves the estimate further is named
TUNING = 1.345  # Huber's constant: 95 % efficiency under normal errors


@dataclass(frozen=True, eq=False)
class Influence:
    """One coefficient and what each entity does to it.

    ``table`` is indexed by entity: ``share_within`` of the variance of the regressor net of the effects, ``leverage`` the same
    net of the other regressors too, estimate, std_error and p_value without it, ``dfbeta`` (estimate less the one without it,
    over the standard error of all). ``pairs`` leaves out the most influential entity and each other one. ``robust`` is
    Huber's M-estimate on columns net of the effects; NaN after 2SLS. ``within`` and ``pooled`` are standard deviations of
    the regressor, net of the effects and as it is.
    """

    term: str
    estimate: float
    std_error: float
    p_value: float
    level: float
    table: pd.DataFrame
    pairs: pd.DataFrame
    robust: float
    within: float
    pooled: float

    @property
    def notable(self) -> list[str]:
        """The entities whose absence changes significance at the level, or moves the estimate by more than half a standard
        error, the most influential first.
        """
        rows = self.table.dropna(subset=["estimate"])
        flips = (rows["p_value"] < self.level) != (self.p_value < self.level)
        moves = rows["dfbeta"].abs() > HALF
        found = rows[flips | moves]
        return list(
            found.assign(size=found["dfbeta"].abs()).sort_values("size", ascending=False, kind="stable").index
        )


def influence(
    full: Fit, term: str, *, level: float = 0.05, without_each: LeaveOneOut | None = None
) -> Influence:
    """The influence of every entity on the coefficient of ``term``.

    Raises EstimationError for an unknown term, or when the model can be fitted without no entity.
    """
    check_term(term, list(full.terms), 1)
    one = infer(full).table.loc[term]
    left = without_each or leave_one_out(full, term)
    names = full.frame.index.get_level_values(0)
    codes = names[np.unique(full.absorber.entity, return_index=True)[1]]
    x = full.within([term])[:, 0]
    own = full.influence[:, list(full.terms).index(term)]
    table = left.table.copy()
    table.insert(0, "share_within", pd.Series(_shares(full, x), index=codes))
    table.insert(1, "leverage", pd.Series(_shares(full, own), index=codes))
    table["dfbeta"] = (one["estimate"] - table["estimate"]) / one["std_error"]
    return Influence(
        term=term,
        estimate=float(one["estimate"]),
        std_error=float(one["std_error"]),
        p_value=float(one["p_value"]),
        level=level,
        table=table,
        pairs=_pairs(full, term, left.most_influential),
        robust=float("nan") if full.is_iv else _huber(full, term),
        within=float(np.sqrt((x @ x) / (len(x) - 1))),
        pooled=float(full.frame[term].std(ddof=1)),
    )


def _shares(full: Fit, column: Floats) -> Floats:
    squares = full.absorber.sum_by_entity((column * column)[:, None])[:, 0]
    return np.asarray(squares / squares.sum())


def _pairs(full: Fit, term: str, first: str) -> pd.DataFrame:
    """The estimate without the most influential entity and each other one."""
    entities = full.frame.index.get_level_values(0)
    rows = {}
    for second in entities.unique():
        if second == first:
            continue
        try:
            rest = on_rows(full, (entities != first) & (entities != second))
            rows[second] = infer(rest).table.loc[term, ["estimate", "std_error", "p_value"]]
        except (EstimationError, KeyError):
            rows[second] = pd.Series(np.nan, index=["estimate", "std_error", "p_value"])
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "std_error", "p_value"])
    table.insert(0, "first", first)
    return table.rename_axis("second").astype({"estimate": float, "std_error": float, "p_value": float})


def _huber(full: Fit, term: str) -> float:
    """Huber's M-estimate of the slope on columns net of the effects, scale by the median absolute residual."""
    y, x = full.within([full.outcome])[:, 0], full.within(list(full.terms))
    slopes = pseudo_inverse(x) @ y
    for _ in range(200):
        residuals = y - x @ slopes
        scale = np.median(np.abs(residuals)) / 0.6745
        if scale <= 1e-12 * np.abs(y).max():
            break
        weights = np.minimum(1.0, TUNING / np.maximum(np.abs(residuals) / scale, 1e-300))
        root = np.sqrt(weights)
        new = pseudo_inverse(x * root[:, None]) @ (y * root)
        if np.abs(new - slopes).max() <= 1e-12 * max(1.0, np.abs(slopes).max()):
            slopes = new
            break
        slopes = new
    return float(slopes[list(full.terms).index(term)])
