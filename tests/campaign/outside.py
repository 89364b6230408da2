"""What lies around a study: files that are read in place, variables of the environment, folders, locks."""

from __future__ import annotations

import gzip
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import disks
from mutations import RAW, Planted
from tiny import STUDY, observations

if TYPE_CHECKING:
    from laboratory import Laboratory

Row = tuple[str, int, str, str]
FOLDERS = ("plain", "with space", "an'apostrophe", "省级 数据", "a,b", "x[1]", "%41", "dash-–")


def wide(rows: list[Row]) -> list[list[str]]:
    """One line per entity and year, one column per series."""
    codes = sorted({row[2] for row in rows})
    cells = {(row[0], row[1], row[2]): row[3] for row in rows}
    keys = sorted({(row[0], row[1]) for row in rows})
    return [["entity_code", "year", *codes], *([entity, str(year), *(cells.get((entity, year, code), "") for code in codes)] for entity, year in keys)]  # fmt: skip


def long(rows: list[Row]) -> list[list[str]]:
    return [["entity_code", "year", "series_code", "observed_value"], *([row[0], str(row[1]), row[2], row[3]] for row in rows)]  # fmt: skip


def text_of(table: list[list[str]]) -> str:
    return "".join(",".join(line) + "\n" for line in table)


def parquet(table: list[list[str]], path: Path, kinds: dict[str, str] | None = None) -> None:
    """Write a table as Parquet, numbers as numbers; called in a process of its own, since it opens an engine."""
    import duckdb

    header, *lines = table
    columns = []
    for place, name in enumerate(header):
        kind = (kinds or {}).get(name) or (
            "varchar" if name in ("entity_code", "series_code") else "integer" if name == "year" else "double"
        )
        columns.append(f"cast(nullif(c{place}, '') as {kind}) as \"{name}\"")
    values = ", ".join(
        "(" + ", ".join("'" + cell.replace("'", "''") + "'" for cell in line) + ")" for line in lines
    )
    names = ", ".join(f"c{place}" for place in range(len(header)))
    with duckdb.connect() as connection:
        target = str(path).replace("'", "''")
        connection.execute(
            f"copy (select {', '.join(columns)} from (values {values}) as t ({names})) to '{target}' (format parquet)"
        )


def _folder(rng: random.Random, laboratory: Laboratory) -> Path:
    folder = laboratory.root / "outside" / rng.choice([name for name in FOLDERS if "[" not in name])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _empty_raw(laboratory: Laboratory) -> None:
    (laboratory.folder / RAW).write_text("entity_code,year,series_code,observed_value\n", encoding="utf-8")


def external_right(rng: random.Random, laboratory: Laboratory) -> list[Planted]:
    """The observations in another file, written in one of many ways: the numbers stay."""
    folder = _folder(rng, laboratory)
    table = rng.choice([wide, long])(list(observations()))
    form = "wide" if table[0][2] == "a" else "long"
    rows = table[1:]
    way = rng.choice(["CSV", "CSV.GZ", "capital ending", "byte-order mark", "Windows line ends", "Parquet", "Parquet", "several files", "shuffled rows"])  # fmt: skip
    if way == "several files":
        places = [rows[:50], rows[50:]] if form == "long" else [rows[:11], rows[11:]]
        for number, part in enumerate(places):
            (folder / f"part{number}.csv").write_text(text_of([table[0], *part]), encoding="utf-8")
        path = folder / "part*.csv"
    elif way == "Parquet":
        path = folder / "panel.parquet"
        laboratory.step(lambda: parquet(table, path) or 0)
    elif way == "CSV.GZ":
        path = folder / "panel.csv.gz"
        path.write_bytes(gzip.compress(text_of(table).encode(), mtime=0))
    else:
        path = folder / ("PANEL.CSV" if way == "capital ending" else "panel.csv")
        if way == "shuffled rows":
            rng.shuffle(rows)
        content = text_of([table[0], *rows])
        if way == "Windows line ends":
            content = content.replace("\n", "\r\n")
        path.write_bytes((b"\xef\xbb\xbf" if way == "byte-order mark" else b"") + content.encode())
    _empty_raw(laboratory)
    laboratory.environment["NQP_OBSERVATIONS"] = (
        str(path.relative_to(laboratory.root)) if rng.random() < 0.5 else str(path)
    )
    return [
        Planted(f"{form} form: {way}", "NQP_OBSERVATIONS"),
        Planted(f"folder {folder.name!r}", "NQP_OBSERVATIONS"),
    ]


