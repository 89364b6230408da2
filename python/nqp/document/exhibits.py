"""All exhibits of a run as data: what stands in which order, to be read again without estimating anything.

A table is stored whole; of a figure its words, and per language the file that holds its Vega-Lite specification.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from nqp.document import cells, table
from nqp.document.figure import Figure
from nqp.document.table import Table
from nqp.language.labels import Label, Language
from nqp.language.numbers import written
from nqp.language.words import WORDS

FILE = "exhibits.json"  # in the output folder
T = TypeVar("T")


@dataclass(frozen=True)
class Picture:
    """A figure without its data: what is said of it, and the file of its drawing in each language."""

    code: str
    kind: str
    number: Label
    title: Label
    units: Label
    source: Label
    alt: Label
    table: str
    drawings: Mapping[Language, str]


@dataclass(frozen=True)
class Exhibits:
    """The tables and figures of a study in the order of its report."""

    study: Label
    entity: Label
    languages: tuple[Language, ...]
    items: tuple[Table | Picture, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables alone."""
        return tuple(item for item in self.items if isinstance(item, Table))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The figures alone."""
        return tuple(item for item in self.items if isinstance(item, Picture))


def drawing_file(figure: Figure, language: Language) -> str:
    """Where the Vega-Lite specification of a figure stands, below the output folder."""
    return f"figures/{figure.code}.{language}.vl.json"


def picture(figure: Figure, place: int, languages: tuple[Language, ...]) -> Picture:
    """A figure as it is stored; ``place`` is its number on the page."""
    number = Label(WORDS["zh"]["figure"].format(place), WORDS["en"]["figure"].format(place))
    files = {language: drawing_file(figure, language) for language in languages}
    return Picture(
        figure.code, figure.kind, number, figure.title, figure.units, figure.source, figure.alt, figure.table, files
    )  # fmt: skip


def numbered(items: Sequence[Table | Picture]) -> tuple[Table | Picture, ...]:
    """The items with a number each: a table that the study does not number is one of the appendix."""
    found: list[Table | Picture] = []
    place = 0
    for item in items:
        if not item.number:
            place += 1
            item = replace(item, number=Label(f"附表 {place}", f"Table A{place}"))
        found.append(item)
    return tuple(found)


def as_json(exhibits: Exhibits) -> bytes:
    """The exhibits as JSON, numbers to the digits that every file has; equal exhibits give equal bytes."""
    return (json.dumps(_plain(exhibits), ensure_ascii=False, indent=1) + "\n").encode()


def read(content: bytes) -> Exhibits:
    """The exhibits of a file that :func:`as_json` made. Raises ValueError for anything else."""
    try:
        found = _object(json.loads(content))
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a list of exhibits: {error}") from error
    if not isinstance(found, Exhibits):
        raise ValueError("not a list of exhibits")
    return found


def _known() -> dict[str, type]:
    """Every kind of thing that a table is made of, by its name."""
    classes = [
        one
        for module in (cells, table)
        for one in vars(module).values()
        if isinstance(one, type) and is_dataclass(one)
    ]
    return {one.__name__: one for one in (Label, Picture, Exhibits, *classes)}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        defaults = {field.name: field.default for field in fields(value)}
        kept = {name: one for name, one in named.items() if getattr(value, name) != defaults[name]}
        return {"is": type(value).__name__, **kept}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, float):
        return written(float(value)) if value == value else None  # NaN is an absent number
    return value.item() if hasattr(value, "item") else value


def _object(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_object(one) for one in value)
    if isinstance(value, dict):
        rest = {name: _object(one) for name, one in value.items() if name != "is"}
        return _known()[value["is"]](**rest) if "is" in value else rest
    return value
