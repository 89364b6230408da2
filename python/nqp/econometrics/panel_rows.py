"""The rows of a panel that a within estimator uses, as a relation of SQL: columns cleaned, winsorised and lagged where they lie."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from nqp.econometrics.equation import EstimationError, Floats
from nqp.econometrics.sample import SampleFlow, check_rows
from nqp.econometrics.sql_text import number, quoted
from nqp.econometrics.terms import factors

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")  # fmt: skip
MOST_YEARS = 1000
TABLES = ("within_offered", "within_entities", "within_net", "within_years", "within_scores")


@dataclass(frozen=True)
class Source:
    """Where the rows are and which of them are wanted."""

    relation: str
    entity: str
    year: str
    columns: Mapping[str, str]
    where: str
    winsorise: tuple[float, float] | None

    def column(self, name: str) -> str:
        """The column of a name, cleaned: NaN is missing."""
        value = f"cast({quoted(self.columns.get(name, name))} as double)"
        return f"case when not isnan({value}) then {value} end"


@dataclass(frozen=True)
class Offer:
    """The wanted rows as a relation (entity, year, v0, v1, ...), with their counts and years."""

    relation: str
    complete: str  # the condition of a row without a missing value
    flow: SampleFlow
    low: int
    high: int
    centre: tuple[float, ...]  # near the means: any such number takes the level out of the sums

    @property
    def code(self) -> str:
        """The year as a number from 0."""
        return f"cast(year - {self.low} as integer)"

    def centred(self, p: int) -> list[str]:
        """The first p columns less their centre."""
        return [f"v{i} - {number(c)}" for i, c in enumerate(self.centre[:p])]


@contextlib.contextmanager
def temporary_tables(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Drops the tables of both passes at the end."""
    try:
        yield
    finally:
        for table in TABLES:
            connection.execute(f"drop table if exists temp.{table}")


def _relation(
    connection: duckdb.DuckDBPyConnection, source: Source, names: Sequence[str]
) -> tuple[str, set[str]]:
    """A relation (entity, year, v0, v1, ...) of the wanted rows, missing values and all; and which names look at another year."""
    try:
        types = dict(
            connection.execute(
                f"select column_name, column_type from (describe select * from {source.relation})"
            ).fetchall()
        )
    except duckdb.Error as error:
        raise EstimationError(f"the panel cannot be read: {str(error).splitlines()[0]}") from error
    known = {*types, *source.columns}
    parts = {name: factors(name, known) for name in names}
    for name, base in [(name, part.column) for name, found in parts.items() for part in found]:
        column = source.columns.get(base, base)
        if column not in types:
            raise EstimationError(f"no column '{name}' in the panel; it has {', '.join(map(str, types))}.")
        if not types[column].startswith(("DOUBLE", "FLOAT", "DECIMAL", *WHOLE)):
            raise EstimationError(f"column '{base}' holds values that are not numbers; clean it first.")
    for key in (source.entity, source.year):
        if key not in types:
            raise EstimationError(f"no column '{key}' in the panel; it has {', '.join(map(str, types))}.")
    if not types[source.year].startswith(WHOLE):
        raise EstimationError(
            f"column '{source.year}' of the panel must hold whole years; it is {types[source.year]}."
        )
    needed = list(dict.fromkeys(part.column for name in names for part in parts[name]))
    cells = {base: source.column(base) for base in needed}
    if source.winsorise is not None:
        low, high = source.winsorise
        if not 0 <= low < high <= 1:
            raise EstimationError(f"winsorising needs 0 <= lower < upper <= 1, not {low} and {high}.")
        quantiles = ", ".join(f"quantile_cont({cells[base]}, [{low!r}, {high!r}])" for base in needed)
        bounds = one_row(connection, f"select {quantiles} from {source.relation}")
        cells = {
            base: f"case when {cell} is not null then least(greatest({cell}, {number(ends[0])}), {number(ends[1])}) end"
            for (base, cell), ends in zip(cells.items(), bounds, strict=True)
            if ends is not None
        } | {base: "cast(null as double)" for base, ends in zip(needed, bounds, strict=True) if ends is None}
    values = {base: f"within_{i}" for i, base in enumerate(needed)}
    panel = (
        f"(select *, {quoted(source.entity)} as within_entity, {quoted(source.year)} as within_year, "
        + ", ".join(f"{cells[base]} as {values[base]}" for base in needed)
        + f" from {source.relation})"
    )
    picked = ", ".join(
        " * ".join(f"{_alias(part.lag)}.{values[part.column]}" for part in parts[name]) + f" as v{i}"
        for i, name in enumerate(names)
    )
    lags = sorted({part.lag for name in names for part in parts[name] if part.lag})
    joins = "".join(
        f" left join {panel} as {_alias(lag)} on {_alias(lag)}.within_entity = panel.within_entity "
        f"and {_alias(lag)}.within_year = panel.within_year - ({lag})"
        for lag in lags
    )
    query = f"select panel.within_entity as entity, panel.within_year as year, {picked} from {panel} as panel{joins} where {source.where}"
    if not joins:
        return f"({query})", set()
    # a join is worth keeping: it is read three times
    connection.execute(f"create or replace temp table within_offered as {query}")
    return "within_offered", {name for name in names if any(part.lag for part in parts[name])}


