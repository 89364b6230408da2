"""What a manuscript is made of: passages of text, each with its place, the marks in it and what it refers to.

Offsets are kept: what is no text (a comment, a command of LaTeX) becomes blanks, so that a number keeps its line.
"""

from __future__ import annotations

import re
from pathlib import Path

from nqp.errors import StudyError
from nqp.verifying.passage import Mark, Passage, Reference

SUFFIXES = (".md", ".docx", ".tex", ".txt")
ADDRESS = r"[A-Za-z][\w-]*(?:/[^\s/<>\[\]{}]+)+"
NUMBER = r"[-\u2212+]?[0-9][0-9,]*(?:\.[0-9]+)?"


def read_manuscript(path: Path) -> list[Passage]:
    """The passages of a text in order. Raises StudyError for a file that is none."""
    if path.suffix.lower() not in SUFFIXES:
        raise StudyError(f"{path}: a text ends in {', '.join(SUFFIXES)}. Save it as one of these.")
    if path.suffix.lower() == ".docx":
        from nqp.verifying.word import read_word

        return read_word(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise StudyError(f"There is no file {path}.") from error
    except UnicodeDecodeError as error:
        raise StudyError(f"{path} is not in UTF-8. Save it as UTF-8.") from error
    return passages_of_text(text, path.suffix.lower())


def passages_of_text(text: str, suffix: str) -> list[Passage]:
    """The paragraphs of a plain text, Markdown or LaTeX; rows of a table become cells."""
    original, marks, references = text, _marks(text), _references(text)
    marked = r"<!--.*?-->|\[=" + ADDRESS + r"\]"
    text = _without_latex(text) if suffix == ".tex" else _blanked(marked, text)
    if suffix == ".md":
        text = _blanked(r"^```.*?^```", text)
    passages: list[Passage] = []
    start, lines, tables, rows = 0, text.split("\n"), 0, 0
    block: list[tuple[int, int, str]] = []  # offset, line number, text

    def close() -> None:
        if block:
            first = block[0][0]
            body = "\n".join(one[2] for one in block)
            here = tuple((offset - first, line) for offset, line, _ in block)
            passages.append(
                Passage(
                    body, lines=here,
                    marks=tuple(Mark(m.start - first, m.end - first, m.address) for m in marks if first <= m.start < first + len(body)),
                    references=tuple(Reference(r.start - first, r.end - first, r.label) for r in references if first <= r.start < first + len(body)),
                )
            )  # fmt: skip
            block.clear()

    in_table = False
    floats = _floats(original) if suffix == ".tex" else set()
    for number, line in enumerate(lines, start=1):
        separator = "|" if suffix == ".md" and line.lstrip().startswith("|") else ""
        if suffix == ".tex" and "&" in line:
            separator = "&"
        if separator:
            close()
            if not in_table:
                in_table, tables, rows = True, tables + 1, 0
            rows += 1
            passages += _cells(line, separator, number, tables, rows, start, marks)
        elif not line.strip():
            close()
            in_table = in_table and suffix == ".tex"  # rules between rows are blank by now
        else:
            in_table = False
            if number in floats:
                close()
            block.append((start, number, line))
        start += len(line) + 1
    close()
    return passages


def _floats(text: str) -> set[int]:
    """The lines of LaTeX on which a float begins, which is no part of the paragraph before it."""
    lines = text.split("\n")
    return {
        number for number, line in enumerate(lines, start=1) if re.match(r"\s*\\begin\{(?:long)?table", line)
    }


def _cells(
    line: str, separator: str, number: int, table: int, row: int, start: int, marks: list[Mark]
) -> list[Passage]:
    found, offset = [], 0
    parts = re.split(rf"(?<!\\){re.escape(separator)}", line)
    column = -1 if separator == "|" else 0  # a row of Markdown begins with its bar
    for part in parts:
        inside = tuple(
            Mark(m.start - start - offset, m.end - start - offset, m.address)
            for m in marks
            if start + offset <= m.start < start + offset + len(part)
        )
        if column >= 0:
            text = part.replace("\\", " ")
            found.append(
                Passage(text, lines=((0, number),), marks=inside, table=table, row=row, column=column)
            )
        column += 1
        offset += len(part) + 1
    return found


def _marks(text: str) -> list[Mark]:
    """Numbers with an address: ``0.295<!-- table3/6/nqp -->``, ``0.295[=table3/6/nqp]``, ``\\nqp{table3/6/nqp}{0.295}``."""
    found = []
    stars = r"(?:[*☆\\]|\}|\$)*\s*"
    for match in re.finditer(rf"({NUMBER}){stars}(?:<!--\s*=?\s*({ADDRESS})\s*-->|\[=({ADDRESS})\])", text):
        found.append(Mark(match.start(1), match.end(1), match[2] or match[3]))
    for match in re.finditer(rf"\\nqp\{{({ADDRESS})\}}\{{\$?({NUMBER})", text):
        found.append(Mark(match.start(2), match.end(2), match[1]))
    return found


def _references(text: str) -> list[Reference]:
    """References of LaTeX to our labels: the tables that we write carry ``tab:code``, the figures ``fig:code``."""
    pattern = r"\\(?:(?:auto|c|C|page|name)?ref|label)\{(?:tab|fig):([\w-]+)\}"
    return [Reference(match.start(), match.end(), match[1]) for match in re.finditer(pattern, text)]


def _blanked(pattern: str, text: str) -> str:
    """The text with every match as blanks; line breaks stay."""

    def blanks(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    return re.sub(pattern, blanks, text, flags=re.DOTALL | re.MULTILINE)


def _without_latex(text: str) -> str:
    """LaTeX as text of the same length: no comments, no preamble, no names of commands, no labels."""
    if (begin := text.find(r"\begin{document}")) >= 0:
        text = re.sub(r"[^\n]", " ", text[:begin]) + text[begin:]
    text = _blanked(r"(?<!\\)%[^\n]*", text)
    text = _blanked(r"\\begin\{(?:verbatim|lstlisting)\}.*?\\end\{(?:verbatim|lstlisting)\}", text)
    text = _blanked(r"\\begin\{(?:tabular|longtable)\*?\}.*?\n|\\(?:begin|end)\{[^}]*\}(?:\[[^\]]*\])?", text)
    text = _blanked(r"\\nqp\{[^}]*\}", text)
    text = _blanked(
        r"\\(?:label|ref|autoref|cref|Cref|pageref|cite\w*|input|include|includegraphics|cmidrule|multicolumn|vspace|hspace|"
        r"setlength)\*?(?:\([^)]*\))?(?:\[[^\]]*\])?(?:\{[^}]*\})?(?:\{[^}]*\}(?=\{))?",
        text,
    )
    text = text.replace(r"\%", " %").replace(r"\&", "  ").replace("{,}", " , ")
    text = re.sub(r"\\[,;:! ]", "  ", text)
    text = _blanked(r"\\[A-Za-z]+\*?", text)
    return re.sub(r"[{}$~]", " ", text)
