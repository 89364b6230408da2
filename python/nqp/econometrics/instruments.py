"""All diagnostics of a two-stage least-squares fit in one list, with the tests of exogeneity and of over-identification."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.special import chdtrc

from nqp.econometrics.anderson_rubin import anderson_rubin
from nqp.econometrics.covariances import DEFAULT
from nqp.econometrics.effects import pseudo_inverse
from nqp.econometrics.equation import EstimationError
from nqp.econometrics.first_stage import (
    NAN,
    Blocks,
    Diagnostic,
    first_stage_tests,
    need_iv,
    reduced_form_tests,
)
from nqp.econometrics.fit import Fit, Fitted
from nqp.econometrics.fit import fit as fit_model
from nqp.econometrics.inference import infer, wald
from nqp.econometrics.screens import smallest_canonical
from nqp.econometrics.weak_instruments import (
    absorbed_entities,
    effective_f,
    independent_rank_tests,
    rank_tests,
    tf,
)
from nqp.econometrics.within import WithinFit


def diagnostics(fit: Fit, covariance: str = DEFAULT, *, lags: int | None = None) -> list[Diagnostic]:
    """All diagnostics that apply, under the covariance of the second stage.

    In this order: first_stage and first_stage_f for each endogenous regressor, anderson_lm, cragg_donald_f, anderson_lm_within (entity effects),
    stock_yogo_10/15/20/25 (1 endogenous regressor, up to 3 instruments), kleibergen_paap_lm,
    kleibergen_paap_f, effective_f and effective_f_critical (1 endogenous), anderson_rubin_f,
    anderson_rubin_chi2, anderson_rubin_set (1 endogenous), tf_adjusted (1 and 1), reduced_form, wu_hausman,
    and over-identified sargan, sargan_within (entity effects) and hansen_j.

    A test that cannot be computed (too few clusters for a joint test, say) stands there blank, with its reason.

    Raises:
        EstimationError: the fit is not 2SLS, or the covariance is CR2 or unknown.
    """
    need_iv(fit)
    if covariance == "cr2":
        raise EstimationError("the tests of instruments are not defined under CR2; choose 'cluster'.")
    work = Blocks(fit, covariance, lags)
    found = first_stage_tests(work.first_stages, fit.instruments, covariance, lags)
    found += _tried("kleibergen_paap_f", work, rank_tests)
    if work.m == 1:
        found += _tried("effective_f", work, effective_f)
    found += _tried("anderson_rubin_f", work, anderson_rubin)
    if work.m == work.q == 1:
        found += _tried("tf_adjusted", work, lambda one: [tf(one)])
    found += _tried("reduced_form", work, reduced_form_tests)
    found += _tried("wu_hausman", work, lambda one: [_wu_hausman(one)])
    if work.q > work.m:
        found += _tried("sargan", work, _overidentification)
    return found


def _tried(name: str, work: Blocks, tests: Callable[[Blocks], list[Diagnostic]]) -> list[Diagnostic]:
    """The tests, or where they cannot be computed a blank one of that name that says why."""
    try:
        return tests(work)
    except EstimationError as error:
        return [
            Diagnostic(
                name, NAN, (), NAN, work.covariance, f"{name} cannot be computed: {error}",
                f"{name} 无法计算：聚类数不足，或模型不可识别。",
            )
        ]  # fmt: skip


def diagnostics_of_sums(
    fit: WithinFit, first_stages: Mapping[str, Fitted], covariance: str = DEFAULT
) -> list[Diagnostic]:
    """The diagnostics of a 2SLS fit made in the database that its cross-products give: first_stage and first_stage_f for
    each endogenous regressor, anderson_lm, cragg_donald_f, stock_yogo_10/15/20/25. The others need every row.
    """
    m, q = len(fit.endogenous), len(fit.instruments)
    columns = [*fit.endogenous, *fit.instruments, *fit.exogenous]
    r2 = smallest_canonical(fit.products.loc[columns, columns].to_numpy(), m, q)
    found = first_stage_tests(first_stages, fit.instruments, covariance, None)
    n_minus_l = fit.n_obs - fit.meats.rank - len(fit.exogenous) - q
    return found + independent_rank_tests(r2, fit.n_obs, n_minus_l, m, q, absorbed_entities(fit))


def _wu_hausman(work: Blocks) -> Diagnostic:
    """F test of the first-stage residuals added to the structural equation."""
    residuals = {
        f"first-stage residual of {name}": stage.residuals for name, stage in work.first_stages.items()
    }
    augmented = fit_model(
        work.fit.frame.assign(**residuals),
        outcome=work.fit.outcome,
        regressors=[*work.fit.terms, *residuals],
        effects=work.fit.effects,
        clusters=work.fit.clusters,
    )
    test = wald(infer(augmented, work.covariance, lags=work.lags), list(residuals))
    return Diagnostic(
        "wu_hausman",
        test.statistic,
        test.df,
        test.p_value,
        work.covariance,
        "Wu-Hausman F test of exogeneity: first-stage residuals added to the equation.",
        "Wu–Hausman 外生性 F 检验：方程中加入第一阶段残差。",
    )


def _overidentification(work: Blocks) -> list[Diagnostic]:
    """Sargan (1958): n R^2 of the residuals on all instruments. Hansen (1982): the two-step GMM criterion,
    effects partialled out, no small-sample factor, as in ivreg2.
    """
    fit, df = work.fit, float(work.q - work.m)
    z = np.column_stack([work.exog, work.z]) if work.exog.shape[1] else work.z
    z = np.linalg.qr(z / np.sqrt((z**2).sum(axis=0)))[0]
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
    if work.covariance == "iid":
        return found
    score, factor, _ = work.covariance_of(z, e[:, None])
    score = score / factor
    x, y = fit.within(fit.terms), fit.within([fit.outcome])[:, 0]
    if np.linalg.eigvalsh(score)[0] > 1e-12 * np.trace(score):
        root = np.linalg.inv(np.linalg.cholesky(score)) @ z.T
        beta = pseudo_inverse(root @ x) @ (root @ y)
        hansen = float(np.sum((root @ (y - x @ beta)) ** 2))
        note = (
            "Hansen J test of the over-identifying restrictions, two-step GMM.",
            "Hansen J 过度识别检验，两步 GMM。",
        )
    else:
        hansen = NAN
        note = (
            "Hansen J cannot be computed: fewer clusters than moment conditions.",
            "无法计算 Hansen J：聚类数少于矩条件数。",
        )
    p = float(chdtrc(df, hansen))
    return [*found, Diagnostic("hansen_j", hansen, (df,), p, work.covariance, *note)]
