"""Which rows of a panel a model uses, and where the others went; lags, leads and products are made here, lags by the year itself."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.econometrics.effects import Absorber, combined
from nqp.econometrics.equation import (
    Dropped,
    EstimationError,
    Integers,
    further_categories,
    is_trend,
    parts_of,
)
from nqp.econometrics.screens import screen_columns
from nqp.econometrics.terms import factors, is_shifted, shifted_name
from nqp.econometrics.weights import FREQUENCY, Weights, row_weights


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


def lagged(panel: pd.DataFrame, column: str, order: int) -> pd.Series:
    """The value of ``column`` ``order`` years earlier in the same entity, on the rows of ``panel``; of a negative order, later.

    Looks up the year itself, never the row above: where that year is missing, the lag is missing.
    """
    if not order:
        raise EstimationError(f"lag of '{column}': the order is 0; give a whole number of years.")
    check_panel(panel, [column])
    earlier = panel[column].astype(float)
    entity, year = panel.index.get_level_values(0), panel.index.get_level_values(1)
    earlier.index = pd.MultiIndex.from_arrays([entity, year + order], names=panel.index.names)
    return earlier.reindex(panel.index).rename(shifted_name(column, order))


def with_lags(panel: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The named terms, made as :mod:`nqp.econometrics.terms` says of columns of the panel."""
    names = list(columns)
    parts = {name: factors(name, panel.columns) for name in names}
    unknown = [name for name in names if any(part.column not in panel.columns for part in parts[name])]
    if unknown:
        raise EstimationError(
            f"no column {', '.join(map(repr, unknown))} in the panel; it has {', '.join(map(str, panel.columns))}."
        )
    plain = dict.fromkeys(part.column for name in names for part in parts[name] if not part.lag)
    check_panel(panel, plain)
    made = {}
    for name in names:
        values = [
            lagged(panel, part.column, part.lag) if part.lag else panel[part.column].astype(float)
            for part in parts[name]
        ]
        made[name] = functools.reduce(lambda left, right: left * right, values)
    return pd.DataFrame(made, index=panel.index)


def complete_rows(
    panel: pd.DataFrame,
    *,
    outcome: str,
    columns: Sequence[str],
    effects: tuple[str, ...],
    clusters: tuple[str, ...] = (),
    sample: pd.Series | None = None,
    weights: Weights | None = None,
    constant: bool = True,
) -> tuple[pd.DataFrame, SampleFlow, Absorber]:
    """The rows that a model of these columns uses, sorted by entity and year, where the others went, and the
    projection off its effects; the arguments are those of :func:`fit`. The columns of categories stand last in the frame, the
    weights after them.
    """
    further = further_categories((*effects, *clusters))
    weighing = [] if weights is None else [weights.column]
    wanted = list(dict.fromkeys([outcome, *columns, *further, *weighing]))
    frequency = weights.column if weights is not None and weights.kind == FREQUENCY else None
    frame, flow = _sample(with_lags(panel, wanted), panel, outcome, sample, effects, frequency)
    years = frame.index.get_level_values(1)
    absorber = Absorber(
        _codes(frame.index.get_level_values(0)), _codes(years), effects,
        {name: _codes(frame[name]) for name in further}, years.to_numpy(dtype=float),
        None if weights is None else row_weights(frame, weights), frequency is not None, constant,
    )  # fmt: skip
    return frame, flow, absorber


def _codes(values: pd.Index | pd.Series) -> Integers:
    return np.asarray(pd.factorize(values, sort=True)[0], dtype=np.intp)


def identified(
    panel: pd.DataFrame,
    *,
    outcome: str,
    columns: Sequence[str],
    effects: tuple[str, ...],
    clusters: tuple[str, ...] = (),
    sample: pd.Series | None = None,
) -> tuple[list[str], list[Dropped]]:
    """Which of the columns a model keeps, in order, and what it drops and why; the arguments are those of :func:`fit`."""
    frame, _, absorber = complete_rows(
        panel, outcome=outcome, columns=columns, effects=effects, clusters=clusters, sample=sample
    )
    raw = {name: frame[name].to_numpy(dtype=float) for name in columns}
    net = dict(zip(raw, absorber.residual(np.column_stack(list(raw.values()))).T, strict=True))
    return screen_columns(list(columns), raw, net, effects)


