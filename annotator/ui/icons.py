"""The program's own line drawings as icons in the colours of the theme."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from annotator.ui import theme
from resources import accessor

SIDE = 16
RATIOS = (1.0, 1.5, 2.0, 3.0)
"""Device pixel ratios that an icon is drawn for; Qt takes the next larger one for others."""


def icon(name: str, token: str = "text1") -> QIcon:  # noqa: S107 (a colour's name, no password)
    """The icon `resources/icons/<name>.svg` in a theme colour, for what Qt paints. Raises FileNotFoundError."""
    made = QIcon()
    for ratio in RATIOS:
        made.addPixmap(pixmap(name, token, ratio))
    return made


def pixmap(name: str, token: str, ratio: float, side: int = SIDE) -> QPixmap:
    """The drawing at a device pixel ratio, for widgets that paint themselves."""
    return _pixmap(name, theme.current().colours[token], side, ratio)


@cache
def _pixmap(name: str, colour: str, side: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


@cache
def _drawing(name: str) -> str:
    return accessor.read_text(f"icons/{name}.svg")


def pixmap_in(name: str, colour: str, ratio: float, side: int = SIDE) -> QPixmap:
    """The drawing in a given colour, for marks over photographs that are the same in every theme."""
    return _pixmap(name, colour, side, ratio)
