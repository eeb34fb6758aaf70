"""Annotations as plain data and back: what the project database, the journal and the clipboard hold.

The form is JSON-ready and canonical: the same annotation always gives the same text, so that it can be hashed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Polygon, polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape

DECIMALS = 3
"""Vertices are kept to a thousandth of a pixel."""


def annotation_text(annotation: Annotation) -> str:
    """Canonical JSON of an annotation."""
    return json.dumps(annotation_data(annotation), separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def annotation_data(annotation: Annotation) -> dict[str, Any]:
    """An annotation as dicts and lists."""
    return {"size": list(annotation.size), "shapes": [shape_data(shape) for shape in annotation.shapes]}


def shape_data(shape: Shape) -> dict[str, Any]:
    """A shape as dicts and lists; rings are lists of [x, y], the outer one first."""
    return {
        "id": shape.id,
        "role": shape.role.value,
        "kind": shape.kind.value if shape.kind else None,
        "locked": shape.locked,
        "rings": [ring.points.round(DECIMALS).tolist() for ring in shape.polygon.rings],
    }


def annotation_from_text(text: str) -> Annotation:
    """Read `annotation_text`; raises GeometryError when it is something else."""
    try:
        return annotation_from(json.loads(text))
    except ValueError as error:
        raise GeometryError("this is no stored annotation") from error


def annotation_from(data: object) -> Annotation:
    """Read `annotation_data`; raises GeometryError when it is something else."""
    try:
        if not isinstance(data, Mapping):
            raise TypeError
        width, height = data["size"]
        return Annotation((int(width), int(height)), tuple(shape_from(shape) for shape in data["shapes"]))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise GeometryError("this is no stored annotation") from error


def shape_from(data: Mapping[str, Any]) -> Shape:
    """Read `shape_data`; raises KeyError, TypeError, ValueError, AttributeError or GeometryError for anything else."""
    kind = data.get("kind")
    return Shape(
        id=str(data["id"]),
        role=Role(data["role"]),
        polygon=_polygon(data["rings"]),
        kind=OccluderKind(kind) if kind is not None else None,
        locked=bool(data.get("locked", False)),
    )


def _polygon(rings: list[list[list[float]]]) -> Polygon:
    if not rings:
        raise GeometryError("a polygon without rings")
    return polygon(rings[0], *rings[1:])
