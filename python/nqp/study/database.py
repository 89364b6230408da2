"""Opening the database: the only module that does.

Each function opens the file, does its work and closes it, so that dbt is never kept waiting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from nqp.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


@contextmanager
def connected(database: Path, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """The open database, on one thread, which makes sums the same every time; closed at the end.

    Raises StudyError if the file is locked or no DuckDB file.
    """
    try:
        connection = duckdb.connect(str(database), read_only=read_only, config={"threads": 1})
    except duckdb.Error as error:
        raise StudyError(fault_in_opening(database, error)) from error
    try:
        yield connection
    finally:
        connection.close()


def fault_in_opening(database: Path | str, error: Exception) -> str:
    """Why a database cannot be opened and what to do about it."""
    said = first_line(error)
    if "set lock on file" in said.lower():
        return (
            f"The database {database} is locked by another process. Close it (a DuckDB shell, a notebook, a "
            f"running dbt build) and run again; nothing was changed.\n  ({said})"
        )
    return (
        f"The database {database} cannot be opened. Move away what stands there, or name a file in a folder that "
        f"can be written (NQP_DATABASE), and build it: dbt build\n  ({said})"
    )


def read_frames(
    database: Path, queries: Mapping[str, str], given: Mapping[str, pd.DataFrame] | None = None
) -> dict[str, pd.DataFrame]:
    """The frame of each query; ``given`` are frames that the queries read beside the tables of the database.

    Raises StudyError if the file is absent, locked, no DuckDB file, or was not built completely.
    """
    if not database.is_file():
        raise StudyError(f"The database {database} does not exist. Build it first: dbt build")
    frames = {}
    with connected(database) as connection:
        for name, frame in (given or {}).items():
            connection.register(name, frame)
        for name, query in queries.items():
            try:
                frames[name] = connection.execute(query).df()
            except duckdb.Error as error:
                raise StudyError(
                    f"The database {database} lacks what {name} is read from. Build it again: dbt build\n"
                    f"  ({first_line(error)})"
                ) from error
    return frames


def has_marts(database: Path, names: Collection[str]) -> bool:
    """Whether the build made every mart of these names; parts may be left out (``dbt build --exclude``, ``--selector``).

    Raises StudyError if the database is absent or locked.
    """
    query = f"select count(*) as found from information_schema.tables where table_schema = 'marts' and table_name in ({literals(names)})"
    return int(read_frames(database, {"marts": query})["marts"]["found"].iloc[0]) == len(names)


def write_estimates(database: Path, frames: Mapping[str, pd.DataFrame], *, keep: bool = False) -> None:
    """Replace schema ``estimates`` by these frames, in one transaction: all of them or none.

    ``keep`` leaves the other tables of the schema as they are. Raises StudyError if the file is locked.
    """
    with connected(database, read_only=False) as connection:
        connection.execute("begin transaction")
        if not keep:
            connection.execute("drop schema if exists estimates cascade")
        connection.execute("create schema if not exists estimates")
        for name, frame in frames.items():
            connection.register("frame_to_store", frame)
            connection.execute(f'create or replace table estimates."{name}" as select * from frame_to_store')
            connection.unregister("frame_to_store")
        connection.execute("commit")


def literals(codes: Iterable[str]) -> str:
    """Codes as a list of SQL strings, in order; that of no code matches nothing."""
    return ", ".join("'" + code.replace("'", "''") + "'" for code in sorted(codes)) or "null"


def first_line(error: Exception) -> str:
    """The first line of an error: what follows is DuckDB's own detail."""
    return str(error).splitlines()[0]
