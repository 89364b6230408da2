"""The most important results in words, each made from the estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nqp.econometrics.terms import factors
from nqp.language.labels import NOTHING, Label, Language
from nqp.language.numbers import p_value, visible
from nqp.language.words import in_sentence
from nqp.report.answer import answer
from nqp.report.evidence import inverted_findings
from nqp.report.plain import influence_clause, interval_finding, size_finding
from nqp.study.names import main_indices, variable_name
from nqp.tables.effects import ESTIMATOR_NAMES

if TYPE_CHECKING:
    from nqp.econometrics.first_stage import Diagnostic
    from nqp.econometrics.influence import Influence
    from nqp.estimates.comparison import ComparedCell, Verdict
    from nqp.estimates.multiverse import Universe
    from nqp.estimates.regressions import Equation, Estimates
    from nqp.study.marts import Marts
    from nqp.study.specification import Address, Specification

COUNTS = ("observations", "n_obs")  # agree by construction, so they are not counted as agreement


def _not_estimated(number: int, address: Address, equation: Equation, marts: Marts) -> Label:
    """A headline whose term its column dropped: the place, and why there is no number."""
    name = variable_name(marts, address.term)
    reason = next((one for one in equation.fit.dropped if one.term == address.term), None)
    why_zh, why_en = (reason.reason_zh, reason.reason) if reason else ("不在列中", "is not in the column")
    return Label(
        f"表 {number} 第 ({address.model}) 列：{name.zh}的系数没有估计，{why_zh}。",
        f"Table {number}, column ({address.model}): {name.en} has no coefficient, it {why_en}.",
    )


def findings(
    specification: Specification,
    marts: Marts,
    estimates: Estimates,
    cells: Sequence[ComparedCell],
    verdicts: Sequence[Verdict],
    universe: Universe | None = None,
    influential: Influence | None = None,
) -> list[Label]:
    """The most important results in words, each made from the estimates: headlines, hypotheses, choices, agreement."""
    names = {code: number + 1 for number, code in enumerate(table.code for table in specification.tables)}
    found: list[Label] = []
    for address in specification.headlines:
        row = estimates.coefficient(address)
        equation = estimates.equation(address.table, address.panel, address.model)
        if equation is None:
            continue
        if row is None:
            found.append(_not_estimated(names[address.table], address, equation, marts))
            continue
        stars, p = row["stars"] or "", p_value(row["p_value"])
        zh = f"表 {names[address.table]} 第 ({address.model}) 列"
        en = f"Table {names[address.table]}, column ({address.model})"
        panel = _panel(specification, address)
        if panel is not None:
            zh, en = f"{zh}，{panel.zh}", f"{en}, {panel.en}"
        parts = factors(address.term)
        name = variable_name(marts, parts[0].column if len(parts) == 1 else address.term)
        method_zh, method_en = "最小二乘", "least squares"
        if equation.fit.effects:
            method_zh, method_en = "固定效应", "fixed effects"
        if equation.fit.is_iv:
            estimator = ESTIMATOR_NAMES[equation.fit.estimator]
            method_zh, method_en = f"工具变量（{estimator.zh}）", f"instrumented ({estimator.en})"
        zh += f"，{method_zh}：{name.zh}的系数 {visible(row['estimate'])}{stars}（标准误 {visible(row['std_error'])}，{p}，N = {equation.fit.n_obs}）"
        en += f", {method_en}: coefficient of {in_sentence(name.en)} {visible(row['estimate'])}{stars} (SE {visible(row['std_error'])}, {p}, N = {equation.fit.n_obs})"
        if row["p_wild"] == row["p_wild"]:  # not NaN
            zh += f"；野聚类自助法 {p_value(row['p_wild'])}，CR2 {p_value(row['p_cr2'])}"
            en += f"; wild cluster bootstrap {p_value(row['p_wild'])}, CR2 {p_value(row['p_cr2'])}"
        if influential is not None and address == specification.headlines[0]:
            moved = influence_clause(influential, marts, specification.entity)
            zh, en = zh + moved.zh, en + moved.en
        tests = estimates.diagnostics_by_model.get((address.table, address.panel, address.model), ())
        strength = _instrument_in_words({test.name: test for test in tests})
        zh, en = zh + strength.zh, en + strength.en
        printed = next(
            (
                cell.printed
                for cell in cells
                if (
                    cell.table_code,
                    cell.panel_code,
                    cell.model_code,
                    cell.equation,
                    cell.term,
                    cell.statistic,
                )
                == (address.table, address.panel, address.model, "main", address.term, "estimate")
            ),
            None,
        )
        if printed is not None:
            zh += f"；原文 {printed}"
            en += f"; the paper prints {printed}"
        found.append(Label(zh + "。", en + "."))
        if address == specification.headlines[0]:
            found += [
                text
                for text in (
                    size_finding(influential, marts, specification.entity),
                    interval_finding(universe, marts),
                )
                if text
            ]
    if verdicts:
        zh = "；".join(
            f"{v.hypothesis.code} {v.label.zh}"
            + (
                f"（{visible(v.estimate)}，{p_value(v.p_value)}{_adjusted(v).zh}）"
                if v.estimate == v.estimate
                else ""
            )
            for v in verdicts
        )
        en = "; ".join(
            f"{v.hypothesis.code} {v.label.en}"
            + (
                f" ({visible(v.estimate)}, {p_value(v.p_value)}{_adjusted(v).en})"
                if v.estimate == v.estimate
                else ""
            )
            for v in verdicts
        )
        found.append(Label(f"假说：{zh}。", f"Hypotheses: {en}."))
    if universe is not None:
        found += answer(universe, marts)[:1]
    found += [_index_finding(marts, code) for code in main_indices(marts)]
    found += inverted_findings(marts)
    compared = [cell for cell in cells if cell.agrees is not None and cell.statistic not in COUNTS]
    if compared:
        same = sum(bool(cell.agrees) for cell in compared)
        found.append(
            Label(
                f"与原文逐格比较的 {len(compared)} 个数字（不计观测数）中，{same} 个在印刷位数上相同。",
                f"Of {len(compared)} printed numbers compared (counts left out), {same} are the same at the printed digits.",
            )
        )
    return found


def _panel(specification: Specification, address: Address) -> Label | None:
    """The title of the panel of a headline, where another headline has the same table and column in another panel."""
    panels = {
        one.panel
        for one in specification.headlines
        if (one.table, one.model) == (address.table, address.model)
    }
    table = next(table for table in specification.regression_tables if table.code == address.table)
    title = next((panel.title for panel in table.panels if panel.code == address.panel), None)
    return title if len(panels) > 1 else None


def _adjusted(verdict: Verdict) -> Label:
    """Holm's p beside the plain one, where several hypotheses were tried."""
    if verdict.p_holm != verdict.p_holm:
        return NOTHING
    holm = p_value(verdict.p_holm).removeprefix("p ")
    return Label(f"，Holm 校正后 p {holm}", f", adjusted by Holm p {holm}")


