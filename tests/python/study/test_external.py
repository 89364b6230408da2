"""Observations and entities that are read in place: every form gives the same marts, every fault one named message."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from studies import Outcome, Project, bench_module, new_project

RAW = "raw_observations.csv"
ENTITIES = "def_entities.csv"


@pytest.fixture(autouse=True)
def no_files_of_another_test() -> Iterator[None]:
    yield
    for variable in ("NQP_OBSERVATIONS", "NQP_ENTITIES"):
        os.environ.pop(variable, None)


def build(project: Project, observations: str, entities: str | None = None) -> Outcome:
    """A build of what a large panel needs, with these files; the study's own hold only their header."""
    for file, other in ((RAW, observations), (ENTITIES, entities)):
        if other is not None:
            project.rewrite(file, lambda line: None)
    os.environ["NQP_OBSERVATIONS"] = observations
    if entities is not None:
        os.environ["NQP_ENTITIES"] = entities
    return project.build("--selector", "scale")


def write(project: Project, sql: str, path: str) -> str:
    """The result of a query over the study's files, as Parquet or CSV in the project's folder."""
    raw = f"read_csv('{project.folder / RAW}', all_varchar = true)"
    entities = f"read_csv('{project.folder / ENTITIES}', all_varchar = true)"
    (project.root / path).parent.mkdir(exist_ok=True)
    duckdb.sql(f"copy ({sql.format(raw=raw, entities=entities)}) to '{project.root / path}' (header true)"
               if path.endswith("csv") else
               f"copy ({sql.format(raw=raw, entities=entities)}) to '{project.root / path}'")  # fmt: skip
    return path


NUMBERS = "entity_code, cast(year as integer) as year, series_code, try_cast(observed_value as double) as observed_value"
WIDE = f"pivot (select {NUMBERS} from {{raw}}) on series_code using first(observed_value) group by entity_code, year"
FORMS = {
    "long Parquet with numbers": (f"select {NUMBERS}, note from {{raw}}", "long.parquet"),
    "long Parquet with text and no note": (
        "select ' ' || entity_code as entity_code, year, series_code, observed_value from {raw}", "text.parquet",
    ),
    "long CSV": ("select * from {raw}", "long.csv"),
    "wide Parquet": (f"from ({WIDE})", "wide.parquet"),
    "wide CSV": (f"from ({WIDE})", "wide.csv"),
}  # fmt: skip


def assert_same_scores(project: Project, other: Project) -> None:
    """The same ranks, and scores that differ only by the order in which rows were summed."""
    query = "select index_code, entity_code, year, rank, score from marts.index_scores order by all"
    found, expected = project.query(query), other.query(query)
    assert [row[:4] for row in found] == [row[:4] for row in expected]
    assert [row[4] for row in found] == pytest.approx([row[4] for row in expected], abs=1e-14)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_scores_of_the_seed(
    harbours: Project, built_harbours: Project, form: str
) -> None:
    sql, path = FORMS[form]
    built = build(harbours, write(harbours, sql, path))
    assert built.code == 0, built.output
    assert "WARNING" not in built.output
    assert_same_scores(harbours, built_harbours)
    count = "select count(*), sum(value) from marts.series_values"
    assert harbours.query(count)[0][0] == built_harbours.query(count)[0][0]


def test_a_pattern_reads_many_files_and_the_entities_may_be_a_file_too(
    harbours: Project, built_harbours: Project
) -> None:
    for part in (0, 1):
        write(
            harbours,
            f"select {NUMBERS} from {{raw}} where cast(year as integer) % 2 = {part}",
            f"parts/{part}.parquet",
        )
    entities = write(harbours, "select * from {entities}", "entities.parquet")
    built = build(harbours, "parts/*.parquet", entities)
    assert built.code == 0, built.output
    assert_same_scores(harbours, built_harbours)
    names = "select entity_code, name_en, group_code from marts.entities order by all"
    assert harbours.query(names) == built_harbours.query(names)


