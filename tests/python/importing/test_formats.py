"""Forms that have a reader of their own, written here byte for byte in the layout of the originals, with other figures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import writing
from nqp.errors import StudyError
from nqp.importing import Reading, read_files
from writing import Sheet


def cells(read: Reading) -> dict[tuple[str | None, str | None, str], str | None]:
    return {(r.entity_code, r.year, r.series_name): r.value for r in read}


def steps(read: Reading) -> set[str]:
    return set(read.log["step"])


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_portal_of_2026_with_a_tab_before_every_comma(tmp_path: Path) -> None:
    text = (
        "\ufeff数据库：分省年度数据 \n时间：2021年-2023年 \n地区\t,2023年\t,2022年\t,2021年\t,\n"
        "北京市\t,\t,12.50\t,11.00\t,\n内蒙古自治区\t,7.1\t,6.9\t,6.80\t,\n注：1. 均为本级支出，2000年以前不包括。\n数据来源：国家统计局"
    )
    path = write(tmp_path / "分省年度数据_4.csv", text)
    read = read_files([path])
    assert [q.kind for q in read.blocking] == ["series"]
    named = read_files([path], series="某支出", unit="亿元")
    assert not named.blocking
    assert cells(named)["11", "2023", "某支出"] is None
    assert cells(named)["15", "2021", "某支出"] == "6.80"
    assert set(named.figures["unit"]) == {"亿元"}
    assert len(named.figures) == 6
    assert named.log[named.log["step"] == "note_line"]["row"].tolist() == ["6", "7"]


def test_old_portal_gb18030(tmp_path: Path) -> None:
    text = "数据库：分省年度数据\r\n指标：人口数(人口抽样调查)(人)\r\n时间：最近3年\r\n地区,2019年,2018年,2017年\r\n北京市,20,21,22\r\n天津市,,31,32\r\n注：1.样本数据。\r\n　　　2.略有误差。\r\n数据来源：国家统计局\r\n"
    read = read_files([write(tmp_path / "a.csv", text, "gb18030")])
    assert cells(read)["11", "2018", "人口数(人口抽样调查)"] == "21"
    assert set(read.figures["unit"]) == {"人"}
    assert read.log["after"].tolist()[0] == "gb18030"
    assert read.entities["group_code"].tolist() == ["east", "east"]


WORLD = '"Country Name","Country Code","Indicator Name","Indicator Code","2001","2002",\r\n"Aruba","ABW","Use (% of GDP)","AB.CD.ZS","","1.25",\r\n"World","WLD","Use (% of GDP)","AB.CD.ZS","3","4",\r\n"Korea, Rep.","KOR","Use (% of GDP)","AB.CD.ZS","7","8.5",\r\n'


def test_world_bank_csv(tmp_path: Path) -> None:
    text = (
        '\ufeff"Data Source","World Development Indicators",\r\n\r\n"Last Updated Date","2018-03-01",\r\n\r\n'
        + WORLD
    )
    read = read_files([write(tmp_path / "API_AB.csv", text)])
    assert cells(read) == {
        ("ABW", "2001", "AB.CD.ZS"): None, ("ABW", "2002", "AB.CD.ZS"): "1.25",
        ("KOR", "2001", "AB.CD.ZS"): "7", ("KOR", "2002", "AB.CD.ZS"): "8.5",
    }  # fmt: skip
    assert read.series.to_numpy().tolist() == [["AB.CD.ZS", "% of GDP", "Use (% of GDP)"]]
    assert read.aggregates["entity_name"].unique().tolist() == ["World"]
    assert "aggregate" in steps(read)


def test_databank_workbook(tmp_path: Path) -> None:
    rows = [
        ["Country Name", "Country Code", "Series Name", "Series Code", "2010 [YR2010]", "2011 [YR2011]"],
        ["China", "CHN", "GDP (current US$)", "NY.GDP", Decimal("6.1"), ".."],
        ["Viet Nam", "VNM", "GDP (current US$)", "NY.GDP", Decimal("1.5"), Decimal("2")],
        [], [], ["Data from database: World Development Indicators"], ["Last Updated: 03/01/2020"],
    ]  # fmt: skip
    read = read_files([writing.as_xlsx([Sheet("Data", rows)], tmp_path / "Data_Extract.xlsx")])
    assert cells(read)["CHN", "2011", "NY.GDP"] is None
    assert cells(read)["VNM", "2011", "NY.GDP"] == "2"
    assert len(read.figures) == 4
    assert {"missing", "note_line"} <= steps(read)


def test_eurostat_tsv_with_unit_and_flags(tmp_path: Path) -> None:
    text = "freq,unit,na_item,geo\\TIME_PERIOD\t2019 \t2020 \nA,CP_MEUR,B1GQ,DE\t3449.5 p\t: c\nA,CP_MEUR,B1GQ,EL\t: \t165.3 bp\nA,CP_MEUR,B1GQ,EU27_2020\t14 \t15 \n"
    read = read_files([write(tmp_path / "nama.tsv", text)])
    found = {(r.entity_code, r.year): (r.value, r.note, r.unit, r.column) for r in read}
    assert found == {
        ("DEU", "2019"): ("3449.5", "p", "CP_MEUR", "B"), ("DEU", "2020"): (None, ": c", "CP_MEUR", "C"),
        ("GRC", "2019"): (None, ":", "CP_MEUR", "B"), ("GRC", "2020"): ("165.3", "bp", "CP_MEUR", "C"),
    }  # fmt: skip
    assert len(read.aggregates) == 2


def test_sdmx_csv_of_eurostat_and_the_multiplier_of_oecd(tmp_path: Path) -> None:
    text = "DATAFLOW,LAST UPDATE,freq,unit,na_item,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\nESTAT:X(1.0),01/01/24,A,CP_MEUR,B1GQ,DE,2019,5.5,p\nESTAT:X(1.0),01/01/24,A,CP_MEUR,P3,DE,2019,4.5,\n"
    read = read_files([write(tmp_path / "a.csv", text)])
    assert [(r.series_name, r.value, r.note, r.unit) for r in read] == [
        ("CP_MEUR / B1GQ", "5.5", "p", "CP_MEUR"), ("CP_MEUR / P3", "4.5", "", "CP_MEUR"),
    ]  # fmt: skip
    text = "STRUCTURE,REF_AREA,Reference area,MEASURE,Measure,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT\nDATAFLOW,FRA,France,GDP,Gross,USD,2019,12.5,A,6\n"
    read = read_files([write(tmp_path / "b.csv", text)])
    assert [(r.entity_code, r.series_name, r.value, r.unit) for r in read] == [
        ("FRA", "GDP / USD", "12.5", "10^6 USD")
    ]
    assert "unit_multiplier" in steps(read)


def test_fred_asks_for_the_entity_and_names_a_finer_period(tmp_path: Path) -> None:
    read = read_files(
        [write(tmp_path / "UNRATE.csv", "observation_date,UNRATE\n2000-01-01,4.0\n2000-02-01,.\n")]
    )
    assert [q.kind for q in read.blocking] == ["entity", "year"]
    yearly = read_files(
        [write(tmp_path / "GDPA.csv", "observation_date,GDPA\n2000-01-01,10.5\n2001-01-01,11\n")],
        entity="USA",
    )
    assert not yearly.blocking
    assert cells(yearly) == {("USA", "2000", "GDPA"): "10.5", ("USA", "2001", "GDPA"): "11"}


def test_files_of_one_year_each_take_it_from_the_title_before_the_name(tmp_path: Path) -> None:
    for year, value in ((2019, 5), (2020, 6)):
        write(tmp_path / f"raw-{year}.csv", f"地区,产值(亿元)\n北京,{value}\n天津,{value + 1}\n")
    read = read_files(sorted(tmp_path.glob("raw*.csv")))
    assert cells(read)["12", "2020", "产值"] == "7"
    assert "year_from_file" in steps(read)
    other = read_files([write(tmp_path / "raw-2001.csv", "各地区产值(2018年)\n地区,产值\n北京,5\n天津,6\n")])
    assert set(other.figures["year"]) == {"2018"}


def test_prefecture_cities_beside_their_province(tmp_path: Path) -> None:
    text = "省份,城市,行政区划代码,年份,GDP\n河北省,石家庄市,130100,2019,5\n河北省,唐山市,130200,2019,6\n吉林省,吉林市,220200,2019,7\n贵州省,黔东南苗族侗族自治州,522600,2019,8\n北京市,北京市,110000,2019,9\n"
    read = read_files([write(tmp_path / "c.csv", text)])
    assert read.figures["entity_code"].tolist() == ["130100", "130200", "220200", "522600", "110000"]
    assert read.entities["group_zh"].tolist() == ["河北", "河北", "吉林", "贵州", "北京"]
    with pytest.raises(StudyError, match="Cells have moved"):
        read_files([write(tmp_path / "d.csv", text.replace("130200", "130300"))])


def test_a_percent_format_and_a_date_in_the_heading_of_a_workbook(tmp_path: Path) -> None:
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    page = book.active
    page.append(["地区", datetime.datetime(2019, 12, 31), datetime.datetime(2020, 12, 31)])
    page.append(["北京", 0.125, 0.25])
    page.append(["天津", 0.5, None])
    for row in page.iter_rows(min_row=2, min_col=2):
        for cell in row:
            cell.number_format = "0.0%"
    book.save(tmp_path / "占比.xlsx")
    read = read_files([tmp_path / "占比.xlsx"])
    assert [(r.entity_code, r.year, r.value, r.unit) for r in read] == [
        ("11", "2019", "12.5", "%"), ("11", "2020", "25", "%"), ("12", "2019", "50", "%"), ("12", "2020", None, "%"),
    ]  # fmt: skip
    assert {"number_format", "percent", "year"} <= steps(read)


def test_extended_and_user_missings(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    data = pd.DataFrame({"id": ["A", "B"], "year": [2019, 2019], "x": [1.5, -9.0]})
    pyreadstat.write_sav(
        data,
        str(tmp_path / "a.sav"),
        missing_ranges={"x": [-9]},
        variable_value_labels={"x": {-9: "refused"}},
    )
    read = read_files([tmp_path / "a.sav"])
    assert [(r.entity_code, r.value, r.note) for r in read] == [("A", "1.5", ""), ("B", None, "-9 refused")]
    assert "user_missing" in steps(read)
    data = pd.DataFrame({"id": ["A", "B"], "year": [2019, 2019], "x": [1.5, "c"]})
    pyreadstat.write_dta(
        data,
        str(tmp_path / "a.dta"),
        missing_user_values={"x": ["c"]},
        variable_value_labels={"x": {"c": "closed"}},
    )
    read = read_files([tmp_path / "a.dta"])
    assert [(r.entity_code, r.value) for r in read] == [("A", "1.5"), ("B", None)]
    assert "extended_missing" in steps(read)


def test_two_units_and_a_jump_are_named(tmp_path: Path) -> None:
    one = write(
        tmp_path / "a.csv", "地区,年份,产值(万元)\n北京,2018,50000\n天津,2018,60000\n河北,2018,70000\n"
    )
    two = write(tmp_path / "b.csv", "地区,年份,产值(亿元)\n北京,2019,5.1\n天津,2019,6.1\n河北,2019,7.2\n")
    read = read_files([one, two])
    assert {q.kind: q.blocking for q in read.questions} == {"unit": True, "jump": False}
    assert "10000" in next(q.text.en for q in read.questions if q.kind == "jump")


def test_ambiguous_decimals_are_refused_and_answered(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "country;year;x\nDEU;2019;1.234\nFRA;2019;2,345\n")
    with pytest.raises(StudyError, match=r"1\.234 .*2,345 .*decimal="):
        read_files([path])
    assert read_files([path], decimal=",").figures["value"].tolist() == ["1234", "2.345"]
    assert read_files([path], decimal=".").figures["value"].tolist() == ["1.234", "2345"]


def test_symbols_are_missing_unless_said_to_be_zero(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "地区,2019年,2020年\n北京,-,1\n天津,…,2\n河北,,3\n")
    assert read_files([path], series="x").figures["value"].tolist() == [None, "1", None, "2", None, "3"]
    zero = read_files([path], series="x", symbols={"-": "zero"})
    assert zero.figures["value"].tolist() == ["0", "1", None, "2", None, "3"]
    assert "zero" in steps(zero)


def test_unknown_names_are_asked_with_the_nearest_and_answered(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "region,2019,2020\nBejing,1,2\nTianjin,3,4\nHebei,5,6\nOur sum,7,8\n")
    (question,) = read_files([path], series="x").blocking
    assert "Beijing" in question.text.en
    assert question.draft == "Bejing=Beijing"
    read = read_files([path], series="x", names={"Bejing": "Beijing", "Our sum": ""})
    assert not read.blocking
    assert read.figures["entity_code"].unique().tolist() == ["11", "12", "13"]
    assert "left_out" in steps(read)


def test_columns_and_layout_can_be_declared(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", "grp,who,t,what,x\nq,F1,2019,a,1\nq,F1,2020,a,2\nr,F2,2019,a,3\nr,F2,2020,a,4\n"
    )
    read = read_files(
        [path],
        columns={"entity": "who", "year": "t", "series": "what", "value": "x"},
        entities="any",
        layout="long",
    )
    assert cells(read)["F2", "2020", "a"] == "4"
    with pytest.raises(StudyError, match="declared as entity_by_year, but reads as"):
        read_files([path], layout="entity_by_year")
    with pytest.raises(StudyError, match="has no column nope"):
        read_files([path], columns={"entity": "nope"})


def test_every_blank_dropped_or_changed_cell_has_a_line(tmp_path: Path) -> None:
    text = '表 1 产值(2019年)\n单位：亿元\n地 区,产 值①\n全国,"3,000.5"\n北 京,１２\n\n天津,—\n注：略。\n'
    read = read_files([write(tmp_path / "a.csv", text)])
    said = {(line.row, line.step) for line in read.log.itertuples(index=False)}
    assert {("1", "title"), ("2", "title"), ("3", "header"), ("4", "aggregate"), ("4", "thousands"), ("5", "full_width"),
            ("5", "code"), ("6", "empty_row"), ("7", "missing"), ("8", "note_line")} <= said  # fmt: skip
    assert [(r.entity_code, r.year, r.series_name, r.unit, r.value, r.row, r.column) for r in read] == [
        ("11", "2019", "产 值", "亿元", "12", 5, "B"), ("12", "2019", "产 值", "亿元", None, 7, "B"),
    ]  # fmt: skip


def test_files_that_are_none(tmp_path: Path) -> None:
    for name, content in (
        ("a.pdf", b"%PDF-1.4"),
        ("a.csv", b"word\nword\n"),
        ("a.xlsx", b"PK\x03\x04rest"),
        ("a.dta", b"<stata_dta>"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StudyError, match=r"a\."):
            read_files([tmp_path / name])
    with pytest.raises(StudyError, match="no such file"):
        read_files([tmp_path / "none.csv"])


def test_a_million_rows_are_read_in_columns(tmp_path: Path) -> None:
    """A tenth of a million here, so the suite stays quick: what matters is that no row is handled alone."""
    rows = ["firm,year,series,value"]
    rows += [
        f"F{i // 20:06d},{2000 + i % 20},{s},{i % 977}.{i % 7}"
        for i in range(25_000)
        for s in ("a", "b", "c", "d")
    ]
    read = read_files([write(tmp_path / "long.csv", "\n".join(rows))])
    assert len(read.figures) == 100_000
    assert read.figures["entity_code"].nunique() == 1250
    assert read.figures.iloc[-1].tolist()[:6] == [
        "F001249",
        "F001249",
        "2019",
        "d",
        "",
        f"{24_999 % 977}.{24_999 % 7}",
    ]
    assert read.figures.iloc[-1]["row"] == 100_001
