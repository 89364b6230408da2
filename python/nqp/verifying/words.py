"""What the report of a comparison says of a number, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from nqp.language.labels import Label

STATUS: Mapping[str, Label] = MappingProxyType(
    {
        "agrees": Label("一致", "agrees"),
        "differs": Label("不一致", "differs"),
        "unclear": Label("无法判定", "unclear"),
    }
)
# A kind that is not here is a number and no more.
KINDS: Mapping[str, Label] = MappingProxyType(
    {
        "estimate": Label("估计值", "estimate"),
        "std_error": Label("标准误", "std error"),
        "t": Label("t 值", "t"),
        "p_value": Label("p 值", "p value"),
        "interval": Label("区间", "interval"),
        "count": Label("个数", "count"),
        "percent": Label("百分比", "percent"),
    }
)
NUMBER = Label("数值", "number")
WRONG = Label("文稿中的数字与图表不一致", "numbers of the text are not those of our exhibits")


def line(number: int) -> Label:
    """A line of a plain text."""
    return Label(f"第 {number} 行", f"line {number}")


def paragraph(number: int) -> Label:
    """A paragraph of a Word document."""
    return Label(f"第 {number} 段", f"paragraph {number}")


def note(kind: str, number: int) -> Label:
    """A footnote or endnote of a Word document."""
    return Label(f"{'脚注' if kind == 'footnote' else '尾注'} {number}", f"{kind} {number}")


def cell(table: int, row: int, column: int) -> Label:
    """A cell of a table of a Word document."""
    return Label(f"第 {table} 个表第 {row} 行第 {column} 列", f"table {table}, row {row}, column {column}")


def one_line(text: str, where: Label, printed: str, status: str, what: Label) -> Label:
    """What is said of one number."""
    said = STATUS[status]
    return Label(
        f"{text}，{where.zh}：{printed} {said.zh}；图表中：{what.zh}",
        f"{text}, {where.en}: {printed} {said.en}; ours: {what.en}",
    )


def summary(text: str, total: int, counts: Mapping[str, int]) -> Label:
    """How many numbers of a text refer to our exhibits, by verdict."""
    agree, differ, unclear = (counts[status] for status in STATUS)
    return Label(
        f"{text}：{total} 个数字涉及图表：{agree} 个一致，{differ} 个不一致，{unclear} 个无法判定",
        f"{text}: {total} numbers refer to our exhibits: {agree} agree, {differ} differ, {unclear} unclear",
    )


def names_nothing(address: str) -> Label:
    """A mark whose address is none of ours."""
    return Label(
        f"标记“{address}”不指任何图表中的数字", f"the mark '{address}' names nothing that our exhibits show"
    )


def at_no_number(address: str) -> Label:
    """A mark with nothing to compare."""
    return Label(f"标记“{address}”处没有数字", f"the mark '{address}' stands at no number")


def in_another_row(places: Label) -> Label:
    """The number is ours, but not in the row that the sentence names."""
    return Label(
        f"句中所指的行是另一个数字；这个数字是 {places.zh}",
        f"the row that the sentence names has another number; this one is {places.en}",
    )


def none_in(exhibits: list[Label]) -> Label:
    """No number of these exhibits is the one of the text."""
    return Label(
        f"{'、'.join(one.zh for one in exhibits)}中没有这个数字",
        f"no number of {' or '.join(one.en for one in exhibits)} is this one",
    )


def further(count: int) -> Label:
    """How many more places there are than are listed."""
    return Label(f"；另有 {count} 处", f"; and {count} more")