FAULTS = {
    "no such file": ("absent.parquet", None, ["NQP_OBSERVATIONS is absent.parquet", "no such file"]),
    "another ending": ("panel.xlsx", None, ["NQP_OBSERVATIONS is panel.xlsx", ".parquet", "CSV"]),
    "no year": ("bad.parquet", f"select * exclude (year) from ({WIDE})", ["bad.parquet", "missing column year"]),
    "no observed value": (
        "bad.csv", "select entity_code, year, series_code from {raw}", ["bad.csv", "missing column observed_value"],
    ),
    "neither long nor wide": (
        "bad.csv", "select entity_code, year from {raw}", ["bad.csv", "missing column of a series", "wide form"],
    ),
    "a series misspelt": (
        "bad.csv", f"select * rename (ferries as feries) from ({WIDE})", ["bad.csv: unknown column 'feries'", "Rename it ferries,"],
    ),
    "unreadable": ("bad.parquet", None, ["NQP_OBSERVATIONS is bad.parquet", "cannot be read"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_serve_is_named_and_the_marts_stay(
    harbours: Project, built_harbours: Project, fault: str
) -> None:
    path, sql, pieces = FAULTS[fault]
    if sql:
        write(harbours, sql, path)
    elif fault == "unreadable":
        (harbours.root / path).write_bytes(Path(__file__).read_bytes())
    outcome = build(harbours, path)
    assert outcome.code != 0
    assert "Traceback" not in outcome.output
    assert ("cannot be read" in outcome.output) == (fault == "unreadable")
    assert [piece for piece in pieces if piece not in outcome.output] == [], outcome.output
    assert harbours.tables("marts") == built_harbours.tables("marts")


def test_faulty_cells_are_named_by_the_file_and_a_faulty_column_once(harbours: Project) -> None:
    path = write(
        harbours,
        f"select *, 'nan'::double as crago, 1 as anything from ({WIDE}) union all by name "
        f"select '999' as entity_code, 1999 as year, 5 as cargo union all by name "
        f"select '007' as entity_code, 1999 as year, 5 as cargo union all by name "
        f"select '007' as entity_code, 1998 as year, 'inf'::double as hours",
        "panel.parquet",
    )
    outcome = build(harbours, path)
    assert outcome.code != 0
    rows = [row for (row,) in harbours.query("select message from checks.study_problems")]
    assert all(row.startswith("panel.parquet: ") for row in rows)
    assert "Not read: 'crago', 'anything' of" in outcome.output
    for pieces in (
        ("entity_code=999, year=1999", "def_entities.csv"),
        ("entity_code=007, year=1999, series_code=cargo", "stands 2 times"),
        ("entity_code=007, year=1998, series_code=hours", "'inf' is not a plain number"),
    ):
        assert [row for row in rows if all(piece in row for piece in pieces)], (pieces, rows)


def add_rows(project: Project, file: str, *rows: dict[str, object]) -> None:
    """Append rows to a definition; cells that are not given are blank."""
    with (project.folder / file).open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    with (project.folder / file).open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, header, lineterminator="\n").writerows(rows)


def declare(project: Project, series: str, impute: str) -> None:
    """Say in def_series.csv how the gaps of a series are filled."""
    path = project.folder / "def_series.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row["impute"] = impute if row["series_code"] == series else row.get("impute", "")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def by_row_and_by_cell(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """A generated panel as a wide and as a long file, with quotients, a constant, and an index of fewer years."""
    projects = {}
    for form in ("row", "cell"):
        project = new_project(tmp_path_factory.mktemp(form) / "project", "generated")
        panel = bench_module("panel")
        panel.write_panel(project.root / "panel", 400)
        shutil.copytree(project.root / "panel" / "study", project.folder, dirs_exist_ok=True)
        wide = f"select *, 7.1 as \"it's 1\" from '{project.root / 'panel' / 'observations.parquet'}'"
        long = f"select entity_code, year, name as series_code, value as observed_value from (unpivot ({wide}) on * exclude (entity_code, year))"
        write(project, wide if form == "row" else long, "panel.parquet")
        text = {"unit": "unit", "source": "generated", "definition": "generated", "closeness": "A"}
        add_rows(
            project,
            "def_series.csv",
            {"series_code": "it's 1", "name_en": "constant", "unit": "unit", "source": "generated"},
        )
        add_rows(
            project,
            "def_indices.csv",
            {"index_code": "late", "name_en": "Late", "first_year": 2014, "last_year": 2016},
        )
        add_rows(
            project,
            "def_dimensions.csv",
            *({"index_code": "late", "dimension_code": one, "name_en": one} for one in "ab"),
        )
        add_rows(
            project,
            "def_indicators.csv",
            *(
                {"index_code": "late", "dimension_code": dimension, "indicator_code": code, "name_en": code,
                 "direction": direction, "numerator_series": numerator, "denominator_series": denominator,
                 "multiplier": multiplier} | {key: text[key] for key in ("unit", "definition", "closeness")}
                for dimension, code, direction, numerator, denominator, multiplier in (
                    ("a", "quotient", "negative", "s03", "s04", "0.1"), ("a", "constant", "positive", "it's 1", "", ""),
                    ("b", "plain", "positive", "s05", "", "1e-3"), ("b", "product", "negative", "it's 1", "s06", "100"),
                )
            ),
        )  # fmt: skip
        outcome = build(project, "panel.parquet", str(project.root / "panel" / "entities.parquet"))
        assert outcome.code == 0, outcome.output
        projects[form] = project
    return projects


def assert_same_rows(projects: dict[str, Project], query: str) -> None:
    """The same rows of both projects; numbers to 1e-13 of their size, since the order of a sum differs."""
    found, expected = (projects[form].query(query) for form in ("row", "cell"))
    assert len(found) == len(expected) > 0
    for one, other in zip(found, expected, strict=True):
        for value, same in zip(one, other, strict=True):
            assert value == (
                pytest.approx(same, rel=1e-13, abs=1e-15) if isinstance(same, float) else same
            ), one


MARTS_OF_THE_INDEX = (
    "select * from index.int_indicator_ranges order by indicator_key",
    "select * from marts.indicator_weights order by index_code, indicator_code",
    "select * from marts.index_scores order by index_code, entity_code, year",
    "select * from marts.indicators order by index_code, indicator_code",
)


def test_rows_of_a_wide_file_and_single_cells_give_the_same_index(
    by_row_and_by_cell: dict[str, Project],
) -> None:
    counts = {
        form: project.query("select count(*) from index.int_wide_indicators")[0][0]
        for form, project in by_row_and_by_cell.items()
    }
    assert counts == {"row": 16, "cell": 0}
    for query in MARTS_OF_THE_INDEX:
        assert_same_rows(by_row_and_by_cell, query)
    years = "select index_code, min(year), max(year), count(*) from marts.index_scores where index_code like 'late%' group by all"
    assert sorted(by_row_and_by_cell["row"].query(years)) == [
        (code, 2014, 2016, 120) for code in ("late", "late.a", "late.b")
    ]


def test_a_frozen_ruler_holds_rows_and_cells_alike(
    by_row_and_by_cell: dict[str, Project], tmp_path: Path
) -> None:
    ruler = tmp_path / "ruler.csv"
    by_row_and_by_cell["row"].query(
        f"copy (select * replace (minimum + 0.1 * (maximum - minimum) as minimum, maximum - 0.2 * (maximum - minimum) as maximum) "
        f"from marts.indicator_weights) to '{ruler}' (header true)"
    )
    scored = {}
    for form, project in by_row_and_by_cell.items():
        scored[form] = project.copy(tmp_path / form)
        os.environ["NQP_OBSERVATIONS"] = "panel.parquet"
        os.environ["NQP_ENTITIES"] = "panel/entities.parquet"
        outcome = scored[form].build("--selector", "scale", "--vars", f"{{ruler: {ruler}}}")
        assert outcome.code == 0, outcome.output
    for query in MARTS_OF_THE_INDEX:
        assert_same_rows(scored, query)
    ends = "select count(*) from index.int_normalized_values where normalized_value in (0, 1)"
    assert scored["row"].query(ends)[0][0] > 100


def test_a_gap_in_one_column_is_filled_cell_by_cell(
    by_row_and_by_cell: dict[str, Project], tmp_path: Path
) -> None:
    project = by_row_and_by_cell["row"].copy(tmp_path / "gap")
    write(
        project,
        f"select * replace (case when entity_code = 'e00000003' and year = 2015 then null else s05 end as s05) "
        f"from '{project.root / 'panel.parquet'}'",
        "gap.parquet",
    )
    refused = build(project, "gap.parquet", "panel/entities.parquet")
    assert refused.code != 0
    assert "entity_code=e00000003, years 2015 to 2015" in refused.output
    listed = (project.root / "target" / "missing_cells.csv").read_text(encoding="utf-8").splitlines()
    assert {tuple(line.split(",")[:2]) for line in listed[1:]} == {("s05", "e00000003")}
    declare(project, "s05", "linear")
    outcome = build(project, "gap.parquet", "panel/entities.parquet")
    assert outcome.code == 0, outcome.output
    assert project.query("select count(*) from index.int_wide_indicators") == [(0,)]
    found = "select is_imputed, entity_code, year from marts.indicator_values where is_imputed and index_code = 'late'"
    assert project.query(found) == [(True, "e00000003", 2015)]
