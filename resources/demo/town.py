"""The three places: the square before the gate, the museum's garden, and a street of houses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from resources.demo.figures import car, fence, lamp, person, stall
from resources.demo.gate import build_gate
from resources.demo.houses import build_row
from resources.demo.model import Model, Place
from resources.demo.museum import build_museum
from resources.demo.plants import tree
from resources.demo.relief import Relief
from resources.demo.scenes import Prop, Scene, Town

KINDS = {
    "tree": "vegetation",
    "bush": "vegetation",
    "person": "person",
    "crowd": "person",
    "car": "vehicle",
    "lamp": "street furniture",
    "fence": "street furniture",
    "stall": "other",
}
FIGURES: dict[str, Callable[[Prop], Relief]] = {
    "tree": lambda prop: tree(prop.seed, *prop.size, stem=2.3),
    "bush": lambda prop: tree(prop.seed, 2.4, 1.7, 0.0),
    "person": lambda prop: person(prop.seed),
    "car": lambda prop: car(prop.seed),
    "stall": lambda prop: stall(prop.seed),
}


@lru_cache(maxsize=3)
def standing(town: Town) -> Model:
    """What stands there for good. Things 0 and 1 are sky and ground."""
    model = Model()
    model.thing("sky")
    model.thing("ground")
    if town == "gate":
        build_gate(model, Place(0, 0))
        build_row(model, Place(-39.4, 0.9), 28.0, 1, adjoins=True)
        build_row(model, Place(11.4, 0.9), 28.0, 2, adjoins=True)
        build_row(model, Place(-28, -46, 90), 38.0, 3)
        build_row(model, Place(28, -8, 270), 38.0, 4)
        build_row(model, Place(-10, -60, 180), 26.0, 5)
        build_row(model, Place(36, -60, 180), 27.0, 6)
    elif town == "museum":
        build_museum(model, Place(0, 0))
        build_row(model, Place(-56, 2.0), 29.0, 7)
        build_row(model, Place(27, 2.0), 29.0, 8)
        build_row(model, Place(-34, -44, 90), 36.0, 9)
        build_row(model, Place(34, -8, 270), 36.0, 10)
    else:
        build_row(model, Place(-7, -16, 90), 66.0, 11, 7.0, 11.0)
        build_row(model, Place(7, 50, 270), 66.0, 12, 7.0, 11.0)
        build_row(model, Place(-12, 54), 24.0, 13, 8.0, 11.0)
    return model


def _add_crowd(model: Model, prop: Prop) -> None:
    thing = model.thing("person")
    random = np.random.default_rng(prop.seed)
    for i in range(prop.count):
        x = prop.x + (i - prop.count / 2) * 0.5 + float(random.uniform(-0.15, 0.15))
        model.cutout(Place(x, prop.z + float(random.uniform(-0.9, 0.9))), (0, 0, 0), person(prop.seed * 10 + i), thing)


def _add_fence(model: Model, prop: Prop) -> None:
    place = Place(prop.x, prop.z, prop.turn)
    for i in range(prop.count):
        thing = model.thing("street furniture")
        box = (2.0 * i, 2.0 * i + 2.0, 0.0, 1.25, 0.0, 0.0)
        model.face(place, "front", box, fence(), thing, both=True)


def _add(model: Model, prop: Prop) -> None:
    if prop.kind == "crowd":
        _add_crowd(model, prop)
        return
    if prop.kind == "lamp":
        model.cutout(Place(prop.x, prop.z), (0, 0, 0), lamp(), model.thing(KINDS["lamp"]))
        return
    if prop.kind == "fence":
        _add_fence(model, prop)
        return
    model.cutout(Place(prop.x, prop.z), (0, 0, 0), FIGURES[prop.kind](prop), model.thing(KINDS[prop.kind]))


def town_of(scene: Scene) -> Model:
    """Everything that can be seen in `scene`, the props after what stands there for good."""
    there = standing(scene.town)
    model = Model(list(there.things), list(there.surfaces), list(there.footprints))
    for prop in scene.props:
        _add(model, prop)
    return model


@dataclass(frozen=True, slots=True)
class Ground:
    """Colours of the ground of a town: its paving, its lawns or road."""

    paving: tuple[float, float, float]
    lawn: tuple[tuple[float, float, float, float], ...] = ()
    path: tuple[tuple[float, float, float, float], ...] = ()
    road: tuple[tuple[float, float, float, float], ...] = ()


GROUNDS: dict[Town, Ground] = {
    "gate": Ground(
        (0.60, 0.56, 0.50), ((-90, 7, 90, 95),), ((-3.2, -60, 3.2, 60), (-27, -5.5, 27, -2.9)), ((-90, -59, 90, -49.5),)
    ),
    "museum": Ground(
        (0.64, 0.60, 0.53),
        ((-27, -11.6, -5.5, -1.5), (5.5, -11.6, 27, -1.5), (-95, 16, 95, 95)),
        ((-34, -13.2, 34, -11.8),),
        ((-95, -23.0, 95, -14.5),),
    ),
    "street": Ground((0.58, 0.54, 0.50), ((-95, 64, 95, 95),), ((-7, -40, -4.6, 54), (4.6, -40, 7, 54))),
}
