"""Who fits: rows in memory, or sums made in the database, where a large panel stays.

One protocol, two engines. Who needs more than every engine has asks ``offers`` first; no other module knows one from the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pandas as pd

from nqp.econometrics.equation import EstimationError
from nqp.econometrics.estimators import CLUSTERED, TWO_STAGE
from nqp.econometrics.first_stage import first_stages
from nqp.econometrics.fit import Fit, Fitted, fit
from nqp.econometrics.instruments import diagnostics, diagnostics_of_sums
from nqp.econometrics.sample import SampleFlow, winsorised
from nqp.econometrics.terms import columns_of
from nqp.econometrics.weights import COVARIANCES_OF_WEIGHTED
from nqp.econometrics.within import WithinFit, fit_within
from nqp.study.database import connected

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from nqp.econometrics.first_stage import Diagnostic
    from nqp.study.marts import Marts
    from nqp.study.specification import Model, Sample

AnyFit = TypeVar("AnyFit", bound=Fitted)

MAIN, FIRST_STAGE = "main", "first_stage"
# What an engine may lack: methods that go through the rows again (leave one out, placebo, tests between groups, the
# multiverse), and the two methods for few clusters.
ROWS, CR2, WILD_BOOTSTRAP = "rows", "cr2", "wild_bootstrap"


class Engine(Protocol):
    """Fits the equations of a column and says what can be made of them."""

    @property
    def name(self) -> str:
        """How the record of a run calls it."""

    def offers(self, what: str, fitted: Fitted | None = None) -> bool:
        """Whether there is ``what`` (a covariance, ROWS, WILD_BOOTSTRAP): for one fit, or at all."""

    def fits(self, model: Model, moments: str = CLUSTERED) -> Mapping[str, Fitted]:
        """The main equation of a column and, with instruments, the first stage of each endogenous regressor; ``moments`` is the
        covariance that weighs those of two-step GMM.

        Raises EstimationError if the model cannot be estimated.
        """

    def diagnostics(self, fitted: Mapping[str, Fitted], covariance: str) -> tuple[Diagnostic, ...]:
        """The tests of the instruments of an instrumented column, given what ``fits`` gave."""


class RowsInMemory:
    """linearmodels on the panel in memory: offers everything, but CR2 and the wild bootstrap only with one level of clusters,
    after least squares and 2SLS; with weights or without a constant the covariances that are verified for them.
    """

    name = "linearmodels"

    def __init__(self, marts: Marts) -> None:
        self.panel, self.groups = marts.panel, marts.groups
        self._fits: dict[tuple[Model, str], dict[str, Fit]] = {}

    def offers(self, what: str, fitted: Fitted | None = None) -> bool:
        """See :class:`Engine`."""
        if fitted is not None and not fitted.is_plain:
            return what in COVARIANCES_OF_WEIGHTED
        if what not in (CR2, WILD_BOOTSTRAP) or fitted is None:
            return True
        return len(fitted.clusters) == 1 and fitted.estimator == TWO_STAGE

    def fits(self, model: Model, moments: str = CLUSTERED) -> dict[str, Fit]:
        """See :class:`Engine`."""
        if (
            model,
            moments,
        ) not in self._fits:  # a column is asked for again by its conventions and its sensitivity
            self._fits[model, moments] = self._fitted(model, moments)
        return self._fits[model, moments]

    def _fitted(self, model: Model, moments: str) -> dict[str, Fit]:
        main = fit(
            model_panel(self.panel, model),
            outcome=model.outcome,
            regressors=model.regressors,
            effects=model.effects,
            clusters=model.cluster,
            endogenous=model.core if model.instruments else (),
            instruments=model.instruments,
            estimator=model.estimator,
            sample=selected(self.panel, self.groups, model.sample),
            weights=model.weights,
            constant=model.constant,
            moments=moments,
        )
        return {MAIN: main, **(_by_equation(first_stages(main)) if main.is_iv else {})}

    def diagnostics(self, fitted: Mapping[str, Fitted], covariance: str) -> tuple[Diagnostic, ...]:
        """See :class:`Engine`."""
        main = fitted[MAIN]
        assert isinstance(main, Fit)
        return tuple(diagnostics(main, covariance))


class SumsInDatabase:
    """Set-based SQL on the mart itself: no row of the panel comes to Python, so nothing that needs rows is offered, and effects
    and clusters are entity and year.

    Of the tests of the instruments it has those that need only cross-products.
    """

    name = "sql"

    def __init__(self, connection: duckdb.DuckDBPyConnection, marts: Marts) -> None:
        self.connection, self.columns = connection, marts.columns

    def offers(self, what: str, fitted: Fitted | None = None) -> bool:
        """See :class:`Engine`."""
        return what not in (ROWS, CR2, WILD_BOOTSTRAP)

    def fits(self, model: Model, moments: str = CLUSTERED) -> dict[str, WithinFit]:
        """See :class:`Engine`."""
        where = " and ".join(model.sample.conditions) or "true"

        def one(outcome: str, regressors: Sequence[str], **more: Any) -> WithinFit:
            return fit_within(
                self.connection, "marts.regression_panel", outcome=outcome, regressors=regressors,
                effects=model.effects, clusters=model.cluster, columns=self.columns, where=where, winsorise=model.winsorise, **more,
            )  # fmt: skip

        if model.instruments and model.estimator != TWO_STAGE:
            raise EstimationError(
                f"estimator '{model.estimator}': the database has 2sls only; a panel in memory has the others "
                "(estimate.py --engine linearmodels)."
            )
        if not model.is_plain:
            raise EstimationError(
                "weights, and a model without a constant: the database has neither; a panel in memory has both "
                "(estimate.py --engine linearmodels)."
            )
        if not model.instruments:
            return {MAIN: one(model.outcome, model.regressors)}
        main = one(model.outcome, model.regressors, endogenous=model.core, instruments=model.instruments)
        right = [*main.exogenous, *main.instruments]
        every = [model.outcome, *model.regressors, *model.instruments]
        used = SampleFlow(main.n_obs, 0, 0, 0, 0, main.n_obs)  # the rows of the main equation, none lost
        stages = {x: replace(one(x, right, also=every), flow=used) for x in main.endogenous}
        return {MAIN: main, **_by_equation(stages)}

    def diagnostics(self, fitted: Mapping[str, Fitted], covariance: str) -> tuple[Diagnostic, ...]:
        """See :class:`Engine`."""
        main = fitted[MAIN]
        assert isinstance(main, WithinFit)
        stages = {stage.outcome: stage for stage in fitted.values() if stage is not main}
        return tuple(diagnostics_of_sums(main, stages, covariance))


@contextmanager
def engine_for(marts: Marts, database: Path) -> Iterator[Engine]:
    """The engine of a run: rows in memory where the marts hold the panel, else the database, open meanwhile."""
    if marts.regression_panel is not None:
        yield RowsInMemory(marts)
        return
    with connected(database) as connection:
        yield SumsInDatabase(connection, marts)


def selected(panel: pd.DataFrame, groups: pd.Series, sample: Sample) -> pd.Series:
    """Whether a sample keeps each row of the panel, booleans on its index."""
    years = panel.index.get_level_values("year")
    keep = pd.Series(True, index=panel.index)
    if sample.groups:
        keep &= groups.isin(sample.groups)
    if sample.without_entities:
        keep &= ~panel.index.get_level_values("entity_code").isin(sample.without_entities)
    if sample.first_year is not None:
        keep &= years >= sample.first_year
    if sample.last_year is not None:
        keep &= years <= sample.last_year
    return keep


def model_panel(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """The panel as a model sees it: its variables winsorised, if the model says so."""
    if model.winsorise is None:
        return panel
    names = [model.outcome, *model.regressors, *model.instruments]
    return winsorised(panel, sorted(columns_of(names, panel.columns)), *model.winsorise)


def _by_equation(stages: Mapping[str, AnyFit]) -> dict[str, AnyFit]:
    """First stages under the names of their equations."""
    names = [FIRST_STAGE] if len(stages) == 1 else [f"{FIRST_STAGE}_{i + 1}" for i in range(len(stages))]
    return dict(zip(names, stages.values(), strict=True))
