"""What a reader meets on the pages of any study: its own words, plain findings, folded rows, text made on demand."""

from __future__ import annotations

import re
from html import unescape

import pytest
from nqp.document.naming import with_entity
from nqp.document.page import Section
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
