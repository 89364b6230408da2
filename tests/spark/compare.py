"""What two engines made of one study, cell by cell.  python tests/spark/compare.py DATABASE WAREHOUSE

DATABASE is the file that ``dbt build`` made with DuckDB, WAREHOUSE the folder of ``dbt build --target spark``. Every table
and view of DuckDB below the seeds must stand on Spark with the same rows: text, whole numbers, ranks and nulls
identical, figures within 1e-9 (of themselves where they exceed 1). Differences are printed by name, and end with exit code 1.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

from nqp.study.warehouse import open_warehouse

ROOT = Path(__file__).resolve().parents[2]
TOLERANCE = 1e-9
LEFT_OUT = (
    "build",
    "raw",
    "estimates",
)  # the stamp is that of one file; seeds are seen through staging; estimates are not dbt's
PUBLIC = ("marts",)  # where a contract also promises types


@dataclass(frozen=True)
class Comparison:
    """What was compared and what differs, one line a difference."""

    relations: int
    cells: int
    largest: float
    where_largest: str
    differences: tuple[str, ...]

    @property
    def summary(self) -> str:
        """One line."""
        return (
            f"{self.relations} relations, {self.cells} cells compared; largest difference {self.largest:.1e} "
            f"({self.where_largest}); {len(self.differences)} differences"
        )


def compare(database: Path, warehouse: Path) -> Comparison:
    """Compare every relation that DuckDB holds with Spark's of the same name."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        window = Path(folder) / "spark.duckdb"
        open_warehouse(warehouse, window)
        connection.execute(f"set temp_directory = '{folder}'")
        connection.execute(f"attach '{database}' as duck (read_only)")
        connection.execute(f"attach '{window}' as spark (read_only)")
        columns = {engine: _columns(connection, engine) for engine in ("duck", "spark")}
        differences = [
            f"{name}: {'Spark' if name in columns['duck'] else 'DuckDB'} has no such relation"
            for name in sorted(columns["duck"].keys() ^ columns["spark"].keys())
        ]
        cells, largest, where_largest = 0, 0.0, "none"
        common = sorted(columns["duck"].keys() & columns["spark"].keys())
        for name in common:
            types = columns["duck"][name]
            if differs := _shape(name, types, columns["spark"][name]):
                differences += differs
                continue
            rows, distances, found = _cells(connection, name, types)
            differences += [f"{name}{line}" for line in found]
            cells += rows * len(types)
            for column, distance in distances.items():
                if distance > largest:
                    largest, where_largest = distance, f"{name}.{column}"
    return Comparison(len(common), cells, largest, where_largest, tuple(differences))


def _columns(connection: duckdb.DuckDBPyConnection, engine: str) -> dict[str, dict[str, str]]:
    """Type of each column by relation (schema.name)."""
    found: dict[str, dict[str, str]] = {}
    query = (
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        f"where database_name = '{engine}' and not internal and schema_name not in {LEFT_OUT} order by column_index"
    )
    for name, column, data_type in connection.execute(query).fetchall():
        found.setdefault(name, {})[column] = data_type
    return found


def _shape(name: str, duck: dict[str, str], spark: dict[str, str]) -> list[str]:
    if duck.keys() != spark.keys():
        return [
            f"{name}: the columns {', '.join(sorted(duck.keys() ^ spark.keys()))} stand on one engine only"
        ]
    if name.split(".")[0] not in PUBLIC:
        return []
    return [
        f"{name}.{column}: {duck[column]} on DuckDB, {spark[column]} on Spark"
        for column in duck
        if duck[column] != spark[column]
    ]


