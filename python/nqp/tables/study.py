"""The tables that a study's specifications.toml asks for, numbered by their place in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from nqp.econometrics.estimators import GMM, moments_of
from nqp.estimates.robustness import model_at
from nqp.language.labels import Label
from nqp.study.names import entity_names, group_names, variable_name
from nqp.study.specification import (
    AgreementTable,
    ConventionTable,
    DescriptiveTable,
    IndexAgreementTable,
    IndicatorTable,
    RegressionTable,
    SensitivityTable,
    Specification,
    TableSpec,
)
from nqp.study.specification_described import DefinitionTable, DescribedTable
from nqp.tables.agreement import agreement_table, index_agreement_table
from nqp.tables.association import definition_table, described
from nqp.tables.descriptives import descriptive_table, indicator_table
from nqp.tables.effects import EffectNames
from nqp.tables.regressions import RegressionTables
from nqp.tables.robustness import blank_table, convention_table, difference_table, sensitivity_table

if TYPE_CHECKING:
    from nqp.document.table import Table
    from nqp.estimates.regressions import Estimates
    from nqp.estimates.robustness import Robustness
    from nqp.study.evidence import Evidence
    from nqp.study.marts import Marts


def build_tables(
    specification: Specification,
    wanted: Iterable[TableSpec],
    marts: Marts,
    estimates: Estimates,
    robustness: Robustness,
    evidence: Evidence | None = None,
) -> list[Table]:
    """The table objects of the wanted specifications, numbered by their place in the whole study."""
    numbers = {
        table.code: Label(f"表 {place}", f"Table {place}")
        for place, table in enumerate(specification.tables, start=1)
    }
    resampling, regressions = specification.resampling, RegressionTables(specification, marts, estimates)
    names_of_effects = EffectNames(marts, specification.entity, specification.group)
    tables: list[Table] = []
    for spec in wanted:
        number = numbers[spec.code]
        match spec:
            case IndicatorTable():
                tables.append(indicator_table(spec, number, marts, specification.entity))
            case AgreementTable():
                tables.append(agreement_table(spec, number, marts, specification.entity))
            case IndexAgreementTable():
                if evidence is not None:
                    tables.append(index_agreement_table(spec, number, marts, evidence, specification.entity))
            case DescriptiveTable():
                tables.append(descriptive_table(spec, number, marts))
            case DescribedTable():
                tables.append(described(spec, number, marts))
            case DefinitionTable():
                tables.append(definition_table(spec, number, marts))
            case RegressionTable():
                tables.append(regressions.table(spec, number))
                if (rows := robustness.differences.get(spec.code)) is not None:
                    term = variable_name(marts, rows["term"].iloc[0])
                    lost = [(variable_name(marts, one.term), one) for one in robustness.left_out[spec.code]]
                    tables.append(
                        difference_table(spec, number, rows, term, group_names(marts), lost, resampling)
                    )
            case ConventionTable() | SensitivityTable() if spec.code in robustness.left_out:
                (lost_term,) = robustness.left_out[spec.code]
                tables.append(blank_table(spec, number, variable_name(marts, spec.address.term), lost_term))
            case ConventionTable():
                rows, term = robustness.conventions[spec.code], variable_name(marts, spec.address.term)
                model = model_at(specification, spec.address)
                convention = partial(names_of_effects.convention, clusters=model.cluster)
                is_gmm = bool(model.instruments) and model.estimator == GMM
                moments = moments_of(GMM, estimates.covariance) if is_gmm else ""
                tables.append(convention_table(spec, number, rows, term, convention, resampling, moments))
            case SensitivityTable():
                result, term = robustness.sensitivities[spec.code], variable_name(marts, spec.address.term)
                names = entity_names(marts)
                tables.append(sensitivity_table(spec, number, result, term, names, resampling))
    return tables
