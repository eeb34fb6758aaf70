"""What a pass changed against the one before: three figures and the places, largest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from annotator.ui import theme, wording
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.views import PlaceRow
from annotator.ui.widgets.lines import column, emptied, row
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, label, set_tone

MOST_PLACES = 6
"""More places than this are summed up in one line: they are specks."""


class Snippet(QWidget):
    """A small cut-out of the image around a place."""

    def __init__(self, image: QImage | None) -> None:
        super().__init__()
        self._image = QPixmap.fromImage(image) if image is not None else None
        self.setFixedSize(40, 40)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(40, 40)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().colour("canvas"))
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRectF(self.rect()), self._image, QRectF(self._image.rect()))


class FiguresPanel(Section):
    """IoU, boundary F-measure and Hausdorff distance between two passes."""

    def __init__(self) -> None:
        super().__init__(self.tr("Difference"), "difference")
        box = QWidget()
        line = row(box, gap=12, margins=(12, 0, 12, 4))
        self._figures = {}
        for name, title in (("iou", "IoU"), ("boundary", self.tr("Boundary F")), ("hausdorff", "Hausdorff")):
            stack = column(gap=0)
            figure, below = label("", "figure", name=f"difference.{name}"), label("", "hint")
            stack.addWidget(label(title, "hint"))
            stack.addWidget(figure)
            stack.addWidget(below)
            line.addLayout(stack, 1)
            self._figures[name] = (figure, below)
        self.body.addWidget(box)

    def set_figures(
        self, between: str, iou: float, boundary: float, hausdorff: float, limit: float, tolerance: float, share: float
    ) -> None:
        """Show the figures; the IoU is a warning below the rules' `limit`."""
        self.set_detail(between)
        texts = {
            "iou": (f"{iou:.3f}", self.tr("limit {limit}").format(limit=f"{limit:.2f}")),
            "boundary": (f"{boundary:.2f}", self.tr("within {px} px").format(px=f"{tolerance:g}")),
            "hausdorff": (f"{hausdorff:.0f} px", self.tr("{share}th percentile").format(share=f"{share:g}")),
        }
        for name, (figure, below) in self._figures.items():
            figure.setText(texts[name][0])
            below.setText(texts[name][1])
        set_tone(self._figures["iou"][0], "warning" if iou < limit else "")


class PlacesPanel(Section):
    """The places that changed; `chosen` carries the position of the one to look at."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(self.tr("Places"), "places")
        self._current = -1
        self._views: tuple[PlaceRow, ...] = ()
        self._lines: list[ChoiceRow] = []
        self._rows = column()
        self.body.addLayout(self._rows)

    @property
    def views(self) -> tuple[PlaceRow, ...]:
        """What is shown."""
        return self._views

    def set_rows(self, views: Sequence[PlaceRow], snippets: Sequence[QImage | None]) -> None:
        """Show the places, each with its cut-out of the image."""
        emptied(self._rows)
        self._views, self._current, self._lines = tuple(views[:MOST_PLACES]), -1, []
        for position, (view, snippet) in enumerate(zip(self._views, snippets, strict=False)):
            line = self._line(position, view, snippet)
            self._lines.append(line)
            self._rows.addWidget(line)
        more = len(views) - len(self._views)
        if more:
            words = wording.counted(more, self.tr("smaller one"), self.tr("smaller ones"))
            rest = label(self.tr("and {more}").format(more=words), "second")
            rest.setContentsMargins(12, 4, 12, 4)
            self._rows.addWidget(rest)
        self._say(len(views))

    def step(self, by: int) -> None:
        """Go to the next place, or the one before with -1."""
        if self._views:
            self.choose((self._current + by) % len(self._views) if self._current >= 0 else 0)

    def choose(self, position: int) -> None:
        """Look at a place."""
        self._current = position
        for number, line in enumerate(self._lines):
            line.set_selected(number == position)
        self._say(len(self._views))
        self.chosen.emit(position)

    def _say(self, count: int) -> None:
        if not count:
            self.set_detail(self.tr("nothing changed"), "done")
        elif self._current >= 0:
            self.set_detail(self.tr("{n} of {count}, largest first").format(n=self._current + 1, count=count))
        else:
            self.set_detail(self.tr("{count}, largest first").format(count=count))

    def _line(self, position: int, view: PlaceRow, snippet: QImage | None) -> ChoiceRow:
        where = self.tr("Around {place}").format(place=view.centre)
        line = ChoiceRow(f"places.{position}", f"{where} {view.kind}", 48)
        line.line.addWidget(label(str(position + 1), "value", "quiet"))
        line.line.addWidget(Snippet(snippet))
        words = column(gap=0)
        words.addStretch()
        words.addWidget(ElidedLabel(where))
        below = row(gap=4)
        kind = self.tr("added") if view.kind == "added" else self.tr("removed")
        below.addWidget(label(kind, "second", "accent" if view.kind == "added" else "warning"))
        below.addWidget(label(f"{wording.thousands(view.area)} px", "second"))
        below.addStretch()
        words.addLayout(below)
        words.addStretch()
        line.line.addLayout(words, 1)
        line.chosen.connect(lambda: self.choose(position))
        return line
