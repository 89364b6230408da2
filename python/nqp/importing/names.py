"""Printed names to codes, by one reference table at a time; aggregates aside; the rest a question."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nqp.errors import StudyError
from nqp.importing import reference
from nqp.importing.reference import TABLES, Entity

NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{1,3}")
LOWER_CODE = re.compile(r"(?=.*[a-z])[A-Za-z]{2,3}")  # codes of countries are capitals: geo is no Georgia
BARE_CODE = re.compile(r"\d{1,6}(?:\.0)?")


@functools.lru_cache(maxsize=200_000)
def is_known(text: str) -> bool:
    """Whether a text is an entity or an aggregate of any table, numbers aside."""
    if not text or BARE_CODE.fullmatch(text) or LOWER_CODE.fullmatch(text.strip()):
        return False
    name = reference.key(text)
    return any(name in reference.entities(t) for t in TABLES) or name in reference.aggregates()


def is_code(text: str) -> bool:
    """Whether a number is the code of a province or city (2, 4 or 6 digits) or of a country (3 digits)."""
    return bool(BARE_CODE.fullmatch(text)) and any(
        reference.key(text.removesuffix(".0")) in reference.entities(t) for t in ("provinces", "cities")
    )


@dataclass(frozen=True)
class Match:
    """What a printed name is: an entity, an aggregate (``entity`` None, ``aggregate`` True), or unknown."""

    entity: Entity | None
    aggregate: bool = False


def match(name: str, table: str) -> Match:
    """One printed name in one table."""
    text = reference.key(name.removesuffix(".0") if BARE_CODE.fullmatch(name) else name)
    entity = reference.entities(table).get(text) if not LOWER_CODE.fullmatch(name.strip()) else None
    if entity is not None:
        return Match(entity)
    if text in reference.aggregates():
        return Match(None, True)
    plain = re.sub(r"^(?:其中|其中:|#)|(?:合计|总计|小计)$", "", text)
    if plain != text:
        inner = reference.entities(table).get(plain)
        if inner is not None and not text.endswith(("合计", "总计", "小计")):
            return Match(inner)
        if plain in reference.aggregates() or plain == "":
            return Match(None, True)
    return Match(None)


def share(names: Iterable[str], table: str) -> float:
    """Which part of distinct names a table knows, aggregates included; 0 where it knows no entity."""
    distinct = [n for n in dict.fromkeys(names) if n]
    if not distinct:
        return 0.0
    found = [match(n, table) for n in distinct]
    if not any(f.entity for f in found):
        return 0.0
    return sum(1 for f in found if f.entity or f.aggregate) / len(distinct)


def best_table(names: Iterable[str], entities: str) -> tuple[str | None, float]:
    """The table that knows most of some names, at least half; None where names are codes by themselves."""
    if entities == "any":
        return None, 0.0
    tables = TABLES if entities == "auto" else (entities,)
    distinct = [n for n in dict.fromkeys(names) if n]
    shares = [
        (share(distinct, t), -i, t) for i, t in enumerate(("provinces", "countries", "cities")) if t in tables
    ]
    top, _, table = max(shares)
    if (table == "cities" and top < 0.5) or top < (0.5 if entities == "auto" else 1e-9):
        return None, top
    return table, top


def check_table(entities: str) -> None:
    """Raises `StudyError` where no such table exists."""
    if entities not in ("auto", "any", *TABLES):
        raise StudyError(
            f"entities={entities}: there is no such table of names. Known: auto, any, {', '.join(TABLES)}."
        )


def in_title(text: str, entities: str) -> str | None:
    """The name of an entity with which a title, a sheet or a file begins, or which follows 地区：; None otherwise."""
    if entities == "any":
        return None
    found = re.match(
        r"(?:地区|省份|地域|国家|城市|region|country|area)\s*[:：]\s*(.+)$", text.strip(), re.IGNORECASE
    )
    whole = found[1].strip() if found else text.strip()
    tables = TABLES if entities == "auto" else (entities,)
    for table in tables:
        if match(whole, table).entity is not None and not BARE_CODE.fullmatch(whole):
            return whole
    if not re.search("[\u4e00-\u9fff]", whole):
        return None
    for table in tables:
        known = reference.entities(table)
        for size in range(min(12, len(whole) - 1), 1, -1):
            if whole[:size] in known and re.search("[\u4e00-\u9fff]", whole[:size]):
                return whole[:size]
    return None


class Codes:
    """Names of one reading: every distinct name is decided once."""

    def __init__(self, given: Mapping[str, str] | None) -> None:
        self.given = {reference.key(k): v for k, v in (given or {}).items()}
        self.entities: dict[str, Entity] = {}

    def of(self, name: str, table: str | None, regional: bool = False) -> tuple[str | None, str]:
        """(code, what was done): code, code_as_printed, aggregate, left_out, or unknown with no code.

        ``regional``: areas of SDMX files may be NUTS regions, which are their own codes.
        """
        key = reference.key(name)
        if key in self.given:
            code = self.given[key]
            if code == "":
                return None, "left_out"
            found = match(code, table) if table else Match(None)
            self._keep(found.entity or Entity(code, name, name, "other", ""))
            return (found.entity.code if found.entity else code), "code"
        if table is None:
            text = name.strip()
            self._keep(Entity(text, text, text, "other", ""))
            return text, "code_as_printed"
        found = match(name, table)
        if found.entity is not None:
            self._keep(found.entity)
            return found.entity.code, "code"
        if regional and not found.aggregate and NUTS.fullmatch(name):
            country = reference.entities("countries").get(name[:2].casefold())
            if country is not None:
                self._keep(Entity(name, "", name, "other", country.code))
                return name, "code_as_printed"
        return None, "aggregate" if found.aggregate else "unknown"

    def _keep(self, entity: Entity) -> None:
        self.entities.setdefault(entity.code, entity)
