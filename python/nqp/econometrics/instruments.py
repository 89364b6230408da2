"""All diagnostics of a two-stage least-squares fit in one list, with the tests of exogeneity and of over-identification."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nqp.econometrics.anderson_rubin import anderson_rubin
from nqp.econometrics.covariances import DEFAULT
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
from nqp.econometrics.overidentification import endogeneity, overidentification
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
    stock_yogo_10/15/20/25 (up to 2 endogenous regressors and 10 instruments; not Fuller, GMM), kleibergen_paap_lm,
    kleibergen_paap_f, effective_f and effective_f_critical (1 endogenous), anderson_rubin_f,
    anderson_rubin_chi2, anderson_rubin_set (1 endogenous), tf_adjusted (1 and 1), reduced_form, wu_hausman,
    c_endogeneity, and over-identified sargan, sargan_within (entity effects), hansen_j and the c_statistic of each instrument.

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
    found += _tried("c_endogeneity", work, lambda one: [endogeneity(one)])
    if work.q > work.m:
        found += _tried("sargan", work, overidentification)
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
    return found + independent_rank_tests(
        r2, fit.n_obs, n_minus_l, m, q, absorbed_entities(fit), fit.estimator
    )


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
