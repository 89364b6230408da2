"""Files of strangers that were once read wrongly: what stands in a table beside its figures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
import writing
from nqp.errors import StudyError
from nqp.importing import Reading, read_files
from nqp.importing.reference import rows
from writing import Cell, Sheet


def book(rows: list[list[Cell]], folder: Path) -> Reading:
    return read_files([writing.as_xlsx([Sheet("data", rows)], folder / "a.xlsx")])


def text(lines: list[str], path: Path) -> Reading:
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_files([path])


def figures(read: Reading) -> list[tuple[str | None, str | None, str, str | None]]:
    return [(one.entity_code, one.year, one.series_name, one.value) for one in read]


@pytest.mark.parametrize("kind", ["dta", "sav"])
def test_labels_that_name_provinces_are_the_entities_and_not_their_numbers(kind: str, tmp_path: Path) -> None:
    data = pd.DataFrame(
        {"prov": [1, 1, 2, 2], "year": [2019, 2020] * 2, "gdp": [1.5, 2.5, 3.5, 4.5], "open": [0, 1] * 2}
    )
    labels = {"prov": {1: "安徽", 2: "北京"}, "open": {0: "no", 1: "yes"}}
    path = tmp_path / f"a.{kind}"
    (pyreadstat.write_dta if kind == "dta" else pyreadstat.write_sav)(
        data, str(path), variable_value_labels=labels
    )
    read = read_files([path])
    assert read.entities["entity_code"].tolist() == ["34", "11"]
    assert ("34", "2020", "open", "1") in figures(read)
    assert "value_label" in set(read.log["step"])


def test_one_city_in_each_province_is_a_panel_of_cities(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["城市名称", "所属省份", "年份", "GDP(万元)"]]
    rows += [
        [c, p, y, Decimal("1.5")]
        for c, p in (("石家庄", "河北省"), ("苏州", "江苏省"))
        for y in ("2019", "2020")
    ]
    assert book(rows, tmp_path).entities["entity_code"].tolist() == ["130100", "320500"]


def test_the_capital_beside_its_province_makes_no_panel_of_cities(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["省份", "省会", "年份", "GDP(万元)"]]
    rows += [
        [p, c, y, Decimal("1.5")]
        for c, p in (("石家庄", "河北省"), ("南京", "江苏省"))
        for y in ("2019", "2020")
    ]
    assert book(rows, tmp_path).entities["entity_code"].tolist() == ["13", "32"]


def test_a_blank_column_beside_the_values_of_a_long_table_is_no_series(tmp_path: Path) -> None:
    lines = [
        "LOCATION,Country,SUBJECT,Subject,TIME,Time,Unit Code,Unit,PowerCode Code,PowerCode,Reference Period,Value,Flag Codes,Flags"
    ]
    for code, country in (("DEU", "Germany"), ("FRA", "France")):
        for year in (2010, 2011):
            lines += [f"{code},{country},GERD,Spending,{year},{year},USD,US Dollar,6,Millions,,{year}.5,,"]
            lines += [
                f"{code},{country},RES,Researchers,{year},{year},PS,Persons,0,Units,,{year}.5,E,Estimated"
            ]
    read = text(lines, tmp_path / "MSTI.csv")
    assert [(row.series_name, row.unit) for row in read.series.itertuples()] == [
        ("GERD", "Millions US Dollar"), ("RES", "Persons"),
    ]  # fmt: skip
    assert ("FRA", "2011", "RES", "2011.5") in figures(read)
    assert read.series["label"].tolist() == ["Spending", "Researchers"]
    assert len(read.figures) == 8


def test_the_last_day_of_the_year_with_strokes_is_a_year(tmp_path: Path) -> None:
    lines = ["地区,日期,GDP", *(f"{p},{y}/12/31,{y}.5" for p in ("北京", "天津") for y in (2019, 2020))]
    assert set(text(lines, tmp_path / "a.csv").figures["year"]) == {"2019", "2020"}


def test_the_currency_of_a_country_is_no_unit_of_its_population(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["countrycode", "currency", "year", "rgdpe", "pop"]]
    rows += [
        [c, m, y, Decimal("7.5"), Decimal("8.5")]
        for c, m in (("CHN", "Yuan"), ("DEU", "Euro"))
        for y in ("2019", "2020")
    ]
    assert set(book(rows, tmp_path).series["unit"]) == {""}


def test_words_for_no_figure_and_rows_of_averages(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["省份", "2018", "2019", "2020"]]
    rows += [[p, Decimal("1.5"), "暂无数据", "not available"] for p in ("北京", "天津", "河北")]
    rows += [["平均值", Decimal("1.5"), None, None]]
    read = book(rows, tmp_path)
    assert read.figures["value"].tolist() == ["1.5", None, None] * 3
    assert set(read.aggregates["entity_name"]) == {"平均值"}


def test_the_words_beside_the_codes_of_sdmx_are_labels(tmp_path: Path) -> None:
    lines = [
        "STRUCTURE,REF_AREA,Reference area,MEASURE,Measure,UNIT_MEASURE,Unit of measure,TIME_PERIOD,OBS_VALUE,UNIT_MULT"
    ]
    for code, area in (("DEU", "Germany"), ("FRA", "France")):
        lines += [
            f"DATAFLOW,{code},{area},G,Spending,USD,US dollars,{year},{year}.5,6" for year in (2019, 2020)
        ]
    read = text(lines, tmp_path / "a.csv")
    assert read.series.to_numpy().tolist() == [["G / USD", "10^6 US dollars", "Spending / US dollars"]]


def test_chinese_names_of_countries_are_those_in_use() -> None:
    names = {row["entity_code"]: row["name_zh"] for row in rows("countries.csv")}
    for code, name in {
        "MLT": "马耳他",
        "GTM": "危地马拉",
        "KGZ": "吉尔吉斯斯坦",
        "BGD": "孟加拉国",
        "IMN": "马恩岛",
    }.items():
        assert names[code] == name
    assert len(set(names.values())) == len(names)


def test_numbers_in_brackets_are_refused_and_no_names(tmp_path: Path) -> None:
    lines = [
        "Country,Year,Balance,Debt",
        *(f'{c},{y},"(1,{y % 10}81.0)","5,0{y % 10}0.5"' for c in ("China", "Chile") for y in (2019, 2020)),
    ]
    with pytest.raises(
        StudyError, match=r"row 2, column C: '\(1,981.0\)' is neither a number nor a known symbol"
    ):
        text(lines, tmp_path / "a.csv")


def test_a_row_of_units_in_brackets(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["地区", "年份", "地区生产总值", "城镇化率"], [None, None, "(亿元)", "（%）"]]
    rows += [[p, y, Decimal("1.5"), Decimal("2.5")] for p in ("北京", "天津") for y in ("2019", "2020")]
    read = book(rows, tmp_path)
    assert read.series.to_numpy().tolist() == [["地区生产总值", "亿元", ""], ["城镇化率", "%", ""]]


def test_a_unit_line_in_two_languages_keeps_its_bracket(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["8-1 各地区人口"], ["单位：万人 (10 000 persons)"], ["地区", "2019", "2020"]]
    rows += [[p, Decimal("1.5"), Decimal("2.5")] for p in ("北京", "天津")]
    assert book(rows, tmp_path).series["unit"].tolist() == ["万人 (10 000 persons)"]


def test_years_behind_the_x_of_r_and_years_across_two(tmp_path: Path) -> None:
    read = text(["Country,X2010,X2011", "Chile,1.5,2.5", "Peru,3.5,4.5"], tmp_path / "gdp.csv")
    assert figures(read)[1] == ("CHL", "2011", "gdp", "2.5")
    asked = text(
        ["Country,2010/11,2011/12,2012/13", "Chile,1.5,2.5,3.5", "Peru,3.5,4.5,5.5"], tmp_path / "gdp.csv"
    )
    assert len(asked.figures) == 6
    assert [one.kind for one in asked.blocking] == ["year"]


def test_halves_side_by_side_are_one_table_with_their_own_columns(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["各地区专利授权量(2019年)"], ["地区", "专利(件)", "人口(万人)"] * 2]
    rows += [
        ["北京", Decimal(1), Decimal(2), "天津", Decimal(3), Decimal(4)],
        ["河北", Decimal(5), Decimal(6), None, None, None],
    ]
    read = book(rows, tmp_path)
    assert {(one.entity_code, one.series_name, one.value, one.row, one.column) for one in read} == {
        ("11", "专利", "1", 3, "B"), ("11", "人口", "2", 3, "C"), ("12", "专利", "3", 3, "E"), ("12", "人口", "4", 3, "F"),
        ("13", "专利", "5", 4, "B"), ("13", "人口", "6", 4, "C"),
    }  # fmt: skip
    assert set(read.figures["year"]) == {"2019"}
