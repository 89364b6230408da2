"""The fit in SQL against the fit of rows, against R, and on panels one can do in one's head."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from econometrics_data import CASES, close, golden, panel, random_panel
from hypothesis import given, settings
from hypothesis import strategies as st
from nqp.econometrics.equation import EstimationError
from nqp.econometrics.fit import fit
from nqp.econometrics.inference import infer
from nqp.econometrics.within import WithinFit, fit_within

BOTH: dict[str, Any] = {"outcome": "y", "regressors": ["x", "w"]}
IV: dict[str, Any] = {**BOTH, "endogenous": ["x"], "instruments": ["z", "z2"]}
EFFECTS = (("entity", "year"), ("entity",), ("year",), ())
SUMMED = ("iid", "hc1", "cluster", "cluster_areg", "cluster_twoway", "cluster_year", "driscoll_kraay")
CLUSTERS = (("entity",), ("year",), ("entity", "year"))
COUNTS = ("terms", "effects", "endogenous", "instruments", "n_obs", "n_entities", "n_years", "first_year", "last_year",
          "df_resid", "dropped")  # fmt: skip


def in_sql(data: pd.DataFrame, **model: Any) -> WithinFit:
    """The fit in SQL of a panel indexed by entity and year."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("rows_of_the_panel", data.reset_index())
        connection.execute("create table a_panel as select * from rows_of_the_panel")
        fitted = fit_within(connection, "a_panel", **model)
        left = connection.execute("select table_name from duckdb_tables() where temporary").fetchall()
        assert not left
    return fitted


def agree(data: pd.DataFrame, tolerance: float = 1e-9, **model: Any) -> WithinFit:
    """Both fits, which must say the same under every covariance that both have; gives the one in SQL."""
    rows, sums = fit(data, **model), in_sql(data, **model)
    assert [getattr(sums, name) for name in COUNTS] == [getattr(rows, name) for name in COUNTS]
    flow = (rows.flow.offered, rows.flow.missing_outcome, rows.flow.missing_regressor, rows.flow.missing_lag,
            rows.flow.singletons, rows.flow.used)  # fmt: skip
    assert flow == (sums.flow.offered, sums.flow.missing_outcome, sums.flow.missing_regressor, sums.flow.missing_lag,
                    sums.flow.singletons, sums.flow.used)  # fmt: skip
    close(sums.params, rows.params, tolerance)
    for name in ("constant", "r2", "adj_r2", "r2_within"):
        close(getattr(sums, name), getattr(rows, name), tolerance)
    for covariance in SUMMED:
        expected, found = infer(rows, covariance), infer(sums, covariance)
        close(found.table["std_error"], expected.table["std_error"], tolerance)
        close(found.table["p_value"], expected.table["p_value"], tolerance * 100)
        close(found.constant, expected.constant, tolerance * 100)
        assert (found.k_counted, found.clusters, found.df, found.note) == (
            expected.k_counted, expected.clusters, expected.df, expected.note)  # fmt: skip
    return sums


def test_a_panel_one_can_do_by_hand() -> None:
    index = pd.MultiIndex.from_product([["a", "b"], [1, 2, 3]], names=["entity_code", "year"])
    # net of entities and years x is (-1, 0, 1) and its opposite; y moves twice as much, plus (1, -2, 1) / 3 and its opposite
    wave = np.array([1.0, -2.0, 1.0, -1.0, 2.0, -1.0])
    x = np.array([9.0, 20.0, 31.0, 1.0, 10.0, 19.0])
    y = 2 * x + np.repeat([5.0, 8.0], 3) + np.tile([1.0, 4.0, 2.0], 2) + wave
    model = in_sql(pd.DataFrame({"y": y, "x": x}, index=index), outcome="y", regressors=["x"])
    assert model.params["x"] == pytest.approx(2.0, abs=1e-14)
    assert (model.n_obs, model.n_entities, model.n_years, model.df_resid) == (6, 2, 3, 1)
    # x'Mx = 4, e'e = 12, one degree of freedom: SE = sqrt(12 / 1 / 4)
    assert infer(model, "iid").row("x")["std_error"] == pytest.approx(np.sqrt(3.0), abs=1e-12)
    assert model.constant == pytest.approx(y.mean() - 2 * x.mean(), abs=1e-12)


@pytest.mark.parametrize("clusters", CLUSTERS)
@pytest.mark.parametrize("effects", EFFECTS)
def test_every_effect_and_cluster_it_has_is_that_of_the_rows(
    effects: tuple[str, ...], clusters: tuple[str, ...]
) -> None:
    agree(random_panel(3, entities=11, missing=17), **BOTH, effects=effects, clusters=clusters)


@pytest.mark.parametrize("case", CASES)
def test_it_equals_r(case: str) -> None:
    g = golden(case)
    model = agree(panel(case), outcome=g["y"], regressors=g["X"])
    close(model.params, g["plm_twoways"]["coef"])
    close(
        [model.r2, model.adj_r2, model.r2_within],
        [g["lm_lsdv"]["r2"], g["lm_lsdv"]["adjr2"], g["plm_twoways"]["r2_within"]],
    )
    close(infer(model, "iid").table["std_error"], g["plm_twoways"]["se_default"])


