"""How far the audit can be trusted: false alarms and power, measured on simulated tables.

    python bench/audit_trust.py                  2,000 tables for false alarms, 300 for each kind of error
    python bench/audit_trust.py --tables 60 --errors 20

A table is estimated on a simulated balanced panel by least squares with entity and year dummies (six nested columns), by
two-stage least squares (two columns) and for three groups, printed with 3 or 4 decimals, and audited by the same dbt models
as a paper. Standard errors (classical, robust, clustered), the constant (absorbed effects, base year, base cell),
the distribution behind the stars, the sample of the lag and the degrees of freedom of the weak-instrument statistics
vary from table to table, each a convention in use: none of these tables holds an error, so every "inconsistent as
printed" is a false alarm. Then one error is put into each.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python"))

from nqp.audit.findings import QUERIES  # noqa: E402
from nqp.audit.stars import star_findings  # noqa: E402
from nqp.audit.verdicts import INCONSISTENT  # noqa: E402
from nqp.study.database import read_frames  # noqa: E402
from nqp.study.scratch import build_scratch  # noqa: E402

SEED = 20221231
CONTROLS = 5
Floats = NDArray[np.float64]


@dataclass
class Printed:
    """One simulated paper: cells as text, by what addresses them."""

    estimates: dict[tuple[str, str, str, str], list[str]] = field(
        default_factory=dict
    )  # estimate, se, stars, t, p, interval
    statistics: dict[tuple[str, str, str], str] = field(default_factory=dict)
    descriptives: dict[str, list[str]] = field(
        default_factory=dict
    )  # obs, mean, sd, min, max, low, high, kind, whole
    decimals: int = 3
    facts: dict[str, float] = field(default_factory=dict)  # numbers that an error is made from


def simulate(rng: np.random.Generator) -> Printed:
    """A paper without errors."""
    entities, years = int(rng.integers(8, 41)), int(rng.integers(6, 16))
    paper = Printed(decimals=int(rng.choice([3, 4])))
    d = paper.decimals
    n = entities * years
    entity, year = np.repeat(np.arange(entities), years), np.tile(np.arange(years), entities)

    def series(persistence: float) -> Floats:
        values = np.empty((entities, years + 1))
        values[:, 0] = rng.normal(size=entities)
        for t in range(1, years + 1):
            values[:, t] = persistence * values[:, t - 1] + rng.normal(size=entities)
        return values + rng.normal(size=(entities, 1)) + 0.3 * rng.normal(size=(1, years + 1))

    scales = rng.choice([0.2, 1.0, 3.0], size=CONTROLS + 1)
    x_full = scales[0] * (series(0.6) + rng.normal(0, 2))
    c = np.column_stack([
        scales[j + 1] * (series(0.3)[:, 1:].ravel() + rng.normal(0, 2)) + rng.normal(0, 0.3) * x_full[:, 1:].ravel()
        for j in range(CONTROLS)
    ])  # fmt: skip
    x, lag = x_full[:, 1:].ravel(), x_full[:, :-1].ravel()
    errors = series(float(rng.choice([0.0, 0.7])))[:, 1:].ravel()
    slopes = rng.normal(0, 0.5, size=CONTROLS)
    y = (
        8
        + rng.normal(0.4, 0.2) * x / scales[0]
        + (c / scales[1:]) @ slopes
        + rng.normal(0.3, 0.2) * year
        + errors
    )

    se_type = str(rng.choice(["classical", "robust", "clustered"]))
    constant = str(rng.choice(["absorbed", "base_year", "base_cell"]))
    dummies = (
        np.column_stack([entity[:, None] == np.arange(1, entities), year[:, None] == np.arange(1, years)])
        * 1.0
    )
    tests: list[Callable[[float], float]] = [
        lambda t: 2 * float(ndtr(-t)),
        lambda t: 2 * float(stdtr(n - CONTROLS - entities - years, -t)),
        lambda t: 2 * float(stdtr(entities - 1, -t)),
    ]
    chosen = int(rng.integers(len(tests)))
    p_of = tests[chosen]
    quantile = (
        float(ndtri(0.975)),
        float(stdtrit(n - CONTROLS - entities - years, 0.975)),
        float(stdtrit(entities - 1, 0.975)),
    )[chosen]

    absolute = bool(entities % 2)  # does the paper print |t|

    def text(value: float) -> str:
        return f"{value:.{d}f}"

    def put(table: str, model: str, equation: str, term: str, value: float, error: float) -> None:
        p = p_of(abs(value) / error) if error > 0 else 0.0
        stars = "*" * sum(p < level for level in (0.1, 0.05, 0.01))
        paper.estimates[table, model, equation, term] = [
            text(value), text(error), stars,
            text(abs(value / error) if absolute else value / error) if error > 0 else "", text(p),
            text(value - quantile * error), text(value + quantile * error),
        ]  # fmt: skip

    def fit(
        rows: NDArray[np.bool_], outcome: Floats, right: Floats
    ) -> tuple[Floats, Floats, float, float, int]:
        """Coefficients and covariance of [1, right, dummies], RSS, TSS, K."""
        keep = dummies[rows].any(axis=0)
        keep[entities - 1] &= bool((year[rows] == 0).any())  # the first year that is there has no dummy
        design = np.column_stack([np.ones(rows.sum()), right[rows], dummies[rows][:, keep]])
        inverse = np.linalg.inv(design.T @ design)
        b = inverse @ (design.T @ outcome[rows])
        e = outcome[rows] - design @ b
        size, k = design.shape
        rss = float(e @ e)
        return b, _covariance(design @ inverse, e, entity[rows], se_type, size, k, len(np.unique(entity[rows]))), rss, float(
            ((outcome[rows] - outcome[rows].mean()) ** 2).sum()
        ), k  # fmt: skip

    everyone = np.ones(n, dtype=bool)
    names = ["x", *(f"c{j + 1}" for j in range(CONTROLS))]
    matrix = np.column_stack([x, c])
    level = {"absorbed": dummies.mean(axis=0), "base_year": np.r_[np.full(entities - 1, 1 / entities), np.zeros(years - 1)],
             "base_cell": np.zeros(dummies.shape[1])}[constant]  # fmt: skip
    for column in range(CONTROLS + 1):
        model = str(column + 1)
        b, v, rss, tss, k = fit(everyone, y, matrix[:, : column + 1])
        for j in range(column + 1):
            put("t", model, "main", names[j], b[1 + j], float(np.sqrt(v[1 + j, 1 + j])))
        at = np.r_[1.0, np.zeros(column + 1), level]
        put("t", model, "main", "constant", float(at @ b), float(np.sqrt(max(at @ v @ at, 0.0))))
        paper.statistics["t", model, "n_obs"] = str(n)
        paper.statistics["t", model, "r2"] = text(1 - rss / tss)
        paper.statistics["t", model, "adj_r2"] = text(1 - rss / (n - k) / (tss / (n - 1)))
    paper.facts |= {"rss": rss, "tss": tss, "k": k, "n": n, "classical": se_type == "classical"}
    paper.facts["r2_adjusted_wrongly"] = 1 - rss / (n - k - 7) / (tss / (n - 1))
    if rng.random() < 0.5:
        paper.statistics["t", "", "se_type"] = se_type

    groups = rng.permutation(entities) % 3
    for g in range(3):
        paper.statistics["g", str(g + 1), "n_obs"] = str(int((groups == g).sum()) * years)
        paper.statistics["g", str(g + 1), "part_of"] = f"t.{CONTROLS + 1}"
    paper.statistics["m", "1", "same_as"] = f"t.{CONTROLS + 1}"
    paper.statistics["m", "1", "n_obs"] = str(n)
    for j, name in enumerate(names):
        paper.estimates["m", "1", "main", name] = list(paper.estimates["t", str(CONTROLS + 1), "main", name])
        del j

    inside = bool(rng.random() < 0.5)
    within = bool(rng.random() < 0.5)
    rows = year > 0 if inside else everyone
    size = int(rows.sum())
    for model, count in (("1", 0), ("2", CONTROLS)):
        right = matrix[:, 1 : count + 1]
        b1, v1, rss1, _, k1 = fit(rows, x, np.column_stack([lag, right]))
        _, _, rss0, _, _ = fit(rows, x, right)
        b_reduced, v_reduced, _, tss, k = fit(rows, y, np.column_stack([lag, right]))
        beta = b_reduced[1] / b1[1]
        # residuals of 2SLS: y - x beta on the rest
        _, _, rss, _, _ = fit(rows, y - beta * x, right)
        r2 = 1 - rss1 / rss0
        se = np.sqrt(rss / (size - k) / (b1[1] ** 2 * rss0 * r2 / b1[1] ** 2))
        se *= {"classical": 1.0, "robust": 1.1, "clustered": 1.3}[se_type]
        put("iv", model, "first_stage", "lag", b1[1], float(np.sqrt(v1[1, 1])))
        put("iv", model, "main", "x", beta, float(se))
        put("iv", model, "reduced_form", "lag", b_reduced[1], float(np.sqrt(v_reduced[1, 1])))
        counted = size - entities if within else size
        paper.statistics["iv", model, "anderson_lm"] = text(counted * r2)
        paper.statistics["iv", model, "cragg_donald_f"] = text(r2 / (1 - r2) * (size - k1))
        paper.statistics["iv", model, "stock_yogo_10"] = "16.38"
        paper.statistics["iv", model, "n_obs"] = str(size)
        paper.statistics["iv", model, "n_controls"] = str(count)
        paper.statistics["iv", model, "adj_r2"] = text(1 - rss / (size - k) / (tss / (size - 1)))
        paper.facts |= {
            f"r2_{model}": r2,
            "size": size,
            f"f_demeaned_{model}": r2 / (1 - r2) * (size - count - 2),
        }
    if inside:
        paper.statistics["iv", "", "n_lags"] = "1"
    for claim, value in (
        ("n_entities", entities),
        ("n_years", years),
        ("effects", "entity year"),
        ("outcome", "y"),
        ("conf_level", 95),
    ):
        paper.statistics["", "", claim] = str(value)
    for name, values in (("y", y), *zip(names, matrix.T, strict=True)):
        low = float(np.floor(values.min()))
        paper.descriptives[name] = [str(n), text(values.mean()), text(values.std(ddof=1)), text(values.min()),
                                    text(values.max()), str(low), str(float(np.ceil(values.max())))]  # fmt: skip
    mediate(paper, put, lambda outcome, right: fit(everyone, outcome, right)[:2], y, np.column_stack([x, c]))
    describe_counts(paper, rng, n)
    return paper


def mediate(
    paper: Printed,
    put: Callable[[str, str, str, str, float, float], None],
    least_squares: Callable[[Floats, Floats], tuple[Floats, Floats]],
    y: Floats,
    right: Floats,
) -> None:
    """Three columns of table d: y on x and c1, on these and c2, and c2 on x and c1."""
    for model, (outcome, count) in {"1": ("y", 2), "2": ("y", 3), "3": ("c2", 2)}.items():
        b, v = least_squares(y if outcome == "y" else right[:, 2], right[:, :count])
        for j, name in enumerate(["x", "c1", "c2"][:count]):
            put("d", model, "main", name, float(b[1 + j]), float(np.sqrt(v[1 + j, 1 + j])))
        paper.statistics["d", model, "outcome"] = outcome
        paper.statistics["d", model, "n_obs"] = str(len(y))


def describe_counts(paper: Printed, rng: np.random.Generator, n: int) -> None:
    """A dummy, a count, and shares of a whole, printed with 2 or 3 decimals and a tie rounded either way."""
    rounding = str(rng.choice([ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN]))
    unit = Decimal(1).scaleb(-int(rng.choice([2, 3])))

    def text(value: float | Fraction) -> str:
        exact = Fraction(value)
        return str((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(unit, rounding))

    for name, values in (
        ("dummy", rng.random(n) < rng.uniform(0.05, 0.95)),
        ("count", rng.poisson(rng.uniform(0.5, 8), n)),
    ):
        whole = values.astype(int)
        ddof = int(rng.integers(2))
        paper.descriptives[name] = [
            str(n), text(Fraction(int(whole.sum()), n)), text(float(whole.std(ddof=ddof))), str(whole.min()), str(whole.max()),
            "0", "1" if name == "dummy" else "", "dummy" if name == "dummy" else "count", "",
        ]  # fmt: skip
    parts = [Fraction(int(size), n) for size in np.bincount(rng.integers(4, size=n), minlength=4)]
    for number, part in enumerate(parts):
        paper.descriptives[f"s{number}"] = ["", text(part), "", "", "", "", "", "", "1 whole"]
        paper.statistics["q", str(number), "share"] = text(100 * part)
    paper.statistics["q", "", "share_of"] = "100 whole"


def _covariance(
    influence: Floats, e: Floats, entity: NDArray[np.int_], kind: str, n: int, k: int, groups: int
) -> Floats:
    """Covariance of all coefficients: classical, HC1, or clustered by entity as areg has it."""
    if kind == "classical":
        return influence.T @ influence * float(e @ e) / (n - k)
    scores = influence * e[:, None]
    if kind == "robust":
        return scores.T @ scores * n / (n - k)
    _, codes = np.unique(entity, return_inverse=True)
    sums = np.zeros((groups, scores.shape[1]))
    np.add.at(sums, codes, scores)
    return sums.T @ sums * groups / (groups - 1) * (n - 1) / (n - k)


# ------------------------------------------------------------------------------------------- errors put in


def _digit(text: str, rng: np.random.Generator, last: bool = False) -> str:
    """The number with one digit changed: any, or one of the last two."""
    places = [i for i, sign in enumerate(text) if sign.isdigit()]
    i = int(rng.choice(places[-2:] if last else places))
    other = str(rng.choice([digit for digit in "0123456789" if digit != text[i]]))
    return text[:i] + other + text[i + 1 :]


def _change(
    book: str, address: tuple[str, ...], position: int = 0
) -> Callable[[Printed, np.random.Generator], None]:
    def change(paper: Printed, rng: np.random.Generator) -> None:
        if book == "estimates":
            cell = paper.estimates[address]  # type: ignore[index]
            cell[position] = _digit(cell[position], rng)
        elif book == "statistics":
            paper.statistics[address] = _digit(paper.statistics[address], rng)  # type: ignore[index]
        else:
            row = paper.descriptives[address[0]]
            row[position] = _digit(row[position], rng)

    return change


def _other_stars(paper: Printed, rng: np.random.Generator) -> None:
    cell = paper.estimates["t", "6", "main", str(rng.choice(["x", "c1", "c2", "c3"]))]
    cell[2] = "*" * int(rng.choice([s for s in range(4) if s != len(cell[2])]))


def _swap(paper: Printed, rng: np.random.Generator) -> None:
    a, b = rng.choice(["x", "c1", "c2", "c3", "c4", "c5"], size=2, replace=False)
    rows = paper.descriptives
    for i in range(1, 5):
        rows[a][i], rows[b][i] = rows[b][i], rows[a][i]


def _misreport(paper: Printed, rng: np.random.Generator) -> None:
    more = int(rng.integers(1, 20))
    for model in "12":
        paper.statistics["iv", model, "n_obs"] = str(int(paper.statistics["iv", model, "n_obs"]) + more)


def _misreport_baseline(paper: Printed, rng: np.random.Generator) -> None:
    n = int(paper.statistics["t", "6", "n_obs"]) + int(rng.integers(1, 20))
    for model in range(1, CONTROLS + 2):
        paper.statistics["t", str(model), "n_obs"] = str(n)


def _demeaned(paper: Printed, rng: np.random.Generator) -> None:
    for model in "12":
        r2 = paper.facts[f"r2_{model}"]
        paper.statistics["iv", model, "anderson_lm"] = f"{paper.facts['size'] * r2:.{paper.decimals}f}"
        paper.statistics["iv", model, "cragg_donald_f"] = (
            f"{paper.facts[f'f_demeaned_{model}']:.{paper.decimals}f}"
        )


def _degrees_of_freedom(paper: Printed, rng: np.random.Generator) -> None:
    paper.statistics["t", "6", "adj_r2"] = f"{paper.facts['r2_adjusted_wrongly']:.{paper.decimals}f}"


def _said_classical(paper: Printed, rng: np.random.Generator) -> None:
    paper.statistics["t", "", "se_type"] = "classical"


def _dropped_control(paper: Printed, rng: np.random.Generator) -> None:
    paper.statistics["iv", "2", "n_controls"] = str(CONTROLS - 1)


def _minus(paper: Printed, rng: np.random.Generator) -> None:
    cell = paper.estimates["t", "1", "main", "x"]
    cell[1] = "-" + cell[1]


ERRORS: Mapping[str, tuple[str, str, Callable[[Printed, np.random.Generator], None]]] = {
    "A1 stars": ("A1", "stars of one coefficient changed", _other_stars),
    "A3 LM": ("A3", "one digit of the Anderson LM", _change("statistics", ("iv", "1", "anderson_lm"))),
    "A3 F": ("A3", "one digit of the Cragg-Donald F", _change("statistics", ("iv", "2", "cragg_donald_f"))),
    "A3 N": ("A3", "N of the instrumented columns misreported by 1 to 19", _misreport),
    "A4 controls": ("A4", "one control fewer stated than used", _dropped_control),
    "A5 N": ("A5", "N of the baseline misreported by 1 to 19", _misreport_baseline),
    "A6 df": ("A6", "F after demeaning, effects not counted", _demeaned),
    "A9 SE": ("A9", "robust or clustered SE said to be classical", _said_classical),
    "A10 group": ("A10", "one digit of the N of a group", _change("statistics", ("g", "2", "n_obs"))),
    "A11 repeat": ("A11", "one digit of a repeated coefficient", _change("estimates", ("m", "1", "main", "x"))),
    "A12 sd": ("A12", "one digit of a standard deviation", _change("descriptives", ("c1",), 2)),
    "A12 mean": ("A12", "one digit of a mean", _change("descriptives", ("c1",), 1)),
    "A13 stage": ("A13", "one digit of the reduced form", _change("estimates", ("iv", "1", "reduced_form", "lag"))),
    "A14 value": ("A14", "one digit of the critical value", _change("statistics", ("iv", "1", "stock_yogo_10"))),
    "A15 R2": ("A15", "one digit of R2", _change("statistics", ("t", "6", "r2"))),
    "A15 df": ("A15", "adjusted R2 with 7 parameters too many", _degrees_of_freedom),
    "A16 constant": ("A16", "one digit of a constant", _change("estimates", ("t", "1", "main", "constant"))),
    "A16 label": ("A16", "two rows of the descriptives swapped", _swap),
    "A18 minus": ("A18", "a minus before a standard error", _minus),
    "A19 t": ("A19", "one digit of a t", _change("estimates", ("t", "1", "main", "x"), 3)),
    "A20 p": ("A20", "one digit of a p", _change("estimates", ("t", "2", "main", "c1"), 4)),
    "A21 end": ("A21", "one digit of an end of an interval", _change("estimates", ("t", "1", "main", "x"), 5)),
    "A22 total": ("A22", "one digit of a total effect", _change("estimates", ("d", "1", "main", "x"))),
    "A22 path": ("A22", "one digit of the effect of the mediator", _change("estimates", ("d", "2", "main", "c2"))),
    "A23 dummy": ("A23", "one digit of the mean of a dummy", _change("descriptives", ("dummy",), 1)),
    "A23 count": ("A23", "one digit of the mean of a count", _change("descriptives", ("count",), 1)),
    "A24 sd": ("A24", "one digit of the standard deviation of a dummy", _change("descriptives", ("dummy",), 2)),
    "A24 mean": ("A24", "one digit of the mean of a dummy", _change("descriptives", ("dummy",), 1)),
    "A25 described": ("A25", "one digit of a described share", _change("descriptives", ("s2",), 1)),
    "A25 percent": ("A25", "one digit of a percentage", _change("statistics", ("q", "1", "share"))),
}  # fmt: skip


# ------------------------------------------------------------------------------------------------ measuring


def write_papers(papers: Mapping[str, Printed], folder: Path) -> None:
    """All papers as one study: every code gets the paper's own prefix."""
    folder.mkdir(parents=True, exist_ok=True)

    def table(name: str, header: str, rows: list[list[str]]) -> None:
        with (folder / name).open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header.split(","))
            writer.writerows(rows)

    estimates, statistics, descriptives = [], [], []
    for code, paper in papers.items():
        tables = sorted({key[0] for key in paper.statistics if key[0]})
        for (name, model, equation, term), cell in paper.estimates.items():
            own = term if term == "constant" else f"{code}_{term}"
            estimates.append([f"{code}_{name}", model, equation, own, *cell, *[""] * (7 - len(cell))])
        for (name, model, statistic), value in paper.statistics.items():
            shown = value
            if statistic in ("same_as", "part_of", "outcome"):
                shown = f"{code}_{value}"
            for each in [name] if name else tables:
                statistics.append([f"{code}_{each}", model, statistic, shown])
        for name, row in paper.descriptives.items():
            whole = [one.replace(" ", f" {code}_") for one in row[8:]] or [""]
            descriptives.append([f"{code}_{name}", *row[:8], *[""] * (8 - len(row)), *whole])
    table(
        "pub_coefficients.csv",
        "table_code,model_code,equation,term,estimate,std_error,stars,t_value,p_value,conf_low,conf_high",
        estimates,
    )
    table("pub_statistics.csv", "table_code,model_code,statistic,printed_value", statistics)
    table(
        "pub_descriptives.csv",
        "variable_code,obs,mean,std_dev,min,max,lowest_possible,highest_possible,kind,share_of",
        descriptives,
    )


