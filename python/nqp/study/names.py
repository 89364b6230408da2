"""What the variables, entities and groups of a study are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nqp.econometrics.terms import Factor, factors
from nqp.language.labels import Label

if TYPE_CHECKING:
    from nqp.study.marts import Marts

FEW = 6  # as many parts as there are colours


def text_of(value: Any) -> str:
    """A text of a mart, '' where it is null."""
    return value if isinstance(value, str) else ""


def name_of(row: Mapping[str, Any], stem: str = "name") -> Label:
    """The two languages of a pair of columns, ``name_zh`` and ``name_en``."""
    return Label(text_of(row[f"{stem}_zh"]), text_of(row[f"{stem}_en"]))


def variable_name(marts: Marts, code: str) -> Label:
    """The name of a variable or an index; a lag, a lead, a square and a product say what they are."""
    parts = [_factor_name(marts, factor) for factor in factors(code)]
    if len(parts) == 2 and parts[0] == parts[1]:
        return Label(f"{parts[0].zh}的平方", f"{parts[0].en}, squared")
    return Label(" × ".join(part.zh for part in parts), " × ".join(part.en for part in parts))


def _factor_name(marts: Marts, factor: Factor) -> Label:
    known = marts.variables["variable_code"] == factor.column
    name, years = name_of(marts.variables[known].iloc[0].to_dict()), abs(factor.lag)
    if not years:
        return name
    zh, en = ("滞后", "lag") if factor.lag > 0 else ("提前", "lead")
    return Label(f"{name.zh}（{zh} {years} 期）", f"{name.en}, {en} {years}")


def entity_names(marts: Marts) -> dict[str, Label]:
    """The name of every entity by its code."""
    return {row["entity_code"]: name_of(row) for row in marts.entities.to_dict("records")}


def group_names(marts: Marts) -> dict[str, Label]:
    """The name of every group by its code."""
    return {row["group_code"]: name_of(row, "group_name") for row in marts.entities.to_dict("records")}


def indices_of(marts: Marts) -> list[str]:
    """The composite indices of the study; a sub-index has a dot in its code."""
    return [code for code in dict.fromkeys(marts.index_scores["index_code"]) if "." not in code]


def own_indices(marts: Marts) -> list[str]:
    """The composite indices that have indicators of their own: a variant of another one is not shown by itself."""
    variants = (
        set(marts.indices.loc[marts.indices["based_on"].notna(), "index_code"])
        if len(marts.indices)
        else set()
    )
    return [code for code in indices_of(marts) if code not in variants]


def main_indices(marts: Marts) -> list[str]:
    """The indices that a study is about: those that it builds in every way, or all if it says nothing."""
    if not len(marts.indices):
        return indices_of(marts)
    main = set(marts.indices.loc[marts.indices["has_recipes"], "index_code"])
    own = own_indices(marts)
    return [code for code in own if code in main] or own


def ranked(marts: Marts, index: str) -> list[str]:
    """The entities in the order of the last year's ranks."""
    scores = marts.index_scores[marts.index_scores["index_code"] == index]
    last = scores[scores["year"] == scores["year"].max()]
    return list(last.sort_values(["rank", "entity_code"], kind="stable")["entity_code"])


def parts_of(marts: Marts, index: str) -> dict[str, Label]:
    """The parts of an index in figures: its dimensions, or the indicators if these are few or of one dimension."""
    rows = marts.indicators[marts.indicators["index_code"] == index].to_dict("records")
    dimensions = {row["dimension_code"]: name_of(row, "dimension_name") for row in rows}
    if len(dimensions) > 1 and len(rows) > FEW:
        return dimensions
    return {row["indicator_code"]: name_of(row) for row in rows}
