"""Where a number comes from: the cells behind a score, the specification and the rows behind a coefficient."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nqp.document.cells import Cell, Count, Text
from nqp.document.page import Code, Details, Entry, Grid
from nqp.document.table import Block, Column, Row, Table
from nqp.econometrics.equation import GROUP, further_categories, is_trend
from nqp.econometrics.terms import factors
from nqp.estimates.engine import MAIN
from nqp.language.labels import NOTHING, Label, listed
from nqp.language.numbers import signed, true_minus
from nqp.study.names import entity_names, group_names, name_of, parts_of, text_of, variable_name
from nqp.tables.effects import EffectNames

if TYPE_CHECKING:
    import pandas as pd

    from nqp.estimates.regressions import Equation, Estimates
    from nqp.study.baseline import Baseline
    from nqp.study.marts import Marts
    from nqp.study.specification import RegressionTable, Sample

MOST_ENTITIES = 60  # the first of a ranking: a page stays small, and the marts hold all
NOT_STATED = Label("未注明", "not stated")
FLAGS = {"is_derived": Label("推算", "derived"), "is_imputed": Label("插补", "imputed")}
# How a derived series is made of two others, in words; l and r are their names, year is the base year.
OPERATIONS = {
    "sum": Label("{l} + {r}", "{l} + {r}"),
    "ratio": Label("{l} ÷ {r}", "{l} / {r}"),
    "product": Label("{l} × {r}", "{l} × {r}"),
    "chain": Label(
        "{year:.0f} 年的{l}，其他年份按{r}推算", "{l} of {year:.0f}, carried to other years by {r}"
    ),
    "deflate": Label(
        "{l}，按 {year:.0f} 年价格（以{r}平减）", "{l} in prices of {year:.0f}, deflated by {r}"
    ),
    "splice": Label(
        "{r}；{year:.0f} 年以前为{l}，按 {year:.0f} 年的比值缩放",
        "{r}; before {year:.0f} {l}, scaled to meet it in {year:.0f}",
    ),
}


# ------------------------------------------------------------------------------------------------- a score


def origin_id(index: str, entity: str) -> str:
    """The anchor of what stands behind a score; codes may hold any character."""
    return f"from-{index}-{_anchor(entity)}"


def series_id(series: str) -> str:
    """The anchor of a series in the table of series."""
    return f"series-{_anchor(series)}"


def origins(marts: Marts, index: str) -> tuple[Details, ...]:
    """Per entity, in the order of the last year's ranks: indicator values, weights, contributions, yearbook cells."""
    scores = marts.index_scores[marts.index_scores["index_code"] == index]
    scores = scores[scores["year"] == scores["year"].max()].sort_values(
        ["rank", "entity_code"], kind="stable"
    )
    listed_scores = scores[scores["rank"] <= MOST_ENTITIES]
    names = entity_names(marts)
    values = marts.last_indicator_values
    by_entity = dict(list(values[values["index_code"] == index].groupby("entity_code")))
    cells = {
        code: frame.set_index("series_code")
        for code, frame in marts.last_series_values.groupby("entity_code")
    }
    indicators = marts.indicators[marts.indicators["index_code"] == index].to_dict("records")
    series = marts.series.set_index("series_code").to_dict("index")
    needed = _series_behind(indicators, series)
    gains = marts.score_gains[marts.score_gains["index_code"] == index]
    found = []
    for score in listed_scores.to_dict("records"):
        code = score["entity_code"]
        if code not in by_entity:
            continue
        name = names[code]
        summary = Label(
            f"{name.zh}：{score['year']} 年得分 {score['score']:.3f}，第 {score['rank']} 位",
            f"{name.en}: score {score['score']:.3f} in {score['year']}, rank {score['rank']}",
        )
        of_entity = by_entity[code].set_index("indicator_code").to_dict("index")
        parts: tuple[Label | Grid, ...] = (
            *_summary(indicators, of_entity, int(marts.extent["entities"].iloc[0])),
            *_course(gains, parts_of(marts, index), code),
            _indicator_grid(indicators, of_entity, score, marts.baseline),
            _cell_grid(needed, series, cells[code].to_dict("index") if code in cells else {}),
        )
        found.append(Details(origin_id(index, code), summary, parts))
    return tuple(found)


