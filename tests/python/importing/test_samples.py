"""Every cell of the real samples that was read by hand comes out of `read_files`. The samples lie beside the checkout."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from nqp.importing import Reading, read_files
from nqp.importing.grids import number_text

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
if not SAMPLES.exists():
    SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "samples"
PRESENT = (SAMPLES / "right_values.csv").exists()
pytestmark = pytest.mark.skipif(
    not PRESENT, reason="the samples (shared/samples) are not beside this checkout"
)

SERIES = {  # what the hand-made table calls the series, where it translates
    "technology import expenditure": "引进技术经费支出",
    "technology assimilation expenditure": "消化吸收经费支出",
    "domestic technology purchase expenditure": "购买境内技术经费支出",
    "technical renovation expenditure": "技术改造经费支出",
    "intramural R&D expenditure": "R&D经费内部支出",
    "of which experimental development": "R&D经费内部支出: 试验发展支出",
    "routine expenditure, of which labour cost": "R&D经费内部支出: 日常性支出: 人员劳务费",
    "assets expenditure": "资产性支出",
    "assets expenditure, of which instruments and equipment": "R&D经费内部支出: 资产性支出: 仪器和设备",
    "government funds": "政府资金",
    "enterprise funds": "企业资金",
}
UNITS = {"10 thousand yuan": "万元", "percent": "", "10^6 ": "10^6 USD"}
CELLS = list(csv.DictReader((SAMPLES / "right_values.csv").open(encoding="utf-8"))) if PRESENT else []
READ: dict[str, Reading] = {}


def reading(name: str) -> Reading:
    if name not in READ:
        READ[name] = read_files([SAMPLES / name])
    return READ[name]


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: f"{c['file'][:20]} {c['place']} {c['series'][:20]}")
def test_cell_of_a_real_file(cell: dict[str, str]) -> None:
    read = reading(cell["file"])
    rows = [*read.figures.itertuples(index=False), *read.aggregates.itertuples(index=False)]
    bare = lambda text: re.sub(r"\s", "", text or "")  # noqa: E731
    kept = [r for r in rows if r.column and _same_place(r, cell)]
    if cell["entity"] and not cell["entity"].startswith("("):
        kept = [r for r in kept if bare(r.entity_name) == cell["entity"] or r.entity_code == cell["entity"]]
    if cell["period"] and not cell["period"].startswith("(not"):
        kept = [r for r in kept if r.year == cell["period"].split(" ")[0]]
    if not cell["series"].startswith("("):
        kept = [r for r in kept if r.series_name == SERIES.get(cell["series"], cell["series"])]
    assert len(kept) == 1
    (found,) = kept
    if cell["value"] == "":
        assert found.value is None
    elif re.fullmatch(r"-?[\d.]+", cell["value"]):
        assert found.value is not None
        assert float(found.value) == float(cell["value"])
    else:
        assert found.value == cell["value"]
    unit = UNITS.get(cell["unit"], cell["unit"])
    if not cell["file"].startswith(("pwt", "nbs_2026_indicator")):
        assert found.unit == unit
    if cell["remark"].startswith("flag"):
        assert found.note == cell["remark"].split()[1]
    if cell["remark"].startswith("label"):
        assert found.note == cell["remark"].split()[1]
    if "(not in the file; 2019" in cell["period"]:
        assert found.year == "2019"


def _same_place(row: object, cell: dict[str, str]) -> bool:
    place = cell["place"]
    letter = re.fullmatch(r"([A-Z]+)(\d+)", place)
    at, column = row.row, row.column  # type: ignore[attr-defined]
    if letter:
        return (column, at) == (letter[1], int(letter[2]))
    data = re.fullmatch(r"data row (\d+)", place)
    if data:
        return bool(at == int(data[1]) + 1)
    line = re.fullmatch(r"line (\d+)(?:, field (\d+))?", place)
    if line:
        return at == int(line[1]) and (not line[2] or column == _letter(int(line[2])))
    plain = re.fullmatch(r"row (\d+)", place)
    return not plain or bool(at == int(plain[1]))


def _letter(field: int) -> str:
    from nqp.importing.grids import letter

    return letter(field - 1)


def test_every_cell_is_tried() -> None:
    assert len(CELLS) == 83
    assert number_text(7360.0) == "7360"


def test_the_survey_year_is_named_and_the_portal_of_2026_asks_for_its_series() -> None:
    survey = reading("nbs_old_portal_gb18030.csv")
    assert [q.kind for q in survey.questions] == ["jump"]
    assert "335775" in survey.questions[0].text.en
    asked = reading("nbs_2026_indicator_by_province_bom.csv")
    assert [q.kind for q in asked.blocking] == ["series"]
    told = read_files(
        [SAMPLES / "nbs_2026_indicator_by_province_bom.csv"], series="地方财政支出", unit="亿元"
    )
    assert not told.blocking
    assert told.series.to_numpy().tolist() == [["地方财政支出", "亿元", ""]]
    one = reading("nbs_2026_one_province_many_indicators.csv")
    assert [q.kind for q in one.blocking] == ["entity"]
    assert not read_files([SAMPLES / "nbs_2026_one_province_many_indicators.csv"], entity="北京市").blocking
