"""What is wrong with an input is said once, by file and row or key, and the last good results stay as they were.

Faults of one stage are tried together where they cannot hide each other: the messages must then be exactly one for
each. Every test has a copy of a study that was built and estimated, so "as before" can be checked.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pytest
from studies import Outcome, Project

RAW = "raw_observations.csv"
TOML = "specifications.toml"
HERE = "seeds/harbours/"


def assert_told(outcome: Outcome, *expected: tuple[str, ...]) -> None:
    """Every expected message stands there, recognised by its pieces, and there is no other."""
    assert outcome.code != 0
    assert "Traceback" not in outcome.output
    for pieces in expected:
        matching = [message for message in outcome.messages if all(piece in message for piece in pieces)]
        assert len(matching) == 1, f"{pieces} in {outcome.messages}"
    assert len(outcome.messages) == len(expected), outcome.messages


@dataclass(frozen=True)
class Good:
    """The results of the last good run."""

    marts: dict[str, list[str]]
    estimates: dict[str, list[str]]
    files: dict[str, bytes]

    def assert_nothing_was_written(self, project: Project) -> None:
        assert project.files() == self.files
        assert project.tables("estimates") == self.estimates


@pytest.fixture(scope="session")
def good(built_harbours: Project) -> Good:
    return Good(built_harbours.tables("marts"), built_harbours.tables("estimates"), built_harbours.files())


@pytest.fixture
def faulty(harbours: Project, good: Good) -> Iterator[Project]:
    """A copy of the study to spoil; whatever happens to it, the marts of the last good build stay."""
    yield harbours
    assert harbours.tables("marts") == good.marts


# --------------------------------------------------------------------------------- dbt build: the files


def test_a_missing_column_is_named_with_its_file(faulty: Project) -> None:
    faulty.edit("def_indicators.csv", "dimension_code,indicator_code", "dimension_code,indicator")
    faulty.edit(RAW, "series_code,observed_value", "series_code,value")
    assert_told(
        faulty.build(),
        (f"{HERE}def_indicators.csv: ", "missing column indicator_code."),
        (f"{HERE}{RAW}: ", "missing column observed_value."),
    )


def test_every_empty_file_is_named(faulty: Project) -> None:
    files = ["def_dimensions.csv", RAW, "pub_statistics.csv"]
    for file in files:
        (faulty.folder / file).write_text("")
    assert_told(faulty.build(), *((f"{HERE}{file}: ", "empty") for file in files))


def test_observations_without_a_row_are_named(faulty: Project) -> None:
    faulty.rewrite(RAW, lambda line: None)
    assert_told(faulty.build(), (f"{HERE}{RAW}: ", "no rows"))


def test_a_row_with_too_few_cells_is_named_by_file_and_line(faulty: Project) -> None:
    faulty.append(RAW, "007,1999")
    line = len((faulty.folder / RAW).read_text(encoding="utf-8").splitlines())
    before = faulty.tables("raw")[RAW.removesuffix(".csv")]
    outcome = faulty.build()
    assert outcome.code != 0
    assert faulty.tables("raw")[RAW.removesuffix(".csv")] == before
    assert f"{HERE}{RAW}" in outcome.output
    assert re.search(rf"line:? {line}\b", outcome.output, re.IGNORECASE)


def test_a_row_with_a_cell_too_many_is_named_though_it_is_blank(faulty: Project) -> None:
    # a thousands separator outside quotes: the figure would be 2, its note 188
    faulty.append(RAW, "007,1999,cargo,2,188,")
    assert_told(faulty.build(), (f"{HERE}{RAW}: ", "'007,1999,cargo,2,188,'", "a cell more"))


def test_a_file_as_excel_saves_it_is_read(harbours: Project, good: Good) -> None:
    for path in harbours.folder.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    built = harbours.build()
    assert built.code == 0, built.output
    marts = harbours.tables("marts")
    assert [name for name in good.marts if marts[name] != good.marts[name]] == [
        "series"
    ]  # a line break in a note


# --------------------------------------------------------------------------- dbt build: the definitions


def test_unknown_codes_words_and_years_in_the_definitions_are_named(faulty: Project) -> None:
    faulty.edit("def_indicators.csv", "cargo,hours", "crago,hours")
    faulty.edit("def_indicators.csv", "negative,accident", "downward,accident")
    faulty.edit("def_variables.csv", "insurance,trade", "insurance,tarde")
    faulty.edit("def_derived_series.csv", "ships,ferries", "ships,fairies")
    faulty.edit("def_entities.csv", "0n,NA,", "0w,NA,")
    faulty.edit("def_indices.csv", ",1998,2003", ",1997.6,2003")
    faulty.edit("def_derived_series.csv", "dues_new,2000,", "dues_new,2000.4,")
    assert_told(
        faulty.build(),
        (f"{HERE}def_indicators.csv: ", "throughput", "numerator_series 'crago'"),
        (f"{HERE}def_indicators.csv: ", "danger", "direction is 'downward'", "positive, negative"),
        (f"{HERE}def_variables.csv: ", "premium", "denominator_series 'tarde'"),
        (f"{HERE}def_derived_series.csv: ", "vessels", "right_series 'fairies'"),
        (f"{HERE}def_entities.csv: ", "NA", "group_code '0w'"),
        (f"{HERE}def_indices.csv: ", "quay", "first_year", "1997.6"),
        (f"{HERE}def_derived_series.csv: ", "dues", "base_year", "2000.4"),
    )


# -------------------------------------------------------------------------- dbt build: the observations


def test_every_faulty_cell_is_named_by_its_key(faulty: Project) -> None:
    for year, old, new in [
        (1998, "100", '"1,234"'), (1999, "120", "—"), (2001, "180", "NaN"), (2002, "128", "inf"),
    ]:  # fmt: skip
        faulty.edit(RAW, f"007,{year},cargo,{old},", f"007,{year},cargo,{new},")
    faulty.rewrite(RAW, lambda line: None if line.startswith("NA,2001,") else line)
    faulty.append(RAW, "007,1999,crew,50,", "010,1999,crago,5,", "10,1999,crew,5,")
    faulty.append(RAW, "007,1999.5,hours,5,", "007,01998,hours,7,")
    row = "entity_code=007, year={}, series_code={}: "
    assert_told(
        faulty.build(),
        (f"{HERE}{RAW}: ", row.format(1998, "cargo"), "'1,234'"),
        (f"{HERE}{RAW}: ", row.format(1999, "cargo"), "'—'"),
        (f"{HERE}{RAW}: ", row.format(2001, "cargo"), "'NaN'"),
        (f"{HERE}{RAW}: ", row.format(2002, "cargo"), "'inf'"),
        (f"{HERE}{RAW}: ", row.format(1999, "crew"), "2 times"),
        (f"{HERE}{RAW}: ", "entity_code=010, year=1999, series_code=crago: ", "def_series.csv"),
        (f"{HERE}{RAW}: ", "entity_code=10, year=1999, series_code=crew: ", "def_entities.csv"),
        (f"{HERE}{RAW}: ", row.format(1999.5, "hours"), "year"),
        (f"{HERE}{RAW}: ", "entity_code=007, year=", "1998, series_code=hours: "),
        (f"{HERE}{RAW}: ", "entity_code=NA, year=2001: ", "no observation"),
    )


# -------------------------------------------------------------------------------- dbt build: the values


def test_a_value_that_cannot_be_computed_is_told_with_its_cause(faulty: Project) -> None:
    faulty.rewrite(RAW, lambda line: "0x1F,2003,cargo,,\n" if line.startswith("0x1F,2003,cargo,") else line)
    faulty.edit(RAW, "007,2001,hours,50,", "007,2001,hours,0,")
    faulty.edit(RAW, "NA,1997,trade_1997,", "NA,1997,trade_1997,-")
    outcome = faulty.build()
    assert_told(
        outcome,
        (f"{HERE}def_indicators.csv: ", "throughput", "cargo has no value", "entity_code=0x1F", "2003"),
        (f"{HERE}def_indicators.csv: ", "throughput", "hours is zero", "entity_code=007", "2001"),
        (f"{HERE}def_variables.csv: ", "ln_trade", "logarithm", "entity_code=NA", "1998"),
    )
    advised = [message for message in outcome.messages if "imputed" in message]
    assert len(advised) == 1, "imputation is no advice where a figure is zero or negative"


def test_a_derived_series_that_cannot_be_computed_is_told_once_with_its_cause(faulty: Project) -> None:
    faulty.edit(RAW, "007,2000,ships,10,", "007,2000,ships,0,")
    faulty.edit(RAW, "007,1999,trade_growth, 120 ,", "007,1999,trade_growth,-120,")
    assert_told(
        faulty.build(),
        ("crew_per_ship", "ships", "zero", "entity_code=007", "2000"),
        ("trade", "trade_growth", "positive", "entity_code=007", "1999"),
    )


def test_a_constant_indicator_is_a_warning_and_gets_weight_0(harbours: Project) -> None:
    harbours.rewrite(RAW, lambda line: re.sub(",accident,[01],", ",accident,1,", line))
    built = harbours.build()
    assert built.code == 0, built.output
    (message,) = built.messages
    assert message.startswith(f"{HERE}def_indicators.csv: ")
    assert "danger" in message
    assert "WARN" in built.output
    assert harbours.query(
        "select weight, is_constant from marts.indicator_weights where indicator_code = 'danger'"
    ) == [(0.0, True)]
    assert harbours.query(
        "select count(*) from marts.indicator_weights where weight > 0 and not is_constant"
    ) == [(2,)]
    estimated = harbours.estimate()
    assert estimated.code == 0, estimated.output


def test_an_index_of_constant_indicators_only_is_an_error(faulty: Project) -> None:
    constant = "accident|cargo|hours|ships|ferries|dues_old|dues_new"
    faulty.rewrite(RAW, lambda line: re.sub(rf",({constant}),[^,]*,", r",\1,1,", line))
    outcome = faulty.build()
    assert outcome.code != 0
    assert "Traceback" not in outcome.output
    (error,) = [message for message in outcome.messages if "def_dimensions.csv" in message]
    assert "index_code=quay" in error
    assert "constant" in error


# ----------------------------------------------------------------------------------------- the database


@contextmanager
def locked(project: Project) -> Iterator[None]:
    """Another process that has the database open for writing."""
    code = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(project.database)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
    finally:
        holder.communicate("")


def test_a_database_that_another_process_holds_is_named(faulty: Project, good: Good) -> None:
    with locked(faulty):
        built, estimated = faulty.build(), faulty.estimate()
    assert built.code != 0
    assert "Could not set lock on file" in built.output
    assert faulty.database.name in built.output
    assert estimated.code == 1
    (error,) = estimated.errors
    assert faulty.database.name in error
    assert "locked by another process" in error
    assert "Traceback" not in estimated.output
    good.assert_nothing_was_written(faulty)


def test_a_database_that_is_absent_is_named_and_not_made(harbours: Project, good: Good) -> None:
    harbours.database.unlink()
    outcome = harbours.estimate()
    assert outcome.code == 1
    (error,) = outcome.errors
    assert harbours.database.name in error
    assert "dbt build" in error
    assert not harbours.database.exists()
    assert harbours.files() == good.files


def test_a_database_that_is_something_else_is_named(harbours: Project) -> None:
    harbours.database.write_text("not a database")
    outcome = harbours.estimate()
    assert outcome.code == 1
    (error,) = outcome.errors
    assert harbours.database.name in error


# ------------------------------------------------------------------------------------------ estimate.py


def spoil(sql: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        with duckdb.connect(str(project.database)) as connection:
            connection.execute(sql)

    return change


def edit(old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.edit(TOML, old, new)


CELL = "entity_code = '007' and year = 1999"
CONTROLS = 'controls = ["premium", "manning"]'
FAULTS: dict[str, tuple[Callable[[Project], object], list[str], list[str]]] = {
    "an unknown control": (
        edit(CONTROLS, 'controls = ["premium", "maning"]'),
        [],
        [TOML, "table 'steps'", "'controls'", "'maning'"],
    ),
    "an unknown instrument": (
        edit('["L1.quay"]', '["L1.quey"]'), [], [TOML, "table 'lagged'", "'instruments'", "'L1.quey'"],
    ),
    "an unknown index": (edit('index = "quay"', 'index = "key"'), [], [TOML, "table 'vigour'", "'index'", "'key'"]),
    "an unknown described variable": (
        edit('"quay", "premium", "manning"]', '"quay", "premum"]'), [], [TOML, "table 'summary'", "'premum'"],
    ),
    "an unknown group": (
        edit('["L1.quay"]', '["L1.quay"]\nsample = { groups = ["0w"] }'), [], [TOML, "table 'lagged'", "'0w'"],
    ),
    "an unknown key": (edit("stepwise", "step_wise"), [], [TOML, "table 'steps'", "'step_wise'"]),
    "a headline of no column": (edit('column = "3"\nterm = "quay"\n\n[[head', 'column = "4"\nterm = "quay"\n\n[[head'),
                                [], [TOML, "hypothesis 'G1'", "column '4'"]),
    "bad TOML": (edit("stepwise = true", "stepwise = yes"), [], [TOML, "TOML", "line 25"]),
    "an unknown table asked for": (lambda project: None, ["--tables", "steps", "stepz"], ["'stepz'", "steps, lagged"]),
    "an unknown study": (lambda project: None, ["--study", "havens"], ["seeds/havens"]),
    "a sample without rows": (
        edit('["L1.quay"]', '["L1.quay"]\nsample = { first_year = 2050 }'), [], [TOML, "table 'lagged'", "sample 'from 2050'", "no rows"],
    ),
    "a sample that ends before it begins": (
        edit('["L1.quay"]', '["L1.quay"]\nsample = { first_year = 2001, last_year = 1999 }'),
        [], [TOML, "table 'lagged'", "'sample'", "2001", "1999"],
    ),
    "NaN in the panel": (
        spoil(f"update marts.regression_panel set premium = 'nan' where {CELL}"), [], ["regression_panel", "premium", "nan"],
    ),
    "an infinite score": (
        spoil(f"update marts.index_scores set score = 'inf' where {CELL} and index_code = 'quay'"),
        [], ["index_scores", "score", "inf"],
    ),
    "an entity-year twice": (
        spoil(f"insert into marts.regression_panel select * from marts.regression_panel where {CELL}"),
        [], ["regression_panel", "'007'", "1999"],
    ),
    "a column missing": (
        spoil("alter table marts.regression_panel drop premium"), [], ["regression_panel", "missing", "premium"],
    ),
    "a mart missing": (spoil("drop table marts.index_scores"), [], ["index_scores", "dbt build"]),
    "published numbers missing": (
        spoil("drop table staging.published_coefficients"), [], ["published_coefficients", "dbt build"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_estimating_stops_with_one_message_and_writes_nothing(
    harbours: Project, good: Good, fault: str
) -> None:
    change, arguments, pieces = FAULTS[fault]
    change(harbours)
    outcome = harbours.estimate(*arguments)
    assert outcome.code == 1
    assert "Traceback" not in outcome.output
    assert len(outcome.errors) == 1, outcome.output
    message = outcome.output[outcome.output.index("error: ") :]
    assert [piece for piece in pieces if piece not in message] == [], message
    good.assert_nothing_was_written(harbours)


def test_an_output_folder_that_cannot_be_written_stops_before_the_database_is_changed(
    harbours: Project, good: Good
) -> None:
    (harbours.root / "elsewhere").write_text("a file, not a folder")
    outcome = harbours.estimate("--output", "elsewhere", "--tables", "steps")
    assert outcome.code == 1
    assert "Traceback" not in outcome.output
    (error,) = outcome.errors
    assert "elsewhere" in error
    good.assert_nothing_was_written(harbours)


def test_a_study_of_one_entity_is_built_but_says_why_it_cannot_be_estimated(harbours: Project) -> None:
    harbours.rewrite("def_entities.csv", lambda line: line if ",007," in line else None)
    harbours.rewrite(RAW, lambda line: line if line.startswith("007,") else None)
    built = harbours.build()
    assert built.code == 0, built.output
    before = harbours.files()
    outcome = harbours.estimate()
    assert outcome.code == 1
    assert "Traceback" not in outcome.output
    (error,) = outcome.errors
    assert "table 'steps'" in error
    assert "column '1'" in error
    assert "alone in their entity or year" in error
    assert harbours.files() == before


# ------------------------------------------------------------------------- ways of building the index, the ruler

SPECS = "def_specs.csv"


def test_words_that_name_no_way_and_numbers_that_are_none_are_named(faulty: Project) -> None:
    faulty.rewrite(SPECS, lambda line: f"{line.rstrip()},,\n")
    faulty.edit(SPECS, ",is_wrong", ",is_wrong,rescaling,entropy_shift")
    faulty.append(
        SPECS,
        "typo,min_max|vectr,0,all_years,entropy,topsis,pooled,ln_rows,,,,,",
        "twice,min_max|min_max,0,all_years,entropy,topsis,pooled,ln_rows,,none|nobody,,,",
        "blank,min_max,,all_years,entropy,topsis,pooled,ln_rows,,,,,",
        "below,min_max,0.05|-0.1,all_years,entropy,linear,pooled,ln_rows,,,,,",
        "word,min_max,abc,all_years,entropy,linear,pooled,ln_rows,,,,,",
        "round,min_max,0,all_years,entropy,linear,pooled,ln_rows,,,,0.9-0.1,",
        "unit,min_max,0,all_years,entropy,linear,pooled,ln_rows,,,,0-1,z_0",
    )
    number = "Write 0, or a plain number above 0"
    assert_told(
        faulty.build(),
        ("spec_code=typo", "normalization is 'min_max|vectr'"),
        ("spec_code=twice", "normalization is 'min_max|min_max'"),
        ("spec_code=twice", "left_out is 'none|nobody'"),
        ("spec_code=blank", "shift is ''", number),
        ("spec_code=below", "shift is '0.05|-0.1'", number),
        ("spec_code=word", "shift is 'abc'", number),
        ("spec_code=round", "rescaling is '0.9-0.1'", "a below b"),
        ("spec_code=unit", "rescaling is '0-1'", "0-1 is none"),
        ("spec_code=unit", "entropy_shift is 'z_0'", "above 0"),
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("vector|sum,0,all_years,entropy,topsis,pooled,ln_rows,true,,", "hold several options"),
        ("min_max,0,all_years,entropy,topsis,pooled,ln_years,true,,yes", "is_wrong is true"),
        ("min_max,0,all_years,entropy,topsis,pooled,ln_rows,true,danger,", "leaves an indicator out"),
        (
            "min_max,0,all_years,entropy,topsis,pooled,ln_years,true,,",
            "mistakes in circulation",
        ),
    ],
)
def test_a_baseline_that_is_no_single_right_recipe_is_named(faulty: Project, row: str, told: str) -> None:
    faulty.rewrite(SPECS, lambda line: f"baseline,{row}\n" if line.startswith("baseline,") else line)
    assert_told(faulty.build(), ("spec_code=baseline", told))


def test_two_baselines_are_named(faulty: Project) -> None:
    faulty.append(SPECS, "second,vector,0,all_years,entropy,topsis,pooled,ln_rows,true,,")
    assert_told(faulty.build(), ("is_baseline: is true in 2 rows",))


def test_another_baseline_needs_the_recipes_and_takes_no_ruler(faulty: Project) -> None:
    faulty.edit(SPECS, "baseline,min_max,", "baseline,vector,")
    assert_told(
        faulty.build("--exclude", "tag:multiverse"),
        ("spec_code=baseline", "Build without --exclude tag:multiverse"),
    )
    ruler = faulty.root / "ruler.csv"
    ruler.write_text("index_code,indicator_code,minimum,maximum,entropy,weight\n", encoding="utf-8")
    outcome = faulty.build("--vars", f"{{ruler: {ruler}}}")
    assert outcome.code != 0
    assert "Leave the ruler out" in outcome.output


def test_a_single_way_that_cannot_be_built_stops_the_multiverse_by_name(harbours: Project) -> None:
    before = harbours.query("select * from marts.spec_scores order by all")
    harbours.append(
        SPECS,
        "no_shares,z_score,0,all_years,entropy,topsis,pooled,ln_rows,,,",
        "zeros,min_max,0,all_years,equal,geometric,pooled,ln_rows,,,",
        "unmarked,min_max,0,all_years,entropy,topsis,pooled,ln_years,,,",
        "mixed,min_max,0,per_year,entropy,topsis,pooled,ln_rows,,,",
        "ways.vector.0.all_years.equal.linear.none,min_max,0,all_years,equal,linear,pooled,ln_rows,,,",
    )
    assert_told(
        harbours.build(),
        ("spec_code=no_shares", "z-scores", "Use min_max"),
        ("spec_code=zeros", "positive", "Add a shift"),
        ("spec_code=unmarked", "mistakes", "is_wrong"),
        ("spec_code=mixed", "no ideal", "per_year"),
        ("spec_code=ways.vector.0.all_years.equal.linear.none", "2 times"),
    )
    assert harbours.query("select * from marts.spec_scores order by all") == before


def test_a_parameter_out_of_range_is_named(faulty: Project) -> None:
    for wrong in ("0", "1.5", "many"):
        outcome = faulty.build("--select", "tag:multiverse", "--vars", f"{{draws: {wrong}}}")
        assert outcome.code != 0
        assert f"The parameter draws is {wrong}: give a whole number from 1 to 99999" in outcome.output


def test_a_ruler_that_does_not_fit_is_named_by_row(harbours: Project) -> None:
    ruler = harbours.root / "ruler.csv"
    exported = harbours.run("dbt", "run-operation", "export_ruler", "--args", f"{{path: {ruler}}}")
    assert exported.code == 0, exported.output
    scores = "select entity_code, year, score, rank from marts.index_scores order by all"
    before = harbours.query(scores)
    lines = ruler.read_text(encoding="utf-8").splitlines()
    minimum = lines[0].split(",").index("minimum")
    spoilt = [line.split(",") for line in lines]
    spoilt[1][minimum] = "low"
    spoilt[2][3] = "nobody"
    ruler.write_text("\n".join(",".join(cells) for cells in spoilt), encoding="utf-8")
    outcome = harbours.build("--vars", f"{{ruler: {ruler}}}")
    assert outcome.code != 0
    for piece in (
        f"indicator_code={lines[1].split(',')[3]}: minimum, maximum",
        f"indicator_code={lines[2].split(',')[3]}: is missing",
        "indicator_code=nobody: is not an indicator",
    ):
        assert piece in outcome.output
    assert harbours.query(scores) == before
    ruler.write_text("\n".join(line.rsplit(",", 4)[0] for line in lines), encoding="utf-8")
    assert "missing column weight" in harbours.build("--vars", f"{{ruler: {ruler}}}").output
    assert "does not exist" in harbours.build("--vars", "{ruler: nowhere.csv}").output


def test_a_frozen_ruler_keeps_the_scores_and_says_what_new_bounds_would_change(harbours: Project) -> None:
    ruler = harbours.root / "ruler.csv"
    assert harbours.run("dbt", "run-operation", "export_ruler", "--args", f"{{path: {ruler}}}").code == 0
    indicator = harbours.query(
        "select indicator_code from marts.indicators where numerator_series = 'cargo'"
    )[0][0]
    before = {
        (entity, year): score
        for entity, year, score in harbours.query(
            "select entity_code, year, score from marts.index_scores where index_code = 'quay'"
        )
    }
    last = max(year for _, year in before)
    harbours.edit(
        "def_indices.csv", f",{last}", f",{last - 1}"
    )  # the ruler outlives the years that it came from
    built = harbours.build("--vars", f"{{ruler: {ruler}}}")
    assert built.code == 0, built.output
    revisions = harbours.query(
        "select entity_code, year, score, reestimated_score, values_beyond, is_frozen from marts.index_revisions"
    )
    assert len(revisions) == len([key for key in before if key[1] < last])
    for entity, year, score, _, beyond, frozen in revisions:
        assert frozen
        assert beyond == 0
        assert abs(score - before[entity, year]) < 1e-12
    assert any(abs(score - anew) > 1e-6 for _, _, score, anew, *_ in revisions)
    assert indicator in {
        row[0] for row in harbours.query("select indicator_code from marts.weight_revisions")
    }
