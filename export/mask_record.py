"""What is known of a mask that was written: all that the documents of a release are made from."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.geometry import Size

BoxWh = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class MaskRecord:
    """A mask and its figures.

    `size` is (width, height); `counts` COCO's compressed runs; `occlusion` the share of the object's pixels that each
    kind of occluder cuts out; `iou` the IoU of each revision with the final mask; `picture` a tiny silhouette; `errors`
    what the checks say about the polygons.
    """

    size: Size
    counts: str
    area: int
    bbox: BoxWh
    components: int
    holes: int
    label_sha256: str
    flags: tuple[str, ...]
    occlusion: dict[str, float]
    iou: dict[int, float]
    picture: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A mask's record with the files that hold it: path in the release, size in bytes, SHA-256."""

    record: MaskRecord
    files: tuple[tuple[str, int, str], ...]
