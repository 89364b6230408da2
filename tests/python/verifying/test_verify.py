"""A manuscript with planted wrong numbers: all of them are found, and none that is right, or somebody else's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import docx
import pytest
import verify
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from nqp.document.cells import Blank, Cell, Count, Estimate, Number, Percent, PValue, StdError
from nqp.document.exhibits import FILE, Exhibits, as_json, read
from nqp.document.table import Block, Column, Row, Table
from nqp.errors import StudyError
from nqp.language.labels import NOTHING, Label
from nqp.verifying.manuscript import passages_of_text
from nqp.verifying.run import Differs
from nqp.verifying.run import verify as held_against
from nqp.verifying.shown import read_numbers
from nqp.verifying.verdicts import Verdict, verdicts_on

COLUMNS = tuple(Column(code, Label.both(f"({code})")) for code in ("1", "2", "3"))


def row(zh: str, en: str, *cells: Cell, kind: str = "body") -> Row:
    return Row(Label(zh, en), cells, kind)  # type: ignore[arg-type]


def estimates(zh: str, en: str, *pairs: tuple[float, float, str]) -> tuple[Row, Row]:
    return (
        row(zh, en, *(Estimate(b, stars) for b, _, stars in pairs)),
        row("", "", *(StdError(s) for _, s, _ in pairs), kind="se"),
    )


REGRESSIONS = Table(
    "base", Label("表 2", "Table 2"), Label("基准", "Baseline"), NOTHING, (), COLUMNS,
    (
        Block(
            (
                *estimates("开放度", "Openness", (0.2948306, 0.0905686, "**"), (0.0182767, 0.1232224, ""), (-0.0262034, 0.0189259, "*")),
                *estimates("教育", "Education", (1.0375, 0.2214, "***"), (0.9121, 0.2003, "***"), (0.7654, 0.1887, "***")),
            ),
            Label("A：收入", "Panel A: income"),
        ),
        Block(
            estimates("开放度", "Openness", (0.4411, 0.1534, "***"), (0.5522, 0.1645, "***"), (0.6633, 0.1756, "***")),
            Label("B：消费", "Panel B: consumption"),
        ),
        Block(
            (
                row("观测值 N", "Observations N", Count(1330), Count(1330), Count(1210), kind="stat"),
                row("组内 R²", "Within R²", Number(0.3105), Number(0.2411), Number(0.1987), kind="stat"),
                row("第一阶段 F", "First-stage F", Number(604.5314), Blank(), Blank(), kind="stat"),
            )
        ),
    ),
)  # fmt: skip
DESCRIPTIVES = Table(
    "described", Label("表 1", "Table 1"), Label("描述", "Descriptives"), NOTHING, (),
    (Column("mean", Label("均值", "Mean")), Column("std_dev", Label("标准差", "Std. dev.")), Column("share", Label("占比", "Share"))),
    (Block((row("开放度", "Openness", Number(0.126), Number(0.107), Percent(0.5012)),
            row("教育", "Education", Number(9.217), Number(1.044), Percent(0.4988)))),),
)  # fmt: skip
TESTS = Table(
    "tests", Label("表 3", "Table 3"), Label("检验", "Tests"), NOTHING, (),
    (Column("value", Label("数值", "Value")), Column("p_value", Label("p 值", "p"))),
    (Block((row("安慰剂", "Placebo", Number(0.0013), PValue(0.0001)),)),),
)  # fmt: skip
COEFFICIENTS = """table_code,panel_code,model_code,equation,term,estimate,std_error,statistic,p_value,conf_low,conf_high
base,a,1,main,open,0.2948306,0.0905686,3.2553,0.0029,0.1096,0.4801
base,a,2,main,open,0.0182767,0.1232224,0.1483,0.8831,-0.2337,0.2703
"""


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    (folder / "estimates").mkdir(parents=True)
    every = Exhibits(Label.both("t"), Label.both("unit"), ("zh", "en"), (DESCRIPTIVES, REGRESSIONS, TESTS))
    (folder / FILE).write_bytes(as_json(every))
    (folder / "estimates" / "coefficients.csv").write_text(COEFFICIENTS, encoding="utf-8-sig")
    return folder


def verdicts(text: str, output: Path, suffix: str = ".md") -> list[Verdict]:
    return verdicts_on(passages_of_text(text, suffix), read_numbers(output))


def differing(text: str, output: Path, suffix: str = ".md") -> list[str]:
    return [one.printed for one in verdicts(text, output, suffix) if one.status == "differs"]


def test_the_exhibits_are_read_as_they_were_written() -> None:
    every = Exhibits(Label.both("t"), Label.both("unit"), ("zh", "en"), (DESCRIPTIVES, REGRESSIONS))
    assert read(as_json(every)) == every
    with pytest.raises(ValueError, match="not a list of exhibits"):
        read(b'{"is": "Label", "zh": "a", "en": "b"}')


RIGHT = (
    "In column (1) of Table 2 the coefficient of openness is 0.295 (SE 0.091, p = 0.003, N = 1,330).",
    "The estimate is 0.295** (Table 2, column 1), with a 95% confidence interval of [0.110, 0.480] and t = 3.26.",
    "Table 2, columns (1) and (2): 0.295 and 0.018, respectively.",
    "0.018 in column (2) and 0.295 in column (1) of Table 2.",
    "In Panel B of Table 2 the coefficients run from 0.441 in column (1) to 0.663 in column (3).",
    "Openness lowers the outcome by 0.026 (Table 2, column 3).",
    "In Table 2, column 3, the coefficient of openness is −0.026, significant at the 0.1 level; its within R² is 0.199.",
    "The first-stage F in column (1) of Table 2 is 604.5, far above the rule of thumb of 104.7.",
    "Table 1 gives a mean of openness of 0.126, a standard deviation of 0.107 and a share of 50.1%.",
    "The placebo p-value in Table 3 is p < 0.001.",
    "表 2 第 (1) 列中开放度的系数为 0.295（标准误 0.091），在 5% 的水平上显著，样本量 1330。",
    "表2第（3）列中开放度的系数为负，绝对值为 0.026；组内 R² 为 0.199。",
    "开放度的均值为 0.126，标准差为 0.107（表 1）。",
    "Wang (2020) reports 0.412 in column 3 of her Table 2. Table 9 of the literature has 0.777 in column (1).",
    "Version 2.14 was used, and 1.96 is the normal quantile.",
    "A one-standard-deviation rise of openness is worth 0.032 (Table 2, column 1).",
)  # fmt: skip


@pytest.mark.parametrize("sentence", RIGHT)
def test_a_right_number_and_a_number_of_others_never_differ(sentence: str, output: Path) -> None:
    assert differing(sentence, output) == []


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("In column (1) of Table 2 the coefficient of openness is 0.259 (SE 0.091, p = 0.003, N = 1,330).", ["0.259"]),
        ("In column (1) of Table 2 the coefficient of openness is 0.295 (SE 0.081, p = 0.030, N = 1,303).", ["0.081", "0.030", "1,303"]),
        ("Table 2, column 1 ... 0.285.", ["0.285"]),
        ("Table 2, columns (1) and (2): 0.018 and 0.295, respectively.", ["0.018", "0.295"]),
        ("The estimate is 0.318 (Table 2, column 1), with a 95% confidence interval of [0.110, 0.408].", ["0.318", "0.408"]),
        ("In Panel B of Table 2, column (1), the coefficient is 0.295.", ["0.295"]),
        ("In Table 2, column 3, the coefficient of openness is 0.026.", ["0.026"]),
        ("Table 2, column (3), has a within R² of 0.991.", ["0.991"]),
        ("The first-stage F in column (1) of Table 2 is 640.5.", ["640.5"]),
        ("Table 1 gives a mean of openness of 0.162 and a standard deviation of 0.107.", ["0.162"]),
        ("表 2 第 (1) 列中开放度的系数为 0.259（标准误 0.019），样本量 3310。", ["0.259", "0.019", "3310"]),
        ("开放度的均值为 0.216（表 1）。", ["0.216"]),
        ("Table 2, column (1): p < 0.001 for openness.", ["0.001"]),
        ("Table 2 is the baseline. The coefficient of education in column (2) is 0.192. Its standard error is 0.002.", ["0.192", "0.002"]),
    ],
)  # fmt: skip
def test_a_planted_wrong_number_is_found(sentence: str, wrong: list[str], output: Path) -> None:
    assert differing(sentence, output) == wrong


def test_a_table_in_the_text_is_held_against_ours_cell_by_cell(output: Path) -> None:
    text = """**Table 2. Baseline**

