"""The tables that compare: printed numbers beside ours, and the verdicts on the hypotheses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from nqp.document.cells import Blank, Cell, Check, Estimate, Number, PValue, StdError, Text, as_printed
from nqp.document.table import Block, Column, Row, Table
from nqp.estimates.engine import MAIN
from nqp.estimates.regressions import CONSTANT
from nqp.language.labels import NOTHING, Label, joined
from nqp.study.names import variable_name
from nqp.study.specification import RegressionTable
from nqp.tables.effects import convention_of_run

if TYPE_CHECKING:
    import pandas as pd

    from nqp.estimates.comparison import ComparedCell, Verdict
    from nqp.estimates.regressions import Estimates
    from nqp.study.marts import Marts
    from nqp.study.specification import Specification


AGREEING = "comparison-same"


def comparison_tables(
    specification: Specification, cells: Sequence[ComparedCell], estimates: Estimates, marts: Marts
) -> tuple[Table, ...]:
    """The published numbers beside ours: what differs or cannot be compared, then what is the same at the printed digits."""
    whole = _comparison(specification, cells, estimates, marts)
    names = {
        whole.code: whole.title,
        AGREEING: Label("与原文相同的数字", "Published numbers that ours repeat"),
    }
    found = []
    for code, title in names.items():
        blocks = [
            replace(block, rows=rows)
            for block in whole.blocks
            if (rows := tuple(row for row in block.rows if (Check(True) in row.cells) == (code == AGREEING)))
        ]
        if blocks:
            found.append(replace(whole, code=code, title=title, blocks=tuple(blocks)))
    return tuple(found)


def _comparison(
    specification: Specification, cells: Sequence[ComparedCell], estimates: Estimates, marts: Marts
) -> Table:
    """All of them: one row per coefficient, statistic or descriptive figure."""
    columns = (
        Column("printed", Label("原文", "Printed"), width=6),
        Column("printed_se", Label("原文标准误", "Printed SE"), width=6),
        Column("ours", Label("本研究", "Ours"), width=6),
        Column("ours_se", Label("标准误（同各表）", "SE, as in the tables"), width=6),
        Column("ours_se_iid", Label("标准误（iid）", "SE, iid"), width=6),
        Column("difference", Label("差", "Difference"), width=6),
        Column("agrees", Label("印刷位数相同", "Same digits"), "center", width=5),
        Column("why", Label("原因", "Why"), "text", width=24),
    )
    by_code = {table.code: table for table in specification.tables}
    order = [table.code for table in specification.tables]
    blocks = []
    for (code, panel, model), group in groupby(
        cells, key=lambda c: (c.table_code, c.panel_code, c.model_code)
    ):
        members = list(group)
        title = Label(f"表 {order.index(code) + 1}", f"Table {order.index(code) + 1}")
        title = joined(title, by_code[code].title)
        spec = by_code[code]
        if isinstance(spec, RegressionTable):
            part = next(item for item in spec.panels if item.code == panel)
            if part.title:
                title = joined(title, part.title)
            position = [item.code for item in part.models].index(model) + 1
            title = joined(title, Label(f"第 ({position}) 列", f"column ({position})"))
        rows = []
        for (equation, term), found in groupby(members, key=lambda c: (c.equation, c.term)):
            rows += _compared_rows(marts, estimates, equation, term, {cell.statistic: cell for cell in found})
        blocks.append(Block(tuple(rows), title))
    notes = (
        Label(
            "差为本研究减原文。“印刷位数相同”指本研究的数字（任一标准误）按原文位数四舍五入后与原文一致。",
            "Difference: ours minus printed. Same digits: ours (under either standard error), rounded to the printed "
            "digits, is the printed number.",
        ),
        Label(
            f"表中标准误：{convention_of_run(estimates).zh}",
            f"Standard errors as in the tables: {convention_of_run(estimates).en}",
        ),
    )
    return Table(
        "comparison", NOTHING, Label("与原文逐格比较", "The published numbers beside ours, cell by cell"),
        Label("项目", "Item"), (), columns, tuple(blocks), notes, label_width=14,
    )  # fmt: skip


def _compared_rows(
    marts: Marts, estimates: Estimates, equation: str, term: str, found: Mapping[str, ComparedCell]
) -> list[Row]:
    """The rows of one coefficient (estimate and standard error side by side) or of single statistics."""
    rows = []
    if "estimate" in found:
        b, se = found["estimate"], found.get("std_error")
        label = Label("常数项", "Constant") if term == CONSTANT else variable_name(marts, term)
        if equation != MAIN:
            label = joined(Label("第一阶段", "First stage"), label)
        agree = b.agrees if se is None or b.agrees is None else bool(b.agrees and se.agrees)
        rows.append(
            Row(
                label,
                (
                    as_printed(b.printed),
                    as_printed(se.printed) if se else Blank(),
                    Number(b.ours, b.decimals),
                    Number(se.ours, se.decimals) if se else Blank(),
                    Number(se.ours_iid, se.decimals) if se else Blank(),
                    Number(b.difference, b.decimals),
                    Blank() if agree is None else Check(agree),
                    Text(b.why),
                ),
            )
        )
    for name, cell in found.items():
        if name in ("estimate", "std_error"):
            continue
        label = STATISTICS.get(name, Label.both(name))
        if equation == "":
            label = joined(variable_name(marts, term), label)
        if name == "finding":
            row = estimates.coefficients.query(
                "table_code == @cell.table_code and panel_code == @cell.panel_code and model_code == @cell.model_code "
                "and equation == @equation and term == @term"
            ).iloc[0]
            finding_name = FINDINGS.get(cell.printed, Label.both(cell.printed))
            rows.append(
                Row(
                    joined(variable_name(marts, term), finding_name),
                    (
                        Blank(), Blank(), Estimate(row["estimate"], row["stars"]), Number(row["std_error"]), Blank(),
                        Blank(), Check(_finding(row) == cell.printed), Text(cell.why),
                    ),
                )
            )  # fmt: skip
            continue
        ours = (PValue if name.endswith("_p") else Number)(cell.ours, cell.decimals)
        rows.append(
            Row(
                label,
                (
                    as_printed(cell.printed), Blank(), ours, Blank(), Blank(),
                    Number(cell.difference, cell.decimals), Blank() if cell.agrees is None else Check(cell.agrees),
                    Text(cell.why),
                ),
            )
        )  # fmt: skip
    return rows


def _finding(row: Any) -> str:
    """What a text would say of a coefficient, in the words of pub_coefficients.finding."""
    if not row["p_value"] < 0.1:
        return "not_significant"
    return "positive_significant" if row["estimate"] > 0 else "negative_significant"


FINDINGS = {
    "positive_significant": Label("原文称正向显著", "text says: positive, significant"),
    "negative_significant": Label("原文称负向显著", "text says: negative, significant"),
    "not_significant": Label("原文称不显著", "text says: not significant"),
}
STATISTICS = {
    "n_obs": Label("观测值 N", "Observations N", italic=("N",)),
    "adj_r2": Label("调整后 R²", "Adjusted R²", italic=("R",)),
    "anderson_lm": Label("Anderson LM", "Anderson LM"),
    "anderson_lm_p": Label("Anderson LM 的 p 值", "Anderson LM, p", italic=("p",)),
    "cragg_donald_f": Label("Cragg-Donald F", "Cragg-Donald F", italic=("F",)),
    "stock_yogo_10": Label("Stock-Yogo 10% 临界值", "Stock-Yogo critical value, 10% size"),
    "observations": Label("观测值", "N"),
    "mean": Label("均值", "mean"),
    "std_dev": Label("标准差", "std. dev."),
    "min": Label("最小值", "min"),
    "max": Label("最大值", "max"),
}


def holds_in(code: str, over_recipes: pd.DataFrame | None) -> tuple[int, int]:
    """In how many ways of building the index a hypothesis is found as stated, and how many were tried (0 where none was)."""
    if over_recipes is None:
        return 0, 0
    rows = over_recipes[over_recipes["hypothesis"] == code]
    return int(rows.loc[rows["verdict"] == "supported", "recipes"].sum()), int(rows["recipes"].sum())


def hypothesis_table(verdicts: Sequence[Verdict], over_recipes: pd.DataFrame | None = None) -> Table:
    """The verdict on each hypothesis, made from the estimates, and in how many ways of building the index it is found so."""
    columns: tuple[Column, ...] = (
        Column("statement", Label("内容", "Statement"), "text", width=12),
        Column("estimate", Label("系数", "Coefficient")),
        Column("std_error", Label("标准误", "Std. error")),
        Column("p_value", Label("p 值", "p", italic=("p",))),
        Column("p_wild", Label("p（野聚类）", "p (wild)", italic=("p",))),
        Column("p_holm", Label("p（Holm）", "p (Holm)", italic=("p",))),
        Column("p_romano_wolf", Label("p（RW）", "p (RW)", italic=("p",))),
        Column("verdict", Label("结论", "Verdict"), "text", width=10),
    )
    counts = {one.hypothesis.code: holds_in(one.hypothesis.code, over_recipes) for one in verdicts}
    has_recipes = any(tried for _, tried in counts.values())
    if has_recipes:
        columns += (Column("recipes", Label("成立的构造方式", "Ways in which it holds"), "center", width=6),)

    def ways(code: str) -> tuple[Cell, ...]:
        holds, tried = counts[code]
        return (Text(Label.both(f"{holds} / {tried}" if tried else "")),) if has_recipes else ()

    rows = tuple(
        Row(
            Label.both(verdict.hypothesis.code),
            (
                Text(verdict.hypothesis.statement), Estimate(verdict.estimate, verdict.stars),
                StdError(verdict.std_error), PValue(verdict.p_value), PValue(verdict.p_wild),
                PValue(verdict.p_holm), PValue(verdict.p_romano_wolf), Text(verdict.label),
                *ways(verdict.hypothesis.code),
            ),
        )
        for verdict in verdicts
    )  # fmt: skip
    levels = sorted({verdict.hypothesis.level for verdict in verdicts})
    levels_text = ", ".join(f"{level:g}" for level in levels)
    notes: tuple[Label, ...] = (
        Label(
            f"双侧检验，显著性水平 {levels_text}；结论由估计值生成，只说相关，不说因果。Holm 与 Romano–Wolf（RW）的 p 值按假说个数校正，后者取自{{entity}}自助抽样的联合分布。",
            f"Two-sided tests at {levels_text}; verdicts follow from the estimates and speak of association, not of cause. The p-values of Holm "
            "and of Romano and Wolf (RW) are adjusted for the number of hypotheses, the latter by joint bootstrap draws of {entities}.",
        ),
    )
    if has_recipes:
        notes += (
            Label(
                "成立的构造方式：在所有有效的指数构造方式中，方向相符且聚类检验显著者的个数与总数；全部计数见 estimates.hypotheses_over_recipes。",
                "Ways in which it holds: of all valid ways to build the index, those with the sign stated and significant by the clustered test; all "
                "counts stand in estimates.hypotheses_over_recipes.",
            ),
        )
    return Table(
        "hypotheses", NOTHING, Label("假说检验", "Hypotheses"), Label("假说", "Hypothesis"), (), columns, (Block(rows),), notes,
    )  # fmt: skip
