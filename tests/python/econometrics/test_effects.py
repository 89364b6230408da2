"""Effects and clusters beyond entity and year, against dummy variables in plain NumPy and against linearmodels."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from econometrics_data import close, random_panel
from linearmodels.iv.absorbing import AbsorbingLS, Interaction
from nqp.econometrics.bootstrap import wild_cluster_bootstrap
from nqp.econometrics.equation import EstimationError, in_order
from nqp.econometrics.fit import Fit, fit
from nqp.econometrics.inference import infer
from scipy.stats import t as student

BOTH: dict[str, Any] = {"outcome": "y", "regressors": ["x", "w"]}
IV: dict[str, Any] = {**BOTH, "endogenous": ["x"], "instruments": ["z", "z2"]}
EFFECTS = (
    ("entity", "year", "group:year"), ("entity", "group:year"), ("entity", "year", "entity:trend"),
    ("entity", "year", "group:trend"), ("group", "year"), ("group", "sector", "year"), ("entity", "sector:year"),
    ("sector:trend",), ("entity", "year", "sector"), ("group:sector", "year"), ("year", "entity:trend"),
)  # fmt: skip
CLUSTERS = (
    ("entity",), ("year",), ("group",), ("sector",), ("group:year",), ("entity", "year"), ("group", "year"), ("entity", "sector"),
)  # fmt: skip
Matrix = np.ndarray[Any, Any]


def a_panel(seed: int = 5) -> pd.DataFrame:
    """An unbalanced panel: a group is fixed for an entity, a sector is not; the calendar has a gap."""
    data = random_panel(seed, entities=14, years=9, missing=23)
    years = data.index.get_level_values(1)
    data.index = pd.MultiIndex.from_arrays(
        [data.index.get_level_values(0), years + 4 * (years > 2005)], names=data.index.names
    )
    number = pd.factorize(data.index.get_level_values(0))[0]
    rng = np.random.default_rng(seed)
    return data.assign(group=(number % 4) * 10.0, sector=rng.integers(0, 3, len(data)) + 0.5)


def keys(frame: pd.DataFrame, name: str) -> list[tuple[Any, ...]]:
    columns = {"entity": frame.index.get_level_values(0), "year": frame.index.get_level_values(1)}
    parts = [part for part in name.split(":") if part != "trend"]
    return list(zip(*(columns.get(part, frame.get(part)) for part in parts), strict=True))


def dummies(frame: pd.DataFrame, effects: Sequence[str]) -> Matrix:
    """Every dummy and every trend that the effects mean, and a constant: not of full rank."""
    years = frame.index.get_level_values(1).to_numpy(float)
    blocks = [np.ones((len(frame), 1))]
    for effect in effects:
        block = pd.get_dummies(pd.Series(map(str, keys(frame, effect)))).to_numpy(float)
        blocks.append(block)
        if effect.endswith(":trend"):  # a slope comes with its level
            blocks.append(block * (years - 2006)[:, None])
    return np.column_stack(blocks)


def rank(columns: Matrix) -> int:
    return int(np.linalg.matrix_rank(columns / np.maximum(np.abs(columns).max(axis=0), 1e-12), tol=1e-8))


def net(columns: Matrix, others: Matrix) -> Matrix:
    return np.asarray(columns - others @ np.linalg.lstsq(others, columns, rcond=1e-12)[0])


@pytest.mark.parametrize("effects", EFFECTS, ids=" ".join)
@pytest.mark.parametrize("iv", [False, True], ids=["ols", "2sls"])
def test_coefficients_and_errors_are_those_of_a_regression_on_dummies(
    effects: tuple[str, ...], iv: bool
) -> None:
    model = fit(a_panel(), **(IV if iv else BOTH), effects=effects)
    frame = model.frame
    others = dummies(frame, effects)
    y, x = net(frame[["y"]].to_numpy(), others)[:, 0], net(frame[["x", "w"]].to_numpy(), others)
    z = net(frame[["w", "z", "z2"]].to_numpy(), others) if iv else x
    fitted = z @ np.linalg.lstsq(z, x, rcond=None)[0]
    inverse = np.linalg.inv(fitted.T @ fitted)
    slope = inverse @ fitted.T @ y
    close(model.params, slope, 1e-9)
    error, n = y - x @ slope, len(frame)
    k_all = 2 + rank(others)
    assert model.df_resid == n - k_all
    close(
        infer(model, "iid").table["std_error"],
        np.sqrt(np.diag(inverse) * (error @ error) / (n - k_all)),
        1e-9,
    )
    scores = fitted * error[:, None] @ inverse
    close(infer(model, "hc1").table["std_error"], np.sqrt((scores**2).sum(axis=0) * n / (n - k_all)), 1e-9)


@pytest.mark.parametrize("clusters", CLUSTERS, ids=" ".join)
@pytest.mark.parametrize(
    "effects", [("entity", "year"), ("group", "year"), ("entity", "group:year"), ()], ids=" ".join
)
def test_clusters_follow_the_rule_that_the_note_states(
    effects: tuple[str, ...], clusters: tuple[str, ...]
) -> None:
    model = fit(a_panel(), **BOTH, effects=effects, clusters=clusters)
    frame, others = model.frame, dummies(model.frame, effects)
    x, y = net(frame[["x", "w"]].to_numpy(), others), net(frame[["y"]].to_numpy(), others)[:, 0]
    bread = np.linalg.inv(x.T @ x)
    scores = pd.DataFrame(x * (y - x @ bread @ x.T @ y)[:, None])
    meat = np.zeros((2, 2))
    for size in range(1, len(clusters) + 1):  # inclusion and exclusion
        for part in itertools.combinations(clusters, size):
            sums = scores.groupby(
                [str(pair) for pair in zip(*(keys(frame, one) for one in part), strict=True)]
            ).sum()
            meat += (-1) ** (size + 1) * sums.to_numpy().T @ sums.to_numpy()
    groups = min(len(set(keys(frame, one))) for one in clusters)
    nested = [
        effect for effect in effects
        if any(len(set(zip(keys(frame, effect), keys(frame, one), strict=True))) == len(set(keys(frame, effect)))
               for one in clusters)
    ]  # fmt: skip
    counted = 2 + rank(others) - (rank(dummies(frame, nested)) - 1 if nested else 0)
    n = len(frame)
    for covariance, k in (("cluster", counted), ("cluster_areg", 2 + rank(others))):
        variance = np.diag(bread @ meat @ bread) * groups / (groups - 1) * (n - 1) / (n - k)
        result = infer(model, covariance)
        close(result.table["std_error"], np.where(variance > 0, np.sqrt(np.abs(variance)), np.nan), 1e-9)
        assert (result.k_counted, result.clusters, result.df) == (k, groups, groups - 1)
        close(
            result.table["p_value"],
            2 * student.sf(np.abs(result.table["statistic"].to_numpy()), groups - 1), 1e-9,
        )  # fmt: skip
        assert clusters == ("entity",) or all(one in result.note for one in clusters)


def test_two_levels_may_be_entity_and_year_of_which_both_effects_are_nested() -> None:
    result = infer(fit(a_panel(), **BOTH, clusters=("entity", "year")))
    assert result.k_counted == 3  # two slopes and one constant
    assert "Clustered by entity and year" in result.note
    assert "按entity与year双向聚类" in result.note_zh


def test_linearmodels_absorbs_the_same() -> None:
    data = a_panel()
    model = fit(data, **BOTH, effects=("entity", "group:year"), clusters=("group:year",))
    frame = model.frame
    categories = pd.DataFrame(
        {"entity": frame.index.get_level_values(0), "cell": list(map(str, keys(frame, "group:year")))},
        index=frame.index,
    ).astype("category")  # fmt: skip
    theirs = AbsorbingLS(frame["y"], frame[["x", "w"]], absorb=categories).fit(
        cov_type="clustered", clusters=categories["cell"].cat.codes
    )
    close(model.params, theirs.params, 1e-7)
    ours = infer(model)
    close(ours.table["std_error"] / np.sqrt(ours.factor), theirs.std_errors, 1e-7)


def test_linearmodels_has_the_same_trends() -> None:
    frame = fit(a_panel(), **BOTH, effects=("entity", "year", "entity:trend")).frame
    entity = pd.Series(frame.index.get_level_values(0), index=frame.index).astype("category")
    years = pd.Series(frame.index.get_level_values(1) - 2006.0, index=frame.index, name="t")
    absorbed = pd.DataFrame({"entity": entity, "year": years.astype("category")})
    trends = Interaction(pd.DataFrame({"entity": entity}), pd.DataFrame({"t": years}))
    theirs = AbsorbingLS(frame["y"], frame[["x", "w"]], absorb=absorbed, interactions=[trends]).fit()
    close(fit(a_panel(), **BOTH, effects=("entity", "year", "entity:trend")).params, theirs.params, 1e-6)


def brute_cr2(model: Fit, clusters: str) -> tuple[Matrix, Matrix]:
    """Bell and McCaffrey with every dummy in the hat matrix; the design of 2SLS is the first-stage fit."""
    frame, others = model.frame, dummies(model.frame, model.effects)
    design = model.design
    full = np.column_stack([design, others])
    hat = full @ np.linalg.pinv(full, rcond=1e-10)
    weights = design @ np.linalg.inv(design.T @ design)
    label = np.array([str(key) for key in keys(frame, clusters)])
    eye, variance, projected = np.eye(len(frame)), np.zeros((2, 2)), []
    for one in sorted(set(label)):
        rows = np.flatnonzero(label == one)
        values, vectors = np.linalg.eigh((eye - hat)[np.ix_(rows, rows)])
        safe = np.where(values > 1e-10, values, np.inf)
        adjusted = (vectors / np.sqrt(safe)) @ vectors.T @ weights[rows]
        score = adjusted.T @ model.residuals[rows]
        variance += np.outer(score, score)
        projected.append((eye - hat)[:, rows] @ adjusted)
    df = []
    for j in range(2):
        p = np.array([[a[:, j] @ b[:, j] for b in projected] for a in projected])
        df.append(np.trace(p) ** 2 / (p**2).sum())
    return np.sqrt(np.diag(variance)), np.array(df)


@pytest.mark.parametrize("iv", [False, True], ids=["ols", "2sls"])
@pytest.mark.parametrize(
    ("effects", "clusters"),
    [
        (("entity", "year"), "entity"), (("entity", "year"), "group"), (("entity", "year"), "year"),
        (("entity", "year", "entity:trend"), "entity"), (("group", "year"), "sector"), ((), "entity"),
    ],
)  # fmt: skip
def test_cr2_is_that_of_the_whole_hat_matrix(effects: tuple[str, ...], clusters: str, iv: bool) -> None:
    model = fit(a_panel(), **(IV if iv else BOTH), effects=effects, clusters=(clusters,))
    std_error, df = brute_cr2(model, clusters)
    result = infer(model, "cr2").table
    close(result["std_error"], std_error, 1e-8)
    close(result["df"], df, 1e-8)


def t_of(
    frame: pd.DataFrame, y: Matrix, x: Matrix, z: Matrix, others: Matrix, label: Matrix, j: int
) -> float:
    """The squared t statistic of 2SLS, clustered without a factor."""
    y, x, z = net(y[:, None], others)[:, 0], net(x, others), net(z, others)
    fitted = z @ np.linalg.lstsq(z, x, rcond=None)[0]
    bread = np.linalg.inv(fitted.T @ fitted)
    slope = bread @ fitted.T @ y
    scores = pd.DataFrame((fitted * (y - x @ slope)[:, None]) @ bread).groupby(label).sum().to_numpy()
    return float(slope[j] ** 2 / (scores[:, j] ** 2).sum())


@pytest.mark.parametrize("clusters", ["entity", "group", "year"])
@pytest.mark.parametrize("term", ["x", "w"])
def test_the_bootstrap_of_2sls_is_that_of_davidson_and_mackinnon_done_at_length(
    term: str, clusters: str
) -> None:
    draws, seed = 60, 3
    model = fit(a_panel(), **IV, clusters=(clusters,))
    frame, others = model.frame, dummies(model.frame, model.effects)
    label = np.unique([str(key) for key in keys(frame, clusters)], return_inverse=True)[1]
    if clusters != "entity":  # the codes of the fit are in the order of the values
        label = np.unique([key[0] for key in keys(frame, clusters)], return_inverse=True)[1]
    y, x, w, z = (frame[name].to_numpy() for name in (["y", "x", "w", ["z", "z2"]]))
    full = np.column_stack([w, z])
    j = ["x", "w"].index(term)
    # under the null: y on w alone, or y on x by 2SLS with w among the instruments
    kept = net(np.column_stack([w] if term == "x" else [x]), others)
    first = net(full, others)
    inside = first @ np.linalg.lstsq(first, kept, rcond=None)[0]
    slope = np.linalg.lstsq(inside, net(y[:, None], others), rcond=None)[0]
    under = y - (np.column_stack([w] if term == "x" else [x]) @ slope)[:, 0]
    error = net(under[:, None], others)[:, 0]
    effects = under - error
    design = np.column_stack([full, others, error])
    weights = np.linalg.lstsq(design, x, rcond=1e-12)[0]
    fitted = design[:, :-1] @ weights[:-1]
    residual = net((x - fitted)[:, None], others)[:, 0]
    fitted = x - residual
    values = np.sqrt([0.5, 1.0, 1.5])
    drawn = np.random.default_rng(seed).choice(
        np.concatenate([-values, values]), size=(draws, label.max() + 1)
    )
    observed = t_of(frame, y, np.column_stack([x, w]), full, others, label, j)
    extreme = 0
    for v in drawn:
        new_x = fitted + v[label] * residual
        part = (np.column_stack([w] if term == "x" else [new_x]) @ slope)[:, 0]
        new_y = part + effects + v[label] * error
        extreme += t_of(frame, new_y, np.column_stack([new_x, w]), full, others, label, j) >= observed
    p = wild_cluster_bootstrap(model, term, draws=draws, seed=seed)
    assert p == pytest.approx((1 + extreme) / (1 + draws), abs=1e-12)


def test_rows_without_a_category_are_counted_and_categories_alone_are_singletons() -> None:
    data = a_panel()
    data.iloc[3, data.columns.get_loc("sector")] = np.nan
    data.iloc[10, data.columns.get_loc("sector")] = 99.0
    model = fit(data, **BOTH, effects=("entity", "year", "sector"))
    assert (model.flow.missing_regressor, model.flow.singletons) == (1, 1)
    assert fit(data, **BOTH, clusters=("sector",)).flow.missing_regressor == 1
    assert fit(data, **BOTH).flow.missing_regressor == 0


def test_redundant_effects_change_nothing() -> None:
    plain, more = fit(a_panel(), **BOTH), fit(a_panel(), **BOTH, effects=("year", "group", "entity"))
    assert more.effects == ("entity", "year", "group")
    assert plain.df_resid == more.df_resid
    close(plain.params, more.params, 1e-10)


@pytest.mark.parametrize(
    ("effects", "message"),
    [
        (("trend",), "write entity:trend"), (("entity:year",), "nothing is left"), (("year:trend",), "within one year"),
        (("group:group",), "stands twice"), (("trend:group",), "write a category"), (("group:",), "write a category"),
        (("nobody",), "no column 'nobody'"),
    ],
)  # fmt: skip
def test_an_effect_that_means_nothing_is_refused_by_name(effects: tuple[str, ...], message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        fit(a_panel(), **BOTH, effects=effects)


@pytest.mark.parametrize(
    ("clusters", "message"),
    [
        ((), "name one level"), (("group", "group"), "two different"), (("entity", "year", "group"), "one level, or two"),
        (("entity:trend",), "no cluster"), (("entity:year",), "hc1"),
    ],
)  # fmt: skip
def test_clusters_that_mean_nothing_are_refused_by_name(clusters: tuple[str, ...], message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        fit(a_panel(), **BOTH, clusters=clusters)


def test_the_order_of_effects_is_that_of_the_tables() -> None:
    assert in_order(("group:year", "year", "entity")) == ("entity", "year", "group:year")
    assert in_order(("entity:trend",)) == ("entity", "entity:trend")
