"""What other ways of building the index do to the verdict on each hypothesis, and leaving one indicator out to the main coefficient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from nqp.econometrics.equation import EstimationError
from nqp.estimates.multiverse import coefficients_of
from nqp.estimates.robustness import model_at

if TYPE_CHECKING:
    from nqp.estimates.multiverse import Universe
    from nqp.study.marts import Marts
    from nqp.study.specification import Specification

VERDICTS = ["hypothesis", "verdict", "recipes", "share"]
WITHOUT = [
    "indicator_code", "spec_code", "estimate", "se_cluster", "p_cluster", "estimate_per_sd", "change_per_sd",
    "correlation", "rank_correlation",
]  # fmt: skip


def verdicts_over_recipes(specification: Specification, marts: Marts, universe: Universe) -> pd.DataFrame:
    """How many ways of building the index give which verdict on a hypothesis, by the clustered test at its level; no row for
    a hypothesis that is not about an index or sub-index, is instrumented or weighted. The stricter tests are not made by recipe.
    """
    found = [
        pd.DataFrame(columns=VERDICTS),
        *(_verdicts(specification, marts, universe, place) for place in range(len(specification.hypotheses))),
    ]
    return pd.concat([one for one in found if len(one)] or found[:1], ignore_index=True)


def _verdicts(specification: Specification, marts: Marts, universe: Universe, place: int) -> pd.DataFrame:
    hypothesis = specification.hypotheses[place]
    term, model = hypothesis.address.term, model_at(specification, hypothesis.address)
    scores = pd.concat([universe.marts.spec_scores, universe.marts.spec_dimension_scores], ignore_index=True)
    recipes = universe.distinct["spec_code"].unique()
    scores = scores[(scores["index_code"] == term) & scores["spec_code"].isin(recipes)]
    if scores.empty or model.instruments or not model.is_plain:
        return pd.DataFrame(columns=VERDICTS)
    wide = scores.pivot(index=["entity_code", "year"], columns="spec_code", values="score")
    wide = wide.dropna(axis=1).reindex(marts.panel.index).astype(float)
    try:
        fits = coefficients_of(marts, model, term, wide, (model.outcome,), (model.controls,))
    except EstimationError:
        return pd.DataFrame(columns=VERDICTS)
    fits = fits.dropna(subset=["estimate"])
    as_stated = (fits["estimate"] > 0) == (hypothesis.sign == "positive")
    sure = fits["p_cluster"] < hypothesis.level
    counts = {
        "supported": int((sure & as_stated).sum()),
        "contradicted": int((sure & ~as_stated).sum()),
        "not significant": int((~sure).sum()),
    }
    rows = [
        {"hypothesis": hypothesis.code, "verdict": name, "recipes": count, "share": count / len(fits)}
        for name, count in counts.items()
        if count
    ]
    return pd.DataFrame(rows, columns=VERDICTS)


def without_each_indicator(universe: Universe) -> pd.DataFrame:
    """The main coefficient with the index built as in the baseline but for one indicator, beside how alike the scores are."""
    base = universe.baseline
    fits = universe.coefficients
    same = (fits["outcome"] == base["outcome"]) & (fits["controls"] == base["controls"])
    rows = universe.marts.index_without_indicator
    rows = rows[rows["index_code"] == universe.index]
    found = rows.merge(fits[same], on="spec_code")
    found["change_per_sd"] = found["estimate_per_sd"] / base["estimate_per_sd"] - 1
    return found[WITHOUT].sort_values("indicator_code", kind="stable").reset_index(drop=True)
