"""A text is a unit only where every word of it is one: a heading that mentions a unit is a name."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import writing
from nqp.importing import read_files
from nqp.importing.units import is_unit, name_and_unit
from writing import Cell, Sheet

UNITS = [
    "euro",
    "10 000 yuan",
    "% of GDP",
    "constant 2015 US$",
    "kg of oil equivalent per capita",
    "percent",
    "US$ millions",
    "per 1,000 people",
    "metric tons per capita",
    "10,000 persons",
    "index, 2015=100",
    "2010=1",
    "annual %",
    "kWh per capita",
    "100 million yuan",
    "BoP, current US$",
    "PPP (constant 2017 international $)",
    "10 000 tons of SCE",
    "sq. km",
    "EUR per hour worked",
    "10^6 USD",
    "m³",
    "US dollars per person",
    "亿元",
    "万元/人",
    "万人，亿元",
    "吨标准煤",
]
NAMES = [
    "GDP per capita (euro)",
    "Population (persons)",
    "Population",
    "Exports of goods (million USD)",
    "Index of production",
    "Years of schooling",
    "Number of firms",
    "Current account",
    "Internet users (per 100 people)",
    "International tourism",
    "Real wage",
    "Unit labour cost",
    "Hours worked",
    "hc",
    "地区生产总值（亿元）",
    "人均产值",
]


@pytest.mark.parametrize("text", UNITS)
def test_a_unit(text: str) -> None:
    assert is_unit(text)


@pytest.mark.parametrize("text", NAMES)
def test_a_name(text: str) -> None:
    assert not is_unit(text)


@pytest.mark.parametrize(
    ("heading", "name", "unit"),
    [
        ("GDP per capita (euro)", "GDP per capita", "euro"),
        (
            "Unemployment (% of labor force) (modeled estimate)",
            "Unemployment (modeled estimate)",
            "% of labor force",
        ),
        ("Employment (15 years and over)", "Employment (15 years and over)", ""),
        ("Employed persons (20-64 years)", "Employed persons (20-64 years)", ""),
        ("Fertility rate (births per woman)", "Fertility rate", "births per woman"),
        ("专利授权数（件）", "专利授权数", "件"),
    ],
)
def test_the_unit_in_a_heading(heading: str, name: str, unit: str) -> None:
    assert name_and_unit(heading)[:2] == (name, unit)


def panel(*heads: list[Cell]) -> Sheet:
    rows: list[list[Cell]] = [*heads]
    for code, country in enumerate(("China", "Germany", "Viet Nam"), start=1):
        for year in ("2019", "2020"):
            figures = [Decimal(f"{code * 10 + place}.5") for place in range(len(heads[0]) - 2)]
            rows.append([country, year, *figures])
    return Sheet("data", rows)


def test_headings_that_all_hold_a_unit_are_names(tmp_path: Path) -> None:
    heads: list[Cell] = [
        "Country",
        "Year",
        "GDP per capita (euro)",
        "Population (persons)",
        "Exports (million USD)",
    ]
    read = read_files([writing.as_xlsx([panel(heads)], tmp_path / "a.xlsx")])
    assert [tuple(row)[:2] for row in read.series.itertuples(index=False)] == [
        ("GDP per capita", "euro"), ("Population", "persons"), ("Exports", "million USD"),
    ]  # fmt: skip


def test_headings_that_are_words_for_units_are_names_where_nothing_else_names_the_columns(
    tmp_path: Path,
) -> None:
    read = read_files(
        [writing.as_xlsx([panel(["Country", "Year", "Persons", "Hours"])], tmp_path / "a.xlsx")]
    )
    assert read.series["series_name"].tolist() == ["Persons", "Hours"]


def test_a_row_of_units_below_the_names(tmp_path: Path) -> None:
    heads: list[Cell] = ["Country", "Year", "GDP per capita", "Population", "R&D"]
    read = read_files(
        [writing.as_xlsx([panel(heads, [None, None, "euro", "persons", "% of GDP"])], tmp_path / "a.xlsx")]
    )
    assert [tuple(row)[:2] for row in read.series.itertuples(index=False)] == [
        ("GDP per capita", "euro"), ("Population", "persons"), ("R&D", "% of GDP"),
    ]  # fmt: skip


def long(rows: list[tuple[str, str, str, str, int]], path: Path) -> Path:
    lines = ["country,year,indicator,unit,value", *(f"{a},{b},{c},{d},{e}" for a, b, c, d, e in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_one_name_in_two_units_side_by_side_is_two_series(tmp_path: Path) -> None:
    rows = [
        (country, year, "GDP", unit, value)
        for country in ("China", "Germany")
        for year in ("2019", "2020")
        for unit, value in (("current US$", 7), ("constant 2015 US$", 9))
    ]
    read = read_files([long(rows, tmp_path / "a.csv")])
    assert read.series["series_name"].tolist() == ["GDP (current US$)", "GDP (constant 2015 US$)"]
    assert not read.blocking
    assert {row.step: row.after for row in read.log.itertuples()}["unit_in_name"] == "GDP (constant 2015 US$)"


def test_a_unit_that_changes_from_one_year_to_the_next_is_asked(tmp_path: Path) -> None:
    rows = [
        (c, y, "GDP", {"2019": "元", "2020": "万元"}[y], 7)
        for c in ("北京", "天津")
        for y in ("2019", "2020")
    ]
    assert [question.kind for question in read_files([long(rows, tmp_path / "a.csv")]).blocking] == ["unit"]
