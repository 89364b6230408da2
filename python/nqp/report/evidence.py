"""What is said of the reliability of figures: proxies that rank otherwise, jumps, sums beside printed totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.document.page import Details, Entry, Grid
from nqp.language.labels import NOTHING, Label
from nqp.language.numbers import true_minus
from nqp.language.words import in_sentence
from nqp.report.sentences import say
from nqp.study.names import entity_names, name_of, variable_name
from nqp.tables.agreement import inverted

if TYPE_CHECKING:
    from nqp.study.evidence import Evidence
    from nqp.study.marts import Marts

VERDICTS = {
    "printed": Label("原表如此", "printed"),
    "doubtful": Label("存疑", "doubtful"),
    "not judged": Label("未判定", "not judged"),
}


def inverted_finding(marts: Marts, index: str) -> Label:
    """Which proxies of an index rank the entities otherwise than a measure nearer to their definition; NOTHING if none."""
    rows = inverted(marts, [index]).to_dict("records")
    if not rows:
        return NOTHING
    names = Label(
        "、".join(row["name_zh"] for row in rows), ", ".join(in_sentence(row["name_en"]) for row in rows)
    )
    name = variable_name(marts, index)
    core = Label(name.zh, in_sentence(name.en))
    return say("inverted", count=len(rows), core=core, names=names)


def evidence_details(marts: Marts, evidence: Evidence | None) -> tuple[Details, ...]:
    """What a reader may open below the series: every jump with its verdict, every sum with its total."""
    if evidence is None:
        return ()
    return (*_jumps(marts, evidence), *_totals(marts, evidence))


def _jumps(marts: Marts, evidence: Evidence) -> tuple[Details, ...]:
    rows = evidence.series_jumps
    if rows.empty:
        return ()
    series, names = marts.series.set_index("series_code").to_dict("index"), entity_names(marts)
    counts = rows["verdict"].value_counts()
    zh = "，".join(f"{VERDICTS[verdict].zh} {count}" for verdict, count in sorted(counts.items()))
    en = ", ".join(f"{VERDICTS[verdict].en} {count}" for verdict, count in sorted(counts.items()))
    head = (
        Label("序列", "Series"), Label("名称", "Name"), Label("年份", "Year"), Label("上年", "Year before"), Label("当年", "Year"),
        Label("倍数", "Ratio"), Label("判定", "Verdict"), Label("依据", "Why"),
    )  # fmt: skip
    order = {"doubtful": 0, "not judged": 1, "printed": 2}
    cells = tuple(
        (
            Entry(name_of(series[row["series_code"]])),
            Entry(names.get(row["entity_code"], Label.both(row["entity_code"]))),
            Entry(Label.both(str(row["year"])), is_number=True),
            _figure(row["previous_value"]),
            _figure(row["observed_value"]),
            Entry(Label.both("" if row["ratio"] != row["ratio"] else f"{row['ratio']:.2f}"), is_number=True),
            Entry(VERDICTS[row["verdict"]]),
            Entry(name_of(row, "reason")),
        )
        for row in sorted(rows.to_dict("records"), key=lambda one: order[one["verdict"]])
    )
    title = Label(f"逐年变动超过限度的数字（{zh}）", f"Figures that jump from one year to the next ({en})")
    return (Details("series-jumps", title, (Grid(title, head, cells),)),)


def _totals(marts: Marts, evidence: Evidence) -> tuple[Details, ...]:
    rows = evidence.series_totals
    if rows.empty:
        return ()
    series = marts.series.set_index("series_code").to_dict("index")
    head = (Label("序列", "Series"), Label("年份", "Year"), Label("合计", "Sum"), Label("印刷总数", "Printed total"),
            Label("相符", "Fits"), Label("备注", "Note"))  # fmt: skip
    cells = tuple(
        (
            Entry(name_of(series[row["series_code"]])),
            Entry(Label.both(str(row["year"])), is_number=True),
            _figure(row["observed_sum"]),
            _figure(row["total"]),
            Entry(Label("是", "yes") if row["is_met"] else Label("否", "no")),
            Entry(name_of(row, "note")),
        )
        for row in rows.to_dict("records")
    )
    title = Label(f"分项之和与印刷总数（{len(rows)} 处）", f"Sums beside printed totals ({len(rows)})")
    return (Details("series-totals", title, (Grid(title, head, cells),)),)


def _figure(value: float) -> Entry:
    return Entry(Label.both(true_minus(f"{value:,.12g}")), is_number=True)