@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize("model", [BOTH, IV], ids=["least squares", "2SLS"])
def test_every_kind_of_effects_equals_the_fit_of_rows(
    effects: tuple[str, ...], model: dict[str, Any]
) -> None:
    agree(random_panel(1), **model, effects=effects)
    agree(random_panel(2, missing=0), **model, effects=effects)


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    missing=st.integers(0, 30),
    holes=st.integers(0, 6),
    effects=st.sampled_from(EFFECTS),
)
def test_any_panel_with_gaps_equals_the_fit_of_rows(
    seed: int, missing: int, holes: int, effects: tuple[str, ...]
) -> None:
    data = random_panel(seed, entities=8, years=6, missing=missing)
    rng = np.random.default_rng(seed)
    for column in ("y", "x", "w"):
        data.loc[data.index[rng.choice(len(data), holes, replace=False)], column] = np.nan
    refused = ""
    try:
        fit(data, **BOTH, effects=effects)
    except EstimationError as error:
        refused = str(error)
    if refused:
        with pytest.raises(EstimationError) as found:
            in_sql(data, **BOTH, effects=effects)
        # how a model with nearly no freedom fails is a matter of rounding; that it fails is not
        assert str(found.value) == refused or "nearly collinear" in refused or "exact" in refused
    else:
        agree(data, tolerance=1e-8, **BOTH, effects=effects)


def test_singletons_go_again_and_again() -> None:
    data = random_panel(5, missing=0)
    keep = ~data.index.isin([("e0", year) for year in range(2002, 2008)])
    chain = data[keep]  # e0 has one row
    lonely = pd.concat([chain, chain.loc[["e1"]].iloc[:1].rename(index={2001: 1990}, level="year")])
    # 1990 has one row; e2 keeps one row once a year of its own is gone
    only = (
        data.loc[["e2"]]
        .iloc[:2]
        .rename(index={"e2": "f"})
        .rename(index={2001: 1980, 2002: 2002}, level="year")
    )
    model = agree(pd.concat([lonely, only]), **BOTH)
    assert model.flow.singletons == 4
    assert agree(pd.concat([lonely, only]), **BOTH, effects=("year",)).flow.singletons == 2
    assert agree(pd.concat([lonely, only]), **BOTH, effects=()).flow.singletons == 0


def test_years_that_no_entity_connects_cost_one_degree_less() -> None:
    data = random_panel(6, entities=12, years=8, missing=0)
    entity, year = data.index.get_level_values(0), data.index.get_level_values(1)
    early = entity.isin([f"e{i}" for i in range(6)])
    model = agree(data[early == (year < 2005)], **BOTH)
    assert model.df_resid == 48 - 2 - 12 - (8 - 2)


def test_more_years_than_one_integer_holds() -> None:
    agree(random_panel(7, entities=5, years=150, missing=60), **BOTH)


def test_levels_and_units_cost_no_digits() -> None:
    data = random_panel(8)
    rng = np.random.default_rng(8)
    level = pd.Series(rng.uniform(1e3, 1e4, 9), index=[f"e{i}" for i in range(9)])
    shifted = data.assign(
        x=1e6 * data["x"] + 1e9,
        w=1e-6 * data["w"],
        y=data["y"] + data.index.get_level_values(0).map(level).to_numpy(),
    )
    agree(shifted, **BOTH, tolerance=1e-8)
    plain, moved = in_sql(data, **BOTH), in_sql(shifted, **BOTH)
    close(moved.params * [1e6, 1e-6], plain.params, 1e-8)


def test_lags_and_winsorising_are_those_of_the_fit_of_rows() -> None:
    from nqp.econometrics.sample import winsorised

    data = random_panel(9, entities=12, missing=10)
    model = agree(data, outcome="y", regressors=["L1.x", "L2.w"])
    assert model.flow.missing_lag > 0
    agree(data, outcome="y", regressors=["x"], endogenous=["x"], instruments=["L1.x"])
    agree(data, outcome="y", regressors=["x", "F1.w", "x:w", "L1.x:x", "x:x"])
    clipped = winsorised(data, ["y", "x", "w"], 0.1, 0.8)
    expected = fit(clipped, outcome="y", regressors=["x", "L1.w"])
    found = in_sql(data, outcome="y", regressors=["x", "L1.w"], winsorise=(0.1, 0.8))
    close(found.params, expected.params, 1e-9)
    assert found.n_obs == expected.n_obs


def test_a_sample_is_taken_after_the_lags() -> None:
    data = random_panel(10)
    later = pd.Series(data.index.get_level_values(1) >= 2003, index=data.index)
    expected = fit(data, outcome="y", regressors=["L1.x"], sample=later)
    found = in_sql(data, outcome="y", regressors=["L1.x"], where="panel.year >= 2003")
    close(found.params, expected.params, 1e-9)
    assert found.flow == expected.flow


