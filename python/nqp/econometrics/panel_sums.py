"""What a within estimator needs of a panel, summed in the database: no row comes to Python.

This first pass centres the columns, takes out entity means by a join, and the year block by its Schur complement: with S the
sums by year of the columns less their entity means, and G = diag(n_t) - sum over presence patterns p of count_p p p' / |p|
the block of the year dummies net of the entities, X'MX = (X - entity means)'(X - entity means) - S'G⁺S (Frisch-Waugh-Lovell).
The second pass (``panel_scores``) forms residuals and sums the scores. Nothing iterates, and unbalanced panels are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from nqp.econometrics.equation import Dropped, EstimationError, Floats
from nqp.econometrics.panel_rows import Offer, Source, each, matrix, offered_rows, one_row, symmetric
from nqp.econometrics.sample import SampleFlow, check_rows
from nqp.econometrics.screens import COLLINEAR_SHARE, absorbed, leaves_nothing, repeated

WORD = 60  # years in one integer of a presence pattern


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
    offer = offered_rows(connection, source, [*names, *also])
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
    by_year = matrix(
        connection,
        f"select code, {each('sum(v{})', p)}, {', '.join(pairs)} from within_net group by code order by code",
    )
    between = matrix(
        connection,
        f"select {each('sum(n * m{})', p)}, {each('sum(n * m{0} * m{0})', p)} from within_entities as entities where {several}",
    )[0]
    sums, inside = by_year[:, 1 : p + 1], symmetric(by_year[:, p + 1 :].sum(axis=0), p)
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


def _group(
    connection: duckdb.DuckDBPyConnection, offer: Offer, complete: str, p: int, nested: bool
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
        entity, year = one_row(
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