def _alias(lag: int) -> str:
    """The panel as it was so many years before; a negative number is a lead."""
    return f"lag_{lag}" if lag > 0 else f"lead_{-lag}" if lag else "panel"


def offered_rows(connection: duckdb.DuckDBPyConnection, source: Source, names: Sequence[str]) -> Offer:
    """The wanted rows, counted: what is missing, which years, about which numbers to centre the columns."""
    relation, lags = _relation(connection, source, names)
    where = [f"v{i} is null" for i in range(len(names))]
    others = range(1, len(names))
    no_outcome = where[0]
    no_regressor = " or ".join(where[i] for i in others if names[i] not in lags) or "false"
    no_lag = " or ".join(where[i] for i in others if names[i] in lags) or "false"
    counts = one_row(
        connection,
        f"select count(*), count(*) filter ({no_outcome}), count(*) filter (not ({no_outcome}) and ({no_regressor})), "
        f"count(*) filter (not ({no_outcome}) and not ({no_regressor}) and ({no_lag})), "
        f"count(*) filter (entity is null or year is null), min(year), max(year), {each('avg(v{})', len(names))} "
        f"from {relation}",
    )
    rows, no_y, no_x, no_past, keyless, low, high, *centre = counts
    flow = SampleFlow(rows, no_y, no_x, no_past, 0, 0)
    for i, mean in enumerate(centre):
        if mean is not None and not np.isfinite(mean):
            entity, year = one_row(
                connection,
                f"select entity, year from {relation} where v{i} is not null order by abs(v{i}) desc, entity, year limit 1",
            )
            raise EstimationError(
                f"column '{names[i]}' is infinite (or too large to sum) in entity {entity}, year {year}; "
                "mend the value (a logarithm or a ratio of zero?) or make it missing."
            )
    if keyless:
        raise EstimationError(
            f"the panel has {keyless} rows without an entity or a year; give every row both."
        )
    if rows == no_y + no_x + no_past:
        check_rows(names[0], flow)
    if high - low >= MOST_YEARS:
        raise EstimationError(
            f"the panel runs from {low} to {high}: no more than {MOST_YEARS} years can be estimated."
        )
    complete = " and ".join(f"v{i} is not null" for i in range(len(names)))
    return Offer(relation, complete, flow, low, high, tuple(centre))


def one_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The only row of a query."""
    found = connection.execute(query).fetchone()
    assert found is not None
    return found


def matrix(connection: duckdb.DuckDBPyConnection, query: str) -> Floats:
    """The numbers of a query, (rows, columns)."""
    return np.array(connection.execute(query).fetchall(), dtype=float)


def each(text: str, p: int) -> str:
    """The text once for every column number, with commas between."""
    return ", ".join(text.format(i) for i in range(p))


def symmetric(upper: Floats, p: int) -> Floats:
    """The symmetric matrix of an upper triangle, row by row."""
    full = np.zeros((p, p))
    full[np.triu_indices(p)] = upper
    return np.asarray(full + np.triu(full, 1).T)
