"""Differences between groups and robustness, each against fitting the models one by one."""

import itertools
import time

import numpy as np
import pandas as pd
import pytest
from econometrics_data import close, golden, panel, random_panel
from nqp.econometrics.chow import chow_test
from nqp.econometrics.equation import EstimationError
from nqp.econometrics.fit import fit
from nqp.econometrics.inference import infer
from nqp.econometrics.permutation import permutation_test, placebo
from nqp.econometrics.sample import winsorised
from nqp.econometrics.sensitivity import leave_one_out, oster_bound

BOTH = {"outcome": "y", "regressors": ["x", "w"]}
FULL = {"outcome": "y", "regressors": ["x", "c1", "c2", "c3", "c4", "c5"]}


def groups(data: pd.DataFrame, cut: int) -> pd.Series:
    entities = data.index.get_level_values(0).unique()
    return pd.Series(["near" if int(e[1:]) < cut else "far" for e in entities], index=entities)


def test_chow_coefficients_are_those_of_separate_regressions() -> None:
    data = panel("synthprov")
    test = chow_test(data, data["region"].groupby(level=0).first(), **FULL)
    assert test.groups == ("Central", "East", "West")
    for region in test.groups:
        close(test.coefficients.loc[region, "x"], golden("synthprov_region")[region]["coef"])
        alone = fit(data, **FULL, sample=data["region"] == region)
        close(test.coefficients.loc[region], alone.params, 1e-9)
    assert list(test.tests.index) == [*FULL["regressors"], "all"]
    assert test.tests.loc["all", ["df_num", "df_den"]].tolist() == [12, 29]
    # clusters lie in one group each, so separate clustered variances add up to that of a difference
    raw = {r: infer(fit(data, **FULL, sample=data["region"] == r)) for r in ("East", "West")}
    variance = sum(i.row("x")["std_error"] ** 2 / i.factor for i in raw.values()) * test.inference.factor
    pair = test.pairs.loc[("East", "West", "x")]
    close(pair["std_error"], np.sqrt(variance), 1e-9)
    close(pair["estimate"], raw["East"].row("x")["estimate"] - raw["West"].row("x")["estimate"], 1e-9)


def test_chow_test_of_two_groups_is_the_squared_t_of_the_interaction() -> None:
    data = random_panel(3, entities=14)
    test = chow_test(data, groups(data, 6), **BOTH)
    close(test.tests.loc["x", "statistic"], test.pairs.loc[("far", "near", "x"), "statistic"] ** 2, 1e-9)
    close(test.tests.loc["x", "p_value"], test.pairs.loc[("far", "near", "x"), "p_value"], 1e-9)
    shuffled = chow_test(data.sample(frac=1, random_state=0), groups(data, 6)[::-1], **BOTH)
    assert shuffled.tests.equals(test.tests)


@pytest.mark.slow
def test_permutation_draws_are_exact_on_an_unbalanced_panel() -> None:
    data = random_panel(3, entities=6, missing=4)
    label = groups(data, 3)
    drawn = permutation_test(data, label, "near", "far", **BOTH, draws=300, seed=4)
    apart = [
        fit(data, **BOTH, sample=pd.Series(data.index.get_level_values(0).map(label) == g, index=data.index))
        for g in ("near", "far")
    ]
    close(drawn.observed, apart[0].params["x"] - apart[1].params["x"], 1e-9)
    # 6 choose 3 = 20 ways: every draw must be one of them, and all are found
    names = list(label.index)
    exact = set()
    for members in itertools.combinations(names, 3):
        inside = pd.Series(data.index.get_level_values(0).isin(members), index=data.index)
        exact.add(
            round(
                float(
                    fit(data, **BOTH, sample=inside).params["x"]
                    - fit(data, **BOTH, sample=~inside).params["x"]
                ),
                9,
            )
        )
    assert {round(float(d), 9) for d in drawn.draws} == exact
    assert len(exact) == 20
    again = permutation_test(data[::-1], label, "near", "far", **BOTH, draws=300, seed=4)
    assert again.draws.tolist() == drawn.draws.tolist()
    assert drawn.p_value == (1 + sum(abs(d) >= abs(drawn.observed) * (1 - 1e-10) for d in drawn.draws)) / 301


