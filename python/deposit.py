"""Write the deposit of a study, or check one.  python python/deposit.py --help"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from nqp.command import add_written_output, carry_out

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)

    def work(announce: Callable[[str], None]) -> str:
        from nqp.deposit.run import check, compare, deposit

        if options.check:
            return check(Path(options.check), fresh=options.fresh, announce=announce)
        if options.compare:
            return compare(ROOT, Path(options.compare))
        database = options.database or os.environ.get("NQP_DATABASE", f"{options.study}.duckdb")
        return deposit(
            root=ROOT, study=options.study, database=Path(database), output=options.output,
            target=Path(options.target), measures=options.measure or options.fresh, fresh=options.fresh, announce=announce,
        )  # fmt: skip

    return carry_out(work, quiet=options.quiet)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deposit.py",
        description="Writes data, code and output of one study as a folder and a zip that a data editor accepts: README, "
        "checklist, checksums, terms of the sources, citation file. It can run the package in an empty environment and compare "
        "every number with the deposited output.",
        epilog="Exit code 0: done. 1: an input is faulty, or a number differs. 2: the command line is wrong.",
    )
    parser.add_argument(
        "--database", help="DuckDB file that dbt build made (default: NQP_DATABASE or <study>.duckdb)"
    )
    add_written_output(parser)
    parser.add_argument("--target", default="deposit", help="folder to write (default: deposit)")
    parser.add_argument(
        "--measure", action="store_true",
        help="also run the package in an empty environment, compare every number, and write time and memory into its README",
    )  # fmt: skip
    parser.add_argument(
        "--fresh", action="store_true",
        help="as --measure, with requirements.lock installed into a new environment (needs a package index); with --check likewise",
    )  # fmt: skip
    parser.add_argument(
        "--check",
        metavar="PACKAGE",
        help="run this deposit, a folder or a zip, and compare it with its output",
    )
    parser.add_argument(
        "--compare", metavar="FOLDER", help="inside a deposit: compare a new output with the deposited one"
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing unless something is wrong")
    return parser


if __name__ == "__main__":
    sys.exit(main())
