"""A number as a text prints it, and whether a number of ours agrees with it at the digits printed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nqp.language.numbers import written
from nqp.verifying.shown import Shown

SLACK = 1e-9  # of the last digit: what twelve written digits leave open


@dataclass(frozen=True)
class Printed:
    """A number of a text; ``bound`` is '<' or '>' where it is the end of an inequality."""

    text: str
    value: float
    decimals: int
    is_percent: bool = False
    bound: str = ""

    @property
    def has_decimals(self) -> bool:
        """Whether it is more than a whole number."""
        return self.decimals > 0

    def agrees(self, one: Shown, *, may_lose_sign: bool = False) -> bool:
        """Whether a number of ours, rounded to the digits printed, is this one; either way at a tie."""
        if self.bound:
            return one.value < self.value if self.bound == "<" else one.value > self.value
        values = [one.value]
        if self.is_percent and not one.is_percent:
            values = [100 * one.value]
        elif one.is_percent and not self.is_percent:
            values = [one.value, one.value / 100]
        if may_lose_sign:
            values += [-value for value in values]
        unit = 10.0**-self.decimals
        return any(abs(written(value) - self.value) <= unit * (0.5 + SLACK) for value in values)


def printed(digits: str, sign: str = "", *, is_percent: bool = False, bound: str = "") -> Printed:
    """The number that these characters print."""
    plain = digits.replace(",", "")
    value = float(plain) * (-1 if sign in ("-", "\u2212") else 1)
    decimals = len(plain.partition(".")[2])
    text = f"{sign}{digits}{'%' if is_percent else ''}"
    return Printed(text, value, decimals, is_percent, bound)


def cell_number(text: str) -> tuple[Printed, bool] | None:
    """The one number of a table's cell, with whether it stands in parentheses; None for anything else."""
    found = re.fullmatch(
        r"\s*(?P<open>[(（\[]?)\s*(?P<bound><?)\s*(?P<sign>[-\u2212]?)\s*(?P<digits>\d[\d,]*(?:\.\d+)?|\.\d+)\s*(?P<percent>[%％]?)"
        r"\s*(?P<close>[)）\]]?)[\s*☆★^†‡+]*",
        text,
    )
    if found is None:
        return None
    number = printed(found["digits"], found["sign"], is_percent=bool(found["percent"]), bound=found["bound"])
    return number, bool(found["open"] or found["close"])
