"""Effects and clusters as keys of specifications.toml: what a study writes is what is estimated, printed and stored.

The panel is unbalanced and made here; what is right is a regression on dummy variables in plain NumPy.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from studies import Project, new_project
from test_any_panel import Cells, built, coefficients, estimated, noise, statistics, write_study

pytestmark = pytest.mark.build

REGIONS = {f"f{i:02d}": "north" if i % 3 == 0 else "south" if i % 3 == 1 else "west" for i in range(24)}
YEARS = [year for year in range(2001, 2010) if year != 2005]
SPECIFICATIONS = """
[study]
title = "Firms"
entity = { zh = "企业", en = "firm" }
group = { zh = "地区", en = "region" }
[defaults]
effects = ["entity", "year"]
cluster = ["group:year"]
[[tables]]
code = "t"
title = "Effects"
outcome = "y"
core = ["x"]
controls = ["w"]
[[tables.columns]]
code = "plain"
cluster = ["entity"]
[[tables.columns]]
code = "default"
[[tables.columns]]
code = "group_year"
effects = ["entity", "group:year"]
cluster = ["entity", "industry"]
[[tables.columns]]
code = "trends"
effects = ["entity", "year", "entity:trend"]
cluster = ["entity"]
[[tables.columns]]
code = "industry"
effects = ["entity", "year", "industry"]
cluster = ["year"]
[[tables]]
code = "halves"
title = "By region"
outcome = "y"
core = ["x"]
controls = ["w"]
cluster = ["entity"]
effects = ["entity", "year", "industry"]
difference_tests = true
[[tables.columns]]
code = "north"
sample = { groups = ["north"] }
[[tables.columns]]
code = "south"
sample = { groups = ["south"] }
[[tables]]
code = "iv"
title = "Instruments"
outcome = "y"
core = ["x"]
controls = ["w"]
cluster = ["entity"]
instruments = ["z", "z2"]
[[tables.columns]]
code = "2sls"
[[tables.columns]]
code = "liml"
estimator = "liml"
[[tables.columns]]
code = "fuller"
estimator = "fuller"
[[tables.columns]]
code = "gmm"
estimator = "gmm"
[[tables]]
code = "weighted"
title = "Weighted"
outcome = "y"
core = ["x"]
controls = ["w"]
cluster = ["entity"]
weights = { analytic = "size" }
[[tables.columns]]
code = "analytic"
[[tables.columns]]
code = "frequency"
weights = { frequency = "times" }
[[tables.columns]]
code = "around_zero"
weights = {}
effects = []
constant = false
[[tables]]
code = "ways"
title = "Ways"
kind = "conventions"
table = "t"
column = "group_year"
term = "x"
[[tables]]
code = "ways_gmm"
title = "Ways of GMM"
kind = "conventions"
table = "iv"
column = "gmm"
term = "x"
[[tables]]
code = "firm_gmm"
title = "GMM without each firm"
kind = "sensitivity"
table = "iv"
column = "gmm"
term = "x"
[[tables]]
code = "firm"
title = "How firm"
kind = "sensitivity"
table = "t"
column = "trends"
term = "x"
[resampling]
bootstrap_draws = 199
permutation_draws = 199
"""


def cells() -> Cells:
    found: dict[tuple[str, int], dict[str, float | None]] = {}
    for i, firm in enumerate(REGIONS):
        for year in YEARS:
            if noise(firm, year, "gone") < 0.08:
                continue
            z, z2 = noise(firm, year, "z"), noise(firm, year, "z2")
            x = noise(firm, year, "x") + 0.02 * i + 0.5 * z + 0.2 * z2
            found[firm, year] = {
                "x": x,
                "z": z,
                "z2": z2,
                "w": noise(firm, year, "w") + 0.3 * x,
                "y": 0.7 * x + noise(firm, year, "y") + 0.05 * i * (year - 2000),
                "industry": float(1 + int(3 * noise(firm, year // 3, "industry"))),
                "size": 0.1 + noise(firm, year, "size"),
                "times": float(1 + int(4 * noise(firm, year, "times"))),
            }
    found["f07", 2003]["industry"] = None
    return found


@pytest.fixture(scope="module")
def firms(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = new_project(tmp_path_factory.mktemp("firms") / "project", "firms")
    entities = "\n".join(f"{firm},{firm},{firm},{region}" for firm, region in REGIONS.items())
    write_study(
        project, cells(), variables=["y", "x", "w", "z", "z2", "industry", "size", "times"], specifications=SPECIFICATIONS,
        def_entities=f"entity_code,name_zh,name_en,group_code\n{entities}",
        def_groups="group_code,name_zh,name_en\nnorth,北,North\nsouth,南,South\nwest,西,West",
    )  # fmt: skip
    return estimated(built(project))


def frame() -> pd.DataFrame:
    rows = [{"entity": e, "year": t, "group": REGIONS[e], **values} for (e, t), values in cells().items()]
    return pd.DataFrame(rows)


def slope_on_dummies(
    rows: pd.DataFrame, *effects: str, weights: str = ""
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The slopes of x and w beside dummies of the columns named (several joined by a colon; a trend of its own each)."""
    blocks = [rows[["x", "w"]].to_numpy(float)]
    for effect in effects:
        parts = [part for part in effect.split(":") if part != "trend"]
        dummies = pd.get_dummies(rows[parts].astype(str).agg("|".join, axis=1)).to_numpy(float)
        blocks.append(dummies * (rows[["year"]].to_numpy(float) - 2005) if "trend" in effect else dummies)
    design = np.column_stack(blocks)
    roots = np.sqrt(rows[weights].to_numpy(float)) if weights else np.ones(len(rows))
    return np.asarray(
        np.linalg.lstsq(design * roots[:, None], rows["y"].to_numpy() * roots, rcond=1e-12)[0][:2]
    )


