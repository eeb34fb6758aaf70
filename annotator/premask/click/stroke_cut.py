"""Click-to-cut: the region that strokes point at, by GrabCut (Rother, Kolmogorov, Blake, 2004).

The cut is made at a small size, which bounds its time, and its border is then brought to the picture's edges at the
size looked at with a guided filter (He, Sun, Tang, 2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Box, Points
from annotator.domain.raster import Mask
from annotator.premask.click.picture import PictureWindow

WORKING_SIDE = 224
"""Longer side in pixels at which the cut is made."""

ROUNDS = 2

SAMPLES = 48
"""Colours that stand for all under the strokes."""

FAR = 45.0
"""Lab units that the whole window's diagonal counts as: near the stroke the colour may differ more."""

ALIKE = 22.0
"""Lab units within which a place counts as like a stroke when there is nothing to compare with."""

CRUMB = 0.004
"""Share of the largest part below which a part is dropped."""

CLOSE = 12.0
"""Pixels of the working size around a stroke beside the object that go with it."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """A click or line `(n, 2)` xy of the image; `inside` says object, else not; `radius` in pixels of the image."""

    points: Points
    inside: bool
    radius: float


def cut(window: PictureWindow, strokes: Sequence[Stroke], start: Mask | None = None) -> Mask:
    """The region that the strokes mean, `bool (height, width)` of the window.

    `start` is a mask of the window to go on from: strokes then add to it and take away from it.
    """
    small = _reduced(window)
    drawn = _strokes(small, strokes)
    if not (drawn == 1).any() and start is None:
        return np.zeros(window.pixels.shape[:2], dtype=bool)
    before = _small_mask(start, small) if start is not None else None
    probable = _probable(small, drawn, before)
    guess = np.where(probable, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    guess[_surely_not(small, drawn)] = cv2.GC_BGD
    guess[drawn == 1], guess[drawn == 2] = cv2.GC_FGD, cv2.GC_BGD
    found = _grab_cut(small, guess)
    return _sharpened(_reached(found, drawn, before), window)


def box_cut(window: PictureWindow, box: Box) -> Mask:
    """The object that fills a box (x1, y1, x2, y2 in pixels of the image), `bool (height, width)` of the window."""
    small = _reduced(window)
    corners = small.to_window(np.array([box[:2], box[2:]]))
    (x1, y1), (x2, y2) = np.rint(corners).astype(int).tolist()
    height, width = small.pixels.shape[:2]
    guess = np.full((height, width), cv2.GC_BGD, dtype=np.uint8)
    guess[max(y1, 0) : max(y2 + 1, 0), max(x1, 0) : max(x2 + 1, 0)] = cv2.GC_PR_FGD
    return _sharpened(_grab_cut(small, guess), window)


def _grab_cut(small: PictureWindow, guess: NDArray[np.uint8]) -> Mask:
    inside = (guess == cv2.GC_FGD) | (guess == cv2.GC_PR_FGD)
    if inside.all() or not inside.any():
        return np.asarray(inside)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    cv2.grabCut(small.pixels, guess, (0, 0, 1, 1), *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((guess == cv2.GC_FGD) | (guess == cv2.GC_PR_FGD))


def _reduced(window: PictureWindow) -> PictureWindow:
    """The window at the working size; where it is small enough, itself."""
    width, height = window.size
    factor = WORKING_SIDE / max(width, height)
    if factor >= 1:
        return window
    size = max(2, round(width * factor)), max(2, round(height * factor))
    pixels = np.asarray(cv2.resize(window.pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return _Shrunk(pixels, window.x, window.y, window.scale, window.image_size, window)


@dataclass(frozen=True, eq=False)
class _Shrunk(PictureWindow):
    """A window that was scaled on its own."""

    whole: PictureWindow

    def to_window(self, points: Points) -> Points:
        """Points of the image in pixels of the small window."""
        factor = np.array(self.size) / np.array(self.whole.size)
        return np.asarray((self.whole.to_window(points) + 0.5) * factor - 0.5)


def _strokes(small: PictureWindow, strokes: Sequence[Stroke]) -> NDArray[np.uint8]:
    """1 under strokes that say object, 2 under the others, 0 elsewhere; later strokes lie on top."""
    height, width = small.pixels.shape[:2]
    drawn = np.zeros((height, width), dtype=np.uint8)
    for stroke in strokes:
        line = small.to_window(stroke.points)
        reach = small.to_window(stroke.points[:1] + np.array([stroke.radius, 0.0]))[0, 0] - line[0, 0]
        thick = max(1, round(2 * float(reach)))
        draw_line(drawn, line, 1 if stroke.inside else 2, thick)
    return drawn


def draw_line(canvas: NDArray[np.uint8], line: Points, value: int, thick: int) -> None:
    """A round line through `(n, 2)` xy of the canvas, `thick` pixels wide; one point makes a dot."""
    places = np.rint(line[[*range(len(line)), -1]]).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(canvas, [places], False, (value,), thick)


def _probable(small: PictureWindow, drawn: NDArray[np.uint8], before: Mask | None) -> Mask:
    """Where the object may be, from colours and nearness to the strokes."""
    no_limit = np.full(drawn.shape, np.inf, dtype=np.float32)
    towards = _likeness(small, drawn == 1) if (drawn == 1).any() else no_limit
    away = _likeness(small, drawn == 2) if (drawn == 2).any() else no_limit
    if before is not None:
        grown = np.asarray((towards < ALIKE) & (towards <= away))
        return np.asarray((before & ~((away < ALIKE) & (away < towards))) | grown)
    return np.asarray((towards < away) & (towards < _surroundings(small, drawn, towards)))


def _surely_not(small: PictureWindow, drawn: NDArray[np.uint8]) -> Mask:
    """What lies close to a stroke beside the object and looks like it: the cut may not take it back by its colour."""
    if not (drawn == 2).any():
        return np.zeros(drawn.shape, dtype=bool)
    way = cv2.distanceTransform((drawn != 2).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    alike = _likeness(small, drawn == 2) < ALIKE
    to_object = np.full(drawn.shape, np.inf, dtype=np.float32)
    if (drawn == 1).any():
        to_object = np.asarray(cv2.distanceTransform((drawn != 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5))
    return np.asarray(alike & (way < CLOSE) & (2 * way < to_object))


def _surroundings(small: PictureWindow, drawn: NDArray[np.uint8], towards: Floats) -> Floats:
    """How unlike each pixel is to the window's frame: what reaches the frame is background unless it is like a stroke.

    Frame pixels that look like the object say nothing.
    """
    frame = np.zeros(drawn.shape, dtype=bool)
    frame[0], frame[-1], frame[:, 0], frame[:, -1] = True, True, True, True
    frame &= (drawn == 0) & (towards > ALIKE)
    if frame.sum() < 8:
        return np.full(drawn.shape, 2 * ALIKE, dtype=np.float32)
    return np.asarray(np.minimum(_colours_away(small, frame) + ALIKE / 2, 3 * ALIKE), dtype=np.float32)


def _likeness(small: PictureWindow, seeds: Mask) -> Floats:
    """Lab distance to the colours under the seeds, plus a share for the way to them."""
    way = cv2.distanceTransform((~seeds).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    diagonal = float(np.hypot(*seeds.shape))
    around = np.asarray(cv2.dilate(seeds.astype(np.uint8), np.ones((5, 5), np.uint8))).astype(bool)
    return np.asarray(_colours_away(small, around) + FAR * way / diagonal, dtype=np.float32)


def _colours_away(small: PictureWindow, seeds: Mask) -> Floats:
    """Lab distance of every pixel to the nearest of the seeds' colours, `(height, width)`."""
    colours = small.smooth[seeds]
    order = np.lexsort(colours.T)
    chosen = colours[order[np.unique(np.linspace(0, len(order) - 1, SAMPLES).astype(int))]]
    nearest = np.full(seeds.shape, np.inf, dtype=np.float32)
    for colour in chosen:
        np.minimum(nearest, np.square(small.smooth - colour).sum(axis=2), out=nearest)
    return np.asarray(np.sqrt(nearest), dtype=np.float32)


