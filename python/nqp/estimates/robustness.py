"""What a referee asks of one coefficient: other covariances, other samples, chance, omitted variables, other groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nqp.econometrics.bootstrap import wild_cluster_bootstrap
from nqp.econometrics.chow import chow_test
from nqp.econometrics.covariances import COVARIANCES
from nqp.econometrics.equation import EFFECTS, Dropped, EstimationError
from nqp.econometrics.estimators import moments_of
from nqp.econometrics.fit import Fit, Fitted
from nqp.econometrics.inference import infer
from nqp.econometrics.permutation import Permutation, permutation_test, placebo
from nqp.econometrics.sensitivity import LeaveOneOut, OsterBound, leave_one_out, oster_bound
from nqp.errors import StudyError
from nqp.estimates.engine import MAIN, ROWS, WILD_BOOTSTRAP, Engine, model_panel, selected
from nqp.study.specification import ConventionTable, RegressionTable, SensitivityTable

if TYPE_CHECKING:
    from nqp.study.marts import Marts
    from nqp.study.specification import Address, Model, Resampling, Specification, TableSpec

BINS = 40


@dataclass(frozen=True)
class Sensitivity:
    """How far one coefficient moves; a part that does not apply to its model is None."""

    full: Fit
    leave_one_out: LeaveOneOut
    placebo: Permutation | None
    oster: OsterBound | None


@dataclass(frozen=True)
class Robustness:
    """Results by table code. ``differences``: one row per panel and pair of groups, and one per panel for all;
    ``left_out``: what their tests leave out, and why.
    """

    conventions: dict[str, pd.DataFrame]
    sensitivities: dict[str, Sensitivity]
    differences: dict[str, pd.DataFrame]
    left_out: dict[str, tuple[Dropped, ...]]

    def frames(self) -> dict[str, pd.DataFrame]:
        """Everything as tidy frames, for the database and CSV."""
        return {
            "conventions": _stacked(self.conventions, CONVENTION_COLUMNS),
            "group_differences": _stacked(self.differences, DIFFERENCE_COLUMNS),
            "leave_one_out": _stacked(
                {
                    code: one.leave_one_out.table.rename_axis("left_out").reset_index()
                    for code, one in self.sensitivities.items()
                },
                ("left_out", "estimate", "std_error", "df", "p_value"),
            ),
            "oster_bounds": _stacked(
                {
                    code: pd.DataFrame([_oster_row(one.oster)])
                    for code, one in self.sensitivities.items()
                    if one.oster is not None
                },
                OSTER_COLUMNS,
            ),
            "placebos": _stacked(
                {
                    code: pd.DataFrame([_placebo_row(one.placebo)])
                    for code, one in self.sensitivities.items()
                    if one.placebo is not None
                },
                PLACEBO_COLUMNS,
            ),
            "placebo_histogram": _stacked(
                {
                    code: _histogram(one.placebo)
                    for code, one in self.sensitivities.items()
                    if one.placebo is not None
                },
                ("low", "high", "draws"),
            ),
        }


CONVENTION_COLUMNS = (
    "covariance", "estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high", "k_counted",
    "clusters", "factor", "note",
)  # fmt: skip
OSTER_COLUMNS = (
    "term", "uncontrolled", "controlled", "r2_uncontrolled", "r2_controlled", "r2_max", "delta", "beta_star", "roots",
    "delta_zero",
)  # fmt: skip
PLACEBO_COLUMNS = ("term", "observed", "mean", "low", "high", "draws", "failed", "p_value", "seed")
DIFFERENCE_COLUMNS = (
    "panel_code", "term", "first", "second", "difference", "std_error", "df", "p_chow", "p_permutation", "draws", "seed",
)  # fmt: skip


def estimate_robustness(
    specification: Specification,
    tables: Iterable[TableSpec],
    marts: Marts,
    engine: Engine,
    covariance: str,
    announce: Callable[[str], None],
) -> Robustness:
    """All robustness results that the tables name; without rows no more than the covariances. ``covariance`` is that of the
    tables: two-step GMM weighs its moments by it, so that one column has one estimate wherever it stands.

    Raises StudyError that names the table.
    """
    has_rows = engine.offers(ROWS)
    conventions, sensitivities, differences = {}, {}, {}
    left_out: dict[str, tuple[Dropped, ...]] = {}
    for table in tables:
        try:
            match table:
                case ConventionTable():
                    announce(table.title.en)
                    if lost := _dropped(engine, specification, table, covariance):
                        left_out[table.code] = (lost,)
                    else:
                        conventions[table.code] = _conventions(
                            specification, table.address, engine, covariance
                        )
                case SensitivityTable() if has_rows:
                    announce(table.title.en)
                    if lost := _dropped(engine, specification, table, covariance):
                        left_out[table.code] = (lost,)
                    else:
                        sensitivities[table.code] = _sensitivity(specification, table, engine, covariance)
                case RegressionTable(difference_tests=True) if has_rows:
                    announce(f"{table.title.en}: differences between groups")
                    differences[table.code], left_out[table.code] = _differences(
                        table, marts, specification.resampling
                    )
        except EstimationError as error:
            raise StudyError(f"specifications.toml: table '{table.code}': {error}") from error
    return Robustness(conventions, sensitivities, differences, left_out)


def _dropped(
    engine: Engine, specification: Specification, table: ConventionTable | SensitivityTable, covariance: str
) -> Dropped | None:
    """Why the column of a table was estimated without its term; None where it has it."""
    fitted = fit_at(specification, table.address, engine, covariance)
    return next((one for one in fitted.dropped if one.term == table.address.term), None)


def model_at(specification: Specification, address: Address) -> Model:
    """The column an address points to."""
    return next(
        model
        for table in specification.regression_tables
        if table.code == address.table
        for panel in table.panels
        if panel.code == address.panel
        for model in panel.models
        if model.code == address.model
    )


def fit_at(specification: Specification, address: Address, engine: Engine, covariance: str) -> Fitted:
    """The fit of the column that an address points to, as the tables under this covariance show it."""
    model = model_at(specification, address)
    return engine.fits(model, moments_of(model.estimator, covariance))[MAIN]


def _arguments(model: Model, marts: Marts) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The panel and the arguments that every method shares."""
    panel = marts.panel
    return model_panel(panel, model), {
        "outcome": model.outcome,
        "regressors": model.regressors,
        "effects": model.effects,
        "clusters": model.cluster,
        "sample": selected(panel, marts.groups, model.sample),
    }


