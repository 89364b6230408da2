"""Fits against R, and the properties that every fit must have."""

import numpy as np
import pandas as pd
import pytest
from econometrics_data import CASES, close, golden, panel, random_panel
from hypothesis import given, settings
from hypothesis import strategies as st
from nqp.econometrics.equation import EstimationError
from nqp.econometrics.fit import Fit, fit
from nqp.econometrics.inference import infer
from nqp.econometrics.sample import lagged, with_lags
from nqp.econometrics.terms import columns_of, factors, shifted_name

BOTH = {"outcome": "y", "regressors": ["x", "w"]}
IV = {**BOTH, "endogenous": ["x"], "instruments": ["z", "z2"]}


@pytest.mark.parametrize("case", CASES)
def test_two_way_fit_equals_plm_and_lm(case: str) -> None:
    g = golden(case)
    model = fit(panel(case), outcome=g["y"], regressors=g["X"])
    close(model.params, g["plm_twoways"]["coef"])
    close(
        [model.r2, model.adj_r2, model.r2_within],
        [g["lm_lsdv"]["r2"], g["lm_lsdv"]["adjr2"], g["plm_twoways"]["r2_within"]],
    )
    assert (model.n_obs, model.df_resid) == (g["N"], g["lm_lsdv"]["df_residual"])
    assert model.n_terms == len(g["X"])


@pytest.mark.parametrize("case", CASES)
def test_one_way_fit_equals_plm(case: str) -> None:
    g = golden(case)
    model = fit(panel(case), outcome=g["y"], regressors=g["X"], effects=("entity",))
    expected = g["plm_individual"]
    close(model.params, expected["coef"])
    within = 1 - (1 - model.r2_within) * (model.n_obs - 1) / model.df_resid
    close([model.r2_within, within], [expected["r2_within"], expected["adjr2_plm"]])
    close(infer(model, "iid").table["std_error"], expected["se_default"])


@pytest.mark.parametrize("region", ["East", "Central", "West"])
def test_regions_equal_r(region: str) -> None:
    data, g = panel("synthprov"), golden("synthprov_region")[region]
    model = fit(
        data, outcome="y", regressors=["x", "c1", "c2", "c3", "c4", "c5"], sample=data["region"] == region
    )
    close(
        [model.params["x"], model.adj_r2, infer(model, "iid").row("x")["std_error"]],
        [g["coef"], g["adjr2"], g["se_iid"]],
    )
    assert (model.n_obs, model.flow.offered) == (g["N"], g["N"])


def test_lag_looks_up_the_year_not_the_row_above() -> None:
    index = pd.MultiIndex.from_tuples([("b", 2003), ("a", 2001), ("a", 2003), ("a", 2004), ("b", 2002)])
    data = pd.DataFrame({"q.r": [1.0, 2.0, 3.0, 4.0, 5.0]}, index=index)
    assert shifted_name("q.r", 2) == "L2.q.r"
    np.testing.assert_array_equal(lagged(data, "q.r", 1), [5.0, np.nan, np.nan, 3.0, np.nan])
    np.testing.assert_array_equal(lagged(data, "q.r", 2), [np.nan, np.nan, 2.0, np.nan, np.nan])
    assert lagged(data, "q.r", 1).name == "L1.q.r"


def test_a_term_is_a_column_a_lag_a_lead_or_a_product() -> None:
    assert factors("L1.q.r:F2.x:x") == (("q.r", 1), ("x", -2), ("x", 0))
    assert factors("a:b", ["a:b"]) == (("a:b", 0),), "a column of that name is that column"
    assert columns_of(["a:b", "L1.b", "F1.c:a"]) == ("a", "b", "c")
    index = pd.MultiIndex.from_tuples([("a", 2001), ("a", 2002), ("a", 2004)])
    data = pd.DataFrame({"x": [1.0, 2.0, 4.0], "z": [3.0, 5.0, 7.0]}, index=index)
    terms = with_lags(data, ["x:z", "x:x", "F1.x", "L1.x:z", "F2.x:L1.z"])
    np.testing.assert_array_equal(terms["x:z"], [3.0, 10.0, 28.0])
    np.testing.assert_array_equal(terms["x:x"], [1.0, 4.0, 16.0])
    np.testing.assert_array_equal(terms["F1.x"], [2.0, np.nan, np.nan])
    np.testing.assert_array_equal(terms["L1.x:z"], [np.nan, 5.0, np.nan])
    np.testing.assert_array_equal(terms["F2.x:L1.z"], [np.nan, 12.0, np.nan])
    with pytest.raises(EstimationError, match="no column 'x:nothing'"):
        with_lags(data, ["x:nothing"])


