"""Sizes and names that DESIGN fixes; the layers are import-linter's."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ("annotator", "qa", "export", "resources")
SOURCES = sorted(path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py"))
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_file_is_over_400_lines_and_no_function_over_60(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 60
    ]
    assert long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name(path) for path in SOURCES if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES] == []


def test_there_are_no_packages_under_tests() -> None:
    assert [name(path) for path in (REPOSITORY / "tests").rglob("__init__.py")] == []


STARTS_THREADS = {"Thread", "Timer", "ThreadPoolExecutor", "ThreadPool", "QThread", "QThreadPool", "QRunnable"}


def test_threads_are_started_in_the_workers_of_the_window_alone() -> None:
    found = {name(path) for path in SOURCES if _words(path) & STARTS_THREADS}
    assert found == {"annotator/ui/workers.py"}


def _words(path: Path) -> set[str]:
    """Every name that the code of a file uses, also behind a dot or an import."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    return found