def inconsistencies(folder: Path) -> list[tuple[str, str, str]]:
    """Audit a folder of papers: (paper, rule, what was found) of every finding that is inconsistent; with totals."""
    return [
        (paper, rule, told) for paper, rule, verdict, told in audit_folder(folder) if verdict == INCONSISTENT
    ]


def audit_folder(folder: Path) -> list[tuple[str, str, str, str]]:
    """Audit a folder of papers: (paper, rule, verdict, explanation) of every finding."""
    with tempfile.TemporaryDirectory() as scratch:
        database = build_scratch(ROOT, folder, Path(scratch), ["+audit_findings"])
        frames = read_frames(database, {name: QUERIES[name] for name in ("findings", "cells", "columns")})
    found = frames["findings"]
    described = found["model_code"].fillna(
        found["cells"].str.split().str[-1]
    )  # shares name their whole alone
    where = found["table_code"].where(found["table_code"] != "descriptives", described)
    told = found["cells"] + ": " + found["explanation_en"]
    rows = list(zip(where, found["rule"], found["verdict"], told, strict=True))
    rows += [
        (f.table_code, f.rule, f.verdict, f"{f.cells}: {f.explanation_en}")
        for f in star_findings(frames["cells"], frames["columns"])
    ]
    return [(str(place).split("_")[0], rule, verdict, text) for place, rule, verdict, text in rows]


