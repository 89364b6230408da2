"""The commands of docs/better-figures.md on made-up workbooks of the layout of a yearbook."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
from pathlib import Path

import pytest
import study
import xlsxwriter
from studies import DEFAULT, REPOSITORY

PAGES = ("better-figures.md", "better-figures.zh-CN.md")


def commands(page: str) -> list[list[str]]:
    """The arguments of every command of the page that takes a file in."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    return [
        shlex.split(line)[2:] for line in re.findall(r"^python python/study\.py add .*$", text, re.MULTILINE)
    ]


def sheet(path: Path, years: range) -> int:
    """Provinces down, years across, a title above; how many figures it holds."""
    with (DEFAULT / "def_entities.csv").open(encoding="utf-8", newline="") as stream:
        names = [row["name_zh"] for row in csv.DictReader(stream)]
    workbook = xlsxwriter.Workbook(str(path))
    page = workbook.add_worksheet("表")
    page.write_row(0, 0, ["各地区虚构数字"])
    page.write_row(1, 0, ["地区", *(f"{year}年" for year in years)])
    for row, name in enumerate(names):
        page.write_row(2 + row, 0, [name, *(1000 + 10 * row + year % 100 for year in years)])
    workbook.close()
    return len(names) * len(years)


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_the_page_take_a_yearbook_sheet_in(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(study, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(DEFAULT, tmp_path / "seeds" / "nqp")
    found = commands(page)
    assert len(found) == 5
    for arguments in found:
        file, series = arguments[2], arguments[arguments.index("--series") + 1]
        figures = sheet(tmp_path / file, range(2012, 2018))
        before = (tmp_path / "seeds" / "nqp" / "raw_observations.csv").read_text(encoding="utf-8")
        assert study.main(arguments) == 0, capsys.readouterr().err
        assert f"new: {figures}" in capsys.readouterr().out
        after = (tmp_path / "seeds" / "nqp" / "raw_observations.csv").read_text(encoding="utf-8")
        written = after[len(before) :].splitlines()
        if "--dry-run" in arguments:
            assert after == before
        else:
            assert after.startswith(before)
            assert len(written) == figures
            assert all(f",{series}," in line for line in written)
