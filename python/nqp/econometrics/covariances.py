"""Covariances of estimators that are linear in the errors, each with its convention stated.

With ``b - beta = W'e`` and W the influence matrix of a fit, every covariance is ``factor * meat(W * e)``; only the meat, the
factor and the degrees of freedom differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from nqp.econometrics.bias_reduced import bias_reduced, need_clusters
from nqp.econometrics.effects import Absorber, combined, sum_by
from nqp.econometrics.equation import ENTITY, EstimationError, Floats
from nqp.econometrics.weights import COVARIANCES_OF_WEIGHTED


class Convention(NamedTuple):
    """How a covariance is called and computed, in both languages."""

    label_zh: str
    label_en: str
    convention_zh: str
    convention_en: str


# {entity} stands for what a study calls its entities.
IN_WORDS: Mapping[str, Convention] = MappingProxyType(
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
            "按{entity}聚类",
            "Clustered by {entity}",
            "按{entity}聚类；小样本因子 G/(G−1)·(n−1)/(n−K)，嵌套于聚类的{entity}效应不计入 K（reghdfe 规则）；t(G−1)。",
            "Clustered by {entity}; factor G/(G-1) (n-1)/(n-K), {entity} effects nested in the clusters not counted in K "
            "(reghdfe's rule); t(G-1).",
        ),
        "cluster_areg": Convention(
            "按{entity}聚类（areg）",
            "Clustered by {entity} (areg)",
            "按{entity}聚类；因子 G/(G−1)·(n−1)/(n−K)，全部固定效应计入 K（areg 规则）；t(G−1)。",
            "Clustered by {entity}; factor G/(G-1) (n-1)/(n-K) with every absorbed effect counted in K (areg's rule); t(G-1).",
        ),
        "cluster_twoway": Convention(
            "按{entity}和年份双向聚类",
            "Clustered by {entity} and year",
            "双向聚类（Cameron–Gelbach–Miller）；各部分用各自的 G/(G−1)，再乘 (n−1)/(n−K)，全部固定效应计入 K；t(min G−1)。",
            "Clustered by {entity} and by year (Cameron, Gelbach and Miller 2011); each part with its own G/(G-1), all "
            "times (n-1)/(n-K) with every absorbed effect counted in K; t(min G - 1).",
        ),
        "cluster_year": Convention(
            "按年份聚类",
            "Clustered by year",
            "按年份聚类；小样本因子 G/(G−1)·(n−1)/(n−K)，嵌套于聚类的年份效应不计入 K；t(G−1)。",
            "Clustered by year; factor G/(G-1) (n-1)/(n-K), year effects nested in the clusters not counted in K; t(G-1).",
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
# The same where nobody has said what an entity is.
COVARIANCES: Mapping[str, Convention] = MappingProxyType(
    {
        name: Convention(
            known.label_zh.replace("{entity}", "个体"),
            known.label_en.replace("{entity}", "entity"),
            known.convention_zh.replace("{entity}", "个体"),
            known.convention_en.replace("{entity}", "entity"),
        )
        for name, known in IN_WORDS.items()
    }
)
DEFAULT = "cluster"


BY_CLUSTER = ("cluster", "cluster_areg", "cr2")  # those that follow the clusters a fit names


def convention_of(covariance: str, zh: Sequence[str] = (), en: Sequence[str] = ()) -> Convention:
    """How a covariance is called and computed where the fit names clusters, given what each level is called; without names
    the clusters are the entities.
    """
    known = COVARIANCES[covariance]
    if covariance not in BY_CLUSTER or not en:
        return known
    by_zh, by_en = "与".join(zh), " and ".join(en)
    if covariance == "cr2":
        return Convention(
            f"{known.label_zh}，按{by_zh}聚类",
            f"{known.label_en}, clustered by {by_en}",
            f"{known.convention_zh}按{by_zh}聚类。",
            f"{known.convention_en} Clustered by {by_en}.",
        )
    several = len(en) == 2
    levels_zh, levels_en = ("双向", " (Cameron, Gelbach and Miller 2011)") if several else ("", "")
    fewest_zh, fewest_en = ("，G 取较小者", ", G the smaller number of clusters") if several else ("", "")
    if covariance == "cluster_areg":
        mark_zh, mark_en = "（areg）", " (areg)"
        rule_zh = "，全部固定效应计入 K（areg 规则）"
        rule_en = " with every absorbed effect counted in K (areg's rule)"
    else:
        mark_zh, mark_en = "", ""
        rule_zh = "，嵌套于聚类的固定效应合计按一个常数计入 K（reghdfe 规则）"
        rule_en = ", effects nested in a cluster counted in K as one constant together (reghdfe's rule)"
    return Convention(
        f"按{by_zh}{levels_zh}聚类{mark_zh}",
        f"Clustered by {by_en}{mark_en}",
        f"按{by_zh}{levels_zh}聚类；小样本因子 G/(G−1)·(n−1)/(n−K){fewest_zh}{rule_zh}；t(G−1)。",
        f"Clustered by {by_en}{levels_en}; factor G/(G-1) (n-1)/(n-K){fewest_en}{rule_en}; t(G-1).",
    )


@dataclass(frozen=True, eq=False)
class Meats:
    """What the covariances of p estimates are made of. The score of a row is w_i e_i, (p,): influence times residual."""

    n: int  # rows
    entities: int
    years: int
    rank: int  # degrees of freedom that the effects (or the constant) use
    independent: Floats  # (p, p): W'W e'e / n
    by_entity: Floats  # (p, p): sum over entities of the product of their summed scores
    rows: Floats  # (p, p): the same over rows
    by_year: Floats  # (T, p): scores summed by year, in the order of the years
    rank_in_years: int  # rank with the effects nested in years as one constant
    levels: tuple[str, ...]  # the clusters of the fit
    groups: tuple[int, ...]  # how many of each level
    clustered: Floats  # (p, p): the same over the levels, less their intersection
    rank_in_clusters: int  # rank with the effects nested in a cluster as one constant


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
    clusters: tuple[str, ...] = ENTITY,
    lags: int | None = None,
    design: Floats | None = None,
    bread: Floats | None = None,
) -> Sandwich:
    """Covariance (p, p) of estimators with influence weights (n, p) and residuals (n, p) of their own
    regressions.

    ``k`` is the number of regressors, effects not counted; ``clusters`` are the levels of the fit; ``design`` (n, k), net of
    the effects, is needed by CR2 only. ``bread`` (p, p) stands for W'W under independent errors where the estimator is no
    projection (LIML).
    """
    if (absorber.weights is not None or not absorber.constant) and covariance not in COVARIANCES_OF_WEIGHTED:
        raise EstimationError(
            f"covariance '{covariance}' is not offered with weights or without a constant; choose one of "
            f"{', '.join(COVARIANCES_OF_WEIGHTED)}."
        )
    if covariance == "cr2":
        if design is None:
            raise EstimationError("CR2 is defined here for least squares and 2SLS; choose 'cluster'.")
        matrix, df, count = bias_reduced(absorber, clusters, influence, residuals, design)
        convention = convention_of(covariance, *_codes_of(clusters))
        return Sandwich(
            matrix, 1.0, k + absorber.rank, count, df, convention.convention_en, convention.convention_zh
        )
    scores = influence * residuals
    sums = absorber.sum_by_entity(scores)
    by_entity = sums.T @ sums
    levels = [absorber.codes(level) for level in clusters]
    clustered = by_entity
    if clusters != ENTITY:
        signed = [(1.0, code) for code in levels] + ([(-1.0, combined(levels))] if len(levels) > 1 else [])
        parts = [(sign, sum_by(code, scores)) for sign, code in signed]
        clustered = np.asarray(sum(sign * part.T @ part for sign, part in parts))
    spread = influence.T @ influence if bread is None else bread
    # the score of a row that stands for w equal ones is w times theirs: over single rows the product counts once for each
    single = scores if not absorber.copies or absorber.weights is None else scores / absorber.weights[:, None]
    meats = Meats(
        n=absorber.counted,
        entities=len(sums),
        years=int(absorber.year.max()) + 1,
        rank=absorber.rank,
        independent=spread * (residuals.T @ residuals) / absorber.counted,
        by_entity=by_entity,
        rows=single.T @ scores,
        by_year=sum_by(absorber.year, scores),
        rank_in_years=absorber.rank_within(("year",)),
        levels=clusters,
        groups=tuple(int(code.max()) + 1 for code in levels),
        clustered=clustered,
        rank_in_clusters=absorber.rank_within(clusters),
    )
    return scaled(meats, k, covariance, lags)


def _codes_of(clusters: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The levels by their codes, for the sentences of a convention; none where the clusters are the entities."""
    return ((), ()) if clusters == ENTITY else (clusters, clusters)


