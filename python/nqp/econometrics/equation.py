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


def in_order(effects: Iterable[str]) -> tuple[str, ...]:
    """The effects, entity before year; EstimationError for any other word."""
    named = tuple(effects)
    if not set(named) <= set(EFFECTS):
        raise EstimationError(f"effects {named!r}: only 'entity' and 'year' can be absorbed.")
    return tuple(effect for effect in EFFECTS if effect in named)


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
