"""Years and finer periods as files print them."""

from __future__ import annotations

import functools
import re

from nqp.importing.grids import clean, half_width
from nqp.importing.reference import MARKS

FIRST, LAST = 1700, 2150
DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
YEAR = re.compile(
    r"(?:fy|yr|y|x|year\s*|公元)?\s*(\d{4})(?:\.0+)?\s*(?:年度?|\s*\[yr\d{4}\])?", re.IGNORECASE
)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
FINER = (
    re.compile(r"(\d{4})[-/.年](\d{1,2})月?"),
    DAY,
    re.compile(r"(\d{4})-?m(\d{1,2})", re.IGNORECASE),
    re.compile(r"(\d{4})[- ]?q([1-4])", re.IGNORECASE),
    re.compile(r"(\d{4})年第?[一二三四1-4]季度?"),
)
IN_TEXT = re.compile(r"(?<![\d.,])((?:1[89]|20|21)\d{2})(?![\d.,]\d|\d)(?!\s*=\s*100)")
BRACKET = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]$")


@functools.lru_cache(maxsize=100_000)
def year_of(text: str) -> str | None:
    """``2012年``, ``２０１２``, ``2012.0``, ``YR2012``, ``二〇一二年``, ``2012①`` as ``2012``; else None."""
    plain = MARKS.sub("", clean(half_width(text)))
    if plain.endswith("年") and not plain[:-1].isdigit():
        plain = plain.translate(DIGITS) if re.fullmatch("[〇零○一二三四五六七八九]{4}年", plain) else plain
    found = YEAR.fullmatch(plain)
    if not found:
        return None
    return found[1] if FIRST <= int(found[1]) <= LAST else None


@functools.lru_cache(maxsize=100_000)
def period_of(text: str) -> str | None:
    """A year, or a finer period as printed; None where the text is no period."""
    year = year_of(text)
    if year:
        return year
    plain = clean(half_width(text))
    across = re.fullmatch(r"(\d{4})[/-](\d\d)", plain)
    if across and int(across[2]) == (int(across[1]) + 1) % 100:
        return plain  # 2012/13: a fiscal year, or a month of 2010/11; either is asked
    for pattern in FINER:
        found = pattern.fullmatch(plain)
        if found and FIRST <= int(found[1]) <= LAST:
            parts = [int(g) for g in found.groups()[1:] if g]
            if (
                pattern in FINER[:3]
                and parts
                and not (1 <= parts[0] <= 12 and all(1 <= p <= 31 for p in parts))
            ):
                return None
            return plain
    return None


def year_of_dates(periods: list[str]) -> dict[str, str]:
    """Dates that stand for years: all on the first or the last day of a year, one a year."""
    days = {p: DAY.fullmatch(p) for p in set(periods)}
    if not days or any(d is None for d in days.values()):
        return {}
    ends = {(int(d[2]), int(d[3])) for d in days.values() if d}
    if ends in ({(1, 1)}, {(12, 31)}):
        return {p: p[:4] for p in days}
    return {}


def years_in(text: str) -> list[str]:
    """The years in a line of prose, base years such as ``2010=100`` left out."""
    plain = half_width(text)
    found = []
    for year in IN_TEXT.findall(plain):
        if year not in found:
            found.append(year)
    return found
