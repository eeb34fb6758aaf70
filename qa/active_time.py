"""The time that somebody really worked: the clock stops when nothing happens for a while."""

from __future__ import annotations


class ActiveClock:
    """Adds up seconds between signs of work; a gap counts for `idle_seconds` at most.

    Times are seconds of any monotonic clock, given by the caller. `before` is what earlier sittings added up to.
    """

    def __init__(self, idle_seconds: float, before: float = 0.0) -> None:
        self._idle_seconds = idle_seconds
        self._total = before
        self._last: float | None = None

    def touch(self, now: float) -> None:
        """Somebody moved the mouse or pressed a key; the first touch starts the clock."""
        self._total = self.seconds(now)
        self._last = now if self._last is None else max(self._last, now)

    def pause(self, now: float) -> None:
        """The person left the pair: nothing counts until the next touch."""
        self._total = self.seconds(now)
        self._last = None

    def seconds(self, now: float) -> float:
        """Seconds worked until `now`; a clock that runs backwards adds nothing."""
        if self._last is None:
            return self._total
        return self._total + min(max(0.0, now - self._last), self._idle_seconds)