def _cells(
    connection: duckdb.DuckDBPyConnection, name: str, types: dict[str, str]
) -> tuple[int, dict[str, float], list[str]]:
    """Rows compared, the largest distance of each column of figures, and what differs."""
    schema, table = name.split(".")
    figures = [column for column, data_type in types.items() if data_type == "DOUBLE"]
    key = connection.execute(
        "select constraint_column_names from duckdb_constraints() where database_name = 'duck' and schema_name = ? "
        "and table_name = ? and constraint_type = 'PRIMARY KEY'",
        [schema, table],
    ).fetchone()
    # Without a primary key all that is no figure is the key, and rows alike in it are told apart by their figures.
    names = list(key[0]) if key else [column for column in types if column not in figures]
    place = "0" if key else _place(names, figures)
    others = [column for column in types if column not in names and column not in figures]
    for engine in ("duck", "spark"):
        connection.execute(
            f'create or replace temp view {engine}_rows as select *, {place} as place from {engine}.{schema}."{table}"'
        )
    on = [f"d.{_quoted(column)} is not distinct from s.{_quoted(column)}" for column in names]
    summary = [
        "count(*)",
        _count("s.place is null"),
        _count("d.place is null"),
        *(
            _count(f"{side}.place is not null and {side}.{_quoted(c)} is null")
            for side in "ds"
            for c in types
        ),
        *(_count(f"{_BOTH} and d.{_quoted(c)} is distinct from s.{_quoted(c)}") for c in others),
        *(_count(f"{_BOTH} and {_distance(c)} > {TOLERANCE}") for c in figures),
        *(f"coalesce(max({_distance(c)}) filter (where {_BOTH}), 0)" for c in figures),
    ]
    joined = f"from duck_rows as d full join spark_rows as s on {' and '.join([*on, _BOTH])}"
    row = list(connection.execute(f"select {', '.join(summary)} {joined}").fetchone() or ())
    rows, only_duck, only_spark = row[:3]
    found = []
    if only_duck or only_spark:
        example = _example(connection, joined, names)
        found.append(f": {only_duck} rows on DuckDB only, {only_spark} on Spark only, the first {example}")
    nulls = row[3 : 3 + 2 * len(types)]
    for column, on_duck, on_spark in zip(types, nulls, nulls[len(types) :], strict=False):
        if on_duck != on_spark:
            found.append(f".{column}: {on_duck} nulls on DuckDB, {on_spark} on Spark")
    counts = row[3 + 2 * len(types) :]
    for column, count in zip([*others, *figures], counts, strict=False):
        if count:
            found.append(f".{column}: {count} of {rows} rows differ")
    return rows, dict(zip(figures, counts[len(others) + len(figures) :], strict=True)), found


_BOTH = "d.place = s.place"


def _count(condition: str) -> str:
    return f"count(*) filter (where {condition})"


def _place(names: list[str], figures: list[str]) -> str:
    order = ", ".join(map(_quoted, figures)) or "1"
    within = f"partition by {', '.join(map(_quoted, names))} " if names else ""
    return f"row_number() over ({within}order by {order})"


def _distance(column: str) -> str:
    """Of two figures: none if both are null, infinite if one is."""
    d, s = f"d.{_quoted(column)}", f"s.{_quoted(column)}"
    return (
        f"case when {d} is not distinct from {s} then 0.0 when {d} is null or {s} is null then cast('inf' as double) "
        f"else abs({d} - {s}) / greatest(1, abs({d})) end"
    )


def _example(connection: duckdb.DuckDBPyConnection, joined: str, names: list[str]) -> str:
    cells = (
        ", ".join(f"coalesce(d.{_quoted(column)}, s.{_quoted(column)})" for column in names)
        or "'without a key'"
    )
    where = "where s.place is null or d.place is null"
    return str(connection.execute(f"select {cells} {joined} {where} order by all limit 1").fetchone())


def _quoted(name: str) -> str:
    return f'"{name}"'


def main(arguments: list[str]) -> int:
    """Print what was compared and what differs; returns the exit code."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    result = compare(Path(arguments[0]), Path(arguments[1]))
    for line in result.differences:
        print(f"differs: {line}")
    print(result.summary)
    return 1 if result.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
