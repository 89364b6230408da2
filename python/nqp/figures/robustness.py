"""The figures of what a coefficient withstands: chance, and the loss of any one entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nqp.document.chart import ACCENT, SERIES, SOFT, WIDTH, chart_of
from nqp.document.figure import ESTIMATES_SOURCE, INTERVAL, Figure, described
from nqp.language import numbers
from nqp.language.labels import Label, Language
from nqp.study.names import variable_name

if TYPE_CHECKING:
    from nqp.estimates.robustness import Robustness
    from nqp.study.marts import Marts
    from nqp.study.specification import Specification


def robustness_figures(
    specification: Specification, marts: Marts, robustness: Robustness
) -> tuple[Figure, ...]:
    """Placebo draws and leave-one-out estimates of every sensitivity table."""
    found = []
    for code, result in robustness.sensitivities.items():
        address = next(t.address for t in specification.tables if t.code == code)  # type: ignore[union-attr]
        term = variable_name(marts, address.term)
        if result.placebo is not None:
            found.append(
                _placebo(code, term, result.placebo.draws, result.placebo.observed, result.placebo.p_value)
            )
        found.append(
            _leave_one_out(
                code, term, marts, result.leave_one_out.table, result.leave_one_out.full, specification.entity
            )
        )
    return tuple(found)


def _placebo(code: str, term: Label, draws: Any, observed: float, p_value: float) -> Figure:
    """The coefficient when the regressor is dealt out at random, and the true one."""
    counts, edges = np.histogram(draws, bins=40)
    frame = pd.DataFrame({"low": edges[:-1], "high": edges[1:], "draws": counts})
    reached = int((np.abs(draws) >= abs(observed)).sum())
    title = Label(
        f"{len(draws):,} 次随机分配中有 {reached:,} 次的系数达到实际值 {observed:.3f}（按绝对值，{numbers.p_value(p_value)}）",
        f"{reached:,} of {len(draws):,} random assignments reach the estimate of {observed:.3f} in absolute value ({numbers.p_value(p_value)})",
    )
    alt_text = Label(
        "直方图：安慰剂系数；竖线为实际系数。", "Histogram of placebo coefficients; the line is the true one."
    )
    units = Label("次数", "draws")

    def draw(language: Language) -> Any:
        import altair as alt

        rows = described(frame, lambda r: f"{r['low']:.3f} – {r['high']:.3f}: {r['draws']}")
        base = chart_of(rows)
        bars = base.mark_rect(fill="var(--m3)", stroke="var(--paper)", strokeWidth=0.5).encode(
            alt.X("low:Q", title=f"{term.in_(language)} · {Label('系数', 'coefficient').in_(language)}", scale=alt.Scale(nice=True)),
            alt.X2("high:Q"), alt.Y("draws:Q", title=units.in_(language)), y2=alt.Y2(datum=0), description="description:N",
        )  # fmt: skip
        true = chart_of([{"v": observed, "text": f"{observed:.3f}"}])
        rule = true.mark_rule(color=SERIES[1], strokeWidth=2, aria=False).encode(alt.X("v:Q"))
        name = true.mark_text(align="right", dx=-6, dy=8, color=SERIES[1], fontWeight="bold", aria=False)
        return alt.layer(bars, rule, name.encode(alt.X("v:Q"), y=alt.value(0), text="text:N")).properties(
            width=WIDTH - 80, height=220
        )

    return Figure("placebo", code, title, units, ESTIMATES_SOURCE, alt_text, frame, draw, table=code)


def _leave_one_out(
    code: str, term: Label, marts: Marts, table: pd.DataFrame, full: float, entity: Label
) -> Figure:
    """The coefficient without each entity in turn, with 95 % intervals."""
    from scipy.stats import t

    names = marts.entities.set_index("entity_code")[["name_zh", "name_en"]]
    frame = table.rename_axis("left_out").reset_index().join(names, on="left_out")
    half = t.ppf(0.975, frame["df"]) * frame["std_error"]
    frame["conf_low"], frame["conf_high"] = frame["estimate"] - half, frame["estimate"] + half
    frame = frame[frame["estimate"].notna()]  # without some nothing can be fitted
    frame = frame.sort_values(["estimate", "left_out"], kind="stable").reset_index(drop=True)
    significant = int((frame["p_value"] < 0.05).sum())
    low, high = frame["estimate"].min(), frame["estimate"].max()
    title = Label(
        f"逐一剔除{entity.zh}，系数在 {low:.3f} 与 {high:.3f} 之间，{len(frame)} 次中 {significant} 次在 5% 水平上显著",
        f"Without any one {entity.en} the coefficient lies between {low:.3f} and {high:.3f}; {significant} of {len(frame)} significant at 5%",
    )
    alt_text = Label(
        f"点图：逐一剔除后的系数与 95% 区间；横线为全样本系数 {full:.3f}。",
        f"Coefficients without one {entity.en} each and their 95% intervals; the line is the full sample's {full:.3f}.",
    )

    def draw(language: Language) -> Any:
        import altair as alt

        rows = described(
            frame,
            # of two entities that are left no standard error can be estimated, so there is no interval
            lambda r: (
                f"{r[f'name_{language}']}: {r['estimate']:.3f}"
                + (f" [{r['conf_low']:.3f}, {r['conf_high']:.3f}]" if r["conf_low"] is not None else "")
            ),
        )
        order = [row[f"name_{language}"] for row in rows]
        x = alt.X(
            f"name_{language}:N",
            sort=order,
            title=None,
            axis=alt.Axis(labelAngle=-60, domain=False, ticks=False),
        )
        base = chart_of(rows).encode(x)
        rule = base.mark_rule(color=ACCENT, aria=False).encode(
            alt.Y("conf_low:Q", title=f"{term.in_(language)} · {INTERVAL.in_(language)}"),
            alt.Y2("conf_high:Q"),
        )
        points = base.mark_circle(size=40, color=ACCENT, opacity=1).encode(
            alt.Y("estimate:Q"), description="description:N"
        )
        lines = [
            chart_of([{"v": v}]).mark_rule(color=SOFT, strokeDash=dash, aria=False).encode(alt.Y("v:Q"))
            for v, dash in ((0.0, [3, 3]), (full, [1, 0]))
        ]
        return alt.layer(*lines, rule, points).properties(width=WIDTH - 70, height=240)

    return Figure("leave-one-out", code, title, INTERVAL, ESTIMATES_SOURCE, alt_text, frame, draw, table=code)
