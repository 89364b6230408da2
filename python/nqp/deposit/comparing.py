"""Every number of a new run beside the deposited one: PASS or FAIL per exhibit."""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nqp.document.exhibits import FILE, Exhibits, Picture, read
from nqp.errors import StudyError
from nqp.verifying.shown import numbers_of_table

# Twelve digits are written, and another kernel of the linear algebra changes the last of them.
RELATIVE = 1e-9


@dataclass(frozen=True)
class Outcome:
    """One exhibit or file of results: how many of its numbers were compared, and what differs."""

    name: str
    what: str
    numbers: int
    differences: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def line(self) -> str:
        """The outcome in one line."""
        if self.passes:
            return f"PASS  {self.name}  {self.what}  {self.numbers} numbers"
        return f"FAIL  {self.name}  {self.what}  {len(self.differences)} of {self.numbers} numbers differ; {self.differences[0]}"


def compare_outputs(deposited: Path, again: Path) -> list[Outcome]:
    """The outcome of every exhibit, then of every tidy file of results."""
    theirs, ours = _exhibits(deposited), _exhibits(again)
    found = [*_of_tables(theirs, ours)]
    for picture in theirs.pictures:
        file = f"figures/{picture.code}.csv"
        found.append(_of_files(picture.code, _name(picture), deposited / file, again / file))
    for path in sorted((deposited / "estimates").glob("*.csv*")):
        if path.name != "runs.csv":  # versions and hashes, no result
            found.append(
                _of_files(f"estimates/{path.name}", "results", path, again / "estimates" / path.name)
            )
    return found


def _exhibits(folder: Path) -> Exhibits:
    try:
        return read((folder / FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise StudyError(f"{folder / FILE} cannot be read ({error}).") from error


def _name(item: Picture) -> str:
    return item.number.en or item.title.en


def _of_tables(theirs: Exhibits, ours: Exhibits) -> Iterator[Outcome]:
    again = {table.code: table for table in ours.tables}
    for table in theirs.tables:
        name = table.number.en or table.title.en
        if table.code not in again:
            yield Outcome(table.code, name, 0, ("the new run has no such table",))
            continue
        before = [(one.address, one.value) for one in numbers_of_table(table)]
        after = [(one.address, one.value) for one in numbers_of_table(again[table.code])]
        differences = [
            f"{a}: deposited {x:.12g}, now {y:.12g}" if a == b else f"{a}: now {b}"
            for (a, x), (b, y) in zip(before, after, strict=False)
            if a != b or not _same(x, y)
        ]
        if len(before) != len(after):
            differences.append(f"{len(before)} numbers deposited, now {len(after)}")
        yield Outcome(table.code, name, len(before), tuple(differences))


def _of_files(name: str, what: str, deposited: Path, again: Path) -> Outcome:
    if not again.is_file():
        return Outcome(name, what, 0, ("the new run has no such file",))
    before, after = _cells(deposited), _cells(again)
    differences, numbers = [], 0
    for place, (x, y) in enumerate(zip(before, after, strict=False)):
        first, second = _number(x), _number(y)
        if first is not None and second is not None:
            numbers += 1
            if not _same(first, second):
                differences.append(f"cell {place + 1}: deposited {x}, now {y}")
        elif x != y:
            differences.append(f"cell {place + 1}: deposited {x!r}, now {y!r}")
    if len(before) != len(after):
        differences.append(f"{len(before)} cells deposited, now {len(after)}")
    return Outcome(name, what, numbers, tuple(differences))


def _cells(path: Path) -> list[str]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _same(x: float, y: float) -> bool:
    return x == y or (math.isnan(x) and math.isnan(y)) or math.isclose(x, y, rel_tol=RELATIVE, abs_tol=1e-12)
