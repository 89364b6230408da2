"""What only a person knows of a deposit: authors, and the terms of each source. It stands in deposit.toml of the study."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nqp.errors import StudyError, did_you_mean
from nqp.language.labels import NOTHING, Label

FILE = "deposit.toml"
RIGHTS = ("redistributable", "restricted", "unknown")
# A licence that the name of a source states itself.
STATED = re.compile(r"\b(?:CC0|CC BY(?:-[A-Z]{2})*(?: \d\.\d)?|ODbL|OGL)\b")


@dataclass(frozen=True)
class Author:
    """Who answers for the deposit."""

    name: str
    affiliation: str = ""
    orcid: str = ""
    email: str = ""


@dataclass(frozen=True)
class Source:
    """The terms of one source, as the column ``source`` of def_series.csv names it."""

    source: str
    licence: str = ""
    rights: str = "unknown"
    url: str = ""
    accessed: str = ""
    citation: str = ""
    obtained: Label = NOTHING


@dataclass(frozen=True)
class Facts:
    """All that deposit.toml says; an absent file says nothing."""

    authors: tuple[Author, ...] = ()
    doi: str = ""
    paper: str = ""
    contact: str = ""
    sources: tuple[Source, ...] = ()

    def of(self, source: str) -> Source:
        """The terms of a source; what nobody has stated is blank, but for a licence in its name."""
        for one in self.sources:
            if one.source == source:
                return one
        stated = STATED.search(source)
        return Source(source, stated[0] if stated else "", "redistributable" if stated else "unknown")


def read_facts(folder: Path, known: tuple[str, ...]) -> Facts:
    """The facts of a study; ``known`` are its sources. Raises StudyError naming file, key and how to mend it."""
    path = folder / FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Facts()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(f"{path}: {error}") from error
    _only(path, "", content, {"authors", "doi", "paper", "contact", "sources"})
    authors = tuple(
        Author(**_texts(path, "[[authors]]", item, {"name", "affiliation", "orcid", "email"}, {"name"}))
        for item in _items(path, content, "authors")
    )
    sources = []
    for item in _items(path, content, "sources"):
        obtained = _label(path, item.pop("obtained", ""))
        allowed = {"source", "licence", "rights", "url", "accessed", "citation"}
        texts = _texts(path, "[[sources]]", item, allowed, {"source"})
        if texts["source"] not in known:
            nearest = did_you_mean(texts["source"], known)
            raise StudyError(
                f"{path}: [[sources]]: no series has the source '{texts['source']}'.{nearest} Sources: {'; '.join(known)}."
            )
        if (rights := texts.get("rights", "unknown")) not in RIGHTS:
            raise StudyError(
                f"{path}: [[sources]]: key 'rights' is '{rights}'. Allowed: {', '.join(RIGHTS)}."
            )
        sources.append(Source(**texts, obtained=obtained))
    named = {key: value for key in ("doi", "paper", "contact") if (value := content.get(key, ""))}
    return Facts(authors, sources=tuple(sources), **_texts(path, "", named, set(named), set()))


def _items(path: Path, content: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = content.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise StudyError(f"{path}: write '{key}' as [[{key}]].")
    return [dict(item) for item in value]


def _only(path: Path, where: str, item: Mapping[str, Any], allowed: set[str]) -> None:
    for key in item:
        if key not in allowed:
            raise StudyError(
                f"{path}: {where} unknown key '{key}'.{did_you_mean(key, allowed)} Allowed: {', '.join(sorted(allowed))}."
            )


def _texts(
    path: Path, where: str, item: Mapping[str, Any], allowed: set[str], required: set[str]
) -> dict[str, str]:
    _only(path, where, item, allowed)
    for key in required - set(item):
        raise StudyError(f"{path}: {where}: key '{key}' is missing.")
    for key, value in item.items():
        if not isinstance(value, str):
            raise StudyError(f"{path}: {where}: key '{key}': write a text in quotes.")
    return dict(item)


def _label(path: Path, value: Any) -> Label:
    if isinstance(value, str):
        return Label.both(value)
    if (
        isinstance(value, dict)
        and set(value) <= {"zh", "en"}
        and all(isinstance(v, str) for v in value.values())
    ):
        return Label(value.get("zh", ""), value.get("en", ""))
    raise StudyError(f"{path}: [[sources]]: key 'obtained': write a text or {{ zh = ..., en = ... }}.")
