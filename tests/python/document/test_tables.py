"""The table object: what it prints, what it refuses, what its tidy form holds."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from nqp.document.cells import (
    Blank,
    Cell,
    Check,
    Count,
    Estimate,
    Interval,
    Number,
    PBelow,
    Percent,
    PValue,
    StdError,
    Text,
    TValue,
)
from nqp.document.table import TIDY_FIELDS, Block, Column, ColumnGroup, Row, Table, tidy
from nqp.language.labels import NOTHING, Label

UNKNOWN: Any = "unknown"
NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Estimate(0.18, "***"), "0.180***"),
        (Estimate(-0.0004, "*"), "-0.000400*"),
        (Estimate(0.0), "0.000"),
        (Estimate(0.000499), "0.000499"),
        (Estimate(0.00050), "0.001"),
        (Estimate(1.234e-8, "***"), "1.23e-8***"),
        (Estimate(-9.999e-8), "-1.00e-7"),
        (StdError(0.00001), "(0.0000100)"),
        (StdError(2.5e-9), "(2.50e-9)"),
        (StdError(0.0123, square=True), "[0.012]"),
        (TValue(-2.345), "(-2.35)"),
        (PBelow(0.0001), "(<0.001)"),
        (PBelow(0.25, square=True), "[0.250]"),
        (Interval(0.0001, 0.0002), "[0.000, 0.000]"),
        (Interval(0.0001, 0.0002, visible=True), "[0.000100, 0.000200]"),
        (Interval(0.1, 0.2, square=False), "(0.100, 0.200)"),
        (Estimate(-0.0006), "-0.001"),
        (Estimate(None, "***"), "–"),
        (StdError(0.016), "(0.016)"),
        (StdError(NAN), "–"),
        (Number(-0.0, 0), "0"),
        (Number(-12345.678, 1), "-12,345.7"),
        (Number(-INFINITY, 2), "-∞"),
        (Count(1240), "1,240"),
        (Count(None), "–"),
        (Percent(0.2534), "25.3%"),
        (Percent(-0.0001), "0.0%"),
        (PValue(0.0456), "0.046"),
        (PValue(0.001), "0.001"),
        (PValue(0.00099), "<0.001"),
        (PValue(0.0), "<0.001"),
        (PValue(0.00099, 4), "0.0010"),
        (PValue(None), "–"),
        (Interval(-0.0001, 0.25, 2), "[0.00, 0.25]"),
        (Interval(None, 1.0), "[–, 1.000]"),
        (Interval(NAN, None), "–"),
        (Check(True), "Yes"),
        (Text(Label("是的", "words")), "words"),
        (Blank(), ""),
    ],
)
def test_a_cell_prints_as_a_journal_would(cell: Cell, text: str) -> None:
    assert str(cell.pieces("en")) == text


def test_words_depend_on_the_language_and_fall_back_to_the_other() -> None:
    assert str(Check(False).pieces("zh")) == "否"
    assert Label("", "only English").in_("zh") == "only English"
    assert Label("只有中文", "").in_("en") == "只有中文"


def test_only_whole_listed_symbols_are_italic() -> None:
    label = Label("调整后 R²", "Robust R² of R&D, F(1, 29)", italic=("R", "F"))
    assert label.parts("zh") == (("调整后 ", False), ("R", True), ("²", False))
    assert [piece for piece, italic in label.parts("en") if italic] == ["R", "F"]
    assert Label.both("<i>R</i>").parts("en") == (("<i>R</i>", False),)
    assert NOTHING.parts("zh") == ()


def test_stars_and_decimals_are_checked() -> None:
    with pytest.raises(ValueError, match="stars must be one of"):
        Estimate(1.0, "****")
    with pytest.raises(ValueError, match="decimals must be in"):
        Number(1.0, -1)


def small() -> Table:
    columns = (Column("a", Label.both("(1)"), group="g"), Column("b", Label.both("(2)"), group="g"))
    rows = (
        Row(Label("核心", "Core"), (Estimate(1 / 3, "**"), Blank()), "emphasis"),
        Row(NOTHING, (StdError(0.1), Interval(-1.0, 1.0)), "se"),
    )
    return Table(
        "small",
        Label("表 1", "Table 1"),
        Label("题名", "Title"),
        NOTHING,
        (ColumnGroup("g", Label("组", "Group")),),
        columns,
        (Block(rows, Label("面板 A", "Panel A")),),
    )


def test_a_table_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        small().code = "other"  # type: ignore[misc]


A, B, C = (Column(code, Label.both(code)) for code in "abc")
GROUP = ColumnGroup("g", Label.both("g"))
ROW = Row(Label.both("x"), (Blank(), Blank()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": "1/../x"}, "table code '1/../x'"),
        ({"title": NOTHING}, "'small': the title is empty"),
        ({"columns": (), "groups": ()}, "no columns"),
        ({"columns": (A, A), "groups": ()}, "column code used twice: a"),
        ({"columns": (A, B)}, "group 'g': its columns must be neighbours"),
        ({"columns": (A, replace(B, group="h")), "groups": ()}, "column 'b': unknown group 'h'"),
        (
            {"columns": (replace(A, group="g"), B, replace(C, group="g"))},
            "group 'g': its columns must be neighb",
        ),
        (
            {"columns": (replace(A, align=UNKNOWN), B), "groups": ()},
            "column 'a': unknown alignment 'unknown'",
        ),
        ({"columns": (replace(A, width=0), B), "groups": ()}, "column 'a': width 0"),
        ({"label_width": 99}, "label width 99"),
        ({"blocks": ()}, "no blocks"),
        ({"blocks": (Block(()),)}, "block 1 has no rows"),
        (
            {"blocks": (Block((ROW, replace(ROW, cells=(Blank(),)))),)},
            r"row 2 \('x'\): 1 cells for 2 columns",
        ),
        ({"blocks": (Block((replace(ROW, kind=UNKNOWN),)),)}, "unknown kind 'unknown'"),
        ({"blocks": (Block((Row(NOTHING, ROW.cells, "se"),)),)}, "may have no label"),
        ({"blocks": (Block((ROW, Row(NOTHING, ROW.cells))),)}, "may have no label"),
    ],
)
def test_a_table_that_cannot_be_printed_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(small(), **change)  # type: ignore[arg-type]


def test_tidy_keeps_every_digit_and_leaves_blanks_out() -> None:
    first, second, third = tidy(small())
    assert tuple(first) == TIDY_FIELDS
    assert first["value"] == round(1 / 3, 12), "to the digits that are written"
    assert (first["kind"], first["stars"], first["printed"]) == ("estimate", "**", "0.333**")
    assert (first["block"], first["block_title_en"], first["group_label_zh"]) == (1, "Panel A", "组")
    assert (second["kind"], second["row"], second["column"]) == ("std_error", 2, "a")
    assert second["row_label_en"] == "Core", "a standard error carries the label of the row above"
    assert (third["value"], third["value_high"], third["printed"]) == (-1.0, 1.0, "[-1.000, 1.000]")


def test_tidy_holds_no_nan() -> None:
    rows = (Row(Label.both("x"), (Number(NAN), Interval(NAN, NAN))),)
    cells = tidy(replace(small(), blocks=(Block(rows),)))
    assert [(c["value"], c["value_high"], c["printed"]) for c in cells] == [(None, None, "–")] * 2


def test_neighbouring_columns_of_a_panel_are_named_together() -> None:
    from nqp.tables.regressions import _runs

    assert _runs(["A(1)", "A(2)", "A(3)", "B(4)", "B(5)", "(7)"]) == ["A(1)–(3)", "B(4), B(5)", "(7)"]
    assert _runs(["(1)", "(3)", "(4)", "(5)"]) == ["(1)", "(3)–(5)"]
