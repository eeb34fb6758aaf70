"""A matcher of local features from a model file, such as LightGlue (Lindenberger and others, 2023)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError
from annotator.premask.features import Features, Floats
from annotator.premask.matching import Matches, Rows, no_matches
from annotator.premask.models.description import FileKind, kind_of
from annotator.premask.models.files import checksum
from annotator.premask.models.matcher_ports import matcher_ports, pairs_of
from annotator.premask.models.opencv_matcher import opencv_pairs
from annotator.premask.models.runtimes import that_runs
from annotator.premask.models.session import open_session

MOST = 1024
"""Features of a view that take part, strongest first: attention costs the square of their number."""

ONE_VIEW = 1.1
"""Features whose scales differ by less belong to one view: tiles of one size differ by a rounding, views by more."""

MOST_TURNS = 32
"""Times that scores rise beyond which a list is in no order by which views could be told."""

WEAKEST, STRONGEST = 0.95, 0.7
"""Ratios (see `Matches`) that stand for a confidence of 0 and of 1: those between which geometry trusts a match."""

TRIED = (64, 48)
"""Features of two made-up images with which a file shows whether it runs."""


class PairFinder(Protocol):
    """What runs a file: from points `(n, 2)` and descriptors `(n, d)` of two images to pairs of rows `(k, 2)`, and
    confidences `(k,)`."""

    def __call__(self, points: tuple[Floats, Floats], descriptors: tuple[Floats, Floats]) -> tuple[Rows, Floats]:
        """Pairs and confidences, 0 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class RuntimePairs:
    """A matcher file that ONNX Runtime runs."""

    path: Path
    sha256: str
    threads: int = 1

    def __call__(self, points: tuple[Floats, Floats], descriptors: tuple[Floats, Floats]) -> tuple[Rows, Floats]:
        session = open_session(self.path, self.sha256, self.threads)
        ports = matcher_ports(self.path, session.signature)
        given = dict(zip(ports.inputs, (*points, *descriptors), strict=True))
        outputs = session.run({name: part[None].astype(ports.element) for name, part in given.items()})
        return pairs_of(self.path, ports, outputs, (len(points[0]), len(points[1])))


@dataclass(frozen=True, slots=True)
class LearnedMatcher:
    """Matches features view by view, since such a model expects those of one image at one size.

    Learned features have no scale of their own: a list of them holds the scales of its views, one after the other (see
    views.py). `numbers` is what a descriptor has, None where the file leaves it open; `runner` tells what runs it.
    """

    path: Path
    pairs: PairFinder
    runner: str
    numbers: int | None = None

    def __call__(self, reference: Features, index: Features) -> Matches:
        """Matches of all views with all others; of one feature the most confident one stays."""
        found, sure = [np.zeros((0, 2), np.intp)], [np.zeros(0, np.float32)]
        for ours in views(reference):
            for theirs in views(index):
                rows, confidence = self.pairs(
                    (placed(reference.points[ours]), placed(index.points[theirs])),
                    (reference.descriptors[ours], index.descriptors[theirs]),
                )
                found.append(np.column_stack([ours[rows[:, 0]], theirs[rows[:, 1]]]))
                sure.append(confidence)
        return _best(np.concatenate(found), np.concatenate(sure))


def views(features: Features) -> list[Rows]:
    """The rows of every view, the strongest `MOST` of each, in their order.

    An extractor gives the best features first: where scores rise again, another view begins.
    """
    turn = np.concatenate([[0], np.cumsum(np.diff(features.scores) > 0)])[: len(features)]
    if turn.max(initial=0) >= MOST_TURNS:
        turn[:] = 0
    order = np.lexsort((features.scales, turn))
    sizes, turns = features.scales[order], turn[order]
    cuts = np.flatnonzero((sizes[1:] > ONE_VIEW * sizes[:-1]) | (turns[1:] > turns[:-1])) + 1
    parts = [part for part in np.split(order, cuts) if len(part)]
    return [np.sort(part[np.argsort(-features.scores[part], kind="stable")[:MOST]]) for part in parts]


def placed(points: Floats) -> Floats:
    """Points of a view `(n, 2)` in -1 to 1 of its longer side, about the middle, as LightGlue has it without sizes."""
    low, high = points.min(axis=0), points.max(axis=0)
    return np.asarray((points - (low + high) / 2) / (float((high - low).max() + 1) / 2), dtype=np.float32)


def load_matcher(path: Path, threads: int = 1) -> LearnedMatcher:
    """The matcher of a file, run by ONNX Runtime or, where that cannot, by OpenCV's `cv2.LightGlueMatcher`.

    Raises BadFileError for anything else; EnvironmentFault where nothing here runs models.
    """
    return _loaded(path, checksum(path), threads)


def check_numbers(matcher: LearnedMatcher, numbers: int) -> None:
    """Raises BadFileError where the matcher takes descriptors of another length than `numbers`."""
    if matcher.numbers not in (None, numbers):
        problem = f"it matches descriptors of {matcher.numbers} numbers, and those of the model have {numbers}"
        raise BadFileError(matcher.path, problem, "name the model that it belongs to with --features")


@lru_cache(maxsize=8)
def _loaded(path: Path, sha256: str, threads: int) -> LearnedMatcher:
    def by_onnx_runtime() -> LearnedMatcher:
        session = open_session(path, sha256, threads)
        kind = kind_of(path, session.signature)
        if kind is not FileKind.MATCHER:
            raise BadFileError(path, f"it is no {FileKind.MATCHER} but: {kind}", "name another file")
        pairs, numbers = RuntimePairs(path, sha256, threads), matcher_ports(path, session.signature).numbers
        if numbers is not None:
            pairs(*_made_up(numbers))
        return LearnedMatcher(path, pairs, "ONNX Runtime", numbers)

    def by_opencv() -> LearnedMatcher | str:
        pairs = opencv_pairs(path, sha256)
        return pairs if isinstance(pairs, str) else LearnedMatcher(path, pairs, "OpenCV's LightGlueMatcher")

    return that_runs(by_onnx_runtime, by_opencv)


def _best(pairs: NDArray[np.intp], sure: Floats) -> Matches:
    """Every row of either image in one match at most, the most confident first choice; ordered by reference."""
    if not len(pairs):
        return no_matches()
    for side in (0, 1):
        order = np.argsort(-sure, kind="stable")
        kept = order[np.unique(pairs[order, side], return_index=True)[1]]
        pairs, sure = pairs[kept], sure[kept]
    order = np.argsort(pairs[:, 0], kind="stable")
    ratio = WEAKEST - (WEAKEST - STRONGEST) * np.clip(sure[order], 0, 1)
    return Matches(pairs[order, 0], pairs[order, 1], ratio.astype(np.float32))


def _made_up(numbers: int) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    random = np.random.default_rng(3)
    drawn = [random.normal(size=(count, numbers)).astype(np.float32) for count in TRIED]
    points = [random.uniform(-1, 1, (count, 2)).astype(np.float32) for count in TRIED]
    unit = [part / np.linalg.norm(part, axis=1, keepdims=True) for part in drawn]
    return (points[0], points[1]), (unit[0], unit[1])
