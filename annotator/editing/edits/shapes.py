"""Edits that add, remove and exchange whole shapes."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.shapes import Annotation, Shape
from annotator.editing.edits.protocol import Edit


@dataclass(frozen=True, slots=True)
class AddShape(Edit):
    """Add `shape` at `position` in drawing order (None: last)."""

    shape: Shape
    position: int | None = None

    @property
    def label(self) -> str:
        return f"draw an {self.shape.role}" if self.shape.role[0] in "aeiou" else f"draw a {self.shape.role}"

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset()

    def apply(self, annotation: Annotation) -> Annotation:
        shapes = list(annotation.shapes)
        shapes.insert(len(shapes) if self.position is None else self.position, self.shape)
        return annotation.with_shapes(shapes)

    def inverse(self, annotation: Annotation) -> Edit:
        del annotation
        return RemoveShape(self.shape.id)


@dataclass(frozen=True, slots=True)
class RemoveShape(Edit):
    """Remove a shape."""

    shape_id: str

    @property
    def label(self) -> str:
        return "remove a polygon"

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset((self.shape_id,))

    def apply(self, annotation: Annotation) -> Annotation:
        annotation.index(self.shape_id)
        return annotation.with_shapes(shape for shape in annotation.shapes if shape.id != self.shape_id)

    def inverse(self, annotation: Annotation) -> Edit:
        return AddShape(annotation.shape(self.shape_id), annotation.index(self.shape_id))


@dataclass(frozen=True, slots=True)
class ReplaceShapes(Edit):
    """Take the shapes `removed` (ids) out and put `added` in, each at its position in the new drawing order."""

    removed: tuple[str, ...]
    added: tuple[tuple[int, Shape], ...]

    @property
    def label(self) -> str:
        return "change polygons"

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset(self.removed)

    def apply(self, annotation: Annotation) -> Annotation:
        for shape_id in self.removed:
            annotation.index(shape_id)
        shapes = [shape for shape in annotation.shapes if shape.id not in self.removed]
        for position, shape in sorted(self.added, key=lambda entry: entry[0]):
            shapes.insert(position, shape)
        return annotation.with_shapes(shapes)

    def inverse(self, annotation: Annotation) -> Edit:
        gone = tuple((annotation.index(shape_id), annotation.shape(shape_id)) for shape_id in self.removed)
        return ReplaceShapes(tuple(shape.id for _, shape in self.added), gone)
