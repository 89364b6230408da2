"""LIML, Fuller, two-step GMM and their tests, against linearmodels with the effects as dummy variables, and printed figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from econometrics_data import close, panel, random_panel
from linearmodels.iv.model import IV2SLS, IVGMM, IVLIML
from nqp.econometrics.bootstrap import wild_cluster_bootstrap
from nqp.econometrics.equation import EstimationError
from nqp.econometrics.fit import Fit, fit
from nqp.econometrics.inference import infer
from nqp.econometrics.instruments import diagnostics

IV: dict[str, Any] = {
    "outcome": "y",
    "regressors": ["x", "w"],
    "endogenous": ["x"],
    "instruments": ["z", "z2"],
}
EFFECTS = (("entity", "year"), ("entity",), ())


def data() -> pd.DataFrame:
    made = random_panel(2, entities=20, years=8, missing=17)
    rng = np.random.default_rng(0)
    return made.assign(
        z3=made["z"] + made["z2"] + rng.normal(size=len(made)),
        v=made["w"] + made["z2"] + rng.normal(size=len(made)),
    )


def theirs(model: Fit, kind: type[Any], **options: Any) -> Any:
    """The same equation with the effects as dummies among the exogenous regressors."""
    frame = model.frame
    dummies = pd.DataFrame(model.absorber.dummies(), index=frame.index).add_prefix("d")
    exog = dummies.join(frame[list(model.exogenous)])
    return kind(
        frame[model.outcome], exog, frame[list(model.endogenous)], frame[list(model.instruments)], **options
    )


@pytest.mark.parametrize("effects", EFFECTS, ids=" ".join)
@pytest.mark.parametrize(("estimator", "alpha"), [("liml", 0), ("fuller", 1)])
def test_k_class_estimates_and_errors_are_those_of_linearmodels(
    effects: tuple[str, ...], estimator: str, alpha: float
) -> None:
    model = fit(data(), **{**IV, "instruments": ["z", "z2", "z3"]}, effects=effects, estimator=estimator)
    other = theirs(model, IVLIML, fuller=alpha)
    assert model.solution is not None
    clusters = pd.Series(model.absorber.entity, index=model.frame.index)
    for covariance, options in {
        "iid": {"cov_type": "unadjusted"},
        "hc1": {"cov_type": "robust"},
        "cluster": {"cov_type": "clustered", "clusters": clusters},
    }.items():
        expected, ours = other.fit(**options), infer(model, covariance)
        names = list(model.terms)
        close(model.params, expected.params[names], 1e-8)
        assert model.solution.kappa == pytest.approx(expected.kappa, rel=1e-9)
        close(ours.table["std_error"] / np.sqrt(ours.factor), expected.std_errors[names], 1e-8)


def test_liml_of_two_endogenous_regressors() -> None:
    model = fit(
        data(), outcome="y", regressors=["x", "v", "w"], endogenous=["x", "v"], instruments=["z", "z2", "z3"],
        estimator="liml",
    )  # fmt: skip
    close(model.params, theirs(model, IVLIML).fit().params[list(model.terms)], 1e-8)
    cells = {one.name: one.value for one in diagnostics(model) if one.name.startswith("stock_yogo")}
    # Stock and Yogo (2005), Table 5.4, two endogenous regressors and three instruments
    assert list(cells.values()) == [5.44, 3.81, 3.32, 3.09]


def test_exactly_identified_all_estimators_but_fuller_are_one() -> None:
    one = {**IV, "instruments": ["z"]}
    base = fit(data(), **one)
    for estimator in ("liml", "gmm"):
        other = fit(data(), **one, estimator=estimator)
        close(other.params, base.params, 1e-9)
        for covariance in ("iid", "hc1", "cluster", "driscoll_kraay"):
            close(
                infer(other, covariance).table["std_error"], infer(base, covariance).table["std_error"], 1e-8
            )
    assert fit(data(), **one, estimator="fuller").params["x"] != pytest.approx(base.params["x"], rel=1e-6)


def test_two_step_gmm_and_its_tests_are_those_of_linearmodels() -> None:
    model = fit(data(), **{**IV, "instruments": ["z", "z2", "z3"]}, effects=(), estimator="gmm")
    clusters = pd.Series(model.absorber.entity, index=model.frame.index)
    other = theirs(model, IVGMM, weight_type="clustered", clusters=clusters).fit(
        cov_type="clustered", clusters=clusters
    )
    close(model.params, other.params[list(model.terms)], 1e-8)
    found = {(one.name, one.term): one for one in diagnostics(model)}
    assert found["hansen_j", ""].value == pytest.approx(other.j_stat.stat, rel=1e-8)
    assert found["hansen_j", ""].p_value == pytest.approx(other.j_stat.pval, rel=1e-7)
    assert found["c_endogeneity", ""].value == pytest.approx(other.c_stat().stat, rel=1e-8)
    # the sandwich of these weights at the estimate's own residuals, whatever the small-sample factor
    ours = infer(model)
    close(ours.table["std_error"] / np.sqrt(ours.factor), other.std_errors[list(model.terms)], 0.1)


@pytest.mark.parametrize(
    ("moments", "weight"), [("iid", "unadjusted"), ("hc1", "robust"), ("cluster", "clustered")]
)
def test_the_moments_of_gmm_are_weighted_as_the_standard_errors_are(moments: str, weight: str) -> None:
    model = fit(
        data(), **{**IV, "instruments": ["z", "z2", "z3"]}, effects=(), estimator="gmm", moments=moments
    )
    more = (
        {"clusters": pd.Series(model.absorber.entity, index=model.frame.index)}
        if weight == "clustered"
        else {}
    )
    other = theirs(model, IVGMM, weight_type=weight, **more).fit()
    close(model.params, other.params[list(model.terms)], 1e-8)
    found = {one.name: one.value for one in diagnostics(model, moments)}
    assert found["sargan" if moments == "iid" else "hansen_j"] == pytest.approx(other.j_stat.stat, rel=1e-8)
    assert model.moments == moments


def test_the_c_statistic_of_an_instrument_is_the_fall_of_the_criterion() -> None:
    # with independent errors and one over-identifying restriction either instrument is tested by Sargan's statistic itself
    model = fit(data(), **IV, effects=("entity", "year"))
    found = {(one.name, one.term): one.value for one in diagnostics(model, "iid")}
    for name in ("z", "z2"):
        assert found["c_statistic", name] == pytest.approx(found["sargan", ""], rel=1e-9)
    clustered = {(one.name, one.term): one.value for one in diagnostics(model, "cluster")}
    for name in ("z", "z2"):
        assert clustered["c_statistic", name] == pytest.approx(clustered["hansen_j", ""], rel=1e-9)
    three = fit(data(), **{**IV, "instruments": ["z", "z2", "z3"]})
    one = {(item.name, item.term): item for item in diagnostics(three)}
    for name in three.instruments:
        assert 0 <= one["c_statistic", name].value <= one["hansen_j", ""].value
        assert one["c_statistic", name].df == (1.0,)


def test_mroz_under_liml() -> None:
    mroz = panel("mroz")
    arguments: dict[str, Any] = {
        "outcome": "lwage", "regressors": ["educ", "exper", "expersq"], "endogenous": ["educ"],
        "instruments": ["motheduc", "fatheduc"], "effects": (),
    }  # fmt: skip
    # Wooldridge, Introductory Econometrics, Example 15.5: 0.061 (0.031)
    base = fit(mroz, **arguments)
    assert [round(float(base.params["educ"]), 3), round(infer(base, "iid").row("educ")["std_error"], 3)] == [
        0.061,
        0.031,
    ]
    model = fit(mroz, **arguments, estimator="liml")
    expected = theirs(model, IVLIML).fit(cov_type="unadjusted", debiased=True)
    assert model.params["educ"] == pytest.approx(expected.params["educ"], rel=1e-8)
    assert infer(model, "iid").row("educ")["std_error"] == pytest.approx(
        expected.std_errors["educ"], rel=1e-8
    )
    wu = {one.name: one for one in diagnostics(base, "iid")}
    endog = theirs(base, IV2SLS).fit(cov_type="unadjusted")
    assert wu["sargan"].value == pytest.approx(endog.sargan.stat, rel=1e-8)


def test_stock_yogo_beyond_one_and_three() -> None:
    rng = np.random.default_rng(4)
    made = data()
    made = made.assign(**{f"q{i}": made["z"] + rng.normal(size=len(made)) for i in range(10)})
    many = fit(
        made, outcome="y", regressors=["x", "w"], endogenous=["x"], instruments=[f"q{i}" for i in range(10)]
    )
    two = fit(
        made, outcome="y", regressors=["x", "v", "w"], endogenous=["x", "v"], instruments=["z", "z2"], effects=()
    )  # fmt: skip

    def cells(model: Fit) -> list[float]:
        return [one.value for one in diagnostics(model, "hc1") if one.name.startswith("stock_yogo")]

    assert cells(many) == [38.54, 20.88, 14.78, 11.65]
    assert cells(two) == [7.03, 4.58, 3.95, 3.63]
    assert cells(fit(made, **IV, estimator="fuller")) == []


def test_kleibergen_paap_under_driscoll_kraay_says_which_factor_it_has() -> None:
    model = fit(data(), **IV)
    found = {one.name: one for one in diagnostics(model, "driscoll_kraay")}["kleibergen_paap_f"]
    n, years = model.n_obs, model.n_years
    width = model.absorber.rank + 3
    printed = found.value * (n - width) / (n - 1) * (years - 1) / years
    assert "no small-sample factor" in found.note_en
    assert f"prints {printed:.3f}" in found.note_en
    assert f"{printed:.3f}" in found.note_zh


def test_what_is_not_defined_is_refused_by_name() -> None:
    with pytest.raises(EstimationError, match="no estimator 'ols2'"):
        fit(data(), **IV, estimator="ols2")
    liml = fit(data(), **IV, estimator="liml")
    with pytest.raises(EstimationError, match="CR2 is defined here for least squares and 2SLS"):
        infer(liml, "cr2")
    with pytest.raises(EstimationError, match="least squares and 2SLS"):
        wild_cluster_bootstrap(liml, "x", seed=1)
    few = random_panel(entities=2, years=12, missing=2)
    with pytest.raises(EstimationError, match="2 clusters do not identify"):
        fit(few, **IV, estimator="gmm")
