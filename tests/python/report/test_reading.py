"""What a reader meets on the pages of any study: its own words, plain findings, folded rows, text made on demand."""

from __future__ import annotations

import re
from html import unescape

import pytest
from nqp.document.cells import Number
from nqp.document.naming import with_entity
from nqp.document.page import Section
from nqp.document.table import Block, Column, Row, Table
from nqp.formats.html import page as html_page
from nqp.language.labels import Label
from studies import Project

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
