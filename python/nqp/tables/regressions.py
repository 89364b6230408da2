"""The regression tables: coefficients, first stages, tests of the instruments, and the notes a referee asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nqp.document.cells import Blank, Cell, Check, Count, Number, Text
from nqp.document.table import Block, Column, Row, Table
from nqp.econometrics.equation import EFFECTS
from nqp.econometrics.estimators import TWO_STAGE
from nqp.econometrics.terms import columns_of
from nqp.errors import StudyError
from nqp.estimates.engine import FIRST_STAGE, MAIN
from nqp.estimates.regressions import CONSTANT
from nqp.language.labels import NOTHING, Label, joined
from nqp.language.words import in_sentence, plural
from nqp.study.names import entity_names, group_names, variable_name
from nqp.tables.descriptives import VARIABLE, proxy_notes
from nqp.tables.effects import ESTIMATOR_NAMES, ESTIMATOR_NOTES, EffectNames, place_of, weights_notes
from nqp.tables.instrument_tests import ONE_STRENGTH, STRENGTHS, TESTS
from nqp.tables.setting import below, estimate_cell, stars_note, what_is_below

if TYPE_CHECKING:
    from nqp.estimates.regressions import Equation, Estimates
    from nqp.study.marts import Marts
    from nqp.study.specification import RegressionTable, Specification
    from nqp.study.style import Style

R2 = ("R",)
# The statistics of a column: the label of the row, with a place for the plural of the entity, and its cell.
STATISTIC_CELLS: dict[str, tuple[Label, Callable[[Equation], Cell]]] = {
    "n_obs": (Label("观测值 N", "Observations N", italic=("N",)), lambda e: Count(e.fit.n_obs)),
    "n_entities": (Label("{}数", "Number of {}"), lambda e: Count(e.fit.n_entities)),
    "n_years": (Label("年数", "Number of years"), lambda e: Count(e.fit.n_years)),
    "clusters": (Label("聚类数 G", "Clusters G", italic=("G",)), lambda e: Count(e.inference.clusters)),
    "r2": (Label("R²", "R²", italic=R2), lambda e: Number(e.fit.r2)),
    "adj_r2": (Label("调整后 R²", "Adjusted R²", italic=R2), lambda e: Number(e.fit.adj_r2)),
    "r2_within": (Label("组内 R²", "Within R²", italic=R2), lambda e: Number(e.fit.r2_within)),
}


class RegressionTables:
    """Makes the tables of regressions from what the whole study says of them."""

    def __init__(self, specification: Specification, marts: Marts, estimates: Estimates) -> None:
        self.specification = specification
        self.marts = marts
        self.estimates = estimates
        self.effect_names = EffectNames(marts, specification.entity, specification.group)

    def name(self, code: str) -> Label:
        """The name of a variable; a lag says so."""
        return variable_name(self.marts, code)

    def table(self, spec: RegressionTable, number: Label) -> Table:
        """One table: per panel the coefficients, the first stages and tests of instruments, effects and fit."""
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
                title = joined(title, Label("第二阶段", "Second stage"))
            rows = self.outcome_rows(equations, spec.style) + self.coefficient_rows(equations, spec.style)
            if spec.style.controls == "collapsed":
                rows += self.controls_row(equations)
            if rows:
                blocks.append(Block(rows, title))
            if instrumented:
                blocks += self.first_stage_blocks(
                    spec.code, panel.code, [m.code for m in panel.models], spec.style
                )
            if rows := self.fit_rows(equations, spec.style):
                blocks.append(Block(rows))
        if not blocks:
            raise StudyError(
                f"specifications.toml: table '{spec.code}': its style leaves no row; keep a term or a statistic."
            )
        equations_of_table = [e for e in self.estimates.equations if e.table_code == spec.code]
        notes = self.notes(equations_of_table, spec)
        return Table(
            spec.code, number, spec.title, VARIABLE, (), columns, tuple(blocks), notes,
        )  # fmt: skip

    def notes(self, equations: Sequence[Equation], spec: RegressionTable) -> tuple[Label, ...]:
        """The automatic note in the length that the style asks for, and the table's own notes in their place."""
        style = spec.style
        automatic: list[Label] = []
        if style.note != "none" and not (style.own_notes == "instead" and spec.notes):
            full = style.note == "full"
            automatic = (
                self.regression_notes(equations, style) if full else self.journal_notes(equations, style)
            )
        if style.own_notes == "before":
            return spec.notes + tuple(automatic)
        return tuple(automatic) + spec.notes

    def outcome_rows(self, equations: Sequence[Equation], style: Style) -> tuple[Row, ...]:
        """The dependent variable of each column as a row, where the style asks for it."""
        if not style.outcome_row:
            return ()
        cells = tuple(Text(self.name(equation.fit.outcome)) for equation in equations)
        return (Row(Label("被解释变量", "Dependent variable"), cells, "stat"),)

    def controls_row(self, equations: Sequence[Equation]) -> tuple[Row, ...]:
        """Whether a column has controls, in place of their coefficients."""
        cells = tuple(Check(bool(equation.model.controls)) for equation in equations)
        return (Row(Label("控制变量", "Controls"), cells, "stat"),) if equations else ()

    def shown_terms(self, equations: Sequence[Equation], core: set[str], style: Style) -> list[str]:
        """The terms of a block of coefficients in print order: core regressors, controls, the constant, as the style picks
        and orders them.
        """
        terms: list[str] = []
        for equation in equations:
            terms += [term for term in equation.results.index if term not in terms and term != CONSTANT]
        terms.sort(key=lambda term: term not in core)
        terms.append(CONSTANT)
        if style.controls == "collapsed":
            controls = {term for equation in equations for term in equation.model.controls} - core
            terms = [term for term in terms if term not in controls]
        if not style.constant:
            terms.remove(CONSTANT)
        if style.keep:
            terms = [term for term in terms if term in style.keep]
        terms = [term for term in terms if term not in style.drop]
        return sorted(
            terms, key=lambda term: style.order.index(term) if term in style.order else len(style.order)
        )

    def coefficient_rows(self, columns: Sequence[Equation | None], style: Style) -> tuple[Row, ...]:
        """A row of coefficients and one of what stands below them for each term that the style shows; None is an empty column."""
        equations = [equation for equation in columns if equation is not None]
        core = {term for equation in equations for term in equation.model.core + equation.model.instruments}
        rows = []
        for term in self.shown_terms(equations, core, style):
            if not any(term in equation.results.index for equation in equations):
                continue
            label = Label("常数项", "Constant") if term == CONSTANT else self.name(term)
            estimates: list[Cell] = []
            errors: list[Cell] = []
            for column in columns:
                if column is not None and term in column.results.index:
                    result = {str(name): float(value) for name, value in column.results.loc[term].items()}
                    estimates.append(estimate_cell(result, column.stars(term, style.stars), style))
                    errors.append(below(result, style))
                else:
                    estimates.append(Blank())
                    errors.append(Blank())
            rows.append(Row(label, tuple(estimates), "emphasis" if term in core else "body"))
            if style.in_parentheses != "none":
                rows.append(Row(NOTHING, tuple(errors), "se"))
        return tuple(rows)

    def first_stage_blocks(self, table: str, panel: str, models: Sequence[str], style: Style) -> list[Block]:
        """The first stages behind the instrumented columns, then the tests of the instruments."""
        names = sorted({e.name for e in self.estimates.equations if e.name.startswith(FIRST_STAGE)})
        blocks = []
        for name in names:
            columns = [self.estimates.equation(table, panel, model, name) for model in models]
            outcomes = dict.fromkeys(equation.fit.outcome for equation in columns if equation is not None)
            if outcomes:
                title = Label("第一阶段", "First stage")
                if len(names) > 1:
                    title = joined(title, self.name(next(iter(outcomes))))
                if rows_of_stage := self.coefficient_rows(columns, style):
                    blocks.append(Block(rows_of_stage, title))
        tests = [
            {
                (test.name, test.term): test
                for test in self.estimates.diagnostics_by_model.get((table, panel, model), ())
            }
            for model in models
        ]
        rows = []
        for name, label, show in TESTS:
            terms = dict.fromkeys(term for found in tests for tested, term in found if tested == name)
            for term in terms:
                # one endogenous regressor and one instrument need no name
                full = label if len(terms) == 1 else joined(label, self.name(term))
                cells = tuple(
                    show(found[name, term]) if (name, term) in found else Blank() for found in tests
                )
                rows.append(Row(full, cells, "stat"))
        if rows:
            blocks.append(Block(tuple(rows), Label("工具变量检验", "Tests of the instruments")))
        return blocks

    def fit_rows(self, equations: Sequence[Equation], style: Style) -> tuple[Row, ...]:
        """Effects, observations, clusters and fit of each column: the statistics of the style, in its order."""
        rows: list[Row] = []
        for name in style.statistics:
            if name == "effects":
                effects = dict.fromkeys((*EFFECTS, *(effect for e in equations for effect in e.fit.effects)))
                rows += [
                    Row(
                        self.effect_names.effect(effect),
                        tuple(Check(effect in e.fit.effects) for e in equations),
                        "stat",
                    )
                    for effect in effects
                ]
            elif name == "estimator":
                if any(e.fit.estimator != TWO_STAGE for e in equations):
                    cells = tuple(
                        Text(ESTIMATOR_NAMES[e.fit.estimator]) if e.fit.is_iv else Blank() for e in equations
                    )
                    rows.append(Row(Label("估计方法", "Estimator"), cells, "stat"))
            else:
                label, cell = STATISTIC_CELLS[name]
                entity = self.specification.entity
                label = Label(
                    label.zh.format(entity.zh), label.en.format(plural(entity.en)), italic=label.italic
                )
                rows.append(Row(label, tuple(cell(e) for e in equations), "stat"))
        return tuple(rows)

    def journal_notes(self, equations: Sequence[Equation], style: Style) -> list[Label]:
        """The note of a journal: what stands below, how it is clustered, stars, and the sample."""
        main = [equation for equation in equations if equation.name == MAIN]
        used = dict.fromkeys((e.inference.covariance, e.fit.clusters) for e in main)
        called = [self.effect_names.convention(*one) for one in used]
        zh, en = (
            "；".join(one.label_zh for one in called),
            "; ".join(in_sentence(one.label_en) for one in called),
        )
        found = [what_is_below(style), Label(f"标准误：{zh}。", f"Standard errors: {en}.")]
        found += [stars_note(style), *self.hollow_note(equations)] if style.stars else []
        outcome = [] if style.outcome_row else [self.outcome_note(main)]
        found += weights_notes(main, self.place, self.marts)
        return [*outcome, *(note for note in found if note), self.sample_note(main)]

    def regression_notes(self, equations: Sequence[Equation], style: Style) -> list[Label]:
        """Covariance, degrees of freedom, stars, sample, proxies: what a referee asks first."""
        main = [equation for equation in equations if equation.name == MAIN]
        used = dict.fromkeys((e.inference.covariance, e.fit.clusters) for e in main)
        conventions = [self.effect_names.convention(*one) for one in used]
        notes = [
            self.outcome_note(main),
            *([what_is_below(style)] if what_is_below(style) else []),
            *(Label(convention.convention_zh, convention.convention_en) for convention in conventions),
            *(
                ESTIMATOR_NOTES[name]
                for name in dict.fromkeys(e.fit.estimator for e in main)
                if name != TWO_STAGE
            ),
            self.degrees_of_freedom(main),
            *([stars_note(style), *self.hollow_note(equations)] if style.stars else []),
            self.sample_note(main),
            Label(
                "调整后 R² = 1 − (1 − R²)(N − 1)/自由度，R² 含固定效应，自由度扣除全部固定效应；"
                "常数项为被解释变量均值减去各系数与均值之积。",
                "Adjusted R² = 1 - (1 - R²)(N - 1)/df, R² includes the fixed effects and df counts all of them; "
                "the constant is the mean outcome less the coefficients times the means.",
                italic=("R", "N"),
            ),
        ]
        notes += weights_notes(main, self.place, self.marts)
        notes += self.validity_notes(main)
        notes += self.flow_notes(main)
        outcomes = [equation.fit.outcome for equation in main]
        terms = [term for equation in main for term in equation.model.regressors + equation.model.instruments]
        notes += proxy_notes(self.marts, dict.fromkeys([*outcomes, *columns_of(terms)]))
        return notes

    def degrees_of_freedom(self, equations: Sequence[Equation]) -> Label:
        """The t distribution behind the stars, with the K and G of the small-sample factor, column by column where they differ."""

        def df_of(equation: Equation) -> Label:
            inference = equation.inference
            dfs = sorted({round(float(df), 1) for df in inference.table["df"]})
            df = f"{dfs[0]:g}" if len(dfs) == 1 else f"{dfs[0]:g}-{dfs[-1]:g}"
            groups = "" if inference.clusters is None else f", G = {inference.clusters}"
            english = f"{df} (K = {inference.k_counted}{groups})"
            return Label(english.replace(" (", "（").replace(")", "）").replace(", ", "，"), english)

        degrees = self.by_column(equations, df_of)
        return Label(
            f"显著性取自 t 分布，自由度 {degrees.zh}。",
            f"Stars from the t distribution, df {degrees.en}.",
            italic=("t", "K", "G"),
        )

    def hollow_note(self, equations: Sequence[Equation]) -> list[Label]:
        """What hollow stars mean, where the table was checked for them."""
        if all(equation.support is None for equation in equations):
            return []
        draws, seed = self.specification.resampling.bootstrap_draws, self.specification.resampling.seed
        return [
            Label(
                "空心星 ☆：聚类 t 检验在该水平上显著，而 CR2（Satterthwaite 自由度）或野聚类自助法"
                f"（Webb 权重，{draws} 次，种子 {seed}；工具变量方程用 WRE）不支持；常数项与双向聚类未作此检验。",
                "A hollow star ☆: the clustered t test reaches that level, CR2 with Satterthwaite df or the wild cluster "
                f"bootstrap (Webb weights, {draws} draws, seed {seed}; WRE with instruments) does not; constants and two-way clusters "
                "are not checked.",
            )
        ]

    def outcome_note(self, equations: Sequence[Equation]) -> Label:
        """The dependent variable, column by column where it differs."""
        outcomes = self.by_column(equations, lambda equation: self.name(equation.fit.outcome))
        return Label(f"被解释变量：{outcomes.zh}。", f"Dependent variable: {outcomes.en}.")

    def by_column(self, equations: Sequence[Equation], say: Callable[[Equation], Label]) -> Label:
        """A property of each column in one phrase: once if all agree, else with the places that share it."""
        places: dict[Label, list[str]] = {}
        for equation in equations:
            places.setdefault(say(equation), []).append(self.place(equation))
        if len(places) == 1:
            return next(iter(places))
        zh = "；".join(f"{'、'.join(_runs(where))} {one.zh}" for one, where in places.items())
        en = "; ".join(f"{', '.join(_runs(where))} {one.en}" for one, where in places.items())
        return Label(zh, en)

    def place(self, equation: Equation) -> str:
        """Where a column stands: its position, and its panel if the table has several."""
        spec = next(
            table for table in self.specification.regression_tables if table.code == equation.table_code
        )
        return place_of(equation, spec)

    def sample_note(self, equations: Sequence[Equation]) -> Label:
        """Who and when, column by column where it differs."""
        samples = self.by_column(equations, self.sample_of)
        return Label(f"样本：{samples.zh}。", f"Sample: {samples.en}.")

    def sample_of(self, equation: Equation) -> Label:
        """The rows one column uses, and whether its variables are winsorised."""
        model, entity = equation.model, self.specification.entity
        first, last = equation.fit.first_year, equation.fit.last_year
        groups = group_names(self.marts)
        zh = f"{equation.fit.n_entities} 个{entity.zh}，{first}—{last} 年"
        en = f"{equation.fit.n_entities} {plural(entity.en)}, {first}-{last}"
        if model.sample.groups:
            zh += "，" + "、".join(groups[code].zh for code in model.sample.groups)
            en += ", " + ", ".join(groups[code].en for code in model.sample.groups)
        if model.sample.without_entities:
            names = [entity_names(self.marts)[code] for code in model.sample.without_entities]
            zh += "，剔除" + "、".join(name.zh for name in names)
            en += ", without " + ", ".join(name.en for name in names)
        if model.winsorise:
            low, high = model.winsorise
            zh += f"，变量在 {100 * low:g}% 与 {100 * high:g}% 分位缩尾"
            en += f", variables winsorised at {100 * low:g}% and {100 * high:g}%"
        return Label(zh, en)

    def validity_notes(self, equations: Sequence[Equation]) -> list[Label]:
        """Under which errors each printed test of the instruments is valid."""
        printed_tests = {name for name, _, _ in TESTS}
        notes: dict[str, Label] = {}
        for equation in equations:
            address = (equation.table_code, equation.panel_code, equation.model.code)
            tests = self.estimates.diagnostics_by_model.get(address, ())
            for test in tests:
                if test.name in printed_tests and not test.name.startswith("stock_yogo"):
                    notes.setdefault(
                        test.name + test.term, self.with_names(Label(test.note_zh, test.note_en), equation)
                    )
            strengths = [test.value for test in tests if test.name in STRENGTHS]
            if len(strengths) == len(STRENGTHS) and math.isclose(
                min(strengths), max(strengths), rel_tol=1e-9
            ):
                notes.setdefault("strengths", ONE_STRENGTH)
        return list(notes.values())

    def with_names(self, note: Label, equation: Equation) -> Label:
        """A note with the names of an equation's variables in place of their codes."""
        zh, en = note.zh, note.en
        fitted = equation.fit
        for code in sorted([fitted.outcome, *fitted.terms, *fitted.instruments], key=len, reverse=True):
            name, whole = self.name(code), rf"(?<![\w.]){re.escape(code)}(?![\w]|\.\w)"
            zh, en = re.sub(whole, lambda _: name.zh, zh), re.sub(whole, lambda _: in_sentence(name.en), en)  # noqa: B023
        return Label(re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", zh), en)

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
            causes = [(count, zh, en) for count, zh, en in lost if count]
            if causes:
                zh = "，".join(f"{zh} {count}" for count, zh, _ in causes)
                en = ", ".join(f"{count} {en}" for count, _, en in causes)
                notes.append(
                    Label(
                        f"第 {column} 列：{flow.offered} 行，{zh}，余 {flow.used} 行。",
                        f"Column {column}: {flow.offered} rows, {en}, {flow.used} used.",
                    )
                )
            for dropped in equation.fit.dropped:
                name = self.name(dropped.term)
                notes.append(
                    Label(
                        f"第 {column} 列：{name.zh}{dropped.reason_zh}，已略去。",
                        f"Column {column}: {name.en} {dropped.reason} and is left out.",
                    )
                )
            notes += [Label(warning.zh, warning.en) for warning in equation.fit.warnings]
        return list(dict.fromkeys(notes))


def _runs(places: Sequence[str]) -> list[str]:
    """Neighbouring columns of one panel together: A(1), A(2), A(3) as A(1)-(3)."""
    runs: list[list[str]] = []
    for place in places:
        panel, _, number = place.partition("(")
        before, _, last = runs[-1][-1].partition("(") if runs else ("", "", "")
        if runs and panel == before and int(number[:-1]) == int(last[:-1]) + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return [", ".join(run) if len(run) < 3 else f"{run[0]}\u2013({run[-1].partition('(')[2]}" for run in runs]
