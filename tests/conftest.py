"""Fixtures for all tests: where the optional shared test data are, and a Qt that needs no display."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

if "DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photographs and golden numbers beside the checkout; skips where it is absent."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "FORMAT.md").is_file():
        pytest.skip("the shared test data are not beside this checkout")
    return folder
