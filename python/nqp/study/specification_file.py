"""Reading specifications.toml. Every fault names the file, the table and the key.

Values given for a table hold for all its columns; a panel or a column may give its own.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from nqp.econometrics.equation import EFFECTS, ENTITY, EstimationError, check_clusters, in_order
from nqp.econometrics.estimators import ESTIMATORS, TWO_STAGE
from nqp.errors import StudyError, did_you_mean
from nqp.language.labels import NOTHING, Label
from nqp.study.paper import read_paper
from nqp.study.specification import (
    Address,
    AgreementTable,
    ConventionTable,
    DescriptiveTable,
    Hypothesis,
    IndexAgreementTable,
    IndicatorTable,
    Model,
    MultiverseSpec,
    Panel,
    RegressionTable,
    Resampling,
    Sample,
    SensitivityTable,
    Specification,
    TableSpec,
)
from nqp.study.specification_described import KINDS, described_table
from nqp.study.specification_weights import read_weights
from nqp.study.style import Style, read_style

TABLE_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
RESERVED_CODES = ("comparison", "hypotheses", "methods", "series", "audit", "tables", "example")
ALL_SUBSETS = "all subsets"
MOST_DRAWS = 1_000_000
# Zero widths and directions: two names that look the same would differ, and a text could show another order than it has.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def read_specification(path: Path) -> Specification:
    """The specification of a study, checked for form; without a file one without regressions, titled as its folder.

    Raises StudyError naming file, table and key.
    """
    if not path.is_file():
        content = {"study": {"title": path.parent.name}, "tables": []}
        return _Reader(path).specification(content, hashlib.sha256(b"").hexdigest())
    try:
        written = path.read_bytes()
        text = written.decode("utf-8-sig")
        content = tomllib.loads(text)
    except OSError as error:
        raise StudyError(f"{path}: the file cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise StudyError(f"{path}: the file is not UTF-8 text. Save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise StudyError(f"{path}: not valid TOML: {error}") from error
    if hidden := INVISIBLE.search(text):
        line = text.count("\n", 0, hidden.start()) + 1
        raise StudyError(
            f"{path}: line {line} holds a character that cannot be seen (U+{ord(hidden[0]):04X}). Type the text anew."
        )
    return _Reader(path).specification(content, hashlib.sha256(written).hexdigest())


class _Reader:
    """Turns the parsed file into dataclasses, remembering where it is for the messages."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = ""

    def fail(self, message: str) -> StudyError:
        return StudyError(f"{self.path}: {self.where + ': ' if self.where else ''}{message}")

    def only(
        self, content: Mapping[str, Any], allowed: Collection[str], required: Collection[str] = ()
    ) -> None:
        for key in content:
            if key not in allowed:
                raise self.fail(
                    f"unknown key '{key}'.{did_you_mean(key, allowed)} Allowed: {', '.join(sorted(allowed))}."
                )
        for key in required:
            if key not in content:
                raise self.fail(f"key '{key}' is missing.")

    def label(self, content: Mapping[str, Any], key: str) -> Label:
        value = content.get(key)
        if value is None:
            return NOTHING
        return self.as_label(value, key)

    def as_label(self, value: Any, key: str) -> Label:
        if isinstance(value, str):
            return Label.both(value)
        is_label = isinstance(value, dict) and value and set(value) <= {"zh", "en"}
        if is_label and all(isinstance(text, str) for text in value.values()):
            return Label(value.get("zh", ""), value.get("en", ""))
        raise self.fail(f'key \'{key}\': write {{ zh = "...", en = "..." }} or one text.')

    def text(self, content: Mapping[str, Any], key: str, default: str | None = None) -> str:
        value = content.get(key, default)
        if not isinstance(value, str) or not value:
            raise self.fail(f"key '{key}': a text is needed.")
        return value

    def names(self, content: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = content.get(key, [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise self.fail(f"key '{key}': a list of names is needed.")
        if len(set(value)) < len(value):
            raise self.fail(f"key '{key}': a name stands twice.")
        return tuple(value)

    def items(self, content: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        value = content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(f"key '{key}': write it as [[{key}]].")
        return value

    def notes(self, content: Mapping[str, Any]) -> tuple[Label, ...]:
        value = content.get("notes", [])
        if not isinstance(value, list):
            raise self.fail("key 'notes': a list is needed.")
        return tuple(self.as_label(note, "notes") for note in value)

    def specification(self, content: Mapping[str, Any], sha256: str) -> Specification:
        self.only(
            content,
            {"study", "defaults", "style", "tables", "hypotheses", "headlines", "resampling", "multiverse"},
            {"study", "tables"},
        )
        self.where = "[study]"
        study = content["study"]
        if not isinstance(study, dict):
            raise self.fail("write it as [study].")
        self.only(study, {"title", "description", "entity", "group", "paper"}, {"title"})
        title, description = self.label(study, "title"), self.label(study, "description")
        entity = self.label(study, "entity") or Label("个体", "entity")
        group = self.label(study, "group") or Label("组", "group")
        self.where = "[study.paper]"
        paper = read_paper(study.get("paper"), self.only, self.as_label, self.fail)
        self.where = "[defaults]"
        self.defaults = content.get("defaults", {})
        if not isinstance(self.defaults, dict):
            raise self.fail("write it as [defaults].")
        self.only(self.defaults, self.DEFAULT_KEYS)
        self.where = "[style]"
        self.style = read_style(content.get("style", {}), Style(), self.fail)
        self.where = ""
        tables = tuple(self.table(item) for item in self.items(content, "tables"))
        self.where = ""
        self.no_repetition([table.code for table in tables], "table code")
        hypotheses = tuple(self.hypothesis(item) for item in self.items(content, "hypotheses"))
        self.where = "[[hypotheses]]"
        self.no_repetition([item.code for item in hypotheses], "code")
        self.where = "[[headlines]]"
        headlines = tuple(self.headline(item) for item in self.items(content, "headlines"))
        if len(set(headlines)) < len(headlines):
            raise self.fail("a coefficient stands twice.")
        self.where = "[resampling]"
        resampling = self.resampling(content.get("resampling", {}))
        self.where = "[multiverse]"
        multiverse = self.multiverse(content.get("multiverse"), headlines)
        return Specification(
            title, description, entity, group, tables, hypotheses, headlines, resampling, multiverse, sha256, paper
        )  # fmt: skip

    def multiverse(self, content: Any, headlines: tuple[Address, ...]) -> MultiverseSpec | None:
        if content is None:
            return MultiverseSpec(headlines[0], declared=False) if headlines else None
        if not isinstance(content, dict):
            raise self.fail("write it as [multiverse].")
        address = {"table", "panel", "column", "term"}
        self.only(content, address | {"outcomes", "controls"})
        if not address & set(content) and headlines:
            where = headlines[0]
        else:
            where = self.address({key: content[key] for key in address if key in content})
        return MultiverseSpec(where, self.names(content, "outcomes"), self.control_sets(content))

    def control_sets(self, content: Mapping[str, Any]) -> tuple[tuple[str, ...], ...] | None:
        value = content.get("controls", ALL_SUBSETS)
        if value == ALL_SUBSETS:
            return None
        if not isinstance(value, list) or not value or not all(isinstance(names, list) for names in value):
            raise self.fail(
                f'key \'controls\': write "{ALL_SUBSETS}" or a list of lists of names, such as [[], ["a"], ["a", "b"]].'
            )
        sets = tuple(self.names({"controls": names}, "controls") for names in value)
        if len({frozenset(names) for names in sets}) < len(sets):
            raise self.fail("key 'controls': a set of controls stands twice.")
        return sets

    def resampling(self, content: Any) -> Resampling:
        names = {field.name for field in fields(Resampling)}
        if not isinstance(content, dict):
            raise self.fail("write it as [resampling].")
        self.only(content, names)
        for key, value in content.items():
            lowest, highest = (0, 2**32 - 1) if key == "seed" else (99, MOST_DRAWS)
            if type(value) is not int or not lowest <= value <= highest:
                raise self.fail(f"key '{key}': a whole number from {lowest} to {highest} is needed.")
        return Resampling(**content)

    def table(self, content: Mapping[str, Any]) -> TableSpec:
        self.where = "[[tables]]"
        code = self.text(content, "code")
        self.where = f"table '{code}'"
        if not TABLE_CODE.fullmatch(code) or code in RESERVED_CODES or code.startswith("ranking-"):
            raise self.fail(
                "key 'code': a letter, then letters, digits and _; not " + ", ".join(RESERVED_CODES) + "."
            )
        kind = self.text(content, "kind", "regressions")
        title, notes = self.label(content, "title"), self.notes(content)
        if not title:
            raise self.fail("key 'title' is missing.")
        common = {"code", "kind", "title", "notes"}
        of_an_index: dict[str, type[IndicatorTable | AgreementTable | IndexAgreementTable]] = {
            "indicators": IndicatorTable, "agreement": AgreementTable, "index_agreement": IndexAgreementTable,
        }  # fmt: skip
        if kind in of_an_index:
            self.only(content, common | {"index"}, {"index"})
            return of_an_index[kind](code, title, self.text(content, "index"), notes)
        if kind == "descriptives":
            self.only(content, common | {"variables", "beside"}, {"variables"})
            beside = content.get("beside", {})
            if not isinstance(beside, dict) or not all(isinstance(row, str) for row in beside.values()):
                raise self.fail("key 'beside': write { variable = \"printed row\" }.")
            variables = self.names(content, "variables")
            if not variables:
                raise self.fail("key 'variables': name at least one variable.")
            return DescriptiveTable(code, title, variables, beside, notes)
        if kind in KINDS:
            by = {"by"} if kind == "balance" else set()
            self.only(content, common | by | {"variables"}, by | {"variables"})
            return described_table(kind, code, title, content, self.names, notes, self.fail)
        if kind in ("conventions", "sensitivity"):
            where = {"table", "panel", "column", "term"}
            self.only(content, common | where | ({"r2_max"} if kind == "sensitivity" else set()))
            address = self.address(content)
            if kind == "conventions":
                return ConventionTable(code, title, address, notes)
            r2_max = content.get("r2_max")
            if r2_max is not None and not (isinstance(r2_max, float) and 0 < r2_max <= 1):
                raise self.fail("key 'r2_max': a number above 0, at most 1.0.")
            return SensitivityTable(code, title, address, r2_max, notes)
        if kind != "regressions":
            kinds = ", ".join(
                (
                    "indicators",
                    "agreement",
                    "index_agreement",
                    "descriptives",
                    "regressions",
                    "conventions",
                    "sensitivity",
                    *KINDS,
                )
            )
            raise self.fail(
                f"key 'kind' is '{kind}'.{did_you_mean(kind, kinds.split(', '))} Allowed: {kinds}."
            )
        self.only(
            content, common | self.MODEL_KEYS | {"panels", "columns", "stepwise", "difference_tests", "style"}
        )
        self.where = f"table '{code}', style"
        style = read_style(content.get("style", {}), self.style, self.fail)
        self.where = f"table '{code}'"
        panels = self.panels(content, code)
        tests = self.difference_tests(content, panels)
        return RegressionTable(code, title, panels, tests, notes, style)

    # What may be said once for the whole study, and what for a table, a panel or a column.
    DEFAULT_KEYS = frozenset(
        {"effects", "cluster", "sample", "winsorise", "estimator", "weights", "constant"}
    )
    MODEL_KEYS = DEFAULT_KEYS | {"outcome", "core", "controls", "instruments"}

    def difference_tests(self, content: Mapping[str, Any], panels: Collection[Panel]) -> bool:
        wanted = content.get("difference_tests", False)
        if not isinstance(wanted, bool):
            raise self.fail("key 'difference_tests': true or false.")
        if wanted:
            for panel in panels:
                groups = [model.sample.groups for model in panel.models]
                one_each = all(len(group) == 1 for group in groups) and len(set(groups)) == len(groups) > 1
                equations = {
                    (m.core, m.controls, m.effects, m.cluster, m.instruments, m.winsorise)
                    for m in panel.models
                }
                plain = all(model.is_plain for model in panel.models)
                if not one_each or len(equations) > 1 or panel.models[0].instruments or not plain:
                    raise self.fail(
                        "key 'difference_tests': the columns must be the same least-squares model, each on one group of its own, "
                        "without weights and with a constant."
                    )
        return wanted

    def panels(self, content: Mapping[str, Any], code: str) -> tuple[Panel, ...]:
        shared = {**self.defaults, **{key: content[key] for key in self.MODEL_KEYS if key in content}}
        found = []
        for item in self.items(content, "panels") or [{"code": "main"}]:
            self.where = f"table '{code}', panel"
            panel_code = self.text(item, "code")
            self.where = f"table '{code}', panel '{panel_code}'"
            self.only(item, self.MODEL_KEYS | {"code", "title"})
            title = self.label(item, "title") or None
            given = {**shared, **{key: item[key] for key in self.MODEL_KEYS if key in item}}
            found.append(Panel(panel_code, title, self.models(content, given, code)))
        self.where = f"table '{code}'"
        if len({panel.code for panel in found}) < len(found):
            raise self.fail("a panel code stands twice.")
        if len({tuple(model.code for model in panel.models) for panel in found}) > 1:
            raise self.fail("all panels need the same columns.")
        return tuple(found)

    def models(self, content: Mapping[str, Any], given: Mapping[str, Any], code: str) -> tuple[Model, ...]:
        stepwise = content.get("stepwise", False)
        if not isinstance(stepwise, bool):
            raise self.fail("key 'stepwise': true or false.")
        columns = self.items(content, "columns")
        if stepwise and columns:
            raise self.fail("give either 'stepwise' or 'columns'.")
        if stepwise:
            controls = self.names(given, "controls")
            columns = [{"code": str(i + 1), "controls": list(controls[:i])} for i in range(len(controls) + 1)]
        models = []
        for item in columns or [{"code": "1"}]:
            self.where = f"table '{code}', column"
            model_code = self.text(item, "code")
            self.where = f"table '{code}', column '{model_code}'"
            self.only(item, self.MODEL_KEYS | {"code", "label"})
            models.append(self.model(model_code, {**given, **item}))
        self.where = f"table '{code}'"
        if len({model.code for model in models}) < len(models):
            raise self.fail("a column code stands twice.")
        return tuple(models)

    def model(self, code: str, content: Mapping[str, Any]) -> Model:
        core, controls = self.names(content, "core"), self.names(content, "controls")
        if not core:
            raise self.fail("key 'core' is missing.")
        if set(core) & set(controls):
            raise self.fail(f"'{sorted(set(core) & set(controls))[0]}' is both core and control.")
        outcome = self.text(content, "outcome")
        if outcome in core + controls:
            raise self.fail(f"the outcome '{outcome}' is also a regressor.")
        effects = self.names(content, "effects") if "effects" in content else EFFECTS
        cluster = self.names(content, "cluster") if "cluster" in content else ENTITY
        try:
            effects, cluster = in_order(effects), check_clusters(cluster)
        except EstimationError as error:
            raise self.fail(str(error)) from error
        estimator = self.text(content, "estimator", TWO_STAGE)
        if estimator not in ESTIMATORS:
            nearest = did_you_mean(estimator, ESTIMATORS)
            raise self.fail(f"key 'estimator': '{estimator}'.{nearest} Allowed: {', '.join(ESTIMATORS)}.")
        instruments = self.names(content, "instruments")
        if instruments and len(instruments) < len(core):
            raise self.fail("fewer instruments than endogenous (core) regressors.")
        if set(instruments) & {*core, *controls, outcome}:
            raise self.fail("an instrument is also in the equation.")
        return Model(
            code,
            outcome,
            core,
            controls,
            effects,
            cluster,
            self.sample(content.get("sample", {})),
            instruments,
            self.winsorise(content),
            estimator,
            self.label(content, "label"),
            *read_weights(content, effects, instruments, (outcome, *core, *controls), self.fail),
        )

    def winsorise(self, content: Mapping[str, Any]) -> tuple[float, float] | None:
        value = content.get("winsorise")
        if value is None:
            return None
        if not (isinstance(value, list) and len(value) == 2 and all(isinstance(q, float) for q in value)):
            raise self.fail("key 'winsorise': two quantiles are needed, such as [0.01, 0.99].")
        lower, upper = value
        if not 0 <= lower < upper <= 1:
            raise self.fail("key 'winsorise': quantiles between 0 and 1, the lower first.")
        return lower, upper

    def sample(self, content: Any) -> Sample:
        if not isinstance(content, dict):
            raise self.fail("key 'sample': write { groups = [...], first_year = ... }.")
        allowed = {"sample.groups", "sample.without_entities", "sample.first_year", "sample.last_year"}
        self.only({f"sample.{key}": value for key, value in content.items()}, allowed)
        for key in ("first_year", "last_year"):
            if key in content and not (type(content[key]) is int and 0 < content[key] < 10_000):
                raise self.fail(f"key 'sample.{key}': a year is needed, such as 2015.")
        first, last = content.get("first_year"), content.get("last_year")
        if first is not None and last is not None and first > last:
            raise self.fail(
                f"key 'sample': first_year {first} is after last_year {last}, so no row is left. "
                "Write the earlier year first."
            )
        return Sample(self.names(content, "groups"), self.names(content, "without_entities"), first, last)

    def headline(self, content: Mapping[str, Any]) -> Address:
        self.only(content, {"table", "panel", "column", "term"})
        return self.address(content)

    def no_repetition(self, names: Collection[str], kind: str) -> None:
        for name in names:
            if sum(name == other for other in names) > 1:
                raise self.fail(f"the {kind} '{name}' stands twice.")

    def address(self, content: Mapping[str, Any]) -> Address:
        return Address(
            self.text(content, "table"),
            self.text(content, "panel", "main"),
            self.text(content, "column"),
            self.text(content, "term"),
        )

    def hypothesis(self, content: Mapping[str, Any]) -> Hypothesis:
        self.where = "[[hypotheses]]"
        code = self.text(content, "code")
        self.where = f"hypothesis '{code}'"
        self.only(content, {"code", "statement", "table", "panel", "column", "term", "sign", "level"})
        sign = self.text(content, "sign", "positive")
        if sign not in ("positive", "negative"):
            nearest = did_you_mean(sign, ("positive", "negative"))
            raise self.fail(f"key 'sign' is '{sign}'.{nearest} Allowed: positive, negative.")
        level = content.get("level", 0.05)
        if type(level) is not float or not 0 < level < 1:
            raise self.fail("key 'level': a number between 0 and 1.")
        return Hypothesis(code, self.label(content, "statement"), self.address(content), sign, level)