| | (1) | (2) |
|---|---:|---:|
| **Panel A: income** | | |
| Openness | 0.295** | 0.081 |
| | (0.091) | (0.123) |
| Education | 1.038*** | 0.912*** |
| **Panel B: consumption** | | |
| Openness | 0.295*** | 0.552*** |
| Observations N | 1,330 | 1,303 |
"""
    found = [(one.printed, one.where.en) for one in verdicts(text, output) if one.status == "differs"]
    assert found == [("0.081", "line 6"), ("0.295", "line 10"), ("1,303", "line 11")]
    assert sum(one.status == "agrees" for one in verdicts(text, output)) == 7


def test_marks_name_one_number_and_nothing_else(output: Path) -> None:
    text = "We find 0.295<!-- base/1/openness/1/estimate -->, 0.018[=base/1/openness/1/estimate] and 5.5[=base/9/none]."
    found = verdicts(text, output, ".txt")
    assert [(one.printed, one.status) for one in found] == [
        ("0.295", "agrees"), ("0.018", "differs"), ("5.5", "differs")
    ]  # fmt: skip
    assert "names nothing" in found[2].what.en
    assert found[2].what.zh == "标记“base/9/none”不指任何图表中的数字"


def test_latex_is_read_with_its_labels_marks_and_comments(output: Path) -> None:
    text = r"""\documentclass{article}
