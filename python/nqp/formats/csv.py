"""Tidy CSV: a line per cell of a table, or a frame as it is; no text that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from nqp.document.table import TIDY_FIELDS, Table, tidy
from nqp.formats.text import FORMULA

if TYPE_CHECKING:
    import pandas as pd


def table_csv(table: Table) -> str:
    """The tidy form of a table as CSV, one line per cell, the numbers with all their digits.

    Words that a spreadsheet would take for a formula get an apostrophe in front.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, TIDY_FIELDS, lineterminator="\n")
    writer.writeheader()
    for cell in tidy(table):
        of_words = cell["kind"] == "text"
        writer.writerow(
            {
                name: neutral(value) if of_words or not name.startswith("printed") else value
                for name, value in cell.items()
            }
        )
    return stream.getvalue()


def neutral(value: object) -> object:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as UTF-8 CSV; numbers with all their digits, and no text that a spreadsheet would run."""
    buffer = io.StringIO()
    texts = frame.select_dtypes(exclude=["number", "bool"]).columns
    frame.assign(**{name: frame[name].map(neutral) for name in texts}).to_csv(
        buffer, index=False, lineterminator="\n"
    )
    return buffer.getvalue().encode()
