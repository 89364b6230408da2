"""Builds the tables of the robustness results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nqp.document.cells import Blank, Cell, Count, Estimate, Interval, Number, PValue, StdError, Text
from nqp.document.table import Block, Column, Row, Table
from nqp.econometrics.covariances import COVARIANCES
from nqp.econometrics.inference import stars
from nqp.language.labels import NOTHING, Label
from nqp.language.numbers import true_minus
from nqp.language.words import in_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from nqp.econometrics.covariances import Convention
    from nqp.econometrics.equation import Dropped
    from nqp.estimates.robustness import Sensitivity
    from nqp.study.specification import ConventionTable, RegressionTable, Resampling, SensitivityTable

WILD = {
    "wild_webb": Label("野聚类自助法（Webb）", "Wild cluster bootstrap (Webb)"),
    "wild_rademacher": Label("野聚类自助法（Rademacher）", "Wild cluster bootstrap (Rademacher)"),
}


def blank_table(
    spec: ConventionTable | SensitivityTable, number: Label, term: Label, reason: Dropped
) -> Table:
    """A table about a coefficient that its column was estimated without: one blank row, and why."""
    note = Label(
        f"{term.zh}{reason.reason_zh}，没有系数可检验。",
        f"{term.en} {reason.reason}: there is no coefficient to examine.",
    )
    column = Column("value", Label("数值", "Value"))
    return Table(
        spec.code, number, spec.title, Label("变量", "Variable"), (), (column,), (Block((Row(term, (Blank(),)),)),),
        (note, *spec.notes),
    )  # fmt: skip


def convention_table(
    spec: ConventionTable,
    number: Label,
    rows: pd.DataFrame,
    term: Label,
    convention: Callable[[str], Convention],
    resampling: Resampling,
    moments: str = "",
) -> Table:
    """The core coefficient under every covariance, with what each one counts; ``convention`` says how one is called,
    ``moments`` is the covariance that weighs those of two-step GMM.
    """
    columns = (
        Column("std_error", Label("标准误", "Std. error")),
        Column("statistic", Label("t 值", "t", italic=("t",))),
        Column("df", Label("自由度", "df")),
        Column("p_value", Label("p 值", "p", italic=("p",))),
        Column("stars", Label("显著性", "Stars"), "center"),
        Column("interval", Label("95% 置信区间", "95% interval"), "center"),
        Column("k_counted", Label("K", "K", italic=("K",))),
        Column("clusters", Label("G", "G", italic=("G",))),
        Column("factor", Label("小样本因子", "Factor")),
    )

    def cells(row: dict[str, Any]) -> tuple[Cell, ...]:
        p, is_wild = float(row["p_value"]), str(row["covariance"]) in WILD
        blank = Blank()
        return (
            blank if is_wild else StdError(row["std_error"]),
            blank if is_wild else Number(row["statistic"], 2),
            blank if is_wild else Number(row["df"], 1),
            PValue(p, 4),
            Text(Label.both(stars(p))),
            blank if is_wild else Interval(row["conf_low"], row["conf_high"], visible=True),
            _count(row["k_counted"]),
            _count(row["clusters"]),
            blank if is_wild else Number(row["factor"], 4),
        )

    body = tuple(
        Row(_covariance_label(str(row["covariance"]), convention), cells(row))
        for row in rows.to_dict("records")
    )
    estimate, covariances = float(rows["estimate"].iloc[0]), set(rows["covariance"])
    notes = [
        Label(
            f"{term.zh}的系数为 {estimate:.3f}，各行相同，只有推断不同。",
            f"The coefficient of {in_sentence(term.en)} is {estimate:.3f} in every row; only the inference differs.",
        ),
        *([_moments_note(convention(moments))] if moments else []),
        *(
            Label(
                f"{convention(name).label_zh}：{convention(name).convention_zh}",
                f"{convention(name).label_en}: {convention(name).convention_en}",
            )
            for name in COVARIANCES
            if name in covariances
        ),
    ]
    notes += [
        Label(f"{label.zh}：聚类数不足，无法计算。", f"{label.en}: too few clusters, not computed.")
        for row in rows.to_dict("records")
        if row["p_value"] != row["p_value"]
        for label in [_covariance_label(str(row["covariance"]), convention)]
    ]
    if covariances & WILD.keys():
        notes.append(
            Label(
                f"野聚类自助法：施加原假设，{resampling.bootstrap_draws} 次抽取，种子 {resampling.seed}。",
                f"Wild cluster bootstrap: null imposed, {resampling.bootstrap_draws} draws, seed {resampling.seed}.",
            )
        )
    return Table(
        spec.code, number, spec.title, Label("协方差", "Covariance"), (), columns, (Block(body),), tuple(notes) + spec.notes,
    )  # fmt: skip


def _moments_note(convention: Convention) -> Label:
    return Label(
        f"两步 GMM 的矩条件在各行均按“{convention.label_zh}”的协方差加权，与其他表中的该列相同。",
        f"Two-step GMM: in every row the moments are weighted by their covariance under '{convention.label_en}', as in the other "
        "tables that show this column.",
    )


def sensitivity_table(
    spec: SensitivityTable,
    number: Label,
    result: Sensitivity,
    term: Label,
    names: dict[str, Label],
    resampling: Resampling,
) -> Table:
    """How far the coefficient moves without an entity, by chance, and with omitted variables."""
    columns = (
        Column("value", Label("数值", "Value")),
        Column("p_value", Label("p 值", "p", italic=("p",))),
        Column("detail", Label("说明", "Detail"), "text", width=30),
    )
    left = result.leave_one_out
    table = left.table

    def without(value: float) -> tuple[str, float]:
        code = str((table["estimate"] - value).abs().idxmin())
        return code, float(table.at[code, "p_value"])

    rows = [Row(Label("全样本系数", "Full sample"), (Estimate(left.full), Blank(), Text(term)), "emphasis")]
    for value, label in (
        (left.lowest, Label("逐一剔除：最小", "Leave one out: lowest")),
        (left.highest, Label("逐一剔除：最大", "Leave one out: highest")),
    ):
        code, p = without(value)
        detail = Label(f"剔除{names[code].zh}", f"without {names[code].en}")
        rows.append(Row(label, (Estimate(value), PValue(p), Text(detail))))
    moved = left.most_influential
    rows.append(
        Row(
            Label("影响最大者", "Most influential"),
            (
                Estimate(float(table.at[moved, "estimate"])),
                PValue(float(table.at[moved, "p_value"])),
                Text(Label(f"剔除{names[moved].zh}", f"without {names[moved].en}")),
            ),
        )
    )
    if (chance := result.placebo) is not None:
        low, high = (true_minus(f"{bound:.3f}") for bound in np.quantile(chance.draws, (0.025, 0.975)))
        spread = Label(
            f"系数的 2.5% 与 97.5% 分位数：{low}，{high}；{len(chance.draws)} 次",
            f"2.5 and 97.5 percent quantiles of the draws: {low}, {high}; {len(chance.draws)} draws",
        )
        rows.append(
            Row(
                Label(
                    "安慰剂：置换系数均值；实际系数的 p 值",
                    "Placebo: mean of permuted estimates; p of the actual one",
                    italic=("p",),
                ),
                (Number(float(chance.draws.mean())), PValue(chance.p_value), Text(spread)),
            )
        )
    if (bound := result.oster) is not None:
        detail = Label(
            f"δ = {bound.delta:g}，R²max = {bound.r2_max:.3f}；无控制变量 {bound.uncontrolled:.3f}，有控制变量 {bound.controlled:.3f}",
            f"delta = {bound.delta:g}, R²max = {bound.r2_max:.3f}; without controls {bound.uncontrolled:.3f}, with {bound.controlled:.3f}",
            italic=("R",),
        )
        rows.append(
            Row(Label("Oster 界 β*", "Oster bound, beta*"), (Number(bound.beta_star), Blank(), Text(detail)))
        )
        zero = Label(
            "使系数为零所需的 δ（负值：控制变量使系数上升）",
            "delta that makes the coefficient zero (negative: the controls raise it)",
        )
        rows.append(
            Row(
                Label("Oster δ（β = 0）", "Oster delta for beta = 0"),
                (Number(bound.delta_zero), Blank(), Text(zero)),
            )
        )
    failed = tuple(
        Label(f"剔除{names[code].zh}后无法估计。", f"Without {names[code].en} the model cannot be fitted.")
        for code in left.failed
    )
    notes = (
        Label(
            f"逐一剔除：每次去掉一个{{entity}}重新估计，按{{entity}}聚类；安慰剂：核心变量在同一年的{{entity}}之间随机置换，种子 {resampling.seed}，"
            "置换打断了变量的持续性，故其 p 值以独立为参照，不能替代聚类推断；"
            "Oster（2019）界中的 R² 与方差均扣除固定效应；根的取向与控制变量引起的变化同向。",
            f"Leave one out: the model without each {{entity}} in turn, clustered by {{entity}}. Placebo: the core variable permuted "
            f"among the {{entities}} of each year, seed {resampling.seed}; this breaks the persistence of the variable, so its p is "
            f"a benchmark of independence and no substitute for clustered inference. Oster (2019): R² and variances net of the fixed effects; the root that continues the move from no controls to controls.",
            italic=("R",),
        ),
    )
    return Table(
        spec.code, number, spec.title, Label("检验", "Check"), (), columns, (Block(tuple(rows)),),
        notes + failed + spec.notes,
    )  # fmt: skip


def difference_table(
    spec: RegressionTable,
    number: Label,
    rows: pd.DataFrame,
    term: Label,
    groups: dict[str, Label],
    left_out: Sequence[tuple[Label, Dropped]],
    resampling: Resampling,
) -> Table:
    """Tests that the groups of a table share one coefficient; ``left_out`` are the slopes that they cannot compare."""
    columns = (
        Column("difference", Label("系数差", "Difference")),
        Column("std_error", Label("标准误", "Std. error")),
        Column("p_chow", Label("Chow 检验 p", "Chow, p", italic=("p",))),
        Column("p_permutation", Label("置换检验 p", "Permutation, p", italic=("p",))),
    )
    blocks = []
    for panel, found in rows.groupby("panel_code", sort=False):
        body = []
        for row in found.to_dict("records"):
            if isinstance(row["first"], str):
                first, second = groups[row["first"]], groups[row["second"]]
                label = Label(f"{first.zh} − {second.zh}", f"{first.en} - {second.en}")
                cells: tuple[Cell, ...] = (Blank(),) * len(columns)
                if row["difference"] == row["difference"]:
                    cells = (
                        Estimate(row["difference"], stars(row["p_chow"])),
                        StdError(row["std_error"]),
                        PValue(row["p_chow"]),
                        PValue(row["p_permutation"]),
                    )
            else:
                joint = Label("全部系数", "all slopes") if row["term"] == "all" else term
                label = Label(f"各组相等：{joint.zh}", f"Equal in all groups: {in_sentence(joint.en)}")
                cells = (Blank(), Blank(), PValue(row["p_chow"]), Blank())
            body.append(Row(label, cells))
        titles = {part.code: part.title for part in spec.panels}
        blocks.append(Block(tuple(body), titles[str(panel)]))
    draws, seed = resampling.permutation_draws, resampling.seed
    if rows["draws"].notna().any():
        draws = int(rows["draws"].max())
    notes = (
        Label(
            f"{term.zh}的系数差。Chow 检验：全部斜率与年份效应随组变动的模型，按{{entity}}聚类；置换检验：{{entity}}在两组之间随机重排，{draws} 次，种子 {seed}，双侧。",
            f"Differences of the coefficient of {in_sentence(term.en)}. Chow: all slopes and year effects interacted with the "
            f"group, clustered by {{entity}}. Permutation: {{entities}} reshuffled between the two groups, {draws} draws, seed "
            f"{seed}, two-sided.",
        ),
        *(
            Label(f"{name.zh}{one.reason_zh}，不作比较。", f"{name.en} {one.reason} and is not compared.")
            for name, one in left_out
        ),
    )
    if rows["difference"].notna().any() and not rows["p_permutation"].notna().any():
        notes += (
            Label(
                "置换检验空缺：重排的个体带走自身的固定效应，而其他效应（如组×年份、趋势）属于原来的组，检验无从定义。",
                "The permutation test is blank: entities that are reshuffled take their own effects along, but further effects (a group "
                "by year, a trend, another category) belong to the group they come from.",
            ),
        )
    title = Label(f"组间差异检验（续{number.zh}）", f"Differences between the groups of {number.en}")
    return Table(
        f"{spec.code}-differences", NOTHING, title, Label("比较", "Comparison"), (), columns, tuple(blocks), notes,
    )  # fmt: skip


def _covariance_label(name: str, convention: Callable[[str], Convention]) -> Label:
    if name in WILD:
        return WILD[name]
    return Label(convention(name).label_zh, convention(name).label_en)


def _count(value: Any) -> Cell:
    return Blank() if value is None or value != value else Count(int(value))
