"""The sections of the report, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nqp.document.naming import with_entity
from nqp.document.page import Entry, Rows, Section, table_id
from nqp.econometrics.terms import factors
from nqp.figures.index import index_figures
from nqp.figures.multiverse import multiverse_figures
from nqp.figures.regressions import estimate_figures
from nqp.figures.robustness import robustness_figures
from nqp.language.labels import Label, joined
from nqp.language.words import plural
from nqp.report.answer import answer
from nqp.report.evidence import evidence_details
from nqp.report.provenance import origin_id, origins, series_table, specification_details
from nqp.study.names import main_indices, own_indices, ranked
from nqp.study.specification import (
    AgreementTable,
    ConventionTable,
    IndexAgreementTable,
    IndicatorTable,
    SensitivityTable,
)
from nqp.tables.comparison import AGREEING, comparison_tables, hypothesis_table
from nqp.tables.descriptives import ranking_table
from nqp.tables.influence import influence_table, interval_table
from nqp.tables.methods import methods_table
from nqp.tables.multiverse import RANKS, multiverse_tables
from nqp.tables.without import without_table

if TYPE_CHECKING:
    import pandas as pd

    from nqp.document.table import Table
    from nqp.econometrics.influence import Influence
    from nqp.estimates.comparison import ComparedCell, Verdict
    from nqp.estimates.multiverse import Universe
    from nqp.estimates.regressions import Estimates
    from nqp.estimates.robustness import Robustness
    from nqp.study.evidence import Evidence
    from nqp.study.marts import Marts
    from nqp.study.specification import Specification


@dataclass(frozen=True, eq=False)
class Results:
    """All that a report is made of. ``frames`` are the tidy results that go to the database and to CSV."""

    specification: Specification
    marts: Marts
    estimates: Estimates
    robustness: Robustness
    tables: Sequence[Table]
    cells: Sequence[ComparedCell]
    verdicts: Sequence[Verdict]
    frames: Mapping[str, pd.DataFrame]
    audit: Sequence[Section] = ()
    universe: Universe | None = None
    evidence: Evidence | None = None
    influence: Influence | None = None
    over_recipes: pd.DataFrame | None = None
    without: pd.DataFrame | None = None


def sections_of(results: Results) -> list[Section]:
    """All sections in order; another part of the report is one more line here. What is empty is left out."""
    sections = (
        *table_sections(results),
        *index_sections(results.marts),
        rank_section(results),
        profile_section(results.marts, results.specification.entity),
        measure_section(results),
        data_section(results.marts, results.evidence),
        comparison_section(results),
        *(replace(section, page="audit") for section in results.audit),
        methods_section(results),
    )
    entity = results.specification.entity
    return [with_entity(section, entity) for section in sections if any(True for _ in section.blocks())]


def part_names(entity: Label) -> dict[str, Label]:
    """The pages of a report in order, the first one under a blank name."""
    return {
        "": Label("结果", "Results"),
        "scores": Label("指数得分", "Scores"),
        "profiles": Label(f"各{entity.zh}", plural(entity.en).capitalize()),
        "data": Label("数据与来源", "Data"),
        "comparison": Label("与原文比较", "Comparison"),
        "audit": Label("审核", "Audit"),
        "methods": Label("方法", "Methods"),
    }


def index_sections(marts: Marts) -> list[Section]:
    """Scores with what stands behind each, their course, and the weights."""
    figures = index_figures(marts)

    maps = tuple(figure for figure in figures if figure.kind in ("map", "years"))
    weights = tuple(figure for figure in figures if figure.kind == "weights")
    course = tuple(figure for figure in figures if figure.kind not in ("map", "years", "weights"))
    rankings, rows = [], {}
    main = main_indices(marts)
    for index in sorted(own_indices(marts), key=lambda code: code not in main):
        ranking = ranking_table(marts, index)
        rankings.append(ranking)
        # what stands behind every score is long: it is shown for the indices that the study is about
        known = {one.id for one in origins(marts, index)} if index in main else set()
        links = [origin_id(index, entity) for entity in ranked(marts, index)]
        rows[ranking.code] = Rows(
            links=tuple(one if one in known else "" for one in links), sorts=True, groups="group"
        )
    paragraph = Label(
        "名称链接到该得分背后的指标数值、权重与原始数据。",
        "A name leads to the indicator values, weights and published figures behind its score.",
    )
    return [
        Section(
            "scores",
            Label("指数得分", "Index scores"),
            (paragraph,),
            tuple(rankings),
            maps,
            rows=rows,
            page="scores",
        ),
        Section(
            "course",
            Label("时序与分布", "Course and distribution"),
            figures=course,
            page="scores",
        ),
        Section("weights", Label("权重", "Weights"), figures=weights, page="scores"),
    ]


def profile_section(marts: Marts, entity: Label) -> Section:
    """What stands behind every score of the main indices, one entry per entity."""
    found = tuple(one for index in main_indices(marts) for one in origins(marts, index))
    title = Label(f"各{entity.zh}得分的来历", f"What stands behind the score of each {entity.en}")
    return Section("profiles", title, details=found, page="profiles")


def table_sections(results: Results) -> list[Section]:
    """The tables of the study, those about one coefficient in a section of their own, each with its figures."""
    specification, marts, tables = results.specification, results.marts, results.tables
    figures = (
        *estimate_figures(specification, marts, results.estimates),
        *robustness_figures(specification, marts, results.robustness),
    )
    specs = {spec.code: spec for spec in specification.tables}
    after = {
        spec.code: specification_details(spec, marts, results.estimates, specification.entity)
        for spec in specification.regression_tables
        if spec.code in {table.code for table in tables}
    }
    probes = tuple(t for t in tables if isinstance(specs.get(t.code), ConventionTable | SensitivityTable))
    others = tuple(table for table in tables if table not in probes)
    influential = (
        ()
        if results.influence is None
        else (influence_table(results.influence, marts, specification.entity),)
    )
    # the table of the first headline comes first; what is measured how is read beside the data
    first = specification.headlines[0].table if specification.headlines else ""
    answer_tables = tuple(table for table in others if table.code == first)
    measured = measure_codes(specification)
    rest = tuple(table for table in others if table.code != first and table.code not in measured)
    moved = tuple(_link(table) for table in others if table.code in measured)
    return [
        Section("main-result", Label("主要结果", "Main result"), (), answer_tables, figures, after=after),
        hypothesis_section(results),
        Section("tables", Label("各表", "Tables"), (), rest, figures, after=after, links=moved),
        Section("robustness", Label("稳健性", "Robustness"), (), (*probes, *influential), figures),
        multiverse_section(results),
    ]


def measure_codes(specification: Specification) -> set[str]:
    """The tables on how indicators are measured, but for the system of the index that the first headline is about."""
    main = factors(specification.headlines[0].term)[0].column if specification.headlines else ""
    return {
        table.code
        for table in specification.tables
        if isinstance(table, AgreementTable | IndexAgreementTable)
        or (isinstance(table, IndicatorTable) and main and table.index != main.partition(".")[0])
    }


def measure_section(results: Results) -> Section:
    """What is measured how, beside other measures of the same."""
    codes = measure_codes(results.specification)
    tables = tuple(table for table in results.tables if table.code in codes)
    if results.universe is not None and results.without is not None:
        shown = without_table(results.without, results.universe, results.marts)
        tables += (shown,) if shown else ()
    title = Label("度量与定义", "Measures and definitions")
    return Section("measures", title, (), tables, page="data")


def _link(table: Table) -> Entry:
    """Where a table stands on another page."""
    return Entry(joined(table.number, table.title), table_id(table.code))


def multiverse_section(results: Results) -> Section:
    """What the choices behind the index do to coefficient, ranks and scores."""
    title = Label("选择有多重要？", "How much does the choice matter?")
    if (universe := results.universe) is None:
        return Section("multiverse", title)
    intervals = interval_table(universe, results.marts, results.specification.entity)
    tables = (*multiverse_tables(universe, results.marts), *([intervals] if intervals else []))
    figures = multiverse_figures(universe, results.marts)
    here = tuple(table for table in tables if table.code != RANKS)
    links = tuple(_link(table) for table in tables if table.code == RANKS)
    return Section("multiverse", title, answer(universe, results.marts), here, figures, links=links)


def rank_section(results: Results) -> Section:
    """How sure the ranks are, beside the scores."""
    title = Label("位次有多确定？", "How sure are the ranks?")
    if (universe := results.universe) is None:
        return Section("ranks", title)
    tables = tuple(t for t in multiverse_tables(universe, results.marts) if t.code == RANKS)
    figures = tuple(f for f in multiverse_figures(universe, results.marts) if f.table == RANKS)
    return Section("ranks", title, (), tables, figures, page="scores")


def hypothesis_section(results: Results) -> Section:
    """The verdicts on the hypotheses."""
    tables = (hypothesis_table(results.verdicts, results.over_recipes),) if results.verdicts else ()
    return Section("verdicts", Label("假说", "Hypotheses"), (), tables)


def comparison_section(results: Results) -> Section:
    """The printed numbers beside ours."""
    tables: tuple[Table, ...] = ()
    if results.cells:
        tables = comparison_tables(results.specification, results.cells, results.estimates, results.marts)
    same = next((table for table in tables if table.code == AGREEING), None)
    rows = 0 if same is None else sum(len(block.rows) for block in same.blocks)
    folded = {AGREEING: Label(f"与原文相同：{rows} 行", f"The same as printed: {rows} rows")}
    title = Label("与原文比较", "Comparison with the paper")
    return Section("published", title, (), tables, folded=folded, page="comparison")


def data_section(marts: Marts, evidence: Evidence | None) -> Section:
    """Every series with its source."""
    series, ids = series_table(marts)
    title = Label("数据与来源", "Data and provenance")
    details = evidence_details(marts, evidence)
    rows = {series.code: Rows(ids=ids, sorts=True)}
    return Section("data", title, (), (series,), details=details, rows=rows, page="data")


def methods_section(results: Results) -> Section:
    """Every step with its formula, its rules and its source."""
    table = methods_table(
        results.estimates,
        results.robustness,
        results.specification.resampling,
        results.marts.baseline,
        has_multiverse=results.universe is not None,
    )
    return Section("methods", table.title, (), (table,), page="methods")
