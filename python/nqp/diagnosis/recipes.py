"""A recipe in words: its options as def_specs.csv spells them, and how a number is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nqp.diagnosis.printed import read_rows
from nqp.language.labels import Label
from nqp.study.recipes import EACH, RecipeWords

# How a number of each form is made; the last two are what textbooks call a score beside the index's own aggregation.
FORMS: Mapping[str, Label] = {
    "weight": Label("权重", "weight"),
    "score": Label("得分", "score"),
    "raw": Label("权重 × 原始值之和", "sum of weight x raw value"),
    "proportion": Label("权重 × 比重之和", "sum of weight x proportion"),
}

# Choices that most recipes leave alone: they are named only where they are made.
SAID_WHERE_CHOSEN: Mapping[str, Label] = {
    "rescaling": Label("映射区间", "range"),
    "shift": Label("平移", "shift"),
    "entropy_shift": Label("熵中平移", "in the entropy"),
    "scored_on": Label("得分按", "scores on"),
    "left_out": Label("剔除", "without"),
}


def preset_names(path: Path, words: RecipeWords) -> dict[tuple[str, ...], Label]:
    """What a study's def_specs.csv calls its single specifications, by their options; empty without such a file."""
    if not path.is_file():
        return {}
    header, *lines = read_rows(path)
    rows = [dict(zip(header, line, strict=False)) for line in lines]
    found = {}
    for row in rows:
        options = tuple(option_text(name, row.get(name) or words.default(name)) for name in words.choices)
        if not any("|" in option or option == EACH for option in options):
            code = row["spec_code"]
            found[options] = Label(row.get("name_zh") or code, row.get("name_en") or code)
    return found


def option_text(name: str, value: Any) -> str:
    """An option as one text, whether read from a file or from a mart."""
    if name == "shift":
        try:
            return np.format_float_positional(float(value), trim="-")
        except ValueError:  # a design, such as 0|0.01
            return str(value)
    return str(value).strip()


def is_named(row: Mapping[str, Any]) -> bool:
    """Whether a candidate is the baseline or a preset, which have names."""
    return bool(row["is_baseline"] or row["is_preset"])


def made_by(row: Mapping[str, Any], words: RecipeWords) -> Label:
    """The options that made the numbers of a candidate, in the words of def_specs.csv, and their form and scale."""
    used: list[Label] = []
    for name in words.choices if row["form"] == "score" else words.weight_choices:
        text = option_text(name, row[name])
        if name == "divisor" and row["weighting"] not in ("entropy", "entropy_critic"):
            continue
        if name == "ideal" and "topsis" not in str(row["aggregation"]):
            continue
        if label := SAID_WHERE_CHOSEN.get(name):
            if text != words.default(name):
                used.append(Label(f"{label.zh} {text}", f"{label.en} {text}"))
            continue
        used.append(Label.both(text))
    if year := row["pool_code"]:
        used.append(Label(f"{year} 年的权重", f"weights of {year}"))
    if row["form"] in ("raw", "proportion"):
        used.append(FORMS[row["form"]])
    if row["scale"] != 1:
        used.append(Label(f"乘以 {row['scale']}", f"times {row['scale']}"))
    return Label("，".join(one.zh for one in used), ", ".join(one.en for one in used))
