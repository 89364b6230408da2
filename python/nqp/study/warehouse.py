"""What Spark wrote, read through a file of views on its Parquet folders, so that all that follows knows one kind of database only."""

from __future__ import annotations

from pathlib import Path

from nqp.errors import StudyError
from nqp.study.database import connected


def open_warehouse(warehouse: Path, database: Path) -> None:
    """Make ``database`` a window on the tables that ``dbt build --target spark`` wrote into ``warehouse``.

    Each Parquet folder ``<schema>.db/<table>`` becomes a view ``<schema>.<table>``; no Java is needed and no row is
    copied. Schema ``estimates`` stays as it is. Raises StudyError if there is no warehouse, if a table in it was not
    written to its end, or if ``database`` holds tables that dbt built in DuckDB.
    """
    folders = sorted(path for path in warehouse.glob("*.db/*") if any(path.glob("*.parquet")))
    if not folders:
        raise StudyError(
            f"The warehouse {warehouse} holds no table. Build it first: dbt build --target spark"
        )
    unfinished = [folder for folder in folders if not (folder / "_SUCCESS").is_file()]
    if unfinished:
        raise StudyError(
            f"Spark did not finish writing {unfinished[0]}. Build it again: dbt build --target spark"
        )
    with connected(database, read_only=False) as connection:
        views = "select schema_name from duckdb_views() where not internal"
        if connection.execute("select 1 from duckdb_tables() where schema_name != 'estimates'").fetchone():
            raise StudyError(
                f"The database {database} was built by DuckDB. Name another file for Spark's results: --database"
            )
        connection.execute("begin transaction")
        for (schema,) in connection.execute(
            f"select distinct schema_name from ({views}) order by all"
        ).fetchall():
            connection.execute(f'drop schema "{schema}" cascade')
        for folder in folders:
            schema, files = folder.parent.stem, str(folder.resolve() / "*.parquet").replace("'", "''")
            connection.execute(f'create schema if not exists "{schema}"')
            connection.execute(f'create view "{schema}"."{folder.name}" as from read_parquet(\'{files}\')')
        connection.execute("commit")
