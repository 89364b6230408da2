"""Reading the marts and writing the estimates: the only module that opens the database.

Each function opens the file, does its work and closes it, so that dbt is never kept waiting. What Spark wrote is read
through a file of views on its Parquet folders, so that all that follows knows one kind of database only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from nqp.errors import StudyError
from nqp.study.recipes import RecipeWords, recipe_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

# Where each frame comes from, and the order that makes every run see the same rows in the same order.
QUERIES = {
    "entities": "select * from marts.entities order by group_sort_order nulls last, group_code, entity_code",
    "series": "select * from marts.series order by series_code",
    "indicators": (
        "select * from marts.indicators join marts.indicator_weights using (index_code, indicator_code) "
        "order by index_code, dimension_sort_order nulls last, marts.indicators.dimension_code, "
        "sort_order nulls last, indicator_code"
    ),
    "variables": "select * from marts.variables order by role, sort_order nulls last, variable_code",
    "index_scores": "select * from marts.index_scores order by spec_code, index_code, entity_code, year",
    "last_indicator_values": (
        "select * from (select *, rank() over (partition by index_code, indicator_code order by normalized_value desc) "
        "as place from marts.indicator_values where year = (select max(year) from marts.indicator_values)) "
        "left join marts.index_contributions using (index_code, entity_code, year, indicator_code) "
        "where reference = 'midpoint' order by index_code, entity_code, indicator_code"
    ),
    "score_gains": (
        "select index_code, entity_code, year, dimension_code, indicator_code, "
        "sum(score_contribution) over (partition by index_code, entity_code, indicator_code order by year) as gain "
        "from marts.index_contributions where reference = 'previous year' "
        "order by index_code, entity_code, year, indicator_code"
    ),
    "last_series_values": (
        "select * from marts.series_values where year = (select max(year) from marts.indicator_values) "
        "order by entity_code, series_code"
    ),
    "descriptive_statistics": "select * from marts.descriptive_statistics order by variable_code",
    "extent": (
        "select count(*) as observations, count(distinct entity_code) as entities, min(year) as first_year, "
        "max(year) as last_year from marts.regression_panel"
    ),
    "regression_panel": "select * from marts.regression_panel order by entity_code, year",
    "published_coefficients": (
        "select * from staging.published_coefficients order by table_code, model_code, equation, term"
    ),
    "published_statistics": (
        "select * from staging.published_statistics order by table_code, model_code, statistic"
    ),
    "published_descriptives": "select * from staging.published_descriptives order by variable_code",
    "published_explanations": (
        "select * from staging.published_explanations order by table_code, model_code, term, statistic"
    ),
}

# Of a large panel only the leaders of the last year (and who comes last) are read; the database does the rest.
MOST_ROWS = 20_000
LISTED = 200
_LISTED = f"""
    with last_scores as (
        select *, max(year) over (partition by index_code) as last_year
        from marts.index_scores
        where index_code not like '%.%'
    ),
    placed as (
        select
            entity_code,
            row_number() over (partition by index_code order by rank, entity_code) as place,
            count(*) over (partition by index_code) as places
        from last_scores
        where year = last_year
    ),
    listed as (select distinct entity_code from placed where place <= {LISTED} or place = places)
