"""A study as one Excel workbook, and back: a sheet for each file, a comment and a drop-down where one helps.

The data stand in the long form of raw_observations.csv, or in the wide form (a column per series) where that
loses nothing. specifications.toml is the sheets study and tables where rows can say all of it, else its lines in the
sheet specification.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nqp.errors import StudyError
from nqp.studying.files import Sheet, Study
from nqp.studying.layout import OBSERVATIONS, SPECIFICATION, Column, file_of, sheet_of, study_files
from nqp.studying.tables_sheet import STUDY_COLUMNS, TABLE_COLUMNS, sheets_of, specification_of

MOST_ROWS = 1_048_575  # below the header of an Excel sheet
MOST_TEXT = 32_767  # characters of a cell
KEYS = ("entity_code", "year")
_NUMBERS = {"year", "observed_value", "sort_order", "tile_row", "tile_column", "multiplier", "first_year", "last_year", "base_year", "step"}  # fmt: skip
# A drop-down that offers what another sheet lists: column, sheet.
_OFFERS = {
    "numerator_series": "series", "denominator_series": "series", "series_code": "series", "entity_code": "entities",
}  # fmt: skip
_ORDER = ("study", "entities", "series", "indicators", "variables", "tables", "specification", "data")


def sheets_of_study(study: Study) -> dict[str, Sheet]:
    """The sheets of a workbook, in the order in which a reader wants them."""
    found = {sheet_of(name): sheet for name, sheet in study.sheets.items()}
    if OBSERVATIONS in study.sheets:
        found["data"] = _wide(study.sheets[OBSERVATIONS])
    if study.specification:
        rows = sheets_of(study.specification)
        if rows:
            found["study"], found["tables"] = rows
        else:
            lines = study.specification.rstrip("\n").split("\n")
            found["specification"] = Sheet((SPECIFICATION,), tuple((line,) for line in lines))
    first = [name for name in _ORDER if name in found]
    return {name: found[name] for name in [*first, *sorted(set(found) - set(first))]}


def _wide(data: Sheet) -> Sheet:
    """A column per series where nothing is lost by it: no remark, no further column, no cell twice or blank."""
    known = {"entity_code", "year", "series_code", "observed_value", "note"}
    if not data.rows or not set(data.header) <= known or "note" not in data.header:
        return data
    places = {name: data.header.index(name) for name in data.header}
    series = list(dict.fromkeys(row[places["series_code"]] for row in data.rows))
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for row in data.rows:
        entity, year, code, value, note = (row[places[name]] for name in ("entity_code", "year", "series_code", "observed_value", "note"))  # fmt: skip
        of_row = cells.setdefault((entity, year), {})
        if note or not value or not entity or not year or code in of_row or code in ("", *known):
            return data
        of_row[code] = value
    if len(series) > 16_000:
        return data
    return Sheet(
        (*KEYS, *series),
        tuple((*key, *[of_row.get(code, "") for code in series]) for key, of_row in cells.items()),
    )


def _long(data: Sheet) -> Sheet:
    """The long form of a data sheet; a blank cell of the wide form is no row."""
    if "series_code" in data.header:
        return data
    series = [name for name in data.header if name not in KEYS]
    rows = [
        (record.get("entity_code", ""), record.get("year", ""), code, record[code], "")
        for record in data.records()
        for code in series
        if record[code].strip()
    ]
    return Sheet((*KEYS, "series_code", "observed_value", "note"), tuple(rows))


# ------------------------------------------------------------------------------------------------- writing


def write_workbook(sheets: Mapping[str, Sheet], *, notes: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a workbook; ``notes`` stand in the comment of the first cell of a sheet.

    Raises StudyError where Excel cannot hold a sheet or a cell.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": _NO_CLOCK})
    bold = book.add_format({"bold": True, "bg_color": "#e8eef4", "bottom": 1})
    required = book.add_format({"bold": True, "bg_color": "#cfe0ef", "bottom": 1})
    for name, sheet in sheets.items():
        if len(sheet.rows) > MOST_ROWS:
            raise StudyError(
                f"The sheet {name} would have {len(sheet.rows)} rows, and Excel has room for {MOST_ROWS}. Keep this study as CSV files."
            )
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        columns = {column.name: column for column in _columns(name)}
        for place, header in enumerate(sheet.header):
            column = columns.get(header)
            page.write_string(0, place, header, required if column and column.is_required else bold)
            comment = _comment(column, (notes or {}).get(name, "") if place == 0 else "")
            if comment:
                page.write_comment(0, place, comment, {"x_scale": 2.2, "y_scale": 1.4, "author": ""})
            offer = _offer(header, column, name, sheets)
            if offer:
                page.data_validation(1, place, max(len(sheet.rows), 500), place, offer)
            widest = max((len(row[place]) for row in sheet.rows[:200]), default=0)
            page.set_column(place, place, min(40, max(10, len(header) + 2, widest + 1)))
        for number, row in enumerate(sheet.rows, start=1):
            for place, cell in enumerate(row):
                _write(page, number, place, cell, sheet.header[place], name)
    book.close()
    return stream.getvalue()


def _write(page: Any, row: int, place: int, cell: str, header: str, name: str) -> None:
    if not cell:
        return
    if len(cell) > MOST_TEXT:
        raise StudyError(f"Sheet {name}, row {row + 1}: a text of {len(cell)} characters has no room in a cell of Excel.")  # fmt: skip
    is_number = header in _NUMBERS or (name == "data" and header not in (*KEYS, "series_code", "note"))
    if is_number and (number := _same_number(cell)) is not None:
        page.write_number(row, place, number)
    else:
        page.write_string(row, place, cell)


def _same_number(cell: str) -> float | None:
    """The number of a cell if a reader gets the very same text back, else None: Excel keeps 16 digits and no -0."""
    try:
        number = float(cell)
    except ValueError:
        return None
    is_kept = math.isfinite(number) and float(f"{number:.16G}") == number
    return number if is_kept and number_text(number) == cell else None


def number_text(number: float) -> str:
    """A number as a person writes it: no .0 at a whole number, no digit lost."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = repr(number)
    if "e" in text:
        from decimal import Decimal

        text = format(Decimal(text), "f")
    return text