@pytest.mark.parametrize(
    ("model", "effects"),
    [
        ("plain", ("entity", "year")), ("default", ("entity", "year")), ("group_year", ("entity", "group:year")),
        ("trends", ("entity", "year", "entity:trend")), ("industry", ("entity", "year", "industry")),
    ],
)  # fmt: skip
def test_a_column_has_the_effects_that_it_names(firms: Project, model: str, effects: tuple[str, ...]) -> None:
    rows = frame().dropna() if model in ("industry", "group_year") else frame()
    found = coefficients(firms)
    expected = slope_on_dummies(rows, *effects)
    assert [found[model, term][0] for term in ("x", "w")] == pytest.approx(expected, rel=1e-9)
    flow = statistics(firms, model)
    assert flow["n_obs"] == len(rows)
    assert flow["rows_missing_regressor"] == len(frame()) - len(rows)


def test_clusters_are_counted_and_printed(firms: Project) -> None:
    rows = frame()
    counts = {
        model: statistics(firms, model) for model in ("plain", "default", "group_year", "trends", "industry")
    }
    complete = rows.dropna()
    assert {model: one["clusters"] for model, one in counts.items()} == {
        "plain": 24, "default": len(rows.groupby(["group", "year"])), "group_year": complete["industry"].nunique(),
        "trends": 24, "industry": len(YEARS),
    }  # fmt: skip
    # two slopes; with the firms nested in the clusters a constant and the years less one
    assert counts["plain"]["k_counted"] == 2 + len(YEARS)
    assert (
        counts["default"]["k_counted"] == 2 + 24 + len(YEARS) - 1
    )  # neither firms nor years lie in one region-year
    assert counts["trends"]["k_counted"] == 2 + len(YEARS) - 1  # one year more is in the firms' trends
    text = (firms.output / "tables" / "t.en.tex").read_text(encoding="utf-8")
    for sentence in (
        "Clustered by region × year; factor", "Clustered by firm and industry (Cameron, Gelbach and Miller 2011)",
        "Clustered by year; factor", "Region × year fixed effects", "Firm trends", "Industry fixed effects",
        rf"\textit{{K}} = {2 + len(YEARS)}, \textit{{G}} = 24",
    ):  # fmt: skip
        assert sentence.replace("×", r"$\times$") in text or sentence in text, sentence
    chinese = (firms.output / "tables" / "t.zh.tex").read_text(encoding="utf-8")
    assert "企业时间趋势" in chinese
    assert "双向聚类" in chinese


