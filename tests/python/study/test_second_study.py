"""A study with other codes, names and years runs through both commands unchanged, and its numbers are right.

The harbours of ``tests/fixtures/studies``: eight entities with codes like 007, 1e3 and NA, the years 1998 to 2003, one
dimension, an indicator of which less is better, two blank cells, every operation for derived series.
"""

from __future__ import annotations

import ast
import csv
import io
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from studies import CODE, DEFAULT, FILES, REPOSITORY, Project

ENTITIES = ["#8港", "0.5", "007", "010", "0x1F", "1e3", "NA", "true"]
YEARS = range(1998, 2004)


def test_every_entity_code_and_name_arrives_as_it_stands_in_the_file(built_harbours: Project) -> None:
    names = dict(built_harbours.query("select entity_code, name_en from marts.entities"))
    assert sorted(names) == ENTITIES
    assert names["007"] == 'Port "Golden Sand", old'
    assert built_harbours.query("select name_zh from marts.entities where entity_code = '1e3'") == [
        ("石臼,港",)
    ]
    assert built_harbours.query("select note from marts.series where series_code = 'cargo'") == [
        ("with a comma, and\na second line",)
    ]


@pytest.mark.parametrize(
    ("series", "year", "value", "is_derived", "is_imputed"),
    [
        ("cargo", 1999, 120.0, False, False),
        ("cargo", 2000, 150.0, False, True),  # between 120 and 180
        ("dues_new", 2000, 100.0, False, False),  # 1e2
        ("vessels", 1999, 10.0, True, False),  # 8 + 2
        ("crew_per_ship", 2000, 5.0, True, False),  # 50 / 10
        ("insurance", 1998, 8.8, True, False),  # 1100 * 8 / 1000
        ("trade", 1997, 200.0, True, False),
        ("trade", 1998, 220.0, True, False),  # 200 * 1.10
        ("trade", 1999, 264.0, True, False),  # 220 * 1.20
        ("dues", 2000, 100.0, True, False),
        ("dues", 1999, 80.0, True, False),  # 40 * 100 / 50
        ("dues_per_vessel", 1999, 8.0, True, False),  # 80 / 10, the second step
    ],
)
def test_a_series_has_the_value_that_one_finds_by_hand(
    built_harbours: Project, series: str, year: int, value: float, is_derived: bool, is_imputed: bool
) -> None:
    ((found, *flags),) = built_harbours.query(
        "select value, is_derived, is_imputed from marts.series_values "
        f"where entity_code = '007' and series_code = '{series}' and year = {year}"
    )
    assert found == pytest.approx(value, rel=1e-14)
    assert flags == [is_derived, is_imputed]


def test_only_the_two_blank_cells_are_imputed(built_harbours: Project) -> None:
    assert built_harbours.query(
        "select entity_code, year, series_code from marts.series_values where is_imputed order by all"
    ) == [("007", 2000, "cargo"), ("010", 2001, "cargo")]
    assert built_harbours.query(
        "select entity_code, year, indicator_code from marts.indicator_values where is_imputed order by all"
    ) == [("007", 2000, "throughput"), ("010", 2001, "throughput")]


def test_indicators_and_variables_have_the_values_that_one_finds_by_hand(built_harbours: Project) -> None:
    assert built_harbours.query(
        "select indicator_value from marts.indicator_values "
        "where entity_code = '007' and indicator_code = 'throughput' and year in (1998, 2000) order by year"
    ) == [(2000.0,), (3000.0,)]  # 100 / 50 * 1000 and 150 / 50 * 1000
    ((log_trade,),) = built_harbours.query(
        "select value from marts.panel_variables where entity_code = '007' and year = 1998 and variable_code = 'ln_trade'"
    )
    assert log_trade == pytest.approx(math.log(4400), rel=1e-14)  # 220 / 50 * 1000


