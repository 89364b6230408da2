"""[style] of specifications.toml: every option, cell by cell, in every format."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from studies import Project

pytestmark = pytest.mark.build

STYLES = {
    "plain": "",
    "tvalues": 'in_parentheses = "t"',
    "pvalues": 'in_parentheses = "p", brackets = "square"',
    "intervals": 'preset = "intervals", decimals = 2',
    "nothing": 'in_parentheses = "none", stars = []',
    "digits": "significant = 2, stars = [0.05]",
    "apa": 'preset = "apa", note = "none"',
    "picked": 'keep = ["manning", "quay"], order = ["manning"], note = "journal"',
    "dropped": 'drop = ["premium"], constant = false, statistics = ["n_obs", "clusters", "n_years", "r2"]',
    "collapsed": 'controls = "collapsed", outcome_row = true, constant = false, own_notes = "before"',
    "own": 'own_notes = "instead"',
}
TABLE = """
[[tables]]
code = "{code}"
title = "{code}"
outcome = "ln_trade"
core = ["quay"]
controls = ["premium", "manning"]
style = {{ {style} }}
notes = ["My own note."]
[[tables.columns]]
code = "1"
controls = []
[[tables.columns]]
code = "2"
"""


@pytest.fixture(scope="module")
def styled(built_harbours: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = built_harbours.copy(tmp_path_factory.mktemp("styled") / "project")
    tables = "".join(TABLE.format(code=code, style=style) for code, style in STYLES.items())
    path = project.folder / "specifications.toml"
    text = path.read_text(encoding="utf-8")
    head, rest = text.split("[[tables]]", 1)
    path.write_text(f'{head}[style]\nown_notes = "after"\n{tables}[[tables]]{rest}', encoding="utf-8")
    done = project.estimate("--quiet", "--tables", *STYLES)
    assert done.code == 0, done.output
    return project


Lines = list[list[str]]


def in_word(project: Project, code: str) -> Lines:
    table = docx.Document(str(project.output / "tables" / f"{code}.en.docx")).tables[0]
    rows = [[cell.text.strip() for cell in row.cells] for row in table.rows]
    return [row for row in rows[1:] if any(row[1:])]


def in_excel(project: Project, code: str) -> Lines:
    sheet = openpyxl.load_workbook(project.output / "tables" / f"{code}.en.xlsx").worksheets[0]
    found = []
    for row in sheet.iter_rows(min_row=4):
        if any(cell.value is not None for cell in row[1:]):
            found.append([str(row[0].value or ""), *(shown(cell) for cell in row[1:])])
    return found


def shown(cell: Any) -> str:
    """A cell as a spreadsheet shows it."""
    if cell.data_type != "n" or cell.value is None:
        return str(cell.value or "").replace("-", "−")
    pattern = re.sub(r"_.", "", cell.number_format.partition(";")[0])
    if bound := re.fullmatch(r'"([^"0-9]*<[0-9.]+[^"]*)"', pattern):
        return bound[1]
    before, body, after = re.fullmatch(r'(?:"([^"]*)")?(#,##0(?:\.0+)?)(.*)', pattern).groups()  # type: ignore[union-attr]
    text = f"{cell.value:,.{len(body.partition('.')[2])}f}"
    return (before or "") + text.replace("-", "−") + after.replace('"', "")


def in_latex(project: Project, code: str) -> Lines:
    text = (project.output / "tables" / f"{code}.en.tex").read_text(encoding="utf-8")
    body = text[text.index("\\midrule") : text.index("\\bottomrule")]
    found = []
    for line in re.findall(r"^(.*&.*)\\\\", body, re.MULTILINE):
        cells = [re.sub(r"\\star ?", "☆", one).replace(r"\textless", "<") for one in line.split("&")]
        cells = [re.sub(r"\\sym|\\textit|[{}$]|\\(?=[%_&])", "", one) for one in cells]
        cells = [re.sub(r"\s+", " ", one).strip().replace("-", "−") for one in cells]
        if any(cells[1:]):
            found.append(cells)
    return found


def in_html(project: Project, code: str) -> Lines:
    page = (project.output / "report.en.html").read_text(encoding="utf-8")
    table = page[page.index(f'id="table-{code}"') :]
    body = table[table.index("<tbody") : table.index("</table>")]
    found = []
    for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL):
        cells = ["", *re.findall(r"<td.*?</td>", row, re.DOTALL)]  # a label may span the row of errors too
        texts = [re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", cell))).strip() for cell in cells]
        if any(texts[1:]):
            found.append(texts)
    return found


def in_csv(project: Project, code: str) -> Iterator[dict[str, str]]:
    with (project.output / "tables" / f"{code}.csv").open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def bare(text: str) -> str:
    return re.sub(r"^\(([−\d.,e]+)\)$", r"\1", text)


@pytest.mark.parametrize("code", STYLES)
def test_every_format_has_the_same_cells(styled: Project, code: str) -> None:
    expected = in_word(styled, code)
    assert len(expected) >= 3
    for read in (in_excel, in_html):
        assert [row[1:] for row in read(styled, code)] == [row[1:] for row in expected], read.__name__
    plain = [
        [text.replace(",", "") for text in row[1:]] for row in expected
    ]  # TeX sets no separators between thousands
    assert [[text.replace(",", "") for text in row[1:]] for row in in_latex(styled, code)] == plain
    cells: dict[str, dict[str, str]] = {}
    for cell in in_csv(styled, code):
        cells.setdefault(cell["row"], {})[cell["column"]] = (
            cell["printed"].replace("-", "−").removeprefix("'")
        )
    assert [[row.get(c, "") for c in ("1", "2")] for row in cells.values()] == [
        [bare(text) for text in row[1:]] for row in expected
    ]


def row(project: Project, code: str, label: str, below: int = 0) -> list[str]:
    rows = in_word(project, code)
    place = [line[0] for line in rows].index(label)
    return rows[place + below][1:]


def estimate(project: Project, term: str, what: str, code: str = "plain", model: str = "2") -> float:
    ((value,),) = project.query(
        f"select {what} from estimates.coefficients where table_code = '{code}' and model_code = '{model}' and term = '{term}' "
        "and is_printed"
    )
    return float(value)


def signed(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace("-", "−")


def note(project: Project, code: str) -> str:
    return docx.Document(str(project.output / "tables" / f"{code}.en.docx")).paragraphs[-1].text


def test_what_stands_below_a_coefficient(styled: Project) -> None:
    name = in_word(styled, "plain")[0][0]
    assert row(styled, "plain", name, 1)[1] == f"({estimate(styled, 'quay', 'std_error'):.3f})"
    assert row(styled, "tvalues", name, 1)[1] == f"({signed(estimate(styled, 'quay', 'statistic'), 2)})"
    p = estimate(styled, "quay", "p_value")
    assert row(styled, "pvalues", name, 1)[1] == (f"[{p:.3f}]" if p >= 0.001 else "[<0.001]")
    low, high = estimate(styled, "quay", "conf_low"), estimate(styled, "quay", "conf_high")
    assert row(styled, "intervals", name, 1)[1] == f"[{signed(low, 2)}, {signed(high, 2)}]"
    assert not any(line[0] == "" for line in in_word(styled, "nothing"))
    assert "t statistics in parentheses." in note(styled, "tvalues")
    assert "p values in brackets." in note(styled, "pvalues")


def test_digits_and_stars(styled: Project) -> None:
    name = in_word(styled, "plain")[0][0]
    value, p = estimate(styled, "quay", "estimate"), estimate(styled, "quay", "p_value")
    assert row(styled, "intervals", name)[1] == signed(value, 2)
    assert row(styled, "nothing", name)[1] == signed(value, 3)
    text = row(styled, "digits", name)[1]
    assert float(text.rstrip("*☆").replace("−", "-")) == float(f"{value:.1e}")
    assert len(text) - len(text.rstrip("*☆")) == int(p < 0.05)
    stars = row(styled, "apa", name)[1]
    assert len(stars) - len(stars.rstrip("*☆")) == sum(p < level for level in (0.05, 0.01, 0.001))
    assert "* significant at 5 percent." in note(styled, "digits")
    assert "significant" not in note(styled, "nothing")


def test_terms_are_picked_ordered_and_collapsed(styled: Project) -> None:
    def labels(code: str) -> list[str]:
        return [line[0] for line in in_word(styled, code) if line[0]]

    quay, premium, manning, constant = labels("plain")[:4]
    assert constant == "Constant"
    assert labels("picked")[:2] == [manning, quay]
    assert premium not in labels("picked")
    assert labels("dropped")[:2] == [quay, manning]
    assert labels("dropped")[2:] == ["Observations N", "Clusters G", "Number of years", "R²"]
    assert labels("collapsed")[:3] == ["Dependent variable", quay, "Controls"]
    assert row(styled, "collapsed", "Controls") == ["No", "Yes"]
    assert constant not in labels("collapsed")


def test_notes_have_the_length_and_place_that_is_asked_for(styled: Project) -> None:
    full, journal = note(styled, "plain"), note(styled, "picked")
    assert len(journal) < len(full) / 2
    assert "Standard errors in parentheses." in journal
    assert "Sample:" in journal
    assert full.endswith("My own note.")
    assert note(styled, "collapsed").removeprefix("Notes: ").startswith("My own note.")
    assert note(styled, "own") == note(styled, "apa") == "Notes: My own note."


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('preset = "apa"', 'preset = "appa"', "table 'apa', style: key 'preset': 'appa'. Did you mean 'apa'?"),
        ("significant = 2", "significant = 0", "key 'significant': a whole number from 1 to 8"),
        ("stars = [0.05]", "stars = [0.01, 0.05]", "the highest first"),
        ('in_parentheses = "t"', 'in_brackets = "t"', "unknown key 'in_brackets'"),
        ('drop = ["premium"]', 'drop = ["premum"]', "unknown term 'premum'. Did you mean 'premium'?"),
        ('controls = "collapsed", outcome_row = true', 'controls = "hidden"', "Allowed: each, collapsed"),
        ('order = ["manning"]', 'drop = ["manning"]', "give either 'keep' or 'drop'"),
        ('statistics = ["n_obs", "clusters"', 'statistics = ["n_ob", "clusters"', "key 'statistics': 'n_ob'"),
    ],
)  # fmt: skip
def test_a_wrong_style_is_named(styled: Project, tmp_path: Path, old: str, new: str, message: str) -> None:
    project = styled.copy(tmp_path / "project")
    project.edit("specifications.toml", old, new)
    done = project.estimate("--check")
    assert done.code == 1
    assert message in done.output
