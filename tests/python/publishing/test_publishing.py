"""Joint documents and figures for print: what stands in them, how wide they are, and that equal input gives equal bytes."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree
from nqp.document.cells import Estimate, Number, StdError, Text
from nqp.document.exhibits import FILE, Exhibits, Picture, as_json, numbered
from nqp.document.table import Block, Column, Row, Table
from nqp.errors import StudyError
from nqp.language.labels import NOTHING, Label
from nqp.publishing.figures import PNG_DPI, SIZES, print_files, size_of_png, svg_for_print
from nqp.publishing.latex import alone, tables_only
from nqp.publishing.pages import height, parts, word_table
from nqp.publishing.run import publish
from nqp.publishing.word import book, bookmark

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ROWS = 90
GROUPS = ("东部", "中部", "西部")
CHART = {
    "layer": [
        {
            "mark": {"type": "line"},
            "encoding": {
                "x": {"field": "year", "type": "quantitative"}, "y": {"field": "score", "type": "quantitative"},
                "color": {"field": "group", "type": "nominal", "legend": None,
                          "scale": {"domain": list(GROUPS), "range": ["var(--g1)", "var(--g2)", "var(--g3)"]}},
            },
        },
        {"mark": {"type": "text", "color": "var(--ink)"}, "encoding": {"x": {"value": 600}, "text": {"field": "group", "type": "nominal"}}},
    ],
    "data": {"name": "rows0"}, "width": 560, "height": 200, "config": {"background": "transparent"},
    "datasets": {"rows0": [{"year": year, "score": year % 7 + place, "group": group} for place, group in enumerate(GROUPS) for year in range(2012, 2020)]},
}  # fmt: skip


def long_table() -> Table:
    rows = []
    for place in range(ROWS):
        rows.append(
            Row(
                Label(f"变量 {place}", f"Variable {place}"),
                (Estimate(place / 7, "**"), Text(Label("很长的说明" * 3, "a long remark " * 3))),
            )
        )
        rows.append(Row(NOTHING, (StdError(0.1), Text(Label.both("below"))), "se"))
    columns = (Column("1", Label.both("(1)")), Column("2", Label("说明", "Remark"), "text", width=12))
    return Table("long", Label("表 2", "Table 2"), Label("长表", "A long table"), NOTHING, (), columns,
                 (Block(tuple(rows), Label("A：甲", "Panel A")),), (Label("注。", "A note."),))  # fmt: skip


def exhibits() -> Exhibits:
    short = Table("short", Label("表 1", "Table 1"), Label("短表", "A short table"), NOTHING, (), (Column("1", Label.both("(1)")),),
                  (Block((Row(Label("甲", "a & b"), (Number(1.5),)),)),))  # fmt: skip
    extra = Table("extra", NOTHING, Label("附加", "Extra"), NOTHING, (), tuple(Column(str(i), Label.both(f"column {i} with words")) for i in range(14)),
                  (Block((Row(Label("甲", "a"), tuple(Number(i / 3) for i in range(14))),)),))  # fmt: skip
    files = {language: f"figures/trends-x.{language}.vl.json" for language in ("zh", "en")}
    picture = Picture("trends-x", "trends", Label("图 1", "Figure 1"), Label("上升", "It rose"), Label("得分", "score"),
                      Label("公开表。", "a mart."), Label("线图", "lines"), "", files)  # type: ignore[arg-type]  # fmt: skip
    return Exhibits(
        Label("研究", "The study"),
        Label.both("unit"),
        ("zh", "en"),
        numbered((short, picture, long_table(), extra)),
    )


@pytest.fixture(scope="module")
def image() -> bytes:
    return print_files(json.dumps(CHART), "trends-x", "zh", SIZES[1:])["trends-x.zh.page.png"]


def test_a_figure_is_as_wide_as_it_is_to_be_in_every_format_and_grey() -> None:
    files = print_files(json.dumps(CHART), "trends-x", "zh")
    assert len(files) == 6
    for size in SIZES:
        drawn = files[f"trends-x.zh.{size.name}.svg"].decode()
        assert f'width="{size.millimetres:.2f}mm"' in drawn
        wide, _ = size_of_png(files[f"trends-x.zh.{size.name}.png"])
        assert wide == pytest.approx(size.millimetres / 25.4 * PNG_DPI, abs=2)
        assert "var(" not in drawn
        colours = {
            tuple(re.findall("..", colour)) for colour in re.findall(r"#([0-9a-f]{6})\b", drawn.lower())
        }
        assert colours
        assert all(len(set(parts)) == 1 for parts in colours)  # red, green and blue are equal
        content = files[f"trends-x.zh.{size.name}.pdf"]
        assert content.startswith(b"%PDF")
        box = re.search(rb"/MediaBox ?\[ ?0 0 ([\d.]+)", content)
        assert box is None or float(box[1]) == pytest.approx(size.millimetres / 25.4 * 72, abs=1)
    assert files == print_files(json.dumps(CHART), "trends-x", "zh")


def test_groups_differ_without_colour_and_text_keeps_its_size() -> None:
    column, page = (svg_for_print(json.dumps(CHART), size) for size in SIZES)
    dashes = set(re.findall(r'stroke-dasharray="([\d,]+)"', column))
    assert len(dashes) == 2  # the first group is solid

    def points(drawn: str) -> float:
        box = re.search(r'width="([\d.]+)mm".*?viewBox="0 0 ([\d.]+)', drawn)
        assert box is not None
        return float(box[1]) / float(box[2])

    assert points(column) == pytest.approx(points(page), rel=0.25)


def test_the_document_holds_every_exhibit_numbered_and_bookmarked(image: bytes) -> None:
    every = exhibits()
    for language in ("zh", "en"):
        content = book(every, language, lambda _: image)
        assert content == book(every, language, lambda _: image)
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
        marks = {}
        for start in body.iter(f"{W}bookmarkStart"):
            text = ""
            for after in start.itersiblings():
                if after.tag == f"{W}bookmarkEnd":
                    break
                text += "".join(one.text or "" for one in after.iter(f"{W}t"))
            marks[start.get(f"{W}name")] = text
        assert marks == {bookmark(item): item.number.in_(language) for item in every.items}
        links = {link.get(f"{W}anchor") for link in body.iter(f"{W}hyperlink")}
        assert links == set(marks)
        texts = [paragraph.text for paragraph in document.paragraphs]
        again = "续表 2" if language == "zh" else "Table 2 (continued)"
        assert texts.count(again) == len(document.tables) - 3 > 1
        assert len(document.inline_shapes) == 1
        shown = sum(
            len(table.rows)
            for table in document.tables
            if "(1)" in table.rows[0].cells[1].text and len(table.columns) == 3
        )
        heads = len(document.tables) - 2
        assert shown == 2 * ROWS + 1 + heads  # every row once, the title of the panel, a head for each part
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            etree.fromstring(archive.read("word/document.xml"))


def test_no_part_of_a_table_is_taller_than_its_page_and_no_pair_is_torn() -> None:
    from nqp.formats.word import document

    with zipfile.ZipFile(io.BytesIO(document(long_table(), "en"))) as archive:
        xml = archive.read("word/document.xml").decode()
    made = word_table(xml[xml.index("<w:tbl>") : xml.index("</w:tbl>") + len("</w:tbl>")])
    pieces = parts(made, 9000)
    head = sum(height(row) for row in made.head)
    assert [row for piece in pieces for row in piece] == list(made.rows)
    for piece in pieces:
        assert head + sum(height(row) for row in piece) <= 9000
        assert "(0.100)" not in piece[0]
        assert "Panel A" not in piece[-1]


def test_latex_has_our_numbers_and_says_continued() -> None:
    text = alone(exhibits(), "zh")
    assert re.findall(r"\\renewcommand\{\\the(\w+)\}\{(\w+)\}", text) == [
        ("table", "1"), ("figure", "1"), ("table", "2"), ("table", "A1")
    ]  # fmt: skip
    assert "续表 \\thetable" in text
    assert "Table \\thetable (continued)" in alone(exhibits(), "en")
    assert text.count("\\begin{document}") == 1
    only = tables_only(exhibits(), "en")
    assert "\\begin{document}" not in only
    assert "includegraphics" not in only
    assert "a \\& b" in only


@pytest.mark.skipif(shutil.which("xelatex") is None, reason="needs a TeX")
@pytest.mark.slow
def test_latex_compiles_alone(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    for language in ("zh", "en"):
        (tmp_path / "figures" / f"trends-x.{language}.page.pdf").write_bytes(
            print_files(json.dumps(CHART), "t", language, SIZES[1:])["t." + language + ".page.pdf"]
        )
        (tmp_path / f"exhibits.{language}.tex").write_text(alone(exhibits(), language), encoding="utf-8")
        done = subprocess.run(
            ["xelatex", "-interaction=nonstopmode", "-halt-on-error", f"exhibits.{language}.tex"],
            cwd=tmp_path, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:]
        assert (tmp_path / f"exhibits.{language}.pdf").stat().st_size > 5000


@pytest.mark.slow
def test_the_command_writes_everything_and_the_workbook_links_to_its_sheets(tmp_path: Path) -> None:
    output = tmp_path / "output"
    (output / "figures").mkdir(parents=True)
    (output / FILE).write_bytes(as_json(exhibits()))
    for language in ("zh", "en"):
        (output / "figures" / f"trends-x.{language}.vl.json").write_text(json.dumps(CHART), encoding="utf-8")
    said = publish(study="any", output=output, languages=("zh", "en"), part="all", announce=lambda _: None)
    names = {
        path.relative_to(output / "exhibits").as_posix()
        for path in (output / "exhibits").rglob("*")
        if path.is_file()
    }
    assert f"Wrote {len(names) - 1} files" in said
    assert {"tables.zh.docx", "tables.en.docx", "tables.xlsx", "exhibits.en.tex", "tables.zh.tex"} <= names
    assert len([name for name in names if name.startswith("figures/")]) == 12
    workbook = openpyxl.load_workbook(output / "exhibits" / "tables.xlsx")
    contents = workbook.worksheets[0]
    targets = [row[0].hyperlink.location for row in contents.iter_rows(min_row=2) if row[0].hyperlink]
    assert [target.split("'")[1] for target in targets] == workbook.sheetnames[1:]
    assert [row[1].value for row in contents.iter_rows(min_row=2)][:2] == ["表 1", "Table 1"]
    with pytest.raises(StudyError, match=r"There is no .*exhibits\.json"):
        publish(study="any", output=tmp_path / "none", languages=("en",), part="all", announce=lambda _: None)
