"""Jobs beside the window: results come in its thread, stale ones do not come, saves keep their order."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from annotator.domain.errors import EnvironmentFault
from annotator.ui.workers import CancelToken, Workers


@pytest.fixture
def workers(qtbot: QtBot) -> Iterator[Workers]:
    del qtbot
    made = Workers(threads=2)
    yield made
    made.close()


def test_result_comes_in_the_thread_of_the_window(qtbot: QtBot, workers: Workers) -> None:
    came: list[tuple[int, int]] = []
    here = threading.get_ident()
    workers.submit("a", lambda _token: threading.get_ident(), lambda there: came.append((there, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(came))
    assert came[0][0] != here
    assert came[0][1] == here
    assert workers.busy == 0


def test_newer_job_makes_the_older_one_stale(qtbot: QtBot, workers: Workers) -> None:
    came: list[str] = []
    started, go = threading.Event(), threading.Event()

    def slow(token: CancelToken) -> str:
        started.set()
        go.wait(10)
        return "cancelled" if token.cancelled else "not told"

    old = workers.submit("image", slow, came.append)
    assert started.wait(60)
    workers.submit("image", lambda _token: "new", came.append)
    go.set()
    qtbot.waitUntil(lambda: workers.busy == 0)
    assert came == ["new"]
    assert old.cancelled


def test_failure_is_told(qtbot: QtBot, workers: Workers) -> None:
    came: list[Exception] = []

    def fails(_token: CancelToken) -> None:
        raise EnvironmentFault("the disk is full; make room.")

    workers.submit("a", fails, lambda _result: None, came.append)
    qtbot.waitUntil(lambda: bool(came))
    assert str(came[0]) == "the disk is full; make room."


def test_unexpected_failure_is_logged(qtbot: QtBot, workers: Workers, caplog: pytest.LogCaptureFixture) -> None:
    workers.submit("a", lambda _token: 1 / 0, lambda _result: None)
    qtbot.waitUntil(lambda: workers.busy == 0)
    assert caplog.records[0].exc_info is not None
    caplog.clear()


def test_saves_run_in_the_order_given(qtbot: QtBot, workers: Workers) -> None:
    ran: list[int] = []
    came: list[int] = []

    def job(number: int) -> int:
        ran.append(number)
        return number

    for number in range(20):
        workers.in_order("save", lambda _token, number=number: job(number), came.append)
    workers.finish_saves()
    assert ran == list(range(20))
    qtbot.waitUntil(lambda: came == list(range(20)))


def test_cancelled_channels_tell_nothing(qtbot: QtBot, workers: Workers) -> None:
    came: list[int] = []
    go = threading.Event()
    workers.submit("thumbnail:1", lambda _token: go.wait(10), lambda _result: came.append(1))
    workers.submit("other", lambda _token: go.wait(10), lambda _result: came.append(2))
    workers.cancel("thumbnail:")
    go.set()
    qtbot.waitUntil(lambda: workers.busy == 0)
    assert came == [2]


class Picture:
    """Stands for what is large."""


@pytest.mark.parametrize("wanted", [True, False])
def test_a_result_is_let_go_once_it_came_or_is_stale(qtbot: QtBot, workers: Workers, wanted: bool) -> None:
    made: list[weakref.ref[Picture]] = []
    came: list[str] = []
    ready = threading.Event()

    def job(_token: CancelToken) -> Picture:
        picture = Picture()
        made.append(weakref.ref(picture))
        ready.set()
        return picture

    token = workers.submit("image", job, lambda picture: came.append(type(picture).__name__))
    assert ready.wait(60)
    if not wanted:
        token.cancel()
    qtbot.waitUntil(lambda: workers.busy == 0)
    assert came == (["Picture"] if wanted else [])
    qtbot.waitUntil(lambda: made[0]() is None)  # once the thread has left the job


def test_jobs_that_wait_are_not_begun_when_the_workers_close(qtbot: QtBot) -> None:
    del qtbot
    workers = Workers(threads=1)
    ran: list[int] = []
    started, go = threading.Event(), threading.Event()

    def first(token: CancelToken) -> None:
        token.when_cancelled(go.set)
        started.set()
        go.wait(10)

    workers.submit("first", first, lambda _result: pytest.fail("nobody waits for it"))
    assert started.wait(60)
    for number in range(50):
        workers.submit(f"waiting {number}", lambda _token, number=number: ran.append(number), lambda _result: None)
    workers.close()
    assert ran == []
    assert workers.busy == 0


def test_closed_workers_take_no_jobs(qtbot: QtBot) -> None:
    workers = Workers()
    workers.close()
    token = workers.submit("late", lambda _token: 1, lambda _result: pytest.fail("a late job ran"))
    qtbot.wait(1)
    assert token.cancelled
    assert workers.busy == 0


def test_a_job_that_cannot_look_is_told_that_it_is_not_wanted() -> None:
    token, told = CancelToken(), []
    token.when_cancelled(lambda: told.append("while it ran"))
    assert told == []
    token.cancel()
    assert told == ["while it ran"]
    token.when_cancelled(lambda: told.append("too late"))
    assert told == ["while it ran", "too late"]
