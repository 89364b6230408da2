"""Do groups differ, and does the result hold: tests of difference between groups, and robustness of one
coefficient.

Everything drawn at random takes a seed and gives the same answer whatever the order of the rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr

from nqp.econometrics.estimation import (
    EFFECTS,
    Absorber,
    EstimationError,
    Fit,
    Floats,
    pseudo_inverse,
    with_lags,
)
from nqp.econometrics.estimation import fit as fit_model
from nqp.econometrics.inference import DEFAULT, Inference, infer, wald_of

_CHUNK = 2000  # draws held in memory at once


@dataclass(frozen=True, eq=False)
class ChowTest:
    """Fully interacted model: every slope, and every year effect, has its own value in each group.

    ``coefficients``: groups by terms, equal to those of separate regressions. ``tests``: F tests of equality
    over all groups, one row per term and a last row ``all`` (statistic, df_num, df_den, p_value; NaN where
    there are too few clusters for so many restrictions). ``pairs``: differences of each term between two
    groups, ``first - second``.
    """

    groups: tuple[str, ...]
    coefficients: pd.DataFrame
    tests: pd.DataFrame
    pairs: pd.DataFrame
    inference: Inference


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


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """One coefficient estimated without each entity in turn; ``table`` is indexed by the entity left out."""

    term: str
    full: float
    table: pd.DataFrame  # estimate, std_error, df, p_value
    lowest: float
    highest: float
    most_influential: str  # the entity whose absence moves the estimate most


@dataclass(frozen=True)
class OsterBound:
    """Bound of Oster (2019) on one coefficient for selection on unobservables.

    ``beta_star``: coefficient if unobservables matter ``delta`` times as much as the controls; of the real
    roots (``roots``) the one nearest the controlled estimate. ``delta_zero``: how many times as much they
    must matter for the coefficient to be zero. R-squareds are net of the fixed effects.
    """

    term: str
    uncontrolled: float
    controlled: float
    r2_uncontrolled: float
    r2_controlled: float
    r2_max: float
    delta: float
    beta_star: float
    roots: tuple[float, ...]
    delta_zero: float


def chow_test(
    panel: pd.DataFrame,
    group: pd.Series,
    *,
    outcome: str,
    regressors: Sequence[str],
    effects: tuple[str, ...] = EFFECTS,
    covariance: str = DEFAULT,
    sample: pd.Series | None = None,
) -> ChowTest:
    """Chow test of equal slopes across groups, with the clustered covariance of the fully interacted model.

    Args:
        panel, outcome, regressors, effects, sample: as in :func:`nqp.econometrics.estimation.fit`; at least one effect.
        group: the group of each entity, indexed by entity; entities without a group are left out.
        covariance: iid, hc1, cluster or cluster_areg.

    Raises:
        EstimationError: fewer than two groups, no effects, another covariance, a slope that a group cannot
            identify.
    """
    if covariance not in ("iid", "hc1", "cluster", "cluster_areg"):
        raise EstimationError(f"the Chow test takes iid, hc1, cluster or cluster_areg, not '{covariance}'.")
    if not effects:
        raise EstimationError("the Chow test needs entity or year effects: they hold the groups' own levels.")
    terms = list(regressors)
    frame, labels = _grouped(panel, group, [outcome, *terms], sample)
    groups = sorted(labels.unique())
    if len(groups) < 2:
        raise EstimationError(
            f"the Chow test needs at least two groups; there is {', '.join(groups) or 'none'}."
        )
    number = labels.map({g: i for i, g in enumerate(groups)}).to_numpy()
    # group-by-year effects are the year effects of a calendar that runs on from group to group
    years = frame.index.get_level_values(1).to_numpy()
    entities = frame.index.get_level_values(0)
    span = int(years.max() - years.min()) + 1
    columns = {outcome: frame[outcome], **{t: frame[t] for t in terms}}
    extra = {(g, t): f"{t} in {g}" for g in groups[1:] for t in terms}
    columns |= {name: frame[t].where(labels == g, frame[t] * 0) for (g, t), name in extra.items()}
    data = pd.DataFrame(columns)
    data.index = pd.MultiIndex.from_arrays([entities, years + number * span])
    model = fit_model(data, outcome=outcome, regressors=[*terms, *extra.values()], effects=effects)
    if model.dropped:
        lost = model.dropped[0]
        raise EstimationError(
            f"Chow test: '{lost.term}' {lost.reason}; a group cannot identify it. Leave it out."
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
    tests["all"] = _equal(result, list(extra.values()))
    return ChowTest(
        groups=tuple(groups),
        coefficients=pd.DataFrame(
            [[contrast(g, t) @ b for t in terms] for g in groups], index=groups, columns=terms
        ),
        tests=pd.DataFrame.from_dict(
            tests, orient="index", columns=["statistic", "df_num", "df_den", "p_value"]
        ),
        pairs=pd.DataFrame(rows, columns=fields).set_index(fields[:3]),
        inference=result,
    )


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
        EstimationError: a group without entities, or in which the coefficient cannot be estimated; no draws.
    """
    terms, term = list(regressors), term or regressors[0]
    _check_term(term, terms, draws)
    frame, labels = _grouped(panel, group, [outcome, *terms], sample)
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