def test_every_coefficient_stands_under_every_covariance(firms: Project) -> None:
    counts = firms.query(
        "select model_code, count(*), count(distinct covariance), count_if(is_printed) from estimates.coefficients "
        "where table_code = 't' and equation = 'main' group by all order by all"
    )
    # eight covariances of two slopes and a constant; CR2 is not defined for two levels of clusters
    assert counts == [
        (model, 3 * n, n, 3)
        for model, n in (("default", 8), ("group_year", 7), ("industry", 8), ("plain", 8), ("trends", 8))
    ]
    ((inside, outside),) = firms.query(
        "select std_error, (select std_error from estimates.conventions where table_code = 'ways' and covariance = 'driscoll_kraay') "
        "from estimates.coefficients where model_code = 'group_year' and term = 'x' and covariance = 'driscoll_kraay'"
    )
    assert inside == outside


def test_the_bound_and_the_placebo_are_stored(firms: Project) -> None:
    ((term, controlled, beta_star, roots),) = firms.query(
        "select term, controlled, beta_star, roots from estimates.oster_bounds where table_code = 'firm'"
    )
    assert (term, controlled) == ("x", pytest.approx(coefficients(firms)["trends", "x"][0], rel=1e-9))
    assert any(beta_star == pytest.approx(float(root), rel=1e-5) for root in roots.split("; "))
    ((observed, draws, low, high, p),) = firms.query(
        "select observed, draws, low, high, p_value from estimates.placebos where table_code = 'firm'"
    )
    assert (observed, draws) == (pytest.approx(controlled, rel=1e-9), 199)
    assert low < 0 < high
    assert p == 1 / 200  # no placebo comes near


def test_every_estimator_is_a_column_with_its_tests(firms: Project) -> None:
    found = coefficients(firms)
    estimates = [found[model, "x"][0] for model in ("2sls", "liml", "fuller", "gmm")]
    assert len(set(estimates)) == 4
    assert max(estimates) - min(estimates) < 0.2
    tests = dict(
        firms.query("select diagnostic || term, p_value from estimates.diagnostics where model_code = 'gmm'")
    )
    # one restriction too many: without either instrument the equation is exactly identified
    assert tests["c_statisticz"] == pytest.approx(tests["hansen_j"], rel=1e-9)
    text = (firms.output / "tables" / "iv.en.tex").read_text(encoding="utf-8")
    for words in (
        "Estimator",
        "LIML",
        "Fuller (alpha = 1)",
        "Two-step GMM: weighted",
        "C statistic of an instrument",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("covariance", "named"),
    [("cluster", "Clustered by firm"), ("cr2", "Clustered by firm"), ("hc1", "Robust (HC1)")],
)
def test_gmm_has_one_estimate_in_every_table(
    firms: Project, tmp_path: Path, covariance: str, named: str
) -> None:
    project = firms
    if covariance != "cluster":
        project = estimated(firms.copy(tmp_path / "project"), "--covariance", covariance)
    printed = coefficients(project)["gmm", "x"]
    ways = dict(
        project.query("select covariance, estimate from estimates.conventions where table_code = 'ways_gmm'")
    )
    assert list(ways.values()) == pytest.approx([printed[0]] * 7, rel=1e-9)
    used = covariance if covariance != "cr2" else "cluster"
    ((std_error,),) = project.query(
        f"select std_error from estimates.conventions where table_code = 'ways_gmm' and covariance = '{used}'"
    )
    assert std_error == pytest.approx(printed[1], rel=1e-9)
    note = (project.output / "tables" / "ways_gmm.en.tex").read_text(encoding="utf-8")
    assert f"under '{named}', as in the other tables" in note.replace("\n", " ")
    assert "GMM" not in (project.output / "tables" / "ways.en.tex").read_text(encoding="utf-8")


def test_differences_between_groups_have_the_effects_in_each_group(firms: Project) -> None:
    ((difference, permuted),) = firms.query(
        "select difference, p_permutation from estimates.group_differences where first = 'north' and second = 'south'"
    )
    rows = frame().dropna()
    slopes = [
        slope_on_dummies(rows[rows["group"] == group], "entity", "year", "industry")[0]
        for group in ("north", "south")
    ]
    assert difference == pytest.approx(slopes[0] - slopes[1], rel=1e-8)
    assert permuted is None or np.isnan(permuted)
    text = (firms.output / "tables" / "halves-differences.en.tex").read_text(encoding="utf-8")
    assert "The permutation test is blank: entities that are reshuffled" in text


