"""One file of a release: its bytes against the manifest and, for a label, its rings against the exact mask."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from annotator.domain import rle
from annotator.domain.errors import AnnotatorError, BadFileError, GeometryError
from annotator.domain.raster import Mask
from annotator.domain.tracing import IntPoints
from export.flags import LOST, scores_itself
from export.json_text import read_json
from export.keyhole import refill
from export.pair_work import encoded
from export.verification.files import Listed, file_hash, read_limited, require_plain
from export.verification.finding import Finding

LARGEST_LABEL = 1 << 26
"""Bytes; two million vertices take less."""


@dataclass(frozen=True, slots=True)
class ExpectedMask:
    """What `masks.json` says of a label's mask; `annotation` is its JSON object, sizes are (width, height)."""

    source: str
    file_name: str
    size: tuple[int, int]
    annotation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileJob:
    """A file to check; `flags` are those of the provenance, which may excuse what the evaluator loses."""

    root: Path
    path: str
    listed: Listed | None
    mask: ExpectedMask | None = None
    flags: tuple[str, ...] = ()


def file_findings(job: FileJob) -> list[Finding]:
    """Everything that is wrong with one file; never raises for what it contains."""
    path = job.root / job.path
    try:
        if job.mask is None:
            return list(_hash_findings(job, require_plain(path), file_hash(path)))
        content = read_limited(path, LARGEST_LABEL)
    except AnnotatorError as error:
        return [Finding("files", job.path, error.problem if isinstance(error, BadFileError) else str(error))]
    found = list(_hash_findings(job, len(content), hashlib.sha256(content).hexdigest()))
    return found + [Finding("labels", job.path, problem) for problem in label_problems(content, job.mask, job.flags)]


def _hash_findings(job: FileJob, size: int, sha256: str) -> Iterator[Finding]:
    if job.listed is None:
        return
    if size != job.listed.size:
        yield Finding("files", job.path, f"it has {size} bytes; the manifest says {job.listed.size}")
    elif sha256 != job.listed.sha256:
        yield Finding("files", job.path, "its content was altered: the SHA-256 is not the manifest's")


def label_problems(content: bytes, expected: ExpectedMask, flags: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with a label (FORMAT A2 and A5, numbers 2, 3 and 5), as sentences without full stop."""
    try:
        data = read_json(content, "label")
    except BadFileError as error:
        return [error.problem]
    if not isinstance(data, dict):
        return ["it is no label"]
    problems = []
    width, height = expected.size
    if (data.get("imageWidth"), data.get("imageHeight")) != (width, height):
        problems.append(f"its image size is not the {width} × {height} of {expected.source}")
    if data.get("imagePath") != expected.file_name:
        problems.append(f"it names the image {str(data.get('imagePath'))[:100]!r}; it should be {expected.file_name!r}")
    rings = _rings(data.get("shapes"), (width, height))
    if isinstance(rings, str):
        return [*problems, rings]
    return problems + _mask_problems(rings, expected) + _official_problems(rings, flags)


def _rings(shapes: object, size: tuple[int, int]) -> list[IntPoints] | str:
    """The rings of a label's shapes, or what is wrong with them."""
    if not isinstance(shapes, list) or not shapes:
        return "it has no shape, for which the evaluator would reuse the IoU of another pair"
    rings = []
    for number, shape in enumerate(shapes, start=1):
        if not isinstance(shape, dict) or shape.get("shape_type") != "polygon":
            return f"shape {number} is no polygon"
        ring = _ring(shape.get("points"))
        if ring is None:
            return f"the points of shape {number} are not a list of whole [x, y]"
        if (ring < 0).any() or (ring >= size).any():
            return f"shape {number} has a point outside the image of {size[0]} × {size[1]} pixels"
        rings.append(ring.astype(np.int32))
    return rings


def _ring(points: object) -> Any:
    if not isinstance(points, list) or not points:
        return None
    try:
        array = np.array(points)
    except (ValueError, OverflowError):
        return None
    return array if array.dtype.kind == "i" and array.ndim == 2 and array.shape[1] == 2 else None


def _mask_problems(rings: list[IntPoints], expected: ExpectedMask) -> list[str]:
    mask = refill(rings, expected.size)
    annotation = expected.annotation
    problems = []
    segmentation = annotation["segmentation"]
    width, height = expected.size
    if segmentation.get("counts") != encoded(mask) or segmentation.get("size") != [height, width]:
        difference = _difference(mask, annotation)
        if difference:
            return [difference.replace("SOURCE", expected.source)]
    x, y, w, h = cv2.boundingRect(mask.view(np.uint8))
    found = {"area": int(np.count_nonzero(mask)), "bbox": [x, y, w, h], **_counted(mask[y : y + h, x : x + w])}
    for key, value in found.items():
        if annotation.get(key) != value:
            problems.append(f"{expected.source} says {key} {str(annotation.get(key))[:60]} of its mask; it has {value}")
    if len(rings) != found["components"]:
        problems.append(f"it has {len(rings)} shapes for a mask of {found['components']} components")
    elif len(rings) > 1 and not _descending(rings):
        problems.append("its shapes are not ordered, the largest first")
    return problems


def _difference(mask: Mask, annotation: dict[str, Any]) -> str:
    """What differs between a refilled label and the RLE; empty when only the RLE's spelling is another."""
    if annotation["segmentation"].get("size") != list(mask.shape):  # before memory is taken for it
        return "the size of its mask in SOURCE is not the image's"
    try:
        exact = rle.decode(annotation["segmentation"])
    except (GeometryError, KeyError, TypeError) as error:
        return f"SOURCE has no exact mask for it: {error}"
    pixels = int(np.count_nonzero(exact != mask))
    return f"refilled, its rings differ from SOURCE in {pixels} pixels" if pixels else ""


def _counted(mask: Mask) -> dict[str, int]:
    """8-connected components and holes."""
    part = np.ascontiguousarray(mask).view(np.uint8)
    _, hierarchy = cv2.findContours(part, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    parents = hierarchy[0][:, 3] if hierarchy is not None else np.zeros(0)
    return {"components": int((parents < 0).sum()), "holes": int((parents >= 0).sum())}


def _descending(rings: list[IntPoints]) -> bool:
    areas = []
    for ring in rings:
        corner = ring.min(axis=0)
        width, height = (ring.max(axis=0) - corner + 1).tolist()
        areas.append(int(np.count_nonzero(refill([ring - corner], (width, height)))))
    return areas == sorted(areas, reverse=True)


def _official_problems(rings: list[IntPoints], flags: tuple[str, ...]) -> list[str]:
    """The official evaluator on a single-component label as its own prediction gives 1.0, unless flagged as lost."""
    if len(rings) == 1 and LOST not in flags and not scores_itself(rings[0]):
        return ["the published evaluator does not give it 1.0 for itself"]
    return []
