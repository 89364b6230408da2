"""One finding of the audit and its three verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nqp.audit.rules import SENTENCES, filled
from nqp.language.labels import Label

CONSISTENT, INCONSISTENT, NOT_DECIDABLE = "consistent", "inconsistent as printed", "not decidable"
VERDICTS = {
    INCONSISTENT: Label("印刷数字不符", "inconsistent as printed"),
    NOT_DECIDABLE: Label("无从判断", "not decidable"),
    CONSISTENT: Label("相符", "consistent"),
}


@dataclass(frozen=True)
class Finding:
    """What one rule says of some printed cells; intervals are NaN where they do not apply."""

    rule: str
    table_code: str
    model_code: str
    cells: str
    printed_low: float
    printed_high: float
    implied_low: float
    implied_high: float
    verdict: str
    explanation_zh: str
    explanation_en: str


def said(
    reason: str,
    conclusion: str,
    place: tuple[str, str],
    intervals: tuple[float, float, float, float],
    verdict: str,
    values: Mapping[str, object],
) -> Finding:
    """A finding of a rule with its sentences: they open by the reason and end by the conclusion.

    ``place`` is table and column, ``intervals`` the printed low and high, then the implied ones.
    """
    printed_low, printed_high, implied_low, implied_high = intervals
    known = {
        "printed_low": printed_low, "printed_high": printed_high, "implied_low": implied_low,
        "implied_high": implied_high, **values,
    }  # fmt: skip
    opening, ending = SENTENCES[reason], SENTENCES.get(conclusion)
    return Finding(
        reason.split(".")[0], *place, filled(opening.cells, known), *intervals, verdict,
        filled(opening.text.zh + (ending.text.zh if ending else ""), known),
        filled(opening.text.en + (ending.text.en if ending else ""), known),
    )  # fmt: skip
