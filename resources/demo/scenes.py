"""The photographs of the demo set: where each is taken, in what light, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from resources.demo.camera import Camera
from resources.demo.light import Light

Role = Literal["query", "index", "junk", "distractor"]
Town = Literal["gate", "museum", "street"]
WIDE, TALL = (960, 720), (720, 960)


@dataclass(frozen=True, slots=True)
class Prop:
    """A thing that stands around: tree, bush, person, crowd, car, lamp, fence or stall, at (x, z) metres.

    `seed` chooses which one; `turn` the direction a fence faces; `count` the people in a crowd or panels of a fence.
    """

    kind: str
    x: float
    z: float
    seed: int = 0
    turn: float = 0.0
    count: int = 1
    size: tuple[float, float] = (6.0, 8.5)


@dataclass(frozen=True, slots=True)
class Scene:
    """One photograph. `difficulty` is easy, hard or junk for index images of a group, else empty.

    `size` is (width, height) as shown; `orientation` is the EXIF tag its file carries.
    """

    name: str
    town: Town
    role: Role
    camera: Camera
    group: int | None = None
    difficulty: str = ""
    size: tuple[int, int] = WIDE
    light: Light = field(default_factory=Light)
    props: tuple[Prop, ...] = ()
    orientation: int = 1
    seed: int = 0


def _people(spots: tuple[tuple[float, float], ...], seed: int) -> tuple[Prop, ...]:
    return tuple(Prop("person", x, z, seed + i) for i, (x, z) in enumerate(spots))


def _gate() -> tuple[Scene, ...]:
    lamps = (Prop("lamp", -9.0, -13.0), Prop("lamp", 9.0, -13.0))
    few = _people(((-5.2, -11), (4.4, -14.5), (8.0, -9), (-12, -18)), 3)
    return (
        Scene("gate_000012", "gate", "query", Camera((-3.5, 1.7, -39), (0.2, 11.6, 0), 51), 0, "", TALL,
              Light("day", 242, 42), (*lamps, *few)),
        Scene("gate_000047", "gate", "query", Camera((-21, 2.2, -34), (0.4, 11.9, 1), 56), 0, "", WIDE,
              Light("golden", 248, 26), (*lamps, *_people(((-9.5, -17), (-8.8, -17.3)), 20), Prop("car", 7, -16, 1))),
        Scene("gate_000103", "gate", "query", Camera((19, 1.8, -36), (0.5, 10.8, 1), 52), 0, "", TALL,
              Light("overcast", 190, 50), (*lamps, Prop("person", 6, -19, 31))),
        Scene("gate_000005", "gate", "index", Camera((6, 1.7, -43), (-0.5, 9.6, 0), 54), 0, "easy", WIDE,
              Light("day", 235, 40), (*lamps, *few, Prop("tree", 11.6, -17.5, 2), Prop("car", -9, -16, 0))),
        Scene("gate_000018", "gate", "index", Camera((-9, 6.5, -41), (0, 10.8, 0), 47), 0, "easy", TALL,
              Light("golden", 255, 22), (*lamps, Prop("stall", -7.5, -15, 0), Prop("stall", 5, -17, 1),
              *_people(((-4.4, -16), (2.2, -18.2), (-9.8, -17)), 40)), 6),
        Scene("gate_000023", "gate", "index", Camera((-16, 1.7, -28), (0.5, 11.8, 2), 66), 0, "easy", WIDE,
              Light("day", 190, 52), (*lamps, Prop("tree", -15.5, -11.5, 1), *few)),
        Scene("gate_000031", "gate", "index", Camera((2, 1.7, -33), (0.3, 10.2, 0), 58), 0, "easy", TALL,
              Light("overcast", 200, 48), (*lamps, Prop("crowd", -1.5, -20.5, 5, count=9), Prop("lamp", 3.6, -21))),
        Scene("gate_000052", "gate", "index", Camera((23.5, 1.7, -17), (0.5, 10.4, 1), 70), 0, "hard", WIDE,
              Light("day", 225, 38), (*lamps, Prop("tree", 13.0, -9.5, 3), Prop("car", 13.5, -12.5, 11))),
        Scene("gate_000066", "gate", "index", Camera((-10.5, 1.7, -80), (3.5, 8.6, 0), 42), 0, "hard", WIDE,
              Light("golden", 240, 24), (*lamps, Prop("tree", 12.5, -24, 0, size=(7.0, 9.5)), Prop("tree", 3.5, -46, 4),
              Prop("car", 4.5, -50, 2), *_people(((-1.0, -52), (0.2, -58)), 60))),
        Scene("gate_000081", "gate", "index", Camera((9.5, 1.7, -39), (-0.5, 10.8, 0), 53), 0, "hard", TALL,
              Light("dusk", 248, 9), (*lamps, Prop("tree", 4.8, -23, 3, size=(5.0, 7.6)),
              *_people(((0.6, -24), (1.3, -24.2)), 70),
              Prop("lamp", -2.2, -25))),
        Scene("gate_000090", "gate", "junk", Camera((-20, 1.7, -30), (-27, 6.5, 4), 58), 0, "junk", WIDE,
              Light("day", 160, 45), (Prop("tree", -19.4, -10, 2), Prop("car", -22, -14, 4))),
        Scene("gate_000094", "gate", "junk", Camera((5.5, 1.6, -11.8), (7.6, 3.0, -4), 62), 0, "junk", WIDE,
              Light("overcast", 200, 50), (Prop("crowd", 6.6, -7.6, 9, count=7), Prop("bush", 9.6, -6.5, 2))),
    )  # fmt: skip


def _museum() -> tuple[Scene, ...]:
    fence = (Prop("fence", -25.0, -12.5, count=10), Prop("fence", 5.0, -12.5, count=10))
    trees = (Prop("tree", -19.5, -7.5, 5, size=(7, 9)), Prop("tree", 20.0, -7.0, 6, size=(7, 9.5)))
    lamps = (Prop("lamp", -7.5, -9.5), Prop("lamp", 7.5, -9.5))
    return (
        Scene("museum_000009", "museum", "query", Camera((0.8, 1.7, -34), (0, 6.6, 0), 52), 1, "", WIDE,
              Light("day", 236, 40), (*trees, *lamps, *_people(((-3.5, -6), (5.6, -9)), 80))),
        Scene("museum_000038", "museum", "query", Camera((-19, 2.0, -27), (-0.6, 7.2, 2), 50), 1, "", WIDE,
              Light("golden", 205, 28), (*lamps, Prop("tree", 20, -7, 6, size=(7, 9.5)),
              Prop("person", -6.5, -10, 84))),
        Scene("museum_000002", "museum", "index", Camera((9, 1.7, -31), (0, 7.2, 1), 54), 1, "easy", WIDE,
              Light("day", 170, 50), (*trees, *lamps, *_people(((1.2, -5), (-7, -7.5), (3, -12)), 90),
              Prop("car", -6.5, -17, 5))),
        Scene("museum_000016", "museum", "index", Camera((-5, 1.7, -24), (-1.5, 7.4, 1), 62), 1, "easy", TALL,
              Light("overcast", 200, 50), (*lamps, *_people(((-2.2, -9), (-1.4, -9.2), (2.0, -6)), 100))),
        Scene("museum_000027", "museum", "index", Camera((-2, 5.5, -38), (0.5, 6.6, 0), 48), 1, "easy", WIDE,
              Light("golden", 250, 24), (*trees, *lamps, *fence, Prop("car", 4, -19, 0), Prop("bush", -12, -10.5, 3))),
        Scene("museum_000044", "museum", "index", Camera((24, 1.7, -17), (0.5, 7.0, 2), 58), 1, "hard", WIDE,
              Light("day", 210, 36), (*lamps, Prop("tree", 10.5, -9.5, 1, size=(5.5, 7.5)),
              Prop("person", 16, -13.2, 110))),
        Scene("museum_000059", "museum", "index", Camera((3, 1.7, -36), (-0.5, 6.7, 0), 52), 1, "hard", WIDE,
              Light("dusk", 255, 6), (*trees, *lamps, Prop("tree", -2.8, -17.5, 7, size=(5, 7.2)),
              Prop("car", 7, -20.5, 7), Prop("crowd", 2.4, -14, 12, count=6))),
        Scene("museum_000063", "museum", "junk", Camera((-24, 1.7, -22), (-22, 5.6, 3), 60), 1, "junk", WIDE,
              Light("day", 200, 44), (Prop("tree", -24.5, -7.5, 5), Prop("car", -20, -13, 1))),
        Scene("museum_000070", "museum", "junk", Camera((9.0, 1.7, -8.0), (13.5, 6.0, 3), 58), 1, "junk", TALL,
              Light("golden", 230, 30), (Prop("tree", 9.7, -2.9, 0, size=(4.2, 6.4)), Prop("bush", 12, -4, 5))),
    )  # fmt: skip


def _distractors() -> tuple[Scene, ...]:
    return (
        Scene("town_000007", "street", "distractor", Camera((-1.5, 1.7, -20), (1, 5.2, 20), 62), size=WIDE,
              light=Light("day", 235, 46), props=(Prop("tree", 5.0, 2, 3), Prop("car", -3.2, -2, 2),
              *_people(((2.2, -8), (3.0, -7.8), (-1, 6)), 120), Prop("lamp", 4.3, -6))),
        Scene("town_000021", "street", "distractor", Camera((2.5, 1.7, 4), (-3, 5.5, 26), 56), size=TALL,
              light=Light("golden", 250, 22), props=(Prop("stall", -2.2, 19, 2),
              *_people(((0.2, 14), (1.1, 17)), 130))),
        Scene("town_000034", "street", "distractor", Camera((0.5, 4.5, -26), (-0.5, 5, 10), 54), size=WIDE,
              light=Light("dusk", 262, 6), props=(Prop("lamp", -4.2, -8), Prop("lamp", 4.2, 2), Prop("car", 2.4, -6, 4),
              Prop("person", -1.2, -10, 140))),
    )  # fmt: skip


def demo_scenes() -> tuple[Scene, ...]:
    """All photographs of the demo set: 5 queries, 12 index images, 4 junk, 3 distractors in two query groups."""
    return (*_gate(), *_museum(), *_distractors())


def scene_named(name: str) -> Scene:
    """The demo scene called `name`; raises KeyError when there is none."""
    for scene in demo_scenes():
        if scene.name == name:
            return scene
    raise KeyError(name)


def random_scene(seed: int) -> Scene:
    """A new photograph of one of the two landmarks: another place, light and other things in the way."""
    random = np.random.default_rng(seed)
    town: Town = "gate" if random.random() < 0.5 else "museum"
    angle, far = np.radians(random.uniform(-48, 48)), random.uniform(27, 42)
    position = (float(far * np.sin(angle)) * 0.62, float(random.uniform(1.6, 5.0)), float(-far * np.cos(angle)))
    target = (float(random.uniform(-2, 2)), float(random.uniform(6.5, 10.5)), 0.0)
    mood = str(random.choice(["day", "golden", "overcast", "dusk"], p=[0.4, 0.25, 0.25, 0.1]))
    light = Light(mood, float(random.uniform(150, 260)), 7.0 if mood == "dusk" else float(random.uniform(24, 52)))
    kinds = random.choice(["tree", "person", "person", "car", "lamp", "stall", "crowd"], int(random.integers(3, 9)))
    props = tuple(
        Prop(
            str(kind), float(random.uniform(-13, 13)), float(random.uniform(-22, -9)), int(random.integers(99)), count=6
        )
        for kind in kinds
    )
    size = WIDE if random.random() < 0.5 else TALL
    camera = Camera(position, target, float(random.uniform(48, 64)))
    group = 0 if town == "gate" else 1
    return Scene(f"random_{seed:06d}", town, "index", camera, group, "easy", size, light, props, 1, seed)
