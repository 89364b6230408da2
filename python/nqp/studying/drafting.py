"""A whole study out of tidy figures and decisions, or out of the sheets a workbook gives: what is missing is drafted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nqp.errors import StudyError
from nqp.language.labels import Label
from nqp.studying.coverage import widest_window
from nqp.studying.decisions import DIMENSION, INDEX, Decision, is_chinese
from nqp.studying.files import Sheet, Study, with_all_files
from nqp.studying.layout import OBSERVATIONS, header_of, study_files
from nqp.studying.tables_sheet import STUDY_HEADER, TABLE_HEADER, specification_of

if TYPE_CHECKING:
    import pandas as pd

NOT_STATED = Label("未注明", "not stated")
ALL = "all"
_MAY_BE_BLANK = ("name_zh", "name_en", "symbol", "denominator_series", "multiplier", "transform")
_FEWEST = 5  # entities from which leaving one out says something; of two, one alone is no panel
INDEX_NAME = Label("综合指数", "Composite index")
_ALL_NAME = Label("全部", "All")

# The baseline that the fast chain computes, and a design of ways that any study of a few hundred rows can afford.
SPECS = Sheet(
    (
        "spec_code", "name_zh", "name_en", "normalization", "shift", "pool", "weighting", "aggregation", "ideal", "divisor",
        "left_out", "is_baseline", "is_wrong", "note",
    ),
    (
        ("baseline", "基准", "Baseline", "min_max", "0", "all_years", "entropy", "topsis", "pooled", "ln_rows", "", "true", "", ""),
        ("ways", "各种方案", "Ways", "min_max|vector", "0", "all_years|base_year", "entropy|equal|critic", "topsis|linear", "pooled", "ln_rows", "none|each", "", "", ""),
        ("each_year", "逐年标准化", "Normalized within each year", "min_max", "0", "per_year", "entropy|equal|critic", "topsis", "per_year", "ln_rows", "", "", "", ""),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Naming:
    """What the study, its entities and its main index are called."""

    title: Label
    entity: Label
    index: Label = INDEX_NAME


def draft_study(
    figures: pd.DataFrame,
    entities: Sequence[Mapping[str, str]],
    decisions: Sequence[Decision],
    years: tuple[int, int],
    naming: Naming,
    missing: str = "",
) -> Study:
    """The study of tidy figures; ``missing`` is the rule of its indices for an entity-year that lacks an indicator.

    ``figures``: columns entity_code, year, series_code, value, note, all text, one row per key; only of the entities given.
    ``entities``: entity_code, names, group_code, group_zh, group_en, perhaps tile_row and tile_column.
    """
    kept = [item for item in decisions if item.use != "unused"]
    series = list({item.code: item for item in kept}.values())
    sheets = {
        "def_groups": _groups(entities),
        "def_entities": Sheet.of(header_of("def_entities"), ({**row, "group_code": row.get("group_code") or ALL} for row in entities)),
        "def_series": Sheet.of(header_of("def_series"), (series_row(item) for item in series)),
        "def_indicators": Sheet.of(header_of("def_indicators"), _indicators(kept)),
        "def_variables": Sheet.of(header_of("def_variables"), _variables(kept)),
        OBSERVATIONS: Sheet(
            header_of(OBSERVATIONS),
            tuple(zip(*(figures[name].tolist() for name in ("entity_code", "year", "series_code", "value", "note")), strict=True)),
        ),
    }  # fmt: skip
    return complete(Study(sheets, ""), naming, years, missing)


def complete(study: Study, naming: Naming, years: tuple[int, int] | None = None, missing: str = "") -> Study:
    """The study with every file that is missing drafted from those that are there. Raises StudyError."""
    sheets = {name: sheet for name, sheet in study.sheets.items() if sheet.header}
    for name in (OBSERVATIONS, "def_indicators"):
        if name not in sheets or not sheets[name].rows:
            raise StudyError(f"There is no {name}: a study needs figures and indicators. Fill that sheet.")
    if "def_entities" not in sheets:
        codes = dict.fromkeys(row["entity_code"] for row in study.records(OBSERVATIONS))
        sheets["def_entities"] = Sheet.of(header_of("def_entities"), ({"entity_code": code, "group_code": ALL} for code in codes))  # fmt: skip
    entities = sheets["def_entities"]
    if "group_code" not in entities.header or not any(
        row.get("group_code", "").strip() for row in entities.records()
    ):
        header = dict.fromkeys((*entities.header, "group_code"))
        entities = Sheet.of(tuple(header), ({**row, "group_code": ALL} for row in entities.records()))
        sheets["def_entities"] = entities
    sheets.setdefault("def_groups", _groups(entities.records()))
    if "def_series" not in sheets:
        codes = dict.fromkeys(row.get("series_code", "") for row in study.records(OBSERVATIONS))
        blank = {
            "unit": NOT_STATED.en,
            "unit_zh": NOT_STATED.zh,
            "source": NOT_STATED.en,
            "source_zh": NOT_STATED.zh,
        }
        sheets["def_series"] = Sheet.of(
            header_of("def_series"), ({"series_code": code, **blank} for code in codes)
        )
    indicators = sheets["def_indicators"]
    for column, default in (("index_code", INDEX), ("dimension_code", DIMENSION)):
        if column not in indicators.header:
            indicators = Sheet.of((column, *indicators.header), ({column: default, **row} for row in indicators.records()))  # fmt: skip
    sheets["def_indicators"] = indicators
    sheets.setdefault("def_variables", Sheet(header_of("def_variables")))
    sheets.setdefault("def_specs", SPECS)
    sheets = {name: _with_blank_columns(name, sheet) for name, sheet in sheets.items()}
    whole = Study(sheets, study.specification)
    if "def_indices" not in sheets:
        sheets["def_indices"] = _indices(whole, years or _years(whole), naming, missing)
    if "def_dimensions" not in sheets:
        pairs = dict.fromkeys(
            (row["index_code"], row["dimension_code"]) for row in whole.records("def_indicators")
        )
        sheets["def_dimensions"] = Sheet.of(
            header_of("def_dimensions"),
            (
                {"index_code": index, "dimension_code": code, "name_zh": _ALL_NAME.zh if code == DIMENSION else "", "name_en": _ALL_NAME.en if code == DIMENSION else _spoken(code), "sort_order": str(number)}
                for number, (index, code) in enumerate(pairs, start=1)
            ),
        )  # fmt: skip
    whole = Study(with_all_files(sheets), study.specification)
    specification = study.specification or draft_specification(whole, naming, study.others.get("study"))
    return Study(whole.sheets, specification, {name: content for name, content in study.others.items() if name != "study"})  # fmt: skip


def _with_blank_columns(name: str, sheet: Sheet) -> Sheet:
    """The sheet with the columns that may be left blank; the build wants to see them in the header."""
    absent = [column for column in header_of(name) if column in _MAY_BE_BLANK and column not in sheet.header] if name in study_files() else []  # fmt: skip
    return Sheet((*sheet.header, *absent), tuple((*row, *[""] * len(absent)) for row in sheet.rows)) if absent else sheet  # fmt: skip


def _groups(entities: Iterable[Mapping[str, str]]) -> Sheet:
    found: dict[str, dict[str, str]] = {}
    for row in entities:
        code = row.get("group_code", "").strip() or ALL
        names = {"name_zh": row.get("group_zh", ""), "name_en": row.get("group_en", "")}
        if code == ALL and not any(names.values()):
            names = {"name_zh": _ALL_NAME.zh, "name_en": _ALL_NAME.en}
        found.setdefault(code, {"group_code": code, **names, "sort_order": str(len(found) + 1)})
    return Sheet.of(header_of("def_groups"), found.values())


def series_row(item: Decision) -> dict[str, str]:
    """The row of def_series.csv of a series; what the files do not say is "not stated"."""
    return {
        "series_code": item.code, "name_zh": item.name_zh, "name_en": item.name_en,
        "unit": item.unit or NOT_STATED.en, "unit_zh": item.unit_zh or ("" if item.unit else NOT_STATED.zh),
        "source": item.source or NOT_STATED.en, "source_zh": "" if item.source else NOT_STATED.zh, "note": item.note,
        "impute": item.impute,
    }  # fmt: skip


def _indicators(decisions: Sequence[Decision]) -> Iterable[dict[str, str]]:
    by_code = {item.code: item for item in decisions}
    for number, item in enumerate((one for one in decisions if one.use == "indicator"), start=1):
        yield {
            "index_code": item.index, "dimension_code": item.dimension, "indicator_code": item.code,
            "name_zh": item.name_zh, "name_en": item.name_en, "direction": item.direction,
            **_measured(item, by_code), "sort_order": str(number), "note": item.note,
        }  # fmt: skip


def _variables(decisions: Sequence[Decision]) -> Iterable[dict[str, str]]:
    by_code = {item.code: item for item in decisions}
    roles = ("outcome", "core", "control", "reference")
    chosen = sorted((one for one in decisions if one.use in roles), key=lambda one: roles.index(one.use))
    for number, item in enumerate(chosen, start=1):
        measured = _measured(item, by_code)
        is_log = item.transform == "log"
        if is_log:
            measured["unit"] = f"log {measured['unit']}"
            measured["unit_zh"] = f"{measured['unit_zh'] or item.unit}（对数）"
        yield {
            "variable_code": f"ln_{item.code}" if is_log else item.code,
            "name_zh": f"{item.name_zh}（对数）" if is_log and item.name_zh else item.name_zh,
            "name_en": f"{item.name_en}, log" if is_log and item.name_en else item.name_en,
            "role": item.use, "transform": item.transform, **measured, "sort_order": str(number), "note": item.note,
        }  # fmt: skip


def _measured(item: Decision, by_code: Mapping[str, Decision]) -> dict[str, str]:
    """Inputs, unit and definition of an indicator or a variable."""
    unit, unit_zh = item.unit or NOT_STATED.en, item.unit_zh
    name_en, name_zh = item.name_en or item.name_zh, item.name_zh or item.name_en
    # a file says more than a short name: "Research and development expenditure (% of GDP)"
    said = item.series if " " in item.series or is_chinese(item.series) else ""
    definition = said if said and not is_chinese(said) else name_en
    definition_zh = said if is_chinese(said) else name_zh
    if item.per:
        divisor = by_code[item.per]
        factor = "" if item.multiplier in ("", "1") else f", times {item.multiplier}"
        unit = f"{unit} per {divisor.unit or NOT_STATED.en}{factor}"
        unit_zh = f"{item.unit_zh or item.unit}／{divisor.unit_zh or divisor.unit or NOT_STATED.zh}{factor.replace(', times ', ' × ')}"
        definition = f"{definition} over {divisor.name_en or divisor.name_zh}"
        definition_zh = f"{definition_zh}除以{divisor.name_zh or divisor.name_en}"
    return {
        "numerator_series": item.code, "denominator_series": item.per, "multiplier": item.multiplier or "1",
        "unit": unit, "unit_zh": unit_zh, "definition": definition, "definition_zh": definition_zh,
    }  # fmt: skip


def _indices(study: Study, years: tuple[int, int], naming: Naming, missing: str) -> Sheet:
    codes = list(dict.fromkeys(row["index_code"] for row in study.records("def_indicators")))
    return Sheet.of(
        header_of("def_indices"),
        (
            {
                "index_code": code,
                "name_zh": naming.index.zh if place == 0 else "",
                "name_en": naming.index.en if place == 0 else _spoken(code),
                "first_year": str(years[0]),
                "last_year": str(years[1]),
                "missing": missing,
            }
            for place, code in enumerate(codes)
        ),
    )


def _years(study: Study) -> tuple[int, int]:
    """The years in which every entity of the study is complete in all series its index and variables use."""
    import pandas as pd

    used = {
        row[column]
        for name in ("def_indicators", "def_variables")
        for row in study.records(name)
        for column in ("numerator_series", "denominator_series")
        if row.get(column)
    }
    rows = [
        (row["entity_code"], int(row["year"]), row["series_code"])
        for row in study.records(OBSERVATIONS)
        if row.get("observed_value") and row.get("year", "").isdigit()
    ]
    known = {row["series_code"] for row in study.records("def_series")}
    figures = pd.DataFrame(rows, columns=["entity_code", "year", "series_code"])
    fill = {row["series_code"]: row.get("impute", "") for row in study.records("def_series")}
    window = widest_window(figures, sorted(used & known), fill=fill)
    if window is None:
        raise StudyError("No entity has figures of all used series in any one year. Fill the sheet data.")
    return window.first_year, window.last_year


def _spoken(code: str) -> str:
    return code.replace("_", " ").capitalize()


# ------------------------------------------------------------------------------------------------- tables


def draft_specification(study: Study, naming: Naming, study_sheet: bytes | None = None) -> str:
    """specifications.toml: the index, the descriptives and, where there is an outcome, regressions on the index."""
    indices = [row["index_code"] for row in study.records("def_indices")]
    variables = study.records("def_variables")
    rows: list[dict[str, str]] = [
        _row("indicators" if len(indices) == 1 else f"indicators_{index}", "指标体系与熵权", "Indicators and their entropy weights", kind="indicators", index=index)
        for index in indices
    ]  # fmt: skip
    names = [row["variable_code"] for row in variables]
    rows.append(_row("descriptives", "描述性统计", "Descriptive statistics", kind="descriptives", variables=", ".join([*names, *indices])))  # fmt: skip
    of_role = {
        role: [row["variable_code"] for row in variables if row["role"] == role]
        for role in ("outcome", "core", "control")
    }
    if of_role["outcome"]:
        rows += _regressions(study, indices, of_role)
    labels = _study_labels(study_sheet, naming)
    return specification_of(Sheet.of(STUDY_HEADER, labels), Sheet.of(TABLE_HEADER, rows), "the draft")


def _study_labels(study_sheet: bytes | None, naming: Naming) -> list[dict[str, str]]:
    import csv
    import io

    given = {row["key"]: row for row in csv.DictReader(io.StringIO((study_sheet or b"").decode()))}
    drafted = [
        {"key": "title", "name_zh": naming.title.zh, "name_en": naming.title.en},
        {"key": "entity", "name_zh": naming.entity.zh, "name_en": naming.entity.en},
    ]
    found = {**{row["key"]: row for row in drafted}, **given}
    return [found[key] for key in ("title", "description", "entity") if key in found]


def _row(code: str, zh: str, en: str, **cells: str) -> dict[str, str]:
    return {"table": code, "title_zh": zh, "title_en": en, **cells}


def _regressions(
    study: Study, indices: Sequence[str], of_role: Mapping[str, Sequence[str]]
) -> list[dict[str, str]]:
    index, outcome = indices[0], of_role["outcome"][0]
    core, controls = ", ".join([index, *of_role["core"]]), ", ".join(of_role["control"])
    model = {"outcome": outcome, "core": core, "controls": controls}
    rows = [
        _row("baseline", "基准回归", "Baseline regressions", **model, stepwise="yes" if controls else "", headline="yes")
    ]  # fmt: skip
    dimensions = [
        row["dimension_code"] for row in study.records("def_dimensions") if row["index_code"] == index
    ]
    if len(dimensions) > 1:
        parts = [index, *[f"{index}.{code}" for code in dimensions]]
        rows += [
            _row("dimensions", "综合指数与各维度", "The composite and its dimensions", **{**model, "core": part}, column=str(number))
            for number, part in enumerate(parts, start=1)
        ]  # fmt: skip
    others: list[tuple[str, str, dict[str, str]]] = [("基准", "baseline", {})]
    others += [
        (f"被解释变量 {code}", f"outcome {code}", {"outcome": code}) for code in of_role["outcome"][1:]
    ]
    others += [(f"指数 {code}", f"index {code}", {"core": code}) for code in indices[1:]]
    others += [("核心滞后一期", "core lagged", {"core": f"L1.{index}"}), ("缩尾 1%", "winsorised 1/99", {"winsorise": "0.01, 0.99"})]  # fmt: skip
    rows += [
        _row(
            "robustness",
            "稳健性",
            "Robustness",
            **{**model, **change},
            column=str(number),
            label_zh=zh,
            label_en=en,
        )
        for number, (zh, en, change) in enumerate(others, start=1)
    ]
    where = {"of_table": "baseline", "of_column": str(len(of_role["control"]) + 1) if controls else "1", "term": index}  # fmt: skip
    rows.append(_row("conventions", "同一系数在各种协方差下的推断", "One coefficient under every covariance", kind="conventions", **where))  # fmt: skip
    if len(study.records("def_entities")) >= _FEWEST:
        rows.append(_row("sensitivity", "敏感性：逐一剔除、安慰剂与遗漏变量", "Sensitivity: leave one out, placebo, omitted variables", kind="sensitivity", **where))  # fmt: skip
    return rows
