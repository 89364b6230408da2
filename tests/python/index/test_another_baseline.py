"""A study may name any right recipe as its baseline: the marts, the regressions and the pages then follow it.

The oracle of the multiverse gives the scores of every recipe; here it also gives those of the dimensions. The study is the
tiny one with goalposts, given weights and a second index that only the baseline builds (recipes: none).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from conftest import once
from studies import REPOSITORY, Project, new_project
from test_index_oracle import rows_of
from test_multiverse_oracle import Oracle, closeness, normalized, ranks_of, weights_of

sys.path.insert(0, str(REPOSITORY / "tests" / "campaign"))
from tiny import write_tiny

pytestmark = pytest.mark.build

CLASSICAL = "baseline,min_max,0,all_years,entropy,topsis,pooled,ln_rows,{},,,"
HEADER = "spec_code,normalization,shift,pool,weighting,aggregation,ideal,divisor,is_baseline,rescaling,entropy_shift,scored_on"
# The recipes that are tried, each as the baseline of a study and as a way beside the classical baseline.
RECIPES = {
    "vector": "vector,vector,0,all_years,entropy,topsis,pooled,ln_rows,{},,,",
    "entropy_method": "entropy_method,min_max,0.05,all_years,entropy,linear,pooled,ln_rows,{},,,",
    "experts": "experts,min_max,0,all_years,given,geometric,pooled,ln_rows,{},0.2-0.8,,",
    "scores": "scores,z_score,0,all_years,equal,linear,pooled,ln_rows,{},,,",
    "each_year": "each_year,min_max,0,per_year,entropy,topsis,per_year,ln_rows,{},,,",
    "posts": "posts,min_max,0,goalposts,entropy_critic,topsis_w_once,pooled,ln_rows,{},,ln_0.002,",
}
WITHOUT_DISTANCES = ("entropy_method", "experts", "scores")
BY_ENTROPY = ("vector", "entropy_method", "each_year", "posts")


def new_study(root: Path, *specs: str) -> Project:
    """The tiny study with two indices, the second built by the baseline alone, and the recipes given."""
    project = new_project(root / "project", "tiny")
    write_tiny(project.folder)

    def rewrite(file: str, header: str, lines: Iterable[str]) -> None:
        (project.folder / file).write_text("\n".join([header, *lines, ""]), encoding="utf-8")

    rewrite(
        "def_indices.csv",
        "index_code,name_zh,name_en,first_year,last_year,missing,recipes",
        ["q,指数,Index,2015,2019,stop,all", "r,另一,Other,2016,2019,stop,none"],
    )
    rewrite(
        "def_dimensions.csv",
        "index_code,dimension_code,name_zh,name_en,weight",
        ["q,one,一,One,2", "q,two,二,Two,1", "r,three,三,Three,1"],
    )
    header, *lines = (project.folder / "def_indicators.csv").read_text(encoding="utf-8").splitlines()
    lines += [
        "r,three,crowd,众,Crowd,positive,s,,,u,made up",
        "r,three,price,价,Price,negative,c,,,u,made up",
    ]
    posts = ["1,2,9", "2,20,200", "3,1.5,8", "1,6,15", "1,2,9"]
    rewrite(
        "def_indicators.csv",
        f"{header},weight,goalpost_low,goalpost_high",
        [f"{a},{b}" for a, b in zip(lines, posts, strict=True)],
    )
    rewrite("def_specs.csv", HEADER, specs)
    project.append("specifications.toml", "[[headlines]]", 'table = "main"', 'column = "1"', 'term = "q"')
    return project


def built(project: Project) -> Project:
    outcome = project.build("--vars", "{draws: 10}")
    assert outcome.code == 0, outcome.output
    return project


@dataclass(frozen=True)
class OfIndex(Oracle):
    """The oracle of one of several indices."""

    code: str = "q"

    @cached_property
    def index(self) -> dict[str, str]:
        (index,) = [
            row for row in rows_of(self.project.folder, "def_indices") if row["index_code"] == self.code
        ]
        return index

    @cached_property
    def indicators(self) -> list[dict[str, str]]:
        rows = rows_of(self.project.folder, "def_indicators")
        return [row for row in rows if row["index_code"] == self.code]

    def parts(self, spec: dict[str, str]) -> tuple[np.ndarray, np.ndarray]:
        """What is scored, y, and the weights, (rows x indicators)."""
        low, high = (float(end) for end in (spec["rescaling"] or "0-1").split("-"))
        posts = self.posts if spec["pool"] == "goalposts" else None
        every = np.ones(len(self.codes), dtype=bool)
        y, w = np.empty(self.values.shape), np.empty(self.values.shape)
        for _, pool, counted, applies in self.pools(spec["pool"]):
            z, basis = normalized(self.values, self.negative, spec["normalization"], pool, posts)
            counts = low + (high - low) * basis[counted] + float(spec["shift"])
            shift = spec["entropy_shift"] or "none"
            weights = weights_of(spec["weighting"], z[counted], counts, counted.sum(), shift)
            w[applies] = self.given(every) if spec["weighting"] == "given" else weights
            y[applies] = (low + (high - low) * z + float(spec["shift"]))[applies]
        return y, w

    def scores(self, spec: dict[str, str]) -> dict[str, np.ndarray]:
        """The scores of the index and of its dimensions, by their codes."""
        y, w = self.parts(spec)
        dimensions = np.array([one["dimension_code"] for one in self.indicators])
        members = {self.code: np.ones(len(dimensions), dtype=bool)}
        members |= {f"{self.code}.{one}": dimensions == one for one in dict.fromkeys(dimensions)}
        return {code: self.scored(spec, y[:, kept], w[:, kept]) for code, kept in members.items()}

    def scored(self, spec: dict[str, str], y: np.ndarray, w: np.ndarray) -> np.ndarray:
        if spec["aggregation"] == "linear":
            return (w * y).sum(axis=1) / w.sum(axis=1)
        if spec["aggregation"] == "geometric":
            return np.exp((w * np.log(y)).sum(axis=1) / w.sum(axis=1))
        found = np.empty(len(y))
        years = self.years if spec["ideal"] == "per_year" else np.zeros_like(self.years)
        for year in np.unique(years):
            rows = years == year
            found[rows] = closeness(y[rows], w[rows][0], spec["aggregation"] == "topsis_w_once")
        return found


def recipe(name: str) -> dict[str, str]:
    return dict(zip(HEADER.split(","), RECIPES[name].format("true").split(","), strict=True))


@pytest.fixture(scope="module", params=sorted(RECIPES))
def study(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Project]:
    """A study with the recipe as its baseline, and ways beside it."""
    name = str(request.param)
    ways = "ways,min_max|vector,0|0.3,all_years,equal|entropy,linear,pooled,ln_rows,,,,"

    def make(root: Path) -> Project:
        return built(new_study(root, RECIPES[name].format("true"), ways))

    return name, once(tmp_path_factory, f"baseline_{name}", make)


@pytest.fixture(scope="module")
def classical(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A study with the classical baseline and every recipe beside it."""

    def make(root: Path) -> Project:
        return built(new_study(root, CLASSICAL.format("true"), *(row.format("") for row in RECIPES.values())))

    return once(tmp_path_factory, "baseline_classical", make)


