"""What the effects and clusters of a regression are called, and the sentence that states their convention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.econometrics.covariances import COVARIANCES, Convention, convention_of
from nqp.econometrics.equation import ENTITY, GROUP, is_trend, parts_of
from nqp.language.labels import Label
from nqp.language.words import in_sentence
from nqp.study.names import variable_name

if TYPE_CHECKING:
    from nqp.estimates.regressions import Estimates
    from nqp.study.marts import Marts

ANY_ENTITY, ANY_GROUP = Label("个体", "entity"), Label("组", "group")
SEE_NOTES = Label("聚类层次见各表注。", "The levels of clusters stand in the notes of each table.")


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
            return COVARIANCES[covariance]
        levels = [self.combination(level) for level in clusters]
        return convention_of(covariance, [level.zh for level in levels], [level.en for level in levels])


def convention_of_run(estimates: Estimates) -> Label:
    """How the covariance of a whole run is called; where columns have clusters of their own, where to read that."""
    known = COVARIANCES[estimates.covariance]
    label = Label(f"{known.label_zh}。", f"{known.label_en}.")
    if all(equation.fit.clusters == ENTITY for equation in estimates.equations):
        return label
    return Label(label.zh + SEE_NOTES.zh, f"{label.en} {SEE_NOTES.en}")
