"""What stands outside a table: titles, the name of the sheet, the name of the file, and the options."""

from __future__ import annotations

import re

from nqp.importing.blocks import Block
from nqp.importing.grids import clean, half_width, is_chinese
from nqp.importing.headings import Outside
from nqp.importing.names import in_title
from nqp.importing.periods import years_in
from nqp.importing.units import name_and_unit, unit_of_line
from nqp.importing.words import GENERIC_NAME, NOTE_LINE

IRRELEVANT = re.compile(
    r"(?:数据库|时间|频率|database|last updated|data source|数据来源|资料来源|source|download)", re.IGNORECASE
)
SERIES = re.compile(
    r"(?:指\s*标|指标名称|indicator|series|variable|dataset)\s*[:：]\s*(.+)", re.IGNORECASE | re.DOTALL
)
TABLE_NUMBER = re.compile(
    r"^\s*(?:表|续表|table)?\s*\d{1,3}(?:[-－–.]\d{1,3}){0,3}\s*[.:：、]?\s*", re.IGNORECASE
)
REGIONS = re.compile(
    r"(?:全国)?(?:分|各)(?:地区|省区市|省市|省份|省|市|国家|城市)(?:的)?|\s+by (?:region|province|country|city)\b.*$",
    re.IGNORECASE,
)
LABELLED = re.compile(r"(?:地区|省份|地域|国家|城市|region|country|area)\s*[:：]\s*(\S.*)$", re.IGNORECASE)
YEAR_BRACKET = re.compile(r"[(（\[]\s*\d{4}\s*年?\s*[)）\]]|(?:19|20)\d\d\s*年?(?:度)?")


def around(
    block: Block, entities: str, series: str | None, unit: str | None, year: str | None, entity: str | None
) -> Outside:
    """The facts around one block, each with the step that says where it comes from; titles before sheets before files."""
    grid = block.grid
    titles = [
        *(grid.titles if block.first or not block.titles else ()),
        *(text for _, text in block.titles if not NOTE_LINE.match(text) or unit_of_line(text)),
    ]
    stem = re.sub(r"(?:\.[A-Za-z]\w{0,7}){1,2}$", "", grid.file)
    sheet = grid.sheet if not re.fullmatch(r"table \d+", grid.sheet) else ""
    out = Outside()
    useful = [t for t in titles if not IRRELEVANT.match(t)]
    out.year = _year(useful, sheet, stem)
    if year:
        out.year = (year, "year_given")
    for text, step in [(t, "entity_from_title") for t in useful] + [
        (sheet, "entity_from_sheet"),
        (stem, "entity_from_file"),
    ]:
        label = LABELLED.match(text.strip()) if step == "entity_from_title" else None
        name = in_title(text, entities) or (label and label[1].strip()) if text else None
        if name:
            out.entity = (name, step)
            break
    if entity:
        out.entity = (entity, "entity_given")
    out.unit = next(((u, "unit") for t in titles for u in [unit_of_line(t)] if u), ("", ""))
    out.series = _series(useful, sheet, stem)
    if out.series[0]:
        name, found, _ = name_and_unit(out.series[0])
        out.series = (name, out.series[1])
        if found and not out.unit[0]:
            out.unit = (found, "unit")
    if series and (out.series[1] != "series_from_title" or not any(SERIES.match(t) for t in useful)):
        out.series = (series, "series_given")
    if unit and not out.unit[0]:
        out.unit = (unit, "unit")
    return out


def _year(titles: list[str], sheet: str, stem: str) -> tuple[str, str]:
    found: list[str] = []
    for text in titles:
        if unit_of_line(text) is None:
            found += [y for y in years_in(text) if y not in found]
    if len(found) == 1:
        return found[0], "year_from_title"
    if found:
        return "", ""
    for text, step in ((sheet, "year_from_sheet"), (stem, "year_from_file")):
        years = years_in(text.replace("_", " "))
        if len(years) == 1:
            return years[0], step
    return "", ""


def _series(titles: list[str], sheet: str, stem: str) -> tuple[str, str]:
    for text in titles:
        found = SERIES.match(half_width(text) if not is_chinese(text) else text)
        if found:
            return clean(found[1]), "series_from_title"
    for text in titles:
        if unit_of_line(text) is not None or re.match(
            r"(?:地区|时间|单位|region|period|unit)\s*[:：]", text, re.IGNORECASE
        ):
            continue
        name = _bare(text)
        if name:
            return name, "series_from_title"
    for text, step in ((sheet, "series_from_sheet"), (stem, "series_from_file")):
        name = _bare(text)
        if name and not GENERIC_NAME.fullmatch(name):
            return name, step
    return "", ""


def _bare(text: str) -> str:
    """A title without its table number, its year and 各地区."""
    plain = re.sub(r"[\r\n]+", " ", text)
    if not re.fullmatch(r"(?:19|20)\d\d.*", plain.strip()):
        plain = TABLE_NUMBER.sub("", plain)
    plain = YEAR_BRACKET.sub("", plain)
    plain = REGIONS.sub("", plain)
    plain = re.sub(r"(?:统计表?|情况表?|一览表)$", "", plain.strip())
    return re.sub(r"[(（]\s*[)）]", "", plain).strip(" _-—:：,，.")
