"""Whether every name in a specification is one that the study defines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from nqp.econometrics.equation import LAG
from nqp.errors import StudyError, did_you_mean
from nqp.study.specification import (
    Address,
    ConventionTable,
    DescriptiveTable,
    IndicatorTable,
    RegressionTable,
    SensitivityTable,
    Specification,
)
from nqp.study.specification_described import DefinitionTable, DescribedTable

NEVER_ESTIMATED = "reference"


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
        names: Collection[str], known: Collection[str], where: str, kind: str, lags: bool = False
    ) -> None:
        for name in names:
            lag = LAG.fullmatch(name) if lags else None
            if lag and len(lag.group(1)) > 2:
                raise StudyError(f"{path}: {where}: '{name}' lags more than 99 years.")
            code = lag.group(2) if lag else name
            if code not in known:
                nearest = did_you_mean(code, known)
                raise StudyError(f"{path}: {where}: unknown {kind} '{name}'.{nearest} Known: {_some(known)}.")

    variables = set(roles)
    estimated = {name for name, role in roles.items() if role != NEVER_ESTIMATED}
    for table in specification.tables:
        if isinstance(table, IndicatorTable):
            check([table.index], indices, f"table '{table.code}', key 'index'", "index")
        elif isinstance(table, DescriptiveTable):
            check(table.variables, variables, f"table '{table.code}', key 'variables'", "variable")
            check(list(table.beside), variables, f"table '{table.code}', key 'beside'", "variable")
        elif isinstance(table, DescribedTable | DefinitionTable):
            check(table.variables, variables, f"table '{table.code}', key 'variables'", "variable")
        elif isinstance(table, RegressionTable):
            for panel in table.panels:
                for model in panel.models:
                    where = f"table '{table.code}', column '{model.code}', key "
                    kind = "variable (role reference is described, never estimated)"
                    check([model.outcome], estimated, where + "'outcome'", kind)
                    for key in ("core", "controls", "instruments"):
                        check(getattr(model, key), estimated, f"{where}'{key}'", kind, lags=True)
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
    addresses = [(f"hypothesis '{item.code}'", item.address) for item in specification.hypotheses]
    addresses += [("headlines", address) for address in specification.headlines]
    if (multiverse := specification.multiverse) is not None and multiverse.declared:
        addresses.append(("[multiverse]", multiverse.address))
        check(multiverse.outcomes, estimated, "[multiverse], key 'outcomes'", "variable")
        for names in multiverse.controls or ():
            check(names, estimated, "[multiverse], key 'controls'", "variable", lags=True)
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
        if where == "[multiverse]":
            check([address.term], indices, f"{where}, key 'term'", "composite index")


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
