"""One fit, many covariances: standard errors, degrees of freedom and p-values, each with its convention
stated.

Every estimator here is linear in the errors, ``b - beta = W'e`` with the influence matrix W of the fit, so
every covariance is ``factor * meat(W * e)``; only the meat, the factor and the degrees of freedom differ.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import fdtrc, stdtr, stdtrit

from nqp.econometrics.effects import Absorber
from nqp.econometrics.equation import EstimationError, Floats
from nqp.econometrics.fit import Fit, Meats
from nqp.econometrics.within import WithinFit


class Convention(NamedTuple):
    """How a covariance is called and computed, in both languages."""

    label_zh: str
    label_en: str
    convention_zh: str
    convention_en: str


COVARIANCES: Mapping[str, Convention] = MappingProxyType(
    {
        "iid": Convention(
            "同方差",
            "Classical",
            "误差独立同分布；s² 的自由度扣除全部固定效应；t(n−K)。",
            "Independent errors of one variance; every absorbed effect counted in K; t(n-K).",
        ),
        "hc1": Convention(
            "异方差稳健",
            "Robust (HC1)",
            "异方差稳健；因子 n/(n−K)，全部固定效应计入 K；t(n−K)。",
            "Heteroskedasticity-robust; factor n/(n-K), every absorbed effect counted in K; t(n-K).",
        ),
        "cluster": Convention(
            "按个体聚类",
            "Clustered by entity",
            "按个体聚类；小样本因子 G/(G−1)·(n−1)/(n−K)，嵌套于聚类的个体效应不计入 K（reghdfe 规则）；t(G−1)。",
            "Clustered by entity; factor G/(G-1) (n-1)/(n-K), entity effects nested in the clusters not counted in K "
            "(reghdfe's rule); t(G-1).",
        ),
        "cluster_areg": Convention(
            "按个体聚类（areg）",
            "Clustered by entity (areg)",
            "按个体聚类；因子 G/(G−1)·(n−1)/(n−K)，全部固定效应计入 K（areg 规则）；t(G−1)。",
            "Clustered by entity; factor G/(G-1) (n-1)/(n-K) with every absorbed effect counted in K (areg's rule); t(G-1).",
        ),
        "cluster_twoway": Convention(
            "按个体和年份双向聚类",
            "Clustered by entity and year",
            "双向聚类（Cameron–Gelbach–Miller）；各部分用各自的 G/(G−1)，再乘 (n−1)/(n−K)，全部固定效应计入 K；t(min G−1)。",
            "Clustered by entity and by year (Cameron, Gelbach and Miller 2011); each part with its own G/(G-1), all "
            "times (n-1)/(n-K) with every absorbed effect counted in K; t(min G - 1).",
        ),
        "driscoll_kraay": Convention(
            "Driscoll–Kraay",
            "Driscoll-Kraay",
            "Driscoll–Kraay：截面相关稳健，Bartlett 核，滞后阶数默认 floor(4(T/100)^(2/9))，无小样本因子；t(T−1)。",
            "Driscoll-Kraay: robust to cross-sectional dependence, Bartlett kernel, by default floor(4 (T/100)^(2/9)) "
            "lags over observed years, no small-sample factor; t(T-1).",
        ),
        "cr2": Convention(
            "CR2（Satterthwaite）",
            "CR2 (Satterthwaite)",
            "偏差修正的聚类稳健方差（Bell–McCaffrey；Pustejovsky–Tipton 2018），逐系数 Satterthwaite 自由度。",
            "Bias-reduced clustered variance (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018), Satterthwaite "
            "degrees of freedom for each coefficient.",
        ),
    }
)
DEFAULT = "cluster"


@dataclass(frozen=True, eq=False)
class Sandwich:
    """A covariance matrix with what it assumes. ``df`` has one entry per column."""

    matrix: Floats
    factor: float
    k_counted: int
    clusters: int | None
    df: Floats
    note: str
    note_zh: str


@dataclass(frozen=True, eq=False)
class Inference:
    """Inference on one fit under one covariance.

    ``table`` is indexed by term: estimate, std_error, statistic, df, p_value, conf_low, conf_high
    (two-sided, 95 %). ``constant`` has the same entries. ``k_counted`` is the K of the small-sample factor,
    ``clusters`` the G (the smaller of the two under two-way clustering, the number of years under
    Driscoll-Kraay), None where there are none.
    """

    covariance: str
    table: pd.DataFrame
    constant: pd.Series
    matrix: pd.DataFrame  # covariance of the slopes
    k_counted: int
    clusters: int | None
    factor: float
    df: float  # for joint tests: the smallest of the table's
    note: str
    note_zh: str

    def row(self, term: str) -> dict[str, float]:
        """The entries of one term by name."""
        return {str(name): float(value) for name, value in self.table.loc[term].items()}


class Wald(NamedTuple):
    """A joint test: F statistic, its two degrees of freedom, and p."""

    statistic: float
    df: tuple[float, float]
    p_value: float


def infer(fit: Fit | WithinFit, covariance: str = DEFAULT, *, lags: int | None = None) -> Inference:
    """Standard errors, t statistics, p-values and intervals of all slopes and of the constant.

    ``covariance`` is a key of :data:`COVARIANCES`; ``lags`` is the maximal lag of Driscoll-Kraay. The
    constant is mean(y) - sum_j b_j mean(x_j), the one of a regression on dummies centred at their means; its
    variance comes from the same residuals through its own influence weights, which is the delta method in
    reghdfe and exact here.

    Raises:
        EstimationError: unknown name; fewer than two clusters; CR2 asked for a 2SLS fit or one made in SQL.
    """
    if covariance == "cr2" and fit.is_iv:
        raise EstimationError("CR2 is defined here for least squares only; choose 'cluster' for a 2SLS fit.")
    if isinstance(fit, WithinFit):
        result = _scaled(fit.meats, fit.n_terms, covariance, lags)
    else:
        influence = np.column_stack([fit.influence, fit.constant_influence])
        residuals = np.repeat(fit.residuals[:, None], influence.shape[1], axis=1)
        result = sandwich(
            fit.absorber, influence, residuals, fit.n_terms, covariance, lags=lags, design=fit.design
        )
    estimate = np.append(fit.params.to_numpy(), fit.constant)
    table = _table(estimate, result, [*fit.terms, "constant"])
    note, note_zh = result.note, result.note_zh
    if missing := list(table.index[table["std_error"].isna()]):  # two-way clustering may subtract too much
        note += f" Variance not positive, printed as missing: {', '.join(missing)}."
        note_zh += f"方差非正、不予报告：{'、'.join(missing)}。"
    return Inference(
        covariance=covariance,
        table=table.iloc[:-1],
        constant=table.iloc[-1],
        matrix=pd.DataFrame(result.matrix[:-1, :-1], index=list(fit.terms), columns=list(fit.terms)),
        k_counted=result.k_counted,
        clusters=result.clusters,
        factor=result.factor,
        df=float(np.min(result.df[:-1])),
        note=note,
        note_zh=note_zh,
    )


def sandwich(
    absorber: Absorber,
    influence: Floats,
    residuals: Floats,
    k: int,
    covariance: str,
    *,
    lags: int | None = None,
    design: Floats | None = None,
) -> Sandwich:
    """Covariance (p, p) of estimators with influence weights (n, p) and residuals (n, p) of their own
    regressions.

    ``k`` is the number of regressors, effects not counted; ``design`` (n, k), net of the effects, is needed
    by CR2 only.
    """
    if covariance == "cr2":
        if design is None:
            raise EstimationError("CR2 needs the design of a least-squares fit.")
        clusters = len(absorber.entity_sizes)
        _need_clusters(clusters, "clusters (entities)")
        matrix, df = _cr2(absorber, influence, residuals, design)
        convention = COVARIANCES[covariance]
        return Sandwich(
            matrix, 1.0, k + absorber.rank, clusters, df, convention.convention_en, convention.convention_zh
        )
    scores = influence * residuals
    sums = absorber.sum_by_entity(scores)
    meats = Meats(
        n=len(scores),
        clusters=len(sums),
        years=int(absorber.year.max()) + 1,
        rank=absorber.rank,
        rank_in_clusters=absorber.basis.shape[1] + 1 if "entity" in absorber.effects else absorber.rank,
        independent=(influence.T @ influence) * (residuals.T @ residuals) / len(scores),
        entities=sums.T @ sums,
        rows=scores.T @ scores,
        by_year=np.column_stack([np.bincount(absorber.year, weights=column) for column in scores.T]),
    )
    return _scaled(meats, k, covariance, lags)


def _scaled(meats: Meats, k: int, covariance: str, lags: int | None) -> Sandwich:
    """The meat that a covariance asks for, times its small-sample factor, with its degrees of freedom."""
    if covariance not in COVARIANCES:
        raise EstimationError(f"no covariance '{covariance}'; choose one of {', '.join(COVARIANCES)}.")
    if covariance == "cr2":
        raise EstimationError("CR2 needs every row in memory; choose another covariance for a large panel.")
    n, clusters, years, k_all = meats.n, meats.clusters, meats.years, k + meats.rank
    note = COVARIANCES[covariance].convention_en
    note_zh = COVARIANCES[covariance].convention_zh

    def done(matrix: Floats, factor: float, k_counted: int, groups: int | None, df: int) -> Sandwich:
        filled = np.full(len(matrix), float(df))
        return Sandwich(factor * matrix, factor, k_counted, groups, filled, note, note_zh)

    if covariance == "iid":
        return done(meats.independent, n / (n - k_all), k_all, None, n - k_all)
    if covariance == "hc1":
        return done(meats.rows, n / (n - k_all), k_all, None, n - k_all)
    if covariance == "driscoll_kraay":
        _need_clusters(years, "years")
        if lags is None:
            lags = int(4 * (years / 100) ** (2 / 9))
        if not 0 <= lags < years:
            raise EstimationError(
                f"Driscoll-Kraay: {lags} lags of {years} years; choose between 0 and {years - 1}."
            )
        note, note_zh = f"{note} Lags used: {lags}.", f"{note_zh}所用滞后阶数：{lags}。"
        return done(_kernel(meats.by_year, lags), 1.0, k_all, years, years - 1)
    _need_clusters(clusters, "clusters (entities)")
    meat, ratio = meats.entities, clusters / (clusters - 1)
    if covariance == "cluster_twoway":
        _need_clusters(years, "years")
        by_year = meats.by_year
        # an entity-year is one row of the panel: the intersection has n clusters
        meat = ratio * meat + years / (years - 1) * by_year.T @ by_year - n / (n - 1) * meats.rows
        note, note_zh = f"{note} G: {clusters} and {years}.", f"{note_zh}G：{clusters} 与 {years}。"
        fewest = min(clusters, years)
        return done(meat, (n - 1) / (n - k_all), k_all, fewest, fewest - 1)
    k_counted = k + meats.rank_in_clusters if covariance == "cluster" else k_all
    if n <= k_counted:
        raise EstimationError(f"clustered covariance: {n} rows for K = {k_counted}; use fewer regressors.")
    return done(meat, ratio * (n - 1) / (n - k_counted), k_counted, clusters, clusters - 1)


def wald(inference: Inference, terms: list[str]) -> Wald:
    """F test that the coefficients of ``terms`` are all zero: b'V^-1 b / q on (q, df) degrees of freedom."""
    if inference.covariance == "cr2":
        raise EstimationError("a joint test under CR2 is not offered; choose 'cluster'.")
    estimate = inference.table.loc[terms, "estimate"].to_numpy()
    return wald_of(estimate, inference.matrix.loc[terms, terms].to_numpy(), inference.df)


