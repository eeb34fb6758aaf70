"""Exchange of the whole annotation, as when a pre-mask is taken."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.errors import GeometryError
from annotator.domain.shapes import Annotation
from annotator.editing.edits.protocol import Edit


@dataclass(frozen=True, slots=True)
class SetAnnotation(Edit):
    """Put `annotation` in place of the present one. Raises GeometryError for one of another image size."""

    annotation: Annotation
    name: str = "take the pre-mask"

    @property
    def label(self) -> str:
        return self.name

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset()

    def apply(self, annotation: Annotation) -> Annotation:
        if annotation.size != self.annotation.size:
            width, height = annotation.size
            raise GeometryError(f"the polygons are of another image: this one has {width} × {height} pixels")
        return self.annotation

    def inverse(self, annotation: Annotation) -> Edit:
        return SetAnnotation(annotation, self.name)
