"""A study becomes one workbook and comes back whole: every cell of every file, and specifications.toml byte by byte."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nqp.errors import StudyError
from nqp.language.labels import Label
from nqp.studying.drafting import Naming, complete
from nqp.studying.files import Sheet, Study, read_folder
from nqp.studying.layout import OBSERVATIONS, header_of, study_files
from nqp.studying.template import template, template_sheets
from nqp.studying.workbook import is_study_workbook, read_workbook, sheets_of_study, write_workbook
from studies import REPOSITORY, STUDIES

SHIPPED = [
    path.parent
    for root in (REPOSITORY / "seeds", STUDIES)
    for path in sorted(root.glob("*/specifications.toml"))
]
NAMING = Naming(Label.both("mine"), Label("个体", "entity"))


def round_trip(study: Study, folder: Path) -> Study:
    path = folder / "study.xlsx"
    path.write_bytes(write_workbook(sheets_of_study(study)))
    assert is_study_workbook(path)
    return read_workbook(path)


@pytest.mark.slow
@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_shipped_study_comes_back_whole(folder: Path, tmp_path: Path) -> None:
    study = read_folder(folder)
    back = round_trip(study, tmp_path)
    assert back.specification == study.specification
    assert set(back.sheets) == set(study.sheets)
    for name, sheet in study.sheets.items():
        assert back.sheets[name].header == sheet.header, name
        if name == OBSERVATIONS:  # the wide form gathers the rows of an entity-year
            assert sorted(back.sheets[name].rows) == sorted(sheet.rows)
        else:
            assert back.sheets[name].rows == sheet.rows, name


# What XML can hold; a line break inside a cell is a line feed. Blanks only in front of or behind a text are kept.
TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=12
)
TRICKY = st.sampled_from(["007", "1e3", "1E5", "NA", "true", "=1+1", "-0", "0.10", "1,5", " 12 ", "第一\n第二", "2012", "#N/A", "'1", "1e400"])  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[TEXT | TRICKY] * 5).filter(any), max_size=6))
def test_any_cell_comes_back_as_it_was(rows: list[tuple[str, ...]], tmp_path: Path) -> None:
    series = Sheet(("series_code", "name_zh", "name_en", "unit", "source"), tuple(rows))
    data = Sheet(("entity_code", "year", "series_code", "observed_value", "note"), tuple(rows))
    back = round_trip(Study({"def_series": series, OBSERVATIONS: data}, ""), tmp_path)
    assert back.sheets["def_series"].rows == series.rows
    assert sorted(back.sheets[OBSERVATIONS].rows) == sorted(data.rows)


def test_data_without_remarks_stand_in_a_column_per_series() -> None:
    rows = (("a", "2012", "gdp", "1.5", ""), ("a", "2012", "rd", "007", ""), ("b", "2013", "rd", "2", ""))
    study = Study({OBSERVATIONS: Sheet(header_of(OBSERVATIONS), rows)}, "")
    assert sheets_of_study(study)["data"] == Sheet(
        ("entity_code", "year", "gdp", "rd"), (("a", "2012", "1.5", "007"), ("b", "2013", "", "2"))
    )


@pytest.mark.parametrize(
    "rows",
    [
        (("a", "2012", "gdp", "1", "a remark"),),
        (("a", "2012", "gdp", "1", ""), ("a", "2012", "gdp", "1", "")),
        (("a", "2012", "gdp", "", ""),),
        (("a", "2012", "year", "1", ""),),
    ],
    ids=["remark", "twice", "blank", "a series called year"],
)
def test_data_stay_long_where_the_wide_form_would_lose_something(rows: tuple[tuple[str, ...], ...]) -> None:
    data = Sheet(header_of(OBSERVATIONS), rows)
    assert sheets_of_study(Study({OBSERVATIONS: data}, ""))["data"] == data


def test_the_template_offers_words_and_explains_columns(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(template())
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["study", "entities", "series", "indicators", "variables", "tables", "data"]
    page = book["indicators"]
    column = next(cell for cell in page[1] if cell.value == "direction")
    assert "Less" in column.comment.text or "less" in column.comment.text
    lists = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert '"positive,negative,interval"' in lists.values()
    assert any(source.startswith("series!") for source in lists.values())


def test_the_template_is_a_whole_study_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(template())
    study = complete(read_workbook(path), NAMING)
    assert set(study.sheets) == set(study_files())
    index = study.records("def_indices")[0]
    assert {name: cell for name, cell in index.items() if cell and not name.startswith("name_")} == {
        "index_code": "composite", "first_year": "2015", "last_year": "2020",
    }  # fmt: skip
    assert len(study.records(OBSERVATIONS)) == 8 * 6 * 7
    assert [row["group_code"] for row in study.records("def_groups")] == ["open", "inland"]


def test_a_drafted_specification_goes_into_the_sheets_study_and_tables(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    sheets = {name: sheet for name, sheet in template_sheets().items() if name not in ("study", "tables")}
    path.write_bytes(write_workbook(sheets))
    study = complete(read_workbook(path), NAMING)
    written = sheets_of_study(study)
    assert "specification" not in written
    assert [row["table"] for row in written["tables"].records()][:3] == [
        "indicators",
        "descriptives",
        "baseline",
    ]
    assert round_trip(study, tmp_path).specification == study.specification


def test_a_formula_that_nobody_calculated_is_refused_and_not_read_as_blank(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(template())
    book = openpyxl.load_workbook(path)
    book["data"]["C2"] = "=1+1"
    book.save(path)
    with pytest.raises(StudyError, match=r"sheet data, cell C2: the formula has never been calculated"):
        read_workbook(path)


def test_two_sheets_that_both_say_what_to_estimate_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(
        write_workbook(
            {**template_sheets(), "specification": Sheet(("specifications.toml",), (("[study]",),))}
        )
    )
    with pytest.raises(StudyError, match="both sheets tables and specification"):
        read_workbook(path)


def test_a_fault_in_the_sheet_tables_names_sheet_and_row(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    sheets = template_sheets()
    tables = sheets["tables"].records()
    tables[2]["first_year"] = "twenty"
    path.write_bytes(write_workbook({**sheets, "tables": Sheet.of(sheets["tables"].header, tables)}))
    with pytest.raises(StudyError, match=r"sheet tables, row 4: first_year is 'twenty'"):
        read_workbook(path)


@pytest.mark.parametrize("name", sorted(study_files()))
def test_the_columns_are_those_of_the_documentation(name: str) -> None:
    text = (REPOSITORY / "docs" / "study-format.md").read_text(encoding="utf-8")
    documented = {
        tuple(line.split(",")) for line in re.findall(r"^[a-z_]+(?:,[a-z_]+)+$", text, re.MULTILINE)
    }
    assert any(set(header) <= set(header_of(name)) and len(header) > len(header_of(name)) * 0.6 for header in documented)  # fmt: skip