def _summary(
    indicators: Sequence[Mapping[str, Any]], values: Mapping[str, Mapping[str, Any]], entities: int
) -> tuple[Label, ...]:
    """The three indicators in which an entity ranks highest and the three in which it ranks lowest."""
    ranked = [
        (values[i["indicator_code"]]["place"], name_of(i))
        for i in indicators
        if i["indicator_code"] in values
    ]
    ranked = sorted(((int(place), name) for place, name in ranked if place == place), key=lambda one: one[0])
    if len(ranked) < 6:
        return ()

    def with_places(found: Sequence[tuple[int, Label]]) -> Label:
        return listed(
            Label(f"{name.zh}（第 {place} 位）", f"{name.en} (rank {place})") for place, name in found
        )

    strong, weak = with_places(ranked[:3]), with_places(ranked[:-4:-1])
    return (
        Label(
            f"强项：{strong.zh}。弱项：{weak.zh}。共 {entities} 位。",
            f"Strengths: {strong.en}. Weaknesses: {weak.en}. Of {entities}.",
        ),
    )


def _course(gains: pd.DataFrame, parts: Mapping[str, Label], entity: str) -> tuple[Label, ...]:
    """What each part of the index added to the change of a score since the first year."""
    found = gains[gains["entity_code"] == entity]
    if found.empty or not parts:
        return ()
    found = found[found["year"] == found["year"].max()]
    part = (
        found["dimension_code"]
        if found["dimension_code"].isin(list(parts)).all()
        else found["indicator_code"]
    )
    by_part = found.groupby(part, sort=False)["gain"].sum()
    gains_text = listed(
        Label(f"{parts[code].zh} {signed(by_part[code])}", f"{parts[code].en} {signed(by_part[code])}")
        for code in parts
        if code in by_part
    )
    total = signed(by_part.sum())
    return (
        Label(
            f"首年以来得分变化 {total}：{gains_text.zh}。",
            f"Change of the score since the first year {total}: {gains_text.en}.",
        ),
    )


def _indicator_grid(
    indicators: Sequence[Mapping[str, Any]],
    values: Mapping[str, Mapping[str, Any]],
    score: Mapping[str, Any],
    baseline: Baseline,
) -> Grid:
    head = (
        Label("指标", "Indicator"), Label("数值", "Value"), Label("单位", "Unit"), Label("位次", "Rank"), Label("标准化", "Normalized"),
        Label(baseline.weight.zh, "Weight"), Label("贡献", "Contribution"), Label("分子", "Numerator"), Label("分母", "Denominator"),
        Label("接近程度", "Closeness"), Label("标记", "Flags"),
    )  # fmt: skip
    rows = []
    for indicator in indicators:
        row = values.get(indicator["indicator_code"])
        if row is None:
            continue
        rows.append(
            (
                Entry(name_of(indicator)),
                _number(row["indicator_value"]),
                Entry(Label(text_of(indicator["unit_zh"]), text_of(indicator["unit_en"]))),
                _number(row["place"], 0),
                _number(row["normalized_value"], 3),
                _number(row["weight"], 3),
                _number(row["score_contribution"], 3),
                _part(indicator["numerator_series"], row["numerator"]),
                _part(indicator["denominator_series"], row["denominator"]),
                Entry(Label.both(text_of(indicator["closeness"]))),
                Entry(_flags(row)),
            )
        )
    away = signed(score["score"] - 0.5)
    title = Label(
        f"指标（贡献之和为得分减 0.5，即 {away}）",
        f"Indicators (contributions add up to the score less 0.5, {away})",
    )
    if not baseline.is_topsis:
        away = signed(sum(row["score_contribution"] for row in values.values()))
        title = Label(
            f"指标（贡献之和为得分减去各指标居于最优与最劣正中时的得分，即 {away}）",
            f"Indicators (contributions add up to the score less that of indicators half way between worst and best, {away})",
        )
    return Grid(title, head, tuple(rows))


def _cell_grid(
    needed: Sequence[str], series: Mapping[str, Mapping[str, Any]], cells: Mapping[str, Mapping[str, Any]]
) -> Grid:
    """The value of every series behind the index, those that derived series are made of included."""
    head = (Label("序列", "Series"), Label("数值", "Value"), Label("单位", "Unit"), Label("来源", "Source"),
            Label("口径", "Vintage"), Label("标记", "Flags"), Label("备注", "Note"))  # fmt: skip
    rows = []
    for code in needed:
        if code not in cells:
            continue
        cell, known = cells[code], series[code]
        source = _derivation(known, series) if known["is_derived"] else _in_two(known, "source")
        rows.append(
            (
                Entry(name_of(known), series_id(code)),
                _number(cell["value"]),
                Entry(_in_two(known, "unit")),
                Entry(source),
                Entry(_in_two(known, "vintage")),
                Entry(_flags(cell)),
                Entry(Label.both(text_of(cell["note"]))),
            )
        )
    return Grid(Label("原始数据", "Published figures"), head, tuple(rows))


