"""Are the instruments strong: rank tests, effective F, and the tF correction of Lee et al. (2022). Notation as in ``first_stage``."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import chdtrc, chndtrix, ndtr, ndtri

from nqp.econometrics.equation import EstimationError, Floats
from nqp.econometrics.first_stage import NAN, Blocks, Diagnostic
from nqp.econometrics.fit import Fitted
from nqp.econometrics.inference import infer, wald_of
from nqp.econometrics.screens import canonical_correlations

# Stock and Yogo (2005), Tables 5.2 (2SLS) and 5.4 (LIML): largest size of 10, 15, 20, 25 % of a 5 % test, by estimator and
# number of endogenous regressors; one row per number of instruments, from as many as there are endogenous regressors on.
STOCK_YOGO_SIZES = (10, 15, 20, 25)
STOCK_YOGO = {
    ("2sls", 1): (
        (16.38, 8.96, 6.66, 5.53), (19.93, 11.59, 8.75, 7.25), (22.30, 12.83, 9.54, 7.80), (24.58, 13.96, 10.26, 8.31),
        (26.87, 15.09, 10.98, 8.84), (29.18, 16.23, 11.72, 9.38), (31.50, 17.38, 12.48, 9.93), (33.84, 18.54, 13.24, 10.50),
        (36.19, 19.71, 14.01, 11.07), (38.54, 20.88, 14.78, 11.65),
    ),
    ("2sls", 2): (
        (7.03, 4.58, 3.95, 3.63), (13.43, 8.18, 6.40, 5.45), (16.87, 9.93, 7.54, 6.28), (19.45, 11.22, 8.38, 6.89),
        (21.68, 12.33, 9.10, 7.42), (23.72, 13.34, 9.77, 7.91), (25.64, 14.31, 10.41, 8.39), (27.51, 15.24, 11.03, 8.85),
        (29.32, 16.16, 11.65, 9.31),
    ),
    ("liml", 1): (
        (16.38, 8.96, 6.66, 5.53), (8.68, 5.33, 4.42, 3.92), (6.46, 4.36, 3.69, 3.32), (5.44, 3.87, 3.30, 2.98),
        (4.84, 3.56, 3.05, 2.77), (4.45, 3.34, 2.87, 2.61), (4.18, 3.18, 2.73, 2.49), (3.97, 3.04, 2.63, 2.39),
        (3.81, 2.93, 2.54, 2.32), (3.68, 2.84, 2.46, 2.25),
    ),
    ("liml", 2): (
        (7.03, 4.58, 3.95, 3.63), (5.44, 3.81, 3.32, 3.09), (4.72, 3.39, 2.99, 2.79), (4.32, 3.13, 2.78, 2.60),
        (4.06, 2.95, 2.63, 2.46), (3.90, 2.83, 2.52, 2.35), (3.78, 2.73, 2.43, 2.27), (3.70, 2.66, 2.36, 2.20),
        (3.64, 2.60, 2.30, 2.14),
    ),
}  # fmt: skip


def rank_tests(work: Blocks) -> list[Diagnostic]:
    """Anderson (1951), Cragg and Donald (1993), Kleibergen and Paap (2006) as in Stata's ivreg2 and
    ranktest.
    """
    n, m, q = work.fit.n_obs, work.m, work.q
    # canonical correlations of Y and Z are the singular values of T = Zq'Yq, both blocks orthonormal
    units = work.endog / np.sqrt((work.endog**2).sum(axis=0))
    y = np.linalg.qr(units)[0]
    t = work.z.T @ y
    u, _, vt = np.linalg.svd(t)
    r2 = float(canonical_correlations(work.endog, work.z, np.empty((n, 0)))[-1]) ** 2
    found = independent_rank_tests(
        r2, n, work.n_minus_l, m, q, absorbed_entities(work.fit), work.fit.estimator
    )
    lm, cragg_donald = found[0].value, found[1].value
    # the rank-deficient direction: last left and right singular vectors
    left, right = work.z @ u[:, m - 1 :], vt[m - 1]
    gap = left.T @ (y @ right)
    if work.covariance == "iid":
        kp_lm, kp_f = lm, cragg_donald
    else:
        try:
            score, factor, _ = work.covariance_of(left, (y @ right)[:, None])
            kp_lm = _chi2(gap, score / factor)
            score, _, _ = work.covariance_of(left, ((y - work.z @ t) @ right)[:, None])
            kp_f = _chi2(gap, score) / q
        except EstimationError:  # too few clusters for so many instruments
            return found
    factors = ("the small-sample factor of the covariance", "含该协方差的小样本因子")
    if work.covariance == "driscoll_kraay":
        years = work.fit.n_years
        ivreg2 = work.n_minus_l / (n - 1) * (years - 1) / years
        factors = (
            f"no small-sample factor, as the Driscoll-Kraay standard errors here; ivreg2 multiplies it by (N-L)/(N-1) (T-1)/T = {ivreg2:.4f} "
            f"and prints {kp_f * ivreg2:.3f}",
            f"与本表 Driscoll–Kraay 标准误一致，无小样本因子；ivreg2 另乘 (N−L)/(N−1)·(T−1)/T = {ivreg2:.4f}，即 {kp_f * ivreg2:.3f}",
        )
    return [
        *found,
        Diagnostic(
            "kleibergen_paap_lm",
            kp_lm,
            found[0].df,
            float(chdtrc(found[0].df[0], kp_lm)),
            work.covariance,
            "Kleibergen-Paap rk LM test of underidentification, no small-sample factor.",
            "Kleibergen–Paap rk LM 识别不足检验，无小样本因子。",
        ),
        Diagnostic(
            "kleibergen_paap_f",
            kp_f,
            (),
            NAN,
            work.covariance,
            f"Kleibergen-Paap rk Wald F with {factors[0]}; Stock-Yogo values do not apply "
            "unless errors are independent of one variance.",
            f"Kleibergen–Paap rk Wald F（{factors[1]}）；误差非独立同分布时 Stock–Yogo 临界值不适用。",
        ),
    ]


def independent_rank_tests(
    r2: float, n: int, n_minus_l: int, m: int, q: int, entities: int, estimator: str = "2sls"
) -> list[Diagnostic]:
    """Anderson's LM and Cragg and Donald's F from the smallest squared canonical correlation, and what to hold F against.

    ``entities``: how many entity effects the model absorbs; 0 without them.
    """
    df = float(q - m + 1)
    lm, cragg_donald = n * r2, r2 / (1 - r2) * n_minus_l / q
    found = [
        Diagnostic(
            "anderson_lm",
            lm,
            (df,),
            float(chdtrc(df, lm)),
            "iid",
            "Anderson canonical correlations LM test of underidentification: n r^2, r the smallest canonical correlation.",
            "Anderson 典型相关 LM 识别不足检验：n r²，r 为最小典型相关系数。",
        ),
        Diagnostic(
            "cragg_donald_f",
            cragg_donald,
            (),
            NAN,
            "iid",
            "Cragg-Donald Wald F: r^2/(1-r^2) (n-L)/q, every absorbed effect counted in L.",
            "Cragg–Donald Wald F：r²/(1−r²)·(n−L)/q，L 计入全部固定效应。",
        ),
    ]
    if entities:
        within = (n - entities) * r2
        found.append(
            Diagnostic(
                "anderson_lm_within",
                within,
                (df,),
                float(chdtrc(df, within)),
                "iid",
                "Anderson LM with the rows less the absorbed entities: (n - N) r^2, as xtivreg2 scales it.",
                "Anderson LM，行数扣除被吸收的个体数：(n − N) r²，与 xtivreg2 的口径一致。",
            )
        )
    rows = STOCK_YOGO.get((estimator, m), ())
    if q - m < len(rows):
        found += [
            Diagnostic(
                f"stock_yogo_{size}",
                value,
                (),
                NAN,
                "iid",
                f"Stock-Yogo (2005) critical value of the Cragg-Donald F for a true size of {size}% of a 5% {estimator.upper()} "
                "test; for independent errors of one variance only.",
                f"Stock–Yogo（2005）{estimator.upper()} 临界值：名义 5% 检验的真实水平不超过 {size}%；仅在误差独立同分布时有效。",
            )
            for size, value in zip(STOCK_YOGO_SIZES, rows[q - m], strict=True)
        ]
    return found


def absorbed_entities(fit: Fitted) -> int:
    """How many entity effects a fit absorbs."""
    return fit.n_entities if "entity" in fit.effects else 0


def _chi2(gap: Floats, covariance: Floats) -> float:
    """Quadratic form of a statistic (p,) in the inverse of its covariance; EstimationError when that has no
    inverse.
    """
    return wald_of(gap, covariance, np.inf).statistic * len(gap)


def effective_f(work: Blocks) -> list[Diagnostic]:
    """Montiel Olea and Pflueger (2013): pi'Q pi / tr(V Q), and their simplified critical value, 10 % worst-
    case bias.
    """
    x = work.endog[:, 0]
    pi = work.z.T @ x
    w, _, _ = work.covariance_of(work.z, (x - work.z @ pi)[:, None])
    trace = float(np.trace(w))
    value, ratio = float(pi @ pi) / trace, 10.0
    largest = float(np.linalg.eigvalsh(w)[-1])
    degrees = trace**2 * (1 + 2 * ratio) / (float(np.sum(w**2)) + 2 * ratio * trace * largest)
    critical = float(chndtrix(0.95, degrees, ratio * degrees)) / degrees
    return [
        Diagnostic(
            "effective_f",
            value,
            (),
            NAN,
            work.covariance,
            "Effective F of Montiel Olea and Pflueger (2013), with the small-sample factor of the covariance.",
            "Montiel Olea–Pflueger（2013）有效 F，含该协方差的小样本因子。",
        ),
        Diagnostic(
            "effective_f_critical",
            critical,
            (degrees,),
            NAN,
            work.covariance,
            "Simplified (conservative) 5% critical value of the effective F for a worst-case 2SLS bias of 10%.",
            "有效 F 的简化（保守）5% 临界值：2SLS 最坏情形偏误不超过 10%。",
        ),
    ]


@lru_cache(maxsize=1)
def _tf_curve() -> tuple[Floats, Floats]:
    """|t| at first-stage sqrt(F) = f such that the worst-case (correlation 1) size is 5 % for every
    first-stage mean.

    With f ~ N(g, 1) and t = f (f - g) / g, the test rejects above u and below -v, where t(u) and |t(-v)| lie
    on the curve and P(f > u) + P(f < -v) = 5 %; solved by iteration over g (Lee, McCrary, Moreira and Porter
    2022).
    """
    g = np.geomspace(1e-2, 8.7, 800)
    u = np.maximum(g + ndtri(0.95), ndtri(0.975) + g / 10)
    for _ in range(200):
        log_t = np.log(u * (u - g) / g)
        low, high = np.full_like(g, u[0]), np.full_like(g, u[-1])
        for _ in range(45):
            middle = (low + high) / 2
            above = np.log(middle * (middle + g) / g) > np.interp(middle, u, log_t)
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        before, u = u, g - ndtri(0.05 - ndtr(-high - g))
        if np.max(np.abs(u - before)) < 1e-8:
            break
    return u, np.log(u * (u - g) / g)


def tf_critical_value(first_stage_f: float) -> float:
    """Critical value of |t| at 5 % given the first-stage F, one instrument: 18.66 at 4, 3.43 at 10, 1.96
    above 104.67.

    Lee, McCrary, Moreira and Porter (2022), computed from its definition; infinite where F is below 3.84.
    """
    f, (grid, log_t) = float(np.sqrt(first_stage_f)), _tf_curve()
    normal = float(ndtri(0.975))
    if not f > grid[0]:
        return float("inf")
    return max(normal, float(np.exp(np.interp(f, grid, log_t))))


def tf(work: Blocks) -> Diagnostic:
    """The tF critical value, with the adjusted standard error and interval; one endogenous regressor, one instrument."""
    term = work.fit.endogenous[0]
    row = infer(work.fit, work.covariance, lags=work.lags).row(term)
    pi = work.z.T @ work.endog
    matrix, _, df = work.covariance_of(work.z, work.endog - work.z @ pi)
    critical = tf_critical_value(wald_of(pi[:, 0], matrix, df).statistic)
    estimate, reach = row["estimate"], critical * row["std_error"]
    return Diagnostic(
        "tf_adjusted",
        critical,
        (),
        NAN,
        work.covariance,
        "tF critical value of |t| at 5% given the first-stage F (Lee et al. 2022), with the adjusted standard error and "
        "95% interval; unbounded where F is below 3.84.",
        "给定第一阶段 F 的 tF 5% 临界值（Lee 等 2022），附调整后的标准误与 95% 区间；F 低于 3.84 时无界。",
        term=term,
        std_error=reach / float(ndtri(0.975)),
        intervals=((estimate - reach, estimate + reach),),
    )
