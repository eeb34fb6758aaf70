"""numpy arrays and scalars of numbers inside a pickle, rebuilt from their description by this module alone.

A pickle describes an array by names of numpy's functions and a state. Here the names are words that are compared, and
the array is a view of the bytes once its shape, type and length agree; numpy's own reconstructors, which trust their
input, are never called. The forms are those of numpy 1.x (`numpy.core`) and 2.x (`numpy._core`), protocols 0 to 5.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


class NotPlainError(Exception):
    """Says in a fragment why the data are not plain."""


@dataclass(frozen=True, slots=True)
class Function:
    """A name of numpy's, `module` and `name`: a word, not the function."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class Kind:
    """The type of an array's numbers."""

    dtype: np.dtype[Any]


@dataclass(slots=True, eq=False)
class Begun:
    """An array whose state has not been read yet; `content` is the array afterwards."""

    content: object = None

    def result(self) -> object:
        """The finished array; raises NotPlainError for one without its numbers."""
        if self.content is None:
            raise NotPlainError("an array without its numbers")
        return self.content


_RECONSTRUCTORS = {"multiarray._reconstruct", "multiarray.scalar", "numeric._frombuffer"}
_OTHERS = {"numpy.ndarray", "numpy.dtype", "_codecs.encode", "builtins.bytes", "__builtin__.bytes"}
_NUMPY_CORE = re.compile(r"numpy\.(?:_core|core)\.")
_NUMBERS = re.compile(r"[iu][1248]|f[248]|b1|\?")
_OBJECTS = re.compile(r"O[48]?")
_LONGEST_SIDE = 1 << 31


def named(module: str, name: str) -> Function:
    """The function of this name; raises NotPlainError for all but the reconstructors of numbers."""
    full = f"{module}.{name}"
    core = _NUMPY_CORE.match(full)
    if full in _OTHERS or (core and full[core.end() :] in _RECONSTRUCTORS):
        return Function(module, name)
    raise NotPlainError(f"the name {full[:80]!r}")


def called(function: object, arguments: object) -> object:
    """What a call of `function` stands for: an array or type to be finished, a number, or bytes."""
    if not isinstance(function, Function) or not isinstance(arguments, tuple):
        raise NotPlainError("a call")
    match function.name, arguments:
        case "_reconstruct", (Function(name="ndarray"), _, _):
            return Begun()
        case "dtype", (str(code), *_):
            return Kind(_dtype(code))
        case "scalar", (Kind(dtype=dtype), data):
            return _numbers(data, dtype, (), "C")[()]
        case "_frombuffer", (data, Kind(dtype=dtype), tuple(shape), str(order)):
            return _numbers(data, dtype, shape, order)
        case "encode", (str(text), "latin1" | "latin-1"):
            return text.encode("latin-1")
        case "bytes", ():
            return b""
    raise NotPlainError(f"a call of {function}")


def finish(begun: object, state: object, *, wrapped: bool) -> None:
    """Give an array or type its state, in place; with `wrapped`, a 0-d object array gives the object in it."""
    match begun, state:
        case Kind(dtype=dtype), (int(), str(order), None, None, None, *_):
            begun.dtype = _ordered(dtype, order)
        case Begun(content=None), (int(), tuple(shape), Kind(dtype=dtype), bool() | int() as fortran, content):
            if dtype.hasobject:
                begun.content = _wrapped(content, shape, wrapped)
            else:
                begun.content = _numbers(content, dtype, shape, "F" if fortran else "C")
        case _:
            raise NotPlainError("an object with a state of its own")


def _wrapped(content: object, shape: tuple[Any, ...], wrapped: bool) -> object:
    if not wrapped or shape != () or not isinstance(content, list) or len(content) != 1:
        raise NotPlainError("an array of objects")
    return content[0]


def _dtype(code: str) -> np.dtype[Any]:
    if _OBJECTS.fullmatch(code):
        return np.dtype(object)
    if not _NUMBERS.fullmatch(code):
        raise NotPlainError(f"an array of the type {code[:20]!r}")
    return np.dtype(code)


def _ordered(dtype: np.dtype[Any], order: str) -> np.dtype[Any]:
    if order not in ("<", ">", "|", "="):
        raise NotPlainError("an array of an unknown byte order")
    return dtype if order == "|" else dtype.newbyteorder(">" if order == ">" else "<")


def _numbers(data: object, dtype: np.dtype[Any], shape: tuple[Any, ...], order: str) -> NDArray[Any]:
    """A read-only view of `data` as numbers; their count must be exactly what `shape` says."""
    raw = data.encode("latin-1") if isinstance(data, str) else data
    if not isinstance(raw, bytes) or dtype.hasobject:
        raise NotPlainError("an array of objects")
    if not all(type(side) is int and 0 <= side <= _LONGEST_SIDE for side in shape) or order not in ("C", "F"):
        raise NotPlainError("an array of an impossible shape")
    if math.prod(shape) * dtype.itemsize != len(raw):
        raise NotPlainError("an array whose numbers do not fill its shape")
    flat = np.frombuffer(raw, dtype=dtype)
    return flat.reshape(shape) if order == "C" else flat.reshape(shape[::-1]).transpose()
