"""What Spark wrote is read without Java, and compared with what DuckDB made. Here DuckDB writes the Parquet folders as
Spark lays them out; ``make spark`` has Spark itself write them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from nqp.errors import StudyError
from nqp.study.warehouse import open_warehouse
from studies import Project

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "spark"))

from compare import compare


def write_warehouse(project: Project, warehouse: Path) -> Path:
    """Every relation of the project as a folder of Parquet files."""
    with duckdb.connect(str(project.database), read_only=True) as connection:
        relations = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_schema != 'estimates'"
        ).fetchall()
        for schema, table in relations:
            folder = warehouse / f"{schema}.db" / table
            folder.mkdir(parents=True)
            connection.execute(f"copy {schema}.{table} to '{folder}/part-00000.parquet'")
            (folder / "_SUCCESS").touch()
    return warehouse


def rewrite(warehouse: Path, table: str, query: str) -> None:
    """Replace a table by what a query makes of it; ``before`` stands for the table as it was."""
    file = warehouse / table.replace(".", ".db/") / "part-00000.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table before as from '{file}'")
        connection.execute(f"copy ({query}) to '{file}'")


@pytest.fixture
def warehouse(built_harbours: Project, tmp_path: Path) -> Path:
    return write_warehouse(built_harbours, tmp_path / "warehouse")


def test_estimates_from_a_warehouse_are_those_from_the_database(
    harbours: Project, built_harbours: Project, warehouse: Path
) -> None:
    harbours.database.unlink()
    done = harbours.estimate("--target", "spark", "--warehouse", str(warehouse))
    assert done.code == 0, done.output
    assert harbours.files() == built_harbours.files()
    with duckdb.connect(str(harbours.root / "harbours.spark.duckdb"), read_only=True) as connection:
        (count,) = connection.execute("select count(*) from estimates.coefficients").fetchone() or (0,)
    assert [(count,)] == built_harbours.query("select count(*) from estimates.coefficients")


def test_views_follow_the_warehouse_and_estimates_stay(warehouse: Path, tmp_path: Path) -> None:
    window = tmp_path / "window.duckdb"
    open_warehouse(warehouse, window)
    with duckdb.connect(str(window)) as connection:
        connection.execute("create schema estimates")
        connection.execute("create table estimates.runs as select 1 as fact")
    rewrite(warehouse, "marts.entities", "select entity_code, name_en as renamed from before limit 2")
    open_warehouse(warehouse, window)
    with duckdb.connect(str(window), read_only=True) as connection:
        assert len(connection.execute("select renamed from marts.entities").fetchall()) == 2
        assert connection.execute("select fact from estimates.runs").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda warehouse, window: warehouse.rename(warehouse.with_name("elsewhere")), "holds no table"),
        (lambda warehouse, window: (warehouse / "marts.db/index_scores/_SUCCESS").unlink(), "did not finish writing"),
        (lambda warehouse, window: duckdb.connect(str(window)).execute("create table t as select 1"), "built by DuckDB"),
    ],
)  # fmt: skip
def test_a_warehouse_that_cannot_be_read_is_refused_by_name(
    warehouse: Path, tmp_path: Path, spoil: Callable[[Path, Path], object], said: str
) -> None:
    window = tmp_path / "window.duckdb"
    spoil(warehouse, window)
    with pytest.raises(StudyError, match=said):
        open_warehouse(warehouse, window)


def test_the_same_tables_have_no_differences(built_harbours: Project, warehouse: Path) -> None:
    result = compare(built_harbours.database, warehouse)
    assert result.differences == ()
    assert result.largest == 0
    assert result.relations > 30
    assert result.cells > 10_000


@pytest.mark.parametrize(
    ("table", "query", "said"),
    [
        ("marts.index_scores", "select * replace (score + if(rank = 1, 1e-6, 0) as score) from before", ".score: "),
        # Without a primary key a whole number is part of what names a row.
        ("marts.index_scores", "select * replace (rank + 1 as rank) from before", " rows on DuckDB only, "),
        ("marts.indicator_weights", "select * replace (entity_years + 1 as entity_years) from before", ".entity_years: "),
        ("marts.index_scores", "select * replace (rank::bigint as rank) from before", ".rank: INTEGER on DuckDB, BIGINT"),
        ("marts.index_scores", "from before limit 5", "rows on DuckDB only, 0 on Spark only"),
        ("marts.index_scores", "select * exclude (score) from before", "the columns score stand on one engine only"),
        ("marts.entities", "select * replace (lower(name_en) as name_en) from before", ".name_en: "),
        # The stock seed loader of dbt-spark once turned every blank cell into the text 'None'.
        ("staging.stg_series", "select * replace (coalesce(note, 'None') as note) from before", ".note: "),
    ],
)  # fmt: skip
def test_a_difference_between_the_engines_is_named(
    built_harbours: Project, warehouse: Path, table: str, query: str, said: str
) -> None:
    rewrite(warehouse, table, query)
    differences = compare(built_harbours.database, warehouse).differences
    assert any(line.startswith(table) and said in line for line in differences), differences
    assert all(line.startswith(table) for line in differences)


def test_a_ruler_from_a_warehouse_serves_duckdb_too(harbours: Project, warehouse: Path) -> None:
    ruler = warehouse / "marts.db/indicator_weights/*.parquet"
    columns = "index_code, indicator_code, minimum, maximum, entropy, weight"
    stored = harbours.query(f"select {columns} from marts.indicator_weights order by all")
    read = harbours.run("dbt", "run", "--select", "int_ruler", "--vars", f"{{ruler: '{ruler}'}}")
    assert read.code == 0, read.output
    assert harbours.query(f"select {columns} from index.int_ruler order by all") == stored
