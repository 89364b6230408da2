"""Processes beside this one that take pieces of a work; what comes out does not depend on who does a piece."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self, TypeVar

from nqp.errors import StudyError

T = TypeVar("T")


def processors() -> int:
    """How many processors a run may use: NQP_THREADS, or all there are. Raises StudyError where that is no such number."""
    text = os.environ.get("NQP_THREADS", "")
    if not text:
        return os.cpu_count() or 1
    if not re.fullmatch("[1-9][0-9]{0,3}", text):
        raise StudyError(f"NQP_THREADS is '{text}'. Write a whole number from 1 up, or unset it.")
    return int(text)


class Workers:
    """One process for every processor but the first, started when the first piece is handed out.

    They are new processes, not copies of this one: a copy would inherit locks that no thread of it releases, and not
    every system can make one. Functions and arguments are therefore pickled. Use it in a ``with``.
    """

    def __init__(self, count: int | None = None) -> None:
        others = (processors() if count is None else count) - 1
        self._pool: Executor | None = None
        if others > 0:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                others, mp_context=context, initializer=_leave_ctrl_c_to_the_first
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def begin(self, work: Callable[..., T], *arguments: object) -> Callable[[], T]:
        """Hand out ``work(*arguments)``; calling what is returned gives its result, once.

        If no worker has begun by then, or the workers are gone, this process does it.
        """

        def here() -> T:
            return work(*arguments)

        if self._pool is None:
            return here
        try:
            handed_out: Future[T] = self._pool.submit(work, *arguments)
        except (BrokenProcessPool, OSError):
            return here

        def result() -> T:
            if handed_out.cancel():
                return here()
            try:
                return handed_out.result()
            except BrokenProcessPool:
                return here()

        return result


def _leave_ctrl_c_to_the_first() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
