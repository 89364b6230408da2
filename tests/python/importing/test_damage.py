"""A campaign of damaged files: the right figures, or one named refusal or question; never a wrong figure, never a traceback.

Every damage meets every layout; formats, encodings and panels take turns. A damage that leaves a file which could as
well be sound (a figure moved to where a blank was) is no test of reading, and none is made.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import panels
import pytest
import writing
from nqp.errors import StudyError
from nqp.importing import Reading, read_files
from test_round_trip import FORMATS, figures
from writing import LAYOUTS, Cell, Panel, Ragged, Sheet, printed

Rows = list[list[Cell]]
Damage = Callable[[Rows, Panel, random.Random], None]
FULL = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
TEXT_FORMATS = (
    "csv",
    "csv with a mark",
    "csv gb18030",
    "tsv",
    "bars",
    "xlsx as text",
    "xlsx",
    "html",
    "xls as text",
)


def places(rows: Rows) -> list[tuple[int, int]]:
    """The cells that hold figures."""
    return [
        (r, c)
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        if isinstance(cell, Decimal) and cell not in (99999, 8888)
    ]


def table_rows(rows: Rows) -> list[int]:
    return sorted({r for r, _ in places(rows)})


def on_cells(change: Callable[[str, int], Cell], every: int = 1) -> Damage:
    """Change every figure, or every n-th."""

    def damage(rows: Rows, panel: Panel, draw: random.Random) -> None:
        for i, (r, c) in enumerate(places(rows)):
            if i % every == 0:
                rows[r][c] = change(printed(rows[r][c]), i)

    return damage


def missing_as(symbol: str) -> Damage:
    def damage(rows: Rows, panel: Panel, draw: random.Random) -> None:
        head = min(table_rows(rows))
        width = max(c for _, c in places(rows))
        for row in rows[head:]:
            if any(isinstance(c, Decimal) for c in row):
                for c in range(2 if row[1] is None or isinstance(row[1], str) else 1, width + 1):
                    if row[c] is None:
                        row[c] = symbol

    return damage


def on_names(change: Callable[[str], str], only: int | None = None) -> Damage:
    def damage(rows: Rows, panel: Panel, draw: random.Random) -> None:
        names = set(list(panel.names.values())[: only or None])
        for row in rows:
            for c, cell in enumerate(row):
                if str(cell).removeprefix("地区：") in names:
                    row[c] = str(cell)[: -len(str(cell).removeprefix("地区："))] + change(
                        str(cell).removeprefix("地区：")
                    )

    return damage


def on_years(change: Callable[[str], str]) -> Damage:
    def damage(rows: Rows, panel: Panel, draw: random.Random) -> None:
        years = {f"{y}{tail}" for y in panel.years for tail in ("", "年")}
        for row in rows:
            for c, cell in enumerate(row):
                if cell in years:
                    row[c] = change(str(cell)[:4])

    return damage


def blank_row(rows: Rows, panel: Panel, draw: random.Random) -> None:
    at = table_rows(rows)[-1]
    rows.insert(at, [None] * len(rows[at]))


def blank_column(rows: Rows, panel: Panel, draw: random.Random) -> None:
    at = max(c for _, c in places(rows))
    for row in rows:
        if len(row) > at:
            row.insert(at + 1, None)


def equal_row_again(rows: Rows, panel: Panel, draw: random.Random) -> None:
    at = draw.choice(table_rows(rows))
    rows.insert(at + 1, list(rows[at]))


def other_row_again(rows: Rows, panel: Panel, draw: random.Random) -> None:
    at = draw.choice(table_rows(rows))
    rows.insert(at + 1, [c + 1 if isinstance(c, Decimal) else c for c in rows[at]])


def row_moved_right(rows: Rows, panel: Panel, draw: random.Random) -> None:
    at = draw.choice([r for r in table_rows(rows) if isinstance(rows[r][-1], Decimal)])
    rows[at].insert(0, None)


def row_moved_left(rows: Rows, panel: Panel, draw: random.Random) -> None:
    at = draw.choice(table_rows(rows))
    rows[at] = [*rows[at][1:], None]


def figures_moved_right(rows: Rows, panel: Panel, draw: random.Random) -> None:
    at = draw.choice([r for r in table_rows(rows) if isinstance(rows[r][-1], Decimal)])
    first = next(c for c, cell in enumerate(rows[at]) if isinstance(cell, Decimal))
    rows[at].insert(first, None)


def heading_moved_left(rows: Rows, panel: Panel, draw: random.Random) -> None:
    at = _heading(rows)
    rows[at] = [*rows[at][1:], None]


def heading_lost(rows: Rows, panel: Panel, draw: random.Random) -> None:
    at = _heading(rows)
    rows[at][-1] = None


def _heading(rows: Rows) -> int:
    return max(
        r
        for r in range(table_rows(rows)[0])
        if sum(1 for c in rows[r] if c is not None) > 1 and not any(isinstance(c, Decimal) for c in rows[r])
    )


def field_lost(rows: Rows, panel: Panel, draw: random.Random) -> None:
    r, c = draw.choice(places(rows))
    rows[r] = Ragged(rows[r][:c] + rows[r][c + 1 :])


def field_more(rows: Rows, panel: Panel, draw: random.Random) -> None:
    r, c = draw.choice(places(rows))
    rows[r] = Ragged([*rows[r][:c], Decimal(1), *rows[r][c:]])


def note_below(rows: Rows, panel: Panel, draw: random.Random) -> None:
    rows.append(["注：2015年为1%人口抽样调查样本数据，与其他年份不可比。"])


def thousands(text: str, i: int) -> Cell:
    return f"{Decimal(text):,f}"


RIGHT: dict[str, Damage] = {  # what a careful reader reads rightly
    "dash": missing_as("—"), "hyphen": missing_as("-"), "dots": missing_as(".."), "ellipsis": missing_as("…"),
    "colon": missing_as(":"), "NA": missing_as("NA"), "blanks": missing_as(" \u3000"),
    "full-width figures": on_cells(lambda t, i: t.translate(FULL)),
    "blanks around": on_cells(lambda t, i: f" {t}\u00a0"), "tabs behind": on_cells(lambda t, i: f"{t}\t "),
    "true minus": on_cells(lambda t, i: t.replace("-", "\u2212")),
    "footnotes": on_cells(lambda t, i: f"{t}①", every=3), "flags": on_cells(lambda t, i: f"{t} e", every=3),
    "stars": on_cells(lambda t, i: f"{t}*", every=4), "apostrophe": on_cells(lambda t, i: f"'{t}"),
    "names with blanks": on_names(lambda n: " ".join(n) if n[0] > "z" else n), "marked names": on_names(lambda n: f"{n}①", only=1),
    "starred names": on_names(lambda n: f"{n}*", only=1),
    "years with 年": on_years(lambda y: f"{y}年"), "years with .0": on_years(lambda y: f"{y}.0"),
    "full-width years": on_years(lambda y: y.translate(FULL)), "marked years": on_years(lambda y: f"{y}①"),
    "years as dates": on_years(lambda y: f"{y}-12-31"),
    "blank row": blank_row, "blank column": blank_column, "equal row again": equal_row_again, "note below": note_below,
}  # fmt: skip
REFUSED: dict[str, Damage] = {  # what nobody can read
    "letter O": on_cells(lambda t, i: t.replace("0", "O") if "0" in t else t + "O", every=5),
    "words": on_cells(lambda t, i: "约" + t, every=7), "unit in the cell": on_cells(lambda t, i: t + "亿", every=7),
    "two numbers": on_cells(lambda t, i: f"{t}/{t}", every=9), "broken thousands": on_cells(lambda t, i: "12,34,567.5", every=9),
    "unknown name": on_names(lambda n: n[0] + "某某" + n[1:], only=1),
    "other row again": other_row_again, "row moved left": row_moved_left, "row moved right": row_moved_right,
    "figures moved right": figures_moved_right, "field lost": field_lost, "field more": field_more,
}  # fmt: skip
EITHER: dict[str, Damage] = {  # right or refused, as the rest of the table decides
    "thousands": on_cells(thousands), "two kinds of decimals": on_cells(lambda t, i: t.replace(".", ",") if i % 3 else t),
    "decimal commas": on_cells(lambda t, i: t.replace(".", ",")), "percent signs": on_cells(lambda t, i: t + "%", every=2),
    "heading moved left": heading_moved_left, "heading lost": heading_lost, "scientific": on_cells(lambda t, i: f"{Decimal(t):E}"),
}  # fmt: skip
ALL = RIGHT | REFUSED | EITHER
CASES = [(damage, layout) for damage in ALL for layout in LAYOUTS]


def made(damage: str, layout: str, number: int, folder: Path) -> tuple[Panel, list[Path], str]:
    """One damaged file (or as many as the layout has sheets; the first is damaged)."""
    draw = random.Random(f"{damage} {layout} {number}")
    formats = TEXT_FORMATS if damage in EITHER else (*TEXT_FORMATS, "xlsx", "xls")
    if damage.startswith("field"):
        formats = ("csv", "csv with a mark", "csv gb18030", "tsv", "bars", "decimal comma")
    format_ = formats[(number * 7 + len(damage) + 3 * len(layout)) % len(formats)]
    spelling = draw.choice((0, 1)) if damage in ("unknown name", "names with blanks") else None
    # a file per series is known by its title, one per year or entity by its name
    series = (
        1
        if layout in ("entity_by_year", "year_by_entity", "blocks")
        else 2
        if damage == "heading lost"
        else None
    )
    panel = panels.panel(
        draw.randrange(10**6),
        entities=draw.randint(3, 6),
        years=draw.randint(3, 6),
        series=series,
        spelling=spelling,
    )
    sheets = LAYOUTS[layout](panel)
    height = len(sheets[0].rows)
    ALL[damage](sheets[0].rows, panel, draw)
    if layout == "eps" and len(sheets[0].rows) != height:
        sheets[0].merged.clear()  # the ranges no longer fit
    return panel, FORMATS[format_](sheets, folder), format_


def tried(paths: list[Path]) -> tuple[Reading | None, str]:
    """What was read, or the refusal."""
    try:
        return read_files(paths), ""
    except StudyError as error:
        return None, str(error)


@pytest.mark.parametrize("damage", ALL)
def test_damaged_files(damage: str, tmp_path: Path) -> None:
    for number, layout in enumerate(LAYOUTS):
        folder = tmp_path / layout
        folder.mkdir()
        panel, paths, format_ = made(damage, layout, number, folder)
        read, error = tried(paths)
        if read is None:
            assert damage not in RIGHT, f"{layout}, {format_}: {error}"
            assert paths[0].suffix in error or "two figures" in error
            continue
        if read.blocking:
            assert damage not in RIGHT, f"{layout}, {format_}: {read.blocking[0].text.en}"
            continue
        got = figures(read)
        wrong = {k: (got.get(k), v) for k, v in panel.figures.items() if got.get(k, "absent") != v}
        assert not wrong, f"{layout}, {format_}: {wrong}"
        assert got == panel.figures, f"{layout}, {format_}"
        assert damage not in REFUSED, f"{layout}, {format_}: read as if it were sound"


def test_the_campaign_is_large() -> None:
    assert len(CASES) >= 450


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda b: b[: len(b) * 2 // 3],
    "cut in a character": lambda b: b[: b.rindex("数".encode()) + 1] + b"\n",
    "zero bytes": lambda b: b.replace(b",", b"\x00,", 1),
    "one bad byte": lambda b: b[:80] + b"\xff" + b[80:],
    "lost characters": lambda b: b.replace("京".encode(), "\ufffd".encode()),
    "gb18030 in utf-8": lambda b: b.decode().encode("gb18030")[:60] + b[60:],
    "cp1252 letters": lambda b: (
        b.decode().replace("北京", "C\u00f4te d'Ivoire").encode("cp1252", errors="ignore")
    ),
    "random": lambda b: bytes((x * 7 + i * 13) % 256 for i, x in enumerate(b)),
    "empty": lambda b: b"",
    "blank": lambda b: b" \r\n\r\n",
}


@pytest.mark.parametrize("damage", BYTES)
@pytest.mark.parametrize("format_", ["csv", "xlsx", "xls", "html", "parquet"])
def test_damaged_bytes(damage: str, format_: str, tmp_path: Path) -> None:
    panel = panels.panel(5, entities=4, years=4, series=1, spelling=1)
    sheets = writing.entity_by_year(panel)
    if format_ == "parquet":
        import duckdb

        path = tmp_path / "a.parquet"
        duckdb.sql(f"copy (select '北京数' as province, 2010 as year, 1.5 as x) to '{path}' (format parquet)")
        paths = [path]
    else:
        paths = FORMATS[format_](sheets, tmp_path)
    whole = paths[0].read_bytes()
    try:
        paths[0].write_bytes(BYTES[damage](whole))
    except (ValueError, UnicodeError):
        paths[0].write_bytes(whole[:100])
    read, error = tried(paths)
    if read is None:
        assert paths[0].name in error
        return
    if not read.blocking and format_ != "parquet":
        got = figures(read)
        assert {k: v for k, v in got.items() if k in panel.figures} == {
            k: v for k, v in panel.figures.items() if k in got
        }


def test_a_formula_without_a_result_is_refused(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["地区", "2019年", "2020年"],
        ["北京", Decimal(1), Decimal(2)],
        ["天津", Decimal(3), "=B3+1"],
    ]
    path = writing.as_xlsx([Sheet("data", rows)], tmp_path / "a.xlsx")
    with pytest.raises(StudyError, match="row 3, column C: a formula without a stored result"):
        read_files([path])
