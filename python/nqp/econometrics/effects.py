"""The projection off the effects of a model, exact on unbalanced panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from nqp.econometrics.equation import TREND, EstimationError, Floats, Integers, is_trend, parts_of

MOST_CELLS = 50_000_000  # of a dense block of dummies: 400 MB


@dataclass(frozen=True, eq=False)
class Absorber:
    """The projection off the effects (a constant when there are none), exact on unbalanced panels.

    Entity effects leave by subtracting entity means, and entity trends by one slope per entity; what the other effects add
    is an orthonormal basis of their dummies and trends net of those (Frisch-Waugh-Lovell). Rows are sorted by entity, then
    year. With weights w every column, dummies too, is multiplied by sqrt(w), so that all that follows is ordinary least squares.
    """

    entity: Integers  # (n,) codes 0..N-1
    year: Integers  # (n,) codes 0..T-1
    effects: tuple[str, ...]
    categories: Mapping[str, Integers] = field(default_factory=dict)  # (n,) codes of further categories
    calendar: Floats | None = None  # (n,) the years themselves: a trend needs their distances
    weights: Floats | None = None  # (n,) of the rows; analytic ones add up to n
    copies: bool = False  # whether a weight says how many equal rows one stands for
    constant: bool = True  # whether a constant stands in where there are no effects

    @cached_property
    def entity_sizes(self) -> Integers:
        """Rows of each entity, shape (N,)."""
        return np.bincount(self.entity)

    @property
    def counted(self) -> int:
        """The number of observations: rows, or what frequencies add up to."""
        return int(self.weights.sum()) if self.copies and self.weights is not None else len(self.entity)

    def rooted(self, columns: Floats) -> Floats:
        """Columns (n, p) times the roots of the weights."""
        return columns if self.weights is None else columns * np.sqrt(self.weights)[:, None]

    def mean(self, column: Floats) -> float:
        """The mean of a column (n,) as it stands in the panel, weighted."""
        return float(column.mean() if self.weights is None else self.weights @ column / self.weights.sum())

    def codes(self, name: str) -> Integers:
        """Codes 0.. of the categories of an effect or a cluster, those that occur, shape (n,)."""
        return combined([self._part(part) for part in parts_of(name)])

    def _part(self, name: str) -> Integers:
        return {"entity": self.entity, "year": self.year, **self.categories}[name]

    @cached_property
    def entity_trend(self) -> Floats | None:
        """Of entity trends: the year less its mean in the entity, of unit length in each; (n,)."""
        if f"entity:{TREND}" not in self.effects:
            return None
        trend = self._less_means(self.rooted(self._years[:, None]))[:, 0]
        length = np.sqrt(self.sum_by_entity((trend**2)[:, None])[:, 0])[self.entity]
        return np.asarray(np.divide(trend, length, out=np.zeros_like(trend), where=length > 1e-9))

    @cached_property
    def _years(self) -> Floats:
        """The calendar around its mean, in standard deviations, shape (n,)."""
        years = np.asarray(self.year if self.calendar is None else self.calendar, dtype=float)
        return np.asarray((years - years.mean()) / (years.std() or 1.0))

    @cached_property
    def basis(self) -> Floats:
        """Orthonormal basis, shape (n, r), of the absorbed space beyond the entity dummies and their trends."""
        n, inside = len(self.entity), "entity" in self.effects
        rest = [e for e in self.effects if e not in ("entity", f"entity:{TREND}")]
        blocks = [] if inside or rest or not self.constant else [np.ones((n, 1))]
        codes = {effect: self.codes(effect) for effect in rest}
        width = sum(int(code.max()) + 1 for code in codes.values())
        if n * width > MOST_CELLS:
            raise EstimationError(
                f"the effects {', '.join(rest)} have {width} categories on {n} rows, too many beside each other; "
                "leave one out, or take its coarser kin."
            )
        for effect, code in codes.items():
            dummies = np.eye(int(code.max()) + 1)[code]
            blocks.append(dummies)
            if is_trend(effect):
                blocks.append(dummies * self._years[:, None])
        if not blocks:
            return np.empty((n, 0))
        block = self.rooted(np.column_stack(blocks))
        u, s, _ = np.linalg.svd(self.off_entity(block), full_matrices=False)
        # against the dummies themselves: a group of entities leaves nothing but rounding beside entity effects
        return np.ascontiguousarray(u[:, s > 1e-9 * max(s[0], np.sqrt((block**2).sum(axis=0).max()))])

    @property
    def rank(self) -> int:
        """Dimension of the absorbed space: degrees of freedom that the effects (or the constant) use."""
        return int(self._rank_inside + self.basis.shape[1])

    @property
    def _rank_inside(self) -> int:
        """That of the entity dummies and their trends."""
        if "entity" not in self.effects:
            return 0
        trend = self.entity_trend
        sloped = (
            0 if trend is None else int(np.count_nonzero(np.bincount(self.entity, weights=trend**2) > 0.5))
        )
        return len(self.entity_sizes) + sloped

    def rank_within(self, clusters: Sequence[str]) -> int:
        """The same with the effects that are nested in a cluster counted as one constant together (reghdfe's rule)."""
        nested = tuple(e for e in self.effects if any(self.is_nested(e, cluster) for cluster in clusters))
        if not nested:
            return self.rank
        return self.rank - Absorber(self.entity, self.year, nested, self.categories, self.calendar).rank + 1

    def is_nested(self, effect: str, cluster: str) -> bool:
        """Whether every category of an effect lies in one cluster."""
        inner, outer = self.codes(effect), self.codes(cluster)
        return bool(combined([inner, outer]).max() == inner.max())

    def off_entity(self, columns: Floats) -> Floats:
        """Columns, shape (n, p), less their entity means when entity effects are in the model, and less their trends."""
        if "entity" not in self.effects:
            return columns
        columns = self._less_means(columns)
        if (trend := self.entity_trend) is not None:
            columns = columns - trend[:, None] * self.sum_by_entity(trend[:, None] * columns)[self.entity]
        return columns

    def _less_means(self, columns: Floats) -> Floats:
        if self.weights is None:
            means = self.sum_by_entity(columns) / self.entity_sizes[:, None]
            return np.asarray(columns - means[self.entity])
        sizes = self.sum_by_entity(self.weights[:, None])
        return np.asarray(
            columns - self.rooted((self.sum_by_entity(self.rooted(columns)) / sizes)[self.entity])
        )

    def residual(self, columns: Floats) -> Floats:
        """Columns, shape (n, p), times the roots of the weights and net of the effects. Done twice, so that a large level costs
        no digits.
        """
        columns = self.rooted(columns)
        for _ in range(2):
            columns = self.off_entity(columns)
            columns = columns - self.basis @ (self.basis.T @ columns)
        return columns

    def sum_by_entity(self, columns: Floats) -> Floats:
        """Sums over the rows of each entity, shape (N, p)."""
        starts = np.concatenate(([0], np.cumsum(self.entity_sizes)[:-1]))
        return np.asarray(np.add.reduceat(columns, starts, axis=0))

    def inside(self) -> Floats:
        """Orthonormal columns of the entity dummies and their trends, shape (n, N or 2 N); none without entity effects."""
        n, count = len(self.entity), len(self.entity_sizes)
        if "entity" not in self.effects:
            return np.empty((n, 0))
        if n * count > MOST_CELLS:
            raise EstimationError(f"{count} entity dummies on {n} rows are too many for this method.")
        own = np.eye(count)[self.entity]
        blocks = [own / np.sqrt(self.entity_sizes)]
        if (trend := self.entity_trend) is not None:
            blocks.append(own * trend[:, None])
        return np.column_stack(blocks)

    def dummies(self) -> Floats:
        """Full-rank columns that span entity and year effects, for a model that has no absorption of its own."""
        entities = np.eye(len(self.entity_sizes))[self.entity] if "entity" in self.effects else None
        return self.basis if entities is None else np.column_stack([entities, self.basis])


def combined(parts: Sequence[Integers]) -> Integers:
    """Codes 0.. of the combinations of several codes that occur, in the order of the parts; shape (n,)."""
    together = parts[0]
    for part in parts[1:]:
        together = np.unique(together * (part.max() + 1) + part, return_inverse=True)[1].astype(np.intp)
    return together


def sum_by(codes: Integers, columns: Floats) -> Floats:
    """Sums over the rows of each code, shape (codes, p), in the order of the rows."""
    return np.column_stack([np.bincount(codes, weights=column) for column in columns.T])


def pseudo_inverse(columns: Floats) -> Floats:
    """Moore-Penrose inverse (k, n) of full-rank columns (n, k), computed on columns of unit length."""
    norms = np.sqrt((columns**2).sum(axis=0))
    return np.asarray(np.linalg.pinv(columns / norms) / norms[:, None])
