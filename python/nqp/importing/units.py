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
ENGLISH = re.compile(
    r"\b(?:US\$|USD|EUR|CNY|RMB|yuan|dollars?|euros?|persons?|people|per|percent|per cent|tons?|tonnes?|tce|kwh|km|ha|hectares?|"
    r"millions?|billions?|thousands?|mil|number|index|units?|years?|hours?|constant|current|LCU|PPP|international)\b|%|\$|€|=\s*100\b",
    re.IGNORECASE,
)
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
    """Whether a text is a unit and nothing else."""
    plain = clean(half_width(text))
    if not plain or len(plain) > 60:
        return False
    parts = [p for p in re.split(r"[,，、;；]|(?<=\D)\.(?=\D)", plain) if p.strip()]
    if is_chinese(plain):
        return all(CHINESE.fullmatch(p.strip()) or SIGNS.fullmatch(p.strip()) for p in parts)
    return bool(SIGNS.fullmatch(plain) or ENGLISH.search(plain) or CHINESE.fullmatch(plain))


def name_and_unit(text: str) -> tuple[str, str, str]:
    """(name, unit, mark) of ``一般公共预算支出（亿元）i``: the last bracket, where it is a unit; a stray mark behind it."""
    plain = clean(text)
    mark = ""
    marks = MARKS.search(plain)
    if marks and len(marks[0]) < len(plain):
        plain, mark = clean(plain[: marks.start()]), marks[0]
    found = LAST_BRACKET.match(plain)
    if found and found[1] and is_unit(found[2]):
        return clean(found[1]), re.sub(r"^in\s+", "", clean(half_width(found[2]))), mark or found[3]
    found = re.match(r"^(.+?)[,，:：_]\s*([^,，:：_]+)$", plain)
    if found and is_chinese(found[2]) and is_unit(found[2]):
        return clean(found[1]), clean(half_width(found[2])), mark
    found = re.match(r"^(.+?)\s*(%|‰)$", half_width(plain))
    if found:
        return clean(found[1]), found[2], mark
    return plain, "", mark


def unit_of_line(text: str) -> str | None:
    """The unit of a title line such as ``单位：万元`` or ``(10 000 yuan)``; None where it says none."""
    plain = clean(half_width(text))
    found = LINE.match(plain)
    if found:
        return clean(found[1] or found[2])
    inside = re.fullmatch(r"[(\[](.*)[)\]]", plain)
    if inside and is_unit(inside[1]):
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
