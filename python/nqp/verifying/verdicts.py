"""Whether a number of a text agrees with our exhibits: the rules for sentences, for marks and for pasted tables.

A number *differs* only where the text says what it is: by a mark, by a table with its column, or by a table with what
the number is called. Any other number near the name of a table that agrees with nothing in it is *unclear*: it may be
reckoned from ours, or be somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nqp.language.labels import NOTHING, Label
from nqp.verifying import words
from nqp.verifying.language import (
    CLAUSE_END,
    KINDS,
    LEVELS,
    LOWERED,
    NOT_OURS,
    NUMBER,
    OF_LEVELS,
    RESPECTIVELY,
    SENTENCE_END,
    SKIP,
)
from nqp.verifying.passage import Mark, Passage
from nqp.verifying.printed import Printed, cell_number, printed
from nqp.verifying.scopes import Names, about, names_in
from nqp.verifying.shown import Numbers, Shown

Status = Literal["agrees", "differs", "unclear"]
MOST_NAMED = 3  # candidates that a message lists
LONGEST_CAPTION = 160


@dataclass(frozen=True)
class Verdict:
    """What is said of one number: where it stands, and what our exhibits have in its place."""

    status: Status
    printed: str
    where: Label
    what: Label


def verdicts_on(
    passages: Sequence[Passage], numbers: Numbers, aliases: Mapping[tuple[str, str], str] | None = None
) -> list[Verdict]:
    """The verdicts on all numbers of a text that refer to our exhibits, in the order of the text."""
    reading = _Reading(numbers, {**numbers.codes_by_number(), **(aliases or {})})
    found: list[Verdict] = []
    caption: str | None = None
    table: list[Passage] = []

    def close() -> None:
        if table and caption:
            found.extend(reading.of_table(table, caption))
        table.clear()

    for passage in passages:
        if passage.table:
            if table and table[-1].table != passage.table:
                close()
            table.append(passage)
            found += reading.of_marks(passage)
            continue
        close()
        names = names_in(passage, reading.codes, reading.labels)
        caption = None if _is_prose(passage) else _captioned(passage, names) or caption
        found += reading.of_marks(passage)
        found += reading.of_sentences(passage, names)
    close()
    return found


def _captioned(passage: Passage, names: Names) -> str | None:
    """The exhibit whose caption a passage is: it begins with its number, or carries its label."""
    for one in names.exhibits:
        if one.names and re.fullmatch(r"[\s*_#:：]*", passage.text[: one.start]):
            return one.names[0]
    labelled = {reference.start for reference in passage.references}
    return next((one.names[0] for one in names.exhibits if one.names and one.start in labelled), None)


def _is_prose(passage: Passage) -> bool:
    """Whether a passage is a text of its own and not a line between a caption and its table."""
    return len(passage.text.strip()) > LONGEST_CAPTION


class _Reading:
    """The rules, with the numbers that a text is held against."""

    def __init__(self, numbers: Numbers, codes: Mapping[tuple[str, str], str]) -> None:
        self.numbers = numbers
        self.codes = codes
        items = numbers.exhibits.items
        self.labels = {re.sub(r"[^0-9A-Za-z]", "_", item.code): item.code for item in items}
        self.labels |= {item.code: item.code for item in items}

    # ------------------------------------------------------------------------------------------- marks

    def of_marks(self, passage: Passage) -> Iterator[Verdict]:
        """Numbers that a mark names are held against that number and nothing else."""
        for mark in passage.marks:
            text = passage.text[mark.start : mark.end]
            number = NUMBER.search(text)
            known = (
                self.numbers.of_bookmark(mark.address) if mark.is_bookmark else self.numbers.at(mark.address)
            )
            where = passage.where(mark.start)
            if not known:
                yield Verdict("differs", text, where, words.names_nothing(mark.address))
            elif number is None:
                yield Verdict("differs", text, where, words.at_no_number(mark.address))
            else:
                value = _printed(number, passage.text[: mark.start + number.start()])
                status: Status = "agrees" if any(value.agrees(one) for one in known) else "differs"
                yield Verdict(status, value.text, where, self._places(known, value))

    # --------------------------------------------------------------------------------------- sentences

    def of_sentences(self, passage: Passage, names: Names) -> Iterator[Verdict]:
        """Numbers in sentences that refer to an exhibit."""
        text = passage.text
        for first, last in _pieces(text, SENTENCE_END):
            if SKIP.search(text[first:last]):
                continue
            matches = [
                match
                for match in NUMBER.finditer(text, first, last)
                if not names.covers(match.start(), match.end()) and not _is_marked(match, passage.marks)
            ]
            kind = ""
            for place, match in enumerate(matches):
                before = matches[place - 1] if place else None
                kind = _kind(text, match, before, first, kind)
                codes, _ = about(match.start(), match.end(), names.exhibits, first, last, text)
                if not codes:
                    continue
                columns, is_here = about(match.start(), match.end(), names.columns, first, last, text)
                if RESPECTIVELY.search(text[first:last]) and len(columns) > 1:
                    alike = [one for one in matches if "." in one["digits"]]
                    if len(alike) == len(columns) and match in alike:
                        columns = (columns[alike.index(match)],)
                panels, is_near = about(match.start(), match.end(), names.panels, first, last, text)
                panels = panels if is_near else ()
                value = _printed(match, text)
                clause = _clause(text, match, first, last)
                if value.value in LEVELS and not value.bound and OF_LEVELS.search(clause):
                    continue
                if not value.has_decimals and kind not in ("count", "interval"):
                    continue
                yield from self._judged(
                    value, passage.where(match.start()), codes, columns, panels, kind,
                    sentence=text[first:last], clause=clause, names_column=is_here,
                )  # fmt: skip

    def _judged(
        self, value: Printed, where: Label, codes: Sequence[str], columns: Sequence[str], panels: Sequence[str], kind: str,
        *, sentence: str, clause: str, names_column: bool,
    ) -> Iterator[Verdict]:  # fmt: skip
        pool = [one for code in codes for one in self.numbers.by_exhibit[code]]
        pool = _narrowed(pool, lambda one: any(_is_panel(one, panel) for panel in panels)) if panels else pool
        in_columns = [one for one in pool if any(_is_column(one, column) for column in columns)]
        has_column = bool(columns) and bool(in_columns)
        pool = in_columns if has_column else pool
        of_kind = [one for one in pool if _is_kind(one, kind)]
        if kind == "estimate":  # a coefficient, where the exhibit has any
            of_kind = _narrowed(of_kind, lambda one: one.kind == "estimate")
        has_kind = bool(kind) and bool(of_kind)
        if kind and not of_kind and kind in ("p_value", "t", "std_error", "interval", "count", "r2", "f"):
            return  # the exhibit shows no such number, so the text has it from elsewhere
        pool = of_kind if has_kind else [one for one in pool if not one.is_in_text_only]
        rows = [one for one in pool if _is_row(one, sentence)]
        may_lose_sign = bool(LOWERED.search(sentence))
        match = [one for one in rows or pool if value.agrees(one, may_lose_sign=may_lose_sign)]
        if match:
            yield Verdict("agrees", value.text, where, self._places(match, value))
            return
        elsewhere = [one for one in pool if value.agrees(one, may_lose_sign=may_lose_sign)] if rows else []
        if elsewhere:
            places = self._places(elsewhere, value)
            yield Verdict("unclear", value.text, where, words.in_another_row(places))
            return
        is_said = (has_column and names_column) or has_kind or bool(rows)
        is_ours = not NOT_OURS.search(clause) and not (
            value.is_percent and not any(one.is_percent for one in pool)
        )
        if not (is_said and pool):
            status: Status = "unclear"
            what = words.none_in([self.numbers.name(code) for code in codes])
        else:
            status = "differs" if is_ours else "unclear"
            what = self._places(rows or pool, value)
        yield Verdict(status, value.text, where, what)

    # ------------------------------------------------------------------------------------------ tables

    def of_table(self, cells: Sequence[Passage], code: str) -> Iterator[Verdict]:
        """The cells of a table in the text that has our table's caption, by row label and column."""
        ours = self.numbers.by_exhibit[code]
        rows: dict[int, list[Passage]] = {}
        for cell in cells:
            rows.setdefault(cell.row, []).append(cell)
        columns = _heads(rows.values(), ours)
        block, label = 0, ""
        for row in rows.values():
            texts = [cell.text.strip(" *\n\t") for cell in row]
            blocks = {
                one.block for one in ours if texts[0] and texts[0] in (one.block_title.zh, one.block_title.en)
            }
            block, label = (blocks.pop() if blocks else block), texts[0] or label
            for cell in row[1:]:
                number = cell_number(cell.text.replace("$", " "))
                if number is None or cell.column not in columns or cell.marks:
                    continue
                value, in_parentheses = number
                known = [one for one in ours if one.column == columns[cell.column]]
                known = [one for one in known if _same(label, one.row)]
                known = [one for one in known if one.block == block] or known
                known = [one for one in known if _is_below(one) == in_parentheses or one.kind == "interval"]
                if not known:
                    continue
                same = [one for one in known if value.agrees(one) or _rounds_to_bound(value, one)]
                shown = same or [one for one in known if not one.is_in_text_only] or known
                status: Status = "agrees" if same else "differs"
                yield Verdict(status, value.text, cell.where(0), self._places(shown, value))

    def _places(self, known: Sequence[Shown], value: Printed) -> Label:
        """Where numbers stand and what they are to the digits that the text prints, coefficients and the nearest first."""
        near = sorted(known, key=lambda one: (one.kind != "estimate", abs(one.value - value.value)))
        found = dict.fromkeys(self._said(one, max(value.decimals, 0)) for one in near)
        listed = list(found)[:MOST_NAMED]
        more = words.further(len(found) - MOST_NAMED) if len(found) > MOST_NAMED else NOTHING
        return Label(
            "；".join(one.zh for one in listed) + more.zh, "; ".join(one.en for one in listed) + more.en
        )

    def _said(self, one: Shown, decimals: int) -> Label:
        place, kind, number = (
            one.place(self.numbers),
            words.KINDS.get(one.kind, words.NUMBER),
            f"{one.value:.{decimals}f}",
        )
        return Label(f"{place.zh}：{number}（{kind.zh}）", f"{place.en}: {number} ({kind.en})")