def check_rows(outcome: str, flow: SampleFlow) -> None:
    """EstimationError, with where the rows went, if none is left."""
    if not flow.offered:
        raise EstimationError(f"model of '{outcome}': no rows are left of 0: none is in its sample.")
    if not flow.used:
        raise EstimationError(
            f"model of '{outcome}': no rows are left of {flow.offered} ({flow.missing_outcome} without the outcome, "
            f"{flow.missing_regressor} without a regressor, {flow.missing_lag} without a lag, "
            f"{flow.singletons} alone in their entity or year)."
        )


def _sample(
    full: pd.DataFrame,
    panel: pd.DataFrame,
    outcome: str,
    sample: pd.Series | None,
    effects: tuple[str, ...],
    frequency: str | None = None,
) -> tuple[pd.DataFrame, SampleFlow]:
    """Complete rows, sorted, without singletons, and where the others went. A row that stands for several is not alone."""
    if sample is not None:
        if not sample.index.equals(panel.index) or sample.dtype != bool:
            raise EstimationError("the sample must hold True or False on the index of the panel.")
        full = full[sample.to_numpy()]
    is_lag = [is_shifted(c, panel.columns) for c in full.columns]
    missing = full.isna()
    no_outcome = missing[outcome].to_numpy()
    no_lag = missing.loc[:, is_lag].any(axis=1).to_numpy()
    no_regressor = missing.loc[:, [not lag for lag in is_lag]].any(axis=1).to_numpy() & ~no_outcome
    no_lag = no_lag & ~(no_outcome | no_regressor)
    frame = full[~(no_outcome | no_regressor | no_lag)].sort_index()
    complete, singles = len(frame), []
    levels = [effect for effect in effects if not is_trend(effect)]
    while len(frame):
        alone = np.zeros(len(frame), dtype=bool)
        for level in levels:
            keys = category_codes(frame, level)
            times = None if frequency is None else frame[frequency].to_numpy(dtype=float)
            alone |= np.bincount(keys, weights=times)[keys] == 1
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


def category_codes(frame: pd.DataFrame, name: str) -> Integers:
    """The categories of an effect or a cluster on the rows of a frame that has its columns, as codes from 0."""
    return combined([_codes(_category(frame, part)) for part in parts_of(name)])


def _category(frame: pd.DataFrame, name: str) -> pd.Index | pd.Series:
    """The values of one category of an effect on the rows of a frame."""
    if name in ("entity", "year"):
        return frame.index.get_level_values(int(name == "year"))
    return frame[name]


def check_panel(panel: pd.DataFrame, columns: Iterable[str]) -> None:
    """EstimationError unless the panel has one row per entity and whole year and its columns hold finite numbers or NaN."""
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


def winsorised(
    panel: pd.DataFrame, columns: Sequence[str], lower: float = 0.01, upper: float = 0.99
) -> pd.DataFrame:
    """A copy of the panel with ``columns`` clipped at their quantiles over all rows.

    Quantiles interpolate linearly between order statistics (Hyndman and Fan's type 7); missing values stay
    missing.
    """
    if not 0 <= lower < upper <= 1:
        raise EstimationError(f"winsorising needs 0 <= lower < upper <= 1, not {lower} and {upper}.")
    clipped = with_lags(panel, columns)
    return panel.assign(**clipped.clip(clipped.quantile(lower), clipped.quantile(upper), axis=1))


def grouped(
    panel: pd.DataFrame, group: pd.Series, columns: list[str], sample: pd.Series | None
) -> tuple[pd.DataFrame, pd.Series]:
    """Columns (lags made first) and group of the rows in the sample whose entity has a group."""
    if group.index.nlevels != 1 or group.index.has_duplicates:
        raise EstimationError("the group must be indexed by entity, one row each.")
    frame = with_lags(panel, columns)
    labels = pd.Series(frame.index.get_level_values(0).map(group.to_dict()), index=frame.index)
    keep = (
        labels.notna() if sample is None else labels.notna() & sample.reindex(frame.index, fill_value=False)
    )
    if not keep.any():
        raise EstimationError("no row of the sample has a group; is the group indexed by entity?")
    return frame[keep], labels[keep].astype(str)
