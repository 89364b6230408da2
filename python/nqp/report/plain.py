"""The answer in plain words: what was found, in units that occur, how sure it is, and on whom it rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.econometrics.inference import infer
from nqp.econometrics.terms import columns_of
from nqp.language.labels import NOTHING, Label
from nqp.language.numbers import p_value, true_minus, visible
from nqp.language.words import in_sentence
from nqp.study.names import entity_names, name_of, variable_name

if TYPE_CHECKING:
    from nqp.econometrics.influence import Influence
    from nqp.estimates.multiverse import Universe
    from nqp.estimates.regressions import Estimates
    from nqp.study.marts import Marts
    from nqp.study.specification import Specification

MOST_NAMED = 3


def plain_answer(
    specification: Specification,
    marts: Marts,
    estimates: Estimates,
    found: Influence | None,
    universe: Universe | None,
) -> Label:
    """One sentence on the first headline, without notation: size per change that occurs, interval, on whom it rests."""
    if found is None:
        return NOTHING
    address = specification.headlines[0]
    equation = estimates.equation(address.table, address.panel, address.model)
    if equation is None or address.term not in equation.fit.terms:
        return NOTHING
    row = infer(equation.fit).row(address.term)
    parts = columns_of([address.term])
    core = variable_name(marts, parts[0] if len(parts) == 1 else address.term)
    outcome = variable_name(marts, equation.fit.outcome)
    variables = marts.variables.set_index("variable_code")
    known = variables.loc[equation.fit.outcome] if equation.fit.outcome in variables.index else None
    is_log = known is not None and known["transform"] == "log"
    defined = name_of(known.to_dict(), "definition") if known is not None else NOTHING
    size = visible(abs(row["estimate"]) * found.within)
    low, high = (_size(row[name] * found.within, is_log) for name in ("conf_low", "conf_high"))
    percent = _size(abs(row["estimate"]) * found.within, is_log) if is_log else ""
    controls = len(equation.fit.terms) - 1
    given_zh = f"在 {controls} 个控制变量不变时，" if controls else ""
    given_en = f"Given {controls} controls, " if controls else ""
    entity = specification.entity
    higher = ("高", "higher") if row["estimate"] >= 0 else ("低", "lower")
    sure = row["conf_low"] > 0 or row["conf_high"] < 0
    doubt_zh = "" if sure else "，不能排除没有关系"
    doubt_en = "" if sure else ", so no association cannot be ruled out"
    if (
        sure
        and universe is not None
        and universe.intervals is not None
        and not universe.intervals.agree_on_zero
    ):
        doubt_zh = "；指数随抽样重建时，有的方法不能排除零"
        doubt_en = "; with the index built anew some methods cannot rule out zero"
    rest = _rest_in_words(found, marts, entity)
    return Label(
        f"{given_zh}{core.zh}得分变动一个{entity.zh}内的常见幅度（{visible(found.within)}），{outcome.zh}{f'（{defined.zh}）' if defined.zh else ''}平均{higher[0]} {size}{f'，约 {percent}' if percent else ''}"
        f"（95% 区间 {low} 至 {high}）{doubt_zh}。这是相关，不是因果。{rest.zh}",
        f"{given_en}a change of {in_sentence(core.en)} that is common within a {entity.en} ({visible(found.within)}) goes with {in_sentence(outcome.en)} "
        f"{f'({defined.en}) ' if defined.en else ''}{size} {higher[1]} on average{f', about {percent}' if percent else ''} (95% interval {low} to {high}){doubt_en}. This is an association, not a cause.{' ' if rest.en else ''}{rest.en}",
    )


def influence_clause(found: Influence | None, marts: Marts, entity: Label) -> Label:
    """Whose absence changes the finding, for the end of the first one; nothing where nobody's does."""
    if found is None or not found.notable:
        return NOTHING
    names = entity_names(marts)
    parts = [
        (names.get(code, Label.both(code)), found.table.loc[code]) for code in found.notable[:MOST_NAMED]
    ]
    zh = "；".join(
        f"去掉{name.zh}为 {visible(row['estimate'])}（标准误 {visible(row['std_error'])}，{p_value(row['p_value'])}），它占得分{entity.zh}内方差的 {row['share_within']:.0%}"
        for name, row in parts
    )
    en = "; ".join(
        f"without {name.en} it is {visible(row['estimate'])} (SE {visible(row['std_error'])}, {p_value(row['p_value'])}), which has {row['share_within']:.0%} of the "
        "within variance of the score"
        for name, row in parts
    )
    robust_zh = f"；稳健拟合 {visible(found.robust)}" if found.robust == found.robust else ""
    robust_en = f"; a robust fit gives {visible(found.robust)}" if found.robust == found.robust else ""
    return Label(f"；{zh}{robust_zh}", f"; {en}{robust_en}")