def _pieces(text: str, end: re.Pattern[str]) -> list[tuple[int, int]]:
    """The text cut where a pattern ends a piece, as (start, end)."""
    ends = [match.end() for match in end.finditer(text)]
    starts = [0, *ends]
    return [(a, b) for a, b in zip(starts, [*ends, len(text)], strict=True) if a < b]


def _clause(text: str, match: re.Match[str], first: int, last: int) -> str:
    """The part of a sentence around a number."""
    for start, end in _pieces(text[first:last], CLAUSE_END):
        if first + start <= match.start() < first + end:
            return text[first + start : first + end]
    return text[first:last]


def _is_marked(match: re.Match[str], marks: Iterable[Mark]) -> bool:
    return any(mark.start < match.end() and match.start() < mark.end for mark in marks)


def _printed(match: re.Match[str], text: str) -> Printed:
    found = re.search(r"([<>≤≥])\s*$", text[: match.start()])
    bound = {"≤": "<", "≥": ">"}.get(found[1], found[1]) if found else ""
    return printed(match["digits"], match["sign"] or "", is_percent=bool(match["percent"]), bound=bound)


def _kind(text: str, match: re.Match[str], before: re.Match[str] | None, first: int, last_kind: str) -> str:
    """What the words right before a number call it; '' where they do not say."""
    start = max(before.end() if before else first, match.start() - 80)
    lead = text[start : match.start()]
    found = [
        (one.end(), one.end() - one.start(), kind)
        for kind, pattern in KINDS
        for one in pattern.finditer(lead)
    ]
    if found:
        return max(found)[2]
    if re.match(r"\s*(?:个)?(?:observations?|观测)", text[match.end() : match.end() + 20]):
        return "count"
    if before is not None and re.fullmatch(r"[*☆\s]*[(（]\s*", lead):
        return "below"
    if re.fullmatch(r"[*☆\s]*(?:,|、|，|and|to|和|与|至|–|—|,\s*and)\s*", lead):
        return last_kind
    if re.search(r"\[\s*$", lead) and last_kind in ("estimate", "below", "std_error"):
        return "interval"
    return ""