def placebo(
    panel: pd.DataFrame,
    *,
    outcome: str,
    regressors: Sequence[str],
    effects: tuple[str, ...] = EFFECTS,
    term: str | None = None,
    draws: int = 10_000,
    seed: int,
    sample: pd.Series | None = None,
) -> Permutation:
    """Estimates of one coefficient when its variable is permuted among the entities of each year.

    Controls and effects stay as they are. A draw costs one pass: with r the outcome and M the projection net
    of controls and effects, b = x'r / x'Mx. The draws are the data of the placebo histogram.
    """
    term = term or regressors[0]
    model = fit_model(panel, outcome=outcome, regressors=regressors, effects=effects, sample=sample)
    _check_term(term, list(model.terms), draws)
    absorber, controls = model.absorber, [t for t in model.terms if t != term]
    net = model.within(controls)
    basis = absorber.basis
    if controls:
        basis = np.column_stack([basis, np.linalg.qr(net / np.sqrt((net**2).sum(axis=0)))[0]])
    r = model.within([outcome])[:, 0]
    r = r - (net @ (pseudo_inverse(net) @ r) if controls else 0.0)
    x = model.frame[term].to_numpy(dtype=float)
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
    return _permutation(term, float(model.params[term]), np.concatenate(parts), seed)


def leave_one_out(
    panel: pd.DataFrame,
    *,
    outcome: str,
    regressors: Sequence[str],
    effects: tuple[str, ...] = EFFECTS,
    endogenous: Sequence[str] = (),
    instruments: Sequence[str] = (),
    term: str | None = None,
    covariance: str = DEFAULT,
    sample: pd.Series | None = None,
) -> LeaveOneOut:
    """The model without each entity in turn. Raises EstimationError when a model without an entity cannot be
    fitted.
    """
    term = term or regressors[0]
    full = fit_model(
        panel,
        outcome=outcome,
        regressors=regressors,
        effects=effects,
        endogenous=endogenous,
        instruments=instruments,
        sample=sample,
    )
    _check_term(term, list(full.terms), 1)
    entities = full.frame.index.get_level_values(0)
    rows = {}
    for left_out in entities.unique():
        try:
            rest = fit_model(
                full.frame[entities != left_out],
                outcome=outcome,
                regressors=full.terms,
                effects=effects,
                endogenous=full.endogenous,
                instruments=full.instruments,
            )
            if term not in rest.terms:
                raise EstimationError(f"'{term}' is no longer identified.")
            rows[left_out] = infer(rest, covariance).table.loc[term]
        except EstimationError as problem:
            raise EstimationError(f"without entity {left_out}: {problem}") from problem
    table = pd.DataFrame.from_dict(rows, orient="index")[["estimate", "std_error", "df", "p_value"]]
    estimate = float(full.params[term])
    return LeaveOneOut(
        term=term,
        full=estimate,
        table=table.rename_axis("entity"),
        lowest=float(table["estimate"].min()),
        highest=float(table["estimate"].max()),
        most_influential=str((table["estimate"] - estimate).abs().idxmax()),
    )


