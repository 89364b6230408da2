"""`study.py` as a person uses it: new from files, decisions, add, dry runs, and a refusal that leaves everything as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from nqp.studying.decisions import Answers, SeriesFacts, apply, ask, draft, main_outcome_first
from nqp.studying.files import read_folder
from nqp.studying.tables_sheet import sheets_of
from studies import Run

PROVINCES = {
    "北京市": "11",
    "天津市": "12",
    "河北省": "13",
    "上海市": "31",
    "江苏省": "32",
    "西藏自治区": "54",
}
SERIES = (
    ("地区生产总值", "亿元"), ("年末常住人口", "万人"), ("研发经费", "万元"), ("专利授权量", "项"),
    ("移动电话普及率", "部/百人"), ("二氧化硫排放量", "万吨"),
)  # fmt: skip
YEARS = range(2016, 2022)


def figure(province: str, year: int, place: int) -> str:
    number = (int(PROVINCES[province]) * 17 + (year - 2000) * (place + 3) + place * 311) % 977 + 100
    return f"{number}.{place}{year % 10}"


def portal_file(folder: Path, place: int, changes: dict[tuple[str, int], str] | None = None) -> Path:
    """One series in the layout of the statistics bureau's old portal: GB18030, three title lines, newest year first."""
    name, unit = SERIES[place]
    lines = ["数据库：分省年度数据", f"指标：{name}({unit})", "时间：最近6年"]
    years = list(reversed(YEARS))
    lines.append("地区," + ",".join(f"{year}年" for year in years))
    for province in PROVINCES:
        cells = [(changes or {}).get((province, year), figure(province, year, place)) for year in years]
        lines.append(f"{province}," + ",".join(cells))
    lines += ["注：2020 年为普查年份。", "数据来源：国家统计局"]
    path = folder / f"分省年度数据 ({place + 1}).csv"
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("gb18030"))
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    # 西藏 lacks one figure in front of its first: it cannot be filled
    return [portal_file(tmp_path, place, {("西藏自治区", 2016): ""} if place == 3 else None) for place in range(len(SERIES))]  # fmt: skip


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_new_makes_a_study_of_one_file_per_series(run: Run, files: list[Path], tmp_path: Path) -> None:
    code, out, err = run("new", "mine", *files, "--leave-out", "移动电话普及率", "--yes")
    assert (code, err) == (0, "")
    assert "The index covers 5 entities, 2016 to 2021" in out
    made = read_folder(tmp_path / "seeds" / "mine")
    figures = {
        (row["entity_code"], row["year"], row["series_code"]): row for row in made.records("raw_observations")
    }
    names = {row["name_zh"]: row["series_code"] for row in made.records("def_series")}
    assert len(figures) == 5 * len(YEARS) * 5
    for place, (name, unit) in enumerate(SERIES):
        if place == 4:
            assert name not in names
            continue
        assert next(row["unit"] for row in made.records("def_series") if row["name_zh"] == name) == unit
        for province, entity in PROVINCES.items():
            for year in YEARS:
                if province != "西藏自治区":
                    assert figures[entity, str(year), names[name]]["observed_value"] == figure(
                        province, year, place
                    )
    assert figures["11", "2021", names["地区生产总值"]]["note"] == "分省年度数据 (1).csv, B5"
    log = made.records("import_log")
    assert any(row["step"] == "entity_left_out" and row["before"].startswith("54") for row in log)
    assert any(row["step"] == "series_left_out" and row["before"] == "移动电话普及率" for row in log)