@dataclass(frozen=True)
class Trust:
    """What was measured."""

    tables: int
    checks: Counter[str]
    alarms: list[tuple[str, str, str]]
    power: dict[str, tuple[int, int, int]]  # papers with the error, found by the rule it is for, found by any


def measure(tables: int, errors: int, seed: int = SEED) -> Trust:
    """Audit ``tables`` papers without an error and, for each kind, ``errors`` papers with one."""
    rng = np.random.default_rng(seed)
    clean = {f"p{i}": simulate(rng) for i in range(tables)}
    spoilt: dict[str, Printed] = {}
    kinds: dict[str, str] = {}
    for number, (kind, (_, _, spoil)) in enumerate(ERRORS.items()):
        wanted = [p for p in clean.values() if kind != "A9 SE" or not p.facts["classical"]][:errors]
        for i, paper in enumerate(wanted):
            code = f"e{number}x{i}"
            spoilt[code] = deepcopy(paper)
            spoil(spoilt[code], rng)
            kinds[code] = kind
    with tempfile.TemporaryDirectory() as folder:
        write_papers({**clean, **spoilt}, Path(folder) / "simulated")
        rows = audit_folder(Path(folder) / "simulated")
    checks = Counter(rule for paper, rule, _, _ in rows if paper in clean)
    alarms = [
        (paper, rule, text)
        for paper, rule, verdict, text in rows
        if verdict == INCONSISTENT and paper in clean
    ]
    found: dict[str, set[str]] = {}
    for paper, rule, verdict, _ in rows:
        if verdict == INCONSISTENT:
            found.setdefault(paper, set()).add(rule)
    power = {}
    for kind, (rule, _, _) in ERRORS.items():
        codes = [code for code, own in kinds.items() if own == kind]
        power[kind] = (
            len(codes),
            sum(rule in found.get(code, ()) for code in codes),
            sum(code in found for code in codes),
        )
    return Trust(tables, checks, alarms, power)


