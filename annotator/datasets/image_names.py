"""Names of images: what may stand in a ground truth, and the name of the image that a label file points to."""

from __future__ import annotations

import re

LONGEST = 200
_SEPARATORS = re.compile(r"[/\\:]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")  # and halves of signs, which no file system or database holds
_EXTENSION = re.compile(r"\.(?:jpe?g|png|bmp|tiff?|webp|json)$", re.IGNORECASE)


def name_problem(name: object) -> str | None:
    """What is wrong with an image name without extension, as a fragment for "which …"; None for a good one."""
    if not isinstance(name, str) or not name.strip():
        return "is no text"
    if len(name) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if _CONTROL.search(name):
        return "holds a control character"
    if name.strip(". ") == "" or ".." in name or _SEPARATORS.search(name):
        return "leaves the image folder"
    return None


def image_name(path: str) -> str:
    """The name without folders and extension of an image path of any system, `..\\a\\b.JPG` giving `b`."""
    base = re.split(r"[/\\]", path)[-1]
    return _EXTENSION.sub("", base)
