"""A table as LaTeX: booktabs rules, threeparttable notes, siunitx (version 3) S columns, stars outside the alignment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nqp.document.cells import Cell, Pieces
from nqp.document.table import Column, Row, Table
from nqp.formats.text import em_width, for_readers, is_on_point, note_parts, point_columns
from nqp.language.labels import Label, Language
from nqp.language.words import WORDS

PACKAGES = ("booktabs", "threeparttable", "caption", "longtable", "array", "amssymb", "siunitx")
_RAGGED = r">{\raggedright\arraybackslash}"
LONG = 40  # rows beyond which a table may break over pages
SIZES = (
    ("", 48.0, 1.2),
    ("\\small", 53.0, 1.33),
    ("\\footnotesize", 60.0, 0.75),
    ("\\scriptsize", 68.0, 0.86),
)
# type size, width of an A4 page less 2 cm margins and of the gap between two columns, in em of that size
SETUP = (
    "\\sisetup{group-digits=integer, group-separator={,}, group-minimum-digits=4, table-align-text-before=false,\n"
    "  table-align-text-after=false}\n"
    "\\providecommand{\\sym}[1]{\\ensuremath{^{#1}}}\n"
)
CHINESE = (  # a TeX without ctex still sets Chinese: one font for everything, and lines broken by XeTeX
    "\\IfFileExists{ctex.sty}{\\usepackage{ctex}}{\\usepackage{fontspec}\\setmainfont{Noto Serif CJK SC}\n"
    '  \\XeTeXlinebreaklocale "zh"\\XeTeXlinebreakskip=0pt plus 1pt\\renewcommand{\\tablename}{表}}\n'
)
CHINESE_NAMES = (  # in an English document: the same, and every word of the document class stays English
    "\\IfFileExists{ctex.sty}{\\usepackage[scheme=plain]{ctex}}{\\usepackage{fontspec}\\setmainfont{Noto Serif CJK SC}\n"
    '  \\XeTeXlinebreaklocale "zh"\\XeTeXlinebreakskip=0pt plus 1pt}\n'
)
_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_CHARACTERS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "\u2212": "$-$", "–": "--", "²": r"\textsuperscript{2}",
    "×": r"$\times$", "∞": r"$\infty$", "∪": r"$\cup$", "≥": r"$\geq$", "≤": r"$\leq$", "≠": r"$\neq$",
    "☆": r"$\star$", "·": r"\textperiodcentered{}", "\u3000": r"\quad{}",
    "β": r"$\beta$", "δ": r"$\delta$", "λ": r"$\lambda$", "μ": r"$\mu$", "χ": r"$\chi$", "Σ": r"$\Sigma$", "Δ": r"$\Delta$",
    "′": r"$'$", "½": r"$\frac12$", "⁺": r"\textsuperscript{+}", "⁻": r"\textsuperscript{$-$}",
    "₀": r"\textsubscript{0}", "₁": r"\textsubscript{1}",
}  # fmt: skip


def latex(table: Table, language: Language) -> str:
    """The table as a fragment to ``\\input``; its first lines say what the preamble must load."""
    breaks = _rows(table) > LONG or table.cards
    body = (_long_table if breaks else _float)(table, language)
    return _opening(table, language, bool(_CHINESE.search(body))) + body


def has_chinese(table: Table, language: Language) -> bool:
    """Whether the LaTeX of a table needs a font for Chinese; an English one does where a name has no English."""
    return bool(_CHINESE.search(latex(table, language).partition("\\begin")[2]))


def example(
    codes: Sequence[str], language: Language, suffix: str = ".tex", *, chinese: bool | None = None
) -> str:
    """A document that holds these tables, to be compiled with XeLaTeX; ``chinese`` where an English one holds Chinese."""
    packages = "".join(f"\\usepackage{{{name}}}\n" for name in ("geometry", *PACKAGES))
    inputs = "".join(f"\\input{{{code}{suffix}}}\n\\clearpage\n" for code in codes)
    fonts = CHINESE if language == "zh" else CHINESE_NAMES if chinese else ""
    return (
        f"\\documentclass[a4paper]{{article}}\n{fonts}{packages}\\geometry{{margin=2cm}}\n{SETUP}"
        f"\\begin{{document}}\n{inputs}\\end{{document}}\n"
    )


def escape(text: str) -> str:
    """Words with every character that TeX reads as a command made harmless."""
    text = re.sub(r"[\x00-\x1f\x7f]+", " ", text)
    return "".join(_CHARACTERS.get(character, character) for character in text)


def label(words: Label, language: Language) -> str:
    """A label with its symbols in italics."""
    return "".join(
        f"\\textit{{{escape(text)}}}" if italic else escape(text) for text, italic in words.parts(language)
    )


def cell(of: Cell, language: Language, column: str) -> str:
    """One cell; ``column`` is its alignment by ``point_columns``. A number in an S column bears no separators."""
    printed = of.pieces(language)
    if of.alignment == "empty":
        return ""
    if is_on_point(of, printed, column) and "∞" not in printed.whole:
        before = f"{{{escape(printed.before)}}}" if printed.before else ""
        fraction, percent, _ = printed.fraction.partition("%")
        digits = (printed.whole + fraction).replace(",", "")
        after = ("\\%" if percent else "") + printed.after
        after += f"\\sym{{{_stars(printed)}}}" if printed.stars else ""
        return f"{before}{digits}{f'{{{after}}}' if after else ''}"
    text = escape(str(for_readers(of, language)._replace(stars="")))
    stars = f"\\sym{{{_stars(printed)}}}" if printed.stars else ""
    return f"{{{text}{stars}}}"


def _stars(printed: Pieces) -> str:
    return printed.stars.replace("☆", r"\star ")


def _rows(table: Table) -> int:
    return sum(len(block.rows) for block in table.blocks)


def _float(table: Table, language: Language) -> str:
    layout = _layout(table, language)
    parts = [
        "\\begin{table}[htbp]\n\\centering\n", layout.size, "\\begin{threeparttable}\n",
        f"{_caption(table, language)}\n",
        f"\\begin{{tabular}}{{{_preamble(table, layout)}}}\n", "\\toprule\n", _head(table, language, layout), "\\midrule\n",
        _body(table, language), "\\bottomrule\n\\end{tabular}\n",
    ]  # fmt: skip
    if table.notes:
        parts.append(f"\\begin{{tablenotes}}[flushleft]\\footnotesize\n\\item {_notes(table, language)}\n")
        parts.append("\\end{tablenotes}\n")
    return "".join(parts) + "\\end{threeparttable}\n\\end{table}\n"


def _long_table(table: Table, language: Language) -> str:
    """A table that breaks over pages and repeats its head."""
    layout = _layout(table, language)
    head = _head(table, language, layout)
    kind = "longtable" if table.number else "longtable*"  # without a number, it does not count
    parts = [
        f"{{{layout.size}", f"\\begin{{{kind}}}{{{_preamble(table, layout)}}}\n",
        f"{_caption(table, language)}\\\\\n",
        "\\toprule\n", head, "\\midrule\n\\endfirsthead\n", _continued(table, language), "\\toprule\n", head, "\\midrule\n\\endhead\n",
        "\\bottomrule\n\\endfoot\n", _body(table, language), f"\\end{{{kind}}}\n",
    ]  # fmt: skip
    if table.notes:
        parts.append(f"\\noindent{{\\footnotesize {_notes(table, language)}\\par}}\n")
    return "".join(parts) + "}\n"


def _continued(table: Table, language: Language) -> str:
    """What stands above the head on every page but the first."""
    text = WORDS[language]["continued"].format(" \\thetable" if table.number else "")
    return f"\\multicolumn{{{len(table.columns) + 1}}}{{@{{}}l}}{{{text}}} \\\\[2pt]\n"


def _caption(table: Table, language: Language) -> str:
    """The caption; a table that the study does not number counts for no number here either."""
    if not table.number:
        return f"\\caption*{{{label(table.title, language)}}}"
    return f"\\caption{{{label(table.title, language)}}}\\label{{tab:{table.code}}}"


def _opening(table: Table, language: Language, chinese: bool) -> str:
    """Comment lines: what the fragment is and needs."""
    number = table.number.in_(language) or table.code
    needs = ", ".join(PACKAGES) + (
        ", ctex (XeLaTeX)" if language == "zh" else ", ctex with scheme=plain (XeLaTeX)" if chinese else ""
    )
    setup = "".join(f"%   {line}\n" for line in SETUP.splitlines())
    return f"% {' '.join(number.split())}\n% Packages: {needs}\n% Preamble:\n{setup}"


@dataclass(frozen=True)
class _Layout:
    """The type size as a line of LaTeX, and widths in em: of the label's column, then of the others."""

    size: str
    widths: tuple[float, ...]


