"""Every format of a table holds what the table object holds, opens again, and is the same bytes on every run."""

from __future__ import annotations

import io
import math
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from nqp.document.cells import Cell, Check, Count, Estimate, Interval, Number, Percent, PValue, StdError, Text
from nqp.document.table import Block, Column, Row, Table
from nqp.formats import excel, latex, word
from nqp.formats import text as plain
from nqp.language.labels import NOTHING, Label, Language
from nqp.language.numbers import MINUS
from test_render import baseline_table, comparison_table, panel_table, text_table

HOSTILE = '=HYPERLINK("x") & <b>|*_{}\\ %$#~^</b> \x0b'
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def hostile_table() -> Table:
    """Every kind of cell, and words that a spreadsheet, TeX, Markdown or XML would take for commands."""
    words = Label.both(HOSTILE)
    cells: tuple[Cell, ...] = (
        Estimate(-0.0004, "**"), Estimate(-12345.678, "☆☆☆"), Estimate(None, "*"), StdError(0.013), StdError(math.inf),
        Number(-0.0, 0), Number(1234.5, 2), Percent(0.2534), Percent(-0.0001), Count(12345), Count(None),
        PValue(0.0456), PValue(0.0003), PValue(None), Interval(-0.0001, 0.25, 2), Interval(-0.5, -0.25, 2), Interval(None, None), Check(True), Text(words), Text(Label.both("-1")),
    )  # fmt: skip
    return Table(
        "hostile", Label("表 9", "Table 9"), words, words, (), (Column("a", words), Column("b", words, "text")),
        (Block(tuple(Row(words if i % 2 else Label.both("[x]"), (cell, cell)) for i, cell in enumerate(cells)), words),),
        (words,),
    )  # fmt: skip


def all_tables() -> list[Table]:
    return [baseline_table(), panel_table(), text_table(), comparison_table(), hostile_table()]


CASES = [(table, language) for table in all_tables() for language in LANGUAGES]
EVERY = pytest.mark.parametrize(("table", "language"), CASES, ids=[f"{t.code}-{g}" for t, g in CASES])


def expected_rows(table: Table, language: Language, minus: str = "-") -> list[list[str]]:
    """Label and printed cells of every row, panel titles left out."""
    rows = []
    for block in table.blocks:
        for row in block.rows:
            texts = [plain.one_line(row.label.in_(language))]
            for cell in row.cells:
                text = str(cell.pieces(language))
                texts.append(plain.one_line(text) if isinstance(cell, Text) else text.replace("-", minus))
            rows.append(texts)
    return rows


# ---------------------------------------------------------------------------------------------------- Word


@EVERY
def test_word_holds_every_cell(table: Table, language: Language) -> None:
    document = docx.Document(io.BytesIO(word.document(table, language)))
    (found,) = document.tables
    width = len(table.columns) + 1
    rows = [[cell.text for cell in row.cells] for row in found.rows]
    assert all(len(row) == width for row in rows)
    body = rows[2 if table.groups else 1 :]
    titles = {plain.one_line(b.title.in_(language)) for b in table.blocks if b.title}
    body = [row for row in body if not (len(set(row)) == 1 and row[0] in titles)]
    assert body == expected_rows(table, language, MINUS)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == plain.caption(table, language)
    assert texts[-1] == plain.notes(table, language)
    assert document.core_properties.title == plain.caption(table, language)


def test_word_is_a_three_line_table() -> None:
    with zipfile.ZipFile(io.BytesIO(word.document(baseline_table(), "zh"))) as archive:
        xml = archive.read("word/document.xml").decode()
        styles = archive.read("word/styles.xml").decode()
    head, *body = re.findall(r"<w:tr>.*?</w:tr>", xml)[1:]
    sizes = {
        side: set(re.findall(rf'<w:{side} w:val="single" w:sz="(\d+)"', xml)) for side in ("top", "bottom")
    }
    assert sizes == {"top": {"12", "4"}, "bottom": {"12", "6"}}
    assert re.findall(r'<w:bottom w:val="single" w:sz="(\d+)"', head) == ["6"] * 7
    assert re.findall(r'<w:bottom w:val="single" w:sz="(\d+)"', body[-1]) == ["12"] * 7
    assert 'w:val="left" w:sz' not in xml, "no vertical rule"
    assert xml.count("<w:tblHeader/>") == 2
    assert xml.count("<w:cantSplit/>") == xml.count("<w:tr>")
    stops = re.findall(r'<w:tab w:val="decimal" w:pos="(\d+)"/>', body[0])
    assert len(stops) == 6
    assert stops == re.findall(r'<w:tab w:val="decimal" w:pos="(\d+)"/>', body[1]), (
        "an error is below its estimate"
    )
    assert (
        '<w:vertAlign w:val="superscript"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr><w:t xml:space="preserve">***'
        in xml
    )
    assert 'w:eastAsia="宋体"' in xml
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="zh-CN"' in styles


# --------------------------------------------------------------------------------------------------- Excel


