"""The pages of the default study in a real browser: what a reader sees, does and prints."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlparse

import pytest
from browsing import A4, MEASURE, NPM, PHONE, WIDE, Opened, open_page
from studies import Project

PAGES = {"zh": "report.zh.html", "en": "report.en.html"}
SCORES = {"zh": "scores.zh.html", "en": "scores.en.html"}
LANGUAGES = pytest.mark.parametrize("language", PAGES)
RANKING = "#table-ranking-nqp "
SCORE = RANKING + "tbody td:nth-child(5)"


@pytest.fixture(scope="module")
def output(default_runs: dict[str, Project]) -> Path:
    return default_runs["one"].output


@pytest.fixture(scope="module")
def pages(output: Path, chromium: Any) -> dict[str, Opened]:
    """Each page opened once and shared; a test that changes it loads it again."""
    allowed = ["clipboard-read", "clipboard-write"]
    return {code: open_page(chromium, output / name, permissions=allowed) for code, name in PAGES.items()}


@pytest.fixture(scope="module")
def scores(output: Path, chromium: Any) -> dict[str, Opened]:
    """The pages of the scores."""
    allowed = ["clipboard-read", "clipboard-write"]
    return {code: open_page(chromium, output / name, permissions=allowed) for code, name in SCORES.items()}


def size(opened: Opened, width: int, medium: str = "screen") -> None:
    opened.page.emulate_media(media=medium)  # type: ignore[arg-type]
    opened.page.set_viewport_size({"width": width, "height": 900})


@LANGUAGES
def test_a_page_opens_without_a_complaint_and_asks_no_network(
    pages: dict[str, Opened], language: str
) -> None:
    opened = pages[language]
    assert opened.console == []
    assert {urldefrag(url)[0] for url in opened.requests} == {opened.path.as_uri()}
    policy = opened.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


@LANGUAGES
def test_a_page_stays_small(output: Path, language: str) -> None:
    assert (output / PAGES[language]).stat().st_size < 1_200_000


@LANGUAGES
@pytest.mark.parametrize(("width", "medium"), [(WIDE, "screen"), (PHONE, "screen"), (A4, "print")])
def test_the_layout_fits_and_numbers_stand_on_their_point(
    pages: dict[str, Opened], language: str, width: int, medium: str
) -> None:
    opened = pages[language]
    size(opened, width, medium)
    measured = opened.evaluate(MEASURE)
    size(opened, WIDE)
    assert measured["overflow"] <= 0, "only tables and figures scroll sideways, never the page"
    assert len(measured["columns"]) > 20
    assert [column for column in measured["columns"] if column[2] > 0.1] == []
    assert measured["outside"] == []
    assert set(measured["rules"]) == {"2px 1px 2px"}, "1.5, 0.75 and 1.5 pt"


@LANGUAGES
def test_the_page_prints_on_a4(pages: dict[str, Opened], language: str) -> None:
    page = pages[language].page
    page.emulate_media(media="print")  # what a test before this one asked for would be printed otherwise
    sheet = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="screen")
    boxes = {
        tuple(round(float(n)) for n in box.split()) for box in re.findall(rb"/MediaBox \[([^\]]*)\]", sheet)
    }
    assert boxes <= {(0, 0, 595, 842), (0, 0, 842, 595)}
    assert len(re.findall(rb"/Type /Page\b", sheet)) <= 15


@LANGUAGES
def test_what_agrees_with_the_paper_is_folded(output: Path, language: str) -> None:
    html = (output / f"comparison.{language}.html").read_text(encoding="utf-8")
    shown, _, folded = html.partition('<details class="fold">')
    mark = {"zh": "<span>是</span>", "en": "<span>Yes</span>"}[language]
    assert mark not in shown
    assert mark in folded


@LANGUAGES
def test_every_link_leads_to_a_place_or_a_file(pages: dict[str, Opened], language: str) -> None:
    opened = pages[language]
    links = opened.evaluate(
        "() => [...document.querySelectorAll('a[href]')].map(a => [a.href, a.hasAttribute('download')])"
    )
    anchors = set(opened.evaluate("() => [...document.querySelectorAll('[id]')].map(part => part.id)"))
    downloads = 0
    for link, is_download in links:
        address, anchor = urldefrag(link)
        path = Path(urlparse(address).path)
        assert path.is_file(), link
        assert path.stat().st_size > 0
        downloads += is_download
        if address == opened.path.as_uri():
            assert anchor in anchors, link
    assert downloads > 50


def test_the_language_switch_keeps_the_place(pages: dict[str, Opened]) -> None:
    page = pages["zh"].page
    wanted = page.locator("main .table[id]").nth(4).get_attribute("id")
    page.evaluate("id => document.getElementById(id).scrollIntoView()", wanted)
    place = page.locator("a.language").bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 5, place["y"] + 5)  # a locator's click would scroll first
    page.wait_for_url(f"**/report.en.html#{wanted}")
    assert abs(page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", wanted)) < 120
    page.goto(pages["zh"].path.as_uri())


@LANGUAGES
def test_the_ranking_sorts_and_filters(scores: dict[str, Opened], language: str) -> None:
    page = scores[language].page
    page.reload()
    rows, heads = page.locator(RANKING + "tbody tr"), page.locator(RANKING + "thead th")
    count = rows.count()
    printed = [float(text) for text in page.locator(SCORE).all_text_contents()]
    assert printed == sorted(printed, reverse=True)
    heads.nth(4).locator("button").click()
    again = [float(text) for text in page.locator(SCORE).all_text_contents()]
    assert again == sorted(printed)
    assert heads.nth(4).get_attribute("aria-sort") == "ascending"
    group = page.locator(RANKING + "select option").nth(1).inner_text()
    page.locator(RANKING + "select").select_option(group)
    shown = page.locator(RANKING + "tbody tr:visible td:nth-child(4)").all_inner_texts()
    assert 0 < len(shown) < count
    assert set(shown) == {group}
    assert str(len(shown)) in page.locator(RANKING + "output").inner_text()
    name = page.locator(RANKING + "tbody tr:visible th").first.inner_text()
    page.locator(RANKING + "input[type=search]").fill(name)
    assert page.locator(RANKING + "tbody tr:visible th").all_inner_texts() == [name]
    page.reload()


@LANGUAGES
def test_from_a_score_to_the_yearbook_cell_and_its_series(scores: dict[str, Opened], language: str) -> None:
    page = scores[language].page
    link = page.locator(RANKING + "tbody th a").nth(3)
    name = link.inner_text()
    file, anchor = urldefrag(link.get_attribute("href") or "")
    assert file == f"profiles.{language}.html"
    link.click()
    page.wait_for_url(f"**/{file}#*")
    behind = page.locator(f"[id='{anchor}']")
    assert behind.is_visible()
    assert name in page.locator("details", has=behind).locator("summary").inner_text()
    heads = behind.locator("th[scope=col]").all_inner_texts()
    flags = {"zh": {"接近程度", "标记", "来源", "口径"}, "en": {"Closeness", "Flags", "Source", "Vintage"}}
    assert flags[language] <= set(heads)
    behind.locator("table").nth(1).locator("a").first.click()
    page.wait_for_url(f"**/data.{language}.html#*")
    row = page.locator(f"[id='{urldefrag(page.url)[1]}']")
    assert row.evaluate("row => row.tagName") == "TR"
    assert row.is_visible()
    page.goto(scores[language].path.as_uri())


@LANGUAGES
def test_a_coefficient_has_its_specification_sample_flow_and_sql(
    pages: dict[str, Opened], language: str
) -> None:
    details = pages[language].page.locator("details.origin", has=pages[language].page.locator("pre"))
    assert details.count() > 3
    first = details.first
    first.locator("summary").click()
    assert "from marts.regression_panel" in first.locator("pre").first.inner_text()
    assert {"zh": "候选行", "en": "Rows offered"}[language] in first.inner_text()
    first.locator("summary").click()


@LANGUAGES
@pytest.mark.parametrize("kind", ["TSV", "Markdown"])
def test_a_table_is_copied(scores: dict[str, Opened], language: str, kind: str) -> None:
    page = scores[language].page
    button = page.locator(f"{RANKING}button.copy[data-copy='{kind.lower()}']")
    button.click()
    page.wait_for_function(
        "button => button.textContent === button.dataset.done", arg=button.element_handle()
    )
    copied = page.evaluate("() => navigator.clipboard.readText()")
    rows = page.locator(RANKING + "tbody tr").count()
    assert sum(line.count("\t" if kind == "TSV" else "|") > 5 for line in copied.splitlines()) >= rows + 1


def test_the_button_changes_light_to_dark(pages: dict[str, Opened]) -> None:
    page = pages["en"].page
    paper = "() => getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.click("#theme")
    assert page.evaluate(paper) != before
    page.click("#theme")
    assert page.evaluate(paper) == before


def test_on_a_phone_the_contents_are_folded_and_the_map_is_as_wide_as_the_page(
    output: Path, chromium: Any
) -> None:
    page = open_page(chromium, output / SCORES["zh"], width=PHONE).page
    assert page.locator(".contents details").get_attribute("open") is None
    drawing = page.locator("figure[id^=figure-map] .drawing")
    assert drawing.evaluate("part => part.scrollWidth <= part.clientWidth")
    page.context.close()


def test_without_its_script_the_page_holds_everything(output: Path, chromium: Any) -> None:
    page = open_page(chromium, output / SCORES["en"], script=False).page
    assert page.locator("button:visible").count() == 0
    assert page.locator(RANKING + "tbody tr:visible").count() > 20
    page.goto((output / PAGES["en"]).as_uri())
    assert 10 < page.locator(".contents a:visible").count() <= 25
    page.locator("details.origin summary").first.click()
    assert page.locator("details.origin table").first.is_visible()
    page.context.close()


def test_a_foreign_script_does_not_run(output: Path, chromium: Any, tmp_path: Path) -> None:
    html = (output / PAGES["en"]).read_text(encoding="utf-8")
    (tmp_path / "page.html").write_text(
        html.replace("</body>", '<script>document.body.id = "foreign"</script></body>'), encoding="utf-8"
    )
    opened = open_page(chromium, tmp_path / "page.html")
    assert opened.page.locator("body").get_attribute("id") is None
    assert any("Content Security Policy" in line for line in opened.console)
    opened.page.context.close()


@pytest.mark.parametrize("name", [*PAGES.values(), "index.html"])
def test_axe_finds_no_barrier(output: Path, chromium: Any, name: str) -> None:
    source = NPM / "axe-core" / "axe.min.js"
    if not source.is_file():
        pytest.skip("axe-core is not installed (npm install in tests/browser): accessibility not checked")
    opened = open_page(chromium, output / name)
    opened.evaluate(
        "() => document.querySelectorAll('details').forEach((part, i) => { part.open = i % 10 < 2; })"
    )
    opened.evaluate(SHORTEN)
    opened.evaluate(source.read_text(encoding="utf-8"))
    found = opened.evaluate(AXE, {})
    opened.page.emulate_media(color_scheme="dark")
    found += opened.evaluate(AXE, {"runOnly": ["color-contrast"]})
    assert found == []
    opened.page.context.close()


# The rows of a table are alike: some of them stand for all, or the check takes half a minute.
SHORTEN = "() => document.querySelectorAll('tbody tr:nth-child(n+9)').forEach(row => row.remove())"
AXE = """async options => (await axe.run(document, {resultTypes: ["violations"], ...options})).violations
  .filter(found => found.impact === "serious" || found.impact === "critical")
  .map(found => [found.id, found.nodes.length, found.nodes[0].html.slice(0, 200)])"""


def test_html_validate_finds_no_fault(output: Path, tmp_path: Path) -> None:
    program, node = NPM / ".bin" / "html-validate", shutil.which("node")
    if not program.exists() or node is None:
        pytest.skip(
            "html-validate is not installed (npm install in tests/browser): checked by html5lib alone"
        )
    found = tmp_path / "found.json"
    command = [node, program, "--config", NPM.parent / ".htmlvalidate.json", "--formatter", f"json={found}"]
    subprocess.run([*command, *sorted(output.glob("*.html"))], check=False, capture_output=True, timeout=120)
    assert json.loads(found.read_text(encoding="utf-8")) == []
