"""Pure, reversible edits of an annotation, one family per file; all can be imported from here."""

from annotator.editing.edits.attributes import Reorder, SetKind, SetLocked, SetRole
from annotator.editing.edits.compound import Compound, combined
from annotator.editing.edits.holes import AddHole, RemoveHole
from annotator.editing.edits.moving import MoveShape, PlacePolygon
from annotator.editing.edits.protocol import Edit
from annotator.editing.edits.reshaping import reshaped
from annotator.editing.edits.shapes import AddShape, RemoveShape, ReplaceShapes
from annotator.editing.edits.vertices import DeleteVertices, InsertVertex, MoveVertices, PlaceVertices, SpliceVertices
from annotator.editing.edits.whole import SetAnnotation

__all__ = [
    "AddHole",
    "AddShape",
    "Compound",
    "DeleteVertices",
    "Edit",
    "InsertVertex",
    "MoveShape",
    "MoveVertices",
    "PlacePolygon",
    "PlaceVertices",
    "RemoveHole",
    "RemoveShape",
    "Reorder",
    "ReplaceShapes",
    "SetAnnotation",
    "SetKind",
    "SetLocked",
    "SetRole",
    "SpliceVertices",
    "combined",
    "reshaped",
]
