"""A table as a Word document: a true three-line table that one can go on editing.

Rules of 1.5, 0.75 and 1.5 pt (12, 6 and 12 eighths of a point); numbers on a decimal tab stop, stars superscript
behind it; the head repeats on every page and no row is split. python-docx makes the package once (styles, fonts,
settings); each document is then the same package with another body, zipped without a clock.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from xml.sax.saxutils import escape

from nqp.document.cells import Cell
from nqp.document.table import Row, Table
from nqp.formats.text import (
    caption,
    caption_parts,
    em_width,
    fixed_zip,
    for_readers,
    is_on_point,
    note_parts,
    one_line,
    point_columns,
)
from nqp.language.labels import Label, Language
from nqp.language.words import WORDS

THICK, THIN, HAIR = 12, 6, 4  # eighths of a point
LATIN, CHINESE = "Times New Roman", "宋体"
_A4 = (11906, 16838)  # twentieths of a point
_MARGIN, _GAP = 1134, 50
_SIZES = (21, 18, 16, 15)  # half points, largest first
_LINE = {21: 300, 18: 270, 16: 240, 15: 220}  # exact line spacing, twentieths of a point
_RAISED = '<w:vertAlign w:val="superscript"/>'
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(table: Table, language: Language) -> bytes:
    """One table with its caption and notes as a .docx file; equal tables give equal bytes."""
    layout = _layout(table, language)
    body = _caption(table, language) + _table(table, language, layout) + _notes(table, language)
    width, height = _A4[::-1] if layout.landscape else _A4
    turned = ' w:orient="landscape"' if layout.landscape else ""
    section = (
        f'<w:sectPr><w:pgSz w:w="{width}" w:h="{height}"{turned}/><w:pgMar w:top="{_MARGIN}" w:right="{_MARGIN}" '
        f'w:bottom="{_MARGIN}" w:left="{_MARGIN}" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
    )
    entries = dict(_package(language))
    entries["word/document.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:document xmlns:w="{_NAMESPACE}"><w:body>{body}{section}</w:body></w:document>'
    ).encode()
    title = escape(caption(table, language)).encode()
    entries["docProps/core.xml"] = entries["docProps/core.xml"].replace(b"@title@", title)
    return fixed_zip(entries)


@cache
def _package(language: Language) -> tuple[tuple[str, bytes], ...]:
    """The parts of an empty document: python-docx's, with our fonts, languages and fixed properties."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Pt

    empty = docx.Document()
    for name, size in (("Normal", 10.5), ("Caption", 10.5)):
        style = empty.styles[name]
        style.font.name, style.font.size = LATIN, Pt(size)
        style.font.color.rgb = None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if "Theme" in attribute:
                del fonts.attrib[attribute]
        for attribute, font in (
            ("w:ascii", LATIN),
            ("w:hAnsi", LATIN),
            ("w:cs", LATIN),
            ("w:eastAsia", CHINESE),
        ):
            fonts.set(qn(attribute), font)
    for mark in empty.styles.element.iter(qn("w:lang")):
        mark.set(qn("w:val"), "en-US")
        mark.set(qn("w:eastAsia"), "zh-CN")
    properties = empty.core_properties
    properties.title, properties.language = "@title@", "zh-CN" if language == "zh" else "en-US"
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = datetime(1980, 1, 1)
    properties.revision = 1
    stream = io.BytesIO()
    empty.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist())


# -------------------------------------------------------------------------------------------------- layout


@dataclass(frozen=True)
class _Layout:
    """Widths in twentieths of a point, the label's column first; ``stops``: decimal tab stop of each column."""

    size: int
    landscape: bool
    widths: tuple[int, ...]
    stops: tuple[int | None, ...]
    lefts: tuple[bool, ...]  # the columns of words


