"""Nothing may be left behind by a test of the canvas."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _nothing_left_behind(qapp: QApplication, qtlog: Any) -> Iterator[None]:
    """A widget or thread that outlives its test fails it, and so does a message of Qt."""
    widgets, threads = set(qapp.topLevelWidgets()), set(threading.enumerate())
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert set(threading.enumerate()) <= threads
    assert not [widget for widget in qapp.topLevelWidgets() if widget not in widgets and widget.isVisible()]
    assert [record.message for record in qtlog.records] == []
