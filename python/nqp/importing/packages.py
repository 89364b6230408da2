"""Files of statistics programs: Stata .dta (pyreadstat, from version 105 on), SPSS .sav, and Parquet (DuckDB).

pyreadstat rather than pandas: it keeps user-missing values, reads SPSS, and takes the encoding of an old Stata file.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np

from nqp.errors import StudyError
from nqp.importing.figures import LogLine
from nqp.importing.grids import Grid, clean, number_text
from nqp.importing.names import best_table


def read_package(path: Path, kind: str, encoding: str | None) -> Grid:
    """A .dta or .sav file. Values are the codes; value labels and missings are kept as notes and log lines.

    Where the labels are names of provinces, cities or countries, the labels are the values: their codes are only numbers.
    """
    import pyreadstat

    read: Any = pyreadstat.read_dta if kind == "dta" else pyreadstat.read_sav
    data = meta = None
    tried: list[str | None] = [encoding] if encoding else [None, "GB18030"]
    for codec in tried:
        try:
            # strings of an old Stata file carry no encoding, and the library takes them for Windows-1252
            data, meta = read(str(path), user_missing=True, **({"encoding": codec} if codec else {}))
        except UnicodeDecodeError:
            continue
        except Exception as error:
            if codec is not tried[-1] and "convert" in str(error).lower():
                continue
            raise StudyError(f"{path.name}: is no sound .{kind} file: {error}.") from None
        if codec is None and kind == "dta" and _release(path) < 118:
            repaired = _gb18030(path, data, meta, pyreadstat)
            data, meta, codec = repaired or (data, meta, None)
        break
    if data is None or meta is None:
        raise StudyError(f"{path.name}: its text is in an unknown encoding; name it by encoding=.")
    log = [LogLine(path.name, "", "", "", "encoding", "", codec or str(meta.file_encoding or "utf-8"))]
    names = [str(name) for name in data.columns]
    cells = np.full((len(data) + 1, len(names)), "", dtype=object)
    cells[0] = names
    notes: dict[tuple[int, int], str] = {}
    for j, name in enumerate(names):
        labels = meta.variable_value_labels.get(name, {})
        ranges = [(r["lo"], r["hi"]) for r in meta.missing_ranges.get(name, [])]
        is_entity = (
            bool(labels) and best_table([str(label) for label in labels.values()], "auto")[0] is not None
        )
        if is_entity:
            log.append(LogLine(path.name, "", "", name, "value_label", "", ""))
        text = cells[1:, j]
        for i, value in enumerate(data[name].tolist()):
            if value is None or value != value:
                continue
            if isinstance(value, str):
                if kind == "dta" and meta.readstat_variable_types.get(name) != "string" and len(value) == 1:
                    label = labels.get(value, "")
                    log.append(
                        LogLine(path.name, "", str(i + 1), name, "extended_missing", f".{value}", label)
                    )
                    notes[i + 1, j] = f".{value} {label}".strip()
                    continue
                text[i] = clean(value)
                continue
            if isinstance(value, int | float) and any(_within(value, lo, hi) for lo, hi in ranges):
                label = str(labels.get(value, ""))
                log.append(
                    LogLine(path.name, "", str(i + 1), name, "user_missing", number_text(value), label)
                )
                notes[i + 1, j] = f"{number_text(value)} {label}".strip()
                continue
            if value in labels and is_entity:
                text[i] = clean(str(labels[value]))
                continue
            if value in labels:
                notes[i + 1, j] = str(labels[value])
            text[i] = _text(value)
    titles = tuple(t for t in [clean(str(meta.file_label or ""))] if t)
    labels_ = {name: clean(str(text)) for name, text in meta.column_names_to_labels.items() if text}
    rows = (0, *range(1, len(data) + 1))
    return Grid(
        path.name,
        "",
        cells,
        kind,
        True,
        names=tuple(names),
        labels=labels_,
        notes=notes,
        rows=rows,
        titles=titles,
        log=tuple(log),
    )


def _within(value: float, low: Any, high: Any) -> bool:
    return not isinstance(low, str) and not isinstance(high, str) and low <= value <= high


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return clean(str(value))


def _release(path: Path) -> int:
    head = path.open("rb").read(64)
    if head.startswith(b"<stata_dta>"):
        digits = head[28:31]
        return int(digits) if digits.isdigit() else 119
    return head[0]


def _gb18030(path: Path, data: Any, meta: Any, pyreadstat: Any) -> tuple[Any, Any, str] | None:
    """An old Stata file read again as GB18030, where its text is Chinese in those bytes."""
    texts = [str(v) for v in meta.column_names_to_labels.values() if v]
    texts += [str(v) for labels in meta.variable_value_labels.values() for v in labels.values()]
    for name, type_ in meta.readstat_variable_types.items():
        if type_ == "string":
            texts += [str(v) for v in data[name].unique()[:500]]
    texts = [t for t in texts if not t.isascii()]
    if not texts:
        return None
    try:
        again, other = pyreadstat.read_dta(str(path), user_missing=True, encoding="GB18030")
    except Exception:
        return None
    return again, other, "gb18030"


def read_parquet(path: Path) -> Grid:
    """A Parquet file, through DuckDB: numbers stay what they are."""
    import duckdb

    with duckdb.connect() as connection:
        try:
            found = connection.execute("select * from read_parquet(?)", [str(path)])
            names = [d[0] for d in found.description]
            frame = found.df()
        except duckdb.Error as error:
            raise StudyError(f"{path.name}: is no sound Parquet file: {error}.") from None
    cells = np.full((len(frame) + 1, len(names)), "", dtype=object)
    cells[0] = names
    for j, _name in enumerate(names):
        values = frame.iloc[:, j]
        if values.dtype.kind in "iu":
            cells[1:, j] = values.astype(str).to_numpy(dtype=object)
        elif values.dtype.kind == "f":
            numbers = values.to_numpy()
            whole = np.isfinite(numbers) & (numbers == np.trunc(numbers)) & (np.abs(numbers) < 1e15)
            text = np.array([number_text(v) for v in np.where(whole, 0.0, numbers).tolist()], dtype=object)
            text[whole] = numbers[whole].astype(np.int64).astype(str).astype(object)
            cells[1:, j] = text
        else:
            cells[1:, j] = [
                "" if v is None or v != v else v if isinstance(v, str) else _text(v) for v in values.tolist()
            ]
    return Grid(
        path.name, "", cells, "parquet", True, names=tuple(names), rows=(0, *range(1, len(frame) + 1))
    )
