"""Label files: LabelMe 5 documents in the form of FORMAT A2, whose rings the published evaluator fills."""

from __future__ import annotations

import json
from collections.abc import Iterable

from annotator.domain.geometry import Size
from annotator.domain.tracing import IntPoints

LABELME_VERSION = "5.0.1"


def label_bytes(rings: Iterable[IntPoints], file_name: str, size: Size) -> bytes:
    """The document of one image of `size` (width, height): one polygon of whole pixels per ring, in the order given."""
    shapes = ",".join(_shape(ring) for ring in rings)
    width, height = size
    head = f'{{"version":"{LABELME_VERSION}","flags":{{}},"imagePath":{json.dumps(file_name, ensure_ascii=False)}'
    text = f'{head},"imageData":null,"imageHeight":{height},"imageWidth":{width},"shapes":[{shapes}]}}\n'
    return text.encode("utf-8")


def _shape(ring: IntPoints) -> str:
    points = json.dumps(ring.tolist(), separators=(",", ":"))
    return f'{{"label":"object","group_id":null,"shape_type":"polygon","flags":{{}},"points":{points}}}'
