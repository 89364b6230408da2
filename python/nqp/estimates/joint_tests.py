"""Several hypotheses at once: p-values adjusted for how many are tried."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nqp.econometrics.many_fits import weighted_fits
from nqp.econometrics.multiple_tests import holm, romano_wolf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nqp.econometrics.equation import Floats
    from nqp.econometrics.fit import Fit
    from nqp.estimates.comparison import Verdict
    from nqp.estimates.regressions import Estimates
    from nqp.study.specification import Resampling

MOST_DRAWS = 999
CHUNK = 250


def with_adjusted(verdicts: Sequence[Verdict], estimates: Estimates, resampling: Resampling) -> list[Verdict]:
    """The verdicts with Holm's p and, where all columns are least squares with rows, that of Romano and Wolf."""
    if len(verdicts) < 2:
        return list(verdicts)
    adjusted = holm(np.array([one.p_value for one in verdicts]))
    stepped = np.full(len(verdicts), np.nan)
    fits = [_rows_of(one, estimates) for one in verdicts]
    if all(fit is not None and not fit.is_iv for fit in fits):
        known = [fit for fit in fits if fit is not None]
        terms = [one.hypothesis.address.term for one in verdicts]
        observed, draws = _joint_draws(known, terms, resampling)
        stepped = romano_wolf(observed, draws)
    return [
        replace(one, p_holm=float(a), p_romano_wolf=float(b))
        for one, a, b in zip(verdicts, adjusted, stepped, strict=True)
    ]


def _rows_of(verdict: Verdict, estimates: Estimates) -> Fit | None:
    address = verdict.hypothesis.address
    equation = estimates.equation(address.table, address.panel, address.model)
    fit = None if equation is None else equation.fit.with_rows
    return fit if fit is not None and fit.is_plain and address.term in fit.terms else None


def _joint_draws(fits: Sequence[Fit], terms: Sequence[str], resampling: Resampling) -> tuple[Floats, Floats]:
    """Absolute t of every hypothesis, and in draws of entities those of (b* - b): the same entities for all of them."""
    names = sorted({name for fit in fits for name in fit.frame.index.get_level_values(0)})
    place = {name: i for i, name in enumerate(names)}
    draws = min(resampling.bootstrap_draws, MOST_DRAWS)
    drawn = np.random.default_rng(resampling.seed).integers(len(names), size=(draws, len(names)))
    copies = np.stack([np.bincount(row, minlength=len(names)) for row in drawn], axis=1).astype(float)
    observed, found = [], []
    for fit, term in zip(fits, terms, strict=True):
        rows = [place[name] for name in fit.frame.index.get_level_values(0)]
        others = fit.frame[[name for name in fit.terms if name != term]].to_numpy(dtype=float)
        outcome, core = fit.frame[fit.outcome].to_numpy(dtype=float), fit.frame[[term]].to_numpy(dtype=float)
        whole, _, error = weighted_fits(fit.absorber, outcome, others, core, np.ones((len(rows), 1)))
        observed.append(abs(whole[0]) / error[0])
        parts = []
        for start in range(0, draws, CHUNK):
            weights = copies[rows, start : start + CHUNK]
            estimate, _, errors = weighted_fits(fit.absorber, outcome, others, core, weights)
            parts.append(np.abs(estimate - whole[0]) / errors)
        found.append(np.concatenate(parts))
    return np.array(observed), np.column_stack(found)
