"""The lowest layer: the visible part of the image with the tint of the mask, in device pixels."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage

from annotator.domain.geometry import Size
from annotator.domain.raster import Mask
from annotator.ui.canvas.adjustment import Adjustment
from annotator.ui.canvas.pyramid import ImagePyramid, Pixels
from annotator.ui.canvas.view_transform import ViewTransform

NEAREST_ABOVE = 2.0
"""Zoom above which image pixels are shown as squares."""


@dataclass(frozen=True, slots=True)
class BackdropStyle:
    """What the backdrop is painted with: `tint` and its `opacity` for the mask, `ground` beside the image."""

    ground: QColor
    tint: QColor
    opacity: float
    adjustment: Adjustment = field(default_factory=Adjustment)


class Backdrop:
    """An RGB32 image of the canvas's size in device pixels that is redrawn in rectangles."""

    def __init__(self, width: int, height: int) -> None:
        self._pixels = np.zeros((max(height, 1), max(width, 1), 4), dtype=np.uint8)
        self._whole = self._pixels.view(np.uint32)[:, :, 0]
        self.image = QImage(
            self._pixels.data, max(width, 1), max(height, 1), 4 * max(width, 1), QImage.Format.Format_RGB32
        )

    @property
    def rect(self) -> QRect:
        """The whole of it."""
        return self.image.rect()

    def render(
        self,
        rect: QRect,
        image: ImagePyramid | None,
        mask: Mask | None,
        view: ViewTransform,
        ratio: float,
        style: BackdropStyle,
    ) -> None:
        """Redraw `rect` (device pixels); `ratio` is device pixels per widget pixel."""
        rect = rect.intersected(self.rect)
        if rect.isEmpty():
            return
        part = self._pixels[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
        seen = image_rect(image.size, view, ratio).intersected(rect) if image is not None else QRect()
        if seen != rect:
            self._whole[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1] = style.ground.rgb()
        if image is None:
            return
        if seen.isEmpty():
            return
        shown = style.adjustment.shown(warped(image, view, ratio, seen))
        if mask is not None and style.opacity > 0:
            tint(shown, _warped_mask(mask, view, ratio, seen), style.tint, style.opacity)
        top, left = seen.top() - rect.top(), seen.left() - rect.left()
        part[top : top + seen.height(), left : left + seen.width()] = shown


def image_rect(size: Size, view: ViewTransform, ratio: float) -> QRect:
    """The device pixels that the image covers."""
    x1, y1 = round(view.x * ratio), round(view.y * ratio)
    x2 = round((view.x + size[0] * view.scale) * ratio)
    y2 = round((view.y + size[1] * view.scale) * ratio)
    return QRect(x1, y1, max(x2 - x1, 1), max(y2 - y1, 1))


def warped(image: ImagePyramid, view: ViewTransform, ratio: float, rect: QRect) -> Pixels:
    """The image as shown in `rect` (device pixels, inside the image)."""
    scale = view.scale * ratio
    level = image.level_for(scale)
    nearest = view.scale > NEAREST_ABOVE
    return _warp(level, image.size[0] / level.shape[1] * scale, view, ratio, rect, nearest=nearest)


def tint(pixels: Pixels, mask: Pixels, colour: QColor, opacity: float) -> None:
    """Lay `colour` over `pixels` (changed in place) where `mask` is not 0."""
    x, y, width, height = cv2.boundingRect(mask)
    if width == 0:
        return
    part = pixels[y : y + height, x : x + width]
    mixed = np.ascontiguousarray(cv2.convertScaleAbs(part, alpha=1.0 - opacity)).view(np.uint32)[:, :, 0]
    mixed += np.array([int(channel * opacity) for channel in _bgra(colour)], dtype=np.uint8).view(np.uint32)[0]
    where = mask[y : y + height, x : x + width].view(np.bool_)
    np.copyto(part.view(np.uint32)[:, :, 0], mixed, where=where)


def _warped_mask(mask: Mask, view: ViewTransform, ratio: float, rect: QRect) -> Pixels:
    return _warp(mask.view(np.uint8), view.scale * ratio, view, ratio, rect, nearest=True)


def _warp(source: Pixels, factor: float, view: ViewTransform, ratio: float, rect: QRect, *, nearest: bool) -> Pixels:
    """`source` enlarged by `factor`; only the part of it that shows in `rect` is read."""
    left, top = view.x * ratio, view.y * ratio
    x1 = max(int((rect.left() - left) / factor) - 2, 0)
    y1 = max(int((rect.top() - top) / factor) - 2, 0)
    x2 = int((rect.right() + 1 - left) / factor) + 3
    y2 = int((rect.bottom() + 1 - top) / factor) + 3
    part = source[y1:y2, x1:x2]
    shift = 0.5 * factor - 0.5
    move = (x1 * factor + shift + left - rect.left(), y1 * factor + shift + top - rect.top())
    if factor == 1.0 and _covers(part, move, rect):
        left, top = round(-move[0]), round(-move[1])
        return part[top : top + rect.height(), left : left + rect.width()].copy()
    if nearest and factor >= NEAREST_ABOVE:
        return _repeated(part, factor, move, rect)
    matrix = np.array([[factor, 0, move[0]], [0, factor, move[1]]], dtype=np.float64)
    return np.asarray(
        cv2.warpAffine(
            part,
            matrix,
            (rect.width(), rect.height()),
            flags=cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.uint8,
    )


def _covers(part: Pixels, move: tuple[float, float], rect: QRect) -> bool:
    """True when every shown pixel is one pixel of `part`."""
    left, top = round(-move[0]), round(-move[1])
    whole = abs(left + move[0]) < 1e-6 and abs(top + move[1]) < 1e-6
    return whole and 0 <= top <= part.shape[0] - rect.height() and 0 <= left <= part.shape[1] - rect.width()


def _repeated(part: Pixels, factor: float, move: tuple[float, float], rect: QRect) -> Pixels:
    """Each shown pixel takes the source pixel that its centre lies in, exactly."""
    columns = np.floor((np.arange(rect.width()) - move[0]) / factor + 0.5).astype(np.intp)
    rows = np.floor((np.arange(rect.height()) - move[1]) / factor + 0.5).astype(np.intp)
    columns = np.clip(columns, 0, part.shape[1] - 1)
    rows = np.clip(rows, 0, part.shape[0] - 1)
    if part.ndim == 2:
        return np.asarray(part.take(rows, axis=0).take(columns, axis=1))
    words = part.view(np.uint32)[:, :, 0]  # four bytes at once
    return np.asarray(words.take(columns, axis=1).take(rows, axis=0)[:, :, None].view(np.uint8))


def _bgra(colour: QColor) -> tuple[int, int, int, int]:
    return colour.blue(), colour.green(), colour.red(), 255
