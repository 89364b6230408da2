"""What the commands share: threads, progress, one message for a fault, exit codes. Import it before numpy."""

from __future__ import annotations

import argparse
import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from nqp.errors import StudyError

# Sums in linear algebra depend on the number of threads: one thread makes the output the same on every machine,
# and at this size costs nothing. It must be set before numpy is loaded.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"


def add_study(parser: argparse.ArgumentParser) -> None:
    """The option that names the study."""
    study = os.environ.get("NQP_STUDY", "nqp")
    parser.add_argument("--study", default=study, help="folder below seeds/ (default: NQP_STUDY or nqp)")


def add_written_output(parser: argparse.ArgumentParser) -> None:
    """The options of a command that reads what estimate.py wrote: the study and the folder of its output."""
    add_study(parser)
    parser.add_argument(
        "--output", type=Path, help="folder that estimate.py wrote (default: the one of the study)"
    )


def carry_out(work: Callable[[Callable[[str], None]], str], *, quiet: bool) -> int:
    """Run the work, which is given a way to announce its progress, print what it returns; gives the exit code.

    0: done. 1: a StudyError, one message, or a fault of the program, whose traceback is kept in a file.
    130: stopped by the user.
    """
    for stream in (
        sys.stdout,
        sys.stderr,
    ):  # a terminal that knows no Chinese shows escapes, and the work goes on
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        summary = work(_silent if quiet else _announce)
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the previous output is unchanged", file=sys.stderr)
        return 130
    except Exception as error:
        print(f"error: {_last_resort(error)}", file=sys.stderr)
        return 1
    if not quiet:
        print(summary, end="")
    return 0


def _last_resort(error: Exception) -> str:
    """One line on a fault that no check has foreseen. What comes from too little room says so."""
    if isinstance(error, MemoryError) or "Out of Memory" in type(error).__name__ + str(error)[:200]:
        return "the memory does not suffice. Close other programs, or let the database fit the regressions: --engine sql"
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"the disk is full: {error.filename or tempfile.gettempdir()}. Make room and run again."
    told = "".join(traceback.format_exception(error))
    first = str(error).strip().splitlines()[:1]
    what = f"{type(error).__name__}: {first[0] if first else ''}".rstrip(": ")
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="nqp-fault-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as kept:
            kept.write(told)
        where = f"Its traceback is in {kept.name}"
    except OSError:
        where = "Its traceback could not be kept"
    return f"the program has a fault, and nothing was written (version {_version()}, {what}). {where}."


def _version() -> str:
    """The version of the project, which dbt_project.yml states too: it is run from its folder, not installed."""
    for line in (Path(__file__).parents[2] / "dbt_project.yml").read_text(encoding="utf-8").splitlines():
        if line.startswith("version:"):
            return line.split(":", 1)[1].strip().strip('"')
    return "unknown"


def _announce(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _silent(text: str) -> None:
    pass
