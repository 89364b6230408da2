"""Writes a panel as other people write theirs: every layout, every format. The tests read it back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

NEWLINE = "\n"
Cell = str | Decimal | None
Key = tuple[str, str, str]  # entity code, year, series


class Ragged(list[Cell]):
    """A row that is written with the fields it has, and no more."""


@dataclass(frozen=True)
class Panel:
    """Figures by (entity code, year, series); None is a printed blank. `names`: what stands in the file for a code."""

    names: dict[str, str]
    years: tuple[str, ...]
    series: tuple[str, ...]
    unit: str
    figures: dict[Key, Decimal | None]

    def of(self, entity: str, year: str, series: str) -> Decimal | None:
        return self.figures[entity, year, series]

    def only(self, *, entity: str | None = None, year: str | None = None, series: str | None = None) -> Panel:
        """The part with one entity, one year or one series."""
        return Panel(
            {k: v for k, v in self.names.items() if entity in (None, k)},
            tuple(y for y in self.years if year in (None, y)),
            tuple(s for s in self.series if series in (None, s)),
            self.unit,
            {
                k: v
                for k, v in self.figures.items()
                if entity in (None, k[0]) and year in (None, k[1]) and series in (None, k[2])
            },
        )


@dataclass(frozen=True)
class Sheet:
    """Rows of one sheet; merged ranges as (first row, last row, first column, last column) from 0."""

    name: str
    rows: list[list[Cell]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def titled(p: Panel, series: str) -> str:
    return f"{series}({p.unit})" if p.unit else series


def long(p: Panel) -> list[Sheet]:
    rows: list[list[Cell]] = [["地区", "年份", "指标", "数值"]]
    rows += [
        [n, y, titled(p, s), p.of(e, y, s)] for s in p.series for e, n in p.names.items() for y in p.years
    ]
    return [Sheet("data", rows)]


def wide_panel(p: Panel) -> list[Sheet]:
    rows: list[list[Cell]] = [["province", "year", *(titled(p, s) for s in p.series)]]
    rows += [[n, y, *(p.of(e, y, s) for s in p.series)] for e, n in p.names.items() for y in p.years]
    return [Sheet("data", rows)]


def entity_by_year(p: Panel) -> list[Sheet]:
    """The portal's form: one file or sheet per series, newest year first, notes below."""
    out = []
    for s in p.series:
        rows: list[list[Cell]] = [["数据库：分省年度数据"], [f"指标：{titled(p, s)}"], ["时间：最近5年"]]
        rows.append(["地区", *(f"{y}年" for y in reversed(p.years))])
        rows += [[n, *(p.of(e, y, s) for y in reversed(p.years))] for e, n in p.names.items()]
        rows += [
            ["注：1.本表按当年价格计算，2004年以前见说明。"],
            ["　　　2.合计数略有误差。"],
            ["数据来源：国家统计局"],
        ]
        out.append(Sheet(s, rows))
    return out


def year_by_entity(p: Panel) -> list[Sheet]:
    return [
        Sheet(
            titled(p, s),
            [["年份", *p.names.values()], *([y, *(p.of(e, y, s) for e in p.names)] for y in p.years)],
        )
        for s in p.series
    ]


def indicator_by_year(p: Panel) -> list[Sheet]:
    """One entity to a sheet, named by the title."""
    out = []
    for e, n in p.names.items():
        rows: list[list[Cell]] = [[f"地区：{n}"], ["指标", *(f"{y}年" for y in p.years)]]
        rows += [[f"{titled(p, s)} ", *(p.of(e, y, s) for y in p.years)] for s in p.series]
        out.append(Sheet(n, rows))
    return out