def test_the_draft_knows_outcome_divisor_and_direction(run: Run, files: list[Path], tmp_path: Path) -> None:
    run("new", "mine", *files, "--yes")
    made = read_folder(tmp_path / "seeds" / "mine")
    (outcome,) = made.records("def_variables")
    assert (outcome["name_zh"], outcome["role"], outcome["transform"]) == (
        "地区生产总值（对数）",
        "outcome",
        "log",
    )
    population = next(
        row["series_code"] for row in made.records("def_series") if row["name_zh"] == "年末常住人口"
    )
    assert outcome["denominator_series"] == population
    indicators = {row["name_zh"]: row for row in made.records("def_indicators")}
    assert {name: row["direction"] for name, row in indicators.items()} == {
        "研发经费": "positive", "专利授权量": "positive", "移动电话普及率": "positive", "二氧化硫排放量": "negative",
    }  # fmt: skip
    assert indicators["移动电话普及率"]["denominator_series"] == ""
    assert sheets_of(made.specification) is not None


def test_decisions_are_taken_from_flags_and_from_a_file(run: Run, files: list[Path], tmp_path: Path) -> None:
    run(
        "new", "flags", *files, "--yes", "--outcome", "地区生产总值", "--controls", "二氧化硫排放量",
        "--dimension", "research=研发经费,专利授权量", "--dimension", "digital=移动电话普及率",
        "--per", "研发经费=地区生产总值*0.01", "--first-year", "2018", "--title", "题目|Title", "--index-name", "指数|Index",
    )  # fmt: skip
    first = read_folder(tmp_path / "seeds" / "flags")
    assert [row["dimension_code"] for row in first.records("def_dimensions")] == ["research", "digital"]
    assert {name: cell for name, cell in first.records("def_indices")[0].items() if cell} == {
        "index_code": "composite", "name_zh": "指数", "name_en": "Index", "first_year": "2018", "last_year": "2021", "missing": "stop",
    }  # fmt: skip
    assert first.records("def_indicators")[0]["multiplier"] == "0.01"
    assert 'title = { zh = "题目", en = "Title" }' in first.specification
    decisions = tmp_path / "decisions.csv"
    decisions.write_bytes(first.sheets["decisions"].csv())
    code, _, err = run("new", "file", *files, "--yes", "--decisions", decisions, "--first-year", "2018")
    assert (code, err) == (0, "")
    second = read_folder(tmp_path / "seeds" / "file")
    for name in ("def_indicators", "def_variables", "def_dimensions", "def_series", "raw_observations"):
        assert second.sheets[name] == first.sheets[name], name


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--outcome", "GDPP"), "--outcome: no series is called 'GDPP'"),
        (("--dimension", "research"), "--dimension: 'research' has no ="),
        (("--dimension", "Re search=研发经费"), "dimension is 'Re search'"),
        (("--per", "研发经费"), "--per: '研发经费' is no series=divisor"),
        (("--first-year", "2030"), "No entity has figures of all chosen series"),
    ],
)
def test_a_faulty_decision_is_named_and_nothing_is_written(
    run: Run, files: list[Path], tmp_path: Path, flags: tuple[str, ...], told: str
) -> None:
    code, out, err = run("new", "mine", *files, "--yes", *flags)
    assert (code, out) == (1, "")
    assert told in err
    assert not (tmp_path / "seeds").exists() or not list((tmp_path / "seeds").iterdir())


def test_a_study_that_is_there_is_replaced_only_by_force_and_then_whole(
    run: Run, files: list[Path], tmp_path: Path
) -> None:
    run("new", "mine", *files, "--yes")
    folder = tmp_path / "seeds" / "mine"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "own.txt").write_text("mine", encoding="utf-8")
    code, _, err = run("new", "mine", *files, "--yes")
    assert code == 1
    assert "is already there" in err
    code, _, _ = run("new", "mine", *files, "--yes", "--force", "--outcome", "NONE")
    assert code == 1
    assert (folder / "own.txt").read_text(encoding="utf-8") == "mine"
    code, _, _ = run("new", "mine", *files, "--yes", "--force")
    assert code == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["mine"]


