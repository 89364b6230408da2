"""Everything a run writes: pages, tables, figures, tidy CSV files, the findings, and the hashes of the inputs."""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

import pandas as pd

from nqp.document.exhibits import FILE as EXHIBITS
from nqp.document.exhibits import Exhibits, as_json, drawing_file, numbered, picture
from nqp.document.figure import Figure
from nqp.document.table import Table
from nqp.formats.csv import csv_bytes, marked, table_csv
from nqp.formats.excel import workbook
from nqp.formats.html import DOWNLOADS, anchors_of, index_page, page
from nqp.formats.latex import example, has_chinese, latex
from nqp.formats.svg import specification as vega_lite
from nqp.formats.svg import svg
from nqp.formats.word import document
from nqp.language.labels import Label, Language
from nqp.language.words import named, plural
from nqp.report.citation import citation
from nqp.report.headlines import findings, plain_findings
from nqp.report.limits import limits
from nqp.report.methods_text import methods_files
from nqp.report.plain import plain_answer
from nqp.report.sections import Results, part_names, sections_of
from nqp.workers import Workers

if TYPE_CHECKING:
    from nqp.estimates.multiverse import Universe
    from nqp.study.marts import Marts
    from nqp.study.specification import Specification

LONG = 10_000  # rows from which a tidy CSV file is compressed
LIBRARIES = ("duckdb", "pandas", "numpy", "linearmodels", "great-expectations", "jinja2", "altair", "vl-convert-python",
             "python-docx", "xlsxwriter")  # fmt: skip


def run_facts(
    marts: Marts,
    specification: Specification,
    covariance: str,
    engine: str,
    tables: Sequence[str],
    universe: Universe | None = None,
) -> pd.DataFrame:
    """What the run rests on: hashes of its inputs, options and versions. No clock, so equal runs are equal."""
    digest = hashlib.sha256()
    for field in fields(marts):
        frame: pd.DataFrame | None = getattr(marts, field.name)
        if frame is None:  # a large panel: its hash stands in ``extent``
            continue
        digest.update(field.name.encode())
        digest.update(csv_bytes(frame))
    facts = {
        "marts_sha256": digest.hexdigest(),
        **(universe.facts() if universe else {}),
        "specification_sha256": specification.sha256,
        "covariance": covariance,
        "engine": engine,
        "tables": " ".join(tables),
        **{f"version_{name}": importlib.metadata.version(name) for name in LIBRARIES},
    }
    return pd.DataFrame({"fact": list(facts), "value": list(facts.values())})


