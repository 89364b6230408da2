"""The text of a table for the clipboard, which the page makes of the table when a reader asks for it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsing import open_page
from nqp.document.cells import Text
from nqp.document.page import Section
from nqp.document.table import Table
from nqp.formats import text as plain
from nqp.formats.html import DOWNLOADS, page, table_id
from nqp.language.labels import Label, Language
from nqp.language.numbers import MINUS
from test_office import LANGUAGES, all_tables, expected_rows


@pytest.fixture(scope="module")
def copied(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, Language, str], str]:
    """What each button of each table puts on the clipboard."""
    found: dict[tuple[str, Language, str], str] = {}
    folder = tmp_path_factory.mktemp("copying")
    for language in LANGUAGES:
        section = Section("s", Label.both("s"), (), tuple(all_tables()))
        html = page(language, title=Label.both("t"), sections=[section], downloads=DOWNLOADS)
        assert "| ---" not in html.split("<body>")[1], "no text waits in the page"
        (folder / f"{language}.html").write_text(html, encoding="utf-8")
        opened = open_page(
            chromium, folder / f"{language}.html", permissions=["clipboard-read", "clipboard-write"]
        )
        for table in all_tables():
            for kind in ("tsv", "markdown"):
                opened.page.locator(f"#{table_id(table.code)} button.copy[data-copy={kind}]").click()
                found[table.code, language, kind] = opened.page.evaluate(
                    "() => navigator.clipboard.readText()"
                )
        assert opened.console == []
        opened.page.context.close()
    return found


def spaced(rows: list[list[str]]) -> list[list[str]]:
    """A page shows any white space as one space."""
    return [[re.sub(r"\s+", " ", text).strip() for text in row] for row in rows]


CASES = [(table, language) for table in all_tables() for language in LANGUAGES]
EVERY = pytest.mark.parametrize(("table", "language"), CASES, ids=[f"{t.code}-{g}" for t, g in CASES])


@EVERY
def test_markdown_holds_every_cell(
    copied: dict[tuple[str, Language, str], str], table: Table, language: Language
) -> None:
    lines = copied[table.code, language, "markdown"].splitlines()
    rows = [re.split(r"(?<!\\) \| |^\| | \|$", line)[1:-1] for line in lines if line.startswith("|")]
    assert all(len(row) == len(table.columns) + 1 for row in rows)
    cells = [[re.sub(r"\\([\\`*_\[\]<>|~])", r"\1", text) for text in row] for row in rows[2:]]
    titles = {f"**{plain.one_line(b.title.in_(language)).strip()}**" for b in table.blocks if b.title}
    body = [row for row in cells if row[0] not in titles]
    assert spaced(body) == spaced(expected_rows(table, language, MINUS))


@EVERY
def test_tsv_holds_every_cell_and_no_formula(
    copied: dict[tuple[str, Language, str], str], table: Table, language: Language
) -> None:
    lines = [line.split("\t") for line in copied[table.code, language, "tsv"].splitlines()]
    width = len(table.columns) + 1
    rows = [line for line in lines[2:] if len(line) == width]
    # a number in parentheses would be read as a negative one: it stands bare, and its row says what it is
    expected = expected_rows(table, language)
    printed = [row for block in table.blocks for row in block.rows]
    for texts, row in zip(expected, printed, strict=True):
        for position, cell in enumerate(row.cells, start=1):
            enclosed = re.fullmatch(r"\((-?[\d.,]+)\)", texts[position])
            if enclosed:
                texts[position] = f"[{enclosed[1]}]" if isinstance(cell, Text) else enclosed[1]
    for row in expected:
        row[0] = row[0] or {"zh": "标准误", "en": "Std. error"}[language]
    assert not any(re.fullmatch(r"\(\d[\d.,]*\)", text) for line in lines for text in line)
    assert spaced([[re.sub(r"^'(?=\s*[=+\-@])", "", t) for t in row] for row in rows]) == spaced(expected)
    assert not any(text.lstrip().startswith(("=", "@", "+")) for line in lines for text in line)
