"""A figure: what it shows, the finding that its title says, the data behind it, and how it is drawn.

A figure is frozen and in no language: a format asks for the chart of the language that it writes. A figure whose data a
study does not have is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nqp.language.labels import Label, Language

if TYPE_CHECKING:
    import altair as alt

ESTIMATES_SOURCE = Label(
    "本页回归的估计结果（模式 estimates）。", "the regressions of this page (schema estimates)."
)
INTERVAL = Label("系数与 95% 区间", "coefficient and 95% interval")

Draw = Callable[[Language], "alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart"]


@dataclass(frozen=True)
class Figure:
    """One figure.

    ``kind`` says what it shows ('map'), ``subject`` is the code of the index or table that it shows it of, ``table``
    that of the table below which it stands, if any. ``data`` is what is drawn and offered as CSV (do not change it);
    ``draw`` makes the chart in one language. ``shrinks`` says that it can still be read when it is as narrow as a phone.
    """

    kind: str
    subject: str
    title: Label
    units: Label
    source: Label
    alt: Label
    data: pd.DataFrame
    draw: Draw
    table: str = ""
    shrinks: bool = False

    @property
    def code(self) -> str:
        """Its name in links and files."""
        return f"{self.kind}-{self.subject}"


def described(frame: pd.DataFrame, describe: Callable[[Mapping[str, Any]], str]) -> list[dict[str, Any]]:
    """The rows of a frame for a chart; ``description`` is the text that a reader gets who points at the mark."""
    plain = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{**{k: _plain(v) for k, v in row.items()}, "description": describe(row)} for row in plain]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