def external_faults(rng: random.Random, laboratory: Laboratory) -> list[Planted]:
    """A file in place of the observations that cannot serve."""
    folder = laboratory.root / "outside"
    folder.mkdir(exist_ok=True)
    table = wide(list(observations()))
    kind = rng.choice(sorted(EXTERNAL_FAULTS))
    words = EXTERNAL_FAULTS[kind](rng, laboratory, folder, table)
    _empty_raw(laboratory)
    return [Planted(kind, "NQP_OBSERVATIONS", words)]


def _file(laboratory: Laboratory, path: Path) -> None:
    laboratory.environment["NQP_OBSERVATIONS"] = str(path.relative_to(laboratory.root))


Fault = Callable[["random.Random", "Laboratory", Path, list[list[str]]], tuple[str, ...]]


def _written(name: str, change: Callable[[random.Random, list[list[str]]], bytes], *words: str) -> Fault:
    def fault(
        rng: random.Random, laboratory: Laboratory, folder: Path, table: list[list[str]]
    ) -> tuple[str, ...]:
        (folder / name).write_bytes(change(rng, table))
        _file(laboratory, folder / name)
        return words

    return fault


def _typed(column: str, kind: str, content: str, *words: str) -> Fault:
    def fault(
        rng: random.Random, laboratory: Laboratory, folder: Path, table: list[list[str]]
    ) -> tuple[str, ...]:
        place = table[0].index(column)
        for line in table[1:]:
            line[place] = content
        laboratory.step(lambda: parquet(table, folder / "panel.parquet", {column: kind}) or 0)
        _file(laboratory, folder / "panel.parquet")
        return words

    return fault


def _cut(rng: random.Random, laboratory: Laboratory, folder: Path, table: list[list[str]]) -> tuple[str, ...]:
    laboratory.step(lambda: parquet(table, folder / "panel.parquet") or 0)
    content = (folder / "panel.parquet").read_bytes()
    (folder / "panel.parquet").write_bytes(content[: rng.randint(0, len(content) - 1)])
    _file(laboratory, folder / "panel.parquet")
    return ("NQP_OBSERVATIONS", "Parquet")


def _named(name: str, *words: str) -> Fault:
    def fault(
        rng: random.Random, laboratory: Laboratory, folder: Path, table: list[list[str]]
    ) -> tuple[str, ...]:
        laboratory.environment["NQP_OBSERVATIONS"] = name
        return ("NQP_OBSERVATIONS", *words)

    return fault


def _with_cell(content: str, last: int = 7) -> Callable[[random.Random, list[list[str]]], bytes]:
    """A cell of one of the columns from the first series to the one at ``last``."""

    def change(rng: random.Random, table: list[list[str]]) -> bytes:
        table[rng.randint(1, 30)][rng.randint(2, last)] = content
        return text_of(table).encode()

    return change


