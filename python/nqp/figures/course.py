"""The course of the scores over the years: means of the groups, change of ranks, distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from nqp.document.chart import ACCENT, INK, SERIES, SOFT, WIDTH, chart_of, colours
from nqp.document.figure import Figure, described
from nqp.figures.scores import SCORES_SOURCE
from nqp.language.labels import Label, Language
from nqp.language.numbers import true_minus


def trends(scores: pd.DataFrame, index: str, name: Label, unit: Label) -> Figure | None:
    """The mean score of every group over the years."""
    if scores["year"].nunique() < 2:
        return None
    keys = ["group_sort_order", "group_code", "group_name_zh", "group_name_en", "year"]
    frame = (
        scores.groupby(keys, dropna=False, sort=True)["score"].agg(mean="mean", entities="size").reset_index()
    )
    first, last = int(frame["year"].min()), int(frame["year"].max())
    ends = frame[frame["year"] == last].sort_values("mean", ascending=False, kind="stable")
    high, low = ends.iloc[0], ends.iloc[-1]
    bases = [
        float(frame[(frame["year"] == year) & (frame["group_code"] == low["group_code"])]["mean"].iloc[0])
        for year in (first, last)
    ]
    gaps = [
        float(frame[(frame["year"] == year) & (frame["group_code"] == high["group_code"])]["mean"].iloc[0]
              - frame[(frame["year"] == year) & (frame["group_code"] == low["group_code"])]["mean"].iloc[0])
        for year in (first, last)
    ]  # fmt: skip
    was, now = (true_minus(f"{round(gap, 2) + 0.0:.2f}") for gap in gaps)  # + 0.0: no gap of -0.00
    change = _changed(gaps, Label("扩大到", "widened from"), Label("缩小到", "narrowed from"))
    # a gap may widen while everybody grows faster than it: the ratio says the other half
    ratios = [1 + gap / base if base > 0 else float("nan") for gap, base in zip(gaps, bases, strict=True)]
    relative = _changed(ratios, Label("升至", "rose from"), Label("降至", "fell from"))
    title = Label(
        f"{high['group_name_zh']}与{low['group_name_zh']}的平均得分之差由 {was}（{first} 年）{change.zh} {now}（{last} 年），之比由 {ratios[0]:.2f} {relative.zh} {ratios[1]:.2f}",
        f"The gap between {high['group_name_en']} and {low['group_name_en']} {change.en} {was} in {first} to {now} in {last}, their ratio {relative.en} {ratios[0]:.2f} to {ratios[1]:.2f}",
    )
    if len(ends) == 1:
        title = Label(f"{name.zh}平均得分：{first} 至 {last} 年", f"Mean score, {first} to {last}")
    alt_text = Label("折线图：各组历年平均得分。", "Line chart: mean score of each group over the years.")

    def draw(language: Language) -> Any:
        import altair as alt

        name_column = f"group_name_{language}"
        rows = described(frame, lambda r: f"{r[name_column]} {r['year']}: {r['mean']:.3f}")
        groups = list(dict.fromkeys(row["group_code"] for row in rows))
        color = alt.Color("group_code:N", scale=alt.Scale(domain=groups, range=colours(groups)), legend=None)
        x = alt.X("year:Q", title=None, axis=alt.Axis(format="d", grid=False, values=_ticks(first, last)),
                  scale=alt.Scale(domain=[first, last], nice=False))  # fmt: skip
        y = alt.Y("mean:Q", title=unit.in_(language), scale=alt.Scale(zero=False, nice=True))
        base = chart_of(rows).encode(x, y, color)
        line = base.mark_line(strokeWidth=2, aria=False)
        points = base.mark_circle(size=34, opacity=1).encode(description="description:N")
        span = frame["mean"].max() - frame["mean"].min()
        labels = _apart(ends[[name_column, "group_code", "mean"]].to_dict("records"), "mean", 0.055 * span)
        for label in labels:
            label["year"] = last
        names = (
            chart_of(labels)
            .mark_text(align="left", dx=9, fontSize=12, fontWeight="bold", aria=False)
            .encode(alt.X("year:Q"), alt.Y("mean:Q"), text=f"{name_column}:N", color=color)
        )
        return alt.layer(line, points, names).properties(width=WIDTH - 110, height=260)

    return Figure("trends", index, title, unit, SCORES_SOURCE, alt_text, frame, draw)


def ranking(scores: pd.DataFrame, index: str, name: Label, unit: Label) -> Figure | None:
    """First and last year's score of every entity, and how many places it moved."""
    first, last = int(scores["year"].min()), int(scores["year"].max())
    if first == last:
        return None
    then = scores[scores["year"] == first].set_index("entity_code")[["score", "rank"]]
    frame = scores[scores["year"] == last].drop(
        columns=["year", "tile_row", "tile_column", "group_sort_order"]
    )
    frame = frame.join(then.add_suffix("_before"), on="entity_code")
    frame["places"] = frame["rank_before"] - frame["rank"]
    up, down = frame.loc[frame["places"].idxmax()], frame.loc[frame["places"].idxmin()]
    title = Label(
        f"{first} 至 {last} 年，{up['name_zh']}上升最多（{int(up['places'])} 位），{down['name_zh']}下降最多（{-int(down['places'])} 位）",
        f"{up['name_en']} climbed most ({int(up['places'])} places), {down['name_en']} fell most ({-int(down['places'])}), {first} to {last}",
    )
    if up["places"] <= 0:
        title = Label(f"{first} 至 {last} 年位次没有变化", f"No rank changed between {first} and {last}")
    alt_text = Label(
        f"点图：每个{{entity}} {first} 年（空心）与 {last} 年（实心）的得分，按 {last} 年位次排列，右侧为位次变化。",
        f"Dot plot: score of every {{entity}} in {first} (hollow) and {last} (solid) in the order of {last}; the change of rank stands on the right.",
    )

    def draw(language: Language) -> Any:
        import altair as alt

        rows = described(
            frame,
            lambda r: f"{r[f'name_{language}']}: {r['score_before']:.3f} → {r['score']:.3f}, {r['rank_before']} → {r['rank']}",
        )  # fmt: skip
        for row in rows:
            moved = int(row["places"])
            row["movement"] = f"▲{moved}" if moved > 0 else f"▼{-moved}" if moved < 0 else "–"
            row["direction"] = (moved > 0) - (moved < 0)
            row["line"] = f"{row['rank']}  {row[f'name_{language}']}"
        order = [row["line"] for row in rows]
        y = alt.Y("line:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelColor=INK))
        x_scale = alt.Scale(zero=False, nice=True)
        base = chart_of(rows).encode(y)
        rule = base.mark_rule(color=SOFT, aria=False).encode(
            alt.X("score_before:Q", title=f"{unit.in_(language)}  ○ {first}  ● {last}", scale=x_scale),
            alt.X2("score:Q"),
        )
        old = base.mark_point(size=42, color=ACCENT, strokeWidth=1.3, aria=False, fill="var(--paper)").encode(
            alt.X("score_before:Q")
        )
        new = base.mark_circle(size=60, color=ACCENT, opacity=1).encode(
            alt.X("score:Q"), description="description:N"
        )
        color = alt.Color(
            "direction:N", scale=alt.Scale(domain=[-1, 0, 1], range=[SERIES[1], SOFT, SERIES[0]]), legend=None
        )
        moved = base.mark_text(align="left", fontSize=11, aria=False).encode(
            x=alt.value(WIDTH - 130), text="movement:N", color=color
        )
        return alt.layer(rule, old, new, moved).properties(width=WIDTH - 140, height=alt.Step(17))

    return Figure("ranks", index, title, unit, SCORES_SOURCE, alt_text, frame, draw)


def distribution(scores: pd.DataFrame, index: str, name: Label, unit: Label) -> Figure | None:
    """The distribution of the scores, one ridge a year (Gaussian kernel, Scott's bandwidth)."""
    from scipy.stats import gaussian_kde

    by_year = {int(year): group["score"].to_numpy(float) for year, group in scores.groupby("year")}
    if min(len(np.unique(values)) for values in by_year.values()) < 3 or len(by_year) < 2:
        return None
    margin = 0.08 * (scores["score"].max() - scores["score"].min())
    grid = np.linspace(scores["score"].min() - margin, scores["score"].max() + margin, 90)
    frame = pd.concat(
        [pd.DataFrame({"year": year, "score": grid, "density": gaussian_kde(values)(grid)}) for year, values in by_year.items()],
        ignore_index=True,
    )  # fmt: skip
    first, last = min(by_year), max(by_year)
    spread = [float(by_year[year].std(ddof=1)) for year in (first, last)]
    means = [float(by_year[year].mean()) for year in (first, last)]
    relative = [s / m if m > 0 else float("nan") for s, m in zip(spread, means, strict=True)]
    change = _changed(spread, Label("扩大到", "grew from"), Label("缩小到", "shrank from"))
    of_mean = _changed(relative, Label("升至", "rose from"), Label("降至", "fell from"))
    title = Label(
        f"得分的标准差由 {spread[0]:.3f}（{first} 年）{change.zh} {spread[1]:.3f}（{last} 年），变异系数由 {relative[0]:.3f} {of_mean.zh} {relative[1]:.3f}",
        f"The standard deviation of the scores {change.en} {spread[0]:.3f} in {first} to {spread[1]:.3f} in {last}, relative to the mean it {of_mean.en} {relative[0]:.3f} to {relative[1]:.3f}",
    )
    alt_text = Label("山脊图：历年得分的核密度。", "Ridgeline: kernel density of the scores in every year.")

    def draw(language: Language) -> Any:
        import altair as alt

        years = sorted(by_year)
        height, overlap = 26, 2.2 / frame["density"].max()
        rows = [
            {"year": r["year"], "score": round(r["score"], 5), "base": -years.index(r["year"]),
             "top": round(-years.index(r["year"]) + overlap * r["density"], 4)}
            for r in frame.to_dict("records")
        ]  # fmt: skip
        x = alt.X(
            "score:Q",
            title=unit.in_(language),
            axis=alt.Axis(domain=False, gridOpacity=0.6),
            scale=alt.Scale(nice=False, domain=[float(grid[0]), float(grid[-1])]),
        )
        y_scale = alt.Scale(domain=[-len(years) + 0.8, 2.3], nice=False)
        ridges = (
            chart_of(rows)
            .mark_area(fill="var(--m3)", fillOpacity=0.75, stroke="var(--m5)", strokeWidth=1.2, aria=False)
            .encode(x, alt.Y("top:Q", axis=None, scale=y_scale), alt.Y2("base:Q"), detail="year:O")
        )
        labels = chart_of([{"y": -i, "year": str(year)} for i, year in enumerate(years)])
        names = labels.mark_text(align="right", dx=-8, baseline="bottom", color=SOFT, aria=False).encode(
            x=alt.value(0), y=alt.Y("y:Q", scale=y_scale), text="year:N"
        )
        return alt.layer(ridges, names).properties(width=WIDTH - 60, height=height * (len(years) + 2))

    return Figure("spread", index, title, unit, SCORES_SOURCE, alt_text, frame, draw)


def _changed(ends: Sequence[float], more: Label, less: Label) -> Label:
    """The word for a change; what stays the same to three decimals did not change."""
    before, after = ends
    if round(before, 3) == round(after, 3):
        return Label("不变，为", "stayed:")
    return more if after > before else less


def _apart(rows: list[dict[str, Any]], key: str, distance: float) -> list[dict[str, Any]]:
    """Rows in falling order of ``key``, moved down so that labels do not overlap."""
    for above, below in pairwise(rows):
        below[key] = min(below[key], above[key] - distance)
    return rows


def _ticks(first: int, last: int) -> list[int]:
    step = max(1, math.ceil((last - first) / 11))
    return list(range(first, last + 1, step))