def _conventions(
    specification: Specification, address: Address, engine: Engine, covariance: str
) -> pd.DataFrame:
    """One coefficient under every covariance, then its bootstrap p-values."""
    fitted = fit_at(specification, address, engine, covariance)
    rows = []
    for name in COVARIANCES:
        if not engine.offers(name, fitted):
            continue
        try:
            inference = infer(fitted, name)
        except (
            EstimationError
        ) as error:  # too few clusters of that kind: its row stays blank, with the reason
            rows.append(
                {"covariance": name, "estimate": float(fitted.params[address.term]), "note": str(error)}
            )
            continue
        rows.append(
            {
                "covariance": name,
                **inference.table.loc[address.term].to_dict(),
                "k_counted": inference.k_counted,
                "clusters": inference.clusters,
                "factor": inference.factor,
                "note": inference.note,
            }
        )
    rows_of_fit = fitted.with_rows
    if rows_of_fit is not None and engine.offers(WILD_BOOTSTRAP, fitted):
        draws, seed = specification.resampling.bootstrap_draws, specification.resampling.seed
        for weights in ("webb", "rademacher"):
            note = f"Restricted wild cluster bootstrap, {weights} weights, {draws} draws, seed {seed}."
            try:
                p = wild_cluster_bootstrap(rows_of_fit, address.term, weights=weights, draws=draws, seed=seed)
            except EstimationError as error:
                p, note = float("nan"), str(error)
            estimate = float(fitted.params[address.term])
            rows.append(
                {
                    "covariance": f"wild_{weights}",
                    "estimate": estimate,
                    "p_value": p,
                    "clusters": infer(rows_of_fit, "cluster").clusters,
                    "note": note,
                }
            )
    return pd.DataFrame(rows, columns=list(CONVENTION_COLUMNS))


