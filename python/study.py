"""Make, extend and check a study from files that people have.  python python/study.py --help"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nqp.command import carry_out

if TYPE_CHECKING:
    from nqp.language.labels import Label
    from nqp.studying.commands import Choices

ROOT = Path(__file__).resolve().parent.parent
READING = ("layout", "series", "unit", "year", "entity", "entities", "decimal", "encoding")
PAIRS = ("names", "symbols", "columns")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)

    def work(announce: Callable[[str], None]) -> str:
        from nqp.studying import commands

        paths = [Path(path) for path in getattr(options, "files", [])]
        if options.command == "new":
            return commands.new(ROOT, options.study, paths, _choices(options), _terminal(options), announce)
        if options.command == "add":
            return commands.add(
                ROOT, options.study, paths, _choices(options), revise=options.revise, announce=announce
            )
        if options.command == "check":
            return commands.check_command(ROOT, options.study)
        if options.command == "template":
            return commands.template_command(Path(options.workbook), force=options.force)
        target = Path(options.workbook) if options.workbook else None
        return commands.export(ROOT, options.study, target, force=options.force)

    return carry_out(work, quiet=options.quiet)


def _terminal(options: argparse.Namespace) -> Any:
    """A way to ask, where a person sits at the terminal."""
    from nqp.studying.commands import Terminal

    if options.yes or options.dry_run or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    return Terminal(input, print)


def _choices(options: argparse.Namespace) -> Choices:
    from nqp.studying.commands import Choices
    from nqp.studying.decisions import Answers

    reading = {name: getattr(options, name) for name in READING if getattr(options, name) is not None}
    reading |= {name: dict(getattr(options, name)) for name in PAIRS if getattr(options, name)}
    if options.sheets:
        reading["sheets"] = options.sheets
    if options.command == "add":
        return Choices(reading=reading, source=options.source, dry_run=options.dry_run)
    return Choices(
        reading=reading,
        answers=Answers(
            options.indicators,
            options.outcome, options.core, options.controls, options.denominators, options.negative, options.leave_out,
            options.dimension, options.per, options.impute,
        ),
        decisions=Path(options.decisions) if options.decisions else None,
        first_year=options.first_year,
        last_year=options.last_year,
        gaps=not options.no_gaps,
        missing=options.missing,
        source=options.source,
        title=_label(options.title),
        index=_label(options.index_name),
        entity=_label(options.entity_name),
        force=options.force,
        dry_run=options.dry_run,
    )  # fmt: skip


def _label(text: str) -> Label | None:
    """A name in one language, or in both as Chinese|English."""
    from nqp.language.labels import Label

    zh, bar, en = (part.strip() for part in text.partition("|"))
    if not text:
        return None
    return Label(zh, en) if bar else Label.both(zh)


def _pair(text: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' has no =")
    return left.strip(), right.strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="study.py",
        description="Makes a study (a folder below seeds/) from files of any kind, adds to it, checks it, and turns it "
        "into one Excel workbook and back.",
        epilog="Exit code 0: done. 1: an input is faulty; the message says what, where and how to mend it, and nothing "
        "was written. 2: the command line is wrong.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    made = commands.add_parser(
        "new", help="make a study from files, or from one workbook made by template or export"
    )
    made.add_argument("study", help="name of the study: the folder below seeds/")
    made.add_argument(
        "files", nargs="+", metavar="FILE", help="files with figures, or one workbook of a study"
    )
    decide = made.add_argument_group(
        "decisions; a series is named by code, name or number, several with commas"
    )
    decide.add_argument(
        "--decisions", metavar="CSV", help="a file of decisions, such as the decisions.csv of a first try"
    )
    decide.add_argument(
        "--indicators",
        nargs="*",
        metavar="SERIES",
        help="what the index is made of; every other series that is neither outcome, control nor divisor is left out",
    )
    decide.add_argument(
        "--outcome",
        nargs="*",
        metavar="SERIES",
        help="what is explained; with no name: nothing, only the index",
    )
    decide.add_argument(
        "--core", nargs="*", metavar="SERIES", help="regressors of interest besides the index"
    )
    decide.add_argument(
        "--controls", nargs="*", metavar="SERIES", help="control variables; with no name: none"
    )
    decide.add_argument("--denominators", nargs="*", metavar="SERIES", help="series that only divide others")
    decide.add_argument("--negative", nargs="*", metavar="SERIES", help="indicators of which less is better")
    decide.add_argument("--leave-out", nargs="*", metavar="SERIES", help="series that the study does not use")
    decide.add_argument(
        "--dimension",
        action="append",
        metavar="NAME=SERIES,...",
        help="a dimension and its indicators; repeat it",
    )
    decide.add_argument(
        "--per",
        action="append",
        metavar="SERIES=DIVISOR[*FACTOR]",
        help="divide a series by another; repeat it",
    )
    decide.add_argument(
        "--first-year",
        type=int,
        help="first year of the index (default: the years with most complete entities)",
    )
    decide.add_argument("--last-year", type=int, help="last year of the index")
    decide.add_argument(
        "--no-gaps",
        action="store_true",
        help="fill nothing: leave out entities with a blank between two figures",
    )
    decide.add_argument(
        "--impute",
        action="append",
        metavar="SERIES=RULE",
        help="fill the gaps of a series: linear (the draft), 'carry N' years, or nothing after the =; repeat it",
    )
    decide.add_argument(
        "--missing",
        default="",
        choices=("stop", "drop rows", "drop entities"),
        help="an entity-year that lacks an indicator: stop the build (the draft: only complete entities are taken), "
        "drop rows, or drop entities",
    )
    decide.add_argument(
        "--title", default="", help="title of the study, in one language or as Chinese|English"
    )
    decide.add_argument(
        "--index-name", default="", help="name of the index, in one language or as Chinese|English"
    )
    decide.add_argument(
        "--entity-name",
        default="",
        help="what an entity is called, such as province, in one language or as Chinese|English",
    )
    made.add_argument("--force", action="store_true", help="replace a study that is there")
    made.add_argument("--yes", action="store_true", help="ask nothing: take the drafts")

    more = commands.add_parser(
        "add", help="add series and years to a study; a figure is new, equal, revised or refused"
    )
    more.add_argument("study")
    more.add_argument("files", nargs="+", metavar="FILE")
    more.add_argument(
        "--revise",
        action="store_true",
        help="take revised figures; without it they are named and the old ones stay",
    )
    for command in (made, more):
        command.add_argument(
            "--source", default="", help="who published the figures (default: the names of the files)"
        )
        command.add_argument(
            "--dry-run",
            action="store_true",
            help="write nothing: new prints the tidy figures, add the verdicts",
        )
        _reading_options(command)

    checked = commands.add_parser("check", help="every problem of a study in one list, without a build")
    checked.add_argument("study")
    blank = commands.add_parser("template", help="write a workbook to fill in")
    blank.add_argument("workbook", help="the .xlsx file to write")
    out = commands.add_parser("export", help="write a study as a workbook")
    out.add_argument("study")
    out.add_argument("workbook", nargs="?", help="the .xlsx file to write (default: <study>.xlsx)")
    for command in (blank, out):
        command.add_argument("--force", action="store_true", help="replace a file that is there")
    for command in (made, more, checked, blank, out):
        command.add_argument("--quiet", action="store_true", help="print nothing unless something is wrong")
    return parser


def _reading_options(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("reading; found by itself where nothing is given")
    group.add_argument(
        "--layout", help="how rows and columns are to be read; a wrong word prints the known ones"
    )
    group.add_argument("--series", help="name of the series where the file has none")
    group.add_argument("--unit", help="unit where the file has none")
    group.add_argument("--year", help="year where the file has none")
    group.add_argument("--entity", help="entity where the file has none")
    group.add_argument(
        "--entities",
        choices=("auto", "provinces", "cities", "countries", "any"),
        help="what the entities are; any takes names as codes",
    )
    group.add_argument("--decimal", choices=(".", ","), help="decimal sign")
    group.add_argument("--encoding", help="encoding of text files, such as gb18030")
    group.add_argument("--sheets", nargs="+", metavar="SHEET", help="only these sheets of a workbook")
    group.add_argument(
        "--names",
        nargs="+",
        type=_pair,
        metavar="NAME=CODE",
        help="what a printed name of an entity stands for; NAME= leaves it out",
    )
    group.add_argument(
        "--symbols",
        nargs="+",
        type=_pair,
        metavar="SYMBOL=MEANING",
        help="a printed symbol is missing or zero",
    )
    group.add_argument(
        "--columns",
        nargs="+",
        type=_pair,
        metavar="ROLE=COLUMN",
        help="which column is entity, year, series or value",
    )


if __name__ == "__main__":
    sys.exit(main())
