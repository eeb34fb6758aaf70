"""Where work runs: this process, others of this machine, and a live Dask cluster; each on one thread."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

from annotator.domain.errors import EnvironmentFault
from annotator.premask.executor import Cluster, Here, Processes
from annotator.processes.single_thread import VARIABLES, hold_threads, single_threaded_children

TASKS = Path("/proc/self/task")
counts_threads = pytest.mark.skipif(not TASKS.is_dir(), reason="threads are counted through /proc")

PRODUCT = "import numpy, os; numpy.ones((900, 900)) @ numpy.ones((900, 900)); print(len(os.listdir('/proc/self/task')))"


def square(value: int) -> int:
    return value * value


def fails(value: int) -> int:
    raise EnvironmentFault(f"Number {value} cannot be done.")


def threads_of_opencv(_value: int) -> int:
    return int(cv2.getNumThreads())


def variables(_value: int) -> list[str | None]:
    return [os.environ.get(name) for name in VARIABLES]


def bare_environment(**more: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in VARIABLES} | more


@counts_threads
def test_the_program_counts_with_one_thread() -> None:
    """As it starts: the environment is set before anything loads NumPy."""
    start = "import sys; sys.argv = ['annotator', '--version']\nfrom annotator.__main__ import main\nmain()\n"
    said = subprocess.run(
        [sys.executable, "-c", start + PRODUCT], env=bare_environment(), capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.split()[-1] == "1"


def test_a_number_of_threads_that_somebody_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    hold_threads()
    assert [os.environ[name] for name in VARIABLES] == ["3", "1", "1"]


def test_children_get_one_thread_and_the_environment_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with single_threaded_children():
        assert [os.environ[name] for name in VARIABLES] == ["1", "1", "1"]
    assert os.environ["OMP_NUM_THREADS"] == "3"
    assert "OPENBLAS_NUM_THREADS" not in os.environ


def test_opencv_takes_one_thread_here_and_its_own_again_afterwards() -> None:
    before = cv2.getNumThreads()
    cv2.setNumThreads(2)
    try:
        assert list(Here().results(threads_of_opencv, [0, 0])) == [(0, 1), (1, 1)]
        assert cv2.getNumThreads() == 2
    finally:
        cv2.setNumThreads(before)


def test_opencv_gets_its_threads_back_after_a_failure() -> None:
    before = cv2.getNumThreads()
    with pytest.raises(EnvironmentFault, match="Number 4"):
        list(Here().results(fails, [4]))
    assert cv2.getNumThreads() == before


@counts_threads
def test_every_worker_process_takes_one_core() -> None:
    run = Processes(2)
    assert {found for _, found in run.results(threads_of_opencv, [0, 1])} == {1}
    assert {tuple(found) for _, found in run.results(variables, [0, 1])} == {("1", "1", "1")}


def once(folder: str) -> int:
    """Work of some milliseconds that leaves a trace."""
    Path(folder, f"{os.getpid()}-{time.monotonic_ns()}").touch()
    return sum(range(100_000))


def test_a_cluster_gives_the_same_results(cluster: str) -> None:
    run = Cluster(cluster)
    assert sorted(run.results(square, [3, 4, 5])) == sorted(Here().results(square, [3, 4, 5]))


def test_a_worker_of_a_cluster_takes_one_core(cluster: str) -> None:
    assert list(Cluster(cluster).results(threads_of_opencv, [0])) == [(0, 1)]


def test_a_failure_on_the_cluster_is_the_failure_here(cluster: str) -> None:
    with pytest.raises(EnvironmentFault, match="Number 7 cannot be done"):
        list(Cluster(cluster).results(fails, [7]))


def test_when_nobody_asks_on_the_cluster_drops_the_rest(cluster: str, tmp_path: Path) -> None:
    results = Cluster(cluster).results(once, [str(tmp_path)] * 400)
    next(results)
    close: Callable[[], None] = results.close  # type: ignore[attr-defined]
    close()
    assert len(list(tmp_path.iterdir())) < 400
    assert list(Cluster(cluster).results(square, [2])) == [(0, 4)]  # and is free for others


def test_a_scheduler_that_goes_away_gives_one_sentence_and_keeps_what_came(start_cluster: Any, tmp_path: Path) -> None:
    with start_cluster() as (process, address):
        results = Cluster(address).results(once, [str(tmp_path)] * 2000)
        kept = [next(results)]
        process.kill()
        said = f"The Dask cluster at {address} stopped answering; what is done is kept"
        with pytest.raises(EnvironmentFault, match=said):
            kept.extend(results)
    assert kept[0][1] == sum(range(100_000))
    assert len(kept) < 2000


def test_nobody_at_the_address(start_cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with start_cluster(workers=0) as (_, address):
        pass
    monkeypatch.setattr("annotator.premask.executor.CONNECT_SECONDS", 1)
    with pytest.raises(EnvironmentFault, match=f"No Dask scheduler answers at {address}"):
        list(Cluster(address).results(square, [1]))
