"""The figures of the multiverse: the specification curve, the rank intervals, the shares of the variance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nqp.document.chart import ACCENT, INK, SERIES, SOFT, WIDTH, chart_of, drawable
from nqp.document.figure import ESTIMATES_SOURCE, Figure, described
from nqp.estimates.multiverse_summary import LEVEL, NO_CONTROLS
from nqp.language.labels import Label, Language
from nqp.language.numbers import percent, written
from nqp.language.words import in_sentence
from nqp.tables.multiverse import (
    MOST_ENTITIES,
    QUANTITIES,
    SOURCES,
    choice_names,
    design_name,
    last_intervals,
    variable_names,
    variance_shares,
)

if TYPE_CHECKING:
    from nqp.estimates.multiverse import Universe
    from nqp.study.marts import Marts

POINTS = 400
SIGNIFICANCE = (
    Label("聚类后显著", "significant, clustered"),
    Label("仅同方差下显著", "only under independent errors"),
    Label("不显著", "not significant"),
)
SHADES = (SERIES[0], "var(--m3)", SERIES[5])
MULTIVERSE_SOURCE = Label("数据集市 specs、spec_scores 等。", "marts specs, spec_scores and others.")


def multiverse_figures(universe: Universe, marts: Marts) -> tuple[Figure, ...]:
    """The specification curve, the shares of the variance and the rank intervals."""
    found = (specification_curve(universe, marts), shares_figure(universe), ranks_figure(universe, marts))
    return tuple(figure for figure in found if figure is not None)


def thinned(frame: pd.DataFrame, kept: Sequence[int], most: int = POINTS) -> pd.DataFrame:
    """At most ``most`` rows of a sorted frame, evenly spaced, the first, the last and the ``kept`` positions among them."""
    if len(frame) <= most:
        return frame
    even = np.round(np.linspace(0, len(frame) - 1, most - len(kept))).astype(int)
    return frame.iloc[np.unique([*even, *kept])]


def curve_data(universe: Universe) -> pd.DataFrame:
    """The points of the specification curve: position (share of the estimates below), coefficient, choices."""
    frame = universe.distinct[universe.distinct["estimate"].notna()]
    # by the digits that are written: recipes that come to the same would else stand in the order of their last bits
    frame = (
        frame.assign(height=frame["estimate_per_sd"].map(written))
        .sort_values(["height", "spec_code", "outcome", "controls"], kind="stable")
        .reset_index(drop=True)
    )
    clustered, iid = frame["p_cluster"] < LEVEL, frame["p_iid"] < LEVEL
    frame["significance"] = np.select([clustered, iid], [0, 1], 2)
    frame["position"] = (frame.index + 0.5) / len(frame)
    frame["is_baseline"] = (frame[["spec_code", "outcome", "controls"]] == universe.baseline[
        ["spec_code", "outcome", "controls"]
    ]).all(axis=1)  # fmt: skip
    points = thinned(frame, list(np.flatnonzero(frame["is_baseline"])))
    choices = universe.marts.words.choices
    return points.merge(universe.marts.specs[["spec_code", *choices]], on="spec_code", how="left")


def specification_curve(universe: Universe, marts: Marts) -> Figure:
    """All coefficients in rising order, shaded by significance; below each the choices that made it."""
    points, names = curve_data(universe), variable_names(marts)
    whole = universe.summary[
        (universe.summary["scope"] == "all") & (universe.summary["unit"] == "std_dev")
    ].iloc[0]
    index_only = universe.summary[
        (universe.summary["scope"] == "index") & (universe.summary["unit"] == "std_dev")
    ].iloc[0]
    strips = _strips(universe, points, names)
    positive, significant = whole["share_positive"], whole["share_significant_cluster"]
    title = Label(
        f"{int(whole['fits']):,} 次估计中 {percent(positive)} 为正，{percent(significant)} 在 5% 水平上显著（聚类）；"
        f"只变指数构造时为 {percent(index_only['share_positive'])} 与 {percent(index_only['share_significant_cluster'])}",
        f"Of {int(whole['fits']):,} estimates {percent(positive)} are positive and {percent(significant)} significant at 5% (clustered); "
        f"where only the index varies, {percent(index_only['share_positive'])} and {percent(index_only['share_significant_cluster'])}",
    )
    units = Label("得分每标准差的系数", "coefficient per standard deviation of the score")
    short = Label("每标准差的系数", "coefficient per SD")  # the axis is not long enough for the whole
    alt_text = Label(
        f"设定曲线：系数由 {whole['lowest']:.3f} 升至 {whole['highest']:.3f}，基准 {whole['baseline']:.3f}；下方标出每个估计所用的选择。",
        f"Specification curve: coefficients rise from {whole['lowest']:.3f} to {whole['highest']:.3f}, the baseline is "
        f"{whole['baseline']:.3f}; marks below show the choices behind each.",
    )

    def draw(language: Language) -> Any:
        import altair as alt

        columns = points[["position", "estimate_per_sd", "significance", "spec_code", "controls"]].round(5)
        rows = described(columns, lambda r: f"{r['spec_code']}, {r['controls']}: {r['estimate_per_sd']:.3f}")
        labels = [label.in_(language) for label in SIGNIFICANCE]
        for row in rows:
            row["label"] = labels[row["significance"]]
        x_scale = alt.Scale(domain=[0, 1], nice=False)
        x = alt.X(
            "position:Q", scale=x_scale, axis=alt.Axis(title=None, labels=False, ticks=False, grid=False)
        )
        color = alt.Color("label:N", scale=alt.Scale(domain=labels, range=list(SHADES)),
                          legend=alt.Legend(title=None, orient="top", symbolOpacity=1, columnPadding=30))  # fmt: skip
        marks = chart_of(rows).mark_circle(size=16, opacity=1).encode(
            x, alt.Y("estimate_per_sd:Q", title=short.in_(language)), color, description="description:N"
        )  # fmt: skip
        layers = [
            chart_of([{"v": 0}]).mark_rule(color=SOFT, strokeDash=[3, 3], aria=False).encode(alt.Y("v:Q"))
        ]
        base = Label(f"基准 {whole['baseline']:.3f}", f"baseline {whole['baseline']:.3f}").in_(language)
        layers += _marked(whole["baseline"], base, INK, at_left=True)
        if whole["printed"] == whole["printed"]:
            paper = Label(f"原文 {whole['printed']:.3f}", f"paper {whole['printed']:.3f}").in_(language)
            layers += _marked(whole["printed"], paper, SERIES[1], at_left=False)
        here = points[points["is_baseline"]][["position", "estimate_per_sd"]].to_dict("records")
        diamond = chart_of(here).mark_point(shape="diamond", size=90, color=INK, filled=True, aria=False)
        layers += [marks, diamond.encode(alt.X("position:Q", scale=x_scale), alt.Y("estimate_per_sd:Q"))]
        upper = alt.layer(*layers).properties(width=WIDTH - 215, height=220)
        ordered = drawable([row.in_(language) for row, _ in strips])
        ticks = [
            {"position": round(p, 4), "row": name, "order": i, "lane": lane, "y": y}
            for i, (label, positions) in enumerate(strips)
            for name in [label.in_(language)]
            for p in positions
            for lane, y in enumerate((i + 0.12, i + 0.88, None))
        ]
        height = len(strips)
        lower = chart_of(ticks).mark_line(strokeWidth=1, color=ACCENT, opacity=0.8, aria=False).encode(
            alt.X("position:Q", scale=x_scale, axis=alt.Axis(
                title=Label("估计值由小到大（占比）", "estimates in rising order (share)").in_(language), format="%", tickCount=5, grid=False)),
            alt.Y("y:Q", scale=alt.Scale(domain=[0, height], reverse=True, nice=False), axis=alt.Axis(
                title=None, values=[i + 0.5 for i in range(height)], grid=False, ticks=False, domain=False, labelColor=INK,
                minExtent=205, labelFontSize=10, labelExpr=f"{json.dumps(ordered)}[floor(datum.value)]")),
            detail="order:O",
        ).properties(width=WIDTH - 215, height=13 * height)  # fmt: skip
        return alt.vconcat(upper, lower, spacing=6)

    return Figure(
        "curve",
        "multiverse-summary",
        title,
        units,
        ESTIMATES_SOURCE,
        alt_text,
        points,
        draw,
        table="multiverse-summary",
    )


def _marked(value: float, text: str, color: str, *, at_left: bool) -> list[Any]:
    """A horizontal line with its name above its left end or below its right end, where the curve is not."""
    import altair as alt

    line = chart_of([{"v": value, "p": 0 if at_left else 1, "text": text}])
    name = line.mark_text(
        align="left" if at_left else "right", dx=4 if at_left else -4, dy=-6 if at_left else 9,
        color=color, fontWeight="bold", aria=False,
    )  # fmt: skip
    return [
        line.mark_rule(color=color, strokeWidth=1, aria=False).encode(alt.Y("v:Q")),
        name.encode(alt.X("p:Q"), alt.Y("v:Q"), text="text:N"),
    ]


def _strips(
    universe: Universe, points: pd.DataFrame, names: Mapping[str, Label]
) -> list[tuple[Label, list[float]]]:
    """Every option that varies, and the positions of the points that use it."""
    specs = universe.marts.specs
    used = specs[specs["spec_code"].isin(universe.coefficients["spec_code"])]
    found: list[tuple[Label, list[float]]] = []
    words = universe.marts.words
    places = {key: place for place, key in enumerate(words.options)}

    def add(label: Label, where: pd.Series) -> None:
        found.append((label, points.loc[where, "position"].tolist()))

    for choice, name in words.choices.items():
        placed = sorted((places.get((choice, str(o)), len(places)), str(o), o) for o in used[choice].unique())
        options = [option for *_, option in placed]
        if len(options) < 2:
            continue
        if choice == "left_out":
            add(name, points[choice] != "none")
            continue
        for option in options:
            is_number = choice == "shift"
            option_name = Label.both(f"{option:g}") if is_number else words.options[choice, str(option)].name
            add(
                Label(f"{name.zh}：{option_name.zh}", f"{name.en}: {option_name.en}"),
                points[choice] == option,
            )
    outcomes = list(dict.fromkeys(universe.coefficients["outcome"]))
    if len(outcomes) > 1:
        for outcome in outcomes:
            name = names[outcome]
            add(name, points["outcome"] == outcome)
    sets = points["controls"].map(lambda text: set() if text == NO_CONTROLS else set(text.split("+")))
    for control in dict.fromkeys(
        c for text in universe.coefficients["controls"].unique() for c in text.split("+")
    ):
        if control == NO_CONTROLS:
            continue
        name = names.get(control, Label.both(control))
        add(
            Label(f"控制：{name.zh}", f"control: {in_sentence(name.en)}"),
            sets.map(lambda s, c=control: c in s),
        )
    return found


def ranks_figure(universe: Universe, marts: Marts) -> Figure | None:
    """The interval of every entity's rank in the last year, one line a source."""
    frame = last_intervals(universe, marts)
    if frame.empty:
        return None
    sources = [source for source in SOURCES if source in set(frame["source"])]
    frame = frame[frame["source"].isin(sources)].reset_index(drop=True)
    first = frame[frame["source"] == sources[0]].copy()
    first["width"] = first["rank_high"] - first["rank_low"]
    widest = first.loc[first["width"].idxmax()]
    still = int((first["width"] < 1).sum())
    year, draws = int(frame["year"].iloc[0]), int(first["draws"].max())
    title = Label(
        f"{year} 年：在 {draws} 种构造方式下，{widest['name_zh']}的位次在 {widest['rank_low']:.0f} 与 {widest['rank_high']:.0f} 之间（95%），"
        f"变动最大；{len(first)} 个中有 {still} 个的位次不变",
        f"{year}: over {draws} ways to build the index {widest['name_en']} ranks between {widest['rank_low']:.0f} and "
        f"{widest['rank_high']:.0f} (95%), the widest of all; {still} of {len(first)} keep their rank",
    )
    units = Label("位次（1 为最高）", "rank (1 is the highest)")
    limit = f", first {MOST_ENTITIES}" if first["entity_code"].nunique() == MOST_ENTITIES else ""
    alt_text = Label(
        "每个{entity}一行：基准位次（点）与各来源的 95% 位次区间（线）。",
        f"One row per {{entity}}{limit}: baseline rank (dot) and 95% intervals of the rank by source (lines).",
    )

    def draw(language: Language) -> Any:
        import altair as alt

        rows = described(
            frame,
            lambda r: f"{r[f'name_{language}']}, {SOURCES[r['source']].in_(language)}: {r['rank_low']:g}–{r['rank_high']:g}",
        )  # fmt: skip
        labels = [SOURCES[source].in_(language) for source in sources]
        for row in rows:
            row["label"] = SOURCES[row["source"]].in_(language)
        order = list(dict.fromkeys(row[f"name_{language}"] for row in rows))
        y = alt.Y(f"name_{language}:N", sort=order, title=None,
                  axis=alt.Axis(domain=False, ticks=False, labelColor=INK, grid=True))  # fmt: skip
        color = alt.Color("label:N", scale=alt.Scale(domain=labels, range=SERIES[: len(labels)]),
                          legend=alt.Legend(title=None, orient="top", symbolOpacity=1, columnPadding=30))  # fmt: skip
        base = chart_of(rows)
        x = alt.X(
            "rank_low:Q",
            title=units.in_(language),
            scale=alt.Scale(nice=False, domain=[0.5, frame["rank_high"].max() + 0.5]),
        )
        offset = alt.YOffset("label:N", sort=labels, scale=alt.Scale(paddingInner=0.2, paddingOuter=0.6))
        lines = base.mark_bar(height=2.4).encode(
            x, alt.X2("rank_high:Q"), y, offset, color, description="description:N"
        )
        # an interval of one rank is a point: a bar of no length would not be seen
        ends = base.mark_tick(thickness=2.4, bandSize=5, aria=False).encode(
            alt.X("rank_low:Q"), y, offset, color
        )
        dots = chart_of([row for row in rows if row["source"] == sources[0]])
        ranks = dots.mark_circle(size=34, color=INK, opacity=1, aria=False).encode(
            alt.X("baseline_rank:Q"), y
        )
        return alt.layer(lines, ends, ranks).properties(
            width=WIDTH - 110, height=alt.Step(24, **{"for": "position"})
        )

    return Figure(
        "intervals",
        "multiverse-ranks",
        title,
        units,
        MULTIVERSE_SOURCE,
        alt_text,
        frame,
        draw,
        table="multiverse-ranks",
    )


