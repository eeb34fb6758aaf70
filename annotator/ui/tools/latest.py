"""Work for a live preview: one job at a time, and of the wishes that come meanwhile only the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from annotator.ui.tools.base import ToolHost

Wish = tuple[Callable[[], Any], Callable[[Any], None]]


class LatestWork:
    """Keeps a preview up to date without a queue: what a person has already moved on from is never begun."""

    def __init__(self, host: ToolHost, name: str) -> None:
        self._host = host
        self._name = name
        self._busy = False
        self._next: Wish | None = None
        self._era = 0

    @property
    def busy(self) -> bool:
        """True while a job runs."""
        return self._busy

    def want(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run `job` now or, when another one runs, after it; an older wish that waits is dropped."""
        if self._busy:
            self._next = job, done
            return
        self._busy = True
        era = self._era

        def arrived(result: Any) -> None:
            if era == self._era:
                self._ended(done, result)

        self._host.work(self._name, job, arrived)

    def forget(self) -> None:
        """Nobody waits for a result any more."""
        self._era += 1
        self._busy, self._next = False, None

    def _ended(self, done: Callable[[Any], None], result: Any) -> None:
        wish, self._next, self._busy = self._next, None, False
        done(result)
        if wish is not None and not self._busy:
            self.want(*wish)
