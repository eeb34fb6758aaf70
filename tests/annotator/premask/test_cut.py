"""The region cut: thick, large parts are taken or added, everything else stays the warp's."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.premask.cut import agreement, change_of, changed, left_in, main_parts
from annotator.premask.window import Window


def square_window(factor: float = 1.0) -> Window:
    expected = np.zeros((120, 140), np.float32)
    expected[20:100, 30:110] = 1
    image = np.zeros((120, 140, 3), np.uint8)
    return Window((10.0, 20.0), factor, image, image, expected, np.ones((120, 140), dtype=bool))


def sure(window: Window) -> np.ndarray:
    return np.where(window.expected > 0.5, 0.95, 0.05).astype(np.float32)


def test_evidence_that_agrees_changes_nothing():
    window = square_window()
    change = change_of(window, sure(window))
    assert not change.any()
    assert agreement(left_in(window, change), sure(window)) > 0.85


def test_a_large_occluded_part_is_taken():
    window = square_window()
    inside = sure(window)
    inside[60:100, 30:110] = 0.02
    change = change_of(window, inside)
    assert (change[70:95, 40:100] == -1).all()
    assert not change[:50].any()


def test_a_small_occlusion_stays_inside():
    window = square_window()
    inside = sure(window)
    inside[50:56, 60:66] = 0.0
    assert not change_of(window, inside).any()


def test_a_part_beside_the_mask_is_added_only_when_sure():
    window = square_window()
    inside = sure(window)
    inside[40:80, 112:138] = 0.6
    assert not change_of(window, inside).any()
    inside[40:80, 112:138] = 0.99
    assert (change_of(window, inside)[45:75, 117:133] == 1).all()


def test_evidence_against_everything_is_not_believed():
    window = square_window()
    assert not change_of(window, np.zeros_like(window.expected)).any()


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_the_change_lands_in_the_image(factor: float):
    window = square_window(factor)
    change = np.zeros((120, 140), np.int8)
    change[60:100, 30:110] = -1
    warped = np.zeros((300, 320), dtype=bool)
    top, left = int(20 + 20 / factor), int(10 + 30 / factor)
    warped[top : top + int(80 / factor), left : left + int(80 / factor)] = True
    found = changed(warped, window, change)
    assert abs(found.sum() / warped.sum() - 0.5) < 0.05
    assert found[top + 2, left + 5]
    assert not found[top + int(70 / factor), left + 5]


def test_small_components_are_dropped():
    mask = np.zeros((50, 60), dtype=bool)
    mask[5:40, 5:40] = True
    mask[45:47, 55:57] = True
    mask[5:20, 45:58] = True
    kept = main_parts(mask)
    assert not kept[45:47, 55:57].any()
    assert kept[5:20, 45:58].all()
    assert kept[5:40, 5:40].all()


def test_an_empty_mask_stays_empty():
    assert not main_parts(np.zeros((5, 6), dtype=bool)).any()
