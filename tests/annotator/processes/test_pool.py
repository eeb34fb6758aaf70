"""Pools of processes: results, failures, and that nothing of them outlives the program that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import active_children
from pathlib import Path

import pytest

from annotator.domain.errors import EnvironmentFault
from annotator.processes.interrupts import end_workers, interrupts_held, interrupts_put_off
from annotator.processes.pool import WorkerLostError, WorkerPool, usable_cores

REPOSITORY = Path(__file__).resolve().parents[3]

POOL = """
import os, time
from annotator.processes.pool import WorkerPool

def work(number):
    if number:
        os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(600 if number else 0)

if __name__ == "__main__":
    with WorkerPool(2) as pool:
        list(pool.each(work, [1] * 40))
"""
"""A program whose two processes say who they are and work for ten minutes."""


def negative(number: int) -> int:
    return -number


def refused(number: int) -> int:
    raise EnvironmentFault(f"Number {number} cannot be done.")


def dies(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def hears_interrupts(_number: int) -> bool:
    os.kill(os.getpid(), signal.SIGINT)
    return signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def traced(path: str) -> int:
    """Leaves a trace and takes long enough that a busy machine does not get through hundreds before anybody looks."""
    Path(path).touch()
    return sum(range(1_000_000))


def test_results_come_in_order_or_as_they_are_ready() -> None:
    with WorkerPool(2) as pool:
        assert list(pool.each(negative, range(40))) == list(range(0, -40, -1))
        assert sorted(pool.as_ready(negative, [7, 8])) == [(0, -7), (1, -8)]
        assert list(pool.each(negative, [])) == []


@pytest.mark.parametrize("forked", [False, True])
def test_a_failure_is_the_callers_and_the_pool_goes_on(forked: bool) -> None:
    with WorkerPool(2, forked) as pool:
        with pytest.raises(EnvironmentFault, match="Number 3 cannot be done"):
            list(pool.each(refused, [3]))
        assert list(pool.each(negative, [3])) == [-3]


@pytest.mark.parametrize("forked", [False, True])
def test_a_killed_process_is_told_in_a_sentence(forked: bool) -> None:
    with (
        WorkerPool(2, forked) as pool,
        pytest.raises(WorkerLostError, match=r"killed, likely for want of memory; .*\."),
    ):
        list(pool.each(dies, range(8)))


def test_work_that_nobody_waits_for_is_dropped(tmp_path: Path) -> None:
    with WorkerPool(1) as pool:
        results = pool.each(traced, [str(tmp_path / str(number)) for number in range(500)])
        next(results)
    assert len(list(tmp_path.iterdir())) < 500


@pytest.mark.parametrize("forked", [False, True])
def test_processes_are_deaf_to_interrupts(forked: bool) -> None:
    with WorkerPool(1, forked) as pool:
        assert list(pool.each(hears_interrupts, [0, 1])) == [False, False]


FORKED = """
import sys
import cv2
import numpy as np
from annotator.processes.pool import WorkerPool

if __name__ == "__main__":
    if "cv2" in sys.argv:
        cv2.setNumThreads(4)
        cv2.GaussianBlur(np.zeros((4000, 4000), np.float32), (31, 31), 5)
    with WorkerPool(2, forked=True) as pool:
        print(*pool.each(abs, [-1, -2, -3]))
"""


@pytest.mark.parametrize("arguments", [(), ("cv2",)])
def test_a_process_with_threads_of_a_library_is_not_forked_into_waiting_for_ever(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    script = tmp_path / "program.py"
    script.write_text(FORKED)
    done = subprocess.run(
        [sys.executable, script, *arguments],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "1 2 3\n"), done.stderr


FORKS = """
import os, signal
from annotator.domain.errors import EnvironmentFault
from annotator.processes.pool import WorkerPool

started = "spawned"

def how_it_started(_):
    return started

def refused(number):
    raise EnvironmentFault(f"Number {number} cannot be done.")

def hears_interrupts(_):
    os.kill(os.getpid(), signal.SIGINT)
    return signal.getsignal(signal.SIGINT) is not signal.SIG_IGN

def dies(_):
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    started = "forked"  # which a process sees that is a copy of this one
    with WorkerPool(2, forked=True) as pool:
        print(*pool.each(how_it_started, [0, 1]))
        for work in (refused, hears_interrupts, dies):
            try:
                print(*pool.each(work, [0, 1]))
            except EnvironmentFault as problem:
                print(str(problem)[:25])
"""
FORKING = sys.version_info < (3, 12) and Path("/proc/self/task").is_dir()


def test_a_program_of_one_thread_forks_its_processes_and_hears_of_them_the_same(tmp_path: Path) -> None:
    """In a program of its own, since the tests themselves may run in one of many threads."""
    script = tmp_path / "program.py"
    script.write_text(FORKS)
    one_thread = {"PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, script], env=os.environ | one_thread, capture_output=True, text=True)
    how = "forked forked" if FORKING else "spawned spawned"
    told = [how, "Number 0 cannot be done.", "False False", "A process that did part o"]
    assert done.stdout.splitlines() == told, done.stderr


@contextmanager
def at_work(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A program in a process group of its own, and its two processes at work."""
    script = tmp_path / "program.py"
    script.write_text(POOL)
    program = subprocess.Popen(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    with program:
        try:
            yield program, [int(program.stdout.readline()) for _ in range(2)]
        finally:
            program.kill()


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")
@pytest.mark.parametrize("to", [os.kill, os.killpg])
def test_an_interrupt_ends_program_and_processes(tmp_path: Path, to: Callable[[int, int], None]) -> None:
    """Whether it comes from a terminal, to all of them, or to the program alone."""
    with at_work(tmp_path) as (program, workers):
        to(program.pid, signal.SIGINT)
        _, err = program.communicate(timeout=60)
        assert program.returncode == -signal.SIGINT
    assert err.count("Traceback") == 1  # the program's own, which catches nothing
    assert not any(alive(pid) for pid in workers)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers for processes")
def test_processes_end_when_the_program_was_killed(tmp_path: Path) -> None:
    with at_work(tmp_path) as (program, _):
        program.kill()
        assert program.stdout is not None
        assert program.stdout.read() == ""  # comes when nobody has the other end of it any more


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_ending_the_processes_ends_all_of_them() -> None:
    with WorkerPool(2) as pool:
        list(pool.each(negative, range(8)))
        started = active_children()
        assert started
        end_workers()
        for process in started:
            process.join()
        assert not active_children()


def go_through_an_interrupt(guard: Callable[[], AbstractContextManager[None]], after: Callable[[], object]) -> None:
    with guard():
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        after()


@pytest.mark.parametrize("guard", [interrupts_held, interrupts_put_off])
def test_an_interrupt_comes_when_the_block_has_ended(guard: Callable[[], AbstractContextManager[None]]) -> None:
    steps: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        go_through_an_interrupt(guard, lambda: steps.append("went on"))
    with guard():
        steps.append("undisturbed")
    assert steps == ["went on", "undisturbed"]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_an_error_comes_before_an_interrupt_that_was_put_off() -> None:
    with pytest.raises(EnvironmentFault):
        go_through_an_interrupt(interrupts_put_off, lambda: refused(3))


def test_every_usable_core_is_one_at_least() -> None:
    assert usable_cores() >= 1
