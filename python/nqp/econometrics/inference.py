"""One fit, many covariances: standard errors, degrees of freedom and p-values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import fdtrc, stdtr, stdtrit

from nqp.econometrics.covariances import DEFAULT, Sandwich
from nqp.econometrics.equation import EstimationError, Floats
from nqp.econometrics.fit import Fitted


@dataclass(frozen=True, eq=False)
class Inference:
    """Inference on one fit under one covariance.

    ``table`` is indexed by term: estimate, std_error, statistic, df, p_value, conf_low, conf_high
    (two-sided, 95 %). ``constant`` has the same entries. ``k_counted`` is the K of the small-sample factor,
    ``clusters`` the G (the smaller of the two under two-way clustering, the number of years under
    Driscoll-Kraay), None where there are none.
    """

    covariance: str
    table: pd.DataFrame
    constant: pd.Series
    matrix: pd.DataFrame  # covariance of the slopes
    k_counted: int
    clusters: int | None
    factor: float
    df: float  # for joint tests: the smallest of the table's
    note: str
    note_zh: str

    def row(self, term: str) -> dict[str, float]:
        """The entries of one term by name."""
        return {str(name): float(value) for name, value in self.table.loc[term].items()}


class Wald(NamedTuple):
    """A joint test: F statistic, its two degrees of freedom, and p."""

    statistic: float
    df: tuple[float, float]
    p_value: float


def infer(fit: Fitted, covariance: str = DEFAULT, *, lags: int | None = None) -> Inference:
    """Standard errors, t statistics, p-values and intervals of all slopes and of the constant.

    ``covariance`` is a key of :data:`COVARIANCES`; ``lags`` is the maximal lag of Driscoll-Kraay. The
    constant is mean(y) - sum_j b_j mean(x_j), the one of a regression on dummies centred at their means; its
    variance comes from the same residuals through its own influence weights, which is the delta method in
    reghdfe and exact here.

    Raises:
        EstimationError: unknown name; fewer than two clusters; CR2 asked for two levels of clusters or a fit made in SQL.
    """
    result = fit.sandwich(covariance, lags)
    estimate = np.append(fit.params.to_numpy(), fit.constant)
    table = _table(estimate, result, [*fit.terms, "constant"])
    note, note_zh = result.note, result.note_zh
    blank = table.index[table["std_error"].isna()]
    if missing := [
        name for name in blank if fit.has_constant or name != "constant"
    ]:  # two-way clustering may subtract too much
        note += f" Variance not positive, printed as missing: {', '.join(missing)}."
        note_zh += f"方差非正、不予报告：{'、'.join(missing)}。"
    return Inference(
        covariance=covariance,
        table=table.iloc[:-1],
        constant=table.iloc[-1],
        matrix=pd.DataFrame(result.matrix[:-1, :-1], index=list(fit.terms), columns=list(fit.terms)),
        k_counted=result.k_counted,
        clusters=result.clusters,
        factor=result.factor,
        df=float(np.min(result.df[:-1])),
        note=note,
        note_zh=note_zh,
    )


def wald(inference: Inference, terms: list[str]) -> Wald:
    """F test that the coefficients of ``terms`` are all zero: b'V^-1 b / q on (q, df) degrees of freedom."""
    if inference.covariance == "cr2":
        raise EstimationError("a joint test under CR2 is not offered; choose 'cluster'.")
    estimate = inference.table.loc[terms, "estimate"].to_numpy()
    return wald_of(estimate, inference.matrix.loc[terms, terms].to_numpy(), inference.df)


def wald_of(estimate: Floats, matrix: Floats, df: float) -> Wald:
    """F test of estimates (q,) against zero with their covariance (q, q); EstimationError when it has not
    rank q.
    """
    q = len(estimate)
    scale = np.sqrt(np.diag(matrix))
    unit = matrix / np.outer(scale, scale) if np.all(scale > 0) else np.full((q, q), np.nan)
    if not np.all(np.isfinite(unit)) or np.linalg.eigvalsh(unit)[0] < 1e-12:
        raise EstimationError(
            f"joint test of {q} coefficients: their covariance has not rank {q}; there are too few clusters for so many."
        )
    t = estimate / scale
    statistic = float(t @ np.linalg.solve(unit, t)) / q
    return Wald(statistic, (float(q), float(df)), float(fdtrc(q, df, statistic)))


LEVELS = (0.10, 0.05, 0.01)  # of one star, two and three


def stars(p: float, levels: Sequence[float] = LEVELS) -> str:
    """One star per level that p is below: by default 10, 5 and 1 %. A missing p has no stars."""
    return "*" * sum(p < level for level in levels)


def _table(estimate: Floats, result: Sandwich, names: list[str]) -> pd.DataFrame:
    variance = np.diag(result.matrix)
    # With two clusters and year effects the clustered variance is zero but for rounding: that is no precision.
    is_variance = variance > 1e-20 * np.square(estimate)
    std_error = np.sqrt(np.where(is_variance, variance, np.nan))
    statistic = estimate / std_error
    reach = stdtrit(result.df, 0.975) * std_error
    return pd.DataFrame(
        {
            "estimate": estimate,
            "std_error": std_error,
            "statistic": statistic,
            "df": result.df,
            "p_value": 2 * stdtr(result.df, -np.abs(statistic)),
            "conf_low": estimate - reach,
            "conf_high": estimate + reach,
        },
        index=pd.Index(names, name="term"),
    )