def test_a_column_is_weighted_and_without_a_constant_as_it_says(firms: Project) -> None:
    found, rows = coefficients(firms), frame()
    for model, effects, weights in (
        ("analytic", ("entity", "year"), "size"), ("frequency", ("entity", "year"), "times"), ("around_zero", (), ""),
    ):  # fmt: skip
        expected = slope_on_dummies(rows, *effects, weights=weights)
        assert [found[model, term][0] for term in ("x", "w")] == pytest.approx(expected, rel=1e-9)
    assert ("around_zero", "constant") not in found
    assert statistics(firms, "analytic")["analytic_weights.size"] == len(rows)
    assert statistics(firms, "frequency")["frequency_weights.times"] == rows["times"].sum()
    assert statistics(firms, "frequency")["n_obs"] == rows["times"].sum()
    assert statistics(firms, "around_zero")["without_constant"] == 1
    offered = firms.query(
        "select model_code, count(distinct covariance) from estimates.coefficients where table_code = 'weighted' group by all"
    )
    assert set(offered) == {(model, 5) for model in ("analytic", "frequency", "around_zero")}
    text = (firms.output / "tables" / "weighted.en.tex").read_text(encoding="utf-8")
    for words in (
        "Column (1) weighted by size (analytic weights, scaled to add up to N)",
        "Column (2) weighted by times (frequencies; N is their sum)",
        "Column (3) without a constant",
        "CR2, the wild bootstrap, Driscoll-Kraay",
    ):
        assert words in text
    methods = {one: (firms.output / f"methods.{one}.md").read_text(encoding="utf-8") for one in ("zh", "en")}
    assert "by weighted least squares and least squares" in methods["en"]
    assert "column (1) weighted by size (analytic weights, scaled to add up to N)" in methods["en"]
    assert "column (2) weighted by times (frequencies; N is their sum)" in methods["en"]
    assert r"$\sum_{it}w_{it}\hat u_{it}^2$" in methods["en"]
    assert "第 (1) 列按“size”加权（分析权重，合计调整为 N）" in methods["zh"]
    assert "by two-stage least squares and limited information maximum likelihood (LIML)" in methods["en"]
    assert all(
        "weighted" not in part for part in methods["en"].split("\n## ") if "Table 1" in part.splitlines()[0]
    )
    assert "频数权重" in (firms.output / "tables" / "weighted.zh.tex").read_text(encoding="utf-8")


def test_what_the_database_does_not_absorb_is_refused_by_name(firms: Project, tmp_path: Path) -> None:
    done = firms.copy(tmp_path / "project").estimate("--quiet", "--engine", "sql")
    assert done.code == 1
    assert "'group:year': in the database the effects and clusters are entity and year only" in done.output
    assert "--engine linearmodels" in done.output


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('cluster = ["group:year"]', 'cluster = ["entity:trend"]', "a trend is no cluster"),
        ('cluster = ["group:year"]', 'cluster = ["sector"]', "unknown category 'sector'"),
        ('cluster = ["group:year"]', 'clusters = ["sector"]', "unknown key 'clusters'. Did you mean 'cluster'?"),
        ('effects = ["entity", "group:year"]', 'effects = ["entity", "groop:year"]', "unknown category 'groop'"),
        ('effects = ["entity", "group:year"]', 'effects = ["entity:year"]', "nothing is left to estimate"),
        ('cluster = ["year"]', 'cluster = ["year", "group", "entity"]', "name one level, or two"),
        ('{ frequency = "times" }', '{ sampling = "times" }', "key 'weights': write { analytic"),
        ('{ frequency = "times" }', '{ frequency = "tmes" }', "'tmes'"),
        ("effects = []\n", "", "with effects there is a constant in them"),
        ('column = "trends"', 'column = "analytic"', "there is no column 'analytic'"),
        ('table = "t"\ncolumn = "trends"', 'table = "weighted"\ncolumn = "analytic"', "has weights or no constant"),
        ('cluster = ["entity"]\ninstruments', 'cluster = ["entity"]\nweights = { analytic = "size" }\ninstruments', "least squares only"),
    ],
)  # fmt: skip
def test_a_wrong_effect_is_named(firms: Project, tmp_path: Path, old: str, new: str, message: str) -> None:
    project = firms.copy(tmp_path / "project")
    project.edit("specifications.toml", old, new)
    done = project.estimate("--check")
    assert done.code == 1
    assert message in done.output
