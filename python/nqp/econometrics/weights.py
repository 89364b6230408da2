"""Weights of the rows of a fit, with Stata's conventions: analytic ones and frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.econometrics.equation import EstimationError, Floats

ANALYTIC, FREQUENCY = "analytic", "frequency"
KINDS_OF_WEIGHTS = (ANALYTIC, FREQUENCY)
# The covariances that are verified for weighted fits and for fits without a constant.
COVARIANCES_OF_WEIGHTED = ("iid", "hc1", "cluster", "cluster_areg", "cluster_year")


@dataclass(frozen=True)
class Weights:
    """A column of the panel that weighs its rows.

    ``analytic``: the variance of an error is inverse to the weight (a row is a mean of so many); scaled to add up to the
    number of rows, which stays N. ``frequency``: the row stands for so many equal rows; N is their sum.
    """

    kind: str
    column: str


def row_weights(frame: pd.DataFrame, weights: Weights) -> Floats:
    """The weights (n,) of the rows of a frame as the kind counts them.

    Raises EstimationError for an unknown kind, a weight that is not above 0, and a frequency that is no whole number.
    """
    if weights.kind not in KINDS_OF_WEIGHTS:
        raise EstimationError(f"no weights '{weights.kind}'; choose one of {', '.join(KINDS_OF_WEIGHTS)}.")
    values = frame[weights.column].to_numpy(dtype=float)
    whole = weights.kind != FREQUENCY or np.equal(values, np.round(values))
    faulty = ~((values > 0) & whole)
    if faulty.any():
        entity, year = frame.index[faulty][0]
        needed = "a whole number above 0" if weights.kind == FREQUENCY else "a number above 0"
        raise EstimationError(
            f"weight '{weights.column}' is {values[faulty][0]:g} in entity {entity}, year {year}: {needed} is needed; a row "
            "that should not count has no weight (leave it blank)."
        )
    return values if weights.kind == FREQUENCY else np.asarray(values * (len(values) / values.sum()))


def check_least_squares(
    what: str, weights: Weights | None, constant: bool, effects: tuple[str, ...], endog: Sequence[str]
) -> None:
    """EstimationError unless weights and a missing constant belong to a model that they are verified for."""
    if not constant and effects:
        raise EstimationError(
            f"{what}: with effects there is a constant in them; leave constant = false out, or the effects."
        )
    if endog and (weights is not None or not constant):
        raise EstimationError(
            f"{what}: weights, and a model without a constant, are offered for least squares only; leave them out, or the "
            "instruments."
        )
