"""What was read, what was understood and what a person has to decide: a page, and the same in short on a terminal."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nqp.language.labels import Label
from nqp.studying.decisions import Decision

_LONGEST = 240

_STYLE = """
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 70rem; margin: 2rem auto;
       padding: 0 1rem; color: #1d2b36; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } h2 span { color: #5b6b78; font-weight: normal; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th { text-align: left; border-bottom: 2px solid #1d2b36; }
td, th { padding: .2rem .7rem .2rem 0; vertical-align: top; } tr + tr td { border-top: 1px solid #dde4ea; }
td.number { text-align: right; font-variant-numeric: tabular-nums; } code, pre { background: #f0f4f7; padding: .1rem .3rem; }
pre { padding: .7rem; overflow-x: auto; } li { margin: .2rem 0; } .warning { color: #8a4500; } .wide { overflow-x: auto; }
"""


@dataclass(frozen=True)
class Part:
    """A section of the page: sentences, then a table of text; a terminal shows the first ``most`` of each."""

    title: Label
    lines: Sequence[Label] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    is_warning: bool = False
    most: int = 60


@dataclass(frozen=True)
class Account:
    """The whole account of one import."""

    study: str
    parts: Sequence[Part] = ()
    commands: Sequence[str] = field(default=())


def spoken(item: Decision) -> str:
    """What a person calls a series: its name in the file, or the label where that name is a bare code (NY.GDP.PCAP.CD)."""
    is_code = item.series.isascii() and " " not in item.series
    return (item.name_en or item.name_zh or item.series) if is_code else item.series


def decision_part(
    decisions: Sequence[Decision],
    coverage: Mapping[str, str],
    filled: Mapping[str, int],
    lines: Sequence[Label],
) -> Part:
    """The decisions as a table, after ``lines`` that hold for all series.

    ``coverage`` says of each series for how many entities and years there are figures, ``filled`` how many cells of a
    series its rule fills.
    """
    header = (
        "no.",
        "series",
        "unit",
        "figures",
        "use",
        "direction",
        "dimension",
        "divided by",
        "transform",
        "gaps",
        "why",
    )
    rows = []
    for number, item in enumerate(decisions, start=1):
        is_indicator = item.use == "indicator"
        factor = f" × {item.multiplier}" if item.multiplier not in ("", "1") else ""
        rows.append(
            (
                str(number), f"{spoken(item)} ({item.code})", item.unit or "not stated", coverage.get(item.series, ""), item.use,
                item.direction if is_indicator else "", item.dimension if is_indicator else "",
                item.per + factor, item.transform if item.use in ("outcome", "core", "control") else "",
                f"{item.impute}: {filled.get(item.code, 0)} cells" if item.impute else "", item.why,
            )
        )  # fmt: skip
    return Part(
        Label("需要你决定的", "What you decide"),
        (
            Label(
                "以下为草稿。可用 study.py new 的选项、decisions.csv（用 --decisions 交回）或 def_ 文件修改。",
                "These are drafts. Change them with the options of study.py new, in decisions.csv (give it back with "
                "--decisions), or in the def_ files.",
            ),
            *lines,
        ),
        header,
        rows,
    )


def html_page(account: Account) -> bytes:
    """The page, complete in itself."""
    parts = [f"<h1>{_safe(account.study)}</h1>"]
    for part in account.parts:
        name = "warning" if part.is_warning else ""
        parts.append(f"<h2>{_safe(part.title.en)} <span>{_safe(part.title.zh)}</span></h2>")
        if part.lines:
            items = "".join(f"<li>{_sentence(line)}</li>" for line in part.lines)
            parts.append(f'<ul class="{name}">{items}</ul>')
        if part.rows:
            head = "".join(f"<th>{_safe(cell)}</th>" for cell in part.header)
            body = "".join(
                "<tr>" + "".join(f"<td>{_safe(cell)}</td>" for cell in row) + "</tr>" for row in part.rows
            )
            table = f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
            is_long = len(part.rows) > part.most
            parts.append(
                f"<details><summary>{len(part.rows)}</summary>{table}</details>" if is_long else table
            )
    if account.commands:
        parts.append(
            "<h2>What comes next <span>接下来</span></h2><pre>"
            + _safe("\n".join(account.commands))
            + "</pre>"
        )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{_safe(account.study)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n<body>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    ).encode()


def terminal_text(account: Account) -> str:
    """The same as text in English; a long list or line is cut and the page has all of it."""
    lines = []
    for part in account.parts:
        lines += ["", part.title.en, *[f"  {_cut(line.en)}" for line in part.lines[: part.most]]]
        if len(part.lines) > part.most:
            lines.append(f"  ... and {len(part.lines) - part.most} more")
        if part.rows:
            shown = [part.header, *part.rows[: part.most]]
            used = [place for place in range(len(part.header)) if any(row[place] for row in part.rows)]
            widths = {place: min(44, max(_width(row[place]) for row in shown)) for place in used}
            for row in shown:
                cells = [_padded(row[place], widths[place]) for place in used[:-1]] + [row[used[-1]]]
                lines.append("  " + "  ".join(cells).rstrip())
            if len(part.rows) > part.most:
                lines.append(f"  ... and {len(part.rows) - part.most} more")
    if account.commands:
        lines += ["", "What comes next", *[f"  {line}" for line in account.commands]]
    return "\n".join(lines).lstrip("\n") + "\n"


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _sentence(line: Label) -> str:
    if line.zh == line.en:
        return _safe(line.en)
    return f'{_safe(line.en)}<br><span lang="zh">{_safe(line.zh)}</span>'


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _padded(text: str, width: int) -> str:
    while _width(text) > width:
        text = text[:-2] + "…"
    return text + " " * (width - _width(text))


def _safe(text: str) -> str:
    return html.escape(text, quote=False)
