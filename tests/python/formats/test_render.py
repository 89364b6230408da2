"""Rendering: what a reader, a browser and a spreadsheet get from the table object."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from browsing import MEASURE, PHONE, WIDE, open_page
from nqp.document.cells import Blank, Cell, Check, Count, Estimate, Interval, Number, Percent, StdError, Text
from nqp.document.page import Finding
from nqp.document.table import Block, Column, ColumnGroup, Row, Table
from nqp.formats.csv import table_csv
from nqp.formats.html import (
    Download,
    Section,
    index_page,
    label_html,
    page,
    table_html,
)
from nqp.language.labels import Label, Language
from nqp.output import write_atomically

NOTHING = Label("", "")
HOSTILE = '"><script>alert("1")</script> & \'x\' {{ 7 * 7 }}'


# ----------------------------------------------------------------------------- a realistic page, made up


def label(zh: str, en: str) -> Label:
    return Label(zh, en, italic=("R", "N", "F", "t", "p"))


CONTROLS = (
    label("人力资本水平", "Human capital"),
    label("政府干预程度", "Government intervention"),
    label("对外开放程度", "Openness"),
    label("产业结构", "Industrial structure"),
    label("城镇化率", "Urbanisation"),
)
NOTES = (
    label(
        "括号内为个体层面的聚类稳健标准误，自由度为 29；"
        "*、**、*** 分别表示在 10%、5%、1% 的水平上显著（t 检验）。",
        "Standard errors clustered by unit, 29 degrees of freedom, in parentheses; "
        "*, ** and *** mark significance at 10, 5 and 1% (t test).",
    ),
    label(
        "样本为全部个体 11 年的平衡面板；对外开放程度为代理变量。",
        "The sample is the balanced panel of all units over 11 years; openness is a proxy.",
    ),
)
GROUPS = (
    ColumnGroup("g1", label("甲指数", "First index")),
    ColumnGroup("g2", label("乙指数", "Second index")),
)
COLUMNS = tuple(Column(f"m{i}", Label.both(f"({i})"), group="g1" if i < 4 else "g2") for i in range(1, 7))


def regression_blocks(scale: float, title: Label | None = None) -> tuple[Block, Block]:
    """Six columns; each adds a control. The values have every width that alignment must survive."""
    core = [scale * value for value in (0.256, 0.180, 0.1799, -0.0004, 12.5, -1.25)]
    stars = ["***", "**", "*", "", "***", "**"] if scale == 1 else ["***", "**", "*", "", "☆☆☆", "☆"]
    estimates = tuple(Estimate(value, mark) for value, mark in zip(core, stars, strict=True))
    rows = [
        Row(label("核心变量", "Core variable"), estimates, "emphasis"),
        Row(NOTHING, tuple(StdError(abs(value) / 7 + 0.01) for value in core), "se"),
    ]
    for i, name in enumerate(CONTROLS, start=1):
        before: tuple[Cell, ...] = (Blank(),) * i
        estimate = Estimate((-1) ** i * 0.04 / i, "***" if i < 3 else "")
        rows.append(Row(name, before + (estimate,) * (6 - i)))
        rows.append(Row(NOTHING, before + (StdError(0.004 * i),) * (6 - i), "se"))
    effects = (Check(False), *(Check(True),) * 5)
    fits = (*(Number(0.5 + i / 17) for i in range(5)), Number(float("nan")))
    foot = (
        Row(label("个体固定效应", "Unit effects"), effects, "stat"),
        Row(label("年份固定效应", "Year effects"), effects, "stat"),
        Row(label("样本量 N", "Observations N"), tuple(Count(330 * i) for i in range(1, 7)), "stat"),
        Row(label("调整后 R²", "Adjusted R²"), fits, "stat"),
    )
    return Block(tuple(rows), title), Block(foot)


def baseline_table() -> Table:
    return Table(
        code="baseline",
        number=label("表 3", "Table 3"),
        title=label("基准回归结果", "Baseline regressions"),
        corner=label("变量", "Variable"),
        groups=GROUPS,
        columns=COLUMNS,
        blocks=regression_blocks(1),
        notes=NOTES,
    )


def panel_table() -> Table:
    return replace(
        baseline_table(),
        code="panels",
        number=label("表 4", "Table 4"),
        title=label("两种价格口径的结果", "Two price bases"),
        corner=NOTHING,
        groups=(),
        columns=tuple(replace(column, group=None) for column in COLUMNS),
        blocks=regression_blocks(1, label("面板 A　不变价", "Panel A. Constant prices"))
        + regression_blocks(3, label("面板 B　现价", "Panel B. Current prices")),
    )


def text_table() -> Table:
    definition = label(
        "规模以上工业企业研究与试验发展经费内部支出占地区生产总值的比重",
        "Intramural R&D spending of industrial enterprises above the designated size as a share of output",
    )
    measured_by = label(
        "研发经费内部支出（万元）除以地区生产总值（亿元），二者均取自统计年鉴，缺失年份在首尾之间线性插补",
        "Intramural R&D (10 thousand) over gross regional product (100 million), both from the yearbook; "
        "gaps between two observed years are interpolated",
    )
    titles = (
        label("技术", "Technology"),
        label("产业", "Industry"),
        label("关系", "Relations of production"),
    )
    blocks = [
        Block(
            tuple(
                Row(
                    label(f"研发投入强度 {d}{i}", f"R&D intensity {d}{i}"),
                    (
                        Text(definition),
                        Text(measured_by),
                        Text(label("代理", "proxy") if i == 2 else label("一致", "same")),
                        Text(label("负", "negative") if i == 3 else label("正", "positive")),
                        Number(0.95 - d / 30 - i / 90, 4),
                        Percent(0.0432 + i / 13, 2),
                        Percent(0.012 + d / 7, 2),
                    ),
                )
                for i in range(4)
            ),
            title,
        )
        for d, title in enumerate(titles)
    ]
    return Table(
        code="indicators",
        number=label("表 1", "Table 1"),
        title=label("指标体系、熵值与权重", "The indicators, their entropy and weights"),
        corner=label("指标", "Indicator"),
        groups=(),
        columns=(
            Column("definition", label("定义", "Definition"), "text", width=14),
            Column("measured", label("测度方法", "How measured"), "text", width=17),
            Column("closeness", label("贴近度", "Closeness"), "center", width=4),
            Column("direction", label("方向", "Direction"), "center", width=4),
            Column("entropy", label("熵值", "Entropy"), width=5),
            Column("weight", label("权重", "Weight"), width=5),
            Column("effective", label("有效权重", "Effective weight"), width=5),
        ),
        blocks=tuple(blocks),
        notes=NOTES[1:],
        label_width=9,
        cards=True,
    )


def descriptive_table() -> Table:
    data = [
        (label("综合指数", "Composite index"), 330, 0.2134),
        (label("人均可支配收入（元）", "Income per head (yuan)"), 99, 25431.7),
        (label("城镇化率", "Urban share"), 1240, 0.5871),
        (label("无数据的变量", "A variable without data"), 0, float("nan")),
    ]
    return Table(
        code="descriptive",
        number=label("表 2", "Table 2"),
        title=label("描述性统计", "Descriptive statistics"),
        corner=label("变量", "Variable"),
        groups=(),
        columns=(
            Column("n", label("N", "N")),
            Column("mean", label("均值", "Mean")),
            Column("std_dev", label("标准差", "Std. dev.")),
            Column("min", label("最小值", "Min")),
            Column("max", label("最大值", "Max")),
            Column("interval", label("95% 区间", "95% interval"), "center"),
        ),
        blocks=(
            Block(
                tuple(
                    Row(
                        name,
                        (Count(n), Number(m), Number(m / 3), Number(-m), Number(4 * m), Interval(-m, m, 2)),
                    )
                    for name, n, m in data
                )
            ),
        ),
    )


def comparison_table(rows: int = 96) -> Table:
    why = label(
        "原文所用年鉴版本不同，且未说明插补方法。",
        "The paper used another edition of the yearbook and does not say how gaps were filled.",
    )
    body = []
    for i in range(rows):
        value = ((i * 37) % 100 - 50) / 70
        cells: tuple[Cell, ...] = (
            Text(Label.both(f"({i % 6 + 1})")),
            Estimate(value if i % 11 else None, "***" if i % 3 else ""),
            Estimate(value * 1.01, "**" if i % 4 else ""),
            Estimate(value * 1.02, "***"),
            Number(value * 0.01, 4),
            Check(i % 2 == 0),
            Check(i % 5 != 0),
            Text(why) if i % 7 == 0 else Blank(),
        )
        body.append(Row(label(f"对外开放程度 {i}", f"Openness {i}"), cells))
    return Table(
        code="comparison",
        number=label("表 7", "Table 7"),
        title=label("与原文逐格比较", "Comparison with the paper, cell by cell"),
        corner=label("系数", "Coefficient"),
        groups=(ColumnGroup("ours", label("本文", "Ours")),),
        columns=(
            Column("model", label("列", "Column"), "center"),
            Column("printed", label("原文", "Printed")),
            Column("clustered", label("聚类", "Clustered"), group="ours"),
            Column("iid", label("同方差", "iid"), group="ours"),
            Column("difference", label("差", "Difference")),
            Column("equal", label("舍入后相等", "Equal when rounded"), "center"),
            Column("sign", label("同号", "Same sign"), "center"),
            Column("why", label("原因", "Why"), "text", width=18),
        ),
        blocks=tuple(
            Block(tuple(body[k : k + 24]), label(f"表 {3 + k // 24}", f"Table {3 + k // 24}"))
            for k in range(0, rows, 24)
        ),
        notes=NOTES[:1],
        label_width=9,
    )


def demo_sections() -> tuple[Section, ...]:
    words = label(
        "本节说明每个数字从哪里来，以及在什么口径下可以与原文比较。表中的每个数都可以下载。",
        "This section says where each number comes from and on which basis it compares with the paper. "
        "Every number can be downloaded.",
    )
    return (
        Section(
            "data", label("数据与指标", "Data and indicators"), (words,), (text_table(), descriptive_table())
        ),
        Section("results", label("实证结果", "Results"), (words,), (baseline_table(), panel_table())),
        Section("against", label("与原文比较", "Comparison"), (words,), (comparison_table(),)),
    )


PAGES: dict[Language, str] = {"zh": "report.zh.html", "en": "report.en.html"}
TITLE = label("一个复现", "A replication")
FINDINGS = (label("核心系数为 0.180（p < 0.01）。", "The core coefficient is 0.180 (p < 0.01)."),)
FOOTER = ((label("输入散列", "Input hash"), "sha256:" + "ab12" * 16),)


def demo_page(language: Language) -> str:
    return page(
        language,
        title=TITLE,
        lead=FINDINGS,
        findings=[Finding(one) for one in FINDINGS],
        sections=demo_sections(),
        footer=FOOTER,
        pages=PAGES,
    )


def demo_files() -> dict[str, bytes]:
    """A whole output folder: both pages, the index, the downloads."""
    files = {href: demo_page(language).encode() for language, href in PAGES.items()}
    files["index.html"] = index_page(
        title=TITLE, findings=[Finding(one) for one in FINDINGS], pages=PAGES
    ).encode()
    for section in demo_sections():
        files |= {f"tables/{table.code}.csv": table_csv(table).encode() for table in section.tables}
    return files


# ----------------------------------------------------------------------------------------------------- HTML


class Elements(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def values(self, attribute: str) -> list[str]:
        return [value for _, attrs in self.found if (value := attrs.get(attribute)) is not None]


@pytest.mark.parametrize("name", [*PAGES.values(), "index.html"])
def test_html_is_valid(name: str) -> None:
    html5lib = pytest.importorskip("html5lib", reason="html5lib is not installed: strict parsing not checked")
    html5lib.HTMLParser(strict=True).parse(demo_files()[name].decode())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_ids_are_unique_and_every_link_resolves(language: Language) -> None:
    files = demo_files()
    elements = Elements(files[PAGES[language]].decode())
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    for attribute in ("aria-describedby", "aria-labelledby"):
        assert set(elements.values(attribute)) <= set(ids)
    links = [link for link in elements.values("href") if link != "data:,"]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert {link for link in links if not link.startswith("#")} <= set(files)
    assert set(Elements(files["index.html"].decode()).values("href")) - {"data:,"} == set(PAGES.values())


def test_anchors_are_the_same_in_both_languages() -> None:
    assert Elements(demo_page("zh")).values("id") == Elements(demo_page("en")).values("id")


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_a_page_names_its_language_and_reaches_no_network(language: Language, tag: str) -> None:
    html = demo_page(language)
    assert f'<html lang="{tag}">' in html
    assert "http://" not in html
    assert "https://" not in html
    assert not Elements(html).values("src")
    assert not Elements(html).values("style")


def test_a_table_is_marked_up_for_a_screen_reader() -> None:
    html = str(table_html(baseline_table(), "en"))
    assert re.search(r"<caption><span>Table 3\. Baseline regressions</span></caption>", html)
    assert 'aria-describedby="table-baseline-notes"' in html
    assert 'id="table-baseline-notes"' in html
    assert '<th scope="colgroup" colspan="3">' in html
    assert '<th scope="row" class="stub" rowspan="2">Core variable</th>' in html
    assert '<td class="stub"></td>' in str(table_html(panel_table(), "en")), "an empty corner is no header"
    assert "表 3\u3000基准回归结果" in str(table_html(baseline_table(), "zh"))
    assert "<b>注：</b>" in str(table_html(baseline_table(), "zh"))


def page_of_one_text(text: str) -> list[str]:
    """A page and an index in which every label, value and link is the text."""
    words = Label(text, text)
    table = Table(
        code="t",
        number=words,
        title=words,
        corner=words,
        groups=(ColumnGroup("g", words),),
        columns=(Column(text, words, "text", group="g"),),
        blocks=(Block((Row(words, (Text(words),)),), words),),
        notes=(words,),
        cards=True,
    )
    whole_page = page(
        "en",
        title=words,
        lead=[words],
        findings=[Finding(words)],
        sections=[Section("s", words, (words,), (table,))],
        footer=[(words, text)],
        pages={"zh": text},
        downloads=[Download(text, text.replace("{", "{{").replace("}", "}}"))],
    )
    return [whole_page, index_page(title=words, lead=[words], findings=[Finding(words)], pages={"en": text})]


def test_data_never_becomes_markup() -> None:
    for evil, good in zip(page_of_one_text(HOSTILE), page_of_one_text("good"), strict=True):
        assert [tag for tag, _ in Elements(evil).found] == [tag for tag, _ in Elements(good).found]
        assert [list(attrs) for _, attrs in Elements(evil).found] == [
            list(a) for _, a in Elements(good).found
        ]
        assert HOSTILE in Elements(evil).values("href")
    assert label_html(Label.both("<b>R</b>", italic=("R",)), "en") == "&lt;b&gt;<i>R</i>&lt;/b&gt;"


def test_numbers_on_the_page_have_a_true_minus_and_no_negative_zero() -> None:
    html = str(table_html(baseline_table(), "en"))
    cells = re.findall(r'<span class="whole">(.*?)</span><span class="frac">([^<]*)', html)
    printed = {whole + fraction for whole, fraction in cells}
    assert "\u22121.250" in printed
    assert not any("-" in number for number in printed)
    assert not any(re.fullmatch(r"\u22120\.0*", number) for number in printed)
    assert '<span title="not available" aria-hidden="true">–</span>' in html


def test_an_anchor_used_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="anchor used twice on one page: table-baseline"):
        page("en", title=TITLE, sections=[Section("a", TITLE, (), (baseline_table(),) * 2)])


def test_wide_tables_scroll_and_long_ones_keep_their_head() -> None:
    assert 'class="table dense small long' not in str(table_html(baseline_table(), "en"))
    assert 'role="group" tabindex="0"' in str(table_html(baseline_table(), "en"))
    assert re.search(r'class="table [^"]*\blong\b', str(table_html(comparison_table(), "en")))
    assert re.search(r'class="table [^"]*\bcards\b', str(table_html(text_table(), "en")))


# ------------------------------------------------------------------------------------------------------ CSV


def test_csv_gives_back_every_number_in_full() -> None:
    rows = list(csv.DictReader(io.StringIO(table_csv(baseline_table()))))
    core = [row for row in rows if row["row"] == "1"]
    assert [float(row["value"]) for row in core] == [0.256, 0.180, 0.1799, -0.0004, 12.5, -1.25]
    assert [row["printed"] for row in core][3:] == ["-0.000400", "12.500***", "-1.250**"]
    assert "\r" not in table_csv(baseline_table())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", " =", "＝"])
def test_csv_holds_no_spreadsheet_formula(start: str) -> None:
    words = Label.both(f'{start}HYPERLINK("x")')
    table = Table(
        "t",
        words,
        words,
        words,
        (),
        (Column("a", words, "text"),),
        (Block((Row(words, (Text(words),)),), words),),
    )
    (row,) = csv.DictReader(io.StringIO(table_csv(table)))
    for field in ("row_label_zh", "column_label_en", "block_title_en", "printed", "printed_zh"):
        assert row[field] == f"'{words.en}", field


# ---------------------------------------------------------------------------------------------------- files


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_atomically(dict(sorted(demo_files().items(), reverse=name == "two")), tmp_path / name)
    one, two = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two
    assert len(one) == len(demo_files()) + 1


def test_the_manifest_lists_what_was_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_atomically({"b/c.txt": b"c", "a.txt": b"a"}, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest == {
        "a.txt": hashlib.sha256(b"a").hexdigest(),
        "b/c.txt": hashlib.sha256(b"c").hexdigest(),
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "b", "manifest.json"]


def test_a_file_no_longer_produced_goes_and_foreign_files_stay(tmp_path: Path) -> None:
    write_atomically({"old.txt": b"1", "edited.txt": b"1", "kept.txt": b"1"}, tmp_path)
    (tmp_path / "edited.txt").write_text("my notes")
    (tmp_path / "mine.txt").write_text("mine")
    write_atomically({"kept.txt": b"2"}, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "edited.txt",
        "kept.txt",
        "manifest.json",
        "mine.txt",
    ]
    assert (tmp_path / "kept.txt").read_bytes() == b"2"


@pytest.mark.parametrize("manifest", ["", "[]", "{", '{"../outside.txt": "%s"}'])
def test_a_strange_manifest_removes_nothing(tmp_path: Path, manifest: str) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"x")
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "manifest.json").write_text(
        manifest.replace("%s", hashlib.sha256(b"x").hexdigest())
    )
    write_atomically({"a.txt": b"a"}, tmp_path / "output")
    assert outside.exists()


def whole(directory: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(directory)): p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()
    }


def test_a_failure_while_staging_leaves_the_earlier_output_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_atomically({"a.txt": b"1", "b.txt": b"1"}, tmp_path)
    before = whole(tmp_path)
    write_bytes = Path.write_bytes

    def disk_full(path: Path, data: bytes) -> int:
        if path.name == "b.txt":
            raise OSError("disk full")
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", disk_full)
    with pytest.raises(OSError, match="disk full"):
        write_atomically({"a.txt": b"2", "b.txt": b"2"}, tmp_path)
    assert whole(tmp_path) == before


def test_a_folder_in_the_way_is_found_before_anything_moves(tmp_path: Path) -> None:
    write_atomically({"a.txt": b"1"}, tmp_path)
    (tmp_path / "z.txt").mkdir()
    before = whole(tmp_path)
    with pytest.raises(IsADirectoryError, match=r"a folder stands where z\.txt"):
        write_atomically({"a.txt": b"2", "z.txt": b"2"}, tmp_path)
    assert whole(tmp_path) == before


@pytest.mark.parametrize("name", ["/a", "../a", "a/../../b", "", ".", "a//b", "a\\b", "manifest.json"])
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a path for an output file"):
        write_atomically({name: b"x"}, tmp_path / "output")
    assert not (tmp_path / "output").exists()


# -------------------------------------------------------------------------------------------------- browser


@pytest.mark.parametrize(("language", "width"), [("zh", WIDE), ("en", WIDE), ("en", PHONE)])
def test_in_a_browser_points_align_and_the_page_fits(
    chromium: Any, tmp_path: Path, language: Language, width: int
) -> None:
    (tmp_path / "page.html").write_text(demo_page(language), encoding="utf-8")
    opened = open_page(chromium, tmp_path / "page.html", width=width)
    measured = opened.evaluate(MEASURE)
    assert opened.console == []
    assert measured["overflow"] == 0, "only tables scroll sideways, never the page"
    assert len(measured["columns"]) >= 20
    assert [column for column in measured["columns"] if column[2] > 0.1] == []
    assert measured["outside"] == [], (
        "stars and parentheses stay in their cell, the two sides of a point touch"
    )
    assert set(measured["rules"]) == {"2px 1px 2px"}, "1.5, 0.75 and 1.5 pt"
    opened.page.context.close()
