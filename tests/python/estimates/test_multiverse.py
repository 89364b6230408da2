"""One coefficient under every choice: each number equals the same regression fitted on its own, shares are exact."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from econometrics_data import random_panel
from linearmodels.panel.model import PanelOLS
from nqp.econometrics.fit import fit
from nqp.econometrics.inference import infer
from nqp.econometrics.many_fits import QUICK_COVARIANCES, core_coefficients, weighted_coefficients
from nqp.econometrics.sample import complete_rows
from nqp.errors import StudyError
from nqp.estimates.multiverse import control_sets
from nqp.estimates.multiverse_summary import controls_code, factorial_shares, share_below
from nqp.figures.multiverse import thinned
from nqp.report.run import read_study
from nqp.study.marts import read_multiverse
from nqp.study.specification import Address, Model, MultiverseSpec, Sample
from nqp.study.specification_file import read_specification
from scipy.stats import t
from studies import Project

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
        for name in QUICK_COVARIANCES:
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
    from nqp.language.labels import NOTHING

    return Model(
        "1", "y", ("x",), controls, effects=("entity", "year"), cluster=("entity",), sample=Sample(), instruments=(),
        winsorise=None, estimator="2sls", label=NOTHING,
    )  # fmt: skip


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


# ------------------------------------------------------------------------------------ the default study


@pytest.fixture(scope="module")
def study(default_runs: dict[str, Project]) -> Project:
    """The default study, built and estimated. Read only."""
    return default_runs["one"]


def one(project: Project, sql: str) -> tuple[object, ...]:
    (row,) = project.query(sql)
    return row


def test_every_way_set_and_outcome_is_estimated_once(study: Project) -> None:
    ways, rows, keys, missing = one(
        study,
        "select (select count(*) from marts.specs where is_valid and not is_wrong), count(*), "
        "count(distinct (spec_code, outcome, controls)), count(*) - count(estimate) from estimates.spec_coefficients",
    )
    assert ways >= 500
    assert rows == keys == ways * 2**5 * 3
    assert missing == 0


def test_the_baseline_of_the_multiverse_is_the_headline(study: Project) -> None:
    theirs = one(
        study,
        "select estimate, std_error, p_value from estimates.coefficients where table_code = 'table3' and panel_code = 'real' "
        "and model_code = '6' and term = 'nqp' and is_printed",
    )
    ours = one(
        study,
        "select estimate, se_cluster, p_cluster from estimates.spec_coefficients where spec_code = 'baseline' "
        "and outcome = 'ln_gdp_per_capita' and n_controls = 5",
    )
    assert ours == pytest.approx(theirs, rel=1e-10)
    stepwise = study.query(
        "select estimate from estimates.coefficients where table_code = 'table3' and panel_code = 'nominal' "
        "and term = 'nqp' and is_printed order by model_code"
    )
    for (estimate,) in stepwise:
        near = one(
            study,
            "select min(abs(estimate - (" + repr(estimate) + "))) from estimates.spec_coefficients "
            "where spec_code = 'baseline' and outcome = 'ln_gdp_per_capita_nominal'",
        )
        assert near[0] < 1e-10


def test_a_sample_of_ways_equals_the_fit_of_its_own_score(study: Project) -> None:
    specification, marts = read_study(study.folder, study.database)
    multiverse = read_multiverse(study.database)
    assert multiverse is not None
    assert specification.multiverse is not None
    rng = np.random.default_rng(11)
    found = study.query(
        "select spec_code, outcome, controls, estimate, se_iid, se_hc1, se_cluster, p_cluster, score_sd "
        "from estimates.spec_coefficients order by spec_code, outcome, controls"
    )
    scores = multiverse.spec_scores.set_index(["entity_code", "year"])
    for place in rng.choice(len(found), 12, replace=False):
        spec, outcome, controls, estimate, *errors, p, spread = found[place]
        score = scores.loc[(scores["spec_code"] == spec) & (scores["index_code"] == "nqp"), "score"]
        frame = marts.panel.assign(score=score)
        names = [] if controls == "none" else controls.split("+")
        own = fit(frame, outcome=outcome, regressors=["score", *names])
        assert estimate == pytest.approx(own.params["score"], rel=1e-9)
        rows = [infer(own, name).row("score") for name in QUICK_COVARIANCES]
        assert errors == pytest.approx([row["std_error"] for row in rows], rel=1e-9)
        assert p == pytest.approx(rows[-1]["p_value"], rel=1e-8)
        assert spread == pytest.approx(score.std(), rel=1e-12)


def test_the_summary_counts_each_recipe_once(study: Project) -> None:
    counted = study.query(
        """
        with recipes as (
            select same_as, min(spec_code) as spec_code
            from marts.specs where is_valid and not is_wrong group by same_as
        )
        select count(*), avg(case when estimate > 0 then 1 else 0 end), avg(case when p_cluster < 0.05 then 1 else 0 end),
            min(estimate_per_sd), max(estimate_per_sd)
        from estimates.spec_coefficients inner join recipes using (spec_code)
        """
    )[0]
    told = study.query(
        "select fits, share_positive, share_significant_cluster, lowest, highest from estimates.spec_summary "
        "where scope = 'all' and unit = 'std_dev'"
    )[0]
    assert told == pytest.approx(counted, rel=1e-12)


def test_with_and_without_a_control_are_the_two_halves(study: Project) -> None:
    halves = study.query(
        "select variable, sum(fits), count(*), sum(fits * share_significant_cluster) / sum(fits) "
        "from estimates.spec_summary where scope in ('with', 'without') and unit = 'std_dev' group by variable"
    )
    fits, share = one(
        study,
        "select fits, share_significant_cluster from estimates.spec_summary where scope = 'all' and unit = 'std_dev'",
    )
    assert len(halves) == 5
    for _, both, parts, mean in halves:
        assert (both, parts) == (fits, 2)
        assert mean == pytest.approx(share, rel=1e-12)


def test_shares_of_the_coefficient_are_those_of_means_in_sql(study: Project) -> None:
    """First order: variance of the means per option; total: what the means over that choice leave of the variance."""
    shares = study.query(
        "select design_code, choice, first_order, total from estimates.coefficient_variance_shares "
        "where quantity = 'coefficient_per_std_dev'"
    )
    designs = {row[0] for row in shares}
    assert designs == {
        row[0] for row in study.query("select distinct design_code from marts.variance_shares")
    }
    for design, choice, first, total in shares:
        others = ", ".join(row[1] for row in shares if row[0] == design and row[1] != choice)
        expected = one(
            study,
            f"""
            with cells as (
                select specs.*, c.outcome, c.controls, c.estimate_per_sd as y
                from estimates.spec_coefficients as c inner join marts.specs as specs using (spec_code)
                where specs.design_code = '{design}'
            )
            select (select var_pop(m) from (select avg(y) as m from cells group by {choice})) / var_pop(y),
                1 - (select var_pop(m) from (select avg(y) as m from cells group by {others})) / var_pop(y)
            from cells
            """,
        )
        assert (first, total) == pytest.approx(expected, abs=1e-10)


def test_the_sample_itself_is_draw_0_and_the_summary_is_of_the_others(study: Project) -> None:
    anew, fixed = one(
        study,
        "select estimate_index_anew, estimate_index_fixed from estimates.bootstrap_coefficients where draw = 0",
    )
    headline = one(
        study,
        "select estimate from estimates.bootstrap_summary where method = 'clustered' and unit = 'score'",
    )
    assert (anew, fixed) == pytest.approx((headline[0], headline[0]), rel=1e-9)
    told = one(
        study,
        "select std_error, conf_low, conf_high, draws from estimates.bootstrap_summary "
        "where method = 'index_anew' and unit = 'score'",
    )
    counted = one(
        study,
        "select stddev_samp(estimate_index_anew), quantile_cont(estimate_index_anew, 0.025), "
        "quantile_cont(estimate_index_anew, 0.975), count(*) from estimates.bootstrap_coefficients where draw > 0",
    )
    assert told == pytest.approx(counted, rel=1e-10)
    ends = ", ".join(f"{end:.3f}" for end in told[1:3]).replace("-", "\u2212")
    told_in_table = study.files()["tables/multiverse-intervals.csv"].decode()
    assert f"[{ends}]".replace("\u2212", "-") in told_in_table


def test_the_pages_have_the_section_and_stay_small(study: Project) -> None:
    files = study.files()
    for name in ("report.zh.html", "report.en.html"):
        text = files[name].decode()
        for part in ('id="multiverse"', 'id="figure-curve-multiverse-summary"', 'id="table-multiverse-bootstrap"',
                     'href="scores.', 'id="table-multiverse-shares"'):  # fmt: skip
            assert part in text
        assert len(files[name]) < 1_200_000
    assert b'id="figure-intervals-multiverse-ranks"' in files["scores.en.html"]
    assert "estimates/spec_coefficients.csv.gz" in files
    curve = files["figures/curve-multiverse-summary.csv"].decode().splitlines()
    assert 300 <= len(curve) - 1 <= 400


# --------------------------------------------------------------------------------------- another study


def test_a_study_without_the_section_takes_its_first_headline(built_harbours: Project) -> None:
    rows, outcomes, sets = one(
        built_harbours,
        "select count(*), count(distinct outcome), count(distinct controls) from estimates.spec_coefficients",
    )
    ways = one(built_harbours, "select count(*) from marts.specs where is_valid and not is_wrong")[0]
    assert (rows, outcomes, sets) == (ways * 4, 1, 4)


def test_without_the_multiverse_the_report_says_so_and_goes_on(harbours: Project) -> None:
    import duckdb

    with duckdb.connect(str(harbours.database)) as connection:
        for (name,) in connection.sql(
            "select table_name from information_schema.tables where table_schema = 'marts' and table_name like 'spec%'"
        ).fetchall():
            connection.execute(f"drop table marts.{name}")
    outcome = harbours.estimate()
    assert outcome.code == 0, outcome.output
    assert "Multiverse: not in this database" in outcome.output
    assert 'id="multiverse"' not in harbours.files()["report.en.html"].decode()


def test_a_multiverse_of_other_figures_is_left_out(harbours: Project) -> None:
    entity = one(harbours, "select min(entity_code) from marts.entities")[0]

    def other(line: str) -> str:
        cells = line.split(",")
        if cells[0] == entity and cells[3]:
            cells[3] = str(float(cells[3]) * (1 + len(cells[2]) / 50))
        return ",".join(cells)

    harbours.rewrite("raw_observations.csv", other)
    built = harbours.build("--exclude", "tag:multiverse")
    assert built.code == 0, built.output
    outcome = harbours.estimate()
    assert outcome.code == 0, outcome.output
    assert "Multiverse: not in this database" in outcome.output, "the build drops what is of another study"


def test_a_multiverse_that_a_hand_changed_is_left_out(harbours: Project) -> None:
    with duckdb.connect(str(harbours.database)) as connection:
        connection.execute("update marts.spec_scores set score = score * 0.9")
    outcome = harbours.estimate()
    assert outcome.code == 0, outcome.output
    assert "Multiverse: of another build than the scores" in outcome.output


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('outcomes = ["trade"]', "[multiverse], key 'outcomes': unknown variable 'trade'"),
        ('controls = [["wages"]]', "[multiverse], key 'controls': unknown variable 'wages'"),
        ('table = "steps"\ncolumn = "3"\nterm = "premium"', "[multiverse], key 'term': unknown composite index 'premium'"),
        ('table = "lagged"\ncolumn = "1"\nterm = "quay"', "[multiverse]: column '1' is instrumented"),
        ('outcomes = ["premium"]', "the outcome 'premium' is also a regressor"),
    ],
)  # fmt: skip
def test_a_multiverse_that_cannot_be_estimated_is_told_and_nothing_is_written(
    harbours: Project, built_harbours: Project, written: str, told: str
) -> None:
    harbours.append("specifications.toml", "", "[multiverse]", *written.split("\n"))
    outcome = harbours.estimate()
    assert outcome.code == 1
    assert told in outcome.output
    assert harbours.files() == built_harbours.files()
