"""The hat matrix cluster by cluster, and CR2: the bias-reduced clustered covariance with its degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqp.econometrics.effects import Absorber
from nqp.econometrics.equation import EstimationError, Floats, Integers


def need_clusters(count: int, what: str) -> None:
    """EstimationError unless there are two clusters of a kind."""
    if count < 2:
        raise EstimationError(
            f"a clustered covariance needs at least 2 {what}; there is {count}. Choose 'iid' or 'hc1'."
        )


@dataclass(frozen=True, eq=False)
class Leverage:
    """The hat matrix of regressors and effects, by clusters: ``basis`` (n, r) spans what no cluster holds alone; where
    entity effects are absorbed and every entity lies in one cluster, their part of the hat matrix stays inside the
    clusters and is kept apart.
    """

    absorber: Absorber
    codes: Integers  # (n,) the cluster of each row
    basis: Floats
    apart: bool  # whether entity dummies and their trends are kept apart

    @property
    def count(self) -> int:
        """Number of clusters."""
        return int(self.codes.max()) + 1

    def rows(self) -> list[Integers]:
        """The rows of each cluster."""
        order = np.argsort(self.codes, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.codes))[:-1])

    def own(self, rows: Integers) -> Floats:
        """Orthonormal entity dummies and trends of the rows of a cluster, (rows, their number)."""
        if not self.apart:
            return np.empty((len(rows), 0))
        entities, place = np.unique(self.absorber.entity[rows], return_inverse=True)
        dummies = np.eye(len(entities))[place]
        blocks = [dummies / np.sqrt(self.absorber.entity_sizes[entities])]
        if (trend := self.absorber.entity_trend) is not None:
            blocks.append(dummies * trend[rows][:, None])
        return np.column_stack(blocks)


def leverage(absorber: Absorber, clusters: tuple[str, ...], design: Floats | None = None) -> Leverage:
    """The hat matrix of the effects and of a design (n, k) net of them; without a design of the effects alone.

    Raises EstimationError for two levels of clusters: the methods that need this are defined for one.
    """
    if len(clusters) != 1:
        raise EstimationError(
            "CR2 and the wild bootstrap are defined for one level of clusters; choose 'cluster' for two."
        )
    codes = absorber.codes(clusters[0])
    basis = absorber.basis
    if design is not None:
        basis = np.column_stack([basis, np.linalg.qr(design / np.sqrt((design**2).sum(axis=0)))[0]])
    apart = "entity" in absorber.effects and absorber.is_nested("entity", clusters[0])
    if not apart:
        basis = np.column_stack([absorber.inside(), basis])
    found = Leverage(absorber, codes, basis, apart)
    need_clusters(
        found.count, "clusters (entities)" if clusters == ("entity",) else f"clusters ({clusters[0]})"
    )
    return found


def bias_reduced(
    absorber: Absorber, clusters: tuple[str, ...], influence: Floats, residuals: Floats, design: Floats
) -> tuple[Floats, Floats, int]:
    """CR2 covariance (p, p), Satterthwaite degrees of freedom (p,) under a working model of independent errors, and the number
    of clusters.

    Bell and McCaffrey (2002); with absorbed effects, Pustejovsky and Tipton (2018): A_g is the symmetric
    square root of the Moore-Penrose inverse of (I - H)_gg, H the hat matrix of regressors and all dummies.
    For a contrast with adjusted weights u_g = A_g w_g, ``df = (sum_g P_gg)^2 / sum_gh P_gh^2``, ``P_gh =
    u_g'(I - H)_gh u_h``. After 2SLS the design is the first-stage fit, the residuals are structural, as in clubSandwich.
    """
    hat = leverage(absorber, clusters, design)
    p, count = influence.shape[1], hat.count
    sums = np.empty((count, p))
    loads = np.empty((count, p, hat.basis.shape[1]))
    own = np.empty((count, p))
    for g, rows in enumerate(hat.rows()):
        q, inside = hat.basis[rows], hat.own(rows)
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - inside @ inside.T - q @ q.T)
        # directions that the effects fit exactly have a zero eigenvalue and zero residuals
        root = np.where(values > 1e-12, 1.0 / np.sqrt(np.where(values > 1e-12, values, 1.0)), 0.0)
        adjusted = (vectors * root) @ (vectors.T @ influence[rows])
        sums[g] = (adjusted * residuals[rows]).sum(axis=0)
        loads[g] = adjusted.T @ q
        own[g] = (adjusted**2).sum(axis=0) - ((inside.T @ adjusted) ** 2).sum(axis=0)
    df = np.empty(p)
    for j in range(p):
        projected = -loads[:, j] @ loads[:, j].T
        projected[np.diag_indices_from(projected)] += own[:, j]
        df[j] = np.trace(projected) ** 2 / (projected**2).sum()
    return sums.T @ sums, df, count
