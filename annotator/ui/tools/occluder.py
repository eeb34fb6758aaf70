"""Occluder: a polygon of something in front of the object; the rules say live whether it is cut out."""

from __future__ import annotations

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Polygon, Ring
from annotator.domain.shapes import Annotation, Shape
from annotator.editing.edits import AddShape, Edit
from annotator.editing.occlusion import LiveGauge
from annotator.ui.tools.base import LimitBox, ToolHost
from annotator.ui.tools.outline_tool import OutlineTool
from annotator.ui.tools.sketching import as_array


class OccluderTool(OutlineTool):
    """Draws occluders and kept occlusions: the rules choose, unless the host's `occluder_override` is set."""

    name = "occluder"
    title = "Occluder"
    default_key = "O"
    icon = "occluder"
    help = "Click points around what hides the object; the box says whether the rules cut it out or keep it."
    ink = "overlay_occluder"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._gauge = LiveGauge()
        self._new_id = ""

    def edit(self) -> Edit | None:
        session = self.host.session
        if session is None:
            return None
        limit = self._measure(self.outline.polygon())
        self._new_id = session.annotation.fresh_id()
        return AddShape(Shape(self._new_id, limit.role, limit.polygon, self.host.occluder_kind))

    def committed(self) -> None:
        self.host.occluder_override = False
        self.host.select((self._new_id,))

    def outline_changed(self) -> None:
        outline = self.with_cursor()
        if len(outline.points) < 3:
            self.host.show_limit(None)
            return
        try:
            self.host.show_limit(self._measure(Polygon(Ring(as_array(outline.points)))))
        except GeometryError:
            self.host.show_limit(None)

    def _measure(self, polygon: Polygon) -> LimitBox:
        annotation = self.host.session.annotation if self.host.session else Annotation((1, 1))
        size = self._gauge.measure(annotation, self.host.rules, polygon)
        return LimitBox(size, polygon, self.host.occluder_kind, self.host.occluder_override)
