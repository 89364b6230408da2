"""Tables that a supervisor asks for: correlations with stars, variance inflation, groups with tests, definitions with sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nqp.document.cells import Blank, Cell, Count, Estimate, Number, PValue, Text
from nqp.document.table import Block, Column, ColumnGroup, Row, Table
from nqp.econometrics.association import balance, correlations, group_means, variance_inflation
from nqp.econometrics.effects import Absorber
from nqp.econometrics.inference import stars
from nqp.errors import StudyError
from nqp.language.labels import NOTHING, Label, listed
from nqp.study.names import group_names, name_of, text_of, variable_name
from nqp.tables.descriptives import VARIABLE

if TYPE_CHECKING:
    from nqp.econometrics.equation import Floats, Integers
    from nqp.study.marts import Marts
    from nqp.study.specification_described import DefinitionTable, DescribedTable

INDEX_SOURCE = Label("指数得分，见指标体系表", "score of the index; see the table of indicators")


def described(spec: DescribedTable, number: Label, marts: Marts) -> Table:
    """The table of one kind."""
    kinds: Mapping[str, Callable[[DescribedTable, Label, Marts], Table]] = {
        "correlations": correlation_table, "vif": vif_table, "groups": group_table, "balance": balance_table,
    }  # fmt: skip
    return kinds[spec.kind](spec, number, marts)


def _complete(marts: Marts, variables: tuple[str, ...]) -> tuple[pd.DataFrame, Integers, Integers]:
    """The rows of the panel in which all variables have values, with entity and year as codes from 0."""
    panel = marts.panel[list(variables)].dropna()
    entity = pd.factorize(panel.index.get_level_values(0), sort=True)[0]
    year = pd.factorize(panel.index.get_level_values(1), sort=True)[0]
    return panel, entity, year


def _rows_note(marts: Marts, rows: int) -> Label:
    every = int(marts.extent["observations"].iloc[0])
    if rows == every:
        return Label(f"{rows} 个观测。", f"{rows} observations.")
    return Label(
        f"{rows} 个观测，所列变量均有值；面板共 {every} 个。",
        f"{rows} observations in which all variables listed have values, of {every} in the panel.",
    )


def correlation_table(spec: DescribedTable, number: Label, marts: Marts) -> Table:
    """The lower triangle of the correlations, with stars."""
    panel, _, _ = _complete(marts, spec.variables)
    found = correlations(panel.to_numpy(dtype=float))
    columns = tuple(
        Column(str(place), Label.both(f"({place})")) for place in range(1, len(spec.variables) + 1)
    )
    rows = []
    for i, code in enumerate(spec.variables):
        name = variable_name(marts, code)
        cells: list[Cell] = []
        for j in range(len(spec.variables)):
            if j > i:
                cells.append(Blank())
            else:
                p = float(found.p_values[i, j])
                cells.append(Estimate(float(found.values[i, j]), stars(p) if j < i and p == p else ""))
        rows.append(Row(Label(f"({i + 1}) {name.zh}", f"({i + 1}) {name.en}"), tuple(cells)))
    notes = [
        Label(
            "Pearson 相关系数，各年合并；*、**、*** 表示双侧 p 小于 0.10、0.05、0.01，按 t(n − 2)、视各行独立。",
            "Pearson correlations over all rows; *, **, *** mean two-sided p below 0.10, 0.05, 0.01 by t(n - 2), as if rows were independent.",
        ),
        _rows_note(marts, found.rows),
    ]
    return Table(
        spec.code, number, spec.title, VARIABLE, (), columns, (Block(tuple(rows)),), tuple(notes) + spec.notes, label_width=12
    )  # fmt: skip


def vif_table(spec: DescribedTable, number: Label, marts: Marts) -> Table:
    """Variance inflation of every variable, pooled and net of the effects that a two-way model takes out."""
    panel, entity, year = _complete(marts, spec.variables)
    columns = panel.to_numpy(dtype=float)
    pooled = variance_inflation(columns, Absorber(entity, year, ()))
    within = variance_inflation(columns, Absorber(entity, year, ("entity", "year")))
    heads = (
        Column("vif", Label("VIF", "VIF"), group="pooled"),
        Column("tolerance", Label("1/VIF", "1/VIF"), group="pooled"),
        Column("vif_within", Label("VIF", "VIF"), group="within"),
        Column("tolerance_within", Label("1/VIF", "1/VIF"), group="within"),
    )
    groups = (
        ColumnGroup("pooled", Label("混合", "Pooled")),
        ColumnGroup("within", Label("扣除双向固定效应", "Net of two-way effects")),
    )

    def cells(pair: tuple[float, float]) -> tuple[Cell, ...]:
        return tuple(
            Number(value)
            for vif in pair
            for value in (vif, 1 / vif if np.isfinite(vif) else 0.0 if vif == np.inf else None)
        )

    rows = [
        Row(variable_name(marts, code), cells((float(pooled[i]), float(within[i]))))
        for i, code in enumerate(spec.variables)
    ]
    means = tuple(float(np.mean(one)) for one in (pooled, within))
    average = (Number(means[0]), Blank(), Number(means[1]), Blank())
    notes = [
        Label(
            "VIF = 1/(1 − R²)，R² 为该变量对其余变量的回归；混合一栏含常数项，另一栏各变量先扣除{entity}与年份效应。",
            "VIF = 1/(1 - R²) of the regression of a variable on the others: with a constant when pooled; after {entity} and year effects are taken out otherwise.",
        ),
        _rows_note(marts, len(panel)),
    ]
    return Table(
        spec.code, number, spec.title, VARIABLE, groups, heads,
        (Block(tuple(rows)), Block((Row(Label("平均", "Mean"), average, "stat"),))), tuple(notes) + spec.notes,
    )  # fmt: skip


def group_table(spec: DescribedTable, number: Label, marts: Marts) -> Table:
    """Mean and standard deviation of every variable in each group, and the test that the means are equal."""
    names = group_names(marts)
    codes = list(names)
    places = {code: place for place, code in enumerate(codes)}
    columns: list[Column] = []
    for group in (f"g{place + 1}" for place in places.values()):
        columns += [
            Column(f"{group}_n", Label("观测值", "N", italic=("N",)), group=group),
            Column(f"{group}_mean", Label("均值", "Mean"), group=group),
            Column(f"{group}_std_dev", Label("标准差", "Std. dev."), group=group),
        ]
    groups = tuple(ColumnGroup(f"g{place}", names[code]) for place, code in enumerate(codes, start=1))
    columns += [
        Column("statistic", Label("F", "F", italic=("F",))),
        Column("p_value", Label("p", "p", italic=("p",))),
    ]
    rows, df = [], (len(codes) - 1, 0)
    for variable in spec.variables:
        panel, entity, _ = _complete(marts, (variable,))
        of_row = marts.groups.loc[panel.index].map(places).to_numpy(dtype=int)
        present, group_of_row = np.unique(of_row, return_inverse=True)
        values: Floats = panel[variable].to_numpy(dtype=float)
        cells: list[Cell] = []
        found = group_means(values, group_of_row, len(present), entity)
        df = found.df
        for place in range(len(codes)):
            if place in present:
                at = int(np.searchsorted(present, place))
                cells += [Count(found.counts[at]), Number(found.means[at]), Number(found.deviations[at])]
            else:
                cells += [Count(0), Blank(), Blank()]
        cells += [Number(found.statistic), PValue(found.p_value)]
        rows.append(Row(variable_name(marts, variable), tuple(cells)))
    notes = [
        Label(
            f"F 检验各组均值相等：对组别虚拟变量回归，按{{entity}}聚类，因子 G/(G−1)·(n−1)/(n−K)，F({df[0]}, {df[1]})。标准差的除数为 n − 1。",
            f"F tests that all means are equal: regression on the dummies of the groups, clustered by {{entity}}, factor G/(G-1) (n-1)/(n-K), "
            f"F({df[0]}, {df[1]}). The standard deviation divides by n - 1.",
        )
    ]
    return Table(
        spec.code, number, spec.title, VARIABLE, groups, tuple(columns), (Block(tuple(rows)),), tuple(notes) + spec.notes,
    )  # fmt: skip


def balance_table(spec: DescribedTable, number: Label, marts: Marts) -> Table:
    """Every variable where ``by`` is 0 and where it is 1: difference, its test, and the standardized difference."""
    panel, entity, year = _complete(marts, (*spec.variables, spec.by))
    part = panel[spec.by].to_numpy(dtype=float)
    if set(np.unique(part)) != {0.0, 1.0}:
        seen = ", ".join(f"{value:g}" for value in np.unique(part)[:5]) or "none"
        raise StudyError(
            f"specifications.toml: table '{spec.code}', key 'by': '{spec.by}' must be 0 in some rows and 1 in others; "
            f"where all variables have values it is {seen}. Name a dummy."
        )
    treated = part.astype(int)
    found = balance(panel[list(spec.variables)].to_numpy(dtype=float), treated, Absorber(entity, year, ()))
    name = variable_name(marts, spec.by)
    counts = np.bincount(treated)
    groups = tuple(
        ColumnGroup(f"by{value}", Label(f"{name.zh} = {value}", f"{name.en} = {value}")) for value in (0, 1)
    )
    columns: list[Column] = []
    for group in groups:
        columns += [
            Column(f"{group.code}_mean", Label("均值", "Mean"), group=group.code),
            Column(f"{group.code}_std_dev", Label("标准差", "Std. dev."), group=group.code),
        ]
    columns += [
        Column("difference", Label("差异", "Difference")),
        Column("std_error", Label("标准误", "Std. error")),
        Column("p_value", Label("p", "p", italic=("p",))),
        Column("standardized", Label("标准化差异", "Standardized difference")),
    ]
    rows = []
    for place, variable in enumerate(spec.variables):
        one = found.groups[place]
        spreads = [Number(value) for pair in zip(one.means, one.deviations, strict=True) for value in pair]
        star = stars(one.p_value) if one.p_value == one.p_value else ""
        tests = (Estimate(found.differences[place], star), Number(found.errors[place]), PValue(one.p_value))
        rows.append(
            Row(variable_name(marts, variable), (*spreads, *tests, Number(found.standardized[place])))
        )
    sizes = (Count(int(counts[0])), Blank(), Count(int(counts[1])), *[Blank()] * 5)
    notes = [
        Label(
            f"差异为 {name.zh} = 1 与 = 0 两组均值之差；标准误按{{entity}}聚类，因子 G/(G−1)·(n−1)/(n−2)，p 按 t({found.df[1]})。"
            "标准化差异为差异除以两组方差均值的平方根（Imbens 和 Rubin，2015），不随样本量变化。*、**、*** 表示 p 小于 0.10、0.05、0.01。",
            f"The difference is the mean where {name.en} = 1 less the mean where it is 0; its standard error is clustered by {{entity}}, factor "
            f"G/(G-1) (n-1)/(n-2), p by t({found.df[1]}). The standardized difference divides by the root of the mean of the two variances "
            "(Imbens and Rubin 2015) and does not grow with the sample. *, **, *** mean p below 0.10, 0.05, 0.01.",
        ),
        _joint_note(name, found.statistic, found.df, found.p_value),
        _rows_note(marts, len(panel)),
    ]
    return Table(
        spec.code, number, spec.title, VARIABLE, groups, tuple(columns),
        (Block(tuple(rows)), Block((Row(Label("观测值", "N", italic=("N",)), sizes, "stat"),))), tuple(notes) + spec.notes,
    )  # fmt: skip


def _joint_note(name: Label, statistic: float, df: tuple[int, int], p_value: float) -> Label:
    if statistic != statistic:
        return Label(
            "联合检验无法计算：变量共线，或聚类个数太少。",
            "The joint test cannot be computed: the variables are collinear, or the clusters are too few.",
        )
    printed = (
        f"F({df[0]}, {df[1]}) = {statistic:.2f}, p {'< 0.001' if p_value < 0.0005 else f'= {p_value:.3f}'}"
    )
    return Label(
        f"联合检验：{name.zh} 对全部变量回归，各系数均为零，同样聚类：{printed}。",
        f"Joint test, in the regression of {name.en} on all variables, that every coefficient is zero, clustered likewise: {printed}.",
    )


def definition_table(spec: DefinitionTable, number: Label, marts: Marts) -> Table:
    """Symbol, definition, measure, unit and source of every variable."""
    known = marts.variables.set_index("variable_code").to_dict("index")
    series = marts.series.set_index("series_code").to_dict("index")
    columns = (
        Column("symbol", Label("符号", "Symbol"), "text", width=5),
        Column("definition", Label("定义", "Definition"), "text", width=14),
        Column("measured_by", Label("度量", "How measured"), "text", width=16),
        Column("unit", Label("单位", "Unit"), "text", width=6),
        Column("source", Label("来源", "Source"), "text", width=14),
    )
    rows = []
    for code in spec.variables:
        row = known[code]
        texts = (
            Label.both(text_of(row["symbol"])), name_of(row, "definition"), name_of(row, "measured_by"), name_of(row, "unit"),
            _sources(row, series),
        )  # fmt: skip
        rows.append(Row(variable_name(marts, code), tuple(Text(text) if text else Blank() for text in texts)))
    return Table(
        spec.code, number, spec.title, VARIABLE, (), columns, (Block(tuple(rows)),), spec.notes, label_width=8, cards=True,
    )  # fmt: skip


def _sources(row: Mapping[Any, Any], series: Mapping[Any, Mapping[Any, Any]]) -> Label:
    """Who published the figures behind a variable; a derived series is followed to what was observed."""
    if row["role"] == "index":
        return INDEX_SOURCE
    waiting = [text_of(row["numerator_series"]), text_of(row["denominator_series"])]
    found: dict[str, Label] = {}
    while waiting:
        code = waiting.pop(0)
        if not code or code not in series:
            continue
        one = series[code]
        if one["is_derived"]:
            waiting += [text_of(one["left_series"]), text_of(one["right_series"])]
        else:
            label = Label(text_of(one["source_zh"]) or text_of(one["source"]), text_of(one["source"]))
            found.setdefault(label.en, label)
    return listed(found.values()) if found else NOTHING
