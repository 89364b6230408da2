"""The tables that describe: indicators and weights, descriptive figures, the ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from nqp.document.cells import Blank, Cell, Count, Number, Text, as_printed
from nqp.document.table import Block, Column, ColumnGroup, Row, Table
from nqp.estimates.comparison import printed_rows
from nqp.language.labels import NOTHING, Label
from nqp.language.words import in_sentence
from nqp.study.names import name_of, text_of, variable_name

if TYPE_CHECKING:
    import pandas as pd

    from nqp.study.baseline import Baseline
    from nqp.study.marts import Marts
    from nqp.study.specification import DescriptiveTable, IndicatorTable

DIRECTIONS = {
    "positive": Label("正向", "positive"),
    "negative": Label("负向", "negative"),
    "interval": Label("区间", "interval"),
}
VARIABLE = Label("变量", "Variable")
DROP_RULES = {
    "drop rows": Label("因缺值逐行舍去", "row by row, for want of a value"),
    "drop entities": Label("因缺值整体舍去", "whole {entities}, for want of a value"),
    "without rows": Label("按研究指定", "as the study says"),
}


def indicator_table(spec: IndicatorTable, number: Label, marts: Marts, entity: Label) -> Table:
    """The indicators of an index: definition, measure, entropy, weights."""
    rows = marts.indicators[marts.indicators["index_code"] == spec.index].to_dict("records")
    words: tuple[tuple[Column, Callable[[dict[str, Any]], Text]], ...] = (
        (Column("definition", Label("定义", "Definition"), "text", width=13), lambda row: _text(row, "definition")),
        (Column("measured_by", Label("实际度量", "How measured"), "text", width=17), lambda row: _text(row, "measured_by")),
        (Column("unit", Label("单位", "Unit"), "text", width=8), lambda row: _text(row, "unit")),
        (
            Column("closeness", Label("接近程度", "Closeness"), "center", width=5),
            lambda row: Text(Label.both(text_of(row["closeness"]))),
        ),
        (Column("direction", Label("方向", "Direction"), "center", width=5), lambda row: Text(DIRECTIONS[row["direction"]])),
    )  # fmt: skip
    baseline = marts.baseline
    numbers = [Column("weight", baseline.weight, width=5)]
    if baseline.has_entropy:
        numbers.insert(0, Column("entropy", Label("信息熵", "Entropy"), width=5))
    if baseline.squares_weights:
        numbers.append(Column("effective_weight", Label("有效权重", "Effective weight"), width=5))
    filled = [(column, cell) for column, cell in words if any(cell(row).label for row in rows)]
    columns = (
        *(column for column, _ in filled),
        *numbers,
    )

    def cells(row: dict[str, Any]) -> tuple[Cell, ...]:
        return (*(cell(row) for _, cell in filled), *(Number(row[column.code], 4) for column in numbers))

    blocks = []
    for _, group in groupby(rows, key=lambda row: row["dimension_code"]):
        members = list(group)
        title = name_of(members[0], "dimension_name")
        blocks.append(Block(tuple(Row(name_of(row), cells(row)) for row in members), title))
    scores = marts.index_scores
    years = scores.loc[scores["index_code"] == spec.index, "year"]
    sample = int(rows[0]["entity_years"])
    proxies = sum(bool(row["is_proxy"]) for row in rows)
    notes = [
        _recipe_note(rows[0], baseline)
        if not baseline.is_classical
        else Label(
            f"熵权按全样本（{sample} 个{entity.zh}—年，{years.min()}—{years.max()} 年）计算："
            f"方向一致的极差标准化，0·ln 0 = 0，除以 ln {sample}。有效权重为熵权平方的占比，因为 TOPSIS 距离含权重的平方。",
            f"Weights over all {sample} {entity.en}-years, {years.min()}-{years.max()}: direction-aware "
            f"min-max, 0 ln 0 = 0, divided by ln {sample}. The effective weight is the share of the squared weight, "
            "because TOPSIS distances carry squared weights.",
        ),
    ]
    if any(row["closeness"] for row in rows if isinstance(row["closeness"], str)):
        notes.append(
            Label(
                f"接近程度：A 与定义一致，B 接近，C 较远，D 排序与更接近定义的度量不同；{len(rows)} 个指标中有 {proxies} 个为代理指标（A 以外）。",
                f"Closeness of the measure to the definition: A as defined, B close, C distant, D ranks otherwise than a nearer "
                f"measure; {proxies} of the {len(rows)} indicators are proxies (all but A).",
            )
        )
    notes += flag_notes(rows, Label("指标", "Indicators"))
    notes += dropped_notes(marts, [spec.index])
    return Table(
        spec.code, number, spec.title, Label("指标", "Indicator"), (), columns, tuple(blocks),
        tuple(notes) + spec.notes, label_width=9, cards=True,
    )  # fmt: skip


def _recipe_note(row: Mapping[str, Any], baseline: Baseline) -> Label:
    """How the weights came about under another baseline than the classical one."""
    zh, en = f"{baseline.formulas.zh}。", f"{baseline.formulas.en[:1].upper()}{baseline.formulas.en[1:]}."
    if baseline.has_yearly_weights:
        zh += f"逐年标准化，由数字得出的权重也逐年计算，所列为 {row['pool']} 年。"
        en += f" Each year is normalized by itself, and weights that rest on the figures are those of the year; {row['pool']} is shown."
    if baseline.squares_weights:
        zh += "有效权重为权重平方的占比，因为 TOPSIS 距离含权重的平方。"
        en += " The effective weight is the share of the squared weight, because TOPSIS distances carry squared weights."
    return Label(zh, en)


def descriptive_table(spec: DescriptiveTable, number: Label, marts: Marts) -> Table:
    """Our descriptive figures, beside the printed ones if there are any."""
    described = marts.descriptive_statistics.set_index("variable_code")
    printed = dict(printed_rows(marts, spec))
    of = "ours" if printed else None  # beside nothing printed the figures need no heading of whose they are
    groups = (
        ColumnGroup("ours", Label("本研究", "Ours")),
        ColumnGroup("printed", Label("原文", "Printed")),
    )
    names = (("mean", Label("均值", "Mean")), ("std_dev", Label("标准差", "Std. dev.")),
             ("min", Label("最小值", "Min")), ("max", Label("最大值", "Max")))  # fmt: skip
    variables = marts.variables.set_index("variable_code")
    units = {code: name_of(variables.loc[code].to_dict(), "unit") for code in spec.variables}
    has_units = any(units.values())
    columns = [Column("unit", Label("单位", "Unit"), "text", width=5)] if has_units else []
    columns += [Column("n", Label("观测值", "N", italic=("N",)), group=of)]
    columns += [Column(name, label, group=of) for name, label in names]
    if printed:
        columns += [Column("printed_row", Label("行", "Row"), "text", group="printed")]
        columns += [Column(f"printed_{name}", label, group="printed") for name, label in names]
    rows = []
    for code in spec.variables:
        cells: list[Cell] = [Text(units[code])] if has_units else []
        cells.append(Count(int(described.at[code, "observations"])))
        cells += [Number(described.at[code, name]) for name, _ in names]
        if printed:
            row = printed.get(code)
            cells.append(Text(Label.both(row["printed_label"])) if row else Blank())
            cells += [as_printed(row[name]) if row else Blank() for name, _ in names]
        rows.append(Row(variable_name(marts, code), tuple(cells)))
    notes = [Label("标准差的除数为 n − 1。", "The standard deviation divides by n - 1.")]
    notes += proxy_notes(marts, spec.variables)
    return Table(
        spec.code, number, spec.title, VARIABLE, groups if printed else (), tuple(columns),
        (Block(tuple(rows)),), tuple(notes) + spec.notes,
    )  # fmt: skip


def ranking_table(marts: Marts, index: str) -> Table:
    """Scores and ranks of one index in its last year, with its dimensions and the first year's rank."""
    scores = marts.index_scores[marts.index_scores["index_code"] == index]
    first, last = int(scores["year"].min()), int(scores["year"].max())
    names = marts.entities.set_index("entity_code")
    now = scores[scores["year"] == last].set_index("entity_code").sort_values(["rank"], kind="stable")
    then = scores[scores["year"] == first].set_index("entity_code")
    parts = [code for code in marts.variables["variable_code"] if code.startswith(f"{index}.")]
    if len(parts) == 1:  # its score is that of the index
        parts = []
    labels = marts.variables.set_index("variable_code")
    part_scores = {
        code: marts.index_scores[
            (marts.index_scores["index_code"] == code) & (marts.index_scores["year"] == last)
        ].set_index("entity_code")["score"]
        for code in parts
    }
    columns = (
        Column("rank", Label(f"{last} 年位次", f"Rank {last}"), "center"),
        Column("rank_before", Label(f"{first} 年位次", f"Rank {first}"), "center"),
        Column("group", Label("组别", "Group"), "text"),
        Column("score", Label("得分", "Score")),
        *(Column(code.replace(".", "-"), name_of(labels.loc[code].to_dict())) for code in parts),
    )
    rows = tuple(
        Row(
            name_of(names.loc[code].to_dict()),
            (
                Text(Label.both(str(int(row["rank"])))),
                Text(Label.both(str(int(then.at[code, "rank"])))) if code in then.index else Blank(),
                Text(name_of(names.loc[code].to_dict(), "group_name")),
                Number(row["score"]),
                *(Number(part_scores[part].at[code]) for part in parts),
            ),
        )
        for code, row in now.iterrows()
    )
    title = name_of(labels.loc[index].to_dict())
    notes = [
        Label(
            "得分为熵权 TOPSIS 的相对贴近度（0 至 1），全样本标准化；位次 1 为最高。",
            "Scores are TOPSIS closeness with entropy weights, 0 to 1, normalized over all years; rank 1 is highest.",
        )
        if marts.baseline.is_classical
        else Label(
            f"得分的做法：{marts.baseline.name.zh}；位次 1 为最高。",
            f"How the score is built: {marts.baseline.name.en}; rank 1 is highest.",
        )
    ]
    notes += dropped_notes(marts, [index])
    entities = int(marts.extent["entities"].iloc[0])
    if marts.regression_panel is None and len(now) < entities:
        notes.append(
            Label(
                f"共 {entities} 个，此处列出居前的 {len(now) - 1} 个与居末的一个；全部得分见数据集市 index_scores。",
                f"The first {len(now) - 1} of {entities} and the last; mart index_scores has all.",
            )
        )
    return Table(
        f"ranking-{index}", NOTHING,
        Label(f"{title.zh}：{last} 年得分与位次", f"{title.en}: scores and ranks, {last}"),
        Label("名称", "Name"), (), columns, (Block(rows),),
        tuple(notes),
    )  # fmt: skip


