"""One thread of linear algebra for every process: cores are shared by processes, and the products here are small.

With its own threads on a busy machine a pre-mask costs ten to thirty times the CPU time, since they wait for each other
by spinning. The libraries read these variables once, when NumPy is first loaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def hold_threads() -> None:
    """Hold this process to one thread, unless its environment says a number; to be called before NumPy is loaded."""
    for name in VARIABLES:
        os.environ.setdefault(name, "1")


@contextmanager
def single_threaded_children() -> Iterator[None]:
    """Environment for processes that are started meanwhile: they take one thread, whatever this one takes."""
    before = {name: os.environ.get(name) for name in VARIABLES}
    os.environ.update(dict.fromkeys(VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
