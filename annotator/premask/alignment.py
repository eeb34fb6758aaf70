"""From tentative matches to verified geometry: candidates, each with the matches that carry it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from annotator.domain.geometry import Box
from annotator.domain.raster import Mask
from annotator.premask.features import Features, strongest
from annotator.premask.frames import Affine, Guess, Tentative, fit_affine, guesses, sane, tentative
from annotator.premask.guided import Field, Sought, guided
from annotator.premask.matching import Matches
from annotator.premask.neighbours import nearest
from annotator.premask.warp import Geometry, corrected, fit_homography, projected

CELLS = 8
"""The mask's box is divided into this many cells along its long side to measure how much of it has matches."""


ROUNDS = ((0.12, 0.3), (0.09, 0.22), (0.06, 0.15), (0.04, 0.12))
"""Guided rounds: search radius and reach of the local corrections, in object sizes. They narrow, so that parts at other
depths (towers before a facade) are followed from where the first plane puts them."""

FIRST_ROUNDS = 2
"""Rounds after which only the best supported candidates go on."""

FIRST_FEATURES = 1500
"""Features of the reference, strongest first, that take part in those rounds."""

HOMOGRAPHY_SHARES = (0.1, 0.08, 0.06)
"""Tolerance of the homography's matches in object sizes, narrowing."""

GUESSES = 6
"""Affine guesses that are followed through the first rounds."""

RIVAL = 0.5
"""Share of the best candidate's support below which another is dropped after each of the first rounds."""

RIVAL_GUESS = 0.3
"""The same for guesses, whose support says less."""

LEAST_TO_GUESS = 4
"""Matches below which nothing is guessed."""

LEAST_TO_FIT = 6
"""Matches below which no geometry is fitted."""

AGREEMENT = 0.5
"""A match may be off the median of its neighbours by this share of the search radius."""


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """One consistent geometry. `source`, `target` `(n, 2)`: its matches; `inside`: which lie in the mask.

    `coverage`: share of the mask's cells with a match; `residual`: median distance in index pixels over the object's
    size there; `support`: what candidates are compared by; `scale`: enlargement at the object.
    """

    geometry: Geometry
    affine: Affine
    source: NDArray[np.float64]
    target: NDArray[np.float64]
    ratio: NDArray[np.float32]
    inside: NDArray[np.bool_]
    coverage: float
    residual: float
    support: float
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What is looked for: the reference's mask, its box (x1, y1, x2, y2), size (square root of the box's area)."""

    mask: Mask
    box: Box
    crop: Box
    cell_count: int = 0

    def __post_init__(self) -> None:
        x1, y1, x2, y2 = (int(value) for value in self.box)
        step = max(1, min(x2 - x1, y2 - y1) // 64)
        rows, columns = np.nonzero(self.mask[y1:y2:step, x1:x2:step])
        seen = self.cells(np.column_stack([columns * step + x1, rows * step + y1]).astype(np.float64))
        object.__setattr__(self, "cell_count", len(np.unique(seen)))

    @property
    def size(self) -> float:
        """Square root of the box's area, pixels."""
        return float(np.sqrt((self.box[2] - self.box[0]) * (self.box[3] - self.box[1])))

    def cells(self, points: NDArray[np.floating]) -> NDArray[np.int64]:
        """For each xy the number of its cell (see `CELLS`)."""
        x1, y1, x2, y2 = self.box
        cell = max(x2 - x1, y2 - y1) / CELLS
        numbers = np.floor((points - [x1, y1]) / cell).astype(np.int64)
        return np.asarray(numbers[:, 0] + 1000 * numbers[:, 1])

    def holds(self, points: NDArray[np.floating]) -> NDArray[np.bool_]:
        """For each xy whether the mask covers it."""
        height, width = self.mask.shape
        x = np.clip(np.rint(points[:, 0]), 0, width - 1).astype(int)
        y = np.clip(np.rint(points[:, 1]), 0, height - 1).astype(int)
        return np.asarray(self.mask[y, x])


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A first look at an index image: tentative matches and the geometries that they suggest, none followed yet."""

    given: Tentative
    guesses: list[Guess]

    @property
    def support(self) -> float:
        """How much agrees with the best guess: what the looks of several references are compared by."""
        return self.guesses[0].support if self.guesses else 0.0


def first_look(subject: Subject, reference: Features, index: Features, matches: Matches) -> Look:
    """What the matches of a reference with an index image suggest."""
    inside = subject.holds(reference.points[matches.reference])
    given = tentative(matches, reference, index, inside, cell=subject.size / 24)
    found = guesses(given, subject.size, GUESSES) if len(matches) >= LEAST_TO_GUESS else []
    return Look(given, [one for one in found if one.support >= RIVAL_GUESS * found[0].support])


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A subject with its features ready to be followed in any index image: the strongest for the first rounds, all."""

    subject: Subject
    first: Sought
    all: Sought


def wanted_of(subject: Subject, features: Features) -> Wanted:
    """The features on and near the object."""
    local = features.take(np.flatnonzero(_near_object(subject, features.points)))
    return Wanted(subject, Sought(strongest(local, FIRST_FEATURES)), Sought(local))


def alignments(wanted: Wanted, field: Field, look: Look, keep: int = 2) -> list[Alignment]:
    """Verified candidates, best supported first; empty where nothing agrees."""
    subject = wanted.subject
    states = [state for guess in look.guesses if (state := _start(subject, look.given, guess.affine))]
    for number in range(len(ROUNDS)):
        sought = wanted.first if number < FIRST_ROUNDS else wanted.all
        states = [grown for state in states if (grown := _grow(subject, sought, field, state, number))]
        if number < FIRST_ROUNDS:
            states = _leading(subject, states, keep if number + 1 == FIRST_ROUNDS else len(states))
    found = [_measured(subject, state) for state in states]
    return sorted(found, key=lambda one: -one.support)


