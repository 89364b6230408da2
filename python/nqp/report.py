"""Assembles everything a run writes: pages, tables, tidy CSV files, the findings, and the hashes of the inputs."""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

import pandas as pd

from nqp.excel import workbook
from nqp.figures import estimate_figures, index_figures, robustness_figures
from nqp.latex import example, latex
from nqp.provenance import origins, series_table, specification_details
from nqp.render import DOWNLOADS, Details, Rows, Section, index_page, neutral, page, table_csv
from nqp.specifications import LAG, ConventionTable, RegressionTable, SensitivityTable
from nqp.study_tables import comparison_table, hypothesis_table, plural, ranking_table
from nqp.tables import Label, Language
from nqp.word import document
from nqp.words import in_sentence

if TYPE_CHECKING:
    from nqp.comparison import ComparedCell, Verdict
    from nqp.figures import Figure
    from nqp.marts import Marts
    from nqp.regressions import Estimates
    from nqp.robustness import Robustness
    from nqp.specifications import Specification
    from nqp.tables import Table

PAGES: dict[Language, str] = {"zh": "report.zh.html", "en": "report.en.html"}
COUNTS = ("observations", "n_obs")  # agree by construction, so they are not counted as agreement
LIBRARIES = ("duckdb", "pandas", "numpy", "linearmodels", "great-expectations", "jinja2", "altair", "vl-convert-python",
             "python-docx", "xlsxwriter")  # fmt: skip


