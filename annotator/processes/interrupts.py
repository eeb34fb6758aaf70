"""An interrupt (Ctrl-C) goes to every process of a terminal; here the program alone hears it and ends its workers.

So there is one sentence, and no traceback of a process that was just starting.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from multiprocessing import resource_tracker

INTERRUPTED = 130
"""The exit code of an interrupted program, as shells have it."""


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold interrupts back meanwhile, and for good from the processes that are started meanwhile.

    What this thread blocks another one may hear, such as one of a library; Python then still interrupts the main one.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which lets interrupts through when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # by its number: asking for the thread itself would leave an entry behind for every thread of the window
    main = threading.get_ident() == threading.main_thread().ident
    try:
        with interrupts_put_off() if main else nullcontext():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def interrupts_put_off() -> Iterator[None]:
    """Raise an interrupt when the block has ended well: within Qt's calls nobody would catch it and all would go on."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield
        return
    came = False

    def note(*_: object) -> None:
        nonlocal came
        came = True

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def end_workers() -> None:
    """End the processes that this one started, at once; what they have written stays on the disk."""
    started = multiprocessing.active_children()
    for process in started:
        process.terminate()
    for process in started:
        process.join()