def _series_behind(
    indicators: Sequence[Mapping[str, Any]], series: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Numerators and denominators, each followed by the series that it is made of."""
    found: list[str] = []

    def add(code: str) -> None:
        if code in series and code not in found:
            found.append(code)
            for side in ("left_series", "right_series"):
                add(text_of(series[code][side]))

    for indicator in indicators:
        for side in ("numerator_series", "denominator_series"):
            add(text_of(indicator[side]))
    return found


def _derivation(row: Mapping[str, Any], series: Mapping[str, Mapping[str, Any]]) -> Label:
    """How a derived series is made, in words."""
    left, right = (name_of(series[row[side]]) for side in ("left_series", "right_series"))
    year = row["base_year"]  # only of a chain, a deflated series and a splice
    words = OPERATIONS[row["operation"]]
    zh = words.zh.format(l=left.zh, r=right.zh, year=year)
    en = words.en.format(l=left.en, r=right.en, year=year)
    if (factor := row["multiplier"]) == 1:
        return Label(zh, en)
    bracketed = ("({})" if row["operation"] in ("sum", "chain", "splice") else "{}") + f" × {factor:.12g}"
    return Label(bracketed.format(zh), bracketed.format(en))


def series_table(marts: Marts) -> tuple[Table, tuple[str, ...]]:
    """Every series with unit, source, vintage and formula, and the anchors of its rows."""
    columns = (
        Column("unit", Label("单位", "Unit"), "text", width=8),
        Column("source", Label("来源或推算方法", "Source or derivation"), "text", width=16),
        Column("vintage", Label("口径", "Vintage"), "text", width=12),
        Column("years", Label("年份", "Years"), "center", width=7),
        Column("cells", Label("单元格", "Cells"), width=5),
        Column("imputed", Label("其中插补", "Imputed"), width=7),
        Column("note", Label("备注", "Note"), "text", width=14),
    )
    rows, ids = [], []
    series = marts.series.set_index("series_code").to_dict("index")
    for code, row in series.items():
        source = _derivation(row, series) if row["is_derived"] else _in_two(row, "source")
        cells: tuple[Cell, ...] = (
            Text(_in_two(row, "unit") or NOT_STATED), Text(source or NOT_STATED), Text(_in_two(row, "vintage")),
            Text(Label.both(f"{row['first_year']:.0f}–{row['last_year']:.0f}")), Count(int(row["cells"])),
            Count(int(row["imputed_cells"])), Text(_in_two(row, "note")),
        )  # fmt: skip
        rows.append(Row(name_of(row), cells))
        ids.append(series_id(str(code)))
    title = Label("统计序列：来源、口径与覆盖", "Statistical series: source, vintage and coverage")
    corner = Label("序列", "Series")
    return Table(
        "data-series", NOTHING, title, corner, (), columns, (Block(tuple(rows)),), label_width=12, cards=True
    ), tuple(ids)


# ------------------------------------------------------------------------------------------- a coefficient


def specification_details(
    spec: RegressionTable, marts: Marts, estimates: Estimates, entity: Label
) -> tuple[Details, ...]:
    """Per panel of a table: what each column estimates, its sample flow, and the SQL that gives its rows."""
    found = []
    for panel in spec.panels:
        equations = [estimates.equation(spec.code, panel.code, model.code, MAIN) for model in panel.models]
        columns = [(i + 1, e) for i, e in enumerate(equations) if e is not None]
        summary = Label("模型设定、样本流程与取数 SQL", "Specification, sample flow and the SQL of the rows")
        if panel.title:
            summary = Label(f"{summary.zh}：{panel.title.zh}", f"{summary.en}: {panel.title.en}")
        parts: list[Grid | Code] = [_column_grid(columns, marts, entity)]
        parts += [Code(f"-- ({position})\n{rows_sql(equation, marts)}") for position, equation in columns]
        anchor = f"spec-{spec.code}-{panel.code}" if len(spec.panels) > 1 else f"spec-{spec.code}"
        found.append(Details(anchor, summary, tuple(parts)))
    return tuple(found)


def _column_grid(columns: Sequence[tuple[int, Equation]], marts: Marts, entity: Label) -> Grid:
    head = (
        Label("列", "Column"), Label("被解释变量", "Outcome"), Label("核心变量", "Core"), Label("控制变量", "Controls"),
        Label("工具变量", "Instruments"), Label("固定效应", "Effects"), Label("样本", "Sample"), Label("候选行", "Rows offered"),
        Label("缺被解释变量", "No outcome"), Label("缺解释变量", "No regressor"), Label("因滞后", "Lag"),
        Label("单一观测", "Singletons"), Label("使用", "Used"), Label("标准误", "Standard errors"),
    )  # fmt: skip
    names = EffectNames(marts, entity)
    rows = []
    for position, equation in columns:
        model, flow, fit = equation.model, equation.fit.flow, equation.fit
        controls = [term for term in model.regressors if term not in model.core]
        convention = names.convention(equation.inference.covariance, fit.clusters)
        rows.append(
            (
                Entry(Label.both(f"({position})")), Entry(_names(marts, [fit.outcome])), Entry(_names(marts, model.core)),
                Entry(_names(marts, controls)), Entry(_names(marts, model.instruments)),
                Entry(listed([_effect(names, name) for name in fit.effects])),
                Entry(_sample(model.sample, marts)),
                *(Entry(Label.both(f"{count:,}"), is_number=True) for count in (
                    flow.offered, flow.missing_outcome, flow.missing_regressor, flow.missing_lag, flow.singletons, flow.used)),
                Entry(Label(convention.label_zh, convention.label_en)),
            )
        )  # fmt: skip
    return Grid(Label("各列的设定", "The columns"), head, tuple(rows))


def _effect(names: EffectNames, name: str) -> Label:
    """An effect in a list of effects."""
    what = names.combination(name)
    return Label(f"{what.zh}时间趋势", f"{what.en} trends") if is_trend(name) else what


def rows_sql(equation: Equation, marts: Marts) -> str:
    """The query that gives the rows of an equation (before winsorising and before singletons are dropped)."""
    model, fit = equation.model, equation.fit
    columns = marts.columns
    weighing = [model.weights.column] if model.weights else []
    terms = list(dict.fromkeys([fit.outcome, *model.regressors, *model.instruments, *weighing]))
    selected, joins = [], []
    for term in terms:
        cells, names = [], []
        for code, lag in factors(term):
            column, alias, years = columns[code], "panel", abs(lag)
            if lag:
                alias = f"{'lag' if lag > 0 else 'lead'}_{years}"
                join = (
                    f"left join marts.regression_panel as {alias}\n"
                    f"    on {alias}.entity_code = panel.entity_code and {alias}.year = panel.year {'-' if lag > 0 else '+'} {years}"
                )
                if join not in joins:
                    joins.append(join)
            cells.append(f"{alias}.{column}")
            names.append(f"{alias}_{column}" if lag else column)
        selected.append((" * ".join(cells), "_by_".join(names)))
    for category in further_categories((*fit.effects, *fit.clusters)):
        column = columns.get(category, "group_code" if category == GROUP else category)
        if (f"panel.{column}", column) not in selected:
            selected.append((f"panel.{column}", column))
    lines = ["panel.entity_code", "panel.year", *(f"{source} as {name}" for source, name in selected)]
    kept = [f"{source} is not null" for source, _ in selected] + [*model.sample.conditions]
    return (
        "select\n    " + ",\n    ".join(lines) + "\nfrom marts.regression_panel as panel\n"
        + "".join(f"{join}\n" for join in joins) + "where " + "\n    and ".join(kept)
        + "\norder by panel.entity_code, panel.year"
    )  # fmt: skip


def _sample(sample: Sample, marts: Marts) -> Label:
    """A sample in words."""
    groups = group_names(marts)
    entities = entity_names(marts)
    conditions = [listed([groups[code] for code in sample.groups])] if sample.groups else []
    if sample.without_entities:
        without = listed([entities[code] for code in sample.without_entities])
        conditions.append(Label(f"剔除{without.zh}", f"without {without.en}"))
    if sample.first_year is not None:
        conditions.append(Label(f"{sample.first_year} 年起", f"from {sample.first_year}"))
    if sample.last_year is not None:
        conditions.append(Label(f"至 {sample.last_year} 年", f"to {sample.last_year}"))
    return listed(conditions) if conditions else Label("全部", "all")


# ------------------------------------------------------------------------------------------------- helpers


def _names(marts: Marts, codes: Sequence[str]) -> Label:
    return listed(variable_name(marts, code) for code in codes)


def _part(series: Any, value: Any) -> Entry:
    """A numerator or denominator with a link to its series; nothing if there is none."""
    code = text_of(series)
    return Entry(_number(value).label, series_id(code), is_number=True) if code else Entry(NOTHING)


def _flags(row: Mapping[str, Any]) -> Label:
    return listed([label for flag, label in FLAGS.items() if bool(row[flag])])


def _number(value: Any, decimals: int | None = None) -> Entry:
    """A number with so many decimals, or with six significant digits."""
    if value is None or value != value:
        return Entry(Label.both("–"), is_number=True)
    text = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,.6g}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return Entry(Label.both(true_minus(text)), is_number=True)


def _in_two(row: Mapping[str, Any], column: str) -> Label:
    """A text that a study may give in Chinese too."""
    return Label(text_of(row[f"{column}_zh"]), text_of(row[column]))


def _anchor(code: str) -> str:
    """A code as part of an anchor: letters and digits stay, any other character becomes its number."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda m: f".{ord(m[0]):x}.", code)
