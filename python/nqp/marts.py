"""Reading the marts and writing the estimates: the only module that opens the database.

Each function opens the file, does its work and closes it, so that dbt is never kept waiting.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from nqp.errors import StudyError

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
        "select * from marts.indicator_values left join marts.index_contributions "
        "using (index_code, entity_code, year, indicator_code) "
        "where year = (select max(year) from marts.indicator_values) and reference = 'midpoint' "
        "order by index_code, entity_code, indicator_code"
    ),
    "last_series_values": (
        "select * from marts.series_values where year = (select max(year) from marts.indicator_values) "
        "order by entity_code, series_code"
    ),
    "descriptive_statistics": "select * from marts.descriptive_statistics order by variable_code",
    "regression_panel": "select * from marts.regression_panel order by entity_code, year",
    "published_coefficients": (
        "select * from audit.published_coefficients order by table_code, model_code, equation, term"
    ),
    "published_statistics": (
        "select * from audit.published_statistics order by table_code, model_code, statistic"
    ),
    "published_descriptives": "select * from audit.published_descriptives order by variable_code",
    "published_explanations": (
        "select * from audit.published_explanations order by table_code, model_code, term, statistic"
    ),
}

# The multiverse may be left out of a build, so these are read apart; scores as plain columns, since they are many.
MULTIVERSE_QUERIES = {
    "specs": "select * from marts.specs order by spec_code",
    "spec_scores": "select * from marts.spec_scores order by index_code, spec_code, entity_code, year",
    "bootstrap_scores": ("select * from marts.bootstrap_scores order by index_code, draw, entity_code, year"),
    "rank_intervals": "select * from marts.rank_intervals order by index_code, source, entity_code, year",
    "top_probabilities": "select * from marts.top_probabilities order by index_code, source, entity_code, k",
    "variance_shares": "select * from marts.variance_shares order by index_code, design_code, quantity, choice",
}


@dataclass(frozen=True, eq=False)
class MultiverseMarts:
    """The marts of the multiverse; each frame has the columns of the mart of its name."""

    specs: pd.DataFrame
    spec_scores: pd.DataFrame
    bootstrap_scores: pd.DataFrame
    rank_intervals: pd.DataFrame
    top_probabilities: pd.DataFrame
    variance_shares: pd.DataFrame


@dataclass(frozen=True)
class Marts:
    """What the estimation reads; each frame has the columns of the mart of its name.

    ``indicators`` also has the columns of ``indicator_weights`` (one row per index and indicator).
    """

    entities: pd.DataFrame
    series: pd.DataFrame
    indicators: pd.DataFrame
    variables: pd.DataFrame
    index_scores: pd.DataFrame
    last_indicator_values: pd.DataFrame
    last_series_values: pd.DataFrame
    descriptive_statistics: pd.DataFrame
    regression_panel: pd.DataFrame
    published_coefficients: pd.DataFrame
    published_statistics: pd.DataFrame
    published_descriptives: pd.DataFrame
    published_explanations: pd.DataFrame

    @property
    def panel(self) -> pd.DataFrame:
        """The variables by code, (entity-years x variables) floats indexed by entity_code and year."""
        names = dict(zip(self.variables["column_name"], self.variables["variable_code"], strict=True))
        indexed = self.regression_panel.set_index(["entity_code", "year"])
        return indexed[list(names)].rename(columns=names)

    @property
    def groups(self) -> pd.Series:
        """The group of each entity-year, indexed by entity_code and year."""
        return self.regression_panel.set_index(["entity_code", "year"])["group_code"]


def read_marts(database: Path) -> Marts:
    """All frames of one study.

    Raises StudyError if the file is absent, locked, no DuckDB file, or was not built completely.
    """
    return Marts(**read_frames(database, {field.name: QUERIES[field.name] for field in fields(Marts)}))


def read_multiverse(database: Path) -> MultiverseMarts | None:
    """The frames of the multiverse; None if the study was built without it (``--exclude tag:multiverse``)."""
    found = read_frames(
        database,
        {"count": "select count(*) as found from information_schema.tables where table_schema = 'marts' "
                  "and table_name in ('" + "', '".join(MULTIVERSE_QUERIES) + "')"},
    )  # fmt: skip
    if int(found["count"]["found"].iloc[0]) < len(MULTIVERSE_QUERIES):
        return None
    return MultiverseMarts(**read_frames(database, MULTIVERSE_QUERIES))


def read_frames(
    database: Path, queries: Mapping[str, str], given: Mapping[str, pd.DataFrame] | None = None
) -> dict[str, pd.DataFrame]:
    """The frame of each query; ``given`` are frames that the queries read beside the tables of the database.

    Raises StudyError if the file is absent, locked, no DuckDB file, or was not built completely.
    """
    if not database.is_file():
        raise StudyError(f"The database {database} does not exist. Build it first: dbt build")
    frames = {}
    with _connected(database, read_only=True) as connection:
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


def write_estimates(database: Path, frames: Mapping[str, pd.DataFrame], *, keep: bool = False) -> None:
    """Replace schema ``estimates`` by these frames, in one transaction: all of them or none.

    ``keep`` leaves the other tables of the schema as they are. Raises StudyError if the file is locked.
    """
    with _connected(database, read_only=False) as connection:
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
def _connected(database: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
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
