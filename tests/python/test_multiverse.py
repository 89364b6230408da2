"""One coefficient under every choice: each number equals the same regression fitted on its own, shares are exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from econometrics_data import random_panel
from linearmodels.panel.model import PanelOLS
from nqp.errors import StudyError
from nqp.estimation import complete_rows, fit
from nqp.inference import infer
from nqp.multiverse import (
    COVARIANCES,
    control_sets,
    controls_code,
    core_coefficients,
    factorial_shares,
    share_below,
    weighted_coefficients,
)
from nqp.multiverse_figures import thinned
from nqp.specifications import Address, Model, MultiverseSpec, Sample, read_specification
from scipy.stats import t

EFFECTS = [("entity", "year"), ("entity",), ("year",), ()]


def many(
    frame: pd.DataFrame, cores: list[str], controls: list[str], effects: tuple[str, ...]
) -> pd.DataFrame:
    """All cores at once, as the multiverse fits them."""
    rows, _, absorber = complete_rows(frame, outcome="y", columns=[*cores, *controls], effects=effects)
    net = absorber.residual(rows[["y", *controls]].to_numpy())
    x = rows[cores].to_numpy()
    return core_coefficients(absorber, net[:, 0], net[:, 1:], absorber.residual(x), x.std(axis=0, ddof=1))


def with_cores(seed: int = 3, count: int = 12) -> tuple[pd.DataFrame, list[str]]:
    """A random unbalanced panel with many cores of very different scale."""
    frame = random_panel(seed, entities=14, years=8)
    rng = np.random.default_rng(seed)
    cores = [f"s{i}" for i in range(count)]
    scales = 10.0 ** rng.integers(-6, 7, count)
    drawn = {
        name: scale * (rng.normal(size=len(frame)) + frame["x"])
        for name, scale in zip(cores, scales, strict=True)
    }
    return frame.assign(**drawn), cores


@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize("controls", [[], ["w"], ["w", "x"]])
def test_each_of_many_fits_is_the_fit_of_its_own(effects: tuple[str, ...], controls: list[str]) -> None:
    frame, cores = with_cores()
    found = many(frame, cores, controls, effects)
    for position, core in enumerate(cores):
        # the rows of the many are those that have all cores; here all of them have
        own = fit(frame, outcome="y", regressors=[core, *controls], effects=effects)
        assert found["estimate"][position] == pytest.approx(own.params[core], rel=1e-10)
        for name in COVARIANCES:
            row = infer(own, name).row(core)
            assert found[f"se_{name}"][position] == pytest.approx(row["std_error"], rel=1e-10)
            assert found[f"p_{name}"][position] == pytest.approx(row["p_value"], rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("core", ["s0", "s5", "s11"])
def test_a_sample_of_the_fits_equals_linearmodels(core: str) -> None:
    frame, cores = with_cores()
    found = many(frame, cores, ["w"], ("entity", "year")).iloc[cores.index(core)]
    rows = frame[["y", core, "w"]].dropna().sort_index()
    scale = rows[core].std()
    x = pd.DataFrame({"core": rows[core] / scale, "w": rows["w"]})
    two_way = PanelOLS(rows["y"], x, entity_effects=True, time_effects=True)
    iid = two_way.fit(cov_type="unadjusted")
    n, k_all = len(rows), int(len(rows) - iid.df_resid)
    assert found["estimate"] == pytest.approx(iid.params["core"] / scale, rel=1e-10)
    assert found["se_iid"] == pytest.approx(iid.std_errors["core"] / scale, rel=1e-10)
    assert found["p_iid"] == pytest.approx(iid.pvalues["core"], rel=1e-8)
    robust = two_way.fit(cov_type="robust")
    assert found["se_hc1"] == pytest.approx(robust.std_errors["core"] / scale, rel=1e-10)
    # reghdfe's rule: the year effects count, the entity effects, nested in the clusters, do not
    years = pd.get_dummies(rows.index.get_level_values(1), drop_first=True, dtype=float).set_index(rows.index)
    wide = pd.concat([x, years.add_prefix("year"), pd.Series(1.0, rows.index, name="constant")], axis=1)
    nested = PanelOLS(rows["y"], wide, entity_effects=True, check_rank=False)
    clustered = nested.fit(cov_type="clustered", cluster_entity=True, group_debias=True)
    assert found["se_cluster"] == pytest.approx(clustered.std_errors["core"] / scale, rel=1e-10)
    groups = rows.index.get_level_values(0).nunique()
    p = 2 * t.sf(abs(found["estimate"] / found["se_cluster"]), groups - 1)
    assert found["p_cluster"] == pytest.approx(p, rel=1e-10)
    assert k_all == 2 + groups + rows.index.get_level_values(1).nunique() - 1
    assert n == len(frame.dropna(subset=["y", core, "w"]))


def test_a_core_that_the_effects_absorb_has_no_coefficient_and_harms_no_other() -> None:
    frame, cores = with_cores(count=3)
    entity = frame.index.get_level_values(0).map(lambda e: float(str(e)[1:]))
    frame = frame.assign(flat=np.asarray(entity, dtype=float), double=2.0 * frame["w"])
    found = many(frame, [*cores, "flat", "double"], ["w"], ("entity", "year"))
    assert found["estimate"].isna().tolist() == [False] * 3 + [True] * 2
    assert found.iloc[3:][["se_iid", "p_cluster"]].isna().to_numpy().all()
    pd.testing.assert_frame_equal(found.iloc[:3], many(frame, cores, ["w"], ("entity", "year")))


@pytest.mark.parametrize("effects", EFFECTS)
def test_a_drawn_entity_enters_as_often_as_it_was_drawn(effects: tuple[str, ...]) -> None:
    frame, _ = with_cores()
    rows, _, absorber = complete_rows(frame, outcome="y", columns=["x", "w"], effects=effects)
    rng = np.random.default_rng(5)
    entities = len(absorber.entity_sizes)
    copies = np.stack(
        [np.bincount(rng.integers(0, entities, entities), minlength=entities) for _ in range(20)], axis=1
    )
    built = rng.normal(size=(len(rows), 20)) + rows[["x"]].to_numpy()
    estimates, spread = weighted_coefficients(
        absorber, rows["y"].to_numpy(), rows[["w"]].to_numpy(), built, copies[absorber.entity].astype(float)
    )
    for draw in range(20):
        several = []
        codes = rows.index.get_level_values(0)
        for position, entity in enumerate(dict.fromkeys(codes)):
            part = rows.assign(score=built[:, draw])[codes == entity].droplevel(0)
            for copy in range(copies[position, draw]):
                several.append(pd.concat({f"{entity}_{copy}": part}, names=["entity_code"]))
        stacked = pd.concat(several)
        years = stacked.groupby(level=1).size()
        if "year" in effects and (years < 2).any():
            continue
        own = fit(stacked, outcome="y", regressors=["score", "w"], effects=effects)
        assert estimates[draw] == pytest.approx(own.params["score"], rel=1e-9)
        assert spread[draw] == pytest.approx(stacked["score"].std(), rel=1e-12)


def test_a_draw_without_variation_has_no_coefficient() -> None:
    frame, _ = with_cores()
    rows, _, absorber = complete_rows(frame, outcome="y", columns=["x", "w"], effects=("entity", "year"))
    weights = np.zeros((len(rows), 1))
    weights[absorber.entity == 0] = 3.0  # one entity, three times: the year effects hold all it has
    estimates, _ = weighted_coefficients(
        absorber, rows["y"].to_numpy(), rows[["w"]].to_numpy(), rows[["x"]].to_numpy(), weights
    )
    assert np.isnan(estimates).all()


def test_shares_of_a_sum_add_up_and_an_interaction_belongs_to_both() -> None:
    cells = pd.DataFrame([(a, b) for a in (-1.0, 1.0) for b in (-1.0, 1.0)], columns=["a", "b"])
    added = factorial_shares(cells.assign(y=cells["a"] + 2 * cells["b"]), ["a", "b"], "y")
    assert added["first_order"].tolist() == [0.2, 0.8]
    assert added["total"].tolist() == pytest.approx([0.2, 0.8])
    product = factorial_shares(cells.assign(y=cells["a"] * cells["b"]), ["a", "b"], "y")
    assert product["first_order"].tolist() == [0.0, 0.0]
    assert product["total"].tolist() == [1.0, 1.0]


def test_the_share_below_counts_ties_half() -> None:
    assert share_below(np.array([1.0, 2.0, 2.0, 3.0]), 2.0) == 0.5
    assert np.isnan(share_below(np.array([1.0]), np.nan))


def test_thinning_keeps_the_ends_and_the_baseline() -> None:
    frame = pd.DataFrame({"v": np.arange(10_001)})
    kept = thinned(frame, [777], 100)["v"]
    assert len(kept) <= 100
    assert {0, 777, 10_000} <= set(kept)
    assert kept.is_monotonic_increasing


def model(controls: tuple[str, ...]) -> Model:
    from nqp.labels import NOTHING

    return Model("1", "y", ("x",), controls, ("entity", "year"), Sample(), (), None, NOTHING)


def test_all_subsets_of_three_controls_are_eight_the_smallest_first() -> None:
    spec = MultiverseSpec(Address("t", "main", "1", "x"))
    sets = control_sets(spec, model(("a", "b", "c")), specs=1)
    assert [controls_code(names) for names in sets] == ["none", "a", "b", "c", "a+b", "a+c", "b+c", "a+b+c"]
    named = MultiverseSpec(Address("t", "main", "1", "x"), controls=(("b",), ()))
    assert control_sets(named, model(("a",)), specs=1) == ((), ("a",), ("b",))
    with pytest.raises(ValueError, match="name the sets in the key 'controls'"):
        control_sets(spec, model(tuple(f"c{i}" for i in range(30))), specs=1)


TABLE = """
[study]
title = "t"
[[tables]]
code = "steps"
title = "s"
outcome = "y"
core = ["x"]
[multiverse]
"""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('term = "x"', "[multiverse]: key 'table': a text is needed"),
        ('kind = "x"', "[multiverse]: unknown key 'kind'"),
        ('table = "steps"\ncolumn = "1"\nterm = "x"\ncontrols = "some"', "write \"all subsets\" or a list of lists"),
        ('table = "steps"\ncolumn = "1"\nterm = "x"\ncontrols = ["a"]', "write \"all subsets\" or a list of lists"),
        ('table = "steps"\ncolumn = "1"\nterm = "x"\ncontrols = [["a", "b"], ["b", "a"]]', "a set of controls stands twice"),
        ('table = "steps"\ncolumn = "1"\nterm = "x"\noutcomes = ["y", "y"]', "key 'outcomes': a name stands twice"),
    ],
)  # fmt: skip
def test_a_wrong_multiverse_section_is_told_by_key(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "specifications.toml"
    path.write_text(TABLE + written, encoding="utf-8")
    with pytest.raises(StudyError) as error:
        read_specification(path)
    assert told in str(error.value)
    assert str(path) in str(error.value)