# ------------------------------------------------------------------------------------------ scores and weights


def test_scores_and_sub_indices_are_those_of_the_oracle(study: tuple[str, Project]) -> None:
    name, project = study
    for index in ("q", "r"):
        oracle = OfIndex(project, index)
        for code, expected in oracle.scores(recipe(name)).items():
            rows = "select entity_code, year, {} from marts.index_scores where index_code = '" + code + "'"
            found = oracle.column(rows.format("score"))
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
            assert np.array_equal(oracle.column(rows.format("rank")), ranks_of(found, oracle.years))
            distances = oracle.column(rows.format("distance_to_ideal"))
            assert all(one is None for one in distances) == (name in WITHOUT_DISTANCES)


def test_scores_are_those_of_the_recipe_among_the_others_and_beside_another_baseline(
    study: tuple[str, Project], classical: Project
) -> None:
    name, project = study
    order = "where index_code like 'q%' order by index_code, entity_code, year"
    ours = project.query(f"select index_code, entity_code, year, score from marts.index_scores {order}")
    recipes = (
        "select index_code, entity_code, year, score from (select * exclude (rank) from marts.spec_scores "
        "union all select * from marts.spec_dimension_scores) as scored "
        f"where spec_code = '{name}' and {order.removeprefix('where ')}"
    )
    assert project.query(recipes) == ours
    # in another build the sums of an entropy come in another order
    theirs = classical.query(recipes)
    assert [row[:3] for row in theirs] == [row[:3] for row in ours]
    np.testing.assert_allclose([row[3] for row in theirs], [row[3] for row in ours], rtol=1e-12)


