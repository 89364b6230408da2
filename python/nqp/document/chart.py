"""What a chart is drawn with: the rows that it shows, and colours that a style sheet fills in (dark display, print)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

CLASSES = 6
RAMP = [f"var(--m{i})" for i in range(1, CLASSES + 1)]  # fill of the classes of a map, lowest first
RAMP_INK = [f"var(--mi{i})" for i in range(1, CLASSES + 1)]  # text on them
SERIES = [f"var(--g{i})" for i in range(1, 7)]  # lines and points of groups
INK, SOFT, THIN, ACCENT = "var(--ink)", "var(--soft)", "var(--thin)", "var(--g1)"
WIDTH = 640


class NamedRows(str):
    """The name of a data set, which carries its rows past Altair: it would copy them at every step."""

    rows: list[dict[str, Any]]


def chart_of(rows: list[dict[str, Any]]) -> Any:
    """An Altair chart of these rows."""
    import altair as alt

    name = NamedRows("rows")
    name.rows = rows
    return alt.Chart(alt.NamedData(name))


def colours(groups: Sequence[str]) -> list[str]:
    """A colour per group; from the seventh on they repeat."""
    return [SERIES[i % len(SERIES)] for i in range(len(groups))]
