"""Numbers as they are written: so many digits that they are the same on every processor, one rule for ties, the true minus."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

MINUS = "\u2212"


DIGITS = 12


def written(value: float) -> float:
    """A number to 12 significant digits, as files and pages hold it; the database keeps the whole double.

    Another kernel of the linear algebra changes the last digits, relatively 1e-14: what is written does not show it.
    """
    return float(f"{value:.{DIGITS - 1}e}") if math.isfinite(value) else value


def fixed(value: float, decimals: int) -> str:
    """A finite number with so many decimals and thousands separators; a tie goes away from zero, as spreadsheets round.

    The tie is one of the decimal digits that are written, not of the binary fraction behind them: 0.0625 is 0.063.
    """
    digits = Decimal(repr(written(value)))
    return f"{digits.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=400)):,f}"


def below(value: float | None, decimals: int) -> float | None:
    """The largest number with so many decimals that is not above a value, of which only 12 digits count."""
    return _towards(value, decimals, ROUND_FLOOR)


def above(value: float | None, decimals: int) -> float | None:
    """The smallest number with so many decimals that is not below a value, of which only 12 digits count."""
    return _towards(value, decimals, ROUND_CEILING)


def _towards(value: float | None, decimals: int, rule: str) -> float | None:
    if value is None or not math.isfinite(value):
        return value
    digits = Decimal(repr(written(value)))
    return float(digits.quantize(Decimal(1).scaleb(-decimals), rule, Context(prec=400)))


SIGNIFICANT = 3  # digits of a number that its decimals would show as zero


def decimals_to_see(value: float, decimals: int) -> int | None:
    """How many decimals show a finite number that is not zero: those asked for, or as many as give it three significant
    digits where they would print 0.000; None where that takes more than eight and an exponent is easier to read.
    """
    if value == 0 or fixed(abs(value), decimals).strip("0.,"):
        return decimals
    needed = SIGNIFICANT - 1 - math.floor(math.log10(abs(written(value))))
    return needed if needed <= 8 else None


def significant(value: float, digits: int) -> int:
    """How many decimals give a finite number so many significant digits; none for a large one."""
    return max(digits - 1 - math.floor(math.log10(abs(written(value)))), 0) if value else digits - 1


def visible(value: float, decimals: int = 3) -> str:
    """An estimate in a sentence, the minus a true one: never zero but where it is."""
    places = decimals_to_see(value, decimals) if math.isfinite(value) else decimals
    return true_minus(f"{value:.{SIGNIFICANT - 1}e}" if places is None else f"{value:.{places}f}")


def true_minus(number: str) -> str:
    """A number with U+2212 for its hyphen."""
    return number.replace("-", MINUS)


def signed(value: float, decimals: int = 3) -> str:
    """A change: so many decimals, always with a sign, the minus a true one."""
    return true_minus(f"{value:+.{decimals}f}")


def p_value(p: float) -> str:
    """'p = 0.012', or 'p < 0.001' for what three decimals do not show."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def percent(share: float) -> str:
    """A share in whole percent, with decimals where whole ones would call it nothing or everything: 0.997 is 99.7%."""
    for decimals in range(12):
        text = f"{share:.{decimals}%}"
        if float(text[:-1]) not in (0, 100) or share in (0, 1):
            return text
    return text
