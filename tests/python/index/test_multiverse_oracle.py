"""Every method of the multiverse against an independent computation in NumPy.

The oracle reads the files of the study and shares no code with the project: wide arrays in place of long tables, loops in
place of joins, eigenvectors in place of matrix powers. The study is the default one with three indicators turned round, so
that both directions are tried, and with a few more ways of building the index.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from studies import DEFAULT, WITHOUT_TESTS, Project, new_project
from test_index_oracle import all_series, quotient, rows_of

pytestmark = pytest.mark.build

TOLERANCE = 1e-12
TURNED = (0, 4, 9)  # columns of the indicators for which less is better here
CONCENTRATION = 100
CHOICES = (
    "normalization", "rescaling", "shift", "entropy_shift", "pool", "weighting", "scored_on", "aggregation", "ideal", "divisor",
    "left_out",
)  # fmt: skip
MORE_WAYS = (
    "positive,,,vector|sum,0|0.001,all_years|per_year,entropy|coefficient_of_variation,geometric|linear,pooled,ln_rows,,,,",
    "mistakes,,,min_max|vector,0,all_years|per_year,entropy|entropy_critic,topsis_w_once|linear,pooled|per_year,"
    "ln_years|ln_entities,,,true,",
    "deviations,,,min_max|vector|sum,0,all_years|per_year,standard_deviation|given,topsis|linear,pooled|per_year,ln_rows,"
    "none|each,,,",
    "rescaled,,,min_max,0|0.001,all_years|base_year_bounds|goalposts,entropy|coefficient_of_variation|critic,topsis|linear|geometric,"
    "pooled,ln_rows,,,,,0.002-0.998|0.001-1,,",
    "guarded,,,min_max|vector,0,all_years|per_year,entropy|entropy_critic,topsis|linear,pooled|per_year,ln_rows,,,,,,z_0.01|ln_0.001,",
    "not_one,,,min_max|sum,0,all_years,entropy,topsis|linear,pooled,ln_rows,,,true,,,p_0.0001|p_0.01,",
    "two,,,min_max|sum,0|0.01,all_years|per_year,entropy|critic,topsis|linear,pooled|per_year,ln_rows,,,,,,,vector|z_score|min_max",
    "all_up,,,min_max_unturned|vector_unturned|sum_unturned,0,all_years|per_year,entropy|critic|equal|pca,topsis|linear,"
    "pooled|per_year,ln_rows,,,true,,,,",
    "bounds,,,min_max,0,goalposts|base_year_bounds,entropy|equal|pca|critic|standard_deviation,topsis|topsis_w_once|linear,"
    "pooled|per_year,ln_rows,none|each,,,,,,",
)


# ------------------------------------------------------------------------------------------ the oracle


def normalized(
    values: np.ndarray, negative: np.ndarray, method: str, pool: np.ndarray, posts: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Normalized values of all rows and what proportions are taken of, with statistics of the rows of the pool."""
    if method.endswith("_unturned"):
        method, negative = method.removesuffix("_unturned"), np.zeros_like(negative)
    low, high, within = values[pool].min(axis=0), values[pool].max(axis=0), values[pool]
    if posts is not None:
        low, high = posts
        values = values.clip(low, high)
    if method == "min_max":
        z = np.where(negative, high - values, values - low) / (high - low)
        return z, np.abs(z)
    if method == "z_score":
        z = (values - within.mean(axis=0)) / within.std(axis=0, ddof=1)
        return np.where(negative, -z, z), np.full_like(z, np.nan)
    size = np.linalg.norm(within, axis=0) if method == "vector" else within.sum(axis=0)
    share = values / size
    return np.where(negative, 1 - share, share), share


def entropy_weights(basis: np.ndarray, rows: float, shift: str = "none") -> np.ndarray:
    """``shift``: none, or z_c, p_c, ln_c: c added to the values, to the proportions, inside the logarithm."""
    where, _, by = shift.partition("_")
    added = {where: float(by or 0)}
    basis = basis + added.get("z", 0)
    p = basis / basis.sum(axis=0) + added.get("p", 0)
    inside = p + added.get("ln", 0)
    entropy = -(p * np.log(inside, where=inside > 0, out=np.zeros_like(p))).sum(axis=0) / math.log(rows)
    return (1 - entropy) / (1 - entropy).sum()


