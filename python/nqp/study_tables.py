"""Builds the tables of a study from its marts and estimates: which numbers stand where, and what the notes say."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from nqp.comparison import ComparedCell, Verdict, printed_rows
from nqp.inference import COVARIANCES
from nqp.regressions import CONSTANT, FIRST_STAGE, MAIN
from nqp.robustness_tables import convention_table, difference_table, sensitivity_table
from nqp.specifications import (
    LAG,
    ConventionTable,
    DescriptiveTable,
    IndicatorTable,
    RegressionTable,
    SensitivityTable,
    Specification,
    TableSpec,
)
from nqp.tables import (
    NOTHING,
    Blank,
    Block,
    Cell,
    Check,
    Column,
    ColumnGroup,
    Count,
    Estimate,
    Label,
    Number,
    Row,
    StdError,
    Table,
    Text,
)
from nqp.words import in_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from nqp.instruments import Diagnostic
    from nqp.marts import Marts
    from nqp.regressions import Equation, Estimates
    from nqp.robustness import Robustness

DIRECTIONS = {"positive": Label("正向", "positive"), "negative": Label("负向", "negative")}
STARS_NOTE = Label(
    "*、**、*** 分别表示在 10%、5%、1% 的水平上显著。", "*, **, *** significant at 10, 5, 1 percent."
)
VARIABLE = Label("变量", "Variable")


def build_tables(
    specification: Specification,
    wanted: Iterable[TableSpec],
    marts: Marts,
    estimates: Estimates,
    robustness: Robustness,
) -> list[Table]:
    """The table objects of the wanted specifications, numbered by their place in the whole study."""
    numbers = {table.code: position + 1 for position, table in enumerate(specification.tables)}
    builder = _Builder(specification, marts, estimates, robustness)
    return [table for spec in wanted for table in builder.build(spec, numbers[spec.code])]


class _Builder:
    """Holds what every table needs: the names of variables and the estimates."""

    def __init__(
        self,
        specification: Specification,
        marts: Marts,
        estimates: Estimates,
        robustness: Robustness | None = None,
    ) -> None:
        self.specification = specification
        self.marts = marts
        self.estimates = estimates
        self.robustness = robustness
        self.variables = marts.variables.set_index("variable_code")

    def build(self, spec: TableSpec, position: int) -> list[Table]:
        number = Label(f"表 {position}", f"Table {position}")
        resampling = self.specification.resampling
        match spec:
            case IndicatorTable():
                return [self.indicator_table(spec, number)]
            case DescriptiveTable():
                return [self.descriptive_table(spec, number)]
            case RegressionTable():
                return [self.regression_table(spec, number), *self.difference_tables(spec, number)]
            case ConventionTable():
                assert self.robustness is not None
                rows, term = self.robustness.conventions[spec.code], self.variable_label(spec.address.term)
                return [convention_table(spec, number, rows, term, resampling)]
            case SensitivityTable():
                assert self.robustness is not None
                result, term = (
                    self.robustness.sensitivities[spec.code],
                    self.variable_label(spec.address.term),
                )
                names = {row["entity_code"]: _name(row) for row in self.marts.entities.to_dict("records")}
                return [sensitivity_table(spec, number, result, term, names, resampling)]

    def difference_tables(self, spec: RegressionTable, number: Label) -> list[Table]:
        """The tests of difference below a table whose columns are groups."""
        if self.robustness is None or spec.code not in self.robustness.differences:
            return []
        rows = self.robustness.differences[spec.code]
        groups = {
            row["group_code"]: _name(row, "group_name") for row in self.marts.entities.to_dict("records")
        }
        return [difference_table(spec, number, rows, self.variable_label(rows["term"].iloc[0]), groups)]

    # ------------------------------------------------------------------------------------- Table of indicators

    def indicator_table(self, spec: IndicatorTable, number: Label) -> Table:
        rows = self.marts.indicators[self.marts.indicators["index_code"] == spec.index].to_dict("records")
        words: tuple[tuple[Column, Callable[[dict[str, Any]], Text]], ...] = (
            (Column("definition", Label("定义", "Definition"), "text", width=13), lambda row: _words(row, "definition")),
            (Column("measured_by", Label("实际度量", "How measured"), "text", width=17), lambda row: _words(row, "measured_by")),
            (Column("unit", Label("单位", "Unit"), "text", width=8), lambda row: _words(row, "unit")),
            (
                Column("closeness", Label("接近程度", "Closeness"), "center", width=5),
                lambda row: Text(Label.both(_or_blank(row["closeness"]))),
            ),
            (Column("direction", Label("方向", "Direction"), "center", width=5), lambda row: Text(DIRECTIONS[row["direction"]])),
        )  # fmt: skip
        told = [(column, cell) for column, cell in words if any(cell(row).label for row in rows)]
        columns = (
            *(column for column, _ in told),
            Column("entropy", Label("信息熵", "Entropy"), width=5),
            Column("weight", Label("熵权", "Entropy weight"), width=5),
            Column("effective_weight", Label("有效权重", "Effective weight"), width=5),
        )

        def cells(row: dict[str, Any]) -> tuple[Cell, ...]:
            numbers = (Number(row[name], 4) for name in ("entropy", "weight", "effective_weight"))
            return (*(cell(row) for _, cell in told), *numbers)

        blocks = []
        for _, group in groupby(rows, key=lambda row: row["dimension_code"]):
            members = list(group)
            title = _name(members[0], "dimension_name")
            blocks.append(Block(tuple(Row(_name(row), cells(row)) for row in members), title))
        scores = self.marts.index_scores
        years = scores.loc[scores["index_code"] == spec.index, "year"]
        sample = int(rows[0]["entity_years"])
        proxies = sum(bool(row["is_proxy"]) for row in rows)
        notes = [
            Label(
                f"熵权按全样本（{sample} 个{self.specification.entity.zh}—年，{years.min()}—{years.max()} 年）计算："
                f"方向一致的极差标准化，0·ln 0 = 0，除以 ln {sample}。有效权重为熵权平方的占比，因为 TOPSIS 距离含权重的平方。",
                f"Weights over all {sample} {self.specification.entity.en}-years, {years.min()}-{years.max()}: direction-aware "
                f"min-max, 0 ln 0 = 0, divided by ln {sample}. The effective weight is the share of the squared weight, "
                "because TOPSIS distances carry squared weights.",
            ),
        ]
        if any(row["closeness"] for row in rows if isinstance(row["closeness"], str)):
            notes.append(
                Label(
                    f"接近程度：A 与定义一致，B 接近，C 较远；{len(rows)} 个指标中有 {proxies} 个为代理指标（B 或 C）。",
                    f"Closeness of the measure to the definition: A as defined, B close, C distant; {proxies} of the "
                    f"{len(rows)} indicators are proxies (B or C).",
                )
            )
        notes += _flag_notes(rows, Label("指标", "Indicators"))
        return Table(
            spec.code, number, spec.title, Label("指标", "Indicator"), (), columns, tuple(blocks),
            tuple(notes) + spec.notes, label_width=9, cards=True,
        )  # fmt: skip

    # ------------------------------------------------------------------------------------ Table of descriptives

    def descriptive_table(self, spec: DescriptiveTable, number: Label) -> Table:
        described = self.marts.descriptive_statistics.set_index("variable_code")
        printed = dict(printed_rows(self.marts, spec))
        groups = (
            ColumnGroup("ours", Label("本研究", "Ours")),
            ColumnGroup("printed", Label("原文", "Printed")),
        )
        names = (("mean", Label("均值", "Mean")), ("std_dev", Label("标准差", "Std. dev.")),
                 ("min", Label("最小值", "Min")), ("max", Label("最大值", "Max")))  # fmt: skip
        columns = [Column("n", Label("观测值", "N", italic=("N",)), group="ours")]
        columns += [Column(name, label, group="ours") for name, label in names]
        if printed:
            columns += [Column("printed_row", Label("行", "Row"), "text", group="printed")]
            columns += [Column(f"printed_{name}", label, group="printed") for name, label in names]
        rows = []
        for code in spec.variables:
            cells: list[Cell] = [Count(int(described.at[code, "observations"]))]
            cells += [Number(described.at[code, name]) for name, _ in names]
            if printed:
                row = printed.get(code)
                cells.append(Text(Label.both(row["printed_label"])) if row else Blank())
                cells += [_printed_number(row[name]) if row else Blank() for name, _ in names]
            rows.append(Row(self.variable_label(code), tuple(cells)))
        notes = [Label("标准差的除数为 n − 1。", "The standard deviation divides by n - 1.")]
        notes += self.proxy_notes(spec.variables)
        return Table(
            spec.code, number, spec.title, VARIABLE, groups if printed else groups[:1], tuple(columns),
            (Block(tuple(rows)),), tuple(notes) + spec.notes,
        )  # fmt: skip

    # ------------------------------------------------------------------------------------- Table of regressions

    def regression_table(self, spec: RegressionTable, number: Label) -> Table:
        first = spec.panels[0]
        columns = tuple(
            Column(
                model.code,
                Label(f"({i + 1}) {model.label.zh}".strip(), f"({i + 1}) {model.label.en}".strip()),
            )
            for i, model in enumerate(first.models)
        )
        blocks: list[Block] = []
        for panel in spec.panels:
            main = [self.estimates.equation(spec.code, panel.code, model.code) for model in panel.models]
            equations = [equation for equation in main if equation is not None]
            instrumented = any(equation.fit.is_iv for equation in equations)
            title = panel.title
            if instrumented:
                title = _joined(title, Label("第二阶段", "Second stage"))
            blocks.append(Block(self.coefficient_rows(equations), title))
            if instrumented:
                blocks += self.first_stage_blocks(spec.code, panel.code, [m.code for m in panel.models])
            blocks.append(Block(self.fit_rows(equations)))
        equations_of_table = [e for e in self.estimates.equations if e.table_code == spec.code]
        notes = self.regression_notes(equations_of_table)
        return Table(
            spec.code, number, spec.title, VARIABLE, (), columns, tuple(blocks), tuple(notes) + spec.notes,
        )  # fmt: skip

    def coefficient_rows(self, columns: Sequence[Equation | None]) -> tuple[Row, ...]:
        """Coefficient and standard-error rows: core regressors, controls, the constant; None is an empty column."""
        equations = [equation for equation in columns if equation is not None]
        core = {term for equation in equations for term in equation.model.core + equation.model.instruments}
        terms: list[str] = []
        for equation in equations:
            terms += [term for term in equation.results.index if term not in terms and term != CONSTANT]
        terms.sort(key=lambda term: term not in core)
        rows = []
        for term in [*terms, CONSTANT]:
            if not any(term in equation.results.index for equation in equations):
                continue
            label = Label("常数项", "Constant") if term == CONSTANT else self.variable_label(term)
            estimates: list[Cell] = []
            errors: list[Cell] = []
            for column in columns:
                if column is not None and term in column.results.index:
                    result = column.results.loc[term]
                    estimates.append(Estimate(float(result["estimate"]), column.stars(term)))
                    errors.append(StdError(float(result["std_error"])))
                else:
                    estimates.append(Blank())
                    errors.append(Blank())
            rows.append(Row(label, tuple(estimates), "emphasis" if term in core else "body"))
            rows.append(Row(NOTHING, tuple(errors), "se"))
        return tuple(rows)

    def first_stage_blocks(self, table: str, panel: str, models: Sequence[str]) -> list[Block]:
        """The first stages behind the instrumented columns, then the tests of the instruments."""
        names = sorted({e.name for e in self.estimates.equations if e.name.startswith(FIRST_STAGE)})
        blocks = []
        for name in names:
            columns = [self.estimates.equation(table, panel, model, name) for model in models]
            outcomes = dict.fromkeys(equation.fit.outcome for equation in columns if equation is not None)
            if outcomes:
                title = Label("第一阶段", "First stage")
                if len(names) > 1:
                    title = _joined(title, self.variable_label(next(iter(outcomes))))
                blocks.append(Block(self.coefficient_rows(columns), title))
        tests = [
            {
                (test.name, test.term): test
                for test in self.estimates.diagnostics_by_model.get((table, panel, model), ())
            }
            for model in models
        ]
        rows = []
        for name, label, show in TESTS:
            terms = dict.fromkeys(term for found in tests for shown, term in found if shown == name)
            for term in terms:
                # one endogenous regressor and one instrument need no name
                full = label if len(terms) == 1 else _joined(label, self.variable_label(term))
                cells = tuple(
                    show(found[name, term]) if (name, term) in found else Blank() for found in tests
                )
                rows.append(Row(full, cells, "stat"))
        if rows:
            blocks.append(Block(tuple(rows), Label("工具变量检验", "Tests of the instruments")))
        return blocks

    def fit_rows(self, equations: Sequence[Equation]) -> tuple[Row, ...]:
        """Effects, observations, clusters and fit of each column."""
        entity = self.specification.entity
        return (
            Row(
                Label(f"{entity.zh}固定效应", f"{entity.en.capitalize()} fixed effects"),
                tuple(Check("entity" in e.fit.effects) for e in equations), "stat",
            ),
            Row(
                Label("年份固定效应", "Year fixed effects"),
                tuple(Check("year" in e.fit.effects) for e in equations), "stat",
            ),
            Row(
                Label("观测值 N", "Observations N", italic=("N",)), tuple(Count(e.fit.n_obs) for e in equations), "stat",
            ),
            Row(
                Label(f"{entity.zh}数", f"Number of {plural(entity.en)}"),
                tuple(Count(e.fit.n_entities) for e in equations), "stat",
            ),
            Row(
                Label("调整后 R²", "Adjusted R²", italic=("R",)), tuple(Number(e.fit.adj_r2) for e in equations), "stat",
            ),
            Row(
                Label("组内 R²", "Within R²", italic=("R",)), tuple(Number(e.fit.r2_within) for e in equations), "stat",
            ),
        )  # fmt: skip

    # ---------------------------------------------------------------------------------------------- Notes

    def regression_notes(self, equations: Sequence[Equation]) -> list[Label]:
        """Covariance, degrees of freedom, stars, sample, proxies: what a referee asks first."""
        main = [equation for equation in equations if equation.name == MAIN]
        conventions = [COVARIANCES[name] for name in dict.fromkeys(e.inference.covariance for e in main)]
        notes = [
            self.outcome_note(main),
            Label("括号内为标准误。", "Standard errors in parentheses."),
            *(Label(convention.convention_zh, convention.convention_en) for convention in conventions),
            self.degrees_of_freedom(main),
            STARS_NOTE,
            *self.hollow_note(equations),
            self.sample_note(main),
            Label(
                "调整后 R² = 1 − (1 − R²)(N − 1)/自由度，R² 含固定效应，自由度扣除全部固定效应；"
                "常数项为被解释变量均值减去各系数与均值之积。",
                "Adjusted R² = 1 - (1 - R²)(N - 1)/df, R² includes the fixed effects and df counts all of them; "
                "the constant is the mean outcome less the coefficients times the means.",
                italic=("R", "N"),
            ),
        ]
        notes += self.validity_notes(main)
        notes += self.flow_notes(main)
        outcomes = [equation.fit.outcome for equation in main]
        terms = [term for equation in main for term in equation.model.regressors + equation.model.instruments]
        regressors = [lag.group(2) if (lag := LAG.fullmatch(term)) else term for term in terms]
        notes += self.proxy_notes(dict.fromkeys(outcomes + regressors))
        return notes

    def degrees_of_freedom(self, equations: Sequence[Equation]) -> Label:
        """The t distribution behind the stars, column by column where it differs."""

        def df_of(equation: Equation) -> Label:
            dfs = sorted({round(float(df), 1) for df in equation.inference.table["df"]})
            return Label.both(f"{dfs[0]:g}" if len(dfs) == 1 else f"{dfs[0]:g}-{dfs[-1]:g}")

        told = self.by_column(equations, df_of)
        return Label(
            f"显著性取自 t 分布，自由度 {told.zh}。",
            f"Stars from the t distribution, df {told.en}.",
            italic=("t",),
        )

    def hollow_note(self, equations: Sequence[Equation]) -> list[Label]:
        """What hollow stars mean, where the table was checked for them."""
        if all(equation.support is None for equation in equations):
            return []
        draws, seed = self.specification.resampling.bootstrap_draws, self.specification.resampling.seed
        return [
            Label(
                "空心星 ☆：聚类 t 检验在该水平上显著，而 CR2（Satterthwaite 自由度）或野聚类自助法"
                f"（Webb 权重，{draws} 次，种子 {seed}）不支持；两阶段最小二乘与常数项未作此检验。",
                "A hollow star ☆: the clustered t test reaches that level, CR2 with Satterthwaite df or the wild cluster "
                f"bootstrap (Webb weights, {draws} draws, seed {seed}) does not; 2SLS and constants are not checked.",
            )
        ]

    def outcome_note(self, equations: Sequence[Equation]) -> Label:
        """The dependent variable, column by column where it differs."""
        told = self.by_column(equations, lambda equation: self.variable_label(equation.fit.outcome))
        return Label(f"被解释变量：{told.zh}。", f"Dependent variable: {told.en}.")

    def by_column(self, equations: Sequence[Equation], say: Callable[[Equation], Label]) -> Label:
        """What is said of each column: once if all agree, else with the places that share it."""
        places: dict[Label, list[str]] = {}
        for equation in equations:
            places.setdefault(say(equation), []).append(self.place(equation))
        if len(places) == 1:
            return next(iter(places))
        zh = "；".join(f"{'、'.join(where)} {one.zh}" for one, where in places.items())
        en = "; ".join(f"{', '.join(where)} {one.en}" for one, where in places.items())
        return Label(zh, en)

    def place(self, equation: Equation) -> str:
        """Where a column stands: its position, and its panel if the table has several."""
        spec = next(
            table for table in self.specification.regression_tables if table.code == equation.table_code
        )
        panel = next(part for part in spec.panels if part.code == equation.panel_code)
        position = [model.code for model in panel.models].index(equation.model.code) + 1
        if len(spec.panels) == 1:
            return f"({position})"
        letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[spec.panels.index(panel) % 26]
        return f"{letter}({position})"

    def sample_note(self, equations: Sequence[Equation]) -> Label:
        """Who and when, column by column where it differs."""
        told = self.by_column(equations, self.sample_of)
        return Label(f"样本：{told.zh}。", f"Sample: {told.en}.")

    def sample_of(self, equation: Equation) -> Label:
        """The rows one column uses, and whether its variables are winsorised."""
        model, entity = equation.model, self.specification.entity
        years = equation.fit.frame.index.get_level_values("year")
        groups = {
            row["group_code"]: _name(row, "group_name") for row in self.marts.entities.to_dict("records")
        }
        zh = f"{equation.fit.n_entities} 个{entity.zh}，{years.min()}—{years.max()} 年"
        en = f"{equation.fit.n_entities} {plural(entity.en)}, {years.min()}-{years.max()}"
        if model.sample.groups:
            zh += "，" + "、".join(groups[code].zh for code in model.sample.groups)
            en += ", " + ", ".join(groups[code].en for code in model.sample.groups)
        if model.sample.without_entities:
            names = self.marts.entities.set_index("entity_code")
            zh += "，剔除" + "、".join(names.at[code, "name_zh"] for code in model.sample.without_entities)
            en += ", without " + ", ".join(
                names.at[code, "name_en"] for code in model.sample.without_entities
            )
        if model.winsorise:
            low, high = model.winsorise
            zh += f"，变量在 {low:.0%} 与 {high:.0%} 分位缩尾"
            en += f", variables winsorised at {low:.0%} and {high:.0%}"
        return Label(zh, en)

    def validity_notes(self, equations: Sequence[Equation]) -> list[Label]:
        """Under which errors each shown test of the instruments is valid."""
        shown = {name for name, _, _ in TESTS}
        told: dict[str, Label] = {}
        for equation in equations:
            address = (equation.table_code, equation.panel_code, equation.model.code)
            for test in self.estimates.diagnostics_by_model.get(address, ()):
                if test.name in shown and not test.name.startswith("stock_yogo"):
                    told.setdefault(
                        test.name + test.term, self.with_names(Label(test.note_zh, test.note_en), equation)
                    )
        return list(told.values())

    def with_names(self, note: Label, equation: Equation) -> Label:
        """A note with the names of an equation's variables in place of their codes."""
        zh, en = note.zh, note.en
        fitted = equation.fit
        for code in sorted([fitted.outcome, *fitted.terms, *fitted.instruments], key=len, reverse=True):
            name, whole = self.variable_label(code), rf"(?<![\w.]){re.escape(code)}(?![\w]|\.\w)"
            zh, en = re.sub(whole, lambda _: name.zh, zh), re.sub(whole, lambda _: in_sentence(name.en), en)  # noqa: B023
        return Label(zh, en)

    def flow_notes(self, equations: Sequence[Equation]) -> list[Label]:
        """Samples, the rows that were lost on the way, and regressors that were left out."""
        notes = []
        for equation in equations:
            flow, column = equation.fit.flow, self.place(equation)
            lost = [
                (flow.missing_outcome, "缺被解释变量", "without the outcome"),
                (flow.missing_regressor, "缺解释变量", "without a regressor"),
                (flow.missing_lag, "因滞后", "lost to the lag"),
                (flow.singletons, "单一观测", "singletons"),
            ]
            told = [(count, zh, en) for count, zh, en in lost if count]
            if told:
                zh = "，".join(f"{zh} {count}" for count, zh, _ in told)
                en = ", ".join(f"{count} {en}" for count, _, en in told)
                notes.append(
                    Label(
                        f"第 {column} 列：{flow.offered} 行，{zh}，余 {flow.used} 行。",
                        f"Column {column}: {flow.offered} rows, {en}, {flow.used} used.",
                    )
                )
            for dropped in equation.fit.dropped:
                name = self.variable_label(dropped.term)
                notes.append(
                    Label(
                        f"第 {column} 列：{name.zh}{dropped.reason_zh}，已略去。",
                        f"Column {column}: {name.en} {dropped.reason} and is left out.",
                    )
                )
            notes += [Label(warning.zh, warning.en) for warning in equation.fit.warnings]
        return list(dict.fromkeys(notes))

    def proxy_notes(self, codes: Iterable[str]) -> list[Label]:
        """Which of the variables are proxies, and which rest on imputed cells."""
        known = [self.variables.loc[code].to_dict() for code in codes if code in self.variables.index]
        proxies = [row for row in known if row["is_proxy"]]
        indices = [row for row in known if row["role"] == "index"]
        notes = []
        if proxies:
            zh = "；".join(
                f"{row['name_zh']}：{_or_blank(row['measured_by_zh'])}（{row['closeness']}）"
                for row in proxies
            )
            en = "; ".join(
                f"{row['name_en']}: {_or_blank(row['measured_by_en'])} ({row['closeness']})"
                for row in proxies
            )
            notes.append(Label(f"代理变量：{zh}。", f"Proxies: {en}."))
        if indices:
            dotted = self.marts.indicators["index_code"] + "." + self.marts.indicators["dimension_code"]
            parts = {row["symbol"] for row in indices}
            behind = dotted.isin(parts) | self.marts.indicators["index_code"].isin(parts)
            count = int(self.marts.indicators.loc[behind, "is_proxy"].sum())
            if count:
                notes.append(
                    Label(
                        f"指数得分含 {count} 个代理指标，见指标体系表。",
                        f"The index scores rest on {count} proxy indicators; see the indicator table.",
                    )
                )
        return notes + _flag_notes(known, Label("变量", "Variables"))

    def variable_label(self, code: str) -> Label:
        """The name of a variable with its symbol; a lag says so."""
        if lag := LAG.fullmatch(code):
            name, order = self.variable_label(lag.group(2)), lag.group(1)
            return Label(f"{name.zh}（滞后 {order} 期）", f"{name.en}, lag {order}")
        return _name(self.variables.loc[code].to_dict())


