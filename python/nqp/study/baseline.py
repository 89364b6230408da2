"""The baseline of a study: the recipe that def_specs.csv names, and its options in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nqp.language.labels import Label
from nqp.language.words import in_sentence
from nqp.study.recipes import Option, recipe_words

if TYPE_CHECKING:
    import pandas as pd

TOPSIS = ("topsis", "topsis_w_once")
BY_ENTROPY = ("entropy", "entropy_critic")
ALWAYS = ("normalization", "pool", "weighting", "aggregation")
CLASSICAL = Label("极差、熵权、TOPSIS", "min-max, entropy, TOPSIS")


@dataclass(frozen=True)
class Baseline:
    """``is_classical``: min-max, entropy weights and TOPSIS over all years. ``choices``: the names of the choices, in order.
    ``options``: the option of each choice; none of the classical baseline of a study without indices.
    """

    is_classical: bool
    choices: Mapping[str, Label]
    options: Mapping[str, Option]

    def code(self, choice: str) -> str:
        """The word of a choice in def_specs.csv."""
        return self.options[choice].code if choice in self.options else ""

    @property
    def is_topsis(self) -> bool:
        """Whether the score is a closeness between 0 and 1, with distances to an ideal."""
        return self.is_classical or self.code("aggregation") in TOPSIS

    @property
    def squares_weights(self) -> bool:
        """Whether the distances carry squared weights, so that there are effective weights."""
        return self.is_classical or self.code("aggregation") == "topsis"

    @property
    def has_entropy(self) -> bool:
        """Whether the weights rest on the entropy of the indicators."""
        return self.is_classical or self.code("weighting") in BY_ENTROPY

    @property
    def has_entropy_weights(self) -> bool:
        """Whether the weights are entropy weights and nothing else."""
        return self.is_classical or self.code("weighting") == "entropy"

    @property
    def has_yearly_weights(self) -> bool:
        """Whether each year has bounds of its own, and weights where these rest on the figures."""
        return self.code("pool") == "per_year"

    @property
    def told(self) -> tuple[tuple[Label, Option], ...]:
        """The name of each choice that says something about this recipe, and its option."""
        silent = set() if self.is_topsis else {"ideal"}
        silent |= set() if self.has_entropy else {"divisor"}
        return tuple(
            (name, self.options[choice])
            for choice, name in self.choices.items()
            if choice in self.options
            and choice not in silent
            and (choice in (*ALWAYS, "ideal", "divisor") or not self.options[choice].is_default)
        )

    @property
    def name(self) -> Label:
        """The options in one line; those that every recipe has to name are always among them."""
        if self.is_classical:
            return CLASSICAL
        found = [option.name for _, option in self.told if option.choice in ALWAYS or not option.is_default]
        return Label("、".join(one.zh for one in found), ", ".join(one.en for one in found))

    @property
    def formulas(self) -> Label:
        """Every choice with its option and formula, as one sentence without its full stop."""
        return Label(
            "；".join(f"{name.zh}：{one.name.zh}（{one.formula.zh}）" for name, one in self.told),
            "; ".join(f"{in_sentence(name.en)}: {one.name.en} ({one.formula.en})" for name, one in self.told),
        )

    @property
    def unit(self) -> Label:
        """What a score is measured in."""
        return Label("得分（0 至 1）", "score, 0 to 1") if self.is_topsis else Label("得分", "score")

    @property
    def weight(self) -> Label:
        """What the weights are called."""
        if self.has_entropy_weights:
            return Label("熵权", "Entropy weight")
        name = self.options["weighting"].name
        return Label(f"权重（{name.zh}）", f"Weight ({name.en})")


def read_baseline(rows: pd.DataFrame, options: pd.DataFrame) -> Baseline:
    """The baseline out of its row of staging.stg_specs (none: classical) and the options of all recipes."""
    if rows.empty:
        return Baseline(True, {}, {})
    words, row = recipe_words(options.to_dict("records")), rows.iloc[0]
    chosen = {choice: words.options[choice, str(row[choice])] for choice in words.choices}
    return Baseline(bool(row["is_classical"]), words.choices, chosen)