def run_facts(marts: Marts, specification_text: str, covariance: str, tables: Sequence[str]) -> pd.DataFrame:
    """What the run rests on: hashes of its inputs, options and versions. No clock, so equal runs are equal."""
    digest = hashlib.sha256()
    for field in fields(marts):
        frame: pd.DataFrame = getattr(marts, field.name)
        digest.update(field.name.encode())
        digest.update(csv_bytes(frame))
    facts = {
        "marts_sha256": digest.hexdigest(),
        "specification_sha256": hashlib.sha256(specification_text.encode()).hexdigest(),
        "covariance": covariance,
        "tables": " ".join(tables),
        **{f"version_{name}": importlib.metadata.version(name) for name in LIBRARIES},
    }
    return pd.DataFrame({"fact": list(facts), "value": list(facts.values())})


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as UTF-8 CSV; numbers with all their digits, and no text that a spreadsheet would run."""
    buffer = io.StringIO()
    frame.map(neutral).to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()


def findings(
    specification: Specification,
    marts: Marts,
    estimates: Estimates,
    cells: Sequence[ComparedCell],
    verdicts: Sequence[Verdict],
) -> list[Label]:
    """The most important results in words, each made from the estimates: headlines, hypotheses, agreement."""
    names = {code: number + 1 for number, code in enumerate(table.code for table in specification.tables)}
    names_of = {
        row["variable_code"]: Label(row["name_zh"], row["name_en"])
        for row in marts.variables.to_dict("records")
    }
    told: list[Label] = []
    for address in specification.headlines:
        row = estimates.coefficient(address)
        equation = estimates.equation(address.table, address.panel, address.model)
        if row is None or equation is None:
            continue
        stars, p = row["stars"] or "", _p_value(row["p_value"])
        zh = f"表 {names[address.table]} 第 ({address.model}) 列"
        en = f"Table {names[address.table]}, column ({address.model})"
        lag = LAG.fullmatch(address.term)
        name = names_of[lag.group(2) if lag else address.term]
        method_zh, method_en = "最小二乘", "least squares"
        if equation.fit.effects:
            method_zh, method_en = "固定效应", "fixed effects"
        if equation.fit.is_iv:
            method_zh, method_en = "工具变量（2SLS）", "instrumented (2SLS)"
        zh += f"，{method_zh}：{name.zh}的系数 {_signed(row['estimate'])}{stars}（标准误 {row['std_error']:.3f}，{p}，N = {equation.fit.n_obs}）"
        en += f", {method_en}: coefficient of {in_sentence(name.en)} {_signed(row['estimate'])}{stars} (SE {row['std_error']:.3f}, {p}, N = {equation.fit.n_obs})"
        if row["p_wild"] == row["p_wild"]:  # not NaN
            zh += f"；野聚类自助法 {_p_value(row['p_wild'])}，CR2 {_p_value(row['p_cr2'])}"
            en += f"; wild cluster bootstrap {_p_value(row['p_wild'])}, CR2 {_p_value(row['p_cr2'])}"
        tests = estimates.diagnostics_by_model.get((address.table, address.panel, address.model), ())
        weak = next((test for test in tests if test.name == "cragg_donald_f"), None)
        if weak is not None:
            zh += f"；Cragg-Donald F {weak.value:.1f}"
            en += f"; Cragg-Donald F {weak.value:.1f}"
        printed = next(
            (
                cell.printed
                for cell in cells
                if (
                    cell.table_code,
                    cell.panel_code,
                    cell.model_code,
                    cell.equation,
                    cell.term,
                    cell.statistic,
                )
                == (address.table, address.panel, address.model, "main", address.term, "estimate")
            ),
            None,
        )
        if printed is not None:
            zh += f"；原文 {printed}"
            en += f"; the paper prints {printed}"
        told.append(Label(zh + "。", en + "."))
    if verdicts:
        zh = "；".join(
            f"{v.hypothesis.code} {v.label.zh}（{_signed(v.estimate)}，{_p_value(v.p_value)}）"
            for v in verdicts
        )
        en = "; ".join(
            f"{v.hypothesis.code} {v.label.en} ({_signed(v.estimate)}, {_p_value(v.p_value)})"
            for v in verdicts
        )
        told.append(Label(f"假说：{zh}。", f"Hypotheses: {en}."))
    told += [_index_finding(marts, code) for code in indices_of(marts)]
    compared = [cell for cell in cells if cell.agrees is not None and cell.statistic not in COUNTS]
    if compared:
        same = sum(bool(cell.agrees) for cell in compared)
        told.append(
            Label(
                f"与原文逐格比较的 {len(compared)} 个数字（不计观测数）中，{same} 个在印刷位数上相同。",
                f"Of {len(compared)} printed numbers compared (counts left out), {same} are the same at the printed digits.",
            )
        )
    return told


def indices_of(marts: Marts) -> list[str]:
    """The composite indices of the study; a sub-index has a dot in its code."""
    return [code for code in dict.fromkeys(marts.index_scores["index_code"]) if "." not in code]


def _index_finding(marts: Marts, index: str) -> Label:
    """Who is first and last in the last year, and what the index rests on most."""
    scores = marts.index_scores[marts.index_scores["index_code"] == index]
    last = int(scores["year"].max())
    now = scores[scores["year"] == last].sort_values(["rank", "entity_code"])
    names = marts.entities.set_index("entity_code")
    first, lowest = names.loc[now["entity_code"].iloc[0]], names.loc[now["entity_code"].iloc[-1]]
    weights = marts.indicators[marts.indicators["index_code"] == index]
    top = weights.loc[weights["effective_weight"].idxmax()]
    high, low, share = now["score"].iloc[0], now["score"].iloc[-1], top["effective_weight"]
    return Label(
        f"{top['index_name_zh']} {last} 年：{first['name_zh']}最高（{high:.3f}），{lowest['name_zh']}最低（{low:.3f}）；"
        f"有效权重最大的指标是{top['name_zh']}（{share:.1%}）。",
        f"{top['index_name_en']} {last}: highest {first['name_en']} ({high:.3f}), lowest {lowest['name_en']} ({low:.3f}); "
        f"the largest effective weight is that of {top['name_en']} ({share:.1%}).",
    )


def assemble(
    specification: Specification,
    marts: Marts,
    estimates: Estimates,
    robustness: Robustness,
    tables: Sequence[Table],
    cells: Sequence[ComparedCell],
    verdicts: Sequence[Verdict],
    frames: Mapping[str, pd.DataFrame],
    languages: Sequence[Language],
    more_sections: Sequence[Section] = (),
) -> dict[str, bytes]:
    """All files of the output folder, by relative path."""
    told = findings(specification, marts, estimates, cells, verdicts)
    sections = [
        *_index_sections(marts, languages),
        *_table_sections(specification, marts, estimates, robustness, tables, languages),
    ]
    if verdicts:
        sections.append(Section("verdicts", Label("假说", "Hypotheses"), (), (hypothesis_table(verdicts),)))
    if cells:
        compared = comparison_table(specification, cells, estimates, marts)
        sections.append(
            Section("published", Label("与原文比较", "Comparison with the paper"), (), (compared,))
        )
    sections.extend(more_sections)
    series, ids = series_table(marts)
    title = Label("数据与来源", "Data and provenance")
    sections.append(Section("data", title, (), (series,), rows={series.code: Rows(ids=ids, sorts=True)}))
    lead = [text for text in (specification.description, _sample_sentence(specification, marts)) if text]
    footer = [(Label.both(row["fact"]), row["value"]) for row in frames["runs"].to_dict("records")]
    pages = {language: PAGES[language] for language in languages}
    files: dict[str, bytes] = {}
    for language, name in pages.items():
        files[name] = page(
            language,
            title=specification.title,
            sections=sections,
            lead=lead,
            findings=told,
            footer=footer,
            pages=pages,
            downloads=DOWNLOADS,
        ).encode()
    files["index.html"] = index_page(
        title=specification.title, pages=pages, lead=lead, findings=told
    ).encode()
    everything = [table for section in sections for table in section.tables]
    for table in everything:
        files |= table_files(table, languages)
    files["tables/tables.xlsx"] = workbook(everything, languages)
    for language in languages:
        codes = [table.code for table in everything]
        files[f"tables/example.{language}.tex"] = example(codes, language, f".{language}.tex").encode()
    for figure in (figure for section in sections for figure in _figures_of(section)):
        files[f"figures/{figure.code}.csv"] = csv_bytes(figure.data)
    for name, frame in frames.items():
        files[f"estimates/{name}.csv"] = csv_bytes(frame)
    files["findings.txt"] = _plain_findings(told, languages).encode()
    return files


def table_files(table: Table, languages: Sequence[Language]) -> dict[str, bytes]:
    """One table in every format, by relative path."""
    files = {f"tables/{table.code}.csv": table_csv(table).encode()}
    for language in languages:
        name = f"tables/{table.code}.{language}"
        files[f"{name}.docx"] = document(table, language)
        files[f"{name}.xlsx"] = workbook([table], [language])
        files[f"{name}.tex"] = latex(table, language).encode()
    return files


def _index_sections(marts: Marts, languages: Sequence[Language]) -> list[Section]:
    """Scores with what stands behind each, their course, and the weights."""
    figures = index_figures(marts, languages)

    def kinds(*wanted: str) -> tuple[Figure, ...]:
        return tuple(figure for figure in figures if figure.code.split("-")[0] in wanted)

    rankings, after, rows = [], {}, {}
    for index in indices_of(marts):
        ranking, behind = ranking_table(marts, index), origins(marts, index)
        rankings.append(ranking)
        after[ranking.code] = behind
        rows[ranking.code] = Rows(links=tuple(one.id for one in behind), sorts=True)
    paragraph = Label(
        "名称链接到该得分背后的指标数值、权重与年鉴数据。",
        "A name leads to the indicator values, weights and yearbook cells behind its score.",
    )
    found = [
        Section(
            "scores",
            Label("指数得分", "Index scores"),
            (paragraph,),
            tuple(rankings),
            kinds("map", "years"),
            after=after,
            rows=rows,
        ),
        Section(
            "course",
            Label("时序与分布", "Course and distribution"),
            figures=kinds("trends", "ranks", "spread"),
        ),
        Section("weights", Label("权重", "Weights"), figures=kinds("weights")),
    ]
    return [section for section in found if section.tables or section.figures]


def _table_sections(
    specification: Specification,
    marts: Marts,
    estimates: Estimates,
    robustness: Robustness,
    tables: Sequence[Table],
    languages: Sequence[Language],
) -> list[Section]:
    """The tables of the study, those about one coefficient in a section of their own, each with its figures."""
    figures = [
        *estimate_figures(specification, marts, estimates, languages),
        *robustness_figures(specification, marts, robustness, languages),
    ]
    specs = {spec.code: spec for spec in specification.tables}
    after: dict[str, tuple[Figure | Details, ...]] = {}
    for table in tables:
        spec = specs.get(table.code)
        below: list[Figure | Details] = []
        if isinstance(spec, RegressionTable):
            below += specification_details(spec, marts, estimates)
        below += [figure for figure in figures if figure.code.endswith(f"-{table.code}")]
        after[table.code] = tuple(below)
    probes = [
        table for table in tables if isinstance(specs.get(table.code), ConventionTable | SensitivityTable)
    ]
    found = [
        Section(
            "tables", Label("表", "Tables"), (), tuple(t for t in tables if t not in probes), after=after
        ),
        Section("robustness", Label("稳健性", "Robustness"), (), tuple(probes), after=after),
    ]
    return [section for section in found if section.tables]


def _figures_of(section: Section) -> list[Figure]:
    below = [item for items in section.after.values() for item in items if not isinstance(item, Details)]
    own = {table.code for table in section.tables}
    return [*section.figures, *(f for f in below if any(f.code.endswith(f"-{code}") for code in own))]


def _sample_sentence(specification: Specification, marts: Marts) -> Label:
    panel = marts.regression_panel
    entities, years = panel["entity_code"].nunique(), panel["year"]
    entity = specification.entity
    return Label(
        f"样本：{entities} 个{entity.zh}，{years.min()}—{years.max()} 年，{len(panel)} 个观测。",
        f"Sample: {entities} {plural(entity.en)}, {years.min()}-{years.max()}, {len(panel)} observations.",
    )


def _plain_findings(told: Sequence[Label], languages: Sequence[Language]) -> str:
    """The three most important findings, as a terminal shows them."""
    return (
        "\n".join(
            f"{i + 1}. {text.in_(language)}" for language in languages for i, text in enumerate(told[:3])
        )
        + "\n"
    )


def _signed(value: float) -> str:
    """Three decimals with a true minus sign."""
    return f"{value:.3f}".replace("-", "\u2212")


def _p_value(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
