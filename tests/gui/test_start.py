"""The program from its start: window, start page, projects, closing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QPushButton, QWidget

from annotator.domain.passes import PersonRole
from annotator.project.create import create_project
from annotator.project.opening import open_project
from annotator.ui import application, theme
from annotator.ui.settings import Settings
from annotator.ui.window import Window

HEAVY = ("matplotlib", "onnxruntime", "dask", "typer")


@pytest.fixture
def window(town: Any, settings: Settings) -> Window:
    made = Window(settings)
    town.windows.append(made)
    made.show()
    return made


def loaded_by(module: str) -> list[str]:
    """The modules that a process has after importing one of ours, in the order in which they began to load."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_nothing_heavy_is_loaded_at_the_start() -> None:
    assert not {*HEAVY, "scipy"}.intersection(loaded_by("annotator.ui.application"))


def test_the_dashboard_loads_no_plots_and_no_statistics() -> None:
    assert not {*HEAVY, "scipy.stats"}.intersection(loaded_by("annotator.ui.pages.dashboard_page"))


def test_what_qt_would_look_through_is_loaded_before_qt() -> None:
    """PySide6 reads the source of every module that is imported after it."""
    names = loaded_by("annotator.ui.application")
    large_ones = ("numpy", "sqlalchemy", "sqlalchemy.dialects.sqlite", "PIL", "cv2", "shapely", "annotator.project")
    for large in (*large_ones, "annotator.premask.choice"):
        assert names.index(large) < names.index("PySide6"), large


def test_project_is_chosen_and_entered_from_the_keyboard(window: Window, town: Any, open_folder: Path) -> None:
    window.desk.offer(open_folder)
    person = window.start.findChild(QWidget, "person.Mei")
    assert person is not None
    town.click(person)
    town.press(window.start, Qt.Key.Key_Return)
    assert window.view is not None
    town.settled(window)
    assert window.view.person.name == "Mei"
    assert window.settings.projects() == [open_folder]
    assert window.settings.text(f"person/{open_folder}") == "Mei"


def test_new_person_is_added_with_a_role(window: Window, town: Any, open_folder: Path) -> None:
    window.desk.offer(open_folder)
    name = window.start.findChild(QLineEdit, "start.name")
    assert name is not None
    town.qtbot.keyClicks(name, "Ravi")
    go = window.start.findChild(QPushButton, "start.continue")
    assert go is not None
    assert go.accessibleName() == "Continue as Ravi"
    town.click(go)
    town.settled(window)
    with open_project(open_folder) as project:
        assert project.store.person("Ravi").role is PersonRole.ANNOTATOR


def test_what_waits_is_counted_for_everybody(window: Window, town: Any, open_folder: Path) -> None:
    window.desk.offer(open_folder)
    town.qtbot.waitUntil(
        lambda: "3 pairs in the queue" in [label.text() for label in window.start.findChildren(QLabel)]
    )
    town.qtbot.waitUntil(
        lambda: "2 query groups, 5 pairs" in [label.text() for label in window.start.findChildren(QLabel)]
    )


def test_folder_that_is_no_project_is_told(window: Window, tmp_path: Path) -> None:
    window.desk.offer(tmp_path)
    assert window.start.trouble == f"{tmp_path} is no project; choose a folder that holds a project.toml."


def test_broken_project_is_told_in_one_sentence(window: Window, open_folder: Path) -> None:
    (open_folder / "gnd_town.pkl").unlink(missing_ok=True)
    for file in open_folder.glob("ground_truth.*"):
        file.write_bytes(b"something else")
    window.desk.offer(open_folder)
    assert "ground-truth file" in window.start.trouble
    assert not window.enter(open_folder, "Mei", None)
    assert window.view is None


def test_unknown_person_is_told(window: Window, open_folder: Path) -> None:
    assert not window.enter(open_folder, "Nobody", None)
    assert "Nobody" in window.start.trouble


@pytest.mark.usefixtures("folder")
def test_project_is_made_from_a_ground_truth(window: Window, town: Any, tmp_path: Path) -> None:
    made = tmp_path / "Again"

    def job(_token: object) -> Path:
        create_project(made, tmp_path / "gnd_town.pkl", tmp_path / "images").close()
        return made

    window.desk.run("The project is made…", job)
    town.qtbot.waitUntil(lambda: window.start.folder == made)
    assert window.start.trouble == ""


def test_a_project_that_cannot_be_read_says_all_of_why_in_the_list(
    window: Window, town: Any, folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "Broken"
    broken.mkdir()
    (broken / "project.toml").write_text("name = 3", encoding="utf-8")
    town.settings.remember_project(folder)
    town.settings.remember_project(broken)
    window.resize(1280, 800)
    window.desk.refresh()

    def said() -> list[QLabel]:
        return [text for text in window.start.findChildren(QLabel) if "Broken/project.toml" in text.text()]

    def bars(name: str) -> int:
        line = window.findChild(QWidget, f"project.{name}")
        return -1 if line is None else len(line.findChildren(QProgressBar))

    town.qtbot.waitUntil(lambda: len(said()) == 1 and said()[0].height() >= said()[0].heightForWidth(said()[0].width()))
    town.qtbot.waitUntil(lambda: (bars("Broken"), bars("Town")) == (0, 1))


def test_somebody_else_continues(town: Any, open_folder: Path) -> None:
    window = town.open(open_folder, "Mei")
    window.act("window.start")
    assert window.view is None
    assert window.start.isVisible()
    assert window.enter(open_folder, "Jonas", None)
    town.settled(window)
    assert window.view.person.name == "Jonas"


def test_key_sheet_and_rules_open_from_their_keys(town: Any, open_folder: Path) -> None:
    window = town.open(open_folder, "Mei")
    town.press(window, Qt.Key.Key_F2)
    rules = window.findChild(QWidget, "rules-sheet")
    assert rules is not None
    assert rules.isVisible()
    assert "Find the query object" in rules.text.toPlainText()
    rules.close()
    window.activateWindow()
    town.press(window, Qt.Key.Key_F1)
    sheet = window.findChild(QWidget, "key-sheet")
    assert sheet is not None
    assert sheet.isVisible()
    sheet.close()


def test_changed_key_works_at_once(town: Any, open_folder: Path) -> None:
    window = town.open(open_folder, "Mei")
    page = window.view.page("pairs")
    window.keys.set_key("tool.polygon", "Q")
    town.press(page.bench.canvas, Qt.Key.Key_Q)
    assert page.bench.canvas.tool.name == "polygon"
    assert page.bench.tools.findChild(QWidget, "tool.polygon").toolTip() == "Polygon (Q)"


def test_every_control_has_a_name_for_screen_readers(town: Any, open_folder: Path) -> None:
    window = town.open(open_folder, "Lena")
    for mode in window.view.modes:
        window.view.show_mode(mode)
        town.settled(window)
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in window.view.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")
        and type(widget).__module__.startswith("annotator")
    ]
    assert nameless == []


def test_uncaught_error_is_told_and_logged(
    town: Any, open_folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    window = town.open(open_folder, "Mei")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    application.tell_bugs(window, Path("annotator.log"))
    try:
        raise ZeroDivisionError
    except ZeroDivisionError as error:
        sys.excepthook(ZeroDivisionError, error, error.__traceback__)
    town.qtbot.waitUntil(lambda: window.view.status.sentence.startswith("Something went wrong"))
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_application_takes_the_remembered_theme(settings: Settings) -> None:
    settings.set_text("theme", theme.LIGHT)
    application.make_application(settings)
    assert theme.current().name == theme.LIGHT
