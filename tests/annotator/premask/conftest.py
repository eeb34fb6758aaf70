"""Drawn facades for proposers: textured planes with known geometry, so that every truth is exact."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from annotator.premask.cache import FeatureCache
from annotator.premask.features import Pixels
from annotator.premask.protocol import IndexImage, Reference
from annotator.premask.source import FeatureSource
from annotator.premask.views import Budget

Scene = tuple[Pixels, NDArray[np.bool_]]


def facade(seed: int, width: int = 320, height: int = 280) -> Pixels:
    """A facade of irregular windows and stones: rich in features, no two places alike."""
    random = np.random.default_rng(seed)
    noise = random.integers(0, 255, (height // 6, width // 6, 3), dtype=np.uint8)
    image = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(60):
        x, y = int(random.integers(0, width - 30)), int(random.integers(0, height - 30))
        a, b = (int(v) for v in random.integers(8, 30, 2))
        colour = tuple(int(v) for v in random.integers(0, 255, 3))
        cv2.rectangle(image, (x, y), (x + a, y + b), colour, -1)
        cv2.rectangle(image, (x, y), (x + a, y + b), (20, 20, 20), 1)
    return np.asarray(image, dtype=np.uint8)


def scene(picture: Pixels, change: NDArray[np.float64], size: tuple[int, int], background: int) -> Scene:
    """`picture` seen through a homography before another textured background, and its mask."""
    ground = facade(background, *size) // 2 + 90
    seen = cv2.warpPerspective(picture, change, size, flags=cv2.INTER_AREA)
    full = np.full(picture.shape[:2], 255, np.uint8)
    mask = cv2.warpPerspective(full, change, size, flags=cv2.INTER_NEAREST) > 0
    return np.where(mask[..., None], seen, ground).astype(np.uint8), mask


def placed(scale: float, x: float, y: float, shear: float = 0.0, tilt: float = 0.0) -> NDArray[np.float64]:
    """A homography of scale, place, vertical shear and perspective."""
    return np.array([[scale, 0.0, x], [shear, scale, y], [tilt, 0.0, 1.0]])


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> FeatureSource:
    """Fewer features than in earnest, found once for all tests."""
    return FeatureSource(budget=Budget(crop=1200, index=2000), cache=FeatureCache(tmp_path_factory.mktemp("features")))


@pytest.fixture(scope="session")
def picture() -> Pixels:
    return facade(1)


@pytest.fixture(scope="session")
def reference(picture: Pixels) -> Reference:
    image, mask = scene(picture, placed(0.8, 60, 50), (420, 340), 2)
    return Reference(image, mask, "query", "query_0", "key-query-0")


@pytest.fixture(scope="session")
def oblique(picture: Pixels) -> tuple[IndexImage, NDArray[np.bool_]]:
    """The object smaller, sheared and in perspective, with its true mask."""
    image, mask = scene(picture, placed(0.75, 120, 70, 0.08, 0.0006), (520, 400), 3)
    return IndexImage(image, "oblique", "key-oblique"), mask


@pytest.fixture(scope="session")
def middle(picture: Pixels) -> IndexImage:
    """A view between the reference and the oblique one."""
    return IndexImage(scene(picture, placed(0.8, 90, 50, 0.03), (460, 360), 5)[0], "middle", "key-middle")


@pytest.fixture(scope="session")
def stranger() -> IndexImage:
    """An image without the object."""
    return IndexImage(facade(77, 480, 360), "stranger", "key-stranger")


@pytest.fixture
def iou() -> Callable[[NDArray[np.bool_], NDArray[np.bool_]], float]:
    def measure(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
        return float((one & other).sum() / max(1, (one | other).sum()))

    return measure
