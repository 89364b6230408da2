"""Are the instruments strong, and what can be said if they are not: diagnostics of a two-stage least-squares
fit.

Notation: m endogenous regressors Y, q excluded instruments Z, both net of the included exogenous regressors
and the effects; n rows; L = absorbed effects + exogenous regressors + q, the dimension of the whole
instrument space.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.special import chdtrc, chndtrix, fdtri, ndtr, ndtri

from nqp.econometrics.estimation import EstimationError, Fit, Floats, canonical_correlations, pseudo_inverse
from nqp.econometrics.estimation import fit as fit_model
from nqp.econometrics.inference import DEFAULT, infer, sandwich, wald, wald_of
from nqp.econometrics.panel_sums import smallest_canonical
from nqp.econometrics.within import WithinFit

NOTHING = float("nan")
# Stock and Yogo (2005), Table 5.2: 2SLS size of a 5 % test, 1 endogenous regressor, by number of instruments
STOCK_YOGO_SIZE = {
    1: {10: 16.38, 15: 8.96, 20: 6.66, 25: 5.53},
    2: {10: 19.93, 15: 11.59, 20: 8.75, 25: 7.25},
    3: {10: 22.30, 15: 12.83, 20: 9.54, 25: 7.80},
}


@dataclass(frozen=True)
class Diagnostic:
    """One number about the instruments. ``valid_under`` is ``iid``, ``any``, or the covariance that it was
    made for.

    ``term`` says which coefficient it belongs to, if one; ``intervals`` holds a confidence set as disjoint
    intervals (an empty tuple is the empty set; ends may be infinite). What does not apply is NaN.
    """

    name: str
    value: float
    df: tuple[float, ...]
    p_value: float
    valid_under: str
    note_en: str
    note_zh: str
    term: str = ""
    std_error: float = NOTHING
    intervals: tuple[tuple[float, float], ...] = ()


def first_stages(fit: Fit) -> dict[str, Fit]:
    """The first stage of each endogenous regressor: itself on exogenous regressors and instruments, same
    rows.
    """
    _need_iv(fit)
    right = [*fit.exogenous, *fit.instruments]
    return {y: fit_model(fit.frame, outcome=y, regressors=right, effects=fit.effects) for y in fit.endogenous}


def reduced_form(fit: Fit) -> Fit:
    """The outcome on exogenous regressors and instruments, on the rows of the fit."""
    _need_iv(fit)
    right = [*fit.exogenous, *fit.instruments]
    return fit_model(fit.frame, outcome=fit.outcome, regressors=right, effects=fit.effects)


def diagnostics(fit: Fit, covariance: str = DEFAULT, *, lags: int | None = None) -> list[Diagnostic]:
    """All diagnostics that apply, under the covariance of the second stage.

    In this order: first_stage and first_stage_f for each endogenous regressor, anderson_lm, cragg_donald_f,
    stock_yogo_10/15/20/25 (1 endogenous regressor, up to 3 instruments), kleibergen_paap_lm,
    kleibergen_paap_f, effective_f and effective_f_critical (1 endogenous), anderson_rubin_f,
    anderson_rubin_chi2, anderson_rubin_set (1 endogenous), tf_adjusted (1 and 1), reduced_form, wu_hausman,
    and over-identified sargan and hansen_j.

    Raises:
        EstimationError: the fit is not 2SLS, the covariance is CR2 or unknown, or a joint test lacks
            clusters.
    """
    _need_iv(fit)
    if covariance == "cr2":
        raise EstimationError("CR2 is defined here for least squares only; choose 'cluster' for a 2SLS fit.")
    work = _Blocks(fit, covariance, lags)
    found = _first_stage(work.first_stages, fit.instruments, covariance, lags)
    found += _rank_tests(work)
    if work.m == 1:
        found += _effective_f(work)
    found += _anderson_rubin(work)
    if work.m == work.q == 1:
        found.append(_tf(work))
    found += _reduced_form(work)
    found.append(_wu_hausman(work))
    if work.q > work.m:
        found += _overidentification(work)
    return found


def diagnostics_of_sums(
    fit: WithinFit, first_stages: Mapping[str, WithinFit], covariance: str = DEFAULT
) -> list[Diagnostic]:
    """The diagnostics of a 2SLS fit made in the database that its cross-products give: first_stage and first_stage_f for
    each endogenous regressor, anderson_lm, cragg_donald_f, stock_yogo_10/15/20/25. The others need every row.
    """
    m, q = len(fit.endogenous), len(fit.instruments)
    columns = [*fit.endogenous, *fit.instruments, *fit.exogenous]
    r2 = smallest_canonical(fit.products.loc[columns, columns].to_numpy(), m, q)
    found = _first_stage(first_stages, fit.instruments, covariance, None)
    n_minus_l = fit.n_obs - fit.meats.rank - len(fit.exogenous) - q
    return found + _independent_rank_tests(r2, fit.n_obs, n_minus_l, m, q)


@dataclass(frozen=True, eq=False)
class _Blocks:
    """A 2SLS fit cut into its blocks, net of effects and exogenous regressors."""

    fit: Fit
    covariance: str
    lags: int | None

    @property
    def m(self) -> int:
        return len(self.fit.endogenous)

    @property
    def q(self) -> int:
        return len(self.fit.instruments)

    @property
    def k(self) -> int:
        return len(self.fit.exogenous) + self.q

    @property
    def n_minus_l(self) -> int:
        return self.fit.n_obs - self.fit.absorber.rank - self.k

    @cached_property
    def first_stages(self) -> dict[str, Fit]:
        return first_stages(self.fit)

    @cached_property
    def exog(self) -> Floats:
        return self.fit.within(self.fit.exogenous)

    def net(self, columns: tuple[str, ...]) -> Floats:
        block = self.fit.within(columns)
        return block - self.exog @ (pseudo_inverse(self.exog) @ block) if self.exog.shape[1] else block

    @cached_property
    def y(self) -> Floats:
        return self.net((self.fit.outcome,))[:, 0]

    @cached_property
    def endog(self) -> Floats:
        return self.net(self.fit.endogenous)

    @cached_property
    def z(self) -> Floats:
        """Orthonormal instruments (n, q): every statistic here is invariant to their basis."""
        block = self.net(self.fit.instruments)
        return np.asarray(np.linalg.qr(block / np.sqrt((block**2).sum(axis=0)))[0])

    def covariance_of(self, influence: Floats, residuals: Floats) -> tuple[Floats, float, float]:
        """Covariance with its small-sample factor, that factor, and the degrees of freedom."""
        result = sandwich(
            self.fit.absorber,
            influence,
            np.broadcast_to(residuals, influence.shape),
            self.k,
            self.covariance,
            lags=self.lags,
        )
        return result.matrix, result.factor, float(result.df[0])


def _need_iv(fit: Fit) -> None:
    if not fit.is_iv:
        raise EstimationError(
            f"the model of '{fit.outcome}' has no instruments: there is nothing to diagnose."
        )


def _first_stage(
    stages: Mapping[str, Fit] | Mapping[str, WithinFit],
    instruments: Sequence[str],
    covariance: str,
    lags: int | None,
) -> list[Diagnostic]:
    found = []
    for name, stage in stages.items():
        result = infer(stage, covariance, lags=lags)
        for z in instruments:
            row = result.row(z)
            found.append(
                Diagnostic(
                    "first_stage",
                    row["estimate"],
                    (row["df"],),
                    row["p_value"],
                    covariance,
                    f"First-stage coefficient of {z} on {name}.",
                    f"第一阶段：{name} 对 {z} 的系数。",
                    term=f"{name} ~ {z}",
                    std_error=row["std_error"],
                )
            )
        test = wald(result, list(instruments))
        found.append(
            Diagnostic(
                "first_stage_f",
                test.statistic,
                test.df,
                test.p_value,
                covariance,
                f"F test of the excluded instruments in the first stage of {name}.",
                f"{name} 第一阶段中排除工具变量的联合 F 检验。",
                term=name,
            )
        )
    return found


def _rank_tests(work: _Blocks) -> list[Diagnostic]:
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
    found = _independent_rank_tests(r2, n, work.n_minus_l, m, q)
    lm, cragg_donald = found[0].value, found[1].value
    # the rank-deficient direction: last left and right singular vectors
    left, right = work.z @ u[:, m - 1 :], vt[m - 1]
    gap = left.T @ (y @ right)
    if work.covariance == "iid":
        kp_lm, kp_f = lm, cragg_donald
    else:
        score, factor, _ = work.covariance_of(left, (y @ right)[:, None])
        kp_lm = _chi2(gap, score / factor)
        score, _, _ = work.covariance_of(left, ((y - work.z @ t) @ right)[:, None])
        kp_f = _chi2(gap, score) / q
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
            NOTHING,
            work.covariance,
            "Kleibergen-Paap rk Wald F with the small-sample factor of the covariance; Stock-Yogo values do not apply "
            "unless errors are independent of one variance.",
            "Kleibergen–Paap rk Wald F（含该协方差的小样本因子）；误差非独立同分布时 Stock–Yogo 临界值不适用。",
        ),
    ]


def _independent_rank_tests(r2: float, n: int, n_minus_l: int, m: int, q: int) -> list[Diagnostic]:
    """Anderson's LM and Cragg and Donald's F from the smallest squared canonical correlation, and what to hold F against."""
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
            NOTHING,
            "iid",
            "Cragg-Donald Wald F: r^2/(1-r^2) (n-L)/q, every absorbed effect counted in L.",
            "Cragg–Donald Wald F：r²/(1−r²)·(n−L)/q，L 计入全部固定效应。",
        ),
    ]
    if m == 1:
        found += [
            Diagnostic(
                f"stock_yogo_{size}",
                value,
                (),
                NOTHING,
                "iid",
                f"Stock-Yogo (2005) critical value of the Cragg-Donald F for a true size of {size}% of a 5% test; "
                "for independent errors of one variance only.",
                f"Stock–Yogo（2005）临界值：名义 5% 检验的真实水平不超过 {size}%；仅在误差独立同分布时有效。",
            )
            for size, value in STOCK_YOGO_SIZE.get(q, {}).items()
        ]
    return found


def _chi2(gap: Floats, covariance: Floats) -> float:
    """Quadratic form of a statistic (p,) in the inverse of its covariance; EstimationError when that has no
    inverse.
    """
    return wald_of(gap, covariance, np.inf).statistic * len(gap)


def _effective_f(work: _Blocks) -> list[Diagnostic]:
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
            NOTHING,
            work.covariance,
            "Effective F of Montiel Olea and Pflueger (2013), with the small-sample factor of the covariance.",
            "Montiel Olea–Pflueger（2013）有效 F，含该协方差的小样本因子。",
        ),
        Diagnostic(
            "effective_f_critical",
            critical,
            (degrees,),
            NOTHING,
            work.covariance,
            "Simplified (conservative) 5% critical value of the effective F for a worst-case 2SLS bias of 10%.",
            "有效 F 的简化（保守）5% 临界值：2SLS 最坏情形偏误不超过 10%。",
        ),
    ]


def _anderson_rubin(work: _Blocks) -> list[Diagnostic]:
    """Anderson and Rubin (1949): the instruments do not enter y - Y b0. Valid however weak the instruments
    are.
    """
    q = work.q
    rho = work.z.T @ work.y
    matrix, factor, df = work.covariance_of(work.z, (work.y - work.z @ rho)[:, None])
    test = wald_of(rho, matrix, df)
    chi2 = q * test.statistic * factor
    found = [
        Diagnostic(
            "anderson_rubin_f",
            test.statistic,
            test.df,
            test.p_value,
            work.covariance,
            "Anderson-Rubin F test that the endogenous coefficients are all zero; valid with weak instruments.",
            "Anderson–Rubin F 检验（内生变量系数全为零）；弱工具变量下仍有效。",
        ),
        Diagnostic(
            "anderson_rubin_chi2",
            chi2,
            (float(q),),
            float(chdtrc(q, chi2)),
            work.covariance,
            "The same test without the small-sample factor, as chi-squared.",
            "同一检验的卡方形式，无小样本因子。",
        ),
    ]
    if work.m == 1:
        found.append(
            Diagnostic(
                "anderson_rubin_set",
                NOTHING,
                test.df,
                NOTHING,
                work.covariance,
                "95% Anderson-Rubin confidence set: every value the test does not reject. It may be disjoint, unbounded "
                "or, over-identified, empty.",
                "95% Anderson–Rubin 置信集：检验不拒绝的全部取值；可能不连续、无界，或（过度识别时）为空集。",
                term=work.fit.endogenous[0],
                intervals=_anderson_rubin_set(work, df),
            )
        )
    return found


def _anderson_rubin_set(work: _Blocks, df: float) -> tuple[tuple[float, float], ...]:
    """Invert the test exactly. With b = b2sls + s tan(a), AR(b) - c is a trigonometric polynomial of degree
    q in 2a over a positive determinant; its roots on the circle are the ends of the set.
    """
    q, x = work.q, work.endog[:, 0]
    centre = float(work.fit.params[work.fit.endogenous[0]])
    left = work.y - centre * x
    rho, pi = work.z.T @ left, work.z.T @ x
    residuals = np.column_stack(
        [np.repeat(v[:, None], q, axis=1) for v in (left - work.z @ rho, x - work.z @ pi)]
    )
    joint, _, _ = work.covariance_of(np.column_stack([work.z, work.z]), residuals)
    scale = float(np.sqrt(np.trace(joint[:q, :q]) / (pi @ pi)))
    pi = pi * scale
    joint[q:] *= scale
    joint[:, q:] *= scale
    joint, unit = joint / np.trace(joint), np.sqrt(np.trace(joint))
    bound = q * float(fdtri(q, df, 0.95))

    def excess(angle: float) -> float:
        c, s = np.cos(angle), np.sin(angle)
        delta = (c * rho - s * pi) / unit
        v = c * c * joint[:q, :q] - c * s * (joint[:q, q:] + joint[q:, :q]) + s * s * joint[q:, q:]
        return float((delta @ np.linalg.solve(v, delta) - bound) * np.linalg.det(v))

    count = 2 * q + 1
    samples = np.array([excess(np.pi * j / count) for j in range(count)])
    coefficients = np.roll(np.fft.fft(samples) / count, q)  # of z^-q .. z^q, z = exp(2 i angle)
    roots = np.roots(coefficients[::-1])
    on_circle = roots[np.abs(np.abs(roots) - 1) < 1e-7]
    cuts = np.concatenate([[-np.pi / 2], np.sort(np.angle(on_circle) / 2), [np.pi / 2]])
    intervals: list[tuple[float, float]] = []
    for low, high in itertools.pairwise(cuts):
        if high - low > 1e-12 and excess((low + high) / 2) <= 0:
            ends = tuple(
                float(np.copysign(np.inf, a))
                if abs(a) > np.pi / 2 - 1e-12
                else centre + scale * float(np.tan(a))
                for a in (low, high)
            )
            if intervals and intervals[-1][1] == ends[0]:
                intervals[-1] = (intervals[-1][0], ends[1])
            else:
                intervals.append((ends[0], ends[1]))
    return tuple(intervals)


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


def _tf(work: _Blocks) -> Diagnostic:
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
        NOTHING,
        work.covariance,
        "tF critical value of |t| at 5% given the first-stage F (Lee et al. 2022), with the adjusted standard error and "
        "95% interval; unbounded where F is below 3.84.",
        "给定第一阶段 F 的 tF 5% 临界值（Lee 等 2022），附调整后的标准误与 95% 区间；F 低于 3.84 时无界。",
        term=term,
        std_error=reach / float(ndtri(0.975)),
        intervals=((estimate - reach, estimate + reach),),
    )


def _reduced_form(work: _Blocks) -> list[Diagnostic]:
    result = infer(reduced_form(work.fit), work.covariance, lags=work.lags)
    return [
        Diagnostic(
            "reduced_form",
            row["estimate"],
            (row["df"],),
            row["p_value"],
            work.covariance,
            f"Reduced-form coefficient of {z} on {work.fit.outcome}.",
            f"简约式：{work.fit.outcome} 对 {z} 的系数。",
            term=z,
            std_error=row["std_error"],
        )
        for z in work.fit.instruments
        for row in [result.row(z)]
    ]


def _wu_hausman(work: _Blocks) -> Diagnostic:
    """F test of the first-stage residuals added to the structural equation."""
    residuals = {
        f"first-stage residual of {name}": stage.residuals for name, stage in work.first_stages.items()
    }
    augmented = fit_model(
        work.fit.frame.assign(**residuals),
        outcome=work.fit.outcome,
        regressors=[*work.fit.terms, *residuals],
        effects=work.fit.effects,
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


def _overidentification(work: _Blocks) -> list[Diagnostic]:
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
        hansen = NOTHING
        note = (
            "Hansen J cannot be computed: fewer clusters than moment conditions.",
            "无法计算 Hansen J：聚类数少于矩条件数。",
        )
    p = float(chdtrc(df, hansen))
    return [*found, Diagnostic("hansen_j", hansen, (df,), p, work.covariance, *note)]
