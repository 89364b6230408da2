"""The figures of the regressions: one coefficient over its columns, and the first stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nqp.document.chart import INK, SOFT, WIDTH, chart_of, colours
from nqp.document.figure import ESTIMATES_SOURCE, INTERVAL, Figure, described
from nqp.econometrics.fit import Fit
from nqp.estimates.regressions import FIRST_STAGE, MAIN
from nqp.language.labels import Label, Language
from nqp.language.words import in_sentence
from nqp.study.names import variable_name

if TYPE_CHECKING:
    from nqp.estimates.regressions import Equation, Estimates
    from nqp.study.marts import Marts
    from nqp.study.specification import Address, Specification


def estimate_figures(specification: Specification, marts: Marts, estimates: Estimates) -> tuple[Figure, ...]:
    """The first headline's coefficient over the columns of its table, and the first stage of the first instrument."""
    found = [
        _coefficients(specification, marts, estimates, address) for address in specification.headlines[:1]
    ]
    stages = [equation for equation in estimates.equations if equation.name.startswith(FIRST_STAGE)]
    wanted = [(a.table, a.panel, a.model) for a in specification.headlines]
    stages.sort(key=lambda e: (e.table_code, e.panel_code, e.model.code) not in wanted)
    found += [_first_stage(marts, equation) for equation in stages[:1]]
    return tuple(figure for figure in found if figure is not None)


def _coefficients(
    specification: Specification, marts: Marts, estimates: Estimates, address: Address
) -> Figure | None:
    """One coefficient over the panels and columns of its table, with 95 % intervals."""
    frame = estimates.coefficients
    frame = frame[
        (frame["table_code"] == address.table) & (frame["equation"] == MAIN) & (frame["term"] == address.term)
    ]
    if frame.empty:
        return None
    spec = next(table for table in specification.regression_tables if table.code == address.table)
    panels = {panel.code: panel.title or Label("", "") for panel in spec.panels}
    models = {
        model.code: (i + 1, model.label) for panel in spec.panels for i, model in enumerate(panel.models)
    }
    keep = [
        "panel_code",
        "model_code",
        "outcome",
        "term",
        "estimate",
        "std_error",
        "conf_low",
        "conf_high",
        "p_value",
        "stars",
    ]
    frame = frame[keep].reset_index(drop=True)
    clear = int(((frame["conf_low"] > 0) | (frame["conf_high"] < 0)).sum())
    term = variable_name(marts, address.term)
    title = Label(
        f"{term.zh}的系数：{len(frame)} 列中 {clear} 列的 95% 区间不含零",
        f"Coefficient of {in_sentence(term.en)}: {clear} of {len(frame)} intervals exclude zero",
    )
    alt_text = Label(
        "系数图：每列的估计值与 95% 置信区间。",
        "Coefficient plot: estimate and 95% interval of every column.",
    )

    def draw(language: Language) -> Any:
        import altair as alt

        rows: list[dict[str, Any]] = []
        order: list[str] = []
        groups: list[str] = []
        for row in frame.to_dict("records"):
            panel = panels[row["panel_code"]].in_(language)
            position, label = models[row["model_code"]]
            column = f"({position}) {label.in_(language)}".strip()
            row |= {
                "panel": panel,
                "column": column,
                "description": f"{column}: {row['estimate']:.3f} [{row['conf_low']:.3f}, {row['conf_high']:.3f}]",
            }
            order, groups = [*order, column], [*groups, panel]
            rows.append(row)
        groups, order = list(dict.fromkeys(groups)), list(dict.fromkeys(order))
        color = alt.Color("panel:N", scale=alt.Scale(domain=groups, range=colours(groups)), legend=None)
        y = alt.Y(
            "column:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelColor=INK)
        )
        base = alt.Chart().encode(y, color)
        zero = alt.Chart().mark_rule(color=SOFT, strokeDash=[3, 3], aria=False).encode(x=alt.datum(0))
        rule = base.mark_rule(strokeWidth=2, aria=False).encode(
            alt.X("conf_low:Q", title=INTERVAL.in_(language)), alt.X2("conf_high:Q")
        )
        points = base.mark_circle(size=70, opacity=1).encode(alt.X("estimate:Q"), description="description:N")
        layered = alt.layer(zero, rule, points, data=chart_of(rows).data).properties(
            width=WIDTH - 160, height=alt.Step(22)
        )
        if len(groups) == 1:
            return layered
        header = alt.Header(title=None, labelAnchor="start", labelFontSize=12, labelOrient="top")
        return layered.facet(row=alt.Row("panel:N", sort=groups, header=header), spacing=14)

    return Figure(
        "coefficients",
        address.table,
        title,
        INTERVAL,
        ESTIMATES_SOURCE,
        alt_text,
        frame,
        draw,
        table=address.table,
    )


