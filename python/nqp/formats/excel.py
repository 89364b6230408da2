"""Tables as an Excel workbook: numbers stay numbers; decimals, parentheses and stars live in the number format."""

from __future__ import annotations

import io
import itertools
import math
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from nqp.document.cells import Cell
from nqp.document.table import Block, Table
from nqp.formats.text import FORMULA, caption, em_width, fixed_zip, notes, one_line
from nqp.language.labels import Label, Language

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_RULES = {"thick": 2, "thin": 1, "hair": 7}
_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}


def workbook(
    tables: Sequence[Table], languages: Sequence[Language], *, contents: Sequence[Label] = ()
) -> bytes:
    """A sheet per table and language, named by the table's code; equal tables give equal bytes.

    ``contents`` are the heads of a first sheet that lists them, with links: sheet, number, title.
    """
    from xlsxwriter.workbook import Workbook

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(1980, 1, 1)})
    writer = _Writer(book)
    first = _title(contents, languages)
    names = sheet_names([table.code for table in tables], languages, taken=[first] if first else [])
    if contents:
        writer.contents(tables, languages, contents, names)
    for table in tables:
        for language in languages:
            writer.sheet(book.add_worksheet(names[table.code, language]), table, language)
    book.close()
    with zipfile.ZipFile(stream) as archive:
        return fixed_zip({name: archive.read(name) for name in archive.namelist()})


def sheet_names(
    codes: Sequence[str], languages: Sequence[Language], taken: Iterable[str] = ()
) -> dict[tuple[str, Language], str]:
    """The name of the sheet of each table in each language, no two alike."""
    used = {name.casefold() for name in taken}
    names: dict[tuple[str, Language], str] = {}
    for code in codes:
        for language in languages:
            name = sheet_name(code, f" {language}" if len(languages) > 1 else "", used)
            used.add(name.casefold())
            names[code, language] = name
    return names


def sheet_name(code: str, suffix: str = "", taken: Collection[str] = ()) -> str:
    """The name of a sheet: a table's code, shortened to the 31 characters that Excel allows, with a number where ``taken`` has
    it, which Excel takes for the same in capitals and in small letters.
    """
    for number in itertools.count(1):
        end = suffix if number == 1 else f"~{number}{suffix}"
        name = code[: 31 - len(end)] + end
        if name.casefold() not in taken:
            return name
    raise AssertionError("there is always another number")


def _title(heads: Sequence[Label], languages: Sequence[Language]) -> str:
    """The name of the sheet of contents; '' where there is none."""
    return " ".join(heads[0].in_(language) for language in languages)[:31] if heads else ""


def number_format(cell: Cell, stars: int = 0) -> str:
    """The format in which a spreadsheet prints the number as its ``pieces`` say.

    ``stars`` is the greatest number of stars in the column: shorter ones are filled up with blank space so that the
    decimal points stand below each other. A number that rounds to zero loses its sign.
    """
    pieces = cell.pieces("en")
    mark = "☆" if "☆" in pieces.stars else "*"
    tail = f'"{pieces.stars}"' if pieces.stars else ""
    if cell.alignment == "point":
        tail += f"_{mark}" * max(stars - len(pieces.stars), 0)
    if pieces.before.endswith("<"):  # the bound is printed, not the number
        return f'"{pieces}"{tail}'
    body, closed = "#,##0" + re.sub("[0-9]", "0", pieces.fraction), pieces.after
    if exponent := re.match(r"e-?\d+", closed):
        body, closed = "0" + re.sub("[0-9]", "0", pieces.fraction) + "E-0", closed[exponent.end() :]
    if pieces.before or closed:
        body = f'"{pieces.before}"{body}"{closed}"'
    if (cell.number or 0) < 0 and "-" not in pieces.whole:
        return f"{body}{tail};{body}{tail}"
    return body + tail


