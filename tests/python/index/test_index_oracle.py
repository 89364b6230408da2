"""The index against an independent textbook computation, a printed example and its contracts.

The oracle reads the files of the study itself and shares no code with the project: wide arrays in place of long
tables, textbook TOPSIS (weighted matrix, ideal, distances) in place of the shortcut.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from studies import DEFAULT, GOLDENS, WITHOUT_TESTS, Project, new_project

Cells = dict[tuple[str, int], float]
TOLERANCE = 1e-12


# ------------------------------------------------------------------------------------------ the oracle


def rows_of(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / f"{file}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def interpolated(cells: Cells) -> Cells:
    """Gaps between two observed years of an entity filled along the straight line."""
    filled: Cells = {}
    for entity in {entity for entity, _ in cells}:
        years = sorted(year for one, year in cells if one == entity)
        span = range(years[0], years[-1] + 1)
        line = np.interp(span, years, [cells[entity, year] for year in years])
        filled |= {(entity, year): float(value) for year, value in zip(span, line, strict=True)}
    return filled


def derived(definition: dict[str, str], left: Cells, right: Cells) -> Cells:
    """The values of one derived series."""
    both = left.keys() & right.keys()
    base = int(definition["base_year"] or 0)
    match definition["operation"]:
        case "sum":
            found = {key: left[key] + right[key] for key in both}
        case "ratio":
            found = {key: left[key] / right[key] for key in both}
        case "product":
            found = {key: left[key] * right[key] for key in both}
        case "splice":
            found = {key: value for key, value in right.items() if key[1] >= base}
            for (entity, year), value in left.items():
                if year < base:
                    found[entity, year] = value * right[entity, base] / left[entity, base]
        case "chain":
            found = {}
            for entity in {entity for entity, _ in right}:
                level = found[entity, base] = left[entity, base]
                for year in range(base + 1, max(y for e, y in right if e == entity) + 1):
                    level = found[entity, year] = level * right[entity, year] / 100
                level = found[entity, base]
                for year in range(base, min(y for e, y in right if e == entity) - 1, -1):
                    level = found[entity, year - 1] = level / right[entity, year] * 100
    factor = float(definition["multiplier"] or 1)
    return {key: value * factor for key, value in found.items()}


def all_series(folder: Path) -> dict[str, Cells]:
    observed: dict[str, Cells] = {}
    blank_is_zero = {
        row["series_code"] for row in rows_of(folder, "def_series") if row.get("impute") == "zero"
    }
    for row in rows_of(folder, "raw_observations"):
        key, text = (row["entity_code"], int(row["year"])), row["observed_value"].strip()
        if text or row["series_code"] in blank_is_zero:
            observed.setdefault(row["series_code"], {})[key] = float(text or 0)
    series = {code: interpolated(cells) for code, cells in observed.items()}
    for definition in sorted(rows_of(folder, "def_derived_series"), key=lambda row: row["step"]):
        series[definition["series_code"]] = derived(
            definition, series[definition["left_series"]], series[definition["right_series"]]
        )
    return series


def quotient(definition: dict[str, str], series: dict[str, Cells], key: tuple[str, int]) -> float:
    value = series[definition["numerator_series"]][key]
    if definition["denominator_series"]:
        value /= series[definition["denominator_series"]][key]
    return value * float(definition["multiplier"] or 1)


def topsis(weighted: np.ndarray) -> np.ndarray:
    to_ideal = np.sqrt(((weighted - weighted.max(axis=0)) ** 2).sum(axis=1))
    to_anti_ideal = np.sqrt(((weighted - weighted.min(axis=0)) ** 2).sum(axis=1))
    return to_anti_ideal / (to_ideal + to_anti_ideal)


@dataclass(frozen=True)
class Oracle:
    """One index of the default study computed anew: rows are entity-years, columns indicators."""

    index: str
    keys: list[tuple[str, int]]
    indicators: list[dict[str, str]]
    values: np.ndarray
    normalized: np.ndarray
    entropy: np.ndarray
    weights: np.ndarray
    scores: dict[str, np.ndarray]


INDICES = {row["index_code"]: row for row in rows_of(DEFAULT, "def_indices")}


@pytest.fixture(scope="module")
def series() -> dict[str, Cells]:
    return all_series(DEFAULT)


@pytest.fixture(scope="module", params=INDICES)
def oracle(request: pytest.FixtureRequest, series: dict[str, Cells]) -> Oracle:
    index = INDICES[request.param]
    left_out = [tuple(row.split()) for row in index["without_rows"].split("|")]
    entities = [row["entity_code"] for row in rows_of(DEFAULT, "def_entities")]
    years = range(int(index["first_year"]), int(index["last_year"]) + 1)
    keys = [(entity, year) for entity in entities for year in years if (entity, str(year)) not in left_out]
    indicators = [
        row
        for row in rows_of(DEFAULT, "def_indicators")
        if row["index_code"] == (index["based_on"] or index["index_code"])
        and row["indicator_code"] not in index["without_indicators"].split("|")
    ]
    values = np.array([[quotient(indicator, series, key) for indicator in indicators] for key in keys])
    if index["winsorise"]:
        share = float(index["winsorise"])
        values = np.clip(values, *np.quantile(values, [share, 1 - share], axis=0))
    low, high = values.min(axis=0), values.max(axis=0)
    negative = np.array([indicator["direction"] == "negative" for indicator in indicators])
    normalized = np.where(negative, high - values, values - low) / (high - low)
    shares = normalized / normalized.sum(axis=0)
    logs = np.log(shares, where=shares > 0, out=np.zeros_like(shares))
    entropy = -(shares * logs).sum(axis=0) / math.log(len(keys))
    weights = (1 - entropy) / (1 - entropy).sum()
    weighted = normalized * weights
    code = index["index_code"]
    scores = {code: topsis(weighted)}
    for dimension in dict.fromkeys(indicator["dimension_code"] for indicator in indicators):
        columns = [indicator["dimension_code"] == dimension for indicator in indicators]
        scores[f"{code}.{dimension}"] = topsis(weighted[:, columns])
    return Oracle(code, keys, indicators, values, normalized, entropy, weights, scores)


@pytest.fixture(scope="module")
def default_build(default_builds: dict[str, Project]) -> Project:
    return default_builds["one"]


def assert_same(ours: Iterable[float], expected: Iterable[float]) -> None:
    np.testing.assert_allclose(list(ours), list(expected), rtol=TOLERANCE, atol=TOLERANCE)


def test_indicator_values_and_normalized_values_are_those_of_the_oracle(
    oracle: Oracle, default_build: Project
) -> None:
    found = {
        (entity, year, indicator): (value, normalized)
        for entity, year, indicator, value, normalized in default_build.query(
            "select entity_code, year, indicator_code, indicator_value, normalized_value from marts.indicator_values "
            f"where index_code = '{oracle.index}'"
        )
    }
    assert len(found) == oracle.values.size
    for column, indicator in enumerate(oracle.indicators):
        ours = [found[(*key, indicator["indicator_code"])] for key in oracle.keys]
        assert_same((value for value, _ in ours), oracle.values[:, column])
        assert_same((normalized for _, normalized in ours), oracle.normalized[:, column])


def test_entropies_and_weights_are_those_of_the_oracle(oracle: Oracle, default_build: Project) -> None:
    found = {
        indicator: numbers
        for indicator, *numbers in default_build.query(
            "select indicator_code, entropy, divergence, weight, effective_weight from marts.indicator_weights "
            f"where index_code = '{oracle.index}'"
        )
    }
    ours = np.array([found[indicator["indicator_code"]] for indicator in oracle.indicators]).T
    squares = oracle.weights**2
    expected = (oracle.entropy, 1 - oracle.entropy, oracle.weights, squares / squares.sum())
    for column, numbers in zip(ours, expected, strict=True):
        assert_same(column, numbers)


def test_scores_of_the_index_and_of_its_dimensions_are_those_of_the_oracle(
    oracle: Oracle, default_build: Project
) -> None:
    found = {
        (index, entity, year): score
        for index, entity, year, score in default_build.query(
            "select index_code, entity_code, year, score from marts.index_scores "
            f"where split_part(index_code, '.', 1) = '{oracle.index}'"
        )
    }
    assert len(found) == sum(len(scores) for scores in oracle.scores.values())
    for index, scores in oracle.scores.items():
        assert_same((found[(index, *key)] for key in oracle.keys), scores)


def test_ranks_are_those_of_the_oracle(oracle: Oracle, default_build: Project) -> None:
    found = {
        (entity, year): rank
        for entity, year, rank in default_build.query(
            f"select entity_code, year, rank from marts.index_scores where index_code = '{oracle.index}'"
        )
    }
    scores = dict(zip(oracle.keys, oracle.scores[oracle.index], strict=True))
    for (entity, year), score in scores.items():
        better = sum(other > score for (_, one), other in scores.items() if one == year)
        assert found[entity, year] == better + 1


def test_panel_variables_are_those_of_the_oracle(
    oracle: Oracle, series: dict[str, Cells], default_build: Project
) -> None:
    found = {
        (variable, entity, year): value
        for variable, entity, year, value in default_build.query(
            "select variable_code, entity_code, year, value from marts.panel_variables"
        )
    }
    for index, scores in oracle.scores.items():
        assert len([key for key in found if key[0] == index]) == len(scores)
        assert_same((found[(index, *key)] for key in oracle.keys), scores)
    for definition in rows_of(DEFAULT, "def_variables"):
        column = np.array([quotient(definition, series, key) for key in oracle.keys])
        expected = np.log(column) if definition["transform"] == "log" else column
        assert_same((found[(definition["variable_code"], *key)] for key in oracle.keys), expected)


def test_a_printed_blank_is_0_and_flagged_where_its_series_says_so(
    series: dict[str, Cells], default_build: Project
) -> None:
    zeros = {row["series_code"] for row in rows_of(DEFAULT, "def_series") if row["impute"] == "zero"}
    blanks = {
        (row["series_code"], row["entity_code"], int(row["year"]))
        for row in rows_of(DEFAULT, "raw_observations")
        if row["series_code"] in zeros and not row["observed_value"]
    }
    found = default_build.query(
        "select series_code, entity_code, year, value, note from marts.series_values where is_imputed and value = 0 "
        "and not is_derived"
    )
    assert {row[:3] for row in found} == blanks
    assert len(blanks) == 12 + 27 + 1
    assert all(note.startswith("counted as 0: ") for *_, note in found)


def test_one_changed_cell_moves_what_the_lineage_says_and_nothing_else(
    default_build: Project, tmp_path: Path
) -> None:
    """A figure doubled: its own indicator of its own row, and scores of the indices that use it."""
    series, entity, year = rows_of(DEFAULT, "def_indicators")[0]["numerator_series"], "13", 2019
    changed = default_build.copy(tmp_path / "changed")

    def double(line: str) -> str:
        cells = line.rstrip("\n").split(",")
        if cells[:3] == [entity, str(year), series]:
            cells[3] = repr(2 * float(cells[3]))
        return ",".join(cells) + "\n"

    changed.rewrite("raw_observations.csv", double)
    built = changed.dbt("build", *WITHOUT_TESTS, "--select", "+indicator_values", "+index_scores")
    assert built.code == 0, built.output
    own = {
        row["index_code"] for row in rows_of(DEFAULT, "def_indicators") if row["numerator_series"] == series
    }
    users = {code for code, row in INDICES.items() if (row["based_on"] or code) in own}
    plain = {code for code in users if not INDICES[code]["winsorise"]}

    def difference(columns: str, mart: str) -> set[tuple[object, ...]]:
        query = f"select {columns} from marts.{mart}"
        return set(map(tuple, changed.query(query))) - set(map(tuple, default_build.query(query)))

    moved = difference("index_code, indicator_code, entity_code, year, indicator_value", "indicator_values")
    assert {row[:4] for row in moved if row[0] in plain} == {
        (code, rows_of(DEFAULT, "def_indicators")[0]["indicator_code"], entity, year)
        for code in plain
        if int(INDICES[code]["first_year"]) <= year
    }
    assert {row[0] for row in moved} <= users
    assert {
        row[0].split(".")[0] for row in difference("index_code, entity_code, year, score", "index_scores")
    } == users


# ------------------------------------------------------- a printed example, and contracts on its figures

YEAR = 2001
AFFINE = "affine"  # 5 + 2 x in place of x
TURNED = "turned"  # -x, less is better, in place of x, more is better
BINARY = "binary"  # 0/1 indicators with 1, 2, ... ones
PRINTED = "printed"
WAYS = (
    "ways,,,min_max|z_score,0,all_years,entropy|equal|critic|entropy_critic|coefficient_of_variation|pca,"
    "topsis|topsis_w_once|linear,pooled,ln_rows,,,,"
)


@dataclass(frozen=True)
class Example:
    """The printed example and what marts say about it."""

    matrix: np.ndarray
    expected: dict[str, list[float]]
    project: Project

    @property
    def names(self) -> list[str]:
        return [f"x{column}" for column in range(self.matrix.shape[1])]

    def by_indicator(self, index: str, column: str) -> np.ndarray:
        return np.array(
            [
                value
                for (value,) in self.project.query(
                    f"select {column} from marts.indicator_weights where index_code = '{index}' order by indicator_code"
                )
            ]
        )

    def by_unit(self, index: str, column: str) -> np.ndarray:
        rows = self.project.query(
            f"select {column} from marts.indicator_values where index_code = '{index}' "
            "order by entity_code, indicator_code"
        )
        return np.array(rows).reshape(self.matrix.shape[0], -1)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    """One study with four indices over the units of the printed example: as printed, and changed."""
    golden = json.loads((GOLDENS / "index" / "hospital_11x9.json").read_text(encoding="utf-8"))
    matrix = np.array(golden["matrix"])
    units, columns = golden["units"], range(matrix.shape[1])
    project = new_project(tmp_path_factory.mktemp("printed") / "project", "printed")
    for path in DEFAULT.glob("*.csv"):  # the headers of every file; the rows follow
        (project.folder / path.name).write_text(path.open(encoding="utf-8").readline(), encoding="utf-8")
    changes: dict[str, tuple[str, Callable[[float, int, int], float]]] = {
        PRINTED: ("positive", lambda x, i, j: x),
        AFFINE: ("positive", lambda x, i, j: 5 + 2 * x),
        TURNED: ("negative", lambda x, i, j: -x),
        BINARY: ("positive", lambda x, i, j: float(i <= j)),
    }
    (project.folder / "def_indices.csv").write_text(
        "index_code,name_zh,name_en,first_year,last_year\n", encoding="utf-8"
    )
    lines: dict[str, list[list[object]]] = {
        "def_groups": [["all", "全", "All", 1]],
        "def_entities": [[unit, unit, unit, "all", "", ""] for unit in units],
        "def_indices": [[index, index, index, YEAR, YEAR] for index in changes],
        "def_dimensions": [[index, "whole", "全", "Whole", 1] for index in changes],
        "def_series": [
            [f"{index}_{j}", "", f"{index} {j}", "points", "a printed table", "", "", ""]
            for index in changes
            for j in columns
        ],
        "raw_observations": [
            [unit, YEAR, f"{index}_{j}", repr(float(change(matrix[i, j], i, j))), ""]
            for index, (_, change) in changes.items()
            for i, unit in enumerate(units)
            for j in columns
        ],
    }
    header = "series_code,name_zh,name_en,unit,source,vintage,trust,note\n"
    (project.folder / "def_series.csv").write_text(header, encoding="utf-8")
    for file, rows in lines.items():
        project.append(f"{file}.csv", *(",".join(map(str, row)) for row in rows))
    with (DEFAULT / "def_specs.csv").open(encoding="utf-8") as stream:
        (project.folder / "def_specs.csv").write_text(stream.readline() + stream.readline(), encoding="utf-8")
    project.append("def_specs.csv", WAYS)
    with (project.folder / "def_indicators.csv").open("w", encoding="utf-8", newline="") as stream:
        fields = ["index_code", "dimension_code", "indicator_code", "name_zh", "name_en", "direction",
                  "numerator_series", "denominator_series", "multiplier", "unit", "definition"]  # fmt: skip
        writer = csv.DictWriter(stream, fields, restval="")
        writer.writeheader()
        for index, (direction, _) in changes.items():
            for j in columns:
                writer.writerow(
                    {"index_code": index, "dimension_code": "whole", "indicator_code": f"x{j}", "name_en": f"x{j}",
                     "direction": direction, "numerator_series": f"{index}_{j}", "unit": "points"}
                )  # fmt: skip
    built = project.dbt("build", "--warn-error", *WITHOUT_TESTS)
    assert built.code == 0, built.output
    return Example(matrix, golden["expected"], project)


def test_entropy_weights_give_the_scores_that_a_textbook_prints(example: Example) -> None:
    weights = example.by_indicator(PRINTED, "weight")
    values = example.by_unit(PRINTED, "indicator_value")
    normalized = example.by_unit(PRINTED, "normalized_value")
    proportions = normalized / normalized.sum(axis=0)
    printed_digits = {"rtol": 0, "atol": 5e-9}
    np.testing.assert_allclose(values @ weights, example.expected["score_raw_times_w"], **printed_digits)
    np.testing.assert_allclose(
        proportions @ weights, example.expected["score_proportion_times_w"], **printed_digits
    )


def test_an_affine_change_of_every_indicator_leaves_weights_and_scores_unchanged(example: Example) -> None:
    assert_same(example.by_indicator(AFFINE, "weight"), example.by_indicator(PRINTED, "weight"))
    assert_same(_scores(example, AFFINE), _scores(example, PRINTED))


def test_flipping_sign_and_direction_leaves_normalized_values_and_scores_unchanged(example: Example) -> None:
    assert np.array_equal(
        example.by_unit(TURNED, "normalized_value"), example.by_unit(PRINTED, "normalized_value")
    )
    assert_same(_scores(example, TURNED), _scores(example, PRINTED))


def test_an_indicator_with_k_ones_and_else_zeros_has_divergence_1_minus_ln_k_over_ln_n(
    example: Example,
) -> None:
    n, columns = example.matrix.shape
    expected = [1 - math.log(k) / math.log(n) for k in range(1, columns + 1)]
    assert_same(example.by_indicator(BINARY, "divergence"), expected)


def test_the_best_and_the_worst_unit_of_a_nested_0_1_index_score_1_and_0(example: Example) -> None:
    scores = _scores(example, BINARY)
    assert (scores[0], scores[-1]) == (1.0, 0.0)
    assert scores == sorted(scores, reverse=True)


def _scores(example: Example, index: str) -> list[float]:
    return [
        score
        for (score,) in example.project.query(
            f"select score from marts.index_scores where index_code = '{index}' order by entity_code"
        )
    ]


def _ways(example: Example, index: str) -> dict[str, list[float]]:
    """The scores of the units in every way of building the index."""
    found: dict[str, list[float]] = {}
    for way, score in example.project.query(
        f"select spec_code, score from marts.spec_scores where index_code = '{index}' order by spec_code, entity_code"
    ):
        found.setdefault(way, []).append(score)
    return found


def test_the_linear_way_is_the_sum_of_weighted_values_of_the_printed_example(example: Example) -> None:
    weights = example.by_indicator(PRINTED, "weight")
    scores = _ways(example, PRINTED)["ways.min_max.entropy.linear"]
    assert_same(scores, example.by_unit(PRINTED, "normalized_value") @ weights)


@pytest.mark.parametrize("changed", [AFFINE, TURNED])
def test_neither_an_affine_change_nor_flipping_sign_and_direction_matters_in_any_way(
    example: Example, changed: str
) -> None:
    ours, expected = _ways(example, changed), _ways(example, PRINTED)
    assert len(expected) == 1 + 6 * 3 + 3 * 3  # the baseline, and every weighting but three of z-scores
    assert ours.keys() == expected.keys()
    for way in expected:
        assert_same(ours[way], expected[way])
