"""How close a measure is: each indicator beside measures that are nearer to its definition, and an index beside others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.document.cells import Count, Number, Text
from nqp.document.table import Block, Column, Row, Table
from nqp.language.labels import NOTHING, Label
from nqp.study.names import entity_names, name_of, text_of, variable_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from nqp.study.evidence import Evidence
    from nqp.study.marts import Marts
    from nqp.study.specification import AgreementTable, IndexAgreementTable

CORRELATIONS = (
    Column("years", Label("年份", "Years"), "center", width=6),
    Column("cells", Label("观测值", "N", italic=("N",)), width=4),
    Column("correlation", Label("相关系数", "Correlation"), width=5),
    Column("rank_correlation", Label("秩相关", "Rank correlation"), width=5),
    Column("furthest", Label("位次相差最大", "Largest difference of ranks"), "text", width=12),
)
RANKS_WITHIN_YEARS = Label(
    "秩相关为各年{entity}位次相关系数（Spearman）的平均；相关系数（Pearson）按全部观测计算。位次 1 为数值最高，取最后一个共有年份。",
    "The rank correlation is the mean over the years of Spearman's among the {entities} of a year; the correlation is Pearson's over "
    "all rows. Rank 1 is the highest value, in the last year that both have.",
)


def agreement_table(spec: AgreementTable, number: Label, marts: Marts, entity: Label) -> Table:
    """The indicators of an index beside other measures of them, with the grade that each has."""
    rows = marts.indicator_agreement[marts.indicator_agreement["index_code"] == spec.index]
    indicators = marts.indicators[marts.indicators["index_code"] == spec.index]
    columns: tuple[Column, ...] = (
        Column("other", Label("对照的度量", "Compared with"), "text", width=16),
        Column("nearer", Label("更接近定义", "Nearer to the definition"), "center", width=5),
        Column("closeness", Label("接近程度", "Closeness"), "center", width=5),
        *CORRELATIONS,
        Column("note", Label("备注", "Note"), "text", width=10),
    )
    printed = []
    for indicator in indicators.to_dict("records"):
        for row in rows[rows["indicator_code"] == indicator["indicator_code"]].to_dict("records"):
            printed.append(
                Row(
                    name_of(indicator),
                    (
                        Text(name_of(row)),
                        Text(Label("是", "yes") if row["is_better"] else Label("否", "no")),
                        Text(Label.both(text_of(indicator["closeness"]))),
                        *_correlations(row, marts, int(row["cells"])),
                        Text(name_of(row, "note")),
                    ),
                )
            )
    if not printed:
        columns, printed = (
            (Column("none", Label("对照", "Comparison"), "text"),),
            [Row(Label("无", "none"), (Text(Label("没有可对照的度量", "no other measure")),))],
        )
    notes = (
        _ranks_note(entity),
        Label(
            "有更接近定义的度量而秩相关低于 dbt 变量 least_agreement（默认 0.5）者，接近程度记为 D：它对各{entity}的排序不同。".replace(
                "{entity}", entity.zh
            ),
            "A proxy whose rank correlation with a nearer measure is below the dbt var least_agreement (0.5) is graded D: it ranks "
            "otherwise. An indicator measured as defined (A) keeps its grade.",
        ),
    )
    return Table(
        spec.code, number, spec.title, Label("指标", "Indicator"), (), columns, (Block(tuple(printed)),),
        notes + spec.notes, label_width=9, cards=True,
    )  # fmt: skip


def index_agreement_table(
    spec: IndexAgreementTable, number: Label, marts: Marts, evidence: Evidence, entity: Label
) -> Table:
    """An index beside the other indices of the study."""
    rows = evidence.index_agreement[evidence.index_agreement["index_code"] == spec.index]
    printed = tuple(
        Row(variable_name(marts, row["other_index_code"]), _correlations(row, marts, int(row["score_rows"])))
        for row in rows.to_dict("records")
    ) or (Row(Label("无", "none"), tuple(Text(NOTHING) for _ in CORRELATIONS)),)
    return Table(
        spec.code, number, spec.title, Label("指数", "Index"), (), CORRELATIONS, (Block(printed),),
        (_ranks_note(entity), *spec.notes), label_width=14, cards=True,
    )  # fmt: skip


def inverted(marts: Marts, indices: Iterable[str]) -> pd.DataFrame:
    """The indicators of the indices that are graded D because a nearer measure ranks otherwise."""
    rows = marts.indicators
    if "rank_correlation" not in rows:
        return rows.iloc[:0]
    found = rows["index_code"].isin(list(indices)) & (rows["closeness"] == "D")
    return rows[found & rows["rank_correlation"].notna()]


def _correlations(row: dict[str, object], marts: Marts, count: int) -> tuple[Text | Count | Number, ...]:
    names = entity_names(marts)
    name = names.get(str(row["furthest_entity_code"]), Label.both(str(row["furthest_entity_code"])))
    ours, other = f"{row['furthest_rank']:g}", f"{row['furthest_other_rank']:g}"
    return (
        Text(Label.both(f"{row['first_year']}–{row['last_year']}")),
        Count(count),
        Number(row["correlation"]),  # type: ignore[arg-type]
        Number(row["rank_correlation"]),  # type: ignore[arg-type]
        Text(Label(f"{name.zh}：{ours} 对 {other}", f"{name.en}: {ours} and {other}")),
    )


def _ranks_note(entity: Label) -> Label:
    from nqp.language.words import plural

    return Label(
        RANKS_WITHIN_YEARS.zh.replace("{entity}", entity.zh),
        RANKS_WITHIN_YEARS.en.replace("{entities}", plural(entity.en)),
    )
