"""The passages of a Word document: paragraphs, cells, footnotes, with bookmarks and cross-reference fields."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from nqp.errors import StudyError
from nqp.language.labels import Label
from nqp.verifying import words
from nqp.verifying.passage import Mark, Passage, Reference

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
MOST_BYTES = 200 * 1024 * 1024  # of one part: no manuscript is larger
OURS = re.compile(r"nqp_[A-Za-z0-9_]+")


@dataclass
class _Text:
    """A paragraph while it is read."""

    text: str = ""
    open_bookmarks: dict[str, tuple[str, int]] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    instruction: str = ""
    depth: int = 0
    is_result: bool = True
    result_start: int = 0


def read_word(path: Path) -> list[Passage]:
    """The passages of a .docx file in order. Raises StudyError for what is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(path) as archive:
            names = [
                name for name in ("word/document.xml", *NOTES) if name in (found := set(archive.namelist()))
            ]
            if "word/document.xml" not in found:
                raise StudyError(f"{path} is no Word document (.docx).")
            if any(archive.getinfo(name).file_size > MOST_BYTES for name in names):
                raise StudyError(f"{path} is larger than a manuscript can be.")
            roots = {name: etree.fromstring(archive.read(name), parser) for name in names}
    except FileNotFoundError as error:
        raise StudyError(f"There is no file {path}.") from error
    except (zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise StudyError(f"{path} is no Word document (.docx). Save it as one.") from error
    passages: list[Passage] = []
    body = roots["word/document.xml"].find(f"{W}body")
    _blocks(body, passages, {"paragraph": 0, "table": 0})
    for name in NOTES:
        if name in roots:
            kind = "footnote" if "foot" in name else "endnote"
            for number, note in enumerate(roots[name], start=-1):  # two come before the first one
                for paragraph in note.iter(f"{W}p"):
                    passages.append(_passage(paragraph, words.note(kind, number)))
    return [one for one in passages if one.text.strip()]


def _blocks(parent: Any, passages: list[Passage], count: dict[str, int]) -> None:
    """Paragraphs and tables in the order in which they stand."""
    for block in parent:
        if block.tag == f"{W}p":
            count["paragraph"] += 1
            passages.append(_passage(block, words.paragraph(count["paragraph"])))
        elif block.tag == f"{W}tbl":
            count["table"] += 1
            _table(block, passages, count["table"])
        elif block.tag in (f"{W}sdt", f"{W}sdtContent"):
            _blocks(block, passages, count)


def _table(table: Any, passages: list[Passage], number: int) -> None:
    for r, row in enumerate(table.iter(f"{W}tr"), start=1):
        column = 0
        for cell in row.findall(f"{W}tc"):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            place = words.cell(number, r, column + 1)
            read = [_passage(paragraph, place) for paragraph in cell.iter(f"{W}p")]
            text, marks = "", []
            for one in read:
                marks += [
                    Mark(m.start + len(text), m.end + len(text), m.address, m.is_bookmark) for m in one.marks
                ]
                text += one.text + "\n"
            passages.append(Passage(text, place, marks=tuple(marks), table=number, row=r, column=column))
            column += int(span.get(f"{W}val", "1")) if span is not None else 1


def _passage(paragraph: Any, place: Label) -> Passage:
    reading = _Text()
    for element in paragraph.iter():
        _read(element, reading)
    return Passage(reading.text, place, (), tuple(reading.marks), tuple(reading.references))


def _read(element: Any, reading: _Text) -> None:
    tag = element.tag
    if tag == f"{W}t":
        if reading.is_result:
            reading.text += element.text or ""
    elif tag in (f"{W}tab", f"{W}br", f"{W}cr"):
        reading.text += " "
    elif tag == f"{W}noBreakHyphen":
        reading.text += "-"
    elif tag == f"{W}bookmarkStart":
        reading.open_bookmarks[element.get(f"{W}id")] = (element.get(f"{W}name", ""), len(reading.text))
    elif tag == f"{W}bookmarkEnd":
        name, start = reading.open_bookmarks.pop(element.get(f"{W}id"), ("", 0))
        if OURS.fullmatch(name) and len(reading.text) > start:
            reading.marks.append(Mark(start, len(reading.text), name, is_bookmark=True))
    elif tag == f"{W}fldSimple":
        _refers(reading, element.get(f"{W}instr", ""), len(reading.text))
    elif tag == f"{W}instrText":
        reading.instruction += element.text or ""
    elif tag == f"{W}fldChar":
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            reading.instruction, reading.is_result = "", False
        else:
            if kind == "separate":
                _refers(reading, reading.instruction, len(reading.text))
            reading.is_result = True


def _refers(reading: _Text, instruction: str, start: int) -> None:
    """A field that shows the number of one of our exhibits: its bookmark is ``tab_code`` or ``fig_code``."""
    if match := re.search(r"\bREF\s+(?:tab|fig)_([A-Za-z0-9_]+)", instruction):
        reading.references.append(Reference(start, start, match[1]))
