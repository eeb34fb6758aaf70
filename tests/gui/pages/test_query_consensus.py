"""The queries page says when two query masks of the group contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from annotator.project.opening import open_project
from annotator.project.project import Project
from qa.query_consensus import Contradiction

FOUND = Contradiction(0, (0, 1), ("hall_a", "hall_b"), 223, 0.41)
SENTENCE = (
    "The masks of query 0 (hall_a) and query 1 (hall_b) contradict each other: 41 % of 223 matches lie in both (limit "
    "75 %)"
)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """Two masks of g00 contradict each other unless they are equal; tells which groups were looked at."""
    asked: list[tuple[int, ...]] = []

    def contradictions(project: Project, groups: tuple[int, ...]) -> Iterator[Contradiction]:
        asked.append(groups)
        first, second = project.store.query_records(0)
        if groups == (0,) and second.annotation is not None and first.annotation != second.annotation:
            yield FOUND

    monkeypatch.setattr("annotator.ui.pages.queries_page.contradictions", contradictions)
    return asked


def test_a_contradiction_is_shown_until_a_mask_is_mended(
    open_folder: Path, town: Any, looked: list[tuple[int, ...]]
) -> None:
    with open_project(open_folder) as project:
        project.store.save_query_mask(1, town.drawn(30.0), "Lena")
    window = town.open(open_folder, "Lena")
    window.view.show_mode("queries")
    town.settled(window)
    page = window.view.page("queries")
    panel = page.column.consensus
    assert panel.isVisible()
    assert panel.detail == "1 warning"
    line = panel.findChild(QWidget, "group-consensus.0")
    assert line is not None
    assert SENTENCE in [label.text() for label in line.findChildren(QLabel)]
    assert page.opened_query.record.number == 0
    town.click(line)
    town.settled(window)
    assert page.opened_query.record.number == 1
    town.click(panel.findChild(QWidget, "group-consensus.0"))
    town.settled(window)
    assert page.opened_query.record.number == 0
    assert looked == [(0,)]  # steps between the queries change no mask
    with open_project(open_folder) as project:
        project.store.save_query_mask(1, town.drawn(), "Lena")
    page.open_query_now(1)
    town.settled(window)
    assert looked == [(0,), (0,)]
    assert not panel.isVisible()


def test_other_groups_and_single_masks_say_nothing(open_folder: Path, town: Any, looked: list[tuple[int, ...]]) -> None:
    window = town.open(open_folder, "Lena")
    window.view.show_mode("queries")
    town.settled(window)
    page = window.view.page("queries")
    assert not page.column.consensus.isVisible()
    page.show_group(1)
    town.settled(window)
    assert looked == [(0,), (1,)]
    assert not page.column.consensus.isVisible()


def test_who_drew_a_mask_is_refused_to_approve_it(open_folder: Path, town: Any) -> None:
    with open_project(open_folder) as project:
        project.store.add_person("Ravi", project.store.person("Lena").role)
        project.store.save_query_mask(1, town.drawn(1.0), "Lena")
    for person, approved in (("Lena", None), ("Ravi", "Ravi")):
        window = town.open(open_folder, person)
        window.view.show_mode("queries")
        town.settled(window)
        page = window.view.page("queries")
        page.open_query_now(1)
        town.settled(window)
        town.click(page.column.approve)
        with open_project(open_folder) as project:
            assert project.store.query_records(0)[1].approved_by == approved
        assert ("does not approve it" in window.view.status.sentence) == (approved is None)
        window.close()
