"""The fit of ``estimation`` as set-based SQL, for panels too large to pass through Python.

The slopes come from the cross-products of ``panel_sums`` and take one Newton step with the gradient of its second pass, so
that large levels cost no digits; the meats of every covariance but CR2 come from the same pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from nqp.econometrics.covariances import Meats, Sandwich, scaled
from nqp.econometrics.equation import (
    EFFECTS,
    ENTITY,
    EstimationError,
    check_clusters,
    check_names,
    in_order,
)
from nqp.econometrics.estimators import TWO_STAGE
from nqp.econometrics.fit import Fitted
from nqp.econometrics.panel_rows import Source, temporary_tables
from nqp.econometrics.panel_scores import second_pass
from nqp.econometrics.panel_sums import first_pass
from nqp.econometrics.screens import (
    check_degrees_of_freedom,
    check_relevance,
    check_solution,
    near_collinear,
    no_variation,
    screened,
    smallest_canonical,
)


@dataclass(frozen=True, eq=False)
class WithinFit(Fitted):
    """A model fitted from sums. ``meats`` are those of the slopes and, last, of the constant.

    ``products`` (outcome, terms and instruments on both sides) are cross-products net of the effects.
    """

    meats: Meats
    products: pd.DataFrame

    def sandwich(self, covariance: str, lags: int | None) -> Sandwich:
        """The covariance of slopes and constant from the sums of the scores."""
        return scaled(self.meats, self.n_terms, covariance, lags)


def fit_within(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    *,
    outcome: str,
    regressors: Sequence[str],
    effects: tuple[str, ...] = EFFECTS,
    clusters: tuple[str, ...] = ENTITY,
    endogenous: Sequence[str] = (),
    instruments: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    entity: str = "entity_code",
    year: str = "year",
    where: str = "true",
    winsorise: tuple[float, float] | None = None,
    also: Sequence[str] = (),
) -> WithinFit:
    """Fit one model in the database: what :func:`nqp.econometrics.fit.fit` gives, rows excepted.

    Args:
        connection: an open connection; only temporary tables are made in it, and removed. One thread makes sums
            reproducible to the bit.
        relation: what stands after ``from``: a table, or ``read_parquet('...')``; a row per entity and year, in any order.
        outcome, regressors, effects, clusters, endogenous, instruments: as in :func:`nqp.econometrics.fit.fit`; ``L1.x`` is a lag of x,
            joined on the year, never by row.
        columns: the column of each name, where they differ.
        entity, year: the key columns; ``year`` must be of a whole-number type.
        where: SQL condition on ``panel`` that picks the sample; lags are made before it.
        winsorise: quantiles of all rows of the relation (type 7) to which the columns are pulled in, before lags are made.
        also: further names whose values must be there, to hold the sample of another model.

    Effects and clusters are ``entity`` and ``year`` only. NULL and NaN are missing. Singletons are found from the presence patterns, and counted but not named.

    Raises:
        EstimationError: as in :func:`nqp.econometrics.fit.fit`; a duplicate or missing key, a year that is no whole number.
    """
    effects, clusters = in_order(effects), check_clusters(clusters)
    if further := [name for name in (*effects, *clusters) if name not in EFFECTS]:
        raise EstimationError(
            f"'{further[0]}': in the database the effects and clusters are entity and year only; a panel in memory has the "
            "others (estimate.py --engine linearmodels)."
        )
    terms, endog, excluded = list(regressors), list(endogenous), list(instruments)
    check_names(outcome, terms, endog, excluded)
    names = list(dict.fromkeys([outcome, *terms, *excluded]))
    what = f"model of '{outcome}' on {', '.join(terms)}"
    source = Source(relation, entity, year, columns or {}, where, winsorise)
    with temporary_tables(connection):
        sums = first_pass(connection, source, names, [name for name in also if name not in names], effects)
        y = sums.position[outcome]
        if sums.is_absorbed(outcome):
            raise no_variation(what, effects)
        terms, excluded, dropped = screened(what, terms, endog, excluded, sums.screen)
        k = len(terms)
        check_degrees_of_freedom(what, sums.n, k, sums.rank)
        warnings = near_collinear(what, sums.shares(terms))
        exog = [t for t in terms if t not in endog]
        own = [*exog, *excluded] if endog else terms  # what the residuals must be orthogonal to
        if endog:
            near_collinear(what, sums.shares(own))
            at = sums.at([*endog, *excluded, *exog])
            squared = smallest_canonical(sums.net[np.ix_(at, at)], len(endog), len(excluded))
            check_relevance(what, squared, endog)
        first = sums.solve(own, terms)  # (len(own), k): the first stage; the identity for least squares
        bread = np.linalg.inv(sums.unit(terms, own) @ first)
        scale = sums.length
        to_terms, to_own = scale[sums.at(terms)], scale[sums.at(own)]
        params = bread @ first.T @ sums.unit(own, [outcome])[:, 0] * scale[y] / to_terms
        raw = second_pass(connection, sums, params, terms, own, outcome)

    slopes = (bread / to_terms[:, None]) @ (first.T / to_own)  # scores of ``own`` to scores of the slopes
    step = slopes @ raw.gradient
    gap = step * to_terms
    tss_within = float(sums.net[y, y])
    check_solution(what, params, gap, raw.rss, tss_within)
    params = params + step
    means = sums.means[sums.at(terms)]
    # a constant is mean(y) - sum_j b_j mean(x_j): its score is e / n less the means times the scores of the slopes
    lift = np.block([[slopes, np.zeros((k, 1))], [-means @ slopes, np.full((1, 1), 1.0 / sums.n)]])
    inverse = bread / np.outer(to_terms, to_terms)
    spread = np.block(
        [[inverse, -(inverse @ means)[:, None]], [-(means @ inverse), means @ inverse @ means + 1 / sums.n]]
    )
    rss, tss = raw.rss, float(sums.centred[y])
    df_resid, r2 = sums.n - k - sums.rank, 1.0 - rss / tss
    by_entity, by_row, by_year = lift @ raw.entities @ lift.T, lift @ raw.rows @ lift.T, raw.by_year @ lift.T
    levels = {"entity": by_entity, "year": by_year.T @ by_year}
    clustered = np.asarray(sum(levels[level] for level in clusters)) - (by_row if len(clusters) > 1 else 0.0)

    def rank_within(nesting: tuple[str, ...]) -> int:
        """See :meth:`nqp.econometrics.effects.Absorber.rank_within`: entity and year effects nest in their own clusters only."""
        nested = [effect for effect in effects if effect in nesting]
        if len(nested) == len(effects):
            return 1
        inner = {"entity": sums.entities, "year": len(sums.years)}
        return sums.rank - inner[nested[0]] + 1 if nested else sums.rank

    used = [outcome, *terms, *excluded]
    at = sums.at(used)
    return WithinFit(
        outcome=outcome,
        terms=tuple(terms),
        effects=effects,
        clusters=clusters,
        estimator=TWO_STAGE,
        endogenous=tuple(endog),
        instruments=tuple(excluded),
        params=pd.Series(params, index=terms, name="estimate"),
        constant=float(sums.means[y] - params @ means),
        n_obs=sums.n,
        n_entities=sums.entities,
        n_years=len(sums.years),
        first_year=int(sums.years[0]),
        last_year=int(sums.years[-1]),
        df_resid=df_resid,
        r2=r2,
        adj_r2=1.0 - (1.0 - r2) * (sums.n - 1) / df_resid,
        r2_within=1.0 - rss / tss_within,
        dropped=tuple(dropped),
        warnings=warnings,
        flow=sums.flow,
        meats=Meats(
            n=sums.n,
            entities=sums.entities,
            years=len(sums.years),
            rank=sums.rank,
            independent=spread * rss / sums.n,
            by_entity=by_entity,
            rows=by_row,
            by_year=by_year,
            rank_in_years=rank_within(("year",)),
            levels=clusters,
            groups=tuple({"entity": sums.entities, "year": len(sums.years)}[level] for level in clusters),
            clustered=clustered,
            rank_in_clusters=rank_within(clusters),
        ),
        products=pd.DataFrame(sums.net[np.ix_(at, at)], index=used, columns=used),
    )
