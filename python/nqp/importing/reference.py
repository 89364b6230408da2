"""The reference tables shipped as data: entities by name, symbols, steps. Sources: `reference/README.md`."""

from __future__ import annotations

import csv
import difflib
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from nqp.importing.grids import half_width
from nqp.language.labels import Label

FOLDER = Path(__file__).parent / "reference"
TABLES = ("provinces", "cities", "countries")
# marks at the end of a name: ①, *, superscripts, 1) and [1]
MARKS = re.compile(r"(?:[①-⑳*＊†‡¹²³⁴-⁹]|\[\d{1,2}\]|(?<=[^\d\s.,:(（/])\d\))+$")


@dataclass(frozen=True)
class Entity:
    """One entity of a reference table."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    group: str


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one reference table."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def key(name: str) -> str:
    """A name as it is compared: no blanks in Chinese, no case, no marks, one form of every sign."""
    text = MARKS.sub("", half_width(name).strip())
    text = text.replace("’", "'").replace("‘", "'").replace("，", ",")
    if re.search("[\u4e00-\u9fff]", text):
        return re.sub(r"\s+", "", text)
    return re.sub(r"\s+", " ", text).strip().casefold()


@functools.cache
def entities(table: str) -> dict[str, Entity]:
    """Every spelling of a table (as `key` gives it) to its entity."""
    found: dict[str, Entity] = {}
    for row in rows(f"{table}.csv"):
        code = row["entity_code"]
        if table == "cities":
            entity = Entity(code, row["name_zh"], "", "city", row["province_code"])
            spellings = [row["full_zh"], row["name_zh"], code, code[:4]]
        elif table == "provinces":
            entity = Entity(code, row["name_zh"], row["name_en"], "province", row["group_code"])
            english = row["name_en"]
            tails = ("", " Province", " City", " Municipality", " Sheng", " Shi")
            spellings = [
                row["full_zh"],
                row["name_zh"],
                code,
                row["code6"],
                *(english + tail for tail in tails),
            ]
        else:
            entity = Entity(code, row["name_zh"], row["name_en"], "country", row["group_code"])
            spellings = [row["name_en"], row["name_zh"], code, row["code2"]]
        for spelling in (*spellings, *row["variants"].split("|")):
            if spelling:
                found.setdefault(key(spelling), entity)
    return found


@functools.cache
def aggregates() -> frozenset[str]:
    """Names of sums and averages over entities: 全国, 东部地区, World. A name is first looked up as an entity."""
    return frozenset(key(row["name"]) for row in rows("aggregates.csv"))


@functools.cache
def symbols() -> dict[str, str]:
    """Printed symbols to `missing` or `zero`."""
    return {row["symbol"].casefold(): row["meaning"] for row in rows("symbols.csv")}


@functools.cache
def steps() -> dict[str, Label]:
    """The steps of the log in words."""
    return {row["step"]: Label(row["zh"], row["en"]) for row in rows("steps.csv")}


@functools.cache
def groups() -> dict[tuple[str, str], Label]:
    """(kind, group code) to the names of the group; the group of a city is its province."""
    found = {
        (row["kind"], row["group_code"]): Label(row["name_zh"], row["name_en"]) for row in rows("groups.csv")
    }
    for row in rows("provinces.csv"):
        found["city", row["entity_code"]] = Label(row["name_zh"], row["name_en"])
    return found


def nearest(name: str, table: str) -> list[str]:
    """Up to three names of a table that look like one that is not in it."""
    known = entities(table)
    close = difflib.get_close_matches(key(name), known, n=6, cutoff=0.5)
    found: list[str] = []
    for one in close:
        entity = known[one]
        label = (
            entity.name_zh
            if re.search("[\u4e00-\u9fff]", name) and entity.name_zh
            else entity.name_en or entity.name_zh
        )
        if label not in found:
            found.append(label)
    return found[:3]
