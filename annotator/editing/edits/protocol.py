"""What an edit is: a value that changes an annotation and can say how to change it back."""

from __future__ import annotations

from abc import ABC, abstractmethod

from annotator.domain.shapes import Annotation


class Edit(ABC):
    """One change of an annotation. It holds what changes and never the other polygons.

    `inverse` is asked before the edit is applied: `e.inverse(a).apply(e.apply(a)) == a`, bit for bit.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def label(self) -> str:
        """What the edit does, for the undo menu: "move 3 vertices"."""

    @property
    @abstractmethod
    def shape_ids(self) -> frozenset[str]:
        """The shapes that must stand still for this edit: those that exist before it and that it changes."""

    @abstractmethod
    def apply(self, annotation: Annotation) -> Annotation:
        """The changed annotation. Raises KeyError for unknown shapes, GeometryError where the result cannot stand."""

    @abstractmethod
    def inverse(self, annotation: Annotation) -> Edit:
        """The edit that leads from `self.apply(annotation)` back to `annotation`."""

    def then(self, later: Edit) -> Edit | None:
        """One edit of the same size that does this and then `later`; None where there is none."""
        del later
        return None

    @property
    def changes_lock(self) -> bool:
        """True for the edits that a locked shape admits."""
        return False
