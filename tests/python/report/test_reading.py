"""What a reader meets on the pages of any study: its own words, plain findings, folded rows, text made on demand."""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pandas as pd
import pytest
from nqp.document.cells import Number
from nqp.document.naming import with_entity
from nqp.document.page import Section
from nqp.document.table import Block, Column, Row, Table
from nqp.econometrics.influence import Influence
from nqp.formats.html import page as html_page
from nqp.language.labels import NOTHING, Label
from nqp.report.citation import citation
from nqp.report.plain import influence_finding, sure_finding
from nqp.study.paper import Paper
from studies import Project

if TYPE_CHECKING:
    from nqp.study.marts import Marts

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def read(study: Project, name: str) -> str:
    """The words of a page, without script, style, markup, SQL and names of files."""
    html = (study.output / name).read_text(encoding="utf-8")
    html = re.sub(r"<(style|script|pre|footer)\b.*?</\1>", "", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "\n", html))


@LANGUAGES
@pytest.mark.parametrize("page", ["report", "scores", "profiles", "methods"])
def test_a_page_says_what_an_entity_is(built_harbours: Project, page: str, language: str) -> None:
    words = read(built_harbours, f"{page}.{language}.html")
    assert not re.search(r"个体|\bentit(y|ies)\b|\{entit", words, re.IGNORECASE)


def test_every_text_of_a_section_names_the_entity() -> None:
    section = Section("s", Label("各{entity}", "{Entities}"), (Label("按{entity}聚类", "by {entity}"),))
    found = with_entity(section, Label("国家", "country"))
    assert found.title == Label("各国家", "Countries")
    assert found.paragraphs == (Label("按国家聚类", "by country"),)


def page_of(*tables: Table, folded: dict[str, Label] | None = None) -> str:
    section = Section("s", Label.both("s"), (), tables, folded=folded or {})
    return html_page("en", title=Label.both("t"), sections=[section])


def table(code: str, *notes: str) -> Table:
    rows = (Row(Label.both("a"), (Number(1.0),)),)
    return Table(
        code, Label.both(code), Label.both(code), Label.both("x"), (), (Column("v", Label.both("v")),),
        (Block(rows),), tuple(Label.both(note) for note in notes),
    )  # fmt: skip


def test_a_note_of_several_tables_is_said_once_and_every_table_leads_to_it() -> None:
    html = page_of(*(table(f"t{i}", "the same", f"own {i}") for i in range(3)))
    assert html.count("the same") == 1
    assert html.count('href="#common-1"') == 3
    assert '<li id="common-1">the same</li>' in html
    assert "own 2" in html
    assert 'id="common-1"' not in page_of(*(table(f"t{i}", "the same") for i in range(2)))


def test_a_folded_table_is_whole_and_says_what_it_holds() -> None:
    html = page_of(table("t"), table("u"), folded={"u": Label.both("9 rows")})
    assert html.count('<details class="fold">') == 1
    assert re.search(r'<summary>9 rows</summary>\s*<div class="table[^"]*" id="table-u"', html)


@LANGUAGES
def test_findings_are_plain_and_lead_to_their_numbers(built_harbours: Project, language: str) -> None:
    html = (built_harbours.output / f"report.{language}.html").read_text(encoding="utf-8")
    told = html.partition('id="findings"')[2].partition("</section>")[0]
    items = re.findall(r"<li>(.*?)</li>", told, re.DOTALL)
    assert items
    for item in items:
        assert not re.search(r"[βμσ²☆*]|\bp [=<]|&lt;|\bSE\b|CR2|2SLS|标准误|N = \d", item), item
    links = [link for item in items for link in re.findall(r'href="([^"]+)"', item)]
    assert len(links) >= len(items) - 1
    for link in links:
        file, _, anchor = link.partition("#")
        page = (built_harbours.output / (file or f"report.{language}.html")).read_text(encoding="utf-8")
        assert f'id="{anchor}"' in page


def influence_of(beijing: float, dfbeta: float) -> Influence:
    rows = pd.DataFrame(
        {
            "share_within": [0.6, 0.1], "leverage": [0.6, 0.1], "estimate": [beijing, 0.3],
            "std_error": [0.2, 0.1], "df": [2, 2], "p_value": [0.2, 0.01], "dfbeta": [dfbeta, 0.0],
        },
        index=["a", "b"],
    )  # fmt: skip
    return Influence("x", 0.3, 0.1, 0.01, 0.05, rows, rows, 0.3, 0.1, 0.2)


def test_the_first_finding_names_whom_the_result_rests_on() -> None:
    marts = cast("Marts", SimpleNamespace(entities=pd.DataFrame({"entity_code": ["a", "b"], "name_zh": ["甲", "乙"], "name_en": ["A", "B"]})))  # fmt: skip
    told = influence_finding(influence_of(0.1, 2.0), marts)
    assert "Much rests on A: it supplies 60%" in told.en
    assert (
        "0.33 times as strong, its margin of error 2.0 times as wide, and chance can no longer be ruled out"
        in told.en
    )
    assert "系于甲" in told.zh
    assert "with the opposite sign" in influence_finding(influence_of(-0.1, 4.0), marts).en


def test_a_doubt_of_the_stricter_tests_is_said() -> None:
    row = {"p_value": 0.03, "p_wild": 0.12, "p_cr2": float("nan")}
    assert "about 12 of 100" in sure_finding(row).en
    assert "chance cannot be ruled out" in sure_finding(row).en
    assert "fewer than 1 of 100" in sure_finding({**row, "p_wild": 0.002, "p_value": 0.001}).en
    assert sure_finding({name: float("nan") for name in row}) == NOTHING


def test_a_paper_is_cited_as_far_as_it_is_known() -> None:
    assert citation(None) == NOTHING
    assert "cannot be cited" in citation(Paper()).en
    known = Paper(authors=Label.both("A. Author"), year=Label.both("2024"))
    told = citation(known)
    assert told.en == (
        "The paper: A. Author. 2024. Not known to this study: title, journal, volume, issue, pages, DOI."
    )
    assert told.zh == "原文：A. Author. 2024。本研究未载：题名、刊名、卷、期、页码、DOI。"
