"""Local features of an image, and the interface behind which RootSIFT and learned features stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
"""float32 of any shape that the name beside it tells."""

Pixels = NDArray[np.uint8]
"""uint8 `(height, width, 3)` RGB."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """`n` local features in the pixels of one whole image, whatever crop or scale they were found at.

    `points` `(n, 2)` xy, `scales` `(n,)` diameters in pixels, `angles` `(n,)` radians (x to y), `descriptors` `(n, d)`
    of unit length, `scores` `(n,)` larger is better. All float32.
    """

    points: Floats
    scales: Floats
    angles: Floats
    descriptors: Floats
    scores: Floats

    def __len__(self) -> int:
        return len(self.points)

    @property
    def framed(self) -> bool:
        """Whether scales and angles tell how a feature lies; learned upright features do not."""
        return len(self) > 1 and float(np.ptp(self.angles)) > 0

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Features:
        """The features of some rows."""
        return Features(
            self.points[rows], self.scales[rows], self.angles[rows], self.descriptors[rows], self.scores[rows]
        )


class Extractor(Protocol):
    """What finds features in an image: `key` names the method and its parameters, for the cache."""

    @property
    def key(self) -> str:
        """Name and parameters; another key means other features."""
        ...

    def detect(self, image: Pixels, limit: int) -> Features:
        """At most `limit` features of an image, in its pixels, best first."""
        ...


def strongest(features: Features, count: int) -> Features:
    """The `count` features with the highest scores, in their order of strength."""
    return features.take(np.argsort(-features.scores, kind="stable")[:count])


def joined(parts: list[Features]) -> Features:
    """The features of all parts, in their order; at least one part."""
    return Features(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.scales for part in parts]),
        np.concatenate([part.angles for part in parts]),
        np.concatenate([part.descriptors for part in parts]),
        np.concatenate([part.scores for part in parts]),
    )