def _instrument_in_words(tests: Mapping[str, Diagnostic]) -> Label:
    """Strength and rank of the instruments, by the tests that hold under the covariance of the table."""
    zh, en = "", ""
    strong, rank = tests.get("effective_f"), tests.get("kleibergen_paap_lm")
    if strong is not None:
        zh, en = f"；有效 F {strong.value:.1f}", f"; effective F {strong.value:.1f}"
    elif (plain := tests.get("cragg_donald_f")) is not None:
        zh, en = f"；Cragg-Donald F {plain.value:.1f}", f"; Cragg-Donald F {plain.value:.1f}"
    if rank is not None and rank.p_value is not None and rank.p_value == rank.p_value:
        zh += f"，Kleibergen-Paap LM {p_value(rank.p_value)}"
        en += f", Kleibergen-Paap LM {p_value(rank.p_value)}"
        if strong is not None and rank.p_value >= 0.05:
            zh += "（识别不足不能排除：少数聚类决定第一阶段，F 大不足为凭）"
            en += " (underidentification is not ruled out: few clusters make the first stage, a large F notwithstanding)"
    return Label(zh, en)


def _index_finding(marts: Marts, index: str) -> Label:
    """Who is first and last in the last year, and what the index rests on most."""
    scores = marts.index_scores[marts.index_scores["index_code"] == index]
    last = int(scores["year"].max())
    now = scores[scores["year"] == last].sort_values(["rank", "entity_code"])
    names = marts.entities.set_index("entity_code")
    first, lowest = names.loc[now["entity_code"].iloc[0]], names.loc[now["entity_code"].iloc[-1]]
    weights = marts.indicators[marts.indicators["index_code"] == index]
    top = weights.loc[weights["effective_weight"].idxmax()]
    high, low, share = now["score"].iloc[0], now["score"].iloc[-1], top["effective_weight"]
    return Label(
        f"{top['index_name_zh']} {last} 年：{first['name_zh']}最高（{high:.3f}），{lowest['name_zh']}最低（{low:.3f}）；"
        f"有效权重最大的指标是{top['name_zh']}（{share:.1%}）。",
        f"{top['index_name_en']} {last}: highest {first['name_en']} ({high:.3f}), lowest {lowest['name_en']} ({low:.3f}); "
        f"the largest effective weight is that of {in_sentence(top['name_en'])} ({share:.1%}).",
    )


def plain_findings(found: Sequence[Label], languages: Sequence[Language]) -> str:
    """The three most important findings, as a terminal shows them."""
    return (
        "\n".join(
            f"{i + 1}. {text.in_(language)}" for language in languages for i, text in enumerate(found[:3])
        )
        + "\n"
    )
