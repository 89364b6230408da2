"""Workbooks and pages: .xlsx, .xls, both also under Excel's built-in password, and HTML tables named .xls.

openpyxl and xlrd rather than python-calamine: only they give the number format (a cell that shows 12.5% holds 0.125)
and the merged ranges of a header over several rows. msoffcrypto-tool opens what Excel itself opens without asking.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from nqp.errors import StudyError
from nqp.importing.decoding import decode
from nqp.importing.figures import LogLine
from nqp.importing.grids import Grid, array, clean, letter, number_text

BREAK = "\ue000"  # stands for <br> while other blanks are made one
PASSWORD = "VelvetSweatshop"  # with which Excel writes and opens "protected" yearbook files unasked


def read_workbook(content: bytes, file: str, sheets: Sequence[str] | None) -> list[Grid]:
    """The sheets of an OLE (.xls, or anything encrypted) or zip (.xlsx) workbook."""
    log: tuple[LogLine, ...] = ()
    if content[:4] == b"\xd0\xcf\x11\xe0":
        opened = _decrypted(content, file)
        if opened is not None:
            content = opened
            log = (LogLine(file, "", "", "", "decrypted", "", ""),)
    if content[:2] == b"PK":
        return _xlsx(content, file, sheets, log)
    return _xls(content, file, sheets, log)


def _decrypted(content: bytes, file: str) -> bytes | None:
    import msoffcrypto

    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not office.is_encrypted():
            return None
        office.load_key(password=PASSWORD)
        out = io.BytesIO()
        office.decrypt(out)
    except Exception as error:
        if not re.search("password|key|encrypt", f"{type(error).__name__} {error}", re.IGNORECASE):
            return None  # not a document this library knows: xlrd says what it is
        raise StudyError(
            f"{file}: is protected by a password. Open it, remove the password, save it."
        ) from None
    return out.getvalue()


def _chosen(names: list[str], sheets: Sequence[str] | None, file: str) -> list[str]:
    if sheets is None:
        return names
    found = [name for name in names if name in sheets]
    if not found:
        raise StudyError(f"{file}: has no sheet {', '.join(sheets)}. It has {', '.join(names)}.")
    return found


def _percent(value: float, pattern: str) -> str | None:
    """What a cell with a percent format shows, as text with the sign; None for other formats."""
    if "%" not in re.sub(r'"[^"]*"|\\.', "", pattern):
        return None
    from decimal import Decimal

    return format((Decimal(repr(float(value))) * 100).normalize(), "f") + "%"


def _moment(value: datetime.datetime | datetime.date | datetime.time) -> str:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat()


def _xlsx(content: bytes, file: str, sheets: Sequence[str] | None, log: tuple[LogLine, ...]) -> list[Grid]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        parts = zipfile.ZipFile(io.BytesIO(content))
        formulas = any(
            b"<f" in parts.read(n) for n in parts.namelist() if n.startswith("xl/worksheets/sheet")
        )
        written = openpyxl.load_workbook(io.BytesIO(content)) if formulas else None
    except Exception as error:
        raise StudyError(
            f"{file}: is no sound .xlsx workbook: {error}. Open it in Excel and save it again."
        ) from None
    grids = []
    for name in _chosen([sheet.title for sheet in book.worksheets], sheets, file):
        sheet = book[name]
        other = written[name] if written else None
        lines: list[LogLine] = []

        def cell(one: Any, other: Any = other, lines: list[LogLine] = lines, name: str = name) -> str:
            value = one.value
            column = letter(one.column - 1) if hasattr(one, "column") else ""
            if other is not None and value is None and hasattr(one, "coordinate"):
                formula = other[one.coordinate].value
                if isinstance(formula, str) and formula.startswith("="):
                    raise StudyError(
                        f"{file}, sheet {name}, row {one.row}, column {column}: a formula without a stored result. "
                        "Open the workbook in Excel and save it."
                    )
            if value is None:
                return ""
            if isinstance(value, bool):
                return str(value).upper()
            if isinstance(value, int | float):
                shown = _percent(value, one.number_format or "")
                if shown:
                    lines.append(
                        LogLine(file, name, str(one.row), column, "number_format", number_text(value), shown)
                    )
                return shown or number_text(value)
            if isinstance(value, datetime.datetime | datetime.date | datetime.time):
                return _moment(value)
            if isinstance(value, datetime.timedelta):
                return str(value)
            return clean(str(value))

        rows = [[cell(one) for one in row] for row in sheet.iter_rows()]
        merged = tuple(
            (m.min_row - 1, m.max_row - 1, m.min_col - 1, m.max_col - 1) for m in sheet.merged_cells.ranges
        )
        grids.append(
            Grid(file, name, array(rows), "xlsx", True, merged=tuple(sorted(merged)), log=log + tuple(lines))
        )
        log = ()
    return grids


def _xls(content: bytes, file: str, sheets: Sequence[str] | None, log: tuple[LogLine, ...]) -> list[Grid]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    except Exception as error:
        raise StudyError(
            f"{file}: is no sound .xls workbook: {error}. Open it in Excel and save it again."
        ) from None
    grids = []
    for name in _chosen(book.sheet_names(), sheets, file):
        sheet = book.sheet_by_name(name)
        lines: list[LogLine] = []
        rows = [
            [_xls_cell(book, sheet, r, c, file, lines, xlrd) for c in range(sheet.ncols)]
            for r in range(sheet.nrows)
        ]
        merged = tuple(sorted((a, b - 1, c, d - 1) for a, b, c, d in sheet.merged_cells))
        grids.append(Grid(file, name, array(rows), "xls", True, merged=merged, log=log + tuple(lines)))
        log = ()
    return grids


def _xls_cell(book: Any, sheet: Any, r: int, c: int, file: str, lines: list[LogLine], xlrd: Any) -> str:
    kind, value = sheet.cell_type(r, c), sheet.cell_value(r, c)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#ERROR"))
    if kind == xlrd.XL_CELL_DATE:
        try:
            return _moment(xlrd.xldate_as_datetime(value, book.datemode))
        except Exception:
            return number_text(value)
    if kind == xlrd.XL_CELL_NUMBER:
        format_ = book.format_map.get(book.xf_list[sheet.cell_xf_index(r, c)].format_key)
        shown = _percent(value, format_.format_str if format_ else "")
        if shown:
            before = number_text(value)
            lines.append(LogLine(file, sheet.name, str(r + 1), letter(c), "number_format", before, shown))
        return shown or number_text(value)
    return clean(str(value))


def read_html(content: bytes, file: str, encoding: str | None) -> list[Grid]:
    """Every table of a page, the text before it as its titles; rowspan and colspan become merged ranges."""
    from lxml import html

    declared = re.search(rb"charset=[\"']?([\w-]+)", content[:4000])
    if encoding is None and declared and declared[1].lower() in (b"gb2312", b"gbk", b"gb18030"):
        encoding = "gb18030"
    text, name = decode(content, file, encoding)
    if len(re.findall(r"<table\b", text, re.IGNORECASE)) > len(
        re.findall(r"</table\s*>", text, re.IGNORECASE)
    ):
        raise StudyError(f"{file}: the page ends within a table. Download it again.")
    try:
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except Exception as error:
        raise StudyError(f"{file}: looks like a page but cannot be read: {error}.") from None
    log: tuple[LogLine, ...] = (LogLine(file, "", "", "", "encoding", "", name),)
    grids: list[Grid] = []
    titles: list[str] = []
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag == "table":
            rows, merged = _table(node)
            grids.append(
                Grid(
                    file,
                    f"table {len(grids) + 1}",
                    array(rows),
                    "html",
                    merged=merged,
                    titles=tuple(titles),
                    log=log,
                )
            )
            log = ()
            if len(rows) <= 2 and max(map(len, rows), default=0) <= 1:  # a table that is only a line of text
                titles.extend(row[0] for row in rows if row and row[0])
            else:
                titles = []  # what stands above one table says nothing of the next
        elif node.tag not in ("script", "style", "title") and not any(
            a.tag == "table" for a in node.iterancestors()
        ):
            line = clean(node.text or "")
            if line:
                titles.append(line)
    return grids


def _table(node: Any) -> tuple[list[list[str]], tuple[tuple[int, int, int, int], ...]]:
    taken: dict[tuple[int, int], str] = {}
    merged = []
    own: Callable[[Any], bool] = lambda tr: next(tr.iterancestors("table")) is node  # noqa: E731
    lines = [tr for tr in node.iter("tr") if own(tr)]
    for r, line in enumerate(lines):
        c = 0
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while (r, c) in taken:
                c += 1
            down, right = (int(re.sub(r"\D", "", cell.get(k, "1")) or 1) for k in ("rowspan", "colspan"))
            for i in range(r, min(r + down, len(lines))):
                for j in range(c, c + min(right, 1000)):
                    taken[i, j] = ""
            for mark in cell.iter("br"):
                mark.text = BREAK
            text = re.sub(r"\s+", " ", cell.text_content()).replace(BREAK, "\n")
            taken[r, c] = clean(text)
            if down > 1 or right > 1:
                merged.append((r, r + down - 1, c, c + right - 1))
            c += right
    width = max((c for _, c in taken), default=-1) + 1
    return [[taken.get((r, c), "") for c in range(width)] for r in range(len(lines))], tuple(merged)
