"""Instrument diagnostics against R (AER), Stata's printed figures, linearmodels, published tables and brute force."""

import numpy as np
import pandas as pd
import pytest
from econometrics_data import close, golden, panel, random_panel
from nqp.econometrics.equation import EstimationError
from nqp.econometrics.first_stage import Diagnostic, first_stages, reduced_form
from nqp.econometrics.fit import Fit, fit
from nqp.econometrics.inference import infer
from nqp.econometrics.instruments import diagnostics
from nqp.econometrics.weak_instruments import tf_critical_value

CONTROLS = ["c1", "c2", "c3", "c4", "c5"]
IV_CASES = {
    "mroz": ("lwage", ["educ"], ["exper", "expersq"], ["fatheduc", "motheduc"], ()),
    "synth_twfe_nocontrols_330": ("y", ["x"], [], ["L1x"], ("entity", "year")),
    "synth_twfe_controls_330": ("y", ["x"], CONTROLS, ["L1x"], ("entity", "year")),
    "synth_twfe_nocontrols_300": ("y", ["x"], [], ["L1.x"], ("entity", "year")),
    "synth_twfe_controls_300": ("y", ["x"], CONTROLS, ["L1.x"], ("entity", "year")),
    "synth_pooled_300": ("y", ["x"], CONTROLS, ["L1.x"], ()),
}
IV = {"outcome": "y", "regressors": ["x", "w"], "endogenous": ["x"]}


def named(found: list[Diagnostic]) -> dict[str, Diagnostic]:
    return {d.name: d for d in found}


def iv_fit(case: str) -> Fit:
    outcome, endogenous, exogenous, instruments, effects = IV_CASES[case]
    return fit(
        panel("mroz" if case == "mroz" else "synthprov"),
        outcome=outcome,
        regressors=[*endogenous, *exogenous],
        endogenous=endogenous,
        instruments=instruments,
        effects=effects,
    )


@pytest.mark.parametrize("case", IV_CASES)
def test_two_stage_least_squares_equals_aer(case: str) -> None:
    g, model = golden(f"iv/{case}"), iv_fit(case)
    close(model.params, g["coef"])
    close([model.r2, model.adj_r2], [g["r2"], g["adjr2"]])
    assert (model.n_obs, model.n_obs - model.df_resid) == (g["N"], g["K"])
    result = infer(model, "iid")
    close(result.table["std_error"], g["se_small"])
    close(result.table["std_error"] / np.sqrt(result.factor), g["se_large"])
    close(infer(model, "hc1").table["std_error"], g["se_HC1"])


@pytest.mark.parametrize("case", IV_CASES)
def test_diagnostics_equal_aer(case: str) -> None:
    g, model = golden(f"iv/{case}"), iv_fit(case)
    found = named(diagnostics(model, "iid"))
    expected = {
        "anderson_lm": "anderson_LM",
        "cragg_donald_f": "cragg_donald_F",
        "first_stage_f": "weakF_AER",
        "anderson_rubin_f": "AR_F",
        "anderson_rubin_chi2": "AR_chi2",
        "wu_hausman": "wu_hausman_AER",
    }
    for ours, theirs in expected.items():
        close(found[ours].value, g[theirs])
    assert found["anderson_lm"].df == (g["anderson_df"],)
    close(np.sqrt(found["anderson_lm"].value / model.n_obs), g["min_canon_corr"])
    # under independent errors of one variance the robust statistics are the classical ones
    close(found["kleibergen_paap_lm"].value, g["anderson_LM"])
    close(found["kleibergen_paap_f"].value, g["cragg_donald_F"])
    close(found["effective_f"].value, g["cragg_donald_F"])
    if g["sargan_AER"] == "NA":
        assert "sargan" not in found
    else:
        close(found["sargan"].value, g["sargan_AER"])
    term, stage = next(iter(g["first_stage"].items()))
    first = first_stages(model)[term]
    table, instruments = infer(first, "iid").table, list(model.instruments)
    close(table.loc[instruments, "estimate"], list(stage["coef"].values()))
    close(table.loc[instruments, "std_error"], list(stage["se"].values()))
    close(first.adj_r2, stage["adjr2"])
    rows = [d for d in diagnostics(model, "iid") if d.name == "first_stage"]
    close([d.std_error for d in rows], list(stage["se"].values()))


def test_card_equals_what_ivreg2_prints() -> None:
    data = panel("card")
    controls = ["exper", "expersq", "black", "smsa", "south", "smsa66", *(f"reg66{i}" for i in range(1, 9))]
    model = fit(
        data,
        outcome="lwage",
        regressors=["educ", *controls],
        endogenous=["educ"],
        instruments=["nearc4"],
        effects=(),
    )
    found = named(diagnostics(model, "iid"))
    printed = {
        "cragg_donald_f": 13.26,
        "anderson_rubin_f": 5.42,
        "anderson_rubin_chi2": 5.44,
        "stock_yogo_10": 16.38,
        "anderson_lm": 13.27,
    }
    for name, value in printed.items():
        assert round(found[name].value, 2) == value
    assert round(model.params["educ"], 4) == 0.1315


