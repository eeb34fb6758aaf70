"""How the image lies on the canvas: zoom and place, and the way between widget and image coordinates; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.domain.geometry import Box, Points, Size
from annotator.editing.hit_testing import Point

LARGEST_SCALE = 64.0
SMALLEST_SCALE = 0.01


@dataclass(frozen=True, slots=True)
class ViewTransform:
    """`scale` is widget pixels per image pixel (1.0 is 100 %); `x`, `y` is the image's top left corner in the widget.

    Image coordinates name pixel centres, so the image's corner is at -0.5, -0.5.
    """

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_widget(self, at: Point) -> Point:
        """Where a point of the image is shown."""
        return (at[0] + 0.5) * self.scale + self.x, (at[1] + 0.5) * self.scale + self.y

    def to_image(self, at: Point) -> Point:
        """The point of the image that is shown at a place of the widget."""
        return (at[0] - self.x) / self.scale - 0.5, (at[1] - self.y) / self.scale - 0.5

    def points_to_device(self, points: Points, ratio: float) -> Points:
        """Points `(n, 2)` of the image in device pixels, `ratio` of them to a widget pixel."""
        factor = self.scale * ratio
        return np.asarray(points * factor + (0.5 * factor + self.x * ratio, 0.5 * factor + self.y * ratio))

    def box_to_widget(self, box: Box) -> Box:
        """A box of the image in the widget."""
        return *self.to_widget((box[0], box[1])), *self.to_widget((box[2], box[3]))

    def shifted(self, dx: float, dy: float) -> ViewTransform:
        """The image moved by widget pixels."""
        return ViewTransform(self.scale, self.x + dx, self.y + dy)

    def zoomed(self, scale: float, about: Point) -> ViewTransform:
        """Another zoom; the point of the image at `about` (widget) stays where it is."""
        scale = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
        factor = scale / self.scale
        return ViewTransform(scale, about[0] - (about[0] - self.x) * factor, about[1] - (about[1] - self.y) * factor)

    def on_pixels(self, ratio: float) -> ViewTransform:
        """The image's corner on a device pixel, so that whole zooms show whole pixels."""
        return ViewTransform(self.scale, round(self.x * ratio) / ratio, round(self.y * ratio) / ratio)

    def kept_in(self, image: Size, widget: Size, margin: float = 64.0) -> ViewTransform:
        """Moved so that the image cannot leave the widget: `margin` widget pixels of it always show."""
        place = []
        for start, length, room in ((self.x, image[0], widget[0]), (self.y, image[1], widget[1])):
            shown = length * self.scale
            keep = min(margin, shown)
            place.append(min(max(start, keep - shown), room - keep))
        return ViewTransform(self.scale, place[0], place[1])


def fitted(image: Size, widget: Size, padding: float = 12.0) -> ViewTransform:
    """The whole image in the middle of the widget; small images are not enlarged beyond 400 %."""
    room = max(widget[0] - 2 * padding, 1.0), max(widget[1] - 2 * padding, 1.0)
    scale = min(room[0] / image[0], room[1] / image[1], 4.0)
    return centred(image, widget, max(scale, SMALLEST_SCALE))


def centred(image: Size, widget: Size, scale: float) -> ViewTransform:
    """The image in the middle of the widget at `scale`."""
    return ViewTransform(scale, (widget[0] - image[0] * scale) / 2, (widget[1] - image[1] * scale) / 2)


def framed(box: Box, widget: Size, share: float = 0.6, largest: float = 8.0) -> ViewTransform:
    """A place of the image in the middle, so that it takes `share` of the widget."""
    width, height = max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0)
    scale = float(min(widget[0] * share / width, widget[1] * share / height, largest))
    middle = float(box[0] + box[2]) / 2 + 0.5, float(box[1] + box[3]) / 2 + 0.5
    return ViewTransform(scale, widget[0] / 2 - middle[0] * scale, widget[1] / 2 - middle[1] * scale)
