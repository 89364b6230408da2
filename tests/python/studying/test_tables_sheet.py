"""The tables that describe variables fit into rows of a workbook, and come back as they were."""

from __future__ import annotations

from nqp.study.specification_described import KINDS
from nqp.studying.tables_sheet import sheets_of, specification_of
from nqp.studying.toml import write_toml


def test_every_kind_that_describes_variables_is_a_row_of_the_sheet() -> None:
    tables = []
    for kind in KINDS:
        by = {"by": "late"} if kind == "balance" else {}
        tables.append(
            {"code": f"t_{kind}", "kind": kind, "title": "T", **by, "variables": ["growth", "schooling"]}
        )
    specification = write_toml({"study": {"title": "Study"}, "tables": tables})
    sheets = sheets_of(specification)
    assert sheets is not None
    study, rows = sheets
    assert [(row["kind"], row["by"], row["variables"]) for row in rows.records()] == [
        (kind, "late" if kind == "balance" else "", "growth, schooling") for kind in KINDS
    ]
    assert specification_of(study, rows, "book.xlsx") == specification
