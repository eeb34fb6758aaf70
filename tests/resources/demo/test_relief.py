"""Painting surfaces and lighting them."""

from __future__ import annotations

import numpy as np
import pytest

from resources.demo.light import Light
from resources.demo.masonry import brick, pointed, shingles, stone
from resources.demo.openings import arch, battlements, clock, door, ledge, window
from resources.demo.pixels import clouds_of, put, ramp, shifted, tile_noise
from resources.demo.relief import Painter, hollows, lit, paint_of, self_shadow
from resources.demo.shade import developed, nearness_shade

AHEAD = ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0))
RIM = (0.9, 0.9, 0.9)


def test_a_part_is_counted_from_the_bottom_left() -> None:
    wall = Painter(4, 2, (0, 0, 0), 10.0)
    wall.block(1, 0, 2, 0.5, (1, 1, 1), 0.1)
    rows, columns = np.nonzero(wall.height > 0.05)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (15, 19, 10, 19)


@pytest.mark.parametrize("sharp", [False, True])
def test_an_open_arch_is_a_hole_of_its_size(sharp: bool) -> None:
    wall = Painter(6, 8, (0.5, 0.5, 0.5), 20.0)
    arch(wall, 3, 1, 2, 4, sharp=sharp, rim=RIM)
    hole = wall.alpha < 0.5
    rows, columns = np.nonzero(hole)
    assert (columns.max() - columns.min() + 1) / 20 == pytest.approx(2, abs=0.1)
    assert (rows.max() - rows.min() + 1) / 20 == pytest.approx(4, abs=0.15)
    assert 5.5 < hole.sum() / 400 < 8
    if not sharp:
        assert hole.sum() / 400 == pytest.approx(2 * 3 + np.pi / 2, abs=0.1)


def test_a_niche_is_not_open() -> None:
    wall = Painter(3, 4, (0.5, 0.5, 0.5), 20.0)
    arch(wall, 1.5, 0.5, 1, 2, sharp=True, rim=RIM, open_=False)
    assert wall.alpha.min() == 1
    assert wall.height.min() < -0.2


@pytest.mark.parametrize("arched", ["flat", "round", "sharp"])
def test_a_window_has_deep_glass_behind_bars(arched: str) -> None:
    wall = Painter(3, 4, (0.8, 0.8, 0.8), 40.0)
    window(wall, 1.5, 1, 1, 2, rim=RIM, seed=3, arched=arched)
    assert wall.height.min() == pytest.approx(-0.22, abs=0.01)
    glass = wall.height < -0.2
    assert 0.8 < glass.sum() / 1600 < 2.0
    assert wall.colour[glass].mean() < 0.6
    assert wall.height[wall.part(1.49, 1.3, 1.51, 1.4)].max() > -0.15


def test_lit_windows_do_not_shine_through_their_bars() -> None:
    shining = 0
    for seed in range(12):
        wall = Painter(3, 4, (0.8, 0.8, 0.8), 40.0)
        window(wall, 1.5, 1, 1, 2, rim=RIM, seed=seed)
        assert wall.glow[wall.part(1.49, 1.1, 1.51, 1.5)].max() == 0
        shining += bool(wall.glow.max() > 0.3)
    assert 2 <= shining <= 10


def test_ledges_doors_and_clocks_change_what_they_cover() -> None:
    wall = Painter(4, 6, (0.8, 0.8, 0.8), 30.0)
    ledge(wall, 4, 0.3, 0.25, RIM)
    door(wall, 1, 1, 2.2, rim=RIM, wood=(0.3, 0.2, 0.1))
    clock(wall, 3, 3, 0.6, 4.2)
    assert wall.height.max() == pytest.approx(0.25)
    assert wall.colour[wall.part(0.8, 0.3, 1.2, 0.5)].mean() < 0.4
    blue = wall.colour[wall.part(2.7, 2.7, 3.3, 3.3)]
    assert blue[..., 2].mean() > blue[..., 0].mean() * 0.9


def test_battlements_let_about_half_of_the_sky_through() -> None:
    wall = Painter(8, 3, (0.8, 0.8, 0.8), 20.0)
    battlements(wall, 2, 1.0, RIM)
    assert wall.alpha[wall.part(0, 2, 8, 3)].mean() == pytest.approx(0.54, abs=0.05)
    assert wall.alpha[wall.part(0, 0, 8, 1.9)].min() == 1


