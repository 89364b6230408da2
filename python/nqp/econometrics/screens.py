"""What a model may be made of: variation that the effects leave, columns that are not each other, degrees of freedom, relevant
instruments. The same rules for a fit from rows and for one from sums.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from nqp.econometrics.effects import pseudo_inverse
from nqp.econometrics.equation import Dropped, EstimationError, Floats, Remark

ABSORBED_SHARE = (
    1e-9  # share of variance left by the effects below which a column is absorbed: reghdfe's rule
)
COLLINEAR_SHARE = 1e-11  # share left by the columns before it below which a column is the same column
NEAR_COLLINEAR_SHARE = 1e-8  # 1 / VIF: half of the digits of a float are lost, no coefficient can be read
WARN_SHARE = 1e-4


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


def screen_columns(
    names: Sequence[str], raw: Mapping[str, Floats], net: Mapping[str, Floats], effects: tuple[str, ...]
) -> tuple[list[str], list[Dropped]]:
    """Names to keep, in order, and those that the effects or the names before them already hold."""
    kept: list[str] = []
    dropped: list[Dropped] = []
    basis = np.empty((len(next(iter(net.values()))), 0))
    for name in names:
        if is_absorbed(raw[name], net[name]):
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


def is_absorbed(raw: Floats, net: Floats) -> bool:
    """Whether the effects hold a column (n,), given raw and net of them."""
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


def no_variation(what: str, effects: tuple[str, ...]) -> EstimationError:
    """The error of an outcome that is constant, or that the effects explain fully."""
    return EstimationError(
        f"{what}: the outcome has no variation {_left_by(effects)}; look at the sample or use fewer effects."
    )


def _left_by(effects: tuple[str, ...]) -> str:
    return f"left by the {' and '.join(effects)} effects" if effects else "in the sample"


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


def near_collinear_columns(what: str, net: Floats, names: Sequence[str]) -> tuple[Remark, ...]:
    """The same for columns (n, k) net of the effects."""
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


def check_relevant_columns(
    what: str, endog: Floats, excluded: Floats, exog: Floats, names: Sequence[str]
) -> None:
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


def smallest_canonical(products: Floats, m: int, q: int) -> float:
    """Smallest squared canonical correlation of m columns and the next q, net of the others, from their cross-products."""
    length = np.sqrt(np.diag(products))
    unit = products / np.outer(length, length)
    inner, across = unit[: m + q, : m + q], unit[: m + q, m + q :]
    if across.shape[1]:
        inner = inner - across @ np.linalg.solve(unit[m + q :, m + q :], across.T)
    root = np.linalg.inv(np.linalg.cholesky(inner[:m, :m]))
    shared = inner[m:, :m] @ root.T
    return float(np.linalg.eigvalsh(shared.T @ np.linalg.solve(inner[m:, m:], shared))[0])
