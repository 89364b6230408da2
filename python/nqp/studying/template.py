"""The workbook a person fills in: the sheets of a small study with made-up figures, which works as it stands."""

from __future__ import annotations

from nqp.studying.files import Sheet
from nqp.studying.layout import study_files
from nqp.studying.tables_sheet import STUDY_HEADER, TABLE_HEADER
from nqp.studying.workbook import write_workbook

# Made-up figures: eight regions, six years. They only show what goes where.
_REGIONS = ("North", "South", "East", "West", "Hill", "Lake", "Coast", "Plain")
_YEARS = range(2015, 2021)
_NOTES = {
    "study": "Replace the made-up example in all sheets by your own study. Coloured columns are required. "
    "Then: python python/study.py new mystudy THIS_FILE\n把各表中的虚构示例换成自己的内容，深色列必填。",
    "data": "One row per entity and year, one column per series; a blank cell is 'not given'. "
    "Add columns as you need; each needs a row in the sheet series.\n每行一个个体、一年，每列一个数列；空白表示无数据。",
    "tables": "One row per table; a table with several columns has a row for each. May stay empty: it is then drafted.\n每表一行；多列的表每列一行。可留空，由程序起草。",
}


def template() -> bytes:
    """The bytes of the template."""
    return write_workbook(template_sheets(), notes=_NOTES)


def template_sheets() -> dict[str, Sheet]:
    """Its sheets by name, with the example."""
    return {
        "study": Sheet(
            STUDY_HEADER,
            (("title", "创新与增长（虚构示例）", "Innovation and growth (made-up example)"), ("entity", "地区", "region")),
        ),
        "entities": _sheet(
            "def_entities",
            [{"entity_code": f"r{i}", "name_en": name, "group_code": "inland" if i > 4 else "open", "tile_row": str(1 + (i - 1) // 4), "tile_column": str(1 + (i - 1) % 4)} for i, name in enumerate(_REGIONS, start=1)],
        ),
        "series": _sheet(
            "def_series",
            [
                {"series_code": code, "name_zh": zh, "name_en": en, "unit": unit, "source": "made up"}
                for code, zh, en, unit in (
                    ("rd", "研发经费", "R&D spending", "million"), ("patents", "专利", "Patents granted", "number"),
                    ("internet", "互联网用户", "Internet users", "thousand"), ("energy", "能源消费", "Energy use", "thousand tonnes"),
                    ("gdp", "地区生产总值", "GDP", "million"), ("population", "人口", "Population", "thousand"),
                    ("trade", "进出口", "Imports and exports", "million"),
                )
            ],
        ),
        "indicators": _sheet(
            "def_indicators",
            [
                _indicator("research", "rd_share", "研发投入强度", "R&D intensity", "positive", "rd", "gdp", "100", "percent"),
                _indicator("research", "patents_per_head", "人均专利", "Patents per head", "positive", "patents", "population", "10", "per 10 thousand"),
                _indicator("digital", "internet_users", "互联网普及率", "Internet users", "positive", "internet", "population", "100", "percent"),
                _indicator("digital", "energy_intensity", "能耗强度", "Energy intensity", "negative", "energy", "gdp", "1", "tonnes per thousand"),
            ],
        ),
        "variables": _sheet(
            "def_variables",
            [
                {"variable_code": "ln_gdp_per_head", "name_zh": "人均产出（对数）", "name_en": "GDP per head, log", "role": "outcome", "numerator_series": "gdp", "denominator_series": "population", "multiplier": "1", "transform": "log", "definition": "log GDP per head"},
                {"variable_code": "openness", "name_zh": "开放度", "name_en": "Trade openness", "role": "control", "numerator_series": "trade", "denominator_series": "gdp", "multiplier": "1", "transform": "level", "definition": "trade over GDP"},
            ],
        ),
        "tables": Sheet.of(
            TABLE_HEADER,
            [
                {"table": "index", "kind": "indicators", "title_zh": "指标与权重", "title_en": "Indicators and weights", "index": "composite"},
                {"table": "summary", "kind": "descriptives", "title_zh": "描述性统计", "title_en": "Descriptive statistics", "variables": "ln_gdp_per_head, composite, openness"},
                {"table": "growth", "title_zh": "回归", "title_en": "Regressions", "outcome": "ln_gdp_per_head", "core": "composite", "controls": "openness", "stepwise": "yes", "headline": "yes"},
            ],
        ),
        "data": _data(),
    }  # fmt: skip


def _sheet(file: str, records: list[dict[str, str]]) -> Sheet:
    return Sheet.of(tuple(column.name for column in study_files()[file] if column.in_template), records)


def _indicator(*cells: str) -> dict[str, str]:
    names = ("dimension_code", "indicator_code", "name_zh", "name_en", "direction", "numerator_series", "denominator_series", "multiplier", "unit")  # fmt: skip
    found = dict(zip(names, cells, strict=True))
    return {**found, "definition": found["name_en"]}


def _data() -> Sheet:
    rows = []
    for i in range(1, len(_REGIONS) + 1):
        for t, year in enumerate(_YEARS):
            wave = (i * 7 + t * t * i + 3 * t) % 11
            population = 900 + 130 * i + 4 * t * (i % 3 - 1)
            gdp = population * (18 + 2 * i + t) + 90 * wave
            rd = gdp * (6 + i + t + wave % 4) // 1000
            patents = 40 * i + 9 * t * i + 5 * wave
            internet = population * min(95, 38 + 3 * i + 5 * t + wave) // 100
            energy = gdp * (60 - 2 * i - t + wave) // 100
            trade = gdp * (20 + (i * 5) % 13 + wave) // 100
            rows.append(
                (
                    f"r{i}",
                    str(year),
                    *[str(n) for n in (rd, patents, internet, energy, gdp, population, trade)],
                )
            )
    return Sheet(
        ("entity_code", "year", "rd", "patents", "internet", "energy", "gdp", "population", "trade"),
        tuple(rows),
    )
