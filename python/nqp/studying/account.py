"""What `study.py` tells a person about an import, an addition, and a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nqp.language.labels import Label
from nqp.studying.adding import Addition, counts
from nqp.studying.coverage import Window
from nqp.studying.decisions import Decision
from nqp.studying.files import Sheet, Study
from nqp.studying.gathering import Gathered
from nqp.studying.page import Account, Part, decision_part

if TYPE_CHECKING:
    from nqp.importing.figures import Reading


@dataclass(frozen=True)
class Made:
    """A drafted study, its years and entities, the log, and the entities left out with the reason."""

    study: Study
    window: Window
    log: Sheet
    left_out: Sequence[tuple[str, str]]
    coverage: Mapping[str, str]


def account_of_import(
    name: str, reading: Reading, gathered: Gathered, decisions: Sequence[Decision], made: Made
) -> Account:
    """The page of a new study: read, understood, covered, to be decided, left out, cleaned."""
    figures, window = gathered.figures, made.window
    files = figures.groupby(["file", "sheet"], sort=False).size()
    read = [
        Label(f"{place}：{count} 个数据", f"{place}: {count} figures")
        for place, count in ((", ".join(part for part in key if part), count) for key, count in files.items())
    ]
    understood = [_at(one.file, one.sheet, one.text) for one in reading.layouts]
    entities, first, last = len(window.entities), window.first_year, window.last_year
    kept = [
        Label(
            f"指数覆盖 {entities} 个个体，{first}—{last} 年。",
            f"The index covers {entities} entities, {first} to {last}.",
        )
    ]
    if window.filled:
        kept.append(
            Label(
                f"{window.filled} 个前后均有数据的空白格将作线性插值并标记；--no-gaps 则剔除这些个体。",
                f"{window.filled} blank cells between two figures will be interpolated and flagged; --no-gaps leaves such "
                "entities out.",
            )
        )
    if len(reading.aggregates):
        names = list(dict.fromkeys(reading.aggregates["entity_name"]))
        listed = ", ".join(names[:12]) + (f" … ({len(names)})" if len(names) > 12 else "")
        kept.append(Label(f"按名称剔除的汇总行：{listed}", f"Aggregates left out by name: {listed}"))
    if window.costs:
        costs = sorted(window.costs.items(), key=lambda one: (-one[1], one[0]))
        listed = ", ".join(f"{code} {count}" for code, count in costs)
        kept.append(
            Label(
                f"不用某一数列可多纳入的个体数：{listed}",
                f"Entities more if one series were left out: {listed}.",
            )
        )
    warnings = [_at(one.file, one.sheet, one.text) for one in reading.questions]
    steps = reading.log.groupby("step", sort=False).size() if len(reading.log) else {}
    cleaned = [
        Label(f"{label.zh}：{count}", f"{label.en}: {count}")
        for label, count in ((reading.step_label(str(step)), count) for step, count in steps.items())
    ]
    cleaned.append(
        Label(
            "每一步的文件、工作表、行、列见 import_log.csv；每个数据的出处见 raw_observations.csv 的 note 列。",
            "Each step with file, sheet, row and column is in import_log.csv; the place of each figure is in the column "
            "note of raw_observations.csv.",
        )
    )
    parts = [
        Part(Label("读到了什么", "What was read"), read),
        Part(Label("如何理解", "What was understood"), understood),
        Part(Label("研究范围", "What the study covers"), kept),
        decision_part(decisions, made.coverage),
    ]
    if made.left_out:
        parts.append(Part(Label("未纳入：数据不完整的个体", "Left out: incomplete entities"), (), ("entity", "why"), made.left_out, most=10))  # fmt: skip
    if warnings:
        parts.append(Part(Label("请核对", "Please look at this"), warnings, is_warning=True, most=20))
    parts.append(Part(Label("清洗步骤", "What was cleaned"), cleaned))
    return Account(f"Study {name}", parts, next_commands(name))


def _at(file: str, sheet: str, text: Label) -> Label:
    where = ", ".join(part for part in (file, sheet) if part)
    return Label(f"{where}：{text.zh}", f"{where}: {text.en}")


def next_commands(name: str) -> list[str]:
    """What a person runs next."""
    return [
        f"python python/study.py check {name}    # every problem in one list",
        f"make STUDY={name}                      # index, regressions, pages in output/{name}/",
        f"python python/study.py export {name} {name}.xlsx    # edit it in Excel instead",
    ]


def account_of_workbook(name: str, path: Path, study: Study) -> Account:
    """The page of a study read from a workbook."""
    rows = [(f"{file}.csv", str(len(sheet.rows))) for file, sheet in study.sheets.items()]
    index = study.records("def_indices")
    covers = [Label.both(f"{row['index_code']}: {row['first_year']}-{row['last_year']}") for row in index]
    part = Part(Label("读到了什么", "What was read"), covers, ("file", "rows"), rows)
    return Account(f"Study {name}, from {path.name}", (part,), next_commands(name))


def verdicts(found: Addition, study: Study, revise: bool) -> list[Part]:
    """What an addition brings: figures by verdict, new series, revisions, refusals."""
    words = {"new": "新增", "equal": "相同", "revised": "修订", "refused": "未接受"}
    number = counts(found.changes)
    parts = [
        Part(
            Label("数据", "Figures"),
            [Label(f"{words[key]}：{count}", f"{key}: {count}") for key, count in number.items()],
        )
    ]
    if found.new_series:
        lines = [
            Label(f"{item.code}：{item.series}，尚无指标或变量使用", f"{item.code}: {item.series} [{item.unit or 'unit not stated'}]; no indicator or variable uses it yet")
            for item in found.new_series
        ]  # fmt: skip
        parts.append(Part(Label("新数列", "New series"), lines))
    if number["revised"]:
        title = Label("已按修订写入", "Revised and written") if revise else Label("修订：仍用旧值，--revise 才写入", "Revised: the study keeps the old figure; --revise takes the new one")  # fmt: skip
        lines = [
            Label.both(f"{one.entity}, {one.year}, {one.series}: {one.old} -> {one.value} ({one.note})")
            for one in found.changes
            if one.verdict == "revised"
        ]
        parts.append(Part(title, lines, is_warning=True))
    if number["refused"]:
        refused = dict.fromkeys(
            f"{one.entity if 'entity' in one.why else one.series}: {one.why}" for one in found.changes if one.verdict == "refused"
        )  # fmt: skip
        parts.append(
            Part(Label("未接受", "Refused"), [Label.both(line) for line in refused], is_warning=True)
        )
    years = max((one.year for one in found.changes if one.verdict == "new"), default="")
    last = max((row["last_year"] for row in study.records("def_indices")), default="")
    if last and years > last:
        line = Label(
            f"新数据到 {years} 年，指数止于 {last} 年；要纳入请改 def_indices.csv 的 last_year。",
            f"New figures reach {years}; the index ends in {last}. Change last_year in def_indices.csv to cover them.",
        )
        parts.append(Part(Label("年份", "Years"), [line]))
    return parts