def test_an_index_without_recipes_is_scored_and_among_no_recipes(study: tuple[str, Project]) -> None:
    _, project = study
    assert project.query("select distinct index_code from marts.index_scores where index_code = 'r'") == [
        ("r",)
    ]
    for mart in ("spec_scores", "spec_dimension_scores", "spec_weights"):
        assert (
            project.query(f"select distinct index_code from marts.{mart} where left(index_code, 1) = 'r'")
            == []
        )
    assert project.query("select distinct index_code from marts.rank_intervals") == [("q",)]


def test_weights_are_those_of_the_oracle_and_what_they_rest_on_is_blank_where_there_is_none(
    study: tuple[str, Project],
) -> None:
    name, project = study
    for index in ("q", "r"):
        oracle = OfIndex(project, index)
        _, weights = oracle.parts(recipe(name))
        for i, code in enumerate(oracle.codes):
            rows = project.query(
                "select pool, weight, entropy, divergence, effective_weight from marts.indicator_weights "
                f"where index_code = '{index}' and indicator_code = '{code}' order by pool"
            )
            expected = (
                [weights[oracle.years == year, i][0] for year in np.unique(oracle.years)]
                if name == "each_year"
                else [weights[0, i]]
            )
            np.testing.assert_allclose([row[1] for row in rows], expected, rtol=1e-12)
            assert all((row[2] is not None) == (name in BY_ENTROPY) for row in rows)
            assert all(row[2] is None or abs(row[2] + row[3] - 1) < 1e-15 for row in rows)
            assert all((row[4] is not None) == (recipe(name)["aggregation"] == "topsis") for row in rows)
            if name == "each_year":
                assert [row[0] for row in rows] == [str(year) for year in np.unique(oracle.years)]


def test_the_panel_and_the_values_follow_the_baseline(study: tuple[str, Project]) -> None:
    name, project = study
    oracle = OfIndex(project, "q")
    scores = oracle.scores(recipe(name))
    for code in ("q", "q.two"):
        column = code.replace(".", "_")
        found = oracle.column(f"select entity_code, year, {column} from marts.regression_panel")
        np.testing.assert_allclose(found, scores[code], rtol=1e-12, atol=1e-12)
    y, _ = oracle.parts(recipe(name))
    for i, code in enumerate(oracle.codes):
        found = oracle.column(
            f"select entity_code, year, normalized_value from marts.indicator_values where index_code = 'q' and indicator_code = '{code}'"
        )
        np.testing.assert_allclose(found, y[:, i], rtol=1e-12, atol=1e-12)


# ------------------------------------------------------------------------------------------ what follows from them


def test_contributions_add_up_and_those_to_a_sum_are_differences_of_weighted_values(
    study: tuple[str, Project],
) -> None:
    name, project = study
    rows = project.query(
        "select reference, entity_code, year, indicator_code, score_contribution, logit_contribution, score_difference "
        "from marts.index_contributions where index_code = 'q'"
    )
    assert {reference for reference, *_ in rows} == {"midpoint", "previous year"}
    for mart in ("index_contributions", "obstacle_degrees"):
        assert project.query(f"select distinct index_code from marts.{mart} order by 1") == [("q",), ("r",)]
    assert all((row[5] is None) == (name in WITHOUT_DISTANCES) for row in rows)
    sums: dict[tuple[str, str, int], float] = {}
    for reference, entity, year, _, contribution, _, _ in rows:
        sums[reference, entity, year] = sums.get((reference, entity, year), 0) + contribution
    for reference, entity, year, _, _, _, difference in rows:
        assert sums[reference, entity, year] == pytest.approx(difference, abs=1e-12)
    oracle = OfIndex(project, "q")
    y, w = oracle.parts(recipe(name))
    if recipe(name)["aggregation"] == "linear":
        place = {key: i for i, key in enumerate(oracle.keys)}
        for reference, entity, year, indicator, contribution, _, _ in rows:
            now, j = place[entity, year], oracle.codes.index(indicator)
            before = (
                (y[:, j].max() + y[:, j].min()) / 2
                if reference == "midpoint"
                else y[place[entity, year - 1], j]
            )
            assert contribution == pytest.approx(w[now, j] * (y[now, j] - before), abs=1e-12)
    ((linear, topsis, total),) = project.query(
        "select count(obstacle_linear), count(obstacle_topsis), count(*) from marts.obstacle_degrees"
    )
    assert linear == total > 0
    assert topsis == (0 if name in WITHOUT_DISTANCES else total)