def _first_stage(marts: Marts, equation: Equation) -> Figure | None:
    """The instrumented regressor against its first instrument, both net of effects and controls (Frisch-Waugh-Lovell)."""
    fit = equation.fit
    instruments = [term for term in equation.model.instruments if term in fit.terms]
    if not instruments or not isinstance(
        fit, Fit
    ):  # a point for every row: not for a fit made in the database
        return None
    position = fit.terms.index(instruments[0])
    net, others = fit.design[:, position], np.delete(fit.design, position, axis=1)
    x = net - others @ np.linalg.lstsq(others, net, rcond=None)[0] if others.size else net
    slope = float(fit.params[instruments[0]])
    names = marts.entities.set_index("entity_code")[
        ["name_zh", "name_en", "group_code", "group_name_zh", "group_name_en"]
    ]
    frame = pd.DataFrame({"x": x, "y": fit.residuals + slope * x}, index=fit.frame.index).reset_index()
    frame = frame.join(names, on="entity_code")
    endogenous, instrument = variable_name(marts, fit.outcome), variable_name(marts, instruments[0])
    fitted = float(np.corrcoef(frame["x"], frame["y"])[0, 1])
    title = Label(
        f"第一阶段：扣除固定效应与控制变量后，斜率为 {slope:.3f}，相关系数 {fitted:.2f}",
        f"First stage: net of effects and controls the slope is {slope:.3f}, the correlation {fitted:.2f}",
    )
    alt_text = Label(
        f"散点图：横轴为{instrument.zh}的残差，纵轴为{endogenous.zh}的残差，附第一阶段直线。",
        f"Scatter: residual of {instrument.en} across, residual of {endogenous.en} up, with the first-stage line.",
    )
    units = Label("残差", "residuals")

    def draw(language: Language) -> Any:
        import altair as alt

        rows = described(frame.round(5), lambda r: f"{r[f'name_{language}']} {r['year']}")
        order = list(dict.fromkeys(marts.entities["group_code"]))
        told = dict(zip(marts.entities["group_code"], marts.entities[f"group_name_{language}"], strict=True))
        order = [told[code] for code in order if code in set(frame["group_code"])]
        color = alt.Color(
            f"group_name_{language}:N",
            scale=alt.Scale(domain=order, range=colours(order)),
            legend=alt.Legend(title=None, orient="top", symbolOpacity=1),
        )
        points = chart_of(rows).mark_circle(size=26, opacity=0.75).encode(
            alt.X("x:Q", title=f"{instrument.in_(language)} · {units.in_(language)}"),
            alt.Y("y:Q", title=f"{endogenous.in_(language)} · {units.in_(language)}"), color, description="description:N",
        )  # fmt: skip
        ends = [{"x": float(v), "y": float(v) * slope} for v in (frame["x"].min(), frame["x"].max())]
        line = (
            chart_of(ends)
            .mark_line(color=INK, strokeWidth=1.4, aria=False)
            .encode(alt.X("x:Q"), alt.Y("y:Q"))
        )
        return alt.layer(points, line).properties(width=WIDTH - 90, height=320)

    return Figure(
        "first-stage",
        equation.table_code,
        title,
        units,
        ESTIMATES_SOURCE,
        alt_text,
        frame,
        draw,
        table=equation.table_code,
    )
