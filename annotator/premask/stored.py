"""Proposals as plain data and back, for the cache of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from annotator.domain.errors import GeometryError
from annotator.domain.geometry import Polygon, polygon
from annotator.premask.protocol import Proposal
from annotator.premask.warp import Geometry

VERSION = 1


def proposal_data(proposal: Proposal) -> dict[str, Any]:
    """A proposal as dicts, lists, numbers and texts; the soft evidence is not kept."""
    return {
        "version": VERSION,
        "polygons": [_rings(one) for one in proposal.polygons],
        "confidence": round(proposal.confidence, 6),
        "proposer": proposal.proposer,
        "reference": proposal.reference,
        "through": proposal.through,
        "geometry": _geometry_data(proposal.geometry),
        "seconds": round(proposal.seconds, 4),
        "refused": proposal.refused,
        "alternatives": [proposal_data(one) for one in proposal.alternatives],
    }


def proposal_from(data: object) -> Proposal | None:
    """Read `proposal_data`; None for anything else, such as a file of another version or a torn one."""
    try:
        return _proposal(data)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError, GeometryError):
        return None


def _proposal(data: Any) -> Proposal:
    if not isinstance(data, Mapping) or data["version"] != VERSION:
        raise ValueError
    refused = data["refused"]
    return Proposal(
        polygons=tuple(polygon(rings[0], *rings[1:]) for rings in data["polygons"]),
        confidence=float(data["confidence"]),
        proposer=str(data["proposer"]),
        reference=str(data["reference"]),
        through=str(data["through"]),
        geometry=_geometry(data["geometry"]),
        seconds=float(data["seconds"]),
        refused=None if refused is None else str(refused),
        alternatives=tuple(_proposal(one) for one in data["alternatives"]),
    )


def _rings(one: Polygon) -> list[list[list[float]]]:
    return [ring.points.round(3).tolist() for ring in one.rings]


def _geometry_data(geometry: Geometry | None) -> dict[str, Any] | None:
    if geometry is None:
        return None
    return {
        "homography": geometry.homography.tolist(),
        "box": [float(value) for value in geometry.box],
        "corrections": geometry.corrections.round(3).tolist(),
    }


def _geometry(data: Any) -> Geometry | None:
    if data is None:
        return None
    x1, y1, x2, y2 = (float(value) for value in data["box"])
    homography = np.array(data["homography"], dtype=np.float64).reshape(3, 3)
    corrections = np.array(data["corrections"], dtype=np.float64)
    if corrections.ndim != 3 or corrections.shape[2] != 2 or min(corrections.shape[:2]) < 2:
        raise ValueError
    return Geometry(homography, (x1, y1, x2, y2), corrections)
