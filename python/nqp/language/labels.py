"""A text in two languages: what every table, figure and sentence of a report is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Label:
    """A text in Chinese and English; a blank language falls back to the other.

    ``italic`` lists the symbols set in italics wherever they stand as a whole word (not in R&D):
    ``Label("调整后 R²", "Adjusted R²", italic=("R",))``.
    """

    zh: str
    en: str
    italic: tuple[str, ...] = ()

    @classmethod
    def both(cls, text: str, italic: tuple[str, ...] = ()) -> Label:
        """The same text in both languages."""
        return cls(text, text, italic)

    def in_(self, language: Language) -> str:
        """The text in one language."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)

    def parts(self, language: Language) -> tuple[tuple[str, bool], ...]:
        """The text as (piece, is italic), in order."""
        text = self.in_(language)
        if not self.italic or not text:
            return ((text, False),) if text else ()
        symbols = "|".join(re.escape(s) for s in sorted(self.italic, key=lambda s: (-len(s), s)))
        pieces = re.split(rf"(?<![A-Za-z])({symbols})(?![A-Za-z&])", text)
        return tuple((piece, i % 2 == 1) for i, piece in enumerate(pieces) if piece)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


NOTHING = Label("", "")
YES, NO = Label("是", "Yes"), Label("否", "No")


def joined(first: Label | None, second: Label) -> Label:
    """Two labels side by side; the second alone if there is no first."""
    if not first:
        return second
    return Label(f"{first.zh}　{second.zh}", f"{first.en} · {second.en}", first.italic + second.italic)


def listed(labels: Iterable[Label]) -> Label:
    """Labels one after the other."""
    found = list(labels)
    return Label("、".join(label.zh for label in found), "; ".join(label.en for label in found))
