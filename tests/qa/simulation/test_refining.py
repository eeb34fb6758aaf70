from __future__ import annotations

import numpy as np
import pytest

from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation, OccluderKind, Role
from qa.simulation.refining import refined
from qa.simulation.skill import Skill, drawn
from qa.simulation.truth import Occlusion, true_annotation


@pytest.fixture
def seen() -> Annotation:
    whole = np.zeros((240, 320), bool)
    whole[40:200, 60:240] = True
    tree = np.zeros_like(whole)
    tree[100:200, 60:100] = True
    return true_annotation(whole, [Occlusion(tree, OccluderKind.VEGETATION, False)])


def test_a_drawing_without_visible_errors_is_left_alone(seen: Annotation) -> None:
    base = drawn(seen, Skill(jitter=0.5, missed_occluder=0), np.random.default_rng(0))
    assert refined(base, seen) is base


def test_a_forgotten_occluder_is_added_and_the_outline_stays(seen: Annotation) -> None:
    base = seen.with_shapes(seen.of_role(Role.OBJECT))
    better = refined(base, seen)
    assert [shape.kind for shape in better.of_role(Role.OCCLUDER)] == [OccluderKind.VEGETATION]
    assert better.of_role(Role.OBJECT)[0].polygon == base.of_role(Role.OBJECT)[0].polygon


def test_a_visible_bulge_goes_and_the_rest_of_the_outline_stays(seen: Annotation) -> None:
    mask = mask_of(seen.with_shapes(seen.of_role(Role.OBJECT)))
    mask[20:60, 100:140] = True
    mask[100:130, 240:242] = True  # two pixels wide: nobody sees it
    base = true_annotation(mask, [])
    better = mask_of(refined(base, seen))
    assert not better[20:38, 100:140].any()
    assert better[100:130, 240:242].all()
