"""One way to fit a model: a linear panel regression, by least squares or by two-stage least squares.

The model is ``y_it = sum_j b_j x_jit + a_i + d_t + e_it``; effects may be left out, and without any a constant takes their
place, or added: other categories, their combinations, their trends. Everything that inference needs (the design net of the effects, the residuals)
stays on the fit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from nqp.econometrics.covariances import Sandwich, sandwich
from nqp.econometrics.effects import Absorber, pseudo_inverse
from nqp.econometrics.equation import (
    EFFECTS,
    ENTITY,
    Dropped,
    EstimationError,
    Floats,
    Remark,
    check_clusters,
    check_names,
    in_order,
)
from nqp.econometrics.estimators import (
    CLUSTERED,
    ESTIMATORS,
    GMM,
    TWO_STAGE,
    Solution,
    k_class,
    moments_of,
    two_step_gmm,
)
from nqp.econometrics.sample import SampleFlow, complete_rows
from nqp.econometrics.screens import (
    check_degrees_of_freedom,
    check_relevant_columns,
    check_solution,
    is_absorbed,
    near_collinear_columns,
    no_variation,
    screen_columns,
    screened,
)
from nqp.econometrics.weights import Weights, check_least_squares


@dataclass(frozen=True, eq=False)
class Fitted(ABC):
    """What every fit knows and offers, whether it was made from rows or from sums (``within``).

    ``r2`` is the share of the variance of the outcome around its mean that regressors and effects explain;
    ``r2_within`` that of the outcome net of the effects; ``adj_r2 = 1 - (1 - r2)(n - 1) / df_resid``. After
    2SLS all three use the structural residuals and may be negative. ``df_resid = n - k - absorbed`` counts
    every effect. ``constant = mean(y) - sum_j b_j mean(x_j)``, as reghdfe prints it. With weights means and sums of squares are
    weighted; without a constant those of the outcome are around 0, ``constant`` is NaN and ``n`` stands for ``n - 1``.
    """

    outcome: str
    terms: tuple[str, ...]
    effects: tuple[str, ...]
    clusters: tuple[str, ...]  # the levels by which ``cluster`` clusters
    estimator: str  # of an instrumented equation; 2sls where nothing is instrumented
    endogenous: tuple[str, ...]
    instruments: tuple[str, ...]
    params: pd.Series
    constant: float
    n_obs: int
    n_entities: int
    n_years: int
    first_year: int
    last_year: int
    df_resid: int
    r2: float
    adj_r2: float
    r2_within: float
    dropped: tuple[Dropped, ...]
    warnings: tuple[Remark, ...]
    flow: SampleFlow
    weights: Weights | None = field(default=None, kw_only=True)
    has_constant: bool = field(default=True, kw_only=True)
    moments: str = field(
        default=CLUSTERED, kw_only=True
    )  # the covariance that weighs the moments of two-step GMM

    @property
    def is_plain(self) -> bool:
        """Whether the rows count alike and the level is free: what most methods beside the fit itself are verified for."""
        return self.weights is None and self.has_constant

    @property
    def n_terms(self) -> int:
        """Number of slopes, k."""
        return len(self.terms)

    @property
    def is_iv(self) -> bool:
        """Whether the fit is two-stage least squares."""
        return bool(self.endogenous)

    @property
    def exogenous(self) -> tuple[str, ...]:
        """Right-hand variables that are their own instruments."""
        return tuple(t for t in self.terms if t not in self.endogenous)

    @property
    def with_rows(self) -> Fit | None:
        """The fit with the rows it was made from; None where they were never in memory."""
        return None

    @abstractmethod
    def sandwich(self, covariance: str, lags: int | None) -> Sandwich:
        """The covariance of the slopes and, last, of the constant; arguments as in :func:`nqp.econometrics.inference.infer`.

        Raises EstimationError if the fit does not offer it.
        """


@dataclass(frozen=True, eq=False)
class Fit(Fitted):
    """A model fitted from its rows. Arrays have the rows of ``frame``: sorted by entity, then year."""

    frame: pd.DataFrame  # outcome, terms and instruments as used, in their units
    absorber: Absorber
    design: Floats  # (n, k) net of the effects; endogenous columns replaced by their first-stage fit
    residuals: Floats  # (n,) structural
    solution: Solution | None = None  # of an estimator that is no projection

    @property
    def with_rows(self) -> Fit:
        """The fit itself."""
        return self

    def sandwich(self, covariance: str, lags: int | None) -> Sandwich:
        """The covariance of slopes and constant from the scores of the rows."""
        influence = np.column_stack([self.influence, self.constant_influence])
        residuals = np.repeat(self.residuals[:, None], influence.shape[1], axis=1)
        return sandwich(
            self.absorber, influence, residuals, self.n_terms, covariance,
            clusters=self.clusters, lags=lags, design=self.design if self.solution is None else None, bread=self._bread,
        )  # fmt: skip

    def within(self, columns: Sequence[str]) -> Floats:
        """Columns of the frame net of the effects, shape (n, len(columns))."""
        return self.absorber.residual(self.frame[list(columns)].to_numpy(dtype=float))

    @cached_property
    def _on_instruments(self) -> dict[str, Fit]:
        return {}

    def on_instruments(self, outcome: str) -> Fit:
        """A column of the frame on exogenous regressors and instruments, on the same rows; fitted once."""
        if outcome not in self._on_instruments:
            right = [*self.exogenous, *self.instruments]
            self._on_instruments[outcome] = fit(
                self.frame, outcome=outcome, regressors=right, effects=self.effects, clusters=self.clusters
            )
        return self._on_instruments[outcome]

    @cached_property
    def influence(self) -> Floats:
        """Weights w, shape (n, k), with b_j - beta_j = sum_i w_ij e_i."""
        return pseudo_inverse(self.design).T if self.solution is None else self.solution.influence

    @property
    def _bread(self) -> Floats | None:
        """What stands for the cross-products of the weights under independent errors, slopes and, last, the constant."""
        if self.solution is None:
            return None
        bread = self.solution.bread
        means = self.frame[list(self.terms)].to_numpy(dtype=float).mean(axis=0)
        edge = -(bread @ means)
        corner = means @ bread @ means + 1.0 / self.n_obs
        return np.block([[bread, edge[:, None]], [edge[None, :], np.full((1, 1), corner)]])

    @cached_property
    def constant_influence(self) -> Floats:
        """Weights, shape (n,), of the constant mean(y) - sum_j b_j mean(x_j)."""
        if not self.has_constant:
            return np.zeros(len(self.frame))
        if (weights := self.absorber.weights) is not None:
            means = np.array(
                [self.absorber.mean(column) for column in self.frame[list(self.terms)].to_numpy(float).T]
            )
            return np.asarray(np.sqrt(weights) / weights.sum() - self.influence @ means)
        means = self.frame[list(self.terms)].to_numpy(dtype=float).mean(axis=0)
        return np.asarray(1.0 / self.n_obs - self.influence @ means)


def fit(
    panel: pd.DataFrame,
    *,
    outcome: str,
    regressors: Sequence[str],
    effects: tuple[str, ...] = EFFECTS,
    clusters: tuple[str, ...] = ENTITY,
    endogenous: Sequence[str] = (),
    instruments: Sequence[str] = (),
    estimator: str = TWO_STAGE,
    sample: pd.Series | None = None,
    weights: Weights | None = None,
    constant: bool = True,
    moments: str = CLUSTERED,
    by_projection: bool = False,
) -> Fit:
    """Fit one model: least squares, or two-stage least squares when there are endogenous regressors.

    Args:
        panel: float columns on a unique MultiIndex (entity, year), in any order. NaN is a missing value.
        outcome: the left-hand column.
        regressors: all right-hand columns in print order, endogenous ones included; ``L2.x`` is the second lag of x.
        effects: what to absorb: ``entity``, ``year``, a column taken as a category, combinations (``group:year``), a linear
            trend of each category (``entity:trend``); with none, the model has a constant.
        clusters: the one or two levels by which the clustered covariances cluster, written as effects are.
        endogenous: those of the regressors that are instrumented.
        instruments: excluded instruments, at least as many as endogenous regressors.
        estimator: of the instrumented equation: 2sls, liml, fuller (alpha = 1) or gmm (two steps).
        sample: optional booleans on the index of the panel: the rows that may be used. Lags are made before this
            filter, so a row just outside the sample still serves as the past of a row inside.
        weights: of the rows, with least squares only (:mod:`nqp.econometrics.weights`).
        constant: false for a model without effects that has no constant either.
        moments: the covariance that weighs the moments of gmm, a key of COVARIANCES; by the clusters if left out.
        by_projection: slopes from the projection kept for inference, without linearmodels, which takes most of a fit: where a model that
            linearmodels has fitted is fitted again on other rows many times over. The two are then not compared.

    Rows with a missing value are left out and counted, then singletons (entities or years with one row under
    the effects), again and again until none is left, as reghdfe does. A regressor that the effects absorb or
    that repeats earlier ones is dropped with its reason. Coefficients come from linearmodels (PanelOLS;
    IV2SLS with the dummies as exogenous regressors) on columns scaled to unit deviation, with further effects from least
    squares on their dummies, and are checked against the projection kept for inference.

    Raises:
        EstimationError: names that do not fit, a value that is not finite, near-collinear columns, no degree
            of freedom,
            no variation, too few or irrelevant instruments.
    """
    effects, clusters = in_order(effects), check_clusters(clusters)
    terms, endog, excluded = list(regressors), list(endogenous), list(instruments)
    check_names(outcome, terms, endog, excluded)
    if estimator not in ESTIMATORS:
        raise EstimationError(f"no estimator '{estimator}'; choose one of {', '.join(ESTIMATORS)}.")
    frame, flow, absorber = complete_rows(
        panel,
        outcome=outcome,
        columns=[*terms, *excluded],
        effects=effects,
        clusters=clusters,
        sample=sample,
        weights=weights,
        constant=constant,
    )
    what = f"model of '{outcome}' on {', '.join(terms)}"
    check_least_squares(what, weights, constant, effects, endog)

    units = {name: frame[name].to_numpy(dtype=float) for name in frame.columns}
    columns = np.column_stack(list(units.values()))
    raw = dict(zip(units, absorber.rooted(columns).T, strict=True))
    net = dict(zip(units, absorber.residual(columns).T, strict=True))
    if is_absorbed(raw[outcome], net[outcome]):
        raise no_variation(what, effects)
    terms, excluded, dropped = screened(
        what, terms, endog, excluded, lambda names: screen_columns(names, raw, net, effects)
    )
    exog = [t for t in terms if t not in endog]
    frame = frame[list(dict.fromkeys([outcome, *terms, *excluded, *absorber.categories]))]
    n, k = absorber.counted, len(terms)
    df_resid = n - k - absorber.rank
    check_degrees_of_freedom(what, n, k, absorber.rank)
    warnings = near_collinear_columns(what, np.column_stack([net[t] for t in terms]), terms)
    design = np.column_stack([net[t] for t in terms])
    if endog:
        z = np.column_stack([net[c] for c in (*exog, *excluded)])
        near_collinear_columns(what, z, [*exog, *excluded])
        design = z @ (pseudo_inverse(z) @ design)
        check_relevant_columns(
            what,
            np.column_stack([net[c] for c in endog]),
            np.column_stack([net[c] for c in excluded]),
            np.column_stack([net[c] for c in exog]) if exog else np.empty((n, 0)),
            endog,
        )

    solution = None
    if endog and estimator != TWO_STAGE:
        solution = _solution(
            estimator, what, net, outcome, terms, endog, excluded, absorber, clusters, moments
        )
        params = solution.params
    elif by_projection or weights is not None or not constant:
        params = pseudo_inverse(design) @ net[outcome]
    else:
        params = _coefficients(frame, outcome, terms, endog, excluded, absorber)
    fit_y = np.column_stack([net[t] for t in terms]) @ params
    residuals = net[outcome] - fit_y
    norms = np.sqrt((design**2).sum(axis=0))
    gap = np.zeros(k) if solution else (pseudo_inverse(design) @ net[outcome] - params) * norms
    rss, tss_within = float(residuals @ residuals), float(net[outcome] @ net[outcome])
    check_solution(what, params, gap, rss, tss_within)
    centred = units[outcome] - absorber.mean(units[outcome]) if constant else units[outcome]
    centred = absorber.rooted(centred[:, None])[:, 0]
    tss = float(centred @ centred)
    r2 = 1.0 - rss / tss
    return Fit(
        outcome=outcome,
        terms=tuple(terms),
        effects=effects,
        clusters=clusters,
        estimator=estimator if endog else TWO_STAGE,
        endogenous=tuple(endog),
        instruments=tuple(excluded),
        params=pd.Series(params, index=terms, name="estimate"),
        constant=absorber.mean(units[outcome])
        - sum(float(b) * absorber.mean(units[t]) for b, t in zip(params, terms, strict=True))
        if constant
        else float("nan"),
        n_obs=n,
        n_entities=int(absorber.entity.max()) + 1,
        n_years=int(absorber.year.max()) + 1,
        first_year=int(frame.index.get_level_values(1).min()),
        last_year=int(frame.index.get_level_values(1).max()),
        df_resid=df_resid,
        r2=r2,
        adj_r2=1.0 - (1.0 - r2) * (n - constant) / df_resid,
        r2_within=1.0 - rss / tss_within,
        dropped=tuple(dropped),
        warnings=warnings,
        flow=flow,
        frame=frame,
        absorber=absorber,
        design=design,
        residuals=residuals,
        solution=solution,
        weights=weights,
        has_constant=constant,
        moments=moments_of(estimator if endog else TWO_STAGE, moments),
    )


def _solution(
    estimator: str,
    what: str,
    net: dict[str, Floats],
    outcome: str,
    terms: list[str],
    endog: list[str],
    excluded: list[str],
    absorber: Absorber,
    clusters: tuple[str, ...],
    moments: str,
) -> Solution:
    """The estimate of another estimator than 2SLS, on columns net of the effects."""
    exog = [t for t in terms if t not in endog]
    x = np.column_stack([net[t] for t in terms])
    z = np.column_stack([net[c] for c in (*exog, *excluded)])
    if estimator == GMM:
        try:
            return two_step_gmm(net[outcome], x, z, absorber, clusters, moments_of(estimator, moments))
        except EstimationError as problem:
            raise EstimationError(f"{what}: {problem}") from problem
    n_minus_l = len(z) - absorber.rank - z.shape[1]
    if n_minus_l < 1:
        raise EstimationError(f"{what}: no more rows than instruments and effects; use fewer.")
    places = [terms.index(name) for name in endog]
    return k_class(net[outcome], x, z, places, n_minus_l, fuller=estimator == "fuller")


def _coefficients(
    frame: pd.DataFrame,
    outcome: str,
    terms: list[str],
    endog: list[str],
    excluded: list[str],
    absorber: Absorber,
) -> Floats:
    """Slopes in print order, from linearmodels, on columns of mean 0 and deviation 1 so that units cost no
    digits.
    """
    frame = frame[[outcome, *terms, *excluded]]
    mean, scale = frame.mean(), frame.std(ddof=0)
    unit = (frame - mean) / scale
    unit.columns = pd.Index(
        [f"v{i}" for i in range(unit.shape[1])]
    )  # names are the user's: they may hold anything
    v = dict(zip(frame.columns, unit.columns, strict=True))
    x = unit[[v[t] for t in terms]]
    if not set(absorber.effects) <= set(EFFECTS):
        exog = unit[[v[t] for t in terms if t not in endog] + [v[z] for z in excluded]]
        slopes = _on_dummies(unit[v[outcome]], x, exog if endog else x, absorber)
        return np.asarray(slopes * scale[outcome] / scale[terms].to_numpy())
    try:
        if endog:
            from linearmodels.iv.model import IV2SLS  # a second to import: only a fit needs it

            dummies = absorber.dummies()
            exog = pd.DataFrame(dummies, index=unit.index, columns=[f"d{i}" for i in range(dummies.shape[1])])
            exog = exog.join(unit[[v[t] for t in terms if t not in endog]])
            estimates = (
                IV2SLS(unit[v[outcome]], exog, unit[[v[t] for t in endog]], unit[[v[z] for z in excluded]])
                .fit(cov_type="unadjusted")
                .params
            )
        else:
            from linearmodels.panel.model import PanelOLS

            if not absorber.effects:
                x = x.assign(constant=1.0)
            estimates = (
                PanelOLS(
                    unit[v[outcome]],
                    x,
                    entity_effects="entity" in absorber.effects,
                    time_effects="year" in absorber.effects,
                )
                .fit()
                .params
            )
    except (ValueError, np.linalg.LinAlgError) as problem:
        raise EstimationError(f"model of '{outcome}' on {', '.join(terms)}: {problem}") from problem
    slopes = estimates[[v[t] for t in terms]].to_numpy(dtype=float)
    return np.asarray(slopes * scale[outcome] / scale[terms].to_numpy())


def _on_dummies(y: pd.Series, x: pd.DataFrame, z: pd.DataFrame, absorber: Absorber) -> Floats:
    """Slopes of least squares, or of 2SLS with instruments z, beside the dummies and trends of all effects but those of the
    entities, whose means (and trends) every column is taken net of: PanelOLS absorbs two effects at most, and no trend.
    """
    dummies = absorber.basis
    inner = [absorber.off_entity(absorber.off_entity(block.to_numpy())) for block in (y.to_frame(), x, z)]
    fitted = inner[1]
    if z is not x:
        first = np.column_stack([inner[2], dummies])
        fitted = first @ np.linalg.lstsq(first, fitted, rcond=None)[0]
    return np.asarray(
        np.linalg.lstsq(np.column_stack([fitted, dummies]), inner[0], rcond=None)[0][: x.shape[1], 0]
    )
