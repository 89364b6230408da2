"""The sheets study and tables of a workbook, and specifications.toml: one row is one column of a table.

What such rows cannot say (panels, hypotheses, the multiverse) stays TOML: a workbook then holds its lines instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from nqp.econometrics.estimators import ESTIMATORS
from nqp.econometrics.weights import KINDS_OF_WEIGHTS
from nqp.errors import StudyError
from nqp.language.labels import Label
from nqp.study.specification_described import KINDS as DESCRIBED_KINDS
from nqp.studying.files import Sheet
from nqp.studying.layout import Column
from nqp.studying.toml import write_toml

_TEXT = ("outcome", "index")
_LISTS = ("core", "controls", "instruments", "effects", "variables")
_MODEL = (
    "outcome",
    "core",
    "controls",
    "instruments",
    "estimator",
    "effects",
    "cluster",
    "sample",
    "winsorise",
    "weights",
    "constant",
)
_SAMPLE = ("groups", "without_entities", "first_year", "last_year")
_YES = ("yes", "true", "1", "是")
_NO = ("no", "false", "0", "否")
_WEIGHTS = re.compile(rf"({'|'.join(KINDS_OF_WEIGHTS)})\s*[:：]\s*(\S+)")
_SEPARATORS = re.compile(r"[,;，；、\n]")


def _column(name: str, en: str, zh: str, *choices: str, required: bool = False) -> Column:
    return Column(name, required, True, choices, Label(zh, en))


STUDY_COLUMNS = (
    _column("key", "title, description or entity", "title、description 或 entity", "title", "description", "entity"),
    _column("name_zh", "In Chinese; blank: the English text", "中文；空白则用英文"),
    _column("name_en", "In English; blank: the Chinese text", "英文；空白则用中文"),
)  # fmt: skip
TABLE_COLUMNS = (
    _column("table", "Code of the table: a letter, then letters, digits and _", "表代码：字母开头", required=True),
    _column("kind", "Blank: regressions", "空白为 regressions", "regressions", "indicators", "descriptives", "conventions", "sensitivity", *DESCRIBED_KINDS),
    _column("title_zh", "Title in Chinese, in the first row of the table", "中文标题，写在该表第一行"),
    _column("title_en", "Title in English, in the first row of the table", "英文标题，写在该表第一行"),
    _column("column", "Code of the column, where a table has several", "列代码，表有多列时填"),
    _column("label_zh", "Heading of the column in Chinese", "列标题（中文）"),
    _column("label_en", "Heading of the column in English", "列标题（英文）"),
    _column("index", "kind indicators: the index", "kind 为 indicators：指数"),
    _column("variables", "kinds descriptives, correlations, vif, groups, balance, definitions: variables, with commas", "kind 为 descriptives、correlations、vif、groups、balance、definitions：变量，用逗号分隔"),
    _column("by", "kind balance: the variable of 0 and 1 that parts the rows", "kind 为 balance：划分样本的 0、1 变量"),
    _column("outcome", "One variable", "被解释变量"),
    _column("core", "Regressors of interest, with commas; an index, index.dimension or L1.x too", "核心解释变量，逗号分隔；可为指数、指数.维度、L1.x"),
    _column("controls", "Further regressors, with commas", "控制变量，逗号分隔"),
    _column("instruments", "Excluded instruments, with commas", "工具变量，逗号分隔"),
    _column("estimator", "With instruments; blank: 2sls", "有工具变量时；空白为 2sls", *ESTIMATORS),
    _column("effects", "Blank: entity, year; none: no effects", "空白为双向固定效应；none 为无"),
    _column("cluster", "Blank: entity; one or two levels, with commas", "空白为 entity；一或两层，逗号分隔"),
    _column("groups", "Only these groups", "只用这些分组"),
    _column("without_entities", "Leave these entities out", "剔除这些个体"),
    _column("first_year", "Only from this year on", "起始年"),
    _column("last_year", "Only up to this year", "终止年"),
    _column("winsorise", "0.01, 0.99: pull in to these quantiles", "缩尾，如 0.01, 0.99"),
    _column("weights", "analytic: variable, or frequency: variable; none: where the study says some, none here", "analytic: 变量，或 frequency: 变量；none 为本列不加权"),
    _column("constant", "no: no constant, where effects is none", "no：无常数项（effects 为 none 时）", "no"),
    _column("stepwise", "yes: one more control per column", "yes：逐步加入控制变量", "yes"),
    _column("of_table", "kinds conventions and sensitivity: the table of the coefficient", "kind 为 conventions、sensitivity：系数所在表"),
    _column("of_column", "... its column", "……所在列"),
    _column("term", "... its regressor", "……哪个解释变量"),
    _column("headline", "yes: the first core coefficient is reported first", "yes：首先报告该系数", "yes"),
)  # fmt: skip
STUDY_HEADER = tuple(column.name for column in STUDY_COLUMNS)
TABLE_HEADER = tuple(column.name for column in TABLE_COLUMNS)


def specification_of(study: Sheet | None, tables: Sheet, workbook: str) -> str:
    """specifications.toml as the two sheets say it. Raises StudyError naming workbook, sheet and row."""
    labels = {row.get("key", "").strip(): row for row in study.records()} if study else {}
    head = {
        key: _both(labels[key], "name") for key in ("title", "description", "entity") if _named(labels, key)
    }
    found: dict[str, list[dict[str, str]]] = {}
    for number, record in enumerate(tables.records(), start=2):
        row = {key: cell.strip() for key, cell in record.items()}
        unknown = [key for key in row if key not in TABLE_HEADER]
        if unknown:
            raise StudyError(
                f"{workbook}: sheet tables: unknown column '{unknown[0]}'. Known: {', '.join(TABLE_HEADER)}."
            )
        if not row.get("table"):
            raise StudyError(f"{workbook}: sheet tables, row {number}: the cell 'table' is blank.")
        found.setdefault(row["table"], []).append({**row, "row": str(number)})
    content: dict[str, Any] = {"study": {"title": _both(labels.get("title", {}), "name", "Study"), **head}}
    content["tables"] = [_table(code, rows, workbook) for code, rows in found.items()]
    headlines = [
        _headline(table, row, len(rows))
        for table, rows in zip(content["tables"], found.values(), strict=True)
        for row in rows
        if row.get("headline", "").lower() in _YES
    ]
    return write_toml({**content, **({"headlines": headlines} if headlines else {})})


def sheets_of(specification: str, workbook: str = "") -> tuple[Sheet, Sheet] | None:
    """The sheets study and tables that say the same, byte by byte; None where rows cannot say it."""
    content = tomllib.loads(specification)
    if not set(content) <= {"study", "tables", "headlines"}:
        return None
    try:
        study = Sheet.of(
            STUDY_HEADER, [{"key": key, **_names(label)} for key, label in content["study"].items()]
        )
        rows = [row for table in content["tables"] for row in _rows(table, content.get("headlines", []))]
        tables = Sheet.of(TABLE_HEADER, rows)
        same = specification_of(study, tables, workbook) == specification
    except (StudyError, KeyError, TypeError, AttributeError, ValueError):
        return None
    return (study, tables) if same else None


def _named(labels: Mapping[str, Mapping[str, str]], key: str) -> bool:
    return any(labels.get(key, {}).get(name, "").strip() for name in ("name_zh", "name_en"))


def _both(row: Mapping[str, str], prefix: str, default: str = "") -> Any:
    """A label: one text where both languages say the same."""
    zh, en = row.get(f"{prefix}_zh", "").strip(), row.get(f"{prefix}_en", "").strip()
    if zh and en and zh != en:
        return {"zh": zh, "en": en}
    return zh or en or default


def _names(label: Any, prefix: str = "name") -> dict[str, str]:
    zh, en = (label, label) if isinstance(label, str) else (label["zh"], label["en"])
    return {f"{prefix}_zh": zh, f"{prefix}_en": en}


def split_list(cell: str) -> list[str]:
    """The names in a cell, separated by commas, semicolons or line breaks of either script."""
    return [name.strip() for name in _SEPARATORS.split(cell) if name.strip()]


def _table(code: str, rows: Sequence[Mapping[str, str]], workbook: str) -> dict[str, Any]:
    first = rows[0]
    kind = first.get("kind", "") or "regressions"
    found: dict[str, Any] = {"code": code}
    if kind != "regressions":
        found["kind"] = kind
    found["title"] = _both(first, "title", code)
    if kind == "indicators":
        return {**found, "index": first.get("index", "")}
    if kind in ("descriptives", *DESCRIBED_KINDS):
        by = {"by": first["by"]} if first.get("by") else {}
        return {**found, **by, "variables": split_list(first.get("variables", ""))}
    if kind in ("conventions", "sensitivity"):
        return {**found, "table": first.get("of_table", ""), "column": first.get("of_column", ""), "term": first.get("term", "")}  # fmt: skip
    models = [_model(row, workbook) for row in rows]
    if len(rows) == 1 and not first.get("column"):
        found |= models[0]
        if first.get("stepwise", "").lower() in _YES:
            found["stepwise"] = True
        return found
    shared = {
        key: models[0][key]
        for key in _MODEL
        if key in models[0] and all(model.get(key) == models[0][key] for model in models)
    }
    columns = []
    for number, (row, model) in enumerate(zip(rows, models, strict=True), start=1):
        label = _both(row, "label")
        own = {key: value for key, value in model.items() if key not in shared}
        columns.append(
            {"code": row.get("column") or str(number), **({"label": label} if label else {}), **own}
        )
    return {**found, **shared, "columns": columns}


def _model(row: Mapping[str, str], workbook: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if row.get("outcome"):
        found["outcome"] = row["outcome"]
    for key in ("core", "controls", "instruments"):
        if names := split_list(row.get(key, "")):
            found[key] = names
    if row.get("estimator"):
        found["estimator"] = row["estimator"]
    if effects := split_list(row.get("effects", "")):
        found["effects"] = [] if effects == ["none"] else effects
    if levels := split_list(row.get("cluster", "")):
        found["cluster"] = levels
    sample: dict[str, Any] = {}
    for key in _SAMPLE:
        if cell := row.get(key, ""):
            sample[key] = _whole(cell, key, row, workbook) if key.endswith("year") else split_list(cell)
    if sample:
        found["sample"] = sample
    if ends := split_list(row.get("winsorise", "")):
        try:
            found["winsorise"] = [float(end) for end in ends]
        except ValueError as error:
            raise StudyError(
                f"{workbook}: sheet tables, row {row['row']}: winsorise is '{row['winsorise']}'. Write 0.01, 0.99."
            ) from error
    if cell := row.get("weights", ""):
        found["weights"] = _weights(cell, row, workbook)
    if cell := row.get("constant", "").lower():
        if cell not in (*_YES, *_NO):
            raise StudyError(
                f"{workbook}: sheet tables, row {row['row']}: constant is '{cell}'. Write no, or nothing."
            )
        found["constant"] = cell in _YES
    return found


def _weights(cell: str, row: Mapping[str, str], workbook: str) -> dict[str, str]:
    """The kind and the variable of the weights; 'none' is that there are none."""
    if cell == "none":
        return {}
    if not (match := _WEIGHTS.fullmatch(cell)):
        raise StudyError(
            f"{workbook}: sheet tables, row {row['row']}: weights is '{cell}'. Write 'analytic: variable', 'frequency: variable' or none."
        )
    return {match[1]: match[2]}


def _whole(cell: str, key: str, row: Mapping[str, str], workbook: str) -> int:
    if not re.fullmatch(r"[0-9]+", cell):
        raise StudyError(
            f"{workbook}: sheet tables, row {row['row']}: {key} is '{cell}'. Write a whole year."
        )
    return int(cell)


def _headline(table: Mapping[str, Any], row: Mapping[str, str], rows: int) -> dict[str, str]:
    last = str(len(table.get("controls", [])) + 1) if table.get("stepwise") else "1"
    column = row.get("column") or last
    core = split_list(row.get("core", ""))
    return {"table": str(table["code"]), "column": column, "term": core[0] if core else ""}


def _rows(table: Mapping[str, Any], headlines: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows of one table; KeyError or TypeError where they cannot say it."""
    first = {"table": table["code"], "kind": table.get("kind", ""), **_names(table["title"], "title")}
    kind = table.get("kind", "regressions")
    if kind != "regressions":
        first["index"] = table.get("index", "")
        first["by"] = table.get("by", "")
        first["variables"] = ", ".join(table.get("variables", []))
        names = {"of_table": "table", "of_column": "column", "term": "term"}
        return [{**first, **{ours: table.get(theirs, "") for ours, theirs in names.items()}}]
    columns = table.get("columns", [{}])
    found = []
    for column in columns:
        model = {**table, **column}
        row = {"column": column.get("code", ""), "stepwise": "yes" if table.get("stepwise") else ""}
        if "label" in column:
            row |= _names(column["label"], "label")
        row["outcome"] = model.get("outcome", "")
        for key in ("core", "controls", "instruments"):
            row[key] = ", ".join(model.get(key, []))
        row["estimator"] = model.get("estimator", "")
        row["cluster"] = ", ".join(model.get("cluster", []))
        if "weights" in model:
            row["weights"] = "; ".join(f"{kind}: {name}" for kind, name in model["weights"].items()) or "none"
        if "constant" in model:
            row["constant"] = "yes" if model["constant"] else "no"
        if "effects" in model:
            row["effects"] = ", ".join(model["effects"]) or "none"
        for key, value in model.get("sample", {}).items():
            row[key] = str(value) if isinstance(value, int) else ", ".join(value)
        row["winsorise"] = ", ".join(repr(end) for end in model.get("winsorise", []))
        address = _headline(table, row, len(columns))
        row["headline"] = "yes" if address in [dict(line) for line in headlines] else ""
        found.append(row)
    found[0] = {**found[0], **first}
    return [{"table": table["code"], **row} for row in found]
