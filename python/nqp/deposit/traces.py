"""Which program, which mart and which query stand behind every exhibit; the rules are rows of exhibit_sources.csv."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nqp.document.exhibits import Exhibits, Picture
from nqp.document.table import Table
from nqp.language.labels import Label
from nqp.study.database import literals
from nqp.study.specification import (
    ConventionTable,
    DescriptiveTable,
    IndicatorTable,
    RegressionTable,
    SensitivityTable,
    Specification,
    TableSpec,
)
from nqp.study.specification_described import DefinitionTable, DescribedTable

RULES = Path(__file__).with_name("exhibit_sources.csv")


@dataclass(frozen=True)
class Trace:
    """An exhibit with what made it; ``file`` is its data in the folder of the output."""

    code: str
    number: Label
    title: Label
    program: str
    mart: str
    query: str
    file: str


def traces(exhibits: Exhibits, specification: Specification, columns: Mapping[str, str]) -> list[Trace]:
    """The trace of every exhibit in order; ``columns`` are the columns of the panel by variable."""
    with RULES.open(encoding="utf-8", newline="") as stream:
        rules = list(csv.DictReader(stream))
    specs = {spec.code: spec for spec in specification.tables}
    return [_trace(item, rules, specs.get(item.code), columns) for item in exhibits.items]


def _trace(
    item: Table | Picture, rules: list[dict[str, str]], spec: TableSpec | None, columns: Mapping[str, str]
) -> Trace:
    is_figure = isinstance(item, Picture)
    file = f"{'figures' if is_figure else 'tables'}/{item.code}.csv"
    kind, given = item.code, {"code": item.code}
    if isinstance(item, Picture):
        kind = item.kind
        given["subject"] = item.code.removeprefix(f"{item.kind}-")
    elif spec is not None:
        kind, more = _of_specification(spec, columns)
        given |= more
    for rule in rules:
        if found := re.fullmatch(rule["code"], kind):
            query = rule["query"].format(**given, **found.groupdict())
            return Trace(item.code, item.number, item.title, rule["program"], rule["mart"], query, file)
    return Trace(item.code, item.number, item.title, "", "", "", file)


def _of_specification(spec: TableSpec, columns: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The rule for a table of specifications.toml, and what its query names."""
    match spec:
        case IndicatorTable():
            return "indicators", {"index": spec.index}
        case DescriptiveTable():
            return "descriptives", {"variables": literals(spec.variables)}
        case RegressionTable():
            return "regressions", {}
        case ConventionTable():
            return "conventions", {}
        case SensitivityTable():
            return "sensitivity", {}
        case DefinitionTable():
            return "definitions", {}
        case DescribedTable():
            named = [
                "entity_code",
                "year",
                *(columns[name] for name in (*spec.variables, *filter(None, [spec.by]))),
            ]
            return "described", {"columns": ", ".join(named)}
    return spec.code, {}
