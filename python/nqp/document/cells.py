"""The cells of a table: a kind of cell is one class, and it answers all that a format asks.

``pieces`` is its text, cut where numbers align; ``number`` and ``upper`` are what it stores, ``words`` what it says in
place of a number, ``stars`` what hangs to its right, ``alignment`` its place in a column, ``kind`` its name in tidy data.
A cell stores its number to the digits that are written everywhere; decimals are cut only when it is printed.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from nqp.language.labels import NO, NOTHING, YES, Label, Language
from nqp.language.numbers import SIGNIFICANT, above, below, decimals_to_see, fixed, written

# On the decimal point; on the last digit of a column of counts; to the left, wrapped; in the middle; empty.
Alignment = Literal["point", "count", "words", "middle", "empty"]

STARS = ("", "*", "**", "***", "☆", "☆☆", "☆☆☆", "*☆", "*☆☆", "**☆")
MISSING = "–"


class Pieces(NamedTuple):
    """The text of a cell in pieces, for alignment: before ``(``, whole ``-0``, fraction ``.01``, after ``)``.

    Minus is a hyphen here; ``formats.text.for_readers`` replaces it by U+2212.
    """

    before: str = ""
    whole: str = ""
    fraction: str = ""
    after: str = ""
    stars: str = ""
    is_missing: bool = False

    def __str__(self) -> str:
        return self.before + self.whole + self.fraction + self.after + self.stars


ABSENT = Pieces(whole=MISSING, is_missing=True)


class Cell(ABC):
    """Any cell; a kind that stores no number, or has no stars or words, inherits the answers below."""

    kind: ClassVar[str]
    alignment: ClassVar[Alignment]

    @abstractmethod
    def pieces(self, language: Language) -> Pieces:
        """The cell as text: NaN and None are an en dash, -0.000 is 0.000, and only words depend on the language."""

    @property
    def number(self) -> float | int | None:
        """The number that the cell stores; None for words, blanks and what is not a number."""
        return None

    @property
    def is_number(self) -> bool:
        """Whether it stands among numbers, and a spreadsheet may reckon with it."""
        return self.alignment in ("point", "count")

    @property
    def upper(self) -> float | None:
        """The upper bound, where ``number`` is a lower one."""
        return None

    @property
    def words(self) -> Label | None:
        """What the cell says where it is no number; it may be set in italics, and its hyphens are no minus."""
        return None

    @property
    def stars(self) -> str:
        """The stars behind the number, also where the number is absent."""
        return ""


class _Decimal(Cell):
    """A number on the decimal point, with what surrounds it: ``unit`` belongs to the digits, which print ``scale`` times it."""

    alignment = "point"
    decimals: int
    before: ClassVar[str] = ""
    after: ClassVar[str] = ""
    unit: ClassVar[str] = ""
    scale: ClassVar[int] = 1
    never_zero: ClassVar[bool] = False  # a small number gets the digits that show it, not 0.000

    def __post_init__(self) -> None:
        if not 0 <= self.decimals <= 12:
            raise ValueError(f"decimals must be in 0..12, not {self.decimals}")

    def pieces(self, language: Language) -> Pieces:
        value = self.number
        if value is None:
            return ABSENT
        return _pieces(
            self.scale * value, self.decimals, self.before, self.after, self.unit, self.stars, self.never_zero
        )


@dataclass(frozen=True)
class Number(_Decimal):
    """A number with a fixed count of decimals."""

    kind = "number"
    value: float | None
    decimals: int = 3

    @property
    def number(self) -> float | None:
        return _finite(self.value)


@dataclass(frozen=True)
class StdError(Number):
    """A standard error, printed in parentheses or in brackets."""

    kind = "std_error"
    never_zero = True
    square: bool = False

    def pieces(self, language: Language) -> Pieces:
        return _enclosed(super().pieces(language), self.square)


@dataclass(frozen=True)
class TValue(StdError):
    """A t statistic in the place of a standard error."""

    kind = "t_value"
    never_zero = False
    decimals: int = 2


@dataclass(frozen=True)
class PValue(Number):
    """A probability of error: what is smaller than the last digit is printed as such, <0.001."""

    kind = "p_value"

    def pieces(self, language: Language) -> Pieces:
        smallest = 10.0**-self.decimals
        if self.value is not None and self.value < smallest:
            return _pieces(smallest, self.decimals, before="<")
        return super().pieces(language)


@dataclass(frozen=True)
class PBelow(PValue):
    """A probability of error in the place of a standard error."""

    kind = "p_below"
    square: bool = False

    def pieces(self, language: Language) -> Pieces:
        return _enclosed(super().pieces(language), self.square)


@dataclass(frozen=True)
class Percent(Number):
    """A proportion, printed as a percentage: 0.253 is 25.3%."""

    kind = "percent"
    unit, scale = "%", 100
    decimals: int = 1


@dataclass(frozen=True)
class Estimate(_Decimal):
    """A coefficient with its stars, one of ``STARS``."""

    kind = "estimate"
    never_zero = True
    estimate: float | None
    stars: str = ""
    decimals: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.stars not in STARS:
            raise ValueError(f"stars must be one of {STARS}, not {self.stars!r}")

    @property
    def number(self) -> float | None:
        return _finite(self.estimate)


@dataclass(frozen=True)
class Count(Cell):
    """A whole number with thousands separators (a year or a code is a Text)."""

    kind = "count"
    alignment = "count"
    value: int | None

    @property
    def number(self) -> int | None:
        return None if self.value is None else int(self.value)

    def pieces(self, language: Language) -> Pieces:
        return ABSENT if self.value is None else Pieces(whole=f"{int(self.value):,}")


@dataclass(frozen=True)
class Interval(Cell):
    """Two bounds, printed in brackets, or in parentheses where ``square`` is not wanted; those of a coefficient (``visible``)
    are never both 0.000. ``outwards`` rounds the lower bound down and the upper one up: what is printed holds all that the
    interval holds.
    """

    kind = "interval"
    alignment = "middle"
    low: float | None
    high: float | None
    decimals: int = 3
    square: bool = True
    visible: bool = False
    outwards: bool = False

    @property
    def number(self) -> float | None:
        return _finite(self.low)

    @property
    def is_number(self) -> bool:
        """Whether it stands among numbers, and a spreadsheet may reckon with it."""
        return self.alignment in ("point", "count")

    @property
    def upper(self) -> float | None:
        return _finite(self.high)

    def pieces(self, language: Language) -> Pieces:
        ends = (self.low, self.high)
        if self.outwards:
            ends = (below(self.low, self.decimals), above(self.high, self.decimals))
        low, high = (Number(bound, self.decimals).pieces(language) for bound in ends)
        if self.visible and not re.search("[1-9∞–]", f"{low}{high}"):
            low, high = (
                Estimate(end, decimals=self.decimals).pieces(language) for end in (self.low, self.high)
            )
        text = f"[{low}, {high}]" if self.square else f"({low}, {high})"
        return ABSENT if low.is_missing and high.is_missing else Pieces(whole=text)


@dataclass(frozen=True)
class Text(Cell):
    """Words."""

    kind = "text"
    alignment = "words"
    label: Label

    @property
    def words(self) -> Label:
        return self.label

    def pieces(self, language: Language) -> Pieces:
        return Pieces(whole=self.label.in_(language))


@dataclass(frozen=True)
class Check(Cell):
    """Yes or no, stored as 1 or 0."""

    kind = "check"
    alignment = "middle"
    value: bool

    @property
    def number(self) -> int:
        return int(self.value)

    @property
    def words(self) -> Label:
        return YES if self.value else NO

    def pieces(self, language: Language) -> Pieces:
        return Pieces(whole=self.words.in_(language))


@dataclass(frozen=True)
class Blank(Cell):
    """Nothing belongs here; a number that is absent is a cell with None."""

    kind = "blank"
    alignment = "empty"

    @property
    def words(self) -> Label:
        return NOTHING

    def pieces(self, language: Language) -> Pieces:
        return Pieces()


def _enclosed(inner: Pieces, square: bool) -> Pieces:
    """A number in parentheses or brackets; what is absent has none."""
    if inner.is_missing:
        return inner
    opened, closed = ("[", "]") if square else ("(", ")")
    return inner._replace(before=opened + inner.before, after=inner.after + closed)


def as_printed(text: str) -> Cell:
    """A figure that a publication prints, with exactly its digits: '0.120' is Number(0.12, 3)."""
    try:
        return Number(float(text), len(text.partition(".")[2]))
    except ValueError:
        return Text(Label.both(text)) if text else Blank()


def _finite(value: float | None) -> float | None:
    """A plain float of as many digits as are written; NaN counts as absent, infinity does not."""
    return None if value is None or math.isnan(value) else written(float(value))


def _pieces(
    value: float,
    decimals: int,
    before: str = "",
    after: str = "",
    unit: str = "",
    stars: str = "",
    never_zero: bool = False,
) -> Pieces:
    if math.isinf(value):
        return Pieces(before, "∞" if value > 0 else "-∞", "", after, stars)
    if never_zero:
        places = decimals_to_see(value, decimals)
        if places is None:
            mantissa, power = f"{written(value):.{SIGNIFICANT - 1}e}".split("e")
            whole, point, digits = mantissa.partition(".")
            return Pieces(before, whole, point + digits, f"e{int(power)}{after}", stars)
        decimals = places
    whole, point, digits = fixed(value, decimals).partition(".")
    if whole.startswith("-") and not (whole + digits).strip("-0"):
        whole = whole[1:]
    return Pieces(before, whole, point + digits + unit, after, stars)
