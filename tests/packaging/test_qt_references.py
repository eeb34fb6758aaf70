"""The fault that keeps PySide6 below 6.12: a reference to None lost on every void call (docs/adr/0004)."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject

CALLS = 5_000


def test_calls_that_return_nothing_lose_no_reference_to_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("name")
    assert abs(sys.getrefcount(None) - before) < CALLS / 10