@pytest.mark.parametrize("effects", [("entity",), ("year",), ()])
def test_permutation_follows_the_effects_of_the_model(effects: tuple[str, ...]) -> None:
    data = random_panel(3, entities=8)
    label = groups(data, 4)
    drawn = permutation_test(data, label, "near", "far", **BOTH, effects=effects, term="w", draws=5, seed=1)
    near = pd.Series(data.index.get_level_values(0).map(label) == "near", index=data.index)
    apart = [fit(data, **BOTH, effects=effects, sample=s).params["w"] for s in (near, ~near)]
    close(drawn.observed, apart[0] - apart[1], 1e-9)


def test_ten_thousand_draws_take_seconds() -> None:
    data = panel("synthprov")
    start = time.perf_counter()
    permutation_test(data, data["region"].groupby(level=0).first(), "East", "West", **FULL, seed=1)
    assert len(placebo(fit(data, **FULL), seed=1).draws) == 10_000
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("effects", [("entity", "year"), ("entity",), ()])
def test_placebo_draws_are_regressions_on_permuted_data(effects: tuple[str, ...]) -> None:
    data = random_panel(6).sort_index()
    drawn = placebo(fit(data, **BOTH, effects=effects), draws=3, seed=9)
    year = data.index.get_level_values(1).to_numpy()
    keys = (year - year.min()) + np.random.default_rng(9).random((3, len(data)))
    for draw, key in zip(drawn.draws, keys, strict=True):
        x = np.empty(len(data))
        x[np.argsort(year, kind="stable")] = data["x"].to_numpy()[np.argsort(key)]
        for y in np.unique(year):
            assert sorted(x[year == y]) == sorted(data["x"].to_numpy()[year == y])
        close(draw, fit(data.assign(x=x), **BOTH, effects=effects).params["x"], 1e-9)
    assert (
        placebo(fit(data[::-1], **BOTH, effects=effects), draws=3, seed=9).draws.tolist()
        == drawn.draws.tolist()
    )


@pytest.mark.parametrize("instrumented", [{}, {"endogenous": ["x"], "instruments": ["z", "z2"]}])
def test_leave_one_out_names_the_most_influential_entity(instrumented: dict[str, list[str]]) -> None:
    data = random_panel(6)
    data.loc["e4", "y"] = (data.loc["e4", "y"] + 5 * data.loc["e4", "x"]).to_numpy()
    result = leave_one_out(fit(data, **BOTH, **instrumented))
    assert result.most_influential == "e4"
    for entity in result.table.index:  # fitted by linearmodels
        without = fit(data.drop(entity, level=0), **BOTH, **instrumented)
        close(
            result.table.loc[entity, ["estimate", "std_error"]],
            [without.params["x"], infer(without).row("x")["std_error"]],
            1e-12,
        )
    assert len(result.table) == 9
    assert result.lowest == result.table["estimate"].min() <= result.full <= result.highest


