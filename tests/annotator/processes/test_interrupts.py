"""Interrupts that come while processes are started."""

from __future__ import annotations

import _thread
import os
import signal
import threading

import pytest

from annotator.processes.interrupts import interrupts_held, interrupts_put_off


@pytest.fixture
def another_thread():
    """A thread that lets interrupts through, as those of libraries do: the system gives it what the main one blocks."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait, args=(30,))
    thread.start()
    yield
    over.set()
    thread.join()


def start_interrupted(started: list[int]) -> None:
    with interrupts_held():
        os.kill(os.getpid(), signal.SIGINT)
        started += [sum(range(1000)) for _ in range(1000)]  # enough for Python to look for signals


@pytest.mark.usefixtures("another_thread")
def test_an_interrupt_that_another_thread_hears_comes_when_all_is_started() -> None:
    started: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        start_interrupted(started)
    assert len(started) == 1000


def test_an_interrupt_comes_when_all_is_started() -> None:
    started: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        start_interrupted(started)
    assert len(started) == 1000


def test_without_an_interrupt_nothing_changes() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interrupts_held():
        pass
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


def test_a_thread_of_the_window_may_start_processes_too() -> None:
    problems: list[BaseException] = []

    def start() -> None:
        try:
            with interrupts_held():
                pass
        except BaseException as error:
            problems.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert problems == []


def test_a_thread_of_another_library_is_not_taken_into_pythons_list() -> None:
    before, ended = threading.enumerate(), threading.Event()

    def start() -> None:
        with interrupts_held():
            ended.set()

    _thread.start_new_thread(start, ())  # as Qt's threads are: Python does not know them
    assert ended.wait(60)
    assert threading.enumerate() == before


def test_a_program_deaf_to_interrupts_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts_put_off():
            os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
