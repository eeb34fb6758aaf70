"""Images for the window: decoded in worker threads, neighbours ahead of time, the last ones kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, QTransform

from annotator.datasets import decode
from annotator.datasets.library import ImageLibrary
from annotator.domain.dataset import PairKey
from annotator.domain.geometry import Size
from annotator.domain.shapes import Annotation
from annotator.store.store import Store
from annotator.ui import overlay
from annotator.ui.canvas.pyramid import ImagePyramid, halved
from annotator.ui.panels.strip_paint import PICTURE
from annotator.ui.views import QueryCard, StripItem
from annotator.ui.workers import CancelToken, Workers

KEPT_PYRAMIDS = 5
KEPT_PICTURES = 24
THUMBNAIL = 256
SNIPPET = 80
"""Side of the small pictures in lists, at two pixels for one."""

Pixels = NDArray[np.uint8]


class Images(QObject):
    """Gives pyramids for the canvas, pictures for the panels and thumbnails for the strip."""

    def __init__(self, library: ImageLibrary, store: Store, workers: Workers) -> None:
        super().__init__()
        self._library = library
        self._store = store
        self._workers = workers
        self._pyramids: OrderedDict[str, ImagePyramid] = OrderedDict()
        self._pictures: OrderedDict[Path, QImage] = OrderedDict()

    def ready(self, name: str) -> ImagePyramid | None:
        """The pyramid of an image if it was decoded before."""
        if name in self._pyramids:
            self._pyramids.move_to_end(name)
            return self._pyramids[name]
        return None

    def want(self, name: str, done: Callable[[ImagePyramid], None], failed: Callable[[Exception], None]) -> None:
        """Decode an image for the canvas; an older wish is dropped. Prefetched ones come at once."""
        ready = self.ready(name)
        if ready is not None:
            done(ready)
            return

        def arrived(pyramid: ImagePyramid) -> None:
            self._keep(name, pyramid)
            done(pyramid)

        self._workers.submit("canvas", self._decoding(name), arrived, failed, priority=10)

    def prefetch(self, names: Iterable[str]) -> None:
        """Decode neighbours while nothing else is to do."""
        for name in names:
            if name not in self._pyramids and self._library.has(name):
                kept = partial(self._keep, name)
                self._workers.submit(f"prefetch:{name}", self._decoding(name), kept, lambda _error: None, priority=-5)

    def picture(self, path: Path, done: Callable[[QImage], None]) -> None:
        """A photograph at a size for the panels."""
        if path in self._pictures:
            self._pictures.move_to_end(path)
            done(self._pictures[path])
            return

        def arrived(pixels: Pixels) -> None:
            self._pictures[path] = shared_qimage(pixels)
            while len(self._pictures) > KEPT_PICTURES:
                self._pictures.popitem(last=False)
            done(self._pictures[path])

        def job(_token: CancelToken) -> Pixels:
            return decode.decode_bgra(path)

        self._workers.submit(f"picture:{path}:{id(done)}", job, arrived, lambda _error: None, priority=5)

    def query(self, card: QueryCard, done: Callable[[QImage], None]) -> None:
        """The photograph of a query, where it is here."""
        if card.path is not None:
            self.picture(card.path, done)

    def thumbnail(self, item: StripItem, ratio: float, done: Callable[[StripItem, QPixmap], None]) -> None:
        """A thumbnail of a pair with the outlines of its newest annotation."""
        path = self._library.path(item.key.image)
        if path is None:
            return
        store = self._store

        def job(_token: CancelToken) -> tuple[Pixels, Annotation | None]:
            shown = store.annotations([item.revision])[item.revision] if item.revision is not None else None
            return decode.thumbnail(path, THUMBNAIL), shown

        def arrived(result: tuple[Pixels, Annotation | None]) -> None:
            done(item, outlined(to_qimage(result[0]), result[1], ratio))

        self._workers.submit(f"thumbnail:{item.key}", job, arrived, lambda _error: None)

    def small(self, key: PairKey, done: Callable[[QPixmap], None]) -> None:
        """A small photograph of a pair's index image, without outlines."""
        path = self._library.path(key.image)
        if path is not None:
            self._workers.submit(
                f"small:{key}",
                lambda _token: decode.thumbnail(path, THUMBNAIL),
                lambda pixels: done(QPixmap.fromImage(to_qimage(pixels))),
                lambda _error: None,
            )

    def forget_thumbnails(self) -> None:
        """Nobody waits for thumbnails any more: another group is shown."""
        self._workers.cancel("thumbnail:")

    def _decoding(self, name: str) -> Callable[[CancelToken], ImagePyramid]:
        path = self._library.path(name)

        def job(_token: CancelToken) -> ImagePyramid:
            if path is None:
                raise FileNotFoundError(name)
            return halved(decode.decode_bgra(path))

        return job

    def _keep(self, name: str, pyramid: ImagePyramid) -> None:
        self._pyramids[name] = pyramid
        while len(self._pyramids) > KEPT_PYRAMIDS:
            self._pyramids.popitem(last=False)


