"""A page: sections of paragraphs, figures and tables, what a reader may open, and the files offered beside a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nqp.language.labels import Label

if TYPE_CHECKING:
    from nqp.document.figure import Figure
    from nqp.document.table import Table


def table_id(code: str) -> str:
    """The anchor of a table, the same in every language."""
    return f"table-{code}"


@dataclass(frozen=True)
class Section:
    """One section of a page: its anchor, its title, paragraphs, figures, tables, details.

    A figure that names a table stands below it, if the section holds the table; any other stands first. ``after`` holds
    the details below a table, by its code; ``rows`` what its rows link to and are linked by.
    ``folded`` gives the tables that a reader opens, by their code, what is said of each while it is closed; ``links`` lead
    to what stands on other pages. ``is_part`` says that it belongs to the section before it, ``page`` on which page it stands: the first one where blank.
    """

    id: str
    title: Label
    paragraphs: tuple[Label, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    details: tuple[Details, ...] = ()
    after: Mapping[str, tuple[Details, ...]] = field(default_factory=dict)
    rows: Mapping[str, Rows] = field(default_factory=dict)
    folded: Mapping[str, Label] = field(default_factory=dict)
    links: tuple[Entry, ...] = ()
    is_part: bool = False
    page: str = ""

    def blocks(self) -> Iterator[Figure | Table | Details]:
        """What it holds, in order: figures, tables with what stands below each, details."""
        yield from (figure for figure in self.figures if not figure.table)
        for table in self.tables:
            yield table
            yield from self.after.get(table.code, ())
            yield from (figure for figure in self.figures if figure.table == table.code)
        yield from self.details


@dataclass(frozen=True)
class Rows:
    """Of every row of a table: its anchor and the anchor its label links to.

    ``sorts`` lets a reader sort and search, ``groups`` names the column by whose values one may filter.
    """

    ids: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    sorts: bool = False
    groups: str = ""


NO_ROWS = Rows()


@dataclass(frozen=True)
class Finding:
    """A finding in words, and the anchor of the table that has its numbers."""

    text: Label
    link: str = ""


@dataclass(frozen=True)
class Entry:
    """A cell of a small grid: words or a printed number, with a link to an anchor of the page."""

    label: Label
    link: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Grid:
    """A small table inside details: no formats, no downloads."""

    title: Label
    head: tuple[Label, ...]
    rows: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True)
class Code:
    """A piece of SQL to copy."""

    text: str


@dataclass(frozen=True)
class Details:
    """What a reader may open: ``id`` is the anchor inside, which opens it."""

    id: str
    summary: Label
    parts: tuple[Label | Grid | Code, ...]


@dataclass(frozen=True)
class Download:
    """A file format offered below every table; ``{code}`` in the link stands for the table's code."""

    name: str
    href: str = "tables/{code}.csv"  # {language} stands for the language of the page
