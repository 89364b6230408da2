"""The page in a real browser: sorting, finding, copying and opening; and all of it without the script."""

from __future__ import annotations

import json
import re

from nqp.labels import Label
from nqp.render import DOWNLOADS, Code, Details, Entry, Grid, Rows, Section, page
from nqp.tables import Block, Column, Number, Row, Table, Text
from test_render import Browser, browser

__all__ = ["browser"]  # the fixture of test_render

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
        rows={"ranking": Rows((), ANCHORS, sorts=True)},
    )
    return page("en", title=words("t"), sections=[section], downloads=DOWNLOADS)


PROBE = """<script>
addEventListener("load", function () {
  var names = function () { return [].map.call(document.querySelectorAll(".table tbody tr"), function (row) {
    return row.hidden ? "" : row.cells[0].textContent.trim(); }).join(""); };
  var out = {start: names()}, buttons = document.querySelectorAll(".sort");
  buttons[1].click(); out.up = names(); out.aria = document.querySelector("[aria-sort]").getAttribute("aria-sort");
  buttons[1].click(); out.down = names();
  buttons[0].click(); out.byName = names();
  var find = document.querySelector("input[type=search]");
  find.value = "X"; find.dispatchEvent(new Event("input")); out.found = names();
  out.copies = document.querySelectorAll("button.copy:not([hidden])").length;
  out.hidden = getComputedStyle(document.getElementById("table-ranking-tsv")).display;
  location.hash = "from-c";
  dispatchEvent(new Event("hashchange"));
  out.open = [].map.call(document.querySelectorAll("details"), function (d) { return d.open; });
  document.body.textContent = JSON.stringify(out);
});
</script></body>"""


def test_a_reader_sorts_finds_copies_and_opens(browser: Browser) -> None:
    html = re.sub(r"<meta http-equiv=.*?>", "", small_page()).replace("</body>", PROBE)
    found = re.search(r"<body>(\{.*\})</body>", browser(html, 1280), re.DOTALL)
    assert found, "the page's scripts did not run to their end"
    result = json.loads(found.group(1))
    assert result == {
        "start": "bca", "up": "bac", "aria": "ascending", "down": "cab", "byName": "abc", "found": "ab", "copies": 2,
        "hidden": "none", "open": [False, False, True],
    }  # fmt: skip


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


def test_the_policy_lets_the_page_work(browser: Browser) -> None:
    dom = browser(small_page(), 1280)
    assert "CONSOLE" not in dom, dom[dom.find("CONSOLE") :]
    assert dom.count('class="sort"') == 3
    assert dom.count('class="copy"') == 2
