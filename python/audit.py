"""Audit the printed tables of a paper.  python python/audit.py --help"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from nqp.command import carry_out

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)

    def work(announce: Callable[[str], None]) -> str:
        from nqp.audit.run import run_audit
        from nqp.output import folder_of

        return run_audit(
            root=ROOT,
            study=options.study,
            database=Path(options.database) if options.database else None,
            output=Path(options.output) if options.output else folder_of(Path(options.study).name) / "audit",
            announce=announce,
        )

    return carry_out(work, quiet=options.quiet)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="audit.py",
        description="Checks the printed tables of a study (its pub_*.csv) against themselves and, where the study has "
        "observations, against official figures; writes pages (HTML, zh and en), findings.csv and findings.json.",
        epilog="A folder that holds only pub_*.csv is audited by itself; a whole study is audited in the database that "
        "dbt build made, and its findings are stored there as estimates.audit_findings. Exit code 0: done, whatever was "
        "found. 1: an input is faulty. 2: the command line is wrong.",
    )
    study = os.environ.get("NQP_STUDY", "nqp")
    parser.add_argument(
        "--study", default=study, help="folder below seeds/, or a path (default: NQP_STUDY or nqp)"
    )
    parser.add_argument(
        "--database",
        default=os.environ.get("NQP_DATABASE"),
        help="DuckDB file that dbt build made (default: NQP_DATABASE or <study>.duckdb)",
    )
    parser.add_argument("--output", help="folder to write (default: output/<study>/audit)")
    parser.add_argument("--quiet", action="store_true", help="print nothing unless something is wrong")
    return parser


if __name__ == "__main__":
    sys.exit(main())
