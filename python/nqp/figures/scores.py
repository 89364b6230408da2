"""The scores of an index as its figures read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from nqp.language.labels import Label

if TYPE_CHECKING:
    from nqp.study.marts import Marts


SCORES_SOURCE = Label(
    "数据集市 index_scores；所据原始数据见排名表下的明细。",
    "mart index_scores; the published figures behind it open below the ranking table.",
)


def scores_of(marts: Marts, index: str) -> pd.DataFrame:
    """Scores of an index in the baseline with names, groups and tiles, ordered by year and rank."""
    scores = marts.index_scores
    scores = scores[scores["index_code"] == index]
    if "spec_code" in scores and scores["spec_code"].nunique() > 1:
        scores = scores[scores["spec_code"] == "baseline"]
    columns = ["entity_code", "name_zh", "name_en", "group_code", "group_name_zh", "group_name_en",
               "group_sort_order", "tile_row", "tile_column"]  # fmt: skip
    scores = scores[["entity_code", "year", "score", "rank"]].merge(marts.entities[columns], on="entity_code")
    return scores.sort_values(["year", "rank", "entity_code"], kind="stable").reset_index(drop=True)
