"""Draws the pictures of the rules from demo photographs: blue is in, orange is out, yellow stays in."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from resources.demo.jpeg import indexed_png
from resources.demo.pixels import Bools, Bytes
from resources.demo.render import Rendering, truth

IN, OUT, KEPT, HOLE = (0x35, 0xC6, 0xFF), (0xFF, 0x93, 0x30), (0xFF, 0xE4, 0x5C), (255, 255, 255)
SCALE = 0.5
PANEL = (304, 228)

Window = tuple[float, float, float, float]
WHOLE: Window = (0.0, 0.0, 1.0, 1.0)


def _lines(image: Bytes, mask: Bools, colour: tuple[int, int, int], thick: int = 2, holes: bool = True) -> None:
    """Draw the borders of `mask`, holes in white when they are wanted."""
    found, tree = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    for i, ring in enumerate(found):
        hole = tree[0][i][3] >= 0
        if cv2.contourArea(ring) > 30 and (holes or not hole):
            cv2.polylines(image, [ring], True, (24, 28, 32), thick + 2, cv2.LINE_AA)
            cv2.polylines(image, [ring], True, HOLE if hole else colour, thick, cv2.LINE_AA)


def _tinted(image: Bytes, mask: Bools, colour: tuple[int, int, int], share: float) -> None:
    image[mask] = np.asarray(image[mask] * (1 - share) + np.array(colour) * share, np.uint8)


def _hatched(image: Bytes, mask: Bools, colour: tuple[int, int, int]) -> None:
    rows, columns = np.indices(mask.shape)
    _tinted(image, mask, colour, 0.35)
    _tinted(image, mask & ((rows + columns) % 8 < 2), colour, 0.9)


def panel(drawn: Rendering, window: Window = WHOLE, mask: bool = True, occluders: bool = True) -> Bytes:
    """One photograph with what is in and out drawn over it, cut to `window` (x0, y0, x1, y1 as shares)."""
    image = drawn.image.copy()
    if mask:
        image[~drawn.object_mask] = image[~drawn.object_mask] // 2
        _tinted(image, drawn.object_mask, IN, 0.14)
    height, width = drawn.object_mask.shape
    for occluder in drawn.occluders if occluders else ():
        if not occluder.kept:
            _hatched(image, occluder.mask, OUT)
    if mask:
        _lines(image, drawn.object_mask, IN)
    for occluder in drawn.occluders if occluders else ():
        _lines(image, occluder.mask, KEPT if occluder.kept else OUT, 1, holes=False)
    x0, x1 = (int(window[i] * width) for i in (0, 2))
    y0, y1 = (int(window[i] * height) for i in (1, 3))
    return np.asarray(cv2.resize(image[y0:y1, x0:x1], PANEL, interpolation=cv2.INTER_AREA), np.uint8)


def around(mask: Bools) -> Window:
    """A window of the panels' proportions about `mask`, with room beside it."""
    height, width = mask.shape
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    tall = (rows[-1] - rows[0]) * 1.7
    wide = tall * PANEL[0] / PANEL[1]
    x = float(np.clip(columns.mean() - wide / 2, 0, width - wide))
    y = float(np.clip(rows.mean() - tall / 2, 0, height - tall))
    return x / width, y / height, (x + wide) / width, (y + tall) / height


def _pair(left: Bytes, right: Bytes) -> Bytes:
    gap = np.full((left.shape[0], 8, 3), 255, np.uint8)
    return np.hstack([left, gap, right])


def rule_pictures() -> tuple[Bytes, ...]:
    """The pictures (h, w, 3) of the rules 1 to 5."""
    query, index = truth("gate_000047", SCALE), truth("gate_000005", SCALE)
    hidden = truth("gate_000052", SCALE)
    lamp = truth("gate_000103", 0.8)
    portico, wings = truth("museum_000038", SCALE), truth("museum_000002", SCALE)
    arch: Window = (0.36, 0.12, 0.72, 0.48)
    post = around(next(o.mask for o in lamp.occluders if o.kept))
    return (
        _pair(panel(query, occluders=False), panel(index, mask=False, occluders=False)),
        _pair(panel(index, occluders=False), panel(index, arch, occluders=False)),
        _pair(panel(hidden, mask=False, occluders=False), panel(hidden)),
        _pair(panel(lamp, post, mask=False, occluders=False), panel(lamp, post)),
        _pair(panel(portico, occluders=False), panel(wings, occluders=False)),
    )


def write_rule_pictures(folder: Path, colours: int = 56) -> None:
    """Write `rule-1.png` to `rule-5.png` into `folder`."""
    for number, picture in enumerate(rule_pictures(), 1):
        (folder / f"rule-{number}.png").write_bytes(indexed_png(picture, colours))
