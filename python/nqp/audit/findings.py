"""What the audit finds: the SQL findings and those of rule A1, in the order of the rules."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from nqp.audit.rules import RULES
from nqp.audit.stars import star_findings
from nqp.audit.verdicts import Finding
from nqp.study.database import has_marts, read_frames

if TYPE_CHECKING:
    from pathlib import Path

QUERIES = {
    "findings": "select * from marts.audit_findings",
    "cells": (
        "select * from audit.audit_cells where model_code is not null and low is not null "
        "order by table_code, model_code, equation, term, quantity"
    ),
    "columns": "select * from audit.audit_columns order by table_code, model_code",
    "matches": "select * from audit.audit_matches where place <= 3 or is_as_defined order by variable_code, place",
    "descriptives": "select * from staging.published_descriptives order by variable_code",
}


@dataclass(frozen=True, eq=False)
class Audit:
    """All findings in the order of the rules, and what the page shows beside them."""

    findings: tuple[Finding, ...]
    matches: pd.DataFrame
    descriptives: pd.DataFrame

    def frame(self) -> pd.DataFrame:
        """The findings as a frame, one row each."""
        return pd.DataFrame(
            [asdict(finding) for finding in self.findings], columns=list(Finding.__annotations__)
        )

    def count(self, verdict: str, rule: str | None = None) -> int:
        """How many findings have a verdict."""
        return sum(f.verdict == verdict and rule in (None, f.rule) for f in self.findings)


def audit_tables(database: Path) -> Audit:
    """Read the SQL findings and add those of A1.

    Raises StudyError if the database is absent, locked or was built without the audit.
    """
    frames = read_frames(database, QUERIES)
    found = [Finding(**row) for row in _records(frames["findings"])]
    found += star_findings(frames["cells"], frames["columns"])
    order = {rule.code: position for position, rule in enumerate(RULES)}
    found.sort(key=lambda f: (order[f.rule], f.table_code, f.model_code, f.cells, f.explanation_en))
    return Audit(tuple(found), frames["matches"], frames["descriptives"])


def audit_if_built(database: Path) -> Audit:
    """The audit, without findings where the build left it out (``dbt build --selector scale``).

    Raises StudyError if the database is absent or locked.
    """
    if has_marts(database, ["audit_findings"]):
        return audit_tables(database)
    return Audit((), pd.DataFrame(), pd.DataFrame())


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows, with a blank where a text is absent: a rule on a whole table names no column."""
    texts = frame[["table_code", "model_code", "cells"]].astype(object)
    rows: list[dict[str, Any]] = frame.assign(**texts.where(texts.notna(), "")).to_dict("records")
    return rows
