"""The one entry: files in, a `Reading` out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nqp.errors import StudyError
from nqp.importing import checks, reference
from nqp.importing.blocks import Block, find_blocks
from nqp.importing.exports import REGIONAL, shaped
from nqp.importing.figures import (
    ENTITY_COLUMNS,
    FIGURE_COLUMNS,
    LOG_COLUMNS,
    SERIES_COLUMNS,
    LogLine,
    Question,
    Reading,
    SheetLayout,
)
from nqp.importing.grids import Grid, is_chinese
from nqp.importing.halves import halves
from nqp.importing.headings import Outside
from nqp.importing.melting import is_year, melt
from nqp.importing.names import Codes, check_table
from nqp.importing.outside import around
from nqp.importing.roles import Roles, check_layout, find_roles, layout_of
from nqp.importing.sentences import sentence
from nqp.importing.sources import read_grids
from nqp.importing.values import Signs
from nqp.language.labels import Label

if TYPE_CHECKING:
    import pandas as pd

ROLES = ("entity", "year", "series", "unit", "note", "value", "ignored")


def read_files(
    paths: Sequence[str | Path],
    *,
    layout: str | None = None,
    series: str | None = None,
    unit: str | None = None,
    year: str | int | None = None,
    entity: str | None = None,
    entities: str = "auto",
    columns: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    symbols: Mapping[str, str] | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    sheets: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Reading:
    """Read files of any supported format and layout into tidy figures.

    Every keyword answers a question that files may leave open:
    ``layout`` one of LAYOUTS (found by itself if None); ``series``, ``unit``, ``year``, ``entity`` stand in where
    a file does not say them; ``entities`` is the reference table of names: auto, provinces, cities,
    countries, or any (names are codes); ``columns`` names columns by role, such as
    ``{"entity": "firm", "year": "t", "value": "x"}``; ``names`` maps a printed name to a code, ``""`` leaves
    it out; ``symbols`` maps a printed symbol to ``missing`` or ``zero``; ``decimal`` is ``.`` or ``,``;
    ``encoding`` a codec; ``sheets`` the sheets to read; ``progress`` receives a line on long work.

    Raises `StudyError` where a file cannot be read, or a cell is neither a number nor a known symbol.
    """
    import pandas as pd

    check_table(entities)
    hint = check_layout(layout)
    _check_options(columns, symbols, decimal)
    if not paths:
        raise StudyError("There is no file to read. Name at least one.")
    work = _Work(
        hint,
        layout,
        series,
        unit,
        str(year) if year is not None else None,
        entity,
        entities,
        {v: k for k, v in (columns or {}).items()},
        symbols,
        decimal,
        Codes(names),
    )
    for path in map(Path, paths):
        if progress and path.is_file() and path.stat().st_size > 5_000_000:
            progress(f"reading {path.name} ({path.stat().st_size / 1e6:.0f} MB)")
        before = len(work.frames)
        for grid in read_grids(path, encoding, sheets):
            for part in halves(grid):
                work.add(part)
        if len(work.frames) == before:
            raise StudyError(f"{path.name}: no figures found in it.")
    figures = pd.concat(work.frames, ignore_index=True) if len(work.frames) > 1 else work.frames[0]
    if progress and len(figures) > 500_000:
        progress(f"naming and checking {len(figures)} figures")
    figures, aggregates = work.split(figures)
    figures = checks.without_repeats(figures, work.log)
    questions = [*work.questions, *checks.units_agree(figures), *checks.jumps(figures)]
    return Reading(
        figures=figures[list(FIGURE_COLUMNS)],
        aggregates=aggregates[list(FIGURE_COLUMNS)],
        entities=work.entity_frame(figures),
        series=work.series_frame(figures),
        log=pd.DataFrame(
            [tuple(getattr(line, c) for c in LOG_COLUMNS) for line in work.log],
            columns=list(LOG_COLUMNS),
            dtype=object,
        ),
        layouts=tuple(work.layouts),
        questions=tuple(questions),
        steps=reference.steps(),
    )


def _check_options(
    columns: Mapping[str, str] | None, symbols: Mapping[str, str] | None, decimal: str | None
) -> None:
    for role in columns or {}:
        if role not in ROLES:
            raise StudyError(f"columns: {role} is no role. Known: {', '.join(ROLES)}.")
    for symbol, meaning in (symbols or {}).items():
        if meaning not in ("missing", "zero"):
            raise StudyError(f"symbols: {symbol} is said to mean {meaning}; it can mean missing or zero.")
    if decimal not in (None, ".", ","):
        raise StudyError(f"decimal={decimal}: the decimal sign is . or a comma.")


class _Work:
    """One reading under way: options, and what has been found so far."""

    def __init__(
        self,
        hint: tuple[str, str] | None,
        layout: str | None,
        series: str | None,
        unit: str | None,
        year: str | None,
        entity: str | None,
        entities: str,
        declared: dict[str, str],
        symbols: Mapping[str, str] | None,
        decimal: str | None,
        codes: Codes,
    ) -> None:
        self.hint, self.layout, self.entities, self.declared = hint, layout, entities, declared
        self.given = (series, unit, year, entity)
        self.symbols, self.decimal, self.codes = symbols, decimal, codes
        self.frames: list[pd.DataFrame] = []
        self.tables: list[str | None] = []
        self.log: list[LogLine] = []
        self.layouts: list[SheetLayout] = []
        self.questions: list[Question] = []
        self.labels: dict[str, str] = {}

    def add(self, grid: Grid) -> None:
        """Understand one grid and keep its figures."""
        grid, roles = shaped(grid)
        declared = roles | self.declared
        self._check_columns(grid, roles)
        blocks, log = find_blocks(grid, declared)
        self.log += [*grid.log, *log]
        if not blocks:
            self.log.append(LogLine(grid.file, grid.sheet, "", "", "sheet_skipped", "", ""))
            return
        for block in blocks:
            self._block(block, declared)

    def _check_columns(self, grid: Grid, roles: dict[str, str]) -> None:
        if roles or not self.declared:
            return
        head = {str(t) for row in grid.cells[:15].tolist() for t in row}
        lost = [c for c in self.declared if c not in head and c not in grid.names]
        if lost:
            raise StudyError(
                f"{grid.file}: has no column {', '.join(lost)}. It has {', '.join(sorted(h for h in head if h)[:30])}."
            )

    def _block(self, block: Block, declared: dict[str, str]) -> None:
        grid = block.grid
        series, unit, year, entity = self.given
        roles = find_roles(block, self.entities, declared, self.hint)
        out = around(block, self.entities, series, unit, year, entity)
        melted = melt(block, roles, out, Signs(self.decimal, self.symbols))
        found = layout_of(roles, melted.split_years)
        if self.layout and found != self.layout:
            raise StudyError(
                f"{grid.file}{f', sheet {grid.sheet}' if grid.sheet else ''}: declared as {self.layout}, but reads as {found}."
            )
        self.log += [*block.log, *roles.log, *melted.log]
        self.labels |= melted.labels
        self._ask(block, out, melted.frame)
        frame = checks.name_by_unit(melted.frame, self.log)
        frame["entity_code"] = None
        self.frames.append(self._coded(frame, roles, grid))
        self.layouts.append(SheetLayout(grid.file, grid.sheet, found, sentence(found, block, roles, frame)))

    def _coded(self, frame: pd.DataFrame, roles: Roles, grid: Grid) -> pd.DataFrame:
        """Give every entity its code; the names that no table knows become one question."""
        import pandas as pd

        table = roles.table
        at, found = pd.factorize(frame["entity_name"])
        names = [*found.tolist(), None]  # a missing name is at -1, the last
        distinct = [n for n in names if n]
        if table is None and distinct and self.entities in ("auto",) and not roles.has("entity"):
            from nqp.importing.names import best_table

            table, _ = best_table(distinct, self.entities)
            table = table or ("provinces" if is_chinese(distinct[0]) else "countries")
        elif table is None and self.entities not in ("auto", "any"):
            table = self.entities
        codes: dict[str, str | None] = {}
        done: dict[str, str] = {}
        unknown: list[str] = []
        for name in distinct:
            codes[name], done[name] = self.codes.of(name, table, grid.format == REGIONAL)
            if done[name] == "unknown":
                unknown.append(name)
        first = frame.drop_duplicates("entity_name")
        for row in first.itertuples(index=False):
            if row.entity_name and done[row.entity_name] != "unknown" and len(distinct) <= 20_000:
                self.log.append(
                    LogLine(
                        grid.file,
                        grid.sheet,
                        str(row.row),
                        "",
                        done[row.entity_name],
                        row.entity_name,
                        codes[row.entity_name] or "",
                    )
                )
        if unknown:
            assert table is not None
            near = [(n, reference.nearest(n, table)) for n in unknown[:8]]
            said = "; ".join(f"{n} ({' / '.join(c) if c else '—'})" for n, c in near)
            more = f" … ({len(unknown)})" if len(unknown) > 8 else ""
            self.questions.append(
                Question(
                    "names",
                    grid.file,
                    grid.sheet,
                    Label(
                        f"不认识的地区名（括号内为相近的名称）：{said}{more}",
                        f"Names in no table of {table} (nearest in brackets): {said}{more}",
                    ),
                    " ".join(f"{n}={c[0]}" for n, c in near if c),
                    "names",
                )
            )
        frame["entity_code"] = np.array([codes.get(n) for n in names], dtype=object)[at]
        frame["_done"] = np.array([done.get(n) for n in names], dtype=object)[at]
        return frame

    def _ask(self, block: Block, out: Outside, frame: pd.DataFrame) -> None:
        grid = block.grid
        ask = self.questions.append
        if frame["entity_name"].isna().any():
            ask(
                Question(
                    "entity",
                    grid.file,
                    grid.sheet,
                    Label("文件没有写明是哪个地区。", "The file does not say which entity it is about."),
                    "",
                    "entity",
                )
            )
        if frame["year"].isna().any():
            ask(
                Question(
                    "year",
                    grid.file,
                    grid.sheet,
                    Label("文件没有写明年份。", "The file does not say the year."),
                    "",
                    "year",
                )
            )
        elif len(frame) and not all(is_year(y) for y in frame["year"].unique()[:3].tolist()):
            first = str(frame["year"].iloc[0])
            ask(
                Question(
                    "year",
                    grid.file,
                    grid.sheet,
                    Label(
                        f"时间比年细（{first}）；需要年度数据。",
                        f"Periods are finer than a year ({first}); a study takes annual figures.",
                    ),
                )
            )
        named = (
            out.series[1] in ("series_from_file", "series_from_sheet")
            and (frame["series_name"] == out.series[0]).any()
        )
        if named:
            portal = any(text.startswith("数据库") for _, text in block.titles)
            ask(
                Question(
                    "series",
                    grid.file,
                    grid.sheet,
                    Label(
                        f"表内没有指标名称，暂用“{out.series[0]}”。",
                        f"The table does not name its series; {out.series[0]} is taken.",
                    ),
                    out.series[0],
                    "series",
                    blocking=portal,
                )
            )
        if (frame["series_name"] == "").any():
            ask(
                Question(
                    "series",
                    grid.file,
                    grid.sheet,
                    Label("文件没有写明指标名称。", "The file does not name the series."),
                    "",
                    "series",
                )
            )

    def split(self, figures: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Figures of entities, and those of aggregates; what an option leaves out goes to neither."""
        done = figures.pop("_done")
        aggregate = (done == "aggregate").to_numpy()
        left = (done == "left_out").to_numpy()
        if not aggregate.any() and not left.any():
            return figures, figures.iloc[:0]
        return figures[~aggregate & ~left].reset_index(drop=True), figures[aggregate].reset_index(drop=True)

    def entity_frame(self, figures: pd.DataFrame) -> pd.DataFrame:
        """One row per code in use."""
        import pandas as pd

        groups = reference.groups()
        rows = []
        for code in figures["entity_code"].dropna().unique().tolist():
            e = self.codes.entities[code]
            group = groups.get((e.kind, e.group), Label(e.group, e.group))
            rows.append((code, e.name_zh, e.name_en, e.kind, e.group, group.zh, group.en))
        return pd.DataFrame(rows, columns=list(ENTITY_COLUMNS), dtype=object)

    def series_frame(self, figures: pd.DataFrame) -> pd.DataFrame:
        """One row per series and unit."""
        import pandas as pd

        found = figures[["series_name", "unit"]].drop_duplicates()
        rows = [(name, unit, self.labels.get(name, "")) for name, unit in found.itertuples(index=False)]
        return pd.DataFrame(rows, columns=list(SERIES_COLUMNS), dtype=object)