def test_nothing_is_drawn_around_another_baseline_and_no_ruler_is_revised(study: tuple[str, Project]) -> None:
    _, project = study
    assert project.query("select distinct source from marts.rank_intervals") == [("specifications",)]
    for mart in ("bootstrap_scores", "weight_revisions", "index_revisions"):
        assert project.query(f"select * from marts.{mart}") == []
    exported = project.dbt("run-operation", "export_ruler", "--args", "{path: ruler.csv}")
    assert exported.code == 1
    assert "built in another way" in exported.output
    assert not (project.root / "ruler.csv").exists()


def test_an_index_is_said_to_be_measured_by_its_recipe(study: tuple[str, Project]) -> None:
    name, project = study
    ((unit, english, chinese),) = project.query(
        "select unit_en, measured_by_en, measured_by_zh from marts.variables where variable_code = 'q'"
    )
    assert unit == ("score" if name in WITHOUT_DISTANCES else "score, 0 to 1")
    assert english.startswith("score (" if name in WITHOUT_DISTANCES else "TOPSIS score (")
    assert {"entropy_method": "shift 0.05", "experts": "[0.2; 0.8]", "posts": "0.002 inside"}.get(
        name, ""
    ) in english
    assert "{" not in english + chinese


# ------------------------------------------------------------------------------------------ pages

FALSE_OF = {
    "entropy_method": r"TOPSIS|[Ii]deal solution|理想解|有效权重|[Ee]ffective weight|0 至 1|score, 0 to 1|less 0\.5",
    "scores": r"TOPSIS|[Ii]deal solution|理想解|信息熵|占熵权|[Ee]ntropy weight|有效权重|[Ee]ffective weight|0 至 1|score, 0 to 1|less 0\.5",
    "each_year": r"normalized over all years|按全样本|bounds over all|weights of its own|How the score, 0 to 1",
}


# three kinds of baseline are enough to see every sentence
@pytest.mark.parametrize("study", sorted(FALSE_OF), indirect=True)
def test_the_pages_say_nothing_that_is_true_of_the_classical_recipe_only(study: tuple[str, Project]) -> None:
    name, project = study
    outcome = project.estimate()
    assert outcome.code == 0, outcome.output
    assert (project.output / "index.html").is_file()
    # why the draws are missing is said in words that name the classical recipe
    said_of_draws = re.compile(
        r"Draws \(weights perturbed.*?so there are no draws|抽样（权重扰动、[^。]*没有抽样|min-max, entropy, TOPSIS[^.]*\."
    )
    pages = [
        *project.output.glob("*.html"),
        *project.output.glob("methods.*.md"),
        *project.output.glob("findings*.txt"),
    ]
    seen = 0
    for page in pages:
        if page.name.startswith(("multiverse", "audit")):  # ways beside the baseline
            continue
        text = re.sub(r"(?s)<(script|style)[^>]*>.*?</\1>", "", page.read_text(encoding="utf-8"))
        text = said_of_draws.sub("", re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))
        false = re.findall(rf".{{0,60}}(?:{FALSE_OF[name]}).{{0,60}}", text)
        assert not false, (page.name, false[:3])
        seen += 1
    assert seen > 10
    methods = (project.output / "methods.en.md").read_text(encoding="utf-8")
    assert {"entropy_method": "`z + 0.05`", "scores": "`z = (x - mean) / s", "each_year": "`the entities of one year`"}[
        name
    ] in methods  # fmt: skip
    assert "so there are no draws" in methods
    if name == "each_year":
        assert "the table of indicators shows 2019" in methods
    ((coefficient,),) = project.query(
        "select distinct estimate from estimates.coefficients where table_code = 'main' and equation = 'main' and term = 'q'"
    )
    ((same,),) = project.query(
        f"select estimate from estimates.spec_coefficients where spec_code = '{name}' and outcome = 'out' and n_controls = 2"
    )
    assert coefficient == pytest.approx(same, rel=1e-9)
