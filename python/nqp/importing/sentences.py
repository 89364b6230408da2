"""One sentence on how a sheet was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.importing.blocks import Block
from nqp.importing.roles import Roles
from nqp.language.labels import Label

if TYPE_CHECKING:
    import pandas as pd

SHAPES = {
    "long": Label("长表：每行一个地区、一年、一个指标", "long table: one entity, year and series in a row"),
    "wide_panel": Label(
        "面板：每行一个地区和一年，每列一个指标", "panel: an entity and a year in a row, a series in a column"
    ),
    "entity_by_year": Label("地区为行，年份为列", "entities in rows, years in columns"),
    "year_by_entity": Label("年份为行，地区为列", "years in rows, entities in columns"),
    "indicator_by_year": Label(
        "一个地区：指标为行，年份为列", "one entity: series in rows, years in columns"
    ),
    "year_by_indicator": Label(
        "一个地区：年份为行，指标为列", "one entity: years in rows, series in columns"
    ),
    "entity_by_indicator": Label("一年：地区为行，指标为列", "one year: entities in rows, series in columns"),
    "indicator_by_entity": Label("一年：指标为行，地区为列", "one year: series in rows, entities in columns"),
    "entity_over_years": Label(
        "地区在年份之上：列为地区和年份", "entities over years: an entity and a year above each column"
    ),
    "years_and_indicators": Label(
        "地区为行，列为指标和年份", "entities in rows, series and years in columns"
    ),
    "records": Label("记录表：没有地区和年份", "records: no entity and no year"),
}


def sentence(layout: str, block: Block, roles: Roles, frame: pd.DataFrame) -> Label:
    """Shape, rows, and the counts of what was found."""
    shape = SHAPES[layout]
    grid = block.grid
    top, bottom = grid.row(int(block.body[0])), grid.row(int(block.body[-1]))
    entities = frame["entity_name"].nunique()
    series = frame["series_name"].nunique()
    years = sorted(y for y in frame["year"].dropna().unique().tolist())
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(years)
    return Label(
        f"{shape.zh}；第 {top}–{bottom} 行，{entities} 个地区，{series} 个指标，{span or '年份不明'}",
        f"{shape.en}; rows {top} to {bottom}, {entities} entities, {series} series, {span or 'year unknown'}",
    )