def _sensitivity(
    specification: Specification, table: SensitivityTable, engine: Engine, covariance: str
) -> Sensitivity:
    """Leave-one-entity-out for any model; placebo and Oster bound for least squares with something to permute and control."""
    term, resampling = table.address.term, specification.resampling
    full = fit_at(specification, table.address, engine, covariance).with_rows
    assert full is not None, "the engine offers rows"
    without_each = leave_one_out(full, term)
    if full.is_iv:
        return Sensitivity(full, without_each, None, None)
    return Sensitivity(
        full,
        without_each,
        placebo(full, term, draws=resampling.permutation_draws, seed=resampling.seed),
        oster_bound(full, term, r2_max=table.r2_max) if len(full.terms) > 1 else None,
    )


def _differences(
    table: RegressionTable, marts: Marts, resampling: Resampling
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Chow and permutation tests that the first core coefficient is the same in the groups of a table's columns, blank
    where a group does not identify it; and which slopes they leave out.
    """
    rows: list[dict[str, Any]] = []
    left_out: dict[Dropped, None] = {}
    for panel in table.panels:
        model = panel.models[0]
        wanted = [one.sample.groups[0] for one in panel.models]
        groups = marts.entities.set_index("entity_code")["group_code"]
        groups = groups[groups.isin(wanted)]
        term = model.core[0]
        frame, arguments = _arguments(model, marts)
        arguments["sample"] = marts.groups.isin(wanted)
        chow = chow_test(frame, groups, **arguments)
        left_out |= dict.fromkeys(chow.dropped)
        if term in {one.term for one in chow.dropped}:
            rows += [
                {"panel_code": panel.code, "term": term, "first": first, "second": second}
                for first, second in combinations(wanted, 2)
            ]
            continue
        for first, second in combinations(wanted, 2):
            found, sign = _pair(chow.pairs, first, second, term)
            row = {
                "panel_code": panel.code, "term": term, "first": first, "second": second,
                "difference": sign * found["estimate"], "std_error": found["std_error"], "df": found["df"],
                "p_chow": found["p_value"],
            }  # fmt: skip
            if set(model.effects) <= set(
                EFFECTS
            ):  # reshuffled entities take their effects along, a group by year does not
                shared = {key: value for key, value in arguments.items() if key != "clusters"}
                permuted = permutation_test(
                    frame, groups, first, second, term=term, draws=resampling.permutation_draws, seed=resampling.seed,
                    **shared,
                )  # fmt: skip
                row |= {
                    "p_permutation": permuted.p_value,
                    "draws": len(permuted.draws),
                    "seed": permuted.seed,
                }
            rows.append(row)
        for name in (term, "all"):
            joint = chow.tests.loc[name]
            rows.append(
                {"panel_code": panel.code, "term": name, "df": joint["df_den"], "p_chow": joint["p_value"]}
            )
    return pd.DataFrame(rows, columns=list(DIFFERENCE_COLUMNS)), tuple(left_out)


def _pair(pairs: pd.DataFrame, first: str, second: str, term: str) -> tuple[pd.Series, int]:
    """The row of a pair of groups, and the sign that turns it into first minus second."""
    if (first, second, term) in pairs.index:
        return pairs.loc[(first, second, term)], 1
    return pairs.loc[(second, first, term)], -1


def _oster_row(bound: OsterBound) -> dict[str, Any]:
    """The Oster bound as a row; all real roots as text, the nearest first."""
    row = {name: getattr(bound, name) for name in OSTER_COLUMNS}
    return {**row, "roots": "; ".join(f"{root:g}" for root in bound.roots)}


def _placebo_row(chance: Permutation) -> dict[str, Any]:
    """The placebo draws in one row: their mean and their 2.5 and 97.5 % quantiles beside the estimate."""
    low, high = np.quantile(chance.draws, (0.025, 0.975))
    return {
        "term": chance.term, "observed": chance.observed, "mean": float(chance.draws.mean()), "low": float(low),
        "high": float(high), "draws": len(chance.draws), "failed": chance.failed, "p_value": chance.p_value,
        "seed": chance.seed,
    }  # fmt: skip


def _histogram(permutation: Permutation) -> pd.DataFrame:
    """The placebo draws in equal bins."""
    counts, edges = np.histogram(permutation.draws, bins=BINS)
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "draws": counts})


def _stacked(frames: dict[str, pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Frames of several tables as one, with the table's code in front; empty if there are none."""
    if not frames:
        return pd.DataFrame(columns=["table_code", *columns])
    return pd.concat([frame.assign(table_code=code) for code, frame in frames.items()])[
        ["table_code", *columns]
    ]
