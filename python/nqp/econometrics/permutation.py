"""Tests by reshuffling: the difference between two groups, and placebo estimates of one coefficient.

Everything drawn at random takes a seed and gives the same answer whatever the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqp.econometrics.effects import Absorber, pseudo_inverse
from nqp.econometrics.equation import EFFECTS, EstimationError, Floats, check_term
from nqp.econometrics.fit import Fit
from nqp.econometrics.sample import grouped

_CHUNK = 2000  # draws in memory at once


@dataclass(frozen=True, eq=False)
class Permutation:
    """An observed statistic beside its draws under reshuffling; two-sided p = (1 + #{|draw| >= |observed|})
    / (1 + draws).

    ``draws`` holds only the draws that could be estimated; ``failed`` counts the others.
    """

    term: str
    observed: float
    draws: Floats
    failed: int
    p_value: float
    seed: int


def permutation_test(
    panel: pd.DataFrame,
    group: pd.Series,
    first: str,
    second: str,
    *,
    outcome: str,
    regressors: Sequence[str],
    effects: tuple[str, ...] = EFFECTS,
    term: str | None = None,
    draws: int = 10_000,
    seed: int,
    sample: pd.Series | None = None,
) -> Permutation:
    """Permutation test of the difference of one coefficient between two groups estimated separately.

    Whole entities are reshuffled between the groups, whose numbers of entities stay. The cross-products of
    the variables and year dummies, net of entity means, add up over entities, so a draw costs a sum of small
    matrices and no model is fitted anew; unbalanced panels are exact too. Arguments as in :func:`chow_test`;
    ``term`` is the coefficient compared (the first regressor by default).

    Raises:
        EstimationError: a group without entities, or in which the coefficient cannot be estimated; no draws; effects beyond
            entity and year.
    """
    if further := [effect for effect in effects if effect not in EFFECTS]:
        raise EstimationError(f"the permutation test takes entity and year effects, not '{further[0]}'.")
    terms, term = list(regressors), term or regressors[0]
    check_term(term, terms, draws)
    frame, labels = grouped(panel, group, [outcome, *terms], sample)
    keep = frame.notna().all(axis=1) & labels.isin([first, second])
    frame, labels = frame[keep].sort_index(), labels[keep].sort_index()
    missing = {first, second} - set(labels)
    if missing or first == second:
        raise EstimationError(
            f"permutation test of {first} against {second}: no complete rows in one of two groups."
        )
    entity = pd.factorize(frame.index.get_level_values(0), sort=True)[0].astype(np.intp)
    year = pd.factorize(frame.index.get_level_values(1), sort=True)[0].astype(np.intp)
    absorber = Absorber(entity, year, ("entity",) if "entity" in effects else ())
    units = frame.to_numpy(dtype=float)
    units = (units - units.mean(axis=0)) / np.where(units.std(axis=0) > 0, units.std(axis=0), 1.0)
    if "year" in effects:
        block = np.eye(int(year.max()) + 1)[year]
    else:
        block = np.ones((len(frame), 0 if effects else 1))
    columns = absorber.off_entity(np.column_stack([units, block]))
    width = columns.shape[1]
    products = absorber.sum_by_entity((columns[:, :, None] * columns[:, None, :]).reshape(len(columns), -1))
    in_first = np.zeros(len(products))
    in_first[entity[(labels == first).to_numpy()]] = 1.0
    position, ratio = terms.index(term), frame[outcome].std(ddof=0) / frame[term].std(ddof=0)

    def difference(members: Floats) -> Floats:
        ours = _slope((members @ products).reshape(-1, width, width), len(terms), position)
        theirs = _slope(((1 - members) @ products).reshape(-1, width, width), len(terms), position)
        return np.asarray((ours - theirs) * ratio)

    observed = float(difference(in_first[None])[0])
    if not np.isfinite(observed):
        raise EstimationError(
            f"permutation test of {first} against {second}: '{term}' cannot be estimated in one of the groups."
        )
    rng = np.random.default_rng(seed)
    parts = []
    for start in range(0, draws, _CHUNK):
        shuffled = np.broadcast_to(in_first, (min(_CHUNK, draws - start), len(in_first)))
        parts.append(difference(rng.permuted(shuffled, axis=1)))
    return _permutation(term, observed, np.concatenate(parts), seed)


def placebo(fit: Fit, term: str | None = None, *, draws: int = 10_000, seed: int) -> Permutation:
    """Estimates of one coefficient when its variable is permuted among the entities of each year.

    Controls and effects stay as they are. A draw costs one pass: with r the outcome and M the projection net
    of controls and effects, b = x'r / x'Mx. The draws are the data of the placebo histogram. ``term`` is the
    first regressor by default.
    """
    term = term or fit.terms[0]
    check_term(term, list(fit.terms), draws)
    absorber, controls = fit.absorber, [t for t in fit.terms if t != term]
    net = fit.within(controls)
    basis = absorber.basis
    if controls:
        basis = np.column_stack([basis, np.linalg.qr(net / np.sqrt((net**2).sum(axis=0)))[0]])
    r = fit.within([fit.outcome])[:, 0]
    r = r - (net @ (pseudo_inverse(net) @ r) if controls else 0.0)
    x = fit.frame[term].to_numpy(dtype=float)
    x = x - x.mean()
    by_year = np.argsort(absorber.year, kind="stable")
    rng = np.random.default_rng(seed)
    parts = []
    for start in range(0, draws, _CHUNK):
        keys = absorber.year + rng.random((min(_CHUNK, draws - start), len(x)))
        shuffled = np.empty_like(keys)
        shuffled[:, by_year] = x[np.argsort(keys, axis=1)]
        off = absorber.off_entity(shuffled.T)
        left = (off**2).sum(axis=0) - ((basis.T @ off) ** 2).sum(axis=0)
        parts.append((r @ off) / np.where(left > 1e-10 * (x @ x), left, np.nan))
    return _permutation(term, float(fit.params[term]), np.concatenate(parts), seed)


def _slope(products: Floats, k: int, position: int) -> Floats:
    """One slope from each matrix of cross-products (draws, p, p) of [outcome, k regressors, effects]; NaN if the other
    columns hold its regressor. What the effects or the other regressors hold of those others takes no part.
    """
    if products.shape[1] > k + 1:
        across, inner = products[:, : k + 1, k + 1 :], products[:, k + 1 :, k + 1 :]
        explained = across @ np.linalg.pinv(inner, rcond=1e-10, hermitian=True)
        products = products[:, : k + 1, : k + 1] - explained @ across.transpose(0, 2, 1)
    xx, xy = products[:, 1:, 1:], products[:, 1:, 0]
    size = np.sqrt(np.maximum(np.diagonal(xx, axis1=1, axis2=2), 1e-300))
    unit = xx / size[:, :, None] / size[:, None, :]
    singular = (np.linalg.eigvalsh(unit)[:, 0] < 1e-9) | (size.min(axis=1) < 1e-6)
    safe = np.where(singular[:, None, None], np.eye(k), unit)
    slope = np.linalg.solve(safe, (xy / size)[:, :, None])[:, position, 0] / size[:, position]
    if singular.any():
        varies = size[singular] >= 1e-6
        held = unit[singular] * varies[:, :, None] * varies[:, None, :]
        right = xy[singular] / size[singular] * varies
        others = [i for i in range(k) if i != position]
        across = held[:, [position]][:, :, others] @ np.linalg.pinv(
            held[:, others][:, :, others], rcond=1e-9, hermitian=True
        )
        left = held[:, position, position] - (across @ held[:, others][:, :, [position]])[:, 0, 0]
        gain = right[:, position] - (across @ right[:, others, None])[:, 0, 0]
        alone = varies[:, position] & (left > 1e-9)
        slope[singular] = np.where(
            alone, gain / np.where(alone, left, 1.0) / size[singular][:, position], np.nan
        )
    return np.asarray(slope)


def _permutation(term: str, observed: float, draws: Floats, seed: int) -> Permutation:
    kept = draws[np.isfinite(draws)]
    extreme = int(np.sum(np.abs(kept) >= abs(observed) * (1 - 1e-10)))
    return Permutation(term, observed, kept, len(draws) - len(kept), (1 + extreme) / (1 + len(kept)), seed)
