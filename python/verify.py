"""Compare the numbers of a manuscript with the exhibits.  python python/verify.py --help"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from nqp.command import add_written_output, carry_out


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    if options.text is None and options.addresses is None:
        _parser().error("name a text, or --addresses EXHIBIT")

    def work(announce: Callable[[str], None]) -> str:
        from nqp.verifying.run import addresses, verify

        if options.addresses is not None:
            return addresses(study=options.study, output=options.output, exhibit=options.addresses)
        return verify(
            text=Path(options.text), study=options.study, output=options.output, numbers=options.number,
            lists_all=options.all, announce=announce,
            languages=("zh", "en") if options.language == "both" else (options.language,),
        )  # fmt: skip

    return carry_out(work, quiet=options.quiet)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Finds the numbers of a manuscript (.md, .docx, .tex, .txt) that refer to our tables and figures and says "
        "which agree at the digits printed, which differ, and where they stand.",
        epilog="A number is recognised by a mark or by what stands around it ('Table 3, column (6)'). Exit code 0: none differs. "
        "1: one differs, or an input is faulty. 2: the command line is wrong.",
    )
    parser.add_argument("text", nargs="?", metavar="TEXT", help="the manuscript")
    add_written_output(parser)
    parser.add_argument(
        "--number", action="append", default=[], metavar="NUMBER=CODE",
        help="the manuscript gives one of our exhibits another number, such as 4-2=table3; repeat it",
    )  # fmt: skip
    parser.add_argument("--all", action="store_true", help="list the numbers that agree too")
    parser.add_argument(
        "--language",
        choices=("zh", "en", "both"),
        default="both",
        help="language of the report (default: both)",
    )
    parser.add_argument(
        "--addresses", metavar="EXHIBIT",
        help="list the numbers of an exhibit with the address and the bookmark that name them in a text",
    )  # fmt: skip
    parser.add_argument("--quiet", action="store_true", help="print nothing unless something differs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
