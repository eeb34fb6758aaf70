"""On which side of the rules a drawn occlusion falls, live."""

from __future__ import annotations

import numpy as np

from annotator.domain.geometry import Polygon
from annotator.domain.raster import Mask, fill
from annotator.domain.rules import OcclusionSize, Rules, occlusion_size
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.editing.raster_cache import filled_window
from annotator.editing.windows import window_of


class OcclusionGauge:
    """Measures occlusions against one state of the object polygons, which it rasterises once.

    What is measured is the part of the occlusion that lies on the object; elsewhere it hides nothing.
    """

    def __init__(self, annotation: Annotation, rules: Rules) -> None:
        self._size = annotation.size
        self.rules = rules
        self._object: Mask = fill((shape.polygon for shape in annotation.of_role(Role.OBJECT)), annotation.size)
        self._area = int(np.count_nonzero(self._object))

    @property
    def object_area(self) -> int:
        """Pixels of the object with its occlusions."""
        return self._area

    def measure(self, polygon: Polygon) -> OcclusionSize:
        """The size of an occlusion beside the object."""
        return occlusion_size(self._hidden(polygon), self._area, self.rules)

    def share(self, polygon: Polygon) -> float:
        """The share of the object that an occlusion hides, as `measure` has it, without the dearer thickness."""
        return float(np.count_nonzero(self._hidden(polygon))) / self._area if self._area else 1.0

    def _hidden(self, polygon: Polygon) -> Mask:
        """What an occlusion hides, in its window of the image."""
        window = window_of(polygon.outer.points).clipped(self._size)
        if window.empty:
            return np.zeros((1, 1), dtype=np.bool_)
        hidden = filled_window(polygon, window, self._size).astype(np.bool_)
        hidden &= self._object[window.rows, window.columns]
        return hidden


class LiveGauge:
    """Measures while people draw: the object is rasterised again only when an object polygon or the rules changed."""

    def __init__(self) -> None:
        self._made: tuple[tuple[Shape, ...], OcclusionGauge] | None = None

    def measure(self, annotation: Annotation, rules: Rules, polygon: Polygon) -> OcclusionSize:
        """The size of an occlusion beside the object of `annotation` under `rules`."""
        objects = annotation.of_role(Role.OBJECT)
        made = self._made
        if made is None or made[1].rules != rules or [id(s) for s in made[0]] != [id(s) for s in objects]:
            made = self._made = objects, OcclusionGauge(annotation, rules)
        return made[1].measure(polygon)


def role_of(size: OcclusionSize) -> Role:
    """What the rules make of an occlusion of this size."""
    return Role.KEPT if size.kept else Role.OCCLUDER
