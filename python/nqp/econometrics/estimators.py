"""Estimators of an instrumented equation beside two-stage least squares: LIML, Fuller, two-step GMM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh

from nqp.econometrics.covariances import sandwich
from nqp.econometrics.effects import Absorber, pseudo_inverse
from nqp.econometrics.equation import EstimationError, Floats

TWO_STAGE = "2sls"
GMM = "gmm"
ESTIMATORS = (TWO_STAGE, "liml", "fuller", GMM)
CLUSTERED = "cluster"
BY_CLUSTERS = (
    CLUSTERED,
    "cluster_areg",
    "cr2",
)  # covariances that sum the same scores by the clusters of the fit


def moments_of(estimator: str, covariance: str) -> str:
    """The covariance that weighs the moments of an estimate: of two-step GMM the kind of its standard errors, so that the
    estimate is efficient under what they assume. No other estimate depends on it.
    """
    return CLUSTERED if estimator != GMM or covariance in BY_CLUSTERS else covariance


@dataclass(frozen=True, eq=False)
class Solution:
    """Slopes (k,), the weights (n, k) of the errors in them that covariances use, and under independent errors (k, k) what
    stands for the weights' cross-products; ``kappa`` of the k-class.
    """

    params: Floats
    influence: Floats
    bread: Floats
    kappa: float = float("nan")


def k_class(
    y: Floats,
    x: Floats,
    z: Floats,
    endog: Sequence[int],
    n_minus_l: int,
    *,
    fuller: bool,
) -> Solution:
    """LIML (Anderson and Rubin 1949), or Fuller's (1977) correction of it with alpha = 1: kappa less 1 / (n - L).

    ``y`` (n,), ``x`` (n, k) and all instruments ``z`` (n, exogenous and excluded) are net of the effects; ``endog`` are the
    places of the endogenous columns of x. kappa is the smallest root of |Y'M_W Y - kappa Y'M_Z Y| with Y the outcome and the
    endogenous regressors. Covariances weigh the errors with P_Z x A^-1, A = x'(I - kappa M_Z) x, as ivreg2 does.
    """
    length = np.sqrt((x**2).sum(axis=0))
    x = x / length
    fitted = z @ (pseudo_inverse(z) @ x)
    block = np.column_stack([y / np.sqrt(y @ y), x[:, list(endog)]])
    exog = np.delete(x, list(endog), axis=1)
    off_z = block - z @ (pseudo_inverse(z) @ block)
    off_w = block - exog @ (pseudo_inverse(exog) @ block) if exog.shape[1] else block
    kappa = float(eigh(off_w.T @ off_w, off_z.T @ off_z, eigvals_only=True)[0])
    if fuller:
        kappa -= 1.0 / n_minus_l
    inner = (1 - kappa) * x.T @ x + kappa * fitted.T @ fitted
    bread = np.linalg.inv(inner)
    params = bread @ ((1 - kappa) * x.T @ y + kappa * fitted.T @ y)
    return Solution(params / length, fitted @ bread / length, bread / np.outer(length, length), kappa)


def two_step_gmm(
    y: Floats, x: Floats, z: Floats, absorber: Absorber, clusters: tuple[str, ...], moments: str = CLUSTERED
) -> Solution:
    """Two-step GMM (Hansen 1982): moments weighted by the inverse of their covariance at the 2SLS residuals, by default
    clustered, without a small-sample factor. Columns as in :func:`k_class`.

    Raises EstimationError if that covariance is singular: not more clusters than moments.
    """
    z = np.linalg.qr(z / np.sqrt((z**2).sum(axis=0)))[0]
    first = pseudo_inverse(z @ (z.T @ x)) @ y
    errors = np.repeat((y - x @ first)[:, None], z.shape[1], axis=1)
    result = sandwich(absorber, z, errors, z.shape[1], moments, clusters=clusters)
    score = result.matrix / result.factor
    if np.linalg.eigvalsh(score)[0] <= 1e-12 * np.trace(score):
        raise EstimationError(
            f"two-step GMM: {result.clusters or len(z)} clusters do not identify the covariance of {z.shape[1]} moments; use 2sls or "
            "liml, fewer instruments and controls, or finer clusters."
        )
    weighted = np.linalg.solve(score, z.T @ x)  # (L, k)
    bread = np.linalg.inv(x.T @ z @ weighted)
    influence = z @ weighted @ bread
    return Solution(influence.T @ y, influence, influence.T @ influence)
