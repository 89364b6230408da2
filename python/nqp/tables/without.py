"""The main coefficient with the index built without one of its indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.document.cells import Number, Percent, PValue, StdError, Text
from nqp.document.table import Block, Column, Row, Table
from nqp.language.labels import NOTHING, Label
from nqp.language.words import in_sentence
from nqp.study.names import name_of, text_of, variable_name

if TYPE_CHECKING:
    import pandas as pd

    from nqp.estimates.multiverse import Universe
    from nqp.study.marts import Marts

CODE = "without-indicator"
DISTANT = ("C", "D")


def without_table(found: pd.DataFrame, universe: Universe, marts: Marts) -> Table | None:
    """A row per indicator, those that are distant or rank otherwise first; None where no recipe leaves an indicator out."""
    indicators = marts.indicators[marts.indicators["index_code"] == universe.index].set_index(
        "indicator_code"
    )
    known = found[found["indicator_code"].isin(indicators.index)]
    if known.empty:
        return None
    columns = (
        Column("closeness", Label("接近程度", "Closeness"), "center", width=5),
        Column("estimate", Label("系数", "Coefficient")),
        Column("std_error", Label("标准误", "Std. error")),
        Column("p", Label("p 值", "p", italic=("p",))),
        Column("per_sd", Label("每标准差", "Per SD")),
        Column("change", Label("较基准", "Against the baseline")),
        Column("correlation", Label("得分相关", "Correlation of scores")),
        Column("rank_correlation", Label("秩相关", "Rank correlation")),
    )
    base = universe.baseline
    first = Row(
        Label("全部指标（基准）", "all indicators (baseline)"),
        (
            Text(NOTHING), Number(base["estimate"]), StdError(base["se_cluster"]), PValue(base["p_cluster"]),
            Number(base["estimate_per_sd"]), *(Text(NOTHING),) * 3,
        ),
        "emphasis",
    )  # fmt: skip
    groups: dict[bool, list[Row]] = {True: [], False: []}
    for row in known.to_dict("records"):
        indicator = indicators.loc[row["indicator_code"]]
        grade, name = text_of(indicator["closeness"]), name_of(indicator.to_dict())
        groups[grade in DISTANT].append(
            Row(
                Label(f"不计{name.zh}", f"without {in_sentence(name.en)}"),
                (
                    Text(Label.both(grade)), Number(row["estimate"]), StdError(row["se_cluster"]),
                    PValue(row["p_cluster"]), Number(row["estimate_per_sd"]), Percent(row["change_per_sd"], 1),
                    Number(row["correlation"]), Number(row["rank_correlation"]),
                ),
            )
        )  # fmt: skip
    titles = {
        True: Label("接近程度为 C 或 D 的指标", "Indicators graded C or D"),
        False: Label("其余指标", "The others"),
    }
    blocks = [Block((first,)), *(Block(tuple(rows), titles[kind]) for kind, rows in groups.items() if rows)]
    name = variable_name(marts, universe.index)
    notes = (
        Label(
            f"{name.zh}按基准方案重建，每次不计一个指标，其余不变。较基准：每标准差系数的变化。得分相关与秩相关（各年平均）见数据集市 index_without_indicator。",
            f"{name.en} built as in the baseline, each time without one indicator. Against the baseline: change of the coefficient per standard "
            "deviation. The correlations of scores and (mean over years) of ranks are those of mart index_without_indicator.",
        ),
        Label("标准误按{entity}聚类。", "Standard errors are clustered by {entity}."),
    )
    title = Label("不计某一指标时的主要系数", "The main coefficient without one indicator")
    return Table(
        CODE, NOTHING, title, Label("指数", "Index"), (), columns, tuple(blocks), notes, label_width=14
    )