@pytest.mark.parametrize("delta", [0.5, 1.0, -0.7, 2.0])
@pytest.mark.parametrize("noise", [0.0, 0.8])
def test_oster_bound_recovers_the_truth_of_a_constructed_population(delta: float, noise: float) -> None:
    # X = a e1 + b e2 + c e3, y = beta X + s1 e1 + s2 e2 + noise e4, and b/s2 = delta a/s1: selection is proportional
    rng = np.random.default_rng(1)
    q = np.linalg.qr(np.column_stack([np.ones(40), rng.normal(size=(40, 4))]))[0][:, 1:] * np.sqrt(40)
    beta, s1, s2, a, c = 0.6, 1.0, 0.7, 0.5, 1.1
    x = a * q[:, 0] + delta * a * s2 / s1 * q[:, 1] + c * q[:, 2]
    y = beta * x + s1 * q[:, 0] + s2 * q[:, 1] + noise * q[:, 3]
    index = pd.MultiIndex.from_arrays([[f"{i:02d}" for i in range(40)], [2000] * 40])
    model = fit(pd.DataFrame({"y": y, "x": x, "w": q[:, 0]}, index=index), **BOTH, effects=())
    bound = oster_bound(model, "x", r2_max=1 - noise**2 / np.var(y), delta=delta)
    assert min(abs(root - beta) for root in bound.roots) < 1e-8
    if abs(delta) <= 1:
        assert bound.beta_star == pytest.approx(beta, abs=1e-8)
    nil = fit(pd.DataFrame({"y": y - beta * x, "x": x, "w": q[:, 0]}, index=index), **BOTH, effects=())
    top = 1 - noise**2 / np.var(y - beta * x)
    assert oster_bound(nil, "x", r2_max=top).delta_zero == pytest.approx(delta, rel=1e-8)


def test_oster_bound_states_its_default_and_nets_out_the_effects() -> None:
    model = fit(panel("synthprov"), **FULL)
    bound = oster_bound(model, "x")
    close(
        [bound.uncontrolled, bound.r2_uncontrolled],
        [
            golden("synthprov/col1")["plm_twoways"]["coef"]["x"],
            golden("synthprov/col1")["plm_twoways"]["r2_within"],
        ],
    )
    assert bound.r2_max == pytest.approx(1.3 * model.r2_within)
    at_zero = oster_bound(model, "x", delta=bound.delta_zero)
    assert min(abs(root) for root in at_zero.roots) < 1e-9


def test_winsorised_clips_at_the_quantiles() -> None:
    index = pd.MultiIndex.from_product([["a"], range(101)])
    data = pd.DataFrame({"x": np.arange(101.0), "y": 1.0}, index=index)
    data.loc[("a", 50), "x"] = np.nan
    clipped = winsorised(data, ["x"], 0.1, 0.9)
    assert clipped["x"].min() == pytest.approx(np.nanquantile(data["x"], 0.1))
    assert clipped["x"].max() == pytest.approx(np.nanquantile(data["x"], 0.9))
    assert clipped["x"].isna().sum() == 1
    assert clipped["y"].equals(data["y"])
    assert data["x"].max() == 100


def test_errors_say_what_is_wrong() -> None:
    data = random_panel()
    label = groups(data, 4)
    calls = {
        "at least two groups": lambda: chow_test(data, label[label == "near"], **BOTH),
        "needs entity or year effects": lambda: chow_test(data, label, **BOTH, effects=()),
        "takes iid, hc1": lambda: chow_test(data, label, **BOTH, covariance="cr2"),
        "no row of the sample has a group": lambda: chow_test(data, label.rename(lambda e: e + "?"), **BOTH),
        "indexed by entity": lambda: chow_test(data, data["x"], **BOTH),
        "no complete rows in one": lambda: permutation_test(data, label, "near", "south", **BOTH, seed=1),
        "give 1 or more": lambda: placebo(fit(data, **BOTH), draws=0, seed=1),
        "'z' is not among": lambda: placebo(fit(data, **BOTH), "z", seed=1),
        "there are none": lambda: oster_bound(fit(data, outcome="y", regressors=["x"]), "x"),
        "between the controlled R2": lambda: oster_bound(fit(data, **BOTH), "x", r2_max=0.0),
        "lower < upper": lambda: winsorised(data, ["x"], 0.9, 0.1),
        "without entity e": lambda: leave_one_out(fit(data.loc[["e0", "e1"]], **BOTH)),
        "cannot be estimated in one": lambda: permutation_test(
            data.assign(x=data["x"].where(data.index.get_level_values(0) > "e3", 1.0)),
            label,
            "near",
            "far",
            **BOTH,
            seed=1,
        ),
    }
    for message, call in calls.items():
        with pytest.raises(EstimationError, match=message):
            call()
