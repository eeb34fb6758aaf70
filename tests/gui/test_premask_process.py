"""The process that makes pre-masks beside the window: answers, failures, being stopped, dying."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from multiprocessing.context import SpawnProcess

import pytest

from annotator.domain.errors import EnvironmentFault
from annotator.ui.premask_process import PremaskProcess, StoppedError


@pytest.fixture
def process() -> Iterator[PremaskProcess]:
    made = PremaskProcess()
    yield made
    made.close()


def test_results_come_in_order_and_failures_are_raised_here(process: PremaskProcess) -> None:
    assert list(process.results(len, ["a", "bcd", ""])) == [(0, 1), (1, 3), (2, 0)]
    with pytest.raises(ValueError, match="invalid literal"):
        list(process.results(int, ["no number"]))
    assert list(process.results(int, ["7"])) == [(0, 7)]


def test_work_that_nobody_waits_for_is_ended(process: PremaskProcess) -> None:
    process.stopped = lambda: True
    with pytest.raises(StoppedError):
        list(process.results(time.sleep, [600]))
    process.stopped = lambda: False
    assert list(process.results(len, ["again"])) == [(0, 5)]


def test_process_that_dies_is_one_sentence(process: PremaskProcess) -> None:
    with pytest.raises(EnvironmentFault, match="ended"):
        list(process.results(os._exit, [3]))


def test_process_that_cannot_start_is_one_sentence_and_may_start_later(
    process: PremaskProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_process: object) -> None:
        raise OSError("Cannot allocate memory")

    with monkeypatch.context() as full:
        full.setattr(SpawnProcess, "start", no_room)
        with pytest.raises(EnvironmentFault, match="enough memory"):
            list(process.results(len, ["a"]))
    assert list(process.results(len, ["a"])) == [(0, 1)]
