"""Rule A1: stars and p-values against coefficients and standard errors, which needs distribution functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from scipy.special import chdtrc, ndtr, stdtr

from nqp.audit.verdicts import CONSISTENT, INCONSISTENT, NOT_DECIDABLE, Finding, said

DEFAULT_LEVELS = (0.10, 0.05, 0.01)
FEWEST_DF = 2.0  # below any degrees of freedom that a clustered t test is used with


def star_findings(cells: pd.DataFrame, columns: pd.DataFrame) -> list[Finding]:
    """A1 for every coefficient with a standard error, and for the test statistics that have stars or a p-value.

    ``cells`` are the rows of ``audit.audit_cells`` that are numbers, ``columns`` those of ``audit.audit_columns``. A
    table without any star is not judged: it may use none.
    """
    claims = {(row["table_code"], row["model_code"]): row for row in columns.to_dict("records")}
    records = [
        {**row, "stars": row["stars"] if isinstance(row["stars"], str) else ""}
        for row in cells.to_dict("records")
    ]
    starred = {row["table_code"] for row in records if row["stars"]}
    coefficients: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}
    statistics: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for row in records:
        column = (row["table_code"], row["model_code"])
        if isinstance(row["term"], str):
            key: tuple[str, ...] = (*column, row["equation"], row["term"])
            coefficients.setdefault(key, {})[row["quantity"]] = row
        else:
            statistics.setdefault(column, {})[row["quantity"]] = row
    findings = []
    for address, pair in coefficients.items():
        if len(pair) == 2 and address[0] in starred:
            findings.append(_coefficient_stars(address, pair, claims[address[0], address[1]]))
    for column, named in statistics.items():
        findings += _test_statistics(column, named, coefficients, claims[column], column[0] in starred)
    return findings


def _coefficient_stars(
    key: tuple[str, ...], pair: Mapping[str, Mapping[str, Any]], claim: Mapping[str, Any]
) -> Finding:
    table, model, equation, term = key
    estimate, error = pair["estimate"], pair["std_error"]
    t_low = max(estimate["low"], -estimate["high"], 0.0) / error["high"] if error["high"] > 0 else math.inf
    t_high = max(abs(estimate["low"]), abs(estimate["high"])) / error["low"] if error["low"] > 0 else math.inf
    levels = _levels(claim["star_levels"])
    printed = len(estimate["stars"])
    ranges = {
        name: (_star_count(p_of(t_low), levels), _star_count(p_of(t_high), levels))
        for name, p_of in _distributions(claim).items()
    }
    fitting = [name for name, (fewest, most) in ranges.items() if fewest <= printed <= most]
    fewest_of_all = _star_count(_two_sided(FEWEST_DF)(t_low), levels)
    most_of_all = max(most for _, most in ranges.values())
    if fitting:
        verdict = CONSISTENT
    elif printed > most_of_all or printed < fewest_of_all:
        verdict = INCONSISTENT
    else:
        verdict = NOT_DECIDABLE
    low, high = min(fewest for fewest, _ in ranges.values()), most_of_all
    return said(
        "A1.coefficient", f"A1.{verdict}", (table, model),
        (float(printed), float(printed), float(low), float(high)), verdict,
        {
            "place": "" if equation == "main" else f"{equation}, ",
            "term": term,
            "estimate": estimate["printed"],
            "stars": estimate["stars"],
            "std_error": error["printed"],
            "t_low": t_low,
            "t_high": t_high,
            "by_distribution": "; ".join(
                f"{name}: {fewest}" if fewest == most else f"{name}: {fewest}-{most}"
                for name, (fewest, most) in ranges.items()
            ),
        },
    )  # fmt: skip


def _test_statistics(
    column: tuple[str, str],
    named: Mapping[str, Mapping[str, Any]],
    coefficients: Mapping[tuple[str, ...], object],
    claim: Mapping[str, Any],
    table_has_stars: bool,
) -> list[Finding]:
    """The Anderson LM against its stars and its p-value, chi2 with instruments - endogenous + 1 degrees of freedom."""
    test = named.get("anderson_lm")
    if test is None:
        return []
    stages = {
        stage: {k[3] for k in coefficients if k[:2] == column and k[2] == stage}
        for stage in ("first_stage", "main")
    }
    excluded = len(stages["first_stage"] - stages["main"] - {"constant"})
    instruments = claim["n_instruments"] if claim["n_instruments"] == claim["n_instruments"] else excluded
    df = (instruments or 0) - claim["n_endogenous"] + 1
    if df < 1:
        return []
    p_low, p_high = float(chdtrc(df, test["high"])), float(chdtrc(df, max(test["low"], 0.0)))
    findings = []
    if printed := named.get("anderson_lm_p"):
        fits = printed["low"] <= p_high and p_low <= printed["high"]
        verdict = CONSISTENT if fits else INCONSISTENT
        findings.append(
            said(
                "A1.test_p", f"A1.p.{verdict}", column, (printed["low"], printed["high"], p_low, p_high), verdict,
                {
                    "test": "anderson_lm", "printed": test["printed"], "printed_p": printed["printed"], "df": df,
                    "p_low": f"{p_low:.2g}", "p_high": f"{p_high:.2g}",
                },
            )
        )  # fmt: skip
    if table_has_stars and test["stars"]:
        levels = _levels(claim["star_levels"])
        count = float(len(test["stars"]))
        fewest, most = float(_star_count(p_high, levels)), float(_star_count(p_low, levels))
        verdict = CONSISTENT if fewest <= count <= most else INCONSISTENT
        findings.append(
            said(
                "A1.test_stars", "", column, (count, count, fewest, most), verdict,
                {"test": "anderson_lm", "printed": test["printed"], "stars": test["stars"], "df": df},
            )
        )  # fmt: skip
    return findings


def _distributions(claim: Mapping[str, Any]) -> dict[str, Callable[[float], float]]:
    """The two-sided p-value of |t| under each distribution that a printed table may use."""

    def known(name: str) -> float | None:
        value = claim[name]
        return None if value is None or value != value else float(value)

    found: dict[str, Callable[[float], float]] = {"N(0,1)": lambda t: 2 * float(ndtr(-t))}
    n, entities, years = known("n_obs"), known("n_entities"), known("n_years")
    clusters = known("n_clusters") or entities
    if n is not None:
        counted = [claim["slopes"] + 1]
        if entities is not None and years is not None:
            counted.append(claim["slopes"] + entities + years - 1)
        for k in counted:
            if n > k:
                found[f"t({n - k:.0f})"] = _two_sided(n - k)
    for groups in (clusters, years):
        if groups is not None and groups > 1:
            found[f"t({groups - 1:.0f})"] = _two_sided(groups - 1)
    return found


def _two_sided(df: float) -> Callable[[float], float]:
    def p_of(t: float) -> float:
        return 0.0 if math.isinf(t) else 2 * float(stdtr(df, -t))

    return p_of


def _star_count(p: float, levels: Sequence[float]) -> int:
    return sum(p < level for level in levels)


def _levels(text: object) -> tuple[float, ...]:
    """The levels of one, two and three stars as the table states them: 0.10 0.05 0.01 unless it does."""
    return tuple(float(level) for level in text.split()) if isinstance(text, str) else DEFAULT_LEVELS
