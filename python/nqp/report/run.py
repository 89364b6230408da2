"""One run from marts to files: read, validate, estimate, compare, render, store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nqp.audit.findings import audit_if_built
from nqp.audit.names import names_of
from nqp.audit.pages import audit_sections
from nqp.errors import StudyError
from nqp.estimates.comparison import (
    compare,
    comparison_frame,
    rows_without_counterpart,
    verdict_frame,
    verdicts_on,
)
from nqp.estimates.engine import ROWS, engine_for
from nqp.estimates.influence import influence_frame, influence_of_headline
from nqp.estimates.joint_tests import with_adjusted
from nqp.estimates.multiverse import estimate_multiverse
from nqp.estimates.over_recipes import verdicts_over_recipes, without_each_indicator
from nqp.estimates.regressions import estimate
from nqp.estimates.robustness import estimate_robustness
from nqp.language.labels import Label, Language
from nqp.output import write_atomically
from nqp.report.files import assemble, run_facts
from nqp.report.sections import Results
from nqp.study.database import write_estimates
from nqp.study.evidence import Evidence, read_evidence
from nqp.study.expectations import validate
from nqp.study.marts import LISTED, MOST_ROWS, Marts, panel_rows, read_marts, read_multiverse
from nqp.study.names import indices_of
from nqp.study.specification import (
    DescriptiveTable,
    IndicatorTable,
    RegressionTable,
    SensitivityTable,
    Specification,
    TableSpec,
)
from nqp.study.specification_described import DescribedTable
from nqp.study.specification_file import read_specification
from nqp.study.specification_names import check_names
from nqp.tables.study import build_tables
from nqp.workers import Workers, processors

INDICATORS = Label("指标体系与权重", "Indicators and weights")


def run(
    *,
    study_folder: Path,
    database: Path,
    output: Path,
    tables: Sequence[str] | None,
    languages: Sequence[Language],
    covariance: str,
    engine: str,
    data_docs: bool,
    announce: Callable[[str], None],
) -> str:
    """Estimate and render a study; returns the most important findings, one a line.

    ``engine`` says who fits: ``linearmodels`` on the panel in memory, ``sql`` the database, where the panel then stays;
    ``auto`` is sql from more than ``MOST_ROWS`` entity-years on. What does not scale is left out and named.

    Everything is computed before anything is written; the database is written in one transaction, the files are
    moved into place after it. Raises StudyError with one message; then nothing was written.
    """
    path = study_folder / "specifications.toml"
    announce(f"Reading {path.name} and the marts of {database}")
    processors()  # an NQP_THREADS that is none is named before the work, not after it
    if output.exists() and not output.is_dir():
        raise StudyError(f"--output {output} is a file. Name a folder, or remove the file.")
    specification, marts = read_study(study_folder, database, engine)
    wanted = _wanted(specification, tables, path)
    if marts.regression_panel is None:
        wanted = _left_out(wanted, announce)
    docs = output.with_name(f"{output.name}-data-docs") if data_docs else None
    announce("Estimating, while Great Expectations validates the marts")
    with Workers() as workers:
        expectations_met = workers.begin(validate, marts, docs)
        try:
            # the multiverse is about the study's main coefficient, not about some tables of it
            evidence = read_evidence(database)
            results = _results(
                specification, wanted, marts, evidence, database, covariance, tables is None, announce
            )
        except Exception:
            expectations_met()  # marts that fail an expectation are the cause, what broke on them is not
            raise
        announce(f"  {expectations_met()} expectations met")

    announce("Rendering")
    files = assemble(results, languages)
    try:
        write_atomically(files, output, lambda: write_estimates(database, results.frames))
    except OSError as error:
        raise StudyError(f"The output {output} cannot be written: {error}") from error
    announce(f"Wrote {output / 'index.html'}")
    return files["findings.txt"].decode()


def _results(
    specification: Specification,
    wanted: Sequence[TableSpec],
    marts: Marts,
    evidence: Evidence | None,
    database: Path,
    covariance: str,
    is_whole: bool,
    announce: Callable[[str], None],
) -> Results:
    """All that is estimated, compared and audited, with the tables that show it."""

    def detail(text: str) -> None:
        announce(f"  {text}")

    regressions = [table for table in wanted if isinstance(table, RegressionTable)]
    with engine_for(marts, database) as engine:
        by_covariance = estimate(regressions, engine, (covariance, "iid"), specification.resampling, detail)
        coefficients = by_covariance[covariance].under_every_covariance(engine)
        robustness = estimate_robustness(specification, wanted, marts, engine, covariance, detail)
        influential = (
            influence_of_headline(specification, engine, robustness, covariance) if is_whole else None
        )
    estimates = by_covariance[covariance]
    verdicts = with_adjusted(
        verdicts_on(specification.hypotheses, estimates), estimates, specification.resampling
    )
    descriptives = [table for table in wanted if isinstance(table, DescriptiveTable)]
    cells = compare(marts, estimates, by_covariance["iid"], descriptives)
    if is_whole:
        _name_rows_without_counterpart(rows_without_counterpart(marts, estimates, cells, specification))
    audit = audit_if_built(database)
    universe = None
    if is_whole and engine.offers(ROWS):
        universe = estimate_multiverse(specification, marts, read_multiverse(database), detail)
    over = without = None
    if universe is not None:
        over = verdicts_over_recipes(specification, marts, universe)
        without = without_each_indicator(universe)
    frames = {
        "coefficients": coefficients,
        "model_statistics": estimates.model_statistics,
        "diagnostics": estimates.diagnostics,
        **robustness.frames(),
        "influence": influence_frame(influential),
        "comparison": comparison_frame(cells),
        "hypotheses": verdict_frame(verdicts),
        "audit_findings": audit.frame(),
        **(universe.frames() if universe else {}),
        **({} if over is None else {"hypotheses_over_recipes": over}),
        **({} if without is None else {"without_indicators": without}),
        "runs": run_facts(
            marts, specification, covariance, engine.name, [table.code for table in wanted], universe
        ),
    }
    return Results(
        specification,
        marts,
        estimates,
        robustness,
        build_tables(specification, wanted, marts, estimates, robustness, evidence),
        cells,
        verdicts,
        frames,
        audit_sections(audit, names_of(marts, specification)),
        universe,
        evidence,
        influential,
        over,
        without,
    )


def _name_rows_without_counterpart(rows: Sequence[str]) -> None:
    """Say which printed rows nothing of ours stands beside; it is said even where progress is not."""
    if rows:
        more = f"\n  and {len(rows) - 20} more" if len(rows) > 20 else ""
        listed = "\n  ".join(rows[:20])
        print(f"Printed rows that nothing estimated stands beside:\n  {listed}{more}", file=sys.stderr)


def read_study(study_folder: Path, database: Path, engine: str = "auto") -> tuple[Specification, Marts]:
    """The specification and the marts of a study, and the names in the one checked against the other."""
    path = study_folder / "specifications.toml"
    if not study_folder.is_dir():
        raise StudyError(f"There is no study folder {study_folder}.")
    specification = read_specification(path)
    large = engine == "sql" or (engine == "auto" and panel_rows(database) > MOST_ROWS)
    models = [
        model for table in specification.regression_tables for part in table.panels for model in part.models
    ]
    named = {code for model in models for code in model.sample.without_entities}
    marts = read_marts(database, large=large, named=named)
    indices = set(indices_of(marts))
    if not path.is_file():
        # nobody has said what to show: the system of every index
        shown = tuple(IndicatorTable(f"indicators_{i}", INDICATORS, i, ()) for i in sorted(indices))
        specification = replace(specification, tables=shown)
    check_names(
        specification, path, dict(zip(marts.variables["variable_code"], marts.variables["role"], strict=True)), set(marts.entities["group_code"]),
        set(marts.entities["entity_code"]), indices,
    )  # fmt: skip
    return specification, marts


def _left_out(wanted: Sequence[TableSpec], announce: Callable[[str], None]) -> list[TableSpec]:
    """The tables that can be made of a large panel; says, a line each, what is left out."""
    announce("Estimating in SQL, the panel stays in the database; left out:")
    announce("  CR2 and the wild cluster bootstrap, and with them hollow stars")
    announce(f"  the ranking beyond the first {LISTED} and the last, and the figures of scores")
    announce("  the main coefficient over all ways of building the index")
    announce("  the expectations on regression_panel (the tests of dbt build hold them)")
    for table in wanted:
        if isinstance(table, DescribedTable):
            announce(f"  table '{table.code}': {table.kind}")
        elif isinstance(table, SensitivityTable):
            announce(f"  table '{table.code}': leave one out, placebo and Oster bound")
        elif isinstance(table, RegressionTable):
            if table.difference_tests:
                announce(f"  table '{table.code}': Chow and permutation tests between its columns")
            if any(model.instruments for part in table.panels for model in part.models):
                announce(
                    f"  table '{table.code}': tests of the instruments but first-stage F, Anderson LM and Cragg-Donald F"
                )
    return [table for table in wanted if not isinstance(table, SensitivityTable | DescribedTable)]


def _wanted(specification: Specification, codes: Sequence[str] | None, path: Path) -> list[TableSpec]:
    """The tables asked for, in the order of the study."""
    known = [table.code for table in specification.tables]
    for code in codes or ():
        if code not in known:
            raise StudyError(f"{path}: there is no table '{code}'. Tables: {', '.join(known)}.")
    return [table for table in specification.tables if codes is None or table.code in codes]
