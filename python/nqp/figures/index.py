"""The figures of an index: map, years, groups, ranks, distribution, contributions, weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nqp.document.chart import ACCENT, CLASSES, INK, RAMP, RAMP_INK, SERIES, SOFT, chart_of
from nqp.document.figure import WIDTH, Figure, colours, drawn, spoken
from nqp.formats.text import true_minus
from nqp.language.labels import Label, Language
from nqp.language.words import in_sentence
from nqp.study.names import indices_of, parts_of, variable_name

if TYPE_CHECKING:
    from nqp.study.marts import Marts

SCORE = Label("得分（0 至 1）", "score, 0 to 1")
SCORES_SOURCE = Label(
    "数据集市 index_scores；所据年鉴数据见排名表下的明细。",
    "mart index_scores; the yearbook cells behind it open below the ranking table.",
)

MOST_PANELS = 40  # small charts of one entity each: the first of the ranking


def index_figures(marts: Marts, languages: Sequence[Language]) -> tuple[Figure, ...]:
    """Map, years, groups, ranks, distribution and weights of every composite index; of a large panel only weights."""
    found = []
    for index in indices_of(marts):
        scores, name = _scores(marts, index), variable_name(marts, index)
        for build in (
            (_map, _map_by_year, _trends, _ranking, _ridgeline) if marts.regression_panel is not None else ()
        ):
            found.append(build(scores, index, name, languages))
        found.append(_gains(marts, scores, index, name, languages))
        found.append(_weights(marts, index, name, languages))
    return tuple(figure for figure in found if figure is not None)


def _scores(marts: Marts, index: str) -> pd.DataFrame:
    """Scores of an index in the baseline with names, groups and tiles, ordered by year and rank."""
    scores = marts.index_scores
    scores = scores[scores["index_code"] == index]
    if "spec_code" in scores and scores["spec_code"].nunique() > 1:
        scores = scores[scores["spec_code"] == "baseline"]
    columns = ["entity_code", "name_zh", "name_en", "group_code", "group_name_zh", "group_name_en",
               "group_sort_order", "tile_row", "tile_column"]  # fmt: skip
    scores = scores[["entity_code", "year", "score", "rank"]].merge(marts.entities[columns], on="entity_code")
    return scores.sort_values(["year", "rank", "entity_code"], kind="stable").reset_index(drop=True)


def _map(scores: pd.DataFrame, index: str, name: Label, languages: Sequence[Language]) -> Figure | None:
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
        f"方格地图：{year} 年各单元的得分，由 {last['score'].min():.2f} 至 {last['score'].max():.2f}，颜色越深得分越高。",
        f"Tile-grid map of the scores in {year}, from {last['score'].min():.2f} to {last['score'].max():.2f}; darker is higher.",
    )

    def draw(language: Language) -> Any:
        import altair as alt

        rows = spoken(last, language, lambda r: f"{r[f'name_{language}']}: {r['score']:.3f} ({r['rank']})")
        for row in rows:
            row["short"] = _tile_text(row[f"name_{language}"], language)
            row["shown"] = f"{row['score']:.2f}"
        x = alt.X("tile_column:O", axis=None, scale=alt.Scale(paddingInner=0.06, paddingOuter=0))
        y = alt.Y("tile_row:O", axis=None, scale=alt.Scale(paddingInner=0.06, paddingOuter=0))
        base = chart_of(rows).encode(x, y)
        domain = list(range(1, CLASSES + 1))
        legend = alt.Legend(orient="bottom", direction="horizontal", title=SCORE.in_(language), symbolType="square",
                            symbolSize=220, columns=CLASSES, symbolStrokeWidth=0, labelExpr=_expression(breaks))  # fmt: skip
        ink = alt.Color("class:O", scale=alt.Scale(domain=domain, range=RAMP_INK), legend=None)
        tiles = base.mark_rect(cornerRadius=3).encode(
            fill=alt.Fill("class:O", scale=alt.Scale(domain=domain, range=RAMP), legend=legend),
            description="says:N",
        )
        size = 12 if language == "zh" else 10
        layers = [tiles, base.mark_text(dy=13, fontSize=10, aria=False).encode(text="shown:N", color=ink)]
        for lines, up in ((1, -7), (2, -12)):
            named = [row for row in rows if min(row["short"].count("\n") + 1, 2) == lines]
            words = chart_of(named).encode(x, y, text="short:N", color=ink)
            layers.append(words.mark_text(dy=up, fontSize=size, lineBreak="\n", lineHeight=11, aria=False))
        columns, lines = int(last["tile_column"].max()), int(last["tile_row"].max())
        drawn = alt.layer(*layers).resolve_scale(color="independent")
        return drawn.properties(width=66 * columns, height=48 * lines)

    data = last.drop(columns=["group_sort_order"])
    return drawn(f"map-{index}", title, SCORE, SCORES_SOURCE, alt_text, data, draw, languages, shrinks=True)


def _map_by_year(
    scores: pd.DataFrame, index: str, name: Label, languages: Sequence[Language]
) -> Figure | None:
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

        rows = spoken(frame, language, lambda r: f"{r[f'name_{language}']} {r['year']}: {r['score']:.2f}")
        domain = list(range(1, CLASSES + 1))
        scale = alt.Scale(paddingInner=0.08, paddingOuter=0)
        legend = alt.Legend(orient="bottom", direction="horizontal", title=SCORE.in_(language), symbolType="square",
                            symbolSize=160, columns=CLASSES, symbolStrokeWidth=0, labelExpr=_expression(breaks))  # fmt: skip
        tiles = (
            chart_of(rows)
            .mark_rect()
            .encode(
                alt.X("tile_column:O", axis=None, scale=scale),
                alt.Y("tile_row:O", axis=None, scale=scale),
                fill=alt.Fill("class:O", scale=alt.Scale(domain=domain, range=RAMP), legend=legend),
                description="says:N",
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
    return drawn(f"years-{index}", title, SCORE, SCORES_SOURCE, alt_text, data, draw, languages, shrinks=True)


def _trends(scores: pd.DataFrame, index: str, name: Label, languages: Sequence[Language]) -> Figure | None:
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
    gaps = [
        float(frame[(frame["year"] == year) & (frame["group_code"] == high["group_code"])]["mean"].iloc[0]
              - frame[(frame["year"] == year) & (frame["group_code"] == low["group_code"])]["mean"].iloc[0])
        for year in (first, last)
    ]  # fmt: skip
    change = Label("扩大到", "widened") if gaps[1] > gaps[0] else Label("缩小到", "narrowed")
    title = Label(
        f"{high['group_name_zh']}与{low['group_name_zh']}的平均得分之差由 {gaps[0]:.2f}（{first} 年）{change.zh} {gaps[1]:.2f}（{last} 年）",
        f"The gap between {high['group_name_en']} and {low['group_name_en']} {change.en} from {gaps[0]:.2f} in {first} to {gaps[1]:.2f} in {last}",
    )
    if len(ends) == 1:
        title = Label(f"{name.zh}平均得分：{first} 至 {last} 年", f"Mean score, {first} to {last}")
    alt_text = Label("折线图：各组历年平均得分。", "Line chart: mean score of each group over the years.")

    def draw(language: Language) -> Any:
        import altair as alt

        told = f"group_name_{language}"
        rows = spoken(frame, language, lambda r: f"{r[told]} {r['year']}: {r['mean']:.3f}")
        groups = list(dict.fromkeys(row["group_code"] for row in rows))
        color = alt.Color("group_code:N", scale=alt.Scale(domain=groups, range=colours(groups)), legend=None)
        x = alt.X("year:Q", title=None, axis=alt.Axis(format="d", grid=False, values=_ticks(first, last)),
                  scale=alt.Scale(domain=[first, last], nice=False))  # fmt: skip
        y = alt.Y("mean:Q", title=SCORE.in_(language), scale=alt.Scale(zero=False, nice=True))
        base = chart_of(rows).encode(x, y, color)
        line = base.mark_line(strokeWidth=2, aria=False)
        points = base.mark_circle(size=34, opacity=1).encode(description="says:N")
        span = frame["mean"].max() - frame["mean"].min()
        labels = _apart(ends[[told, "group_code", "mean"]].to_dict("records"), "mean", 0.055 * span)
        for label in labels:
            label["year"] = last
        names = (
            chart_of(labels)
            .mark_text(align="left", dx=9, fontSize=12, fontWeight="bold", aria=False)
            .encode(alt.X("year:Q"), alt.Y("mean:Q"), text=f"{told}:N", color=color)
        )
        return alt.layer(line, points, names).properties(width=WIDTH - 110, height=260)

    return drawn(f"trends-{index}", title, SCORE, SCORES_SOURCE, alt_text, frame, draw, languages)


def _ranking(scores: pd.DataFrame, index: str, name: Label, languages: Sequence[Language]) -> Figure | None:
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
        f"点图：每个单元 {first} 年（空心）与 {last} 年（实心）的得分，按 {last} 年位次排列，右侧为位次变化。",
        f"Dot plot: score of every entity in {first} (hollow) and {last} (solid) in the order of {last}; the change of rank stands on the right.",
    )

    def draw(language: Language) -> Any:
        import altair as alt

        rows = spoken(
            frame, language,
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
            alt.X("score_before:Q", title=f"{SCORE.in_(language)}  ○ {first}  ● {last}", scale=x_scale),
            alt.X2("score:Q"),
        )
        old = base.mark_point(size=42, color=ACCENT, strokeWidth=1.3, aria=False, fill="var(--paper)").encode(
            alt.X("score_before:Q")
        )
        new = base.mark_circle(size=60, color=ACCENT, opacity=1).encode(
            alt.X("score:Q"), description="says:N"
        )
        color = alt.Color(
            "direction:N", scale=alt.Scale(domain=[-1, 0, 1], range=[SERIES[1], SOFT, SERIES[0]]), legend=None
        )
        moved = base.mark_text(align="left", fontSize=11, aria=False).encode(
            x=alt.value(WIDTH - 130), text="movement:N", color=color
        )
        return alt.layer(rule, old, new, moved).properties(width=WIDTH - 140, height=alt.Step(17))

    return drawn(f"ranks-{index}", title, SCORE, SCORES_SOURCE, alt_text, frame, draw, languages)


def _ridgeline(scores: pd.DataFrame, index: str, name: Label, languages: Sequence[Language]) -> Figure | None:
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
    change = Label("扩大到", "grew") if spread[1] > spread[0] else Label("缩小到", "shrank")
    title = Label(
        f"得分的标准差由 {spread[0]:.3f}（{first} 年）{change.zh} {spread[1]:.3f}（{last} 年）",
        f"The spread of the scores {change.en}: standard deviation {spread[0]:.3f} in {first}, {spread[1]:.3f} in {last}",
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
            title=SCORE.in_(language),
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

    return drawn(f"spread-{index}", title, SCORE, SCORES_SOURCE, alt_text, frame, draw, languages)


def _gains(
    marts: Marts, scores: pd.DataFrame, index: str, name: Label, languages: Sequence[Language]
) -> Figure | None:
    """What each part of the index adds to the change of every entity's score since the first year, exactly.

    The parts are the dimensions, or the indicators of an index that has one dimension or few indicators. An entity
    whose contributions do not exist in every year (a distance is 0) is left out.
    """
    gains, parts = marts.score_gains, parts_of(marts, index)
    gains = gains[gains["index_code"] == index]
    if gains.empty or not parts:
        return None
    part = "dimension_code" if gains["dimension_code"].isin(parts).all() else "indicator_code"
    frame = gains.groupby(["entity_code", "year", part], sort=True)["gain"].sum().reset_index()
    frame = frame.rename(columns={part: "part"})
    first, last = int(scores["year"].min()), int(scores["year"].max())
    by_year = scores.set_index(["entity_code", "year"])["score"]
    total = frame[frame["year"] == last].groupby("entity_code")["gain"].sum()
    change = by_year.xs(last, level="year") - by_year.xs(first, level="year")
    whole = total[(total - change.reindex(total.index)).abs() < 1e-9]
    if whole.empty:
        return None
    order = [code for code in scores.loc[scores["year"] == last, "entity_code"] if code in whole.index]
    order = order[:MOST_PANELS]
    whole = whole.loc[order]
    columns = ["name_zh", "name_en"]
    frame = frame[frame["entity_code"].isin(order)].join(
        marts.entities.set_index("entity_code")[columns], on="entity_code"
    )
    for language in ("zh", "en"):
        frame[f"part_{language}"] = [parts[code].in_(language) for code in frame["part"]]
    most = whole.idxmax()
    of_most = frame[(frame["entity_code"] == most) & (frame["year"] == last)].set_index("part")["gain"]
    leading, who = (
        parts[str(of_most.idxmax())],
        of_most.index.size and frame[frame["entity_code"] == most].iloc[0],
    )
    title = Label(
        f"{first} 至 {last} 年，{who['name_zh']}的得分增加最多（{_change(whole[most])}），其中 {_change(of_most.max())} 来自{leading.zh}",
        f"{who['name_en']} gained most from {first} to {last} ({_change(whole[most])}), {_change(of_most.max())} of it from {in_sentence(leading.en)}",
    )
    alt_text = Label(
        f"堆积柱形小图：每个单元 {first} 年以来得分变化的累计贡献，按 {last} 年位次排列；圆点为得分变化。",
        f"Small stacked bars: cumulated contributions to the change of every score since {first}, in the order of {last}; the dot is the change itself.",
    )
    units = Label(
        f"得分较 {first} 年的变化，各小图刻度不同",
        f"change of the score since {first}, every panel on a scale of its own",
    )
    source = Label(
        "数据集市 index_contributions（逐年对数平均分解的累计，各部分之和等于得分变化）。",
        "mart index_contributions (yearly log-mean contributions, cumulated; the parts add up to the change).",
    )

    def draw(language: Language) -> Any:
        import altair as alt

        told, short = f"name_{language}", f"part_{language}"
        names = [parts[code].in_(language) for code in parts]
        rows = [
            {told: r[told], short: r[short], "year": r["year"], "gain": round(r["gain"], 5), "place": list(parts).index(r["part"])}
            for r in frame.to_dict("records")
        ]  # fmt: skip
        sort = [str(frame.loc[frame["entity_code"] == code, told].iloc[0]) for code in order]
        x = alt.X(
            "year:O",
            title=None,
            axis=alt.Axis(values=[first + 1, last], labelAngle=0, domain=False, ticks=False, labelFontSize=9),
        )
        y = alt.Y(
            "gain:Q",
            title=None,
            axis=alt.Axis(tickCount=2, format=".2~f", labelFontSize=9, domain=False, ticks=False),
        )
        per_line = 2 if sum(map(len, names)) > 60 else len(names)
        legend = alt.Legend(title=None, orient="top", symbolType="square", labelLimit=0, columns=per_line)
        color = alt.Color(f"{short}:N", scale=alt.Scale(domain=names, range=colours(names)), legend=legend)
        bars = alt.Chart().mark_bar(aria=False).encode(x, y, color, order="place:Q")
        dots = (
            alt.Chart()
            .mark_circle(size=9, color=INK, opacity=1, aria=False)
            .encode(x, alt.Y("sum(gain):Q"), detail="year:O")
        )
        zero = alt.Chart().mark_rule(color=SOFT, strokeWidth=0.7, aria=False).encode(y=alt.datum(0))
        across = min(5, len(sort))
        header = alt.Header(title=None, labelPadding=2, labelFontSize=11)
        return (
            alt.layer(bars, zero, dots, data=chart_of(rows).data)
            .properties(width=WIDTH / across - 46, height=60)
            .facet(
                alt.Facet(f"{told}:N", sort=sort, header=header),
                columns=across,
                spacing={"row": 26, "column": 38},
                bounds="flush",
            )
            .resolve_scale(y="independent")
        )

    return drawn(f"contributions-{index}", title, units, source, alt_text, frame, draw, languages)


def _weights(marts: Marts, index: str, name: Label, languages: Sequence[Language]) -> Figure | None:
    """Entropy weight and effective weight of every indicator."""
    columns = ["indicator_code", "name_zh", "name_en", "dimension_code", "dimension_name_zh", "dimension_name_en",
               "entropy", "weight", "effective_weight"]  # fmt: skip
    frame = marts.indicators[marts.indicators["index_code"] == index]
    frame = frame.sort_values(["weight", "indicator_code"], ascending=[False, True], kind="stable")[
        columns
    ].reset_index(drop=True)
    if frame.empty:
        return None
    count = min(3, len(frame))
    weight, effective = frame["weight"].head(count).sum(), frame["effective_weight"].head(count).sum()
    title = Label(
        f"{len(frame)} 个指标中前 {count} 个占熵权的 {weight:.0%}，占有效权重的 {effective:.0%}",
        f"The first {count} of {len(frame)} indicators carry {weight:.0%} of the weight and {effective:.0%} of the effective weight",
    )
    alt_text = Label(
        "点图：每个指标的熵权与有效权重（熵权平方的占比）。",
        "Dot plot: weight and effective weight (share of the squared weight) of every indicator.",
    )
    units = Label("占比", "share")

    def draw(language: Language) -> Any:
        import altair as alt

        told = f"name_{language}"
        kinds = {
            "weight": Label("熵权", "entropy weight").in_(language),
            "effective_weight": Label("有效权重", "effective weight").in_(language),
        }
        rows = [
            {"indicator": r[told], "kind": kinds[kind], "share": r[kind], "says": f"{r[told]}, {kinds[kind]}: {r[kind]:.1%}"}
            for r in frame.to_dict("records") for kind in kinds
        ]  # fmt: skip
        order = [r[told] for r in frame.to_dict("records")]
        y = alt.Y(
            "indicator:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelColor=INK)
        )
        x = alt.X("share:Q", title=units.in_(language), axis=alt.Axis(format=".0%", domain=False))
        base = chart_of(rows).encode(y)
        rule = base.mark_rule(color=SOFT, aria=False).encode(
            alt.X("min(share):Q", title=units.in_(language)), alt.X2("max(share):Q")
        )
        legend = alt.Legend(title=None, orient="top", symbolOpacity=1)
        points = base.mark_circle(size=70, opacity=1).encode(
            x, alt.Color("kind:N", scale=alt.Scale(domain=list(kinds.values()), range=[SERIES[0], SERIES[1]]), legend=legend), description="says:N"
        )  # fmt: skip
        return alt.layer(rule, points).properties(width=WIDTH - 240, height=alt.Step(22))

    source = Label("数据集市 indicator_weights。", "mart indicator_weights.")
    return drawn(f"weights-{index}", title, units, source, alt_text, frame, draw, languages)


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


def _apart(rows: list[dict[str, Any]], key: str, distance: float) -> list[dict[str, Any]]:
    """Rows in falling order of ``key``, moved down so that labels do not overlap."""
    for above, below in pairwise(rows):
        below[key] = min(below[key], above[key] - distance)
    return rows


def _ticks(first: int, last: int) -> list[int]:
    step = max(1, math.ceil((last - first) / 11))
    return list(range(first, last + 1, step))


def _tile_text(name: str, language: Language) -> str:
    """A name that fits a tile: English words on lines of their own."""
    if language == "zh":
        return name if len(name) <= 5 else name[:4] + "…"
    text = name if len(name) <= 11 else name.replace(" ", "\n")
    return "\n".join(word if len(word) <= 12 else word[:11] + "…" for word in text.split("\n"))


def _change(value: float) -> str:
    """Two decimals with a sign, the minus a true one."""
    return true_minus(f"{value:+.2f}")


def _moved(before: float, after: float) -> Label:
    return Label("升至", "rose") if after >= before else Label("降至", "fell")


def _and(names: Any) -> str:
    *most, last = list(names)
    return f"{', '.join(most)} and {last}" if most else str(last)
