from __future__ import annotations

import numpy as np
import pytest

from annotator.domain.raster import Mask, mask_of
from annotator.domain.shapes import Annotation, OccluderKind, Role
from annotator.domain.validity import polygon_problems
from qa.simulation.skill import Skill, drawn, jittered, seconds
from qa.simulation.truth import Occlusion, true_annotation


def gate() -> tuple[Mask, Occlusion, Occlusion]:
    whole = np.zeros((240, 320), bool)
    whole[40:200, 60:240] = True
    whole[120:200, 130:170] = False
    tree = np.zeros_like(whole)
    tree[100:200, 60:100] = True
    pole = np.zeros_like(whole)
    pole[40:70, 200:203] = True
    return whole, Occlusion(tree, OccluderKind.VEGETATION, False), Occlusion(pole, OccluderKind.STREET_FURNITURE, True)


@pytest.fixture
def truth() -> Annotation:
    whole, tree, pole = gate()
    return true_annotation(whole, [tree, pole])


def iou(first: Mask, second: Mask) -> float:
    return float((first & second).sum() / (first | second).sum())


def test_without_simplification_the_annotation_is_the_truth_exactly() -> None:
    whole, tree, pole = gate()
    annotation = true_annotation(whole, [tree, pole], tolerance=0)
    np.testing.assert_array_equal(mask_of(annotation), whole & ~tree.mask)


def test_roles_and_kinds_come_along(truth: Annotation) -> None:
    assert [shape.role for shape in truth.shapes] == [Role.OBJECT, Role.OCCLUDER, Role.KEPT]
    assert [shape.kind for shape in truth.shapes][1:] == [OccluderKind.VEGETATION, OccluderKind.STREET_FURNITURE]


def test_a_hole_that_is_simplified_stays_a_hole() -> None:
    whole = np.zeros((200, 200), bool)
    y, x = np.mgrid[:200, :200]
    whole[(x - 100) ** 2 + (y - 100) ** 2 < 80**2] = True
    whole[(x - 100) ** 2 + (y - 100) ** 2 < 30**2] = False
    annotation = true_annotation(whole, [])
    assert len(annotation.shapes[0].polygon.holes) == 1
    assert annotation.shapes[0].polygon.vertices < 120
    assert iou(mask_of(annotation), whole) > 0.98


@pytest.mark.parametrize("sigma", [0.5, 2.0, 8.0])
def test_jitter_grows_with_its_sigma_and_stays_valid(truth: Annotation, sigma: float) -> None:
    rng = np.random.default_rng(1)
    shape = truth.shapes[0].polygon
    moved = jittered(shape, sigma, truth.size, rng)
    assert polygon_problems(moved, truth.size) == []
    assert moved != shape


def test_missed_occluders_and_wrong_objects_come_at_their_rates(truth: Annotation) -> None:
    rng = np.random.default_rng(2)
    skill = Skill(jitter=0.5, missed_occluder=0.3, wrong_object=0.2)
    found = [drawn(truth, skill, rng) for _ in range(400)]
    missed = np.mean([not annotation.of_role(Role.OCCLUDER) for annotation in found])
    wrong = np.mean([iou(mask_of(annotation), mask_of(truth)) < 0.5 for annotation in found])
    assert missed == pytest.approx(0.3, abs=0.08)
    assert wrong == pytest.approx(0.2, abs=0.07)


def test_the_same_seed_draws_the_same(truth: Annotation) -> None:
    skill = Skill(wrong_object=0.5)
    first, second = (drawn(truth, skill, np.random.default_rng(7)) for _ in range(2))
    assert first == second


def test_times_scatter_around_the_mean() -> None:
    rng = np.random.default_rng(3)
    times = [seconds(Skill(seconds=200), rng) for _ in range(2000)]
    assert np.mean(times) == pytest.approx(200, rel=0.05)
    assert min(times) > 0
