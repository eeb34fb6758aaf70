"""Zoom and place: pixel-exact, and the way back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor

from annotator.datasets.decode import decode, decode_bgra
from annotator.ui.canvas.adjustment import Adjustment
from annotator.ui.canvas.backdrop import Backdrop, BackdropStyle
from annotator.ui.canvas.pyramid import ImagePyramid, build_pyramid, halved
from annotator.ui.canvas.view_transform import ViewTransform, fitted, framed

GROUND, TINT = QColor("#171717"), QColor("#35C6FF")
PLAIN = BackdropStyle(GROUND, TINT, 0.16)


def photograph(width: int = 60, height: int = 40) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)


def pixels(backdrop: Backdrop) -> np.ndarray:
    image = backdrop.image
    raw = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return raw[:, : image.width(), 2::-1].copy()  # the backdrop's memory goes with it


def render(rgb: np.ndarray, view: ViewTransform, size: tuple[int, int], ratio: float = 1.0, mask=None, style=PLAIN):
    backdrop = Backdrop(*size)
    backdrop.render(backdrop.rect, build_pyramid(rgb), mask, view, ratio, style)
    return pixels(backdrop)


@given(st.floats(0.05, 20), st.floats(-500, 500), st.floats(-500, 500), st.floats(-50, 900), st.floats(-50, 900))
def test_to_the_widget_and_back(scale: float, x: float, y: float, px: float, py: float) -> None:
    view = ViewTransform(scale, x, y)
    assert view.to_image(view.to_widget((px, py))) == pytest.approx((px, py), abs=1e-6)
    device = view.points_to_device(np.array([[px, py]]), 2.0)
    assert device[0] / 2 == pytest.approx(view.to_widget((px, py)), abs=1e-6)


@given(st.floats(0.05, 20), st.floats(0.02, 60), st.floats(0, 800), st.floats(0, 600))
def test_zooming_keeps_the_point_under_the_cursor(before: float, after: float, x: float, y: float) -> None:
    view = ViewTransform(before, 30, 40)
    zoomed = view.zoomed(after, (x, y))
    assert zoomed.to_image((x, y)) == pytest.approx(view.to_image((x, y)), abs=1e-6)


def test_fit_and_frame() -> None:
    view = fitted((400, 200), (824, 624))
    assert view.scale == 2.0
    assert (view.x, view.y) == (12, 112)
    assert fitted((10, 10), (824, 624)).scale == 4.0
    close = framed((100, 100, 120, 110), (800, 600))
    assert close.to_widget((110, 105)) == pytest.approx((400, 300))
    assert close.scale == 8.0


def test_the_image_cannot_be_lost() -> None:
    assert ViewTransform(1, 9000, -9000).kept_in((400, 200), (800, 600)) == ViewTransform(1, 736, -136)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_100_percent_shows_the_pixels_themselves(ratio: float) -> None:
    rgb = photograph()
    view = ViewTransform(1 / ratio, 5 / ratio, 3 / ratio)
    shown = render(rgb, view, (80, 60), ratio)
    assert np.array_equal(shown[3:43, 5:65], rgb)
    assert (shown[:3] == 0x17).all()
    assert (shown[:, 65:] == 0x17).all()


@pytest.mark.parametrize("zoom", [3, 4, 8])
def test_above_200_percent_pixels_are_squares(zoom: int) -> None:
    rgb = photograph(20, 12)
    shown = render(rgb, ViewTransform(float(zoom), 7, 2), (20 * zoom + 10, 12 * zoom + 5))
    squares = np.repeat(np.repeat(rgb, zoom, axis=0), zoom, axis=1)
    assert np.array_equal(shown[2 : 2 + 12 * zoom, 7 : 7 + 20 * zoom], squares)


def test_small_views_show_the_mean_of_what_they_cover() -> None:
    rgb = photograph(256, 256)
    shown = render(rgb, ViewTransform(0.25, 0, 0), (64, 64))
    means = rgb.reshape(64, 4, 64, 4, 3).mean(axis=(1, 3))
    assert np.abs(shown - means).max() <= 2


def test_a_part_is_rendered_like_the_whole() -> None:
    rgb, view = photograph(90, 70), ViewTransform(1.7, 11, 13)
    mask = np.zeros((70, 90), dtype=np.bool_)
    mask[20:50, 10:60] = True
    whole = Backdrop(150, 130)
    whole.render(whole.rect, build_pyramid(rgb), mask, view, 1.0, PLAIN)
    parts = Backdrop(150, 130)
    for rect in (QRect(0, 0, 70, 130), QRect(70, 0, 80, 60), QRect(70, 60, 80, 70)):
        parts.render(rect, build_pyramid(rgb), mask, view, 1.0, PLAIN)
    assert np.abs(pixels(whole).astype(int) - pixels(parts)).max() <= 2


def test_the_tint_lies_on_the_mask_and_nowhere_else() -> None:
    rgb = np.full((30, 40, 3), 100, dtype=np.uint8)
    mask = np.zeros((30, 40), dtype=np.bool_)
    mask[5:20, 10:31] = True
    shown = render(rgb, ViewTransform(4.0, 0, 0), (160, 120), mask=mask)
    tinted = (shown != 100).any(axis=2)
    assert np.array_equal(tinted, np.repeat(np.repeat(mask, 4, axis=0), 4, axis=1))
    expected = 100 * 0.84 + 0.16 * np.array([0x35, 0xC6, 0xFF])
    assert np.abs(shown[40, 80] - expected).max() <= 1.5


def test_adjustment_changes_the_view_and_not_the_image() -> None:
    rgb = photograph()
    pyramid = build_pyramid(rgb)
    before = [level.copy() for level in pyramid.levels]
    for adjustment in (
        Adjustment(brightness=0.3),
        Adjustment(contrast=0.5),
        Adjustment(gamma=2),
        Adjustment(edges=True),
    ):
        style = BackdropStyle(GROUND, TINT, 0.0, adjustment)
        shown = render(rgb, ViewTransform(1, 0, 0), (60, 40), style=style)
        assert not np.array_equal(shown, rgb)
    assert all(np.array_equal(level, kept) for level, kept in zip(pyramid.levels, before, strict=True))


def test_the_table_of_an_adjustment() -> None:
    assert np.array_equal(Adjustment().table(), np.arange(256))
    assert Adjustment(brightness=0.5).table()[0] == 128
    assert Adjustment(gamma=2).table()[64] == pytest.approx(128, abs=1)
    steep = Adjustment(contrast=0.6).table().astype(int)
    assert (np.diff(steep) >= 0).all()
    assert steep[60] < 60 < 190 < steep[200]


def test_the_edge_view_is_dark_where_nothing_changes() -> None:
    rgb = np.zeros((40, 40, 3), dtype=np.uint8)
    rgb[:, 20:] = 200
    style = BackdropStyle(GROUND, TINT, 0.0, Adjustment(edges=True))
    shown = render(rgb, ViewTransform(1, 0, 0), (40, 40), style=style)
    assert shown[20, 20].min() > 60
    assert shown[20, 5].max() == 0


@given(st.integers(1, 700), st.integers(1, 700))
def test_levels_halve_until_they_are_small(width: int, height: int) -> None:
    pyramid = build_pyramid(np.zeros((height, width, 3), dtype=np.uint8))
    assert pyramid.size == (width, height)
    for larger, smaller in zip(pyramid.levels, pyramid.levels[1:], strict=False):
        assert smaller.shape[:2] == ((larger.shape[0] + 1) // 2, (larger.shape[1] + 1) // 2)
    assert pyramid.level_for(1.0) is pyramid.levels[0]
    assert pyramid.level_for(1e-9) is pyramid.levels[-1]


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_file_shows_the_pixels_that_everybody_reads(tmp_path: Path, orientation: int) -> None:
    path, exif = tmp_path / "a.jpg", Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(photograph(333, 201)).save(path, exif=exif)
    shown, read = halved(decode_bgra(path)), build_pyramid(decode(path))
    assert shown.size == ((333, 201) if orientation == 1 else (201, 333))
    assert len(shown.levels) == len(read.levels) == 4
    for mine, theirs in zip(shown.levels, read.levels, strict=True):
        assert np.array_equal(mine, theirs)


def test_the_level_has_a_pixel_for_each_pixel_shown() -> None:
    pyramid: ImagePyramid = build_pyramid(np.zeros((1000, 2000, 3), dtype=np.uint8))
    assert pyramid.level_for(0.6).shape[1] == 2000
    assert pyramid.level_for(0.5).shape[1] == 1000
    assert pyramid.level_for(0.3).shape[1] == 1000
    assert pyramid.level_for(0.2).shape[1] == 500
