"""The findings of the audit as sections of a page: a summary, then one section per rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nqp.audit.findings import Audit
from nqp.audit.names import Names, of_the_study
from nqp.audit.rules import RULES, WORDS, Rule
from nqp.audit.verdicts import CONSISTENT, INCONSISTENT, NOT_DECIDABLE, VERDICTS, Finding
from nqp.document.cells import Cell, Count, Interval, Number, Text
from nqp.document.page import Section
from nqp.document.table import Block, Column, Row, Table
from nqp.language.labels import Label


def audit_sections(audit: Audit, names: Names = Names()) -> list[Section]:  # noqa: B008 - frozen
    """The summary (what does not stand, what cannot be said, what stands), then one section per rule applied."""
    if not audit.findings:
        return []
    total = len(audit.findings)
    inconsistent, open_, consistent = (audit.count(v) for v in (INCONSISTENT, NOT_DECIDABLE, CONSISTENT))
    lead = Label(
        f"每个印刷数字代表所有会四舍五入到它的数。共 {total} 项检验：{inconsistent} 项在印刷位数内不能成立，{open_} 项无从判断，{consistent} 项相符。"
        "不符只说明印刷的数字彼此不合，不说明原因。",
        f"A printed number stands for every number that rounds to it. Of {total} checks {inconsistent} cannot hold within the "
        f"printed digits, {open_} cannot be decided and {consistent} agree. A miss says that printed figures do not fit each "
        "other; it does not say why.",
    )
    tables = [_summary(audit)]
    if inconsistent:
        tables.append(
            _findings_table(
                "audit_inconsistent", Label("不能成立的", "What does not stand"),
                [f for f in audit.findings if f.verdict == INCONSISTENT], names, with_rule=True,
            )
        )  # fmt: skip
    sections = [
        Section("audit", Label("印刷表格的审核", "Audit of the printed tables"), (lead,), tuple(tables))
    ]
    for rule in RULES:
        found = [f for f in audit.findings if f.rule == rule.code]
        if not found:
            continue
        title = Label(f"{rule.code} {rule.title.zh}", f"{rule.code} {rule.title.en}")
        shown = [_findings_table(f"audit_{rule.code}", title, found, names, with_rule=False)]
        folded = {shown[0].code: _counted(found)}
        if rule.code == "A17" and len(audit.matches):
            shown.append(_candidates(audit, names))
            folded[shown[1].code] = shown[1].title
        sections.append(
            Section(f"audit-{rule.code}", title, _paragraphs(rule), tuple(shown), folded=folded, is_part=True)
        )
    return sections


def _counted(found: Sequence[Finding]) -> Label:
    """How many checks a rule made and how they came out, where its table is folded."""
    counts = [(label, sum(f.verdict == verdict for f in found)) for verdict, label in VERDICTS.items()]
    zh = "，".join(f"{label.zh} {count}" for label, count in counts if count)
    en = ", ".join(f"{count} {label.en}" for label, count in counts if count)
    checks = "check" if len(found) == 1 else "checks"
    return Label(f"{len(found)} 项检验：{zh}", f"{len(found)} {checks}: {en}")


def _paragraphs(rule: Rule) -> tuple[Label, ...]:
    (claim_zh, formula_zh, source_zh, failure_zh), (claim_en, formula_en, source_en, failure_en) = (
        WORDS["zh"],
        WORDS["en"],
    )
    said = (
        Label(f"{claim_zh}：{rule.claim.zh}", f"{claim_en}: {rule.claim.en}"),
        Label(f"{formula_zh}：{rule.formula.zh}（{source_zh}：{rule.source.zh}）", f"{formula_en}: {rule.formula.en} ({source_en}: {rule.source.en})"),
        Label(f"{failure_zh}：{rule.failure.zh}", f"{failure_en}: {rule.failure.en}"),
    )  # fmt: skip
    return tuple(of_the_study(one) for one in said)


def _summary(audit: Audit) -> Table:
    rows = []
    for rule in RULES:
        counts = [audit.count(verdict, rule.code) for verdict in VERDICTS]
        if sum(counts):
            rows.append(
                Row(
                    Label(f"{rule.code} {rule.title.zh}", f"{rule.code} {rule.title.en}"),
                    tuple(Count(count) for count in counts),
                )
            )
    columns = tuple(Column(f"verdict_{i}", label) for i, label in enumerate(VERDICTS.values()))
    return Table(
        "audit_summary", Label("", ""), Label("各规则的判断", "Verdicts by rule"), Label("规则", "Rule"),
        (), columns, (Block(tuple(rows)),),
    )  # fmt: skip


def _findings_table(
    code: str, title: Label, findings: Iterable[Finding], names: Names, *, with_rule: bool
) -> Table:
    rows = []
    for finding in findings:
        name = names.place(finding.table_code, finding.model_code)
        if with_rule:
            name = Label(f"{finding.rule} · {name.zh}", f"{finding.rule} · {name.en}")
        cells: tuple[Cell, ...] = (
            Text(names.cells(finding.cells)),
            Interval(finding.printed_low, finding.printed_high, outwards=True),
            Interval(finding.implied_low, finding.implied_high, outwards=True),
            Text(VERDICTS[finding.verdict]),
            Text(names.sentence(finding.explanation_zh, finding.explanation_en)),
        )
        rows.append(Row(name, cells))
    columns = (
        Column("cells", Label("印刷数字", "Printed cells"), "text", width=13),
        Column("printed", Label("印刷区间", "Printed interval"), "center", width=8),
        Column("implied", Label("推出的区间", "Implied interval"), "center", width=8),
        Column("verdict", Label("判断", "Verdict"), "text", width=5),
        Column("explanation", Label("说明", "Explanation"), "text", width=24),
    )
    return Table(
        code, Label("", ""), title, Label("位置", "Where"), (), columns, (Block(tuple(rows)),),
        label_width=7, cards=True,
    )  # fmt: skip


def _candidates(audit: Audit, names: Names) -> Table:
    """The printed row, then the three best candidates and the definition stated."""
    blocks = []
    printed = {row["variable_code"]: row for row in audit.descriptives.to_dict("records")}
    figures = ("mean", "std_dev", "min", "max")
    for variable, found in audit.matches.groupby("variable_code", sort=False):
        row = printed[str(variable)]
        label = row["printed_label"] if isinstance(row["printed_label"], str) else str(variable)
        cells: list[Cell] = [Text(Label.both(str(row[name] or ""))) for name in figures]
        rows = [Row(Label("印刷", "Printed"), (*cells, Count(None), Count(None)), "emphasis")]
        for match in found.to_dict("records"):
            name = names.cells(match["candidate"])
            defined = match["is_as_defined"]
            rows.append(
                Row(
                    Label(
                        f"{name.zh}（所称定义）" if defined else name.zh,
                        f"{name.en} (as defined)" if defined else name.en,
                    ),
                    (
                        *(Number(match[figure]) for figure in figures),
                        Count(int(match["reproduced"])),
                        Count(int(match["digits"])),
                    ),
                )
            )
        called = names.cells(str(variable))
        blocks.append(Block(tuple(rows), Label(f"{label}（{called.zh}）", f"{label} ({called.en})")))
    columns = (
        Column("mean", Label("均值", "Mean")),
        Column("std_dev", Label("标准差", "Std. dev.")),
        Column("min", Label("最小值", "Min")),
        Column("max", Label("最大值", "Max")),
        Column("reproduced", Label("相同数字", "Reproduced")),
        Column("digits", Label("相同小数位", "Digits")),
    )
    return Table(
        "audit_candidates", Label("", ""), Label("候选定义与印刷行", "Candidate definitions and the printed rows"),
        Label("定义", "Definition"), (), columns, tuple(blocks), label_width=30,
    )  # fmt: skip
