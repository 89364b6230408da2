"""Numbers inside a sentence or a label: the true minus, a fixed count of decimals, a p value."""

from __future__ import annotations

MINUS = "\u2212"


def true_minus(number: str) -> str:
    """A number with U+2212 for its hyphen."""
    return number.replace("-", MINUS)


def signed(value: float, decimals: int = 3) -> str:
    """A change: so many decimals, always with a sign, the minus a true one."""
    return true_minus(f"{value:+.{decimals}f}")


def p_value(p: float) -> str:
    """'p = 0.012', or 'p < 0.001' for what three decimals do not show."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
