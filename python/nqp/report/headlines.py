"""The most important results in words, each made from the estimates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nqp.econometrics.equation import LAG
from nqp.language.labels import NOTHING, Label, Language
from nqp.language.numbers import p_value, true_minus
from nqp.language.words import in_sentence
from nqp.report.answer import answer
from nqp.study.names import indices_of, variable_name

if TYPE_CHECKING:
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
        lag = LAG.fullmatch(address.term)
        name = variable_name(marts, lag.group(2) if lag else address.term)
        method_zh, method_en = "最小二乘", "least squares"
        if equation.fit.effects:
            method_zh, method_en = "固定效应", "fixed effects"
        if equation.fit.is_iv:
            method_zh, method_en = "工具变量（2SLS）", "instrumented (2SLS)"
        zh += f"，{method_zh}：{name.zh}的系数 {_three_decimals(row['estimate'])}{stars}（标准误 {row['std_error']:.3f}，{p}，N = {equation.fit.n_obs}）"
        en += f", {method_en}: coefficient of {in_sentence(name.en)} {_three_decimals(row['estimate'])}{stars} (SE {row['std_error']:.3f}, {p}, N = {equation.fit.n_obs})"
        if row["p_wild"] == row["p_wild"]:  # not NaN
            zh += f"；野聚类自助法 {p_value(row['p_wild'])}，CR2 {p_value(row['p_cr2'])}"
            en += f"; wild cluster bootstrap {p_value(row['p_wild'])}, CR2 {p_value(row['p_cr2'])}"
        if universe is not None and address == universe.spec.address:
            anew = _interval_of_index_built_anew(universe)
            zh, en = zh + anew.zh, en + anew.en
        tests = estimates.diagnostics_by_model.get((address.table, address.panel, address.model), ())
        weak = next((test for test in tests if test.name == "cragg_donald_f"), None)
        if weak is not None:
            zh += f"；Cragg-Donald F {weak.value:.1f}"
            en += f"; Cragg-Donald F {weak.value:.1f}"
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
    if verdicts:
        zh = "；".join(
            f"{v.hypothesis.code} {v.label.zh}"
            + (f"（{_three_decimals(v.estimate)}，{p_value(v.p_value)}）" if v.estimate == v.estimate else "")
            for v in verdicts
        )
        en = "; ".join(
            f"{v.hypothesis.code} {v.label.en}"
            + (f" ({_three_decimals(v.estimate)}, {p_value(v.p_value)})" if v.estimate == v.estimate else "")
            for v in verdicts
        )
        found.append(Label(f"假说：{zh}。", f"Hypotheses: {en}."))
    if universe is not None:
        found += answer(universe, marts)[:1]
    found += [_index_finding(marts, code) for code in indices_of(marts)]
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


def _interval_of_index_built_anew(universe: Universe) -> Label:
    """The interval of a coefficient when its index is an estimate too; nothing without bootstrap draws."""
    rows = universe.bootstrap[universe.bootstrap["unit"] == "score"].set_index("method")
    anew = rows.loc["index_anew"]
    if anew["draws"] < 2:
        return NOTHING
    ends = f"[{_three_decimals(anew['conf_low'])}, {_three_decimals(anew['conf_high'])}]"
    if anew["conf_low"] <= 0 <= anew["conf_high"]:
        return Label(
            f"；每次自助抽样都重建指数时，95% 区间 {ends} 含零",
            f"; with the index built anew in every bootstrap draw the 95% interval {ends} includes zero",
        )
    return Label(
        f"；每次自助抽样都重建指数时，95% 区间为 {ends}",
        f"; with the index built anew in every bootstrap draw the 95% interval is {ends}",
    )


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


def _three_decimals(value: float) -> str:
    return true_minus(f"{value:.3f}")