def _value(decimals: int) -> Callable[[Diagnostic], Cell]:
    return lambda test: Number(test.value, decimals)


def _chance(test: Diagnostic) -> Cell:
    return Number(test.p_value)


def _with_error(test: Diagnostic) -> Cell:
    return Text(Label.both(f"{test.value:.3f} ({test.std_error:.3f})".replace("-", "\u2212")))


def _intervals(test: Diagnostic) -> Cell:
    if not test.intervals:
        return Text(Label("空集", "empty"))
    bounds = [tuple(_bound(end) for end in interval) for interval in test.intervals]
    return Text(Label.both(" ∪ ".join(f"[{low}, {high}]" for low, high in bounds)))


def _bound(end: float) -> str:
    if math.isinf(end):
        return "−∞" if end < 0 else "+∞"
    return f"{end:.3f}".replace("-", "\u2212")


F, P = ("F",), ("p",)
# Which diagnostics a table shows, in this order: name, label, how the cell is made.
TESTS: tuple[tuple[str, Label, Callable[[Diagnostic], Cell]], ...] = (
    ("first_stage_f", Label("第一阶段 F", "First-stage F", F), _value(3)),
    ("anderson_lm", Label("Anderson LM（识别不足，iid）", "Anderson LM (underidentification, iid)"), _value(3)),
    ("anderson_lm", Label("Anderson LM 的 p 值", "Anderson LM, p", P), _chance),
    ("cragg_donald_f", Label("Cragg-Donald Wald F（弱工具变量，iid）", "Cragg-Donald Wald F (weak instruments, iid)", F), _value(3)),
    ("stock_yogo_10", Label("Stock-Yogo 临界值，10% 水平", "Stock-Yogo, 10 % size"), _value(2)),
    ("stock_yogo_15", Label("Stock-Yogo 临界值，15% 水平", "Stock-Yogo, 15 % size"), _value(2)),
    ("stock_yogo_20", Label("Stock-Yogo 临界值，20% 水平", "Stock-Yogo, 20 % size"), _value(2)),
    ("stock_yogo_25", Label("Stock-Yogo 临界值，25% 水平", "Stock-Yogo, 25 % size"), _value(2)),
    ("kleibergen_paap_lm", Label("Kleibergen-Paap rk LM", "Kleibergen-Paap rk LM"), _value(3)),
    ("kleibergen_paap_lm", Label("Kleibergen-Paap rk LM 的 p 值", "Kleibergen-Paap rk LM, p", P), _chance),
    ("kleibergen_paap_f", Label("Kleibergen-Paap rk Wald F", "Kleibergen-Paap rk Wald F", F), _value(3)),
    ("effective_f", Label("有效 F（Montiel Olea-Pflueger）", "Effective F (Montiel Olea-Pflueger)", F), _value(3)),
    ("effective_f_critical", Label("有效 F 的临界值", "Effective F, critical value", F), _value(2)),
    ("anderson_rubin_f", Label("Anderson-Rubin F", "Anderson-Rubin F", F), _value(3)),
    ("anderson_rubin_f", Label("Anderson-Rubin 的 p 值", "Anderson-Rubin, p", P), _chance),
    ("anderson_rubin_set", Label("Anderson-Rubin 95% 置信集", "Anderson-Rubin 95 % confidence set"), _intervals),
    ("tf_adjusted", Label("tF 95% 区间", "tF 95 % interval"), _intervals),
    ("reduced_form", Label("简约式系数（标准误）", "Reduced form (SE)"), _with_error),
    ("wu_hausman", Label("Wu-Hausman 外生性检验 p", "Wu-Hausman, p", P), _chance),
    ("sargan", Label("Sargan 过度识别检验 p（iid）", "Sargan, p (iid)", P), _chance),
    ("hansen_j", Label("Hansen J 过度识别检验 p", "Hansen J, p", P), _chance),
)  # fmt: skip


