"""All exhibits in one LaTeX file that compiles alone, and all tables in one to be read into another document."""

from __future__ import annotations

import re

from nqp.document.exhibits import Exhibits, Picture
from nqp.document.table import Table
from nqp.formats.latex import CHINESE, CHINESE_NAMES, PACKAGES, SETUP, escape, has_chinese, label, latex
from nqp.language.labels import Language

FIGURE_NAMES = {"zh": "\\renewcommand{\\figurename}{图}\\renewcommand{\\tablename}{表}\n", "en": ""}


def alone(exhibits: Exhibits, language: Language) -> str:
    """A document of its own, for XeLaTeX: every table and figure with our numbers; figures are read from ``figures/``."""
    packages = "".join(f"\\usepackage{{{name}}}\n" for name in ("geometry", "graphicx", *PACKAGES))
    named = language == "en" and any(has_chinese(table, language) for table in exhibits.tables)
    chinese = CHINESE if language == "zh" else CHINESE_NAMES if named else ""
    body = "".join(_exhibit(item, language) for item in exhibits.items)
    return (
        f"% Compile with xelatex, in this folder.\n\\documentclass[a4paper]{{article}}\n{chinese}{packages}\\geometry{{margin=2cm}}\n"
        f"{SETUP}\\providecommand{{\\nqp}}[2]{{#2}}\n\\begin{{document}}\n{FIGURE_NAMES[language]}"
        f"\\title{{{label(exhibits.study, language)}}}\\author{{}}\\date{{}}\\maketitle\n{body}\\end{{document}}\n"
    )


def tables_only(exhibits: Exhibits, language: Language) -> str:
    """Every table, to be read into a document by \\input; what the preamble must load is said at the top of each."""
    return "".join(_table(table, language) for table in exhibits.tables)


def _exhibit(item: Table | Picture, language: Language) -> str:
    if isinstance(item, Table):
        return _table(item, language)
    number = _digits(item.number.en)
    return (
        f"\\renewcommand{{\\thefigure}}{{{number}}}\n\\begin{{figure}}[htbp]\\centering\n"
        f"\\includegraphics[width=\\linewidth,height=.85\\textheight,keepaspectratio]{{figures/{item.code}.{language}.page.pdf}}\n"
        f"\\caption{{{label(item.title, language)}}}\\label{{fig:{item.code}}}\n"
        f"\\par\\footnotesize {escape(item.units.in_(language))}. {escape(item.source.in_(language))}\n\\end{{figure}}\n\\clearpage\n"
    )


def _table(table: Table, language: Language) -> str:
    return (
        f"\\renewcommand{{\\thetable}}{{{_digits(table.number.en)}}}\n{latex(table, language)}\\clearpage\n"
    )


def _digits(number: str) -> str:
    """'Table A3' is A3."""
    found = re.search(r"[A-Z]?\d[\d.-]*$", number.strip())
    return found[0] if found else ""
