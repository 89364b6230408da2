"""Units in titles, headers and brackets."""

from __future__ import annotations

import re

from nqp.importing.grids import clean, half_width, is_chinese
from nqp.importing.reference import MARKS

SIZE = (
    "(?:十|百|千|万|百万|千万|亿|万亿|10\\s?000|100\\s?million|1\\s?000|million|billion|thousand|mil\\.?|bn)?"
)
THING = (
    "(?:元|美元|人民币元|欧元|日元|港元|人|人次|人年|户|个|家|件|项|篇|册|份|台|套|辆|艘|架|吨|公斤|千克|克|公里|千米|米|平方米|平方公里|立方米|"
    "公顷|亩|千瓦|千瓦时|度|吨标准煤|吨标煤|吨公里|人公里|所|次|张|床|头|只|株|岁|年|天|小时|部|倍|位|条|座|起|篇次|比特|字节|立方|升|焦耳|"
    "标准台|平米|箱|TEU|标准箱|吨油当量|GB|TB)"
)
CHINESE = re.compile(rf"{SIZE}{THING}(?:\s*[/／每·]\s*{SIZE}{THING}){{0,2}}")
# What measures by itself, what only stands beside such a word, and what may follow "per" or "of".
MEASURE = (
    r"us\$|us\s+dollars?|[$€£¥]|usd|eur|cny|rmb|gbp|jpy|yuan|renminbi|dollars?|euros?|yen|lcu|"
    r"(?:metric|short|standard)?\s?ton(?:ne)?s?|kg|kilograms?|grams?|kt|mt|tce|toe|[km]toe|joules?|[kmgtp]j|[kmgt]?wh|[kmg]w|"
    r"km²|(?:square|sq\.?|cubic)?\s?(?:km2?|(?:kilo)?met(?:re|er)s?)|m[23²³]|ha|hectares?|acres?|mu|lit(?:re|er)s?|[mgt]b|ppm|teu|"
    r"persons?|people|person-years|man-years|fte|units?|pieces?|numbers?|items?|years?|months?|days?|hours?|"
    r"hundreds?|thousands?|millions?|billions?|trillions?|mil\.?|mln|bn|index|[^=]*=\s*100|percent|per cent|%|‰"
)
BESIDE = (
    r"10\^\d+|\d[\d.,]*|constant|current|real|nominal|chained|volumes?|prices?|ppps?|international|national|local|currency|annual|"
    r"average|and|in|at|bop|net|basis"
)
WHOLE = re.compile(rf"(?:{BESIDE})\b|(?P<core>{MEASURE})(?!\w)", re.IGNORECASE)
RATIO = re.compile(
    r"(?:%|‰|percent|percentage|per cent|share)\s*of\b.*|per\s+(?:[\d.,]+\s*)?(?:\S+\s*){1,4}", re.I
)
OF = re.compile(r"\s*\bof\s+(?:oil|coal|standard coal|carbon|co2|sce)(?:\s+equivalents?)?\b", re.IGNORECASE)
# inside a bracket a text that mentions a unit is one ("births per woman"), unless it says whom a series is about
MENTIONS = re.compile(
    rf"(?<!\w)(?:{MEASURE.replace('[^=]*=', '=')}|per|constant|current|ppp|international)(?!\w)",
    re.IGNORECASE,
)
AGES = re.compile(r"\bages?d?\b|\bolder\b|years? (?:and|or|old)\b|\d\s*[-–+]\s*\d*\s*years?\b", re.IGNORECASE)
SIGNS = re.compile(
    r"%|‰|％|百分点|percent(?:age points?)?|per cent|\d{4}\s*年?=\s*1(?:00)?|上年=100|以上年为100|[A-Z]{3}=1"
)
LAST_BRACKET = re.compile(
    r"^(.*?)\s*[(（\[]([^()（）\[\]]*(?:[(（][^()（）]*[)）][^()（）\[\]]*)?)[)）\]]\s*([A-Za-z①-⑳*¹²³]?)$",
    re.DOTALL,
)
LINE = re.compile(
    r"^[(（]?\s*(?:计量)?单\s*位\s*[:：]\s*(.+?)\s*[)）]?$|^(?:units?)\s*[:：]\s*(.+?)$", re.IGNORECASE
)


