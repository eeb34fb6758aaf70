"""A label file of the benchmark: the rings of its shapes, as raw as the official evaluator takes them (FORMAT A2)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from annotator.datasets.file_bytes import read_bytes
from annotator.domain.errors import BadFileError
from annotator.domain.geometry import Size

LARGEST_FILE = 32 << 20
"""Bytes: a label with an embedded photograph is smaller."""

MOST_LISTS = 400_000
"""Brackets in a label file: more points than that outline nothing that a person could see."""

LARGEST_SIDE = 65_535
"""Pixels of a JPEG's side at most."""

REMEDY = "take the label of the release or write it again"


@dataclass(frozen=True, slots=True)
class LabelFile:
    """`rings` is the points member of every shape, unchecked; `size` is what the file says, unchecked."""

    path: Path
    rings: list[object]
    width: object
    height: object

    def size(self) -> Size:
        """Width and height of the image; raises BadFileError when the file does not say them sensibly."""
        width, height = self.width, self.height
        if type(width) is not int or type(height) is not int:
            raise BadFileError(self.path, "says no imageWidth and imageHeight in whole pixels", REMEDY)
        if not 0 < width <= LARGEST_SIDE or not 0 < height <= LARGEST_SIDE:
            raise BadFileError(self.path, f"says an image of {width} × {height} pixels", REMEDY)
        return width, height


def read_label(path: Path) -> LabelFile:
    """Read a label; raises BadFileError for anything that is no JSON document with shapes that have points."""
    data = read_bytes(path, LARGEST_FILE)
    if data.count(b"[") > MOST_LISTS:
        raise BadFileError(path, f"holds more than {MOST_LISTS} points", REMEDY)
    if data.count(b'"shapes"') > 1:
        raise BadFileError(path, "names its shapes twice", REMEDY)
    try:
        document = json.loads(data)
        rings = [shape["points"] for shape in document["shapes"]]
        return LabelFile(path, rings, document.get("imageWidth"), document.get("imageHeight"))
    except (ValueError, RecursionError) as error:
        raise BadFileError(path, "is no JSON, or is cut off", REMEDY) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise BadFileError(path, "has no list of shapes with points", REMEDY) from error
