"""Names that are code in some format go through every output as text: nothing runs, nothing is lost."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from lxml import etree, html
from studies import WITHOUT_TESTS, Project

EVIL = {
    "HTML": '<script>alert("x")</script><img src=x onerror=alert(1)>&lt;',
    "LaTeX": r"\input{/etc/passwd} $x_1^2$ 5% # ~ {} \\",
    "SQL": "'; drop table marts.entities; --",
    "Jinja": "{{ 7 * 191 }}{% raw %}{# #}",
    "formula": '=HYPERLINK("http://example.org","go")',
    "command": "+1+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)",
    "minus": "-2+3",
    "quotes": "a\"b'c`d",
    "the engine": "constructor",
    "another": "if",
    "wide": "名字＝１＋１，“引号”",
}
COLUMNS = {
    "def_entities.csv": ("name_zh", "name_en"),
    "def_groups.csv": ("name_zh", "name_en"),
    "def_series.csv": ("name_zh", "name_en", "unit", "source", "note"),
    "def_dimensions.csv": ("name_zh", "name_en"),
    "def_indicators.csv": ("name_zh", "name_en", "definition", "unit"),
    "def_variables.csv": ("name_zh", "name_en", "symbol", "definition"),
    "def_indices.csv": ("name_zh", "name_en"),
}


def spoil(project: Project) -> list[str]:
    """Every name of the study is evil, each word in turn; returns the English names that were written."""
    written, turn = [], 0
    for file, columns in COLUMNS.items():
        path = project.folder / file
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            for column in columns:
                if column in row:
                    row[column] = list(EVIL.values())[turn % len(EVIL)]
                    turn += 1
            written.append(row.get("name_en", ""))
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    toml = (project.folder / "specifications.toml").read_text(encoding="utf-8")
    toml = toml.replace('{ zh = "逐步回归", en = "One control after the other" }', f"'''{EVIL['HTML']}'''")
    toml = toml.replace('["A note, for both languages."]', f"['''{EVIL['LaTeX']}''', '''{EVIL['Jinja']}''']")
    toml = toml.replace('"Vigour raises trade"', f"'''{EVIL['formula']}'''")
    (project.folder / "specifications.toml").write_text(toml, encoding="utf-8")
    return written


@pytest.fixture(scope="module")
def evil(built_harbours: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = built_harbours.copy(tmp_path_factory.mktemp("evil") / "project")
    assert spoil(project)
    built = project.build(*WITHOUT_TESTS, "--exclude", "tag:multiverse")
    assert built.code == 0, built.output
    estimated = project.estimate("--quiet")
    assert estimated.code == 0, estimated.output
    return project


def pages(project: Project) -> dict[str, Any]:
    return {path.name: html.parse(str(path)).getroot() for path in project.output.glob("report.*.html")}


@pytest.mark.build
def test_no_name_becomes_an_element_or_an_attribute_of_a_page(evil: Project, built_harbours: Project) -> None:
    before = pages(built_harbours)
    for name, page in pages(evil).items():
        assert len(page.findall(".//script")) == len(before[name].findall(".//script"))
        assert page.findall(".//img") == []
        odd = [value for value in page.xpath("//@*") if value.attrname.startswith("on")]
        assert odd == []
        text = page.text_content()
        assert EVIL["HTML"] in text
        assert EVIL["Jinja"] in text
        assert "1337" not in text  # what 7 * 191 would print


@pytest.mark.build
def test_every_table_of_the_database_stands_and_holds_the_names(
    evil: Project, built_harbours: Project
) -> None:
    assert {(name,) for name in EVIL.values()} & set(evil.query("select name_en from marts.entities"))
    assert len(evil.query("from marts.entities")) == len(built_harbours.query("from marts.entities"))
    names = "select entity_code, name_en from marts.entities order by all"
    # names that are the same are told apart by their codes
    stored = {code: name.removesuffix(f" ({code})") for code, name in evil.query(names)}
    with (evil.folder / "def_entities.csv").open(encoding="utf-8", newline="") as stream:
        assert stored == {row["entity_code"].strip(): row["name_en"] for row in csv.DictReader(stream)}


@pytest.mark.build
def test_no_cell_of_a_workbook_or_csv_is_a_formula(evil: Project) -> None:
    seen = ""
    for path in evil.output.rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (path, cell.coordinate)
                    assert (
                        cell.hyperlink is None
                        or str(cell.hyperlink.target or "").startswith(("#", "http")) is False
                    )
                    seen += str(cell.value)
    assert EVIL["formula"] in seen
    assert EVIL["SQL"] in seen
    numbers = re.compile(r"[-+]?[0-9][0-9,]*(\.[0-9]+)?%?[*☆]*")  # digits and stars: nothing to compute
    for path in evil.output.rglob("*.csv"):
        for line in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
            for cell in line:
                if cell[:1] in "=+-@\t\r" and cell:
                    assert numbers.fullmatch(cell) or _is_number(cell), (path, cell)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.build
def test_word_files_hold_the_names_as_text(evil: Project) -> None:
    text = ""
    for path in sorted(evil.output.rglob("*.docx")):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                if name.endswith((".xml", ".rels")):
                    etree.fromstring(packed.read(name))
        document = Document(str(path))
        text += "\n".join(paragraph.text for paragraph in document.paragraphs)
        text += "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for kind in ("HTML", "SQL", "quotes", "wide"):
        assert EVIL[kind] in text, kind


@pytest.mark.build
def test_no_name_is_a_command_of_latex(evil: Project, tmp_path: Path) -> None:
    for path in evil.output.rglob("*.tex"):
        tex = path.read_text(encoding="utf-8")
        if not path.name.startswith("example"):
            assert "\\input" not in tex
        assert "passwd" not in re.sub(r"\\textbackslash\{\}input\\\{/etc/passwd\\\}", "", tex)
    if (compiler := shutil.which("xelatex")) is None:
        pytest.skip("no XeLaTeX here")
    done = subprocess.run(
        [compiler, "-interaction=nonstopmode", "-halt-on-error", f"-output-directory={tmp_path}", "example.en.tex"],
        cwd=evil.output / "tables", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