def entity_by_indicator(p: Panel) -> list[Sheet]:
    """One year to a sheet, in the title; aggregates stand above; the heading has two languages."""
    out = []
    for y in p.years:
        rows: list[list[Cell]] = [[f"2-9 各地区主要指标({y}年)"], [f"Main Indicators by Region({y})"]]
        if p.unit:
            rows.append([f"单位:{p.unit}"])
        rows.append(["地 区", "Region", *(f"{s}\nSeries\nOf {i}" for i, s in enumerate(p.series))])
        rows += [["全 国", "National Total", *(Decimal(99999) for _ in p.series)]]
        rows += [["东部地区", "Eastern Region", *(Decimal(8888) for _ in p.series)]]
        rows += [[n, None, *(p.of(e, y, s) for s in p.series)] for e, n in p.names.items()]
        out.append(Sheet(y, rows))
    return out


def entity_over_years(p: Panel) -> list[Sheet]:
    rows: list[list[Cell]] = [["指标"], [None]]
    merged = []
    for n in p.names.values():
        merged.append((0, 0, len(rows[0]), len(rows[0]) + len(p.years) - 1))
        rows[0] += [n, *(None for _ in p.years[1:])]
        rows[1] += list(p.years)
    rows += [[titled(p, s), *(p.of(e, y, s) for e in p.names for y in p.years)] for s in p.series]
    return [Sheet("data", rows, merged if len(p.years) > 1 else [])]


def years_and_indicators(p: Panel) -> list[Sheet]:
    """Series over years; the cells of the series are merged."""
    rows: list[list[Cell]] = [["地区"], [None]]
    merged = []
    for s in p.series:
        merged.append((0, 0, len(rows[0]), len(rows[0]) + len(p.years) - 1))
        rows[0] += [titled(p, s), *(None for _ in p.years[1:])]
        rows[1] += [f"{y}年" for y in p.years]
    rows += [[n, *(p.of(e, y, s) for s in p.series for y in p.years)] for e, n in p.names.items()]
    return [Sheet("data", rows, merged if len(p.years) > 1 else [])]


def blocks(p: Panel) -> list[Sheet]:
    """One series below the other, each with its title and its heading."""
    rows: list[list[Cell]] = []
    for s in p.series:
        rows += [[titled(p, s)], ["地区", *(f"{y}年" for y in p.years)]]
        rows += [[n, *(p.of(e, y, s) for y in p.years)] for e, n in p.names.items()]
        rows.append([])
    return [Sheet("data", rows)]


def eps(p: Panel) -> list[Sheet]:
    """The series once, merged over its entities; blank headings."""
    rows: list[list[Cell]] = [[None, None, *p.years]]
    merged = []
    for s in p.series:
        if len(p.names) > 1:
            merged.append((len(rows), len(rows) + len(p.names) - 1, 0, 0))
        for i, (e, n) in enumerate(p.names.items()):
            rows.append([titled(p, s) if i == 0 else None, n, *(p.of(e, y, s) for y in p.years)])
    rows += [[], ["数据来源：中国能源统计年鉴"], ["由EPS DATA整理"]]
    return [Sheet("中国能源数据库", rows, merged)]


def suffixed(p: Panel) -> list[Sheet]:
    """``gdp_2019``: the year is in the name of the column."""
    rows: list[list[Cell]] = [["province", *(f"{s}_{y}" for s in p.series for y in p.years)]]
    rows += [[n, *(p.of(e, y, s) for s in p.series for y in p.years)] for e, n in p.names.items()]
    return [Sheet("data", rows)]


LAYOUTS = {
    f.__name__: f
    for f in (
        long, wide_panel, entity_by_year, year_by_entity, indicator_by_year, entity_by_indicator,
        entity_over_years, years_and_indicators, blocks, eps, suffixed,
    )
}  # fmt: skip


def printed(cell: Cell, decimal: str = ".", thousands: str = "", blank: str = "") -> str:
    """A cell as text."""
    if cell is None:
        return blank
    if isinstance(cell, str):
        return cell
    text = f"{cell:,f}" if thousands else f"{cell:f}"
    return text.translate(str.maketrans({",": thousands, ".": decimal}))


