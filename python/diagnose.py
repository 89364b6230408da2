"""Which way of building an index gives these printed weights or scores?  python python/diagnose.py --help"""

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
        from nqp.diagnosis.run import run_diagnosis

        return run_diagnosis(
            root=ROOT,
            study=options.study,
            database=Path(options.database or f"{options.study}.duckdb"),
            weights=Path(options.weights) if options.weights else None,
            scores=Path(options.scores) if options.scores else None,
            index=options.index,
            matrix=Path(options.matrix) if options.matrix else None,
            negative=options.negative,
            top=options.top,
            output=Path(options.output) if options.output else None,
            announce=announce,
        )

    return carry_out(work, quiet=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="diagnose.py",
        description="Compares printed weights or scores with those of every way of building the index that the study's "
        "multiverse holds, and says which of them give the printed numbers, to how many decimals.",
        epilog="Numbers are compared within the rounding of their printed digits, so keep them as printed (0.120, not "
        "0.12). With --matrix no study is needed: the project's own models are run on that table in a temporary folder. "
        "Exit code 0: done, whatever was found. 1: an input is faulty. 2: the command line is wrong.",
    )
    printed = parser.add_mutually_exclusive_group(required=True)
    printed.add_argument(
        "--weights", metavar="FILE", help="CSV with columns indicator_code (or name) and weight [, year]"
    )
    printed.add_argument("--scores", metavar="FILE", help="CSV with columns entity_code, score [, year]")
    parser.add_argument("--index", metavar="CODE", help="the composite index (default: the only one)")
    parser.add_argument(
        "--matrix",
        metavar="FILE",
        help="CSV of the values behind them: first column entities, a column year if there are several, the other columns "
        "indicators",
    )
    parser.add_argument(
        "--negative",
        metavar="NAME",
        nargs="+",
        default=(),
        help="columns of --matrix of which less is better",
    )
    parser.add_argument("--top", type=int, default=5, help="how many candidates to print (default: 5)")
    parser.add_argument("--output", metavar="FILE", help="write all candidates to this CSV file")
    parser.add_argument(
        "--study",
        default=os.environ.get("NQP_STUDY", "nqp"),
        help="folder below seeds/ (default: NQP_STUDY or nqp)",
    )
    parser.add_argument(
        "--database",
        default=os.environ.get("NQP_DATABASE"),
        help="DuckDB file that dbt build made (default: NQP_DATABASE or <study>.duckdb)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
