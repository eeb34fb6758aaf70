"""Small scenes whose pixels can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from resources.demo.backdrop import draw_ground
from resources.demo.camera import Camera, Lens, lens_of
from resources.demo.light import MOODS, Light
from resources.demo.model import Model, Place
from resources.demo.relief import Painter, Relief
from resources.demo.shadow import sun_map, sunlight
from resources.demo.zbuffer import GROUND, SKY, Buffers, draw, empty

SUN = Light("day", 180, 45).sun()


def board(width: float, height: float, colour: tuple[float, float, float] = (1.0, 0.0, 0.0)) -> Relief:
    panel = Painter(width, height, colour, 16.0)
    return Relief(
        panel.size,
        np.dstack([panel.colour * 255, panel.alpha * 255]).astype(np.uint8),
        panel.height,
        np.zeros(panel.height.shape, np.uint8),
    )


def looking_north(size: tuple[int, int] = (101, 101), height: float = 5.0) -> Lens:
    """90 degrees wide, 10 m south of the origin: half the image is 10 m there."""
    return lens_of(Camera((0, height, -10), (0, height, 0), 90), size)


def drawn(model: Model, lens: Lens) -> Buffers:
    buffers = empty(lens.size)
    draw(buffers, lens, model, SUN)
    return buffers


def town() -> Model:
    model = Model()
    model.thing("sky")
    model.thing("ground")
    return model


def test_a_wall_covers_the_pixels_it_should() -> None:
    model, lens = town(), looking_north()
    thing = model.thing("building")
    model.face(Place(0, 0), "front", (-5.0, 5.0, 0.0, 10.0, 0.0, 0.0), board(10, 10), thing)
    buffers = drawn(model, lens)
    # 5 m at 10 m is half of half the image: 25.25 pixels on each side of the middle pixel, 50.
    rows, columns = np.nonzero(buffers.thing == thing)
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (25, 75, 25, 75)
    assert np.allclose(buffers.depth[buffers.thing == thing], 10.0, atol=1e-3)
    assert (buffers.paint[buffers.thing == thing] == (255, 0, 0)).all()
    assert (buffers.thing == SKY).sum() == 101 * 101 - 51 * 51


def test_the_nearest_surface_wins_and_the_object_is_known_behind_it() -> None:
    model, lens = town(), looking_north()
    thing = model.thing("building", is_object=True)
    before = model.thing("person")
    model.face(Place(0, 0), "front", (-5.0, 5.0, 0.0, 10.0, 0.0, 0.0), board(10, 10), thing)
    model.face(Place(0, -5), "front", (-1.0, 1.0, 4.0, 6.0, 0.0, 0.0), board(2, 2), before)
    buffers = drawn(model, lens)
    assert buffers.thing[50, 50] == before
    assert buffers.hit[50, 50]
    assert buffers.depth[50, 50] == pytest.approx(5.0, abs=1e-3)
    assert buffers.thing[30, 30] == thing
    assert buffers.hit.sum() == 51 * 51


def test_a_wall_has_no_back_and_a_two_sided_one_has() -> None:
    for both in (False, True):
        model, lens = town(), looking_north()
        thing = model.thing("building")
        model.face(Place(0, 0), "back", (-5.0, 5.0, 0.0, 10.0, 0.0, 0.0), board(10, 10), thing, both)
        assert (drawn(model, lens).thing == thing).any() == both


def test_a_surface_that_passes_the_camera_is_clipped() -> None:
    model, lens = town(), looking_north()
    thing = model.thing("building")
    model.face(Place(0, 0), "right", (-3.0, -3.0, 0.0, 10.0, -40.0, 40.0), board(80, 10), thing)
    buffers = drawn(model, lens)
    columns = np.nonzero(buffers.thing == thing)[1]
    assert columns.min() == 0
    assert columns.max() < 50
    assert buffers.depth[50, 0] == pytest.approx(3.0, abs=0.05)


def test_holes_of_a_relief_are_seen_through() -> None:
    model, lens = town(), looking_north()
    thing = model.thing("building", is_object=True)
    relief = board(10, 10)
    relief.paint[60:100, 60:100, 3] = 0
    model.face(Place(0, 0), "front", (-5.0, 5.0, 0.0, 10.0, 0.0, 0.0), relief, thing)
    buffers = drawn(model, lens)
    assert buffers.thing[50, 50] == SKY
    assert not buffers.hit[50, 50]


@pytest.mark.parametrize("x", [-8.0, 0.0, 7.0])
def test_a_cut_out_always_faces_the_camera(x: float) -> None:
    model, lens = town(), lens_of(Camera((0, 2, -10), (x, 2, 0), 60), (101, 101))
    thing = model.thing("person")
    model.cutout(Place(x, 0), (0, 0, 0), board(2, 4), thing)
    columns = np.nonzero((drawn(model, lens).thing == thing).any(axis=0))[0]
    focal, far = 101 / 2 / np.tan(np.radians(30)), np.hypot(x, 10)
    assert len(columns) == pytest.approx(2 * focal / far, abs=1.5)


def test_the_ground_lies_where_the_rays_meet_it() -> None:
    lens = looking_north(height=2.0)
    buffers = empty(lens.size)
    draw_ground(buffers, lens, "street", town(), 0.7)
    assert (buffers.thing[:50] == SKY).all()
    assert (buffers.thing[55:] == GROUND).all()
    # The lowest row looks down by 50 / 50.5: 2 m below at 2.02 m of depth.
    assert np.allclose(buffers.depth[100], 2.0 * 50.5 / 50, rtol=1e-3)
    assert (buffers.light[60, 10] == (178, 235, 0)).all()


def test_a_wall_throws_its_shadow_away_from_the_sun() -> None:
    model, lens = town(), lens_of(Camera((0, 20, -30), (0, 0, 0), 60), (120, 120))
    model.face(Place(0, 0), "front", (-3.0, 3.0, 0.0, 4.0, 0.0, 0.0), board(6, 4), model.thing("building"), both=True)
    buffers = empty(lens.size)
    draw_ground(buffers, lens, "street", model, float(SUN[1]))
    lit = sunlight(sun_map(model, SUN, np.zeros(3), 20.0), lens, buffers.depth)

    def at(x: float, z: float) -> float:
        pixel = np.rint(lens.project(np.array([[x, 0.0, z]]))[0][0]).astype(int)
        return float(lit[pixel[1], pixel[0]])

    # The sun stands in the south at 45 degrees: a shadow of 4 m to the north.
    assert at(0, 2.0) < 0.1
    assert at(0, 5.5) > 0.9
    assert at(0, -2.0) > 0.9
    assert at(4.5, 2.0) > 0.9


def test_the_sun_stands_where_the_light_says() -> None:
    assert np.allclose(Light("day", 90, 0).sun(), (1, 0, 0))
    assert np.allclose(Light("day", 0, 90).sun(), (0, 1, 0))
    assert np.allclose(Light("dusk", 180, 0).sun(), (0, 0, -1))
    assert Light("overcast").colours() is MOODS["overcast"]
