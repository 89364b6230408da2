"""The table of outcomes in docs/reliability.md and docs/reliability.zh-CN.md, between two marks; the words around stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from studies import REPOSITORY
from trials import AREAS, Result

BEGIN, END = "<!-- campaign: written by tests/campaign/run.py --write -->", "<!-- end of campaign -->"
CHINESE = {
    "toml faults": "specifications.toml 有错", "harmless": "无害的改写", "observations": "观测值有错", "surroundings": "环境",
    "form": "文件形式有错", "external faults": "就地读取的文件有错", "values": "改动后的数值", "definitions": "定义有错",
    "kill": "kill -9", "disks": "磁盘已满或将满", "external right": "就地读取的文件", "toml right": "specifications.toml 的合法改动",
}  # fmt: skip


def write_pages(results: Sequence[Result], seed: int) -> None:
    """Put the outcomes of this run into both pages."""
    docs = REPOSITORY / "docs"
    _insert(docs / "reliability.md", english(results, seed))
    _insert(docs / "reliability.zh-CN.md", chinese(results, seed))


def _insert(path: Path, table: str) -> None:
    text = path.read_text(encoding="utf-8")
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{path} lacks the marks of the campaign")
    path.write_text(f"{before}{BEGIN}\n{table}{END}{after}", encoding="utf-8")


def _by_area(results: Sequence[Result]) -> list[tuple[str, int, int, int, int, int]]:
    """Area, cases, mutations, cases that ended in right numbers, in a named error, with a fault."""
    rows = []
    for area in AREAS:
        own = [result for result in results if result.area == area]
        sound = Counter(result.ended for result in own if not result.faults)
        rows.append(
            (area, len(own), sum(len(result.planted) for result in own), sound["right"], sound["named"], sum(bool(result.faults) for result in own))
        )  # fmt: skip
    return [*rows, ("all", *(sum(row[place] for row in rows) for place in range(1, 6)))]  # type: ignore[list-item]


def english(results: Sequence[Result], seed: int) -> str:
    """Both tables in English."""
    lines = [
        f"`python tests/campaign/run.py --cases {len(results)} --seed {seed} --write`",
        "",
        "| kind of case | cases | mutations | right numbers | named error | fault |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for area, *counts in _by_area(results):
        lines.append(f"| {area} | " + " | ".join(map(str, counts)) + " |")
    lines += ["", "Mutations, how often, and how their cases ended:", "", "| kind of case | mutation | times | right | named | fault |", "|---|---|---:|---:|---:|---:|"]  # fmt: skip
    ends: dict[tuple[str, str], Counter[str]] = {}
    for result in results:
        for one in result.planted:
            ends.setdefault((result.area, one.kind), Counter())[
                "fault" if result.faults else result.ended
            ] += 1
    for area, kind in sorted(ends):
        found = ends[area, kind]
        name = kind.replace("|", "\\|")
        lines.append(
            f"| {area} | {name} | {found.total()} | {found['right']} | {found['named']} | {found['fault']} |"
        )
    return "\n".join(lines) + "\n"


def chinese(results: Sequence[Result], seed: int) -> str:
    """The first table in Chinese; the kinds of mutation stand in the English page."""
    lines = [
        f"`python tests/campaign/run.py --cases {len(results)} --seed {seed} --write`",
        "",
        "| 类别 | 案例 | 改动 | 数字正确 | 报错明确 | 出错 |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for area, *counts in _by_area(results):
        lines.append(f"| {CHINESE.get(area, '合计')} | " + " | ".join(map(str, counts)) + " |")
    return "\n".join(lines) + "\n"
