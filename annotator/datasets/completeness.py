"""Whether an image file was cut short, judged from its end without decoding it."""

from __future__ import annotations

from typing import BinaryIO

_TAIL = 65_536
_JPEG_END = b"\xff\xd9"
_PNG_END = b"IEND\xaeB`\x82"


def ends_early(stream: BinaryIO, size: int, form: str) -> bool | None:
    """True when the file of `size` bytes lacks the mark that ends its form, False when it ends in it.

    None where the end does not tell: the form has no such mark, or other bytes follow it, as some cameras leave them.
    """
    mark = {"JPEG": _JPEG_END, "MPO": _JPEG_END, "PNG": _PNG_END}.get(form)
    if mark is None:
        return None
    stream.seek(max(0, size - len(mark)))
    if stream.read(len(mark)) == mark:
        return False
    stream.seek(max(0, size - _TAIL))
    return None if mark in stream.read(_TAIL) else True