def proxy_notes(marts: Marts, codes: Iterable[str]) -> list[Label]:
    """Which of the variables are proxies, and which rest on imputed cells."""
    variables = marts.variables.set_index("variable_code")
    known = [variables.loc[code].to_dict() for code in codes if code in variables.index]
    proxies = [row for row in known if row["is_proxy"]]
    indices = [row for row in known if row["role"] == "index"]
    notes = []
    if proxies:
        zh = "；".join(
            f"{row['name_zh']}：{text_of(row['measured_by_zh'])}（{row['closeness']}）" for row in proxies
        )
        en = "; ".join(
            f"{row['name_en']}: {text_of(row['measured_by_en'])} ({row['closeness']})" for row in proxies
        )
        notes.append(Label(f"代理变量：{zh}。", f"Proxies: {en}."))
    if indices:
        dotted = marts.indicators["index_code"] + "." + marts.indicators["dimension_code"]
        parts = {row["symbol"] for row in indices}
        behind = dotted.isin(parts) | marts.indicators["index_code"].isin(parts)
        groups = list(marts.indicators[behind].groupby("index_code", sort=False))
        for _, rows in groups:
            notes += _proxies_behind(rows, is_only_one=len(groups) == 1)
    notes += dropped_notes(marts, [row["symbol"].partition(".")[0] for row in indices])
    return notes + flag_notes(known, Label("变量", "Variables"))