def test_the_rows_of_another_model_can_be_asked_for() -> None:
    data = random_panel(11)
    data.loc[data.index[:5], "z"] = np.nan
    assert in_sql(data, **BOTH, also=["z"]).n_obs == len(data) - 5


def test_regressors_that_add_nothing_are_left_out_with_the_reason() -> None:
    data = random_panel(12).assign(one=1.0)
    data["same"] = 2 * data["x"] - data["w"]
    data["trend"] = data.index.get_level_values(1).to_numpy(float)
    model = agree(data, outcome="y", regressors=["x", "w", "same", "trend", "one"])
    assert [(one.term, one.reason) for one in model.dropped] == [
        ("same", "is collinear with x, w"),
        ("trend", "is absorbed by the effects"),
        ("one", "is absorbed by the effects"),
    ]


WRONG = {
    "a constant outcome": (lambda d: d.assign(y=3.0), {}, "the outcome has no variation"),
    "an outcome that the effects explain": (
        lambda d: d.assign(y=d.index.get_level_values(1).to_numpy(float)), {}, "the outcome has no variation left"),
    "no regressor left": (lambda d: d.assign(x=1.0, w=2.0), {}, "no regressor is left"),
    "nearly collinear": (lambda d: d.assign(w=d["x"] + 1e-5 * d["w"]), {}, "nearly collinear"),
    "an identity": (lambda d: d.assign(y=d["x"] - 2 * d["w"]), {}, "the fit is exact"),
    "an empty sample": (lambda d: d, {"where": "panel.year < 1900"}, "no rows are left of 0"),
    "nothing complete": (lambda d: d.assign(w=np.nan), {}, "57 without a regressor"),
    "one entity": (lambda d: d.loc[["e0"]], {}, "no rows are left of"),
    "one year": (lambda d: d[d.index.get_level_values(1) == 2002], {}, "no rows are left of"),
    "too few rows": (lambda d: d.loc[["e1", "e2"]].iloc[[0, 1, -7, -6]], {}, "no rows are left|no residual degrees"),
    "an infinite value": (lambda d: d.assign(x=d["x"].where(d["x"] > -1, np.inf)), {}, "column 'x' is infinite"),
    "the same key twice": (lambda d: pd.concat([d, d.iloc[[3]]]), {}, "more than once; keep one row of each"),
    "an unknown column": (lambda d: d.drop(columns="w"), {}, "no column 'w' in the panel; it has entity_code, year"),
    "text": (lambda d: d.assign(x=d["x"].astype(str)), {}, "column 'x' holds values that are not numbers"),
    "a fraction of a year": (
        lambda d: d.reset_index().assign(year=2001.5).set_index(["entity_code", "year"]), {}, "must hold whole years"),
    "no entity": (
        lambda d: d.reset_index().assign(entity_code=lambda f: f["entity_code"].where(f["year"] != 2003)).set_index(
            ["entity_code", "year"]), {}, "rows without an entity or a year"),
    "years too far apart": (
        lambda d: d.rename(index={2001: 20010101}, level="year"), {}, "no more than 1000 years"),
    "quantiles upside down": (lambda d: d, {"winsorise": (0.9, 0.1)}, "winsorising needs"),
    "unknown effects": (lambda d: d, {"effects": ("firm",)}, "are entity and year only"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_bad_input_has_one_named_error(what: str) -> None:
    change, options, message = WRONG[what]
    with pytest.raises(EstimationError, match=message):
        in_sql(change(random_panel(13)), **{**BOTH, **options})


def test_instruments_that_move_nothing_are_an_error() -> None:
    data = random_panel(14, missing=0)
    net = fit(data, outcome="z", regressors=["x", "w"]).residuals
    frame = fit(data, outcome="z", regressors=["x", "w"]).frame
    data = data.loc[frame.index].assign(z=net)
    with pytest.raises(EstimationError, match="the instruments do not move 'x'"):
        in_sql(data, **{**BOTH, "endogenous": ["x"], "instruments": ["z"]})


def test_what_needs_every_row_says_so() -> None:
    with pytest.raises(EstimationError, match="CR2 needs every row in memory"):
        infer(in_sql(random_panel(15), **BOTH), "cr2")


def test_the_order_of_rows_and_parquet_change_nothing(tmp_path: Any) -> None:
    data = random_panel(16)
    path = tmp_path / "panel.parquet"
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("rows_of_the_panel", data.sample(frac=1, random_state=1).reset_index())
        connection.execute(f"copy rows_of_the_panel to '{path}' (format parquet)")
        columns = {"income": "y", "score": "x"}
        found = fit_within(
            connection,
            f"read_parquet('{path}')",
            outcome="income",
            regressors=["score", "w"],
            columns=columns,
        )
    close(found.params.to_numpy(), fit(data, **BOTH).params.to_numpy(), 1e-12)
    assert found.terms == ("score", "w")
