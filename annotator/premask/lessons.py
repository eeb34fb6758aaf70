"""Lessons from masks that people drew: candidates of the pipeline with their truth, for the cut and the confidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import Mask
from annotator.premask.cut_network import shrunk
from annotator.premask.evidence import PLANES
from annotator.premask.features import Floats
from annotator.premask.iou import mask_iou
from annotator.premask.landmark import Landmark
from annotator.premask.occluders import covered
from annotator.premask.protocol import IndexImage, Reference
from annotator.premask.sampling import resized_floats
from annotator.premask.source import FeatureSource, Indexed, Prepared
from annotator.premask.transfer import Seen, looked_at, seen_candidates
from annotator.premask.window import Window

MOST_REFERENCES = 7
"""Masked images of a landmark that serve as references, spread over all there are: where there are more, further ones
show the same views again, and every lesson costs time and memory."""

STRANGERS = 3
"""Images of other landmarks that every reference is looked for in."""

NO_PLANES = np.zeros((0, 0, len(PLANES)), dtype=np.float32)

USABLE = 0.2
"""IoU of the warped mask below which a candidate teaches nothing about cutting."""

COVERABLE = 0.3
"""The same for candidates before which something is put."""

Halves = NDArray[np.float16]
"""Half precision, of any shape that the name beside it tells: thousands of lessons are in memory at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """What the cut learns from: `planes` `(len(PLANES), h, w)` as `shrunk` gives them, and `answers` `(h, w)`, which
    share of each of these pixels depicts the object.
    """

    planes: Halves
    answers: Halves


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A candidate with its truth: `group` is the landmark, `truth` bool of the index image's working size.

    `building` is what landmarks share that must not test each other. `plain` is the IoU of the warped mask. `seen` has
    no planes; `example` holds them, and `behind` those of the same candidate with something before it.
    """

    group: str
    building: str
    seen: Seen
    example: Example
    behind: tuple[Example, ...]
    indexed: Indexed
    truth: Mask
    plain: float


def all_lessons(sources: Sequence[FeatureSource], landmarks: Sequence[Landmark], covers: int = 0) -> list[Lesson]:
    """Lessons of every masked image as a reference: in its landmark's images, and in three of other landmarks.

    The latter have no truth in them, and teach that a geometry can be found where there is nothing. Every source of
    features gives its own. `covers` is how often something is put before every candidate (see occluders.py).
    """
    return [lesson for source in sources for lesson in _lessons_with(source, landmarks, covers)]


def _lessons_with(source: FeatureSource, landmarks: Sequence[Landmark], covers: int) -> list[Lesson]:
    indexed: dict[str, Indexed] = {}
    found: list[Lesson] = []
    for landmark in landmarks:
        own = [(image, landmark.truths[image.name]) for image in landmark.images]
        foreign = [image for other in landmarks if other.out_of_sight(landmark) for image in other.images]
        approved = [
            Reference(image.image, landmark.wholes.get(image.name, truth), "approved", image.name, image.key)
            for image, truth in own
        ]
        for number, reference in enumerate(spread([*landmark.queries, *approved])):
            chosen = foreign[number::5][:STRANGERS]
            strangers = [(one, np.zeros(one.image.shape[:2], dtype=bool)) for one in chosen]
            found += lessons(source, landmark, reference, own + strangers, indexed, covers)
    return found


def spread(references: Sequence[Reference]) -> list[Reference]:
    """At most `MOST_REFERENCES` of them, the first and the last among them."""
    count = min(len(references), MOST_REFERENCES)
    return [references[round(place)] for place in np.linspace(0, len(references) - 1, count)]


def lessons(
    source: FeatureSource,
    landmark: Landmark,
    reference: Reference,
    images: Sequence[tuple[IndexImage, Mask]],
    indexed: dict[str, Indexed],
    covers: int = 0,
) -> Iterator[Lesson]:
    """Every candidate of a reference in every other image; `indexed` keeps images by key between calls."""
    random = np.random.default_rng(0)
    prepared = source.reference(reference)
    for image, truth in images:
        if image.name != reference.name and isinstance(prepared, Prepared):
            known = indexed.get(image.key) or source.index(image)
            indexed[image.key] = known
            yield from _of_pair(landmark, prepared, known, truth, random, covers)


def _of_pair(
    landmark: Landmark, prepared: Prepared, indexed: Indexed, truth: Mask, random: np.random.Generator, covers: int
) -> Iterator[Lesson]:
    height, width = indexed.image.shape[:2]
    working = cv2.resize(truth.view(np.uint8), (width, height), interpolation=cv2.INTER_AREA) > 0
    for seen in seen_candidates(prepared, indexed, looked_at(prepared, indexed), keep=3):
        small = _in_window(working, seen.window)
        plain = mask_iou(seen.window.expected > 0.5, small > 0.5)
        behind = []
        for _ in range(covers if plain >= COVERABLE else 0):
            if (found := covered(seen.window, seen.alignment, prepared, indexed, random)) is not None:
                behind.append(_example(found.planes, np.where(found.cover, np.float32(0), small)))
        yield Lesson(
            landmark.name, landmark.building or landmark.name, replace(seen, planes=NO_PLANES),
            _example(seen.planes, small), tuple(behind), indexed, np.asarray(working), plain,
        )  # fmt: skip


def _in_window(mask: Mask, window: Window) -> Floats:
    """`(h, w)`: which share of every pixel of the window a mask of the working size covers."""
    height, width = window.expected.shape
    x, y = int(window.origin[0]), int(window.origin[1])
    part = mask[y : y + round(height / window.factor), x : x + round(width / window.factor)]
    return resized_floats(part.astype(np.float32), (width, height))


def _example(planes: Floats, answers: Floats) -> Example:
    small = shrunk(planes)
    size = small.shape[2], small.shape[1]
    return Example(small.astype(np.float16), resized_floats(answers, size).astype(np.float16))


def balanced(buildings: Iterable[str], power: float = 0.7) -> NDArray[np.float64]:
    """Weights that keep one building with many images from deciding alone (`power` 1: all alike); they sum to 1."""
    names, which, counts = np.unique(np.array(list(buildings)), return_inverse=True, return_counts=True)
    weights = (1 / counts.astype(np.float64) ** power)[which]
    return np.asarray(weights / weights.sum()) if len(names) else weights