@pytest.mark.parametrize("covariance", ["hc1", "cluster", "cluster_areg", "driscoll_kraay"])
def test_one_instrument_makes_all_strength_statistics_the_squared_t(covariance: str) -> None:
    model = fit(random_panel(2, entities=12), **IV, instruments=["z"])
    found = named(diagnostics(model, covariance))
    t2 = infer(first_stages(model)["x"], covariance).row("z")["statistic"] ** 2
    close([found[n].value for n in ("first_stage_f", "kleibergen_paap_f", "effective_f")], [t2] * 3, 1e-10)
    reduced = infer(reduced_form(model), covariance).row("z")
    close(found["anderson_rubin_f"].value, reduced["statistic"] ** 2, 1e-10)
    close(found["reduced_form"].value / found["first_stage"].value, model.params["x"], 1e-10)
    assert found["effective_f_critical"].value == pytest.approx(
        23.11, abs=0.005
    )  # Montiel Olea and Pflueger, Table 1


@pytest.mark.parametrize("endogenous", [["x"], ["x", "w"]])
@pytest.mark.parametrize("covariance", ["hc1", "cluster"])
def test_rank_tests_equal_linearmodels(endogenous: list[str], covariance: str) -> None:
    from linearmodels.iv import IV2SLS

    data = random_panel(7, entities=30).assign(z3=lambda d: d["w"] + np.sin(np.arange(len(d)) * 1.7))
    model = fit(
        data,
        outcome="y",
        regressors=["x", "w"],
        endogenous=endogenous,
        instruments=["z", "z2", "z3"],
        effects=(),
    )
    found = named(diagnostics(model, covariance))
    frame = model.frame.assign(constant=1.0)
    exog = frame[["constant", *model.exogenous]]
    options = (
        {"cov_type": "robust"}
        if covariance == "hc1"
        else {"cov_type": "clustered", "clusters": pd.Series(model.absorber.entity, index=frame.index)}
    )
    theirs = IV2SLS(frame["y"], exog, frame[endogenous], frame[["z", "z2", "z3"]]).fit(**options).first_stage
    close(found["kleibergen_paap_lm"].value, theirs.kleibergen_paap.stat)
    close(found["cragg_donald_f"].value, theirs.cragg_donald_f)
    close(found["kleibergen_paap_f"].value, theirs.kleibergen_paap_f)
    assert found["kleibergen_paap_lm"].df == (3 - len(endogenous) + 1,)
    assert ("effective_f" in found) == ("anderson_rubin_set" in found) == (len(endogenous) == 1)


@pytest.mark.parametrize("covariance", ["hc1", "cluster"])
def test_hansen_j_equals_two_step_gmm(covariance: str) -> None:
    from linearmodels.iv import IVGMM

    model = fit(random_panel(7, entities=30), **IV, instruments=["z", "z2"], effects=())
    frame = model.frame.assign(constant=1.0)
    weights = (
        {"weight_type": "robust"}
        if covariance == "hc1"
        else {"weight_type": "clustered", "clusters": pd.Series(model.absorber.entity, index=frame.index)}
    )
    theirs = IVGMM(frame["y"], frame[["constant", "w"]], frame[["x"]], frame[["z", "z2"]], **weights).fit(
        iter_limit=2
    )
    found = named(diagnostics(model, covariance))["hansen_j"]
    # the constant is a moment there and is partialled out here, as in ivreg2's partial(): close, not equal
    assert found.value == pytest.approx(theirs.j_stat.stat, rel=0.05)
    demeaned = frame[["y", "w", "x", "z", "z2"]] - frame[["y", "w", "x", "z", "z2"]].mean()
    exact = IVGMM(demeaned["y"], demeaned[["w"]], demeaned[["x"]], demeaned[["z", "z2"]], **weights).fit(
        iter_limit=2
    )
    close(found.value, exact.j_stat.stat)


def rejected(model: Fit, beta: float, covariance: str) -> bool:
    """The Anderson-Rubin test of one value by its definition: instruments in the equation of y - x beta."""
    from nqp.econometrics.inference import wald

    frame = model.frame.assign(moved=model.frame["y"] - beta * model.frame["x"])
    right = [*model.exogenous, *model.instruments]
    result = infer(fit(frame, outcome="moved", regressors=right, effects=model.effects), covariance)
    return wald(result, list(model.instruments)).p_value < 0.05


def weak(strength: float, bad: float = 0.0, seed: int = 0) -> pd.DataFrame:
    data, rng = random_panel(seed, entities=12), np.random.default_rng(seed + 1)
    error = rng.normal(size=len(data))
    data["x"] = strength * (data["z"] + data["z2"]) + 0.8 * error + rng.normal(size=len(data))
    data["y"] = 0.5 * data["x"] + error + bad * (data["z"] - data["z2"])
    return data


