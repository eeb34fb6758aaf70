"""Tokens, style sheet, icons, settings and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui import icons, theme
from annotator.ui.keys import ACTIONS, BY_NAME, Keys
from annotator.ui.settings import Settings

NORMAL_TEXT = 4.5
"""Contrast that WCAG 2.2 (1.4.3) asks of text."""


def luminance(colour: QColor) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: QColor, second: QColor) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_both_themes_name_the_same_tokens() -> None:
    dark, light = (set(theme.theme_named(name).colours) for name in theme.NAMES)
    assert dark == light


@pytest.mark.parametrize("name", theme.NAMES)
@pytest.mark.parametrize("ink", ["text1", "text2", "text3", "done", "warning", "error", "dispute"])
@pytest.mark.parametrize("ground", ["panel", "bar", "window"])
def test_text_is_legible(name: str, ink: str, ground: str) -> None:
    shown = theme.theme_named(name)
    assert contrast(shown.colour(ink), shown.colour(ground)) >= NORMAL_TEXT


@pytest.mark.parametrize("name", theme.NAMES)
def test_buttons_are_legible(name: str) -> None:
    shown = theme.theme_named(name)
    assert contrast(shown.colour("on_button"), shown.colour("button")) >= NORMAL_TEXT
    assert contrast(shown.colour("text1"), shown.colour("selection")) >= NORMAL_TEXT


@pytest.mark.parametrize("name", theme.NAMES)
def test_style_sheet_is_filled_in(name: str) -> None:
    sheet = theme.style_sheet(theme.theme_named(name))
    assert "$" not in sheet
    assert theme.theme_named(name).colours["accent"] in sheet


def test_tokens_are_those_of_the_reference() -> None:
    assert theme.theme_named("dark").colours["accent"] == "#4C9DF0"
    assert theme.theme_named("light").colours["panel"] == "#F7F7F7"
    assert theme.theme_named("unknown").name == theme.DARK


class Told(QWidget):
    """Counts how often it hears of another style."""

    times = 0

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        self.times += event.type() == QEvent.Type.StyleChange


def test_another_theme_comes_to_each_widget_once_however_deep_it_lies(qapp: QApplication, qtbot: QtBot) -> None:
    outermost = QWidget()
    qtbot.addWidget(outermost)
    inner = Told(outermost)
    for _ in range(12):
        inner = Told(inner)
    outermost.show()
    inner.times = 0
    theme.apply(qapp, theme.LIGHT)
    assert 1 <= inner.times <= 2  # away with the old sheet, on with the new
    assert inner.palette().windowText().color() == theme.current().colour("text1")


@pytest.mark.usefixtures("qapp")
def test_icon_takes_the_colour() -> None:
    image = icons.icon("check", "accent").pixmap(16, 16).toImage()
    inks = {
        QColor(image.pixelColor(x, y)).name()
        for x in range(16)
        for y in range(16)
        if image.pixelColor(x, y).alpha() > 200
    }
    assert inks == {theme.current().colours["accent"].lower()}


@pytest.mark.usefixtures("qapp")
def test_icon_is_sharp_on_fine_screens() -> None:
    assert icons.pixmap("polygon", "text1", 2.0).width() == 32
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")


def test_no_two_actions_of_a_mode_share_a_key(settings: Settings) -> None:
    keys = Keys(settings)
    assert [action.name for action in ACTIONS if keys.clash(action.name, action.key)] == []


def test_changed_key_is_kept(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "own.ini")
    keys = Keys(settings)
    told = []
    keys.changed.connect(lambda: told.append(True))
    keys.set_key("tool.polygon", "Q")
    settings.save()
    again = Keys(Settings(tmp_path / "own.ini"))
    assert again.key("tool.polygon") == "Q"
    assert again.is_own("tool.polygon")
    assert again.clash("tool.lasso", "Q") is BY_NAME["tool.polygon"]
    again.reset()
    assert again.key("tool.polygon") == "P"
    assert told == [True]


def test_keys_are_shown_as_people_read_them(settings: Settings) -> None:
    assert Keys(settings).shown("pass.submit") == "Ctrl+Enter"


def test_projects_that_are_gone_are_not_listed(settings: Settings, folder: Path, tmp_path: Path) -> None:
    settings.remember_project(tmp_path / "gone")
    settings.remember_project(folder)
    settings.remember_project(folder)
    assert settings.projects() == [folder]
