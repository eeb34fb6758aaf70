"""The tools that find regions, in the window: their work runs in its workers, and copies come from its project."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import polygon
from annotator.domain.passes import Verdict
from annotator.domain.raster import fill
from annotator.project.opening import open_project
from annotator.ui.presenting.copy_sources import copy_sources

LEFT = Qt.MouseButton.LeftButton


def test_click_to_cut_works_in_the_workers(town, open_folder) -> None:
    window = town.open(open_folder, "Mei")
    canvas = window.view.page("pairs").bench.canvas
    town.press(canvas, Qt.Key.Key_G)
    spot = town.spot(canvas, 75, 60)
    town.qtbot.mouseMove(canvas, spot)
    town.qtbot.mouseClick(canvas, LEFT, pos=spot)
    town.settled(window)
    assert canvas.session.annotation.shapes == ()
    town.press(canvas, Qt.Key.Key_Return)
    town.settled(window)
    block = fill([polygon(town.block)], town.size)
    mask = canvas.session.mask
    assert (mask & block).sum() / (mask | block).sum() > 0.95
    canvas.undo()
    assert canvas.session.annotation.shapes == ()


def test_the_sources_are_the_masks_of_the_group_without_the_image_itself(open_folder, town) -> None:
    with open_project(open_folder) as project:
        town.hand(project, "hall_1", "Jonas", Verdict.SUBMITTED)
        assert [source.title for source in copy_sources(project, 0, "hall_2", "Mei")] == ["Query 0: hall_a", "hall_1"]
        assert [source.title for source in copy_sources(project, 0, "hall_1", "Mei")] == ["Query 0: hall_a"]
        assert [source.title for source in copy_sources(project, 0, "hall_a", "Mei")] == ["hall_1"]
        assert copy_sources(project, 1, "tower_1", "Mei") == ()


def test_a_copy_between_pictures_without_texture_is_refused_with_a_sentence(open_folder) -> None:
    with open_project(open_folder) as project:
        (source,) = copy_sources(project, 0, "hall_2", "Mei")
        with pytest.raises(GeometryError, match="hall_a"):
            source.find(np.full((120, 160, 3), 90, dtype=np.uint8))


def test_copying_in_the_window_tells_what_it_found(town, open_folder) -> None:
    window = town.open(open_folder, "Mei")
    canvas = window.view.page("pairs").bench.canvas
    refused: list[str] = []
    canvas.refused.connect(refused.append)
    QCursor.setPos(canvas.mapToGlobal(canvas.rect().center()))
    town.press(canvas, Qt.Key.Key_C)
    town.settled(window)
    assert canvas.findChild(QMenu, "choice") is None  # one source needs no choice
    assert canvas.tool.pieces == ()
    assert "hall_a" in refused[0]  # two plain painted walls have nothing that could be matched