def to_qimage(pixels: Pixels) -> QImage:
    """RGB `(height, width, 3)` uint8 as a QImage, which keeps the array alive and shares it where that is possible."""
    height, width, _ = pixels.shape
    rgb = np.ascontiguousarray(pixels)
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888)


def shared_qimage(pixels: Pixels) -> QImage:
    """BGRA `(height, width, 4)` uint8 as a QImage of the window's own form: painting it converts and copies nothing."""
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def whole_picture(image: ImagePyramid) -> QImage:
    """An image at full size, without a copy of its pixels."""
    return shared_qimage(image.levels[0])


def outlined(picture: QImage, annotation: Annotation | None, ratio: float) -> QPixmap:
    """A thumbnail that fills the strip's cell, with outlines; `annotation` is in pixels of the whole image."""
    wide, high = round(PICTURE.width() * ratio), round(PICTURE.height() * ratio)
    scale = max(wide / picture.width(), high / picture.height())
    shown = QPixmap(wide, high)
    painter = QPainter(shown)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    left, top = (wide - picture.width() * scale) / 2, (high - picture.height() * scale) / 2
    box = QRectF(left, top, picture.width() * scale, picture.height() * scale)
    smooth = picture.scaled(
        max(1, round(box.width())), max(1, round(box.height())), Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )  # fmt: skip
    painter.drawImage(round(left), round(top), smooth)
    if annotation is not None:
        whole: Size = annotation.size
        to_screen = QTransform(box.width() / whole[0], 0, 0, box.height() / whole[1], left, top)
        overlay.draw_shapes(painter, annotation, to_screen)
    painter.end()
    shown.setDevicePixelRatio(ratio)
    return shown


def snippet(picture: QImage, box: QRect) -> QImage:
    """A square cut-out around a box of the picture."""
    side = max(box.width(), box.height(), 24) * 5 // 4
    centre = box.center()
    square = QRect(centre.x() - side // 2, centre.y() - side // 2, side, side)
    return picture.copy(square).scaled(
        SNIPPET, SNIPPET, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )


def premask_picture(image: ImagePyramid, annotation: Annotation) -> QImage:
    """A small picture of the whole image with the dashed outlines of a pre-mask."""
    level = min(image.levels, key=lambda pixels: abs(max(pixels.shape[:2]) - SNIPPET * 2))
    whole = to_qimage(level[:, :, 2::-1])
    side = min(whole.width(), whole.height())
    made = whole.scaled(
        round(whole.width() * SNIPPET / side), round(whole.height() * SNIPPET / side),
        Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation,
    )  # fmt: skip
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    factor = made.width() / image.size[0]
    to_screen = QTransform(factor, 0, 0, factor, 0, 0)
    for shape in annotation.shapes:
        overlay.draw_line(painter, to_screen.map(overlay.path_of(shape.polygon)), "overlay_premask")
    painter.end()
    left, top = (made.width() - SNIPPET) // 2, (made.height() - SNIPPET) // 2
    return made.copy(left, top, SNIPPET, SNIPPET)
