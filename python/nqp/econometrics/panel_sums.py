"""What a within estimator needs of a panel, summed in the database: two passes of set-based SQL, no row comes to Python.

The first pass centres the columns, takes out entity means by a join, and the year block by its Schur complement: with S the
sums by year of the columns less their entity means, and G = diag(n_t) - sum over presence patterns p of count_p p p' / |p|
the block of the year dummies net of the entities, X'MX = (X - entity means)'(X - entity means) - S'G⁺S (Frisch-Waugh-Lovell).
The second pass forms residuals and sums the scores. Nothing iterates, and unbalanced panels are exact.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from nqp.econometrics.estimation import (
    COLLINEAR_SHARE,
    LAG,
    Dropped,
    EstimationError,
    Floats,
    SampleFlow,
    absorbed,
    check_rows,
    leaves_nothing,
    repeated,
)

WORD = 60  # years in one integer of a presence pattern
MOST_YEARS = 1000
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")  # fmt: skip
TABLES = ("within_offered", "within_entities", "within_net", "within_years", "within_scores")


@dataclass(frozen=True)
class Source:
    """Where the rows are and which of them are asked for."""

    relation: str
    entity: str
    year: str
    columns: Mapping[str, str]
    where: str
    winsorise: tuple[float, float] | None

    def column(self, name: str) -> str:
        """The column of a name that is no lag, cleaned: NaN is missing."""
        value = f"cast({_quoted(self.columns.get(name, name))} as double)"
        return f"case when not isnan({value}) then {value} end"


@dataclass(frozen=True, eq=False)
class Sums:
    """All that the normal equations need. Columns stand in the order of ``names``."""

    names: tuple[str, ...]
    effects: tuple[str, ...]
    flow: SampleFlow
    n: int
    entities: int
    years: NDArray[np.int64]  # (T,) those with rows, ascending
    origin: int  # the year of code 0
    means: Floats  # (p,)
    centred: Floats  # (p,) sums of squares around the mean
    net: Floats  # (p, p) cross-products net of the effects
    block_rank: int  # rank of the absorbed space beyond the entity dummies
    year_effects: Floats  # (T, p) what the years add to each column, net of the entities

    @property
    def rank(self) -> int:
        """Degrees of freedom that the effects (or the constant) use."""
        return self.block_rank + (self.entities if "entity" in self.effects else 0)

    @cached_property
    def position(self) -> dict[str, int]:
        """The place of each name."""
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def length(self) -> Floats:
        """Lengths of the columns net of the effects, shape (p,)."""
        return np.sqrt(np.maximum(np.diag(self.net), 0.0))

    def at(self, names: Sequence[str]) -> list[int]:
        """The places of some names."""
        return [self.position[name] for name in names]

    def unit(self, left: Sequence[str], right: Sequence[str]) -> Floats:
        """Cross-products of columns of unit length."""
        a, b = self.at(left), self.at(right)
        return np.asarray(self.net[np.ix_(a, b)] / np.outer(self.length[a], self.length[b]))

    def solve(self, left: Sequence[str], right: Sequence[str]) -> Floats:
        """Coefficients, shape (left, right), of the columns on the right on those on the left, unit lengths."""
        if list(left) == list(right):
            return np.eye(len(left))
        return np.asarray(np.linalg.solve(self.unit(left, left), self.unit(left, right)))

    def is_absorbed(self, name: str) -> bool:
        """Whether the effects hold a column."""
        i = self.position[name]
        raw = self.centred[i] + self.n * self.means[i] ** 2
        return leaves_nothing(self.net[i, i], self.centred[i], raw)

    def screen(self, names: Sequence[str]) -> tuple[list[str], list[Dropped]]:
        """Names to keep, in order, and those that the effects or the names before them already hold."""
        kept: list[str] = []
        dropped: list[Dropped] = []
        for name in names:
            if self.is_absorbed(name):
                dropped.append(absorbed(name, self.effects))
                continue
            weights = self.solve(kept, [name])[:, 0] if kept else np.empty(0)
            left = 1.0 - float(weights @ self.unit(kept, [name])[:, 0]) if kept else 1.0
            if left <= COLLINEAR_SHARE:
                dropped.append(repeated(name, kept, weights))
            else:
                kept.append(name)
        return kept, dropped

    def shares(self, names: Sequence[str]) -> dict[str, float]:
        """1 / VIF of each column."""
        inverse = np.diag(np.linalg.inv(self.unit(names, names)))
        return dict(zip(names, (1.0 / inverse).tolist(), strict=True))


def smallest_canonical(products: Floats, m: int, q: int) -> float:
    """Smallest squared canonical correlation of m columns and the next q, net of the others, from their cross-products."""
    length = np.sqrt(np.diag(products))
    unit = products / np.outer(length, length)
    inner, across = unit[: m + q, : m + q], unit[: m + q, m + q :]
    if across.shape[1]:
        inner = inner - across @ np.linalg.solve(unit[m + q :, m + q :], across.T)
    root = np.linalg.inv(np.linalg.cholesky(inner[:m, :m]))
    shared = inner[m:, :m] @ root.T
    return float(np.linalg.eigvalsh(shared.T @ np.linalg.solve(inner[m:, m:], shared))[0])


@dataclass(frozen=True)
class _Offer:
    """The rows asked for, as a relation (entity, year, v0, v1, ...), and what a first look at them tells."""

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
        return [f"v{i} - {_number(c)}" for i, c in enumerate(self.centre[:p])]


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
    """A relation (entity, year, v0, v1, ...) of the rows asked for, missing values and all; and which names are lags."""
    try:
        types = dict(
            connection.execute(
                f"select column_name, column_type from (describe select * from {source.relation})"
            ).fetchall()
        )
    except duckdb.Error as error:
        raise EstimationError(f"the panel cannot be read: {str(error).splitlines()[0]}") from error
    lags = {name: LAG.fullmatch(name) for name in names if source.columns.get(name, name) not in types}
    plain = {name: m[2] if (m := lags.get(name)) else name for name in names}
    for name, base in plain.items():
        column = source.columns.get(base, base)
        if column not in types:
            raise EstimationError(f"no column '{name}' in the panel; it has {', '.join(map(str, types))}.")
        if not types[column].startswith(("DOUBLE", "FLOAT", "DECIMAL", *WHOLE)):
            raise EstimationError(f"column '{name}' holds values that are not numbers; clean it first.")
    for key in (source.entity, source.year):
        if key not in types:
            raise EstimationError(f"no column '{key}' in the panel; it has {', '.join(map(str, types))}.")
    if not types[source.year].startswith(WHOLE):
        raise EstimationError(
            f"column '{source.year}' of the panel must hold whole years; it is {types[source.year]}."
        )
    needed = list(dict.fromkeys(plain.values()))
    cells = {base: source.column(base) for base in needed}
    if source.winsorise is not None:
        low, high = source.winsorise
        if not 0 <= low < high <= 1:
            raise EstimationError(f"winsorising needs 0 <= lower < upper <= 1, not {low} and {high}.")
        asked = ", ".join(f"quantile_cont({cells[base]}, [{low!r}, {high!r}])" for base in needed)
        bounds = _row(connection, f"select {asked} from {source.relation}")
        cells = {
            base: f"case when {cell} is not null then least(greatest({cell}, {_number(ends[0])}), {_number(ends[1])}) end"
            for (base, cell), ends in zip(cells.items(), bounds, strict=True)
            if ends is not None
        } | {base: "cast(null as double)" for base, ends in zip(needed, bounds, strict=True) if ends is None}
    values = {base: f"within_{i}" for i, base in enumerate(needed)}
    panel = (
        f"(select *, {_quoted(source.entity)} as within_entity, {_quoted(source.year)} as within_year, "
        + ", ".join(f"{cells[base]} as {values[base]}" for base in needed)
        + f" from {source.relation})"
    )
    orders = {name: int(m[1]) for name, m in lags.items() if m}
    picked = ", ".join(
        f"{f'lag_{orders[name]}' if name in orders else 'panel'}.{values[plain[name]]} as v{i}"
        for i, name in enumerate(names)
    )
    joins = "".join(
        f" left join {panel} as lag_{order} on lag_{order}.within_entity = panel.within_entity "
        f"and lag_{order}.within_year = panel.within_year - {order}"
        for order in sorted(set(orders.values()))
    )
    query = f"select panel.within_entity as entity, panel.within_year as year, {picked} from {panel} as panel{joins} where {source.where}"
    if not joins:
        return f"({query})", set()
    # a join is worth keeping: it is read three times
    connection.execute(f"create or replace temp table within_offered as {query}")
    return "within_offered", set(orders)


def first_pass(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    names: Sequence[str],
    also: Sequence[str],
    effects: tuple[str, ...],
) -> Sums:
    """Who is in the sample, entity means, cross-products, and the year block taken out; the outcome is the first name.

    Leaves the tables within_entities and within_net for the second pass.
    """
    p, nested = len(names), "entity" in effects
    offer = _offered(connection, source, [*names, *also])
    complete = offer.complete
    present, count = _group(connection, offer, complete, p, nested)
    here, alive = _core(present, count, effects)
    complete_rows = int(present.sum(axis=1) @ count)
    if (present.any(axis=0) & ~here).any():  # a year that is alone goes, and with it a row of an entity
        kept = ", ".join(str(offer.low + int(t)) for t in np.flatnonzero(here)) or "null"
        complete = f"{complete} and year in ({kept})"
        present, count = _group(connection, offer, complete, p, nested)
        _, alive = _core(present, count, effects)
    present, count = present[alive][:, here], count[alive]
    n, entities = int(present.sum(axis=1) @ count), int(count.sum())
    flow = replace(offer.flow, singletons=complete_rows - n, used=n)
    check_rows(names[0], flow)

    several = f"entities.n > {int(nested)}"
    columns = ", ".join(f"({c}) - entities.m{i} as v{i}" for i, c in enumerate(offer.centred(p)))
    connection.execute(
        f"create or replace temp table within_net as select cast(entities.id as integer) as id, {offer.code} as code, {columns} "
        f"from {offer.relation} as panel inner join within_entities as entities on panel.entity = entities.entity "
        f"where {complete} and {several}"
    )
    pairs = [f"sum(v{i} * v{j})" for i in range(p) for j in range(i, p)]
    by_year = _matrix(
        connection,
        f"select code, {_each('sum(v{})', p)}, {', '.join(pairs)} from within_net group by code order by code",
    )
    between = _matrix(
        connection,
        f"select {_each('sum(n * m{})', p)}, {_each('sum(n * m{0} * m{0})', p)} from within_entities as entities where {several}",
    )[0]
    sums, inside = by_year[:, 1 : p + 1], _symmetric(by_year[:, p + 1 :].sum(axis=0), p)
    off_centre = (between[:p] + sums.sum(axis=0)) / n
    centred = np.diag(inside) + between[p:] - n * off_centre**2
    year_effects, block_rank = _year_effects(present, count, sums, effects)
    net = inside - sums.T @ year_effects
    return Sums(
        names=tuple(names),
        effects=effects,
        flow=flow,
        n=n,
        entities=entities,
        years=by_year[:, 0].astype(np.int64) + offer.low,
        origin=offer.low,
        means=np.asarray(offer.centre[:p], dtype=float) + off_centre,
        centred=np.maximum(centred, 0.0),
        net=(net + net.T) / 2,
        block_rank=block_rank,
        year_effects=year_effects,
    )


def _offered(connection: duckdb.DuckDBPyConnection, source: Source, names: Sequence[str]) -> _Offer:
    """The rows asked for, counted: what is missing, which years, about which numbers to centre the columns."""
    relation, lags = _relation(connection, source, names)
    where = [f"v{i} is null" for i in range(len(names))]
    others = range(1, len(names))
    no_outcome = where[0]
    no_regressor = " or ".join(where[i] for i in others if names[i] not in lags) or "false"
    no_lag = " or ".join(where[i] for i in others if names[i] in lags) or "false"
    told = _row(
        connection,
        f"select count(*), count(*) filter ({no_outcome}), count(*) filter (not ({no_outcome}) and ({no_regressor})), "
        f"count(*) filter (not ({no_outcome}) and not ({no_regressor}) and ({no_lag})), "
        f"count(*) filter (entity is null or year is null), min(year), max(year), {_each('avg(v{})', len(names))} "
        f"from {relation}",
    )
    rows, no_y, no_x, no_past, keyless, low, high, *centre = told
    flow = SampleFlow(rows, no_y, no_x, no_past, 0, 0)
    for i, mean in enumerate(centre):
        if mean is not None and not np.isfinite(mean):
            entity, year = _row(
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
    return _Offer(relation, complete, flow, low, high, tuple(centre))


def _group(
    connection: duckdb.DuckDBPyConnection, offer: _Offer, complete: str, p: int, nested: bool
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Make the table of entities (rows, years, means); gives its presence patterns (patterns, years) and how many have each."""
    words = range((offer.high - offer.low) // WORD + 1)
    bits = ", ".join(
        f"bit_or(case when {offer.code} // {WORD} = {w} then cast(1 as bigint) << ({offer.code} % {WORD}) else 0 end) as p{w}"
        for w in words
    )
    means = ", ".join(f"{f'avg({c})' if nested else '0e0'} as m{i}" for i, c in enumerate(offer.centred(p)))
    connection.execute(
        "create or replace temp table within_entities as select row_number() over () as id, * from "
        f"(select entity, count(*) as n, {bits}, {means} from {offer.relation} where {complete} group by entity)"
    )
    listed, seen = (
        ", ".join(f"p{w}" for w in words),
        " + ".join(f"cast(bit_count(p{w}) as bigint)" for w in words),
    )
    cells = connection.execute(
        f"select {listed}, count(*), sum(n - ({seen})) from within_entities group by {listed} order by {listed}"
    ).fetchnumpy()
    *patterns, count, repeats = (np.asarray(column).astype(np.int64) for column in cells.values())
    if repeats.any():
        entity, year = _row(
            connection,
            f"select entity, year from {offer.relation} where {complete} group by all having count(*) > 1 order by all limit 1",
        )
        raise EstimationError(
            f"the panel has entity {entity}, year {year} more than once; keep one row of each."
        )
    place = np.arange(WORD, dtype=np.int64)
    present = np.concatenate([(pattern[:, None] >> place) & 1 for pattern in patterns], axis=1)
    return present[:, : offer.high - offer.low + 1].astype(bool), count


def _core(
    present: NDArray[np.bool_], count: NDArray[np.int64], effects: tuple[str, ...]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Years and patterns of the largest sample without singletons: entities and years with one row, again and again."""
    here: NDArray[np.bool_] = np.asarray(present.any(axis=0))
    while True:
        alive = np.asarray((present & here).sum(axis=1) > int("entity" in effects), dtype=bool)
        rows = count[alive] @ present[alive].astype(np.int64)
        left = np.asarray(here & (rows > int("year" in effects)), dtype=bool)
        if np.array_equal(left, here):
            return here, alive
        here = left


def _year_effects(
    present: NDArray[np.bool_], count: NDArray[np.int64], sums: Floats, effects: tuple[str, ...]
) -> tuple[Floats, int]:
    """What the years add to each column, shape (T, p), net of the entities, and the rank of their block."""
    if "year" not in effects:
        if "entity" in effects:
            return np.zeros_like(sums), 0
        rows = count @ present.astype(np.int64)  # one constant for all years
        return np.repeat(sums.sum(axis=0, keepdims=True) / rows.sum(), len(sums), axis=0), 1
    block = np.diag((count @ present.astype(np.int64)).astype(float))
    if "entity" not in effects:
        return sums / np.diag(block)[:, None], len(block)
    together = np.zeros_like(block)
    for start in range(0, len(present), 100_000):
        part = present[start : start + 100_000].astype(float)
        together += (part * (count[start : start + 100_000] / part.sum(axis=1))[:, None]).T @ part
    block -= together
    # years that no chain of entities connects have effects of their own: each such group loses one
    groups, _ = connected_components(together > 0, directed=False)
    rank = len(block) - int(groups)
    values, vectors = np.linalg.eigh(block)
    values, vectors = values[groups:], vectors[:, groups:]
    return np.asarray(vectors @ ((vectors.T @ sums) / values[:, None])), rank


# ---------------------------------------------------------------------------------------------- the second pass


@dataclass(frozen=True, eq=False)
class Scores:
    """Residual sum of squares, and meats of [own columns, 1] times the residual: not yet of the slopes."""

    rss: float
    gradient: Floats  # (q,)
    entities: Floats  # (q + 1, q + 1)
    rows: Floats  # (q + 1, q + 1)
    by_year: Floats  # (T, q + 1)


def second_pass(
    connection: duckdb.DuckDBPyConnection,
    sums: Sums,
    params: Floats,
    terms: Sequence[str],
    own: Sequence[str],
    outcome: str,
) -> Scores:
    """Residuals e, and the scores of ``own``, each net of the effects."""
    q, y = len(own), sums.position[outcome]
    residual_effects = sums.year_effects[:, y] - sums.year_effects[:, sums.at(terms)] @ params
    rows = [
        f"({int(year) - sums.origin}, {_number(residual_effects[t])}, "
        + ", ".join(_number(sums.year_effects[t, i]) for i in sums.at(own))
        + ")"
        for t, year in enumerate(sums.years)
    ]
    connection.execute(
        f"create or replace temp table within_years (code integer, u double, {', '.join(f'g{j} double' for j in range(q))})"
    )
    connection.execute(f"insert into within_years values {', '.join(rows)}")
    residual = f"net.v{y}" + "".join(
        f" - ({_number(b)}) * net.v{i}" for b, i in zip(params, sums.at(terms), strict=True)
    )
    shaped = (
        f"(select net.id, net.code, {residual} - years.u as e, "
        + ", ".join(f"net.v{i} - years.g{j} as z{j}" for j, i in enumerate(sums.at(own)))
        + " from within_net as net inner join within_years as years on net.code = years.code)"
    )
    inside = "entity" in sums.effects
    connection.execute(
        "create or replace temp table within_scores as select id, count(*) as n, sum(e) as e, sum(e * e) as ee, "
        + ", ".join(f"sum(z{j}) as z{j}, sum(z{j} * e) as s{j}" for j in range(q))
        + f" from {shaped} group by id"
    )
    # what the years take out of an entity's mean goes back in: the residual and the columns have mean 0 in each entity
    score = [f"s{j} - z{j} * e / n" if inside else f"s{j}" for j in range(q)] + (["0e0"] if inside else ["e"])
    pairs = [(i, j) for i in range(q + 1) for j in range(i, q + 1)]
    found = _matrix(
        connection,
        f"select {'sum(ee - e * e / n)' if inside else 'sum(ee)'}, {', '.join(f'sum({s})' for s in score[:q])}, "
        + ", ".join(f"sum(({score[i]}) * ({score[j]}))" for i, j in pairs)
        + " from within_scores",
    )[0]
    z = [f"(row.z{j} - scores.z{j} / scores.n)" if inside else f"row.z{j}" for j in range(q)]
    e = "(row.e - scores.e / scores.n)" if inside else "row.e"
    exact = (
        f"(select row.code, {e} as e, " + ", ".join(f"{c} * {e} as s{j}" for j, c in enumerate(z))
        + f", {e} as s{q} from {shaped} as row"
        + (" inner join within_scores as scores on row.id = scores.id)" if inside else ")")
    )  # fmt: skip
    years = _matrix(
        connection,
        f"select {', '.join(f'sum(s{j})' for j in range(q + 1))}, {', '.join(f'sum(s{i} * s{j})' for i, j in pairs)} "
        f"from {exact} group by code order by code",
    )
    return Scores(
        rss=float(found[0]),
        gradient=found[1 : q + 1],
        entities=_symmetric(found[q + 1 :], q + 1),
        rows=_symmetric(years[:, q + 1 :].sum(axis=0), q + 1),
        by_year=years[:, : q + 1],
    )


# ------------------------------------------------------------------------------------------------------ helpers


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    found = connection.execute(query).fetchone()
    assert found is not None
    return found


def _matrix(connection: duckdb.DuckDBPyConnection, query: str) -> Floats:
    return np.array(connection.execute(query).fetchall(), dtype=float)


def _each(text: str, p: int) -> str:
    """The text once for every column number, with commas between."""
    return ", ".join(text.format(i) for i in range(p))


def _symmetric(upper: Floats, p: int) -> Floats:
    """The symmetric matrix of an upper triangle, row by row."""
    full = np.zeros((p, p))
    full[np.triu_indices(p)] = upper
    return np.asarray(full + np.triu(full, 1).T)


def _number(value: float) -> str:
    """A double as SQL; with an exponent, because a number without one is a decimal."""
    return f"{float(value):.17e}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
