"""The one entry: files in, a `Reading` out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nqp.importing.figures import Reading


def read_files(
    paths: Sequence[str | Path],
    *,
    layout: str | None = None,
    series: str | None = None,
    unit: str | None = None,
    year: str | int | None = None,
    entity: str | None = None,
    entities: str = "auto",
    columns: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    symbols: Mapping[str, str] | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    sheets: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Reading:
    """Read files of any supported format and layout into tidy figures.

    Every keyword answers a question that files may leave open:
    ``layout`` one of LAYOUTS (found by itself if None); ``series``, ``unit``, ``year``, ``entity`` stand in where
    a file does not say them; ``entities`` is the reference table of names: auto, provinces, cities,
    countries, or any (names are codes); ``columns`` names columns by role, such as
    ``{"entity": "firm", "year": "t", "value": "x"}``; ``names`` maps a printed name to a code, ``""`` leaves
    it out; ``symbols`` maps a printed symbol to ``missing`` or ``zero``; ``decimal`` is ``.`` or ``,``;
    ``encoding`` a codec; ``sheets`` the sheets to read; ``progress`` receives a line on long work.

    Raises `StudyError` where a file cannot be read, or a cell is neither a number nor a known symbol.
    """
    raise NotImplementedError
