"""Delimited text: find the delimiter, cut the lines, refuse lines that do not have the fields of the others."""

from __future__ import annotations

import csv
import gc
import io
import re
from collections import Counter

from nqp.errors import StudyError
from nqp.importing.decoding import decode
from nqp.importing.figures import LogLine
from nqp.importing.grids import Grid, array, clean

DELIMITERS = ("\t", ";", "|", ",")
UNTIDY = re.compile(
    r"[\ufeff\u200b\u00a0\u3000]| [,;|\t\r\n\"]|[,;|\t\n\"] |\t[,;|\r\n\"]|[,;|\n\"]\t|\A[ \t]|[ \t]\Z"
)  # a blank at the start or the end of some field
BLANK_MARKS = "\ufeff\u200b\u00a0\u3000 \t"  # a text without any has no untidy field
NAMES = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma", " ": "blanks"}
CLEAN = re.compile(r"[-+]?[\d.,' ]*%?|[^,;|\t]*")


def read_delimited(content: bytes, file: str, encoding: str | None) -> Grid:
    """One grid of a CSV, TSV or other text file.

    Raises `StudyError` where no delimiter cuts the lines evenly, or a line of figures has
    more or fewer fields than the others: its figures would stand under the wrong heading.
    """
    text, name = decode(content, file, encoding)
    delimiter = _delimiter(text, file)
    if delimiter == " ":
        text, delimiter_used = re.sub(r"[ \t]{2,}", "\t", text), "\t"
    else:
        delimiter_used = delimiter
    rows, numbers = _cut(text, delimiter_used, file)
    while rows and not any(rows[-1]):
        rows.pop()
        numbers.pop()
    _even(rows, numbers, file)
    log = (
        LogLine(file, "", "", "", "encoding", "", name),
        LogLine(file, "", "", "", "delimiter", "", NAMES[delimiter]),
    )
    return Grid(file, "", array(rows), "csv", delimiter=delimiter, rows=tuple(numbers), log=log)


def _cut(text: str, delimiter: str, file: str) -> tuple[list[list[str]], list[int]]:
    """The fields of every line, trimmed, and the number of the line at which each row starts."""
    csv.field_size_limit(2**27)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    numbers: list[int] = []
    running = gc.isenabled()
    gc.disable()  # a million small lists make the collector run over and over, and none of them can go
    try:
        if '"' in text:
            line = 1
            for fields in reader:
                rows.append(fields)
                numbers.append(line)
                line = reader.line_num + 1
        else:
            rows = list(reader)
            numbers = list(range(1, len(rows) + 1))
        if any(mark in text for mark in BLANK_MARKS) and UNTIDY.search(text):
            rows = [[clean(f) for f in fields] for fields in rows]
    except csv.Error as error:
        raise StudyError(f"{file}, line {reader.line_num}: {error}.") from None
    finally:
        if running:
            gc.enable()
    return rows, numbers


def _delimiter(text: str, file: str) -> str:
    head = "\n".join(text.splitlines()[:400])
    best, top = "", 0.0
    for delimiter in DELIMITERS:
        if delimiter not in head:
            continue
        try:
            rows = [row for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if any(row)]
        except csv.Error:
            continue
        wide = [len(row) for row in rows if len(row) > 1]
        if not wide:
            continue
        width, count = Counter(wide).most_common(1)[0]
        cells = [clean(cell) for row in rows if len(row) == width for cell in row]
        fair = sum(1 for c in cells if CLEAN.fullmatch(c) or (is_text(c) and not c.startswith(DELIMITERS)))
        score = count / len(rows) * fair / len(cells) + 0.001 * (width > 2)
        if score > top + 1e-9:
            best, top = delimiter, score
    if best:
        return best
    lines = [line for line in text.splitlines() if line.strip()]
    cut = [len(re.split(r"[ \t]{2,}", line.strip())) for line in lines[:400]]
    if cut and Counter(cut).most_common(1)[0][0] > 1:
        return " "
    raise StudyError(f"{file}: no comma, tab, semicolon, bar or run of blanks cuts its lines into fields.")


def is_text(cell: str) -> bool:
    """Whether a cell is prose, which may hold any sign: it has a letter and a blank or a Chinese character."""
    prose = re.search(r"[A-Za-z]{2}.*[ ,]|[\u4e00-\u9fff]", cell)
    return bool(prose) and not re.search(r"\d[,;|]\d|\S[;|\t]\S", cell)


def _even(rows: list[list[str]], numbers: list[int], file: str) -> None:
    """All lines between the first and the last of the usual width have that width; lines of one field are titles and notes."""
    wide = Counter(len(row) for row in rows if len(row) > 1)
    if not wide:
        return
    width = wide.most_common(1)[0][0]
    usual = [i for i, row in enumerate(rows) if len(row) == width]
    for i in range(usual[0], len(rows)):
        row = rows[i]
        if len(row) == width or not any(row):
            continue
        if len(row) <= 1:
            continue
        if i + 1 < len(rows) and i > usual[-1] and not any(_figure(cell) for cell in row[1:]):
            continue
        block = any(len(rows[j]) <= 1 or not any(rows[j]) for j in range(usual[0], i))
        if block and wide[len(row)] > 1:
            continue
        raise StudyError(
            f"{file}, line {numbers[i]}: {len(row)} fields, where the other lines have {width}. "
            "A field is missing or a sign is not quoted, so figures would stand under the wrong heading. Mend the line."
        )


def _figure(cell: str) -> bool:
    return any(c.isdigit() for c in cell)
