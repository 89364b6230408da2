"""The wild cluster bootstrap: a p-value for few clusters, after least squares (WCR) and after 2SLS (WRE)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Literal

import numpy as np

from nqp.econometrics.bias_reduced import leverage
from nqp.econometrics.effects import pseudo_inverse, sum_by
from nqp.econometrics.equation import EstimationError, Floats
from nqp.econometrics.fit import Fit

Weights = Literal["webb", "rademacher"]
CHUNK_CELLS = 20_000_000  # numbers in memory at once: 160 MB


def wild_cluster_bootstrap(
    fit: Fit, term: str, *, weights: Weights = "webb", draws: int = 9999, seed: int
) -> float:
    """Wild cluster bootstrap p-value of one slope being zero, by the clusters of the fit, with the null imposed, two-sided.

    Cameron, Gelbach and Miller (2008), WCR; after 2SLS the restricted efficient form WRE of Davidson and MacKinnon (2010),
    clustered; Webb (2023) for the six-point weights. The residuals of the model without ``term`` are multiplied by one weight
    per cluster (after 2SLS those of the first stages with the same weight), and the t statistic (CR1, whose factor cancels)
    is computed anew. Drawn weights give p = (1 + #{|t*| >= |t|}) / (1 + draws); Rademacher weights are
    enumerated when 2^G <= draws, and p is then the exact share. The result depends on the seed alone, not on
    the order of the rows.

    Raises:
        EstimationError: unknown term or weights, no draws, fewer than two clusters, two levels of clusters, an estimator
            other than least squares and 2SLS.
    """
    if term not in fit.terms:
        raise EstimationError(f"'{term}' is not among the estimated terms {', '.join(fit.terms)}.")
    if weights not in ("webb", "rademacher") or draws < 1:
        raise EstimationError(
            "the wild cluster bootstrap takes weights 'webb' or 'rademacher' and at least one draw."
        )
    if fit.solution is not None:
        raise EstimationError("the wild cluster bootstrap is defined here for least squares and 2SLS.")
    statistic, clusters, width = _instrumented(fit, term) if fit.is_iv else _least_squares(fit, term)
    observed = statistic(np.ones((1, clusters)))[0] * (1 - 1e-10)  # a tie up to rounding is a tie
    if not np.isfinite(observed):
        raise EstimationError(
            f"'{term}': the clustered variance is zero; the wild cluster bootstrap is not defined."
        )
    chunk = max(1, min(5000, CHUNK_CELLS // width))
    if weights == "rademacher" and clusters < 63 and 2**clusters <= draws:
        signs = np.array(list(itertools.product((-1.0, 1.0), repeat=clusters)))
        parts = [statistic(signs[start : start + chunk]) for start in range(0, len(signs), chunk)]
        return float(np.mean(np.concatenate(parts) >= observed))
    values = np.sqrt([0.5, 1.0, 1.5]) if weights == "webb" else np.ones(1)
    rng = np.random.default_rng(seed)
    extreme = 0
    for start in range(0, draws, 5000):
        size = (min(5000, draws - start), clusters)
        drawn = rng.choice(np.concatenate([-values, values]), size=size)
        extreme += sum(
            int(np.sum(statistic(drawn[i : i + chunk]) >= observed)) for i in range(0, len(drawn), chunk)
        )
    return (1 + extreme) / (1 + draws)


Statistic = Callable[[Floats], Floats]


def _least_squares(fit: Fit, term: str) -> tuple[Statistic, int, int]:
    """The squared t statistic of draws of weights (draws, G), G, and how many numbers a draw takes."""
    hat = leverage(fit.absorber, fit.clusters, fit.design)
    j = fit.terms.index(term)
    w = fit.influence[:, j]
    # w is proportional to the column net of everything else: restricted residuals add its part back
    restricted = fit.residuals + fit.params.iloc[j] * w / (w @ w)
    a = sum_by(hat.codes, (w * restricted)[:, None])[:, 0]
    # score of cluster g in a draw: v_g a_g - (w_g'Q_g) sum_h v_h (Q_h'u_h); what stays apart vanishes, w is net of it
    scores = np.diag(a) - sum_by(hat.codes, w[:, None] * hat.basis) @ (
        sum_by(hat.codes, restricted[:, None] * hat.basis).T
    )

    def squared_t(v: Floats) -> Floats:
        spread = ((v @ scores.T) ** 2).sum(axis=1)
        return np.asarray((v @ a) ** 2 / np.where(spread > 0, spread, np.nan))

    return squared_t, hat.count, hat.count


def _instrumented(fit: Fit, term: str) -> tuple[Statistic, int, int]:
    """The same after 2SLS. With A all instruments, orthonormal and net of the effects, a draw is known from the sums over
    clusters of A times each variable, and these are linear in the weights.
    """
    hat = leverage(fit.absorber, fit.clusters)
    j, names, endog = fit.terms.index(term), list(fit.terms), list(fit.endogenous)
    x, y = fit.within(names), fit.within([fit.outcome])[:, 0]
    raw = fit.within([*fit.exogenous, *fit.instruments])
    a = np.linalg.qr(raw / np.sqrt((raw**2).sum(axis=0)))[0]
    kept = [i for i in range(len(names)) if i != j]
    restricted = np.zeros(len(names))
    if kept:
        restricted[kept] = pseudo_inverse(a @ (a.T @ x[:, kept])) @ y
    error = y - x @ restricted
    first = np.column_stack([a, error])
    inner = x[:, [names.index(name) for name in endog]]
    # efficient first stages: the structural residuals beside the instruments, their part left in the residuals
    fitted = a @ (pseudo_inverse(first) @ inner)[: a.shape[1]]
    residuals = inner - fitted

    fixed = x.copy()
    fixed[:, [names.index(name) for name in endog]] = fitted
    drawn = np.zeros_like(x)
    drawn[:, [names.index(name) for name in endog]] = residuals
    # every variable is a fixed part plus a part that a draw multiplies: the regressors, then the outcome under the null
    fixed = np.column_stack([fixed, fixed @ restricted])
    drawn = np.column_stack([drawn, drawn @ restricted + error])
    q, p, r = a.shape[1], fixed.shape[1], hat.basis.shape[1]
    pairs = [(c, d) for c in range(q) for d in range(p)]
    still = sum_by(hat.codes, np.column_stack([a[:, c] * fixed[:, d] for c, d in pairs])).reshape(-1, q, p)
    moved = sum_by(hat.codes, np.column_stack([a[:, c] * drawn[:, d] for c, d in pairs])).reshape(-1, q, p)
    # the effects of the drawn part: B_g'u_g of each cluster, laid back on it by A_g'B_g
    if r:
        ours = np.stack([sum_by(hat.codes, a[:, [c]] * hat.basis) for c in range(q)], axis=1)  # (G, q, r)
        theirs = np.stack(
            [sum_by(hat.codes, drawn[:, [d]] * hat.basis) for d in range(p)], axis=2
        )  # (G, r, p)

    def squared_t(v: Floats) -> Floats:
        sums = still + v[:, :, None, None] * moved  # (draws, G, q, p)
        total = sums.sum(axis=1)  # A is net of the effects
        if r:
            effects = np.einsum("dg,grp->drp", v, theirs)
            sums = sums - np.einsum("gqr,drp->dgqp", ours, effects, optimize=True)
        left, right = total[:, :, :-1], total[:, :, -1]
        inverse = np.linalg.inv(np.einsum("dqk,dql->dkl", left, left))
        slope = np.einsum("dkl,dql,dq->dk", inverse, left, right, optimize=True)
        weight = np.einsum("dk,dqk->dq", inverse[:, j], left)
        errors = sums[..., -1] - np.einsum("dgqk,dk->dgq", sums[..., :-1], slope)
        spread = (np.einsum("dq,dgq->dg", weight, errors) ** 2).sum(axis=1)
        return np.asarray(slope[:, j] ** 2 / np.where(spread > 0, spread, np.nan))

    return squared_t, hat.count, hat.count * q * (p + 1)
