from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest


@pytest.fixture(scope="package")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two photographs of one textured plane, a known homography apart, in the form of a data folder."""
    folder = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(0)
    texture = cv2.resize(rng.integers(0, 255, (120, 160), dtype=np.uint8), (1000, 750), interpolation=cv2.INTER_CUBIC)
    apart = np.array([[0.95, 0.04, 12.0], [-0.03, 1.02, -8.0], [2e-5, 1e-5, 1.0]])
    other = cv2.warpPerspective(texture, apart, (1000, 750))
    for part in ("wall", "unpaired"):
        (folder / "images" / part).mkdir(parents=True)
        cv2.imwrite(str(folder / "images" / part / "a.jpg"), texture)
        cv2.imwrite(str(folder / "images" / part / "b.jpg"), other)
    points = rng.uniform(60, 690, (3000, 2)).astype(np.float32)
    there = cv2.perspectiveTransform(points[None], apart)[0]
    inside = ((there > 5) & (there < [990, 740])).all(1)
    (folder / "matches").mkdir()
    np.savez(
        folder / "matches" / "wall.npz",
        images=np.array(["a", "b"]),
        pairs=np.array([[0, 1]]),
        offsets=np.array([0, inside.sum()]),
        points_a=(points[inside] * 8).astype(np.uint16),
        points_b=(there[inside] * 8).astype(np.uint16),
        confidence=np.ones(inside.sum(), np.float16),
        track=np.arange(inside.sum()),
        fundamental=np.zeros((1, 3, 3)),
    )
    (folder / "split.json").write_text(json.dumps({"train": ["wall"], "validation": ["wall"], "unpaired": "unpaired"}))
    return folder
