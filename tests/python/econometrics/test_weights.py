"""Weighted least squares and models without a constant: statsmodels, linearmodels, NumPy dummies, and expanded rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.panel import PanelOLS
from nqp.econometrics.equation import EstimationError
from nqp.econometrics.fit import Fit, fit
from nqp.econometrics.inference import infer
from nqp.econometrics.weights import COVARIANCES_OF_WEIGHTED, Weights

EXACT: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-11}
ANALYTIC, FREQUENCY = Weights("analytic", "size"), Weights("frequency", "times")


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """An unbalanced panel of 12 entities and 7 years, with a size and a number of copies."""
    random = np.random.default_rng(7)
    index = pd.MultiIndex.from_product(
        [[f"e{i:02d}" for i in range(12)], range(2001, 2008)], names=["entity", "year"]
    )
    frame = pd.DataFrame(random.normal(size=(len(index), 2)), index=index, columns=["x", "z"])
    frame["y"] = 3 + 0.5 * frame["x"] - frame["z"] + random.normal(size=len(index)) * (1 + abs(frame["x"]))
    frame["size"] = random.uniform(0.2, 9, size=len(index))
    frame["times"] = random.integers(1, 5, size=len(index)).astype(float)
    return frame[random.uniform(size=len(index)) > 0.15]


def fitted(panel: pd.DataFrame, **more: Any) -> Fit:
    return fit(panel, outcome="y", regressors=["x", "z"], **more)


def dummies_of(frame: pd.DataFrame, effects: tuple[str, ...]) -> np.ndarray:
    """A full-rank set of columns for the effects, or the constant."""
    columns = [np.ones(len(frame))]
    for effect in effects:
        codes = frame.index.get_level_values(0 if effect == "entity" else 1)
        columns += [(codes == code).astype(float) for code in codes.unique()[1:]]
    return np.column_stack(columns)


def test_the_weighted_mean_is_the_constant_of_hand() -> None:
    # y = 1, 4 at x = 0 and y = 5 at x = 1; the first row weighs three times the second: (3 * 1 + 4) / 4 = 7/4, slope 5 - 7/4
    index = pd.MultiIndex.from_tuples([("a", 1), ("b", 1), ("c", 1), ("d", 1)])
    frame = pd.DataFrame({"y": [1.0, 4, 5, 5], "x": [0.0, 0, 1, 1], "w": [3.0, 1, 2, 2]}, index=index)
    found = fit(frame, outcome="y", regressors=["x"], effects=(), weights=Weights("analytic", "w"))
    assert found.constant == pytest.approx(1.75, abs=1e-12)
    assert found.params["x"] == pytest.approx(3.25, abs=1e-12)
    assert found.n_obs == 4
    # frequencies: eight observations; residuals -3/4 (three times) and 9/4: 27/16 + 81/16 = 27/4
    counted = fit(frame, outcome="y", regressors=["x"], effects=(), weights=Weights("frequency", "w"))
    assert (counted.n_obs, counted.df_resid) == (8, 6)
    assert infer(counted, "iid").matrix.loc["x", "x"] == pytest.approx(
        27 / 4 / 6 * (1 / 4 + 1 / 4), abs=1e-12
    )


@pytest.mark.parametrize("effects", [(), ("entity",), ("year",), ("entity", "year")])
def test_analytic_weights_are_those_of_statsmodels(panel: pd.DataFrame, effects: tuple[str, ...]) -> None:
    found = fitted(panel, effects=effects, weights=ANALYTIC)
    frame = panel.sort_index()
    design = np.column_stack([frame[["x", "z"]], dummies_of(frame, effects)])
    scaled = frame["size"] * len(frame) / frame["size"].sum()
    oracle = sm.WLS(frame["y"].to_numpy(), design, weights=scaled.to_numpy())
    np.testing.assert_allclose(found.params, oracle.fit().params[:2], **EXACT)
    np.testing.assert_allclose(found.r2, oracle.fit().rsquared, **EXACT)
    np.testing.assert_allclose(found.adj_r2, oracle.fit().rsquared_adj, **EXACT)
    assert found.df_resid == oracle.fit().df_resid
    for ours, theirs in (("iid", "nonrobust"), ("hc1", "HC1")):
        np.testing.assert_allclose(
            infer(found, ours).table["std_error"], oracle.fit(cov_type=theirs).bse[:2], **EXACT
        )
    # areg's rule counts every effect, as dummies do
    codes = pd.factorize(frame.index.get_level_values(0))[0]
    clustered = oracle.fit(cov_type="cluster", cov_kwds={"groups": codes})
    np.testing.assert_allclose(infer(found, "cluster_areg").table["std_error"], clustered.bse[:2], **EXACT)


def test_two_way_weighted_effects_are_those_of_linearmodels(panel: pd.DataFrame) -> None:
    found = fitted(panel, weights=ANALYTIC)
    theirs = PanelOLS(
        panel["y"],
        panel[["x", "z"]],
        weights=panel["size"],
        entity_effects=True,
        time_effects=True,
        singletons=False,
    )
    np.testing.assert_allclose(found.params, theirs.fit().params, **EXACT)
    np.testing.assert_allclose(infer(found, "iid").table["std_error"], theirs.fit().std_errors, **EXACT)
    clustered = theirs.fit(cov_type="clustered", cluster_entity=True, group_debias=True)
    np.testing.assert_allclose(infer(found, "cluster_areg").table["std_error"], clustered.std_errors, **EXACT)


@pytest.mark.parametrize("covariance", COVARIANCES_OF_WEIGHTED)
def test_the_scale_of_analytic_weights_does_not_matter(panel: pd.DataFrame, covariance: str) -> None:
    larger = panel.assign(size=1000 * panel["size"])
    one, other = (infer(fitted(frame, weights=ANALYTIC), covariance) for frame in (panel, larger))
    pd.testing.assert_frame_equal(one.table, other.table, rtol=1e-9)
    np.testing.assert_allclose(one.constant, other.constant, **EXACT)


@pytest.mark.parametrize("covariance", COVARIANCES_OF_WEIGHTED)
@pytest.mark.parametrize("effects", [(), ("entity",), ("entity", "year"), ("entity", "year", "entity:trend")])
def test_equal_weights_change_nothing(panel: pd.DataFrame, effects: tuple[str, ...], covariance: str) -> None:
    found = fitted(panel.assign(size=2.0, times=1.0), effects=effects)
    for weights in (ANALYTIC, FREQUENCY):
        weighted = fitted(panel.assign(size=2.0, times=1.0), effects=effects, weights=weights)
        one, other = infer(found, covariance), infer(weighted, covariance)
        pd.testing.assert_frame_equal(one.table, other.table, rtol=1e-9)
        np.testing.assert_allclose(one.constant, other.constant, rtol=1e-9)


@pytest.mark.parametrize("effects", [(), ("entity",), ("entity", "year")])
def test_frequencies_are_the_expanded_rows(panel: pd.DataFrame, effects: tuple[str, ...]) -> None:
    found = fitted(panel, effects=effects, weights=FREQUENCY)
    rows = panel.sort_index()
    rows = rows.loc[rows.index.repeat(rows["times"].astype(int))]
    design = np.column_stack([rows[["x", "z"]], dummies_of(rows, effects)])
    oracle = sm.OLS(rows["y"].to_numpy(), design)
    assert (found.n_obs, found.df_resid) == (len(rows), oracle.fit().df_resid)
    np.testing.assert_allclose(found.params, oracle.fit().params[:2], **EXACT)
    np.testing.assert_allclose(
        [found.r2, found.adj_r2], [oracle.fit().rsquared, oracle.fit().rsquared_adj], **EXACT
    )
    codes = [pd.factorize(rows.index.get_level_values(level))[0] for level in (0, 1)]
    kinds: dict[str, dict[str, Any]] = {
        "iid": {"cov_type": "nonrobust"},
        "hc1": {"cov_type": "HC1"},
        "cluster_areg": {"cov_type": "cluster", "cov_kwds": {"groups": codes[0]}},
    }
    if not effects:  # nothing is nested, so years count as reghdfe's rule has it
        kinds["cluster_year"] = {"cov_type": "cluster", "cov_kwds": {"groups": codes[1]}}
        kinds["cluster"] = kinds["cluster_areg"]
    for ours, theirs in kinds.items():
        np.testing.assert_allclose(
            infer(found, ours).table["std_error"], oracle.fit(**theirs).bse[:2], **EXACT
        )
    if not effects:
        np.testing.assert_allclose(
            infer(found, "hc1").constant["std_error"], oracle.fit(cov_type="HC1").bse[2], **EXACT
        )


def test_a_row_that_stands_for_several_is_not_alone(panel: pd.DataFrame) -> None:
    first = panel.index.get_level_values(0)[0]
    alone = panel.drop(panel.index[panel.index.get_level_values(0) == first][1:])
    one = alone.index[alone.index.get_level_values(0) == first]
    for times, lost in ((1.0, 1), (3.0, 0)):
        alone.loc[one, "times"] = times
        assert fitted(alone, weights=FREQUENCY).flow.singletons == lost


@pytest.mark.parametrize("weights", [None, ANALYTIC, FREQUENCY])
def test_without_a_constant_the_fit_is_around_zero(panel: pd.DataFrame, weights: Weights | None) -> None:
    found = fitted(panel, effects=(), constant=False, weights=weights)
    rows = panel.sort_index()
    w = {None: np.ones(len(rows)), ANALYTIC: rows["size"] * len(rows) / rows["size"].sum()}.get(
        weights, rows["times"]
    )
    if weights == FREQUENCY:
        rows, w = rows.loc[rows.index.repeat(rows["times"].astype(int))], np.ones(int(rows["times"].sum()))
    oracle = sm.WLS(rows["y"].to_numpy(), rows[["x", "z"]].to_numpy(), weights=np.asarray(w))
    np.testing.assert_allclose(found.params, oracle.fit().params, **EXACT)
    np.testing.assert_allclose(
        [found.r2, found.adj_r2], [oracle.fit().rsquared, oracle.fit().rsquared_adj], **EXACT
    )
    codes = pd.factorize(rows.index.get_level_values(0))[0]
    for ours, theirs in (
        ("iid", {}),
        ("hc1", {"cov_type": "HC1"}),
        ("cluster", {"cov_type": "cluster", "cov_kwds": {"groups": codes}}),
    ):
        np.testing.assert_allclose(infer(found, ours).table["std_error"], oracle.fit(**theirs).bse, **EXACT)
    assert np.isnan(found.constant)
    assert "not positive" not in infer(found, "iid").note


@pytest.mark.parametrize("covariance", ["cr2", "driscoll_kraay", "cluster_twoway"])
def test_what_is_not_verified_is_refused_by_name(panel: pd.DataFrame, covariance: str) -> None:
    with pytest.raises(EstimationError, match=f"'{covariance}' is not offered with weights"):
        infer(fitted(panel, weights=ANALYTIC), covariance)


@pytest.mark.parametrize(
    ("change", "more", "told"),
    [
        ({"size": 0.0}, {"weights": ANALYTIC}, "weight 'size' is 0 in entity e00"),
        ({"times": 1.5}, {"weights": FREQUENCY}, "a whole number above 0 is needed"),
        ({}, {"weights": Weights("sampling", "size")}, "no weights 'sampling'"),
        ({}, {"constant": False}, "with effects there is a constant in them"),
        ({}, {"weights": ANALYTIC, "endogenous": ["x"], "instruments": ["size"]}, "least squares only"),
    ],
)
def test_weights_that_cannot_be_used_are_named(
    panel: pd.DataFrame, change: dict[str, float], more: dict[str, Any], told: str
) -> None:
    with pytest.raises(EstimationError, match=told):
        fitted(panel.assign(**change), **more)


def test_a_row_without_a_weight_is_left_out_and_counted(panel: pd.DataFrame) -> None:
    blank = panel.copy()
    blank.iloc[0, blank.columns.get_loc("size")] = np.nan
    flow = fitted(blank, effects=(), weights=ANALYTIC).flow
    assert (flow.missing_regressor, flow.used) == (1, len(panel) - 1)