def _layout(table: Table, language: Language) -> _Layout:
    """The largest type in which the columns fit the page; in the smallest the columns of words share what is left."""
    longest = max(
        [em_width(row.label.in_(language)) for _, _, row, _ in table.rows()]
        + [em_width(table.corner.in_(language)), 3.0]
    )
    label = min(longest, float(table.label_width or 16))
    needed, is_text = [label], [True]
    for position, column in enumerate(table.columns):
        head = column.label.in_(language)
        words = max(map(em_width, re.findall(r"[A-Za-z]+|[^A-Za-z]", head)), default=0.0)
        cells = [em_width(str(row.cells[position].pieces(language))) for _, _, row, _ in table.rows()]
        text = column.align == "text"
        needed.append(max(float(column.width or 10) if text else max(cells), words, min(em_width(head), 3.0)))
        is_text.append(text)
    fitting = [one for one in SIZES if sum(needed) <= one[1] - one[2] * len(needed)]
    size, page, gap = (fitting or SIZES[-1:])[0]
    room = page - gap * len(needed)
    spare = room - sum(needed)
    if spare < 0:
        flexible = sum(width for width, text in zip(needed, is_text, strict=True) if text)
        shrink = max(1 + spare / flexible, 0.3)
        needed = [width * shrink if text else width for width, text in zip(needed, is_text, strict=True)]
    else:  # heads and words take what is free
        wishes = [0.0]
        for column, width in zip(table.columns, needed[1:], strict=True):
            wishes.append(max(min(em_width(column.label.in_(language)), 12.0) - width, 0.0))
        share = min(1.0, spare / sum(wishes)) if sum(wishes) else 0.0
        needed = [width + wish * share for width, wish in zip(needed, wishes, strict=True)]
    setup = (
        f"{size}\\setlength{{\\tabcolsep}}{{3pt}}\n" if size in (SIZES[-2][0], SIZES[-1][0]) else f"{size}\n"
    )
    return _Layout(setup if size else "", tuple(needed))


