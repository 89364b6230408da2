"""How variables go together: correlations, variance inflation, and whether the means of groups are equal."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from scipy import stats as distributions

from nqp.econometrics.covariances import sandwich
from nqp.econometrics.effects import Absorber, pseudo_inverse
from nqp.econometrics.equation import EstimationError, Floats, Integers
from nqp.econometrics.inference import wald_of

CONSTANT_SHARE = 1e-20  # of the sum of squares: what is left of a constant column is rounding


@dataclass(frozen=True)
class Correlations:
    """Pearson correlations of the columns of complete rows, with p-values of t with n - 2 degrees of freedom.

    A constant column has no correlation (NaN).
    """

    rows: int
    values: Floats  # (k, k)
    p_values: Floats


def correlations(columns: Floats) -> Correlations:
    """The correlations of columns, shape (n, k), without missing values."""
    rows = len(columns)
    centred = columns - columns.mean(axis=0)
    sums = (centred**2).sum(axis=0)
    is_constant = sums <= CONSTANT_SHARE * np.maximum((columns**2).sum(axis=0), 1e-300)
    norms = np.where(is_constant, np.nan, np.sqrt(sums))
    r = np.clip((centred / norms).T @ (centred / norms), -1.0, 1.0)
    np.fill_diagonal(r, np.where(is_constant, np.nan, 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt((rows - 2) / (1 - r**2)) if rows > 2 else np.full_like(r, np.nan)
    return Correlations(rows, r, 2 * distributions.t.sf(t, max(rows - 2, 1)))


def variance_inflation(columns: Floats, absorber: Absorber) -> Floats:
    """1 / (1 - R²) of each column on all others, net of what the absorber takes out (a constant, or effects).

    Infinite where the others determine a column, NaN where the effects do.
    """
    net = absorber.residual(columns)
    before = ((columns - columns.mean(axis=0)) ** 2).sum(axis=0)
    found = np.full(columns.shape[1], np.nan)
    scale = np.sqrt((net**2).sum(axis=0))
    varies = scale**2 > 1e-16 * np.maximum(before, 1e-300)
    unit = net[:, varies] / scale[varies]
    for place, column in enumerate(np.flatnonzero(varies)):
        others = np.delete(unit, place, axis=1)
        if not others.shape[1]:
            found[column] = 1.0
            continue
        coefficients, *_ = np.linalg.lstsq(others, unit[:, place], rcond=None)
        left = float(((unit[:, place] - others @ coefficients) ** 2).sum())
        found[column] = np.inf if left < 1e-14 else 1 / left
    return found


@dataclass(frozen=True)
class GroupMeans:
    """One variable by groups, and the test that all means are equal, clustered by entity."""

    counts: tuple[int, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]  # divided by n - 1
    statistic: float
    df: tuple[int, int]
    p_value: float


def group_means(values: Floats, group: Integers, groups: int, entity: Integers) -> GroupMeans:
    """Means by group and their Wald test: the regression on the dummies of the groups, clustered by entity.

    Factor G/(G-1) (n-1)/(n-K) with G entities and K groups, F(K-1, G-1). An entity may change its group. The test is NaN with
    fewer than two groups, or where a variance is zero.
    """
    n = len(values)
    counts = np.bincount(group, minlength=groups)
    if (counts == 0).any():
        raise ValueError("a group without rows")
    means = np.bincount(group, values, minlength=groups) / counts
    residuals = values - means[group]
    squares = np.bincount(group, residuals**2, minlength=groups)
    deviations = np.sqrt(squares / np.maximum(counts - 1, 1))
    clusters = int(entity.max()) + 1
    scores = np.zeros((clusters, groups))
    np.add.at(scores, (entity, group), residuals)
    statistic = p = float("nan")
    df = (groups - 1, clusters - 1)
    if groups > 1 and clusters > 1 and n > groups:
        factor = clusters / (clusters - 1) * (n - 1) / (n - groups)
        matrix = factor * (scores.T @ scores) / np.outer(counts, counts)
        contrasts = np.column_stack([-np.ones(groups - 1), np.eye(groups - 1)])
        middle = contrasts @ matrix @ contrasts.T
        difference = contrasts @ means
        if np.linalg.matrix_rank(middle) == groups - 1 and clusters > groups:
            statistic = float(difference @ np.linalg.solve(middle, difference)) / (groups - 1)
            p = float(distributions.f.sf(statistic, *df))
    return GroupMeans(_ints(counts), _floats(means), _floats(deviations), statistic, df, p)


@dataclass(frozen=True)
class Balance:
    """Variables in the rows of group 1 beside those of group 0, one by one and together, clustered by entity."""

    groups: tuple[GroupMeans, ...]  # by variable; the first group is 0
    differences: tuple[float, ...]  # mean of group 1 less that of group 0
    errors: tuple[float, ...]
    standardized: tuple[float, ...]  # Imbens and Rubin (2015): over the root of the mean of the two variances
    statistic: float
    df: tuple[int, int]
    p_value: float


def balance(columns: Floats, treated: Integers, absorber: Absorber) -> Balance:
    """The balance of ``columns``, shape (n, k), between the rows where ``treated`` is 1 and those where it is 0.

    Each difference is tested as `group_means` does, clustered by the entities of the absorber, which takes out a constant.
    Together: the Wald test that no variable tells the groups apart, from the regression of ``treated`` on all of them, factor
    G/(G-1) (n-1)/(n-k-1), F(k, G-1); NaN where the variables are collinear, or the entities too few.
    """
    n, k = columns.shape
    groups = tuple(group_means(columns[:, place], treated, 2, absorber.entity) for place in range(k))
    differences = [one.means[1] - one.means[0] for one in groups]
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = np.abs(differences) / np.sqrt([one.statistic for one in groups])
        spread = np.sqrt([(one.deviations[0] ** 2 + one.deviations[1] ** 2) / 2 for one in groups])
        standardized = np.array(differences) / spread
    statistic = p = float("nan")
    net = absorber.residual(np.column_stack([treated, columns]))
    outcome, design = net[:, :1], net[:, 1:]
    df = (k, int(absorber.entity.max()))
    if np.isfinite(variance_inflation(columns, absorber)).all() and min(n - 1, df[1]) > k:
        influence = pseudo_inverse(design).T
        coefficients = (influence.T @ outcome)[:, 0]
        residuals = np.repeat(outcome - design @ coefficients[:, None], k, axis=1)
        result = sandwich(absorber, influence, residuals, k, "cluster")
        with suppress(EstimationError):  # too few clusters for so many variables
            statistic, _, p = wald_of(coefficients, result.matrix, df[1])
    return Balance(groups, _floats(differences), _floats(errors), _floats(standardized), statistic, df, p)


def _ints(values: Integers) -> tuple[int, ...]:
    return tuple(int(value) for value in values)


def _floats(values: Sequence[float] | Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
