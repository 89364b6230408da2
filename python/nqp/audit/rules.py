"""The rules of the audit and what it says of a finding, as seeds/words holds them for SQL, pages and docs alike."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nqp.language.labels import Label, Language
from nqp.language.numbers import above, below

SEEDS = Path(__file__).resolve().parents[3] / "seeds" / "words"
_PLACE = re.compile(r"{(\w+)(?::(\d))?}")


@dataclass(frozen=True)
class Rule:
    """One rule; a formula or source without words is the same in both languages."""

    code: str
    title: Label
    claim: Label
    formula: Label
    source: Label
    failure: Label


@dataclass(frozen=True)
class Sentence:
    """What is said of a reason or of a conclusion; ``cells`` names the printed numbers and is the same in both languages."""

    cells: str
    text: Label


def filled(template: str, values: Mapping[str, object]) -> str:
    """The template with each ``{name}`` replaced by that text and each ``{name:3}`` by that number with three decimals.

    A value that is absent is a question mark, as in the SQL findings.
    """

    def value(place: re.Match[str]) -> str:
        name, decimals = place.groups()
        found = values.get(name)
        if decimals is None:
            return "?" if found is None else str(found)
        if not isinstance(found, int | float) or math.isnan(found):
            return "?"
        towards = below if name.endswith("_low") else above if name.endswith("_high") else None
        if towards is not None:
            found = towards(found, int(decimals)) or 0.0
        return f"{found:.{decimals}f}"

    return _PLACE.sub(value, template)


def word_rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of seeds/words."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _label(row: Mapping[str, str], name: str) -> Label:
    return Label(row[f"{name}_zh"], row[f"{name}_en"])


RULES = tuple(
    Rule(
        row["code"], _label(row, "title"), _label(row, "claim"), Label(row["formula_zh"] or row["formula"], row["formula"]),
        Label(row["source_zh"] or row["source"], row["source"]), _label(row, "failure")
    )
    for row in word_rows("audit_rules")
)  # fmt: skip
SENTENCES = {row["code"]: Sentence(row["cells"], _label(row, "text")) for row in word_rows("audit_sentences")}

WORDS: dict[Language, tuple[str, str, str, str]] = {
    "en": ("Claim", "Formula", "Source", "What a failure can mean"),
    "zh": ("内容", "公式", "出处", "不符可能说明"),
}


def rules_markdown(language: Language) -> str:
    """One section per rule, as docs/audit.md and docs/audit.zh-CN.md hold it."""
    claim, formula, source, failure = WORDS[language]
    stop = "。" if language == "zh" else "."
    colon = "：" if language == "zh" else ": "
    parts = []
    for rule in RULES:
        parts.append(
            f"### {rule.code} {rule.title.in_(language)}\n\n"
            f"- **{claim}**{colon}{rule.claim.in_(language)}\n"
            f"- **{formula}**{colon}`{rule.formula.in_(language)}`\n"
            f"- **{source}**{colon}{rule.source.in_(language)}{stop}\n"
            f"- **{failure}**{colon}{rule.failure.in_(language)}\n"
        )
    return "\n".join(parts)
