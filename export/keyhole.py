"""Masks as the key-hole rings that the benchmark's labels hold: one ring per 8-connected component, holes bridged in.

FORMAT A2: a ring is the outer border, a bridge to each hole, once round the hole and the same bridge back. The scorer
fills a ring even-odd and with its own pixels, so a bridge over the foreground changes nothing, and refilling gives the
mask pixel for pixel. `exact_rings` proves that for each mask it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import AnnotatorError
from annotator.domain.geometry import Size
from annotator.domain.raster import Mask, fill_rings
from annotator.domain.tracing import IntPoints, straightened, trace


class KeyholeError(AnnotatorError):
    """Rings that do not refill to their mask: never written, always a bug."""


@dataclass(frozen=True, slots=True, eq=False)
class Keyholes:
    """`rings` are `(n, 2)` int32 xy, one per component, largest first; `holes` is the number of holes in all."""

    rings: tuple[IntPoints, ...]
    holes: int


def exact_rings(mask: Mask) -> Keyholes:
    """Key-hole rings of `bool (height, width)`; raises KeyholeError unless they refill to it without a difference."""
    height, width = mask.shape
    left, top, w, h = cv2.boundingRect(mask.view(np.uint8))
    part = np.ascontiguousarray(mask[top : top + h, left : left + w])
    components = trace(part) if w else []
    rings = [keyhole_ring(outer, holes) for outer, holes in components]
    filled = refill(rings, (w, h)) if w else part
    if not np.array_equal(filled, part):
        raise KeyholeError(f"the rings of a mask of {width} × {height} pixels do not refill to it")
    areas = [_pixels(ring) for ring in rings] if len(rings) > 1 else [0]
    order = sorted(range(len(rings)), key=lambda position: (-areas[position], *rings[position][0][::-1].tolist()))
    shift = np.array([left, top], dtype=np.int32)
    return Keyholes(tuple(rings[position] + shift for position in order), sum(len(holes) for _, holes in components))


def refill(rings: Iterable[IntPoints], size: Size) -> Mask:
    """What the scorer fills for rings of integer pixels on a canvas of `size` (width, height): their union (FORMAT B1).

    Each ring is filled on its own, even-odd, with the ring's pixels.
    """
    canvas = np.zeros((size[1], size[0]), dtype=np.uint8)
    for ring in rings:
        fill_rings(canvas, [ring.astype(np.float64)])
    return canvas.view(np.bool_)


def keyhole_ring(outer: IntPoints, holes: Sequence[IntPoints]) -> IntPoints:
    """One ring around a component: its traced `outer` border with its `holes` bridged in, straight runs dropped.

    The borders are chains of neighbouring foreground pixels as `tracing.trace` gives them.
    """
    if not holes:
        return straightened(outer)
    chains = [outer, *(_from_leftmost(hole) for hole in sorted(holes, key=lambda hole: int(hole[:, 0].min())))]
    return straightened(_spliced(chains, _meetings(chains)))


def _from_leftmost(hole: IntPoints) -> IntPoints:
    return np.roll(hole, -int(np.argmin(hole[:, 0])), axis=0)


def _meetings(chains: Sequence[IntPoints]) -> list[tuple[int, int]]:
    """For each hole (chain 1 on) the chain and the position in it that its bridge to the left meets first.

    Left of a hole's leftmost pixel there is foreground up to a pixel with background beside it, which lies on the ring
    of that background: the outer border, or a hole that begins further left. So the first ring pixel that is met
    belongs to a chain that was merged before, and none of the other chains can come between.
    """
    corner = chains[0].min(axis=0)
    width, height = (chains[0].max(axis=0) - corner + 1).tolist()
    owner = np.full((height, width), -1, dtype=np.int32)
    place = np.zeros((height, width), dtype=np.int32)
    found = []
    for number, chain in enumerate(chains):
        if number:
            x, y = (chain[0] - corner).tolist()
            met = int(np.flatnonzero(owner[y, : x + 1] >= 0)[-1])
            found.append((int(owner[y, met]), int(place[y, met])))
        columns, rows = (chain - corner).T
        owner[rows, columns] = number
        place[rows, columns] = np.arange(len(chain), dtype=np.int32)
    return found


def _spliced(chains: Sequence[IntPoints], meetings: Sequence[tuple[int, int]]) -> IntPoints:
    """All chains as one: each hole is walked round from the pixel of its parent chain that its bridge meets."""
    children: dict[int, list[tuple[int, int]]] = {}
    for number, (parent, position) in enumerate(meetings, start=1):
        children.setdefault(parent, []).append((position, number))
    pieces: list[NDArray[np.int32]] = []
    waiting: list[tuple[int, NDArray[np.int32] | None]] = [(0, None)]
    while waiting:
        number, ready = waiting.pop()
        if ready is not None:
            pieces.append(ready)
            continue
        chain = chains[number]
        steps: list[tuple[int, NDArray[np.int32] | None]] = []
        start = 0
        for position, child in sorted(children.get(number, [])):
            steps += [(number, chain[start : position + 1]), (child, None), (number, chain[position : position + 1])]
            start = position + 1
        steps.append((number, chain[start:]))
        if number:
            steps.append((number, chain[:1]))
        waiting += reversed(steps)
    return _without_repeats(np.concatenate(pieces))


def _without_repeats(points: IntPoints) -> IntPoints:
    """Drop vertices that repeat the one before: a bridge of no length where two rings share a pixel."""
    same = np.all(points[1:] == points[:-1], axis=1)
    return np.asarray(points[np.concatenate([[True], ~same])])


def _pixels(ring: IntPoints) -> int:
    corner = ring.min(axis=0)
    width, height = (ring.max(axis=0) - corner + 1).tolist()
    return int(np.count_nonzero(refill([ring - corner], (width, height))))
