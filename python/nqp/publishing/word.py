"""All exhibits in one Word document: numbered, bookmarked for cross-references, long tables cut with their head repeated.

Each table is the one that the document of that table alone holds; here they stand one after the other, upright or lying.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from nqp.document.exhibits import Exhibits, Picture
from nqp.document.table import Table
from nqp.formats.text import fixed_zip, one_line
from nqp.formats.word import document
from nqp.language.labels import Language
from nqp.language.words import WORDS
from nqp.publishing.figures import size_of_png
from nqp.publishing.pages import first_number, parts, word_table
from nqp.publishing.words import CONTENTS, continued

EMU_PER_DOT = 914400 / 300
MOST_WIDE, MOST_TALL = (
    9638,
    12600,
)  # twentieths of a point: between the margins of an upright page, less a caption
EMU_PER_TWENTIETH = 635
CAPTION_ROOM = 700
_BODY = re.compile(rb"<w:body>(.*)(<w:sectPr>.*?</w:sectPr>)</w:body>", re.DOTALL)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def bookmark(item: Table | Picture) -> str:
    """The name by which a cross-reference finds the number of an exhibit."""
    kind = "fig" if isinstance(item, Picture) else "tab"
    return f"{kind}_{re.sub('[^0-9A-Za-z]', '_', item.code)}"[:40]


def book(exhibits: Exhibits, language: Language, image: Callable[[Picture], bytes]) -> bytes:
    """All exhibits in one language as a .docx file; ``image`` gives the PNG of a figure. Equal input, equal bytes."""
    builder = _Builder(language)
    builder.contents(exhibits)
    for item in exhibits.items:
        if isinstance(item, Picture):
            builder.figure(item, image(item))
        else:
            builder.table(item)
    return builder.file(exhibits)


class _Builder:
    """Collects the body; a new section begins where the page turns."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.body: list[str] = []
        self.section = ""
        self.images: dict[str, bytes] = {}
        self.package: Mapping[str, bytes] = {}
        self.bookmarks = 0

    def contents(self, exhibits: Exhibits) -> None:
        """The title and the list of exhibits, each a link."""
        self.body.append(_paragraph(exhibits.study.in_(self.language), size=32, bold=True, align="center"))
        self.body.append(_paragraph(CONTENTS.in_(self.language), size=24, bold=True))
        for item in exhibits.items:
            text = _caption(item, self.language)
            self.body.append(
                f'<w:p><w:pPr><w:spacing w:before="0" w:after="20"/></w:pPr><w:hyperlink w:anchor="{bookmark(item)}">{_run(text, 21)}</w:hyperlink></w:p>'
            )

    def table(self, table: Table) -> None:
        """One table on a page of its own, in parts if it is longer."""
        body, section = self._made(table)
        start, end = body.index("<w:tbl>"), body.index("</w:tbl>") + len("</w:tbl>")
        before, made, after = body[:start], word_table(body[start:end]), body[end:]
        self._turn(section)
        tall = first_number(r'w:h="(\d+)"', section, 16838) - 2 * 1134
        pieces = parts(made, tall - CAPTION_ROOM)  # the notes run on to the next page where they must
        self.body.append(self._marked(before, table) + made.part(pieces[0]))
        for rows in pieces[1:]:
            self.body.append(_page_break() + self._continuation(table) + made.part(rows))
        self.body.append(after + _page_break())

    def figure(self, picture: Picture, png: bytes) -> None:
        """One figure with its caption below, as journals have it."""
        self._turn(self._upright())
        name = f"image{len(self.images) + 1}"
        self.images[name] = png
        width, tall = size_of_png(png)
        limits = (
            MOST_WIDE * EMU_PER_TWENTIETH / (width * EMU_PER_DOT),
            MOST_TALL * EMU_PER_TWENTIETH / (tall * EMU_PER_DOT),
        )
        scale = EMU_PER_DOT * min(1.0, *limits)
        self.body.append(
            _picture(
                name,
                len(self.images),
                round(width * scale),
                round(tall * scale),
                picture.alt.in_(self.language),
            )
        )
        number = self._bookmarked(picture, _run(picture.number.in_(self.language), 21, bold=True))
        title = _run(WORDS[self.language]["number_end"] + picture.title.in_(self.language), 21, bold=True)
        self.body.append(
            f'<w:p><w:pPr><w:pStyle w:val="Caption"/><w:jc w:val="center"/></w:pPr>{number}{title}</w:p>'
        )
        word = WORDS[self.language]
        below = f"{word['unit']}{picture.units.in_(self.language)}  {word['source']}{picture.source.in_(self.language)}"
        self.body.append(_paragraph(below, size=18) + _page_break())

    def _made(self, table: Table) -> tuple[str, str]:
        """The body and the section of the document of one table alone."""
        with zipfile.ZipFile(io.BytesIO(document(table, self.language))) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        found = _BODY.search(parts["word/document.xml"])
        if found is None:
            raise ValueError(f"table {table.code!r}: the document has no body")
        self.package = self.package or parts
        return found[1].decode(), found[2].decode()

    @staticmethod
    def _upright() -> str:
        return (
            '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" '
            'w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
        )

    def _turn(self, section: str) -> None:
        """End the section where the next exhibit needs the page otherwise."""
        if self.section and section != self.section:
            self._drop_last_break()
            self.body.append(f"<w:p><w:pPr>{self.section}</w:pPr></w:p>")
        elif not self.section and self.body:  # behind the list of exhibits
            self.body.append(f"<w:p><w:pPr>{self._upright()}</w:pPr></w:p>")
        self.section = section

    def _drop_last_break(self) -> None:
        if self.body and self.body[-1].endswith(_page_break()):
            self.body[-1] = self.body[-1][: -len(_page_break())]

    def _bookmarked(self, item: Table | Picture, runs: str) -> str:
        self.bookmarks += 1
        return f'<w:bookmarkStart w:id="{self.bookmarks}" w:name="{bookmark(item)}"/>{runs}<w:bookmarkEnd w:id="{self.bookmarks}"/>'

    def _marked(self, before: str, table: Table) -> str:
        """The caption with a bookmark over its number: a cross-reference shows 'Table 3'."""
        number = escape(one_line(table.number.in_(self.language)))
        for run in re.findall(r"<w:r>.*?</w:r>", before, re.DOTALL):
            if number and re.search(rf">{re.escape(number)}</w:t>", run):
                return before.replace(run, self._bookmarked(table, run), 1)
        return before.replace("</w:pPr>", "</w:pPr>" + self._bookmarked(table, ""), 1)

    def _continuation(self, table: Table) -> str:
        text = continued(table.number).in_(self.language)
        return _paragraph(text, size=21, bold=True, align="center", keep=True)

    def file(self, exhibits: Exhibits) -> bytes:
        """The package: that of a single table with this body, the images and their relations."""
        entries = dict(self.package) if self.package else {}
        if not entries:
            raise ValueError("no table, no document")
        self._drop_last_break()
        body = "".join(self.body) + (self.section or self._upright())
        # every table alone is a document, and the last one said what the page is called
        head = entries["word/document.xml"].partition(b"<w:body>")[0].decode()
        head = head.replace("<w:document ", f'<w:document xmlns:r="{_RELATIONS}" ', 1)
        entries["word/document.xml"] = f"{head}<w:body>{body}</w:body></w:document>".encode()
        relations = "".join(
            f'<Relationship Id="nqp{name}" Type="{_RELATIONS}/image" Target="media/{name}.png"/>'
            for name in self.images
        )
        name = "word/_rels/document.xml.rels"
        entries[name] = entries[name].replace(b"</Relationships>", f"{relations}</Relationships>".encode())
        types = entries["[Content_Types].xml"]
        if b'Extension="png"' not in types:
            types = re.sub(
                rb"(<Types[^>]*>)", rb'\1<Default Extension="png" ContentType="image/png"/>', types, count=1
            )
        entries["[Content_Types].xml"] = types
        title = escape(exhibits.study.in_(self.language)).encode()
        core = entries["docProps/core.xml"]
        entries["docProps/core.xml"] = re.sub(
            rb"<dc:title>.*?</dc:title>", lambda _: b"<dc:title>" + title + b"</dc:title>", core
        )
        for image, content in self.images.items():
            entries[f"word/media/{image}.png"] = content
        return fixed_zip(entries)


