"""From a reading to tidy figures with codes: one row per entity, year and series, each with its place in the files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nqp.errors import StudyError
from nqp.studying.decisions import SeriesFacts

if TYPE_CHECKING:
    import pandas as pd

    from nqp.importing.figures import Question, Reading

PLACE = ("file", "sheet", "row", "column")
KEY = ("entity_code", "year", "series_name")


@dataclass(frozen=True)
class Gathered:
    """Figures that are there, one per key; ``note`` begins with the place. ``repeats`` are equal cells left out.

    ``figures``: columns entity_code, year, series_name, unit, value, note, file, sheet, row, column, all text.
    """

    figures: pd.DataFrame
    repeats: pd.DataFrame
    series: Mapping[str, str]  # the names of all series in reading order, each with its long name or blank


def open_questions(questions: Sequence[Question]) -> str:
    """The questions a person has to answer, one a line with the option that answers it."""
    lines = []
    for question in questions:
        where = ", ".join(part for part in (question.file, question.sheet) if part)
        lines.append(
            f"{where}: {question.text.en}{f' Answer with {option_of(question)}.' if question.option else ''}"
        )
    return "\n  ".join(lines)


def option_of(question: Question) -> str:
    """The flag that answers a question, with its draft."""
    draft = question.draft or "..."
    return f"--{question.option} '{draft}'"


def gather(reading: Reading) -> Gathered:
    """The figures of a reading. Raises StudyError where questions are open, years are none, or two cells disagree."""
    import pandas as pd

    if reading.blocking:
        raise StudyError(f"The files leave questions open:\n  {open_questions(reading.blocking)}")
    figures = reading.figures
    series = dict.fromkeys(figures["series_name"].unique().tolist(), "")
    series |= {row["series_name"]: str(row["label"] or "") for row in reading.series.fillna("").to_dict("records") if row["series_name"] in series}  # fmt: skip
    figures = figures[figures["value"].notna() & (figures["value"] != "")]
    if figures.empty:
        raise StudyError("The files hold no figure.")
    for period in figures["year"].unique().tolist():
        if not re.fullmatch(r"[0-9]{4}", str(period)):
            first = figures[figures["year"] == period].iloc[0]
            raise StudyError(
                f"{_where(first)}: the period is '{period}', and a study has years. Add up or average the "
                "figures to years first."
            )
    figures = figures.assign(note=pd.Series(_notes(figures), figures.index, dtype=object))
    return Gathered(*_once(figures), series)


def _once(figures: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per key, and the equal rows left out. Raises StudyError where the values differ."""
    repeated = figures.duplicated(list(KEY), keep=False)
    if not repeated.any():
        return figures, figures.iloc[0:0]
    doubtful = figures[repeated].assign(number=lambda frame: frame["value"].astype(float))
    differing = doubtful.groupby(list(KEY), sort=False)["number"].transform("nunique") > 1
    if differing.any():
        of_key = doubtful[differing].groupby(list(KEY), sort=False)
        lines = [
            f"{entity}, {year}, {name}: "
            + " but ".join(f"{row['value']} in {_where(row)}" for _, row in rows.iterrows())
            for (entity, year, name), rows in list(of_key)[:10]
        ]
        more = f"\n  ... and {of_key.ngroups - 10} more" if of_key.ngroups > 10 else ""
        raise StudyError("The files disagree; leave one of them out:\n  " + "\n  ".join(lines) + more)
    again = figures.duplicated(list(KEY), keep="first")
    return figures[~again], figures[again]


def _notes(figures: pd.DataFrame) -> list[str]:
    """The place of each figure, and its remark. Lists, because columns of text cost pandas ten times as much here."""
    around: dict[
        tuple[str, str, str], tuple[str, str]
    ] = {}  # what stands before and after the number of the row
    notes = []
    for file, sheet, row, column, remark in zip(
        *(figures[name].tolist() for name in (*PLACE, "note")), strict=True
    ):
        key = (file, sheet, column)
        if key not in around:
            page = f"{file}, {sheet}" if sheet else file
            is_letter = re.fullmatch(r"[A-Z]{1,3}", column)
            around[key] = (f"{page}, {column}", "") if is_letter else (f"{page}, row ", f", {column}")
        before, after = around[key]
        notes.append(f"{before}{row}{after}; {remark}" if remark else f"{before}{row}{after}")
    return notes


def _where(row: Mapping[str, object]) -> str:
    return ", ".join(str(row[name]) for name in PLACE if str(row[name]))


def facts_of(gathered: Gathered, source: str) -> list[SeriesFacts]:
    """What the files say of each series that has a figure, in reading order. Raises StudyError where a figure is no number."""
    import pandas as pd

    figures = gathered.figures
    numbers = pd.to_numeric(figures["value"], errors="coerce")
    words = figures[numbers.isna()]
    if len(words):
        first = words.iloc[0]
        raise StudyError(f"{_where(first)}: '{first['value']}' is no number. Leave the series out with --sheets or --columns, or delete the column.")  # fmt: skip
    found = []
    of_series = dict(list(figures.assign(number=numbers).groupby("series_name", sort=False)))
    for name in gathered.series:
        if name not in of_series:
            continue
        rows = of_series[name]
        units = [unit for unit in dict.fromkeys(rows["unit"]) if unit]
        files = ", ".join(dict.fromkeys(rows["file"]))
        found.append(
            SeriesFacts(
                str(name),
                gathered.series[name],
                units[0] if units else "",
                source or files,
                float(rows["number"].min()),
                float(rows["number"].max()),
                bool(rows["number"].isin((0, 1)).all() and rows["number"].nunique() == 2),
            )
        )
    return found