def test_rows_lost_to_a_lag_are_counted() -> None:
    data = panel("synthprov")
    model = fit(data, outcome="y", regressors=["x"], endogenous=["x"], instruments=["L1.x"])
    close(model.params, golden("iv/synth_twfe_nocontrols_300")["coef"])
    assert (model.flow.offered, model.flow.missing_lag, model.flow.used) == (330, 30, 300)
    later = data.index.get_level_values(1) >= 2013
    filtered = fit(
        data,
        outcome="y",
        regressors=["x"],
        endogenous=["x"],
        instruments=["L1.x"],
        sample=pd.Series(later, index=data.index),
    )
    assert (filtered.flow.offered, filtered.flow.missing_lag) == (
        300,
        0,
    )  # the year before the sample serves as past
    close(filtered.params, model.params)


def test_missing_values_are_counted_once_by_their_first_cause() -> None:
    data = random_panel()
    data.iloc[0, 0] = np.nan  # y
    data.iloc[0, 1] = np.nan  # x in the same row
    data.iloc[9, 2] = np.nan  # w
    model = fit(data, **BOTH)
    flow = model.flow
    assert (flow.missing_outcome, flow.missing_regressor, flow.missing_lag) == (1, 1, 0)
    assert flow.used == flow.offered - 2 == model.n_obs


def test_singletons_are_dropped_again_and_again() -> None:
    data = random_panel(missing=0)
    alone = pd.DataFrame(
        np.random.default_rng(1).normal(size=(3, 5)),
        columns=data.columns,
        # e99 has two rows, but one of them is alone in its year: once that is gone the other is a singleton too
        index=pd.MultiIndex.from_tuples(
            [("e98", 2003), ("e99", 2003), ("e99", 1990)], names=data.index.names
        ),
    )
    model = fit(pd.concat([alone, data]), **BOTH)
    assert model.flow.singletons == 3
    assert model.flow.singleton_names == ("e98 2003", "e99 1990", "e99 2003")
    close(model.params, fit(data, **BOTH).params, 1e-12)


def dummies_fit(data: pd.DataFrame, regressors: list[str]) -> pd.Series:
    entity, year = (pd.get_dummies(data.index.get_level_values(i), dtype=float).to_numpy() for i in (0, 1))
    x = np.column_stack([data[regressors], entity, year[:, 1:]])
    return pd.Series(
        np.linalg.lstsq(x, data["y"].to_numpy(), rcond=None)[0][: len(regressors)], index=regressors
    )


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), missing=st.integers(0, 20), scale=st.floats(1e-6, 1e6), iv=st.booleans())
def test_properties_of_every_fit(seed: int, missing: int, scale: float, iv: bool) -> None:
    data, model = random_panel(seed, missing=missing), IV if iv else BOTH
    base = fit(data, **model)
    if not iv:
        close(base.params, dummies_fit(data.loc[base.frame.index], ["x", "w"]), 1e-9)
    shuffled = fit(data.sample(frac=1, random_state=seed), **model)
    assert shuffled.params.equals(base.params)
    assert infer(shuffled).table.equals(infer(base).table)
    codes = data.index.get_level_values(0).str[1:].astype(int).to_numpy()
    moved = fit(data.assign(y=data["y"] + 3.0 * codes, x=data["x"] - codes), **model)
    close(moved.params, base.params, 1e-8)
    scaled, result = fit(data.assign(x=data["x"] * scale), **model), infer(base)
    close(scaled.params * [scale, 1], base.params, 1e-8)
    close(infer(scaled).table["std_error"] * [scale, 1], result.table["std_error"], 1e-8)
    close(infer(scaled).table["p_value"], result.table["p_value"], 1e-6)
    assert base.constant == pytest.approx((base.frame["y"] - base.frame[["x", "w"]] @ base.params).mean())


def test_duplicated_clusters_leave_the_coefficients_and_halve_the_variance() -> None:
    data = random_panel()
    twin = data.set_index(
        pd.MultiIndex.from_arrays([data.index.get_level_values(0) + "t", data.index.get_level_values(1)])
    )
    one, two = fit(data, **BOTH), fit(pd.concat([data, twin]), **BOTH)
    close(two.params, one.params, 1e-10)
    raw = [infer(m).matrix / infer(m).factor for m in (one, two)]
    close(raw[1] * 2, raw[0], 1e-9)


def test_no_effects_means_a_constant() -> None:
    data = random_panel()
    x = np.column_stack([np.ones(len(data)), data[["x", "w"]]])
    expected = np.linalg.lstsq(x, data["y"].to_numpy(), rcond=None)[0]
    model = fit(data, **BOTH, effects=())
    close([model.constant, *model.params], expected, 1e-10)
    assert model.df_resid == len(data) - 3