def wald_of(estimate: Floats, matrix: Floats, df: float) -> Wald:
    """F test of estimates (q,) against zero with their covariance (q, q); EstimationError when it has not
    rank q.
    """
    q = len(estimate)
    scale = np.sqrt(np.diag(matrix))
    unit = matrix / np.outer(scale, scale) if np.all(scale > 0) else np.full((q, q), np.nan)
    if not np.all(np.isfinite(unit)) or np.linalg.eigvalsh(unit)[0] < 1e-12:
        raise EstimationError(
            f"joint test of {q} coefficients: their covariance has not rank {q}; there are too few clusters for so many."
        )
    t = estimate / scale
    statistic = float(t @ np.linalg.solve(unit, t)) / q
    return Wald(statistic, (float(q), float(df)), float(fdtrc(q, df, statistic)))


def stars(p: float) -> str:
    """``***``, ``**``, ``*`` or nothing: p below 1, 5 and 10 %. A missing p has no stars."""
    return "***" if p < 0.01 else "**" if p < 0.05 else "*" if p < 0.10 else ""


def _table(estimate: Floats, result: Sandwich, names: list[str]) -> pd.DataFrame:
    variance = np.diag(result.matrix)
    # With two clusters and year effects the clustered variance is zero but for rounding: that is no precision.
    is_variance = variance > 1e-20 * np.square(estimate)
    std_error = np.sqrt(np.where(is_variance, variance, np.nan))
    statistic = estimate / std_error
    reach = stdtrit(result.df, 0.975) * std_error
    return pd.DataFrame(
        {
            "estimate": estimate,
            "std_error": std_error,
            "statistic": statistic,
            "df": result.df,
            "p_value": 2 * stdtr(result.df, -np.abs(statistic)),
            "conf_low": estimate - reach,
            "conf_high": estimate + reach,
        },
        index=pd.Index(names, name="term"),
    )


