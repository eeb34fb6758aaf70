"""Likeness of descriptors in whole numbers: what a product of floats says, in blocks, without overflow."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.premask.products import RESOURCE, products
from resources import accessor


def unit(random: np.random.Generator, count: int, length: int, signed: bool = True) -> np.ndarray:
    rows = random.normal(size=(count, length)) if signed else random.random((count, length))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def whole(one: np.ndarray, other: np.ndarray, block: int = 1000) -> np.ndarray:
    return np.concatenate([likeness for _, likeness in products(one, other, block)])


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("length", [32, 64, 128])
def test_it_is_the_inner_product_to_two_hundredths(signed: bool, length: int):
    random = np.random.default_rng(length)
    one, other = unit(random, 40, length, signed), unit(random, 70, length, signed)
    exact, found = one @ other.T, whole(one, other)
    factor = float((exact * found).sum() / (found.astype(np.float64) ** 2).sum())
    assert found.shape == (40, 70)
    assert np.abs(found * factor - exact).mean() < 0.005
    assert np.abs(found * factor - exact).max() < 0.02


def test_rows_come_in_blocks_in_their_order():
    random = np.random.default_rng(1)
    one, other = unit(random, 25, 32), unit(random, 9, 32)
    parts = list(products(one, other, block=10))
    assert [(rows.start, rows.stop) for rows, _ in parts] == [(0, 10), (10, 20), (20, 25)]
    assert np.array_equal(np.concatenate([likeness for _, likeness in parts]), whole(one, other))


def test_the_largest_numbers_do_not_overflow():
    """All parts of all descriptors at their extremes: what adds products in 16 bits would wrap or stop here."""
    alike = np.full((3, 512), 0.04, dtype=np.float32)
    assert (whole(alike, alike) == 127 * 127 * 512).all()
    mixed = np.where(np.arange(512) % 2, 0.04, -0.04).astype(np.float32)[None].repeat(3, axis=0)
    assert (whole(mixed, mixed) == 63 * 127 * 512).all()
    assert (whole(mixed, -mixed) == -63 * 127 * 512).all()


def test_descriptors_of_nothing_but_zeros_are_like_nothing():
    random = np.random.default_rng(2)
    assert not whole(np.zeros((4, 32), np.float32), unit(random, 5, 32)).any()


def test_the_installed_model_is_what_its_script_writes():
    pytest.importorskip("onnx")
    from annotator.premask.training.product import product_model

    assert accessor.read_bytes(RESOURCE) == product_model()
