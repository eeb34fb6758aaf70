"""EXIF orientation: how an image is turned before anybody sees it.

The tag is read here from the raw EXIF block, since a broken block must neither warn nor stop an image from being used.
Values are those of EXIF 2.3, tag 0x0112.
"""

from __future__ import annotations

import struct

from PIL import Image

_TAG = 0x0112
_SHORT = 3

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The image turned as its orientation (1 to 8) asks."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def swaps_sides(orientation: int) -> bool:
    """True where width and height change places."""
    return orientation >= 5


def orientation_of(exif: object) -> int:
    """The orientation, 1 to 8, in a raw EXIF block (with or without its `Exif` mark); 1 where there is none."""
    if not isinstance(exif, bytes):
        return 1
    block = exif.removeprefix(b"Exif\x00\x00")
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        return _tag_value(block, order)
    except struct.error:
        return 1


def _tag_value(block: bytes, order: str) -> int:
    (start,) = struct.unpack_from(f"{order}I", block, 4)
    (entries,) = struct.unpack_from(f"{order}H", block, start)
    for entry in range(entries):
        tag, kind, _count, value = struct.unpack_from(f"{order}HHIH", block, start + 2 + 12 * entry)
        if tag == _TAG:
            return int(value) if kind == _SHORT and 1 <= value <= 8 else 1
    return 1
