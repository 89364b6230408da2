"""What a study should give: a reader of study folders and a computation in NumPy that share no code with the project.

The reader knows the rules of docs/study-format.md as far as the tiny study uses them. What those rules refuse raises
Unreadable; what they allow gives numbers: the scores of the index, the panel and one two-way fixed-effects regression
with standard errors clustered by entity (reghdfe's rule).
"""

from __future__ import annotations

import csv
import io
import math
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

Key = tuple[str, int]
Cells = dict[Key, float]
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
YES, NO = ("true", "yes", "1"), ("false", "no", "0")
SPACE = " \t\r\n\f\v\u00a0\u3000\ufeff"
REQUIRED = {
    "def_groups": ["group_code"],
    "def_entities": ["entity_code"],
    "def_series": ["series_code", "unit", "source"],
    "def_derived_series": ["series_code", "operation", "left_series", "right_series"],
    "def_indices": ["index_code", "first_year", "last_year"],
    "def_dimensions": ["index_code", "dimension_code"],
    "def_indicators": ["index_code", "dimension_code", "indicator_code", "direction", "numerator_series"],
    "def_variables": ["variable_code", "role", "numerator_series"],
    "def_specs": ["spec_code"],
    "raw_observations": ["entity_code", "year", "series_code", "observed_value"],
}


class Unreadable(Exception):
    """The rules of the study format do not allow this."""


@dataclass
class Truth:
    """What comes out of a study: scores and panel by entity and year; coefficient and standard error by term."""

    scores: Cells = field(default_factory=dict)
    panel: dict[str, Cells] = field(default_factory=dict)
    fit: dict[str, tuple[float, float]] = field(default_factory=dict)
    observations: int = 0


# ------------------------------------------------------------------------------------------------ files