@pytest.mark.parametrize("covariance", ["iid", "cluster"])
@pytest.mark.parametrize("instruments", [["z"], ["z", "z2"]])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("strength", [0.0, 0.15, 1.0])
def test_anderson_rubin_set_is_what_the_test_does_not_reject(
    strength: float, seed: int, instruments: list[str], covariance: str
) -> None:
    model = fit(weak(strength, seed=seed), **IV, instruments=instruments)
    intervals = named(diagnostics(model, covariance))["anderson_rubin_set"].intervals
    ends = [e for pair in intervals for e in pair if np.isfinite(e)]
    points = [-1e4, 1e4, 0.0, model.params["x"]]
    for end in ends:
        points += [end - 1e-4 * (1 + abs(end)), end + 1e-4 * (1 + abs(end))]
    for beta in points:
        assert rejected(model, beta, covariance) != any(low <= beta <= high for low, high in intervals)


def test_anderson_rubin_set_may_be_disjoint_unbounded_or_empty() -> None:
    shapes = set()
    for strength, seed in [
        (0.0, 0),
        (0.1, 1),
        (0.15, 2),
        (0.15, 3),
        (0.2, 4),
        (0.25, 5),
        (0.12, 6),
        (1.0, 1),
    ]:
        model = fit(weak(strength, seed=seed), **IV, instruments=["z"])
        intervals = named(diagnostics(model))["anderson_rubin_set"].intervals
        shapes.add((len(intervals), sum(np.isfinite(intervals).ravel())))
    assert {(1, 0), (1, 2), (2, 2)} <= shapes
    empty = fit(weak(1.0, bad=2.0), **IV, instruments=["z", "z2"])
    assert named(diagnostics(empty, "iid"))["anderson_rubin_set"].intervals == ()


@pytest.mark.parametrize(
    ("f", "printed"),
    [(4.0, 18.66), (2.1**2, 9.74), (2.5**2, 4.92), (9.0, 3.65), (16.0, 2.80), (49.0, 2.16)],
)
def test_tf_critical_value_equals_the_published_table(f: float, printed: float) -> None:
    # Lee, McCrary, Moreira and Porter (2022), Table 3, which rounds up
    assert np.ceil(tf_critical_value(f) * 100) / 100 == pytest.approx(printed)


def test_tf_critical_value_has_its_known_landmarks() -> None:
    assert round(tf_critical_value(10), 2) == 3.43
    assert tf_critical_value(104.6) > 1.96 > tf_critical_value(104.8) == tf_critical_value(1e4)
    assert tf_critical_value(3.8) == float("inf")
    model = fit(random_panel(2, entities=12), **IV, instruments=["z"])
    tf = named(diagnostics(model))["tf_adjusted"]
    row = infer(model).row("x")
    assert tf.std_error == pytest.approx(row["std_error"] * tf.value / 1.959964, rel=1e-6)
    close(
        tf.intervals[0],
        [row["estimate"] - tf.value * row["std_error"], row["estimate"] + tf.value * row["std_error"]],
    )


def test_stock_yogo_values_stand_where_they_were_published() -> None:
    one = named(diagnostics(fit(random_panel(2), **IV, instruments=["z"])))
    two = named(diagnostics(fit(random_panel(2), **IV, instruments=["z", "z2"])))
    assert [one[f"stock_yogo_{s}"].value for s in (10, 15, 20, 25)] == [16.38, 8.96, 6.66, 5.53]
    assert [two[f"stock_yogo_{s}"].value for s in (10, 15, 20, 25)] == [19.93, 11.59, 8.75, 7.25]
    assert {one[f"stock_yogo_{s}"].valid_under for s in (10, 15, 20, 25)} == {"iid"}
    both = fit(
        random_panel(2).assign(z3=lambda d: d["w"] * d["z"]),
        outcome="y",
        regressors=["x", "w"],
        endogenous=["x", "w"],
        instruments=["z", "z2", "z3"],
    )
    assert [named(diagnostics(both))[f"stock_yogo_{s}"].value for s in (10, 15, 20, 25)] == [
        13.43,
        8.18,
        6.40,
        5.45,
    ]


def test_errors_say_what_is_wrong() -> None:
    data = random_panel()
    with pytest.raises(EstimationError, match="has no instruments"):
        diagnostics(fit(data, outcome="y", regressors=["x", "w"]))
    with pytest.raises(EstimationError, match="CR2"):
        diagnostics(fit(data, **IV, instruments=["z"]), "cr2")


def test_what_too_few_clusters_cannot_test_is_blank_with_its_reason() -> None:
    rng = np.random.default_rng(1)
    data = random_panel(7, entities=4, years=15, missing=3)
    names = [f"q{i}" for i in range(5)]
    data = data.assign(**{name: data["z"] + rng.normal(size=len(data)) for name in names})
    model = fit(data, outcome="y", regressors=["x", "w"], endogenous=["x"], instruments=names)
    found = named(diagnostics(model))
    f = found["first_stage_f"]
    assert np.isnan(f.value)
    assert "cannot be computed" in f.note_en
    assert "无法计算" in f.note_zh
    assert np.isfinite(found["cragg_donald_f"].value)
    assert np.isfinite(named(diagnostics(model, "hc1"))["first_stage_f"].value)
