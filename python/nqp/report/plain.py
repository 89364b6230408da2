"""What the main result says in plain words: its size in units that occur, how sure it is, and on whom it rests.

The notation (tests, intervals by method, influence by entity) stands in the tables, to which every finding leads.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nqp.econometrics.inference import infer
from nqp.econometrics.terms import columns_of
from nqp.language.labels import NOTHING, Label
from nqp.language.numbers import percent, true_minus, visible
from nqp.language.words import in_sentence
from nqp.report.sentences import say, together
from nqp.study.names import entity_names, name_of, variable_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nqp.econometrics.influence import Influence
    from nqp.estimates.multiverse import Universe
    from nqp.estimates.regressions import Estimates
    from nqp.study.marts import Marts
    from nqp.study.specification import Specification

MOST_NAMED = 3
LEVEL = 0.05


def plain_answer(
    specification: Specification,
    marts: Marts,
    estimates: Estimates,
    found: Influence | None,
    universe: Universe | None,
) -> Label:
    """The first headline without notation: size per change that occurs, interval, and that it is no cause."""
    if found is None:
        return NOTHING
    address = specification.headlines[0]
    equation = estimates.equation(address.table, address.panel, address.model)
    if equation is None or address.term not in equation.fit.terms:
        return NOTHING
    row = infer(equation.fit).row(address.term)
    outcome = equation.fit.outcome
    defined = definition_of(marts, outcome)
    controls = len(equation.fit.terms) - 1
    doubt = NOTHING
    if row["conf_low"] <= 0 <= row["conf_high"]:
        doubt = say("answer.zero")
    elif universe is not None and universe.intervals is not None and not universe.intervals.agree_on_zero:
        doubt = say("answer.methods")
    text = say(
        "answer",
        given=say("answer.given", count=controls) if controls else NOTHING,
        core=inside(core_name(marts, address.term)),
        outcome=Label(
            variable_name(marts, outcome).zh + (f"（{defined.zh}）" if defined.zh else ""),
            in_sentence(variable_name(marts, outcome).en) + (f" ({defined.en})" if defined.en else ""),
        ),
        within=visible(found.within),
        size=size_of(marts, outcome, abs(row["estimate"]) * found.within),
        direction=direction(row["estimate"]),
        low=size_of(marts, outcome, row["conf_low"] * found.within),
        high=size_of(marts, outcome, row["conf_high"] * found.within),
        doubt=doubt,
    )
    return Label(text.zh, text.en[:1].upper() + text.en[1:])


def influence_finding(found: Influence | None, marts: Marts) -> Label:
    """On whom the result rests: the entities whose absence changes it, or that nobody's does."""
    if found is None:
        return NOTHING
    if not found.notable:
        return say("influence.none")
    names, parts = entity_names(marts), []
    for place, code in enumerate(found.notable[:MOST_NAMED]):
        row = found.table.loc[code]
        parts.append(
            say(
                "influence.next" if place else "influence.first",
                name=names.get(code, Label.both(code)),
                share=percent(row["share_within"]),
                times=times(abs(row["estimate"] / found.estimate)),
                error=times(row["std_error"] / found.std_error),
                outcome=say(f"influence.{_without(row, found)}"),
            )
        )
    if found.robust == found.robust and found.robust * found.estimate > 0:
        parts.append(say("influence.robust", times=times(found.robust / found.estimate)))
    return together(*parts)


def _without(row: Mapping[str, Any], found: Influence) -> str:
    """What the absence of an entity does to the finding."""
    if row["estimate"] * found.estimate < 0:
        return "turned"
    is_sure, was_sure = row["p_value"] < found.level, found.p_value < found.level
    return "kept" if is_sure == was_sure else "gained" if is_sure else "lost"


def sure_finding(row: Mapping[str, Any]) -> Label:
    """How often chance alone would give as much, by the strictest test that was made of a coefficient."""
    tests = [p for p in (row["p_value"], row["p_wild"], row["p_cr2"]) if p == p]  # not NaN
    if not tests:
        return NOTHING
    strictest = max(tests)
    share = "least" if strictest < 0.01 else "about"
    chance = say(f"chance.{share}", count=round(100 * strictest))
    code = "yes" if strictest < LEVEL else "doubt" if row["p_value"] < LEVEL else "no"
    if len(tests) == 1 and code == "yes":
        code = "one"
    return say(f"sure.{code}", chance=chance, tests=len(tests))


def size_finding(found: Influence | None, marts: Marts, outcome: str) -> Label:
    """The size per standard deviation of all rows, which is not a change that occurs within an entity."""
    if found is None:
        return NOTHING
    size = size_of(marts, outcome, found.estimate * found.pooled)
    return say("size", pooled=visible(found.pooled), size=size)


def interval_finding(universe: Universe | None, marts: Marts) -> Label:
    """What building the index anew in every draw does: whether the methods agree about zero, and who splits the draws."""
    if universe is None or universe.intervals is None or universe.splits is None:
        return NOTHING
    found = universe.intervals
    known = found.table.dropna(subset=["conf_low"])
    zero = int(known["has_zero"].sum())
    code = "none" if not zero else "every" if zero == len(known) else "some"
    parts = [say(f"anew.{code}", draws=f"{found.draws:,}", methods=len(known), zero=zero)]
    if found.median * found.estimate > 0:
        parts.append(say("anew.median", times=times(found.median / found.estimate)))
    first, gap = str(universe.splits.index[0]), universe.splits.iloc[0]
    if gap["mean_with"] * gap["mean_without"] > 0:
        name = entity_names(marts).get(first, Label.both(first))
        parts.append(say("anew.split", name=name, times=times(gap["mean_without"] / gap["mean_with"])))
    return together(*parts)


def core_name(marts: Marts, term: str) -> Label:
    """What a coefficient is of."""
    parts = columns_of([term])
    return variable_name(marts, parts[0] if len(parts) == 1 else term)


def inside(name: Label) -> Label:
    """A name inside a sentence."""
    return Label(name.zh, in_sentence(name.en))


def direction(value: float) -> Label:
    """Higher or lower."""
    return say("higher" if value >= 0 else "lower")


def times(ratio: float) -> str:
    """How many times as large: one decimal, two below one."""
    return true_minus(f"{ratio:.1f}" if abs(ratio) >= 0.95 else f"{ratio:.2f}")


def definition_of(marts: Marts, code: str) -> Label:
    """How a variable is defined; blank where the study does not say."""
    variables = marts.variables.set_index("variable_code")
    return name_of(variables.loc[code].to_dict(), "definition") if code in variables.index else NOTHING


def size_of(marts: Marts, outcome: str, value: float) -> str:
    """A change of the outcome; of a logarithm in percent."""
    variables = marts.variables.set_index("variable_code")
    if outcome in variables.index and variables.at[outcome, "transform"] == "log":
        return true_minus(f"{100 * math.expm1(value):.1f}%")
    return visible(value)
