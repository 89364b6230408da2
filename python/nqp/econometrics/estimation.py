"""One way to fit a model: a linear panel regression, by least squares or by two-stage least squares.

The model is ``y_it = sum_j b_j x_jit + a_i + d_t + e_it``; either effect may be left out, and then a
constant takes its place. Everything that inference needs (the design net of the effects, the residuals)
stays on the fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

EFFECTS = ("entity", "year")
ABSORBED_SHARE = (
    1e-9  # share of variance left by the effects below which a column is absorbed: reghdfe's rule
)
COLLINEAR_SHARE = 1e-11  # share left by the columns before it below which a column is the same column
NEAR_COLLINEAR_SHARE = 1e-8  # 1 / VIF: half of the digits of a float are lost, no coefficient can be read
WARN_SHARE = 1e-4
LAG = re.compile(r"L([1-9]\d*)\.(.+)")


class EstimationError(ValueError):
    """A model that cannot be estimated: one message that says what, where, and how to mend it."""


@dataclass(frozen=True)
class Dropped:
    """A right-hand variable or an instrument left out of the model, and why."""

    term: str
    reason: str
    reason_zh: str


class Remark(NamedTuple):
    """A sentence for the notes of a table, in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class SampleFlow:
    """Where the rows went. A row is counted once, under the first cause that applies, in this order."""

    offered: int
    missing_outcome: int
    missing_regressor: int
    missing_lag: int
    singletons: int
    used: int
    singleton_names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Absorber:
    """The projection off entity and year effects (a constant when there are none), exact on unbalanced
    panels.

    Entity effects leave by subtracting entity means; what the years add is an orthonormal basis of the year
    dummies net of the entity effects (Frisch-Waugh-Lovell). Rows are sorted by entity, then year.
    """

    entity: Integers  # (n,) codes 0..N-1
    year: Integers  # (n,) codes 0..T-1
    effects: tuple[str, ...]

    @cached_property
    def entity_sizes(self) -> Integers:
        """Rows of each entity, shape (N,)."""
        return np.bincount(self.entity)

    @cached_property
    def basis(self) -> Floats:
        """Orthonormal basis, shape (n, r), of the absorbed space beyond the entity dummies."""
        if "year" in self.effects:
            block = np.eye(int(self.year.max()) + 1)[self.year]
        elif "entity" in self.effects:
            return np.empty((len(self.entity), 0))
        else:
            block = np.ones((len(self.entity), 1))
        u, s, _ = np.linalg.svd(self.off_entity(block), full_matrices=False)
        return np.ascontiguousarray(u[:, s > 1e-9 * s[0]])

    @property
    def rank(self) -> int:
        """Dimension of the absorbed space: degrees of freedom that the effects (or the constant) use."""
        entities = len(self.entity_sizes) if "entity" in self.effects else 0
        return int(entities + self.basis.shape[1])

    def off_entity(self, columns: Floats) -> Floats:
        """Columns, shape (n, p), less their entity means when entity effects are in the model."""
        if "entity" not in self.effects:
            return columns
        means = self.sum_by_entity(columns) / self.entity_sizes[:, None]
        return columns - means[self.entity]

    def residual(self, columns: Floats) -> Floats:
        """Columns, shape (n, p), net of the effects. Done twice, so that a large level costs no digits."""
        for _ in range(2):
            columns = self.off_entity(columns)
            columns = columns - self.basis @ (self.basis.T @ columns)
        return columns

    def sum_by_entity(self, columns: Floats) -> Floats:
        """Sums over the rows of each entity, shape (N, p)."""
        starts = np.concatenate(([0], np.cumsum(self.entity_sizes)[:-1]))
        return np.asarray(np.add.reduceat(columns, starts, axis=0))

    def dummies(self) -> Floats:
        """Full-rank columns that span the effects, for a model that has no absorption of its own."""
        entities = np.eye(len(self.entity_sizes))[self.entity] if "entity" in self.effects else None
        return self.basis if entities is None else np.column_stack([entities, self.basis])


@dataclass(frozen=True, eq=False)
class Meats:
    """What the covariances of p estimates are made of. The score of a row is w_i e_i, (p,): influence times residual."""

    n: int  # rows
    clusters: int  # entities
    years: int
    rank: int  # degrees of freedom that the effects (or the constant) use
    rank_in_clusters: int  # the same with the entity effects, nested in the clusters, as one constant
    independent: Floats  # (p, p): W'W e'e / n
    entities: Floats  # (p, p): sum over entities of the product of their summed scores
    rows: Floats  # (p, p): the same over rows
    by_year: Floats  # (T, p): scores summed by year, in the order of the years