def _columns(sheet: str) -> Sequence[Column]:
    if sheet == "study":
        return STUDY_COLUMNS
    if sheet == "tables":
        return TABLE_COLUMNS
    name = file_of(sheet)
    return study_files()[name] if name else ()


def _comment(column: Column | None, note: str) -> str:
    parts = [note] if note else []
    if column:
        parts += [column.comment.en, column.comment.zh]
        parts += [" | ".join(column.choices)] if column.choices else []
    return "\n".join(parts)


def _offer(header: str, column: Column | None, name: str, sheets: Mapping[str, Sheet]) -> dict[str, Any]:
    """The drop-down of a column: its words, or the codes that another sheet lists; it warns and never forbids."""
    soft = {"validate": "list", "error_type": "warning"}
    if column and column.choices:
        return {**soft, "source": list(column.choices)}
    where = _OFFERS.get(header)
    if where and where != name and where in sheets and sheets[where].header:
        letter = chr(
            ord("A") + next((i for i, h in enumerate(sheets[where].header) if h.endswith("_code")), 0)
        )
        return {**soft, "source": f"={where}!${letter}$2:${letter}${max(500, len(sheets[where].rows) + 1)}"}
    return {}


def _no_clock() -> Any:
    from datetime import datetime

    return datetime(2000, 1, 1)


_NO_CLOCK = _no_clock()


# ------------------------------------------------------------------------------------------------- reading


def is_study_workbook(path: Path) -> bool:
    """Whether a file is a workbook with the sheets of a study: data, and indicators or series."""
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not zipfile.is_zipfile(path):
        return False
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    names = {name.strip().lower() for name in book.sheetnames}
    book.close()
    return "data" in names and bool(names & {"indicators", "series"})


def read_workbook(path: Path) -> Study:
    """The study in a workbook: the files its sheets hold; what has no sheet is missing.

    Raises StudyError naming the sheet and the cell.
    """
    found = _sheets(path)
    study, tables = found.pop("study", None), found.pop("tables", None)
    lines = found.pop("specification", None)
    if lines and tables and tables.rows:
        raise StudyError(
            f"{path}: both sheets tables and specification say what to estimate. Delete one of them."
        )
    specification = ""
    if lines:
        specification = "\n".join(row[0] for row in lines.rows) + "\n"
    elif tables and tables.rows:
        specification = specification_of(study, tables, str(path))
    sheets = {}
    for sheet, content in found.items():
        name = file_of(sheet)
        sheets[name or sheet] = _long(content) if name == OBSERVATIONS else content
    others = {"study": study.csv()} if study and not specification else {}
    return Study(sheets, specification, others)


def _sheets(path: Path) -> dict[str, Sheet]:
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    _refuse_uncalculated(path)
    book = load_workbook(path, read_only=True, data_only=True)
    found = {}
    try:
        for page in book.worksheets:
            name = page.title.strip().lower()
            rows = [[cell_text(cell) for cell in row] for row in page.iter_rows(values_only=True)]
            keep_blank = name == "specification"
            if not rows or not any(rows[0]):
                continue
            width = (
                1
                if keep_blank
                else max(i + 1 for row in rows for i, cell in enumerate(row) if cell or i == 0)
            )
            header = tuple(cell if keep_blank else cell.strip() for cell in (rows[0] + [""] * width)[:width])
            for place, cell in enumerate(header):
                if not cell or header.count(cell) > 1:
                    raise StudyError(
                        f"{path}: sheet {page.title}, cell {get_column_letter(place + 1)}1: "
                        + (
                            f"the column '{cell}' stands twice."
                            if cell
                            else "a column without a name holds cells."
                        )
                        + " Give every column a name of its own."
                    )
            body = [tuple((row + [""] * width)[:width]) for row in rows[1:]]
            found[name] = Sheet(header, tuple(row for row in body if keep_blank or any(row)))
    finally:
        book.close()
    return found


def cell_text(cell: Any) -> str:
    """A cell of a workbook as the text that the study format wants."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return (
            number_text(float(cell))
            if abs(cell) < 1e15
            else number_text(cell)
            if isinstance(cell, float)
            else str(cell)
        )
    return str(cell)


def _refuse_uncalculated(path: Path) -> None:
    """A formula that nobody has calculated would read as a blank cell: refuse it."""
    try:
        with zipfile.ZipFile(path) as archive:
            pages = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            if not any(b"<f" in archive.read(name) for name in pages):
                return
    except (zipfile.BadZipFile, OSError) as error:
        raise StudyError(f"{path}: not an Excel workbook (.xlsx): {error}") from error
    from openpyxl import load_workbook

    written, values = load_workbook(path), load_workbook(path, data_only=True)
    for page in written.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f" and values[page.title][cell.coordinate].value is None:
                    raise StudyError(
                        f"{path}: sheet {page.title}, cell {cell.coordinate}: the formula has never been calculated. "
                        "Open the workbook in Excel and save it."
                    )
