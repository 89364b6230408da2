"""What an equation is written in: its variables and its effects, and the errors and remarks of all estimators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
EFFECTS = ("entity", "year")
ENTITY = ("entity",)  # the clusters of a fit that names none
TREND = "trend"
GROUP = "group"  # the group of an entity, as a category


class EstimationError(ValueError):
    """A model that cannot be estimated: one message that says what, where, and how to mend it."""


@dataclass(frozen=True)
class Dropped:
    """A right-hand variable or an instrument left out of the model, and why."""

    term: str
    reason: str
    reason_zh: str


class Remark(NamedTuple):
    """A sentence for the notes of a table, in both languages."""

    en: str
    zh: str


def parts_of(effect: str) -> tuple[str, ...]:
    """The categories whose combinations an effect or a cluster is: ``a:b`` is a and b, ``a:trend`` is a."""
    return tuple(part for part in effect.split(":") if part != TREND)


def is_trend(effect: str) -> bool:
    """Whether an effect is a linear trend in the year of each category's own, ``a:trend``; its level belongs to it."""
    return effect.endswith(f":{TREND}")


def in_order(effects: Iterable[str]) -> tuple[str, ...]:
    """The effects, entity and year first, the others as they were named; EstimationError for one that is written wrongly."""
    named = tuple(dict.fromkeys(effects))
    for effect in named:
        if fault := fault_of(effect):
            raise EstimationError(f"effect '{effect}': {fault}.")
    if f"entity:{TREND}" in named:
        named = (
            *named,
            "entity",
        )  # a slope comes with its level: without one it would depend on the year called 0
    first = tuple(effect for effect in EFFECTS if effect in named)
    return (*first, *(effect for effect in named if effect not in EFFECTS))


def fault_of(effect: str) -> str:
    """What is wrong with the writing of an effect; '' where nothing is."""
    parts = parts_of(effect)
    if effect == TREND:
        return "a trend belongs to a category: write entity:trend or group:trend"
    if not parts or not all(parts) or TREND in effect.split(":")[:-1]:
        return "write a category, several joined by a colon (group:year), or a category and its trend (entity:trend)"
    if len(set(parts)) < len(parts):
        return "a category stands twice"
    if {"entity", "year"} <= set(parts):
        return "every row is an entity and a year of its own: nothing is left to estimate"
    if is_trend(effect) and "year" in parts:
        return "a trend within one year does not exist"
    return ""


def check_clusters(clusters: Iterable[str]) -> tuple[str, ...]:
    """The levels of clustering; EstimationError unless they are one or two, written as effects without a trend."""
    named = tuple(clusters)
    for level in named:
        fault = "a trend is no cluster" if is_trend(level) else ""
        if {"entity", "year"} <= set(parts_of(level)):
            fault = "every row would be a cluster of its own: that is the covariance hc1"
        if fault := fault or fault_of(level):
            raise EstimationError(f"cluster '{level}': {fault}.")
    if not 1 <= len(named) <= 2 or len(set(named)) < len(named):
        raise EstimationError(
            f"clusters {', '.join(named) or 'none'}: name one level, or two different ones."
        )
    return named


def further_categories(named: Iterable[str]) -> tuple[str, ...]:
    """The columns that effects and clusters need besides entity and year, each once."""
    return tuple(dict.fromkeys(part for effect in named for part in parts_of(effect) if part not in EFFECTS))


def check_names(outcome: str, terms: list[str], endog: list[str], excluded: list[str]) -> None:
    """EstimationError unless the names of a model fit together."""
    names = [outcome, *terms, *excluded]
    if twice := sorted({c for c in names if names.count(c) > 1}):
        raise EstimationError(
            f"'{twice[0]}' stands more than once among outcome, regressors and instruments."
        )
    if not terms:
        raise EstimationError(f"model of '{outcome}': no regressors.")
    if stray := [c for c in endog if c not in terms]:
        raise EstimationError(f"endogenous '{stray[0]}' is not among the regressors {', '.join(terms)}.")
    if len(set(endog)) < len(endog):
        raise EstimationError("an endogenous regressor is named twice.")
    if bool(endog) != bool(excluded) or len(excluded) < len(endog):
        raise EstimationError(
            f"model of '{outcome}': {len(excluded)} instrument(s) for {len(endog)} endogenous regressor(s); "
            "name at least as many instruments, and neither without the other."
        )


def check_term(term: str, terms: list[str], draws: int) -> None:
    """EstimationError unless the term is estimated and there is something to draw."""
    if term not in terms:
        raise EstimationError(f"'{term}' is not among the estimated terms {', '.join(terms)}.")
    if draws < 1:
        raise EstimationError(f"{draws} draws: give 1 or more.")