def shown(value: float, number_format: str) -> str:
    """A number as a spreadsheet shows it in one of our formats."""
    positive, _, negative = number_format.partition(";")
    pattern = negative if value < 0 and negative else positive
    pattern = re.sub(r"_.", "", pattern)
    if re.fullmatch(r'"<[0.]+1"', pattern):
        return pattern.strip('"')
    match = re.fullmatch(r'("\(")?#,##0(?:\.(0+))?(%)?("\)")?(?:"([*☆]+)")?', pattern)
    if match is None:
        assert pattern == "#,##0"
        return f"{value:,}"
    before, digits, percent, after, stars = match.groups()
    text = f"{value * (100 if percent else 1):,.{len(digits or '')}f}"
    if negative:
        text = text.lstrip("-")
    return f"{'(' if before else ''}{text}{percent or ''}{')' if after else ''}{stars or ''}"


@EVERY
def test_excel_holds_every_cell_and_numbers_stay_numbers(table: Table, language: Language) -> None:
    book = openpyxl.load_workbook(io.BytesIO(excel.workbook([table], [language])))
    sheet = book[excel.sheet_name(table.code)]
    lines = [
        [sheet.cell(i, j) for j in range(1, len(table.columns) + 2)] for i in range(1, sheet.max_row + 1)
    ]
    assert lines[0][0].value == plain.caption(table, language)
    assert all(cell.data_type != "f" for line in lines for cell in line)
    line = 4 if table.groups else 3
    assert [c.value or "" for c in lines[line - 1][1:]] == [
        plain.one_line(c.label.in_(language)) for c in table.columns
    ]
    for block in table.blocks:
        if block.title:
            assert lines[line][0].value == plain.one_line(block.title.in_(language))
            line += 1
        for row in block.rows:
            assert (lines[line][0].value or "") == plain.one_line(row.label.in_(language))
            for cell, found in zip(row.cells, lines[line][1:], strict=True):
                value, printed = cell.number, str(cell.pieces(language))
                if cell.is_number and value is not None and math.isfinite(value):
                    assert found.data_type == "n"
                    assert found.value == pytest.approx(value, rel=1e-15, abs=0)
                    assert shown(found.value, found.number_format) == printed
                else:
                    assert (found.value or "") == plain.one_line(printed)
            line += 1
    if table.notes:
        assert lines[line][0].value == plain.notes(table, language)


def test_a_small_number_has_an_exponent_in_excel_and_in_latex() -> None:
    small, error = Estimate(1.234e-8, "***"), StdError(2.5e-9)
    assert excel.number_format(small, 3) == '0.00E-0"***"'
    assert excel.number_format(error) == '"("0.00E-0")"'
    assert latex.cell(small, "en", "point") == r"1.23{e-8\sym{***}}"
    assert latex.cell(error, "en", "point") == "{(}2.50{e-9)}"


def test_excel_text_that_looks_like_a_formula_stays_text_after_editing() -> None:
    book = openpyxl.load_workbook(io.BytesIO(excel.workbook([hostile_table()], ["en"])))
    formulas = [c for row in book["hostile"].iter_rows() for c in row if str(c.value).startswith(("=", "-1"))]
    texts = [cell for cell in formulas if cell.data_type == "s"]
    assert len(texts) > 10
    assert all(cell.quotePrefix for cell in texts)


def test_a_workbook_has_a_sheet_per_table_and_language() -> None:
    book = openpyxl.load_workbook(io.BytesIO(excel.workbook(all_tables(), LANGUAGES)))
    assert book.sheetnames == [f"{table.code} {language}" for table in all_tables() for language in LANGUAGES]
    assert len(excel.sheet_name("x" * 60, " zh")) == 31
    assert excel.sheet_name("Table1", " zh", {"table1 zh"}) == "Table1~2 zh"
    assert excel.sheet_name("x" * 60, " zh", {"x" * 28 + " zh"}) == "x" * 26 + "~2 zh"


# --------------------------------------------------------------------------------------------------- bytes


def test_equal_tables_give_equal_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = [word.document(baseline_table(), "zh"), excel.workbook(all_tables(), LANGUAGES)]
    word._package.cache_clear()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert [word.document(baseline_table(), "zh"), excel.workbook(all_tables(), LANGUAGES)] == first
    for content in first:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


# Comma, quote, UTF-8, from line 1, cells as shown.
AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"


@pytest.mark.build
def test_the_files_open_in_libreoffice(tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("no LibreOffice on the path: not checked that it opens our Word and Excel files")
    (tmp_path / "table.docx").write_bytes(word.document(baseline_table(), "zh"))
    (tmp_path / "tables.xlsx").write_bytes(excel.workbook([baseline_table()], ["zh"]))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for name, kind in (("table.docx", "txt:Text"), ("tables.xlsx", AS_SHOWN)):
        command = [
            program,
            profile,
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(tmp_path),
            str(tmp_path / name),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert "0.256***" in (tmp_path / "table.txt").read_text(encoding="utf-8")
    assert "0.256***" in (tmp_path / "tables.csv").read_text(encoding="utf-8")


def test_an_empty_group_label_is_no_fault() -> None:
    table = Table(
        "t",
        NOTHING,
        Label.both("t"),
        NOTHING,
        (),
        (Column("a", NOTHING),),
        (Block((Row(Label.both("x"), (Count(1),)),)),),
    )
    assert word.document(table, "en")
    assert excel.workbook([table], ["en"])
