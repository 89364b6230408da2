"""Importing: turns a stranger's files into tidy figures, and says every step it took.

It may import `nqp.errors` and the language room (`Label`), nothing of marts, estimates or pages.
Public are `read_files`, `Reading` and what a `Reading` holds; everything else is inside.
"""

from __future__ import annotations

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
