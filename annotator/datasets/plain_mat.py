"""MATLAB files of version 5 that hold plain data: cells, structs, texts and numbers, read without trusting a byte.

Written here because the reader of scipy brings the whole process down on some damaged files. Form: MathWorks,
"MAT-File Format", level 5; files of version 7 are the same with compressed variables.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

LARGEST = 256 << 20
"""Bytes that a compressed variable may have."""

DEEPEST = 8
"""Cells in cells; a ground truth has three."""

_HEADER = 128
_INT32, _UINT32, _MATRIX, _COMPRESSED = 5, 6, 14, 15
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_TEXTS = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
_CELL, _STRUCT, _CHAR, _FIRST_NUMBER, _LAST_NUMBER = 1, 2, 4, 6, 15
_COMPLEX = 0x800


def read_variables(data: bytes, names: Container[str]) -> dict[str, Any]:
    """The variables of these names in the content of a `.mat` file; others are passed over unread.

    A cell array is a list, a struct array a list of dicts, a text a str and an array of numbers a flat one, each in
    the order of the file (column by column). Raises ValueError for anything else, with what it is as a fragment.
    """
    order = {b"IM": "<", b"MI": ">"}.get(data[_HEADER - 2 : _HEADER])
    if order is None:
        raise ValueError("no header of a MATLAB file")
    found = {}
    for kind, content in _elements(_Part(memoryview(data)[_HEADER:], order)):
        if kind == _COMPRESSED:
            kind, content = _Part(_inflated(content), order).element()
        if kind == _MATRIX and content:
            array = _begun(_Part(content, order))
            if array.name in names:
                found[array.name] = _value(array, DEEPEST)
    return found


@dataclass(slots=True)
class _Part:
    """A stretch of the file and how far it was read; `order` is the byte order, `<` or `>`."""

    data: memoryview
    order: str
    at: int = 0

    def element(self) -> tuple[int, memoryview]:
        """Kind and content of the next element; raises ValueError where it is cut short."""
        if self.at + 8 > len(self.data):
            raise ValueError("cut short")
        kind, size = np.frombuffer(self.data[self.at : self.at + 8], dtype=f"{self.order}u4").tolist()
        if kind >> 16:  # small: its size stands beside the kind, its content in place of the size
            kind, size, start, end = kind & 0xFFFF, kind >> 16, self.at + 4, self.at + 8
        else:
            start = self.at + 8
            end = start + size + (0 if kind == _COMPRESSED else -size % 8)
        if start + size > len(self.data) or start + size > end:
            raise ValueError("cut short")
        self.at = end
        return kind, self.data[start : start + size]

    def numbers(self, only: int | None = None) -> Any:
        """The next element as a flat array of numbers, of the kind `only` where one is told."""
        kind, content = self.element()
        if kind not in _NUMBERS or only not in (None, kind):
            raise ValueError("no numbers where they belong")
        dtype = np.dtype(self.order + _NUMBERS[kind])
        if len(content) % dtype.itemsize:
            raise ValueError("numbers that are cut short")
        return np.frombuffer(content, dtype=dtype)


@dataclass(frozen=True, slots=True)
class _Array:
    """An array whose head was read; `rest` holds its values."""

    kind: int
    name: str
    shape: tuple[int, ...]
    rest: _Part

    @property
    def count(self) -> int:
        return math.prod(self.shape)


def _elements(part: _Part) -> Iterator[tuple[int, memoryview]]:
    while part.at < len(part.data):
        yield part.element()


def _inflated(content: memoryview) -> memoryview:
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(content, LARGEST)
    except zlib.error as error:
        raise ValueError("a compressed variable that is damaged") from error
    if not stream.eof:
        raise ValueError("a compressed variable that is cut short or far too large")
    return memoryview(data)


def _begun(part: _Part) -> _Array:
    flags, shape = part.numbers(_UINT32), part.numbers(_INT32)
    _, name = part.element()
    if len(flags) != 2 or len(shape) < 2 or shape.min() < 0 or int(flags[0]) & _COMPLEX:
        raise ValueError("an array of an impossible shape or of complex numbers")
    return _Array(int(flags[0]) & 0xFF, bytes(name).decode("latin-1"), tuple(map(int, shape)), part)


def _value(array: _Array, depth: int) -> Any:
    if depth == 0:
        raise ValueError("cells in cells in cells")
    if array.kind == _CELL:
        return [_next_value(array.rest, depth) for _ in range(_believable(array.count, array.rest))]
    if array.kind == _STRUCT:
        return _structs(array, depth)
    if array.kind == _CHAR:
        return _text(array)
    if _FIRST_NUMBER <= array.kind <= _LAST_NUMBER:
        numbers = array.rest.numbers()
        if len(numbers) != array.count:
            raise ValueError("numbers that do not fill their array")
        return numbers
    raise ValueError("an array that is neither of cells, structs, texts nor numbers")


def _next_value(part: _Part, depth: int) -> Any:
    kind, content = part.element()
    if kind != _MATRIX:
        raise ValueError("no array where one belongs")
    return _value(_begun(_Part(content, part.order)), depth - 1) if content else np.empty(0)


def _structs(array: _Array, depth: int) -> list[dict[str, Any]]:
    (width,) = array.rest.numbers(_INT32).tolist()
    _, joined = array.rest.element()
    if not 0 < width <= 64 or len(joined) % width:
        raise ValueError("fields without names")
    fields = [
        bytes(joined[start : start + width]).partition(b"\0")[0].decode("latin-1")
        for start in range(0, len(joined), width)
    ]
    count = _believable(array.count * len(fields), array.rest) // max(1, len(fields))
    return [{field: _next_value(array.rest, depth) for field in fields} for _ in range(count)]


def _text(array: _Array) -> str:
    kind, content = array.rest.element()
    if kind not in _TEXTS or array.count > max(array.shape):
        raise ValueError("a text of several rows")
    little = array.rest.order == "<"
    form = _TEXTS[kind] + (("-le" if little else "-be") if kind in (4, 17, 18) else "")
    return bytes(content).decode(form)


def _believable(count: int, rest: _Part) -> int:
    """The number of arrays that follow, which cannot be more than the bytes have room for."""
    if 8 * count > len(rest.data) - rest.at:
        raise ValueError("more values than there are bytes")
    return count
