"""Do groups differ: the Chow test of equal slopes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import stdtr

from nqp.econometrics.covariances import DEFAULT
from nqp.econometrics.equation import (
    EFFECTS,
    ENTITY,
    Dropped,
    EstimationError,
    Floats,
    further_categories,
)
from nqp.econometrics.fit import fit as fit_model
from nqp.econometrics.inference import Inference, infer, wald_of
from nqp.econometrics.sample import category_codes, grouped, identified


@dataclass(frozen=True, eq=False)
class ChowTest:
    """Fully interacted model: every slope, and every effect, has its own value in each group.

    ``coefficients``: groups by terms, equal to those of separate regressions. ``tests``: F tests of equality
    over all groups, one row per term and a last row ``all`` (statistic, df_num, df_den, p_value; NaN where
    there are too few clusters for so many restrictions). ``pairs``: differences of each term between two
    groups, ``first - second``. A term that a group does not identify is not compared: it stays in the groups that
    identify it, its tests are NaN, and ``dropped`` says why.
    """

    groups: tuple[str, ...]
    coefficients: pd.DataFrame
    tests: pd.DataFrame
    pairs: pd.DataFrame
    inference: Inference
    dropped: tuple[Dropped, ...] = ()


def chow_test(
    panel: pd.DataFrame,
    group: pd.Series,
    *,
    outcome: str,
    regressors: Sequence[str],
    effects: tuple[str, ...] = EFFECTS,
    clusters: tuple[str, ...] = ENTITY,
    covariance: str = DEFAULT,
    sample: pd.Series | None = None,
) -> ChowTest:
    """Chow test of equal slopes across groups, with the clustered covariance of the fully interacted model.

    Args:
        panel, outcome, regressors, effects, clusters, sample: as in :func:`nqp.econometrics.fit.fit`; at least one effect.
        group: the group of each entity, indexed by entity; entities without a group are left out.
        covariance: iid, hc1, cluster or cluster_areg.

    Raises:
        EstimationError: fewer than two groups, no effects, another covariance, no slope that every group identifies.
    """
    if covariance not in ("iid", "hc1", "cluster", "cluster_areg"):
        raise EstimationError(f"the Chow test takes iid, hc1, cluster or cluster_areg, not '{covariance}'.")
    if not effects:
        raise EstimationError("the Chow test needs entity or year effects: they hold the groups' own levels.")
    terms, further = list(regressors), further_categories((*effects, *clusters))
    frame, labels = grouped(panel, group, list(dict.fromkeys([outcome, *terms, *further])), sample)
    groups = sorted(labels.unique())
    if len(groups) < 2:
        raise EstimationError(
            f"the Chow test needs at least two groups; there is {', '.join(groups) or 'none'}."
        )
    complete = frame.notna().all(axis=1)
    frame, labels = frame[complete], labels[complete]
    kept: dict[str, list[str]] = {}
    dropped: dict[str, Dropped] = {}
    for g in groups:
        kept[g], lost = identified(
            frame[labels == g], outcome=outcome, columns=terms, effects=effects, clusters=clusters
        )
        for item in lost:
            reason = replace(item, reason=f"{item.reason} in {g}", reason_zh=f"在 {g} 中{item.reason_zh}")
            dropped.setdefault(item.term, reason)
    every, terms = terms, [t for t in terms if t not in dropped]
    if not terms:
        raise EstimationError(
            "the Chow test has no slope to compare: "
            + "; ".join(f"'{d.term}' {d.reason}" for d in dropped.values())
            + "."
        )
    number = labels.map({g: i for i, g in enumerate(groups)}).to_numpy()
    # group-by-year effects are the year effects of a calendar that runs on from group to group
    years = frame.index.get_level_values(1).to_numpy()
    entities = frame.index.get_level_values(0)
    span = int(years.max() - years.min()) + 1
    columns = {outcome: frame[outcome], **{t: frame[t] for t in terms}}
    extra = {(g, t): f"{t} in {g}" for g in groups[1:] for t in terms}
    columns |= {name: frame[t].where(labels == g, frame[t] * 0) for (g, t), name in extra.items()}
    own = {(g, t): f"{t} only in {g}" for g in groups for t in kept[g] if t in dropped}
    columns |= {name: frame[t].where(labels == g, frame[t] * 0) for (g, t), name in own.items()}
    # every other effect too is one of each group: its categories are those of the group
    for name in further_categories(effects):
        codes = pd.factorize(frame[name], sort=True)[0]
        columns[name] = pd.Series(codes * len(groups) + number, index=frame.index, dtype=float)
    levels = {
        level: level if level == "entity" else f"cluster {level}".replace(":", " by ") for level in clusters
    }
    for level, name in levels.items():
        if name != level:  # clusters are not: a year is the same cluster in every group
            columns[name] = pd.Series(category_codes(frame, level), index=frame.index, dtype=float)
    data = pd.DataFrame(columns)
    data.index = pd.MultiIndex.from_arrays([entities, years + number * span])
    model = fit_model(
        data,
        outcome=outcome,
        regressors=[*terms, *extra.values(), *own.values()],
        effects=effects,
        clusters=tuple(levels.values()),
    )
    if model.dropped:
        one = model.dropped[0]
        raise EstimationError(
            f"Chow test: '{one.term}' {one.reason}; a group cannot identify it. Leave it out."
        )
    result = infer(model, covariance)
    names = list(model.terms)

    def contrast(g: str, t: str) -> Floats:
        """Weights of the slope of t in group g."""
        weights = np.zeros(len(names))
        weights[[names.index(t), *([names.index(extra[g, t])] if (g, t) in extra else [])]] = 1.0
        return weights

    b, v = model.params.to_numpy(), result.matrix.to_numpy()
    rows = []
    for first, second in itertools.combinations(groups, 2):
        for t in terms:
            c = contrast(first, t) - contrast(second, t)
            estimate, std_error = float(c @ b), float(np.sqrt(c @ v @ c))
            p = float(2 * stdtr(result.df, -abs(estimate / std_error)))
            rows.append((first, second, t, estimate, std_error, estimate / std_error, result.df, p))
    fields = ["first", "second", "term", "estimate", "std_error", "statistic", "df", "p_value"]
    tests = {t: _equal(result, [extra[g, t] for g in groups[1:]]) for t in terms}
    tests |= {t: (float("nan"),) * 4 for t in dropped}
    tests["all"] = _equal(result, list(extra.values()))
    return ChowTest(
        groups=tuple(groups),
        coefficients=pd.DataFrame(
            [
                [
                    contrast(g, t) @ b if t in terms else float(model.params.get(own.get((g, t), ""), np.nan))
                    for t in every
                ]
                for g in groups
            ],
            index=groups,
            columns=every,
        ),
        tests=pd.DataFrame.from_dict(
            tests, orient="index", columns=["statistic", "df_num", "df_den", "p_value"]
        ),
        pairs=pd.DataFrame(rows, columns=fields).set_index(fields[:3]),
        inference=result,
        dropped=tuple(dropped.values()),
    )


def _equal(result: Inference, names: list[str]) -> tuple[float, float, float, float]:
    estimate = result.table.loc[names, "estimate"].to_numpy()
    try:
        test = wald_of(estimate, result.matrix.loc[names, names].to_numpy(), result.df)
    except EstimationError:
        return (float("nan"), float(len(names)), result.df, float("nan"))
    return (test.statistic, *test.df, test.p_value)
