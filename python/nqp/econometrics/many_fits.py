"""One coefficient under many cores or many draws: all share the design net of effects and controls (Frisch-Waugh-Lovell), so tens
of thousands of fits are a few hundred matrix products.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtr

from nqp.econometrics.covariances import sandwich
from nqp.econometrics.effects import Absorber, combined, sum_by
from nqp.econometrics.equation import ENTITY, Floats
from nqp.econometrics.screens import ABSORBED_SHARE, COLLINEAR_SHARE

QUICK_COVARIANCES = ("iid", "hc1", "cluster")


def core_coefficients(
    absorber: Absorber,
    outcome: Floats,
    controls: Floats,
    cores: Floats,
    spread: Floats,
    clusters: tuple[str, ...] = ENTITY,
) -> pd.DataFrame:
    """The coefficient of each core (n, p) on the outcome (n,) beside the controls (n, k), all net of the effects.

    Per core: estimate, estimate_per_sd (times ``spread`` (p,)), score_sd, and standard error and two-sided p under each of
    QUICK_COVARIANCES, with the factors and degrees of freedom of :func:`nqp.econometrics.covariances.sandwich`. By Frisch, Waugh and Lovell
    b = x'y / x'x with x and y net of effects and controls, and the influence of a row is x / x'x. A core that effects and
    controls absorb has no coefficient (NaN).
    """
    basis = _orthonormal(controls)
    x, y = off(basis, cores), off(basis, outcome[:, None])
    squares = (x * x).sum(axis=0)
    total = (cores * cores).sum(axis=0)
    varies = (
        (squares > COLLINEAR_SHARE * total)
        & (total > ABSORBED_SHARE * (len(x) - 1) * spread**2)
        & (spread > 0)
    )
    safe = np.where(varies, squares, 1.0)
    estimate = np.where(varies, (x * y).sum(axis=0) / safe, np.nan)
    errors = y - x * estimate
    influence = x / safe
    scores = influence * errors
    columns: dict[str, Any] = {
        "estimate": estimate,
        "estimate_per_sd": estimate * spread,
        "score_sd": spread,
    }
    meats: dict[str, Callable[[], Floats]] = {
        "iid": lambda: (influence**2).sum(axis=0) * (errors**2).sum(axis=0) / len(x),
        "hc1": lambda: (scores**2).sum(axis=0),
        "cluster": lambda: _clustered(absorber, clusters, scores),
    }
    for name in QUICK_COVARIANCES:
        rule = sandwich(
            absorber, influence[:, :1], errors[:, :1], basis.shape[1] + 1, name, clusters=clusters
        )
        std_error = np.sqrt(rule.factor * meats[name]())
        columns[f"se_{name}"] = std_error
        columns[f"p_{name}"] = 2 * stdtr(rule.df[0], -np.abs(estimate) / std_error)
    return pd.DataFrame(columns)


def _clustered(absorber: Absorber, clusters: tuple[str, ...], scores: Floats) -> Floats:
    """Sums over clusters of squared summed scores (n, p), less those over the intersection of two levels; shape (p,)."""
    if clusters == ENTITY:
        return np.asarray((absorber.sum_by_entity(scores) ** 2).sum(axis=0))
    levels = [absorber.codes(level) for level in clusters]
    total = sum((sum_by(code, scores) ** 2).sum(axis=0) for code in levels)
    if len(levels) > 1:
        total = total - (sum_by(combined(levels), scores) ** 2).sum(axis=0)
    return np.asarray(total)


def weighted_coefficients(
    absorber: Absorber, outcome: Floats, others: Floats, cores: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Least squares with weights (n, d) that are constant within an entity: the coefficient of the core, and its weighted
    standard deviation, per draw.

    ``cores`` has a column per draw, or one for all. Entity effects leave by subtracting entity means, which such weights do
    not touch; what the years add (or the constant) and the other regressors (n, k) are partialled out of the weighted cross
    products of each draw. A draw that leaves the core no variation of its own has none (NaN).
    """
    estimate, spread, _ = weighted_fits(absorber, outcome, others, cores, weights)
    return estimate, spread


def weighted_fits(
    absorber: Absorber, outcome: Floats, others: Floats, cores: Floats, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    """The same, and the standard error of each draw clustered by entity, every copy of an entity a cluster of its own, without
    a small-sample factor: draws of equal size share it.
    """
    y, x = net_of_effects(absorber, outcome[:, None]), net_of_effects(absorber, cores)
    z = np.column_stack([absorber.basis, net_of_effects(absorber, others)])
    z = z / np.sqrt((z * z).sum(axis=0))
    # einsum, not BLAS: sums over so many columns would depend on the number of threads
    zz = np.einsum("nd,na,nb->dab", weights, z, z)
    zx = np.einsum("nd,na->da", weights * x, z)
    zy = np.einsum("nd,na->da", weights * y, z)
    # the null space of a draw's design (a year nobody drawn has) takes no part
    inverse = np.linalg.pinv(zz, rcond=1e-10, hermitian=True)
    solved = np.einsum("dij,dj->di", inverse, zx)
    xx = (weights * x * x).sum(axis=0)
    own = xx - (solved * zx).sum(axis=1)
    xy = (weights * x * y).sum(axis=0) - (solved * zy).sum(axis=1)
    varies = own > 1e-10 * xx
    safe = np.where(varies, own, 1.0)
    estimate = np.where(varies, xy / safe, np.nan)
    count = weights.sum(axis=0)
    mean = (weights * cores).sum(axis=0) / count
    spread = np.sqrt((weights * (cores - mean) ** 2).sum(axis=0) / (count - 1))
    # a row's part in the score of its entity, which counts as often as it was drawn
    left = x - np.einsum("na,da->nd", z, solved)
    slopes = np.einsum("dij,dj->di", inverse, zy - zx * np.nan_to_num(estimate)[:, None])
    errors = y - x * np.nan_to_num(estimate) - np.einsum("na,da->nd", z, slopes)
    firsts = np.unique(absorber.entity, return_index=True)[1]
    scores = absorber.sum_by_entity(left * errors)
    std_error = np.sqrt((weights[firsts] * scores**2).sum(axis=0)) / safe
    return estimate, spread, np.where(varies, std_error, np.nan)


def net_of_effects(absorber: Absorber, columns: Floats) -> Floats:
    """Columns (n, p) net of the effects, as :meth:`Absorber.residual`, whatever the number of threads."""
    return off(absorber.basis, absorber.off_entity(absorber.off_entity(columns)))


def _orthonormal(columns: Floats) -> Floats:
    """An orthonormal basis (n, r) of columns (n, k); those that the ones before them hold add nothing."""
    basis = np.empty((len(columns), 0))
    for column in columns.T:
        length = np.linalg.norm(column)
        left = off(basis, column[:, None] / (length or 1.0))
        if (size := np.linalg.norm(left)) ** 2 > COLLINEAR_SHARE:
            basis = np.column_stack([basis, left / size])
    return basis


def off(basis: Floats, columns: Floats) -> Floats:
    """Columns less their projection on an orthonormal basis; twice, so that no digits are lost.

    einsum and not BLAS, whose sums over many columns depend on the number of threads.
    """
    for _ in range(2):
        inner = np.einsum("nr,nc->rc", basis, columns)
        columns = columns - np.einsum("nr,rc->nc", basis, inner)
    return columns
