"""Prediction files cut into the bytes of single predictions, so that no list of a million points is ever built.

A file of 17,000 rings as Python lists takes half a gigabyte and a second of one core. Its pickle is regular, though:
after each key come the opcodes of a list of pairs of numbers. Here the file is cut at its keys, and every piece is
decoded on its own, in any process: checked against the grammar of such a list, opcode for opcode, before its numbers
are read. Whatever deviates is left to the general reader. Opcodes: the comments of CPython's `pickletools`.
"""

from __future__ import annotations

import pickle
import re

import numpy as np

from qa.metrics.pairs import Floats

_PUT = rb"(?:\x94|q.|r....)"  # MEMOIZE, BINPUT, LONG_BINPUT
_NUMBER = rb"(?:K.|M..|J....|G.{8})"  # BININT1, BININT2, BININT, BINFLOAT
_POINT = rb"\]" + _PUT + rb"\(" + _NUMBER + _NUMBER + rb"e"
_KEY_HEAD = rb"(?:\x8c.|X.\x00\x00\x00)"  # SHORT_BINUNICODE, BINUNICODE
_KEY = re.compile(_KEY_HEAD + rb"(qimlist_\d{1,9}_imlist_\d{1,9})" + _PUT, re.DOTALL)
_VALUE = re.compile(rb"\]" + _PUT + rb"((?:(?:" + _POINT + rb"a)|(?:\((?:" + _POINT + rb")*+e)*+))", re.DOTALL)
_ONE_POINT = re.compile(rb"\]" + _PUT + rb"\((" + _NUMBER + _NUMBER + rb")e", re.DOTALL)
_MEMOIZED_POINT = re.compile(rb"\]\x94\((" + _NUMBER + _NUMBER + rb")e", re.DOTALL)
_BETWEEN = re.compile(rb"(?:u\()?")  # SETITEMS and the MARK of the next batch


class KeyTwiceError(Exception):
    """A prediction file names a query-index pair twice, which no dict does."""


def unframed(pickled: bytes) -> bytes:
    """The opcodes of a pickle without the frames of protocol 4 around them; unchanged where there are none."""
    if pickled[2:3] != b"\x95":
        return pickled
    pieces, place = [pickled[:2]], 2
    while pickled[place : place + 1] == b"\x95":
        size = int.from_bytes(pickled[place + 1 : place + 9], "little")
        if size > len(pickled):
            break
        pieces.append(pickled[place + 9 : place + 9 + size])
        place += 9 + size
    return b"".join([*pieces, pickled[place:]])


def cut(data: bytes) -> tuple[dict[str, bytes], bytes] | None:
    """The pieces of a prediction file by key, and the same file with an empty dict in place of the predictions.

    None where the file is not regular at first sight; raises KeyTwiceError for a key that stands twice. The caller has
    the general reader judge the emptied file; a piece still has to pass `points_of`.
    """
    start = 10 + int.from_bytes(data[8:10], "little")
    if data[:8] != b"\x93NUMPY\x01\x00":
        return None
    opcodes = unframed(data[start:])
    found = list(_KEY.finditer(opcodes))
    last = _VALUE.match(opcodes, found[-1].end()) if found else None
    if last is None or any(len(match[1]) != match[0][1] for match in found):
        return None
    ends = [*(match.start() for match in found[1:]), last.end()]
    pieces = {match[1].decode(): opcodes[match.end() : end] for match, end in zip(found, ends, strict=True)}
    head, tail = opcodes[: found[0].start()], opcodes[last.end() :]
    if len(found) > 1:  # several entries are set with a mark before and SETITEMS after, a single one with SETITEM
        regular, head = head[-1:] == b"(" and tail[:1] == b"u", head[:-1]
    else:
        regular = tail[:1] == b"s"
    if len(pieces) < len(found):
        raise KeyTwiceError
    return (pieces, data[:start] + head + tail[1:]) if regular else None


def points_of(piece: bytes) -> Floats | None:
    """The prediction in one piece as `(n, 2)` float64, n = 0 for nothing found; None where it is something else."""
    numbers = _quick_numbers(piece)
    if numbers is None:
        value = _VALUE.match(piece)
        if value is None or _BETWEEN.fullmatch(piece, value.end()) is None:
            return None
        numbers = _ONE_POINT.findall(value[1])
    # Only number opcodes are left, by the grammar above: nothing can be looked up, called or shared.
    flat = pickle.loads(b"\x80\x02(" + b"".join(numbers) + b"t.")  # noqa: S301 (see above)
    return np.fromiter(flat, dtype=np.float64, count=2 * len(numbers)).reshape(-1, 2)


def _quick_numbers(piece: bytes) -> list[bytes] | None:
    """The numbers of a ring as protocol 4 writes it in one batch; None where this takes a closer look.

    `]` MEMOIZE `(`, points of 4 bytes and their numbers, `e`: when the points that were found fill everything between,
    they are all there is.
    """
    end = len(piece) - 2 * piece.endswith(b"u(")
    numbers = _MEMOIZED_POINT.findall(piece, 3, end - 1)
    filled = 4 * len(numbers) + sum(map(len, numbers)) == end - 4
    return numbers if filled and numbers and piece[:3] == b"]\x94(" and piece[end - 1] == ord("e") else None
