"""The first stage and the reduced form of a two-stage least-squares fit, and its variables cut into blocks.

Notation: m endogenous regressors Y, q excluded instruments Z, both net of the included exogenous regressors
and the effects; n rows; L = absorbed effects + exogenous regressors + q, the dimension of the whole
instrument space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nqp.econometrics.covariances import sandwich
from nqp.econometrics.effects import pseudo_inverse
from nqp.econometrics.equation import EstimationError, Floats
from nqp.econometrics.fit import Fit, Fitted
from nqp.econometrics.inference import Wald, infer, wald

NAN = float("nan")


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
    std_error: float = NAN
    intervals: tuple[tuple[float, float], ...] = ()


def first_stages(fit: Fit) -> dict[str, Fit]:
    """The first stage of each endogenous regressor: itself on exogenous regressors and instruments, same
    rows.
    """
    need_iv(fit)
    return {y: fit.on_instruments(y) for y in fit.endogenous}


def reduced_form(fit: Fit) -> Fit:
    """The outcome on exogenous regressors and instruments, on the rows of the fit."""
    need_iv(fit)
    return fit.on_instruments(fit.outcome)


@dataclass(frozen=True, eq=False)
class Blocks:
    """A 2SLS fit cut into its blocks, net of effects and exogenous regressors."""

    fit: Fit
    covariance: str
    lags: int | None

    @property
    def m(self) -> int:
        """How many endogenous regressors."""
        return len(self.fit.endogenous)

    @property
    def q(self) -> int:
        """How many excluded instruments."""
        return len(self.fit.instruments)

    @property
    def k(self) -> int:
        """Exogenous regressors and instruments together."""
        return len(self.fit.exogenous) + self.q

    @property
    def n_minus_l(self) -> int:
        """Rows less the dimension of the whole instrument space."""
        return self.fit.n_obs - self.fit.absorber.rank - self.k

    @cached_property
    def first_stages(self) -> dict[str, Fit]:
        """The first stage of each endogenous regressor."""
        return first_stages(self.fit)

    @cached_property
    def exog(self) -> Floats:
        """Exogenous regressors net of the effects, shape (n, k - q)."""
        return self.fit.within(self.fit.exogenous)

    def net(self, columns: tuple[str, ...]) -> Floats:
        """Columns net of effects and exogenous regressors, shape (n, len(columns))."""
        block = self.fit.within(columns)
        return block - self.exog @ (pseudo_inverse(self.exog) @ block) if self.exog.shape[1] else block

    @cached_property
    def y(self) -> Floats:
        """The outcome, shape (n,)."""
        return self.net((self.fit.outcome,))[:, 0]

    @cached_property
    def endog(self) -> Floats:
        """The endogenous regressors, shape (n, m)."""
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
            clusters=self.fit.clusters,
            lags=self.lags,
        )
        return result.matrix, result.factor, float(result.df[0])


def need_iv(fit: Fit) -> None:
    """EstimationError unless the fit is two-stage least squares."""
    if not fit.is_iv:
        raise EstimationError(
            f"the model of '{fit.outcome}' has no instruments: there is nothing to diagnose."
        )


def first_stage_tests(
    stages: Mapping[str, Fitted],
    instruments: Sequence[str],
    covariance: str,
    lags: int | None,
) -> list[Diagnostic]:
    """The coefficient of each instrument in each first stage, and the F test of all of them."""
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
        note = (
            f"F test of the excluded instruments in the first stage of {name}.",
            f"{name} 第一阶段中排除工具变量的联合 F 检验。",
        )
        try:
            test = wald(result, list(instruments))
        except EstimationError as error:  # a blank with its reason: the estimate itself stands
            test = Wald(NAN, (NAN, NAN), NAN)
            note = (
                f"The first-stage F of {name} cannot be computed: {error}",
                f"{name} 的第一阶段 F 无法计算：聚类数不足。",
            )
        found.append(
            Diagnostic(
                "first_stage_f", test.statistic, () if test.df[0] != test.df[0] else test.df, test.p_value, covariance,
                *note, term=name,
            )
        )  # fmt: skip
    return found


def reduced_form_tests(work: Blocks) -> list[Diagnostic]:
    """The coefficient of each instrument on the outcome itself."""
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