def _proxies_behind(indicators: pd.DataFrame, *, is_only_one: bool) -> list[Label]:
    """How many proxies the scores rest on, and which of them rank otherwise than a nearer measure."""
    names = indicators[indicators["is_proxy"]]
    if names.empty:
        return []
    far = names[(names["closeness"] == "D") & names["rank_correlation"].notna()]
    zh, en = "", ""
    if len(far):
        zh = f"，其中{'、'.join(far['name_zh'])}为 D 级（排序与更接近定义的度量不同）"
        en = f", of which {', '.join(far['name_en'])} {'is' if len(far) == 1 else 'are'} graded D (a nearer measure ranks otherwise)"
    of_zh, of_en = "指数得分", "The index scores rest"
    if not is_only_one:
        of_zh, of_en = (
            f"{names['index_name_zh'].iloc[0]}的得分",
            f"The scores of {in_sentence(names['index_name_en'].iloc[0])} rest",
        )
    return [
        Label(
            f"{of_zh}含 {len(names)} 个代理指标{zh}，见指标体系表。",
            f"{of_en} on {len(names)} proxy indicators{en}; see the indicator table.",
        )
    ]


def dropped_notes(marts: Marts, indices: Iterable[str]) -> list[Label]:
    """What the indices leave out because a value is missing, one note per index that does."""
    names = marts.variables.set_index("variable_code")
    notes = []
    for row in marts.index_dropped_rows.to_dict("records"):
        if row["index_code"] in set(indices):
            name, rows, entities = (
                name_of(names.loc[row["index_code"]].to_dict()),
                int(row["rows"]),
                int(row["entities"]),
            )
            rule = DROP_RULES[row["rule"]]
            notes.append(
                Label(
                    f"{name.zh}未计 {rows} 个{{entity}}年份（涉及 {entities} 个{{entity}}，{rule.zh}），见数据集市 index_dropped_rows。",
                    f"{name.en} leaves out {rows} {{entity}}-years of {entities} {{entities}} ({rule.en}); "
                    "mart index_dropped_rows lists them.",
                )
            )
    return notes


def flag_notes(rows: Sequence[Mapping[str, Any]], what: Label) -> list[Label]:
    """Which rows rest on derived series or imputed cells, and which are constant."""
    notes = []
    for flag, zh, en in (
        (
            "uses_derived",
            "含推算序列（合计、比率、链接、换算）",
            "that use derived (summed, divided, chained, spliced or converted) series",
        ),
        ("imputed_values", "含插补值（内插或沿用）", "that rest on imputed (interpolated or carried) cells"),
        ("is_constant", "全样本为常数，权重为 0", "that are constant and have weight 0"),
    ):
        # that an index is computed goes without saying
        named = [
            row for row in rows if row.get(flag) and (flag, row.get("role")) != ("uses_derived", "index")
        ]
        if named:
            notes.append(
                Label(
                    f"{what.zh}{zh}：{'、'.join(row['name_zh'] for row in named)}。",
                    f"{what.en} {en}: {', '.join(row['name_en'] for row in named)}.",
                )
            )
    return notes


def _text(row: Mapping[str, Any], stem: str) -> Text:
    return Text(Label(text_of(row[f"{stem}_zh"]), text_of(row[f"{stem}_en"])))
