"""Cells and notes of a regression table as its style sets them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from nqp.document.cells import Cell, Estimate, Interval, PBelow, StdError, TValue
from nqp.language.labels import NOTHING, Label
from nqp.language.numbers import significant
from nqp.study.style import Style

MOST = 12  # decimals that a cell holds
BELOW = {
    "std_error": Label("标准误", "Standard errors"),
    "t": Label("t 值", "t statistics", italic=("t",)),
    "p": Label("p 值", "p values", italic=("p",)),
    "interval": Label("95% 置信区间", "95% confidence intervals"),
    "none": NOTHING,
}


def estimate_cell(result: Mapping[str, float], stars: str, style: Style) -> Estimate:
    """A coefficient with its stars."""
    return Estimate(result["estimate"], stars, _decimals(result["estimate"], style))


def below(result: Mapping[str, float], style: Style) -> Cell:
    """What stands below a coefficient; nothing shown costs no row, so ``none`` is the standard error that no row holds."""
    square = style.brackets == "square"
    if style.in_parentheses == "t":
        return TValue(result["statistic"], square=square)
    if style.in_parentheses == "p":
        return PBelow(result["p_value"], square=square)
    if style.in_parentheses == "interval":
        low, high = result["conf_low"], result["conf_high"]
        return Interval(
            low, high, max(_decimals(low, style), _decimals(high, style)), square=square, visible=True
        )
    return StdError(result["std_error"], _decimals(result["std_error"], style), square=square)


def _decimals(value: float, style: Style) -> int:
    if style.significant is None or not math.isfinite(value):
        return style.decimals
    return min(significant(value, style.significant), MOST)


def what_is_below(style: Style) -> Label:
    """The sentence that says what stands in parentheses or brackets; NOTHING where nothing does."""
    what = BELOW[style.in_parentheses]
    if not what:
        return NOTHING
    zh, en = ("方括号", "brackets") if style.brackets == "square" else ("括号", "parentheses")
    return Label(f"{zh}内为{what.zh}。", f"{what.en} in {en}.", italic=what.italic)


def stars_note(style: Style) -> Label:
    """What the stars mean."""
    marks = [("*" * (i + 1), f"{100 * level:g}") for i, level in enumerate(style.stars)]
    several = "分别" if len(marks) > 1 else ""
    return Label(
        f"{'、'.join(mark for mark, _ in marks)} {several}表示在 {'、'.join(f'{level}%' for _, level in marks)} 的水平上显著。",
        f"{', '.join(mark for mark, _ in marks)} significant at {', '.join(level for _, level in marks)} percent.",
    )
