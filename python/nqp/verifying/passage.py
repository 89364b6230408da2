"""A passage of a manuscript with its place, the marks in it and what it refers to."""

from __future__ import annotations

from dataclasses import dataclass

from nqp.language.labels import NOTHING, Label
from nqp.verifying import words


@dataclass(frozen=True)
class Mark:
    """A number that says itself what it is: by an address, or by the name of a bookmark."""

    start: int
    end: int
    address: str
    is_bookmark: bool = False


@dataclass(frozen=True)
class Reference:
    """A cross-reference that names an exhibit by its label and not by a printed number."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a cell of a table. ``lines`` are (offset, line number); ``row`` and ``column`` those of a cell.

    ``table`` counts the tables of the manuscript from 1; it is 0 outside of them.
    """

    text: str
    place: Label = NOTHING
    lines: tuple[tuple[int, int], ...] = ()
    marks: tuple[Mark, ...] = ()
    references: tuple[Reference, ...] = ()
    table: int = 0
    row: int = 0
    column: int = 0

    def where(self, offset: int) -> Label:
        """Where an offset stands, as a person finds it."""
        if not self.lines:
            return self.place
        return words.line(max((line for start, line in self.lines if start <= offset), default=1))
