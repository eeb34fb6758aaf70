"""Edits of what a shape is, not where: role, kind, lock, drawing order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from annotator.domain.shapes import Annotation, OccluderKind, Role
from annotator.editing.edits.protocol import Edit


@dataclass(frozen=True, slots=True)
class _OfShape(Edit):
    shape_id: str

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset((self.shape_id,))


@dataclass(frozen=True, slots=True)
class SetRole(_OfShape):
    """Make a shape an object (`kind` None), an occluder or a kept occlusion of a kind."""

    role: Role
    kind: OccluderKind | None = None

    @property
    def label(self) -> str:
        return f"make it {'an' if self.role[0] in 'aeiou' else 'a'} {self.role}"

    def apply(self, annotation: Annotation) -> Annotation:
        return annotation.mapped(self.shape_id, lambda shape: replace(shape, role=self.role, kind=self.kind))

    def inverse(self, annotation: Annotation) -> Edit:
        shape = annotation.shape(self.shape_id)
        return SetRole(self.shape_id, shape.role, shape.kind)


@dataclass(frozen=True, slots=True)
class SetKind(_OfShape):
    """Change the kind of an occluder or kept occlusion."""

    kind: OccluderKind | None

    @property
    def label(self) -> str:
        return f"set the kind to {self.kind}"

    def apply(self, annotation: Annotation) -> Annotation:
        return annotation.mapped(self.shape_id, lambda shape: replace(shape, kind=self.kind))

    def inverse(self, annotation: Annotation) -> Edit:
        return SetKind(self.shape_id, annotation.shape(self.shape_id).kind)


@dataclass(frozen=True, slots=True)
class SetLocked(_OfShape):
    """Lock or unlock a shape."""

    locked: bool

    @property
    def label(self) -> str:
        return "lock a polygon" if self.locked else "unlock a polygon"

    @property
    def changes_lock(self) -> bool:
        return True

    def apply(self, annotation: Annotation) -> Annotation:
        return annotation.mapped(self.shape_id, lambda shape: replace(shape, locked=self.locked))

    def inverse(self, annotation: Annotation) -> Edit:
        return SetLocked(self.shape_id, annotation.shape(self.shape_id).locked)


@dataclass(frozen=True, slots=True)
class Reorder(_OfShape):
    """Move a shape to `position` in drawing order (0 is drawn first)."""

    position: int

    @property
    def label(self) -> str:
        return "change the order"

    def apply(self, annotation: Annotation) -> Annotation:
        shapes = list(annotation.shapes)
        shapes.insert(self.position, shapes.pop(annotation.index(self.shape_id)))
        return annotation.with_shapes(shapes)

    def inverse(self, annotation: Annotation) -> Edit:
        return Reorder(self.shape_id, annotation.index(self.shape_id))
