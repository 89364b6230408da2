"""The pages of a deposit: README in two languages, checklist, citation file, sources as data; nothing in them is typed in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nqp.deposit.checklist import Item
from nqp.deposit.facts_file import Facts, Source
from nqp.deposit.replication import Measured
from nqp.deposit.traces import Trace
from nqp.language.labels import Label, Language
from nqp.study.names import text_of

if TYPE_CHECKING:
    import pandas as pd

    from nqp.study.specification import Specification

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "deposit"
READMES: dict[Language, str] = {"en": "README.md", "zh": "README.zh-CN.md"}
CHECKLISTS: dict[Language, str] = {"en": "CHECKLIST.md", "zh": "CHECKLIST.zh-CN.md"}
DERIVED = "derived"  # what marts.series calls the source of a computed series
WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "Checklist of a data editor", "lead": "{} of {} are met; the rest waits for a person.",
        "item": "demand", "evidence": "evidence, or what to do", "met": "met", "person": "**to do**",
    },
    "zh": {
        "title": "数据编辑检查清单", "lead": "{1} 项中 {0} 项已满足，其余须由人完成。",
        "item": "要求", "evidence": "依据，或须做的事", "met": "已满足", "person": "**待办**",
    },
}  # fmt: skip
# What a file of a study holds, by the start of its name.
CONTENT = {
    "raw_observations": Label(
        "观测值：每个个体、年份、序列一行", "observations, a row per entity, year and series"
    ),
    "def_series": Label("序列：名称、单位、来源、口径", "series with name, unit, source, vintage"),
    "def_derived_series": Label("由其他序列推算的序列", "series computed from others"),
    "def_entities": Label("个体及其组别", "entities and their groups"),
    "def_groups": Label("组别", "groups of entities"),
    "def_indices": Label("指数及其年份", "indices and their years"),
    "def_dimensions": Label("指数的维度", "dimensions of an index"),
    "def_indicators": Label("指标：定义与度量", "indicators, how they are defined and measured"),
    "def_variables": Label("回归变量", "variables of the regressions"),
    "def_specs": Label("构建指数的各种方案", "ways of building the index"),
    "pub_": Label("已发表论文的印刷数字，供比较", "numbers that a published paper prints, for comparison"),
    "specifications": Label("估计什么、如何显示", "what is estimated and how it is shown"),
    "deposit": Label("作者与各来源的条款", "authors, and the terms of the sources"),
    "decisions": Label("建立研究时的决定", "decisions taken when the study was made"),
    "import_log": Label("导入记录", "what was imported from where"),
}


@dataclass(frozen=True)
class Material:
    """All that the pages of one deposit say."""

    study: str
    specification: Specification
    facts: Facts
    series: pd.DataFrame
    extent: Mapping[str, Any]
    traces: Sequence[Trace]
    runs: Mapping[str, str]
    variables: Mapping[str, Any]
    programs: Sequence[tuple[str, str]]
    data: Mapping[str, bytes]
    size: int
    licence: str
    python: str
    measured: Measured | None
    references: Sequence[str]


def sources_of(material: Material) -> list[dict[str, Any]]:
    """The sources of the observed series in the order of the alphabet, with what is taken from each and its terms."""
    observed = material.series[~material.series["is_derived"]]
    found = []
    for name, rows in observed.groupby("source", sort=True):
        first, last = rows["first_year"].min(), rows["last_year"].max()
        found.append(
            {
                "name_en": str(name), "name_zh": text_of(rows["source_zh"].iloc[0]) or str(name), "series": len(rows),
                "cells": int(rows["cells"].sum()), "years": f"{first:.0f}-{last:.0f}" if first == first else "",
                "terms": material.facts.of(str(name)),
            }
        )  # fmt: skip
    return found


def unsettled(material: Material) -> list[dict[str, Any]]:
    """The sources whose terms nobody has stated."""
    return [one for one in sources_of(material) if not _is_settled(one["terms"])]


def _is_settled(terms: Source) -> bool:
    return terms.rights != "unknown" and bool(terms.licence)


def readme(material: Material, language: Language) -> bytes:
    """README of a deposit in one language."""
    sources, without = sources_of(material), unsettled(material)
    specification = material.specification
    seconds = material.measured.seconds if material.measured else 0.0
    return _rendered(
        f"README.{language}.md.j2", study=material.study, title=specification.title.in_(language),
        entity=specification.entity.in_(language), authors=_authors(material.facts), facts=material.facts,
        extent=material.extent, sources=sources, series=_series(material), exhibits=material.traces,
        unknown=[one["name_en"] for one in without], unknown_zh=[one["name_zh"] for one in without],
        data=_data(material), python=material.python, randomness=_randomness(material), measured=material.measured,
        versions=[(name.removeprefix("version_"), value) for name, value in material.runs.items() if name.startswith("version_")],
        minutes=f"{seconds / 60:.1f} minutes", minutes_zh=f"{seconds / 60:.1f} 分钟", size=_size(material.size),
        programs=material.programs, licence=material.licence, references=material.references,
    )  # fmt: skip


def checklist_page(items: Sequence[Item], language: Language) -> bytes:
    """The checklist as a page."""
    met = sum(item.is_met for item in items)
    return _rendered(
        "checklist.md.j2", language=language, words=WORDS[language], items=items, met=met, total=len(items)
    )


def sources_csv(material: Material) -> bytes:
    """The sources with their terms as data."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        ("source", "source_zh", "series", "cells", "licence", "redistribution", "url", "accessed", "citation")
    )
    for one in sources_of(material):
        terms: Source = one["terms"]
        writer.writerow(
            (one["name_en"], one["name_zh"], one["series"], one["cells"], terms.licence, terms.rights, terms.url, terms.accessed, terms.citation)
        )  # fmt: skip
    return stream.getvalue().encode()