def size_finding(found: Influence | None, marts: Marts, entity: Label) -> Label:
    """The coefficient per change that occurs within an entity, and per pooled standard deviation."""
    if found is None:
        return NOTHING
    name = variable_name(marts, found.term)
    inside, pooled = (visible(found.estimate * spread) for spread in (found.within, found.pooled))
    return Label(
        f"大小：{name.zh}扣除固定效应后的标准差为 {visible(found.within)}，对应 {inside}；全部观测的标准差为 {visible(found.pooled)}，对应 {pooled}，这样的变动在一个{entity.zh}内很少发生。",
        f"Size: the standard deviation of {in_sentence(name.en)} net of the effects is {visible(found.within)} and goes with {inside}; that of all rows is {visible(found.pooled)} and "
        f"goes with {pooled}, a change that seldom occurs within one {entity.en}.",
    )


def interval_finding(universe: Universe | None, marts: Marts) -> Label:
    """The intervals of a generated regressor by method; where they disagree about zero, that and who splits the draws."""
    if universe is None or universe.intervals is None or universe.splits is None:
        return NOTHING
    from nqp.tables.influence import METHODS

    found, names = universe.intervals, entity_names(marts)
    known = found.table.dropna(subset=["conf_low"])
    zh = "，".join(
        f"{METHODS[str(m)].zh} {_ends(r['conf_low'], r['conf_high'])}" for m, r in known.iterrows()
    )
    en = ", ".join(
        f"{METHODS[str(m)].en} {_ends(r['conf_low'], r['conf_high'])}" for m, r in known.iterrows()
    )
    first, gap = str(universe.splits.index[0]), universe.splits.iloc[0]
    name = names.get(first, Label.both(first))
    agree_zh, agree_en = "", ""
    if not found.agree_on_zero:
        agree_zh, agree_en = (
            "各方法对零的判断不一致，不算发现；",
            "the methods disagree about zero, so this is no finding; ",
        )
    return Label(
        f"每次抽取都重建指数：系数 {visible(found.estimate)}，抽取的中位数 {visible(found.median)}，偏差 {visible(found.bias)}；95% 区间：{zh}；{agree_zh}"
        f"含{name.zh}的抽取平均 {visible(gap['mean_with'])}，不含的 {visible(gap['mean_without'])}。",
        f"With the index built anew in every draw: coefficient {visible(found.estimate)}, median of the draws {visible(found.median)}, bias {visible(found.bias)}; 95% intervals: {en}; "
        f"{agree_en}draws with {name.en} average {visible(gap['mean_with'])}, those without {visible(gap['mean_without'])}.",
    )


def _rest_in_words(found: Influence, marts: Marts, entity: Label) -> Label:
    if not found.notable:
        return Label(f"去掉任何一个{entity.zh}，结论不变。", f"It does not rest on any one {entity.en}.")
    first = found.notable[0]
    name, row = entity_names(marts).get(first, Label.both(first)), found.table.loc[first]
    error = row["std_error"] / found.std_error
    lost = (row["p_value"] < found.level) != (found.p_value < found.level)
    zh = "不再显著" if lost and row["p_value"] >= found.level else "变得显著" if lost else "结论方向不变"
    en = (
        "it is no longer significant"
        if lost and row["p_value"] >= found.level
        else "it becomes significant"
        if lost
        else "its sign stays"
    )
    return Label(
        f"结果很大程度上系于{name.zh}：去掉它，系数变为 {row['estimate'] / found.estimate:.1f} 倍，标准误 {error:.1f} 倍，{zh}。",
        f"Much of it rests on {name.en}: without it the coefficient is {row['estimate'] / found.estimate:.1f} times as large, its standard error "
        f"{error:.1f} times, and {en}.",
    )


def _size(value: float, is_log: bool) -> str:
    """A change of the outcome; of a logarithm in percent."""
    if is_log:
        import math

        return true_minus(f"{100 * math.expm1(value):.1f}%")
    return visible(value)


def _ends(low: float, high: float) -> str:
    return f"[{visible(low)}, {visible(high)}]"
