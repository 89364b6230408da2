"""The wild cluster bootstrap: a p-value for few clusters."""

from __future__ import annotations

import itertools
from typing import Literal

import numpy as np

from nqp.econometrics.covariances import beyond_entity, need_clusters
from nqp.econometrics.equation import EstimationError, Floats
from nqp.econometrics.fit import Fit


def wild_cluster_bootstrap(
    fit: Fit,
    term: str,
    *,
    weights: Literal["webb", "rademacher"] = "webb",
    draws: int = 9999,
    seed: int,
) -> float:
    """Wild cluster bootstrap p-value of one slope being zero, by entity, with the null imposed (WCR),
    two-sided.

    Cameron, Gelbach and Miller (2008); Webb (2023) for the six-point weights. The residuals of the model
    without ``term`` are multiplied by one weight per entity, and the t statistic (CR1, whose factor cancels)
    is computed anew. Drawn weights give p = (1 + #{|t*| >= |t|}) / (1 + draws); Rademacher weights are
    enumerated when 2^G <= draws, and p is then the exact share. The result depends on the seed alone, not on
    the order of the rows.

    Raises:
        EstimationError: 2SLS fit, unknown term or weights, no draws, fewer than two entities.
    """
    if fit.is_iv:
        raise EstimationError("the wild cluster bootstrap is defined here for least squares only.")
    if term not in fit.terms:
        raise EstimationError(f"'{term}' is not among the estimated terms {', '.join(fit.terms)}.")
    if weights not in ("webb", "rademacher") or draws < 1:
        raise EstimationError(
            "the wild cluster bootstrap takes weights 'webb' or 'rademacher' and at least one draw."
        )
    absorber, clusters = fit.absorber, fit.n_entities
    need_clusters(clusters, "clusters (entities)")
    j = fit.terms.index(term)
    w = fit.influence[:, j]
    # w is proportional to the column net of everything else: restricted residuals add its part back
    restricted = fit.residuals + fit.params.iloc[j] * w / (w @ w)
    basis = beyond_entity(absorber, fit.design)
    a = absorber.sum_by_entity((w * restricted)[:, None])[:, 0]
    # score of cluster g in a draw: v_g a_g - (w_g'Q_g) sum_h v_h (Q_h'u_h); entity dummies vanish, w has mean 0 in each
    scores = np.diag(a) - absorber.sum_by_entity(w[:, None] * basis) @ (
        absorber.sum_by_entity(restricted[:, None] * basis).T
    )

    def squared_t(v: Floats) -> Floats:
        spread = ((v @ scores.T) ** 2).sum(axis=1)
        return np.asarray((v @ a) ** 2 / np.where(spread > 0, spread, np.nan))

    observed = squared_t(np.ones((1, clusters)))[0] * (1 - 1e-10)  # a tie up to rounding is a tie
    if not np.isfinite(observed):
        raise EstimationError(
            f"'{term}': the clustered variance is zero; the wild cluster bootstrap is not defined."
        )
    if weights == "rademacher" and clusters < 63 and 2**clusters <= draws:
        signs = np.array(list(itertools.product((-1.0, 1.0), repeat=clusters)))
        return float(np.mean(squared_t(signs) >= observed))
    values = np.sqrt([0.5, 1.0, 1.5]) if weights == "webb" else np.ones(1)
    rng = np.random.default_rng(seed)
    extreme = 0
    for start in range(0, draws, 5000):
        size = (min(5000, draws - start), clusters)
        extreme += int(
            np.sum(squared_t(rng.choice(np.concatenate([-values, values]), size=size)) >= observed)
        )
    return (1 + extreme) / (1 + draws)