def _caption(item: Table | Picture, language: Language) -> str:
    number = item.number.in_(language)
    return one_line((number + WORDS[language]["number_end"] if number else "") + item.title.in_(language))


def _run(text: str, size: int, *, bold: bool = False) -> str:
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/>{weight}'
        f'<w:color w:val="000000"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(one_line(text))}</w:t></w:r>'
    )


def _paragraph(text: str, *, size: int, bold: bool = False, align: str = "left", keep: bool = False) -> str:
    next_ = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr>{next_}<w:spacing w:before="80" w:after="80"/><w:jc w:val="{align}"/></w:pPr>{_run(text, size, bold=bold)}</w:p>'


def _page_break() -> str:
    return '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'


def _picture(name: str, number: int, width: int, tall: int, alt: str) -> str:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    described = escape(one_line(alt), {'"': "&quot;"})
    return (
        '<w:p><w:pPr><w:keepNext/><w:spacing w:before="120" w:after="60"/><w:jc w:val="center"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline xmlns:wp="{drawing}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{tall}"/>'
        f'<wp:docPr id="{number}" name="{name}" descr="{described}"/><a:graphic xmlns:a="{drawing}/main">'
        f'<a:graphicData uri="{drawing}/picture"><pic:pic xmlns:pic="{drawing}/picture"><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="nqp{name}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{tall}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