def _layout(table: Table, language: Language) -> _Layout:
    """The largest type in which the columns fit the page, first upright, then lying."""
    ems = _natural_widths(table, language)
    smaller = _SIZES[1:]
    tries = [(_SIZES[0], False), *((size, False) for size in smaller[:1]), *((size, True) for size in _SIZES)]
    size, landscape, room, needed = _SIZES[-1], True, 0.0, list(ems)
    for size, landscape in tries:
        room = (_A4[1] if landscape else _A4[0]) - 2 * _MARGIN
        needed = [em * size * 10 + 2 * _GAP for em in ems]
        if sum(needed) <= room:
            break
    spare = (room - sum(needed)) / len(needed)
    widths = [int(width + spare) if spare >= 0 else int(width * room / sum(needed)) for width in needed]
    stops: list[int | None] = []
    for position, (kind, width) in enumerate(zip(point_columns(table), widths[1:], strict=True)):
        cells = [row.cells[position] for _, _, row, _ in table.rows()]
        printed = [cell.pieces(language) for cell in cells]
        on = [p for cell, p in zip(cells, printed, strict=True) if is_on_point(cell, p, kind)]
        if not on:
            stops.append(None)
            continue
        left = max(em_width(p.before + p.whole) for p in on) * size * 10
        right = max(em_width(p.fraction + p.after) for p in on) * size * 10
        stops.append(max(int((width - 2 * _GAP - left - right) / 2 + left), 1))
    return _Layout(
        size, landscape, tuple(widths), tuple(stops), tuple(c.align == "text" for c in table.columns)
    )


def _natural_widths(table: Table, language: Language) -> list[float]:
    """What each column asks for, in em; long words wrap."""
    labels = [label.in_(language) for _, _, _, label in table.rows()]
    longest = max([em_width(label) for label in labels] + [em_width(table.corner.in_(language)), 3.0])
    widths = [min(longest, float(table.label_width or 12))]
    for position, column in enumerate(table.columns):
        texts = [str(row.cells[position].pieces(language)) for _, _, row, _ in table.rows()]
        head = column.label.in_(language)
        wanted = (
            max(
                [em_width(text) for text in texts]
                + [min(em_width(head), 5.0), *map(em_width, re.findall(r"[A-Za-z]+", head))]
            )
            + 0.6
        )
        wraps = column.align == "text" or column.width is not None
        widths.append(min(wanted, float(column.width or 12)) if wraps else min(wanted, 14.0))
    return widths


# ----------------------------------------------------------------------------------------------------- XML


