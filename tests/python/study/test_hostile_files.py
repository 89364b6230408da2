"""Names that come from files are never read as SQL, files that do not fit together are named, odd files end in one message."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from studies import WITHOUT_TESTS, Outcome, Project

RAW = "raw_observations.csv"
VARIABLES = ("NQP_OBSERVATIONS", "NQP_ENTITIES", "NQP_STUDY")


@pytest.fixture(autouse=True)
def no_files_of_another_test() -> Iterator[None]:
    yield
    for variable in VARIABLES:
        os.environ.pop(variable, None)


def header(project: Project, file: str, old: str, new: str) -> None:
    path = project.folder / file
    first, rest = path.read_text(encoding="utf-8").split("\n", 1)
    assert old in first
    path.write_text(first.replace(old, new) + "\n" + rest, encoding="utf-8")


def load(project: Project) -> Outcome:
    """Build what reads the files, which is where names become SQL."""
    return project.build("--select", "+study_problems", *WITHOUT_TESTS)


# ------------------------------------------------------------------------------------- names are not code


def evil(target: Path) -> str:
    """A column name that closes its quotes and writes a file."""
    return f'note"" varchar); copy (select 42) to \'{target}\'; create table raw.x (""y'


def test_a_column_name_that_closes_its_quotes_runs_nothing(harbours: Project, tmp_path: Path) -> None:
    target = tmp_path / "written.csv"
    header(harbours, "def_groups.csv", "group_code", f'group_code,"{evil(target)}"')
    harbours.rewrite("def_groups.csv", lambda line: line.replace(",", ",x,", 1))
    built = load(harbours)
    assert built.code == 0, built.output
    assert not target.exists()
    names = "select column_name from information_schema.columns where table_schema = 'raw' and table_name = 'def_groups'"
    assert (evil(target).replace('""', '"'),) in harbours.query(names)


def test_a_series_code_and_a_path_with_quotes_are_text(harbours: Project, tmp_path: Path) -> None:
    folder = tmp_path / "o'neill's; drop table x"
    folder.mkdir()
    target = tmp_path / "written.csv"
    code = f"a\"b'); copy (select 42) to '{target}'; --"
    path = str(folder / "panel'1.parquet").replace("'", "''")
    column = code.replace('"', '""')
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select entity_code, cast(year as integer) as year, 1.5 as \"{column}\" from read_csv('{harbours.folder / RAW}', "
            f"all_varchar = true) group by all) to '{path}'"
        )
    cell = '"' + column + '"'
    harbours.append("def_series.csv", f"{cell},奇,odd,u,made up" + "," * missing_cells(harbours))
    os.environ["NQP_OBSERVATIONS"] = str(folder / "panel'1.parquet")
    built = harbours.build("--select", "+int_series_extents", *WITHOUT_TESTS)
    assert built.code == 0, built.output
    assert not target.exists()
    assert harbours.query("select distinct series_code from staging.stg_observations") == [(code,)]


def missing_cells(project: Project) -> int:
    """How many cells a row of def_series.csv has beyond five."""
    return (project.folder / "def_series.csv").read_text(encoding="utf-8").split("\n")[0].count(",") - 4


def test_the_engine_reaches_nothing_outside_the_study(harbours: Project, tmp_path: Path) -> None:
    target = tmp_path / "written.csv"
    model = harbours.root / "models" / "staging" / "stg_groups.sql"
    model.write_text(
        "{% do run_query(\"copy (select 42) to '" + str(target) + "'\") %}\n" + model.read_text()
    )
    built = load(harbours)
    assert built.code != 0
    assert "disabled by configuration" in built.output
    assert not target.exists()


# ------------------------------------------------------------------------------- several files, one schema


def parts(project: Project, *selects: str, ending: str = "parquet") -> str:
    folder = project.root / "parts"
    folder.mkdir()
    with duckdb.connect() as connection:
        for number, select in enumerate(selects, start=1):
            connection.execute(f"copy ({select}) to '{folder / f'{number}.{ending}'}'")
    project.rewrite(RAW, lambda line: None)
    os.environ["NQP_OBSERVATIONS"] = f"parts/*.{ending}"
    return f"parts/*.{ending}"


KEYS = "'007' as entity_code, {year} as year"


def values(project: Project) -> dict[tuple[str, int], float]:
    query = "select series_code, year, observed_value from staging.stg_observations"
    return {(series, year): value for series, year, value in project.query(query)}


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_files_of_other_types_and_columns_are_read_whole(harbours: Project, ending: str) -> None:
    parts(
        harbours,
        f"select {KEYS.format(year=1998)}, 8 as cargo",
        f"select {KEYS.format(year=1999)}, 8.25::double as cargo, 3 as crew",
        ending=ending,
    )
    built = harbours.build("--select", "+int_series_extents", *WITHOUT_TESTS)
    assert built.code == 0, built.output
    assert values(harbours) == {("cargo", 1998): 8, ("cargo", 1999): 8.25, ("crew", 1999): 3}


REFUSED = {
    "text and numbers": ("select {a}, 'x' as cargo", ["'cargo'", "text", "1.parquet", "2.parquet"]),
    "a date": ("select {a}, current_date as cargo", ["'cargo'", "neither numbers nor text"]),
    "a number no double holds": ("select {a}, 9007199254740993::bigint as cargo", ["'cargo'", "9007199254740993"]),
    "a misspelt series": ("select {a}, 1 as carog", ["'carog'", "Rename it cargo"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_files_that_do_not_fit_are_named(harbours: Project, fault: str) -> None:
    sql, pieces = REFUSED[fault]
    first = "select {a}, 1 as crew" if "series" in fault else "select {a}, 8 as cargo"
    parts(
        harbours,
        first.replace("{a}", KEYS.format(year=1998)),
        sql.replace("{a}", KEYS.format(year=1999)),
    )
    if fault == "a date":
        (harbours.root / "parts" / "1.parquet").unlink()
    outcome = harbours.build("--select", "+int_series_extents", *WITHOUT_TESTS)
    assert outcome.code != 0
    assert [piece for piece in pieces if piece not in outcome.output] == [], outcome.output


def test_a_row_of_a_csv_with_a_cell_too_many_is_named(harbours: Project) -> None:
    parts(harbours, f"select {KEYS.format(year=1998)}, 8 as cargo", ending="csv")
    with (harbours.root / "parts" / "1.csv").open("a", encoding="utf-8") as stream:
        stream.write("007,1999,2,\n")
    outcome = harbours.build("--select", "+int_series_extents", *WITHOUT_TESTS)
    assert outcome.code != 0
    assert "1.csv: the row '007,1999,2,' has a cell more" in outcome.output


# --------------------------------------------------------------------------------------- files of a study


def encode(file: str, encoding: str) -> Callable[[Project], object]:
    def change(project: Project) -> None:
        path = project.folder / file
        path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))

    return change


FAULTS: dict[str, tuple[Callable[[Project], object], list[str]]] = {
    "GB18030": (encode("def_entities.csv", "gb18030"), ["def_entities.csv: ", "not UTF-8", "GB18030"]),
    "UTF-16": (encode("def_series.csv", "utf-16"), ["def_series.csv: ", "UTF-16"]),
    "a workbook": (
        lambda project: (project.folder / "def_series.csv").write_bytes(b"PK\x03\x04rest"), ["def_series.csv: ", "Excel workbook"],
    ),
    "a null character": (
        lambda project: project.append("def_groups.csv", "a\0,b,c"), ["def_groups.csv: ", "null character"],
    ),
    "an invisible character": (
        lambda project: project.append("def_groups.csv", "a\u202e,b,c"), ["def_groups.csv: line ", "cannot be seen"],
    ),
    "a dangling link": (
        lambda project: ((project.folder / RAW).unlink(), (project.folder / RAW).symlink_to("nowhere.csv")),
        [f"{RAW}: there is no such file"],
    ),
    "a column twice": (
        lambda project: header(project, "def_groups.csv", "name_en", "name_zh"), ["def_groups.csv: ", "'name_zh' stands twice"],
    ),
    "a column without a name": (
        lambda project: header(project, "def_groups.csv", "name_en", ""), ["def_groups.csv: column 3 has no name"],
    ),
    "a misspelt column": (
        lambda project: header(project, "def_indicators.csv", "multiplier", "multiplyer"),
        ["def_indicators.csv: unknown column 'multiplyer'. Rename it multiplier"],
    ),
    "semicolons": (
        lambda project: (project.folder / "def_groups.csv").write_text("group_code;name_zh;name_en\n0n;a;b\n"),
        ["def_groups.csv: ", "not separated by commas"],
    ),
    "a misspelt file": (
        lambda project: (project.folder / "pub_coefficients.csv").rename(project.folder / "pub_coeficients.csv"),
        ["pub_coeficients.csv: ", "Rename it pub_coefficients.csv"],
    ),
    "a file over the network": (
        lambda project: os.environ.update(NQP_OBSERVATIONS="https://example.org/panel.csv"), ["NQP_OBSERVATIONS", "over a network"],
    ),
    "a broken Parquet file": (
        lambda project: (
            (project.root / "bad.parquet").write_bytes(b"PAR1 and no more"), os.environ.update(NQP_OBSERVATIONS="bad.parquet")
        ),
        ["NQP_OBSERVATIONS is bad.parquet", "cannot be read"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_an_odd_file_stops_the_build_with_its_name_before_anything_is_changed(
    harbours: Project, fault: str
) -> None:
    change, pieces = FAULTS[fault]
    change(harbours)
    outcome = harbours.build("--select", "+study_problems", *WITHOUT_TESTS)
    assert outcome.code != 0
    assert "Traceback" not in outcome.output
    assert [piece for piece in pieces if piece not in outcome.output] == [], outcome.output
    assert harbours.query("select state from build.stamp") == [("finished",)]


def test_a_further_column_is_named_once_and_ignored(harbours: Project) -> None:
    header(harbours, "def_groups.csv", "group_code", "group_code,colour")
    harbours.rewrite("def_groups.csv", lambda line: line.replace(",", ",red,", 1))
    outcome = load(harbours)
    assert outcome.code == 0, outcome.output
    assert outcome.output.count("'colour'") == 1


def test_cells_that_end_in_tabs_and_endings_in_capitals_are_read(harbours: Project) -> None:
    text = (harbours.folder / RAW).read_text(encoding="utf-8").splitlines()
    rows = [text[0], *(line.replace(",", "\t,", 3) for line in text[1:])]
    (harbours.root / "PANEL.CSV").write_text("\n".join(rows) + "\n", encoding="utf-8")
    before = harbours.query("select * from staging.stg_observations order by all")
    os.environ["NQP_OBSERVATIONS"] = "PANEL.CSV"
    outcome = harbours.build("--select", "+stg_observations", *WITHOUT_TESTS)
    assert outcome.code == 0, outcome.output
    assert harbours.query("select * from staging.stg_observations order by all") == before