def _reached(found: Mask, drawn: NDArray[np.uint8], before: Mask | None) -> Mask:
    """The components that a stroke of the object, or what was there before, lies in."""
    _, labels = cv2.connectedComponents(found.astype(np.uint8), connectivity=4)
    anchors = drawn == 1 if before is None else (drawn == 1) | before
    kept = np.unique(labels[anchors & found])
    return np.asarray(np.isin(labels, kept[kept > 0]))


def _small_mask(mask: Mask, small: PictureWindow) -> Mask:
    size = (small.pixels.shape[1], small.pixels.shape[0])
    return np.asarray(cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.5)


def _sharpened(mask: Mask, window: PictureWindow) -> Mask:
    """The mask at the window's size, its border moved to the picture's edges nearby."""
    width, height = window.size
    if mask.shape == (height, width):
        return mask
    factor = max(width / mask.shape[1], 1.0)
    coarse = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    guide = np.asarray(cv2.cvtColor(window.pixels, cv2.COLOR_RGB2GRAY), dtype=np.float32) / np.float32(255)
    side = 2 * int(np.ceil(2 * factor)) + 1
    followed = _guided(np.asarray(guide, dtype=np.float32), np.asarray(coarse, dtype=np.float32), side)
    return _without_crumbs(np.asarray(followed > 0.5))


def _without_crumbs(mask: Mask) -> Mask:
    """Without the parts that are tiny beside the largest: the picture's grain, not something that was pointed at."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    areas = statistics[:, cv2.CC_STAT_AREA]
    kept = areas >= CRUMB * max(areas[1:], default=0)
    kept[0] = False
    return np.asarray(kept[labels])


def _guided(guide: Floats, mask: Floats, side: int, evenness: float = 1e-3) -> Floats:
    """The guided filter with a box of `side` pixels: a local linear map of the guide that is nearest to the mask."""

    def mean(values: NDArray[np.floating]) -> Floats:
        return np.asarray(cv2.boxFilter(values, -1, (side, side), borderType=cv2.BORDER_REFLECT), dtype=np.float32)

    middle, level = mean(guide), mean(mask)
    slope = (mean(guide * mask) - middle * level) / (mean(guide * guide) - middle * middle + evenness)
    return np.asarray(mean(slope) * guide + mean(level - slope * middle), dtype=np.float32)