def test_less_is_better_for_a_negative_indicator_and_its_entropy_is_that_of_k_ones(
    built_harbours: Project,
) -> None:
    normalized = built_harbours.query(
        "select indicator_value, normalized_value from marts.indicator_values where indicator_code = 'danger'"
    )
    assert {(value, 1 - value) for value, _ in normalized} == set(normalized) == {(0.0, 1.0), (1.0, 0.0)}
    ones = sum(value == 0 for value, _ in normalized)
    ((divergence,),) = built_harbours.query(
        "select divergence from marts.indicator_weights where indicator_code = 'danger'"
    )
    assert divergence == pytest.approx(1 - math.log(ones) / math.log(48), abs=1e-12)


def test_the_score_of_the_only_dimension_is_the_score_of_the_index(built_harbours: Project) -> None:
    scores = {
        index: built_harbours.query(
            f"select entity_code, year, score, rank from marts.index_scores where index_code = '{index}' order by all"
        )
        for index in ("quay", "quay.whole")
    }
    assert len(scores["quay"]) == 48
    assert scores["quay"] == scores["quay.whole"]


# ----------------------------------------------------------------------------------------------- estimates


@pytest.fixture(scope="module")
def panel(built_harbours: Project) -> pd.DataFrame:
    columns = ["entity_code", "year", "ln_trade", "quay", "premium", "manning"]
    rows = built_harbours.query(f"select {', '.join(columns)} from marts.regression_panel order by all")
    frame = pd.DataFrame(rows, columns=columns)
    lags = frame.set_index(["entity_code", "year"])["quay"]
    frame["lag"] = [
        lags.get((entity, year - 1), math.nan)
        for entity, year in zip(frame["entity_code"], frame["year"], strict=True)
    ]
    return frame


def dummies(frame: pd.DataFrame) -> np.ndarray:
    entities = pd.get_dummies(frame["entity_code"]).to_numpy(float)
    years = pd.get_dummies(frame["year"], drop_first=True).to_numpy(float)
    return np.hstack([entities, years])


def coefficients(project: Project, table: str, model: str) -> dict[str, float]:
    return dict(
        project.query(
            f"select term, estimate from estimates.coefficients where table_code = '{table}' "
            f"and model_code = '{model}' and equation = 'main' and term != 'constant' and is_printed"
        )
    )


def test_each_step_of_the_stepwise_table_is_least_squares_with_dummies(
    built_harbours: Project, panel: pd.DataFrame
) -> None:
    terms = ["quay", "premium", "manning"]
    for steps in (1, 2, 3):
        x = np.hstack([panel[terms[:steps]].to_numpy(), dummies(panel)])
        expected = np.linalg.lstsq(x, panel["ln_trade"].to_numpy(), rcond=None)[0][:steps]
        found = coefficients(built_harbours, "steps", str(steps))
        assert set(found) == set(terms[:steps])
        assert [found[term] for term in terms[:steps]] == pytest.approx(expected, rel=1e-8)


def test_the_instrumented_coefficient_is_the_ratio_of_two_regressions_on_the_lag(
    built_harbours: Project, panel: pd.DataFrame
) -> None:
    used = panel[panel["year"] > YEARS[0]]
    x = np.hstack([used[["lag"]].to_numpy(), dummies(used)])
    reduced, first = (
        np.linalg.lstsq(x, used[name].to_numpy(), rcond=None)[0][0] for name in ("ln_trade", "quay")
    )
    assert coefficients(built_harbours, "lagged", "1") == {"quay": pytest.approx(reduced / first, rel=1e-8)}
    strengths = built_harbours.query(
        "select value from estimates.diagnostics "
        "where diagnostic in ('first_stage_f', 'kleibergen_paap_f', 'effective_f')"
    )
    assert [one for (one,) in strengths] == pytest.approx([strengths[0][0]] * 3, rel=1e-9)
    english = built_harbours.files()["report.en.html"].decode()
    assert (
        "With a single instrument the first-stage F, the Kleibergen-Paap F and the effective F are one number."
        in english
    )


def test_the_number_of_observations_is_what_it_truly_is(built_harbours: Project) -> None:
    found = built_harbours.query(
        "select table_code, model_code, cast(value as integer) from estimates.model_statistics "
        "where statistic = 'n_obs' and equation = 'main' order by all"
    )
    assert found == [("lagged", "1", 40), ("steps", "1", 48), ("steps", "2", 48), ("steps", "3", 48)]