def assemble(results: Results, languages: Sequence[Language]) -> dict[str, bytes]:
    """All files of the output folder, by relative path; drawings and tables are made by several processes."""
    specification, marts = results.specification, results.marts
    with Workers() as workers:
        sections = sections_of(results)
        blocks = [block for section in sections for block in section.blocks()]
        tables = [block for block in blocks if isinstance(block, Table)]
        figures = [block for block in blocks if isinstance(block, Figure)]
        specifications = {
            (figure.code, language): vega_lite(figure, language)
            for figure in figures
            for language in languages
        }
        drawings = {
            (code, language): workers.begin(svg, drawn, language, code)
            for (code, language), drawn in specifications.items()
        }
        pieces = [workers.begin(frame_files, name, frame) for name, frame in results.frames.items()]
        pieces += [workers.begin(table_files, table, languages) for table in tables]

        files: dict[str, bytes] = {}
        for figure in figures:
            files[f"figures/{figure.code}.csv"] = marked(csv_bytes(figure.data))
            for language in languages:
                files[drawing_file(figure, language)] = specifications[figure.code, language].encode()
        order = {figure.code: place for place, figure in enumerate(figures, start=1)}
        items = tuple(
            picture(block, order[block.code], tuple(languages)) if isinstance(block, Figure) else block
            for block in blocks
            if isinstance(block, Figure | Table)
        )
        files[EXHIBITS] = as_json(
            Exhibits(specification.title, specification.entity, tuple(languages), numbered(items))
        )
        files["tables/tables.xlsx"] = workbook(tables, languages)
        for language in languages:
            codes = [table.code for table in tables]
            chinese = any(has_chinese(table, language) for table in tables)
            files[f"tables/example.{language}.tex"] = example(
                codes, language, f".{language}.tex", chinese=chinese
            ).encode()
        for written in reversed(pieces):  # from the end that the workers have not come to
            files |= written()

        files |= methods_files(results, languages)
        main_findings = findings(results)
        cautions = limits(specification, marts, results.estimates)
        entity = specification.entity
        answer = named(
            plain_answer(specification, marts, results.estimates, results.influence, results.universe), entity
        )
        files["findings.txt"] = plain_findings(answer, main_findings, entity, languages).encode()
        sample = _sample_sentence(specification, marts)
        cited = citation(specification.paper)
        lead = [text for text in (answer, specification.description, sample, cited) if text]
        footer = [
            (Label.both(row["fact"]), row["value"]) for row in results.frames["runs"].to_dict("records")
        ]
        parts = {
            name: [section for section in sections if section.page == name]
            for name in part_names(specification.entity)
        }
        parts = {name: found for name, found in parts.items() if found or not name}
        names = part_names(specification.entity)
        places = {anchor: section.page for section in sections for anchor in anchors_of(section)}
        for part, found in parts.items():
            pages = {language: page_name(part, language) for language in languages}
            for language, name in pages.items():
                files[name] = page(
                    language,
                    title=specification.title,
                    sections=found,
                    lead=() if part else lead,
                    findings=() if part else main_findings,
                    limits=() if part else cautions,
                    footer=() if part else footer,
                    pages=pages,
                    downloads=DOWNLOADS,
                    draw=lambda figure, language: drawings[figure.code, language](),
                    parts=[
                        (names[code], "" if code == part else page_name(code, language)) for code in parts
                    ],
                    elsewhere={
                        anchor: page_name(place, language)
                        for anchor, place in places.items()
                        if place != part
                    },
                ).encode()
        for language in languages:
            told = [
                text.in_(language)
                for text in (answer, *(one.text for one in main_findings), *cautions)
                if text
            ]
            files[f"findings.{language}.txt"] = ("\n".join(told) + "\n").encode()
        links = {language: _links(language, parts, names, tables) for language in languages}
        files["index.html"] = index_page(
            title=specification.title,
            pages={language: page_name("", language) for language in languages},
            lead=lead,
            findings=main_findings,
            limits=cautions,
            links=links,
        ).encode()
    return files


def page_name(part: str, language: Language) -> str:
    """The file of a page of the report; the first one is the report itself."""
    return f"{part or 'report'}.{language}.html"


def _links(
    language: Language, parts: Iterable[str], names: Mapping[str, Label], tables: Sequence[Table]
) -> list[tuple[Label, str]]:
    """What the first page offers beside the report: its other pages, all tables as one workbook, the data."""
    found = [(names[part], page_name(part, language)) for part in parts if part]
    if tables:
        found.append((Label("全部表格（Excel）", "All tables (Excel)"), "tables/tables.xlsx"))
        found.append((Label("LaTeX 示例", "LaTeX example"), f"tables/example.{language}.tex"))
    found.append((Label("主要发现（文本）", "Findings (text)"), f"findings.{language}.txt"))
    found.append((Label("文件清单", "List of files"), "manifest.json"))
    return found


def frame_files(name: str, frame: pd.DataFrame) -> dict[str, bytes]:
    """A tidy result as CSV, compressed where it is long, by relative path."""
    content = csv_bytes(frame)
    if len(frame) > LONG:
        return {f"estimates/{name}.csv.gz": gzip.compress(content, 6, mtime=0)}
    return {f"estimates/{name}.csv": marked(content)}


def table_files(table: Table, languages: Sequence[Language]) -> dict[str, bytes]:
    """One table in every format, by relative path."""
    files = {f"tables/{table.code}.csv": marked(table_csv(table).encode())}
    for language in languages:
        name = f"tables/{table.code}.{language}"
        files[f"{name}.docx"] = document(table, language)
        files[f"{name}.xlsx"] = workbook([table], [language])
        files[f"{name}.tex"] = latex(table, language).encode()
    return files


def _sample_sentence(specification: Specification, marts: Marts) -> Label:
    panel, entity = marts.extent.iloc[0], specification.entity
    entities, rows, first, last = (
        int(panel[name]) for name in ("entities", "observations", "first_year", "last_year")
    )
    return Label(
        f"样本：{entities} 个{entity.zh}，{first}—{last} 年，{rows} 个观测。",
        f"Sample: {entities} {plural(entity.en)}, {first}-{last}, {rows} observations.",
    )
