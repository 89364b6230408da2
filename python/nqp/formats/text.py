"""What every format of a table shares.

Here stands how a caption and the notes read, which cells align on the decimal point, and how wide a text is.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping

from nqp.document.cells import Cell, Pieces
from nqp.document.table import Table
from nqp.language.labels import NOTHING, Label, Language
from nqp.language.numbers import true_minus
from nqp.language.words import WORDS

FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def one_line(text: str) -> str:
    """A text on one line without characters that XML forbids."""
    return re.sub(r"[\t\r\n]", " ", _CONTROL.sub("", text))


def caption_parts(table: Table, language: Language) -> tuple[tuple[str, bool], ...]:
    """The caption as (piece, is italic): 'Table 3. Title' or '表 3　题名'."""
    number = table.number.parts(language)
    end = ((WORDS[language]["number_end"], False),) if number else ()
    return number + end + table.title.parts(language)


def caption(table: Table, language: Language) -> str:
    """The caption as plain text."""
    return one_line("".join(piece for piece, _ in caption_parts(table, language)))


def note_parts(table: Table, language: Language) -> tuple[tuple[str, bool], ...]:
    """The notes one after the other as (piece, is italic), without the word 'Notes'."""
    between = WORDS[language]["between_notes"]
    parts: list[tuple[str, bool]] = []
    for i, note in enumerate(table.notes):
        if i and between:
            parts.append((between, False))
        parts += note.parts(language)
    return tuple(parts)


def notes(table: Table, language: Language) -> str:
    """The notes as plain text, '' if there are none."""
    text = "".join(piece for piece, _ in note_parts(table, language))
    return one_line(WORDS[language]["notes"] + text) if text else ""


def point_columns(table: Table) -> tuple[str, ...]:
    """How the numbers of each column align: 'point', 'count' (a column of counts alone) or ''."""
    found = []
    for position, column in enumerate(table.columns):
        cells = [row.cells[position] for _, _, row, _ in table.rows()]
        if column.align != "decimal":
            found.append("")
        else:
            alignments = {cell.alignment for cell in cells}
            found.append(next((one for one in ("point", "count") if one in alignments), ""))
    return tuple(found)


def is_on_point(cell: Cell, pieces: Pieces, column: str) -> bool:
    """Whether a cell stands on the decimal point of its column (by ``point_columns``)."""
    if pieces.is_missing or not column:
        return False
    return cell.alignment == "point" or cell.alignment == column == "count"


def for_readers(cell: Cell, language: Language) -> Pieces:
    """The pieces of a cell with a true minus; words keep their hyphens."""
    pieces = cell.pieces(language)
    return pieces if cell.words is not None else pieces._replace(whole=true_minus(pieces.whole))


def em_width(text: str) -> float:
    """The width of a text in em: a wide character 1, any other about a half."""
    if text.isascii():
        return len(text) / 2
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in text)


def fixed_zip(entries: Mapping[str, bytes]) -> bytes:
    """A zip archive whose bytes depend on nothing but its content: fixed date, sorted names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(entries, key=lambda name: (name != "[Content_Types].xml", name)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            archive.writestr(info, entries[name])
    return stream.getvalue()


# A spreadsheet reads a number in parentheses as a negative one, and a head (1) as -1.
_PARENTHESES = re.compile(r"\((-?[\d.,]+(?:e-?\d+)?)\)")


def bare(text: str) -> str:
    """A number without the parentheses that say it is a standard error; any other text as it is."""
    found = _PARENTHESES.fullmatch(text)
    return found[1] if found else text


def square(text: str) -> str:
    """The number of a column in brackets, which no spreadsheet reads as a number; any other text as it is."""
    found = _PARENTHESES.fullmatch(text)
    return f"[{found[1]}]" if found else text


# What stands below a coefficient, said where its parentheses fall away.
BELOW = {
    "std_error": Label("标准误", "Std. error"), "t_value": Label("t 值", "t"), "p_below": Label("p 值", "p"),
    "interval": Label("95% 置信区间", "95% interval"),
}  # fmt: skip


def below_in_words(table: Table) -> Label:
    """What stands in the rows without a label of a table; NOTHING where every row has one."""
    found = (
        cell.kind for _, _, row, _ in table.rows() if row.kind == "se" and not row.label for cell in row.cells
    )
    return next((BELOW[kind] for kind in found if kind in BELOW), NOTHING)