def citation_file(material: Material, version: str) -> bytes:
    """CITATION.cff of the deposit; its texts are JSON strings, which YAML reads."""
    title = material.specification.title.in_("en")
    lines = [
        "cff-version: 1.2.0",
        "message: Please cite this package, and the sources of its data as its README says.",
        f"title: {json.dumps(f'{title}: data, code and output', ensure_ascii=False)}",
        "type: dataset",
        "authors:",
    ]
    for author in material.facts.authors:
        lines.append(f"  - name: {json.dumps(author.name, ensure_ascii=False)}")
        for key, value in (
            ("affiliation", author.affiliation),
            ("orcid", author.orcid),
            ("email", author.email),
        ):
            if value:
                lines.append(f"    {key}: {json.dumps(value, ensure_ascii=False)}")
    if not material.facts.authors:
        lines.append('  - name: "The authors of the study"')
    lines += [f"version: {json.dumps(version)}", f"license: {json.dumps(material.licence)}"]
    lines += [f"doi: {json.dumps(material.facts.doi)}"] if material.facts.doi else []
    return ("\n".join(lines) + "\n").encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=False, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["cell"] = lambda text: str(text).replace("|", "\\|").replace("\n", " ")
    return environment


def _rendered(name: str, **context: Any) -> bytes:
    return _environment().get_template(name).render(**context).encode()


def _authors(facts: Facts) -> str:
    return "; ".join(
        f"{one.name}{f' ({one.affiliation})' if one.affiliation else ''}" for one in facts.authors
    )


def _series(material: Material) -> list[dict[str, str]]:
    """The series with blanks where a text is absent; what is computed says how."""
    found = []
    for row in material.series.to_dict("records"):
        texts = {str(key): text_of(value).replace("|", "\\|") for key, value in row.items()}
        for language, source in (("", "source"), ("_zh", "source_zh")):
            texts[f"unit{language}"] = texts.get(f"unit{language}") or texts["unit"]
            texts[f"vintage{language}"] = texts.get(f"vintage{language}") or texts["vintage"]
            texts[source] = texts.get(source) or texts["source"]
        if row["is_derived"]:
            texts["source"] = texts["source_zh"] = f"`{texts['formula']}`"
        first, last = row["first_year"], row["last_year"]
        found.append({**texts, "years": f"{first:.0f}-{last:.0f}" if first == first else ""})
    return found


def _data(material: Material) -> list[dict[str, str]]:
    found = []
    for path, content in sorted(material.data.items()):
        name = path.rsplit("/", 1)[-1]
        what = next((label for start, label in CONTENT.items() if name.startswith(start)), Label.both(""))
        found.append({"path": path, "what_en": what.en, "what_zh": what.zh, "size": _size(len(content))})
    return found


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):.1f} kB"


def _randomness(material: Material) -> Label:
    resampling, variables = material.specification.resampling, material.variables
    return Label(
        f"种子固定：回归的重抽样用种子 {resampling.seed}（自助抽样 {resampling.bootstrap_draws} 次，置换 {resampling.permutation_draws} 次），"
        f"指数的自助抽样与 Dirichlet 权重（如有）用种子 {variables['seed']}（各 {variables['draws']} 次）。线性代数与 DuckDB 各用一个线程，故同样的输入得到同样的字节。",
        f"Seeds are fixed: resampling of the regressions has seed {resampling.seed} ({resampling.bootstrap_draws} bootstrap draws, "
        f"{resampling.permutation_draws} permutations), the bootstrap of the index and the Dirichlet weights, where there are any, have seed {variables['seed']} "
        f"({variables['draws']} draws each). Linear algebra and DuckDB run on one thread, so equal inputs give equal bytes.",
    )
