"""Covariances against R, against explicit dummies, and the wild bootstrap against plain loops."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from econometrics_data import CASES, close, golden, panel, random_panel
from nqp.econometrics.bootstrap import wild_cluster_bootstrap
from nqp.econometrics.covariances import COVARIANCES
from nqp.econometrics.equation import EstimationError
from nqp.econometrics.fit import Fit, fit
from nqp.econometrics.inference import infer, stars, wald

BOTH = {"outcome": "y", "regressors": ["x", "w"]}
IV = {**BOTH, "endogenous": ["x"], "instruments": ["z", "z2"]}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("covariance", "name"),
    [
        ("iid", "se_iid"),
        ("hc1", "se_HC1"),
        ("cluster", "se_cluster_id_reghdfe"),
        ("cluster_areg", "se_cluster_id_areg"),
        ("cluster_twoway", "se_cluster_2way_areg"),
    ],
)
def test_standard_errors_equal_r(case: str, covariance: str, name: str) -> None:
    g = golden(case)
    result = infer(fit(panel(case), outcome=g["y"], regressors=g["X"]), covariance)
    close(result.table["std_error"], g["lm_lsdv"][name])
    if covariance.startswith("cluster") and covariance != "cluster_twoway":
        close(result.table["std_error"] / math.sqrt(result.factor), g["lm_lsdv"]["se_cluster_id_CR0"])
        assert result.df == result.clusters - 1
    if covariance == "cluster_areg":
        close(result.table["std_error"], g["estimatr"]["se_cluster_stata"])
        close(result.table["df"], g["estimatr"]["df"])


@pytest.mark.parametrize("case", CASES)
def test_one_way_clusters_and_white_equal_plm(case: str) -> None:
    g = golden(case)
    one = infer(fit(panel(case), outcome=g["y"], regressors=g["X"], effects=("entity",)))
    close(one.table["std_error"] / math.sqrt(one.factor), g["plm_individual"]["se_arellano_HC0"])
    white = infer(fit(panel(case), outcome=g["y"], regressors=g["X"]), "hc1")
    close(white.table["std_error"] / math.sqrt(white.factor), g["plm_twoways"]["se_white1_HC0"])


@pytest.mark.parametrize("case", CASES)
def test_driscoll_kraay_equals_plm(case: str) -> None:
    g = golden(case)
    model = fit(panel(case), outcome=g["y"], regressors=g["X"])
    result = infer(model, "driscoll_kraay")
    close(
        result.table["std_error"], g["plm_twoways"]["se_SCC_HC0_maxlag2"]
    )  # the default is 2 lags in all of them
    close(infer(model, "driscoll_kraay", lags=2).table["std_error"], result.table["std_error"], 1e-15)
    assert "Lags used: 2" in result.note
    assert result.df == model.n_years - 1


@pytest.mark.parametrize("case", [c for c in CASES if c != "wage_panel"])
def test_cr2_and_satterthwaite_equal_club_sandwich(case: str) -> None:
    g = golden(case)
    table = infer(fit(panel(case), outcome=g["y"], regressors=g["X"]), "cr2").table
    expected = g["clubSandwich_CR2"]
    close(table["std_error"], expected["se"])
    close(table["df"], expected["df_Satt"])
    close(table["p_value"], expected["p_Satt"])


def explicit(data: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Least squares on x, w, dummies centred at their means and a constant: b, (X'X)^-1 X', residuals."""
    entity, year = (
        pd.get_dummies(data.index.get_level_values(i), dtype=float).to_numpy()[:, 1:] for i in (0, 1)
    )
    dummies = np.column_stack([entity, year])
    x = np.column_stack([data[["x", "w"]], np.ones(len(data)), dummies - dummies.mean(axis=0)])
    pinv = np.linalg.pinv(x)
    b = pinv @ data["y"].to_numpy()
    return b, pinv, data["y"].to_numpy() - x @ b


def test_constant_is_that_of_a_regression_on_centred_dummies() -> None:
    data = random_panel(3).sort_index()
    model = fit(data, **BOTH)
    b, pinv, e = explicit(model.frame)
    close([*model.params, model.constant], b[:3], 1e-9)
    sums = np.array(
        [(pinv[:3] * e)[:, model.absorber.entity == g].sum(axis=1) for g in range(model.n_entities)]
    )
    for covariance, meat in {
        "iid": pinv[:3] @ pinv[:3].T * (e @ e) / model.n_obs,
        "hc1": (pinv[:3] * e) @ (pinv[:3] * e).T,
        "cluster": sums.T @ sums,
    }.items():
        result = infer(model, covariance)
        expected = np.sqrt(np.diag(meat) * result.factor)
        close([*result.table["std_error"], result.constant["std_error"]], expected, 1e-9)
        assert result.constant["estimate"] == model.constant