def main() -> int:
    """Run the measurement and print it as Markdown tables."""
    parser = argparse.ArgumentParser(description="False alarms and power of the audit on simulated tables.")
    parser.add_argument("--tables", type=int, default=2000, help="papers without an error (default: 2000)")
    parser.add_argument(
        "--errors", type=int, default=300, help="papers for each kind of error (default: 300)"
    )
    parser.add_argument("--seed", type=int, default=SEED, help=f"seed (default: {SEED})")
    options = parser.parse_args()
    trust = measure(options.tables, options.errors, options.seed)
    print(
        f"{trust.tables} papers without an error, {sum(trust.checks.values())} checks, {len(trust.alarms)} false alarms\n"
    )
    print("| rule | checks | false alarms |\n|---|---:|---:|")
    alarms = Counter(rule for _, rule, _ in trust.alarms)
    for rule in sorted(trust.checks, key=lambda code: int(code[1:])):
        print(f"| {rule} | {trust.checks[rule]} | {alarms[rule]} |")
    print("\n| error put in | papers | found by its rule | found by any rule |\n|---|---:|---:|---:|")
    for kind, (rule, what, _) in ERRORS.items():
        count, own, any_ = trust.power[kind]
        print(
            f"| {what} ({rule}) | {count} | {100 * own / max(count, 1):.0f}% | {100 * any_ / max(count, 1):.0f}% |"
        )
    for _, rule, text in trust.alarms[:20]:
        print(f"{rule}: {text}", file=sys.stderr)
    return 1 if trust.alarms else 0


if __name__ == "__main__":
    sys.exit(main())