def test_pages_speak_of_the_entities_of_the_study_and_of_no_other(built_harbours: Project) -> None:
    files = built_harbours.files()
    chinese, english = (
        "".join(files[name].decode() for name in sorted(files) if name.endswith(f".{language}.html"))
        for language in ("zh", "en")
    )
    assert "8 个港口" in chinese
    assert "8 harbours, 1998-2003, 48 observations" in english
    assert "Port &#34;Golden Sand&#34;, old" in english
    assert "金沙港，旧“东”港" in chinese
    texts = [content for name, content in files.items() if not name.endswith((".docx", ".xlsx"))]
    everything = b"\n".join(texts).decode().lower()
    assert re.findall(r"province|省份|新质|new quality", everything) == []


def test_the_csv_of_the_coefficients_holds_the_same_numbers_as_the_database(built_harbours: Project) -> None:
    text = built_harbours.files()["estimates/coefficients.csv"].decode()
    from_file = [float(row["estimate"]) for row in csv.DictReader(io.StringIO(text))]
    from_database = built_harbours.query("select estimate from estimates.coefficients")
    # a file holds twelve significant digits, the database the whole double
    assert sorted(from_file) == pytest.approx(sorted(estimate for (estimate,) in from_database), rel=1e-11)


def test_every_analysis_runs_on_the_study(harbours: Project) -> None:
    compiled = harbours.dbt("compile", "--select", "resource_type:analysis")
    assert compiled.code == 0, compiled.output
    analyses = sorted((harbours.root / "target" / "compiled").rglob("analyses/*.sql"))
    assert len(analyses) == len(list((REPOSITORY / "analyses").glob("*.sql")))
    empty = [path.name for path in analyses if not harbours.query(path.read_text(encoding="utf-8"))]
    assert empty == []


# ---------------------------------------------------------------------------------------------- generality

# Codes of the default study that are also words of a tool or a method: a dbt exposure, absorbed fixed effects, within transformation, tables of a database.
OTHER_MEANING = {"application", "absorption", "transformation", "relations"}


def names_of_the_default_study() -> set[str]:
    """Codes long enough to be told from ordinary words, and the names of its entities and groups."""
    found = set()
    for path in DEFAULT.glob("def_*.csv"):
        if path.stem == "def_specs":  # its words are the project's own
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found |= {value for key, value in row.items() if key.endswith("_code") and len(value) > 6}
                if path.stem in ("def_entities", "def_groups"):
                    found |= {row["name_zh"], row["name_en"]}
    return found - OTHER_MEANING


def code_files() -> list[Path]:
    folders = [path for name in CODE for path in (REPOSITORY / name).rglob("*")]
    texts = {".sql", ".yml", ".py", ".j2", ".css", ".js", ".toml"}
    return [path for path in [*folders, *(REPOSITORY / name for name in FILES)] if path.suffix in texts]


@pytest.mark.slow
def test_no_code_names_an_entity_series_indicator_or_variable_of_the_default_study() -> None:
    names = names_of_the_default_study()
    assert len(names) > 100
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names)))
    found = {
        f"{path.relative_to(REPOSITORY)}: {name}"
        for path in code_files()
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_no_sql_and_no_python_names_a_year_of_the_default_study() -> None:
    with (DEFAULT / "def_indices.csv").open(encoding="utf-8", newline="") as stream:
        indices = list(csv.DictReader(stream))
    first, last = (
        min(int(row["first_year"]) for row in indices),
        max(int(row["last_year"]) for row in indices),
    )
    years = set(range(first, last + 1))
    found = {
        f"{path.relative_to(REPOSITORY)}: {number}"
        for path in code_files()
        for number in numbers_in(path)
        if number in years
    }
    assert found == set()


def numbers_in(path: Path) -> set[int]:
    """The whole numbers that code computes with; those in comments and in Python's texts are words."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)
                and type(node.value) is int}  # fmt: skip
    if path.suffix == ".sql":
        return {int(number) for number in re.findall(r"\b\d{4}\b", re.sub(r"(?s:\{#.*?#\})|--.*", "", text))}
    return set()
