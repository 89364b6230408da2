"""The most important results in words, each made from the estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nqp.document.page import Finding, table_id
from nqp.language.labels import NOTHING, Label, Language
from nqp.language.numbers import percent, visible
from nqp.language.words import named
from nqp.report.answer import choices_finding
from nqp.report.evidence import inverted_finding
from nqp.report.plain import (
    LEVEL,
    core_name,
    direction,
    influence_finding,
    inside,
    interval_finding,
    size_finding,
    sure_finding,
    times,
)
from nqp.report.sentences import say, together
from nqp.study.names import main_indices, name_of, variable_name
from nqp.study.specification import AgreementTable, ConventionTable
from nqp.tables.comparison import holds_in
from nqp.tables.without import DISTANT

if TYPE_CHECKING:
    import pandas as pd

    from nqp.econometrics.first_stage import Diagnostic
    from nqp.estimates.comparison import Verdict
    from nqp.estimates.regressions import Equation
    from nqp.report.sections import Results
    from nqp.study.marts import Marts
    from nqp.study.specification import Address, Specification

COUNTS = ("observations", "n_obs")  # agree by construction, so they are not counted as agreement
MOST_TOLD = 3


def _not_estimated(number: int, address: Address, equation: Equation, marts: Marts) -> Label:
    """A headline whose term its column dropped: the place, and why there is no number."""
    name = variable_name(marts, address.term)
    reason = next((one for one in equation.fit.dropped if one.term == address.term), None)
    why_zh, why_en = (reason.reason_zh, reason.reason) if reason else ("不在列中", "is not in the column")
    return Label(
        f"表 {number} 第 ({address.model}) 列：{name.zh}的系数没有估计，{why_zh}。",
        f"Table {number}, column ({address.model}): {name.en} has no coefficient, it {why_en}.",
    )


def findings(results: Results) -> list[Finding]:
    """The most important results in plain words, each made from the estimates, with the table that has the numbers."""
    found = [one for address in results.specification.headlines for one in _headline(results, address)]
    if results.verdicts:
        told = together(
            _hypotheses(results.verdicts, results.marts), _recipes(results.verdicts, results.over_recipes)
        )
        found.append(Finding(told, table_id("hypotheses")))
    if results.universe is not None:
        found.append(Finding(choices_finding(results.universe), table_id("multiverse-summary")))
    marts = results.marts
    found += [
        Finding(_index_finding(marts, code), table_id(f"ranking-{code}")) for code in main_indices(marts)
    ]
    agreements = {t.index: t.code for t in results.specification.tables if isinstance(t, AgreementTable)}
    for index in main_indices(marts):
        if text := inverted_finding(marts, index):
            if results.universe is not None and results.universe.index == index:
                text = together(text, _without_distant(results))
            found.append(Finding(text, table_id(agreements[index]) if index in agreements else ""))
    if text := _paper(results):
        found.append(Finding(text, table_id("comparison")))
    return [replace(one, text=named(one.text, results.specification.entity)) for one in found if one.text]


def _headline(results: Results, address: Address) -> list[Finding]:
    """The findings on one coefficient: all that is known of the first, the size of any other."""
    specification, marts, estimates = results.specification, results.marts, results.estimates
    numbers = {table.code: place for place, table in enumerate(specification.tables, start=1)}
    row = estimates.coefficient(address)
    equation = estimates.equation(address.table, address.panel, address.model)
    if equation is None:
        return []
    if row is None:
        text = _not_estimated(numbers[address.table], address, equation, marts)
        return [Finding(text, table_id(address.table))]
    is_first = address == specification.headlines[0]
    influential, outcome = results.influence, equation.fit.outcome
    sure = sure_finding(row)
    if is_first and influential is not None:
        conventions = [t.code for t in specification.tables if isinstance(t, ConventionTable)]
        inference = conventions[0] if conventions else address.table
        return [
            Finding(influence_finding(influential, marts), table_id("influence")),
            Finding(sure, table_id(inference)),
            Finding(size_finding(influential, marts, outcome), table_id(address.table)),
            Finding(interval_finding(results.universe, marts), table_id("multiverse-intervals")),
        ]
    first = specification.headlines[0]
    main = estimates.coefficient(first)
    same = estimates.equation(first.table, first.panel, first.model)
    if (
        not is_first and influential is not None and main is not None and same is not None and equation.fit.is_iv
        and first.term == address.term and same.fit.outcome == outcome and main["estimate"] * row["estimate"] > 0
    ):  # fmt: skip
        text = say("other.same", times=times(row["estimate"] / main["estimate"]))
    else:
        place = say("place", number=numbers[address.table], column=address.model)
        if (panel := _panel(specification, address)) is not None:
            place = Label(f"{place.zh}，{panel.zh}", f"{place.en}, {panel.en}")
        text = say(
            "other.own", place=place, core=inside(core_name(marts, address.term)),
            outcome=inside(variable_name(marts, outcome)), size=visible(abs(row["estimate"])),
            direction=direction(row["estimate"]), low=visible(row["conf_low"]), high=visible(row["conf_high"]),
        )  # fmt: skip
    tests = estimates.diagnostics_by_model.get((address.table, address.panel, address.model), ())
    weak = say("other.unidentified") if _is_unidentified({test.name: test for test in tests}) else NOTHING
    return [Finding(together(text, sure, weak), table_id(address.table))]


def _is_unidentified(tests: Mapping[str, Diagnostic]) -> bool:
    """Whether few clusters make a first stage that looks strong: the rank test does not reject."""
    rank = tests.get("kleibergen_paap_lm")
    return "effective_f" in tests and rank is not None and rank.p_value is not None and rank.p_value >= LEVEL


def _hypotheses(verdicts: Sequence[Verdict], marts: Marts) -> Label:
    """Which hypotheses hold, by verdict."""
    kinds = {
        "supported": "supported", "fragile": "fragile", "contradicted": "contradicted", "not estimated": "untested",
    }  # fmt: skip
    by_kind: dict[str, list[Label]] = {}
    for one in verdicts:
        name, code = core_name(marts, one.hypothesis.address.term), one.hypothesis.code
        called = Label(f"{code}（{name.zh}）", f"{code} ({inside(name).en})")
        by_kind.setdefault(kinds.get(one.verdict, "open"), []).append(called)
    order = [*kinds.values(), "open"]
    parts = [
        say(
            f"hypotheses.{kind}",
            codes=Label("、".join(n.zh for n in by_kind[kind]), ", ".join(n.en for n in by_kind[kind])),
        )
        for kind in order
        if kind in by_kind
    ]
    told = Label("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))
    return say("hypotheses", count=len(verdicts), parts=told)


def _recipes(verdicts: Sequence[Verdict], over_recipes: pd.DataFrame | None) -> Label:
    """How often each hypothesis is found as stated over the ways of building the index."""
    parts, most = [], 0
    for one in verdicts:
        holds, tried = holds_in(one.hypothesis.code, over_recipes)
        if tried:
            parts.append(f"{one.hypothesis.code} {percent(holds / tried)}")
            most = max(most, tried)
    if not parts:
        return NOTHING
    return say("hypotheses.recipes", recipes=most, shares=Label("，".join(parts), ", ".join(parts)))


def _without_distant(results: Results) -> Label:
    """What leaving out any one of the distant indicators does to the main coefficient."""
    if results.without is None:
        return NOTHING
    marts, universe = results.marts, results.universe
    indicators = marts.indicators[marts.indicators["closeness"].isin(DISTANT)]
    mine = indicators[indicators["index_code"] == (universe.index if universe is not None else "")]
    found = results.without[results.without["indicator_code"].isin(mine["indicator_code"])]["change_per_sd"]
    if found.empty:
        return NOTHING
    return say("inverted.without", low=times(1 + found.min()), high=times(1 + found.max()))


def _paper(results: Results) -> Label:
    """How many printed numbers come out the same, and the main one beside ours."""
    compared = [c for c in results.cells if c.agrees is not None and c.statistic not in COUNTS]
    if not compared:
        return NOTHING
    told = say("paper", count=len(compared), same=sum(bool(cell.agrees) for cell in compared))
    for address in results.specification.headlines[:1]:
        key = (address.table, address.panel, address.model, "main", address.term, "estimate")
        for cell in compared:
            place = (
                cell.table_code,
                cell.panel_code,
                cell.model_code,
                cell.equation,
                cell.term,
                cell.statistic,
            )
            if place == key and cell.ours and cell.printed_number and cell.ours * cell.printed_number > 0:
                more = say("paper.main", printed=cell.printed, times=times(cell.ours / cell.printed_number))
                return together(told, more)
    return told


def _panel(specification: Specification, address: Address) -> Label | None:
    """The title of the panel of a headline, where another headline has the same table and column in another panel."""
    panels = {
        one.panel
        for one in specification.headlines
        if (one.table, one.model) == (address.table, address.model)
    }
    table = next(table for table in specification.regression_tables if table.code == address.table)
    title = next((panel.title for panel in table.panels if panel.code == address.panel), None)
    return title if len(panels) > 1 else None


def _index_finding(marts: Marts, index: str) -> Label:
    """Who is first and last in the last year, and what the index rests on most."""
    scores = marts.index_scores[marts.index_scores["index_code"] == index]
    last = int(scores["year"].max())
    now = scores[scores["year"] == last].sort_values(["rank", "entity_code"])
    names = marts.entities.set_index("entity_code")
    first, lowest = names.loc[now["entity_code"].iloc[0]], names.loc[now["entity_code"].iloc[-1]]
    weights = marts.indicators[marts.indicators["index_code"] == index]
    is_squared = marts.baseline.squares_weights
    column = weights["effective_weight" if is_squared else "weight"]
    top = weights.loc[column.idxmax()]
    high, low = now["score"].iloc[0], now["score"].iloc[-1]
    said: dict[str, Label | str | int] = {
        "core": Label(top["index_name_zh"], top["index_name_en"]), "year": last, "first": name_of(first.to_dict()),
        "last": name_of(lowest.to_dict()), "high": f"{high:.3f}", "low": f"{low:.3f}",
    }  # fmt: skip
    if column.max() - column[column > 0].min() < 1e-12:  # equal weights: no indicator counts most
        return say("index.ends", **said)
    share = f"{column.max():.1%}"
    return say(
        "index" if is_squared else "index.weight",
        **said,
        indicator=inside(name_of(top.to_dict())),
        share=share,
    )


def plain_findings(
    answer: Label, found: Sequence[Finding], entity: Label, languages: Sequence[Language]
) -> str:
    """The answer and the first findings, as a terminal shows them."""
    told = [text for text in (named(answer, entity), *(one.text for one in found)) if text][:MOST_TOLD]
    return (
        "\n".join(
            f"{i}. {text.in_(language)}" for language in languages for i, text in enumerate(told, start=1)
        )
        + "\n"
    )
