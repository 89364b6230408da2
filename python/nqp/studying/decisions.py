"""What a person has to decide about each series: its use, direction, dimension and divisor; a draft, flags, questions.

A decision is one row. The same series may have several rows (an indicator that is also a control).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from nqp.errors import StudyError
from nqp.importing.units import name_and_unit
from nqp.studying.files import Sheet
from nqp.studying.tables_sheet import split_list

USES = ("indicator", "outcome", "core", "control", "denominator", "reference", "unused")
DIRECTIONS = ("positive", "negative")
TRANSFORMS = ("level", "log")
INDEX, DIMENSION = "composite", "all"
IMPUTE = re.compile(r"(?:linear|carry [1-9][0-9]*)?")
CODE = re.compile(r"[a-z][a-z0-9_]*")
_PERCENT = re.compile(r"%|percent|per ?cent|百分", re.IGNORECASE)
_RATE = re.compile(r"growth|rate|index|share|增长|增速|指数|率|比重|占比", re.IGNORECASE)


@dataclass(frozen=True)
class Decision:
    """One use of one series; ``per`` is the code of the series it is divided by, ``why`` the reason of the draft."""

    series: str
    code: str
    name_zh: str = ""
    name_en: str = ""
    unit: str = ""
    unit_zh: str = ""
    source: str = ""
    use: str = "indicator"
    index: str = INDEX
    dimension: str = DIMENSION
    direction: str = "positive"
    per: str = ""
    multiplier: str = "1"
    transform: str = "level"
    impute: str = ""  # what stands in for a missing cell: nothing, linear, or carry N
    note: str = ""
    why: str = ""


DECISION_COLUMNS = tuple(item.name for item in fields(Decision) if item.name != "why")


@dataclass(frozen=True)
class SeriesFacts:
    """What the files say of a series: its name as read, a longer one or blank, unit, source, and the ends of its figures."""

    name: str
    label: str
    unit: str
    source: str
    minimum: float
    maximum: float
    is_dummy: bool = False  # nothing but 0 and 1


@cache
def _hints() -> tuple[dict[str, str], ...]:
    with (Path(__file__).parent / "hints.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


@cache
def _glossary() -> dict[str, tuple[str, str]]:
    """Code and English name of series that Chinese yearbooks and portals carry, by their name."""
    with (Path(__file__).parent / "glossary.csv").open(encoding="utf-8", newline="") as stream:
        return {row["name_zh"]: (row["code"], row["name_en"]) for row in csv.DictReader(stream)}


def code_of(name: str, taken: Collection[str]) -> str:
    """A code for a name: Latin letters as they are, Chinese as pinyin; a number where it is taken."""
    from slugify import slugify

    bare = re.sub(r"[(（\[].*?[)）\]]", " ", name).strip() or name
    known = _glossary().get(re.sub(r"\s", "", name), ("", ""))[0]
    for text in (known, bare, name) if known else (bare, name):
        code = slugify(text, separator="_", max_length=40, word_boundary=True)
        code = code if CODE.fullmatch(code) else f"s_{code}".rstrip("_")
        if code not in taken:
            return code
    found, number = code, 2
    while found in taken:
        found, number = f"{code}_{number}", number + 1
    return found


def is_chinese(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return bool(re.search(r"[\u3400-\u9fff]", text))


def draft(series: Sequence[SeriesFacts]) -> list[Decision]:
    """A sensible decision for each series by its name and unit; the words are in `hints.csv`."""
    found: list[Decision] = []
    codes: list[str] = []
    for facts in series:
        codes.append(code_of(facts.name, codes))
        names = {"name_zh": "", "name_en": ""}
        for text in (facts.label, facts.name):
            if text:
                key = "name_zh" if is_chinese(text) else "name_en"
                names[key] = names[key] or text
        names["name_en"] = names["name_en"] or _glossary().get(re.sub(r"\s", "", facts.name), ("", ""))[1]
        unit_zh = facts.unit if is_chinese(facts.unit) else ""
        found.append(
            Decision(facts.name, codes[-1], **names, unit=facts.unit, unit_zh=unit_zh, source=facts.source)
        )
    for place, facts in enumerate(series):
        if facts.is_dummy and len(series) > 2:
            found[place] = replace(found[place], use="core", why=_why(found[place], "dummy"))
    outcome = _first(found, "outcome")
    outcome = _first(found, "output") if outcome is None else outcome
    for place, decision in enumerate(found):
        if decision.use == "core":
            continue
        why = _why(decision, "outcome") or (_why(decision, "output") if place == outcome else "")
        if why and len(found) > 1:
            # the best outcome, and what comes after it as another way to define it
            use = "outcome" if outcome is not None and place >= outcome else "reference"
            found[place] = _with_transform(replace(decision, use=use, why=why), series[place])
            continue
        for what in ("denominator", "control"):
            if (why := _why(decision, what)) and len(found) > 2:
                found[place] = replace(decision, use=what, why=why)
                break
        else:
            if why := _why(decision, "negative"):
                found[place] = replace(decision, direction="negative", why=why)
    if not any(decision.use == "indicator" for decision in found):
        found = [
            replace(item, use="indicator") if item.use in ("control", "denominator") else item
            for item in found
        ]
    return _per_head(found)


def _per_head(decisions: Sequence[Decision]) -> list[Decision]:
    """Totals divided by the head count where there is one: large entities are not good ones."""
    heads = next((one for one in decisions if one.use == "denominator" and _why(one, "heads")), None)
    if heads is None:
        return list(decisions)
    why = _why(heads, "heads")
    return [
        replace(one, per=heads.code, why="; ".join(part for part in (one.why, why) if part))
        if one.use in ("indicator", "outcome", "control") and one.unit and not _why(one, "rate")
        else one
        for one in decisions
    ]


def _with_transform(decision: Decision, facts: SeriesFacts) -> Decision:
    is_level = (
        facts.minimum <= 0
        or _PERCENT.search(decision.unit + decision.series)
        or _RATE.search(decision.series)
    )
    return replace(decision, transform="level" if is_level else "log")


def _first(decisions: Sequence[Decision], what: str) -> int | None:
    for hint in _hints():
        if hint["what"] == what:
            for place, decision in enumerate(decisions):
                if re.search(hint["pattern"], _said(decision), re.IGNORECASE):
                    return place
    return None


def _said(decision: Decision, what: str = "") -> str:
    """What the patterns look at: the longest name without its unit; of a rate its unit too.

    A Chinese name stands before its translation from the glossary, on which it was looked up.
    """
    names = (
        (decision.series, decision.name_zh)
        if is_chinese(decision.series)
        else (decision.series, decision.name_en)
    )
    name = name_and_unit(max(names, key=len))[0]
    return f"{name} [{decision.unit}]" if what == "rate" else name


def _why(decision: Decision, what: str) -> str:
    return next(
        (
            hint["why_en"]
            for hint in _hints()
            if hint["what"] == what and re.search(hint["pattern"], _said(decision, what), re.IGNORECASE)
        ),
        "",
    )


# ------------------------------------------------------------------------------------------------- answers


def find(decisions: Sequence[Decision], name: str, option: str) -> str:
    """The code of a series by its code, name or number. Raises StudyError with the nearest names."""
    name = name.strip()
    if name.isdigit() and 1 <= int(name) <= len(decisions):
        return decisions[int(name) - 1].code
    for decision in decisions:
        if name in (decision.code, decision.series, decision.name_en, decision.name_zh):
            return decision.code
    known = [decision.code for decision in decisions] + [decision.series for decision in decisions]
    near = get_close_matches(name, known, 3, 0.4) or [decision.code for decision in decisions][:12]
    raise StudyError(f"{option}: no series is called '{name}'. Near it: {', '.join(near)}.")


@dataclass(frozen=True)
class Answers:
    """What the command line says; None leaves the draft."""

    indicators: Sequence[str] | None = None  # these and no others
    outcome: Sequence[str] | None = None
    core: Sequence[str] | None = None
    controls: Sequence[str] | None = None
    denominators: Sequence[str] | None = None
    negative: Sequence[str] | None = None
    unused: Sequence[str] | None = None
    dimensions: Sequence[str] | None = None  # name=a,b
    per: Sequence[str] | None = None  # series=divisor or series=divisor*100
    impute: Sequence[str] | None = None  # series=linear or series=carry 2; series= for nothing


def apply(decisions: Sequence[Decision], answers: Answers) -> list[Decision]:
    """The decisions as answered. Raises StudyError naming the option."""
    found = {decision.code: decision for decision in decisions}

    def codes(names: Sequence[str] | None, option: str) -> list[str]:
        return [find(decisions, name, option) for cell in names or () for name in split_list(cell)]

    uses = {
        "outcome": (answers.outcome, "--outcome"),
        "core": (answers.core, "--core"),
        "control": (answers.controls, "--controls"),
        "denominator": (answers.denominators, "--denominators"),
        "unused": (answers.unused, "--leave-out"),
    }
    rest = "indicator" if answers.indicators is None else "unused"
    if answers.indicators is not None:
        chosen = codes(answers.indicators, "--indicators")
        for code, decision in found.items():
            use = "indicator" if code in chosen else "unused" if decision.use == "indicator" else decision.use
            found[code] = decision if use == decision.use else replace(decision, use=use, why="")
    for use, (names, _option) in uses.items():
        if names is None:
            continue
        for code, decision in found.items():
            if decision.use == use:
                # an outcome that is none is no indicator either: it is described
                found[code] = replace(decision, use="reference" if use == "outcome" else rest, why="")
    for use, (names, option) in uses.items():
        for code in codes(names, option):
            found[code] = replace(found[code], use=use, why="")
    if answers.negative is not None:
        chosen = codes(answers.negative, "--negative")
        found = {
            code: replace(item, direction="negative" if code in chosen else "positive")
            for code, item in found.items()
        }
    for text in answers.dimensions or ():
        name, equals, members = text.partition("=")
        if not equals:
            raise StudyError(f"--dimension: '{text}' has no =. Write name=series,series.")
        for code in codes([members], "--dimension"):
            found[code] = replace(found[code], dimension=name.strip())
    for text in answers.per or ():
        left, equals, right = text.partition("=")
        divisor, star, factor = right.partition("*")
        if not equals or not divisor.strip():
            raise StudyError(f"--per: '{text}' is no series=divisor. Write part=whole or part=whole*100.")
        code, per = find(decisions, left, "--per"), find(decisions, divisor, "--per")
        found[code] = replace(found[code], per=per, multiplier=factor.strip() if star else "1")
        if found[per].use == "indicator" and answers.denominators is None:
            found[per] = replace(found[per], use="denominator", why="divides another series")
    for text in answers.impute or ():
        name, equals, rule = text.partition("=")
        if not equals:
            raise StudyError(
                f"--impute: '{text}' has no =. Write series=linear, series='carry 2', or series= for nothing."
            )
        for code in codes([name], "--impute"):
            found[code] = replace(found[code], impute=rule.strip())
    return list(found.values())


def main_outcome_first(decisions: Sequence[Decision], names: Sequence[str]) -> list[Decision]:
    """The decisions with the outcomes in the order in which a person named them: the first is the main one."""
    order = [find(decisions, name, "--outcome") for cell in names for name in split_list(cell)]
    by_code = {one.code: one for one in decisions}
    chosen = iter([by_code[code] for code in dict.fromkeys(order)])
    return [next(chosen) if one.code in order else one for one in decisions]


def read_decisions(sheet: Sheet, drafted: Sequence[Decision], where: str) -> list[Decision]:
    """A file of decisions; a series without a row stays unused. Raises StudyError naming the row."""
    unknown = [name for name in sheet.header if name not in DECISION_COLUMNS]
    if unknown or "series" not in sheet.header:
        raise StudyError(
            f"{where}: {'unknown column ' + unknown[0] if unknown else 'the column series is missing'}. "
            f"Columns: {', '.join(DECISION_COLUMNS)}; only series is required."
        )
    by_code = {decision.code: decision for decision in drafted}
    earlier: dict[str, Decision] = {}  # what a row leaves blank, an earlier row of the same series has said
    found = []
    for number, row in enumerate(sheet.records(), start=2):
        given = {key: cell.strip() for key, cell in row.items() if cell.strip()}
        if "series" not in given:
            raise StudyError(f"{where}: row {number}: series is blank.")
        drafted_one = by_code[find(drafted, given["series"], f"{where}: row {number}")]
        said = earlier.get(drafted_one.series, replace(drafted_one, per="", multiplier="1"))
        decision = replace(said, use="indicator", direction="positive", transform="level", why="")
        if "impute" in sheet.header and drafted_one.series not in earlier:
            decision = replace(decision, impute="")  # a blank says that nothing is filled
        found.append(replace(decision, **{**given, "series": drafted_one.series}))
        earlier.setdefault(drafted_one.series, found[-1])
    renamed = {decision.series: decision.code for decision in found}
    old = {decision.code: renamed.get(decision.series, decision.code) for decision in drafted}
    found = [replace(decision, per=old.get(decision.per, decision.per)) for decision in found]
    check(found, where)
    return found


def check(decisions: Sequence[Decision], where: str) -> None:
    """Check the words of decisions. Raises StudyError naming series, column and what is allowed."""
    known = {decision.code for decision in decisions}
    for decision in decisions:
        for column, allowed in (("use", USES), ("direction", DIRECTIONS), ("transform", TRANSFORMS)):
            if (word := getattr(decision, column)) not in allowed:
                raise StudyError(
                    f"{where}: series '{decision.series}': {column} is '{word}'. Allowed: {', '.join(allowed)}."
                )
        if not IMPUTE.fullmatch(decision.impute):
            raise StudyError(
                f"{where}: series '{decision.series}': impute is '{decision.impute}'. Allowed: blank, linear, or carry N "
                "with N years, such as carry 2."
            )
        for column in ("code", "index", "dimension"):
            if not CODE.fullmatch(word := getattr(decision, column)):
                raise StudyError(
                    f"{where}: series '{decision.series}': {column} is '{word}'. Use a lower-case letter first, then "
                    "lower-case letters, digits and _."
                )
        if decision.per and decision.per not in known:
            raise StudyError(f"{where}: series '{decision.series}': per is '{decision.per}', which is no series. Known: {', '.join(sorted(known))}.")  # fmt: skip


def decisions_sheet(decisions: Sequence[Decision]) -> Sheet:
    """The decisions as a file that can be edited and given again."""
    return Sheet.of(
        DECISION_COLUMNS, ({name: getattr(item, name) for name in DECISION_COLUMNS} for item in decisions)
    )


# ------------------------------------------------------------------------------------------------- questions


def ask(
    decisions: Sequence[Decision], answer: Callable[[str], str], say: Callable[[str], None]
) -> list[Decision]:
    """Ask a person on a terminal; Enter keeps the draft. A faulty answer is asked again."""
    for number, decision in enumerate(decisions, start=1):
        label = f": {decision.name_en or decision.name_zh}" if decision.series == decision.code else ""
        say(f"{number:4d}  {decision.series}{label}{f' [{decision.unit}]' if decision.unit else ''}")
    found = list(decisions)
    questions: Mapping[str, tuple[str, Callable[[Decision], bool]]] = {
        "outcome": ("Outcome (numbers; - for none)", lambda item: item.use == "outcome"),
        "controls": ("Control variables", lambda item: item.use == "control"),
        "denominators": ("Only divisors, such as a head count", lambda item: item.use == "denominator"),
        "unused": ("Leave out", lambda item: item.use == "unused"),
        "negative": ("Less is better", lambda item: item.use == "indicator" and item.direction == "negative"),
    }
    for field_name, (text, holds) in questions.items():
        drafted = ", ".join(str(place) for place, item in enumerate(found, start=1) if holds(item)) or "-"
        found = _until_right(
            f"{text} [{drafted}]: ",
            lambda cell, field_name=field_name, found=found: apply(found, Answers(**{field_name: [] if cell == "-" else [cell]})),  # type: ignore[misc]
            found, answer, say,
        )  # fmt: skip
    for field_name, text in (
        ("dimensions", "Dimensions, such as research=1,2; digital=3,4"),
        ("per", "Divisions, such as 1=5; 2=5*10000"),
    ):
        found = _until_right(
            f"{text} [-]: ",
            lambda cell, field_name=field_name, found=found: apply(found, Answers(**{field_name: [part for part in cell.split(";") if part.strip()]})),  # type: ignore[misc]
            found, answer, say,
        )  # fmt: skip
    return found


def _until_right(
    question: str,
    work: Callable[[str], list[Decision]],
    unchanged: list[Decision],
    answer: Callable[[str], str],
    say: Callable[[str], None],
) -> list[Decision]:
    while True:
        cell = answer(question).strip()
        if not cell:
            return unchanged
        try:
            return work(cell)
        except StudyError as error:
            say(f"  {error}")
