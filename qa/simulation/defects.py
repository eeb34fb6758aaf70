"""Defects of every kind that a check looks for, planted into good annotations at known places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from annotator.domain.geometry import Polygon, Ring, as_points, polygon
from annotator.domain.raster import Mask, mask_of
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.domain.tracing import polygons_of
from qa.checks.finding import Given
from qa.checks.registry import findings

Planter = Callable[[Given, np.random.Generator], Given | None]
"""Makes a good annotation bad; None where this kind cannot occur on it."""


@dataclass(frozen=True, slots=True)
class Defect:
    """A kind of defect, the check that ought to find it, and how it is planted."""

    kind: str
    check: str
    plant: Planter


def _nothing(given: Given, rng: np.random.Generator) -> Given:
    del rng
    return replace(given, annotation=Annotation(given.annotation.size))


def _crossing(given: Given, rng: np.random.Generator) -> Given | None:
    shape = given.annotation.of_role(Role.OBJECT)[0]
    points = shape.polygon.outer.points.copy()
    if len(points) < 8:
        return None
    first = int(rng.integers(0, len(points) // 2))
    far = first + len(points) // 3
    points[[first, far]] = points[[far, first]]
    return _with(given, shape, Polygon(Ring(as_points(points)), shape.polygon.holes))


def _outside(given: Given, rng: np.random.Generator) -> Given:
    shape = given.annotation.of_role(Role.OBJECT)[0]
    points = shape.polygon.outer.points.copy()
    lowest = int(points[:, 1].argmax())
    points[lowest, 1] = given.annotation.size[1] + rng.uniform(1, 40)
    return _with(given, shape, Polygon(Ring(as_points(points)), shape.polygon.holes))


def _speck(given: Given, rng: np.random.Generator) -> Given:
    width, height = given.annotation.size
    x, y = rng.uniform(4, width - 8), rng.uniform(4, height - 8)
    return _added(given, Role.OBJECT, _box(x, y, 2, 2))


def _small_hole(given: Given, rng: np.random.Generator) -> Given | None:
    shape = given.annotation.of_role(Role.OBJECT)[0]
    place = _inside(given.mask, 8, rng)
    if place is None:
        return None
    hole = _box(*place, 3, 3).outer
    return _with(given, shape, Polygon(shape.polygon.outer, (*shape.polygon.holes, hole)))


def _duplicate(given: Given, rng: np.random.Generator) -> Given:
    shape = given.annotation.of_role(Role.OBJECT)[0]
    points = shape.polygon.outer.points + rng.normal(0, 0.2, shape.polygon.outer.points.shape)
    size = np.array(given.annotation.size) - 1.0
    return _added(given, Role.OBJECT, Polygon(Ring(as_points(np.clip(points, 0, size)))))


def _pole_cut_out(given: Given, rng: np.random.Generator) -> Given | None:
    side = max(2.0, 0.02 * np.sqrt(given.mask.sum()) - 1)
    place = _inside(given.object_mask, round(2 * side) + 3, rng)
    return None if place is None else _added(given, Role.OCCLUDER, _box(*place, side, side), OccluderKind.OTHER)


def _wagon_kept(given: Given, rng: np.random.Generator) -> Given | None:
    side = round(0.12 * np.sqrt(given.mask.sum()))
    place = _inside(given.object_mask, side + 2, rng)
    return None if place is None else _added(given, Role.KEPT, _box(*place, side, side), OccluderKind.VEHICLE)


def _missed_tree(given: Given, rng: np.random.Generator) -> Given | None:
    """Leave in the occluders of vegetation, where there are some that hide enough to be seen."""
    del rng
    trees = [shape.id for shape in given.annotation.of_role(Role.OCCLUDER) if shape.kind is OccluderKind.VEGETATION]
    bare = given.annotation.with_shapes(shape for shape in given.annotation.shapes if shape.id not in trees)
    gained = mask_of(bare) & ~given.mask
    if given.image is None or gained.sum() < 0.03 * given.mask.sum():
        return None
    return replace(given, annotation=bare)


def _van_left_in(given: Given, rng: np.random.Generator) -> Given | None:
    return _painted(given, rng, 0.12, (228, 228, 224))


def _shade_left_in(given: Given, rng: np.random.Generator) -> Given | None:
    return _painted(given, rng, 0.25, (12, 12, 14))


def _painted(given: Given, rng: np.random.Generator, share: float, colour: tuple[int, int, int]) -> Given | None:
    """Something plain of a share of the mask's area in front of the object, which nobody cut out."""
    side = int(np.sqrt(share * given.mask.sum()))
    place = None if given.image is None else _inside(given.mask, side, rng)
    if given.image is None or place is None:
        return None
    image, (x, y) = given.image.copy(), (int(place[0]), int(place[1]))
    image[y : y + side, x : x + side] = colour
    return replace(given, image=image)


def _short_of_border(given: Given, rng: np.random.Generator) -> Given:
    """An object that goes on beyond the image, drawn to a line just short of the image's border."""
    gap = int(rng.integers(1, 4))
    width, height = given.annotation.size
    x, wide = width * rng.uniform(0.1, 0.4), width * rng.uniform(0.3, 0.5)
    drawn = _box(round(x), round(height * 0.4), round(wide), height - 1 - gap - round(height * 0.4))
    return replace(given, annotation=Annotation(given.annotation.size, (Shape("1", Role.OBJECT, drawn),)))


