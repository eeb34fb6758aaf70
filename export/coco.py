"""Query and index masks of a dataset as one COCO file, which `pycocotools` and most training code read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotator.domain.dataset import QueryGroup
from export.mask_record import MaskRecord
from export.rich_masks import annotation_data


def coco_data(
    info: dict[str, str],
    licence: dict[str, str],
    groups: Sequence[QueryGroup],
    masks: Sequence[tuple[str, str, int, MaskRecord]],
) -> dict[str, Any]:
    """The document; `masks` are (role, file name, group, record), role being `query` or the difficulty of a pair.

    Images are numbered from 1 by file name; categories are the groups, numbered from 1 as COCO does (group + 1).
    """
    sizes = {name: record.size for _, name, _, record in masks}
    ids = {name: number for number, name in enumerate(sorted(sizes), start=1)}
    images = [
        {"id": ids[name], "file_name": name, "width": sizes[name][0], "height": sizes[name][1], "license": 1}
        for name in sorted(sizes)
    ]
    annotations = []
    for number, (role, name, group, record) in enumerate(masks, start=1):
        annotations.append(annotation_data(number, ids[name], group + 1, record) | {"role": role})
    categories = [{"id": group.number + 1, "name": group.name, "supercategory": "query object"} for group in groups]
    return {
        "info": info,
        "licenses": [{"id": 1, **licence}],
        "images": images,
        "annotations": annotations,
        "categories": categories,
    }
