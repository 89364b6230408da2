"""One run from marts to files: read, validate, estimate, compare, render, store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

import pandas as pd

from nqp.audit.findings import audit_sections, audit_tables
from nqp.errors import StudyError
from nqp.estimates.comparison import KEYS, compare, judge, rows_without_counterpart
from nqp.estimates.multiverse import explore
from nqp.estimates.regressions import estimate, fitter_in_database, fitter_of_rows
from nqp.estimates.robustness import examine
from nqp.language.labels import Language
from nqp.output import write_atomically
from nqp.report.files import assemble, run_facts
from nqp.report.sections import Results
from nqp.study.database import connected, write_estimates
from nqp.study.expectations import validate
from nqp.study.marts import LISTED, MOST_ROWS, Marts, panel_rows, read_marts, read_multiverse
from nqp.study.names import indices_of
from nqp.study.specification import (
    DescriptiveTable,
    RegressionTable,
    SensitivityTable,
    Specification,
    TableSpec,
)
from nqp.study.specification_file import read_specification
from nqp.study.specification_names import check_names
from nqp.tables.study import build_tables


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
    if output.exists() and not output.is_dir():
        raise StudyError(f"--output {output} is a file. Name a folder, or remove the file.")
    specification, marts = read_study(study_folder, database, engine)
    wanted = _wanted(specification, tables, path)
    is_large = marts.regression_panel is None
    if is_large:
        wanted = _left_out(wanted, announce)
    announce("Validating them with Great Expectations")
    docs = output.with_name(f"{output.name}-data-docs") if data_docs else None
    checked = validate(marts, docs)
    announce(f"  {checked} expectations met")

    regressions = [table for table in wanted if isinstance(table, RegressionTable)]
    announce("Estimating")

    def detail(text: str) -> None:
        announce(f"  {text}")

    with connected(database) if is_large else nullcontext() as connection:
        fits = fitter_of_rows(marts) if connection is None else fitter_in_database(connection, marts)
        by_covariance = estimate(regressions, fits, (covariance, "iid"), specification.resampling, detail)
        robustness = examine(specification, wanted, marts, fits, detail)
    estimates = by_covariance[covariance]
    verdicts = judge(specification.hypotheses, estimates)
    descriptives = [table for table in wanted if isinstance(table, DescriptiveTable)]
    cells = compare(marts, estimates, by_covariance["iid"], descriptives)
    if tables is None:
        _name_rows_without_counterpart(rows_without_counterpart(marts, estimates, cells, specification))
    audit = audit_tables(database)
    # the multiverse is about the study's main coefficient, not about some tables of it
    whole = tables is None and not is_large
    universe = explore(specification, marts, read_multiverse(database), detail) if whole else None

    announce("Rendering")
    frames = {
        "coefficients": estimates.coefficients,
        "model_statistics": estimates.model_statistics,
        "diagnostics": estimates.diagnostics,
        **robustness.frames(),
        "comparison": pd.DataFrame(
            [cell.row() for cell in cells],
            columns=[*KEYS, "printed", "ours", "ours_iid", "difference", "agrees", "why_zh", "why_en"],
        ),
        "hypotheses": pd.DataFrame(
            [
                {
                    "hypothesis": verdict.hypothesis.code,
                    "estimate": verdict.estimate,
                    "std_error": verdict.std_error,
                    "p_value": verdict.p_value,
                    "p_wild": verdict.p_wild,
                    "verdict": verdict.verdict,
                }
                for verdict in verdicts
            ],
            columns=["hypothesis", "estimate", "std_error", "p_value", "p_wild", "verdict"],
        ),
        "audit_findings": audit.frame(),
        **(universe.frames() if universe else {}),
        "runs": run_facts(
            marts,
            specification,
            covariance,
            "sql" if is_large else "linearmodels",
            [table.code for table in wanted],
            universe,
        ),
    }
    built = build_tables(specification, wanted, marts, estimates, robustness)
    results = Results(
        specification,
        marts,
        estimates,
        robustness,
        built,
        cells,
        verdicts,
        frames,
        audit_sections(audit),
        universe,
    )
    files = assemble(results, languages)
    try:
        write_atomically(files, output, lambda: write_estimates(database, frames))
    except OSError as error:
        raise StudyError(f"The output {output} cannot be written: {error}") from error
    announce(f"Wrote {output / 'index.html'}")
    return files["findings.txt"].decode()


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
        if isinstance(table, SensitivityTable):
            announce(f"  table '{table.code}': leave one out, placebo and Oster bound")
        elif isinstance(table, RegressionTable):
            if table.difference_tests:
                announce(f"  table '{table.code}': Chow and permutation tests between its columns")
            if any(model.instruments for part in table.panels for model in part.models):
                announce(
                    f"  table '{table.code}': tests of the instruments but first-stage F, Anderson LM and Cragg-Donald F"
                )
    return [table for table in wanted if not isinstance(table, SensitivityTable)]


def _wanted(specification: Specification, codes: Sequence[str] | None, path: Path) -> list[TableSpec]:
    """The tables asked for, in the order of the study."""
    known = [table.code for table in specification.tables]
    for code in codes or ():
        if code not in known:
            raise StudyError(f"{path}: there is no table '{code}'. Tables: {', '.join(known)}.")
    return [table for table in specification.tables if codes is None or table.code in codes]