def _far_too_small(given: Given, rng: np.random.Generator) -> Given | None:
    place = _inside(given.mask, 12, rng)
    if place is None or not given.group_areas:
        return None
    drawn = Annotation(given.annotation.size, (Shape("1", Role.OBJECT, _box(*place, 9, 9)),))
    return replace(given, annotation=drawn)


def _beside(given: Given, rng: np.random.Generator) -> Given | None:
    """The building next door, while geometry knows where the object is."""
    del rng
    truth, width = given.mask, given.annotation.size[0]
    columns = np.flatnonzero(truth.any(axis=0))
    shift = width // 2 if columns.mean() < width / 2 else -(width // 2)
    moved = np.zeros_like(truth)
    if shift > 0:
        moved[:, shift:] = truth[:, :-shift]
    else:
        moved[:, :shift] = truth[:, -shift:]
    if moved.sum() < 50:
        return None
    return replace(given, annotation=_of_mask(moved), expected=truth)


def _cut_through(given: Given, rng: np.random.Generator) -> Given | None:
    """Another group has the same object on this image, and here a quarter of it is missing."""
    del rng
    truth = given.mask
    rows = np.flatnonzero(truth.any(axis=1))
    counted = np.cumsum(truth.sum(axis=1))
    end = int(np.searchsorted(counted, 0.75 * counted[-1]))
    part = truth.copy()
    part[end:] = False
    if end <= rows[0] + 2:
        return None
    return replace(given, annotation=_of_mask(part), other_groups=(("g77", truth),))


def _in_no_time(given: Given, rng: np.random.Generator) -> Given:
    return replace(given, active_seconds=float(rng.uniform(0.2, 0.9) * given.rules.minimum_seconds))


def _as_proposed(given: Given, rng: np.random.Generator) -> Given:
    del rng
    return replace(given, premask=given.annotation)


DEFECTS: tuple[Defect, ...] = (
    Defect("nothing drawn", "empty mask", _nothing),
    Defect("ring that crosses itself", "broken polygon", _crossing),
    Defect("vertex outside the image", "broken polygon", _outside),
    Defect("speck of 2 px beside the object", "speck", _speck),
    Defect("hole of 3 × 3 px", "small hole", _small_hole),
    Defect("object drawn twice", "duplicate polygon", _duplicate),
    Defect("thin pole cut out", "occluder size", _pole_cut_out),
    Defect("large vehicle kept", "occluder size", _wagon_kept),
    Defect("tree left in", "occluder left in", _missed_tree),
    Defect("white van left in", "occluder left in", _van_left_in),
    Defect("dark shape left in", "occluder left in", _shade_left_in),
    Defect("1 to 3 px short of the image border", "along the border", _short_of_border),
    Defect("a detail instead of the object", "area in group", _far_too_small),
    Defect("the building beside", "against geometry", _beside),
    Defect("a quarter missing that another group has", "across groups", _cut_through),
    Defect("faster than a person can", "too fast", _in_no_time),
    Defect("pre-mask handed in as it was", "unchanged pre-mask", _as_proposed),
)
"""Every kind, in the order of the checks."""


@dataclass(frozen=True, slots=True)
class CheckRate:
    """Of `planted` defects of a kind `hit` were found by the check; of `clean` annotations it wrongly found `false`."""

    defect: Defect
    planted: int
    hit: int
    clean: int
    false: int


def check_rates(good: Mapping[str, Given], seed: int = 1) -> tuple[CheckRate, ...]:
    """Plant every kind into every good annotation, and run all checks on both; `good` is by name."""
    alarms = {name: {finding.check for finding in findings(given)} for name, given in good.items()}
    found = []
    for defect in DEFECTS:
        rng = np.random.default_rng([seed, *defect.kind.encode()])
        planted = [bad for given in good.values() if (bad := defect.plant(given, rng)) is not None]
        hit = sum(any(finding.check == defect.check for finding in findings(bad)) for bad in planted)
        false = sum(defect.check in names for names in alarms.values())
        found.append(CheckRate(defect, len(planted), hit, len(good), false))
    return tuple(found)


def _with(given: Given, shape: Shape, changed: Polygon) -> Given:
    return replace(given, annotation=given.annotation.mapped(shape.id, lambda old: old.with_polygon(changed)))


def _added(given: Given, role: Role, drawn: Polygon, kind: OccluderKind | None = None) -> Given:
    shape = Shape(given.annotation.fresh_id(), role, drawn, kind)
    return replace(given, annotation=given.annotation.with_shapes([*given.annotation.shapes, shape]))


def _box(x: float, y: float, width: float, height: float) -> Polygon:
    return polygon([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])


def _inside(mask: Mask, side: int, rng: np.random.Generator) -> tuple[float, float] | None:
    """A place at which a square of `side` pixels lies inside a mask; None where none was found."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return None
    for _ in range(60):
        chosen = int(rng.integers(0, len(rows)))
        y, x = int(rows[chosen]), int(columns[chosen])
        window = mask[y : y + side, x : x + side]
        if window.shape == (side, side) and window.all():
            return float(x + 1), float(y + 1)
    return None


def _of_mask(mask: Mask) -> Annotation:
    shapes = [Shape(str(number), Role.OBJECT, each) for number, each in enumerate(polygons_of(mask), 1)]
    return Annotation((mask.shape[1], mask.shape[0]), tuple(shapes))
