"""What `python/study.py` does: new, add, check, template, export. Each returns the text for the terminal."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nqp.errors import StudyError
from nqp.language.labels import Label
from nqp.studying.account import Made, account_of_import, account_of_workbook, next_commands, verdicts
from nqp.studying.adding import add_figures, counts
from nqp.studying.checking import check_study
from nqp.studying.coverage import Window, narrowest, widest_window, window_of_rows
from nqp.studying.decisions import (
    Answers,
    Decision,
    apply,
    ask,
    check,
    decisions_sheet,
    draft,
    main_outcome_first,
    read_decisions,
)
from nqp.studying.drafting import INDEX_NAME, Naming, complete, draft_study
from nqp.studying.files import Sheet, Study, read_csv, read_folder, study_folder, write_folder
from nqp.studying.gathering import Gathered, facts_of, gather
from nqp.studying.layout import OBSERVATIONS
from nqp.studying.page import Account, html_page, terminal_text
from nqp.studying.template import template
from nqp.studying.workbook import is_study_workbook, read_workbook, sheets_of_study, write_workbook

if TYPE_CHECKING:
    import pandas as pd

    from nqp.importing.figures import Reading

Announce = Callable[[str], None]
LOG, DECISIONS, PAGE = "import_log", "decisions", "import.html"
_KEYWORD = re.compile(r"(?<![\w-])(decimal|encoding|symbols|entities|layout|sheets|columns|names)=(?=('?))")
_ENTITY = Label("个体", "entity")
_TILES = Path(__file__).parent / "tiles.csv"


@dataclass(frozen=True)
class Terminal:
    """How to ask a person; None in place of it means that nobody is there."""

    answer: Callable[[str], str]
    say: Callable[[str], None]


@dataclass(frozen=True)
class Choices:
    """What the command line says of a new study."""

    reading: Mapping[str, Any] = field(default_factory=dict)  # keywords of read_files
    answers: Answers = field(default_factory=Answers)
    decisions: Path | None = None
    first_year: int | None = None
    last_year: int | None = None
    gaps: bool = True  # draft: blanks between two figures are interpolated
    missing: str = ""  # rule of the index; blank: the draft, stop
    source: str = ""
    title: Label | None = None
    index: Label | None = None
    entity: Label | None = None
    force: bool = False
    dry_run: bool = False


# ------------------------------------------------------------------------------------------------- new


def new(root: Path, name: str, paths: Sequence[Path], choices: Choices, terminal: Terminal | None, announce: Announce) -> str:  # fmt: skip
    """A study from files, or from one workbook of a study. Raises StudyError; then nothing was written."""
    folder = study_folder(root, name)
    if folder.exists() and not choices.force and not choices.dry_run:
        raise StudyError(f"{_shown(root, folder)} is already there. Take another name, or give --force to replace all of it.")  # fmt: skip
    _all_there(paths)
    naming = Naming(choices.title or Label.both(name), choices.entity or _ENTITY, choices.index or INDEX_NAME)
    if len(paths) == 1 and is_study_workbook(paths[0]):
        if choices.answers != Answers() or choices.decisions or choices.reading:
            raise StudyError(f"{paths[0]} is the workbook of a study, which says all that is decided. Leave out the options on reading and decisions.")  # fmt: skip
        study = complete(read_workbook(paths[0]), naming)
        if choices.dry_run:
            return study.sheets[OBSERVATIONS].csv().decode()
        write_folder(study.files(), folder, force=choices.force)
        return terminal_text(account_of_workbook(name, paths[0], study))
    reading = _read(paths, choices.reading, terminal, announce)
    gathered = gather(reading)
    decisions = _decide(gathered, choices, terminal)
    made = _make(reading, gathered, decisions, choices, naming)
    if choices.dry_run:
        return made.study.sheets[OBSERVATIONS].csv().decode()
    account = account_of_import(name, reading, gathered, made)
    sheets = {**made.study.sheets, DECISIONS: decisions_sheet(made.decisions), LOG: made.log}
    study = Study(sheets, made.study.specification, {PAGE: html_page(account)})
    write_folder(study.files(), folder, force=choices.force)
    return terminal_text(account) + f"\nThe page: {_shown(root, folder / PAGE)}\n"


def _read(
    paths: Sequence[Path], keywords: Mapping[str, Any], terminal: Terminal | None, announce: Announce
) -> Reading:
    """The files as read; on a terminal an open question that one word answers is asked at once."""
    from nqp.importing.reading import read_files

    given = dict(keywords)
    while True:
        try:
            reading = read_files(list(paths), progress=announce, **given)
        except StudyError as error:  # a keyword of the reader is an option of the command
            raise StudyError(
                _KEYWORD.sub(lambda found: f"--{found[1]}{' ' if found[2] else ''}", str(error))
            ) from None
        askable = [one for one in reading.blocking if one.option in ("series", "unit", "year", "entity", "decimal") and one.option not in given]  # fmt: skip
        if terminal is None or not askable:
            return reading
        question = askable[0]
        terminal.say(question.text.en)
        told = terminal.answer(f"{question.option} [{question.draft or '-'}]: ").strip() or question.draft
        if not told:
            return reading
        given[question.option] = told


def _decide(gathered: Gathered, choices: Choices, terminal: Terminal | None) -> list[Decision]:
    drafted = draft(facts_of(gathered, choices.source))
    if choices.gaps:
        drafted = [replace(one, impute="linear") for one in drafted]
    if choices.decisions:
        return read_decisions(read_csv(choices.decisions), drafted, str(choices.decisions))
    decided = apply(drafted, choices.answers)
    if terminal is not None and choices.answers == Answers():
        decided = ask(decided, terminal.answer, terminal.say)
    check(decided, "decisions")
    return main_outcome_first(decided, choices.answers.outcome or ())


def _make(reading: Reading, gathered: Gathered, decisions: Sequence[Decision], choices: Choices, naming: Naming) -> Made:  # fmt: skip
    codes = {item.series: item.code for item in decisions if item.use != "unused"}
    every = gathered.figures
    written = ["entity_code", "year", "series_name", "value", "note"]
    figures = every.loc[every["series_name"].isin(list(codes)), written].assign(
        series_code=lambda frame: frame["series_name"].map(codes),
        year=lambda frame: frame["year"].astype(int),
    )
    needed = [item for item in decisions if item.use not in ("unused", "denominator")]
    used = list(dict.fromkeys([*[item.code for item in needed], *[item.per for item in needed if item.per]]))
    if not any(item.use == "indicator" for item in decisions):
        raise StudyError("No series is an indicator: an index needs at least one. Change the decisions.")
    window = _window(figures, used, decisions, choices)
    if window is None:
        raise StudyError(
            "No entity has figures of all chosen series in the years wanted. Coverage by series:\n  "
            + "\n  ".join(f"{code}: {_span(figures[figures['series_code'] == code])}" for code in used)
            + "\nLeave a series out with --leave-out, or give --first-year and --last-year."
        )
    decisions = [replace(one, impute=one.impute if one.code in window.filled else "") for one in decisions]
    covered = frozenset(window.entities)  # a tuple of 50,000 would be walked once for each entity
    inside = figures[figures["entity_code"].isin(covered)]
    texts = reading.entities.fillna("").to_dict("records")
    names = {str(row["entity_code"]): str(row["name_en"] or row["name_zh"]) for row in texts}
    left_out = [
        (
            f"{code} {names.get(code, '')}".strip(),
            _why_left_out(figures[figures["entity_code"] == code], used, window),
        )
        for code in figures["entity_code"].unique().tolist()
        if code not in covered
    ]
    if len(window.entities) < 2:
        raise StudyError(
            f"Only {window.entities[0]} has figures of all {len(used)} chosen series in {window.first_year} to "
            f"{window.last_year}, and an index compares entities. Leave series out, for example: --leave-out "
            + ",".join(narrowest(figures, used))
        )
    study = draft_study(
        inside.assign(year=every["year"]),
        _entities(reading, window),
        decisions,
        (window.first_year, window.last_year),
        naming,
        choices.missing or "stop",
    )
    lines = [dict(row) for row in reading.log.to_dict("records")]
    blank = dict.fromkeys(reading.log.columns, "")
    lines += [{**blank, "step": "series_left_out", "before": item.series, "after": "not used"} for item in decisions if item.use == "unused"]  # fmt: skip
    decided = {item.series for item in decisions}
    lines += [{**blank, "step": "series_left_out", "before": name, "after": "no row in the decisions"} for name in dict.fromkeys(every["series_name"]) if name not in decided]  # fmt: skip
    lines += [{**blank, "step": "entity_left_out", "before": code, "after": why} for code, why in left_out]
    lines += [
        {**blank, **{name: str(row[name]) for name in ("file", "sheet", "row", "column")}, "step": "equal_figure_left_out", "before": str(row["value"]), "after": "stands elsewhere too"}
        for _, row in gathered.repeats.iterrows()
    ]  # fmt: skip
    log = Sheet.of(tuple(reading.log.columns), lines)
    covered_by = every[["series_name", "entity_code", "year"]].groupby("series_name", sort=False)
    coverage = {str(name): _span(rows) for name, rows in covered_by}
    return Made(
        study,
        decisions,
        window,
        log,
        left_out,
        coverage,
        choices.missing or "stop",
        _lost_by_gaps(figures, used, window, choices),
    )


def _window(
    figures: pd.DataFrame, used: Sequence[str], decisions: Sequence[Decision], choices: Choices
) -> Window | None:
    """The years and entities of the study: those complete in all series, or as many as the rule of the index lets stand."""
    fill = {one.code: one.impute for one in decisions if one.impute}
    years = {"first_year": choices.first_year, "last_year": choices.last_year}
    indicators = [one for one in decisions if one.use == "indicator"]
    needed = list(
        dict.fromkeys([*(one.code for one in indicators), *(one.per for one in indicators if one.per)])
    )
    if choices.missing == "drop rows":
        return window_of_rows(figures, needed, fill=fill, **years)
    if choices.missing == "drop entities":
        window = widest_window(figures, needed, fill=fill, **years)
        return window and replace(
            window, entities=tuple(dict.fromkeys(figures["entity_code"])), costs={}, partial=0
        )
    return widest_window(figures, used, fill=fill, **years)


def _lost_by_gaps(figures: pd.DataFrame, used: Sequence[str], window: Window, choices: Choices) -> int:
    """How many entities more would be complete if every blank between two figures were filled."""
    if choices.missing or window.filled or figures["entity_code"].nunique() == len(window.entities):
        return 0
    years = {"first_year": window.first_year, "last_year": window.last_year}
    filled = widest_window(figures, used, fill=dict.fromkeys(used, "linear"), **years)
    return len(filled.entities) - len(window.entities) if filled else 0


def _span(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "none"
    years = rows["year"].astype(int)
    return f"{rows['entity_code'].nunique()} entities, {years.min()}-{years.max()}"


def _why_left_out(rows: pd.DataFrame, used: Sequence[str], window: Window) -> str:
    inside = rows[rows["year"].between(window.first_year, window.last_year)]
    here = inside.groupby("series_code")["year"].nunique()
    length = window.last_year - window.first_year + 1
    lacking = [
        f"{code} {int(here.get(code, 0))} of {length} years" for code in used if here.get(code, 0) < length
    ]
    return (
        "incomplete: "
        + ", ".join(lacking[:4])
        + (f" and {len(lacking) - 4} more series" if len(lacking) > 4 else "")
    )


def _entities(reading: Reading, window: Window) -> list[dict[str, str]]:
    """The entities of the window with their groups and places on the tile map; groups come in their own order."""
    texts = [
        {str(key): str(value) for key, value in row.items()}
        for row in reading.entities.fillna("").to_dict("records")
    ]
    covered = frozenset(window.entities)
    chosen = [row for row in texts if row["entity_code"] in covered]
    with _TILES.open(encoding="utf-8", newline="") as stream:
        places = {row["entity_code"]: row for row in csv.DictReader(stream)}
    if any(row["entity_code"] not in places for row in chosen):
        return chosen  # a map that lacks an entity is none
    tiles = [{**places[row["entity_code"]]} for row in chosen]
    for name in ("tile_row", "tile_column"):  # rows and columns without a tile are closed up
        used = sorted({int(tile[name]) for tile in tiles})
        for tile in tiles:
            tile[name] = str(used.index(int(tile[name])) + 1)
    return [{**row, **tile} for row, tile in zip(chosen, tiles, strict=True)]


# ------------------------------------------------------------------------------------------------- add


def add(
    root: Path, name: str, paths: Sequence[Path], choices: Choices, *, revise: bool, announce: Announce
) -> str:
    """Add figures to a study; a revised figure is only named unless ``revise``. Raises StudyError."""
    folder = study_folder(root, name)
    study = read_folder(folder)
    if OBSERVATIONS not in study.sheets:
        raise StudyError(f"{_shown(root, folder)} has no {OBSERVATIONS}.csv to add to.")
    _all_there(paths)
    reading = _read(paths, choices.reading, None, announce)
    gathered = gather(reading)
    known_as = {row["series"]: row["code"] for row in study.records(DECISIONS) if row.get("series")}
    found = add_figures(study, gathered, known_as, choices.source, revise=revise)
    number = counts(found.changes)
    account = Account(
        f"Study {name}: added {', '.join(path.name for path in paths)}",
        verdicts(found, study, revise),
        next_commands(name)[:2],
    )
    if choices.dry_run:
        return terminal_text(account) + "\nNothing was written (--dry-run).\n"
    if number["new"] or (revise and number["revised"]):
        write_folder(
            _with_log(found.study, reading, found.changes, revise).files(), folder, force=True, keep=True
        )
    return terminal_text(account)


def _with_log(study: Study, reading: Reading, changes: Sequence[Any], revise: bool) -> Study:
    columns = tuple(reading.log.columns)
    before = study.sheets.get(LOG, Sheet(columns))
    header = tuple(dict.fromkeys((*before.header, *columns)))
    lines = [*before.records(), *reading.log.to_dict("records")]
    lines += [
        {
            "file": one.note,
            "step": "revised" if revise else "revision_not_taken",
            "before": one.old,
            "after": one.value,
        }
        for one in changes
        if one.verdict == "revised"
    ]
    lines += [{"file": one.note, "step": "refused", "before": one.value, "after": one.why} for one in changes if one.verdict == "refused"]  # fmt: skip
    return Study({**study.sheets, LOG: Sheet.of(header, lines)}, study.specification, study.others)


# ------------------------------------------------------------------------------------------------- the others


def check_command(root: Path, name: str) -> str:
    """Every problem in one list. Raises StudyError with it where there is an error."""
    folder = study_folder(root, name)
    problems = check_study(root, folder)
    if problems.errors or problems.perhaps_consequences:
        raise StudyError(
            f"{_shown(root, folder)} has {len(problems.errors)} problem(s):\n{problems.text()}".rstrip()
        )
    warnings = problems.text() if problems.warnings else ""
    return f"{warnings}{_shown(root, folder)}: no problem. Build it: make STUDY={name}\n"


def template_command(path: Path, *, force: bool) -> str:
    """Write the template. Raises StudyError where a file is there."""
    _write_file(path, template(), force=force)
    return f"Wrote {path}. Fill it in, then: python python/study.py new mystudy {path}\n"


def export(root: Path, name: str, path: Path | None, *, force: bool) -> str:
    """Write a study as a workbook. Raises StudyError."""
    study = read_folder(study_folder(root, name))
    target = path or Path(f"{name}.xlsx")
    _write_file(target, write_workbook(sheets_of_study(study)), force=force)
    return f"Wrote {target}. Read it back: python python/study.py new {name} {target} --force\n"


def _write_file(path: Path, content: bytes, *, force: bool) -> None:
    if path.suffix != ".xlsx":
        raise StudyError(f"{path}: name an Excel workbook, ending in .xlsx.")
    if path.exists() and not force:
        raise StudyError(f"{path} is already there. Take another name, or give --force to replace it.")
    staged = path.with_name(f".{path.name}.part")
    try:
        staged.write_bytes(content)
        os.replace(staged, path)
    except OSError as error:
        raise StudyError(f"{path} cannot be written: {error}") from error


def _all_there(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.is_file():
            raise StudyError(f"There is no file {path}.")


def _shown(root: Path, path: Path) -> str:
    return os.path.relpath(path, root)
