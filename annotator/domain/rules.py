"""The occlusion and quality rules of a project, as data (`rules.toml`)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

import cv2

from annotator.domain.errors import BadFileError
from annotator.domain.raster import Mask


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds of a project.

    An occlusion whose area is below `share` of the object's and whose thickness is below `thickness` times the object's
    size (square root of its area) is kept inside the mask; a larger one is cut out.
    """

    share: float = 0.005
    thickness: float = 0.035
    agreement: float = 0.85
    boundary_tolerance: float = 3.0
    hausdorff_percentile: float = 95.0
    minimum_hole_area: float = 25.0
    minimum_polygon_area: float = 16.0
    minimum_seconds: float = 4.0
    lease_minutes: float = 30.0
    idle_seconds: float = 60.0
    blind_share: float = 0.05
    reasons: tuple[str, ...] = ("other",)


_SECTIONS = {"occlusion", "quality", "work", "return"}
_LARGEST = 1e6
_LIMITS = {
    "share": (0.0, 1.0),
    "thickness": (0.0, 10.0),
    "agreement": (0.0, 1.0),
    "hausdorff_percentile": (0.0, 100.0),
    "blind_share": (0.0, 1.0),
    "lease_minutes": (1.0, 10_080.0),
}
"""Smallest and largest value; a lease of more than a week is a mistake that keeps a pair from everybody."""


def rules_from(sections: Mapping[str, object], source: str) -> Rules:
    """Rules from the parsed TOML of `source`, which errors name.

    Every key may be missing (the default counts). Raises BadFileError for unknown sections and keys and for values
    that are no number or outside their range.
    """
    values: dict[str, object] = {}
    for section, content in sections.items():
        if section not in _SECTIONS or not isinstance(content, Mapping):
            raise BadFileError(source, f"'{section}' is no section of the rules", f"use {', '.join(sorted(_SECTIONS))}")
        values.update(content)
    known = {field.name for field in fields(Rules)}
    for key, value in values.items():
        if key not in known:
            raise BadFileError(source, f"'{key}' is no rule", f"the rules are {', '.join(sorted(known))}")
        values[key] = _reasons(value, source) if key == "reasons" else _number(key, value, source)
    return Rules(**values)  # type: ignore[arg-type]  # each value was checked against its key just above


def _number(key: str, value: object, source: str) -> float:
    low, high = _LIMITS.get(key, (0.0, _LARGEST))
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BadFileError(source, f"the rule '{key}' is {value!r}", f"write a number from {low:g} to {high:g}")
    return float(value)


def _reasons(value: object, source: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        raise BadFileError(source, "'reasons' is not a list of words", "list the reasons to return a pair as texts")
    return tuple(value)


@dataclass(frozen=True, slots=True)
class OcclusionSize:
    """How large an occlusion is beside the object: what the limit box in the window shows.

    `share` is a fraction of the object's area, `thickness` and `thickness_limit` are pixels; `kept` is the rules' side.
    """

    share: float
    share_limit: float
    thickness: float
    thickness_limit: float

    @property
    def kept(self) -> bool:
        """True when it stays inside the mask: below both limits."""
        return self.share < self.share_limit and self.thickness < self.thickness_limit


def occlusion_size(occlusion: Mask, object_area: int, rules: Rules) -> OcclusionSize:
    """Measure an occlusion's mask (any window of the image, `bool (height, width)`) against the rules.

    `object_area` is the number of pixels of the object with its occlusions. Thickness is twice the largest distance
    of an inner pixel to the outside, the diameter of the largest disc that fits.
    """
    if object_area < 1:
        return OcclusionSize(1.0, rules.share, math.inf, 0.0)
    padded = cv2.copyMakeBorder(occlusion.astype("uint8"), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    radius = float(cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).max())
    thickness = max(0.0, 2 * radius - 1)
    limit = rules.thickness * math.sqrt(object_area)
    return OcclusionSize(float(occlusion.sum()) / object_area, rules.share, thickness, limit)
