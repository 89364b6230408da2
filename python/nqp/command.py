"""What the commands share: threads, progress, one message for a fault, exit codes. Import it before numpy."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from nqp.errors import StudyError

# Sums in linear algebra depend on the number of threads: one thread makes the output the same on every machine,
# and at this size costs nothing. It must be set before numpy is loaded.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"


def carry_out(work: Callable[[Callable[[str], None]], str], *, quiet: bool) -> int:
    """Run the work, which is given a way to announce its progress, print what it returns; gives the exit code.

    0: done. 1: a StudyError, one message. 130: stopped by the user.
    """
    try:
        summary = work(_silent if quiet else _announce)
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the previous output is unchanged", file=sys.stderr)
        return 130
    if not quiet:
        print(summary, end="")
    return 0


def _announce(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _silent(text: str) -> None:
    pass