def _preamble(table: Table, layout: _Layout) -> str:
    label = f"{_RAGGED}p{{{layout.widths[0]:.1f}em}}"
    columns = (_column(table, i, kind, layout.widths[i + 1]) for i, kind in enumerate(point_columns(table)))
    return f"@{{}}{label}{''.join(columns)}@{{}}"


def _column(table: Table, position: int, kind: str, width: float) -> str:
    column: Column = table.columns[position]
    if column.align == "text":
        return f"{_RAGGED}p{{{width:.1f}em}}"
    if not kind:
        return "c"
    whole, digits, negative, opened, stars, closed = 1, 0, "", "", "", ""
    for _, _, row, _ in table.rows():
        of = row.cells[position]
        printed = of.pieces("en")
        if is_on_point(of, printed, kind) and "∞" not in printed.whole:
            whole = max(whole, len(printed.whole.replace(",", "").lstrip("-")))
            digits = max(digits, len(printed.fraction.strip("%").lstrip(".")))
            negative = "-" if printed.whole.startswith("-") else negative
            opened = max(opened, printed.before, key=lambda mark: (len(mark), mark))  # "<" is wider than "("
            closed = max(closed, printed.after, key=len)
            stars = max(stars, _stars(printed), key=len)
    before = f"{{{escape(opened)}}}" if opened else ""
    after = f"\\sym{{{stars}}}" if stars else closed  # room for the widest text behind a number
    return f"S[table-format={{{before}{negative}{whole}.{digits}{f'{{{after}}}' if after else ''}}}]"


def _head(table: Table, language: Language, layout: _Layout) -> str:
    lines = ""
    if table.groups:
        labels = {group.code: group.label for group in table.groups}
        cells, rules, place = [""], "", 2
        for code, span in table.column_runs():
            text = label(labels[code], language) if code is not None else ""
            cells.append(f"\\multicolumn{{{span}}}{{c}}{{{text}}}")
            if code is not None:
                rules += f"\\cmidrule(lr){{{place}-{place + span - 1}}}"
            place += span
        lines = " & ".join(cells) + " \\\\\n" + rules + "\n"
    heads = [label(table.corner, language)]
    for column, width in zip(table.columns, layout.widths[1:], strict=True):
        text = label(column.label, language)
        if column.align != "text" and em_width(column.label.in_(language)) > width + 0.01:
            text = f"\\parbox[b]{{{width:.1f}em}}{{\\centering {text}}}"
        heads.append(f"{{{text}}}")
    return lines + " & ".join(heads) + " \\\\\n"


def _body(table: Table, language: Language) -> str:
    kinds, lines = point_columns(table), []
    for b, block in enumerate(table.blocks):
        if b:
            lines.append("\\midrule\n")
        if block.title:
            title = label(block.title, language)
            lines.append(f"\\multicolumn{{{len(table.columns) + 1}}}{{@{{}}l}}{{\\textbf{{{title}}}}} \\\\\n")
        lines += [_row(row, language, kinds) for row in block.rows]
    return "".join(lines)


def _row(row: Row, language: Language, kinds: Sequence[str]) -> str:
    name = label(row.label, language)
    if name.startswith(("[", "*")):  # else the row break above would take it for its argument
        name = f"{{}}{name}"
    if row.kind == "emphasis" and name:
        name = f"\\textbf{{{name}}}"
    cells = [cell(of, language, kind) for of, kind in zip(row.cells, kinds, strict=True)]
    return " & ".join([name, *cells]) + " \\\\\n"


def _notes(table: Table, language: Language) -> str:
    text = "".join(
        f"\\textit{{{escape(piece)}}}" if italic else escape(piece)
        for piece, italic in note_parts(table, language)
    )
    return f"\\textbf{{{WORDS[language]['notes'].strip()}}} {text}"
