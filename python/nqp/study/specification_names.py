"""Whether every name in a specification is one that the study defines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from nqp.econometrics.equation import EFFECTS, GROUP, TREND, further_categories
from nqp.econometrics.terms import Factor, factors
from nqp.errors import StudyError, did_you_mean
from nqp.study.specification import (
    Address,
    AgreementTable,
    ConventionTable,
    DescriptiveTable,
    IndexAgreementTable,
    IndicatorTable,
    RegressionTable,
    SensitivityTable,
    Specification,
)
from nqp.study.specification_described import DefinitionTable, DescribedTable
from nqp.study.style import CONSTANT

NEVER_ESTIMATED = "reference"
MOST_YEARS_AWAY = 99


def check_names(
    specification: Specification,
    path: Path,
    roles: Mapping[str, str],
    groups: Collection[str],
    entities: Collection[str],
    indices: Collection[str],
) -> None:
    """Check that every name in the specification is defined by the study; ``roles`` maps variables to their role.

    Raises StudyError naming file, table, key and the unknown name.
    """

    def check(
        names: Collection[str], known: Collection[str], where: str, kind: str, terms: bool = False
    ) -> None:
        for name in names:
            for code, lag in factors(name) if terms else (Factor(name),):
                if abs(lag) > MOST_YEARS_AWAY:
                    raise StudyError(
                        f"{path}: {where}: '{name}' looks more than {MOST_YEARS_AWAY} years away."
                    )
                if code not in known:
                    nearest = did_you_mean(code, known)
                    raise StudyError(
                        f"{path}: {where}: unknown {kind} '{name}'.{nearest} Known: {_some(known)}."
                    )

    variables = set(roles)
    estimated = {name for name, role in roles.items() if role != NEVER_ESTIMATED}
    for table in specification.tables:
        if isinstance(table, IndicatorTable | AgreementTable | IndexAgreementTable):
            check([table.index], indices, f"table '{table.code}', key 'index'", "index")
        elif isinstance(table, DescriptiveTable):
            check(table.variables, variables, f"table '{table.code}', key 'variables'", "variable")
            check(list(table.beside), variables, f"table '{table.code}', key 'beside'", "variable")
        elif isinstance(table, DescribedTable | DefinitionTable):
            check(table.variables, variables, f"table '{table.code}', key 'variables'", "variable")
            if isinstance(table, DescribedTable) and table.by:
                check([table.by], variables, f"table '{table.code}', key 'by'", "variable")
        elif isinstance(table, RegressionTable):
            shown = {
                term for part in table.panels for m in part.models for term in m.regressors + m.instruments
            }
            check(
                table.style.terms,
                {*shown, CONSTANT, *estimated},
                f"table '{table.code}', style",
                "term",
                terms=True,
            )
            for panel in table.panels:
                for model in panel.models:
                    where = f"table '{table.code}', column '{model.code}', key "
                    kind = "variable (role reference is described, never estimated)"
                    check([model.outcome], estimated, where + "'outcome'", kind)
                    for key in ("core", "controls", "instruments"):
                        check(getattr(model, key), estimated, f"{where}'{key}'", kind, terms=True)
                    if model.weights is not None:
                        check([model.weights.column], estimated, where + "'weights'", kind)
                    for key in ("effects", "cluster"):
                        _check_categories(getattr(model, key), variables, f"{path}: {where}'{key}'")
                    check(model.sample.groups, groups, where + "'sample.groups'", "group")
                    check(
                        model.sample.without_entities, entities, where + "'sample.without_entities'", "entity"
                    )
    terms = {
        (table.code, panel.code, model.code): model.regressors
        for table in specification.regression_tables
        for panel in table.panels
        for model in panel.models
    }
    uneven = {
        (table.code, panel.code, model.code)
        for table in specification.regression_tables
        for panel in table.panels
        for model in panel.models
        if not model.is_plain
    }
    sensitive = [table.address for table in specification.tables if isinstance(table, SensitivityTable)]
    addresses = [(f"hypothesis '{item.code}'", item.address) for item in specification.hypotheses]
    addresses += [("headlines", address) for address in specification.headlines]
    if (multiverse := specification.multiverse) is not None and multiverse.declared:
        addresses.append(("[multiverse]", multiverse.address))
        check(multiverse.outcomes, estimated, "[multiverse], key 'outcomes'", "variable")
        for names in multiverse.controls or ():
            check(names, estimated, "[multiverse], key 'controls'", "variable", terms=True)
    addresses += [
        (f"table '{table.code}'", table.address)
        for table in specification.tables
        if isinstance(table, ConventionTable | SensitivityTable)
    ]
    for where, address in addresses:
        known = terms.get((address.table, address.panel, address.model))
        if known is None:
            raise StudyError(
                f"{path}: {where}: there is no column '{address.model}' in panel '{address.panel}' of table "
                f"'{address.table}'.{_nearest_part(address, terms)}"
            )
        check([address.term], known, f"{where}, key 'term'", "term of that column")
        needs_plain = where == "[multiverse]" or address in (*sensitive, *specification.headlines[:1])
        if needs_plain and (address.table, address.panel, address.model) in uneven:
            raise StudyError(
                f"{path}: {where}: column '{address.model}' of table '{address.table}' has weights or no constant, for which leaving "
                "entities out, placebo, bounds, bootstrap and multiverse are not offered. Name a column without."
            )
        if where == "[multiverse]":
            check([address.term], indices, f"{where}, key 'term'", "composite index")


def _check_categories(named: Collection[str], variables: Collection[str], where: str) -> None:
    """StudyError unless effects or clusters are made of entity, year, group and variables, each of one meaning."""
    for name in further_categories(named):
        if name != GROUP and name not in variables:
            known = (*EFFECTS, GROUP, *variables)
            raise StudyError(
                f"{where}: unknown category '{name}'.{did_you_mean(name, known)} Known: {_some(known)}."
            )
    parts = {part for one in named for part in one.split(":")}
    if twice := sorted(parts & {*EFFECTS, GROUP, TREND} & set(variables)):
        raise StudyError(f"{where}: a variable too is called '{twice[0]}'. Rename the variable.")


def _nearest_part(address: Address, terms: Collection[tuple[str, str, str]]) -> str:
    """The nearest name of the first part of an address that no table has."""
    tables = {table for table, _, _ in terms}
    if address.table not in tables:
        return did_you_mean(address.table, tables)
    panels = {panel for table, panel, _ in terms if table == address.table}
    if address.panel not in panels:
        return f" Panels: {_some(panels)}."
    return f" Columns: {_some({model for table, _, model in terms if table == address.table})}."


def _some(names: Collection[str]) -> str:
    """The names in order, no more than fifty of them."""
    listed = sorted(names)
    more = f" and {len(listed) - 50} more" if len(listed) > 50 else ""
    return (", ".join(listed[:50]) or "none") + more
