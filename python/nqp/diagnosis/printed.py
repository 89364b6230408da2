"""A printed list of weights or scores. A printed number stands for an interval, half a unit of its last digit to each side."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nqp.errors import StudyError

if TYPE_CHECKING:
    from nqp.econometrics.equation import Floats


FEWEST = 2
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*(%?)")


@dataclass(frozen=True, eq=False)
class Printed:
    """A printed list: codes, years (None where none is given), numbers and the half unit of their last digit."""

    kind: str
    codes: tuple[str, ...]
    years: tuple[int | None, ...]
    numbers: Floats
    halves: Floats

    @property
    def decimals(self) -> int:
        """The decimals of the most precise number."""
        return max(0, round(-math.log10(2 * float(self.halves.min()))))

    def frame(self) -> pd.DataFrame:
        """Codes and years as the queries join them."""
        years = pd.array(self.years, dtype="Int64")
        return pd.DataFrame({"position": range(len(self.codes)), "code": self.codes, "year": years})


def read_printed(path: Path, kind: str) -> Printed:
    """A CSV of printed ``weight`` or ``score``, digits kept. Raises StudyError naming file, row and column."""
    key = {"weight": "indicator_code", "score": "entity_code"}[kind]
    rows = read_rows(path)
    header = [name.strip() for name in rows[0]]
    missing = [name for name in (key, kind) if name not in header]
    if missing:
        raise StudyError(f"{path}: missing column {missing[0]}. Found: {', '.join(header)}.")
    codes, years, numbers, halves = [], [], [], []
    for place, cells in enumerate(rows[1:], start=2):
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        where = f"{path}: row {place}"
        if not row.get(key):
            raise StudyError(f"{where}: {key} is blank.")
        number, half = printed_interval(row.get(kind, ""), f"{where}: {kind}")
        codes.append(row[key])
        years.append(_year(row["year"], where) if row.get("year") else None)
        numbers.append(number)
        halves.append(half)
    keys = list(zip(codes, years, strict=True))
    if doubled := next((one for one in keys if keys.count(one) > 1), None):
        told = doubled[0] if doubled[1] is None else f"{doubled[0]}, year {doubled[1]}"
        raise StudyError(f"{path}: {key} {told} stands more than once. Keep the right row.")
    if len(keys) < FEWEST:
        raise StudyError(
            f"{path}: {len(keys)} number(s). At least {FEWEST} are needed to tell specifications apart."
        )
    return Printed(kind, tuple(codes), tuple(years), np.array(numbers), np.array(halves))


def read_rows(path: Path) -> list[list[str]]:
    """The rows of a CSV file that are not blank, the header first. Raises StudyError naming the file."""
    if not path.is_file():
        raise StudyError(f"{path}: the file does not exist.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(f"{path}: not UTF-8. Save it as UTF-8.") from error
    rows = [row for row in csv.reader(text.splitlines()) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise StudyError(f"{path}: there is nothing below the header line.")
    return rows


def printed_interval(text: str, where: str) -> tuple[float, float]:
    """A printed number and half a unit of its last digit; with % both are divided by 100."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise StudyError(
            f"{where} '{text}' is not a plain number. Write digits as printed, such as 0.120 or 12.0%."
        )
    number = Decimal(found[1])
    unit = Decimal(1).scaleb(int(number.as_tuple().exponent))
    scale = 100 if found[2] else 1
    return float(number / scale), float(unit / 2 / scale)


def _year(text: str, where: str) -> int:
    if not re.fullmatch(r"\d+", text):
        raise StudyError(f"{where}: year '{text}' is not a whole number.")
    return int(text)
