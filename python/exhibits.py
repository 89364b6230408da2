"""Write all tables and figures as files to hand on.  python python/exhibits.py --help"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from nqp.command import add_written_output, carry_out


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)

    def work(announce: Callable[[str], None]) -> str:
        from nqp.publishing.run import publish

        return publish(
            study=options.study, output=options.output,
            languages=("zh", "en") if options.language == "both" else (options.language,), part=options.only, announce=announce,
        )  # fmt: skip

    return carry_out(work, quiet=options.quiet)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="exhibits.py",
        description="Writes what estimate.py has made into files to hand on, below <output>/exhibits: one Word document per "
        "language with all tables and figures, one workbook, LaTeX, and every figure as SVG, PDF and PNG in grey, as wide as a "
        "column (84 mm) and a page (174 mm). Nothing is estimated again.",
        epilog="Exit code 0: done. 1: an input is faulty. 2: the command line is wrong.",
    )
    add_written_output(parser)
    parser.add_argument(
        "--language", choices=("zh", "en", "both"), default="both", help="languages to write (default: both)"
    )
    parser.add_argument(
        "--only", choices=("all", "figures", "documents"), default="all",
        help="figures: no documents; documents: with the figures that they read (default: all)",
    )  # fmt: skip
    parser.add_argument("--quiet", action="store_true", help="print nothing unless something is wrong")
    return parser


if __name__ == "__main__":
    sys.exit(main())