def comparison_table(
    specification: Specification, cells: Sequence[ComparedCell], estimates: Estimates, marts: Marts
) -> Table:
    """The published numbers beside ours: one row per coefficient, statistic or descriptive figure."""
    builder = _Builder(specification, marts, estimates)
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
        title = _joined(title, by_code[code].title)
        spec = by_code[code]
        if isinstance(spec, RegressionTable):
            part = next(item for item in spec.panels if item.code == panel)
            if part.title:
                title = _joined(title, part.title)
            position = [item.code for item in part.models].index(model) + 1
            title = _joined(title, Label(f"第 ({position}) 列", f"column ({position})"))
        rows = []
        for (equation, term), found in groupby(members, key=lambda c: (c.equation, c.term)):
            rows += _compared_rows(builder, equation, term, {cell.statistic: cell for cell in found})
        blocks.append(Block(tuple(rows), title))
    notes = (
        Label(
            "差为本研究减原文。“印刷位数相同”指本研究的数字（任一标准误）按原文位数四舍五入后与原文一致。",
            "Difference: ours minus printed. Same digits: ours (under either standard error), rounded to the printed "
            "digits, is the printed number.",
        ),
        Label(
            f"表中标准误：{COVARIANCES[estimates.covariance].label_zh}。",
            f"Standard errors as in the tables: {COVARIANCES[estimates.covariance].label_en}.",
        ),
    )
    return Table(
        "comparison", NOTHING, Label("与原文逐格比较", "The published numbers beside ours, cell by cell"),
        Label("项目", "Item"), (), columns, tuple(blocks), notes, label_width=14,
    )  # fmt: skip


