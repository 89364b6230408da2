"""Exports with a form of their own, brought to the common one: SDMX-CSV and Eurostat's tab-separated files."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np

from nqp.importing.figures import LogLine
from nqp.importing.grids import Grid
from nqp.importing.periods import period_of

REGIONAL = "sdmx"  # the format of a grid whose areas may be regions of a country (NUTS)
AREA = re.compile(
    r"REF_AREA|GEO|LOCATION|COU|COUNTRY|REPORTER|REPORTING_COUNTRY|COUNTERPART_REF_AREA", re.IGNORECASE
)
TIME = re.compile(r"TIME_PERIOD|TIME", re.IGNORECASE)
STATUS = re.compile(r"OBS_STATUS|OBS_FLAG|CONF_STATUS|FLAG CODES", re.IGNORECASE)
FRAME = re.compile(
    r"DATAFLOW|STRUCTURE|STRUCTURE_ID|STRUCTURE_NAME|ACTION|LAST UPDATE|FREQ|TIME_FORMAT", re.IGNORECASE
)
MEASURE = re.compile(
    r"MEASURE|UNIT_MEASURE|UNIT|INDICATOR|SUBJECT|INDIC.*|NA_ITEM|SERIES|VARIABLE|TRANSACTION", re.IGNORECASE
)


def shaped(grid: Grid) -> tuple[Grid, dict[str, str]]:
    """The grid in a form that the general reader knows, and the roles of its headings; most grids pass unchanged."""
    if not grid.cells.size:
        return grid, {}
    head = [str(t) for t in grid.cells[0]]
    if "\\" in head[0] and grid.format == "csv":
        return _eurostat(grid, head)
    upper = [h.upper() for h in head]
    if "OBS_VALUE" in upper and ({"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "TIME_PERIOD"} & set(upper)):
        return _sdmx(grid, head, upper)
    return grid, {}


def _eurostat(grid: Grid, head: list[str]) -> tuple[Grid, dict[str, str]]:
    """First field ``freq,unit,geo\\TIME_PERIOD``: one column for each of its parts."""
    names = head[0].split("\\")[0].split(",")
    parts = [str(t).split(",") for t in grid.cells[1:, 0]]
    width = len(names)
    if any(len(p) != width for p in parts if p != [""]):
        return grid, {}
    stub = np.full((len(grid.cells), width), "", dtype=object)
    stub[0] = names
    stub[1:] = [p if p != [""] else [""] * width for p in parts]
    roles: dict[str, str] = {}
    keep = []
    for j, name in enumerate(names):
        distinct = set(stub[1:, j].tolist())
        if AREA.fullmatch(name):
            roles[name] = "entity"
        elif name.lower() == "unit":
            roles[name] = "unit"
        elif FRAME.fullmatch(name) or (len(distinct) == 1 and not MEASURE.fullmatch(name) and width > 2):
            roles[name] = "ignored"
        else:
            roles[name] = "series"
        keep.append(j)
    letters = tuple("A" for _ in keep) + tuple(grid.column(c) for c in range(1, grid.cells.shape[1]))
    cells = np.hstack([stub, grid.cells[:, 1:]])
    return dataclasses.replace(grid, cells=cells, names=letters, format=REGIONAL), roles


def _sdmx(grid: Grid, head: list[str], upper: list[str]) -> tuple[Grid, dict[str, str]]:
    """One row per observation. The multiplier goes into the unit: 43228 under UNIT_MULT 6 is 43228 in 10^6."""
    cells = grid.cells[1:]
    value = upper.index("OBS_VALUE")
    # a code column may have a column of labels beside it: REF_AREA, Reference area
    labels = {j for j, h in enumerate(head) if h[:1].isupper() and h != h.upper()}
    dims = [j for j, h in enumerate(head[:value]) if h and j not in labels and not FRAME.fullmatch(h)]
    dims += [j for j, h in enumerate(head) if j > value and (AREA.fullmatch(h) or TIME.fullmatch(h))]
    distinct = {j: set(cells[:, j].tolist()) for j in dims}
    times = [j for j in dims if TIME.fullmatch(head[j])]
    if not times:
        times = [j for j in dims if all(period_of(t) for t in distinct[j])][-1:]
    areas = [j for j in dims if AREA.fullmatch(head[j]) and "COUNTERPART" not in upper[j]][:1]
    rest = [j for j in dims if j not in times + areas]
    frame = next((upper.index(h) for h in ("STRUCTURE_ID", "DATAFLOW") if h in upper), None)
    entity = cells[:, areas[0]] if areas else _joined(cells, rest, "|")
    kept = [j for j in rest if len(distinct[j]) > 1 or MEASURE.fullmatch(head[j])] if areas else []
    series = (
        _joined(cells, kept, " / ")
        if kept
        else cells[:, frame]
        if frame is not None
        else np.full(len(cells), "")
    )
    beside = {j: j + 1 for j in range(len(head) - 1) if j + 1 in labels}
    label = (
        _joined(cells, [beside.get(j, j) for j in kept], " / ") if any(j in beside for j in kept) else None
    )
    unit = np.full(len(cells), "", dtype=object)
    units = next((j for j, h in enumerate(upper) if h in ("UNIT_MEASURE", "UNIT")), None)
    if units is not None:
        unit = cells[:, beside.get(units, units)]
    log = list(grid.log)
    mult = upper.index("UNIT_MULT") if "UNIT_MULT" in upper else None
    if mult is not None:
        for power in dict.fromkeys(cells[:, mult].tolist()):
            if power not in ("", "0"):
                where = cells[:, mult] == power
                row = str(grid.row(int(np.flatnonzero(where)[0]) + 1))
                unit = np.where(where, f"10^{power} " + unit, unit)
                log.append(
                    LogLine(
                        grid.file,
                        grid.sheet,
                        row,
                        grid.column(mult),
                        "unit_multiplier",
                        str(power),
                        f"10^{power}",
                    )
                )
    status = [j for j, h in enumerate(head) if STATUS.fullmatch(h)]
    note = _joined(cells, status, " ") if status else np.full(len(cells), "")
    time = cells[:, times[0]] if times else np.full(len(cells), "")
    columns = {"REF_AREA": entity, "TIME_PERIOD": time, "SERIES": series, "UNIT": unit, "NOTE": note}
    columns |= {} if label is None else {"LABEL": label}
    columns["OBS_VALUE"] = cells[:, value]
    table: Any = np.full((len(grid.cells), len(columns)), "", dtype=object)
    table[0] = list(columns)
    for j, column in enumerate(columns.values()):
        table[1:, j] = column
    roles = {
        "REF_AREA": "entity",
        "TIME_PERIOD": "year",
        "SERIES": "series",
        "UNIT": "unit",
        "NOTE": "note",
        "LABEL": "label",
        "OBS_VALUE": "value",
    }
    if label is None:
        roles.pop("LABEL")
    if not times:
        roles.pop("TIME_PERIOD")
    of_value = grid.column(value)
    letters = (
        *(
            grid.column(j) if j is not None else of_value
            for j in (areas[0] if areas else None, times[0] if times else None)
        ),
        *[of_value] * (len(columns) - 2),
    )
    used = {*times, *areas, *rest, *status, value, mult, units, frame, *(beside.get(j) for j in kept)}
    log.extend(
        LogLine(grid.file, grid.sheet, "", grid.column(j), "column_ignored", h, "")
        for j, h in enumerate(head)
        if j not in used and h
    )
    return dataclasses.replace(
        grid, cells=table, names=letters, log=tuple(log), labels={}, format=REGIONAL
    ), roles


def _joined(cells: Any, columns: list[int], sign: str) -> Any:
    if len(columns) == 1:
        return cells[:, columns[0]]
    return np.array([sign.join(t for t in row if t) for row in cells[:, columns].tolist()], dtype=object)
