"""The pre-masks of the pair with their confidence, and how far the making of others is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from annotator.ui import theme
from annotator.ui.panels.difference import Snippet
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.views import PremaskRow
from annotator.ui.widgets.lines import column, emptied, row
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, label


class ThinBar(QWidget):
    """How much of something is done, 4 px high."""

    def __init__(self) -> None:
        super().__init__()
        self.share = 0.0
        self.setFixedHeight(12)

    def set_share(self, share: float) -> None:
        """From 0 to 1."""
        self.share = min(max(share, 0.0), 1.0)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        shown = theme.current()
        bar = QRectF(0, 4, self.width(), 4)
        painter.fillRect(bar, shown.colour("line"))
        painter.fillRect(QRectF(0, 4, bar.width() * self.share, 4), shown.colour("accent"))


class PremaskPanel(Section):
    """Proposals, most confident first; `chosen` carries the position of the one to show on the canvas."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(self.tr("Pre-mask"), "premask")
        self._rows = column()
        self.body.addLayout(self._rows)
        self._sentence = label("", "second", name="premask.sentence", wrap=True)
        self._sentence.setContentsMargins(12, 4, 12, 0)
        self.body.addWidget(self._sentence)
        inner = column(margins=(12, 0, 12, 0))
        self.bar = ThinBar()
        inner.addWidget(self.bar)
        self.body.addLayout(inner)
        self._gain: tuple[tuple[str, str], ...] = ()
        self._gain_lines = column(margins=(12, 4, 12, 0))
        self.body.addLayout(self._gain_lines)
        self._any = False
        self.set_making("", None)

    @property
    def sentence(self) -> str:
        """What stands below the rows."""
        return self._sentence.text()

    def set_rows(self, views: Sequence[PremaskRow], current: int, pictures: Sequence[QImage] = ()) -> None:
        """Show the proposals, each with its picture, and which one is on the canvas (-1: none)."""
        emptied(self._rows)
        self._any = bool(views)
        self.set_detail(str(len(views)) if views else "")
        for position, view in enumerate(views):
            picture = pictures[position] if position < len(pictures) else None
            self._rows.addWidget(self._line(position, view, picture, position == current))
        self._show()

    def set_making(self, sentence: str, share: float | None) -> None:
        """A sentence about what is made or why there is nothing, and a bar with it (None: none)."""
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self.bar.setVisible(share is not None)
        self.bar.set_share(share or 0.0)
        self._show()

    @property
    def gain(self) -> tuple[tuple[str, str], ...]:
        """What the last approval brought to the group: words and figures of each line."""
        return self._gain

    def set_gain(self, lines: Sequence[tuple[str, str]]) -> None:
        """Say what the last approval brought to the group: all of it, then single pairs; empty says nothing."""
        if tuple(lines) == self._gain:
            return
        self._gain = tuple(lines)
        emptied(self._gain_lines)
        for position, (words, figures) in enumerate(lines):
            line = QWidget()
            line.setToolTip(self.tr("Confidence before and after the last approval"))
            inner = row(line)
            kind = "hint" if position else "second"
            inner.addWidget(ElidedLabel(words, kind), 1)
            inner.addWidget(label(figures, kind))
            self._gain_lines.addWidget(line)
        self._show()

    def _show(self) -> None:
        self.setVisible(self._any or bool(self._sentence.text()) or bool(self._gain))

    def _line(self, position: int, view: PremaskRow, picture: QImage | None, current: bool) -> ChoiceRow:
        line = ChoiceRow(f"premask.{position}", f"{view.proposer}, {view.confidence:.2f}, {view.detail}", 44)
        line.set_selected(False, "overlay_premask" if current else "")
        line.line.addWidget(label(str(position + 1), "value", "quiet"))
        if picture is not None:
            line.line.addWidget(Snippet(picture))
        words = column(gap=0)
        words.addStretch()
        words.addWidget(ElidedLabel(view.proposer))
        words.addWidget(ElidedLabel(view.detail, "hint"))
        words.addStretch()
        line.line.addLayout(words, 1)
        line.line.addWidget(label(f"{view.confidence:.2f}", "strong"))
        line.chosen.connect(lambda: self.chosen.emit(position))
        return line
