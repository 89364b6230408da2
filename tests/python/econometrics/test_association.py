"""Correlations, variance inflation and means of groups against pandas, SciPy and statsmodels, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from nqp.econometrics.association import balance, correlations, group_means, variance_inflation
from nqp.econometrics.effects import Absorber
from scipy import stats
from statsmodels.stats.outliers_influence import variance_inflation_factor

N, T = 12, 7


def panel(seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    entity, year = np.repeat(np.arange(N), T), np.tile(np.arange(T), N)
    x = draw.normal(size=(N * T, 3)) + draw.normal(size=(N, 3))[entity] + draw.normal(size=(T, 3))[year]
    x[:, 2] += 0.8 * x[:, 0]
    keep = draw.random(N * T) > 0.1  # unbalanced
    return x[keep], entity[keep], year[keep]


def test_correlations_and_their_p_values_are_those_of_scipy() -> None:
    x, _, _ = panel()
    found = correlations(x)
    for i in range(3):
        for j in range(i):
            r, p = stats.pearsonr(x[:, i], x[:, j])
            assert found.values[i, j] == pytest.approx(r, rel=1e-12)
            assert found.p_values[i, j] == pytest.approx(p, rel=1e-9)
    assert found.rows == len(x)


def test_a_constant_has_no_correlation_and_a_copy_has_one() -> None:
    x = np.column_stack([np.arange(6.0), np.full(6, 0.1), 2 * np.arange(6.0) + 1])
    found = correlations(x)
    assert np.isnan(found.values[0, 1])
    assert np.isnan(found.values[1, 1])
    assert found.values[0, 2] == pytest.approx(1.0, abs=1e-15)
    assert found.p_values[0, 2] < 1e-25


def test_variance_inflation_is_that_of_statsmodels_pooled_and_with_dummies() -> None:
    x, entity, year = panel()
    pooled = variance_inflation(x, Absorber(entity, year, ()))
    with_constant = sm.add_constant(x)
    assert pooled == pytest.approx(
        [variance_inflation_factor(with_constant, i + 1) for i in range(3)], rel=1e-10
    )
    dummies = np.column_stack([np.eye(N)[entity], np.eye(T)[year][:, 1:]])
    within = variance_inflation(x, Absorber(entity, year, ("entity", "year")))
    for i in range(3):
        net = x - dummies @ np.linalg.lstsq(dummies, x, rcond=None)[0]
        fit = sm.OLS(net[:, i], np.delete(net, i, axis=1)).fit()
        assert within[i] == pytest.approx(1 / (1 - fit.rsquared), rel=1e-9)


def test_what_others_determine_is_infinite_and_what_effects_take_out_is_nothing() -> None:
    x, entity, year = panel()
    x = np.column_stack([x[:, 0], x[:, 1], x[:, 0] + x[:, 1], year.astype(float)])
    found = variance_inflation(x, Absorber(entity, year, ("entity", "year")))
    assert np.isinf(found[:3]).all()
    assert np.isnan(found[3])


def test_the_test_of_equal_means_is_the_clustered_regression_on_dummies() -> None:
    x, entity, _ = panel()
    group = entity % 3
    found = group_means(x[:, 0], group, 3, entity)
    fit = sm.OLS(x[:, 0], np.eye(3)[group]).fit(cov_type="cluster", cov_kwds={"groups": entity}, use_t=True)
    wald = fit.f_test(np.array([[-1, 1, 0], [-1, 0, 1]]))
    assert found.statistic == pytest.approx(float(wald.fvalue), rel=1e-10)
    assert found.df == (2, N - 1)
    assert found.p_value == pytest.approx(float(stats.f.sf(wald.fvalue, 2, N - 1)), rel=1e-10)
    for place in range(3):
        rows = x[group == place, 0]
        assert (found.counts[place], found.means[place]) == (len(rows), pytest.approx(rows.mean(), rel=1e-12))
        assert found.deviations[place] == pytest.approx(rows.std(ddof=1), rel=1e-12)


def test_one_group_and_equal_values_have_no_test() -> None:
    _, entity, _ = panel()
    alone = group_means(np.arange(len(entity), dtype=float), np.zeros(len(entity), dtype=int), 1, entity)
    assert np.isnan(alone.statistic)
    flat = group_means(np.ones(len(entity)), entity % 2, 2, entity)
    assert np.isnan(flat.statistic)
    assert flat.means == (1.0, 1.0)


def test_balance_is_the_clustered_regression_on_the_dummy_and_of_the_dummy() -> None:
    x, entity, year = panel()
    treated = ((entity % 2 == 0) & (year >= 2)).astype(int)  # an entity changes its group
    found = balance(x, treated, Absorber(entity, year, ()))
    clustered = {"cov_type": "cluster", "cov_kwds": {"groups": entity}, "use_t": True}
    for place in range(x.shape[1]):
        fit = sm.OLS(x[:, place], sm.add_constant(treated)).fit(**clustered)
        assert found.differences[place] == pytest.approx(fit.params[1], rel=1e-10)
        assert found.errors[place] == pytest.approx(fit.bse[1], rel=1e-10)
        assert found.groups[place].p_value == pytest.approx(fit.pvalues[1], rel=1e-9)
        zero, one = x[treated == 0, place], x[treated == 1, place]
        spread = np.sqrt((zero.var(ddof=1) + one.var(ddof=1)) / 2)
        assert found.standardized[place] == pytest.approx((one.mean() - zero.mean()) / spread, rel=1e-12)
    joint = sm.OLS(treated, sm.add_constant(x)).fit(**clustered).f_test(np.eye(4)[1:])
    assert found.statistic == pytest.approx(float(joint.fvalue), rel=1e-9)
    assert found.df == (3, N - 1)
    assert found.p_value == pytest.approx(float(joint.pvalue), rel=1e-9)


def test_the_standardized_difference_of_two_and_two_by_hand() -> None:
    found = balance(
        np.array([[1.0], [3.0], [4.0], [8.0]]),
        np.array([0, 0, 1, 1]),
        Absorber(np.arange(4), np.zeros(4, dtype=int), ()),
    )
    assert found.differences == (4.0,)
    # variances 2 and 8, mean 5; residuals -1, 1, -2, 2: (1 + 1) / 4 + (4 + 4) / 4 = 2.5, times 4/3, times 3/2
    assert found.standardized[0] == pytest.approx(4 / 5**0.5, rel=1e-12)
    assert found.errors[0] == pytest.approx(5**0.5, rel=1e-12)


def test_a_copy_among_the_variables_leaves_no_joint_test() -> None:
    x, entity, year = panel()
    found = balance(np.column_stack([x, x[:, 0]]), entity % 2, Absorber(entity, year, ()))
    assert np.isnan(found.statistic)
    assert found.groups[0] == found.groups[3]
