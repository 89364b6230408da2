"""Which exhibit, columns and panel a number of a sentence is about: what the words around it refer to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nqp.verifying.language import COLUMN, EXHIBIT, ITEMS, PANEL, RANGE
from nqp.verifying.passage import Passage


@dataclass(frozen=True)
class Mention:
    """A place in a passage and what it names: codes of exhibits (none: somebody else's), columns or a panel."""

    start: int
    end: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """What a passage mentions, in order."""

    exhibits: tuple[Mention, ...]
    columns: tuple[Mention, ...]
    panels: tuple[Mention, ...]

    def covers(self, start: int, end: int) -> bool:
        """Whether a number is the name of an exhibit or of a column."""
        every = (*self.exhibits, *self.columns, *self.panels)
        return any(one.start < end and start < one.end for one in every)


def names_in(passage: Passage, codes: Mapping[tuple[str, str], str], labels: Mapping[str, str]) -> Names:
    """All mentions of a passage; ``codes`` are exhibits by their printed number, ``labels`` by their label."""
    exhibits = []
    for match in EXHIBIT.finditer(passage.text):
        kind = "figure" if match["kind"].lower().startswith("fig") or match["kind"] == "图" else "table"
        appendix = "A" if match["kind"] == "附表" else ""
        items = [f"{appendix}{item}" for item in ITEMS.findall(match["items"])]
        found = tuple(codes[kind, item] for item in items if (kind, item) in codes)
        exhibits.append(Mention(match.start(), match.end(), found))
    for reference in passage.references:
        code = labels.get(reference.label)
        # what the field prints is the number of the manuscript, and the field knows better
        exhibits = [
            one for one in exhibits if not one.start <= reference.start <= one.end or reference.start == one.start == 0
        ]  # fmt: skip
        exhibits.append(
            Mention(reference.start, _end_of_number(passage.text, reference), (code,) if code else ())
        )
    exhibits.sort(key=lambda one: one.start)
    columns = [
        Mention(match.start(), match.end(), _columns(match["en"] or match["zh"] or match["bare"]))
        for match in COLUMN.finditer(passage.text)
    ]
    panels = [
        Mention(match.start(), match.end(), (match["en"] or match["zh"] or match["bare"],))
        for match in PANEL.finditer(passage.text)
    ]
    return Names(tuple(exhibits), tuple(columns), tuple(panels))


def _end_of_number(text: str, reference: object) -> int:
    """The end of what a cross-reference shows: its number belongs to it."""
    end = int(getattr(reference, "end", 0))
    shown = re.compile(r"\s*(?:[Tt]able|[Ff]igure|表|图)?\s*[A-Z]?\.?\d+(?:[-.]\d+)*(?!\.?\d)").match(
        text, end
    )
    return shown.end() if shown else end


def _columns(text: str) -> tuple[str, ...]:
    """The columns that a list or a range names."""
    if found := RANGE.search(text):
        first, last = int(found[1]), int(found[2])
        if first < last <= first + 60:
            return tuple(str(one) for one in range(first, last + 1))
    return tuple(re.findall(r"\d+", text))


def about(
    start: int, end: int, mentions: Sequence[Mention], first: int, last: int, text: str
) -> tuple[tuple[str, ...], bool]:
    """What a number between ``start`` and ``end`` is about in the sentence from ``first`` to ``last``.

    The mention in parentheses behind it, else the last one before it and the next one after it. Without a mention in
    the sentence that of the last sentence before; the second value says whether the sentence itself names it.
    """
    here = [one for one in mentions if first <= one.start < last]
    after = next((one for one in here if one.start >= end), None)
    before = next((one for one in reversed(here) if one.end <= start), None)
    if after is not None and re.fullmatch(r"[^()（）]{0,40}[(（][^()（）]*", text[end : after.start]):
        return after.names, True
    if before is not None or after is not None:
        every = [name for one in (before, after) if one is not None for name in one.names]
        return tuple(dict.fromkeys(every)), True
    carried = next((one for one in reversed(mentions) if one.end <= first), None)
    return (carried.names if carried is not None else ()), False