def test_two_files_that_disagree_are_refused_with_both_places(run: Run, tmp_path: Path) -> None:
    first = portal_file(tmp_path, 2)
    other = tmp_path / "other"
    other.mkdir()
    second = portal_file(other, 2, {("北京市", 2018): "1"})
    second = second.rename(other / "again.csv")
    code, _, err = run("new", "mine", first, second, "--yes")
    assert code == 1
    assert "2018" in err
    assert "again.csv" in err
    assert first.name in err
    assert not (tmp_path / "seeds" / "mine").exists()


def test_a_dry_run_prints_the_figures_and_writes_nothing(run: Run, files: list[Path], tmp_path: Path) -> None:
    code, out, _ = run("new", "mine", *files, "--yes", "--dry-run")
    assert code == 0
    rows = rows_of(out)
    assert len(rows) == 5 * 6 * len(YEARS)
    assert {"11", "12", "13", "31", "32"} == {row["entity_code"] for row in rows}
    assert not (tmp_path / "seeds").exists()


def test_options_that_a_workbook_of_a_study_answers_are_refused_with_it(run: Run, tmp_path: Path) -> None:
    workbook = tmp_path / "mine.xlsx"
    assert run("template", workbook)[0] == 0
    code, _, err = run("template", workbook)
    assert code == 1
    assert "is already there" in err
    code, _, err = run("new", "mine", workbook, "--outcome", "gdp")
    assert code == 1
    assert "Leave out the options" in err
    assert run("new", "mine", workbook)[0] == 0


# ------------------------------------------------------------------------------------------------- add


def test_add_says_what_is_new_equal_revised_and_refused(run: Run, files: list[Path], tmp_path: Path) -> None:
    run("new", "mine", *files[:5], "--yes")
    folder = tmp_path / "seeds" / "mine"
    old = {path.name: path.read_bytes() for path in folder.iterdir()}
    update = tmp_path / "update.csv"
    lines = [
        "entity,year,研发经费",
        f"北京,2020,{figure('北京市', 2020, 2)}",
        "天津,2020,7",
        "河北,2022,8",
        "西藏,2020,9",
    ]
    update.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, out, err = run("add", "mine", update, "--dry-run")
    assert (code, err) == (0, "")
    for told in (
        "new: 1",
        "equal: 1",
        "revised: 1",
        "refused: 1",
        "-> 7",
        "54: the entity is not in def_entities.csv",
    ):
        assert told in out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == old
    run("add", "mine", update)
    values = {(row["entity_code"], row["year"]): row["observed_value"] for row in read_folder(folder).records("raw_observations") if row["series_code"] == "rd_spending"}  # fmt: skip
    assert values["12", "2020"] == figure("天津市", 2020, 2), "a revision is not taken silently"
    assert values["13", "2022"] == "8"
    run("add", "mine", update, "--revise")
    after = read_folder(folder)
    values = {(row["entity_code"], row["year"]): row["observed_value"] for row in after.records("raw_observations") if row["series_code"] == "rd_spending"}  # fmt: skip
    assert values["12", "2020"] == "7"
    assert [(row["before"], row["after"]) for row in after.records("import_log") if row["step"] == "revised"] == [(figure("天津市", 2020, 2), "7")]  # fmt: skip


def test_add_brings_a_new_series_that_no_indicator_uses_yet(
    run: Run, files: list[Path], tmp_path: Path
) -> None:
    run("new", "mine", *files[:5], "--yes")
    own = tmp_path / "seeds" / "mine" / "own" / "notes.txt"
    own.parent.mkdir()
    own.write_text("kept", encoding="utf-8")
    code, out, _ = run("add", "mine", files[5])
    assert own.read_text(encoding="utf-8") == "kept"
    assert code == 0
    assert "so2: 二氧化硫排放量" in out
    made = read_folder(tmp_path / "seeds" / "mine")
    assert made.records("def_series")[-1]["unit"] == "万吨"
    assert len([row for row in made.records("raw_observations") if row["series_code"] == "so2"]) == 5 * len(YEARS)  # fmt: skip
    _, out, _ = run("add", "mine", files[5])
    assert f"equal: {5 * len(YEARS)}" in out
    assert "new: 0" in out


