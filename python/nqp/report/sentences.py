"""The sentences of the findings, as seeds/words/finding_sentences.csv holds them in both languages."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from nqp.language.labels import Label

FILE = Path(__file__).resolve().parents[3] / "seeds" / "words" / "finding_sentences.csv"


def say(code: str, **values: Label | str | int) -> Label:
    """A sentence with the names and numbers given; what names the entity stays for the study's word."""
    text = _sentences()[code]
    zh, en = text.zh, text.en
    for name, value in values.items():
        found = value if isinstance(value, Label) else Label.both(str(value))
        zh, en = zh.replace(f"{{{name}}}", found.zh), en.replace(f"{{{name}}}", found.en)
    return Label(zh, en)


def together(*parts: Label) -> Label:
    """Sentences one after the other; what is blank is passed over."""
    kept = [part for part in parts if part]
    return Label("".join(part.zh for part in kept), " ".join(part.en for part in kept))


@cache
def _sentences() -> dict[str, Label]:
    with FILE.open(encoding="utf-8", newline="") as stream:
        return {row["code"]: Label(row["text_zh"], row["text_en"]) for row in csv.DictReader(stream)}