"""
_BY_ENTITY = ("entities", "index_scores", "last_indicator_values", "score_gains", "last_series_values")

RECIPE_OPTIONS = "select * from staging.stg_recipe_options order by choice_order, option_order"

# The multiverse may be left out of a build, so these are read apart.
MOST_SCORES = 20_000_000
MULTIVERSE_QUERIES = {
    "specs": "select * from marts.specs order by spec_code",
    "spec_scores": "select * from marts.spec_scores order by index_code, spec_code, entity_code, year",
    "bootstrap_scores": (
        "select index_code, draw, entity_code, year, copies, score from marts.bootstrap_scores "
        "order by index_code, draw, entity_code, year"
    ),
    "rank_intervals": "select * from marts.rank_intervals order by index_code, source, entity_code, year",
    "top_probabilities": "select * from marts.top_probabilities order by index_code, source, entity_code, k",
    "variance_shares": "select * from marts.variance_shares order by index_code, design_code, quantity, choice",
}


@dataclass(frozen=True, eq=False)
class MultiverseMarts:
    """The marts of the multiverse; each frame has the columns of the mart of its name."""

    recipe_options: pd.DataFrame
    specs: pd.DataFrame
    spec_scores: pd.DataFrame
    bootstrap_scores: pd.DataFrame
    rank_intervals: pd.DataFrame
    top_probabilities: pd.DataFrame
    variance_shares: pd.DataFrame

    @cached_property
    def words(self) -> RecipeWords:
        """The choices of a recipe and their options in words."""
        return recipe_words(self.recipe_options.to_dict("records"))


@dataclass(frozen=True)
class Marts:
    """What the estimation reads; each frame has the columns of the mart of its name.

    ``indicators`` also has the columns of ``indicator_weights`` (one row per index and indicator), ``score_gains`` holds
    the contributions to the change of a score since the first year, cumulated over the years, ``extent`` is one row:
    observations, entities, first_year, last_year of the panel. Of a large panel ``regression_panel`` is None (the
    regressions are made where it lies) and what has rows per entity holds the entities that are listed.
    """

    entities: pd.DataFrame
    series: pd.DataFrame
    indicators: pd.DataFrame
    variables: pd.DataFrame
    index_scores: pd.DataFrame
    last_indicator_values: pd.DataFrame
    score_gains: pd.DataFrame
    last_series_values: pd.DataFrame
    descriptive_statistics: pd.DataFrame
    published_coefficients: pd.DataFrame
    published_statistics: pd.DataFrame
    published_descriptives: pd.DataFrame
    published_explanations: pd.DataFrame
    extent: pd.DataFrame
    regression_panel: pd.DataFrame | None

    @property
    def columns(self) -> dict[str, str]:
        """The column of the panel for each variable, index and sub-index."""
        return dict(zip(self.variables["variable_code"], self.variables["column_name"], strict=True))

    @property
    def panel(self) -> pd.DataFrame:
        """The variables by code, (entity-years x variables) floats indexed by entity_code and year."""
        names = {column: code for code, column in self.columns.items()}
        return self._indexed()[list(names)].rename(columns=names)

    @property
    def groups(self) -> pd.Series:
        """The group of each entity-year, indexed by entity_code and year."""
        return self._indexed()["group_code"]

    def _indexed(self) -> pd.DataFrame:
        assert self.regression_panel is not None, "a large panel stays in the database"
        return self.regression_panel.set_index(["entity_code", "year"])


def read_marts(database: Path, *, large: bool = False, named: Iterable[str] = ()) -> Marts:
    """The frames of one study; of a large panel those that fit on pages, with the entities listed or ``named``.

    Raises StudyError if the file is absent, locked, no DuckDB file, or was not built completely.
    """
    queries = {field.name: QUERIES[field.name] for field in fields(Marts)}
    if not large:
        return Marts(**read_frames(database, queries))
    del queries["regression_panel"]
    leaders = read_frames(database, {"index_scores": f"{_LISTED} select entity_code from listed"})[
        "index_scores"
    ]
    kept = f"entity_code in ({literals(leaders['entity_code'])})"
    for name in _BY_ENTITY:
        condition = kept
        if name == "entities":  # one of each group too, so that every group has its name
            condition += f" or entity_code in ({literals(named)}) or entity_code in (select min(entity_code) from marts.entities group by group_code)"
        # filtered where they are read: the marts behind views are large, and so nothing large is joined
        queries[name] = re.sub(
            r"(?<=from |join )marts\.(\w+)", partial(_filtered, condition=condition), queries[name]
        )
    # rows in any order give the same sum: the input of the run, which is not read
    queries["extent"] = queries["extent"].replace(
        " from ", ", cast(sum(hash(regression_panel)) as varchar) as hash_of_rows from "
    )
    return Marts(**read_frames(database, queries), regression_panel=None)


def _filtered(mart: re.Match[str], condition: str) -> str:
    return f"(select * from {mart[0]} where {condition}) as {mart[1]}"


def literals(codes: Iterable[str]) -> str:
    """Codes as a list of SQL strings, in order; that of no code matches nothing."""
    return ", ".join("'" + code.replace("'", "''") + "'" for code in sorted(codes)) or "null"


def panel_rows(database: Path) -> int:
    """How many entity-years the panel has. Raises StudyError as :func:`read_marts` does."""
    counted = read_frames(database, {"extent": "select count(*) as observations from marts.regression_panel"})
    return int(counted["extent"]["observations"].iloc[0])


def read_multiverse(database: Path) -> MultiverseMarts | None:
    """The frames of the multiverse; None if the study was built without it (``--exclude tag:multiverse``), or if its
    scores are more than MOST_SCORES rows, which the SQL can hold and this process should not.
    """
    names = "', '".join(MULTIVERSE_QUERIES)
    tables = f"select count(*) as found from information_schema.tables where table_schema = 'marts' and table_name in ('{names}')"
    if int(read_frames(database, {"tables": tables})["tables"]["found"].iloc[0]) < len(MULTIVERSE_QUERIES):
        return None
    scores = "select (select count(*) from marts.spec_scores) + (select count(*) from marts.bootstrap_scores) as found"
    if int(read_frames(database, {"scores": scores})["scores"]["found"].iloc[0]) > MOST_SCORES:
        return None
    return MultiverseMarts(**read_frames(database, {"recipe_options": RECIPE_OPTIONS, **MULTIVERSE_QUERIES}))


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
                    f"  ({_first_line(error)})"
                ) from error
    return frames


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


@contextmanager
def connected(database: Path, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """The open database, on one thread, which makes sums the same every time; closed at the end.

    Raises StudyError if the file is locked or no DuckDB file.
    """
    try:
        connection = duckdb.connect(str(database), read_only=read_only, config={"threads": 1})
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise StudyError(
                f"The database {database} is locked by another process. Close it (a DuckDB shell, a notebook, a "
                f"running dbt build) and run again; nothing was changed.\n  ({_first_line(error)})"
            ) from error
        raise StudyError(f"The database {database} cannot be opened: {_first_line(error)}") from error
    except duckdb.Error as error:
        raise StudyError(f"{database} is not a DuckDB database: {_first_line(error)}") from error
    try:
        yield connection
    finally:
        connection.close()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
