"""The town as a list of flat surfaces, and the bricks to build it from: walls, boxes, roofs, spires, cut-outs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from resources.demo.camera import Vector
from resources.demo.relief import Relief


@dataclass(frozen=True, slots=True)
class Thing:
    """One instance: its `kind` is an occluder kind of the glossary, and `is_object` marks the query object.

    `adjoins`: built onto the object, wall to wall, so that the object ends there.
    """

    kind: str
    is_object: bool = False
    adjoins: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The parallelogram origin + u right + v up, u and v in 0..1, seen from the side where `right` is to the right.

    `turns`: a cut-out that stands on its `origin` (the middle of its foot) and always faces the viewer.
    """

    origin: Vector
    right: Vector
    up: Vector
    relief: Relief
    thing: int
    turns: bool = False
    both_sides: bool = False

    def facing(self, viewer: Vector, afar: bool = False) -> tuple[Vector, Vector]:
        """Origin and right side as seen from `viewer`, or from that direction when `afar`."""
        if not self.turns:
            return self.origin, self.right
        to = viewer if afar else viewer - self.origin
        flat = np.array([-to[2], 0.0, to[0]])
        right = flat / max(float(np.linalg.norm(flat)), 1e-9) * np.linalg.norm(self.right)
        return self.origin - right / 2, right


@dataclass(frozen=True, slots=True)
class Place:
    """A spot on the ground and the way a building on it faces: `turn` 0 faces south, 90 faces east."""

    x: float
    z: float
    turn: float = 0.0
    y: float = 0.0

    def at(self, x: float, y: float, z: float) -> Vector:
        """World point of a local one: x to the right as seen from in front, y up, z to the back."""
        c, s = np.cos(np.radians(self.turn)), np.sin(np.radians(self.turn))
        return np.array([self.x + c * x - s * z, self.y + y, self.z + s * x + c * z])


@dataclass(slots=True)
class Model:
    """What has been built so far."""

    things: list[Thing] = field(default_factory=list)
    surfaces: list[Surface] = field(default_factory=list)
    footprints: list[Vector] = field(default_factory=list)

    def thing(self, kind: str, is_object: bool = False, adjoins: bool = False) -> int:
        """A new instance; returns its number."""
        self.things.append(Thing(kind, is_object, adjoins))
        return len(self.things) - 1

    def panel(
        self, place: Place, foot: tuple[Vector, Vector], up: Vector, relief: Relief, thing: int, both: bool = False
    ) -> None:
        """A surface on the line foot[0] to foot[1] (left to right as seen), rising by `up`; all in local metres."""
        a, b, zero = place.at(*foot[0]), place.at(*foot[1]), place.at(0, 0, 0)
        self.surfaces.append(Surface(a, b - a, place.at(*up) - zero, relief, thing, both_sides=both))

    def face(self, place: Place, side: str, box: Box, relief: Relief, thing: int, both: bool = False) -> None:
        """One upright side of a box: front, back, left, right; or its top."""
        x0, x1, y0, y1, z0, z1 = box
        corners = {
            "front": ((x0, y0, z0), (x1, y0, z0)),
            "back": ((x1, y0, z1), (x0, y0, z1)),
            "left": ((x0, y0, z1), (x0, y0, z0)),
            "right": ((x1, y0, z0), (x1, y0, z1)),
            "top": ((x0, y1, z0), (x1, y1, z0)),
            "bottom": ((x0, y0, z1), (x1, y0, z1)),
        }[side]
        rise = {"top": (0.0, 0.0, z1 - z0), "bottom": (0.0, 0.0, z0 - z1)}.get(side, (0.0, y1 - y0, 0.0))
        self.panel(place, (np.array(corners[0]), np.array(corners[1])), np.array(rise), relief, thing, both)

    def box(self, place: Place, box: Box, reliefs: dict[str, Relief], thing: int) -> None:
        """The sides named in `reliefs`; "side" stands for left and right, "all" for whatever is not named."""
        for side in ("front", "back", "left", "right", "top"):
            rest = reliefs.get("side") if side in ("left", "right") else None
            relief = reliefs.get(side) or rest or reliefs.get("all")
            if relief is not None:
                self.face(place, side, box, relief, thing)

    def spire(self, place: Place, box: Box, relief: Relief, thing: int) -> None:
        """Four triangles from the top of `box`'s floor y0 to a point at y1."""
        x0, x1, y0, y1, z0, z1 = box
        cx, cz = (x0 + x1) / 2, (z0 + z1) / 2
        ring = [(x0, z0), (x1, z0), (x1, z1), (x0, z1)]
        for i in range(4):
            (ax, az), (bx, bz) = ring[i], ring[(i + 1) % 4]
            up = np.array([cx - (ax + bx) / 2, y1 - y0, cz - (az + bz) / 2])
            self.panel(place, (np.array([ax, y0, az]), np.array([bx, y0, bz])), up, relief, thing)

    def cutout(self, place: Place, at: tuple[float, float, float], relief: Relief, thing: int) -> None:
        """A flat figure that faces whoever looks."""
        width, height = relief.size
        origin = place.at(*at)
        self.surfaces.append(
            Surface(origin, np.array([width, 0.0, 0.0]), np.array([0.0, height, 0.0]), relief, thing, turns=True)
        )

    def footprint(self, place: Place, x0: float, x1: float, z0: float, z1: float) -> None:
        """Remember where a building meets the ground, which is darker there."""
        corners = [place.at(x, 0, z)[[0, 2]] for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))]
        self.footprints.append(np.array(corners))


Box = tuple[float, float, float, float, float, float]
