"""Runs the regressions of a specification on the panel and collects the results as tidy frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from nqp.econometrics.bootstrap import wild_cluster_bootstrap
from nqp.econometrics.covariances import COVARIANCES
from nqp.econometrics.equation import EstimationError
from nqp.econometrics.estimators import moments_of
from nqp.econometrics.fit import Fitted
from nqp.econometrics.inference import LEVELS, Inference, infer, stars
from nqp.errors import StudyError
from nqp.estimates.engine import CR2, MAIN, WILD_BOOTSTRAP, Engine

if TYPE_CHECKING:
    from nqp.econometrics.first_stage import Diagnostic
    from nqp.study.specification import Address, Model, RegressionTable, Resampling

CONSTANT = "constant"
CLUSTERED = ("cluster", "cluster_areg")
SUPPORT = ("p_cr2", "p_wild")
EQUATION_KEY = ("table_code", "panel_code", "model_code", "equation")
COEFFICIENT = (
    "sample", "outcome", "covariance", "term", "estimate", "std_error", "statistic", "df", "p_value", "stars",
    "conf_low", "conf_high",
)  # fmt: skip


@dataclass(frozen=True)
class Equation:
    """One fitted equation with its inference: a column of a table, or the first stage behind it.

    ``support`` holds, per slope, the p-values of the two methods made for few clusters (``p_cr2``, ``p_wild``);
    None where they do not apply (no clustering, two levels of clusters, sums of a database).
    """

    table_code: str
    panel_code: str
    model: Model
    name: str
    fit: Fitted
    inference: Inference
    support: pd.DataFrame | None = None

    @cached_property
    def results(self) -> pd.DataFrame:
        """The inference table with the constant, if there is one, as its last term."""
        if not self.fit.has_constant:
            return self.inference.table.rename_axis("term")
        constant = self.inference.constant.to_frame().T
        return pd.concat([self.inference.table, constant.set_axis([CONSTANT])]).rename_axis("term")

    def stars(self, term: str, levels: Sequence[float] = LEVELS) -> str:
        """Stars of a term, one per level that its p is below; a star is hollow where CR2 or the wild bootstrap does not support
        it at its level.
        """
        solid = stars(float(self.results.at[term, "p_value"]), levels)
        if not solid or self.support is None or term not in self.support.index:
            return solid
        supported = stars(float(self.support.loc[term].max()), levels)[: len(solid)]
        return supported + "☆" * (len(solid) - len(supported))

    def rows(self) -> list[dict[str, Any]]:
        """One row of ``coefficients`` per term."""
        support = self.support
        return [
            {
                **self.key,
                "sample": self.model.sample.name,
                "outcome": self.fit.outcome,
                "covariance": self.inference.covariance,
                "term": term,
                **{
                    name: float(result[name])
                    for name in ("estimate", "std_error", "statistic", "df", "p_value")
                },
                "stars": self.stars(str(term)),
                "conf_low": float(result["conf_low"]),
                "conf_high": float(result["conf_high"]),
                **{
                    name: support.at[term, name]
                    if support is not None and term in support.index
                    else float("nan")
                    for name in SUPPORT
                },
            }
            for term, result in self.results.iterrows()
        ]

    @property
    def key(self) -> dict[str, str]:
        """The columns that name the equation in every frame."""
        return {
            "table_code": self.table_code,
            "panel_code": self.panel_code,
            "model_code": self.model.code,
            "equation": self.name,
        }


@dataclass(frozen=True)
class Estimates:
    """All that was estimated under one covariance."""

    covariance: str
    equations: tuple[Equation, ...]
    diagnostics_by_model: Mapping[tuple[str, str, str], tuple[Diagnostic, ...]]

    def equation(self, table: str, panel: str, model: str, name: str = MAIN) -> Equation | None:
        """One equation, or None if it was not estimated."""
        for equation in self.equations:
            if tuple(equation.key.values()) == (table, panel, model, name):
                return equation
        return None

    def coefficient(self, address: Address) -> dict[str, Any] | None:
        """One coefficient as a row of ``coefficients``, or None."""
        found = self.coefficients.query(
            "table_code == @address.table and panel_code == @address.panel and model_code == @address.model "
            "and equation == 'main' and term == @address.term"
        )
        return None if found.empty else dict(found.iloc[0])

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """One row per table, panel, column, equation and term; intervals at 95 %."""
        rows = [row for equation in self.equations for row in equation.rows()]
        return pd.DataFrame(rows, columns=[*EQUATION_KEY, *COEFFICIENT, *SUPPORT])

    def under_every_covariance(self, engine: Engine) -> pd.DataFrame:
        """``coefficients`` with a row per covariance too: first those that the tables print (``is_printed``), then every other
        covariance that the engine offers for an equation; one that an equation has too few clusters for is left out.
        """
        others = []
        for equation in self.equations:
            for covariance in COVARIANCES:
                if covariance != equation.inference.covariance and engine.offers(covariance, equation.fit):
                    with suppress(EstimationError):
                        inference = infer(equation.fit, covariance)
                        others += replace(equation, inference=inference, support=None).rows()
        printed = self.coefficients.assign(is_printed=True)
        if not others:
            return printed
        return pd.concat(
            [printed, pd.DataFrame(others, columns=list(self.coefficients)).assign(is_printed=False)],
            ignore_index=True,
        )

    @cached_property
    def model_statistics(self) -> pd.DataFrame:
        """One row per table, panel, column, equation and statistic."""
        rows = []
        for equation in self.equations:
            fitted, inference, flow = equation.fit, equation.inference, equation.fit.flow
            values = {
                "n_obs": fitted.n_obs,
                "n_entities": fitted.n_entities,
                "n_years": fitted.n_years,
                "n_terms": fitted.n_terms,
                "df_resid": fitted.df_resid,
                "r2": fitted.r2,
                "adj_r2": fitted.adj_r2,
                "r2_within": fitted.r2_within,
                "k_counted": inference.k_counted,
                "clusters": inference.clusters,
                "small_sample_factor": inference.factor,
                "rows_offered": flow.offered,
                "rows_missing_outcome": flow.missing_outcome,
                "rows_missing_regressor": flow.missing_regressor,
                "rows_missing_lag": flow.missing_lag,
                "rows_singletons": flow.singletons,
                "without_constant": None if fitted.has_constant else 1,
                **_weighing(fitted),
            }
            rows += [
                {**equation.key, "statistic": name, "value": float(value)}
                for name, value in values.items()
                if value is not None
            ]
        return pd.DataFrame(rows, columns=[*EQUATION_KEY, "statistic", "value"])

    @cached_property
    def diagnostics(self) -> pd.DataFrame:
        """One row per instrumented column and test."""
        columns = ["table_code", "panel_code", "model_code", "diagnostic", "term", "value", "std_error", "df",
                   "p_value", "intervals", "valid_under", "note_en", "note_zh"]  # fmt: skip
        rows = [
            {
                **dict(zip(columns[:3], key, strict=True)),
                "diagnostic": one.name,
                "term": one.term,
                "value": one.value,
                "std_error": one.std_error,
                "df": ", ".join(f"{df:g}" for df in one.df),
                "p_value": one.p_value,
                "intervals": "; ".join(f"[{low:g}, {high:g}]" for low, high in one.intervals),
                "valid_under": one.valid_under,
                "note_en": one.note_en,
                "note_zh": one.note_zh,
            }
            for key, found in self.diagnostics_by_model.items()
            for one in found
        ]
        return pd.DataFrame(rows, columns=columns)

    def statistics_by_key(self) -> dict[tuple[str, str, str, str], float]:
        """Statistics and diagnostics of the main equations, p-values under ``<diagnostic>_p``."""
        main = self.model_statistics.query("equation == 'main'")
        found = {
            (row["table_code"], row["panel_code"], row["model_code"], row["statistic"]): row["value"]
            for row in main.to_dict("records")
        }
        for key, tests in self.diagnostics_by_model.items():
            for test in tests:
                if not test.term:
                    found[(*key, test.name)] = test.value
                    found[(*key, f"{test.name}_p")] = test.p_value
        return found


def estimate(
    tables: Iterable[RegressionTable],
    engine: Engine,
    covariances: Iterable[str],
    resampling: Resampling,
    announce: Callable[[str], None] = lambda text: None,
) -> dict[str, Estimates]:
    """Fit every column once and infer under each covariance.

    What the engine does not offer (CR2, the wild bootstrap, tests of the instruments that need rows) is left out.

    Raises StudyError that names table, panel, column and sample of the model that cannot be estimated.
    """
    names = tuple(dict.fromkeys(covariances))
    equations: dict[str, list[Equation]] = {name: [] for name in names}
    tests: dict[str, dict[tuple[str, str, str], tuple[Diagnostic, ...]]] = {name: {} for name in names}
    for table in tables:
        announce(table.title.en)
        for part in table.panels:
            for model in part.models:
                try:
                    fits: dict[str, Mapping[str, Fitted]] = {}
                    for covariance in names:
                        moments = moments_of(model.estimator, covariance)
                        fits[moments] = fits.get(moments) or engine.fits(model, moments)
                        for name, fitted in fits[moments].items():
                            used = used_covariance(engine, covariance, fitted)
                            support = (
                                _support(engine, fitted, resampling) if covariance in CLUSTERED else None
                            )
                            equations[covariance].append(
                                Equation(
                                    table.code, part.code, model, name, fitted, infer(fitted, used), support
                                )
                            )
                            if name == MAIN and fitted.is_iv:
                                key = (table.code, part.code, model.code)
                                under = "cluster" if used == CR2 else used  # no test is defined under CR2
                                tests[covariance][key] = engine.diagnostics(fits[moments], under)
                except EstimationError as error:
                    sample = f", sample '{model.sample.name}'" if model.sample.conditions else ""
                    raise StudyError(
                        f"specifications.toml: table '{table.code}', panel '{part.code}', column '{model.code}'{sample}: {error}"
                    ) from error
    return {name: Estimates(name, tuple(equations[name]), tests[name]) for name in names}


def _weighing(fitted: Fitted) -> dict[str, float]:
    """The kind and the variable of the weights of a fit, with the number of observations that they count."""
    if fitted.weights is None:
        return {}
    return {f"{fitted.weights.kind}_weights.{fitted.weights.column}": fitted.n_obs}


def used_covariance(engine: Engine, covariance: str, fitted: Fitted) -> str:
    """The covariance that a fit is given: the one named, or clustered where the engine does not offer that."""
    return covariance if engine.offers(covariance, fitted) else "cluster"


def _support(engine: Engine, fitted: Fitted, resampling: Resampling) -> pd.DataFrame | None:
    """p-values of every slope under CR2 and the wild cluster bootstrap; None where the engine does not offer them."""
    rows = fitted.with_rows
    if rows is None or not engine.offers(WILD_BOOTSTRAP, fitted):
        return None

    def wild(term: str) -> float:
        try:
            return wild_cluster_bootstrap(rows, term, draws=resampling.bootstrap_draws, seed=resampling.seed)
        except EstimationError:  # no variance between the clusters: the t statistic is blank too
            return float("nan")

    return pd.DataFrame(
        {"p_cr2": infer(rows, CR2).table["p_value"], "p_wild": [wild(term) for term in rows.terms]}
    )