def _table(table: Table, language: Language, layout: _Layout) -> str:
    kinds = point_columns(table)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in layout.widths)
    rows = _head(table, language, layout)
    number = 0
    last = sum(len(block.rows) for block in table.blocks)
    keeps = last <= 40 and not table.cards  # what fits a page stays on one
    for b, block in enumerate(table.blocks):
        borders = _border("top", HAIR) if b else ""
        if block.title:
            rows += _panel(block.title, language, layout, borders)
            borders = ""
        for row in block.rows:
            number += 1
            below = _border("bottom", THICK) if number == last else ""
            rows += _row(row, language, layout, kinds, borders + below, keep=keeps and number < last)
            borders = ""
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(layout.widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>'
        f"{_border('top', THICK)}{_border('bottom', THICK)}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{_GAP}" w:type="dxa"/>'
        f'<w:right w:w="{_GAP}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _head(table: Table, language: Language, layout: _Layout) -> str:
    """One or two rows that repeat on every page."""
    rows = ""
    if table.groups:
        labels = {group.code: group.label for group in table.groups}
        cells = _cell(_words(Label("", ""), language, layout), layout.widths[0], _border("top", THICK))
        position = 1
        for code, span in table.column_runs():
            width = sum(layout.widths[position : position + span])
            position += span
            label = labels[code] if code is not None else Label("", "")
            below = _border("bottom", THIN) if code is not None else ""
            inside = _words(label, language, layout, align="center")
            cells += _cell(inside, width, _border("top", THICK) + below, span=span)
        rows += _tr(cells, is_head=True)
    above = "" if table.groups else _border("top", THICK)
    borders = above + _border("bottom", THIN)
    cells = _cell(_words(table.corner, language, layout), layout.widths[0], borders)
    for column, width in zip(table.columns, layout.widths[1:], strict=True):
        align = "left" if column.align == "text" else "center"
        cells += _cell(_words(column.label, language, layout, align=align), width, borders)
    return rows + _tr(cells, is_head=True)


def _panel(title: Label, language: Language, layout: _Layout, borders: str) -> str:
    inside = _words(title, language, layout, bold=True, keep=True)
    return _tr(_cell(inside, sum(layout.widths), borders, span=len(layout.widths)))


def _row(
    row: Row, language: Language, layout: _Layout, kinds: Sequence[str], borders: str, *, keep: bool
) -> str:
    bold = row.kind == "emphasis"
    cells = _cell(_words(row.label, language, layout, bold=bold, keep=keep), layout.widths[0], borders)
    places = zip(row.cells, kinds, layout.widths[1:], layout.stops, layout.lefts, strict=True)
    for cell, kind, width, stop, left in places:
        inside = _cell_content(cell, language, layout, kind, stop, left, bold=bold, keep=keep)
        cells += _cell(inside, width, borders)
    return _tr(cells)


def _cell_content(
    cell: Cell,
    language: Language,
    layout: _Layout,
    kind: str,
    stop: int | None,
    left: bool,
    *,
    bold: bool,
    keep: bool,
) -> str:
    """The paragraph of one cell; an empty cell keeps its format."""
    printed = for_readers(cell, language)
    if cell.alignment == "empty":
        return _paragraph("", layout.size, keep=keep)
    text = printed.before + printed.whole + printed.fraction + printed.after
    runs = _run(text, layout.size, bold=bold)
    if printed.stars:
        runs += _run(printed.stars, layout.size, raised=True)
    if stop is not None and is_on_point(cell, printed, kind):
        return _paragraph(runs, layout.size, stop=stop, keep=keep)
    return _paragraph(runs, layout.size, align="left" if left else "center", keep=keep)


def _words(
    label: Label,
    language: Language,
    layout: _Layout,
    *,
    align: str = "left",
    bold: bool = False,
    keep: bool = False,
) -> str:
    runs = "".join(_run(t, layout.size, italic=i, bold=bold) for t, i in label.parts(language))
    return _paragraph(runs, layout.size, align=align, keep=keep)


def _caption(table: Table, language: Language) -> str:
    runs = "".join(_run(text, 21, bold=True, italic=i) for text, i in caption_parts(table, language))
    return (
        '<w:p><w:pPr><w:pStyle w:val="Caption"/><w:keepNext/><w:spacing w:before="120" w:after="80"/>'
        f'<w:jc w:val="center"/></w:pPr>{runs}</w:p>'
    )


def _notes(table: Table, language: Language) -> str:
    runs = ""
    if table.notes:
        runs = _run(WORDS[language]["notes"], 18, bold=True)
        runs += "".join(_run(text, 18, italic=i) for text, i in note_parts(table, language))
    return f'<w:p><w:pPr><w:spacing w:before="80" w:after="0" w:line="260" w:lineRule="exact"/></w:pPr>{runs}</w:p>'


def _border(side: str, size: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'


def _tr(cells: str, *, is_head: bool = False) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{cells}</w:tr>"


def _cell(inside: str, width: int, borders: str, *, span: int = 1) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    drawn = f"<w:tcBorders>{borders}</w:tcBorders>" if borders else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{drawn}<w:vAlign w:val="center"/></w:tcPr>'
        f"{inside}</w:tc>"
    )


def _paragraph(
    runs: str, size: int, *, align: str = "left", stop: int | None = None, keep: bool = False
) -> str:
    next_ = "<w:keepNext/>" if keep else ""
    tabs = f'<w:tabs><w:tab w:val="decimal" w:pos="{stop}"/></w:tabs>' if stop is not None else ""
    return (
        f'<w:p><w:pPr>{next_}{tabs}<w:spacing w:before="0" w:after="0" w:line="{_LINE[size]}" w:lineRule="exact"/>'
        f'<w:jc w:val="{align}"/><w:rPr>{_fonts(size)}</w:rPr></w:pPr>{runs}</w:p>'
    )


def _fonts(size: int, *, bold: bool = False, italic: bool = False, raised: bool = False) -> str:
    """The properties of a run in the order that the schema asks for."""
    return (
        f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{CHINESE}" w:cs="{LATIN}"/>'
        f"{'<w:b/>' if bold else ''}{'<w:i/>' if italic else ''}"
        f'<w:color w:val="000000"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        f"{_RAISED if raised else ''}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
    )


def _run(text: str, size: int, *, bold: bool = False, italic: bool = False, raised: bool = False) -> str:
    if not text:
        return ""
    properties = _fonts(size, bold=bold, italic=italic, raised=raised)
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(one_line(text))}</w:t></w:r>'
