"""Says above the canvas that a pair is drawn blind, and why."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from annotator.ui import icons
from annotator.ui.widgets.lines import across, column, row
from annotator.ui.widgets.text import label


class BlindBanner(QWidget):
    """One line of what it is, below it what it is for."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("blind.banner")
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        whole = column(self)
        line = row(gap=12, margins=(12, 8, 12, 8))
        whole.addLayout(line)
        whole.addWidget(across())
        self._mark = label()
        line.addWidget(self._mark)
        words = column(gap=2)
        line.addLayout(words, 1)
        title = self.tr("Blind annotation: draw what you see, without the pre-mask and without anybody's mask")
        why = self.tr(
            "It shows how far people agree by themselves, and whether pre-masks lead them. "
            "It changes nothing about the pair, and nobody is judged by it."
        )
        words.addWidget(label(title, "strong", name="blind.title", wrap=True))
        words.addWidget(label(why, "second", name="blind.why", wrap=True))
        self.setAccessibleName(title)
        self._paint()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._paint()

    def _paint(self) -> None:
        self._mark.setPixmap(icons.pixmap("eye-off", "accent", self.devicePixelRatioF()))
