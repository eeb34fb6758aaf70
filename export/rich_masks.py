"""The exact masks as COCO RLE (FORMAT A3): `masks.json` of the pairs, `queries.json` of the query masks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.domain.dataset import QueryGroup
from export.mask_record import MaskRecord


@dataclass(frozen=True, slots=True)
class Entry:
    """One mask for the file: `image_id` is the position in `imlist`, or the query's number in `queries.json`."""

    image_id: int
    file_name: str
    group: int
    record: MaskRecord


def rich_masks(dataset: str, groups: Sequence[QueryGroup], entries: Iterable[Entry]) -> dict[str, Any]:
    """The document: images once each by id, annotations numbered from 1 in the order given, one category per group."""
    images: dict[int, dict[str, Any]] = {}
    annotations = []
    for number, entry in enumerate(entries, start=1):
        width, height = entry.record.size
        images[entry.image_id] = {
            "id": entry.image_id,
            "file_name": entry.file_name,
            "width": width,
            "height": height,
        }
        annotations.append(annotation_data(number, entry.image_id, entry.group, entry.record))
    categories = [{"id": group.number, "name": f"{dataset}/{group.name}"} for group in groups]
    return {
        "images": [images[number] for number in sorted(images)],
        "annotations": annotations,
        "categories": categories,
    }


def annotation_data(number: int, image_id: int, category: int, record: MaskRecord) -> dict[str, Any]:
    """One COCO annotation; `size` of an RLE is [height, width]."""
    width, height = record.size
    return {
        "id": number,
        "image_id": image_id,
        "category_id": category,
        "iscrowd": 0,
        "segmentation": {"size": [height, width], "counts": record.counts},
        "area": record.area,
        "bbox": list(record.bbox),
        "components": record.components,
        "holes": record.holes,
    }
