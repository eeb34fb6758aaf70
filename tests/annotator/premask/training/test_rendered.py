from __future__ import annotations

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from annotator.premask.training.correspondences import Photographs
from annotator.premask.training.rendered import seen_in_both, with_rendered
from resources.demo.render import view_of
from resources.demo.scenes import scene_named


def test_points_seen_in_both_views_show_the_same_stones() -> None:
    first, second = view_of(scene_named("gate_000005"), 0.4), view_of(scene_named("gate_000031"), 0.4)
    here, there = seen_in_both(np.random.default_rng(0), first, second)
    assert len(here) > 200
    for points, view in ((here, first), (there, second)):
        assert (points >= -0.5).all()
        assert (points <= np.array(view.lens.size) - 0.5).all()
    # The renderer's own paint, before any light, is the same in both views at the same place.
    paint = [cv2.resize(view.buffers.paint, view.lens.size, interpolation=cv2.INTER_AREA) for view in (first, second)]
    colours = [
        cv2.remap(one, points[:, None, 0], points[:, None, 1], cv2.INTER_LINEAR)[:, 0].astype(float)
        for one, points in zip(paint, (here, there), strict=True)
    ]
    same = np.abs(colours[0] - colours[1]).mean(axis=1)
    others = np.abs(colours[0] - np.roll(colours[1], 50, axis=0)).mean(axis=1)
    assert np.median(same) < 0.5 * np.median(others)


def test_rendered_views_come_after_the_photographs_and_are_paired_by_building() -> None:
    grey = np.full((8, 8), 9, np.uint8)
    before = Photographs((grey,), (np.zeros((0, 2), np.float32),), ())
    found = with_rendered(before, 4)
    assert len(found.images) == len(found.repeated) == 5
    assert found.images[0] is grey
    assert found.pairs
    for pair in found.pairs:
        assert pair.landmark in ("rendered_gate", "rendered_museum")
        assert 1 <= pair.first < pair.second <= 4
        assert len(pair.points_first) == len(pair.points_second) == len(pair.confidence) >= 200
    again = with_rendered(before, 4)
    assert all(np.array_equal(a, b) for a, b in zip(found.images, again.images, strict=True))
    assert np.array_equal(found.pairs[0].points_second, again.pairs[0].points_second)
