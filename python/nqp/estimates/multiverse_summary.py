"""The fits of a multiverse in few numbers: shares and quantiles by scope, and which choice moves the coefficient how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nqp.econometrics.equation import Floats
from nqp.econometrics.many_fits import QUICK_COVARIANCES

if TYPE_CHECKING:
    from nqp.study.marts import Marts
    from nqp.study.specification import Model, MultiverseSpec

LEVEL = 0.05
NO_CONTROLS = "none"
UNITS = {
    "score": "estimate",
    "std_dev": "estimate_per_sd",
}  # of a coefficient: per point of the score, per sd


def controls_code(names: Sequence[str]) -> str:
    """How a set of controls is called in the results: its codes with + between them, or none."""
    return "+".join(names) or NO_CONTROLS


def distinct_recipes(coefficients: pd.DataFrame, specs: pd.DataFrame) -> pd.DataFrame:
    """The rows of coefficients without recipes that stand twice: two designs may hold the same one."""
    known = specs[specs["spec_code"].isin(coefficients["spec_code"])]
    known = known.sort_values(["is_baseline", "spec_code"], ascending=[False, True], kind="stable")
    first = known.drop_duplicates("same_as")["spec_code"]
    return coefficients[coefficients["spec_code"].isin(first)].reset_index(drop=True)


def baseline_row(coefficients: pd.DataFrame, specs: pd.DataFrame, model: Model) -> pd.Series:
    """The row of coefficients that is the published column itself."""
    code = specs.loc[specs["is_baseline"], "spec_code"].iloc[0]
    found = coefficients[
        (coefficients["spec_code"] == code)
        & (coefficients["outcome"] == model.outcome)
        & (coefficients["controls"] == controls_code(model.controls))
    ]
    return found.iloc[0]


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


def summarise(
    coefficients: pd.DataFrame, specs: pd.DataFrame, model: Model, printed: float, printed_per_sd: float
) -> pd.DataFrame:
    """One row per scope and unit: how many fits, the share positive and significant, quantiles, and where the baseline
    and the printed value fall (the share of fits below, ties half).

    Scopes: ``all``; one per outcome; one per control ``with`` and ``without`` it; ``index`` (the outcome and the controls
    of the column, so that only the index varies); ``controls`` and ``outcomes`` (the baseline index, so that only these
    vary). ``variable`` is the outcome or the control that a scope is about.
    """
    base = baseline_row(coefficients, specs, model)
    same_index = coefficients["spec_code"] == base["spec_code"]
    same_outcome = coefficients["outcome"] == model.outcome
    same_controls = coefficients["controls"] == base["controls"]
    scopes: list[tuple[str, str, Any]] = [("all", "", slice(None))]
    outcomes = list(dict.fromkeys(coefficients["outcome"]))
    if len(outcomes) > 1:
        scopes += [("outcome", outcome, coefficients["outcome"] == outcome) for outcome in outcomes]
    controls_in = {
        text: set() if text == NO_CONTROLS else set(text.split("+"))
        for text in coefficients["controls"].unique()
    }
    for control in sorted(
        set().union(*controls_in.values()), key=lambda name: (name not in model.controls, name)
    ):
        inside = coefficients["controls"].map({text: control in names for text, names in controls_in.items()})
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
            printed_value = printed if unit == "score" else printed_per_sd
            positive = values > 0
            row: dict[str, Any] = {
                "scope": scope, "variable": variable, "unit": unit, "fits": len(part),
                "share_positive": positive.mean(),
            }  # fmt: skip
            for name in QUICK_COVARIANCES:
                significant = part[f"p_{name}"].to_numpy() < LEVEL
                row[f"share_significant_{name}"] = significant.mean()
                row[f"share_positive_significant_{name}"] = (significant & positive).mean()
            low, p05, median, p95, high = np.quantile(values, [0, 0.05, 0.5, 0.95, 1])
            row |= {"lowest": low, "p05": p05, "median": median, "p95": p95, "highest": high}
            row |= {"baseline": base[column], "baseline_share_below": share_below(values, base[column])}
            row |= {"printed": printed_value, "printed_share_below": share_below(values, printed_value)}
            rows.append(row)
    return pd.DataFrame(rows)


def share_below(values: Floats, value: float) -> float:
    """The share of values below a value, ties half; NaN if the value is."""
    if np.isnan(value):
        return np.nan
    return float(((values < value).sum() + 0.5 * (values == value).sum()) / len(values))


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


def bootstrap_summary(draws: pd.DataFrame, clustered: dict[str, float], spread: float) -> pd.DataFrame:
    """One row per method and unit: standard error and 95 % interval of the draws beside the clustered ones."""
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
