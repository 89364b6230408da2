"""How much of the study's first coefficient rests on one entity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from nqp.econometrics.equation import EstimationError
from nqp.econometrics.influence import Influence, influence
from nqp.estimates.engine import ROWS

if TYPE_CHECKING:
    from nqp.estimates.engine import Engine
    from nqp.estimates.robustness import Robustness
    from nqp.study.specification import Specification

COLUMNS = ["entity_code", "share_within", "leverage", "estimate", "std_error", "df", "p_value", "dfbeta"]


def influence_of_headline(
    specification: Specification, engine: Engine, robustness: Robustness, covariance: str
) -> Influence | None:
    """The influence of each entity on the first headline as the tables under ``covariance`` show it; None without rows, or where the column lacks the term."""
    from nqp.estimates.robustness import fit_at

    if not specification.headlines or not engine.offers(ROWS):
        return None
    address = specification.headlines[0]
    fitted = fit_at(specification, address, engine, covariance).with_rows
    if fitted is None or address.term not in fitted.terms:
        return None
    known = [one.leave_one_out for one in robustness.sensitivities.values()]
    same = next(
        (one for one in known if one.term == address.term and one.full == float(fitted.params[address.term])),
        None,
    )
    try:
        return influence(fitted, address.term, without_each=same)
    except EstimationError:
        return None  # two entities: without one of them nothing is left to fit


def influence_frame(found: Influence | None) -> pd.DataFrame:
    """One row per entity: the table ``estimates.influence``."""
    if found is None:
        return pd.DataFrame(columns=COLUMNS)
    return found.table.rename_axis("entity_code").reset_index()[COLUMNS]