class _Writer:
    """Writes tables into one workbook; equal formats are made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def style(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({**_FONT, **properties})
        return self.formats[key]

    def contents(
        self,
        tables: Sequence[Table],
        languages: Sequence[Language],
        heads: Sequence[Label],
        names: Mapping[tuple[str, Language], str],
    ) -> None:
        """The first sheet: a link to every other, the number and the title of its table."""
        sheet, line = self.book.add_worksheet(_title(heads, languages)), 1
        rule = {"top": _RULES["thick"], "bottom": _RULES["thin"], "bold": True}
        for column, head in enumerate(heads[1:]):
            self.words(sheet, 0, column, " ".join(head.in_(language) for language in languages), **rule)
        for table in tables:
            for language in languages:
                name = names[table.code, language]
                link = self.style(font_color="#1f5c86", underline=1)
                sheet.write_url(line, 0, f"internal:'{name}'!A1", link, string=name)
                self.words(sheet, line, 1, table.number.in_(language))
                self.words(sheet, line, 2, table.title.in_(language))
                line += 1
        for column, width in enumerate((34, 14, 80)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.hide_gridlines(2)

    def sheet(self, sheet: Worksheet, table: Table, language: Language) -> None:
        """Caption, head, rows and notes of one table."""
        width = len(table.columns)
        self.words(sheet, 0, 0, caption(table, language), bold=True)
        line = self.head(sheet, 2, table, language)
        sheet.freeze_panes(line, 1)
        stars = [max((len(cell.stars) for cell in self.cells(table, i)), default=0) for i in range(width)]
        for b, block in enumerate(table.blocks):
            line = self.block(sheet, line, table, block, language, stars, is_first=b == 0)
        for column in range(width + 1):
            sheet.write_blank(line, column, None, self.style(top=_RULES["thick"]))
        if text := notes(table, language):
            style = self.style(text_wrap=True, font_size=9, valign="top", top=_RULES["thick"])
            sheet.merge_range(line, 0, line, width, "", style)
            sheet.write_string(line, 0, text, style)
            room = sum(self.width(table, i, language) for i in range(-1, width))
            sheet.set_row(line, 13 * math.ceil(2 * em_width(text) / (room * 1.1) + 1))
        for i in range(-1, width):
            sheet.set_column(i + 1, i + 1, self.width(table, i, language))
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if width > 6:
            sheet.set_landscape()
        sheet.hide_gridlines(2)

    @staticmethod
    def cells(table: Table, column: int) -> list[Cell]:
        return [row.cells[column] for _, _, row, _ in table.rows()]

    def width(self, table: Table, column: int, language: Language) -> float:
        """The width of a column in characters; the label's column is -1."""
        if column < 0:
            texts = [label.in_(language) for _, _, _, label in table.rows()]
        else:
            texts = [str(cell.pieces(language)) for cell in self.cells(table, column)]
            texts.append(table.columns[column].label.in_(language)[:16])
        return min(max([2 * em_width(text) for text in texts] + [8]) + 3, 40)

    def head(self, sheet: Worksheet, line: int, table: Table, language: Language) -> int:
        """The head from a line on; returns the next line."""
        top = {"top": _RULES["thick"]}
        if table.groups:
            labels = {group.code: group.label for group in table.groups}
            self.words(sheet, line, 0, "", **top)
            column = 1
            for code, span in table.column_runs():
                rule = {"bottom": _RULES["thin"]} if code is not None else {}
                style = self.style(align="center", **top, **rule)
                text = labels[code].in_(language) if code is not None else ""
                if span > 1:
                    sheet.merge_range(line, column, line, column + span - 1, "", style)
                self.string(sheet, line, column, text, align="center", **top, **rule)
                column += span
            top, line = {}, line + 1
        rules = {**top, "bottom": _RULES["thin"]}
        self.words(sheet, line, 0, table.corner.in_(language), **rules)
        for i, column_ in enumerate(table.columns):
            align = "left" if column_.align == "text" else "center"
            self.string(sheet, line, i + 1, column_.label.in_(language), align=align, text_wrap=True, **rules)
        return line + 1

    def block(
        self, sheet: Worksheet, line: int, table: Table, block: Block, language: Language, stars: Sequence[int],
        *, is_first: bool,
    ) -> int:  # fmt: skip
        """The rows of a block from a line on; returns the next line."""
        rule: dict[str, object] = {} if is_first else {"top": _RULES["hair"]}
        if block.title:
            self.words(sheet, line, 0, block.title.in_(language), bold=True, **rule)
            for i in range(len(table.columns)):
                sheet.write_blank(line, i + 1, None, self.style(**rule))
            rule, line = {}, line + 1
        for row in block.rows:
            weight: dict[str, object] = {"bold": True} if row.kind == "emphasis" else {}
            self.words(sheet, line, 0, row.label.in_(language), text_wrap=True, **weight, **rule)
            for i, cell in enumerate(row.cells):
                self.cell(sheet, line, i + 1, cell, language, stars[i], **weight, **rule)
            rule, line = {}, line + 1
        return line

    def cell(
        self,
        sheet: Worksheet,
        line: int,
        column: int,
        cell: Cell,
        language: Language,
        stars: int,
        **rule: object,
    ) -> None:
        value = cell.number
        if cell.alignment == "empty":
            sheet.write_blank(line, column, None, self.style(**rule))
        elif cell.is_number and value is not None and math.isfinite(value):
            align = "center" if cell.alignment == "count" else "right"
            style = self.style(num_format=number_format(cell, stars), align=align, **rule)
            sheet.write_number(line, column, value + 0.0, style)  # -0.0 becomes 0.0
        else:
            text = str(cell.pieces(language))
            if cell.alignment == "words":
                rule["text_wrap"] = True
            align = "left" if cell.alignment == "words" and em_width(text) > 8 else "center"
            self.string(sheet, line, column, text, align=align, **rule)

    def words(self, sheet: Worksheet, line: int, column: int, text: str, **rule: object) -> None:
        self.string(sheet, line, column, text, align="left", **rule)

    def string(self, sheet: Worksheet, line: int, column: int, text: str, **properties: object) -> None:
        """A text cell that no spreadsheet will ever read as a formula, even after editing it."""
        text = one_line(text)
        if not text:
            sheet.write_blank(line, column, None, self.style(**properties))
            return
        if FORMULA.match(text):
            properties["quote_prefix"] = True
        sheet.write_string(line, column, text, self.style(**properties))
