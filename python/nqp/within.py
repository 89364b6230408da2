"""The fit of ``estimation`` as set-based SQL, for panels too large to pass through Python: entity effects leave by
joining entity means, year effects by the Schur complement of their T x T block, which needs no more than how many
entities are present in which years. Exact on unbalanced panels; nothing iterates.

With M the projection off both effects, S the sums by year of the columns less their entity means, and
G = diag(n_t) - sum over presence patterns p of count_p p p' / |p| the block of the year dummies net of the entities:
X'MX = (X - entity means)'(X - entity means) - S'G⁺S (Frisch-Waugh-Lovell). A second pass forms residuals, and from them
the meats of every covariance. Sums run over columns centred at their means, and the slopes take one Newton step with the
gradient of the second pass, so that large levels cost no digits.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from nqp.estimation import (
    COLLINEAR_SHARE,
    EFFECTS,
    LAG,
    Dropped,
    EstimationError,
    Fitted,
    Floats,
    Meats,
    SampleFlow,
    absorbed,
    check_degrees_of_freedom,
    check_names,
    check_relevance,
    check_rows,
    check_solution,
    in_order,
    leaves_nothing,
    near_collinear,
    no_variation,
    repeated,
    screened,
)

WORD = 60  # years in one integer of a presence pattern
MOST_YEARS = 1000
TABLES = ("within_offered", "within_entities", "within_net", "within_years", "within_scores")


@dataclass(frozen=True, eq=False)
class WithinFit(Fitted):
    """A model fitted from sums. ``meats`` are those of the slopes and, last, of the constant.

    ``products`` (outcome, terms and instruments on both sides) are cross-products net of the effects.
    """

    meats: Meats
    products: pd.DataFrame


def fit_within(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    *,
    outcome: str,
    regressors: Sequence[str],
    effects: tuple[str, ...] = EFFECTS,
    endogenous: Sequence[str] = (),
    instruments: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    entity: str = "entity_code",
    year: str = "year",
    where: str = "true",
    winsorise: tuple[float, float] | None = None,
    also: Sequence[str] = (),
) -> WithinFit:
    """Fit one model in the database: what :func:`nqp.estimation.fit` gives, rows excepted.

    Args:
        connection: an open connection; only temporary tables are made in it, and removed. One thread makes sums
            reproducible to the bit.
        relation: what stands after ``from``: a table, or ``read_parquet('...')``; a row per entity and year, in any order.
        outcome, regressors, effects, endogenous, instruments: as in :func:`nqp.estimation.fit`; ``L1.x`` is a lag of x,
            joined on the year, never by row.
        columns: the column of each name, where they differ.
        entity, year: the key columns; ``year`` must be of a whole-number type.
        where: SQL condition on ``panel`` that picks the sample; lags are made before it.
        winsorise: quantiles of all rows of the relation (type 7) to which the columns are pulled in, before lags are made.
        also: further names whose values must be there, to hold the sample of another model.

    NULL and NaN are missing. Singletons are found from the presence patterns, and counted but not named.

    Raises:
        EstimationError: as in :func:`nqp.estimation.fit`; a duplicate or missing key, a year that is no whole number.
    """
    effects = in_order(effects)
    terms, endog, excluded = list(regressors), list(endogenous), list(instruments)
    check_names(outcome, terms, endog, excluded)
    names = list(dict.fromkeys([outcome, *terms, *excluded]))
    what = f"model of '{outcome}' on {', '.join(terms)}"
    source = _Source(relation, entity, year, columns or {}, where, winsorise)
    with _temporary(connection):
        sums = _sums(connection, source, names, [name for name in also if name not in names], effects)
        y = sums.position[outcome]
        if sums.is_absorbed(outcome):
            raise no_variation(what, effects)
        terms, excluded, dropped = screened(what, terms, endog, excluded, sums.screen)
        k = len(terms)
        check_degrees_of_freedom(what, sums.n, k, sums.rank)
        warnings = near_collinear(what, sums.shares(terms))
        exog = [t for t in terms if t not in endog]
        own = [*exog, *excluded] if endog else terms  # what the residuals must be orthogonal to
        if endog:
            near_collinear(what, sums.shares(own))
            at = sums.at([*endog, *excluded, *exog])
            squared = smallest_canonical(sums.net[np.ix_(at, at)], len(endog), len(excluded))
            check_relevance(what, squared, endog)
        first = sums.solve(own, terms)  # (len(own), k): the first stage; the identity for least squares
        bread = np.linalg.inv(sums.unit(terms, own) @ first)
        scale = np.sqrt(np.diag(sums.net))
        to_terms, to_own = scale[sums.at(terms)], scale[sums.at(own)]
        params = bread @ first.T @ sums.unit(own, [outcome])[:, 0] * scale[y] / to_terms
        raw = _second_pass(connection, sums, params, terms, own, outcome)

    slopes = (bread / to_terms[:, None]) @ (first.T / to_own)  # scores of ``own`` to scores of the slopes
    step = slopes @ raw.gradient
    gap = step * to_terms
    tss_within = float(sums.net[y, y])
    check_solution(what, params, gap, raw.rss, tss_within)
    params = params + step
    means = sums.means[sums.at(terms)]
    # a constant is mean(y) - sum_j b_j mean(x_j): its score is e / n less the means times the scores of the slopes
    lift = np.block([[slopes, np.zeros((k, 1))], [-means @ slopes, np.full((1, 1), 1.0 / sums.n)]])
    inverse = bread / np.outer(to_terms, to_terms)
    spread = np.block(
        [[inverse, -(inverse @ means)[:, None]], [-(means @ inverse), means @ inverse @ means + 1 / sums.n]]
    )
    rss, tss = raw.rss, float(sums.centred[y])
    df_resid, r2 = sums.n - k - sums.rank, 1.0 - rss / tss
    used = [outcome, *terms, *excluded]
    at = sums.at(used)
    return WithinFit(
        outcome=outcome,
        terms=tuple(terms),
        effects=effects,
        endogenous=tuple(endog),
        instruments=tuple(excluded),
        params=pd.Series(params, index=terms, name="estimate"),
        constant=float(sums.means[y] - params @ means),
        n_obs=sums.n,
        n_entities=sums.entities,
        n_years=len(sums.years),
        first_year=int(sums.years[0]),
        last_year=int(sums.years[-1]),
        df_resid=df_resid,
        r2=r2,
        adj_r2=1.0 - (1.0 - r2) * (sums.n - 1) / df_resid,
        r2_within=1.0 - rss / tss_within,
        dropped=tuple(dropped),
        warnings=warnings,
        flow=sums.flow,
        meats=Meats(
            n=sums.n,
            clusters=sums.entities,
            years=len(sums.years),
            rank=sums.rank,
            rank_in_clusters=sums.block_rank + 1 if "entity" in effects else sums.rank,
            independent=spread * rss / sums.n,
            entities=lift @ raw.entities @ lift.T,
            rows=lift @ raw.rows @ lift.T,
            by_year=raw.by_year @ lift.T,
        ),
        products=pd.DataFrame(sums.net[np.ix_(at, at)], index=used, columns=used),
    )


# ------------------------------------------------------------------------------------------------- the sample


@dataclass(frozen=True)
class _Source:
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
class _Sums:
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
        return self.block_rank + (self.entities if "entity" in self.effects else 0)

    @cached_property
    def position(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    def at(self, names: Sequence[str]) -> list[int]:
        return [self.position[name] for name in names]

    def unit(self, left: Sequence[str], right: Sequence[str]) -> Floats:
        """Cross-products of columns of unit length."""
        length = np.sqrt(np.diag(self.net))
        a, b = self.at(left), self.at(right)
        return np.asarray(self.net[np.ix_(a, b)] / np.outer(length[a], length[b]))

    def solve(self, left: Sequence[str], right: Sequence[str]) -> Floats:
        """Coefficients, shape (left, right), of the columns on the right on those on the left, unit lengths."""
        if list(left) == list(right):
            return np.eye(len(left))
        return np.asarray(np.linalg.solve(self.unit(left, left), self.unit(left, right)))

    def is_absorbed(self, name: str) -> bool:
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


@contextlib.contextmanager
def _temporary(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    try:
        yield
    finally:
        for table in TABLES:
            connection.execute(f"drop table if exists temp.{table}")


def _offer(
    connection: duckdb.DuckDBPyConnection, source: _Source, names: Sequence[str]
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
    values = {base: f"b{i}" for i, base in enumerate(needed)}
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
    connection.execute(
        f"create temp table within_offered as {query}"
    )  # a join is worth keeping: it is read three times
    return "within_offered", set(orders)


def _sums(
    connection: duckdb.DuckDBPyConnection,
    source: _Source,
    names: Sequence[str],
    also: Sequence[str],
    effects: tuple[str, ...],
) -> _Sums:
    """The first pass: who is in the sample, entity means, cross-products, and the year block taken out."""
    every, outcome = [*names, *also], names[0]
    p = len(names)
    offered, lags = _offer(connection, source, every)
    no_outcome, no_regressor, no_lag = (
        " or ".join(f"v{i} is null" for i in chosen) or "false"
        for chosen in (
            [0],
            [i for i, name in enumerate(every) if i and name not in lags],
            [i for i, name in enumerate(every) if i and name in lags],
        )
    )
    complete = " and ".join(f"v{i} is not null" for i in range(len(every)))
    told = _row(
        connection,
        f"select count(*), count(*) filter ({no_outcome}), count(*) filter (not ({no_outcome}) and ({no_regressor})), "
        f"count(*) filter (not ({no_outcome}) and not ({no_regressor}) and ({no_lag})), "
        "count(*) filter (entity is null or year is null), min(year), max(year), "
        + ", ".join(f"avg(v{i})" for i in range(len(every)))
        + f" from {offered}",
    )
    rows, lost, keyless, (low, high), centre = told[0], told[1:4], told[4], told[5:7], told[7:]
    for i, mean in enumerate(centre):
        if mean is not None and not np.isfinite(mean):
            where = _row(
                connection,
                f"select entity, year from {offered} where v{i} is not null order by abs(v{i}) desc, entity, year limit 1",
            )
            raise EstimationError(
                f"column '{every[i]}' is infinite (or too large to sum) in entity {where[0]}, year {where[1]}; "
                "mend the value (a logarithm or a ratio of zero?) or make it missing."
            )
    if keyless:
        raise EstimationError(
            f"the panel has {keyless} rows without an entity or a year; give every row both."
        )
    if rows == sum(lost):
        check_rows(outcome, SampleFlow(rows, lost[0], lost[1], lost[2], 0, 0))
    if high - low >= MOST_YEARS:
        raise EstimationError(
            f"the panel runs from {low} to {high}: no more than {MOST_YEARS} years can be estimated."
        )

    words = range((high - low) // WORD + 1)
    shift = f"cast(year - {low} as integer)"
    bits = [
        f"bit_or(case when {shift} // {WORD} = {w} then cast(1 as bigint) << ({shift} % {WORD}) else 0 end) as p{w}"
        for w in words
    ]
    centred = [f"v{i} - {_number(c)}" for i, c in enumerate(centre[:p])]  # any number near the mean will do
    means = [f"avg({c})" if "entity" in effects else "0e0" for c in centred]

    def group(condition: str) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Make the table of entities; gives its presence patterns (patterns, width) and the entities of each."""
        connection.execute(
            f"create or replace temp table within_entities as select row_number() over () as id, * from (select entity, "
            f"count(*) as n, {', '.join(bits)}, {', '.join(f'{m} as m{i}' for i, m in enumerate(means))} "
            f"from {offered} where {condition} group by entity)"
        )
        listed = ", ".join(f"p{w}" for w in words)
        cells = connection.execute(
            f"select {listed}, count(*), sum(n - {' - '.join(f'bit_count(p{w})' for w in words)}) from within_entities "
            f"group by {listed} order by {listed}"
        ).fetchnumpy()
        columns = [np.asarray(column).astype(np.int64) for column in cells.values()]
        if columns[-1].any():
            entity, year = _row(
                connection,
                f"select entity, year from {offered} where {condition} group by all having count(*) > 1 order by all limit 1",
            )
            raise EstimationError(
                f"the panel has entity {entity}, year {year} more than once; keep one row of each."
            )
        place = np.arange(WORD, dtype=np.int64)
        present = np.concatenate([(column[:, None] >> place) & 1 for column in columns[:-2]], axis=1)
        return present[:, : high - low + 1].astype(bool), columns[-2]

    present, count = group(complete)
    here, alive = _core(present, count, effects)
    complete_rows = int(present.sum(axis=1) @ count)
    if (present.any(axis=0) & ~here).any():
        kept = ", ".join(str(low + int(t)) for t in np.flatnonzero(here)) or "null"
        complete += f" and year in ({kept})"
        present, count = group(complete)
        _, alive = _core(present, count, effects)
    present, count = present[alive][:, here], count[alive]
    n, entities = int(present.sum(axis=1) @ count), int(count.sum())
    flow = SampleFlow(rows, lost[0], lost[1], lost[2], complete_rows - n, n)
    check_rows(outcome, flow)
    at_least = 1 if "entity" in effects else 0
    connection.execute(
        f"create or replace temp table within_net as select cast(entities.id as integer) as id, {shift} as code, "
        + ", ".join(f"({c}) - entities.m{i} as v{i}" for i, c in enumerate(centred))
        + f" from {offered} as panel inner join within_entities as entities on panel.entity = entities.entity "
        f"where {complete} and entities.n > {at_least}"
    )
    pairs = [(i, j) for i in range(p) for j in range(i, p)]
    by_year = _matrix(
        connection,
        "select code, "
        + ", ".join(f"sum(v{i})" for i in range(p))
        + ", "
        + ", ".join(f"sum(v{i} * v{j})" for i, j in pairs)
        + " from within_net group by code order by code",
    )
    between = _matrix(
        connection,
        "select "
        + ", ".join(f"sum(n * m{i})" for i in range(p))
        + ", "
        + ", ".join(f"sum(n * m{i} * m{i})" for i in range(p))
        + f" from within_entities where n > {at_least}",
    )[0]
    years, sums = by_year[:, 0].astype(np.int64) + low, by_year[:, 1 : p + 1]
    inside = _symmetric(by_year[:, p + 1 :].sum(axis=0), p)
    off_centre = (between[:p] + sums.sum(axis=0)) / n
    spread = np.diag(inside) + between[p:] - n * off_centre**2
    effects_of_years, block_rank = _year_effects(present, count, sums, effects)
    net = inside - sums.T @ effects_of_years
    return _Sums(
        tuple(names), effects, flow, n, entities, years, low, np.asarray(centre[:p], dtype=float) + off_centre,
        np.maximum(spread, 0.0), (net + net.T) / 2, block_rank, effects_of_years,
    )  # fmt: skip


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
class _Raw:
    """Residual sum of squares, and meats of [own columns, 1] times the residual: not yet of the slopes."""

    rss: float
    gradient: Floats  # (q,)
    entities: Floats  # (q + 1, q + 1)
    rows: Floats  # (q + 1, q + 1)
    by_year: Floats  # (T, q + 1)


def _second_pass(
    connection: duckdb.DuckDBPyConnection,
    sums: _Sums,
    params: Floats,
    terms: Sequence[str],
    own: Sequence[str],
    outcome: str,
) -> _Raw:
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
    return _Raw(
        rss=float(found[0]),
        gradient=found[1 : q + 1],
        entities=_symmetric(found[q + 1 :], q + 1),
        rows=_symmetric(years[:, q + 1 :].sum(axis=0), q + 1),
        by_year=years[:, : q + 1],
    )


# ------------------------------------------------------------------------------------------------------ helpers


WHOLE = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
)


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    found = connection.execute(query).fetchone()
    assert found is not None
    return found


def _matrix(connection: duckdb.DuckDBPyConnection, query: str) -> Floats:
    return np.array(connection.execute(query).fetchall(), dtype=float)


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
