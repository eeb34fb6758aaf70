"""Chunks of work on several processes come back in order, and faults are sentences."""

from __future__ import annotations

import os
import signal

import pytest

from annotator.domain.errors import EnvironmentFault
from qa.evaluation.workers import FEW, Workers, usable_cores


def doubled(number: int) -> tuple[int, int]:
    return 2 * number, os.getpid()


def killed(number: int) -> int:
    if number == FEW:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("number", [1, 2])
def test_results_come_in_order(number: int) -> None:
    with Workers(number) as workers:
        found = list(workers.each(doubled, list(range(20))))
    assert [value for value, _ in found] == list(range(0, 40, 2))
    assert (os.getpid() in {process for _, process in found}) == (number == 1)


def test_few_chunks_start_no_process() -> None:
    with Workers(2) as workers:
        found = list(workers.each(doubled, list(range(FEW))))
    assert {process for _, process in found} == {os.getpid()}


def test_a_killed_process_is_a_fault_of_the_machine() -> None:
    with Workers(2) as workers, pytest.raises(EnvironmentFault, match="killed"):
        list(workers.each(killed, list(range(20))))


def test_every_usable_core_is_taken_by_default() -> None:
    assert Workers().number == usable_cores() >= 1