def scaled(meats: Meats, k: int, covariance: str, lags: int | None) -> Sandwich:
    """The meat that a covariance asks for, times its small-sample factor, with its degrees of freedom."""
    if covariance not in COVARIANCES:
        raise EstimationError(f"no covariance '{covariance}'; choose one of {', '.join(COVARIANCES)}.")
    if covariance == "cr2":
        raise EstimationError("CR2 needs every row in memory; choose another covariance for a large panel.")
    n, years, k_all = meats.n, meats.years, k + meats.rank
    _, _, note_zh, note = convention_of(covariance, *_codes_of(meats.levels))

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
    if covariance == "cluster_twoway":
        need_clusters(meats.entities, "clusters (entities)")
        need_clusters(years, "years")
        by_year, ratio = meats.by_year, meats.entities / (meats.entities - 1)
        # an entity-year is one row of the panel: the intersection has n clusters
        meat = ratio * meats.by_entity + years / (years - 1) * by_year.T @ by_year - n / (n - 1) * meats.rows
        note, note_zh = (
            f"{note} G: {meats.entities} and {years}.",
            f"{note_zh}G：{meats.entities} 与 {years}。",
        )
        fewest = min(meats.entities, years)
        return done(meat, (n - 1) / (n - k_all), k_all, fewest, fewest - 1)
    levels, groups, meat, nested = meats.levels, meats.groups, meats.clustered, meats.rank_in_clusters
    if covariance == "cluster_year":
        levels, groups, nested = ("year",), (years,), meats.rank_in_years
        meat = meats.by_year.T @ meats.by_year
    for level, count in zip(levels, groups, strict=True):
        need_clusters(
            count, {"entity": "clusters (entities)", "year": "years"}.get(level, f"clusters ({level})")
        )
    if len(groups) > 1:
        note, note_zh = f"{note} G: {groups[0]} and {groups[1]}.", f"{note_zh}G：{groups[0]} 与 {groups[1]}。"
    k_counted = k_all if covariance == "cluster_areg" else k + nested
    if n <= k_counted:
        raise EstimationError(f"clustered covariance: {n} rows for K = {k_counted}; use fewer regressors.")
    fewest = min(groups)
    factor = fewest / (fewest - 1) * (n - 1) / (n - k_counted)
    return done(meat, factor, k_counted, fewest, fewest - 1)


def _kernel(sums: Floats, lags: int) -> Floats:
    """Bartlett-weighted long-run sum of yearly score sums (T, p): Driscoll and Kraay (1998), Hoechle (2007)."""
    meat = sums.T @ sums
    for lag in range(1, lags + 1):
        cross = sums[lag:].T @ sums[:-lag]
        meat = meat + (1 - lag / (lags + 1)) * (cross + cross.T)
    return np.asarray(meat)
