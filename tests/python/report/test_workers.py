"""Work that other processes take part in gives what this process alone gives."""

from __future__ import annotations

import os

import pytest
from nqp.errors import StudyError
from nqp.workers import Workers, processors


@pytest.mark.parametrize("count", [1, 3])
def test_results_come_in_the_order_in_which_they_are_asked_for(count: int) -> None:
    with Workers(count) as workers:
        pieces = [workers.begin(pow, 2, exponent) for exponent in range(40)]
        assert [piece() for piece in reversed(pieces)] == [2**exponent for exponent in reversed(range(40))]


def test_an_error_of_a_piece_is_raised_where_its_result_is_asked_for() -> None:
    with Workers(2) as workers:
        piece = workers.begin(divmod, 1, 0)
        with pytest.raises(ZeroDivisionError):
            piece()


def test_when_the_workers_are_gone_this_process_does_what_is_left() -> None:
    with Workers(2) as workers:
        workers.begin(os._exit, 1)
        assert workers.begin(pow, 2, 3)() == 8
        assert workers.begin(pow, 2, 4)() == 16


def test_the_number_of_processors_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NQP_THREADS", "3")
    assert processors() == 3
    for odd in ("many", "0", "-2", "1.5", " 2"):
        monkeypatch.setenv("NQP_THREADS", odd)
        with pytest.raises(StudyError, match="NQP_THREADS is '"):
            processors()
    monkeypatch.delenv("NQP_THREADS")
    assert processors() == (os.cpu_count() or 1)
