"""LaTeX: every cell is there, numbers stand where siunitx aligns them, words are harmless, the document compiles."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from nqp.document.cells import Blank, Text
from nqp.document.table import Table
from nqp.formats import latex
from nqp.formats.text import is_on_point, one_line, point_columns
from nqp.language.labels import Language
from nqp.language.numbers import MINUS
from studies import Project
from test_office import EVERY, all_tables, hostile_table

BACK = {tex: plain for plain, tex in latex._CHARACTERS.items()}


def plain(tex: str) -> str:
    """What a cell prints, from its LaTeX."""
    tex = re.sub(r"\\sym\{(.*?)\}", lambda m: m.group(1).replace(r"\star ", "☆"), tex)
    tex = re.sub(r"\\text(?:bf|it)\{((?:[^{}\\]|\\.|\{\})*)\}", r"\1", tex)
    codes = sorted(BACK, key=len, reverse=True)
    pattern = "|".join(re.escape(code) for code in codes)
    tokens = re.split(f"({pattern})", tex)
    return "".join(
        BACK[token] if token in BACK else token.replace("{", "").replace("}", "") for token in tokens
    )


def rows_of(tex: str) -> list[list[str]]:
    return [
        re.split(r"(?<!\\)&", line.removesuffix(r" \\")) for line in tex.splitlines() if line.endswith(r" \\")
    ]


@EVERY
def test_latex_holds_every_cell(table: Table, language: Language) -> None:
    tex = latex.latex(table, language)
    width = len(table.columns) + 1
    rows = [row for row in rows_of(tex) if len(row) == width and "multicolumn" not in row[1]]
    heads = 2 if "longtable}" in tex else 1
    body = rows[heads:]
    kinds = point_columns(table)
    expected = [row for block in table.blocks for row in block.rows]
    assert len(body) == len(expected)
    for found, row in zip(body, expected, strict=True):
        label = re.sub(r"\\textit\{(.*?)\}", r"\1", found[0].strip()).replace("\u3000", " ")
        assert plain(label).replace("\u3000", " ") == one_line(row.label.in_(language)).strip().replace(
            "\u3000", " "
        )
        for text, cell, kind in zip(found[1:], row.cells, kinds, strict=True):
            printed = cell.pieces(language)
            if isinstance(cell, Blank):
                assert text.strip() == ""
                continue
            wanted = one_line(str(printed))
            if not isinstance(cell, Text):
                wanted = wanted.replace("-", MINUS)
            if is_on_point(cell, printed, kind) and "∞" not in printed.whole:
                assert re.fullmatch(
                    r"(\{(\(|\\textless\{\})\})?-?\d+(\.\d+)?(\{(\\%|\)|\\sym\{[*\\star ]+\})+\})?",
                    text.strip(),
                )
                wanted = wanted.replace(",", "").replace(MINUS, "-")
            assert plain(text.strip()).strip() == wanted.strip()


def test_words_cannot_become_commands() -> None:
    tex = latex.latex(hostile_table(), "en")
    assert "<b>" not in tex
    assert r"\textless{}b\textgreater{}" in tex
    assert latex.escape("50% & \\input{x} $_#^~") == (
        r"50\% \& \textbackslash{}input\{x\} \$\_\#\textasciicircum{}\textasciitilde{}"
    )
    assert not re.search(r"\\\\\n\s*[\[*]", tex), (
        "a row must not begin with what a row break takes for its argument"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_compiles(language: Language, tmp_path: Path) -> None:
    program = shutil.which("xelatex")
    if program is None:
        pytest.skip("no xelatex on the path: not checked that the LaTeX tables compile")
    tables = all_tables()
    for table in tables:
        (tmp_path / f"{table.code}.tex").write_text(latex.latex(table, language), encoding="utf-8")
    example = latex.example([table.code for table in tables], language)
    (tmp_path / "example.tex").write_text(example, encoding="utf-8")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "example.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "example.pdf").stat().st_size > 5000


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tables_of_the_study_compile_and_every_character_is_set(
    language: Language, default_runs: dict[str, Project], tmp_path: Path
) -> None:
    program = shutil.which("xelatex")
    if program is None:
        pytest.skip("no xelatex on the path: not checked that the study's LaTeX tables compile")
    for path in (default_runs["one"].output / "tables").glob(f"*.{language}.tex"):
        shutil.copy(path, tmp_path)
    command = [
        program,
        "-interaction=nonstopmode",
        "-halt-on-error",
        "-no-shell-escape",
        f"example.{language}.tex",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:]
    log = (tmp_path / f"example.{language}.log").read_text(encoding="utf-8", errors="replace")
    assert re.findall("Missing character.*", log) == []
