"""Dark and light: tokens of `resources/style`, palette, style sheet and fonts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Template

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from resources import accessor

DARK = "dark"
LIGHT = "light"
NAMES = (DARK, LIGHT)

DISABLED = 0.45
"""Opacity of what cannot be used now."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Named colours as `#RRGGBB`; `overlay_` names are the drawing colours, the same in every theme."""

    name: str
    colours: Mapping[str, str]

    def colour(self, token: str, alpha: float = 1.0) -> QColor:
        """The colour of a token with an opacity from 0 to 1; raises KeyError for an unknown token."""
        colour = QColor(self.colours[token])
        colour.setAlphaF(alpha)
        return colour

    def mixed(self, token: str, ground: str, share: float) -> QColor:
        """`share` of one token over another, without transparency."""
        over, under = self.colour(token), self.colour(ground)
        return QColor(
            *(
                round(a * share + b * (1 - share))
                for a, b in zip(over.getRgb()[:3], under.getRgb()[:3], strict=True)  # type: ignore[index]  # stubs say object
            )
        )


@cache
def theme_named(name: str) -> Theme:
    """Read a theme from the installed tokens; anything unknown gives the dark one."""
    tables = tomllib.loads(accessor.read_text("style/tokens.toml"))
    overlay = {f"overlay_{key}": value for key, value in tables["overlay"].items()}
    chosen = name if name in NAMES else DARK
    return Theme(chosen, {**tables[chosen], **overlay})


class _Current:
    """The theme that is shown; painted widgets ask for it whenever they paint."""

    theme: Theme | None = None


def current() -> Theme:
    """The theme that is shown now."""
    return _Current.theme or theme_named(DARK)


def apply(app: QApplication, name: str) -> Theme:
    """Show the whole program in a theme: Fusion, palette, style sheet, base font."""
    theme = theme_named(name)
    _Current.theme = theme
    if not app.styleSheet():  # once: with a style sheet Qt no longer tells which style is behind it
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(theme))
    app.setFont(base_font())
    app.setStyleSheet("")  # a sheet in place of another is put on every widget once for each widget that it lies in
    app.setStyleSheet(style_sheet(theme))
    return theme


def base_font() -> QFont:
    """The system font at 13 px with tabular figures."""
    return text_font(13)


def text_font(pixels: int, weight: int = QFont.Weight.Normal) -> QFont:
    """The system font at a size in pixels; figures are tabular."""
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def palette(theme: Theme) -> QPalette:
    """The palette behind the style sheet, for what Fusion paints itself."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: "window",
        QPalette.ColorRole.Base: "panel",
        QPalette.ColorRole.AlternateBase: "panel",
        QPalette.ColorRole.Button: "raised",
        QPalette.ColorRole.WindowText: "text1",
        QPalette.ColorRole.Text: "text1",
        QPalette.ColorRole.ButtonText: "text1",
        QPalette.ColorRole.PlaceholderText: "text3",
        QPalette.ColorRole.Highlight: "selection",
        QPalette.ColorRole.HighlightedText: "text1",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.ToolTipText: "text1",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.Mid: "line",
    }
    for role, token in roles.items():
        made.setColor(role, theme.colour(token))
    faded = theme.mixed("text1", "panel", DISABLED)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return made


def style_sheet(theme: Theme) -> str:
    """The style sheet with every token filled in."""
    extra = {
        "disabled_text": theme.mixed("text1", "panel", DISABLED).name(),
        "hover_button": theme.mixed("text1", "raised", 0.08).name(),
        "field": theme.colours["window" if theme.name == DARK else "raised"],
        "chevron": accessor.path(f"style/chevron-{theme.name}.svg").as_posix(),
    }
    return Template(accessor.read_text("style/window.qss")).substitute({**theme.colours, **extra})
