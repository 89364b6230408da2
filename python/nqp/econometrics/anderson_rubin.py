"""The test and the confidence set of Anderson and Rubin (1949), valid however weak the instruments are. Notation as in
``first_stage``.
"""

from __future__ import annotations

import itertools

import numpy as np
from scipy.special import chdtrc, fdtri

from nqp.econometrics.first_stage import NOTHING, Blocks, Diagnostic
from nqp.econometrics.inference import wald_of


def anderson_rubin(work: Blocks) -> list[Diagnostic]:
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


def _anderson_rubin_set(work: Blocks, df: float) -> tuple[tuple[float, float], ...]:
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
