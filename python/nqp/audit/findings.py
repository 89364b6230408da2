"""The audit of printed tables: what needs a distribution function, and the tables that show the findings.

Everything that is arithmetic is SQL (models/audit); here the stars of rule A1, then the report.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from scipy.special import chdtrc, ndtr, stdtr

from nqp.audit.rules import RULES, WORDS, Rule
from nqp.document.cells import Cell, Count, Interval, Number, Text
from nqp.document.page import Section
from nqp.document.table import Block, Column, Row, Table
from nqp.language.labels import Label
from nqp.study.database import read_frames

if TYPE_CHECKING:
    from pathlib import Path

CONSISTENT, INCONSISTENT, NOT_DECIDABLE = "consistent", "inconsistent as printed", "not decidable"
VERDICTS = {
    INCONSISTENT: Label("印刷数字不符", "inconsistent as printed"),
    NOT_DECIDABLE: Label("无从判断", "not decidable"),
    CONSISTENT: Label("相符", "consistent"),
}
QUERIES = {
    "findings": "select * from marts.audit_findings",
    "cells": (
        "select * from audit.audit_cells where model_code is not null and printed_value is not null "
        "order by table_code, model_code, equation, term, quantity"
    ),
    "columns": "select * from audit.audit_columns order by table_code, model_code",
    "matches": "select * from audit.audit_matches where place <= 3 or is_as_defined order by variable_code, place",
    "descriptives": "select * from staging.published_descriptives order by variable_code",
}
DEFAULT_LEVELS = (0.10, 0.05, 0.01)
FEWEST_DF = 2.0  # below any degrees of freedom that a clustered t test is used with


@dataclass(frozen=True)
class Finding:
    """What one rule says of some printed cells; intervals are NaN where they do not apply."""

    rule: str
    table_code: str
    model_code: str
    cells: str
    printed_low: float
    printed_high: float
    implied_low: float
    implied_high: float
    verdict: str
    explanation_zh: str
    explanation_en: str


@dataclass(frozen=True, eq=False)
class Audit:
    """All findings in the order of the rules, and what the page shows beside them."""

    findings: tuple[Finding, ...]
    matches: pd.DataFrame
    descriptives: pd.DataFrame

    def frame(self) -> pd.DataFrame:
        """The findings as a frame, one row each."""
        return pd.DataFrame(
            [asdict(finding) for finding in self.findings], columns=list(Finding.__annotations__)
        )

    def count(self, verdict: str, rule: str | None = None) -> int:
        """How many findings have a verdict."""
        return sum(f.verdict == verdict and rule in (None, f.rule) for f in self.findings)


def audit_tables(database: Path) -> Audit:
    """Read the SQL findings and add those of A1.

    Raises StudyError if the database is absent, locked or was built without the audit.
    """
    frames = read_frames(database, QUERIES)
    found = [
        Finding(**{str(key): _plain(value) for key, value in row.items()})
        for row in frames["findings"].to_dict("records")
    ]
    found += star_findings(frames["cells"], frames["columns"])
    order = {rule.code: position for position, rule in enumerate(RULES)}
    found.sort(key=lambda f: (order[f.rule], f.table_code, f.model_code, f.cells, f.explanation_en))
    return Audit(tuple(found), frames["matches"], frames["descriptives"])


def star_findings(cells: pd.DataFrame, columns: pd.DataFrame) -> list[Finding]:
    """A1 for every coefficient with a standard error, and for the test statistics that have stars or a p-value.

    ``cells`` are the rows of ``audit.audit_cells`` that are numbers, ``columns`` those of ``audit.audit_columns``. A
    table without any star is not judged: it may use none.
    """
    claims = {(row["table_code"], row["model_code"]): row for row in columns.to_dict("records")}
    records = [
        {**row, "stars": row["stars"] if isinstance(row["stars"], str) else ""}
        for row in cells.to_dict("records")
    ]
    starred = {row["table_code"] for row in records if row["stars"]}
    coefficients: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}
    statistics: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for row in records:
        column = (row["table_code"], row["model_code"])
        if isinstance(row["term"], str):
            key: tuple[str, ...] = (*column, row["equation"], row["term"])
            coefficients.setdefault(key, {})[row["quantity"]] = row
        else:
            statistics.setdefault(column, {})[row["quantity"]] = row
    findings = []
    for address, pair in coefficients.items():
        if len(pair) == 2 and address[0] in starred:
            findings.append(_coefficient_stars(address, pair, claims[address[0], address[1]]))
    for column, named in statistics.items():
        findings += _test_statistics(column, named, coefficients, claims[column], column[0] in starred)
    return findings


def _coefficient_stars(
    key: tuple[str, ...], pair: Mapping[str, Mapping[str, Any]], claim: Mapping[str, Any]
) -> Finding:
    table, model, equation, term = key
    estimate, error = pair["estimate"], pair["std_error"]
    t_low = max(estimate["low"], -estimate["high"], 0.0) / error["high"] if error["high"] > 0 else math.inf
    t_high = max(abs(estimate["low"]), abs(estimate["high"])) / error["low"] if error["low"] > 0 else math.inf
    levels = _levels(claim["star_levels"])
    printed = len(estimate["stars"])
    ranges = {
        name: (_star_count(p_of(t_low), levels), _star_count(p_of(t_high), levels))
        for name, p_of in _distributions(claim).items()
    }
    fitting = [name for name, (fewest, most) in ranges.items() if fewest <= printed <= most]
    fewest_of_all = _star_count(_two_sided(FEWEST_DF)(t_low), levels)
    most_of_all = max(most for _, most in ranges.values())
    if fitting:
        verdict = CONSISTENT
    elif printed > most_of_all or printed < fewest_of_all:
        verdict = INCONSISTENT
    else:
        verdict = NOT_DECIDABLE
    low, high = min(fewest for fewest, _ in ranges.values()), most_of_all
    span = f"[{t_low:.3f}, {t_high:.3f}]"
    told = "; ".join(
        f"{name}: {fewest}" if fewest == most else f"{name}: {fewest}-{most}"
        for name, (fewest, most) in ranges.items()
    )
    ending_zh, ending_en = {
        CONSISTENT: ("相符。", "which fits."),
        INCONSISTENT: ("与任何一种都不符。", "which fits none of them."),
        NOT_DECIDABLE: (
            "只有很小的自由度（Satterthwaite、自助法）能够解释，无从判断。",
            "which only very few degrees of freedom (Satterthwaite, a bootstrap) could explain: it cannot be said.",
        ),
    }[verdict]
    place = "" if equation == "main" else f"{equation}, "
    return Finding(
        "A1", table, model, f"{place}{term} = {estimate['printed']}{estimate['stars']} ({error['printed']})",
        float(printed), float(printed), float(low), float(high), verdict,
        f"|t| 在 {span} 之间，各种分布给出的星号个数（{told}）；印刷 {printed} 个，{ending_zh}",
        f"|t| is in {span}; stars by distribution ({told}); {printed} printed, {ending_en}",
    )  # fmt: skip


def _test_statistics(
    column: tuple[str, str],
    named: Mapping[str, Mapping[str, Any]],
    coefficients: Mapping[tuple[str, ...], object],
    claim: Mapping[str, Any],
    table_has_stars: bool,
) -> list[Finding]:
    """The Anderson LM against its stars and its p-value, chi2 with instruments - endogenous + 1 degrees of freedom."""
    test = named.get("anderson_lm")
    if test is None:
        return []
    stages = {
        stage: {k[3] for k in coefficients if k[:2] == column and k[2] == stage}
        for stage in ("first_stage", "main")
    }
    excluded = len(stages["first_stage"] - stages["main"] - {"constant"})
    instruments = claim["n_instruments"] if claim["n_instruments"] == claim["n_instruments"] else excluded
    df = (instruments or 0) - claim["n_endogenous"] + 1
    if df < 1:
        return []
    p_low, p_high = float(chdtrc(df, test["high"])), float(chdtrc(df, max(test["low"], 0.0)))
    shown = f"[{p_low:.2g}, {p_high:.2g}]"
    findings = []
    if printed := named.get("anderson_lm_p"):
        fits = printed["low"] <= p_high and p_low <= printed["high"]
        findings.append(
            Finding(
                "A1", *column, f"anderson_lm = {test['printed']}, anderson_lm_p = {printed['printed']}",
                printed["low"], printed["high"], p_low, p_high, CONSISTENT if fits else INCONSISTENT,
                f"χ²({df:.0f}) 给出的 p 值在 {shown} 之间，" + ("相符。" if fits else "与印刷的 p 值不符。"),
                f"chi2({df:.0f}) gives p in {shown}, which " + ("agrees." if fits else "is not the p printed."),
            )
        )  # fmt: skip
    if table_has_stars and test["stars"]:
        levels = _levels(claim["star_levels"])
        count = len(test["stars"])
        fewest, most = _star_count(p_high, levels), _star_count(p_low, levels)
        fits = fewest <= count <= most
        findings.append(
            Finding(
                "A1", *column, f"anderson_lm = {test['printed']}{test['stars']}",
                float(count), float(count), float(fewest), float(most), CONSISTENT if fits else INCONSISTENT,
                f"χ²({df:.0f}) 给出 {fewest} 至 {most} 个星号，印刷 {count} 个。",
                f"chi2({df:.0f}) gives {fewest} to {most} stars; {count} printed.",
            )
        )  # fmt: skip
    return findings


def _distributions(claim: Mapping[str, Any]) -> dict[str, Callable[[float], float]]:
    """The two-sided p-value of |t| under each distribution that a printed table may use."""

    def known(name: str) -> float | None:
        value = claim[name]
        return None if value is None or value != value else float(value)

    found: dict[str, Callable[[float], float]] = {"N(0,1)": lambda t: 2 * float(ndtr(-t))}
    n, entities, years = known("n_obs"), known("n_entities"), known("n_years")
    clusters = known("n_clusters") or entities
    if n is not None:
        counted = [claim["slopes"] + 1]
        if entities is not None and years is not None:
            counted.append(claim["slopes"] + entities + years - 1)
        for k in counted:
            if n > k:
                found[f"t({n - k:.0f})"] = _two_sided(n - k)
    for groups in (clusters, years):
        if groups is not None and groups > 1:
            found[f"t({groups - 1:.0f})"] = _two_sided(groups - 1)
    return found


def _two_sided(df: float) -> Callable[[float], float]:
    def p_of(t: float) -> float:
        return 0.0 if math.isinf(t) else 2 * float(stdtr(df, -t))

    return p_of


def _star_count(p: float, levels: Sequence[float]) -> int:
    return sum(p < level for level in levels)


def _levels(text: object) -> tuple[float, ...]:
    """The levels of one, two and three stars as the table states them: 0.10 0.05 0.01 unless it does."""
    return tuple(float(level) for level in text.split()) if isinstance(text, str) else DEFAULT_LEVELS


def _plain(value: Any) -> Any:
    return "" if value is None else value


# ------------------------------------------------------------------------------------------------ the page


def audit_sections(audit: Audit) -> list[Section]:
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
                [f for f in audit.findings if f.verdict == INCONSISTENT], with_rule=True,
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
        shown = [_findings_table(f"audit_{rule.code}", title, found, with_rule=False)]
        if rule.code == "A17" and len(audit.matches):
            shown.append(_candidates(audit))
        sections.append(Section(f"audit-{rule.code}", title, _paragraphs(rule), tuple(shown), is_part=True))
    return sections


def _paragraphs(rule: Rule) -> tuple[Label, ...]:
    (claim_zh, formula_zh, source_zh, failure_zh), (claim_en, formula_en, source_en, failure_en) = (
        WORDS["zh"],
        WORDS["en"],
    )
    return (
        Label(f"{claim_zh}：{rule.claim.zh}", f"{claim_en}: {rule.claim.en}"),
        Label(f"{formula_zh}：{rule.formula}（{source_zh}：{rule.source}）", f"{formula_en}: {rule.formula} ({source_en}: {rule.source})"),
        Label(f"{failure_zh}：{rule.failure.zh}", f"{failure_en}: {rule.failure.en}"),
    )  # fmt: skip


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


def _findings_table(code: str, title: Label, findings: Iterable[Finding], *, with_rule: bool) -> Table:
    rows = []
    for finding in findings:
        place = ", ".join(part for part in (finding.table_code, finding.model_code) if part)
        name = f"{finding.rule} · {place}" if with_rule else place
        cells: tuple[Cell, ...] = (
            Text(Label.both(finding.cells)),
            Interval(finding.printed_low, finding.printed_high),
            Interval(finding.implied_low, finding.implied_high),
            Text(VERDICTS[finding.verdict]),
            Text(Label(finding.explanation_zh, finding.explanation_en)),
        )
        rows.append(Row(Label.both(name), cells))
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


def _candidates(audit: Audit) -> Table:
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
            name = match["candidate"]
            defined = match["is_as_defined"]
            rows.append(
                Row(
                    Label(
                        f"{name}（所称定义）" if defined else name,
                        f"{name} (as defined)" if defined else name,
                    ),
                    (
                        *(Number(match[figure]) for figure in figures),
                        Count(int(match["reproduced"])),
                        Count(int(match["digits"])),
                    ),
                )
            )
        blocks.append(Block(tuple(rows), Label.both(f"{label} ({variable})")))
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