def critic_weights(z: np.ndarray) -> np.ndarray:
    content = z.std(axis=0, ddof=1) * (1 - np.corrcoef(z, rowvar=False)).sum(axis=0)
    return content / content.sum()


def weights_of(weighting: str, z: np.ndarray, basis: np.ndarray, rows: float, shift: str) -> np.ndarray:
    """Weights from the rows of one pool; the basis is already rescaled and shifted."""
    if weighting == "entropy":
        return entropy_weights(basis, rows, shift)
    if weighting == "critic":
        return critic_weights(z)
    if weighting == "entropy_critic":
        return (entropy_weights(basis, rows, shift) + critic_weights(z)) / 2
    if weighting == "coefficient_of_variation":
        variation = basis.std(axis=0, ddof=1) / basis.mean(axis=0)
        return variation / variation.sum()
    if weighting == "standard_deviation":
        return z.std(axis=0, ddof=1) / z.std(axis=0, ddof=1).sum()
    if weighting == "pca":
        return np.linalg.eigh(np.corrcoef(z, rowvar=False))[1][:, -1] ** 2
    return np.full(z.shape[1], 1 / z.shape[1])


def closeness(z: np.ndarray, weights: np.ndarray, once: bool) -> np.ndarray:
    """TOPSIS scores of rows that share their ideal: textbook, or with the weight inside the root once."""
    matrix = z if once else z * weights
    factor = weights if once else np.ones_like(weights)
    to_ideal = np.sqrt((factor * (matrix - matrix.max(axis=0)) ** 2).sum(axis=1))
    to_anti_ideal = np.sqrt((factor * (matrix - matrix.min(axis=0)) ** 2).sum(axis=1))
    return to_anti_ideal / (to_ideal + to_anti_ideal)


def ranks_of(scores: np.ndarray, groups: np.ndarray) -> np.ndarray:
    ranks = np.empty(len(scores), dtype=int)
    for group in np.unique(groups):
        rows = groups == group
        ranks[rows] = stats.rankdata(-scores[rows], method="min")
    return ranks


