"""A label file of the benchmark: the rings of its shapes, as raw as the official evaluator takes them (FORMAT A2)."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass

from annotator.domain.errors import BadFileError, EnvironmentFault
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

    path: str
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


def read_label(path: str) -> LabelFile:
    """Read a label; raises BadFileError for anything that is no JSON document with shapes that have points."""
    data = _read(path)
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


def _read(path: str) -> bytes:
    """The file's bytes with as few calls as possible, since thousands of labels are read; never waits for a pipe."""
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise BadFileError(path, "there is no such file", REMEDY) from error
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be read ({error.strerror or error}); check its rights.") from error
    with os.fdopen(number, "rb", buffering=0) as stream:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_FILE:
            raise BadFileError(path, f"is no ordinary file of at most {LARGEST_FILE >> 20} MB", REMEDY)
        return stream.read()
