"""The choices of a recipe and their options in words: seeds/words/recipe_options.csv, which dbt, pages and help all read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nqp.language.labels import Label

FILE = Path("seeds/words/recipe_options.csv")
EACH = "each"  # stands for every indicator left out in turn: no option of a single recipe


@dataclass(frozen=True)
class Option:
    """One option of a choice."""

    choice: str
    code: str
    name: Label
    is_default: bool
    is_wrong: bool
    formula: Label


@dataclass(frozen=True)
class RecipeWords:
    """``choices``: the names of the choices, in order. ``weight_choices``: those that make the weights; the others make a
    score out of them. ``options``: every option by choice and code, in order.
    """

    choices: Mapping[str, Label]
    weight_choices: tuple[str, ...]
    options: Mapping[tuple[str, str], Option]

    def of(self, choice: str) -> tuple[Option, ...]:
        """The options of a choice, in order."""
        return tuple(option for option in self.options.values() if option.choice == choice)

    def default(self, choice: str) -> str:
        """The option of the baseline."""
        return next(option.code for option in self.of(choice) if option.is_default)


def recipe_words(rows: Iterable[Mapping[str, Any]]) -> RecipeWords:
    """The words out of the rows of the file, or of its table in the database."""
    ordered = sorted(rows, key=lambda row: (int(row["choice_order"]), int(row["option_order"])))
    return RecipeWords(
        {row["choice"]: Label(row["choice_zh"], row["choice_en"]) for row in ordered},
        tuple(dict.fromkeys(row["choice"] for row in ordered if row["makes"] == "weights")),
        {
            (row["choice"], row["option_code"]): Option(
                row["choice"], row["option_code"], Label(row["name_zh"], row["name_en"]),
                str(row["is_default"]).lower() == "true", str(row["is_wrong"]).lower() == "true",
                Label(row["formula_zh"] or row["formula"], row["formula"]),
            )
            for row in ordered
            if "{" not in row["option_code"]  # a pattern: the numbers in it are the study's
        },
    )  # fmt: skip


def read_recipe_words(root: Path) -> RecipeWords:
    """The words of the project in ``root``, without a database."""
    with (root / FILE).open(encoding="utf-8", newline="") as stream:
        return recipe_words(csv.DictReader(stream))