@dataclass(frozen=True, eq=False)
class Fitted:
    """What every fit knows, whether it was made from rows or from sums (``within``).

    ``r2`` is the share of the variance of the outcome around its mean that regressors and effects explain;
    ``r2_within`` that of the outcome net of the effects; ``adj_r2 = 1 - (1 - r2)(n - 1) / df_resid``. After
    2SLS all three use the structural residuals and may be negative. ``df_resid = n - k - absorbed`` counts
    every effect. ``constant = mean(y) - sum_j b_j mean(x_j)``, as reghdfe prints it.
    """

    outcome: str
    terms: tuple[str, ...]
    effects: tuple[str, ...]
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


@dataclass(frozen=True, eq=False)
class Fit(Fitted):
    """A model fitted from its rows. Arrays have the rows of ``frame``: sorted by entity, then year."""

    frame: pd.DataFrame  # outcome, terms and instruments as used, in their units
    absorber: Absorber
    design: Floats  # (n, k) net of the effects; endogenous columns replaced by their first-stage fit
    residuals: Floats  # (n,) structural

    def within(self, columns: Sequence[str]) -> Floats:
        """Columns of the frame net of the effects, shape (n, len(columns))."""
        return self.absorber.residual(self.frame[list(columns)].to_numpy(dtype=float))

    @cached_property
    def influence(self) -> Floats:
        """Weights w, shape (n, k), with b_j - beta_j = sum_i w_ij e_i."""
        return pseudo_inverse(self.design).T

    @cached_property
    def constant_influence(self) -> Floats:
        """Weights, shape (n,), of the constant mean(y) - sum_j b_j mean(x_j)."""
        means = self.frame[list(self.terms)].to_numpy(dtype=float).mean(axis=0)
        return np.asarray(1.0 / self.n_obs - self.influence @ means)


def pseudo_inverse(columns: Floats) -> Floats:
    """Moore-Penrose inverse (k, n) of full-rank columns (n, k), computed on columns of unit length."""
    norms = np.sqrt((columns**2).sum(axis=0))
    return np.asarray(np.linalg.pinv(columns / norms) / norms[:, None])


def lag_name(order: int, column: str) -> str:
    """The name of a lagged column in Stata's notation: ``L1.gdp``."""
    return f"L{order}.{column}"


def lagged(panel: pd.DataFrame, column: str, order: int) -> pd.Series:
    """The value of ``column`` ``order`` years earlier in the same entity, on the rows of ``panel``.

    Looks up the year itself, never the row above: where that year is missing, the lag is missing.
    """
    if order < 1:
        raise EstimationError(
            f"lag of '{column}': the order is {order}; give a whole number of years, 1 or more."
        )
    _check_panel(panel, [column])
    earlier = panel[column].astype(float)
    entity, year = panel.index.get_level_values(0), panel.index.get_level_values(1)
    earlier.index = pd.MultiIndex.from_arrays([entity, year + order], names=panel.index.names)
    return earlier.reindex(panel.index).rename(lag_name(order, column))