def _leading(subject: Subject, states: list[_State], keep: int) -> list[_State]:
    """The best supported states, without those that are far behind the first."""
    supports = [state.support(subject) for state in states]
    order = sorted(range(len(states)), key=lambda row: -supports[row])[:keep]
    return [states[row] for row in order if supports[row] >= RIVAL * supports[order[0]]]


def _near_object(subject: Subject, points: NDArray[np.floating]) -> NDArray[np.bool_]:
    x1, y1, x2, y2 = subject.box
    margin = 0.2 * subject.size
    low, high = np.array([x1 - margin, y1 - margin]), np.array([x2 + margin, y2 + margin])
    return np.asarray(((points >= low) & (points <= high)).all(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """A geometry while it grows, with the matches that carry it; `done` when a round found nothing better."""

    geometry: Geometry
    affine: Affine
    source: NDArray[np.float64]
    target: NDArray[np.float64]
    ratio: NDArray[np.float32]
    weight: NDArray[np.float64]
    done: bool = False

    @property
    def scale(self) -> float:
        return float(np.sqrt(np.linalg.det(self.affine[:, :2])))

    def support(self, subject: Subject) -> float:
        inside = subject.holds(self.source)
        coverage = len(np.unique(subject.cells(self.source[inside]))) / max(1, subject.cell_count)
        return float(self.weight[inside].sum() * np.sqrt(min(1.0, coverage)))


def _start(subject: Subject, given: Tentative, affine: Affine) -> _State | None:
    """A homography near an affine guess."""
    scale = float(np.sqrt(np.linalg.det(affine[:, :2])))
    error = np.linalg.norm(given.source @ affine[:, :2].T + affine[:, 2] - given.target, axis=1)
    chosen = error < 0.08 * subject.size * scale
    if chosen.sum() < 4:
        return None
    source, target, weight = given.source[chosen], given.target[chosen], given.weight[chosen].astype(np.float64)
    fitted = _homography(source, target, weight, affine, subject.size)
    if fitted is None:
        return None
    plain = Geometry(fitted, subject.crop, np.zeros((2, 2, 2)))
    return _State(plain, affine, source, target, np.ones(len(source), np.float32), weight)


def _grow(subject: Subject, sought: Sought, field: Field, state: _State, number: int) -> _State | None:
    """One guided round: match near where the geometry points, keep what agrees with its neighbours, fit again."""
    if state.done:
        return state
    share, reach = ROUNDS[number]
    size, scale = subject.size, state.scale
    again = guided(sought, field, state.geometry, max(4.0, share * size * scale), scale)
    source = sought.features.points[again.reference].astype(np.float64)
    target = field.index.points[again.index].astype(np.float64)
    if len(again) >= LEAST_TO_FIT:
        kept = _consistent(source, target, state.geometry, share * size * scale)
        source, target, again = source[kept], target[kept], again.take(kept)
    if len(again) < LEAST_TO_FIT:
        return None if number == 0 else replace(state, done=True)
    weight = np.clip((1.05 - again.ratio.astype(np.float64)) / 0.3, 0.1, 1.0)
    affine = fit_affine(source, target, weight, state.affine, size)
    fitted = _homography(source, target, weight, affine, size) if sane(affine) else None
    if fitted is None:
        return None
    geometry = corrected(fitted, source, target, weight, subject.crop, size, spread=reach)
    return _State(geometry, affine, source, target, again.ratio, weight)


def _homography(
    source: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64], affine: Affine, size: float
) -> NDArray[np.float64] | None:
    """Fit, drop what is off, fit again."""
    scale = float(np.sqrt(np.linalg.det(affine[:, :2])))
    kept = np.ones(len(source), dtype=bool)
    fitted = None
    for share in HOMOGRAPHY_SHARES:
        if kept.sum() < 4:
            return fitted
        fitted = fit_homography(source[kept], target[kept], weight[kept], affine, size)
        error = np.linalg.norm(projected(fitted, source) - target, axis=1)
        kept = error < max(3.0, share * size * scale)
    return fitted


def _consistent(
    source: NDArray[np.float64], target: NDArray[np.float64], geometry: Geometry, radius: float
) -> NDArray[np.bool_]:
    """Matches whose residual agrees with those of their neighbours: with the median of nine, itself among them."""
    residual = target - geometry.forward(source)
    around = residual[nearest(source, 9)]
    middle = np.median(around, axis=1)
    squares = ((around - middle[:, None]) ** 2).sum(axis=2)
    spread = np.sqrt(np.median(squares, axis=1))
    off = np.linalg.norm(residual - middle, axis=1)
    return np.asarray((off < AGREEMENT * radius) & (spread < AGREEMENT * radius))


def _measured(subject: Subject, state: _State) -> Alignment:
    inside = subject.holds(state.source)
    coverage = min(1.0, len(np.unique(subject.cells(state.source[inside]))) / max(1, subject.cell_count))
    off = np.linalg.norm(state.geometry.forward(state.source) - state.target, axis=1)
    residual = float(np.median(off)) / max(subject.size * state.scale, 1.0)
    return Alignment(
        state.geometry, state.affine, state.source, state.target, state.ratio, inside, coverage, residual,
        state.support(subject), state.scale,
    )  # fmt: skip
