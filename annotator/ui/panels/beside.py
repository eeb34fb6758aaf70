"""Two versions of a pair's mask side by side over the canvas, moved and zoomed together."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from annotator.domain.geometry import Box
from annotator.domain.shapes import Annotation
from annotator.ui.widgets.lines import column, row
from annotator.ui.widgets.picture import Picture
from annotator.ui.widgets.text import label


class BesideView(QWidget):
    """Covers the canvas while it is shown; drawing happens in the other views."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("beside")
        self.setProperty("area", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._canvas = canvas
        self._annotations: tuple[Annotation | None, Annotation | None] = (None, None)
        whole = row(self, gap=8, margins=(8, 8, 8, 8))
        self.pictures = (
            Picture("beside.before", self.tr("Before"), whole=True),
            Picture("beside.after", self.tr("After"), whole=True),
        )
        self._titles = (label("", "strong", name="beside.before.title"), label("", "strong", name="beside.after.title"))
        for picture, title in zip(self.pictures, self._titles, strict=True):
            stack = column(gap=8)
            stack.addWidget(title)
            stack.addWidget(picture, 1)
            whole.addLayout(stack, 1)
            picture.view_changed.connect(lambda _zoom, picture=picture: self._link(picture))
        canvas.installEventFilter(self)
        self.hide()

    @property
    def titles(self) -> tuple[str, str]:
        """What stands above the pictures."""
        return self._titles[0].text(), self._titles[1].text()

    def set_image(self, image: QImage | None) -> None:
        """The photograph of the pair."""
        for picture in self.pictures:
            picture.set_image(image)

    def compare(self, before: Annotation, after: Annotation, titles: tuple[str, str]) -> None:
        """Show two versions, whole."""
        self._annotations = before, after
        for picture, annotation, title, text in zip(
            self.pictures, self._annotations, self._titles, titles, strict=True
        ):
            picture.set_annotation(annotation)
            title.setText(text)
        self.setGeometry(self._canvas.rect())
        self.show()
        self.raise_()

    def look_at(self, box: Box) -> None:
        """Bring a box of the image to the front in both."""
        x1, y1, x2, y2 = box
        room = max(x2 - x1, y2 - y1, 40.0)
        for picture, annotation in zip(self.pictures, self._annotations, strict=True):
            picture.set_annotation(annotation, (x1 - room, y1 - room, x2 + room, y2 + room))
            picture.set_view(1.0, QPointF())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return False

    def _link(self, source: Picture) -> None:
        zoom, shift = source.view()
        for picture in self.pictures:
            if picture is not source:
                picture.set_view(zoom, shift)
