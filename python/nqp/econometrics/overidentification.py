"""Tests of the instruments' exogeneity in an over-identified equation: Sargan, Hansen J, and the C statistic. Notation as in
``first_stage``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import chdtrc

from nqp.econometrics.effects import pseudo_inverse
from nqp.econometrics.equation import Floats
from nqp.econometrics.first_stage import NAN, Blocks, Diagnostic
from nqp.econometrics.weak_instruments import absorbed_entities

GMM_CONVENTION = ("effects partialled out, no small-sample factor", "固定效应已剔除，无小样本因子")


def overidentification(work: Blocks) -> list[Diagnostic]:
    """Sargan (1958): n R^2 of the residuals on all instruments. Hansen (1982): the two-step GMM criterion,
    effects partialled out, no small-sample factor, as in ivreg2. The C statistic of each instrument: by how much the criterion
    falls without its moment.
    """
    fit, df = work.fit, float(work.q - work.m)
    z = _unit(np.column_stack([work.exog, work.z]) if work.exog.shape[1] else work.z)
    e = fit.residuals
    sargan = fit.n_obs * float(np.sum((z.T @ e) ** 2) / (e @ e))
    found = [
        Diagnostic(
            "sargan",
            sargan,
            (df,),
            float(chdtrc(df, sargan)),
            "iid",
            "Sargan test of the over-identifying restrictions.",
            "Sargan 过度识别检验。",
        )
    ]
    if entities := absorbed_entities(fit):
        within = sargan * (fit.n_obs - entities) / fit.n_obs
        found.append(
            Diagnostic(
                "sargan_within",
                within,
                (df,),
                float(chdtrc(df, within)),
                "iid",
                "Sargan test with the rows less the absorbed entities: (n - N) R^2, as xtivreg2 scales it.",
                "Sargan 检验，行数扣除被吸收的个体数：(n − N) R²，与 xtivreg2 的口径一致。",
            )
        )
    if fit.estimator == "gmm":
        work = replace(work, covariance=fit.moments)  # the criterion of the estimate itself
        e = _two_stage_residuals(work)
    if work.covariance != "iid":
        value = _criterion(work, z, e, z.shape[1])
        note = (
            "Hansen J test of the over-identifying restrictions, two-step GMM.",
            "Hansen J 过度识别检验，两步 GMM。",
        )
        if np.isnan(value):
            note = (
                "Hansen J cannot be computed: fewer clusters than moment conditions.",
                "无法计算 Hansen J：聚类数少于矩条件数。",
            )
        found.append(Diagnostic("hansen_j", value, (df,), float(chdtrc(df, value)), work.covariance, *note))
    return [*found, *(_c_statistic(work, e, name) for name in fit.instruments)]


def endogeneity(work: Blocks) -> Diagnostic:
    """The C statistic of the endogenous regressors (ivreg2's endog): by how much the criterion rises when they are their own
    instruments.
    """
    if work.fit.estimator == "gmm":
        work = replace(work, covariance=work.fit.moments)
    columns = np.column_stack([work.exog, work.z, work.endog])
    z = _unit(columns)
    x, y = work.fit.within(work.fit.terms), work.fit.within([work.fit.outcome])[:, 0]
    e = y - x @ (pseudo_inverse(x) @ y)
    value = _criterion(work, z, e, z.shape[1]) - _criterion(work, z, e, z.shape[1] - work.m)
    return Diagnostic(
        "c_endogeneity",
        value,
        (float(work.m),),
        float(chdtrc(work.m, value)),
        work.covariance,
        f"C statistic that the instrumented regressors are exogenous, {GMM_CONVENTION[0]}.",
        f"内生解释变量为外生的 C 统计量，{GMM_CONVENTION[1]}。",
    )


def _c_statistic(work: Blocks, e: Floats, suspect: str) -> Diagnostic:
    """Of one excluded instrument; both criteria take the moment covariance of the whole equation, so it is never negative."""
    others = tuple(name for name in work.fit.instruments if name != suspect)
    columns = [work.exog, work.net(others), work.net((suspect,))]
    z = _unit(np.column_stack(columns))
    value = _criterion(work, z, e, z.shape[1]) - _criterion(work, z, e, z.shape[1] - 1)
    return Diagnostic(
        "c_statistic",
        value,
        (1.0,),
        float(chdtrc(1.0, value)),
        work.covariance,
        f"C statistic that {suspect} is exogenous given the other instruments, {GMM_CONVENTION[0]}.",
        f"在其余工具变量外生的前提下 {suspect} 为外生的 C 统计量，{GMM_CONVENTION[1]}。",
        term=suspect,
    )


def _criterion(work: Blocks, z: Floats, e: Floats, moments: int) -> float:
    """The smallest GMM criterion of the first ``moments`` columns of z (n, L), orthonormal, weighted with the covariance of all
    moments at the residuals e (n,); NaN where that covariance is singular.
    """
    score = np.eye(z.shape[1]) * (e @ e) / work.fit.n_obs
    if work.covariance != "iid":
        score, factor, _ = work.covariance_of(z, e[:, None])
        score = score / factor
    if np.linalg.eigvalsh(score)[0] <= 1e-12 * np.trace(score):
        return NAN
    x, y = work.fit.within(work.fit.terms), work.fit.within([work.fit.outcome])[:, 0]
    root = np.linalg.inv(np.linalg.cholesky(score[:moments, :moments])) @ z[:, :moments].T
    beta = pseudo_inverse(root @ x) @ (root @ y)
    return float(np.sum((root @ (y - x @ beta)) ** 2))


def _two_stage_residuals(work: Blocks) -> Floats:
    """Residuals (n,) of two-stage least squares, of which two-step GMM takes its weights."""
    x, y = work.fit.within(work.fit.terms), work.fit.within([work.fit.outcome])[:, 0]
    z = _unit(np.column_stack([work.exog, work.z]))
    return np.asarray(y - x @ (pseudo_inverse(z @ (z.T @ x)) @ y))


def _unit(columns: Floats) -> Floats:
    """Orthonormal columns of the same nested spaces: the first j span what the first j given ones span."""
    return np.asarray(np.linalg.qr(columns / np.sqrt((columns**2).sum(axis=0)))[0])