def test_a_gable_is_half_of_its_box() -> None:
    assert pointed(Painter(6, 4, (1, 1, 1))).alpha.mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("make", [stone, brick])
def test_masonry_has_joints_and_its_colour(make: object) -> None:
    assert callable(make)
    wall = make(4.0, 3.0, (0.7, 0.6, 0.5), 5)
    assert np.allclose(wall.colour.mean(axis=(0, 1)), (0.7, 0.6, 0.5), atol=0.09)
    assert wall.height.std() > 0.002


def test_shingles_rise_towards_their_lower_edge() -> None:
    roof = shingles(3, 3, (0.5, 0.3, 0.2), 1, (0.3, 0.3))
    column = roof.height.mean(axis=1)
    assert column.max() - column.min() > 0.03


def test_light_from_ahead_is_full_and_from_behind_none() -> None:
    relief = Painter(2, 2, (1, 1, 1), 10.0).done()
    assert lit(relief, 0, AHEAD)[..., 0].min() >= 250
    assert lit(relief, 0, ((0.0, 0.0, -1.0), (0.0, 1.0, 0.0)))[..., 0].max() == 0
    assert paint_of(relief, 1).shape == (10, 10, 4)


def test_a_ledge_throws_a_shadow_downwards_when_the_sun_is_above() -> None:
    height = np.zeros((60, 60), np.float32)
    height[20:24] = 0.3
    open_ = self_shadow(height, 20.0, (0.0, 0.7, 0.7))
    # 0.3 m out at 45 degrees: 0.3 m or 6 pixels of shadow.
    assert open_[26, 30] < 0.2
    assert open_[34, 30] > 0.9
    assert open_[12, 30] > 0.9


def test_the_foot_of_what_stands_out_is_darker() -> None:
    wall = Painter(4, 4, (1, 1, 1), 20.0)
    wall.block(1.5, 1.5, 2.5, 2.5, None, 0.6)
    openness = hollows(wall.done(), 0)
    assert openness[40, 27] < openness[40, 2] - 0.1
    assert 0 < openness.min() <= openness.max() <= 1


def test_noise_repeats_where_it_should() -> None:
    tile = tile_noise(64, 1.0, 3)
    inner = np.abs(np.diff(tile, axis=0)).mean()
    assert np.abs(tile[0] - tile[-1]).mean() < 3 * inner
    assert tile.std() == pytest.approx(1, abs=1e-3)
    assert np.array_equal(clouds_of((20, 30), 8, 4), clouds_of((20, 30), 8, 4))
    assert not np.array_equal(clouds_of((20, 30), 8, 4), clouds_of((20, 30), 8, 5))


def test_small_doors_to_opencv_do_what_they_say() -> None:
    image = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert shifted(image, 1, 0)[0].tolist() == [1, 2, 3, 3]
    assert ramp(np.array([0, 0.5, 2], np.float32), 0, 1).tolist() == [0, 0.5, 1]
    target, where = np.zeros((4, 4, 3), np.uint8), np.zeros((2, 2), np.bool_)
    where[0, 1] = True
    put(target[1:3, 1:3], np.full((2, 2, 3), 7, np.uint8), where)
    assert target.sum() == 21
    assert target[1, 2].tolist() == [7, 7, 7]


def test_development_keeps_order_and_range() -> None:
    grey = np.repeat(np.linspace(0, 3, 64, dtype=np.float32)[None, :, None], 64, axis=0).repeat(3, axis=2)
    image = developed(grey, Light(), 1)
    profile = image.mean(axis=(0, 2))
    assert image.dtype == np.uint8
    assert profile[0] < 6
    assert profile[40] > profile[20] > profile[5]
    assert np.array_equal(image, developed(grey, Light(), 1))


def test_places_behind_a_near_edge_are_darkened() -> None:
    depth = np.full((80, 80), 20.0, np.float32)
    depth[:, :40] = 8.0
    shade = nearness_shade(depth)
    assert shade[40, 42] < 0.9
    assert shade[40, 10] > 0.97
    assert shade[40, 76] > 0.97
