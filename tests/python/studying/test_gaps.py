"""Gaps are a decision: what the draft says of a missing cell stands in the study, on the page, and holds in the build."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from nqp.studying.coverage import widest_window, window_of_rows
from nqp.studying.files import read_folder
from studies import WITHOUT_TESTS, Run, new_project

YEARS = range(2015, 2021)
PLACES = ("北京", "天津", "河北", "山西", "辽宁")
HEAD = "省份,年份,研发经费（亿元）,专利授权数（件）,人均地区生产总值（元）"


def lines(blank: set[tuple[str, int, int]]) -> list[str]:
    """A panel of five provinces; ``blank``: province, year and place of a series without a figure."""
    found = [HEAD]
    for i, place in enumerate(PLACES):
        for year in YEARS:
            cells = [
                "" if (place, year, k) in blank else str((i * 37 + year * (k + 3) + k * 53) % 91 + 10)
                for k in range(3)
            ]
            found.append(f"{place},{year}," + ",".join(cells))
    return found


GAPS = {("天津", 2017, 0), ("河北", 2018, 0), ("山西", 2020, 1)}  # two inside, one at the end


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    path = tmp_path / "panel.csv"
    path.write_text("\n".join(lines(GAPS)), encoding="utf-8")
    return path


def imputed(folder: Path) -> dict[str, str]:
    return {row["name_zh"]: row["impute"] for row in read_folder(folder).records("def_series")}


def test_the_draft_interpolates_only_the_series_that_have_a_gap_and_says_so(
    run: Run, tmp_path: Path, panel: Path
) -> None:
    code, said, _ = run("new", "a", panel, "--yes", "--first-year", 2015, "--last-year", 2020)
    assert code == 0
    folder = tmp_path / "seeds" / "a"
    assert imputed(folder) == {"研发经费": "linear", "专利授权数": "", "人均地区生产总值": ""}
    assert "Gaps: 2 blank cells of 1 series" in said
    assert "linear: 2 cells" in said
    assert "stop, the build refuses it; all 4 entities are complete" in said
    assert read_folder(folder).records("def_indices")[0]["missing"] == "stop"
    assert [
        row["before"] for row in read_folder(folder).records("import_log") if row["step"] == "entity_left_out"
    ] == ["14 Shanxi"]


def test_no_gaps_fills_nothing_and_counts_what_filling_would_keep(
    run: Run, tmp_path: Path, panel: Path
) -> None:
    code, said, _ = run("new", "a", panel, "--yes", "--no-gaps", "--first-year", 2015, "--last-year", 2020)
    assert code == 0
    assert set(imputed(tmp_path / "seeds" / "a").values()) == {""}
    assert (
        "Gaps: nothing is filled. Interpolating blanks between two figures would keep 2 more entities" in said
    )
    assert "would keep 3 more entities for their complete years" in said


def test_carry_reaches_beyond_the_last_figure(run: Run, tmp_path: Path, panel: Path) -> None:
    options = (
        "--first-year",
        2015,
        "--last-year",
        2020,
        "--impute",
        "专利授权数=carry 1",
        "--impute",
        "研发经费=linear",
    )
    code, said, _ = run("new", "a", panel, "--yes", *options)
    assert code == 0
    assert imputed(tmp_path / "seeds" / "a")["专利授权数"] == "carry 1"
    assert "all 5 entities are complete" in said


def test_the_decisions_come_back_as_they_were_taken(run: Run, tmp_path: Path, panel: Path) -> None:
    years = ("--first-year", 2015, "--last-year", 2020)
    assert run("new", "a", panel, "--yes", *years)[0] == 0
    first = tmp_path / "seeds" / "a"
    decisions = tmp_path / "decisions.csv"
    decisions.write_bytes((first / "decisions.csv").read_bytes())
    assert run("new", "b", panel, "--decisions", decisions, *years)[0] == 0
    assert (tmp_path / "seeds" / "b" / "def_series.csv").read_bytes() == (
        first / "def_series.csv"
    ).read_bytes()
    decisions.write_text(
        decisions.read_text(encoding="utf-8").replace(",linear,", ",cubic,"), encoding="utf-8"
    )
    code, _, error = run("new", "c", panel, "--decisions", decisions, *years)
    assert code == 1
    assert "impute is 'cubic'. Allowed: blank, linear, or carry N" in error


@pytest.mark.build
def test_drop_rows_keeps_the_complete_years_of_every_entity_in_the_build(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project", "mine")
    project.folder.rmdir()
    panel = project.root / "panel.csv"
    panel.write_text("\n".join(lines(GAPS)), encoding="utf-8")
    made = project.run(
        "python",
        "python/study.py",
        "new",
        "mine",
        "panel.csv",
        "--yes",
        "--no-gaps",
        "--missing",
        "drop rows",
    )
    assert made.code == 0, made.output
    assert "5 entities keep their other years" in made.output
    built = project.build(*WITHOUT_TESTS)
    assert built.code == 0, built.output
    dropped = project.query("select entity_code, year from marts.index_dropped_rows order by all")
    assert dropped == [("12", 2017), ("13", 2018), ("14", 2020)]
    assert project.query("select count(*) from marts.index_scores where index_code = 'composite'") == [
        (5 * 6 - 3,)
    ]


def figures() -> pd.DataFrame:
    rows = [
        ("a", 2000, "x"),
        ("a", 2003, "x"),
        ("b", 2000, "x"),
        ("b", 2001, "x"),
        ("b", 2002, "x"),
        ("b", 2003, "x"),
    ]
    rows += [(entity, year, "y") for entity in "ab" for year in range(2000, 2004)]
    return pd.DataFrame(rows, columns=["entity_code", "year", "series_code"])


def test_a_carried_figure_stands_for_as_many_years_as_its_rule_says() -> None:
    for rule, entities in (
        ("carry 1", ("b",)),
        ("carry 2", ("a", "b")),
        ("linear", ("a", "b")),
        ("", ("b",)),
    ):
        window = widest_window(figures(), ["x", "y"], first_year=2000, last_year=2003, fill={"x": rule})
        assert window is not None
        assert window.entities == entities
        assert window.filled == ({"x": 2} if "a" in entities else {})
        assert window.partial == (0 if "a" in entities else 1)


def test_a_window_of_rows_has_every_entity_with_a_complete_year() -> None:
    window = window_of_rows(figures(), ["x", "y"], first_year=2001)
    assert window is not None
    assert (window.first_year, window.last_year, window.entities, window.filled) == (
        2001,
        2003,
        ("a", "b"),
        {},
    )
