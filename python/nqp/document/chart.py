"""What a chart is drawn with: the rows that it shows, and colours that a style sheet fills in (dark display, print)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

CLASSES = 6
# A name that is one of these words ends the drawing: the chart engine looks a text up among the properties of its own
# objects and takes it for one of its signals. A joiner of no width behind it makes it a text like any other.
ENGINE_WORDS = frozenset(
    ("if", "constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
     "toLocaleString", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__")
)  # fmt: skip
JOINER = "\u2060"  # no study holds it: check_study_files refuses characters that cannot be seen
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


def drawable(part: Any) -> Any:
    """A part of a specification, or a text of an expression, in which every text can be drawn; the drawing drops JOINER."""
    if isinstance(part, str):
        text = " ".join(part.splitlines()) if "\n" in part or "\r" in part else part
        return text + JOINER if text in ENGINE_WORDS else text
    if isinstance(part, list):
        return [drawable(item) for item in part]
    if isinstance(part, dict):
        return {key: drawable(item) for key, item in part.items()}
    return part


def colours(groups: Sequence[str]) -> list[str]:
    """A colour per group; from the seventh on they repeat."""
    return [SERIES[i % len(SERIES)] for i in range(len(groups))]