def _need_clusters(count: int, what: str) -> None:
    if count < 2:
        raise EstimationError(
            f"a clustered covariance needs at least 2 {what}; there is {count}. Choose 'iid' or 'hc1'."
        )


def _kernel(sums: Floats, lags: int) -> Floats:
    """Bartlett-weighted long-run sum of yearly score sums (T, p): Driscoll and Kraay (1998), Hoechle (2007)."""
    meat = sums.T @ sums
    for lag in range(1, lags + 1):
        cross = sums[lag:].T @ sums[:-lag]
        meat = meat + (1 - lag / (lags + 1)) * (cross + cross.T)
    return np.asarray(meat)


def _beyond_entity(absorber: Absorber, design: Floats) -> Floats:
    """Orthonormal basis (n, r) of years and regressors net of the entity dummies: the hat matrix less the
    entities'.
    """
    return np.column_stack([absorber.basis, np.linalg.qr(design / np.sqrt((design**2).sum(axis=0)))[0]])


def _cr2(absorber: Absorber, influence: Floats, residuals: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Bias-reduced covariance and Satterthwaite degrees of freedom under a working model of independent
    errors.

    Bell and McCaffrey (2002); with absorbed effects, Pustejovsky and Tipton (2018): A_g is the symmetric
    square root of the Moore-Penrose inverse of (I - H)_gg, H the hat matrix of regressors and all dummies.
    For a contrast with adjusted weights u_g = A_g w_g, ``df = (sum_g P_gg)^2 / sum_gh P_gh^2``, ``P_gh =
    u_g'(I - H)_gh u_h``.
    """
    basis, nested = _beyond_entity(absorber, design), "entity" in absorber.effects
    sizes, p = absorber.entity_sizes, influence.shape[1]
    sums = np.empty((len(sizes), p))
    loads = np.empty((len(sizes), p, basis.shape[1]))
    own = np.empty((len(sizes), p))
    start = 0
    for g, size in enumerate(sizes):
        rows = slice(start, start + int(size))
        start += int(size)
        q = basis[rows]
        values, vectors = np.linalg.eigh(np.eye(size) - (1.0 / size if nested else 0.0) - q @ q.T)
        # directions that the effects fit exactly have a zero eigenvalue and zero residuals
        root = np.where(values > 1e-12, 1.0 / np.sqrt(np.where(values > 1e-12, values, 1.0)), 0.0)
        adjusted = (vectors * root) @ (vectors.T @ influence[rows])
        sums[g] = (adjusted * residuals[rows]).sum(axis=0)
        loads[g] = adjusted.T @ q
        own[g] = (adjusted**2).sum(axis=0) - (adjusted.sum(axis=0) ** 2 / size if nested else 0.0)
    df = np.empty(p)
    for j in range(p):
        projected = -loads[:, j] @ loads[:, j].T
        projected[np.diag_indices_from(projected)] += own[:, j]
        df[j] = np.trace(projected) ** 2 / (projected**2).sum()
    return sums.T @ sums, df


def wild_cluster_bootstrap(
    fit: Fit,
    term: str,
    *,
    weights: Literal["webb", "rademacher"] = "webb",
    draws: int = 9999,
    seed: int,
) -> float:
    """Wild cluster bootstrap p-value of one slope being zero, by entity, with the null imposed (WCR),
    two-sided.

    Cameron, Gelbach and Miller (2008); Webb (2023) for the six-point weights. The residuals of the model
    without ``term`` are multiplied by one weight per entity, and the t statistic (CR1, whose factor cancels)
    is computed anew. Drawn weights give p = (1 + #{|t*| >= |t|}) / (1 + draws); Rademacher weights are
    enumerated when 2^G <= draws, and p is then the exact share. The result depends on the seed alone, not on
    the order of the rows.

    Raises:
        EstimationError: 2SLS fit, unknown term or weights, no draws, fewer than two entities.
    """
    if fit.is_iv:
        raise EstimationError("the wild cluster bootstrap is defined here for least squares only.")
    if term not in fit.terms:
        raise EstimationError(f"'{term}' is not among the estimated terms {', '.join(fit.terms)}.")
    if weights not in ("webb", "rademacher") or draws < 1:
        raise EstimationError(
            "the wild cluster bootstrap takes weights 'webb' or 'rademacher' and at least one draw."
        )
    absorber, clusters = fit.absorber, fit.n_entities
    _need_clusters(clusters, "clusters (entities)")
    j = fit.terms.index(term)
    w = fit.influence[:, j]
    # w is proportional to the column net of everything else: restricted residuals add its part back
    restricted = fit.residuals + fit.params.iloc[j] * w / (w @ w)
    basis = _beyond_entity(absorber, fit.design)
    a = absorber.sum_by_entity((w * restricted)[:, None])[:, 0]
    # score of cluster g in a draw: v_g a_g - (w_g'Q_g) sum_h v_h (Q_h'u_h); entity dummies vanish, w has mean 0 in each
    scores = np.diag(a) - absorber.sum_by_entity(w[:, None] * basis) @ (
        absorber.sum_by_entity(restricted[:, None] * basis).T
    )

    def squared_t(v: Floats) -> Floats:
        spread = ((v @ scores.T) ** 2).sum(axis=1)
        return np.asarray((v @ a) ** 2 / np.where(spread > 0, spread, np.nan))

    observed = squared_t(np.ones((1, clusters)))[0] * (1 - 1e-10)  # a tie up to rounding is a tie
    if not np.isfinite(observed):
        raise EstimationError(
            f"'{term}': the clustered variance is zero; the wild cluster bootstrap is not defined."
        )
    if weights == "rademacher" and clusters < 63 and 2**clusters <= draws:
        signs = np.array(list(itertools.product((-1.0, 1.0), repeat=clusters)))
        return float(np.mean(squared_t(signs) >= observed))
    values = np.sqrt([0.5, 1.0, 1.5]) if weights == "webb" else np.ones(1)
    rng = np.random.default_rng(seed)
    extreme = 0
    for start in range(0, draws, 5000):
        size = (min(5000, draws - start), clusters)
        extreme += int(
            np.sum(squared_t(rng.choice(np.concatenate([-values, values]), size=size)) >= observed)
        )
    return (1 + extreme) / (1 + draws)
