"""First guesses from tentative matches whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.premask.frames import Tentative, fit_affine, guesses, refine, sane

SIZE = 200.0


def matches(truth: np.ndarray, count: int = 120, wrong: int = 0, framed: bool = False, seed: int = 0) -> Tentative:
    """`count` matches that a map explains to half a pixel, and `wrong` ones from anywhere to anywhere."""
    random = np.random.default_rng(seed)
    source = random.random((count + wrong, 2)) * SIZE
    target = source @ truth[:, :2].T + truth[:, 2] + random.normal(0, 0.5, source.shape)
    target[count:] = random.random((wrong, 2)) * 800
    scale = np.full(len(source), np.log(np.sqrt(np.linalg.det(truth[:, :2]))), np.float32)
    angle = np.full(len(source), np.arctan2(truth[1, 0], truth[0, 0]), np.float32)
    ones = np.ones(len(source))
    return Tentative(source, target, scale, angle, ones.astype(np.float32), ones.astype(bool), framed)


def similarity(factor: float, turn: float, x: float, y: float) -> np.ndarray:
    cosine, sine = factor * np.cos(turn), factor * np.sin(turn)
    return np.array([[cosine, -sine, x], [sine, cosine, y]])


def off(one: np.ndarray, other: np.ndarray) -> float:
    corners = np.array([[0.0, 0.0], [SIZE, 0.0], [SIZE, SIZE], [0.0, SIZE]])
    return float(np.abs(corners @ (one - other)[:, :2].T + (one - other)[:, 2]).max())


@pytest.mark.parametrize("framed", [False, True])
@pytest.mark.parametrize("truth", [similarity(0.4, 0.1, 300, 80), similarity(2.0, -0.3, 40, 90)])
def test_the_map_is_found_among_twice_as_many_wrong_matches(truth: np.ndarray, framed: bool) -> None:
    found = guesses(matches(truth, wrong=240, framed=framed), SIZE)
    assert off(found[0].affine, truth) < 3
    assert found[0].support == max(one.support for one in found)


def test_two_objects_are_two_guesses_and_none_comes_twice() -> None:
    left, right = similarity(0.5, 0.0, 50, 50), similarity(0.5, 0.0, 450, 60)
    one, other = matches(left, 100), matches(right, 100, seed=1)
    names = ("source", "target", "scale", "angle", "weight", "inside")
    both = Tentative(*(np.concatenate([getattr(part, name) for part in (one, other)]) for name in names), framed=False)
    found = guesses(both, SIZE, keep=6)
    found_left, found_right = sorted((guess.affine for guess in found[:2]), key=lambda affine: affine[0, 2])
    assert off(found_left, left) < 3
    assert off(found_right, right) < 3
    middles = np.array([guess.affine[:, :2] @ [100.0, 100.0] + guess.affine[:, 2] for guess in found])
    apart = np.linalg.norm(middles[:, None] - middles[None], axis=2) + np.eye(len(found)) * 1e3
    assert apart.min() > 0.1 * SIZE * 0.5


@pytest.mark.parametrize(("turned", "said"), [(0.0, 3.0), (0.0, 0.1), (np.pi, 0.5), (np.pi / 2, 0.5)])
def test_learned_features_start_no_map_that_their_views_or_gravity_contradict(turned: float, said: float) -> None:
    """The places say half the size; the views in which the features were found say three times, a tenth, or the object
    would stand on its head or lie on its side.
    """
    given = matches(similarity(0.5, turned, 300, 300))
    scale = np.full(len(given), np.log(said), np.float32)
    assert guesses(replace(given, scale=scale), SIZE) == []


def test_two_matches_are_no_guess() -> None:
    assert guesses(matches(similarity(1, 0, 0, 0), count=2), SIZE) == []


def test_matches_outside_the_mask_start_no_guess() -> None:
    given = matches(similarity(0.5, 0.0, 50, 50))
    outside = Tentative(given.source, given.target, given.scale, given.angle, given.weight, ~given.inside, False)
    assert guesses(outside, SIZE) == []


def test_maps_refined_together_are_those_refined_alone() -> None:
    truth = np.array([[0.5, 0.05, 120.0], [0.02, 0.6, 70.0]])
    given = matches(truth, wrong=60)
    starts = np.stack([truth + np.array([[0, 0, shift], [0, 0, -shift]]) for shift in (0.0, 3.0, 6.0, 400.0)])
    together = refine(given, starts, SIZE)
    alone = [refine(given, start[None], SIZE) for start in starts]
    assert [len(one) for one in alone] == [1, 1, 1, 0], "nothing agrees with a map that is far off"
    assert np.allclose(together, np.concatenate(alone), atol=1e-9)
    assert max(off(one, truth) for one in together) < 2


def test_nothing_refined_is_nothing() -> None:
    given = matches(similarity(1, 0, 0, 0))
    assert refine(given, np.zeros((0, 2, 3)), SIZE).shape == (0, 2, 3)


@given(seed=st.integers(0, 1000), count=st.integers(3, 40))
def test_an_affine_fit_solves_the_normal_equations_held_to_the_prior(seed: int, count: int) -> None:
    """Against the plain form: weighted squares of what is left, and a tenth of the change of the linear part."""
    random = np.random.default_rng(seed)
    source, target = random.random((count, 2)) * SIZE, random.random((count, 2)) * SIZE
    weight, prior = random.random(count) + 0.1, similarity(0.7, 0.2, 10, 20)
    found = fit_affine(source, target, weight, prior, SIZE)
    centre = np.average(source, axis=0, weights=weight)
    rows = np.column_stack([(source - centre) / SIZE, np.ones(count)])
    left = target - source @ found[:, :2].T - found[:, 2]
    slope = (rows * weight[:, None]).T @ left - np.diag([0.1, 0.1, 0]) @ np.vstack(
        [(found - prior)[:, :2].T * SIZE, np.zeros(2)]
    )
    assert np.abs(slope).max() < 1e-6 * max(1.0, float(np.abs(target).max()) * count)


@pytest.mark.parametrize(
    ("linear", "fine"),
    [
        ([[1, 0], [0, 1]], True),
        ([[-1, 0], [0, 1]], False),  # mirrored
        ([[25, 0], [0, 25]], False),
        ([[0.02, 0], [0, 0.02]], False),
        ([[1, 0], [0, 0.25]], True),
        ([[1, 0], [0, 0.15]], False),  # squeezed
        ([[np.nan, 0], [0, 1]], False),
        ([[np.inf, 0], [0, 1]], False),
    ],
)
def test_what_a_photograph_can_do_to_a_facade(linear: list[list[float]], fine: bool) -> None:
    assert sane(np.column_stack([np.array(linear, dtype=np.float64), [5.0, 5.0]])) is fine