def is_unit(text: str) -> bool:
    """Whether a text is a unit and nothing else: every word of it measures, counts or qualifies a measure."""
    plain = clean(half_width(text))
    inside = re.fullmatch(r"[(\[]([^()\[\]]*)[)\]]", plain)
    plain = clean(inside[1]) if inside else plain
    if not plain or len(plain) > 60:
        return False
    if is_chinese(plain):
        parts = [p for p in re.split(r"[,，、;；]|(?<=\D)\.(?=\D)", plain) if p.strip()]
        return all(CHINESE.fullmatch(p.strip()) or SIGNS.fullmatch(p.strip()) for p in parts)
    return bool(SIGNS.fullmatch(plain) or CHINESE.fullmatch(plain)) or _is_english_unit(plain)


def _is_english_unit(text: str) -> bool:
    """``constant 2015 US$``, ``kg of oil equivalent per capita``: each part a ratio, or words of which one measures."""
    rest = OF.sub("", text)
    is_measured = False
    while rest:
        rest = rest.lstrip(" ,;:/·×()")
        if not rest:
            break
        found = RATIO.match(rest) or WHOLE.match(rest)
        if not found:
            return False
        is_measured |= found.re is RATIO or found["core"] is not None
        rest = rest[found.end() :]
    return is_measured


def _is_bracketed_unit(text: str) -> bool:
    """Whether the text of a bracket behind a name is its unit."""
    plain = clean(half_width(text))
    if is_unit(plain):
        return True
    return (
        len(plain) <= 60 and not is_chinese(plain) and bool(MENTIONS.search(plain)) and not AGES.search(plain)
    )


def name_and_unit(text: str) -> tuple[str, str, str]:
    """(name, unit, mark) of ``一般公共预算支出（亿元）i``: the last bracket that is a unit; a stray mark behind it.

    A bracket behind the unit stays in the name: ``Unemployment (% of labor force) (modeled estimate)``.
    """
    plain = clean(text)
    mark = ""
    marks = MARKS.search(plain)
    if marks and len(marks[0]) < len(plain):
        plain, mark = clean(plain[: marks.start()]), marks[0]
    found = LAST_BRACKET.match(plain)
    if found and found[1] and _is_bracketed_unit(found[2]):
        return clean(found[1]), _bare(found[2]), mark or found[3]
    before = LAST_BRACKET.match(clean(found[1])) if found and found[1] else None
    if found and before and before[1] and _is_bracketed_unit(before[2]):
        return f"{clean(before[1])} ({clean(found[2])})", _bare(before[2]), mark or found[3]
    found = re.match(r"^(.+?)[,，:：_]\s*([^,，:：_]+)$", plain)
    if found and is_chinese(found[2]) and is_unit(found[2]):
        return clean(found[1]), clean(half_width(found[2])), mark
    found = re.match(r"^(.+?)\s*(%|‰)$", half_width(plain))
    if found:
        return clean(found[1]), found[2], mark
    return plain, "", mark


def _bare(unit: str) -> str:
    return re.sub(r"^in\s+", "", clean(half_width(unit)))


def unit_of_line(text: str) -> str | None:
    """The unit of a title line such as ``单位：万元`` or ``(10 000 yuan)``; None where it says none."""
    plain = clean(half_width(text))
    found = LINE.match(plain)
    if found:
        unit = clean(found[1] or found[2])
        return f"{unit})" if unit.count("(") > unit.count(")") else unit
    inside = re.fullmatch(r"[(\[](.*)[)\]]", plain)
    if inside and _is_bracketed_unit(inside[1]):
        return clean(inside[1])
    return None


def share_units(units: str, name: str) -> str | None:
    """The unit of a series under a line of several (``人.人年``): full-time equivalents are person-years; None if open."""
    parts = [clean(p) for p in re.split(r"[,，、;；]|(?<=\D)\.(?=\D)", units) if clean(p)]
    if len(parts) < 2:
        return units
    if set(parts) == {"人", "人年"}:
        return "人年" if re.search("全时当量|人年|full-time|FTE", name, re.IGNORECASE) else "人"
    return None
