"""How a regression table is set: what stands below a coefficient, digits, stars, which rows, how long the note is."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from nqp.errors import did_you_mean

BELOW = ("std_error", "t", "p", "interval", "none")
BRACKETS = ("round", "square")
CONTROLS = ("each", "collapsed")
NOTES = ("full", "journal", "none")
OWN_NOTES = ("after", "before", "instead")
STATISTICS = (
    "estimator", "effects", "n_obs", "n_entities", "n_years", "clusters", "r2", "adj_r2", "r2_within",
)  # fmt: skip
CONSTANT = "constant"
MOST_DECIMALS = 8


@dataclass(frozen=True)
class Style:
    """``stars`` are the levels of *, **, *** from the highest on; ``decimals`` are those of coefficients and what stands below
    them unless ``significant`` counts digits instead; ``keep`` and ``drop`` pick terms, ``order`` names those that come first.
    """

    in_parentheses: str = "std_error"
    brackets: str = "round"
    decimals: int = 3
    significant: int | None = None
    stars: tuple[float, ...] = (0.1, 0.05, 0.01)
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    constant: bool = True
    controls: str = "each"
    outcome_row: bool = False
    statistics: tuple[str, ...] = ("estimator", "effects", "n_obs", "n_entities", "adj_r2", "r2_within")
    note: str = "full"
    own_notes: str = "after"

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that it names."""
        return tuple(dict.fromkeys((*self.keep, *self.drop, *self.order)))


Fail = Callable[[str], Exception]
WORDS: Mapping[str, Collection[str]] = {
    "in_parentheses": BELOW, "brackets": BRACKETS, "controls": CONTROLS, "note": NOTES, "own_notes": OWN_NOTES,
}  # fmt: skip


@lru_cache(maxsize=1)
def presets() -> Mapping[str, Mapping[str, Any]]:
    """The named styles, as they are written."""
    return tomllib.loads(Path(__file__).with_name("style_presets.toml").read_text(encoding="utf-8"))


def read_style(content: Any, base: Style, fail: Fail) -> Style:
    """The style of ``base`` with what ``content`` says; a ``preset`` comes first and starts from the default.

    Raises what ``fail`` makes of a message that names the key.
    """
    if not isinstance(content, dict):
        raise fail('write it as [style] or style = { preset = "three_lines" }.')
    names = {field.name for field in fields(Style)}
    for key in content:
        if key not in names | {"preset"}:
            known = sorted(names | {"preset"})
            raise fail(f"unknown key '{key}'.{did_you_mean(key, known)} Allowed: {', '.join(known)}.")
    if (preset := content.get("preset")) is not None:
        if preset not in presets():
            raise fail(
                f"key 'preset': '{preset}'.{did_you_mean(str(preset), presets())} Allowed: {', '.join(presets())}."
            )
        base = read_style(presets()[preset], Style(), fail)
    given = {key: _value(key, value, fail) for key, value in content.items() if key != "preset"}
    style = replace(base, **given)
    if style.keep and style.drop:
        raise fail("give either 'keep' or 'drop'.")
    return style


def _value(key: str, value: Any, fail: Fail) -> Any:
    """One key of a style, checked."""
    if key in WORDS:
        if value not in WORDS[key]:
            raise fail(
                f"key '{key}': '{value}'.{did_you_mean(str(value), WORDS[key])} Allowed: {', '.join(WORDS[key])}."
            )
        return value
    if key in ("decimals", "significant"):
        lowest = int(key == "significant")
        if type(value) is not int or not lowest <= value <= MOST_DECIMALS:
            raise fail(f"key '{key}': a whole number from {lowest} to {MOST_DECIMALS}.")
        return value
    if key in ("constant", "outcome_row"):
        if not isinstance(value, bool):
            raise fail(f"key '{key}': true or false.")
        return value
    if not isinstance(value, list):
        raise fail(f"key '{key}': a list is needed.")
    if key == "stars":
        falling = all(isinstance(p, float) and 0 < p < 1 for p in value) and value == sorted(
            set(value), reverse=True
        )
        if not falling or len(value) > 3:
            raise fail(
                "key 'stars': up to three levels between 0 and 1, the highest first, such as [0.1, 0.05, 0.01]."
            )
        return tuple(value)
    if not all(isinstance(name, str) for name in value) or len(set(value)) < len(value):
        raise fail(f"key '{key}': a list of different names.")
    if key == "statistics":
        for name in value:
            if name not in STATISTICS:
                raise fail(
                    f"key 'statistics': '{name}'.{did_you_mean(name, STATISTICS)} Allowed: {', '.join(STATISTICS)}."
                )
    return tuple(value)
