from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from annotator.domain.errors import EnvironmentFault
from annotator.ui.screenshots import take_pictures
from qa.simulation.demo_project import Demo


@pytest.mark.usefixtures("qapp")
def test_every_page_is_pictured_and_the_project_stays_as_it_was(qtbot: QtBot, demo: Demo, tmp_path: Path) -> None:
    before = [pair.state for pair in demo.project.store.pairs()]
    pictures = tuple(take_pictures(demo.project.folder, tmp_path / "pictures"))
    names = {
        "annotate-dark",
        "annotate-light",
        "premask-dark",
        "inspect-dark",
        "queries-light",
        "dispute-dark",
        "dashboard-dark",
    }
    assert {picture.stem for picture in pictures} == names | {"start-light"}
    for picture in pictures:
        image = QImage(str(picture))
        assert (image.width(), image.height()) == (1600, 1000)
        colours = {image.pixel(x, y) for x in range(0, 1600, 40) for y in range(0, 1000, 40)}
        assert len(colours) > 6, picture.name
    assert [pair.state for pair in demo.project.store.pairs()] == before
    qtbot.wait(0)


@pytest.mark.usefixtures("qapp")
def test_a_folder_that_cannot_be_made_is_one_sentence(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(EnvironmentFault, match="taken"):
        next(take_pictures(demo.project.folder, tmp_path / "taken"))
