"""The answer of a diagnosis in words, English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nqp.diagnosis.candidates import Diagnosis
from nqp.diagnosis.recipes import is_named, made_by
from nqp.language.labels import Label
from nqp.study.names import name_of
from nqp.study.recipes import RecipeWords


def answer(diagnosis: Diagnosis, top: int) -> str:
    """What was found, in words: the best candidates, then the answer in English and Chinese."""
    printed, table = diagnosis.printed, diagnosis.candidates
    lines = [
        f"{len(printed.codes)} printed {printed.kind}s of index {diagnosis.index}, up to {printed.decimals} decimals, against "
        f"{diagnosis.specifications} specifications:"
    ]
    head = ("", "agree", "decimals", "max difference", "Spearman", "specification")
    rows = [head]
    best = table.drop_duplicates("made_by").head(max(top, 1))
    for place, row in enumerate(best.to_dict("records"), start=1):
        rows.append(
            (
                f"{place}", f"{row['agreeing']}/{len(printed.codes)}", f"{row['digits']}", f"{row['max_difference']:.2g}",
                f"{row['spearman']:.4f}", candidate_name(row, diagnosis.words).en,
            )
        )  # fmt: skip
    widths = [max(len(row[i]) for row in rows) for i in range(len(head) - 1)]
    for row in rows:
        lines.append("  " + "  ".join([*(f"{c:>{w}}" for c, w in zip(row, widths, strict=False)), row[-1]]))
    verdict = _verdict(diagnosis)
    return "\n".join([*lines, verdict.en, verdict.zh]) + "\n"


def candidate_name(row: Mapping[str, Any], words: RecipeWords) -> Label:
    """A candidate in words: what it is called and what made its numbers."""
    wrong = Label("（错误做法）", " (a wrong recipe)") if row["is_wrong"] else Label("", "")
    name = name_of(row) if is_named(row) else Label.both(str(row["spec_code"]))
    made = made_by(row, words)
    return Label(f"{name.zh}{wrong.zh}（{made.zh}）", f"{name.en}{wrong.en} ({made.en})")


def _verdict(diagnosis: Diagnosis) -> Label:
    printed, found, table = diagnosis.printed, diagnosis.reproducing, diagnosis.candidates
    count, decimals = len(printed.codes), printed.decimals
    if table.empty:
        return Label(
            "答案：没有一种设定具有这张表的全部项目，因此无法再现。",
            "Answer: none reproduces them: no specification has all the items of this list.",
        )
    if found.empty:
        near = table.iloc[0].to_dict()
        name = candidate_name(near, diagnosis.words)
        return Label(
            f"答案：{diagnosis.specifications} 种设定中没有一种能再现这些印刷数字。最接近的是 {name.zh}：{count} 个中 "
            f"{near['agreeing']} 个相符，最大差异 {near['max_difference']:.2g}。",
            f"Answer: none of the {diagnosis.specifications} specifications reproduces them. The nearest is {name.en}: "
            f"{near['agreeing']} of {count} agree, the largest difference is {near['max_difference']:.2g}.",
        )
    best = candidate_name(found.iloc[0].to_dict(), diagnosis.words)
    others = found["made_by"].nunique() - 1
    names = [name_of(row) for row in found.to_dict("records") if is_named(row)]
    names = [name for name in dict.fromkeys(names) if not best.en.startswith(name.en)]
    also = Label(f"；另有 {others} 种做法同样可以", f"; so do {others} more") if others else Label("", "")
    if names:
        zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
        also = Label(
            f"{also.zh}{'，其中有' if others else '；同样的数字：'}{zh}",
            f"{also.en}{', among them ' if others else '; the same numbers: '}{en}",
        )
    if printed.kind == "weight":
        also = Label(
            f"{also.zh}。权重本身不能说明得分如何合成",
            f"{also.en}. Weights alone do not tell how the score is made",
        )
    return Label(
        f"答案：{best.zh}再现全部 {count} 个印刷数字，至 {decimals} 位小数{also.zh}。",
        f"Answer: {best.en} reproduces all {count} printed numbers to {decimals} decimals{also.en}.",
    )