def shares_figure(universe: Universe) -> Figure | None:
    """The share of every choice in the variance of scores, ranks and coefficient."""
    frame = variance_shares(universe)
    if frame.empty:
        return None
    names = choice_names(universe)
    design = frame["design_code"].iloc[0]
    frame = frame[frame["design_code"] == design].reset_index(drop=True)
    top = frame.loc[frame.groupby("quantity", sort=False)["total"].idxmax()].set_index("quantity")
    found = [q for q in QUANTITIES if q in top.index]
    leading = [(QUANTITIES[q], names[top.at[q, "choice"]], top.at[q, "total"]) for q in found]
    title = Label(
        "；".join(f"{q.zh}最取决于{c.zh}（{percent(share)}）" for q, c, share in leading),
        "; ".join(
            f"the {in_sentence(q.en)} depends most on the {in_sentence(c.en)} ({percent(share)})"
            for q, c, share in leading
        ),
    )
    name = design_name(universe, design)
    title = Label(f"{name.zh}：{title.zh}", f"{name.en}: {title.en}")
    units = Label(f"方差占比（{name.zh}）", f"share of the variance ({in_sentence(name.en)})")
    alt_text = Label(
        "条形图：每个选择的一阶（深）与总（浅）方差占比。",
        "Bars: first-order (dark) and total (light) share of every choice.",
    )
    choices = [choice for choice in names if choice in set(frame["choice"])]

    def draw(language: Language) -> Any:
        import altair as alt

        rows = described(
            frame,
            lambda r: f"{QUANTITIES[r['quantity']].in_(language)}, {names[r['choice']].in_(language)}: "
            f"{r['first_order']:.1%}, {r['total']:.1%}",
        )  # fmt: skip
        for row in rows:
            row["label"] = names[row["choice"]].in_(language)
            row["kind"] = QUANTITIES[row["quantity"]].in_(language)
        order = [names[choice].in_(language) for choice in choices]
        y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelColor=INK))
        base = chart_of(rows)
        x = alt.X("total:Q", title=Label("方差占比", "share of the variance").in_(language), axis=alt.Axis(format="%", tickCount=4),
                  scale=alt.Scale(domain=[0, 1]))  # fmt: skip
        total = base.mark_bar(color="var(--m2)", height=12).encode(x, y, description="description:N")
        alone = base.mark_bar(color="var(--m5)", height=12, aria=False).encode(alt.X("first_order:Q"), y)
        across = (WIDTH - 150 - 20 * len(found)) / len(found)
        return alt.layer(total, alone).properties(width=across, height=alt.Step(20)).facet(
            alt.Facet("kind:N", sort=[QUANTITIES[q].in_(language) for q in found], header=alt.Header(title=None)),
            columns=len(found), spacing=20,
        )  # fmt: skip

    return Figure(
        "bars",
        "multiverse-shares",
        title,
        units,
        ESTIMATES_SOURCE,
        alt_text,
        frame,
        draw,
        table="multiverse-shares",
    )
