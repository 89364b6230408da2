"""Estimate a study from its marts and render its tables.  python python/estimate.py --help"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from nqp.command import add_study, carry_out

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    folder = Path(os.path.relpath(ROOT / "seeds" / options.study))
    database = _database(options)

    def work(announce: Callable[[str], None]) -> str:
        from nqp.output import folder_of
        from nqp.report.run import read_study, run
        from nqp.study.stamp import ESTIMATED, check_stamp
        from nqp.study.warehouse import open_warehouse

        if options.target == "spark":
            open_warehouse(Path(options.warehouse or f"target/spark/{options.study}"), database)
        if folder.is_dir():
            check_stamp(database, ROOT, folder, ESTIMATED)

        if options.check:
            specification, _ = read_study(folder, database, options.engine)
            tables = specification.regression_tables
            count = sum(len(part.models) for table in tables for part in table.panels)
            return f"{folder.name}/specifications.toml is valid: {len(specification.tables)} tables, {count} regressions\n"
        return run(
            study_folder=folder,
            database=database,
            output=Path(options.output) if options.output else folder_of(options.study),
            tables=options.tables,
            languages=("zh", "en") if options.language == "both" else (options.language,),
            covariance=options.covariance,
            engine=options.engine,
            data_docs=options.data_docs,
            announce=announce,
        )

    return carry_out(work, quiet=options.quiet and not options.check)


def _database(options: argparse.Namespace) -> Path:
    """The file to read and to write; NQP_DATABASE names the one that dbt builds in DuckDB."""
    if options.database:
        return Path(options.database)
    if options.target == "spark":
        return Path(f"{options.study}.spark.duckdb")
    return Path(os.environ.get("NQP_DATABASE", f"{options.study}.duckdb"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="estimate.py",
        description="Reads the marts that dbt build made, checks them, estimates the regressions of the study's "
        "specifications.toml and writes pages (HTML, zh and en), tidy CSV files and the schema estimates of the database.",
        epilog="Exit code 0: done. 1: an input is faulty; the message says what, where and how to mend it, and the "
        "previous output stays as it was. 2: the command line is wrong.",
    )
    add_study(parser)
    parser.add_argument(
        "--target",
        choices=("dev", "spark"),
        default="dev",
        help="target of dbt build to read (default: dev, DuckDB)",
    )
    parser.add_argument(
        "--database",
        help="DuckDB file that dbt build made (default: NQP_DATABASE or <study>.duckdb); with --target spark the file "
        "for views on its tables and for the estimates (default: <study>.spark.duckdb)",
    )
    parser.add_argument(
        "--warehouse",
        default=os.environ.get("NQP_WAREHOUSE"),
        help="folder of the tables that Spark wrote (default: NQP_WAREHOUSE or target/spark/<study>)",
    )
    parser.add_argument("--output", help="folder to write (default: output/<study>)")
    parser.add_argument(
        "--tables",
        nargs="+",
        metavar="CODE",
        help="only these tables of specifications.toml, besides the scores; the output then holds no others (default: all)",
    )
    parser.add_argument(
        "--language", choices=("zh", "en", "both"), default="both", help="pages to write (default: both)"
    )
    parser.add_argument(
        "--covariance",
        choices=(
            "cluster",
            "iid",
            "hc1",
            "cluster_areg",
            "cluster_twoway",
            "cluster_year",
            "driscoll_kraay",
            "cr2",
        ),
        default="cluster",
        help="standard errors in the tables (default: cluster, reghdfe's rule, by entity or by what the study says)",
    )
    parser.add_argument(
        "--engine",
        choices=("auto", "sql", "linearmodels"),
        default="auto",
        help="who fits: linearmodels with the panel in memory, or the database, where a large panel stays; what does not "
        "scale is then left out and named (default: auto, sql above 20,000 entity-years)",
    )
    parser.add_argument(
        "--check", action="store_true", help="only check specifications.toml against the marts"
    )
    parser.add_argument(
        "--data-docs",
        action="store_true",
        help="also write Great Expectations' Data Docs to <output>-data-docs (those pages load styles from the network "
        "when opened)",
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing unless something is wrong")
    return parser


if __name__ == "__main__":
    sys.exit(main())
