"""A random panel written in every layout and every format is read back equal, cell by cell."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import panels
import pytest
import writing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nqp.errors import StudyError
from nqp.importing import Reading, read_files
from writing import LAYOUTS, Key, Panel, Sheet

Write = Callable[[list[Sheet], Path], list[Path]]


def each(**how: str) -> Write:
    """One text file per sheet: the name of a file says what the name of a sheet says."""
    ending = "tsv" if how.get("delimiter") == "\t" else "csv"
    return lambda sheets, folder: [
        writing.as_text(s, folder / f"{s.name.replace('/', '_')}.{ending}", **how) for s in sheets
    ]


FORMATS: dict[str, Write] = {
    "csv": each(),
    "csv with a mark": each(encoding="utf-8-sig"),
    "csv gb18030": each(encoding="gb18030"),
    "csv utf-16": each(encoding="utf-16"),
    "tsv": each(delimiter="\t"),
    "decimal comma": each(delimiter=";", decimal=",", thousands="."),
    "bars": each(delimiter="|"),
    "dashes": each(blank="—"),
    "thousands": each(thousands=","),
    "xlsx": lambda s, f: [writing.as_xlsx(s, f / "book.xlsx")],
    "xlsx as text": lambda s, f: [writing.as_xlsx(s, f / "book.xlsx", numbers=False)],
    "xlsx encrypted": lambda s, f: [writing.as_xlsx(s, f / "book.xlsx", password="VelvetSweatshop")],
    "xls": lambda s, f: [writing.as_xls(s, f / "book.xls")],
    "xls as text": lambda s, f: [writing.as_xls(s, f / "book.xls", numbers=False)],
    "html": lambda s, f: [writing.as_html(s, f / "book.xls")],
}


def read_back(paths: list[Path], format_: str) -> Reading:
    """Read, and answer the one question that German numbers of three decimals leave open."""
    try:
        return read_files(paths)
    except StudyError as error:
        if format_ != "decimal comma" or "decimal=" not in str(error):
            raise
        return read_files(paths, decimal=",")


def figures(read: Reading) -> dict[Key, Decimal | None]:
    return {
        (r.entity_code, r.year, r.series_name): None if r.value is None else Decimal(r.value)
        for r in read.figures.itertuples(index=False)
    }


def same(read: Reading, panel: Panel) -> None:
    got = figures(read)
    assert got == panel.figures
    assert len(read.figures) == len(panel.figures)
    assert not read.blocking


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("format_", FORMATS)
def test_every_layout_in_every_format(layout: str, format_: str, tmp_path: Path) -> None:
    for seed in range(2):
        panel = panels.panel(
            seed * 1000 + len(layout) * 37 + len(format_), series=None if layout != "entity_by_year" else 1
        )
        folder = tmp_path / str(seed)
        folder.mkdir()
        same(read_back(FORMATS[format_](LAYOUTS[layout](panel), folder), format_), panel)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**6),
    layout=st.sampled_from(sorted(LAYOUTS)),
    format_=st.sampled_from(sorted(set(FORMATS) - {"xlsx encrypted"})),
)
def test_random_panels(seed: int, layout: str, format_: str) -> None:
    panel = panels.panel(seed)
    with tempfile.TemporaryDirectory() as folder:
        same(read_back(FORMATS[format_](LAYOUTS[layout](panel), Path(folder)), format_), panel)


@pytest.mark.parametrize("format_", ["dta", "sav", "parquet", "old dta"])
def test_files_of_statistics_programs(format_: str, tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    for seed in range(6):
        panel = panels.panel(seed, spelling=seed % 2)
        codes = {s: f"x{i}" for i, s in enumerate(panel.series)}
        rows = [
            {
                "province": n,
                "year": int(y),
                **{codes[s]: (None if (v := panel.of(e, y, s)) is None else float(v)) for s in panel.series},
            }
            for e, n in panel.names.items()
            for y in panel.years
        ]
        data = pd.DataFrame(rows)
        path = tmp_path / f"{seed}.{format_.split()[-1]}"
        labels = {codes[s]: f"{s}(亿元)" for s in panel.series}
        if format_ == "dta":
            data.to_stata(path, write_index=False, version=118, variable_labels=labels)
        elif format_ == "old dta":
            old = data.assign(province=[n.encode("gb18030").decode("latin-1") for n in data["province"]])
            old.to_stata(path, write_index=False, version=114)
        elif format_ == "sav":
            pyreadstat.write_sav(data, str(path), column_labels=[labels.get(c, c) for c in data.columns])
        else:
            with duckdb.connect() as connection:
                connection.register("t", data)
                connection.execute(f"copy (select * from t) to '{path}' (format parquet)")
        read = read_files([path])
        got = {
            (r.entity_code, r.year, r.series_name): None if r.value is None else float(r.value) for r in read
        }
        assert got == {
            (e, y, codes[s]): None if v is None else float(v) for (e, y, s), v in panel.figures.items()
        }
        if format_ in ("dta", "sav"):
            assert read.series["label"].tolist() == list(labels.values())
            assert set(read.series["unit"]) == {"亿元"}