def _is_kind(one: Shown, kind: str) -> bool:
    """Whether a number of ours can be what a text calls it."""
    row = f"{one.row.zh} {one.row.en}"
    if kind in ("std_error", "t", "interval"):
        return one.kind == kind
    if kind == "below":
        return _is_below(one)
    if kind == "p_value":
        return one.kind == "p_value"
    if kind == "count":
        return one.kind == "count"
    if kind == "r2":
        return "R²" in row
    if kind == "f":
        return bool(re.search(r"\bF\b", row)) and one.kind == "number"
    if kind in ("mean", "std_dev", "min", "max"):
        return one.column.endswith(kind)
    return one.kind in ("estimate", "number", "percent")


def _is_below(one: Shown) -> bool:
    """Whether a number stands, or might stand, in parentheses below a coefficient."""
    return one.kind in ("std_error", "t", "interval") or (one.kind == "p_value" and one.is_in_text_only)


def _is_column(one: Shown, column: str) -> bool:
    return one.column == column or one.column_label.en.startswith(f"({column})")


def _is_panel(one: Shown, panel: str) -> bool:
    title = one.block_title
    if re.match(rf"(?:Panel\s+)?{panel}\b", title.en) or title.zh.startswith((f"{panel}：", f"面板 {panel}")):
        return True
    named = re.match(r"(?:Panel\s+)?[A-Z]\b[:.]?|[A-Z]：", title.en) or re.match("[A-Z]：", title.zh)
    return not named and one.block == ord(panel) - ord("A") + 1