EXTERNAL_FAULTS: dict[str, Fault] = {
    "no such file": _named("outside/absent.parquet", "no such file"),
    "a pattern that fits nothing": _named("outside/*.csv", "no such file"),
    "a workbook": _named("outside/panel.xlsx", "CSV"),
    "a network address": _named("https://example.org/panel.parquet", "network"),
    "a folder": _named("outside", "parquet"),
    "no year": _written("p.csv", lambda rng, table: text_of([line[:1] + line[2:] for line in table]).encode(), "column year"),
    "a misspelt series": _written("p.csv", lambda rng, table: text_of([[*table[0][:2], "a", "b", "c", "d", "k", "yy"], *table[1:]]).encode(), "unknown column 'yy'", "Rename it y,"),
    "two columns of one name": _written("p.csv", lambda rng, table: text_of([[*table[0][:7], "a"], *table[1:]]).encode(), "twice"),
    "saved as GBK": _written("p.csv", lambda rng, table: text_of([*table, ["省"] * 8]).encode("gb18030"), "UTF-8"),
    "an empty file": _written("p.csv", lambda rng, table: b"", "empty"),
    "a header only": _written("p.csv", lambda rng, table: text_of(table[:1]).encode(), "no rows"),
    "semicolons": _written("p.csv", lambda rng, table: text_of(table).replace(",", ";").encode(), "commas"),
    "a null character": _written("p.csv", lambda rng, table: text_of(table).encode()[:-3] + b"\0\n", "p.csv"),
    "thousands separators": _written("p.csv", _with_cell('"1,234.5"'), "1,234.5"),
    "a word among numbers": _written("p.csv", _with_cell("n.a."), "n.a."),
    "no number": _written("p.csv", _with_cell("NaN"), "NaN"),
    "an entity twice": _written("p.csv", lambda rng, table: text_of([*table, table[rng.randint(1, 30)]]).encode(), "2 times"),
    "an unknown entity": _written("p.csv", lambda rng, table: text_of([*table, ["99", *table[1][1:]]]).encode(), "entity_code=99"),
    "a blank figure": _written("p.csv", _with_cell("", last=5)),  # of an indicator: one of a variable alone is no fault
    "a short row": _written("p.csv", lambda rng, table: text_of([*table, table[1][:4]]).encode(), "p.csv"),
    "a Parquet file cut short": _cut,
    "a date for a number": _typed("c", "date", "2015-01-01", "'c'"),
    "true and false for numbers": _typed("c", "boolean", "true", "'c'"),
    "a number that no double holds": _typed("c", "bigint", "9007199254740993", "9007199254740993"),
    "text that is no number": _typed("c", "varchar", "many", "many"),
    "a year that is none": _typed("year", "double", "2015.5", "year"),
}  # fmt: skip


# --------------------------------------------------------------------------------------------- surroundings


def _environment(**variables: str) -> Callable[[random.Random, Laboratory], None]:
    return lambda rng, laboratory: laboratory.environment.update(variables)


def _text_for_database(rng: random.Random, laboratory: Laboratory) -> None:
    laboratory.database.write_bytes(b"this is no database, " * rng.randint(1, 500))


def _cut_database(rng: random.Random, laboratory: Laboratory) -> None:
    content = laboratory.database.read_bytes()
    laboratory.database.write_bytes(content[: rng.randint(1, 4096)])


def _folder_for_database(rng: random.Random, laboratory: Laboratory) -> None:
    laboratory.database.unlink()
    laboratory.database.mkdir()


def _file_for_output(rng: random.Random, laboratory: Laboratory) -> None:
    shutil.rmtree(laboratory.output)
    laboratory.output.write_text("mine")


def _folder_in_output(rng: random.Random, laboratory: Laboratory) -> None:
    page = laboratory.output / STUDY / "report.en.html"
    page.unlink()
    page.mkdir()


def _without(name: str) -> Callable[[random.Random, Laboratory], None]:
    return lambda rng, laboratory: (laboratory.folder / name).unlink()


def _link(rng: random.Random, laboratory: Laboratory) -> None:
    (laboratory.folder / RAW).unlink()
    os.symlink("nowhere.csv", laboratory.folder / RAW)


def _no_study(rng: random.Random, laboratory: Laboratory) -> None:
    shutil.rmtree(laboratory.folder)


def _no_database(rng: random.Random, laboratory: Laboratory) -> None:
    laboratory.database.unlink()


