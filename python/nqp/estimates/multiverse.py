"""What the choices behind an index do to the coefficient it is built for.

One regression, estimated anew for every valid specification of the index, every set of controls, every definition of the
outcome and three covariances, and for every bootstrap draw in which the index itself was built anew. All cores share the
design net of effects and controls (Frisch-Waugh-Lovell), so tens of thousands of fits are a few hundred matrix products.

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
from scipy.special import stdtr

from nqp.econometrics.estimation import (
    ABSORBED_SHARE,
    COLLINEAR_SHARE,
    Absorber,
    EstimationError,
    Floats,
    complete_rows,
    fit,
)
from nqp.econometrics.inference import infer, sandwich
from nqp.errors import StudyError
from nqp.estimates.regressions import model_panel, selected
from nqp.estimates.robustness import model_at

if TYPE_CHECKING:
    from nqp.study.marts import Marts, MultiverseMarts
    from nqp.study.specification import Model, MultiverseSpec, Specification

COVARIANCES = ("iid", "hc1", "cluster")
LEVEL = 0.05
MOST_FITS = 2_000_000
NO_CONTROLS = "none"
UNITS = {
    "score": "estimate",
    "std_dev": "estimate_per_sd",
}  # of a coefficient: per point of the score, per sd
KEY = ["spec_code", "outcome", "controls"]


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

    @property
    def index(self) -> str:
        """The composite index whose coefficient it is."""
        return self.spec.address.term

    @cached_property
    def distinct(self) -> pd.DataFrame:
        """The rows of ``coefficients`` without recipes that stand twice: two designs may hold the same one."""
        return _distinct(self.coefficients, self.marts.specs)

    @cached_property
    def baseline(self) -> pd.Series:
        """The row of ``coefficients`` that is the published column itself."""
        return _baseline_row(self.coefficients, self.marts.specs, self.model)

    def frames(self) -> dict[str, pd.DataFrame]:
        """Everything as tidy frames, for the database and CSV."""
        return {
            "spec_coefficients": self.coefficients,
            "spec_summary": self.summary,
            "coefficient_variance_shares": self.shares,
            "bootstrap_coefficients": self.draws,
            "bootstrap_summary": self.bootstrap,
        }

    def facts(self) -> dict[str, str]:
        """What the results rest on, for the record of the run."""
        digest = hashlib.sha256()
        for scores in (self.marts.spec_scores, self.marts.bootstrap_scores):
            for name in scores.columns:
                column = scores[name]
                values = column.to_numpy(float) if pd.api.types.is_numeric_dtype(column) else column.unique()
                digest.update(
                    values.tobytes() if values.dtype == float else "\n".join(map(str, values)).encode()
                )
        return {"multiverse_sha256": digest.hexdigest()}


def explore(
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
        announce(
            f"{len(valid)} ways to build the index x {len(sets)} sets of controls x {len(outcomes)} outcomes"
        )
        coefficients = coefficients_of(marts, model, index, wide, outcomes, sets)
        boot = multiverse.bootstrap_scores[multiverse.bootstrap_scores["index_code"] == index]
        announce(f"{boot['draw'].nunique() - 1} bootstrap draws with the index built anew")
        draws, bootstrap = generated_regressor(marts, model, index, boot)
    except EstimationError as error:
        raise StudyError(f"specifications.toml: [multiverse]: {error}") from error
    return Universe(
        spec=spec,
        model=model,
        coefficients=coefficients,
        summary=summarise(_distinct(coefficients, specs), specs, model, *printed_values(marts, spec)),
        shares=coefficient_shares(coefficients, specs, list(multiverse.words.choices)),
        draws=draws,
        bootstrap=bootstrap,
        marts=multiverse,
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


def _distinct(coefficients: pd.DataFrame, specs: pd.DataFrame) -> pd.DataFrame:
    known = specs[specs["spec_code"].isin(coefficients["spec_code"])]
    known = known.sort_values(["is_baseline", "spec_code"], ascending=[False, True], kind="stable")
    first = known.drop_duplicates("same_as")["spec_code"]
    return coefficients[coefficients["spec_code"].isin(first)].reset_index(drop=True)


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


def controls_code(names: Sequence[str]) -> str:
    """How a set of controls is called in the results: its codes with + between them, or none."""
    return "+".join(names) or NO_CONTROLS


# ------------------------------------------------------------------------------------------------ many fits


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
                panel, outcome=outcome, columns=columns, effects=model.effects,
                sample=selected(panel, groups, model.sample),
            )  # fmt: skip
            rows = scores.index.get_indexer(frame.index)
            if (key := rows.tobytes()) not in cache:
                cores = _winsorised(scores, model.winsorise).to_numpy()[rows]
                cache[key] = absorber, net_of_effects(absorber, cores), cores.std(axis=0, ddof=1)
            absorber, net, spread = cache[key]
            rest = net_of_effects(absorber, frame[[outcome, *others, *names]].to_numpy(dtype=float))
            one = core_coefficients(absorber, rest[:, 0], rest[:, 1:], net, spread)
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
    return table[[*KEY, "n_controls", "n_obs", *(c for c in table if c not in (*KEY, "n_controls", "n_obs"))]]


def _winsorised(scores: pd.DataFrame, bounds: tuple[float, float] | None) -> pd.DataFrame:
    """Every score clipped at its quantiles over all rows, as the other variables of such a column are."""
    if bounds is None:
        return scores
    return scores.clip(scores.quantile(bounds[0]), scores.quantile(bounds[1]), axis=1)


def core_coefficients(
    absorber: Absorber, outcome: Floats, controls: Floats, cores: Floats, spread: Floats
) -> pd.DataFrame:
    """The coefficient of each core (n, p) on the outcome (n,) beside the controls (n, k), all net of the effects.

    Per core: estimate, estimate_per_sd (times ``spread`` (p,)), score_sd, and standard error and two-sided p under each of
    COVARIANCES, with the factors and degrees of freedom of :func:`nqp.econometrics.inference.sandwich`. By Frisch, Waugh and Lovell
    b = x'y / x'x with x and y net of effects and controls, and the influence of a row is x / x'x. A core that effects and
    controls absorb has no coefficient (NaN).
    """
    basis = _orthonormal(controls)
    x, y = _off(basis, cores), _off(basis, outcome[:, None])
    squares = (x * x).sum(axis=0)
    total = (cores * cores).sum(axis=0)
    varies = (
        (squares > COLLINEAR_SHARE * total)
        & (total > ABSORBED_SHARE * (len(x) - 1) * spread**2)
        & (spread > 0)
    )
    safe = np.where(varies, squares, 1.0)
    estimate = np.where(varies, (x * y).sum(axis=0) / safe, np.nan)
    errors = y - x * estimate
    influence = x / safe
    scores = influence * errors
    columns: dict[str, Any] = {
        "estimate": estimate,
        "estimate_per_sd": estimate * spread,
        "score_sd": spread,
    }
    meats: dict[str, Callable[[], Floats]] = {
        "iid": lambda: (influence**2).sum(axis=0) * (errors**2).sum(axis=0) / len(x),
        "hc1": lambda: (scores**2).sum(axis=0),
        "cluster": lambda: (absorber.sum_by_entity(scores) ** 2).sum(axis=0),
    }
    for name in COVARIANCES:
        rule = sandwich(absorber, influence[:, :1], errors[:, :1], basis.shape[1] + 1, name)
        std_error = np.sqrt(rule.factor * meats[name]())
        columns[f"se_{name}"] = std_error
        columns[f"p_{name}"] = 2 * stdtr(rule.df[0], -np.abs(estimate) / std_error)
    return pd.DataFrame(columns)


def _orthonormal(columns: Floats) -> Floats:
    """An orthonormal basis (n, r) of columns (n, k); those that the ones before them hold add nothing."""
    basis = np.empty((len(columns), 0))
    for column in columns.T:
        length = np.linalg.norm(column)
        left = _off(basis, column[:, None] / (length or 1.0))
        if (size := np.linalg.norm(left)) ** 2 > COLLINEAR_SHARE:
            basis = np.column_stack([basis, left / size])
    return basis


def _off(basis: Floats, columns: Floats) -> Floats:
    """Columns less their projection on an orthonormal basis; twice, so that no digits are lost.

    einsum and not BLAS, whose sums over many columns depend on the number of threads.
    """
    for _ in range(2):
        inner = np.einsum("nr,nc->rc", basis, columns)
        columns = columns - np.einsum("nr,rc->nc", basis, inner)
    return columns


def net_of_effects(absorber: Absorber, columns: Floats) -> Floats:
    """Columns (n, p) net of the effects, as :meth:`Absorber.residual`, whatever the number of threads."""
    return _off(absorber.basis, absorber.off_entity(absorber.off_entity(columns)))


# -------------------------------------------------------------------------------------------------- summary


def printed_values(marts: Marts, spec: MultiverseSpec) -> tuple[float, float]:
    """The coefficient as the paper prints it, per point of the score and per printed standard deviation; NaN if none."""
    address, printed = spec.address, marts.published_coefficients
    row = printed[
        (printed["table_code"] == address.table) & (printed["model_code"] == address.model)
        & (printed["equation"] == "main") & (printed["term"] == address.term)
    ]  # fmt: skip
    described = marts.published_descriptives
    spread = described.loc[described["variable_code"] == address.term, "std_dev"]
    value = float(pd.to_numeric(row["estimate"], errors="coerce").iloc[0]) if len(row) else np.nan
    printed_sd = float(pd.to_numeric(spread, errors="coerce").iloc[0]) if len(spread) else np.nan
    return value, value * printed_sd


def _baseline_row(coefficients: pd.DataFrame, specs: pd.DataFrame, model: Model) -> pd.Series:
    code = specs.loc[specs["is_baseline"], "spec_code"].iloc[0]
    found = coefficients[
        (coefficients["spec_code"] == code)
        & (coefficients["outcome"] == model.outcome)
        & (coefficients["controls"] == controls_code(model.controls))
    ]
    return found.iloc[0]


def summarise(
    coefficients: pd.DataFrame, specs: pd.DataFrame, model: Model, printed: float, printed_per_sd: float
) -> pd.DataFrame:
    """One row per scope and unit: how many fits, the share positive and significant, quantiles, and where the baseline
    and the printed value fall (the share of fits below, ties half).

    Scopes: ``all``; one per outcome; one per control ``with`` and ``without`` it; ``index`` (the outcome and the controls
    of the column, so that only the index varies); ``controls`` and ``outcomes`` (the baseline index, so that only these
    vary). ``variable`` is the outcome or the control that a scope is about.
    """
    base = _baseline_row(coefficients, specs, model)
    same_index = coefficients["spec_code"] == base["spec_code"]
    same_outcome = coefficients["outcome"] == model.outcome
    same_controls = coefficients["controls"] == base["controls"]
    scopes: list[tuple[str, str, Any]] = [("all", "", slice(None))]
    outcomes = list(dict.fromkeys(coefficients["outcome"]))
    if len(outcomes) > 1:
        scopes += [("outcome", outcome, coefficients["outcome"] == outcome) for outcome in outcomes]
    held = {
        text: set() if text == NO_CONTROLS else set(text.split("+"))
        for text in coefficients["controls"].unique()
    }
    for control in sorted(set().union(*held.values()), key=lambda name: (name not in model.controls, name)):
        inside = coefficients["controls"].map({text: control in names for text, names in held.items()})
        if inside.any() and not inside.all():
            scopes += [("with", control, inside), ("without", control, ~inside)]
    scopes.append(("index", "", same_outcome & same_controls))
    scopes.append(("controls", "", same_index & same_outcome))
    if len(outcomes) > 1:
        scopes.append(("outcomes", "", same_index & same_controls))
    rows = []
    for scope, variable, where in scopes:
        part = coefficients.loc[where]
        part = part[part["estimate"].notna()]
        for unit, column in UNITS.items():
            values = part[column].to_numpy()
            told = printed if unit == "score" else printed_per_sd
            positive = values > 0
            row: dict[str, Any] = {
                "scope": scope, "variable": variable, "unit": unit, "fits": len(part),
                "share_positive": positive.mean(),
            }  # fmt: skip
            for name in COVARIANCES:
                significant = part[f"p_{name}"].to_numpy() < LEVEL
                row[f"share_significant_{name}"] = significant.mean()
                row[f"share_positive_significant_{name}"] = (significant & positive).mean()
            low, p05, median, p95, high = np.quantile(values, [0, 0.05, 0.5, 0.95, 1])
            row |= {"lowest": low, "p05": p05, "median": median, "p95": p95, "highest": high}
            row |= {"baseline": base[column], "baseline_share_below": share_below(values, base[column])}
            row |= {"printed": told, "printed_share_below": share_below(values, told)}
            rows.append(row)
    return pd.DataFrame(rows)


def share_below(values: Floats, value: float) -> float:
    """The share of values below a value, ties half; NaN if the value is."""
    if np.isnan(value):
        return np.nan
    return float(((values < value).sum() + 0.5 * (values == value).sum()) / len(values))


# ------------------------------------------------------------------------------------------ variance shares


def coefficient_shares(
    coefficients: pd.DataFrame, specs: pd.DataFrame, choices: Sequence[str]
) -> pd.DataFrame:
    """First-order and total share of each choice in the variance of the coefficient, exact, on every design whose full
    factorial is valid: choices that vary in it, set of controls, outcome.
    """
    rows = []
    wrong = specs.groupby("design_code")["is_wrong"].any()
    for design, members in specs.groupby("design_code", sort=True):
        varying = [choice for choice in choices if members[choice].nunique() > 1]
        whole = int(np.prod([members[choice].nunique() for choice in varying]))
        is_factorial = len(members) == whole and not members.duplicated(varying).any() if varying else False
        if not is_factorial or wrong[design] or not members["is_valid"].all():
            continue
        joined = members[["spec_code", *varying]].merge(coefficients, on="spec_code")
        factors = [*varying, *(c for c in ("controls", "outcome") if joined[c].nunique() > 1)]
        for unit, column in UNITS.items():
            if joined[column].isna().any():
                continue
            shares = factorial_shares(joined, factors, column)
            shares.insert(0, "quantity", f"coefficient_per_{unit}")
            shares.insert(0, "design_code", design)
            rows.append(shares)
    columns = ["design_code", "quantity", "choice", "levels", "fits", "first_order", "total"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def factorial_shares(frame: pd.DataFrame, factors: Sequence[str], column: str) -> pd.DataFrame:
    """Sobol's indices of a full factorial, every cell once and equally likely: with V the variance of all cells, first
    order V(E[y | f]) / V and total 1 - V(E[y | all but f]) / V (Sobol 2001; Homma and Saltelli 1996).
    """
    codes = [pd.factorize(frame[factor], sort=True) for factor in factors]
    shape = tuple(len(levels) for _, levels in codes)
    cells = np.full(shape, np.nan)
    cells[tuple(code for code, _ in codes)] = frame[column].to_numpy()
    variance = cells.var()
    rows = []
    for axis, factor in enumerate(factors):
        others = tuple(i for i in range(len(factors)) if i != axis)
        first, rest = cells.mean(axis=others).var(), cells.mean(axis=axis).var()
        rows.append(
            {
                "choice": factor,
                "levels": shape[axis],
                "fits": cells.size,
                "first_order": first / variance if variance > 0 else np.nan,
                "total": 1 - rest / variance if variance > 0 else np.nan,
            }
        )
    return pd.DataFrame(rows)


# -------------------------------------------------------------------------------------- generated regressor


def generated_regressor(
    marts: Marts, model: Model, index: str, scores: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The coefficient in every bootstrap draw of entities, with the index built anew in it and with the index as it is.

    A drawn entity enters as often as it was drawn, each time as an entity of its own; as its rows are then the same, this
    is least squares with the copies as weights. Returns the draws and a summary: the standard error (standard deviation of
    the draws) and percentile interval of both, beside the clustered standard error. Draw 0, the sample itself, is checked
    against the column and not counted.
    """
    others = tuple(name for name in model.core if name != index)
    panel = model_panel(marts.panel, model)
    sample = selected(panel, marts.groups, model.sample)
    columns = [index, *others, *model.controls]
    arguments: dict[str, Any] = {"outcome": model.outcome, "effects": model.effects, "sample": sample}
    frame, _, absorber = complete_rows(panel, columns=columns, **arguments)
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
    rest = frame[[model.outcome, *others, *model.controls]].to_numpy(dtype=float)
    fixed = frame[[index]].to_numpy(dtype=float)
    anew, anew_sd = weighted_coefficients(absorber, rest[:, 0], rest[:, 1:], built, copies)
    kept, kept_sd = weighted_coefficients(absorber, rest[:, 0], rest[:, 1:], fixed, copies)
    draws = pd.DataFrame(
        {
            "draw": np.arange(drawn),
            "entities_drawn": (copies[np.unique(absorber.entity, return_index=True)[1]] > 0).sum(axis=0),
            "estimate_index_anew": anew,
            "estimate_index_fixed": kept,
            "per_sd_index_anew": anew * anew_sd,
            "per_sd_index_fixed": kept * kept_sd,
        }
    )
    whole = fit(panel, regressors=columns, **arguments)
    clustered = infer(whole, "cluster").row(index)
    return draws, _bootstrap_summary(draws, clustered, float(fixed.std(ddof=1)))


