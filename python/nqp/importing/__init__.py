"""Importing: turns a stranger's files into tidy figures and says every step; imports errors and language."""

from __future__ import annotations

# Public are `read_files`, `Reading` and what a `Reading` holds; everything else is inside.
from nqp.importing.figures import (
    ENTITY_COLUMNS,
    FIGURE_COLUMNS,
    LOG_COLUMNS,
    SERIES_COLUMNS,
    Figure,
    LogLine,
    Question,
    Reading,
    SheetLayout,
)
from nqp.importing.reading import read_files

__all__ = [
    "ENTITY_COLUMNS",
    "FIGURE_COLUMNS",
    "LOG_COLUMNS",
    "SERIES_COLUMNS",
    "Figure",
    "LogLine",
    "Question",
    "Reading",
    "SheetLayout",
    "read_files",
]