def test_disconnected_panel_counts_the_rank_of_its_effects() -> None:
    data = random_panel(missing=0)
    early = data.index.get_level_values(1) < 2004
    first = data.index.get_level_values(0).isin(["e0", "e1", "e2", "e3"])
    model = fit(data[early == first], **BOTH)
    assert model.absorber.rank == 9 + 7 - 2
    close(model.params, dummies_fit(model.frame, ["x", "w"]), 1e-9)


def test_absorbed_and_collinear_terms_are_dropped_with_a_reason() -> None:
    data = random_panel()
    codes = data.index.get_level_values(0).str[1:].astype(float)
    data = data.assign(
        fixed=codes * 1e6, trend=data.index.get_level_values(1) * 1.0, sum=data["x"] + 2 * data["w"]
    )
    model = fit(data, outcome="y", regressors=["fixed", "x", "trend", "w", "sum"])
    assert model.terms == ("x", "w")
    assert [d.term for d in model.dropped] == ["fixed", "trend", "sum"]
    assert "absorbed" in model.dropped[0].reason
    assert model.dropped[2].reason == "is collinear with x, w"
    close(model.params, fit(data, **BOTH).params, 1e-12)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(power=st.floats(-16, -1), seed=st.integers(0, 99))
def test_near_collinear_input_never_passes_in_silence(power: float, seed: int) -> None:
    data = random_panel(seed)
    noise = np.random.default_rng(seed + 1).normal(size=len(data))
    data = data.assign(copy=data["x"] + 10**power * noise)
    regressors = ["x", "copy", "w"]
    if -4.2 < power < -3.4 or -5.8 < power < -5.0:  # about the bounds themselves either answer is right
        return
    if -5.0 <= power <= -4.2:
        with pytest.raises(EstimationError, match="nearly collinear"):
            fit(data, outcome="y", regressors=regressors)
        return
    model = fit(data, outcome="y", regressors=regressors)
    assert bool(model.dropped) == (power < -5)
    assert model.dropped or model.warnings or model.params.abs().max() < 1e3


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda d: d, {"regressors": ["nothing"]}, "no column 'nothing'"),
        (lambda d: d, {"regressors": []}, "no regressors"),
        (lambda d: d, {"regressors": ["x", "x"]}, "more than once"),
        (lambda d: d, {"regressors": ["y"]}, "more than once"),
        (lambda d: d, {"effects": ("region",)}, "no column 'region'"),
        (lambda d: d, {"endogenous": ["w"], "instruments": []}, "0 instrument"),
        (lambda d: d, {"endogenous": ["z"], "instruments": ["z2"]}, "not among the regressors"),
        (lambda d: d, {"regressors": ["x", "L0.w"]}, "no column 'L0.w'"),
        (lambda d: d.assign(x=d["x"].where(d["x"] < 1, np.inf)), {}, "infinite in entity e"),
        (lambda d: d.assign(x="one"), {}, "not numbers"),
        (lambda d: d.assign(y=3.0), {}, "no variation"),
        (lambda d: d.assign(y=1e9 + d.index.get_level_values(1) * 1.0), {}, "no variation"),
        (lambda d: d.assign(y=2 * d["x"] + d["w"]), {}, "exact"),
        (lambda d: d.assign(x=1.0, w=2.0), {}, "no regressor is left"),
        (lambda d: d.assign(x=np.nan), {}, "no rows are left"),
        (lambda d: d.loc[["e0"]], {}, "no rows are left"),  # one entity: every row is alone in its year
        (lambda d: d.loc[["e0"]].head(3), {"effects": ("entity",)}, "no residual degrees of freedom"),
        (lambda d: pd.concat([d, d.head(1)]), {}, "more than once"),
        (lambda d: d.reset_index(drop=True), {}, "MultiIndex"),
        (lambda d: d.assign(z=1.0), {"endogenous": ["x"], "instruments": ["z"]}, "0 usable instrument"),
        (lambda d: d.assign(x=1.0), {"endogenous": ["x"], "instruments": ["z"]}, "cannot be estimated"),
    ],
)
def test_errors_say_what_is_wrong(change, options, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(EstimationError, match=message):
        fit(change(random_panel(missing=0)), **{**BOTH, **options})


def test_an_instrument_that_moves_nothing_is_refused() -> None:
    data = random_panel(missing=0)
    z = fit(data, outcome="z", regressors=["x", "w"])
    data = data.assign(
        useless=pd.Series(z.residuals, index=z.frame.index)
    )  # orthogonal to x and w by construction
    with pytest.raises(EstimationError, match="do not move 'x'"):
        fit(data, **BOTH, endogenous=["x"], instruments=["useless"])


def test_a_fit_cannot_be_changed() -> None:
    model: Fit = fit(random_panel(), **BOTH)
    with pytest.raises(AttributeError):
        model.r2 = 1.0  # type: ignore[misc]