% Table 2, column 1: 0.999
\begin{document}
Table~\ref{tab:base}, column (1), shows $0.295$ ($t = 3.26$) and \autoref{tab:base}, column (3), $-0.062$.
A mark: \nqp{base/1/education/1/estimate}{1.038} and \nqp{base/1/education/1/estimate}{1.083}.
\begin{table}\caption{Baseline}\label{tab:base}
\begin{tabular}{lccc}
Openness & 0.295\sym{**} & 0.018 & $-$0.026 \\
 & (0.091) & (0.132) & (0.019) \\
\end{tabular}\end{table}
\end{document}
"""
    found = [(one.printed, one.where.en) for one in verdicts(text, output, ".tex") if one.status == "differs"]
    assert sorted(found) == [("-0.062", "line 4"), ("0.132", "line 9"), ("1.083", "line 5")]


def test_a_word_document_is_read_with_bookmarks_fields_tables_and_notes(output: Path, tmp_path: Path) -> None:
    numbers = read_numbers(output)
    (openness,) = numbers.at("base/1/openness/1/estimate")
    document = docx.Document()
    document.add_paragraph("Table 2, column (1): openness has the coefficient 0.295.")
    paragraph = document.add_paragraph("We find ")
    for tag, attributes, text in (
        ("w:bookmarkStart", {"w:id": "1", "w:name": openness.bookmark}, ""), ("", {}, "0.259"),
        ("w:bookmarkEnd", {"w:id": "1"}, ""),
    ):  # fmt: skip
        if tag:
            element = OxmlElement(tag)
            for name, value in attributes.items():
                element.set(qn(name), value)
            paragraph._p.append(element)
        else:
            paragraph.add_run(text)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " REF tab_base \\h ")
    referring = document.add_paragraph("")
    referring._p.append(field)
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = "Table 7"  # the manuscript counts otherwise, and the field knows
    run.append(words)
    field.append(run)
    referring.add_run(", column (2), gives 0.081 and not 0.018.")
    document.add_paragraph("Table 2. Baseline")
    table = document.add_table(rows=2, cols=3)
    for r, texts in enumerate((("", "(1)", "(3)"), ("Openness", "0.295**", "−0.036*"))):
        for c, text in enumerate(texts):
            table.cell(r, c).text = text
    path = tmp_path / "manuscript.docx"
    document.save(str(path))
    with pytest.raises(Differs) as stopped:
        held_against(
            text=path,
            study="any",
            output=output,
            numbers=[],
            lists_all=False,
            announce=lambda _: None,
            languages=["en"],
        )
    found = re.findall(r", ([^,]+(?:, row \d, column \d)?): (\S+) differs", str(stopped.value))
    assert found == [
        ("paragraph 2", "0.259"),
        ("paragraph 3", "0.081"),
        ("table 1, row 2, column 3", "−0.036"),
    ]


def test_another_numbering_is_told_by_an_option(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "thesis.txt"
    path.write_text("表 4-2 第 (1) 列的系数为 0.295。", encoding="utf-8")
    said = held_against(
        text=path, study="any", output=output, numbers=["4-2=base"], lists_all=True, announce=lambda _: None
    )
    assert "1 agree, 0 differ, 0 unclear" in said
    assert "0 numbers refer" in held_against(
        text=path, study="any", output=output, numbers=[], lists_all=True, announce=lambda _: None
    )
    with pytest.raises(StudyError, match=r"there is no exhibit 'bas'\. Did you mean 'base'"):
        held_against(
            text=path,
            study="any",
            output=output,
            numbers=["4-2=bas"],
            lists_all=True,
            announce=lambda _: None,
        )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("text.pdf", b"", "a text ends in .md, .docx, .tex, .txt"),
        ("text.docx", b"no zip", "is no Word document"),
        ("text.txt", "系数".encode("gb18030"), "is not in UTF-8"),
    ],
)
def test_what_is_no_text_is_named(name: str, content: bytes, says: str, output: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudyError, match=re.escape(says)):
        held_against(
            text=tmp_path / name,
            study="any",
            output=output,
            numbers=[],
            lists_all=False,
            announce=lambda _: None,
        )


def test_the_command_ends_with_1_where_a_number_differs(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    for number, code in (("0.295", 0), ("0.259", 1)):
        path.write_text(f"Table 2, column (1) has {number}.", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, verify.__file__, str(path), "--output", str(output)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
    assert (
        "a.md, line 1: 0.259 differs; ours: Table 2 (base), Panel A: income, row 'Openness', column (1): 0.295"
        in done.stderr
    )
    assert (
        "a.md，第 1 行：0.259 不一致；图表中：表 2（base），A：收入，“开放度”行，第 (1) 列：0.295（估计值）"
        in done.stderr
    )
    listed = subprocess.run(
        [sys.executable, verify.__file__, "--addresses", "base", "--output", str(output)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "base/1/openness/1/estimate\tnqp_base_1_openness_1_estimate\t0.2948306" in listed.stdout


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_report_is_in_the_language_asked_for(
    language: str, output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.md"
    path.write_text("Table 2, column (1) has 0.295 in Panel A.", encoding="utf-8")
    arguments = [
        str(path),
        "--output",
        str(output),
        "--all",
        *(["--language", language] if language != "both" else []),
    ]
    assert verify.main(arguments) == 0
    said = [
        line for line in capsys.readouterr().out.splitlines() if str(path) in line and "Reading" not in line
    ]
    chinese = [line for line in said if "图表" in line]
    english = [line for line in said if "our" in line]
    assert (len(chinese), len(english)) == {"zh": (2, 0), "en": (0, 2), "both": (2, 2)}[language]
    assert said == [*chinese, *english]