def read_rows(content: bytes, required: list[str]) -> list[dict[str, str]]:
    """The rows of one CSV file, every cell trimmed."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-8") from error
    if "\0" in text:
        raise Unreadable("a null character")
    try:
        lines = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise Unreadable(str(error)) from error
    if not lines:
        raise Unreadable("empty")
    header = [name.strip(SPACE).lower() for name in lines[0]]
    if len(set(header)) != len(header) or "" in header:
        raise Unreadable("a header cell is blank or stands twice")
    if missing := [name for name in required if name not in header]:
        raise Unreadable(f"no column {missing[0]}")
    for line in lines[1:]:
        if len(line) != len(header):
            raise Unreadable("a row of another length")
    return [dict(zip(header, (cell.strip(SPACE) for cell in line), strict=True)) for line in lines[1:]]


def number(text: str) -> float:
    if not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise Unreadable(f"{text!r} is no number")
    return float(text)


def whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise Unreadable(f"{text!r} is no whole number")
    return int(text)


def unique(rows: list[dict[str, str]], *key: str) -> None:
    keys = [tuple(row[name] for name in key) for row in rows]
    if len(set(keys)) != len(keys) or any("" in one for one in keys):
        raise Unreadable(f"{key} is blank or stands twice")


@dataclass
class Study:
    """The files of a study, each as rows; a file that is absent is None."""

    files: dict[str, list[dict[str, str]] | None]
    toml: dict[str, Any]

    def rows(self, name: str) -> list[dict[str, str]]:
        return self.files.get(name) or []


def read_study(folder: Path, outside: list[dict[str, str]] | None = None) -> Study:
    """Read a folder; ``outside`` stands for observations that are read from elsewhere."""
    files: dict[str, list[dict[str, str]] | None] = {}
    for name, required in REQUIRED.items():
        path = folder / f"{name}.csv"
        if name == "raw_observations" and outside is not None:
            files[name] = outside
        elif path.is_file():
            files[name] = read_rows(path.read_bytes(), required)
        else:
            files[name] = None
    for path in folder.glob("pub_*.csv"):
        read_rows(path.read_bytes(), [])
    try:
        toml = tomllib.loads((folder / "specifications.toml").read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, FileNotFoundError) as error:
        raise Unreadable("specifications.toml") from error
    return Study(files, toml)


# ---------------------------------------------------------------------------------------------- figures


def truth_of(study: Study) -> Truth:
    """The numbers of a study, or Unreadable."""
    cells = _observed(study, _entities(study))
    series = _with_derived(study, cells)
    years = sorted({year for values in cells.values() for _, year in values})
    scores = _scores(study, series, years)
    panel = _panel(study, series)
    found = Truth(scores, {**panel, "q": scores})
    found.fit, found.observations = fit(study.toml, found.panel, _groups(study))
    return found


def _entities(study: Study) -> dict[str, bool] | None:
    """Whether each entity is part of the study; None where the observations say who is there."""
    rows = study.files["def_entities"]
    if rows is None:
        return None
    unique(rows, "entity_code")
    if study.files["def_groups"] is not None:
        unique(study.rows("def_groups"), "group_code")
        known = {row["group_code"] for row in study.rows("def_groups")}
        if any(row.get("group_code", "") not in known for row in rows):
            raise Unreadable("unknown group")
    if any(row.get("left_out", "").lower() not in ("", *YES, *NO) for row in rows):
        raise Unreadable("left_out")
    return {row["entity_code"]: row.get("left_out", "").lower() not in YES for row in rows}


def _groups(study: Study) -> dict[str, str]:
    return {row["entity_code"]: row.get("group_code", "") for row in study.rows("def_entities")}


def _observed(study: Study, entities: dict[str, bool] | None) -> dict[str, Cells]:
    rows = study.files["raw_observations"]
    if not rows:
        raise Unreadable("no observations")
    known = study.files["def_series"]
    if known is not None:
        unique(known, "series_code")
        if any(not row["unit"] or not row["source"] for row in known):
            raise Unreadable("a series without unit or source")
    codes = {row["series_code"] for row in known} if known is not None else None
    cells: dict[str, Cells] = {}
    seen = set()
    for row in rows:
        key = (row["entity_code"], whole(row["year"]), row["series_code"])
        if key in seen:
            raise Unreadable("a cell stands twice")
        seen.add(key)
        if not row["entity_code"] or (entities is not None and row["entity_code"] not in entities):
            raise Unreadable("unknown entity")
        if not row["series_code"] or (codes is not None and row["series_code"] not in codes):
            raise Unreadable("unknown series")
        if row["observed_value"] and (entities is None or entities[row["entity_code"]]):
            cells.setdefault(key[2], {})[key[:2]] = number(row["observed_value"])
    for code in codes or ():
        cells.setdefault(code, {})
    return cells


def _with_derived(study: Study, cells: dict[str, Cells]) -> dict[str, Cells]:
    rows = study.rows("def_derived_series")
    unique(rows, "series_code")
    series = dict(cells)
    for row in sorted(rows, key=lambda one: one.get("step", "") or "1"):
        if row.get("step", "") not in ("", "1", "2") or row["series_code"] in series:
            raise Unreadable("a derived series")
        inputs = cells if row.get("step", "") != "2" else series
        if row["left_series"] not in inputs or row["right_series"] not in inputs:
            raise Unreadable("unknown series")
        left, right = inputs[row["left_series"]], inputs[row["right_series"]]
        factor = number(row["multiplier"]) if row.get("multiplier") else 1.0
        both = left.keys() & right.keys()
        match row["operation"]:
            case "sum":
                found = {key: left[key] + right[key] for key in both}
            case "product":
                found = {key: left[key] * right[key] for key in both}
            case "ratio":
                if any(right[key] == 0 for key in both):
                    raise Unreadable("a ratio by zero")
                found = {key: left[key] / right[key] for key in both}
            case _:
                raise Unreadable("unknown operation")
        series[row["series_code"]] = {key: factor * one for key, one in found.items()}
    return series


def _quotient(row: dict[str, str], series: dict[str, Cells]) -> Cells:
    """Numerator, over denominator where there is one, times the multiplier."""
    for side in ("numerator_series", "denominator_series"):
        if (row.get(side) or side == "numerator_series") and row.get(side, "") not in series:
            raise Unreadable(f"unknown series {row.get(side)!r}")
    factor = number(row["multiplier"]) if row.get("multiplier") else 1.0
    if factor == 0:
        raise Unreadable("multiplier 0")
    top = series[row["numerator_series"]]
    if not row.get("denominator_series"):
        return {key: factor * one for key, one in top.items()}
    below = series[row["denominator_series"]]
    if any(below[key] == 0 for key in top.keys() & below.keys()):
        raise Unreadable("a ratio by zero")
    return {key: factor * top[key] / below[key] for key in top.keys() & below.keys()}


def _scores(study: Study, series: dict[str, Cells], years: list[int]) -> Cells:
    """Pooled min-max, entropy weights, TOPSIS."""
    rows = study.rows("def_indicators")
    if not rows:
        return {}
    unique(rows, "index_code", "indicator_code")
    indices = study.files["def_indices"]
    if indices is not None:
        unique(indices, "index_code")
        if {row["index_code"] for row in rows} != {row["index_code"] for row in indices}:
            raise Unreadable("unknown index")
        first, last = whole(indices[0]["first_year"]), whole(indices[0]["last_year"])
        if indices[0].get("missing", "") not in ("", "stop", "drop rows", "drop entities") or first > last:
            raise Unreadable("the index")
    else:
        first, last = years[0], years[-1]
    missing = (indices[0].get("missing") or "stop") if indices else "stop"
    known = study.files["def_dimensions"]
    if known is not None:
        unique(known, "index_code", "dimension_code")
        if any(
            (row["index_code"], row["dimension_code"])
            not in {(one["index_code"], one["dimension_code"]) for one in known}
            for row in rows
        ):
            raise Unreadable("unknown dimension")
    values = []
    for row in rows:
        if row["direction"] not in ("positive", "negative"):
            raise Unreadable("direction")
        if not re.fullmatch("[a-z][a-z0-9_]*", row["indicator_code"]):
            raise Unreadable("a code that is no column name")
        values.append({key: one for key, one in _quotient(row, series).items() if first <= key[1] <= last})
    keys = set().union(*values)
    observed = {key for cells in series.values() for key in cells if first <= key[1] <= last}
    short = {key for key in observed | keys if any(key not in one for one in values)}
    if short and missing == "stop":
        raise Unreadable("a missing cell")
    if missing == "drop entities":
        short |= {key for key in keys if key[0] in {one[0] for one in short}}
    order = sorted(keys - short)
    if len(order) < 2:
        raise Unreadable("nothing to compute")
    matrix = np.array([[one[key] for one in values] for key in order])
    low, high = matrix.min(axis=0), matrix.max(axis=0)
    varies = high > low
    if not varies.any():
        raise Unreadable("nothing varies")
    span = np.where(varies, high - low, 1.0)
    positive = np.array([row["direction"] == "positive" for row in rows])
    scaled = np.where(positive, (matrix - low) / span, (high - matrix) / span) * varies
    total = scaled.sum(axis=0)
    share = scaled / np.where(total > 0, total, 1.0)
    logs = np.log(share, where=share > 0, out=np.zeros_like(share))
    entropy = -(share * logs).sum(axis=0) / math.log(len(order))
    divergence = np.where(varies, 1 - entropy, 0.0)
    weight = divergence / divergence.sum()
    weighted = scaled * weight
    best = np.sqrt(((weighted - weighted.max(axis=0)) ** 2).sum(axis=1))
    worst = np.sqrt(((weighted - weighted.min(axis=0)) ** 2).sum(axis=1))
    return {key: float(one) for key, one in zip(order, worst / (worst + best), strict=True)}


def _panel(study: Study, series: dict[str, Cells]) -> dict[str, Cells]:
    """The variables of the study."""
    rows = study.rows("def_variables")
    unique(rows, "variable_code")
    panel = {}
    for row in rows:
        if row["role"] not in ("outcome", "core", "control", "reference"):
            raise Unreadable("role")
        cells = _quotient(row, series)
        transform = row.get("transform", "")
        if transform not in ("", "level", "log"):
            raise Unreadable("transform")
        if transform == "log":
            if any(one <= 0 for one in cells.values()):
                raise Unreadable("a logarithm of what is not positive")
            cells = {key: math.log(one) for key, one in cells.items()}
        panel[row["variable_code"]] = cells
    return panel


# -------------------------------------------------------------------------------------------------- fit


def fit(
    toml: dict[str, Any], panel: dict[str, Cells], groups: dict[str, str]
) -> tuple[dict[str, tuple[float, float]], int]:
    """The regression of table `main`: two-way (or fewer) effects, clustered by entity."""
    tables = [table for table in toml.get("tables", []) if table.get("code") == "main"]
    if len(tables) != 1:
        return {}, 0
    table = tables[0]
    terms = [*table.get("core", []), *table.get("controls", [])]
    if any(name not in panel for name in [table.get("outcome", ""), *terms]):
        raise Unreadable("unknown variable")
    sample = table.get("sample", {})
    keys = set.intersection(*(set(panel[name]) for name in [table["outcome"], *terms]))
    keys = {
        key
        for key in keys
        if sample.get("first_year", -(10**9)) <= key[1] <= sample.get("last_year", 10**9)
        and key[0] not in sample.get("without_entities", [])
        and ("groups" not in sample or groups[key[0]] in sample["groups"])
    }
    effects = table.get("effects", ["entity", "year"])
    rows = _without_singletons(keys, effects)
    if not rows:
        raise Unreadable("no rows")
    low, high = table.get("winsorise", (None, None))

    def column(name: str) -> Any:
        values = np.array([panel[name][key] for key in rows])
        return values if low is None else np.clip(values, *np.quantile(values, [low, high]))

    outcome = column(table["outcome"])
    regressors = np.column_stack([column(name) for name in terms])
    dummies = [np.ones(len(rows))]
    for position, effect in enumerate(("entity", "year")):
        levels = sorted({key[position] for key in rows})[1:]
        if effect in effects:
            dummies += [np.array([float(key[position] == level) for key in rows]) for level in levels]
    design = np.column_stack([regressors, *dummies])
    rank = np.linalg.matrix_rank(design)
    if rank < design.shape[1] or len(rows) <= design.shape[1]:
        return {}, len(rows)
    coefficients, *_ = np.linalg.lstsq(design, outcome, rcond=None)
    residual = outcome - design @ coefficients
    bread = np.linalg.inv(design.T @ design)
    clusters = sorted({key[0] for key in rows})
    meat = np.zeros((design.shape[1],) * 2)
    for cluster in clusters:
        here = np.array([key[0] == cluster for key in rows])
        score = design[here].T @ residual[here]
        meat += np.outer(score, score)
    nested = len(clusters) - 1 if "entity" in effects else 0
    scale = len(clusters) / (len(clusters) - 1) * (len(rows) - 1) / (len(rows) - (design.shape[1] - nested))
    errors = np.sqrt(np.diag(scale * bread @ meat @ bread))
    return {
        name: (float(coefficients[place]), float(errors[place])) for place, name in enumerate(terms)
    }, len(rows)


def _without_singletons(keys: set[Key], effects: list[str]) -> list[Key]:
    """The rows that do not stand alone in an effect, as reghdfe drops them."""
    while True:
        alone = {
            key
            for key in keys
            for position, effect in enumerate(("entity", "year"))
            if effect in effects and sum(one[position] == key[position] for one in keys) == 1
        }
        if not alone:
            return sorted(keys)
        keys = keys - alone