def _compared_rows(
    builder: _Builder, equation: str, term: str, found: Mapping[str, ComparedCell]
) -> list[Row]:
    """The rows of one coefficient (estimate and standard error side by side) or of single statistics."""
    rows = []
    if "estimate" in found:
        b, se = found["estimate"], found.get("std_error")
        label = Label("常数项", "Constant") if term == CONSTANT else builder.variable_label(term)
        if equation != MAIN:
            label = _joined(Label("第一阶段", "First stage"), label)
        agree = b.agrees if se is None or b.agrees is None else bool(b.agrees and se.agrees)
        rows.append(
            Row(
                label,
                (
                    _printed_number(b.printed),
                    _printed_number(se.printed) if se else Blank(),
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
            label = _joined(builder.variable_label(term), label)
        if name == "finding":
            row = builder.estimates.coefficients.query(
                "table_code == @cell.table_code and panel_code == @cell.panel_code and model_code == @cell.model_code "
                "and equation == @equation and term == @term"
            ).iloc[0]
            said = FINDINGS.get(cell.printed, Label.both(cell.printed))
            rows.append(
                Row(
                    _joined(builder.variable_label(term), said),
                    (
                        Blank(), Blank(), Estimate(row["estimate"], row["stars"]), Number(row["std_error"]), Blank(),
                        Blank(), Check(_finding(row) == cell.printed), Text(cell.why),
                    ),
                )
            )  # fmt: skip
            continue
        rows.append(
            Row(
                label,
                (
                    _printed_number(cell.printed), Blank(), Number(cell.ours, cell.decimals), Blank(), Blank(),
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
    "stock_yogo_10": Label("Stock-Yogo 10% 临界值", "Stock-Yogo critical value, 10 % size"),
    "observations": Label("观测值", "N"),
    "mean": Label("均值", "mean"),
    "std_dev": Label("标准差", "std. dev."),
    "min": Label("最小值", "min"),
    "max": Label("最大值", "max"),
}


def hypothesis_table(verdicts: Sequence[Verdict]) -> Table:
    """The verdict on each hypothesis, made from the estimates."""
    columns = (
        Column("statement", Label("内容", "Statement"), "text", width=20),
        Column("estimate", Label("系数", "Coefficient")),
        Column("std_error", Label("标准误", "Std. error")),
        Column("p_value", Label("p 值", "p", italic=("p",))),
        Column("p_wild", Label("p 值（野聚类）", "p (wild)", italic=("p",))),
        Column("verdict", Label("结论", "Verdict"), "text", width=18),
    )
    rows = tuple(
        Row(
            Label.both(verdict.hypothesis.code),
            (
                Text(verdict.hypothesis.statement), Estimate(verdict.estimate, verdict.stars),
                StdError(verdict.std_error), Number(verdict.p_value), Number(verdict.p_wild), Text(verdict.label),
            ),
        )
        for verdict in verdicts
    )  # fmt: skip
    levels = sorted({verdict.hypothesis.level for verdict in verdicts})
    told = ", ".join(f"{level:g}" for level in levels)
    notes = (
        Label(
            f"双侧检验，显著性水平 {told}；结论由估计值生成。",
            f"Two-sided tests at {told}; verdicts follow from the estimates.",
        ),
    )
    return Table(
        "hypotheses", NOTHING, Label("假说检验", "Hypotheses"), Label("假说", "Hypothesis"), (), columns, (Block(rows),), notes,
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
        *(Column(code.replace(".", "-"), _name(labels.loc[code].to_dict())) for code in parts),
    )
    rows = tuple(
        Row(
            _name(names.loc[code].to_dict()),
            (
                Text(Label.both(str(int(row["rank"])))),
                Text(Label.both(str(int(then.at[code, "rank"])))),
                Text(_name(names.loc[code].to_dict(), "group_name")),
                Number(row["score"]),
                *(Number(part_scores[part].at[code]) for part in parts),
            ),
        )
        for code, row in now.iterrows()
    )
    title = _name(labels.loc[index].to_dict())
    return Table(
        f"ranking-{index}", NOTHING,
        Label(f"{title.zh}：{last} 年得分与位次", f"{title.en}: scores and ranks, {last}"),
        Label("名称", "Name"), (), columns, (Block(rows),),
        (
            Label(
                "得分为熵权 TOPSIS 的相对贴近度（0 至 1），全样本标准化；位次 1 为最高。",
                "Scores are TOPSIS closeness with entropy weights, 0 to 1, normalized over all years; rank 1 is highest.",
            ),
        ),
    )  # fmt: skip


def _flag_notes(rows: Sequence[Mapping[str, Any]], what: Label) -> list[Label]:
    """Which rows rest on derived series or imputed cells, and which are constant."""
    notes = []
    for flag, zh, en in (
        (
            "uses_derived",
            "含推算序列（合计、比率、链接、换算）",
            "that use derived (summed, divided, chained, spliced or converted) series",
        ),
        ("imputed_values", "含线性插补值", "that rest on linearly interpolated cells"),
        ("is_constant", "全样本为常数，权重为 0", "that are constant and have weight 0"),
    ):
        named = [row for row in rows if row.get(flag) and row.get("role") != "index"]
        if named:
            notes.append(
                Label(
                    f"{what.zh}{zh}：{'、'.join(row['name_zh'] for row in named)}。",
                    f"{what.en} {en}: {', '.join(row['name_en'] for row in named)}.",
                )
            )
    return notes


def _name(row: Mapping[str, Any], stem: str = "name") -> Label:
    return Label(str(row[f"{stem}_zh"]), str(row[f"{stem}_en"]))


def _words(row: Mapping[str, Any], stem: str) -> Text:
    return Text(Label(_or_blank(row[f"{stem}_zh"]), _or_blank(row[f"{stem}_en"])))


def _or_blank(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _joined(first: Label | None, second: Label) -> Label:
    if not first:
        return second
    return Label(f"{first.zh}　{second.zh}", f"{first.en} · {second.en}", first.italic + second.italic)


def plural(noun: str) -> str:
    """The English plural of a regular noun."""
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"


def _printed_number(text: str) -> Cell:
    """A printed figure with exactly its printed digits."""
    try:
        decimals = len(text.partition(".")[2])
        return Number(float(text), decimals)
    except ValueError:
        return Text(Label.both(text)) if text else Blank()
