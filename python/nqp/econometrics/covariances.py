"""Covariances of estimators that are linear in the errors, each with its convention stated.

With ``b - beta = W'e`` and W the influence matrix of a fit, every covariance is ``factor * meat(W * e)``; only the meat, the
factor and the degrees of freedom differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from nqp.econometrics.effects import Absorber
from nqp.econometrics.equation import EstimationError, Floats


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
class Meats:
    """What the covariances of p estimates are made of. The score of a row is w_i e_i, (p,): influence times residual."""

    n: int  # rows
    clusters: int  # entities
    years: int
    rank: int  # degrees of freedom that the effects (or the constant) use
    rank_in_clusters: int  # the same with the entity effects, nested in the clusters, as one constant
    independent: Floats  # (p, p): W'W e'e / n
    entities: Floats  # (p, p): sum over entities of the product of their summed scores
    rows: Floats  # (p, p): the same over rows
    by_year: Floats  # (T, p): scores summed by year, in the order of the years


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
        need_clusters(clusters, "clusters (entities)")
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
    return scaled(meats, k, covariance, lags)


def scaled(meats: Meats, k: int, covariance: str, lags: int | None) -> Sandwich:
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
        need_clusters(years, "years")
        if lags is None:
            lags = int(4 * (years / 100) ** (2 / 9))
        if not 0 <= lags < years:
            raise EstimationError(
                f"Driscoll-Kraay: {lags} lags of {years} years; choose between 0 and {years - 1}."
            )
        note, note_zh = f"{note} Lags used: {lags}.", f"{note_zh}所用滞后阶数：{lags}。"
        return done(_kernel(meats.by_year, lags), 1.0, k_all, years, years - 1)
    need_clusters(clusters, "clusters (entities)")
    meat, ratio = meats.entities, clusters / (clusters - 1)
    if covariance == "cluster_twoway":
        need_clusters(years, "years")
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


def need_clusters(count: int, what: str) -> None:
    """EstimationError unless there are two clusters of a kind."""
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


def beyond_entity(absorber: Absorber, design: Floats) -> Floats:
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
    basis, nested = beyond_entity(absorber, design), "entity" in absorber.effects
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