def as_text(
    sheet: Sheet,
    path: Path,
    delimiter: str = ",",
    encoding: str = "utf-8",
    decimal: str = ".",
    thousands: str = "",
    blank: str = "",
) -> Path:
    """A delimited file, all rows of a table as wide as the table; titles and notes are short."""
    out = io.StringIO()
    width = max(len(r) for r in sheet.rows if not isinstance(r, Ragged))
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in sheet.rows:
        whole = (
            [*row, *(None for _ in range(width - len(row)))]
            if len(row) > 1 and not isinstance(row, Ragged)
            else row
        )
        writer.writerow(
            [
                printed(
                    c,
                    decimal,
                    thousands,
                    blank
                    if isinstance(c, type(None))
                    and i >= 1
                    and len(row) > 1
                    and c is None
                    and _is_figure(sheet, row)
                    else "",
                )
                for i, c in enumerate(whole)
            ]
        )
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def _is_figure(sheet: Sheet, row: list[Cell]) -> bool:
    return any(isinstance(c, Decimal) for c in row)


def as_xlsx(sheets: Iterable[Sheet], path: Path, numbers: bool = True, password: str | None = None) -> Path:
    """A workbook; with a password it is encrypted as Excel does."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name[:31].replace("/", "_").replace(":", "_"))
        for r, row in enumerate(sheet.rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    page.cell(
                        r + 1, c + 1, float(cell) if isinstance(cell, Decimal) and numbers else printed(cell)
                    )
        for a, b, c, d in sheet.merged:
            page.merge_cells(start_row=a + 1, end_row=b + 1, start_column=c + 1, end_column=d + 1)
    out = io.BytesIO()
    book.save(out)
    if password:
        from msoffcrypto.format.ooxml import OOXMLFile

        with path.open("wb") as handle:
            OOXMLFile(io.BytesIO(out.getvalue())).encrypt(password, handle)
    else:
        path.write_bytes(out.getvalue())
    return path


def as_xls(sheets: Iterable[Sheet], path: Path, numbers: bool = True) -> Path:
    """A BIFF8 workbook."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    for sheet in sheets:
        page = book.add_sheet(sheet.name[:31].replace("/", "_").replace(":", "_"), cell_overwrite_ok=True)
        for r, row in enumerate(sheet.rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    page.write(r, c, float(cell) if isinstance(cell, Decimal) and numbers else printed(cell))
        for a, b, c, d in sheet.merged:
            page.merge(a, b, c, d)
    book.save(str(path))
    return path


def as_html(sheets: Iterable[Sheet], path: Path) -> Path:
    """A page named .xls, titles above its tables."""
    parts = ["\n\n<!-- excel -->\n<html><head><meta charset='utf-8'></head><body>"]
    for sheet in sheets:
        hidden = {
            (r, c)
            for a, b, x, y in sheet.merged
            for r in range(a, b + 1)
            for c in range(x, y + 1)
            if (r, c) != (a, x)
        }
        spans = {(a, x): (b - a + 1, y - x + 1) for a, b, x, y in sheet.merged}
        offset = next(i for i, r in enumerate(sheet.rows) if len(r) > 1)
        body = sheet.rows[offset:]
        heads = [f"<div>{r[0]}</div>" for r in sheet.rows[:offset] if r]
        parts += heads or [f"<h3>{sheet.name}</h3>"] * (sheet.name != "data")
        parts.append("<table>")
        for i, row in enumerate(body):
            cells = []
            for c, cell in enumerate(row):
                if (i + offset, c) in hidden:
                    continue
                down, right = spans.get((i + offset, c), (1, 1))
                cells.append(
                    f"<td rowspan='{down}' colspan='{right}'>{printed(cell).replace(NEWLINE, '<br/>') or '&nbsp;'}</td>"
                )
            parts.append(f"<tr>{''.join(cells)}</tr>")
        parts.append("</table>")
    path.write_text("\n".join(parts) + "</body></html>", encoding="utf-8")
    return path
