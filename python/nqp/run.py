"""One run from marts to files: read, validate, estimate, compare, render, store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from nqp.audit import audit_sections, audit_tables
from nqp.comparison import KEYS, compare, judge
from nqp.errors import StudyError
from nqp.expectations import validate
from nqp.files import write_atomically
from nqp.labels import Language
from nqp.marts import Marts, read_marts, read_multiverse, write_estimates
from nqp.multiverse import explore
from nqp.names import indices_of
from nqp.regressions import estimate
from nqp.report import assemble, run_facts
from nqp.robustness import examine
from nqp.sections import Results
from nqp.specifications import (
    DescriptiveTable,
    RegressionTable,
    Specification,
    TableSpec,
    check_names,
    read_specification,
)
from nqp.study_tables import build_tables


def run(
    *,
    study_folder: Path,
    database: Path,
    output: Path,
    tables: Sequence[str] | None,
    languages: Sequence[Language],
    covariance: str,
    data_docs: bool,
    announce: Callable[[str], None],
) -> str:
    """Estimate and render a study; returns the most important findings, one a line.

    Everything is computed before anything is written; the database is written in one transaction, the files are
    moved into place after it. Raises StudyError with one message; then nothing was written.
    """
    path = study_folder / "specifications.toml"
    announce(f"Reading {path.name} and the marts of {database}")
    if output.exists() and not output.is_dir():
        raise StudyError(f"--output {output} is a file. Name a folder, or remove the file.")
    specification, marts = read_study(study_folder, database)
    wanted = _wanted(specification, tables, path)
    announce("Validating them with Great Expectations")
    docs = output.with_name(f"{output.name}-data-docs") if data_docs else None
    checked = validate(marts, docs)
    announce(f"  {checked} expectations met")

    regressions = [table for table in wanted if isinstance(table, RegressionTable)]
    announce("Estimating")

    def detail(text: str) -> None:
        announce(f"  {text}")

    by_covariance = estimate(regressions, marts, (covariance, "iid"), specification.resampling, detail)
    robustness = examine(specification, wanted, marts, detail)
    estimates = by_covariance[covariance]
    verdicts = judge(specification.hypotheses, estimates)
    descriptives = [table for table in wanted if isinstance(table, DescriptiveTable)]
    cells = compare(marts, estimates, by_covariance["iid"], descriptives)
    audit = audit_tables(database)
    # the multiverse is about the study's main coefficient, not about some tables of it
    universe = explore(specification, marts, read_multiverse(database), detail) if tables is None else None

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
        "runs": run_facts(marts, specification, covariance, [table.code for table in wanted], universe),
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


def read_study(study_folder: Path, database: Path) -> tuple[Specification, Marts]:
    """The specification and the marts of a study, and the names in the one checked against the other."""
    path = study_folder / "specifications.toml"
    if not study_folder.is_dir():
        raise StudyError(f"There is no study folder {study_folder}.")
    specification, marts = read_specification(path), read_marts(database)
    indices = set(indices_of(marts))
    check_names(
        specification, path, dict(zip(marts.variables["variable_code"], marts.variables["role"], strict=True)), set(marts.entities["group_code"]),
        set(marts.entities["entity_code"]), indices,
    )  # fmt: skip
    return specification, marts


def _wanted(specification: Specification, codes: Sequence[str] | None, path: Path) -> list[TableSpec]:
    """The tables asked for, in the order of the study."""
    known = [table.code for table in specification.tables]
    for code in codes or ():
        if code not in known:
            raise StudyError(f"{path}: there is no table '{code}'. Tables: {', '.join(known)}.")
    return [table for table in specification.tables if codes is None or table.code in codes]
