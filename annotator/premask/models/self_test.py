"""Whether a local-feature model works: its matches between two rendered views of one scene, against exact geometry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError
from annotator.premask.features import Extractor, Features, Pixels
from annotator.premask.matching import match
from annotator.premask.models.matcher import LearnedMatcher, check_numbers
from resources.demo.camera import Camera
from resources.demo.geometry import transferred
from resources.demo.render import FINE, View, render, view_of
from resources.demo.scenes import Scene, scene_named

SCENE, VIEWS = "gate_000005", (Camera((-4.0, 1.7, -40.0), (0.2, 9.8, 0.0), 52.0),
                               Camera((4.5, 2.2, -37.0), (-0.4, 9.6, 0.0), 56.0))  # fmt: skip
"""The gate from two places nine metres apart: near enough for any feature worth the name, too far for chance."""

SIZE = 0.5
"""Share of the scene's 960 x 720 pixels at which it is drawn; a second each."""

LIMIT = 1500
"""Features per view."""

NEAR = 4.0
"""Pixels within which a match is right."""

FEWEST, LEAST_SHARE, ABOVE_CHANCE = 20, 0.15, 10.0
"""What is asked: so many right matches, this share of the matches that can be judged, so many times chance.

RootSIFT reaches 0.83 and ALIKED-T16 0.98; descriptors of noise, or of the place in the picture alone, reach 0; chance
is 0.002.
"""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """`features` found in the two views, `matches` that the geometry can judge, `right` ones among them.

    `chance` is the share of right ones when the same features are paired at random.
    """

    features: tuple[int, int]
    matches: int
    right: int
    chance: float

    @property
    def share(self) -> float:
        """The share of right matches, 0 to 1."""
        return self.right / self.matches if self.matches else 0.0


def check_features(path: Path, extractor: Extractor, matcher: LearnedMatcher | None = None) -> SelfTest:
    """How well a model's features match, by `matcher` or as mutual nearest neighbours.

    Raises BadFileError, which names `path`, where that is hardly better than chance.
    """
    (first, one), (second, other) = scene_views()
    a, b = (_checked(path, extractor.detect(image, LIMIT)) for image in (first, second))
    if matcher is not None:
        check_numbers(matcher, a.descriptors.shape[1])
    found = match(a, b) if matcher is None else matcher(a, b)
    judged, right = _judged(one, other, a.points[found.reference], b.points[found.index])
    turned = np.random.default_rng(0).permutation(len(b))
    pairs = min(len(a), len(b))
    by_chance = _judged(one, other, a.points[:pairs], b.points[turned[:pairs]])
    chance = by_chance[1] / by_chance[0] if by_chance[0] else 0.0
    result = SelfTest((len(a), len(b)), judged, right, chance)
    if right < FEWEST or result.share < max(LEAST_SHARE, ABOVE_CHANCE * chance):
        problem = (
            f"it fails the self-test: of {judged} matches between two views of a drawn scene {right} are right, "
            f"and at least {FEWEST} and {LEAST_SHARE:.0%} must be"
        )
        raise BadFileError(path, problem, "name another model")
    return result


@lru_cache(maxsize=1)
def scene_views() -> tuple[tuple[Pixels, View], tuple[Pixels, View]]:
    """The two photographs (h, w, 3) with their geometry, drawn once per process."""
    plain = replace(scene_named(SCENE), props=())
    first, second = (replace(plain, camera=camera, name=f"{SCENE}_{n}") for n, camera in enumerate(VIEWS))
    return _drawn(first), _drawn(second)


def _drawn(scene: Scene) -> tuple[Pixels, View]:
    return np.asarray(render(scene, SIZE).image, dtype=np.uint8), view_of(scene, SIZE)


def _checked(path: Path, features: Features) -> Features:
    """The features, where there are some and they are numbers; raises BadFileError otherwise."""
    if not len(features):
        raise BadFileError(path, "it finds no keypoints in a drawn scene", "name another model")
    if not all(np.isfinite(part).all() for part in (features.points, features.descriptors, features.scores)):
        raise BadFileError(path, "its features are not finite numbers", "name another model")
    return features


def _judged(one: View, other: View, a: NDArray[np.float32], b: NDArray[np.float32]) -> tuple[int, int]:
    """How many pairs of points (n, 2) both views can see on the building, and how many of those are one place."""
    size = np.array(one.lens.size) * FINE - 1
    fine = np.clip(a.astype(np.float64) * FINE + (FINE - 1) / 2, 0, size)
    found, seen = transferred(one, other, fine)
    places = (found - (FINE - 1) / 2) / FINE
    near = np.linalg.norm(places - b, axis=1) <= NEAR
    return int(seen.sum()), int((seen & near).sum())
