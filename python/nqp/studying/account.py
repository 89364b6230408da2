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
    decisions: Sequence[Decision]  # as taken: a series without a gap in these years is filled by no rule
    window: Window
    log: Sheet
    left_out: Sequence[tuple[str, str]]
    coverage: Mapping[str, str]
    missing: str = "stop"  # what an index does with an entity-year that lacks an indicator
    gaps_left_out: int = 0  # entities that would be complete if gaps between two figures were filled


def account_of_import(name: str, reading: Reading, gathered: Gathered, made: Made) -> Account:
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
    if len(reading.aggregates):
        names = list(dict.fromkeys(reading.aggregates["entity_name"]))
        listed = ", ".join(names[:12]) + (f" … ({len(names)})" if len(names) > 12 else "")
        kept.append(Label(f"按名称剔除的汇总行：{listed}", f"Aggregates left out by name: {listed}"))
    if window.costs:
        costs = sorted(window.costs.items(), key=lambda one: (-one[1], one[0]))
        listed = ", ".join(f"{code} {count}" for code, count in costs)
        kept.append(
            Label(
                f"不用某一序列可多纳入的个体数：{listed}",
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
        decision_part(made.decisions, made.coverage, window.filled, [*_gaps(made), _rule(made)]),
    ]
    if made.left_out:
        parts.append(Part(Label("未纳入：数据不完整的个体", "Left out: incomplete entities"), (), ("entity", "why"), made.left_out, most=10))  # fmt: skip
    if warnings:
        parts.append(Part(Label("请核对", "Please look at this"), warnings, is_warning=True, most=20))
    parts.append(Part(Label("清洗步骤", "What was cleaned"), cleaned))
    return Account(f"Study {name}", parts, next_commands(name))


def _gaps(made: Made) -> list[Label]:
    """What stands in for missing cells, and what else one could decide."""
    count, series = sum(made.window.filled.values()), len(made.window.filled)
    if count:
        return [
            Label(
                f"缺失值：{series} 个序列的 {count} 个空白格按 gaps 列的方法填补，并在各处标记"
                "（def_series.csv 的 impute 列）。--impute 序列='carry 2' 改用其他方法；--no-gaps 不填补，剔除这些个体。",
                f"Gaps: {count} blank cells of {series} series are filled as the column gaps says, and flagged wherever they are "
                "used (impute in def_series.csv). --impute SERIES='carry 2' takes another rule; --no-gaps fills nothing and "
                "leaves such entities out.",
            )
        ]
    more = made.gaps_left_out
    if more:
        return [
            Label(
                f"缺失值：不填补。对前后均有数据的空白格作线性插值，可多纳入 {more} 个个体：去掉 --no-gaps，或用 --impute 序列=linear。",
                f"Gaps: nothing is filled. Interpolating blanks between two figures would keep {more} more entities: leave "
                "--no-gaps out, or give --impute SERIES=linear.",
            )
        ]
    return []


def _rule(made: Made) -> Label:
    """What an index does with an entity-year that lacks an indicator."""
    kept = len(made.window.entities)
    if made.missing == "drop rows":
        return Label(
            f"缺指标的年份：drop rows，从指数中剔除该行，保留 {kept} 个个体的其余年份（def_indices.csv 的 missing 列）。",
            f"An entity-year that lacks an indicator: drop rows. It is left out of the index; {kept} entities keep their other "
            "years (missing in def_indices.csv).",
        )
    if made.missing == "drop entities":
        return Label(
            "缺指标的年份：drop entities，从指数中剔除该个体，其变量仍在面板中（def_indices.csv 的 missing 列）。",
            "An entity-year that lacks an indicator: drop entities. The entity is left out of the index; its variables stay in "
            "the panel (missing in def_indices.csv).",
        )
    more = made.window.partial
    return Label(
        f"缺指标的年份：stop，构建时报错；{kept} 个个体现均完整。"
        + (f"--missing 'drop rows' 可再纳入 {more} 个个体的完整年份。" if more else ""),
        f"An entity-year that lacks an indicator: stop, the build refuses it; all {kept} entities are complete."
        + (
            f" --missing 'drop rows' would keep {more} more entities for their complete years."
            if more
            else ""
        ),
    )


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
        parts.append(Part(Label("新序列", "New series"), lines))
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