# ------------------------------------------------------------------------------------------------- questions


def facts(*names: str) -> list[SeriesFacts]:
    return [SeriesFacts(name, "", "", "file", 1.0, 2.0) for name in names]


def test_questions_on_a_terminal_take_numbers_and_ask_again_after_a_mistake() -> None:
    answers = iter(["9", "3", "-", "", "4", "1", "net=2", ""])
    said: list[str] = []
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return next(answers)

    decided = ask(draft(facts("Accidents", "Internet", "Yield", "Useless")), answer, said.append)
    assert [one.use for one in decided] == ["indicator", "indicator", "outcome", "unused"]
    assert [one.direction for one in decided][:2] == ["negative", "positive"]
    assert decided[1].dimension == "net"
    assert any("no series is called '9'" in line for line in said)
    assert asked[0] == asked[1] == "Outcome (numbers; - for none) [-]: "


def test_the_outcome_named_first_is_the_main_one() -> None:
    decided = apply(draft(facts("A", "B", "C", "D")), Answers(outcome=["D,B"]))
    assert [one.code for one in main_outcome_first(decided, ["D,B"])] == ["a", "d", "c", "b"]


def test_a_draft_keeps_what_no_flag_speaks_of() -> None:
    drafted = draft(
        facts("GDP per capita", "Internet users", "Unemployment rate", "Foreign direct investment")
    )
    assert [one.use for one in drafted] == ["outcome", "indicator", "indicator", "control"]
    assert apply(drafted, Answers()) == drafted
    changed = apply(drafted, Answers(controls=[], negative=["Internet users"]))
    assert [one.use for one in changed] == ["outcome", "indicator", "indicator", "indicator"]
    assert apply(drafted, Answers(outcome=[]))[0].use == "reference"
    assert [one.direction for one in changed] == ["positive", "negative", "positive", "positive"]


def test_a_series_of_a_yearbook_has_a_short_code_and_an_english_name() -> None:
    one, two, three = draft(
        [SeriesFacts(name, "", "万人", "file", 1.0, 2.0) for name in ("年末常住人口", "某某人数", "总人口")]
    )
    assert (one.code, one.name_zh, one.name_en) == (
        "population",
        "年末常住人口",
        "Resident population, end of year",
    )
    assert (two.code, two.name_en) == ("mou_mou_ren_shu", "")
    assert three.code == "zong_ren_kou"  # the short one is taken


def test_only_a_head_count_divides_and_a_life_is_no_total() -> None:
    names = (
        "Internet users (% of population)",
        "Life expectancy",
        "城镇人口比重",
        "Population, total",
        "Patents",
    )
    units = ("% of population", "years", "%", "persons", "")
    found = {
        one.series: one
        for one in draft(
            [SeriesFacts(name, "", unit, "f", 1.0, 9.0) for name, unit in zip(names, units, strict=True)]
        )
    }
    assert [name for name, one in found.items() if one.use == "denominator"] == ["Population, total"]
    assert [name for name, one in found.items() if one.per] == []


def test_nothing_but_zero_and_one_is_a_dummy_and_no_indicator() -> None:
    facts = [
        SeriesFacts(name, "", "", "f", 0.0, 1.0, name == "policy")
        for name in ("policy", "share_a", "share_b")
    ]
    assert [one.use for one in draft(facts)] == ["core", "indicator", "indicator"]


def test_indicators_named_are_all_the_indicators() -> None:
    drafted = draft(
        [SeriesFacts(name, "", "", "f", 1.0, 9.0) for name in ("A", "B", "Trade openness", "GDP growth")]
    )
    found = {one.series: one.use for one in apply(drafted, Answers(indicators=["B"]))}
    assert found == {"A": "unused", "B": "indicator", "Trade openness": "control", "GDP growth": "outcome"}
    found = {one.series: one.use for one in apply(drafted, Answers(indicators=["B"], controls=[]))}
    assert found["Trade openness"] == "unused"
