"""What comes out of reading: figures with the place of each, a log of every step, and open questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from nqp.language.labels import Label

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Figure:
    """One figure: one row of `Reading.figures`, for those who read cell by cell.

    ``value`` is plain decimal text (``"1234.5"``) or None where the file gives none; a date variable keeps
    its ISO date. ``entity_code`` is None while a question about the entity is open, ``year`` while one about
    the year is. ``year`` is ``"2019"``, or the finer period as printed (``"2014-01"``).
    ``row`` counts lines or rows of the file from 1; ``column`` is a spreadsheet letter (CSV files too),
    or the name of the variable in Stata, SPSS and Parquet files. ``note`` holds flags and footnotes.
    """

    entity_code: str | None
    entity_name: str
    year: str | None
    series_name: str
    unit: str
    value: str | None
    note: str
    file: str
    sheet: str
    row: int
    column: str


@dataclass(frozen=True)
class LogLine:
    """One step of reading, at one place. Row and column are blank where the step is about a whole sheet.

    ``step`` is a code of `reference/steps.csv`; `Reading.step_label` gives its words.
    """

    file: str
    sheet: str
    row: str
    column: str
    step: str
    before: str
    after: str


FIGURE_COLUMNS = tuple(f.name for f in fields(Figure))
LOG_COLUMNS = tuple(f.name for f in fields(LogLine))
ENTITY_COLUMNS = (
    "entity_code",
    "name_zh",
    "name_en",
    "kind",  # province, city, country, other
    "group_code",
    "group_zh",
    "group_en",
)

SERIES_COLUMNS = (
    "series_name",
    "unit",
    "label",
)  # label: the long name or the English heading, where there is one


@dataclass(frozen=True)
class Question:
    """What the files do not say. ``draft`` is a sensible answer or blank; ``option`` takes the answer.

    ``kind`` is series, year, entity, names, unit, decimal, jump, conflict, duplicate or layout. A blocking question leaves
    figures that cannot be placed: a study must not be written before it is answered. The others are
    warnings that a person should read.
    """

    kind: str
    file: str
    sheet: str
    text: Label
    draft: str = ""
    option: str = ""  # keyword of `read_files` that answers it
    blocking: bool = True


@dataclass(frozen=True)
class SheetLayout:
    """How one sheet was understood: ``layout`` is a word of `read_files(layout=...)`, ``text`` one sentence."""

    file: str
    sheet: str
    layout: str
    text: Label


@dataclass(frozen=True)
class Reading:
    """All that was read.

    ``figures``: columns FIGURE_COLUMNS, one row per cell of the files, blank cells included (value None).
    ``aggregates``: the same columns; rows such as 全国 or World, left out of ``figures`` by name.
    ``entities``: columns ENTITY_COLUMNS, one row per entity_code in ``figures``, in reading order.
    ``series``: columns SERIES_COLUMNS, one row per series and unit, in reading order.
    ``log``: columns LOG_COLUMNS, all text.
    """

    figures: pd.DataFrame
    aggregates: pd.DataFrame
    entities: pd.DataFrame
    series: pd.DataFrame
    log: pd.DataFrame
    layouts: tuple[SheetLayout, ...]
    questions: tuple[Question, ...]
    steps: dict[str, Label] = field(default_factory=dict)

    @property
    def blocking(self) -> tuple[Question, ...]:
        """The questions that must be answered before a study is written."""
        return tuple(q for q in self.questions if q.blocking)

    def step_label(self, step: str) -> Label:
        """A step of the log in words."""
        return self.steps.get(step, Label.both(step))

    def __iter__(self) -> Iterator[Figure]:
        """The figures one by one; slow for a million."""
        for row in self.figures.itertuples(index=False):
            yield Figure(*row)
