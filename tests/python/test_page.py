"""The page in a real browser: sorting, finding, copying and opening; and all of it without the script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from browsing import open_page
from nqp.document.cells import Number, Text
from nqp.document.page import Code, Details, Entry, Grid, Rows, Section
from nqp.document.table import Block, Column, Row, Table
from nqp.formats.html import DOWNLOADS, page
from nqp.language.labels import Label

ANCHORS = ("from-a", "from-b", "from-c")


def small_page() -> str:
    words = Label.both
    rows = tuple(
        Row(words(name), (Number(value), Text(words(group))))
        for name, value, group in (("b", -2.0, "x"), ("c", 10.0, "y"), ("a", 9.5, "x"))
    )
    columns = (Column("v", words("value")), Column("g", words("group"), "text"))
    table = Table("ranking", words("Table 1"), words("ranking"), words("name"), (), columns, (Block(rows),))
    grid = Grid(words("cells"), (words("series"),), ((Entry(words("<b>1</b>"), "from-b", is_number=True),),))
    details = tuple(
        Details(anchor, words(anchor), (grid, words("text"), Code("select 1 < 2"))) for anchor in ANCHORS
    )
    section = Section(
        "s",
        words("s"),
        (),
        (table,),
        after={"ranking": details},
        rows={"ranking": Rows((), ANCHORS, sorts=True, groups="g")},
    )
    return page("en", title=words("t"), sections=[section], downloads=DOWNLOADS)


def test_a_reader_sorts_finds_and_opens(chromium: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(small_page(), encoding="utf-8")
    opened = open_page(chromium, tmp_path / "page.html")
    page = opened.page

    def names() -> str:
        return "".join(page.locator(".table tbody tr:visible th").all_inner_texts())

    assert names() == "bca"
    by_name, by_value, _ = page.locator("button.sort").all()
    by_value.click()
    assert names() == "bac"
    assert page.locator("[aria-sort]").get_attribute("aria-sort") == "ascending"
    by_value.click()
    assert names() == "cab"
    by_name.click()
    assert names() == "abc"
    page.locator("select").select_option("x")
    assert names() == "ab"
    page.locator("input[type=search]").fill("Y")
    assert names() == ""
    assert page.locator("output").inner_text() == "0 rows shown"
    page.locator("select").select_option("")
    assert names() == "c"
    assert page.locator("button.copy:visible").count() == 2
    page.locator(".table tbody a:visible").click()
    assert [one.get_attribute("open") for one in page.locator("details.origin").all()] == [None, "", None]
    assert opened.console == []
    page.context.close()


def test_without_the_script_nothing_is_missing() -> None:
    html = small_page()
    assert 'href="#from-a"' in html
    assert re.search(r'<div id="from-a">', html)
    buttons = re.findall(r"<button[^>]*>", html)
    assert buttons
    assert all(button.endswith(" hidden>") for button in buttons), "buttons wait for the script"
    assert 'class="sort"' not in html.split("<body>")[1]
    assert "&lt;b&gt;1&lt;/b&gt;" in html
    assert "select 1 &lt; 2" in html


def test_downloads_are_in_the_language_of_the_page() -> None:
    for name in ("ranking.csv", "ranking.en.docx", "ranking.en.xlsx", "ranking.en.tex"):
        assert f'href="tables/{name}"' in small_page()
