"""The marts that say how far figures and indices can be relied on; a build of a large panel leaves them out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nqp.study.database import has_marts, read_frames

if TYPE_CHECKING:
    import pandas as pd

QUERIES = {
    "index_agreement": "select * from marts.index_agreement order by index_code, other_index_code",
    "series_jumps": "select * from marts.series_jumps order by series_code, entity_code, year",
    "series_totals": "select * from marts.series_totals order by series_code, year",
}


@dataclass(frozen=True)
class Evidence:
    """Each frame has the columns of the mart of its name."""

    index_agreement: pd.DataFrame
    series_jumps: pd.DataFrame
    series_totals: pd.DataFrame


def read_evidence(database: Path) -> Evidence | None:
    """The frames of the evidence; None where the build left them out (``dbt build --selector scale``)."""
    if not has_marts(database, QUERIES):
        return None
    return Evidence(**read_frames(database, QUERIES))