def with_lags(panel: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The named columns of the panel; ``L<k>.<column>`` is made by :func:`lagged` unless the panel has it."""
    names = list(columns)
    lags = {name: LAG.fullmatch(name) for name in names if name not in panel.columns}
    unknown = [n for n, m in lags.items() if m is None or m[2] not in panel.columns]
    if unknown:
        raise EstimationError(
            f"no column {', '.join(map(repr, unknown))} in the panel; it has {', '.join(map(str, panel.columns))}."
        )
    made = {n: lagged(panel, m[2], int(m[1])) for n, m in lags.items() if m}
    _check_panel(panel, [n for n in names if n not in made])
    return pd.DataFrame(
        {n: made[n] if n in made else panel[n].astype(float) for n in names}, index=panel.index
    )


def fit(
    panel: pd.DataFrame,
    *,
    outcome: str,
    regressors: Sequence[str],
    effects: tuple[str, ...] = EFFECTS,
    endogenous: Sequence[str] = (),
    instruments: Sequence[str] = (),
    sample: pd.Series | None = None,
) -> Fit:
    """Fit one model: least squares, or two-stage least squares when there are endogenous regressors.

    Args:
        panel: float columns on a unique MultiIndex (entity, year), in any order. NaN is a missing value.
        outcome: the left-hand column.
        regressors: all right-hand columns in print order, endogenous ones included; ``L2.x`` is the second lag of x.
        effects: which of ``entity`` and ``year`` to absorb; with none, the model has a constant.
        endogenous: those of the regressors that are instrumented.
        instruments: excluded instruments, at least as many as endogenous regressors.
        sample: optional booleans on the index of the panel: the rows that may be used. Lags are made before this
            filter, so a row just outside the sample still serves as the past of a row inside.

    Rows with a missing value are left out and counted, then singletons (entities or years with one row under
    the effects), again and again until none is left, as reghdfe does. A regressor that the effects absorb or
    that repeats earlier ones is dropped with its reason. Coefficients come from linearmodels (PanelOLS;
    IV2SLS with the dummies as exogenous regressors) on columns scaled to unit deviation, and are checked
    against the projection kept for inference.

    Raises:
        EstimationError: names that do not fit, a value that is not finite, near-collinear columns, no degree
            of freedom,
            no variation, too few or irrelevant instruments.
    """
    effects = in_order(effects)
    terms, endog, excluded = list(regressors), list(endogenous), list(instruments)
    check_names(outcome, terms, endog, excluded)
    frame, flow, absorber = complete_rows(
        panel, outcome=outcome, columns=[*terms, *excluded], effects=effects, sample=sample
    )
    what = f"model of '{outcome}' on {', '.join(terms)}"

    raw = {name: frame[name].to_numpy(dtype=float) for name in frame.columns}
    net = dict(zip(raw, absorber.residual(np.column_stack(list(raw.values()))).T, strict=True))
    if _is_absorbed(raw[outcome], net[outcome]):
        raise no_variation(what, effects)
    terms, excluded, dropped = screened(
        what, terms, endog, excluded, lambda names: _screen(names, raw, net, effects)
    )
    exog = [t for t in terms if t not in endog]
    frame = frame[[outcome, *terms, *excluded]]
    n, k = len(frame), len(terms)
    df_resid = n - k - absorber.rank
    check_degrees_of_freedom(what, n, k, absorber.rank)
    warnings = _near_collinear(what, np.column_stack([net[t] for t in terms]), terms)
    design = np.column_stack([net[t] for t in terms])
    if endog:
        z = np.column_stack([net[c] for c in (*exog, *excluded)])
        _near_collinear(what, z, [*exog, *excluded])
        design = z @ (pseudo_inverse(z) @ design)
        _check_relevance(
            what,
            np.column_stack([net[c] for c in endog]),
            np.column_stack([net[c] for c in excluded]),
            np.column_stack([net[c] for c in exog]) if exog else np.empty((n, 0)),
            endog,
        )

    params = _coefficients(frame, outcome, terms, endog, excluded, absorber)
    fit_y = np.column_stack([net[t] for t in terms]) @ params
    residuals = net[outcome] - fit_y
    norms = np.sqrt((design**2).sum(axis=0))
    gap = (pseudo_inverse(design) @ net[outcome] - params) * norms
    rss, tss_within = float(residuals @ residuals), float(net[outcome] @ net[outcome])
    check_solution(what, params, gap, rss, tss_within)
    centred = raw[outcome] - raw[outcome].mean()
    tss = float(centred @ centred)
    r2 = 1.0 - rss / tss
    return Fit(
        outcome=outcome,
        terms=tuple(terms),
        effects=effects,
        endogenous=tuple(endog),
        instruments=tuple(excluded),
        params=pd.Series(params, index=terms, name="estimate"),
        constant=float(
            raw[outcome].mean() - sum(b * raw[t].mean() for b, t in zip(params, terms, strict=True))
        ),
        n_obs=n,
        n_entities=int(absorber.entity.max()) + 1,
        n_years=int(absorber.year.max()) + 1,
        first_year=int(frame.index.get_level_values(1).min()),
        last_year=int(frame.index.get_level_values(1).max()),
        df_resid=df_resid,
        r2=r2,
        adj_r2=1.0 - (1.0 - r2) * (n - 1) / df_resid,
        r2_within=1.0 - rss / tss_within,
        dropped=tuple(dropped),
        warnings=warnings,
        flow=flow,
        frame=frame,
        absorber=absorber,
        design=design,
        residuals=residuals,
    )


def complete_rows(
    panel: pd.DataFrame,
    *,
    outcome: str,
    columns: Sequence[str],
    effects: tuple[str, ...],
    sample: pd.Series | None = None,
) -> tuple[pd.DataFrame, SampleFlow, Absorber]:
    """The rows that a model of these columns uses, sorted by entity and year, where the others went, and the
    projection off its effects; the arguments are those of :func:`fit`.
    """
    frame, flow = _sample(with_lags(panel, [outcome, *columns]), panel, outcome, sample, effects)
    entity = pd.factorize(frame.index.get_level_values(0), sort=True)[0].astype(np.intp)
    year = pd.factorize(frame.index.get_level_values(1), sort=True)[0].astype(np.intp)
    return frame, flow, Absorber(entity, year, effects)


def in_order(effects: Iterable[str]) -> tuple[str, ...]:
    """The effects, entity before year; EstimationError for any other word."""
    asked = tuple(effects)
    if not set(asked) <= set(EFFECTS):
        raise EstimationError(f"effects {asked!r}: only 'entity' and 'year' can be absorbed.")
    return tuple(effect for effect in EFFECTS if effect in asked)


def screened(
    what: str,
    terms: Sequence[str],
    endog: Sequence[str],
    excluded: Sequence[str],
    screen: Callable[[Sequence[str]], tuple[list[str], list[Dropped]]],
) -> tuple[list[str], list[str], list[Dropped]]:
    """Regressors and instruments that can be used, and the dropped ones; ``screen`` tells which of some names to keep.

    Raises EstimationError if no regressor is left, an endogenous one is lost, or instruments are too few.
    """
    kept, dropped = screen(terms)
    if lost := [d for d in dropped if d.term in endog]:
        raise EstimationError(
            f"{what}: the endogenous regressor '{lost[0].term}' {lost[0].reason}; it cannot be estimated."
        )
    if not kept:
        raise EstimationError(
            f"{what}: no regressor is left: " + "; ".join(f"'{d.term}' {d.reason}" for d in dropped) + "."
        )
    if not endog:
        return kept, [], dropped
    usable, lost = screen([*(t for t in kept if t not in endog), *excluded])
    instruments = [z for z in excluded if z in usable]
    if len(instruments) < len(endog):
        raise EstimationError(
            f"{what}: {len(instruments)} usable instrument(s) for {len(endog)} endogenous regressor(s); "
            + "; ".join(f"'{d.term}' {d.reason}" for d in lost)
            + ". Add instruments."
        )
    return kept, instruments, [*dropped, *lost]


def no_variation(what: str, effects: tuple[str, ...]) -> EstimationError:
    """The error of an outcome that is constant, or that the effects explain fully."""
    return EstimationError(
        f"{what}: the outcome has no variation {_left_by(effects)}; look at the sample or use fewer effects."
    )


def check_degrees_of_freedom(what: str, n: int, k: int, rank: int) -> None:
    """EstimationError unless n rows are more than k slopes and the absorbed effects."""
    if n - k - rank < 1:
        raise EstimationError(
            f"{what}: no residual degrees of freedom ({n} rows, {k} slopes, {rank} effects); "
            "use fewer regressors or effects, or more rows."
        )


def check_solution(what: str, params: Floats, gap: Floats, rss: float, tss_within: float) -> None:
    """EstimationError for slopes that two ways do not agree on, or for a perfect fit.

    ``gap`` (k,) is the difference of the two ways, each slope times the length of its column.
    """
    if not np.all(np.isfinite(params)) or not np.abs(gap).max() <= 1e-6 * np.sqrt(tss_within):
        raise EstimationError(
            f"{what}: two ways to solve the normal equations disagree; the regressors are too close to collinear "
            "or of too different scale. Centre or rescale them, or leave one out."
        )
    if rss <= 1e-20 * tss_within:
        raise EstimationError(
            f"{what}: the fit is exact; the outcome is made of the regressors. Leave out the identity."
        )


def _check_panel(panel: pd.DataFrame, columns: Iterable[str]) -> None:
    if panel.index.nlevels != 2:
        raise EstimationError("the panel needs a MultiIndex (entity, year).")
    if not pd.api.types.is_integer_dtype(panel.index.get_level_values(1)):
        raise EstimationError("the second level of the panel's index must hold whole years.")
    if panel.index.has_duplicates:
        entity, year = panel.index[panel.index.duplicated()][0]
        raise EstimationError(
            f"the panel has entity {entity}, year {year} more than once; keep one row of each."
        )
    for column in columns:
        if column not in panel.columns:
            raise EstimationError(
                f"no column '{column}' in the panel; it has {', '.join(map(str, panel.columns))}."
            )
        if isinstance(panel[column], pd.DataFrame):
            raise EstimationError(f"the panel has the column '{column}' more than once.")
        try:
            values = panel[column].to_numpy(dtype=float, na_value=np.nan)
        except (TypeError, ValueError):
            raise EstimationError(
                f"column '{column}' holds values that are not numbers; clean it first."
            ) from None
        if np.isinf(values).any():
            entity, year = panel.index[np.isinf(values)][0]
            raise EstimationError(
                f"column '{column}' is infinite in entity {entity}, year {year}; "
                "mend the value (a logarithm or a ratio of zero?) or make it missing."
            )


def check_names(outcome: str, terms: list[str], endog: list[str], excluded: list[str]) -> None:
    """EstimationError unless the names of a model fit together."""
    names = [outcome, *terms, *excluded]
    if twice := sorted({c for c in names if names.count(c) > 1}):
        raise EstimationError(
            f"'{twice[0]}' stands more than once among outcome, regressors and instruments."
        )
    if not terms:
        raise EstimationError(f"model of '{outcome}': no regressors.")
    if stray := [c for c in endog if c not in terms]:
        raise EstimationError(f"endogenous '{stray[0]}' is not among the regressors {', '.join(terms)}.")
    if len(set(endog)) < len(endog):
        raise EstimationError("an endogenous regressor is named twice.")
    if bool(endog) != bool(excluded) or len(excluded) < len(endog):
        raise EstimationError(
            f"model of '{outcome}': {len(excluded)} instrument(s) for {len(endog)} endogenous regressor(s); "
            "name at least as many instruments, and neither without the other."
        )


def _sample(
    full: pd.DataFrame, panel: pd.DataFrame, outcome: str, sample: pd.Series | None, effects: tuple[str, ...]
) -> tuple[pd.DataFrame, SampleFlow]:
    """Complete rows, sorted, without singletons, and where the others went."""
    if sample is not None:
        if not sample.index.equals(panel.index) or sample.dtype != bool:
            raise EstimationError("the sample must hold True or False on the index of the panel.")
        full = full[sample.to_numpy()]
    is_lag = [c not in panel.columns for c in full.columns]
    missing = full.isna()
    no_outcome = missing[outcome].to_numpy()
    no_lag = missing.loc[:, is_lag].any(axis=1).to_numpy()
    no_regressor = missing.loc[:, [not lag for lag in is_lag]].any(axis=1).to_numpy() & ~no_outcome
    no_lag = no_lag & ~(no_outcome | no_regressor)
    frame = full[~(no_outcome | no_regressor | no_lag)].sort_index()
    complete, singles = len(frame), []
    levels = [0] * ("entity" in effects) + [1] * ("year" in effects)
    while len(frame):
        alone = np.zeros(len(frame), dtype=bool)
        for level in levels:
            keys = frame.index.get_level_values(level)
            alone |= keys.map(keys.value_counts()).to_numpy() == 1
        if not alone.any():
            break
        singles += [f"{entity} {year}" for entity, year in frame.index[alone]]
        frame = frame[~alone]
    flow = SampleFlow(
        offered=len(full),
        missing_outcome=int(no_outcome.sum()),
        missing_regressor=int(no_regressor.sum()),
        missing_lag=int(no_lag.sum()),
        singletons=complete - len(frame),
        used=len(frame),
        singleton_names=tuple(singles),
    )
    check_rows(outcome, flow)
    return frame, flow


def check_rows(outcome: str, flow: SampleFlow) -> None:
    """EstimationError, with where the rows went, if none is left."""
    if not flow.used:
        raise EstimationError(
            f"model of '{outcome}': no rows are left of {flow.offered} ({flow.missing_outcome} without the outcome, "
            f"{flow.missing_regressor} without a regressor, {flow.missing_lag} without a lag, "
            f"{flow.singletons} alone in their entity or year)."
        )


def _left_by(effects: tuple[str, ...]) -> str:
    return f"left by the {' and '.join(effects)} effects" if effects else "in the sample"


def _is_absorbed(raw: Floats, net: Floats) -> bool:
    centred = raw - raw.mean()
    return leaves_nothing(float(net @ net), float(centred @ centred), float(raw @ raw))


def leaves_nothing(net: float, centred: float, raw: float) -> bool:
    """Whether the sum of squares left by the effects is nothing beside those around the mean and around zero."""
    # the second bound is rounding: the digits below 1e-13 of a level are noise, not variation
    return net <= max(ABSORBED_SHARE * centred, 1e-26 * raw)


def absorbed(name: str, effects: tuple[str, ...]) -> Dropped:
    """A column that the effects hold, or that is constant."""
    reason = "is absorbed by the effects" if effects else "does not vary"
    return Dropped(name, reason, "被固定效应吸收" if effects else "没有变动")


def repeated(name: str, others: Sequence[str], weights: Floats) -> Dropped:
    """A column of unit length that the columns before it, with these weights, already hold."""
    same = [other for other, weight in zip(others, np.abs(weights), strict=True) if weight > 1e-6]
    return Dropped(name, f"is collinear with {', '.join(same)}", f"与 {'、'.join(same)} 完全共线")


def _screen(
    names: Sequence[str], raw: Mapping[str, Floats], net: Mapping[str, Floats], effects: tuple[str, ...]
) -> tuple[list[str], list[Dropped]]:
    """Names to keep, in order, and those that the effects or the names before them already hold."""
    kept: list[str] = []
    dropped: list[Dropped] = []
    basis = np.empty((len(next(iter(net.values()))), 0))
    for name in names:
        if _is_absorbed(raw[name], net[name]):
            dropped.append(absorbed(name, effects))
            continue
        unit = net[name] / np.linalg.norm(net[name])
        left = unit - basis @ (basis.T @ unit)
        left = left - basis @ (basis.T @ left)
        if left @ left <= COLLINEAR_SHARE:
            others = np.column_stack([net[k] / np.linalg.norm(net[k]) for k in kept])
            dropped.append(repeated(name, kept, np.linalg.lstsq(others, unit, rcond=None)[0]))
            continue
        basis = np.column_stack([basis, left / np.linalg.norm(left)])
        kept.append(name)
    return kept, dropped


def _near_collinear(what: str, net: Floats, names: Sequence[str]) -> tuple[Remark, ...]:
    unit = net / np.sqrt((net**2).sum(axis=0))
    inverse = np.linalg.pinv(unit)
    return near_collinear(what, dict(zip(names, 1.0 / (inverse**2).sum(axis=1), strict=True)))


def near_collinear(what: str, shares: Mapping[str, float]) -> tuple[Remark, ...]:
    """Warnings for columns that the others nearly hold; an error where no digits are left.

    ``shares``: of the variation of each column, net of the effects, what is its own (1 / VIF).
    """
    if min(shares.values()) < NEAR_COLLINEAR_SHARE:
        near = [f"'{name}'" for name, share in shares.items() if share < 100 * NEAR_COLLINEAR_SHARE]
        raise EstimationError(
            f"{what}: {' and '.join(near)} are nearly collinear (only {min(shares.values()):.1e} of the variation is "
            "their own); leave one out, or centre a polynomial before taking powers."
        )
    return tuple(
        Remark(
            f"'{name}' is close to a combination of the other regressors: only {share:.1e} of its variation is its own.",
            f"{name} 接近其他解释变量的线性组合：独有变动仅占 {share:.1e}。",
        )
        for name, share in shares.items()
        if share < WARN_SHARE
    )


def _check_relevance(what: str, endog: Floats, excluded: Floats, exog: Floats, names: Sequence[str]) -> None:
    """The instruments must move every endogenous regressor: smallest canonical correlation above rounding."""
    check_relevance(what, float(canonical_correlations(endog, excluded, exog)[-1]) ** 2, names)


def check_relevance(what: str, squared: float, names: Sequence[str]) -> None:
    """EstimationError unless the smallest squared canonical correlation is above rounding."""
    if squared < 1e-12:
        raise EstimationError(
            f"{what}: the instruments do not move {' and '.join(map(repr, names))}; the model is not identified."
        )


def canonical_correlations(endog: Floats, excluded: Floats, exog: Floats) -> Floats:
    """Canonical correlations, largest first, of two blocks (n, m) and (n, q), m <= q, net of a third (n, p)."""
    blocks = []
    for block in (endog, excluded):
        unit = block / np.sqrt((block**2).sum(axis=0))
        if exog.shape[1]:
            unit = unit - exog @ (pseudo_inverse(exog) @ unit)
        blocks.append(np.linalg.qr(unit)[0])
    return np.asarray(np.linalg.svd(blocks[0].T @ blocks[1], compute_uv=False))


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
    mean, scale = frame.mean(), frame.std(ddof=0)
    unit = (frame - mean) / scale
    unit.columns = pd.Index(
        [f"v{i}" for i in range(unit.shape[1])]
    )  # names are the user's: they may hold anything
    v = dict(zip(frame.columns, unit.columns, strict=True))
    x = unit[[v[t] for t in terms]]
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