def oster_bound(fit: Fit, term: str, *, r2_max: float | None = None, delta: float = 1.0) -> OsterBound:
    """Bound for proportional selection on observables and unobservables, Oster (2019), Propositions 2 and 3.

    The fixed effects belong to both models: variances and R-squareds are those left by them. ``r2_max`` is
    by default 1.3 times the controlled (within) R-squared, at most 1. Writing nu for the bias
    beta_controlled - beta, D for beta_uncontrolled - beta_controlled, sy, sx for variances of outcome and
    regressor and tx for that of the regressor net of the controls, nu solves ::

        delta [(Rmax-R) sy D sx + nu (Rmax-R) sy (sx-tx) + nu^2 tx D sx + nu^3 (tx sx - tx^2)]
            = nu (R-R0) sy tx + nu sx tx D^2 + 2 nu^2 tx D sx + nu^3 (tx sx - tx^2)

    Raises:
        EstimationError: 2SLS fit, no controls, unknown term, ``r2_max`` outside [controlled R-squared, 1].
    """
    if fit.is_iv:
        raise EstimationError("the Oster bound is defined for least squares only.")
    _check_term(term, list(fit.terms), 1)
    controls = [t for t in fit.terms if t != term]
    if not controls:
        raise EstimationError(
            f"the Oster bound of '{term}' compares a model with and without controls; there are none."
        )
    y, x, w = fit.within([fit.outcome])[:, 0], fit.within([term])[:, 0], fit.within(controls)
    n = fit.n_obs
    sy, sx = float(y @ y) / n, float(x @ x) / n
    left = x - w @ (pseudo_inverse(w) @ x)
    tx = float(left @ left) / n
    short = float(x @ y) / n / sx
    r_short, r_long = short**2 * sx / sy, fit.r2_within
    long = float(fit.params[term])
    top = min(1.0, 1.3 * r_long) if r2_max is None else r2_max
    if not r_long <= top <= 1.0:
        raise EstimationError(
            f"the Oster bound needs R2max between the controlled R2, {r_long:.4f}, and 1, not {top}."
        )
    gap, rest = short - long, top - r_long
    # both sides as polynomials in nu, from degree 0
    unobserved = np.array([rest * sy * gap * sx, rest * sy * (sx - tx), tx * gap * sx, tx * sx - tx**2])
    observed = np.array(
        [0.0, (r_long - r_short) * sy * tx + sx * tx * gap**2, 2 * tx * gap * sx, tx * sx - tx**2]
    )
    powers = long ** np.arange(4)  # beta = 0 where nu is the controlled estimate
    denominator = float(unobserved @ powers)
    # nu in units of the controlled-uncontrolled spread of the data, so that leading coefficients compare
    scale = np.sqrt(sy / sx) ** np.arange(4)
    balance = (delta * unobserved - observed) * scale
    balance[np.abs(balance) < 1e-13 * np.abs(observed * scale).max()] = 0.0
    nus = np.roots(balance[::-1]) * np.sqrt(sy / sx)
    roots = tuple(
        sorted(
            (long - float(nu.real) for nu in nus if abs(nu.imag) <= 1e-9 * (abs(nu) + 1e-300)),
            key=lambda beta: abs(beta - long),
        )
    )
    return OsterBound(
        term=term,
        uncontrolled=short,
        controlled=long,
        r2_uncontrolled=r_short,
        r2_controlled=r_long,
        r2_max=top,
        delta=delta,
        beta_star=roots[0] if roots else float("nan"),
        roots=roots,
        delta_zero=float(observed @ powers) / denominator if denominator else float("nan"),
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


def _grouped(
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


def _check_term(term: str, terms: list[str], draws: int) -> None:
    if term not in terms:
        raise EstimationError(f"'{term}' is not among the estimated terms {', '.join(terms)}.")
    if draws < 1:
        raise EstimationError(f"{draws} draws: give 1 or more.")


def _equal(result: Inference, names: list[str]) -> tuple[float, float, float, float]:
    estimate = result.table.loc[names, "estimate"].to_numpy()
    try:
        test = wald_of(estimate, result.matrix.loc[names, names].to_numpy(), result.df)
    except EstimationError:
        return (float("nan"), float(len(names)), result.df, float("nan"))
    return (test.statistic, *test.df, test.p_value)


def _slope(products: Floats, k: int, position: int) -> Floats:
    """One slope from each matrix of cross-products (draws, p, p) of [outcome, k regressors, effects]; NaN if
    singular.
    """
    if products.shape[1] > k + 1:
        across, inner = products[:, : k + 1, k + 1 :], products[:, k + 1 :, k + 1 :]
        held = across @ np.linalg.pinv(inner, rcond=1e-10, hermitian=True)
        products = products[:, : k + 1, : k + 1] - held @ across.transpose(0, 2, 1)
    xx, xy = products[:, 1:, 1:], products[:, 1:, 0]
    size = np.sqrt(np.maximum(np.diagonal(xx, axis1=1, axis2=2), 1e-300))
    unit = xx / size[:, :, None] / size[:, None, :]
    singular = (np.linalg.eigvalsh(unit)[:, 0] < 1e-9) | (size.min(axis=1) < 1e-6)
    unit[singular] = np.eye(k)
    slope = np.linalg.solve(unit, (xy / size)[:, :, None])[:, position, 0] / size[:, position]
    return np.where(singular, np.nan, slope)


def _permutation(term: str, observed: float, draws: Floats, seed: int) -> Permutation:
    kept = draws[np.isfinite(draws)]
    extreme = int(np.sum(np.abs(kept) >= abs(observed) * (1 - 1e-10)))
    return Permutation(term, observed, kept, len(draws) - len(kept), (1 + extreme) / (1 + len(kept)), seed)
