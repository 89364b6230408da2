"""A file by its content, not by its ending, as grids."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from nqp.errors import StudyError
from nqp.importing.delimited import read_delimited
from nqp.importing.grids import Grid
from nqp.importing.packages import read_package, read_parquet
from nqp.importing.workbooks import read_html, read_workbook


def read_grids(path: Path, encoding: str | None, sheets: Sequence[str] | None) -> list[Grid]:
    """All sheets and tables of one file.

    Raises `StudyError` where the file is missing, empty, or of no supported format.
    """
    if not path.is_file():
        raise StudyError(f"{path}: there is no such file.")
    with path.open("rb") as handle:
        head = handle.read(4096)
    if not head.strip():
        raise StudyError(f"{path.name}: is empty.")
    if head[:4] == b"PAR1":
        return [read_parquet(path)]
    if head.startswith((b"$FL2", b"$FL3")):
        return [read_package(path, "sav", encoding)]
    if head.startswith(b"<stata_dta>") or (
        head[0] in range(102, 116) and head[1:4] in (b"\x01\x01\x00", b"\x02\x01\x00")
    ):
        return [read_package(path, "dta", encoding)]
    content = path.read_bytes()
    if head[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError) as error:
            raise StudyError(f"{path.name}: is no sound gzip file: {error}.") from None
        head = content[:4096]
    if head[:4] == b"\xd0\xcf\x11\xe0":
        return read_workbook(content, path.name, sheets)
    if head[:2] == b"PK":
        if not zipfile.is_zipfile(path) or not any(
            n.startswith("xl/") for n in zipfile.ZipFile(path).namelist()
        ):
            raise StudyError(
                f"{path.name}: is an archive, not a workbook. Unpack it and name the files in it."
            )
        return read_workbook(content, path.name, sheets)
    if head[:4] == b"\x09\x08\x10\x00" or head[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):
        return read_workbook(content, path.name, sheets)
    if head.startswith(b"%PDF"):
        raise StudyError(f"{path.name}: is a PDF. Copy its table into a workbook.")
    if re.search(rb"<\s*(html|table|!doctype html|head|body)\b", head, re.IGNORECASE):
        return read_html(content, path.name, encoding)
    return [read_delimited(content, path.name, encoding)]
