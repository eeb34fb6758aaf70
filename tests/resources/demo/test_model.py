"""The bricks of the town: every side looks outwards, every figure stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.demo.figures import car, fence, lamp, person, stall
from resources.demo.gate import build_gate
from resources.demo.model import Model, Place
from resources.demo.museum import build_museum
from resources.demo.plants import tree
from resources.demo.relief import Painter, Relief
from resources.demo.scenes import Prop, Scene, scene_named
from resources.demo.stairs import build_stairs
from resources.demo.town import town_of


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 360), st.floats(-9, 9), st.floats(-9, 9))
def test_a_place_turns_and_moves_without_stretching(x: float, z: float, turn: float, a: float, b: float) -> None:
    place = Place(x, z, turn)
    assert np.linalg.norm(place.at(a, 1.0, b) - place.at(0, 1.0, 0)) == pytest.approx(np.hypot(a, b), abs=1e-6)
    assert np.allclose(place.at(0, 0, 0), (x, 0, z))


def test_a_place_that_faces_east_has_its_back_in_the_west() -> None:
    assert np.allclose(Place(0, 0, 90).at(0, 0, 5), (-5, 0, 0))
    assert np.allclose(Place(0, 0, 90).at(3, 0, 0), (0, 0, 3))


@pytest.mark.parametrize("turn", [0.0, 37.0, 90.0, 180.0])
def test_all_sides_of_a_box_look_outwards(turn: float) -> None:
    model, place = Model(), Place(4, -7, turn)
    model.box(place, (-1, 2, 0, 3, 0, 5), {"all": Painter(1, 1, (1, 1, 1)).done()}, model.thing("building"))
    model.spire(place, (-1, 2, 3, 6, 0, 5), Painter(1, 1, (1, 1, 1)).done(), 0)
    assert len(model.surfaces) == 9
    inside = place.at(0.5, 1.5, 2.5)
    for surface in model.surfaces:
        outward = np.cross(surface.up, surface.right)
        middle = surface.origin + surface.right / 2 + surface.up / 3
        assert float(outward @ (middle - inside)) > 0


def test_stairs_end_on_the_ground_and_grow() -> None:
    model = Model()
    build_stairs(model, Place(0, 0), 3.0, 1.2, 4, 0.4, 0.2, (0.8, 0.8, 0.8), model.thing("building"))
    ends = np.array([p for s in model.surfaces for p in (s.origin, s.origin + s.right + s.up)])
    assert ends[:, 1].min() == pytest.approx(0, abs=1e-9)
    assert ends[:, 1].max() == pytest.approx(1.2)
    assert ends[:, 2].min() == pytest.approx(-1.6)
    assert ends[:, 0].max() == pytest.approx(3.6)


@pytest.mark.parametrize("build", [build_gate, build_museum])
def test_a_landmark_is_one_object_on_the_ground(build: object) -> None:
    assert callable(build)
    model = Model()
    thing = build(model, Place(0, 0))
    assert [t.is_object for t in model.things].count(True) == 1
    assert model.things[thing].is_object
    mine = [s for s in model.surfaces if s.thing == thing]
    assert len(mine) > 30
    low = min(min(float(s.origin[1]), float((s.origin + s.up)[1])) for s in mine)
    assert low == pytest.approx(0, abs=1e-6)


def test_the_wings_of_the_museum_adjoin_the_object() -> None:
    model = Model()
    build_museum(model, Place(0, 0))
    assert [t.adjoins for t in model.things] == [False, True]


FIGURES = [person(1), person(2), car(0), car(3), lamp(), fence(), stall(0), tree(1), tree(3, 2.4, 1.7, 0.0)]


@pytest.mark.parametrize("relief", FIGURES, ids=range(len(FIGURES)))
def test_a_figure_stands_on_the_ground_and_leaves_room_around_it(relief: Relief) -> None:
    solid = relief.paint[..., 3] > 127
    rows = np.flatnonzero(solid.any(axis=1))
    assert rows[-1] >= solid.shape[0] * 0.94
    assert rows[0] <= solid.shape[0] * 0.2
    assert 0.02 < solid.mean() < 0.95
    assert relief.height.shape == relief.glow.shape == solid.shape
    assert np.isfinite(relief.height).all()


def test_fences_and_lamps_are_thin() -> None:
    assert (fence().paint[..., 3] > 127).mean() < 0.35
    assert (lamp().paint[..., 3] > 127).mean() < 0.35


def test_people_differ() -> None:
    assert not np.array_equal(person(1).paint, person(2).paint)
    assert person(1) is person(1)


def test_props_become_things_of_their_kind() -> None:
    plain = scene_named("gate_000012")
    props = tuple(Prop(kind, 0, -20, 1, count=3) for kind in ("tree", "bush", "person", "car", "lamp", "stall"))
    crowd, railing = Prop("crowd", 0, -20, 1, count=3), Prop("fence", 0, -20, count=3)

    def with_(*what: Prop) -> Scene:
        return Scene("x", "gate", "index", plain.camera, props=what)

    base = len(town_of(with_()).things)
    kinds = [t.kind for t in town_of(with_(*props)).things[base:]]
    assert kinds == ["vegetation", "vegetation", "person", "vehicle", "street furniture", "other"]
    assert [t.kind for t in town_of(with_(crowd)).things[base:]] == ["person"]
    assert [t.kind for t in town_of(with_(railing)).things[base:]] == ["street furniture"] * 3
    assert len(town_of(with_()).things) == base
