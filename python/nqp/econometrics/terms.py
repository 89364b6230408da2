"""How a right-hand term is written: a column, its lag or lead by the calendar, or a product of such (an interaction, a square).

``L2.gdp`` is gdp two years earlier, ``F1.gdp`` one year later, ``gdp:open`` the product of both, ``gdp:gdp`` a square,
``L1.gdp:open`` the product of the lag of gdp and of open.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

TIMES = ":"
SHIFTED = re.compile(r"([LF])([1-9][0-9]*)\.(.+)")


class Factor(NamedTuple):
    """A column of a term, ``lag`` years earlier; a lead has a negative lag."""

    column: str
    lag: int = 0


def factors(term: str, columns: Collection[str] = ()) -> tuple[Factor, ...]:
    """The factors of a term; a name among ``columns`` is that column, whatever it is written like."""
    if term in columns:
        return (Factor(term),)
    return tuple(_factor(part, columns) for part in term.split(TIMES))


def _factor(text: str, columns: Collection[str]) -> Factor:
    shifted = None if text in columns else SHIFTED.fullmatch(text)
    if shifted is None:
        return Factor(text)
    order = int(shifted[2])
    return Factor(shifted[3], order if shifted[1] == "L" else -order)


def columns_of(terms: Iterable[str], columns: Collection[str] = ()) -> tuple[str, ...]:
    """The columns that the terms are made of, each once, in order."""
    return tuple(dict.fromkeys(factor.column for term in terms for factor in factors(term, columns)))


def is_shifted(term: str, columns: Collection[str] = ()) -> bool:
    """Whether a term looks at another year."""
    return any(factor.lag for factor in factors(term, columns))


def shifted_name(column: str, lag: int) -> str:
    """A lag or lead as it is written: ``L1.gdp``, ``F1.gdp``."""
    return f"{'L' if lag > 0 else 'F'}{abs(lag)}.{column}" if lag else column
