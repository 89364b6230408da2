"""The second pass over a panel in the database: residuals of a fit, and its scores summed for every covariance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from nqp.econometrics.equation import Floats
from nqp.econometrics.panel_rows import matrix, symmetric
from nqp.econometrics.panel_sums import Sums
from nqp.econometrics.sql_text import number


@dataclass(frozen=True, eq=False)
class Scores:
    """Residual sum of squares, and meats of [own columns, 1] times the residual: not yet of the slopes."""

    rss: float
    gradient: Floats  # (q,)
    entities: Floats  # (q + 1, q + 1)
    rows: Floats  # (q + 1, q + 1)
    by_year: Floats  # (T, q + 1)


def second_pass(
    connection: duckdb.DuckDBPyConnection,
    sums: Sums,
    params: Floats,
    terms: Sequence[str],
    own: Sequence[str],
    outcome: str,
) -> Scores:
    """Residuals e, and the scores of ``own``, each net of the effects."""
    q, y = len(own), sums.position[outcome]
    residual_effects = sums.year_effects[:, y] - sums.year_effects[:, sums.at(terms)] @ params
    rows = [
        f"({int(year) - sums.origin}, {number(residual_effects[t])}, "
        + ", ".join(number(sums.year_effects[t, i]) for i in sums.at(own))
        + ")"
        for t, year in enumerate(sums.years)
    ]
    connection.execute(
        f"create or replace temp table within_years (code integer, u double, {', '.join(f'g{j} double' for j in range(q))})"
    )
    connection.execute(f"insert into within_years values {', '.join(rows)}")
    residual = f"net.v{y}" + "".join(
        f" - ({number(b)}) * net.v{i}" for b, i in zip(params, sums.at(terms), strict=True)
    )
    shaped = (
        f"(select net.id, net.code, {residual} - years.u as e, "
        + ", ".join(f"net.v{i} - years.g{j} as z{j}" for j, i in enumerate(sums.at(own)))
        + " from within_net as net inner join within_years as years on net.code = years.code)"
    )
    inside = "entity" in sums.effects
    connection.execute(
        "create or replace temp table within_scores as select id, count(*) as n, sum(e) as e, sum(e * e) as ee, "
        + ", ".join(f"sum(z{j}) as z{j}, sum(z{j} * e) as s{j}" for j in range(q))
        + f" from {shaped} group by id"
    )
    # what the years take out of an entity's mean goes back in: the residual and the columns have mean 0 in each entity
    score = [f"s{j} - z{j} * e / n" if inside else f"s{j}" for j in range(q)] + (["0e0"] if inside else ["e"])
    pairs = [(i, j) for i in range(q + 1) for j in range(i, q + 1)]
    found = matrix(
        connection,
        f"select {'sum(ee - e * e / n)' if inside else 'sum(ee)'}, {', '.join(f'sum({s})' for s in score[:q])}, "
        + ", ".join(f"sum(({score[i]}) * ({score[j]}))" for i, j in pairs)
        + " from within_scores",
    )[0]
    z = [f"(row.z{j} - scores.z{j} / scores.n)" if inside else f"row.z{j}" for j in range(q)]
    e = "(row.e - scores.e / scores.n)" if inside else "row.e"
    exact = (
        f"(select row.code, {e} as e, " + ", ".join(f"{c} * {e} as s{j}" for j, c in enumerate(z))
        + f", {e} as s{q} from {shaped} as row"
        + (" inner join within_scores as scores on row.id = scores.id)" if inside else ")")
    )  # fmt: skip
    years = matrix(
        connection,
        f"select {', '.join(f'sum(s{j})' for j in range(q + 1))}, {', '.join(f'sum(s{i} * s{j})' for i, j in pairs)} "
        f"from {exact} group by code order by code",
    )
    return Scores(
        rss=float(found[0]),
        gradient=found[1 : q + 1],
        entities=symmetric(found[q + 1 :], q + 1),
        rows=symmetric(years[:, q + 1 :].sum(axis=0), q + 1),
        by_year=years[:, : q + 1],
    )
