"""What stands beside the years, above the names and before the units of a table."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import writing
from nqp.importing import Reading, read_files
from writing import Cell, Sheet


def series(read: Reading) -> list[tuple[str, str]]:
    return [(row.series_name, row.unit) for row in read.series.itertuples(index=False)]


def test_a_column_of_growth_beside_the_years_is_no_year(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["地区", "2018年", "2019年", "2020年", "比上年增长(%)"]]
    rows += [[name, Decimal(1), Decimal(2), Decimal(3), Decimal("5.5")] for name in ("北京", "天津", "河北")]
    read = read_files([writing.as_xlsx([Sheet("能源消费量（万吨）", rows)], tmp_path / "a.xlsx")])
    assert sorted(set(read.figures["year"])) == ["2018", "2019", "2020"]
    assert series(read) == [("能源消费量", "万吨")]
    assert ("E", "比上年增长(%)") in {
        (row.column, row.before) for row in read.log.itertuples() if row.step == "column_ignored"
    }


def test_a_scale_stands_before_the_unit_and_is_not_filled_downwards(tmp_path: Path) -> None:
    lines = ["Country\tIndicator\tUnits\tScale\t2019\t2020\tEstimates Start After"]
    for country in ("China", "Germany", "France"):
        lines += [f"{country}\tGDP\tNational currency\tBillions\t1,234.5\t1,300.5\t2019"]
        lines += [f"{country}\tGrowth\tPercent change\t\t3.5\tn/a\t2019"]
    path = tmp_path / "WEO.xls"
    path.write_bytes("\n".join(lines).encode("utf-16"))
    read = read_files([path])
    assert series(read) == [("GDP", "Billions National currency"), ("Growth", "Percent change")]
    assert read.figures["value"].tolist()[:4] == ["1234.5", "1300.5", "3.5", None]


def test_an_english_heading_below_a_chinese_one_is_its_translation(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["各地区科技指标(2019年)"],
        ["地区", "经费支出（万元）", None, "人员（人年）"],
        [None, "日常性支出", "资产性支出", None],
        ["Region", "Routine", "Assets", "Personnel"],
        *[[name, Decimal(5), Decimal(6), Decimal(7)] for name in ("北京", "天津", "河北")],
    ]
    sheet = Sheet("1", rows, [(1, 2, 0, 0), (1, 1, 1, 2), (1, 2, 3, 3)])
    read = read_files([writing.as_xlsx([sheet], tmp_path / "a.xlsx")])
    assert series(read) == [
        ("经费支出: 日常性支出", "万元"),
        ("经费支出: 资产性支出", "万元"),
        ("人员", "人年"),
    ]
    assert read.series["label"].tolist() == ["Routine", "Assets", "Personnel"]


def test_english_words_that_tell_columns_apart_stay_in_the_names(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["地区", "创新", None], [None, "RD", "FDI"]]
    rows += [[name, Decimal(5), Decimal(6)] for name in ("北京", "天津", "河北")]
    sheet = Sheet("2019年", rows, [(0, 0, 1, 2), (0, 1, 0, 0)])
    read = read_files([writing.as_xlsx([sheet], tmp_path / "a.xlsx")])
    assert [name for name, _ in series(read)] == ["创新: RD", "创新: FDI"]