def _is_row(one: Shown, sentence: str) -> bool:
    """Whether a sentence names the row of a number; very short names say nothing."""
    english = re.split(r"[(（,:]", one.row.en)[0].strip()
    if len(english) > 3 and re.search(rf"(?<!\w){re.escape(english)}(?!\w)", sentence, re.IGNORECASE):
        return True
    chinese = re.split(r"[(（，：]", one.row.zh)[0].strip()
    return len(chinese) > 1 and not chinese.isascii() and chinese in sentence


def _narrowed(pool: list[Shown], keeps: Callable[[Shown], bool]) -> list[Shown]:
    """The numbers that fulfil a condition, or all if none does."""
    return [one for one in pool if keeps(one)] or pool


def _same(label: str, row: object) -> bool:
    texts = [
        re.sub(r"[\s*_\\]+", "", text).casefold()
        for text in (label, getattr(row, "zh", ""), getattr(row, "en", ""))
    ]
    return bool(texts[0]) and texts[0] in texts[1:]


def _rounds_to_bound(value: Printed, one: Shown) -> bool:
    """'0.000' may be printed where ours says '<0.001'."""
    return not value.bound and value.value == 0 and abs(one.value) < 10.0**-value.decimals


def _heads(rows: Iterable[Sequence[Passage]], ours: Sequence[Shown]) -> dict[int, str]:
    """Our column for each column of a pasted table: by its head, else by its place."""
    labels: dict[str, str] = {}
    order: list[str] = []
    for one in ours:
        if one.is_in_text_only:
            continue
        if one.column not in order:
            order.append(one.column)
        for text in (one.column_label.zh, one.column_label.en, f"({one.column})"):
            labels.setdefault(re.sub(r"\s+", "", text).casefold(), one.column)
    found: dict[int, str] = {}
    widest = 0
    for row in rows:
        widest = max(widest, row[-1].column)
        for cell in row:
            text = re.sub(r"[\s*\\]+", "", cell.text).casefold()
            if cell.column and text in labels and cell.column not in found:
                found[cell.column] = labels[text]
    if not found and widest == len(order):
        return dict(enumerate(order, start=1))
    return found