def test_cr2_equals_its_definition_on_an_unbalanced_panel_with_a_singleton() -> None:
    data = random_panel(5, entities=7, years=5, missing=4)
    keep = (data.index.get_level_values(0) != "e6") | (data.index.get_level_values(1) == 2003)
    model = fit(data[keep], **BOTH, effects=("year",))  # without entity effects a lone row stays
    year = pd.get_dummies(model.frame.index.get_level_values(1), dtype=float).to_numpy()
    x = np.column_stack([model.frame[["x", "w"]], year])
    pinv = np.linalg.pinv(x)
    away = np.eye(len(x)) - x @ pinv
    e = away @ model.frame["y"].to_numpy()
    p_all, meat = [], np.zeros((2, 2))
    for g in range(model.n_entities):
        rows = model.absorber.entity == g
        values, vectors = np.linalg.eigh(away[np.ix_(rows, rows)])
        adjusted = vectors @ np.diag(values**-0.5) @ vectors.T @ pinv[:2, rows].T
        meat += np.outer(adjusted.T @ e[rows], adjusted.T @ e[rows])
        p_all.append(away[:, rows] @ adjusted)
    table = infer(model, "cr2").table
    close(table["std_error"], np.sqrt(np.diag(meat)), 1e-9)
    for j, term in enumerate(model.terms):
        p = np.array([p[:, j] for p in p_all])
        close(table.loc[term, "df"], np.sum(p**2) ** 2 / np.sum((p @ p.T) ** 2), 1e-9)


@pytest.mark.parametrize("covariance", COVARIANCES)
def test_every_covariance_gives_a_full_table(covariance: str) -> None:
    result = infer(fit(random_panel(entities=12), **BOTH), covariance)
    assert list(result.table) == [
        "estimate",
        "std_error",
        "statistic",
        "df",
        "p_value",
        "conf_low",
        "conf_high",
    ]
    assert list(result.table.index) == ["x", "w"]
    assert np.isfinite(result.table.to_numpy()).all()
    assert all(COVARIANCES[covariance])
    assert result.note.startswith(COVARIANCES[covariance].convention_en)


def test_a_variance_that_is_not_positive_is_missing_and_named() -> None:
    result = infer(fit(panel("synthprov/col1"), outcome="y", regressors=["x"]), "cluster_twoway")
    assert math.isnan(result.constant["std_error"])
    assert result.note.endswith("printed as missing: constant.")
    assert np.isfinite(result.table.to_numpy()).all()


def test_iv_covariances_equal_r() -> None:
    g = golden("iv/synth_twfe_controls_300")
    model = fit(
        panel("synthprov"),
        outcome="y",
        regressors=["x", "c1", "c2", "c3", "c4", "c5"],
        endogenous=["x"],
        instruments=["L1.x"],
    )
    areg, reghdfe = infer(model, "cluster_areg"), infer(model, "cluster")
    close(areg.table["std_error"], g["estimatr_cluster_stata"]["se"])
    assert (areg.k_counted, reghdfe.k_counted) == (45, 16)
    close(
        areg.table["std_error"] / math.sqrt(areg.factor),
        reghdfe.table["std_error"] / math.sqrt(reghdfe.factor),
        1e-14,
    )


def test_wald_of_one_term_is_the_squared_t() -> None:
    result = infer(fit(random_panel(), **BOTH))
    test = wald(result, ["x"])
    assert test.statistic == pytest.approx(result.row("x")["statistic"] ** 2)
    assert test.p_value == pytest.approx(result.row("x")["p_value"])


def test_stars_stand_below_the_levels() -> None:
    assert [stars(p) for p in (0.0099, 0.01, 0.05, 0.1, float("nan"))] == ["***", "**", "*", "", ""]


def naive_t2(model: Fit, y: np.ndarray) -> float:
    """Squared clustered t of x, everything computed anew on explicit dummies."""
    entity, year = (np.eye(codes.max() + 1)[codes] for codes in (model.absorber.entity, model.absorber.year))
    x = np.column_stack([model.frame[["x", "w"]], entity, year[:, 1:]])
    pinv = np.linalg.pinv(x)
    b, e = pinv @ y, y - x @ (pinv @ y)
    sums = [(pinv[0] * e)[model.absorber.entity == g].sum() for g in range(model.n_entities)]
    return float(b[0] ** 2 / np.sum(np.square(sums)))


def restricted(model: Fit) -> tuple[np.ndarray, np.ndarray]:
    null = fit(model.frame, outcome="y", regressors=["w"])
    return model.frame["y"].to_numpy() - null.residuals, null.residuals


