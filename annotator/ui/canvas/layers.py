"""What the canvas shows beside the polygons: a record that the window fills in and the canvas paints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from annotator.domain.geometry import Box, Polygon, Ring
from annotator.domain.shapes import Annotation
from annotator.editing.hit_testing import Point

BACKDROP_LAYERS = {"blink", "difference"}
"""Layers that change what the mask's tint shows."""

TOP_LAYERS = {"remarks", "linked"}
"""Layers that are painted last and need no cached layer redrawn."""


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """A numbered place of a difference: `added` or removed, its box and where the number stands (image xy)."""

    number: int
    box: Box
    added: bool


@dataclass(frozen=True, slots=True)
class DifferenceLayer:
    """Pixels added and removed as polygons, the numbered places, the place looked at, and an outline beside them."""

    added: tuple[Polygon, ...]
    removed: tuple[Polygon, ...]
    places: tuple[PlaceMark, ...] = ()
    current: int | None = None
    outline: Annotation | None = None


@dataclass(frozen=True, slots=True)
class RemarkPin:
    """A remark at its place; `open` ones are white, settled ones hollow, the `marked` one has a ring.

    `number` is the one that the list shows, 0 for none; `region` the outline at whose vertex `place` the pin stands.
    """

    id: int
    place: Point
    open: bool = True
    number: int = 0
    region: Ring | None = None
    marked: bool = False


@dataclass(slots=True)
class CanvasLayers:
    """Set an attribute and the canvas shows it. None or empty shows nothing.

    `premask` outline in long dashes, `difference` of two masks, `query_box` x1, y1, x2, y2, `remarks`, `linked` the
    place that the cursor marks in another image, `blink` the annotation shown while Z is held (None: the image alone),
    `hidden` ids of shapes that are not shown, `placeholder` (heading, sentence) where there is no image.
    """

    premask: tuple[Polygon, ...] = ()
    difference: DifferenceLayer | None = None
    query_box: Box | None = None
    remarks: tuple[RemarkPin, ...] = ()
    linked: Point | None = None
    blink: Annotation | None = None
    hidden: frozenset[str] = frozenset()
    placeholder: tuple[str, str] | None = None
    on_change: Callable[[str], None] | None = None

    def __setattr__(self, name: str, value: Any) -> None:
        before = getattr(self, name, None)
        object.__setattr__(self, name, value)
        listener: Callable[[str], None] | None = getattr(self, "on_change", None)
        if listener is not None and name != "on_change" and value is not before and (value or before):
            listener(name)