# A change gives, where the machine does not allow it, why not.
Change = Callable[["random.Random", "Laboratory"], object]
# name: (change, the command that meets it, the words of a refusal; none: it must go on as before)
SURROUNDINGS: dict[str, tuple[Change, str, tuple[str, ...]]] = {
    "NQP_THREADS=0": (_environment(NQP_THREADS="0"), "build", ("NQP_THREADS",)),
    "NQP_THREADS=-2": (_environment(NQP_THREADS="-2"), "build", ("NQP_THREADS",)),
    "NQP_THREADS=two": (_environment(NQP_THREADS="two"), "build", ("NQP_THREADS",)),
    "NQP_THREADS=two, estimate.py": (_environment(NQP_THREADS="two"), "estimate", ("NQP_THREADS",)),
    "NQP_THREADS=0, estimate.py": (_environment(NQP_THREADS="0"), "estimate", ("NQP_THREADS",)),
    "NQP_MEMORY=much": (_environment(NQP_MEMORY="much"), "build", ("NQP_MEMORY",)),
    "NQP_MEMORY=-1GB": (_environment(NQP_MEMORY="-1GB"), "build", ("NQP_MEMORY",)),
    "NQP_MEMORY=much, estimate.py (which needs none)": (_environment(NQP_MEMORY="much"), "estimate", ()),
    "NQP_STUDY of another spelling": (_environment(NQP_STUDY="Tiny2"), "build", ("seeds/Tiny2",)),
    "NQP_STUDY with a path": (_environment(NQP_STUDY="../tiny"), "build", ("NQP_STUDY",)),
    "NQP_STUDY=words": (_environment(NQP_STUDY="words"), "build", ("words",)),
    "NQP_STUDY blank": (_environment(NQP_STUDY=" "), "build", ("NQP_STUDY",)),
    "NQP_STUDY of another spelling, estimate.py": (_environment(NQP_STUDY="Tiny2"), "estimate", ("Tiny2",)),
    "NQP_DATABASE in no folder": (_environment(NQP_DATABASE="nowhere/x.duckdb"), "build", ("nowhere",)),
    "NQP_DATABASE in no folder, estimate.py": (_environment(NQP_DATABASE="nowhere/x.duckdb"), "estimate", ("nowhere",)),
    "text in place of the database": (_text_for_database, "build", (f"{STUDY}.duckdb",)),
    "text in place of the database, estimate.py": (_text_for_database, "estimate", (f"{STUDY}.duckdb",)),
    "a database cut short": (_cut_database, "build", (f"{STUDY}.duckdb",)),
    "a database cut short, estimate.py": (_cut_database, "estimate", (f"{STUDY}.duckdb",)),
    "a folder in place of the database": (_folder_for_database, "build", (f"{STUDY}.duckdb",)),
    "a folder in place of the database, estimate.py": (_folder_for_database, "estimate", (f"{STUDY}.duckdb",)),
    "no database, estimate.py": (_no_database, "estimate", ("dbt build",)),
    "a file in place of the output": (_file_for_output, "estimate", ("output",)),
    "a folder in place of an output file": (_folder_in_output, "estimate", ("report.en.html",)),
    "a database that another process holds": (disks.hold_open, "build", (f"{STUDY}.duckdb is locked by another process",)),
    "a database that another process holds, estimate.py": (disks.hold_open, "estimate", (f"{STUDY}.duckdb is locked by another process",)),
    "a read-only folder": (disks.read_only, "build", (f"disk/{STUDY}.duckdb", "Read-only")),
    "a read-only folder, estimate.py": (disks.read_only, "estimate --output disk/output", ("disk/output", "ead-only")),
    "no observations": (_without(RAW), "build", (RAW,)),
    "no indicators and no variables": (lambda rng, lab: [(lab.folder / name).unlink() for name in ("def_indicators.csv", "def_variables.csv")], "build", ("def_indicators.csv",)),
    "no specification": (_without("specifications.toml"), "estimate", ()),
    "a dangling link": (_link, "build", (RAW,)),
    "no study": (_no_study, "build", (f"seeds/{STUDY}",)),
    "no study, estimate.py": (_no_study, "estimate", (STUDY,)),
    "NQP_OBSERVATIONS blank": (_environment(NQP_OBSERVATIONS=""), "build", ()),
    "a locale of ASCII": (_environment(LANG="C", LC_ALL="C", PYTHONIOENCODING="ascii"), "estimate", ()),
    "another time zone": (_environment(TZ="Asia/Shanghai"), "estimate", ()),
    "another order of hashes": (_environment(PYTHONHASHSEED="4711"), "estimate", ()),
    "columns of a narrow terminal": (_environment(COLUMNS="20", NO_COLOR="1"), "build", ()),
}  # fmt: skip


def surroundings(
    rng: random.Random, laboratory: Laboratory, number: int
) -> tuple[list[Planted], list[str], str]:
    """One change of the surroundings, the command that meets it, and why this cannot be had here, if so."""
    kind = sorted(SURROUNDINGS)[number % len(SURROUNDINGS)]
    change, command, words = SURROUNDINGS[kind]
    refused = change(rng, laboratory)
    return (
        [Planted(kind, "surroundings", words)],
        command.split(),
        refused if isinstance(refused, str) else "",
    )
