"""What one may not conclude, made from the study itself: shared inputs, lags as instruments, proxies, few clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.econometrics.terms import columns_of, factors
from nqp.language.labels import Label
from nqp.language.words import in_sentence, plural
from nqp.study.names import name_of, text_of, variable_name

if TYPE_CHECKING:
    from nqp.estimates.regressions import Estimates
    from nqp.study.marts import Marts
    from nqp.study.specification import Specification

FEW_CLUSTERS = 50
MOST_NAMED = 6


def limits(specification: Specification, marts: Marts, estimates: Estimates) -> list[Label]:
    """The limits of the first headline, one sentence each."""
    if not specification.headlines:
        return []
    address = specification.headlines[0]
    equation = estimates.equation(address.table, address.panel, address.model)
    if equation is None:
        return []
    parts = columns_of([address.term])
    core = parts[0] if len(parts) == 1 else address.term
    found = [
        Label(
            "系数描述同向或反向变动，不说明谁引起谁；分维度的回归不是机制检验，只说明各维度与被解释变量的关系。",
            "The coefficient says what moves together, not what causes what; regressions on sub-indices are no test of a mechanism.",
        )
    ]
    found += _shared(marts, core, equation.fit.outcome, equation.fit.terms)
    found += _proxies(marts, core, equation.fit.terms)
    found += _instruments(specification, marts)
    if equation.fit.n_entities < FEW_CLUSTERS:
        entity = specification.entity
        found.append(
            Label(
                f"只有 {equation.fit.n_entities} 个{entity.zh}：数目少，常用的误差范围偏小，应并看更严的检验。",
                f"There are only {equation.fit.n_entities} {plural(entity.en)}: with so few the usual margin of error tends to be too small; read the stricter tests "
                "beside it.",
            )
        )
    return found


def _behind(codes: list[str], marts: Marts) -> set[str]:
    """The observed series behind some series."""
    rows = marts.series.set_index("series_code").to_dict("index")
    found: set[str] = set()
    open_codes = [code for code in codes if code in rows]
    while open_codes:
        row = rows[code := open_codes.pop()]
        if not row["is_derived"]:
            found.add(code)
            continue
        open_codes += [
            text_of(row[side]) for side in ("left_series", "right_series") if text_of(row[side]) in rows
        ]
    return found


def _shared(marts: Marts, core: str, outcome: str, terms: tuple[str, ...]) -> list[Label]:
    """Series that stand on both sides of the equation: part of the association is then arithmetic."""
    indicators = marts.indicators[marts.indicators["index_code"] == core.partition(".")[0]]
    if indicators.empty:
        return []
    variables = marts.variables.set_index("variable_code")
    series = marts.series.set_index("series_code").to_dict("index")

    def inputs(code: str) -> set[str]:
        if code not in variables.index:
            return set()
        row = variables.loc[code]
        return _behind([text_of(row["numerator_series"]), text_of(row["denominator_series"])], marts)

    inside = {
        row["indicator_code"]: _behind(
            [text_of(row["numerator_series"]), text_of(row["denominator_series"])], marts
        )
        for row in indicators.to_dict("records")
    }
    both = sorted(inputs(outcome) & set().union(*inside.values()))
    found = []
    if both:
        users = [row for row in indicators.to_dict("records") if inside[row["indicator_code"]] & set(both)]
        names = [name_of(series[code]) for code in both[:MOST_NAMED]]
        listed = [name_of(row) for row in users[:MOST_NAMED]]
        found.append(
            Label(
                f"{'、'.join(n.zh for n in names)}既在被解释变量中，也在指标{'、'.join(n.zh for n in listed)}中：一部分关系只是算术。",
                f"{', '.join(n.en for n in names)} {'stands' if len(names) == 1 else 'stand'} in the outcome and in the indicators {', '.join(in_sentence(n.en) for n in listed)}: part "
                "of the association is arithmetic.",
            )
        )
    same = [
        term
        for term in terms
        if term != core and inputs(term) and inputs(term) in [set(one) for one in inside.values()]
    ]
    if same:
        names = [variable_name(marts, term) for term in same]
        found.append(
            Label(
                f"控制变量{'、'.join(n.zh for n in names)}与指数中的一个指标用同样的数据。",
                f"The control {', '.join(in_sentence(n.en) for n in names)} is made of the same figures as an indicator of the index.",
            )
        )
    return found


def _proxies(marts: Marts, core: str, terms: tuple[str, ...]) -> list[Label]:
    indicators = marts.indicators[marts.indicators["index_code"] == core.partition(".")[0]]
    count, of = int(indicators["is_proxy"].sum()), len(indicators)
    variables = marts.variables.set_index("variable_code")
    controls = [term for term in terms if term != core and term in variables.index]
    weak = sum(bool(variables.at[term, "is_proxy"]) for term in controls)
    if not count + weak:
        return []
    return [
        Label(
            f"{of} 个指标中有 {count} 个、{len(controls)} 个控制变量中有 {weak} 个是代理：量到的与定义的不完全是一回事。",
            f"{count} of {of} indicators and {weak} of {len(controls)} controls are proxies: what is measured is not quite what is defined.",
        )
    ]


def _instruments(specification: Specification, marts: Marts) -> list[Label]:
    """Lags as instruments: a strong first stage says that a score persists, not that its past is exogenous."""
    used = {
        instrument
        for table in specification.regression_tables
        for panel in table.panels
        for model in panel.models
        for instrument in model.instruments
    }
    lags = sorted({part.column for one in used for part in factors(one) if part.lag > 0})
    if not lags:
        return []
    names = [variable_name(marts, code) for code in lags]
    return [
        Label(
            f"工具变量是{'、'.join(n.zh for n in names)}的滞后项：它与当期关系强，只说明得分持续，不说明它外生；工具变量无效时，估计同样有偏。",
            f"The instrument is a lag of {', '.join(in_sentence(n.en) for n in names)}: that it predicts the score well says that the score persists, not that its past is free of the same influences; with an invalid "
            "instrument the estimate is biased too, however strong.",
        )
    ]
