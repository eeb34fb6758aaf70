"""A project in the list of the start page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QProgressBar

from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.widgets.lines import column, row
from annotator.ui.widgets.text import ElidedLabel, label

WITH_PICTURES = (500, 640, 720)
"""Width of a project's line from which its first, second and third picture leave room for its words."""


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """A project in the list: `done` is a share of its pairs; `opened` is words."""

    folder: Path
    name: str
    facts: str
    where: str
    done: float
    opened: str
    trouble: str = ""


class ProjectLine(ChoiceRow):
    """A project: three pictures, facts, progress, when it was opened; or why it cannot be opened."""

    def __init__(self, entry: ProjectEntry) -> None:
        super().__init__(f"project.{entry.name}", entry.name, 84)
        self.line.setContentsMargins(16, 12, 16, 12)
        self._pictures = [label() for _ in range(0 if entry.trouble else 3)]
        shown = row(gap=4)
        for picture in self._pictures:
            picture.setFixedSize(76, 56)
            shown.addWidget(picture)
        if self._pictures:
            self.line.addLayout(shown)
            self.line.addSpacing(8)
        words = column(gap=0)
        words.addStretch()
        words.addWidget(ElidedLabel(entry.name, "project"))
        if entry.trouble:
            words.addWidget(label(entry.trouble, "second", "error", wrap=True))
        else:
            words.addWidget(ElidedLabel(entry.facts, "second"))
            words.addWidget(ElidedLabel(entry.where, "second"))
        words.addStretch()
        self.line.addLayout(words, 1)
        if not entry.trouble:
            self._add_progress(entry)

    def _add_progress(self, entry: ProjectEntry) -> None:
        bar = QProgressBar()
        bar.setRange(0, 1000)
        bar.setValue(round(1000 * entry.done))
        bar.setFixedWidth(120)
        bar.setAccessibleName(self.tr("Pairs done"))
        self.line.addWidget(bar)
        percent = label(f"{100 * entry.done:.0f} %", "value")
        percent.setFixedWidth(44)
        percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.line.addWidget(percent)
        opened = label(entry.opened, "second")
        opened.setFixedWidth(96)
        opened.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.line.addWidget(opened)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        for position, picture in enumerate(self._pictures):
            picture.setVisible(self.width() >= WITH_PICTURES[position])

    def set_pictures(self, images: Sequence[QImage]) -> None:
        """Up to three photographs of the project."""
        for spot, image in zip(self._pictures, images, strict=False):
            ratio = self.devicePixelRatioF()
            size = spot.size() * ratio
            aspect = Qt.AspectRatioMode.KeepAspectRatioByExpanding
            scaled = QPixmap.fromImage(image).scaled(size, aspect, Qt.TransformationMode.SmoothTransformation)
            cut = scaled.copy(
                (scaled.width() - size.width()) // 2,
                (scaled.height() - size.height()) // 2,
                size.width(),
                size.height(),
            )
            cut.setDevicePixelRatio(ratio)
            spot.setPixmap(cut)