def test_enumerated_bootstrap_equals_a_plain_loop() -> None:
    model = fit(random_panel(11, entities=6, years=6, missing=5), **BOTH)
    fitted, u = restricted(model)
    observed = naive_t2(model, model.frame["y"].to_numpy())
    draws = [
        naive_t2(model, fitted + u * np.array(signs)[model.absorber.entity])
        for signs in itertools.product((-1, 1), repeat=6)
    ]
    expected = np.mean(np.array(draws) >= observed * (1 - 1e-9))
    assert wild_cluster_bootstrap(model, "x", weights="rademacher", draws=64, seed=1) == expected


@pytest.mark.parametrize("weights", ["webb", "rademacher"])
def test_drawn_bootstrap_equals_a_plain_loop_within_monte_carlo_error(weights) -> None:  # type: ignore[no-untyped-def]
    data = random_panel(4, entities=10, years=5)
    model = fit(data.assign(y=data["y"] - 0.75 * data["x"]), **BOTH)
    fitted, u = restricted(model)
    observed = naive_t2(model, model.frame["y"].to_numpy())
    rng, six = np.random.default_rng(0), np.sqrt([0.5, 1, 1.5])
    values = np.concatenate([-six, six]) if weights == "webb" else np.array([-1, 1])
    draws = [
        naive_t2(model, fitted + u * rng.choice(values, model.n_entities)[model.absorber.entity])
        for _ in range(800)
    ]
    expected = float(np.mean(np.array(draws) >= observed))
    ours = wild_cluster_bootstrap(
        model, "x", weights=weights, draws=999 if weights == "rademacher" else 9999, seed=2
    )
    assert 0.02 < expected < 0.98
    assert abs(ours - expected) < 4 * math.sqrt(expected * (1 - expected) * (1 / 800 + 1 / 999))


def test_bootstrap_depends_on_the_seed_and_not_on_the_order_of_rows() -> None:
    data = random_panel(8, entities=20)
    data = data.assign(y=data["y"] - 0.8 * data["x"])
    p = [
        wild_cluster_bootstrap(fit(d, **BOTH), "x", seed=s)
        for d, s in ((data, 1), (data[::-1], 1), (data, 2))
    ]
    assert p[0] == p[1] != p[2]


@pytest.mark.slow
def test_bootstrap_equals_a_second_implementation() -> None:
    reason = "a second implementation of the wild bootstrap: pip install wildboottest==0.3.2"
    wildboottest = pytest.importorskip("wildboottest.wildboottest", reason=reason)
    import statsmodels.api as sm

    for case in ("grunfeld", "munnell"):
        g = golden(case)
        model = fit(panel(case), outcome=g["y"], regressors=g["X"])
        entity, year = (np.eye(c.max() + 1)[c] for c in (model.absorber.entity, model.absorber.year))
        x = pd.DataFrame(np.column_stack([model.frame[g["X"]], entity, year[:, 1:]]))
        x.columns = [*g["X"], *(f"d{i}" for i in range(x.shape[1] - len(g["X"])))]
        ols = sm.OLS(model.frame[g["y"]].to_numpy(), x)
        for term in g["X"]:
            theirs = wildboottest.wildboottest(
                ols,
                param=term,
                B=9999,
                cluster=pd.Series(model.absorber.entity),
                weights_type="webb",
                seed=12,
                show=False,
            )["p-value"].iloc[0]
            ours = wild_cluster_bootstrap(model, term, seed=1)
            assert abs(ours - theirs) < 4 * math.sqrt(2 * max(ours * (1 - ours), 1e-4) / 9999), (case, term)


def test_errors_say_what_is_wrong() -> None:
    data = random_panel()
    ols, two = fit(data, **BOTH), fit(data, **BOTH, clusters=("entity", "year"))
    with pytest.raises(EstimationError, match="no covariance 'hc9'"):
        infer(ols, "hc9")
    with pytest.raises(EstimationError, match="one level of clusters"):
        infer(two, "cr2")
    with pytest.raises(EstimationError, match="one level of clusters"):
        wild_cluster_bootstrap(two, "x", seed=1)
    with pytest.raises(EstimationError, match="'z' is not among"):
        wild_cluster_bootstrap(ols, "z", seed=1)
    with pytest.raises(EstimationError, match="choose between 0 and 6"):
        infer(ols, "driscoll_kraay", lags=7)
    one = fit(data.loc[["e1"]], **BOTH, effects=("entity",))
    for covariance in ("cluster", "cluster_areg", "cluster_twoway", "cr2"):
        with pytest.raises(EstimationError, match=r"at least 2 clusters \(entities\); there is 1"):
            infer(one, covariance)
    wide = fit(random_panel(entities=3, missing=0), outcome="y", regressors=["x", "w", "z", "z2"])
    with pytest.raises(EstimationError, match="too few clusters"):
        wald(infer(wide), ["x", "w", "z", "z2"])
