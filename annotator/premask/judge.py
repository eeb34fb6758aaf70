"""How well a candidate geometry will do: its marks, from which the fitted confidence predicts the IoU."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.alignment import Alignment, Subject
from annotator.premask.evidence import PLANES
from annotator.premask.features import Floats
from annotator.premask.likeness import likeness
from annotator.premask.warp import projected
from annotator.premask.window import Window

MARKS = (
    "coverage",
    "residual",
    "fine",
    "coarse",
    "fine contrast",
    "seen",
    "explained",
    "background",
    "texture change",
    "squeeze",
    "turn",
    "enlargement",
    "bending",
    "perspective",
    "visible",
    "colour",
    "learned likeness",
    "learned likeness near",
    "agreement",
    "taken",
)
"""Names of the marks, in order.

Numbers of matches are not among them: they say more about a landmark's texture than about the geometry, and a
confidence that reads them does worse on landmarks that it was not fitted on (docs/premask.md).
"""


def marks(alignment: Alignment, subject: Subject, window: Window, planes: Floats) -> NDArray[np.float64]:
    """Numbers of about -1 to 3 that say how trustworthy a candidate looks: all of `MARKS` but those of the cut."""
    of = PLANES.index
    inner = planes[..., of("expected")] > 0.5
    mean_in = _mean(planes, inner)
    mean_out = _mean(planes, ~inner & (planes[..., of("depth")] > -0.4))
    linear = alignment.affine[:, :2]
    large, small = np.linalg.svd(linear, compute_uv=False)
    turn = np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1])
    return np.array(
        [
            alignment.coverage,
            min(2.0, alignment.residual * 50),
            mean_in[of("likeness fine")],
            mean_in[of("likeness coarse")],
            mean_in[of("likeness fine")] - mean_out[of("likeness fine")],
            mean_in[of("seen")],
            mean_in[of("explained")],
            mean_out[of("background matches")],
            mean_in[of("texture change")],
            np.log(large / max(small, 1e-9)),
            min(2.0, abs(float(turn)) * 3),
            np.clip(np.log(alignment.scale), -2.5, 1.5),
            _bending(alignment, subject),
            _perspective(alignment, subject),
            min(1.0, float(window.expected.sum()) / max(1.0, _expected_area(alignment, subject, window))),
            mean_in[of("colour")],
            *likeness(window),
        ]
    )


def with_cut(found: NDArray[np.floating], agreement: float, taken: float) -> NDArray[np.float64]:
    """The marks completed by the cut: the IoU that it expects of itself, and the share that it took away."""
    return np.append(found, [agreement * 2, taken * 2])


def _mean(planes: Floats, where: Mask) -> Floats:
    """`(len(PLANES),)`: the means of the planes over some pixels, 0 where there are none."""
    weights = where.ravel().astype(np.float32)
    total = np.float32(max(1.0, float(weights.sum())))
    return np.asarray((weights @ planes.reshape(-1, len(PLANES))) / total, dtype=np.float32)


def _corners(subject: Subject) -> NDArray[np.float64]:
    x1, y1, x2, y2 = subject.box
    return np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]], dtype=np.float64)


def _bending(alignment: Alignment, subject: Subject) -> float:
    """Mean correction over the mask's box, in object sizes, times 20."""
    x1, y1, x2, y2 = subject.box
    grid = np.stack(np.meshgrid(np.linspace(x1, x2, 7), np.linspace(y1, y2, 7)), axis=-1).reshape(-1, 2)
    shift = alignment.geometry.forward(grid) - projected(alignment.geometry.homography, grid)
    spread = shift - np.nanmean(shift, axis=0)
    return min(2.0, float(np.nanmean(np.linalg.norm(spread, axis=1))) / (subject.size * alignment.scale) * 20)


def _perspective(alignment: Alignment, subject: Subject) -> float:
    """How unequal the homography's enlargement is over the mask's box: 0 for an affine map."""
    corners = np.column_stack([_corners(subject), np.ones(4)])
    depth = corners @ alignment.geometry.homography[2]
    if depth.min() <= 1e-9:
        return 2.0
    return min(2.0, float(np.log(depth.max() / depth.min())) * 2)


def _expected_area(alignment: Alignment, subject: Subject, window: Window) -> float:
    return np.count_nonzero(subject.mask) * (alignment.scale * window.factor) ** 2
