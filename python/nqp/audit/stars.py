"""Rules A1 and A20: stars and p-values against t values, which needs distribution functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from scipy.special import chdtrc, ndtr, stdtr

from nqp.audit.verdicts import CONSISTENT, INCONSISTENT, NOT_DECIDABLE, Finding, said
from nqp.errors import StudyError

DEFAULT_LEVELS = (("*", 0.10), ("**", 0.05), ("***", 0.01))
LEVELS_WITH_A_PLUS = (("+", 0.10), ("*", 0.05), ("**", 0.01), ("***", 0.001))
Levels = tuple[tuple[str, float], ...]  # the marks of a table and what they stand for, from the widest level
FEWEST_DF = 2.0  # below any degrees of freedom that a clustered t test is used with


def star_findings(cells: pd.DataFrame, columns: pd.DataFrame) -> list[Finding]:
    """A1 for every coefficient with a standard error or a t and for the test statistics; A20 for every printed p.

    ``cells`` are the rows of ``audit.audit_cells`` that have an interval, ``columns`` those of ``audit.audit_columns``.
    A table without any star is not judged by A1: it may use none.
    """
    claims = {(row["table_code"], row["model_code"]): row for row in columns.to_dict("records")}
    records = [
        {**row, "stars": row["stars"] if isinstance(row["stars"], str) else ""}
        for row in cells.to_dict("records")
    ]
    marks: dict[str, set[str]] = {}
    for row in records:
        if row["stars"]:
            marks.setdefault(row["table_code"], set()).add(row["stars"])
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
    for address, quantities in coefficients.items():
        t = _t_interval(quantities)
        if t is None:
            continue
        claim = claims[address[0], address[1]]
        if "estimate" in quantities and address[0] in marks:
            findings.append(_coefficient_stars(address, quantities, t, claim, marks[address[0]]))
        if "p_value" in quantities:
            findings.append(_printed_p(address, quantities, t, claim))
    for column, named in statistics.items():
        findings += _test_statistics(column, named, coefficients, claims[column], marks.get(column[0], set()))
    return findings


def _t_interval(quantities: Mapping[str, Mapping[str, Any]]) -> tuple[float, float] | None:
    """The least and the greatest |t| that the digits allow: coefficient over standard error, else the printed t."""
    estimate, error = quantities.get("estimate"), quantities.get("std_error")
    if estimate is not None and error is not None:
        low, high = _sizes(estimate)
        return (
            low / error["high"] if error["high"] > 0 else math.inf,
            high / error["low"] if error["low"] > 0 else math.inf,
        )
    return _sizes(quantities["t_value"]) if "t_value" in quantities else None


def _sizes(cell: Mapping[str, Any]) -> tuple[float, float]:
    return max(cell["low"], -cell["high"], 0.0), max(abs(cell["low"]), abs(cell["high"]))


def _beside(quantities: Mapping[str, Mapping[str, Any]]) -> str:
    """What stands beside the coefficient."""
    if "std_error" in quantities:
        return str(quantities["std_error"]["printed"])
    return f"t = {quantities['t_value']['printed']}"


def _coefficient_stars(
    key: tuple[str, ...],
    quantities: Mapping[str, Mapping[str, Any]],
    t: tuple[float, float],
    claim: Mapping[str, Any],
    marks: set[str],
) -> Finding:
    table, model, equation, term = key
    estimate = quantities["estimate"]
    levels, is_stated = _levels(claim["star_levels"], marks)
    printed = _rank(estimate["stars"], levels)
    ranges = {
        name: (_star_count(p_of(t[0]), levels), _star_count(p_of(t[1]), levels))
        for name, p_of in _distributions(claim).items()
    }
    fewest_of_all = _star_count(_two_sided(FEWEST_DF)(t[0]), levels)
    most_of_all = max(most for _, most in ranges.values())
    if printed is None:
        verdict, conclusion = NOT_DECIDABLE, "mark unknown"
    elif any(fewest <= printed <= most for fewest, most in ranges.values()):
        verdict = conclusion = CONSISTENT
    elif fewest_of_all <= printed <= most_of_all:
        verdict = conclusion = NOT_DECIDABLE
    elif is_stated:
        verdict = conclusion = INCONSISTENT
    else:
        verdict, conclusion = NOT_DECIDABLE, "levels not stated"
    count = math.nan if printed is None else float(printed)
    low, high = min(fewest for fewest, _ in ranges.values()), most_of_all
    return said(
        "A1.coefficient", f"A1.{conclusion}", (table, model), (count, count, float(low), float(high)), verdict,
        {
            "place": "" if equation == "main" else f"{equation}, ",
            "term": term,
            "estimate": estimate["printed"],
            "stars": "" if estimate["printed"].endswith(estimate["stars"]) else estimate["stars"],
            "error": _beside(quantities),
            "t_low": t[0],
            "t_high": t[1],
            "by_distribution": "; ".join(
                f"{name}: {fewest}" if fewest == most else f"{name}: {fewest}-{most}"
                for name, (fewest, most) in ranges.items()
            ),
        },
    )  # fmt: skip


def _printed_p(
    key: tuple[str, ...],
    quantities: Mapping[str, Mapping[str, Any]],
    t: tuple[float, float],
    claim: Mapping[str, Any],
) -> Finding:
    """A20; the normal distribution gives the smallest p of all, t(2) the largest."""
    table, model, equation, term = key
    p = quantities["p_value"]
    ranges = [(p_of(t[1]), p_of(t[0])) for p_of in _distributions(claim).values()]
    least, most = min(low for low, _ in ranges), max(high for _, high in ranges)
    if any(p["low"] <= high and low <= p["high"] for low, high in ranges):
        verdict = CONSISTENT
    elif least / 2 <= p["high"] and p["low"] <= _two_sided(FEWEST_DF)(t[0]):
        verdict = NOT_DECIDABLE
    else:
        verdict = INCONSISTENT
    return said(
        "A20", f"A20.{verdict}", (table, model), (p["low"], p["high"], least, most), verdict,
        {
            "place": "" if equation == "main" else f"{equation}, ",
            "term": term,
            "estimate": quantities["estimate"]["printed"] if "estimate" in quantities else "-",
            "error": _beside(quantities),
            "p": p["printed"],
            "t_low": t[0],
            "t_high": t[1],
        },
    )  # fmt: skip


def _test_statistics(
    column: tuple[str, str],
    named: Mapping[str, Mapping[str, Any]],
    coefficients: Mapping[tuple[str, ...], object],
    claim: Mapping[str, Any],
    marks: set[str],
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
    levels, is_stated = _levels(claim["star_levels"], marks)
    rank = _rank(test["stars"], levels)
    if test["stars"] and rank is not None and is_stated:
        count = float(rank)
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


def _star_count(p: float, levels: Levels) -> int:
    return sum(p < level for _, level in levels)


def _rank(mark: str, levels: Levels) -> int | None:
    """How many levels a mark claims; None for a mark that the levels do not name."""
    ranks = {"": 0, **{name: place for place, (name, _) in enumerate(levels, 1)}}
    return ranks.get(mark)


def _levels(text: object, marks: set[str]) -> tuple[Levels, bool]:
    """The marks of a table with their levels, from the widest, and whether they may be relied upon.

    A table states levels (``0.10 0.05 0.01`` for one, two and three stars) or marks with levels (``+ 0.10 * 0.05``).
    Unless it does, stars stand for 0.10, 0.05, 0.01; with a plus among its marks the levels are only the usual ones.
    """
    if not isinstance(text, str):
        return (LEVELS_WITH_A_PLUS, False) if "+" in marks else (DEFAULT_LEVELS, True)
    words = text.replace("=", " ").split()
    try:
        if words[0][0].isdigit():
            stated = [("*" * place, float(word)) for place, word in enumerate(words, 1)]
        else:
            stated = [(mark, float(level)) for mark, level in zip(words[::2], words[1::2], strict=True)]
    except ValueError as error:
        raise StudyError(
            f"pub_statistics.csv: star_levels is {text!r}. Write the levels of one, two and three stars (0.10 0.05 0.01) "
            "or every mark with its level (+ 0.10 * 0.05 ** 0.01)."
        ) from error
    return tuple(sorted(stated, key=lambda pair: -pair[1])), True
