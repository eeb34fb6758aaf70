"""The work of a release on one mask: rasterise, trace, prove, encode, write the label. Pure but for its files.

Runs in worker processes, so everything that goes in and out can be pickled, and records can be kept as JSON, with which
a release that was killed goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain import rle
from annotator.domain.raster import Mask, mask_of
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation
from export.flags import drawn_flags, history_flags, mask_flags
from export.keyhole import exact_rings
from export.labels import label_bytes
from export.layout import png_path, query_path, query_png_path
from export.mask_record import MaskRecord, Written
from export.material import FinishedPair, FinishedQuery, ImageFile
from export.silhouette import silhouette
from export.visibility import occlusion, visible_mask
from qa.checks import broken_polygon
from qa.checks.finding import Given


@dataclass(frozen=True, slots=True)
class PairJob:
    """A pair with the annotations of its revisions; its label (and with `png` its picture) goes below `root`."""

    pair: FinishedPair
    annotations: Mapping[int, Annotation]
    rules: Rules
    root: Path
    png: bool = False


@dataclass(frozen=True, slots=True)
class QueryJob:
    """A query mask; its label (and with `png` its picture) goes below `root`."""

    query: FinishedQuery
    rules: Rules
    root: Path
    png: bool = False


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a mask goes: the paths of its label and, where asked for, its picture."""

    root: Path
    image: ImageFile
    label: str
    picture: str | None


def write_mask(job: PairJob | QueryJob) -> Written:
    """Do one job; raises KeyholeError when a mask cannot be written exactly, OSError when a file cannot be written."""
    return _write_pair(job) if isinstance(job, PairJob) else _write_query(job)


def _write_pair(job: PairJob) -> Written:
    pair = job.pair
    final = job.annotations[pair.final]
    mask, visible = visible_mask(final)
    iou = {pair.final: 1.0}
    for revision, drawn in job.annotations.items():
        if revision != pair.final:
            iou[revision] = _iou(mask, mask_of(drawn))
    picture = png_path(pair.dataset, pair.group, pair.image.name) if job.png else None
    target = _Target(job.root, pair.image, pair.label, picture)
    return _write(target, mask, visible, final, job.rules, history_flags(pair), iou)


def _write_query(job: QueryJob) -> Written:
    query = job.query
    mask, visible = visible_mask(query.annotation)
    picture = query_png_path(query.dataset, query.number) if job.png else None
    target = _Target(job.root, query.image, query_path(query.dataset, query.number), picture)
    return _write(target, mask, visible, query.annotation, job.rules, [], {})


def _write(
    target: _Target,
    mask: Mask,
    visible: bool,
    annotation: Annotation,
    rules: Rules,
    flags: list[str],
    iou: dict[int, float],
) -> Written:
    keyholes = exact_rings(mask)
    content = label_bytes(keyholes.rings, target.image.file_name, annotation.size)
    files = [_write_file(target.root, target.label, content)]
    if target.picture is not None:
        files.append(_write_file(target.root, target.picture, _png(mask)))
    x, y, w, h = cv2.boundingRect(mask.view(np.uint8))
    record = MaskRecord(
        size=annotation.size,
        counts=encoded(mask),
        area=int(np.count_nonzero(mask)),
        bbox=(x, y, w, h),
        components=len(keyholes.rings),
        holes=keyholes.holes,
        label_sha256=files[0][2],
        flags=(*drawn_flags(target.image, annotation), *flags, *mask_flags(keyholes, visible)),
        occlusion=occlusion(annotation),
        iou=iou,
        picture=silhouette(mask),
        errors=tuple(_errors(target.image, annotation, rules)),
    )
    return Written(record, tuple(files))


def _errors(image: ImageFile, annotation: Annotation, rules: Rules) -> Iterator[str]:
    for finding in broken_polygon.CHECK.find(Given(annotation, rules)):
        yield finding.sentence
    if image.size is not None and image.size != annotation.size:
        (width, height), (now_width, now_height) = annotation.size, image.size
        yield f"the mask is for {width} × {height} pixels, and the photograph has {now_width} × {now_height} by now"


def encoded(mask: Mask) -> str:
    """COCO's compressed runs; the transposition is cv2's, which is several times faster than numpy's."""
    columns = cv2.transpose(np.ascontiguousarray(mask).view(np.uint8)).view(np.bool_)
    counts = rle.encode(columns.T)["counts"]
    return counts if isinstance(counts, str) else ""


def _iou(first: Mask, second: Mask) -> float:
    """0 where the sizes differ: an image was replaced between two passes."""
    if first.shape != second.shape:
        return 0.0
    union = int(np.count_nonzero(first | second))
    return round(int(np.count_nonzero(first & second)) / union, 6) if union else 1.0


def _write_file(root: Path, name: str, content: bytes) -> tuple[str, int, str]:
    (root / name).write_bytes(content)
    return name, len(content), hashlib.sha256(content).hexdigest()


def _png(mask: Mask) -> bytes:
    pixels: NDArray[np.uint8] = mask.view(np.uint8) * np.uint8(255)
    return bytes(cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_BILEVEL, 1])[1])
