"""A figure: what it shows, the finding that its title says, and the data behind it.

A figure is frozen: a title made from its data, units, source and alternative text in two languages, one SVG per
language, and the data frame that is offered as CSV. A figure whose data a study does not have is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nqp.document.chart import SERIES, svg
from nqp.language.labels import Label, Language

if TYPE_CHECKING:
    import altair as alt

ESTIMATES_SOURCE = Label(
    "本页回归的估计结果（模式 estimates）。", "the regressions of this page (schema estimates)."
)
INTERVAL = Label("系数与 95% 区间", "coefficient and 95% interval")
WIDTH = 640


@dataclass(frozen=True)
class Figure:
    """One figure; ``svgs`` holds the drawing per language, ``data`` what was drawn (do not change it).

    ``shrinks`` says that it can still be read when it is as narrow as a phone.
    """

    code: str
    title: Label
    units: Label
    source: Label
    alt: Label
    svgs: tuple[tuple[Language, str], ...]
    data: pd.DataFrame
    shrinks: bool = False

    def svg(self, language: Language) -> str:
        """The drawing in one language."""
        return dict(self.svgs)[language]


Draw = Callable[[Language], "alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart"]


def drawn(
    code: str, title: Label, units: Label, source: Label, alt_text: Label, data: pd.DataFrame, draw: Draw,
    languages: Sequence[Language],
    shrinks: bool = False,
) -> Figure:  # fmt: skip
    """The figure that ``draw`` makes in every language."""
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # no schema validation of every part: the tests look at what is drawn
        drawn = tuple((language, svg(draw(language), language, code)) for language in languages)
    return Figure(code, title, units, source, alt_text, drawn, data, shrinks)


def spoken(
    frame: pd.DataFrame, language: Language, says: Callable[[Mapping[str, Any]], str]
) -> list[dict[str, Any]]:
    """The rows of a frame with what a reader is told of each."""
    plain = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{**{k: _plain(v) for k, v in row.items()}, "says": says(row)} for row in plain]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def colours(groups: Sequence[str]) -> list[str]:
    """A colour per group; from the seventh on they repeat."""
    return [SERIES[i % len(SERIES)] for i in range(len(groups))]
