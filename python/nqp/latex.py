"""A table as LaTeX: booktabs rules, threeparttable notes, siunitx (version 3) S columns, stars outside the alignment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nqp.formats import is_on_point, note_parts, point_columns
from nqp.labels import Label, Language
from nqp.tables import Blank, Cell, Column, Estimate, Printed, Row, Table, print_cell
from nqp.words import WORDS

PACKAGES = ("booktabs", "threeparttable", "longtable", "array", "amssymb", "siunitx")
_RAGGED = r">{\raggedright\arraybackslash}"
LONG = 40  # rows beyond which a table may break over pages
SETUP = (
    "\\sisetup{group-digits=integer, group-separator={,}, group-minimum-digits=4, table-align-text-before=false,\n"
    "  table-align-text-after=false}\n"
    "\\providecommand{\\sym}[1]{\\ensuremath{^{#1}}}\n"
)
CHINESE = (  # a TeX without ctex still sets Chinese: one font for everything, and lines broken by XeTeX
    "\\IfFileExists{ctex.sty}{\\usepackage{ctex}}{\\usepackage{fontspec}\\setmainfont{Noto Serif CJK SC}\n"
    '  \\XeTeXlinebreaklocale "zh"\\XeTeXlinebreakskip=0pt plus 1pt\\renewcommand{\\tablename}{表}}\n'
)
_CHARACTERS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "\u2212": "$-$", "–": "--", "²": r"\textsuperscript{2}",
    "×": r"$\times$", "∞": r"$\infty$", "∪": r"$\cup$", "≥": r"$\geq$", "≤": r"$\leq$", "≠": r"$\neq$",
    "☆": r"$\star$", "·": r"\textperiodcentered{}", "\u3000": r"\quad{}",
}  # fmt: skip


def latex(table: Table, language: Language) -> str:
    """The table as a fragment to ``\\input``; its first lines say what the preamble must load."""
    breaks = _rows(table) > LONG or table.cards
    return (_long_table if breaks else _float)(table, language)


def example(codes: Sequence[str], language: Language, suffix: str = ".tex") -> str:
    """A document that holds these tables, to be compiled with XeLaTeX."""
    packages = "".join(f"\\usepackage{{{name}}}\n" for name in ("geometry", *PACKAGES))
    inputs = "".join(f"\\input{{{code}{suffix}}}\n\\clearpage\n" for code in codes)
    chinese = CHINESE if language == "zh" else ""
    return (
        f"\\documentclass[a4paper]{{article}}\n{chinese}{packages}\\geometry{{margin=2cm}}\n{SETUP}"
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
    printed = print_cell(of, language)
    if isinstance(of, Blank):
        return ""
    if is_on_point(of, printed, column) and "∞" not in printed.whole:
        before = f"{{{printed.before}}}" if printed.before else ""
        fraction, percent, _ = printed.fraction.partition("%")
        digits = (printed.whole + fraction).replace(",", "")
        after = ("\\%" if percent else "") + printed.after
        after += f"\\sym{{{_stars(printed)}}}" if printed.stars else ""
        return f"{before}{digits}{f'{{{after}}}' if after else ''}"
    text = escape(str(Printed(printed.before, printed.whole, printed.fraction, printed.after)))
    stars = f"\\sym{{{_stars(printed)}}}" if isinstance(of, Estimate) and printed.stars else ""
    return f"{{{text}{stars}}}"


def _stars(printed: Printed) -> str:
    return printed.stars.replace("☆", r"\star ")


def _rows(table: Table) -> int:
    return sum(len(block.rows) for block in table.blocks)


def _float(table: Table, language: Language) -> str:
    small = "\\small\n" if len(table.columns) > 6 or table.cards else ""
    parts = [
        _opening(table, language), "\\begin{table}[htbp]\n\\centering\n", small, "\\begin{threeparttable}\n",
        f"\\caption{{{label(table.title, language)}}}\\label{{tab:{table.code}}}\n",
        f"\\begin{{tabular}}{{{_preamble(table)}}}\n", "\\toprule\n", _head(table, language), "\\midrule\n",
        _body(table, language), "\\bottomrule\n\\end{tabular}\n",
    ]  # fmt: skip
    if table.notes:
        parts.append(f"\\begin{{tablenotes}}[flushleft]\\footnotesize\n\\item {_notes(table, language)}\n")
        parts.append("\\end{tablenotes}\n")
    return "".join(parts) + "\\end{threeparttable}\n\\end{table}\n"


def _long_table(table: Table, language: Language) -> str:
    """A table that breaks over pages and repeats its head."""
    head = _head(table, language)
    parts = [
        _opening(table, language), "{\\small\n", f"\\begin{{longtable}}{{{_preamble(table)}}}\n",
        f"\\caption{{{label(table.title, language)}}}\\label{{tab:{table.code}}}\\\\\n",
        "\\toprule\n", head, "\\midrule\n\\endfirsthead\n\\toprule\n", head, "\\midrule\n\\endhead\n",
        "\\bottomrule\n\\endfoot\n", _body(table, language), "\\end{longtable}\n",
    ]  # fmt: skip
    if table.notes:
        parts.append(f"\\noindent{{\\footnotesize {_notes(table, language)}\\par}}\n")
    return "".join(parts) + "}\n"


def _opening(table: Table, language: Language) -> str:
    """Comment lines: what the fragment is and needs."""
    number = table.number.in_(language) or table.code
    needs = ", ".join(PACKAGES) + (", ctex (XeLaTeX)" if language == "zh" else "")
    setup = "".join(f"%   {line}\n" for line in SETUP.splitlines())
    return f"% {' '.join(number.split())}\n% Packages: {needs}\n% Preamble:\n{setup}"


def _preamble(table: Table) -> str:
    label_width = f"{_RAGGED}p{{{(table.label_width or 10) * _squeeze(table):.1f}em}}"
    width = label_width if table.label_width else "l"
    return (
        "@{}"
        + width
        + "".join(_column(table, i, kind) for i, kind in enumerate(point_columns(table)))
        + "@{}"
    )


def _squeeze(table: Table) -> float:
    """What the columns of words are multiplied by so that the table fits a page of 50 em."""
    words = [column.width or 10 for column in table.columns if column.align == "text"]
    asked = sum(words) + (table.label_width or 10)
    return min(1.0, max((50 - 5 * (len(table.columns) - len(words)) - 1.5 * len(words)) / asked, 0.3))


def _column(table: Table, position: int, kind: str) -> str:
    column: Column = table.columns[position]
    if column.align == "text":
        return f"{_RAGGED}p{{{(column.width or 10) * _squeeze(table):.1f}em}}"
    if not kind:
        return "c"
    whole, digits, negative, opened, stars, closed = 1, 0, "", "", "", ""
    for _, _, row, _ in table.rows():
        of = row.cells[position]
        printed = print_cell(of, "en")
        if is_on_point(of, printed, kind) and "∞" not in printed.whole:
            whole = max(whole, len(printed.whole.replace(",", "").lstrip("-")))
            digits = max(digits, len(printed.fraction.strip("%").lstrip(".")))
            negative = "-" if printed.whole.startswith("-") else negative
            opened, closed = opened or printed.before, closed or printed.after
            stars = max(stars, _stars(printed), key=len)
    before = f"{{{opened}}}" if opened else ""
    after = f"\\sym{{{stars}}}" if stars else closed  # room for the widest text behind a number
    return f"S[table-format={{{before}{negative}{whole}.{digits}{f'{{{after}}}' if after else ''}}}]"


def _head(table: Table, language: Language) -> str:
    lines = ""
    if table.groups:
        labels = {group.code: group.label for group in table.groups}
        cells, rules, column = [""], "", 2
        for code, span in table.column_runs():
            text = label(labels[code], language) if code is not None else ""
            cells.append(f"\\multicolumn{{{span}}}{{c}}{{{text}}}")
            if code is not None:
                rules += f"\\cmidrule(lr){{{column}-{column + span - 1}}}"
            column += span
        lines = " & ".join(cells) + " \\\\\n" + rules + "\n"
    heads = [label(table.corner, language)]
    heads += [f"{{{label(column_.label, language)}}}" for column_ in table.columns]
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