def _bootstrap_summary(draws: pd.DataFrame, clustered: dict[str, float], spread: float) -> pd.DataFrame:
    rows = []
    for unit, prefix, scale in (("score", "estimate", 1.0), ("std_dev", "per_sd", spread)):
        estimate = clustered["estimate"] * scale
        rows.append(
            {
                "method": "clustered", "unit": unit, "draws": 0, "estimate": estimate,
                "std_error": clustered["std_error"] * scale,
                "conf_low": clustered["conf_low"] * scale, "conf_high": clustered["conf_high"] * scale,
            }
        )  # fmt: skip
        for method in ("index_fixed", "index_anew"):
            values = draws.loc[draws["draw"] > 0, f"{prefix}_{method}"].dropna().to_numpy()
            low, high = np.quantile(values, [0.025, 0.975]) if len(values) > 1 else (np.nan, np.nan)
            rows.append(
                {
                    "method": method, "unit": unit, "draws": len(values), "estimate": estimate,
                    "std_error": values.std(ddof=1) if len(values) > 1 else np.nan,
                    "conf_low": low, "conf_high": high,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def weighted_coefficients(
    absorber: Absorber, outcome: Floats, others: Floats, cores: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Least squares with weights (n, d) that are constant within an entity: the coefficient of the core, and its weighted
    standard deviation, per draw.

    ``cores`` has a column per draw, or one for all. Entity effects leave by subtracting entity means, which such weights do
    not touch; what the years add (or the constant) and the other regressors (n, k) are partialled out of the weighted cross
    products of each draw. A draw that leaves the core no variation of its own has none (NaN).
    """
    y, x = net_of_effects(absorber, outcome[:, None]), net_of_effects(absorber, cores)
    z = np.column_stack([absorber.basis, net_of_effects(absorber, others)])
    z = z / np.sqrt((z * z).sum(axis=0))
    # einsum, not BLAS: sums over so many columns would depend on the number of threads
    zz = np.einsum("nd,na,nb->dab", weights, z, z)
    zx = np.einsum("nd,na->da", weights * x, z)
    zy = np.einsum("nd,na->da", weights * y, z)
    # the null space of a draw's design (a year nobody drawn has) takes no part
    inverse = np.linalg.pinv(zz, rcond=1e-10, hermitian=True)
    solved = np.einsum("dij,dj->di", inverse, zx)
    xx = (weights * x * x).sum(axis=0)
    own = xx - (solved * zx).sum(axis=1)
    xy = (weights * x * y).sum(axis=0) - (solved * zy).sum(axis=1)
    varies = own > 1e-10 * xx
    count = weights.sum(axis=0)
    mean = (weights * cores).sum(axis=0) / count
    spread = np.sqrt((weights * (cores - mean) ** 2).sum(axis=0) / (count - 1))
    return np.where(varies, xy / np.where(varies, own, 1.0), np.nan), spread
