"""How much of the first coefficient rests on one entity, and its interval by every bootstrap method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.document.cells import Blank, Cell, Count, Interval, Number, Percent, PValue, StdError, Text
from nqp.document.table import Block, Column, Row, Table
from nqp.language.labels import NOTHING, Label
from nqp.language.words import in_sentence, plural
from nqp.study.names import entity_names, variable_name

if TYPE_CHECKING:
    from nqp.econometrics.influence import Influence
    from nqp.estimates.multiverse import Universe
    from nqp.study.marts import Marts

MOST = 8  # entities shown; estimates/influence.csv has all
METHODS = {
    "percentile": Label("百分位", "percentile"),
    "basic": Label("基本（反射）", "basic (reflected)"),
    "bca": Label("偏误与加速校正（BCa）", "bias-corrected and accelerated (BCa)"),
    "studentised": Label("学生化", "studentised"),
}


def influence_table(found: Influence, marts: Marts, entity: Label) -> Table:
    """The entities that move the coefficient most, what two of them do together, and a robust fit."""
    names, term = entity_names(marts), variable_name(marts, found.term)
    columns = (
        Column("estimate", Label("系数", "Coefficient")),
        Column("std_error", Label("标准误", "Std. error")),
        Column("p_value", Label("p 值", "p", italic=("p",))),
        Column("dfbeta", Label("DFBETA", "DFBETA")),
        Column("share_within", Label("组内方差占比", "Share of within variance")),
        Column("leverage", Label("杠杆占比", "Share of leverage")),
    )

    def name(code: object) -> Label:
        return names.get(str(code), Label.both(str(code)))

    def row(label: Label, values: dict[str, float]) -> Row:
        own: tuple[Cell, ...] = (Blank(), Blank(), Blank())
        if "dfbeta" in values:
            own = (Number(values["dfbeta"]), Percent(values["share_within"]), Percent(values["leverage"]))
        return Row(
            label,
            (Number(values["estimate"]), StdError(values["std_error"]), PValue(values["p_value"]), *own),
        )

    whole = {"estimate": found.estimate, "std_error": found.std_error, "p_value": found.p_value}
    order = found.table["dfbeta"].abs().sort_values(ascending=False, kind="stable").index[:MOST]
    each = [
        row(Label(f"去掉{name(code).zh}", f"without {name(code).en}"), found.table.loc[code].to_dict())
        for code in order
    ]
    blocks = [Block((row(Label("全样本", "all"), whole),)), Block(tuple(each))]
    pairs = found.pairs.dropna(subset=["estimate"])
    two = []
    for code in dict.fromkeys([pairs["estimate"].idxmin(), pairs["estimate"].idxmax()] if len(pairs) else []):
        first, second = name(pairs.at[code, "first"]), name(code)
        label = Label(f"去掉{first.zh}与{second.zh}", f"without {first.en} and {second.en}")
        two.append(row(label, pairs.loc[code, ["estimate", "std_error", "p_value"]].to_dict()))
    if two:
        blocks.append(Block(tuple(two)))
    if found.robust == found.robust:
        blank = (Blank(),) * 5
        blocks.append(
            Block((Row(Label("稳健拟合（Huber）", "robust fit (Huber)"), (Number(found.robust), *blank)),))
        )
    notes = (
        Label(
            f"DFBETA 为去掉该{entity.zh}引起的系数变化除以全样本标准误；组内方差占比为其在{term.zh}扣除固定效应后的平方和中的比重，杠杆占比另扣除其他解释变量。"
            f"列出影响最大的 {len(each)} 个{entity.zh}，以及与影响最大者同时去掉时系数最小与最大的两组；全部见 estimates/influence.csv。"
            "Huber 拟合：调节常数 1.345，尺度为残差绝对值的中位数，变量先扣除固定效应。标准误按{entity}聚类。",
            f"DFBETA is the change of the coefficient when the {entity.en} is left out, over the standard error of all. The share of the within "
            f"variance is its part in the squares of {in_sentence(term.en)} net of the effects, that of the leverage net of the other regressors too. "
            f"Shown are the {len(each)} most influential {plural(entity.en)} and, together with the first of them, the pairs with the lowest and the highest "
            "coefficient; estimates/influence.csv has all. Huber's fit: constant 1.345, scale by the median absolute residual, columns net of the "
            f"effects. Standard errors are clustered by {entity.en}.",
        ),
    )
    title = Label(f"主要系数系于哪些{entity.zh}", f"Which {plural(entity.en)} the main coefficient rests on")
    return Table("influence", NOTHING, title, Label("样本", "Sample"), (), columns, tuple(blocks), notes, 14)


def interval_table(universe: Universe, marts: Marts, entity: Label) -> Table | None:
    """The interval of the coefficient with the index built anew, method beside method, and who splits the draws."""
    found, splits = universe.intervals, universe.splits
    if found is None or splits is None:
        return None
    names = entity_names(marts)
    columns = (
        Column("interval", Label("95% 区间", "95% interval"), "center"),
        Column("zero", Label("含零", "Includes zero"), "center"),
        Column("draws", Label("抽取次数", "Draws")),
    )
    rows = [
        Row(
            METHODS[str(method)],
            (
                Interval(row["conf_low"], row["conf_high"]),
                Text(Label("是", "yes") if row["has_zero"] else Label("否", "no")),
                Count(found.draws),
            ),
        )
        for method, row in found.table.dropna(subset=["conf_low"]).iterrows()
    ]
    first, gap = str(splits.index[0]), splits.iloc[0]
    name = names.get(first, Label.both(first))
    notes = (
        Label(
            f"系数 {found.estimate:.3f}，抽取结果的中位数 {found.median:.3f}，均值与系数之差 {found.bias:+.3f}。含{name.zh}的抽取平均 {gap['mean_with']:.3f}，"
            f"不含的平均 {gap['mean_without']:.3f}（{int(gap['draws_without'])} 次）：它的有无对抽取结果影响最大。"
            f"BCa 的加速系数取自指数不变时逐一去掉{entity.zh}的估计；学生化区间用每次抽取的聚类标准误。",
            f"Coefficient {found.estimate:.3f}, median of the draws {found.median:.3f}, mean less coefficient {found.bias:+.3f}. Draws with {name.en} average "
            f"{gap['mean_with']:.3f}, those without {gap['mean_without']:.3f} ({int(gap['draws_without'])} draws): its presence moves the draws most. The acceleration of BCa "
            f"comes from leaving out each {entity.en} with the index held fixed; the studentised interval uses the clustered standard error of each draw.",
        ),
    )
    title = Label(
        "每次抽取都重建指数时的区间：各种方法",
        "The interval with the index built anew in every draw, by method",
    )
    return Table(
        "multiverse-intervals",
        NOTHING,
        title,
        Label("方法", "Method"),
        (),
        columns,
        (Block(tuple(rows)),),
        notes,
        14,
    )
