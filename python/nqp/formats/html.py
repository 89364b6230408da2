"""Tables, figures and pages as HTML by Jinja2 (autoescape on).

A page is one self-contained file that asks nothing of any network. It runs under a content security policy
that names its one style sheet and its one script by hash, so nothing that comes in through data can run.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from nqp.document import table as document_table
from nqp.document.cells import Cell, Pieces
from nqp.document.page import NO_ROWS, Details, Download, Finding, Rows, Section, table_id
from nqp.document.table import Block, Column, Table
from nqp.formats import text as plain
from nqp.formats.svg import drawing
from nqp.language.labels import Label, Language
from nqp.language.words import LANGUAGE_TAGS, WORDS

if TYPE_CHECKING:
    from nqp.document.figure import Figure

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


NOWHERE: Mapping[str, str] = {}
REPEATED = 3  # tables with the same note, from which on the page says it once
COMMON = "common-notes"
CSV_DOWNLOAD = Download("CSV")
DOWNLOADS = (
    CSV_DOWNLOAD,
    Download("Word", "tables/{code}.{language}.docx"),
    Download("Excel", "tables/{code}.{language}.xlsx"),
    Download("LaTeX", "tables/{code}.{language}.tex"),
)


def table_html(
    table: Table,
    language: Language,
    downloads: Sequence[Download] = (),
    rows: Rows = NO_ROWS,
    elsewhere: Mapping[str, str] = NOWHERE,
    common: Sequence[Label] = (),
) -> Markup:
    """One table with its caption, notes and links, to stand in a page that has the style of ``page``; of the notes that are
    ``common`` on that page it gives the number.
    """
    template = _environment().get_template("table.html.j2")
    context = _table_context(table, language, downloads, rows)
    own = [note for note in table.notes if note not in common]
    numbers = [place for place, note in enumerate(common, start=1) if note in table.notes]
    return Markup(template.render(context, elsewhere=elsewhere, own=own, numbers=numbers))


def figure_html(figure: Figure, number: int, language: Language, svg: str) -> Markup:
    """One figure with its number, title, unit, source and data. The drawing is our own; its texts are escaped."""
    template = _environment().get_template("figure.html.j2")
    return Markup(
        template.render(
            figure=figure, id=figure_id(figure), number=WORDS[language]["figure"].format(number), language=language,
            word=WORDS[language], svg=Markup(svg), href=f"figures/{figure.code}.csv",
        )
    )  # fmt: skip


def details_html(
    details: Details, language: Language, elsewhere: Mapping[str, str] = NOWHERE, *, listed: bool = False
) -> Markup:
    """Something to open; what is ``listed`` is named in print too."""
    template = _environment().get_template("details.html.j2")
    return Markup(template.render(details=details, language=language, elsewhere=elsewhere, listed=listed))


def common_notes(sections: Sequence[Section]) -> tuple[Label, ...]:
    """The notes that stand under at least ``REPEATED`` tables of a page, which says each of them once."""
    notes = [note for section in sections for table in section.tables for note in dict.fromkeys(table.notes)]
    return tuple(note for note in dict.fromkeys(notes) if notes.count(note) >= REPEATED)


def page(
    language: Language,
    *,
    title: Label,
    sections: Sequence[Section],
    lead: Sequence[Label] = (),
    findings: Sequence[Finding] = (),
    limits: Sequence[Label] = (),
    footer: Sequence[tuple[Label, str]] = (),
    pages: Mapping[Language, str] | None = None,
    downloads: Sequence[Download] = (CSV_DOWNLOAD,),
    draw: Callable[[Figure, Language], str] = drawing,
    parts: Sequence[tuple[Label, str]] = (),
    elsewhere: Mapping[str, str] = NOWHERE,
) -> str:
    """A whole page in one language; ``draw`` gives the SVG of a figure.

    ``pages`` maps each language to the relative link of its page and gives the language switch. ``footer`` is
    the list of (name, value) by which a reader can reproduce the page; it holds no clock, so bytes are equal.
    ``parts`` are the pages of the same report in the same language, (name, link), the one shown with a blank link;
    ``elsewhere`` says on which of them an anchor stands that this page does not hold; a finding whose table stands nowhere
    has no link.
    Raises ValueError when two anchors are the same.
    """
    common = common_notes(sections)
    body, anchors, figures = [], [COMMON] if common else [], 0
    listing: list[tuple[Section, list[tuple[str, str, Label]]]] = []
    for section in sections:
        anchors.append(section.id)
        contents: list[tuple[str, str, Label]] = []
        blocks: list[Markup] = []
        for block in section.blocks():
            if isinstance(block, Details):
                anchors.append(block.id)
                listed = block in section.details
                blocks.append(details_html(block, language, elsewhere, listed=listed))
            elif isinstance(block, Table):
                rows = section.rows.get(block.code, NO_ROWS)
                anchors += [table_id(block.code), *rows.ids]
                # the contents name the numbered tables: the rest stands under its section
                if block.number and block.title != section.title:
                    contents.append((table_id(block.code), block.number.in_(language), block.title))
                html = table_html(block, language, downloads, rows, elsewhere, common)
                if block.code in section.folded:
                    summary = label_html(section.folded[block.code], language)
                    html = Markup('<details class="fold"><summary>{}</summary>{}</details>').format(
                        summary, html
                    )
                blocks.append(html)
            else:
                figures += 1
                anchors.append(figure_id(block))
                blocks.append(figure_html(block, figures, language, draw(block, language)))
        body.append((section, blocks))
        if section.is_part and listing:
            listing[-1][1].append((section.id, "", section.title))
        else:
            listing.append((section, contents))
    if repeated := sorted({a for a in anchors if anchors.count(a) > 1}):
        raise ValueError(f"anchor used twice on one page: {', '.join(repeated)}")
    return _render_page(
        "page.html.j2", language, title=title, lead=lead, findings=[(f.text, f.link if f.link in {*anchors, *elsewhere} else "") for f in findings], limits=limits, sections=body, listing=listing, footer=footer,
        pages={code: href for code, href in (pages or {}).items() if code != language}, parts=parts, common=common, elsewhere=elsewhere,
    )  # fmt: skip


def index_page(
    *,
    title: Label,
    pages: Mapping[Language, str],
    lead: Sequence[Label] = (),
    findings: Sequence[Finding] = (),
    limits: Sequence[Label] = (),
    links: Mapping[Language, Sequence[tuple[Label, str]]] | None = None,
) -> str:
    """The small page that offers the languages, with the findings in each; ``links`` lead to what stands beside the pages."""
    return _render_page(
        "index.html.j2", "zh", title=title, lead=lead, findings=findings, limits=limits, pages=dict(pages),
        links={code: list((links or {}).get(code, ())) for code in pages},
    )  # fmt: skip


def anchors_of(section: Section) -> list[str]:
    """Every anchor of a section, so that another page can link to it."""
    found = [section.id]
    for block in section.blocks():
        if isinstance(block, Details):
            found.append(block.id)
        elif isinstance(block, Table):
            found += [table_id(block.code), *section.rows.get(block.code, NO_ROWS).ids]
        else:
            found.append(figure_id(block))
    return found


def figure_id(figure: Figure) -> str:
    """The anchor of a figure, the same in every language."""
    return f"figure-{figure.code}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=False,
    )  # fmt: skip
    environment.globals.update(words=WORDS, tags=LANGUAGE_TAGS)
    environment.filters["label"] = label_html
    return environment


def _render_page(name: str, language: Language, **context: object) -> str:
    environment = _environment()
    style = _asset(environment, "page.css")
    script = _asset(environment, "page.js")
    policy = (
        f"default-src 'none'; style-src {_csp_hash(style)}; script-src {_csp_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    html = environment.get_template(name).render(
        language=language, word=WORDS[language], style=style, script=script, policy=policy, **context
    )
    return html.rstrip("\n") + "\n"


def _asset(environment: Environment, name: str) -> Markup:
    """A style sheet or script of our own, which no data enters, to be inlined as it is."""
    text = environment.get_template(name).render(
        max_width=document_table.MAX_WIDTH, max_quarters=_MAX_QUARTERS
    )
    if "</" in text:
        raise ValueError(f"{name} must not hold '</'")
    return Markup(text)


def _csp_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def label_html(label: Label, language: Language) -> Markup:
    """A label, escaped, with its symbols in italics."""
    if not label.italic:
        return escape(label.in_(language))
    return Markup().join(
        Markup("<i>{}</i>").format(piece) if italic else Markup("{}").format(piece)
        for piece, italic in label.parts(language)
    )


# Widths in quarters of an em in a Times-like face; what is not named is a digit, half an em.
_QUARTERS = {".": 1.0, ",": 1.0, "-": 2.3, "<": 2.3, "%": 3.4}
_MAX_QUARTERS = 80


def _quarters(text: str) -> int:
    return min(math.ceil(sum(_QUARTERS.get(character, 2.0) for character in text)), _MAX_QUARTERS)


_NOTHING_PRINTED = Pieces()


@dataclass(frozen=True)
class _CellView:
    """A cell for the template; ``mode``: point (on the decimal grid), number, words, missing, blank."""

    mode: str
    css: str
    printed: Pieces = _NOTHING_PRINTED
    label: Label | None = None


def _table_context(
    table: Table, language: Language, downloads: Sequence[Download], marks: Rows
) -> dict[str, object]:
    columns = list(zip(*(row.cells for _, _, row, _ in table.rows()), strict=True))
    grids = [_grid_css(column, cells) for column, cells in zip(table.columns, columns, strict=True)]
    blocks = []
    ids, links = iter(marks.ids), iter(marks.links)
    for block in table.blocks:
        rows = []
        for row, span in zip(block.rows, _label_spans(block), strict=True):
            views = [_cell_view(*c, language) for c in zip(table.columns, row.cells, grids, strict=True)]
            rows.append((row, span, views, next(ids, ""), next(links, "")))
        blocks.append((block, rows))
    labels = {group.code: group.label for group in table.groups}
    return {
        "table": table,
        "id": table_id(table.code),
        "accessible_name": (table.number or table.title).in_(language),
        "language": language,
        "word": WORDS[language],
        "blocks": blocks,
        "runs": [(labels[code] if code is not None else None, span) for code, span in table.column_runs()],
        "css": _table_css(table),
        "downloads": [(d.name, d.href.format(code=table.code, language=language)) for d in downloads],
        "sorts": marks.sorts,
        "group_column": next((i + 1 for i, c in enumerate(table.columns) if c.code == marks.groups), 0),
        "copies": ("TSV", "Markdown") if downloads else (),
        "below": plain.below_in_words(table).in_(language),
    }


def _label_spans(block: Block) -> list[int]:
    """How many rows each label spans: itself and the rows without a label below it, which get 0."""
    spans: list[int] = []
    waiting = 1
    for row in reversed(block.rows):
        spans.append(waiting if row.label else 0)
        waiting = 1 if row.label else waiting + 1
    return spans[::-1]


def _table_css(table: Table) -> str:
    """Cards for long texts; many rows scroll under their head; many columns lie on their side in print."""
    rows = sum(len(block.rows) for block in table.blocks)
    words = sum(column.align == "text" for column in table.columns)
    flags = {
        "cards": table.cards,
        "long": rows > 40,
        "dense": len(table.columns) > 5,
        "small": table.cards or len(table.columns) > 8 or (words > 0 and len(table.columns) > 5),
        "lying": len(table.columns) > 11,
        "even": all(column.align == "decimal" and column.width is None for column in table.columns),
    }
    return " ".join(name for name, on in flags.items() if on)


def _grid_css(column: Column, cells: Sequence[Cell]) -> str:
    """The classes that give every number of a column the same two tracks, left and right of the point.

    A column of counts alone aligns on the last digit; among other numbers a count stands in the middle.
    """
    if column.align != "decimal":
        return ""
    alignment = "point" if any(cell.alignment == "point" for cell in cells) else "count"
    printed = [cell.pieces("en") for cell in cells if cell.alignment == alignment]
    printed = [piece for piece in printed if not piece.is_missing]
    if not printed:
        return ""
    whole = max(_quarters(piece.before.strip("([") + piece.whole) for piece in printed)
    fraction = max(_quarters(piece.fraction) for piece in printed)
    stars = "".join(piece.stars for piece in printed)
    hang = " hollow" if "☆" in stars else " starred" if stars else ""
    return f"w{whole} f{fraction}{hang}"


def _cell_view(column: Column, cell: Cell, grid: str, language: Language) -> _CellView:
    css = column.align
    if (words := cell.words) is not None:
        return _CellView("words" if words else "blank", css, label=words)
    printed = plain.for_readers(cell, language)
    if printed.is_missing:
        return _CellView("missing", css, printed)
    on_grid = cell.alignment == "point" or (cell.alignment == "count" and grid.endswith(" f0"))
    if grid and on_grid:
        return _CellView("point", f"{css} {grid}", printed)
    return _CellView("number", css, printed)
