"""What the effects and clusters of a regression are called, and the sentence that states their convention."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING

from nqp.econometrics.covariances import IN_WORDS, Convention, convention_of
from nqp.econometrics.equation import ENTITY, GROUP, is_trend, parts_of
from nqp.language.labels import Label
from nqp.language.words import in_sentence
from nqp.study.names import variable_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nqp.estimates.regressions import Equation, Estimates
    from nqp.study.marts import Marts
    from nqp.study.specification import RegressionTable

ANY_ENTITY, ANY_GROUP = Label("个体", "entity"), Label("组", "group")
SEE_NOTES = Label("聚类层次见各表注。", "The levels of clusters stand in the notes of each table.")


ESTIMATOR_NAMES = {
    "2sls": Label.both("2SLS"),
    "liml": Label.both("LIML"),
    "fuller": Label("Fuller（α = 1）", "Fuller (alpha = 1)"),
    "gmm": Label("两步 GMM", "Two-step GMM"),
}
ESTIMATOR_NOTES = {
    "liml": Label(
        "LIML：有限信息极大似然（Anderson–Rubin 1949）；标准误以 2SLS 的拟合值加权残差，与 ivreg2 相同。",
        "LIML: limited information maximum likelihood (Anderson and Rubin 1949); standard errors weigh the residuals with the "
        "first-stage fit, as in ivreg2.",
    ),
    "fuller": Label(
        "Fuller（1977）：κ = κ(LIML) − 1/(N − L)，L 计入全部固定效应；标准误同 LIML。",
        "Fuller (1977): kappa = kappa(LIML) - 1/(N - L), every absorbed effect counted in L; standard errors as for LIML.",
    ),
    "gmm": Label(
        "两步 GMM：权重为矩条件协方差的逆（与标准误同类，取自 2SLS 残差，无小样本因子）；标准误取自最终残差。",
        "Two-step GMM: weighted by the inverse covariance of the moments, of the kind of the standard errors, at the 2SLS residuals "
        "and without a small-sample factor; standard errors from the final residuals.",
    ),
}


WEIGHTED = {
    "analytic": (
        "{0}按“{1}”加权（分析权重，合计调整为 N）",
        "{0} weighted by {1} (analytic weights, scaled to add up to N)",
    ),
    "frequency": (
        "{0}按“{1}”加权（频数权重，N 为其合计）",
        "{0} weighted by {1} (frequencies; N is their sum)",
    ),
}


def place_of(equation: Equation, table: RegressionTable) -> str:
    """Where a column stands in its table: its position, and the letter of its panel if there are several."""
    panel = next(part for part in table.panels if part.code == equation.panel_code)
    position = [model.code for model in panel.models].index(equation.model.code) + 1
    if len(table.panels) == 1:
        return f"({position})"
    return f"{ascii_uppercase[table.panels.index(panel) % 26]}({position})"


def weights_notes(
    equations: Sequence[Equation], place: Callable[[Equation], str], marts: Marts
) -> list[Label]:
    """Which columns are weighted and how, and which have no constant; what is not offered for them."""
    notes, uneven = [], [equation for equation in equations if not equation.fit.is_plain]
    for weights in dict.fromkeys(one.fit.weights for one in uneven if one.fit.weights is not None):
        where = [place(one) for one in uneven if one.fit.weights == weights]
        name = variable_name(marts, weights.column)
        zh, en = WEIGHTED[weights.kind]
        notes.append(
            Label(
                zh.format(f"第 {'、'.join(where)} 列", name.zh) + "。",
                en.format(f"Column {', '.join(where)}", in_sentence(name.en)) + ".",
            )
        )
    if where := [place(one) for one in uneven if not one.fit.has_constant]:
        notes.append(
            Label(
                f"第 {'、'.join(where)} 列无常数项，R² 以 0 为基准，调整时以 N 代替 N − 1。",
                f"Column {', '.join(where)} without a constant: R² is around 0, adjusted with N in place of N - 1.",
            )
        )
    if uneven:
        notes.append(
            Label(
                "加权或无常数项的列不提供 CR2、野聚类自助法、Driscoll–Kraay 与个体年份双向聚类。",
                "CR2, the wild bootstrap, Driscoll-Kraay and clusters by entity and year are not offered with weights or without a "
                "constant.",
            )
        )
    return notes


class EffectNames:
    """Names effects and clusters in the words of a study."""

    def __init__(self, marts: Marts, entity: Label = ANY_ENTITY, group: Label = ANY_GROUP) -> None:
        self.marts, self.entity, self.group = marts, entity, group

    def category(self, code: str) -> Label:
        """The name of entity, year, group or a variable."""
        if code not in ("entity", "year", GROUP):
            return variable_name(self.marts, code)
        return {"entity": self.entity, "year": Label("年份", "year"), GROUP: self.group}[code]

    def combination(self, name: str) -> Label:
        """The name of a category or of several together: group × year."""
        labels = [self.category(part) for part in parts_of(name)]
        return Label(
            " × ".join(label.zh for label in labels), " × ".join(in_sentence(label.en) for label in labels)
        )

    def effect(self, name: str) -> Label:
        """An effect as the label of a row."""
        what = self.combination(name)
        english = what.en[:1].upper() + what.en[1:]
        if is_trend(name):
            return Label(f"{what.zh}时间趋势", f"{english} trends")
        return Label(f"{what.zh}固定效应", f"{english} fixed effects")

    def convention(self, covariance: str, clusters: tuple[str, ...]) -> Convention:
        """How a covariance is called and computed, its clusters by their names."""
        if clusters == ENTITY:
            return IN_WORDS[covariance]
        levels = [self.combination(level) for level in clusters]
        return convention_of(covariance, [level.zh for level in levels], [level.en for level in levels])


def convention_of_run(estimates: Estimates) -> Label:
    """How the covariance of a whole run is called; where columns have clusters of their own, where to read that."""
    known = IN_WORDS[estimates.covariance]
    label = Label(f"{known.label_zh}。", f"{known.label_en}.")
    if all(equation.fit.clusters == ENTITY for equation in estimates.equations):
        return label
    return Label(label.zh + SEE_NOTES.zh, f"{label.en} {SEE_NOTES.en}")
