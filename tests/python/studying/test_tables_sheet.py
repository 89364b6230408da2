"""The tables that describe variables fit into rows of a workbook, and come back as they were."""

from __future__ import annotations

import re

import pytest
from nqp.errors import StudyError
from nqp.study.specification_described import KINDS
from nqp.studying.files import Sheet
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


WEIGHTED = {
    "study": {"title": "Study"},
    "tables": [
        {
            "code": "t", "title": "T", "outcome": "y", "core": ["x"], "cluster": ["entity", "year"],
            "columns": [
                {"code": "1", "weights": {"analytic": "people"}},
                {"code": "2", "weights": {"frequency": "firms"}},
                {"code": "3", "effects": [], "weights": {}, "constant": False},
                {"code": "4", "instruments": ["z", "z2"], "estimator": "liml"},
            ],
        },
        {"code": "u", "title": "U", "outcome": "y", "core": ["x"], "weights": {"analytic": "people"}},
    ],
}  # fmt: skip


def test_weights_clusters_and_estimators_are_columns_of_the_sheet_both_ways() -> None:
    specification = write_toml(WEIGHTED)
    sheets = sheets_of(specification)
    assert sheets is not None
    records = sheets[1].records()
    assert [row["weights"] for row in records] == [
        "analytic: people", "frequency: firms", "none", "", "analytic: people",
    ]  # fmt: skip
    assert [row["constant"] for row in records] == ["", "", "no", "", ""]
    assert [row["estimator"] for row in records] == ["", "", "", "liml", ""]
    assert {row["cluster"] for row in records[:4]} == {"entity, year"}
    assert specification_of(*sheets, "book.xlsx") == specification


@pytest.mark.parametrize(
    ("cell", "wrong", "says"),
    [
        (
            "weights",
            "people",
            "weights is 'people'. Write 'analytic: variable', 'frequency: variable' or none",
        ),
        ("constant", "never", "constant is 'never'. Write no, or nothing"),
    ],
)
def test_a_cell_that_says_no_weights_is_named(cell: str, wrong: str, says: str) -> None:
    tables = Sheet.of(
        ("table", "outcome", "core", cell), [{"table": "t", "outcome": "y", "core": "x", cell: wrong}]
    )
    with pytest.raises(StudyError, match=re.escape(f"book.xlsx: sheet tables, row 2: {says}")):
        specification_of(None, tables, "book.xlsx")
