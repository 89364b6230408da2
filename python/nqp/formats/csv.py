"""Tidy CSV: a line per cell of a table, or a frame as it is; no text that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from nqp.document.table import TIDY_FIELDS, Table, tidy
from nqp.formats.text import FORMULA, bare, square
from nqp.language.numbers import written

if TYPE_CHECKING:
    import pandas as pd

NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(\.[0-9]+)?%?")


def table_csv(table: Table) -> str:
    """The tidy form of a table as CSV, one line per cell, the numbers to 12 significant digits.

    Words that a spreadsheet would take for a formula get an apostrophe in front; numbers lose the parentheses that it would
    take for a minus, and the head (1) is [1].
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, TIDY_FIELDS, lineterminator="\n")
    writer.writeheader()
    for cell in tidy(table):
        of_words = cell["kind"] == "text"
        line: dict[str, object] = {}
        for name, value in cell.items():
            if name.startswith("printed") and not of_words:
                line[name] = bare(str(value))  # a number, however it is enclosed
            else:
                line[name] = neutral(square(value) if isinstance(value, str) else value)
        writer.writerow(line)
    return stream.getvalue()


def marked(content: bytes) -> bytes:
    """A CSV file as it is written: with a byte-order mark where it holds more than ASCII, so that a double click in Excel
    shows its Chinese. What is plain ASCII has none: nothing needs it there.
    """
    return content if content.isascii() else BOM_UTF8 + content


def neutral(value: object) -> object:
    """A value that no spreadsheet takes for a formula; a text that is a plain number is none."""
    if isinstance(value, str) and FORMULA.match(value) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as UTF-8 CSV; numbers to 12 significant digits, and no text that a spreadsheet would run."""
    buffer = io.StringIO()
    changes = {name: frame[name].map(neutral) for name in frame.select_dtypes(exclude=["number", "bool"])}
    changes |= {
        name: frame[name].map(written, na_action="ignore") for name in frame.select_dtypes("floating")
    }
    frame.assign(**changes).to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()
