"""What the effects and clusters of a regression are called, and the sentence that states their convention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.econometrics.covariances import IN_WORDS, Convention, convention_of
from nqp.econometrics.equation import ENTITY, GROUP, is_trend, parts_of
from nqp.language.labels import Label
from nqp.language.words import in_sentence
from nqp.study.names import variable_name

if TYPE_CHECKING:
    from nqp.estimates.regressions import Estimates
    from nqp.study.marts import Marts

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
        "两步 GMM：权重为矩条件聚类协方差的逆（取自 2SLS 残差，无小样本因子）；标准误取自最终残差。",
        "Two-step GMM: weighted by the inverse clustered covariance of the moments at the 2SLS residuals, without a small-sample "
        "factor; standard errors from the final residuals.",
    ),
}


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
