"""The projection off entity and year effects, exact on unbalanced panels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nqp.econometrics.equation import Floats, Integers


@dataclass(frozen=True, eq=False)
class Absorber:
    """The projection off entity and year effects (a constant when there are none), exact on unbalanced
    panels.

    Entity effects leave by subtracting entity means; what the years add is an orthonormal basis of the year
    dummies net of the entity effects (Frisch-Waugh-Lovell). Rows are sorted by entity, then year.
    """

    entity: Integers  # (n,) codes 0..N-1
    year: Integers  # (n,) codes 0..T-1
    effects: tuple[str, ...]

    @cached_property
    def entity_sizes(self) -> Integers:
        """Rows of each entity, shape (N,)."""
        return np.bincount(self.entity)

    @cached_property
    def basis(self) -> Floats:
        """Orthonormal basis, shape (n, r), of the absorbed space beyond the entity dummies."""
        if "year" in self.effects:
            block = np.eye(int(self.year.max()) + 1)[self.year]
        elif "entity" in self.effects:
            return np.empty((len(self.entity), 0))
        else:
            block = np.ones((len(self.entity), 1))
        u, s, _ = np.linalg.svd(self.off_entity(block), full_matrices=False)
        return np.ascontiguousarray(u[:, s > 1e-9 * s[0]])

    @property
    def rank(self) -> int:
        """Dimension of the absorbed space: degrees of freedom that the effects (or the constant) use."""
        entities = len(self.entity_sizes) if "entity" in self.effects else 0
        return int(entities + self.basis.shape[1])

    def off_entity(self, columns: Floats) -> Floats:
        """Columns, shape (n, p), less their entity means when entity effects are in the model."""
        if "entity" not in self.effects:
            return columns
        means = self.sum_by_entity(columns) / self.entity_sizes[:, None]
        return columns - means[self.entity]

    def residual(self, columns: Floats) -> Floats:
        """Columns, shape (n, p), net of the effects. Done twice, so that a large level costs no digits."""
        for _ in range(2):
            columns = self.off_entity(columns)
            columns = columns - self.basis @ (self.basis.T @ columns)
        return columns

    def sum_by_entity(self, columns: Floats) -> Floats:
        """Sums over the rows of each entity, shape (N, p)."""
        starts = np.concatenate(([0], np.cumsum(self.entity_sizes)[:-1]))
        return np.asarray(np.add.reduceat(columns, starts, axis=0))

    def dummies(self) -> Floats:
        """Full-rank columns that span the effects, for a model that has no absorption of its own."""
        entities = np.eye(len(self.entity_sizes))[self.entity] if "entity" in self.effects else None
        return self.basis if entities is None else np.column_stack([entities, self.basis])


def pseudo_inverse(columns: Floats) -> Floats:
    """Moore-Penrose inverse (k, n) of full-rank columns (n, k), computed on columns of unit length."""
    norms = np.sqrt((columns**2).sum(axis=0))
    return np.asarray(np.linalg.pinv(columns / norms) / norms[:, None])
