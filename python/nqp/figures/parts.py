"""What an index is made of: contributions to the change of every score, and weights."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from nqp.document.chart import INK, SERIES, SOFT, WIDTH, chart_of, colours, drawable
from nqp.document.figure import Figure
from nqp.language.labels import Label, Language
from nqp.language.numbers import percent, signed
from nqp.language.words import in_sentence
from nqp.study.names import parts_of

if TYPE_CHECKING:
    from nqp.study.marts import Marts


MOST_PANELS = 40  # small charts of one entity each: the first of the ranking


def contributions(marts: Marts, scores: pd.DataFrame, index: str, name: Label) -> Figure | None:
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
        f"{first} 至 {last} 年，{who['name_zh']}的得分增加最多（{signed(whole[most], 2)}），其中 {signed(of_most.max(), 2)} 来自{leading.zh}",
        f"{who['name_en']} gained most from {first} to {last} ({signed(whole[most], 2)}), {signed(of_most.max(), 2)} of it from {in_sentence(leading.en)}",
    )
    alt_text = Label(
        f"堆积柱形小图：每个{{entity}} {first} 年以来得分变化的累计贡献，按 {last} 年位次排列；圆点为得分变化。",
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
    if marts.baseline.code("aggregation") == "linear":
        source = Label(
            "数据集市 index_contributions（加权值逐年变化的累计，各部分之和等于得分变化）。",
            "mart index_contributions (yearly changes of the weighted values, cumulated; the parts add up to the change).",
        )

    def draw(language: Language) -> Any:
        import altair as alt

        name_column, part_column = f"name_{language}", f"part_{language}"
        names = [parts[code].in_(language) for code in parts]
        rows = [
            {"panel": order.index(r["entity_code"]), part_column: r[part_column], "year": r["year"], "gain": round(r["gain"], 5), "place": list(parts).index(r["part"])}
            for r in frame.to_dict("records")
        ]  # fmt: skip
        # a panel per place, not per name: of places with one name each shows its code, which its name ends with, apart
        whole_names = dict(zip(frame["entity_code"], frame[name_column], strict=True))
        bare = [whole_names[code].removesuffix(f" ({code})") for code in order]
        for row in rows:
            code = order[row["panel"]]
            if row["year"] == last and row["place"] == 0 and bare[row["panel"]] != whole_names[code]:
                row["code"] = code
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
        color = alt.Color(
            f"{part_column}:N", scale=alt.Scale(domain=names, range=colours(names)), legend=legend
        )
        bars = alt.Chart().mark_bar(aria=False).encode(x, y, color, order="place:Q")
        dots = (
            alt.Chart()
            .mark_circle(size=9, color=INK, opacity=1, aria=False)
            .encode(x, alt.Y("sum(gain):Q"), detail="year:O")
        )
        zero = alt.Chart().mark_rule(color=SOFT, strokeWidth=0.7, aria=False).encode(y=alt.datum(0))
        codes = (
            alt.Chart()
            .transform_filter("isValid(datum.code)")
            .mark_text(align="left", baseline="top", fontSize=9, color=SOFT, aria=False)
            .encode(x=alt.value(2), y=alt.value(0), text="code:N")
        )
        across = min(5, len(order))
        header = alt.Header(
            title=None,
            labelPadding=2,
            labelFontSize=11,
            labelExpr=f"{json.dumps(drawable(bare))}[datum.value]",
        )
        layers = [bars, zero, dots] + ([codes] if any("code" in row for row in rows) else [])
        return (
            alt.layer(*layers, data=chart_of(rows).data)
            .properties(width=WIDTH / across - 46, height=60)
            .facet(
                alt.Facet("panel:O", sort=list(range(len(order))), header=header),
                columns=across,
                spacing={"row": 26, "column": 38},
                bounds="flush",
            )
            .resolve_scale(y="independent")
        )

    return Figure("contributions", index, title, units, source, alt_text, frame, draw)


def weights(marts: Marts, index: str, name: Label) -> Figure | None:
    """Weight of every indicator, and its effective weight where distances carry squared weights."""
    columns = ["indicator_code", "name_zh", "name_en", "dimension_code", "dimension_name_zh", "dimension_name_en",
               "entropy", "weight", "effective_weight"]  # fmt: skip
    rows = marts.indicators[marts.indicators["index_code"] == index]
    frame = rows.sort_values(["weight", "indicator_code"], ascending=[False, True], kind="stable")[
        columns
    ].reset_index(drop=True)
    if frame.empty:
        return None
    baseline, count = marts.baseline, min(3, len(frame))
    weight, effective = frame["weight"].head(count).sum(), frame["effective_weight"].head(count).sum()
    word = Label("熵权", "entropy weight") if baseline.has_entropy_weights else Label("权重", "weight")
    when = Label("", "")
    if baseline.has_yearly_weights:
        year = rows["pool"].iloc[0]
        when = Label(f"{year} 年，", f" in {year}")
    if baseline.squares_weights:
        title = Label(
            f"{when.zh}{len(frame)} 个指标中前 {count} 个占{word.zh}的 {percent(weight)}，占有效权重的 {percent(effective)}",
            f"The first {count} of {len(frame)} indicators carry {percent(weight)} of the {word.en} and {percent(effective)} of the effective weight{when.en}",
        )
        alt_text = Label(
            f"点图：每个指标的{word.zh}与有效权重（{word.zh}平方的占比）。",
            f"Dot plot: {word.en} and effective weight (share of the squared weight) of every indicator.",
        )
    else:
        title = Label(
            f"{when.zh}{len(frame)} 个指标中前 {count} 个占{word.zh}的 {percent(weight)}",
            f"The first {count} of {len(frame)} indicators carry {percent(weight)} of the {word.en}{when.en}",
        )
        alt_text = Label(f"点图：每个指标的{word.zh}。", f"Dot plot: {word.en} of every indicator.")
        frame = frame.drop(columns="effective_weight")
    if not baseline.has_entropy:
        frame = frame.drop(columns="entropy")
    units = Label("占比", "share")

    def draw(language: Language) -> Any:
        import altair as alt

        name_column = f"name_{language}"
        kinds = {
            "weight": Label(baseline.weight.zh, in_sentence(baseline.weight.en)).in_(language),
            "effective_weight": Label("有效权重", "effective weight").in_(language),
        }
        if not baseline.squares_weights:
            del kinds["effective_weight"]
        rows = [
            {"indicator": r[name_column], "kind": kinds[kind], "share": r[kind], "description": f"{r[name_column]}, {kinds[kind]}: {r[kind]:.1%}"}
            for r in frame.to_dict("records") for kind in kinds
        ]  # fmt: skip
        order = [r[name_column] for r in frame.to_dict("records")]
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
            x, alt.Color("kind:N", scale=alt.Scale(domain=list(kinds.values()), range=list(SERIES[: len(kinds)])), legend=legend), description="description:N"
        )  # fmt: skip
        return alt.layer(rule, points).properties(width=WIDTH - 240, height=alt.Step(22))

    source = Label("数据集市 indicator_weights。", "mart indicator_weights.")
    return Figure("weights", index, title, units, source, alt_text, frame, draw)
