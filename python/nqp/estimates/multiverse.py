"""What the choices behind an index do to the coefficient it is built for.

One regression, estimated anew for every valid specification of the index, every set of controls, every definition of the
outcome and three covariances, and for every bootstrap draw in which the index itself was built anew.

A score has no natural unit (its spread depends on how it was aggregated), so every coefficient is also given per standard
deviation of the score among the rows it was estimated on: only that can be compared between specifications.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nqp.econometrics.effects import Absorber
from nqp.econometrics.equation import EstimationError, Floats
from nqp.econometrics.fit import fit
from nqp.econometrics.inference import infer
from nqp.econometrics.intervals import Intervals, intervals, splits
from nqp.econometrics.many_fits import (
    core_coefficients,
    net_of_effects,
    weighted_coefficients,
    weighted_fits,
)
from nqp.econometrics.sample import complete_rows, identified
from nqp.econometrics.screens import is_absorbed
from nqp.econometrics.terms import columns_of
from nqp.errors import StudyError
from nqp.estimates.engine import model_panel, selected
from nqp.estimates.multiverse_summary import (
    baseline_row,
    bootstrap_summary,
    coefficient_shares,
    controls_code,
    distinct_recipes,
    printed_values,
    summarise,
)
from nqp.estimates.robustness import model_at
from nqp.study.baseline import CLASSICAL

if TYPE_CHECKING:
    from nqp.study.marts import Marts, MultiverseMarts
    from nqp.study.specification import Model, MultiverseSpec, Specification

MOST_FITS = 2_000_000
UNIVERSE_KEY = ["spec_code", "outcome", "controls"]
DRAWS = [
    "draw", "entities_drawn", "estimate_index_anew", "estimate_index_fixed", "per_sd_index_anew", "per_sd_index_fixed",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Universe:
    """The multiverse of one coefficient.

    ``coefficients``: one row per specification, outcome and set of controls. ``summary``: one row per scope and unit.
    ``shares``: one row per design, quantity and choice. ``draws``: one row per bootstrap draw; ``bootstrap``: one row per
    method and unit. ``model`` is the column the coefficient stands in, ``index`` its score.
    """

    spec: MultiverseSpec
    model: Model
    coefficients: pd.DataFrame
    summary: pd.DataFrame
    shares: pd.DataFrame
    draws: pd.DataFrame
    bootstrap: pd.DataFrame
    marts: MultiverseMarts
    intervals: Intervals | None = None  # of the coefficient per point of the score, with the index built anew
    splits: pd.DataFrame | None = None  # per entity: the mean of the draws with it and without it

    @property
    def index(self) -> str:
        """The composite index whose coefficient it is."""
        return self.spec.address.term

    @cached_property
    def distinct(self) -> pd.DataFrame:
        """The rows of ``coefficients`` without recipes that stand twice: two designs may hold the same one."""
        return distinct_recipes(self.coefficients, self.marts.specs)

    @cached_property
    def baseline(self) -> pd.Series:
        """The row of ``coefficients`` that is the published column itself."""
        return baseline_row(self.coefficients, self.marts.specs, self.model)

    def frames(self) -> dict[str, pd.DataFrame]:
        """Everything as tidy frames, for the database and CSV."""
        return {
            "spec_coefficients": self.coefficients,
            "spec_summary": self.summary,
            "coefficient_variance_shares": self.shares,
            "bootstrap_coefficients": self.draws,
            "bootstrap_summary": self.bootstrap,
            "bootstrap_intervals": _interval_frame(self.intervals),
            "bootstrap_splits": _split_frame(self.splits),
        }

    def facts(self) -> dict[str, str]:
        """What the results rest on, for the record of the run."""
        digest = hashlib.sha256()
        for scores in (self.marts.spec_scores, self.marts.spec_dimension_scores, self.marts.bootstrap_scores):
            for name in scores.columns:
                column = scores[name]
                values = column.to_numpy(float) if pd.api.types.is_numeric_dtype(column) else column.unique()
                digest.update(
                    values.tobytes() if values.dtype == float else "\n".join(map(str, values)).encode()
                )
        return {"multiverse_sha256": digest.hexdigest()}


def estimate_multiverse(
    specification: Specification,
    marts: Marts,
    multiverse: MultiverseMarts | None,
    announce: Callable[[str], None],
) -> Universe | None:
    """The multiverse of the coefficient that the study names; None, and one line that says why, where there is none.

    Raises StudyError if the study asks for something that cannot be estimated.
    """
    spec = specification.multiverse
    if multiverse is None:
        announce("Multiverse: not in this database, or too large for this report; left out")
        return None
    if spec is None:
        announce("Multiverse: the study has no headline and no [multiverse] to estimate; left out")
        return None
    model = model_at(specification, spec.address)
    specs, index = multiverse.specs, spec.address.term
    scores = multiverse.spec_scores[multiverse.spec_scores["index_code"] == index]
    reason = ""
    if model.instruments:
        reason = f"column '{model.code}' is instrumented; the multiverse needs least squares"
    elif scores.empty:
        reason = f"'{index}' is not a composite index"
    elif made := [term for term in model.regressors if term != index and index in columns_of([term])]:
        reason = f"'{made[0]}' is made of '{index}' too, and only one of them would be exchanged"
    if reason and spec.declared:
        raise StudyError(f"specifications.toml: [multiverse]: {reason}.")
    if reason or not _belongs(scores, specs, marts, index):
        announce(f"Multiverse: {reason or 'of another build than the scores; run dbt build'}; left out")
        return None
    valid = specs.loc[specs["is_valid"] & ~specs["is_wrong"], "spec_code"]
    try:
        wide = wide_scores(scores, list(valid), marts.panel.index)
        sets = control_sets(spec, model, len(valid))
        outcomes = tuple(dict.fromkeys((model.outcome, *spec.outcomes)))
        asked = len(sets)
        sets, model = distinct_sets(marts, model, index, outcomes, sets)
        if len(sets) < asked:
            announce(f"{asked} sets of controls make {len(sets)} models: the others repeat them")
        announce(
            f"{len(valid)} ways to build the index x {len(sets)} sets of controls x {len(outcomes)} outcomes"
        )
        coefficients = coefficients_of(marts, model, index, wide, outcomes, sets)
        boot = multiverse.bootstrap_scores[multiverse.bootstrap_scores["index_code"] == index]
        announce(
            f"No bootstrap draws of the index: its baseline is not {CLASSICAL.en} over all years"
            if boot.empty
            else f"{boot['draw'].nunique() - 1} bootstrap draws with the index built anew"
        )
        draws, bootstrap, found, split = generated_regressor(marts, model, index, boot)
    except EstimationError as error:
        raise StudyError(f"specifications.toml: [multiverse]: {error}") from error
    return Universe(
        spec=spec,
        model=model,
        coefficients=coefficients,
        summary=summarise(distinct_recipes(coefficients, specs), specs, model, *printed_values(marts, spec)),
        shares=coefficient_shares(coefficients, specs, list(multiverse.words.choices)),
        draws=draws,
        bootstrap=bootstrap,
        marts=multiverse,
        intervals=found,
        splits=split,
    )


def _belongs(scores: pd.DataFrame, specs: pd.DataFrame, marts: Marts, index: str) -> bool:
    """Whether the multiverse was built from the same figures as the scores: its baseline is theirs."""
    code = specs.loc[specs["is_baseline"], "spec_code"]
    keys = ["entity_code", "year"]
    mine = scores[scores["spec_code"].isin(code)].set_index(keys)["score"].sort_index()
    theirs = (
        marts.index_scores[marts.index_scores["index_code"] == index].set_index(keys)["score"].sort_index()
    )
    return mine.index.equals(theirs.index) and bool(np.allclose(mine, theirs, rtol=0, atol=1e-9))


def wide_scores(scores: pd.DataFrame, specs: Sequence[str], rows: pd.MultiIndex) -> pd.DataFrame:
    """Scores by specification, (entity-years x specifications), on the rows of the panel.

    Raises StudyError if a specification lacks an entity-year that another one has.
    """
    wide = scores[scores["spec_code"].isin(specs)].pivot(
        index=["entity_code", "year"], columns="spec_code", values="score"
    )
    absent = [code for code in specs if code not in wide.columns]
    finite = np.isfinite(wide.to_numpy(dtype=float))
    if absent or not finite.all():
        lacking = absent[0] if absent else str(wide.columns[~finite.all(axis=0)][0])
        raise StudyError(f"marts.spec_scores: specification '{lacking}' lacks scores. Run dbt build again.")
    return wide[sorted(specs)].reindex(rows).astype(float)


def control_sets(spec: MultiverseSpec, model: Model, specs: int) -> tuple[tuple[str, ...], ...]:
    """The sets of controls, the smallest first, that of the column among them; other core regressors stay in each.

    Raises EstimationError if they are too many.
    """
    if spec.controls is not None:
        sets = {frozenset(names): names for names in (*spec.controls, model.controls)}
        return tuple(sorted(sets.values(), key=lambda names: (len(names), names)))
    if specs << len(model.controls) > MOST_FITS:
        raise EstimationError(
            f"all subsets of {len(model.controls)} controls under {specs} specifications are more than {MOST_FITS} fits; "
            "name the sets in the key 'controls'."
        )
    return tuple(
        names for size in range(len(model.controls) + 1) for names in combinations(model.controls, size)
    )


def distinct_sets(
    marts: Marts, model: Model, index: str, outcomes: Sequence[str], sets: Sequence[tuple[str, ...]]
) -> tuple[tuple[tuple[str, ...], ...], Model]:
    """The sets of controls that make models of their own, without what the effects absorb or what repeats other controls,
    and the column with its own set named in the same way. Two sets are one where their controls net of the effects span
    the same space for every outcome, as a control and its multiple do.
    """
    every = tuple(dict.fromkeys((*model.controls, *(name for names in sets for name in names))))
    others = tuple(name for name in model.core if name != index)
    arguments: dict[str, Any] = {
        "effects": model.effects, "clusters": model.cluster,
        "sample": selected(marts.panel, marts.groups, model.sample),
    }  # fmt: skip

    def kept(outcome: str, names: Sequence[str]) -> tuple[str, ...]:
        panel = model_panel(marts.panel, replace(model, outcome=outcome, controls=every))
        columns = [*others, *names]
        if not columns:
            return ()
        found, _ = identified(panel, outcome=outcome, columns=columns, **arguments)
        return tuple(name for name in found if name in names)

    if all(kept(outcome, every) == every for outcome in outcomes):
        return tuple(sets), model  # independent controls: no two sets span the same space
    own: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}

    def representative(names: tuple[str, ...]) -> tuple[str, ...]:
        used = tuple(kept(outcome, names) for outcome in outcomes)
        if len(set(used)) > 1:  # the outcomes have different rows
            return names
        for earlier, theirs in own.items():
            if all(len(a) == len(b) for a, b in zip(used, theirs, strict=True)) and all(
                len(kept(outcome, (*a, *b))) == len(a)
                for outcome, a, b in zip(outcomes, used, theirs, strict=True)
            ):
                return earlier
        own[used[0]] = used
        return used[0]

    ordered = tuple(dict.fromkeys(representative(names) for names in sets))
    return ordered, replace(model, controls=representative(model.controls))


def coefficients_of(
    marts: Marts,
    model: Model,
    index: str,
    scores: pd.DataFrame,
    outcomes: Sequence[str],
    sets: Sequence[Sequence[str]],
) -> pd.DataFrame:
    """The coefficient of every score (column of ``scores``) for every outcome and set of controls; the core that is
    exchanged stands first, as in the column. Rows are those that the same column of a table would use.
    """
    groups, others = marts.groups, tuple(name for name in model.core if name != index)
    found = []
    cache: dict[bytes, tuple[Absorber, Floats, Floats]] = {}
    for outcome in outcomes:
        for names in sets:
            if outcome in names or outcome in others:
                raise EstimationError(f"the outcome '{outcome}' is also a regressor.")
            variant = replace(model, outcome=outcome, controls=tuple(names))
            panel = model_panel(marts.panel, variant)
            columns = [index, *others, *names]
            frame, _, absorber = complete_rows(
                panel, outcome=outcome, columns=columns, effects=model.effects, clusters=model.cluster,
                sample=selected(panel, groups, model.sample),
            )  # fmt: skip
            rows = scores.index.get_indexer(frame.index)
            if (key := rows.tobytes()) not in cache:
                cores = _winsorised(scores, model.winsorise).to_numpy()[rows]
                cache[key] = absorber, net_of_effects(absorber, cores), cores.std(axis=0, ddof=1)
            absorber, net, spread = cache[key]
            raw = frame[[outcome, *others, *names]].to_numpy(dtype=float)
            rest = net_of_effects(absorber, raw)
            varies = [i for i in range(1, rest.shape[1]) if not is_absorbed(raw[:, i], rest[:, i])]
            rest = rest if len(varies) == rest.shape[1] - 1 else rest[:, [0, *varies]]
            one = core_coefficients(absorber, rest[:, 0], rest[:, 1:], net, spread, model.cluster)
            found.append(
                one.assign(
                    spec_code=scores.columns,
                    outcome=outcome,
                    controls=controls_code(names),
                    n_controls=len(names),
                    n_obs=len(frame),
                )
            )
    table = pd.concat(found, ignore_index=True)
    return table[
        [
            *UNIVERSE_KEY,
            "n_controls",
            "n_obs",
            *(c for c in table if c not in (*UNIVERSE_KEY, "n_controls", "n_obs")),
        ]
    ]


def _winsorised(scores: pd.DataFrame, bounds: tuple[float, float] | None) -> pd.DataFrame:
    """Every score clipped at its quantiles over all rows, as the other variables of such a column are."""
    if bounds is None:
        return scores
    return scores.clip(scores.quantile(bounds[0]), scores.quantile(bounds[1]), axis=1)


def generated_regressor(
    marts: Marts, model: Model, index: str, scores: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, Intervals | None, pd.DataFrame | None]:
    """The coefficient in every bootstrap draw of entities, with the index built anew in it and with the index as it is.

    A drawn entity enters as often as it was drawn, each time as an entity of its own; as its rows are then the same, this
    is least squares with the copies as weights. Returns the draws and a summary: the standard error (standard deviation of
    the draws) and percentile interval of both, beside the clustered standard error. Draw 0, the sample itself, is checked
    against the column and not counted. Around another baseline than the classical one nothing is drawn. Third and fourth
    come the intervals by every method (the acceleration of BCa from leaving entities out with the index held fixed) and what
    the presence of each entity does to the draws; None without draws.
    """
    others = tuple(name for name in model.core if name != index)
    panel = model_panel(marts.panel, model)
    sample = selected(panel, marts.groups, model.sample)
    columns = [index, *others, *model.controls]
    arguments: dict[str, Any] = {
        "outcome": model.outcome, "effects": model.effects, "clusters": model.cluster, "sample": sample,
    }  # fmt: skip
    whole = fit(panel, regressors=columns, **arguments)
    if index not in whole.terms:
        raise EstimationError(f"'{index}' is not in the column: the effects or other regressors hold it.")
    frame, _, absorber = complete_rows(panel, columns=columns, **arguments)
    fixed = frame[[index]].to_numpy(dtype=float)
    clustered, spread = infer(whole, "cluster").row(index), float(fixed.std(ddof=1))
    if scores.empty:
        nothing = pd.DataFrame(columns=DRAWS, dtype=float)
        return nothing, bootstrap_summary(nothing, clustered, spread), None, None
    drawn = scores["draw"].nunique()
    entity, year = scores["entity_code"].to_numpy(), scores["year"].to_numpy()
    size = len(scores) // drawn
    grid = pd.MultiIndex.from_arrays([entity[:size], year[:size]])
    rows = grid.get_indexer(frame.index)
    if size * drawn != len(scores) or (rows < 0).any():
        raise StudyError("marts.bootstrap_scores: a draw lacks entity-years. Run dbt build again.")
    built = scores["score"].to_numpy(float).reshape(drawn, size)[:, rows].T
    copies = scores["copies"].to_numpy(float).reshape(drawn, size)[:, rows].T
    if model.winsorise is not None:
        wide = pd.DataFrame(scores["score"].to_numpy(float).reshape(drawn, size).T)
        built = _winsorised(wide, model.winsorise).to_numpy()[rows]
    right = [name for name in whole.terms if name != index]
    rest = frame[[model.outcome, *right]].to_numpy(dtype=float)
    anew, anew_sd, anew_se = weighted_fits(absorber, rest[:, 0], rest[:, 1:], built, copies)
    kept, kept_sd = weighted_coefficients(absorber, rest[:, 0], rest[:, 1:], fixed, copies)
    entities_drawn = (copies[np.unique(absorber.entity, return_index=True)[1]] > 0).sum(axis=0)
    found_in_draws = (np.arange(drawn), entities_drawn, anew, kept, anew * anew_sd, kept * kept_sd)
    draws = pd.DataFrame(dict(zip(DRAWS, found_in_draws, strict=True)))
    summary = bootstrap_summary(draws, clustered, spread)
    if drawn < 3:
        return draws, summary, None, None
    firsts = np.unique(absorber.entity, return_index=True)[1]
    one_less = 1.0 - (absorber.entity[:, None] == np.arange(len(firsts)))
    jackknife, _ = weighted_coefficients(absorber, rest[:, 0], rest[:, 1:], fixed, one_less)
    # the sample itself is draw 0; that the draws share the small-sample factor, both sides of t* go without it
    found = intervals(
        float(anew[0]), anew[1:], std_error=float(anew_se[0]), draw_errors=anew_se[1:],
        jackknife=jackknife[np.isfinite(jackknife)],
    )  # fmt: skip
    names = [str(name) for name in frame.index.get_level_values(0)[firsts]]
    return draws, summary, found, splits(anew[1:], copies[firsts, 1:], names)


def _interval_frame(found: Intervals | None) -> pd.DataFrame:
    columns = ["method", "estimate", "median", "bias", "draws", "conf_low", "conf_high", "has_zero"]
    if found is None:
        return pd.DataFrame(columns=columns)
    facts = {name: getattr(found, name) for name in ("estimate", "median", "bias", "draws")}
    return found.table.reset_index().assign(**facts)[columns]


def _split_frame(found: pd.DataFrame | None) -> pd.DataFrame:
    columns = ["entity", "draws_without", "mean_with", "mean_without", "gap"]
    return pd.DataFrame(columns=columns) if found is None else found.reset_index()[columns]
