"""A demo photograph together with everything that is true about it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from resources import accessor
from resources.demo.backdrop import draw_ground, sky_colour
from resources.demo.camera import Lens, lens_of, supersampled
from resources.demo.model import Model
from resources.demo.pixels import Bools, Bytes, resized
from resources.demo.scenes import Scene, scene_named
from resources.demo.shade import developed, lit_colour
from resources.demo.shadow import sun_map, sunlight
from resources.demo.town import town_of
from resources.demo.zbuffer import Buffers, draw, empty

FINE = 2
OFFSET = 1 << 12


@dataclass(frozen=True, slots=True, eq=False)
class OccluderMask:
    """The pixels (h, w) in which one thing hides the query object; `kept` when the default rules keep them inside."""

    kind: str
    mask: Bools
    kept: bool


@dataclass(frozen=True, slots=True, eq=False)
class Rendering:
    """A photograph (h, w, 3) in RGB as it is shown, and its truth, all masks (h, w).

    `object_mask` is the right answer: the object without the occluders that are cut out. `object_full` is the object
    as if nothing stood before it, its holes left out. `query_box` is x1, y1, x2, y2 for queries, else None.
    """

    image: Bytes
    object_mask: Bools
    object_full: Bools
    occluders: tuple[OccluderMask, ...]
    query_box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A scene's geometry without its light: the lens at pixel size, fine buffers, labels (h, w) and the model."""

    lens: Lens
    model: Model
    buffers: Buffers
    labels: np.ndarray[tuple[int, int], np.dtype[np.int32]]


def _most_frequent(
    fine: np.ndarray[tuple[int, int], np.dtype[np.int32]],
) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """One label for each 2 x 2 samples: the most frequent, the first when none is."""
    a, b, c, d = fine[::2, ::2], fine[::2, 1::2], fine[1::2, ::2], fine[1::2, 1::2]
    other = np.where((b == c) | (b == d), b, np.where(c == d, c, a))
    return np.where((a == b) | (a == c) | (a == d), a, other)


def view_of(scene: Scene, scale: float = 1.0) -> View:
    """Draw the buffers of `scene`, without colour from the sun's shadows: all that geometry and masks need."""
    size = (max(round(scene.size[0] * scale), 8), max(round(scene.size[1] * scale), 8))
    lens = lens_of(scene.camera, size)
    fine = supersampled(lens, FINE)
    model = town_of(scene)
    sun = scene.light.sun()
    buffers = empty(fine.size)
    draw_ground(buffers, fine, scene.town, model, float(sun[1]))
    draw(buffers, fine, model, sun)
    labels = _most_frequent(buffers.thing.astype(np.int32) + OFFSET * buffers.hit.astype(np.int32))
    return View(lens, model, buffers, labels)


@lru_cache(maxsize=1)
def kept_limits() -> tuple[float, float]:
    """Share and relative thickness below which the default rules keep an occlusion inside."""
    rules = tomllib.loads(accessor.read_text("rules/rules.toml"))["occlusion"]
    return float(rules["share"]), float(rules["thickness"])


def is_kept(mask: Bools, object_area: int) -> bool:
    """Whether an occlusion (h, w) of an object of `object_area` pixels is small in both ways.

    Thickness is the diameter of the largest disc that fits, as `annotator.domain.rules` measures it.
    """
    share, thickness = kept_limits()
    padded = np.pad(mask.astype(np.uint8), 1)
    thick = 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).max()) - 1
    return bool(mask.sum() < share * object_area and thick < thickness * np.sqrt(object_area))


def _adjoining(view: View) -> Bools:
    """Where something built onto the object is seen (h, w): the object ends there, nothing is hidden."""
    adjoins = np.array([thing.adjoins for thing in view.model.things])
    return np.asarray(adjoins[view.labels % OFFSET], np.bool_)


def _occluders(view: View, full: Bools) -> tuple[OccluderMask, ...]:
    things = view.labels % OFFSET
    area = int(full.sum())
    found = []
    for number in np.unique(things[full]):
        thing = view.model.things[int(number)]
        if not thing.is_object and thing.kind not in ("sky", "ground"):
            mask = full & (things == number)
            found.append(OccluderMask(thing.kind, mask, is_kept(mask, area)))
    return tuple(found)


def render(scene: Scene, scale: float = 1.0) -> Rendering:
    """Draw `scene` at `scale` times its size; the same scene gives the same pixels every time."""
    view = view_of(scene, scale)
    light, fine = scene.light, supersampled(view.lens, FINE)
    centre = np.array([0.0, 5.0, -12.0 if scene.town != "street" else 15.0])
    shadows = sun_map(view.model, light.sun(), centre, 58.0)
    sunny = sunlight(shadows, fine, view.buffers.depth)
    # The sky is soft: drawn at pixel size, it costs a quarter and looks the same.
    sky = resized(sky_colour(view.lens, light, scene.seed + len(scene.name)), fine.size)
    colour = lit_colour(view.buffers, sunny, sky, light)
    image = developed(resized(colour, view.lens.size), light, scene.seed + 1)
    full = (view.labels >= OFFSET) & ~_adjoining(view)
    occluders = _occluders(view, full)
    mask = full.copy()
    for occluder in occluders:
        if not occluder.kept:
            mask &= ~occluder.mask
    return Rendering(image, mask, full, occluders, _box(mask) if scene.role == "query" else None)


@lru_cache(maxsize=32)
def truth(name: str, scale: float = 1.0) -> Rendering:
    """The rendering of the demo scene called `name`, kept for the next call; raises KeyError when there is none."""
    return render(scene_named(name), scale)


def _box(mask: Bools) -> tuple[float, float, float, float] | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) == 0:
        return None
    return float(columns[0]), float(rows[0]), float(columns[-1]), float(rows[-1])
