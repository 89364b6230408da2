"""Tile-grid maps of the scores: the last year, and every year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from nqp.document.chart import CLASSES, RAMP, RAMP_INK, WIDTH, chart_of
from nqp.document.figure import Figure, described
from nqp.figures.scores import SCORES_SOURCE
from nqp.language.labels import Label, Language


def last_map(scores: pd.DataFrame, index: str, name: Label, unit: Label) -> Figure | None:
    """Tiles of the last year, coloured in six classes with equal numbers of entities."""
    last = scores[scores["year"] == scores["year"].max()].copy()
    if not _has_tiles(last):
        return None
    last["class"], breaks = _classes(last["score"])
    year, top, bottom = int(last["year"].iloc[0]), last.head(3), last.iloc[-1]
    title = Label(
        f"{year} 年{name.zh}得分最高的是{'、'.join(top['name_zh'])}，最低的是{bottom['name_zh']}",
        f"{_and(top['name_en'])} score highest in {year}, {bottom['name_en']} lowest",
    )
    alt_text = Label(
        f"方格地图：{year} 年各{{entity}}的得分，由 {last['score'].min():.2f} 至 {last['score'].max():.2f}，颜色越深得分越高。",
        f"Tile-grid map of the scores in {year}, from {last['score'].min():.2f} to {last['score'].max():.2f}; darker is higher.",
    )

    def draw(language: Language) -> Any:
        import altair as alt

        rows = described(last, lambda r: f"{r[f'name_{language}']}: {r['score']:.3f} ({r['rank']})")
        for row in rows:
            row["short"] = _tile_text(row[f"name_{language}"], language)
            row["score_text"] = f"{row['score']:.2f}"
        x = alt.X("tile_column:O", axis=None, scale=alt.Scale(paddingInner=0.06, paddingOuter=0))
        y = alt.Y("tile_row:O", axis=None, scale=alt.Scale(paddingInner=0.06, paddingOuter=0))
        base = chart_of(rows).encode(x, y)
        domain = list(range(1, CLASSES + 1))
        legend = alt.Legend(orient="bottom", direction="horizontal", title=unit.in_(language), symbolType="square",
                            symbolSize=220, columns=CLASSES, symbolStrokeWidth=0, labelExpr=_expression(breaks))  # fmt: skip
        ink = alt.Color("class:O", scale=alt.Scale(domain=domain, range=RAMP_INK), legend=None)
        tiles = base.mark_rect(cornerRadius=3).encode(
            fill=alt.Fill("class:O", scale=alt.Scale(domain=domain, range=RAMP), legend=legend),
            description="description:N",
        )
        size = 12 if language == "zh" else 10
        layers = [
            tiles,
            base.mark_text(dy=13, fontSize=10, aria=False).encode(text="score_text:N", color=ink),
        ]
        for lines, up in ((1, -7), (2, -12)):
            named = [row for row in rows if min(row["short"].count("\n") + 1, 2) == lines]
            words = chart_of(named).encode(x, y, text="short:N", color=ink)
            layers.append(words.mark_text(dy=up, fontSize=size, lineBreak="\n", lineHeight=11, aria=False))
        columns, lines = int(last["tile_column"].max()), int(last["tile_row"].max())
        drawn = alt.layer(*layers).resolve_scale(color="independent")
        return drawn.properties(width=66 * columns, height=48 * lines)

    data = last.drop(columns=["group_sort_order"])
    return Figure("map", index, title, unit, SCORES_SOURCE, alt_text, data, draw, shrinks=True)


def map_by_year(scores: pd.DataFrame, index: str, name: Label, unit: Label) -> Figure | None:
    """Small maps of every year with the same classes in all of them."""
    if not _has_tiles(scores):
        return None
    frame = scores.copy()
    frame["class"], breaks = _classes(frame["score"])
    median = frame.groupby("year")["score"].median()
    first, last = int(median.index[0]), int(median.index[-1])
    change = _moved(median.iloc[0], median.iloc[-1])
    title = Label(
        f"{name.zh}得分的中位数由 {first} 年的 {median.iloc[0]:.2f} {change.zh} {last} 年的 {median.iloc[-1]:.2f}",
        f"The median score {change.en} from {median.iloc[0]:.2f} in {first} to {median.iloc[-1]:.2f} in {last}",
    )
    alt_text = Label(
        f"{first} 至 {last} 年逐年的方格地图，各年使用同一组分级。",
        f"Small tile-grid maps, {first} to {last}, with the same classes in every year.",
    )

    def draw(language: Language) -> Any:
        import altair as alt

        rows = described(frame, lambda r: f"{r[f'name_{language}']} {r['year']}: {r['score']:.2f}")
        domain = list(range(1, CLASSES + 1))
        scale = alt.Scale(paddingInner=0.08, paddingOuter=0)
        legend = alt.Legend(orient="bottom", direction="horizontal", title=unit.in_(language), symbolType="square",
                            symbolSize=160, columns=CLASSES, symbolStrokeWidth=0, labelExpr=_expression(breaks))  # fmt: skip
        tiles = (
            chart_of(rows)
            .mark_rect()
            .encode(
                alt.X("tile_column:O", axis=None, scale=scale),
                alt.Y("tile_row:O", axis=None, scale=scale),
                fill=alt.Fill("class:O", scale=alt.Scale(domain=domain, range=RAMP), legend=legend),
                description="description:N",
            )
        )
        columns, lines = int(frame["tile_column"].max()), int(frame["tile_row"].max())
        years = frame["year"].nunique()
        across = math.ceil(years / math.ceil(years / 6))
        side = min(14.0, (WIDTH - 12 * across) / across / columns)
        return tiles.properties(width=side * columns, height=side * 0.9 * lines).facet(
            alt.Facet("year:O", header=alt.Header(title=None, labelPadding=2)), columns=across, spacing=12
        )

    data = frame[["entity_code", "name_zh", "name_en", "year", "score", "class", "tile_row", "tile_column"]]
    return Figure("years", index, title, unit, SCORES_SOURCE, alt_text, data, draw, shrinks=True)


def _has_tiles(frame: pd.DataFrame) -> bool:
    """Whether every entity has a tile of its own."""
    tiles = frame[["entity_code", "tile_row", "tile_column"]].drop_duplicates()
    return not tiles.isna().to_numpy().any() and not tiles.duplicated(["tile_row", "tile_column"]).any()


def _classes(values: pd.Series) -> tuple[pd.Series, list[str]]:
    """The class 1..6 of every value, with equal numbers in each, and how the classes read."""
    edges = np.quantile(values, np.linspace(0, 1, CLASSES + 1))
    classes = np.clip(np.searchsorted(edges[1:-1], values, side="right") + 1, 1, CLASSES)
    return pd.Series(classes, index=values.index), [f"{a:.2f}–{b:.2f}" for a, b in pairwise(edges)]


def _expression(texts: Sequence[str]) -> str:
    """A Vega expression that gives class k its text."""
    return f"{list(texts)!r}[datum.value - 1]"


def _tile_text(name: str, language: Language) -> str:
    """A name that fits a tile: English words on lines of their own."""
    if language == "zh":
        return name if len(name) <= 5 else name[:4] + "…"
    text = name if len(name) <= 11 else name.replace(" ", "\n")
    return "\n".join(word if len(word) <= 12 else word[:11] + "…" for word in text.split("\n"))


def _moved(before: float, after: float) -> Label:
    return Label("升至", "rose") if after >= before else Label("降至", "fell")


def _and(names: Any) -> str:
    *most, last = list(names)
    return f"{', '.join(most)} and {last}" if most else str(last)
