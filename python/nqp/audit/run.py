"""One audit from a study folder to files; a folder that holds only pub_*.csv needs no observations and no database.

The rules stay in dbt: such a folder is audited in a scratch copy of the project, and only the audit is built there.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from nqp.audit.findings import Audit, audit_tables
from nqp.audit.names import ENTITY
from nqp.audit.pages import audit_sections
from nqp.audit.verdicts import CONSISTENT, INCONSISTENT, NOT_DECIDABLE
from nqp.document.naming import with_entity
from nqp.errors import StudyError
from nqp.formats.csv import csv_bytes, marked, table_csv
from nqp.formats.html import index_page, page
from nqp.language.labels import Label, Language
from nqp.output import write_atomically
from nqp.study.database import write_estimates
from nqp.study.scratch import build_scratch
from nqp.study.stamp import AUDITED, check_stamp

PAGES: dict[Language, str] = {"zh": "audit.zh.html", "en": "audit.en.html"}


def run_audit(
    *, root: Path, study: str, database: Path | None, output: Path, announce: Callable[[str], None]
) -> str:
    """Audit a study and write its findings; returns the summary in words, one finding a line.

    ``study`` is a folder below seeds/ or a path. With a whole study the findings are also stored in its database as
    ``estimates.audit_findings``. Raises StudyError with one message; then nothing was written.
    """
    folder = next((path for path in (root / "seeds" / study, Path(study)) if path.is_dir()), None)
    if folder is None:
        raise StudyError(f"There is no study folder {root / 'seeds' / study}.")
    if not any(folder.glob("pub_*.csv")):
        raise StudyError(
            f"{folder} holds no pub_*.csv: there is no printed table to audit. See docs/audit.md."
        )
    if database is None and not (folder / "raw_observations.csv").is_file():
        announce(f"Auditing {folder} without observations")
        with tempfile.TemporaryDirectory() as scratch:
            audit = audit_tables(build_scratch(root, folder, Path(scratch), ["+audit_findings"]))
    else:
        audited = database or Path(f"{folder.name}.duckdb")
        check_stamp(audited, root, folder, AUDITED)
        announce(f"Auditing the tables in {audited}")
        audit = audit_tables(audited)
        write_estimates(audited, {"audit_findings": audit.frame()}, keep=True)
    write_atomically(audit_files(audit, folder.name), output)
    announce(f"Wrote {output / 'index.html'}")
    return summary(audit)


def audit_files(audit: Audit, study: str) -> dict[str, bytes]:
    """Pages, tables, and the findings as CSV and JSON, by relative path."""
    title = Label(f"印刷表格的审核：{study}", f"Audit of printed tables: {study}")
    sections = [with_entity(section, ENTITY) for section in audit_sections(audit)]
    files: dict[str, bytes] = {
        "findings.csv": marked(csv_bytes(audit.frame())),
        "findings.json": json.dumps(
            json.loads(audit.frame().to_json(orient="records", force_ascii=False)), ensure_ascii=False, indent=2
        ).encode() + b"\n",
        "index.html": index_page(title=title, pages=PAGES).encode(),
    }  # fmt: skip
    for language, name in PAGES.items():
        files[name] = page(language, title=title, sections=sections, pages=PAGES).encode()
    for section in sections:
        for table in section.tables:
            files[f"tables/{table.code}.csv"] = marked(table_csv(table).encode())
    return files


def summary(audit: Audit) -> str:
    """The counts, then every check that does not stand, in English."""
    lines = [
        f"{len(audit.findings)} checks: {audit.count(INCONSISTENT)} inconsistent as printed, "
        f"{audit.count(NOT_DECIDABLE)} not decidable, {audit.count(CONSISTENT)} consistent"
    ]
    lines += [
        f"{finding.rule} {finding.table_code} {finding.model_code}: {finding.explanation_en}"
        for finding in audit.findings
        if finding.verdict == INCONSISTENT
    ]
    return "\n".join(lines) + "\n"