@dataclass(frozen=True)
class Oracle:
    """Rows are entity-years, columns indicators."""

    project: Project

    @cached_property
    def index(self) -> dict[str, str]:
        (index,) = rows_of(self.project.folder, "def_indices")
        return index

    @cached_property
    def keys(self) -> list[tuple[str, int]]:
        years = range(int(self.index["first_year"]), int(self.index["last_year"]) + 1)
        entities = sorted(row["entity_code"] for row in rows_of(self.project.folder, "def_entities"))
        return [(entity, year) for entity in entities for year in years]

    @cached_property
    def years(self) -> np.ndarray:
        return np.array([year for _, year in self.keys])

    @cached_property
    def entities(self) -> np.ndarray:
        return np.array([entity for entity, _ in self.keys])

    @cached_property
    def indicators(self) -> list[dict[str, str]]:
        return rows_of(self.project.folder, "def_indicators")

    @cached_property
    def codes(self) -> list[str]:
        return [indicator["indicator_code"] for indicator in self.indicators]

    @cached_property
    def negative(self) -> np.ndarray:
        return np.array([indicator["direction"] == "negative" for indicator in self.indicators])

    @cached_property
    def values(self) -> np.ndarray:
        series = all_series(self.project.folder)
        return np.array([[quotient(one, series, key) for one in self.indicators] for key in self.keys])

    def pools(self, pool: str) -> list[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
        """Code, rows that the statistics are of, rows that the weights are of, rows that both apply to."""
        every = np.ones(len(self.keys), dtype=bool)
        first = self.years == self.years.min()
        if pool == "per_year":
            return [(str(year), *(3 * [self.years == year])) for year in np.unique(self.years)]  # type: ignore[list-item]
        return [
            ("all", first if "base_year" in pool else every, first if pool == "base_year" else every, every)
        ]

    @cached_property
    def posts(self) -> np.ndarray:
        return np.array(
            [[float(one[f"goalpost_{end}"]) for one in self.indicators] for end in ("low", "high")]
        )

    def given(self, kept: np.ndarray) -> np.ndarray:
        """The weights of the study: of a dimension times the share inside it, of what is kept."""
        outer = {
            row["dimension_code"]: float(row["weight"])
            for row in rows_of(self.project.folder, "def_dimensions")
        }
        names = [one["dimension_code"] for one, stays in zip(self.indicators, kept, strict=True) if stays]
        inner = np.array([float(one["weight"]) for one in self.indicators])[kept]
        inside = [sum(v for v, name in zip(inner, names, strict=True) if name == here) for here in names]
        weights = np.array([outer[name] for name in names]) * inner / np.array(inside)
        return weights / weights.sum()

    def build(self, spec: dict[str, Any]) -> tuple[dict[tuple[str, str], float], np.ndarray]:
        """Weights by pool and indicator, and scores, of one way of building the index."""
        kept = np.array([code != spec["left_out"] for code in self.codes])
        low, high = (0.0, 1.0) if spec["rescaling"] == "none" else map(float, spec["rescaling"].split("-"))
        posts = self.posts[:, kept] if spec["pool"] == "goalposts" else None
        z_all = np.empty((len(self.keys), kept.sum()))
        w_all = np.empty_like(z_all)
        weights = {}
        for code, pool, counted, applies in self.pools(spec["pool"]):
            values, negative = self.values[:, kept], self.negative[kept]
            z, basis = normalized(values, negative, spec["normalization"], pool, posts)
            rows = {"ln_rows": counted.sum(), "ln_years": len(np.unique(self.years)),
                    "ln_entities": len(np.unique(self.entities))}[spec["divisor"]]  # fmt: skip
            counts = low + (high - low) * basis[counted] + spec["shift"]
            w = weights_of(spec["weighting"], z[counted], counts, rows, spec["entropy_shift"])
            if spec["weighting"] == "given":
                w = self.given(kept)
            y = low + (high - low) * z + spec["shift"]
            if spec["scored_on"] != "same":
                y, _ = normalized(values, negative, spec["scored_on"], pool, posts)
            z_all[applies], w_all[applies] = y[applies], w
            weights |= {(code, self.codes[j]): w[i] for i, j in enumerate(np.flatnonzero(kept))}
        if spec["aggregation"] == "linear":
            return weights, (w_all * z_all).sum(axis=1)
        if spec["aggregation"] == "geometric":
            return weights, np.prod(z_all**w_all, axis=1)
        scores = np.empty(len(self.keys))
        years = self.years if spec["ideal"] == "per_year" else np.zeros_like(self.years)
        for year in np.unique(years):
            rows = years == year
            once = spec["aggregation"] == "topsis_w_once"
            scores[rows] = closeness(z_all[rows], w_all[rows][0], once)
        return weights, scores

    @cached_property
    def specs(self) -> list[dict[str, Any]]:
        names = ("spec_code", "design_code", *CHOICES, "is_wrong", "same_as")
        rows = self.project.query(
            f"select {', '.join(names)} from marts.specs where is_valid order by spec_code"
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    @cached_property
    def built(self) -> dict[str, tuple[dict[tuple[str, str], float], np.ndarray]]:
        return {spec["spec_code"]: self.build(spec) for spec in self.specs}

    def column(self, sql: str) -> np.ndarray:
        """A number per row key, in the order of the oracle's rows."""
        found = {(entity, year): value for entity, year, value in self.project.query(sql)}
        assert len(found) == len(self.keys)
        return np.array([found[key] for key in self.keys])


def give_goalposts(project: Project) -> None:
    """A fifth above the smallest and below the largest value of every indicator, so that some are held there."""
    values = Oracle(project).values
    low, high = values.min(axis=0), values.max(axis=0)
    path = project.folder / "def_indicators.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    posts = zip(low + (high - low) / 5, high - (high - low) / 5, strict=True)
    given = [f"{line},{float(a)!r},{float(b)!r}" for line, (a, b) in zip(lines, posts, strict=True)]
    path.write_text("\n".join([f"{header},goalpost_low,goalpost_high", *given, ""]), encoding="utf-8")


def new_study(root: Path) -> Project:
    project = new_project(root / "project", "turned", DEFAULT)
    # the first index alone: the others are built in one way only
    main = rows_of(DEFAULT, "def_indices")[0]["index_code"]
    for file in ("def_indices", "def_dimensions", "def_indicators", "def_agreements"):
        project.rewrite(f"{file}.csv", lambda line: line if line.startswith(f"{main},") else None)
    codes = [row["indicator_code"] for row in rows_of(project.folder, "def_indicators")]
    turned = [codes[column] for column in TURNED]

    def turn(line: str) -> str:
        return line.replace(",positive,", ",negative,", 1) if line.split(",")[2] in turned else line

    project.rewrite("def_indicators.csv", turn)
    for file in (
        "def_indicators.csv",
        "def_dimensions.csv",
    ):  # given weights 1, 2, 3 ... in the order of the file
        path = project.folder / file
        header, *lines = path.read_text(encoding="utf-8-sig").splitlines()
        weighted = [f"{line},{number}" for number, line in enumerate(lines, 1)]
        path.write_text("\n".join([f"{header},weight", *weighted, ""]), encoding="utf-8")
    give_goalposts(project)
    path = project.folder / "def_specs.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    header += ",rescaling,entropy_shift,scored_on"
    lines = [
        line + "," * (header.count(",") - line.count(","))
        for line in [*(f"{one},,," for one in lines), *MORE_WAYS]
    ]
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    project = new_study(tmp_path_factory.mktemp("turned"))
    built = project.dbt("build", *WITHOUT_TESTS)
    assert built.code == 0, built.output
    return Oracle(project)


def assert_same(ours: Iterable[float], expected: Iterable[float]) -> None:
    np.testing.assert_allclose(list(ours), list(expected), rtol=TOLERANCE, atol=TOLERANCE)


# ------------------------------------------------------------------------------------------ ways and methods


def test_the_default_study_has_at_least_500_ways_and_every_method_is_among_them(oracle: Oracle) -> None:
    more = {line.split(",")[0] for line in MORE_WAYS}
    assert sum(spec["design_code"] not in more for spec in oracle.specs) >= 500
    assert {spec["design_code"] for spec in oracle.specs} >= more
    methods = {
        "normalization": 7, "rescaling": 3, "shift": 4, "entropy_shift": 5, "pool": 5, "weighting": 8, "scored_on": 4,
        "aggregation": 4, "ideal": 2, "divisor": 3,
        "left_out": 1 + len(oracle.codes),
    }  # fmt: skip
    assert {choice: len({spec[choice] for spec in oracle.specs}) for choice in CHOICES} == methods


def test_weights_of_every_way_are_those_of_the_oracle(oracle: Oracle) -> None:
    found: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for spec, pool, indicator, weight in oracle.project.query(
        "select spec_code, pool_code, indicator_code, weight from marts.spec_weights"
    ):
        found[spec][pool, indicator] = weight
    assert found.keys() == oracle.built.keys()
    for spec, (weights, _) in oracle.built.items():
        assert found[spec].keys() == weights.keys()
        assert_same((found[spec][key] for key in weights), weights.values())


def test_scores_and_ranks_of_every_way_are_those_of_the_oracle(oracle: Oracle) -> None:
    found: dict[str, dict[tuple[str, int], tuple[float, int]]] = defaultdict(dict)
    for spec, entity, year, score, rank in oracle.project.query(
        "select spec_code, entity_code, year, score, rank from marts.spec_scores"
    ):
        found[spec][entity, year] = score, rank
    assert found.keys() == oracle.built.keys()
    for spec, (_, scores) in oracle.built.items():
        ours = np.array([found[spec][key] for key in oracle.keys])
        assert_same(ours[:, 0], scores)
        assert np.array_equal(ours[:, 1], ranks_of(ours[:, 0], oracle.years))


def test_what_is_refused_cannot_be_built(oracle: Oracle) -> None:
    refused = oracle.project.query(
        "select spec_code, shift, normalization, pool, aggregation, ideal, refusal_en, refusal_zh from marts.specs where not is_valid"
    )
    assert refused
    assert all(english and chinese for *_, english, chinese in refused)
    for _, shift, normalization, pool, aggregation, ideal, english, _ in refused:
        if "shares no ideal" in english or "share no ideal" in english:
            assert pool == "per_year"
            assert ideal == "pooled"
        if "geometric mean" in english:
            lowest = min(
                (normalized(oracle.values, oracle.negative, normalization, rows)[0][applies] + shift).min()
                for _, rows, _, applies in oracle.pools(pool)
            )
            assert aggregation == "geometric"
            assert lowest <= 0


def test_a_duplicate_recipe_names_its_first(oracle: Oracle) -> None:
    recipes = {}
    for spec in sorted(oracle.specs, key=lambda one: one["same_as"] != one["spec_code"]):
        recipe = tuple(spec[choice] for choice in CHOICES)
        assert recipes.setdefault(recipe, spec["spec_code"]) == spec["same_as"]


# ------------------------------------------------------------------------------------------ draws


def baseline(oracle: Oracle, rows: np.ndarray) -> np.ndarray:
    """Scores of all rows with bounds and weights from some of them, repeated as drawn."""
    sample = oracle.values[rows]
    low, high = sample.min(axis=0), sample.max(axis=0)

    def z_of(values: np.ndarray) -> np.ndarray:
        return np.where(oracle.negative, high - values, values - low) / (high - low)

    weights = entropy_weights(z_of(sample), len(rows))
    z = z_of(oracle.values).clip(0, 1)
    above = np.sqrt(((weights * z) ** 2).sum(axis=1))
    below = np.sqrt(((weights * (1 - z)) ** 2).sum(axis=1))
    return above / (above + below)


def test_bootstrap_scores_are_those_of_the_repeated_entities(oracle: Oracle) -> None:
    for draw in (0, 1, 2, 500, 1000):
        copies = oracle.column(
            f"select entity_code, year, copies from marts.bootstrap_scores where draw = {draw}"
        )
        scores = oracle.column(
            f"select entity_code, year, score from marts.bootstrap_scores where draw = {draw}"
        )
        assert copies.sum() == len(oracle.keys)
        assert_same(scores, baseline(oracle, np.repeat(np.arange(len(copies)), copies)))


def test_every_entity_is_drawn_as_often_as_any_other(oracle: Oracle) -> None:
    times = np.array(
        oracle.project.query(
            "select sum(copies) from marts.bootstrap_scores where draw > 0 and year = "
            f"{oracle.years.max()} group by entity_code order by entity_code"
        )
    ).ravel()
    assert stats.chisquare(times).pvalue > 0.001


def dirichlet_weights(oracle: Oracle) -> np.ndarray:
    rows = oracle.project.query(
        "select draw, indicator_code, weight from recipes.int_dirichlet_weights join "
        "(select distinct indicator_key, indicator_code from recipes.int_matrix) using (indicator_key)"
    )
    weights = np.empty((max(draw for draw, *_ in rows), len(oracle.codes)))
    for draw, indicator, weight in rows:
        weights[draw - 1, oracle.codes.index(indicator)] = weight
    return weights


def test_dirichlet_weights_follow_their_distribution(oracle: Oracle) -> None:
    weights = dirichlet_weights(oracle)
    assert_same(weights.sum(axis=1), np.ones(len(weights)))
    expected = oracle.built["baseline"][0]
    for column, code in enumerate(oracle.codes):
        shape = CONCENTRATION * expected["all", code]
        assert stats.kstest(weights[:, column], stats.beta(shape, CONCENTRATION - shape).cdf).pvalue > 0.001
    for one, other in combinations(
        range(len(oracle.codes)), 2
    ):  # a Dirichlet's weights crowd one another out
        w = expected["all", oracle.codes[one]], expected["all", oracle.codes[other]]
        correlation = -math.sqrt(w[0] * w[1] / ((1 - w[0]) * (1 - w[1])))
        assert abs(np.corrcoef(weights[:, one], weights[:, other])[0, 1] - correlation) < 0.15


def drawn_ranks(oracle: Oracle) -> dict[str, np.ndarray]:
    """Ranks by source: draws in rows, entity-years in columns."""
    z, _ = normalized(oracle.values, oracle.negative, "min_max", np.ones(len(oracle.keys), dtype=bool))
    w = np.array([oracle.built["baseline"][0]["all", code] for code in oracle.codes])
    every = np.arange(len(w))
    scores = {
        "dirichlet": [closeness(z, weights, once=False) for weights in dirichlet_weights(oracle)],
        "leave_one_out": [closeness(z[:, every != j], w[every != j], once=False) for j in every],
        "specifications": [
            oracle.built[spec["spec_code"]][1]
            for spec in oracle.specs
            if not spec["is_wrong"] and spec["same_as"] == spec["spec_code"]
        ],
    }
    return {
        source: np.array([ranks_of(np.round(one, 13), oracle.years) for one in found])
        for source, found in scores.items()
    }


def test_rank_intervals_places_and_pairs_are_those_of_the_draws(oracle: Oracle) -> None:
    last = oracle.years == oracle.years.max()
    names = list(oracle.entities[last])
    for source, ranks in drawn_ranks(oracle).items():
        where = f"from marts.rank_intervals where source = '{source}'"
        assert set(oracle.column(f"select entity_code, year, draws {where}")) == {len(ranks)}
        for column, quantile in {"rank_low": 0.025, "rank_median": 0.5, "rank_high": 0.975}.items():
            ours = oracle.column(f"select entity_code, year, {column} {where}")
            assert_same(ours, np.quantile(ranks, quantile, axis=0))
        assert np.array_equal(oracle.column(f"select entity_code, year, rank_max {where}"), ranks.max(axis=0))
        final = ranks[:, last]
        places = oracle.project.query(
            f"select entity_code, k, probability from marts.top_probabilities where source = '{source}'"
        )
        assert len(places) == len(names) ** 2
        for entity, k, probability in places:
            assert abs((final[:, names.index(entity)] <= k).mean() - probability) < TOLERANCE
        pairs = oracle.project.query(
            f"select entity_code, other_entity_code, probability from marts.pair_probabilities where source = '{source}'"
        )
        assert len(pairs) == len(names) * (len(names) - 1)
        for one, other, probability in pairs:
            ahead, behind = final[:, names.index(one)], final[:, names.index(other)]
            assert abs(((ahead < behind) + (ahead == behind) / 2).mean() - probability) < TOLERANCE


# ------------------------------------------------------------------------------------------ what it is due to


@pytest.mark.parametrize("quantity", ["score", "rank"])
def test_variance_shares_are_those_of_the_full_array(oracle: Oracle, quantity: str) -> None:
    found = {
        (design, choice): shares
        for design, choice, *shares in oracle.project.query(
            f"select design_code, choice, first_order, total from marts.variance_shares where quantity = '{quantity}'"
        )
    }
    designs = {design for design, _ in found}
    assert {"core", "by_year", "leave_one_out"} <= designs
    for design in designs:
        specs = [spec for spec in oracle.specs if spec["design_code"] == design]
        options = [sorted({spec[choice] for spec in specs}) for choice in CHOICES]
        cube = np.full([*map(len, options), len(oracle.keys)], np.nan)
        for spec in specs:
            place = tuple(one.index(spec[choice]) for one, choice in zip(options, CHOICES, strict=True))
            scores = oracle.built[spec["spec_code"]][1]
            cube[place] = scores if quantity == "score" else ranks_of(np.round(scores, 13), oracle.years)
        assert not np.isnan(cube).any()
        axes = tuple(range(len(CHOICES)))
        whole = cube.var(axis=axes).sum()
        for axis, choice in enumerate(CHOICES):
            if len(options[axis]) > 1:
                rest = tuple(other for other in axes if other != axis)
                first = cube.mean(axis=rest).var(axis=0).sum() / whole
                total = cube.var(axis=axis).mean(axis=tuple(range(len(rest)))).sum() / whole
                assert_same(found[design, choice], [first, total])


def test_gaps_and_obstacles_are_those_of_the_oracle(oracle: Oracle) -> None:
    z, _ = normalized(oracle.values, oracle.negative, "min_max", np.ones(len(oracle.keys), dtype=bool))
    w = np.array([oracle.built["baseline"][0]["all", code] for code in oracle.codes])
    shortfall = w * (1 - z)
    expected = (
        shortfall / shortfall.sum(axis=1, keepdims=True),
        shortfall**2 / (shortfall**2).sum(axis=1, keepdims=True),
    )
    row = {key: place for place, key in enumerate(oracle.keys)}
    degrees = oracle.project.query(
        "select entity_code, year, indicator_code, obstacle_linear, obstacle_topsis from marts.obstacle_degrees"
    )
    assert len(degrees) == z.size
    for entity, year, indicator, linear, topsis in degrees:
        place = row[entity, year], oracle.codes.index(indicator)
        assert abs(linear - expected[0][place]) < TOLERANCE
        assert abs(topsis - expected[1][place]) < TOLERANCE
    scores = oracle.built["baseline"][1]
    gaps = oracle.project.query(
        "select year, entity_code, other_entity_code, sum(score_contribution), sum(logit_contribution) "
        "from marts.index_gaps group by all"
    )
    entities = len(set(oracle.entities))
    assert len(gaps) == entities * (entities - 1)  # of the last year
    assert {year for year, *_ in gaps} == {oracle.years.max()}
    logit = np.log(scores / (1 - scores))
    for year, one, other, score, logits in gaps:
        first, second = row[one, year], row[other, year]
        assert abs(score - (scores[first] - scores[second])) < TOLERANCE
        assert abs(logits - (logit[first] - logit[second])) < 1e-11


# ------------------------------------------------------------------------------------------ invariance


def test_neither_the_unit_of_an_indicator_nor_the_number_of_threads_matters(
    oracle: Oracle, tmp_path: Path
) -> None:
    project = new_study(tmp_path)
    units = dict(zip(oracle.codes, cycle((8, 0.125)), strict=False))

    def rescale(line: str) -> str:
        for code, factor in units.items():
            if line.split(",")[2] == code:
                cells = line.split(",")
                at = next(i for i, cell in enumerate(cells) if cell in ("positive", "negative")) + 3
                cells[at] = repr(float(cells[at] or 1) * factor)
                cells[-2:] = [repr(float(cell) * factor) for cell in cells[-2:]]
                return ",".join(cells) + "\n"
        return line

    project.rewrite("def_indicators.csv", rescale)
    built = project.run("dbt", "build", *WITHOUT_TESTS, NQP_THREADS="2")
    assert built.code == 0, built.output
    values = "select indicator_value from marts.indicator_values order by all"
    assert project.query(values) != oracle.project.query(values)
    for sql, exact in (
        ("select spec_code, entity_code, year, rank, score from marts.spec_scores order by 1, 2, 3", 4),
        (
            "select draw, entity_code, year, copies, rank, score from marts.bootstrap_scores order by 1, 2, 3",
            5,
        ),
        ("select draw, indicator_key, weight from recipes.int_dirichlet_weights order by 1, 2", 2),
        ("select * from marts.rank_intervals order by 1, 2, 3, 4", 11),
        ("select * from marts.pair_probabilities order by 1, 2, 3, 4", 4),
    ):
        ours, expected = project.query(sql), oracle.project.query(sql)
        assert [row[:exact] for row in ours] == [row[:exact] for row in expected]
        assert_same((v for row in ours for v in row[exact:]), (v for row in expected for v in row[exact:]))


def test_a_duplicate_entity_does_not_matter_where_weights_and_bounds_do_not_depend_on_it(
    oracle: Oracle, tmp_path: Path
) -> None:
    project = new_study(tmp_path)
    original = oracle.entities[0]
    for file in ("def_entities.csv", "raw_observations.csv"):
        lines = (project.folder / file).read_text(encoding="utf-8").splitlines()
        place = lines[0].split(",").index("entity_code")
        copies = []
        for line in lines[1:]:
            cells = line.split(",")
            if cells[place] == original:
                copies.append(",".join([*cells[:place], "copy", *cells[place + 1 :]]))
        project.append(file, *copies)
    built = project.dbt("build", *WITHOUT_TESTS)
    assert built.code == 0, built.output
    sql = (
        "select spec_code, entity_code, year, score from marts.spec_scores join marts.specs using (spec_code) "
        "where normalization = 'min_max' and weighting = 'equal'"
    )
    ours = {tuple(key): score for *key, score in project.query(sql)}
    expected = {tuple(key): score for *key, score in oracle.project.query(sql)}
    assert len(ours) == len(expected) + len(expected) // len(set(oracle.entities))
    for (spec, entity, year), score in ours.items():
        assert abs(score - expected[spec, original if entity == "copy" else entity, year]) < TOLERANCE
