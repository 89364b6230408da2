"""A real Chromium for the tests: one for the session, without a network, and pages that remember what they asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NPM = Path(__file__).resolve().parents[1] / "browser" / "node_modules"
WIDE, PHONE, A4 = 1280, 390, 673  # pixels; A4 less the margins of @page is 178 mm


@contextmanager
def chromium_of_the_system() -> Iterator[Browser]:
    """The browser; skips, and says why, where there is none."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium on the path (or in CHROMIUM): the pages were not opened in a real browser")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no real browser")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"],
        )
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page, what its console said, and what it asked for besides itself."""

    page: Page
    path: Path
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def evaluate(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)


def open_page(
    browser: Browser, path: Path, *, width: int = WIDE, script: bool = True, **options: Any
) -> Opened:
    """A file in a window of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=script, **options
    )
    context.set_default_timeout(10_000)
    opened = Opened(context.new_page(), path)
    opened.page.on("console", lambda message: opened.console.append(message.text))
    opened.page.on("pageerror", lambda error: opened.console.append(str(error)))
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.goto(path.as_uri())
    return opened


# Of every table: the spread of the left edges of its fractions by column, in pixels; what leaves its cell (by more than a
# pixel: without Times the digits are wider); its rules.
MEASURE = """() => {
  const out = {overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
               columns: [], outside: [], rules: []};
  for (const block of document.querySelectorAll(".table")) {
    if (getComputedStyle(block.querySelector("tbody")).display === "block") continue;  // shown as cards
    const edges = {}, head = block.querySelectorAll("thead tr");
    for (const part of block.querySelectorAll("tbody .frac")) {
      const cell = part.closest("td"), column = [...cell.parentNode.querySelectorAll("td")].indexOf(cell);
      const right = part.getBoundingClientRect(), left = part.previousElementSibling.getBoundingClientRect();
      const place = cell.getBoundingClientRect();
      (edges[column] = edges[column] || []).push(right.left);
      if (left.left < place.left - 1 || right.right > place.right + 1 || Math.abs(left.right - right.left) > 0.1)
        out.outside.push(block.id + " " + cell.textContent);
    }
    for (const column in edges)
      out.columns.push([block.id, +column, Math.max(...edges[column]) - Math.min(...edges[column])]);
    out.rules.push([getComputedStyle(head[0].children[0]).borderTopWidth,
      getComputedStyle(head[head.length - 1].children[0]).borderBottomWidth,
      getComputedStyle(block.querySelector("table")).borderBottomWidth].join(" "));
  }
  return out;
}"""
