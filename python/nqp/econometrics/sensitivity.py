"""Does one coefficient hold: without each entity in turn, and against unobservables (Oster 2019)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nqp.econometrics.covariances import DEFAULT
from nqp.econometrics.effects import pseudo_inverse
from nqp.econometrics.equation import EstimationError, check_term
from nqp.econometrics.fit import Fit
from nqp.econometrics.fit import fit as fit_model
from nqp.econometrics.inference import infer


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """One coefficient estimated without each entity in turn; ``table`` is indexed by the entity left out."""

    term: str
    full: float
    table: pd.DataFrame  # estimate, std_error, df, p_value
    lowest: float
    highest: float
    most_influential: str  # the entity whose absence moves the estimate most
    failed: Mapping[str, str] = field(
        default_factory=dict
    )  # entities without which nothing can be fitted, and why


@dataclass(frozen=True)
class OsterBound:
    """Bound of Oster (2019) on one coefficient for selection on unobservables.

    ``beta_star``: coefficient if unobservables matter ``delta`` times as much as the controls. Of the real roots
    (``roots``, nearest the controlled estimate first) it is the nearest that Oster's third assumption admits: unobservables
    move the coefficient on in the direction in which the controls moved it, sign(beta_star - controlled) = sign(controlled -
    uncontrolled), and against it where ``delta`` is negative; a root that is the only one stands. ``delta_zero``: how many times as much they
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


def leave_one_out(full: Fit, term: str | None = None, *, covariance: str = DEFAULT) -> LeaveOneOut:
    """The model without each entity in turn, by least squares or 2SLS as it was fitted; ``term`` is the first regressor by
    default. Where a model cannot be fitted, its row is NaN and ``failed`` says why.

    Raises EstimationError when none can be fitted.
    """
    term = term or full.terms[0]
    check_term(term, list(full.terms), 1)
    entities = full.frame.index.get_level_values(0)
    rows: dict[str, pd.Series] = {}
    failed: dict[str, str] = {}
    for left_out in entities.unique():
        try:
            rest = on_rows(full, entities != left_out)
            if term not in rest.terms:
                raise EstimationError(f"'{term}' is no longer identified.")
            rows[left_out] = infer(rest, covariance).table.loc[term]
        except EstimationError as problem:
            failed[str(left_out)] = str(problem)
            rows[left_out] = pd.Series(np.nan, index=["estimate", "std_error", "df", "p_value"])
    if len(failed) == len(rows):
        first = next(iter(failed))
        raise EstimationError(f"without entity {first}: {failed[first]}")
    table = pd.DataFrame.from_dict(rows, orient="index")[["estimate", "std_error", "df", "p_value"]]
    estimate = float(full.params[term])
    return LeaveOneOut(
        term=term,
        full=estimate,
        table=table.rename_axis("entity"),
        lowest=float(table["estimate"].min()),
        highest=float(table["estimate"].max()),
        most_influential=str((table["estimate"] - estimate).abs().idxmax()),
        failed=failed,
    )


def on_rows(full: Fit, rows: NDArray[np.bool_]) -> Fit:
    """The same model on some of its rows. Raises EstimationError where it cannot be fitted."""
    return fit_model(
        full.frame[rows],
        outcome=full.outcome,
        regressors=full.terms,
        effects=full.effects,
        clusters=full.clusters,
        endogenous=full.endogenous,
        instruments=full.instruments,
        estimator=full.estimator,
        moments=full.moments,
        by_projection=True,
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
    check_term(term, list(fit.terms), 1)
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
    onward = np.sign(delta) * (long - short)
    admitted = (
        [root for root in roots if (root - long) * onward > 0] if len(roots) > 1 and gap else list(roots)
    )
    return OsterBound(
        term=term,
        uncontrolled=short,
        controlled=long,
        r2_uncontrolled=r_short,
        r2_controlled=r_long,
        r2_max=top,
        delta=delta,
        beta_star=admitted[0] if admitted else float("nan"),
        roots=roots,
        delta_zero=float(observed @ powers) / denominator if denominator else float("nan"),
    )
