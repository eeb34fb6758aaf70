"""What is put before a candidate: the evidence behind it is what a wall there would leave."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.premask.evidence import PLANES
from annotator.premask.landmark import Landmark
from annotator.premask.lessons import COVERABLE, USABLE, all_lessons
from annotator.premask.occluders import COVERED, Covered, covered
from annotator.premask.source import FeatureSource, Indexed, Prepared
from annotator.premask.transfer import Seen, looked_at, seen_candidates

Candidate = tuple[Seen, Prepared, Indexed]


@pytest.fixture(scope="module")
def candidate(source: FeatureSource, reference, oblique) -> Candidate:
    prepared, indexed = source.reference(reference), source.index(oblique[0])
    assert isinstance(prepared, Prepared)
    return seen_candidates(prepared, indexed, looked_at(prepared, indexed), keep=1)[0], prepared, indexed


def _covers(candidate: Candidate, count: int = 40) -> list[Covered]:
    seen, prepared, indexed = candidate
    random = np.random.default_rng(0)
    found = [covered(seen.window, seen.alignment, prepared, indexed, random) for _ in range(count)]
    return [one for one in found if one is not None]


def test_a_cover_hides_some_of_the_object_and_never_all(candidate: Candidate) -> None:
    expected = candidate[0].window.expected > 0.5
    found = _covers(candidate)
    assert len(found) > 15
    for one in found:
        share = (one.cover & expected).sum() / expected.sum()
        assert COVERED[0] < share < COVERED[1]
        assert one.planes.shape == (*expected.shape, len(PLANES))
        assert np.isfinite(one.planes).all()


def test_matches_and_features_under_a_cover_are_gone(candidate: Candidate) -> None:
    seen = candidate[0]
    of = PLANES.index
    expected = seen.window.expected > 0.5
    before, after = [], []
    for one in _covers(candidate):
        hidden = one.cover & expected
        before.append(seen.planes[hidden][:, of("near inside")].mean())
        after.append(one.planes[hidden][:, of("near inside")].mean())
        free = expected & ~one.cover
        assert one.planes[free][:, of("expected")] == pytest.approx(seen.planes[free][:, of("expected")])
    assert np.mean(after) < 0.6 * np.mean(before)


def test_the_image_is_another_only_under_the_cover(candidate: Candidate) -> None:
    """Far from the cover every plane that looks at the image itself is as it was."""
    texture = PLANES.index("texture")
    for one in _covers(candidate, 10):
        far = np.zeros_like(one.cover)
        far[:, :] = True
        rows, columns = np.nonzero(one.cover)
        far[max(0, rows.min() - 40) : rows.max() + 40, max(0, columns.min() - 40) : columns.max() + 40] = False
        assert np.allclose(one.planes[far][:, texture], candidate[0].planes[far][:, texture], atol=1e-3)


def test_the_same_seed_puts_the_same_before_it(candidate: Candidate) -> None:
    one, other = _covers(candidate, 6), _covers(candidate, 6)
    assert len(one) == len(other)
    for first, second in zip(one, other, strict=True):
        assert np.array_equal(first.cover, second.cover)
        assert np.array_equal(first.planes, second.planes)


def test_lessons_behind_covers_answer_no_where_they_are(reference, oblique, source) -> None:
    image, truth = oblique
    landmark = Landmark("one", (reference,), (image,), {image.name: truth})
    found = all_lessons([source], [landmark], covers=3)
    good = [lesson for lesson in found if lesson.plain >= COVERABLE]
    assert good
    assert any(lesson.behind for lesson in good)
    for lesson in found:
        assert lesson.example.planes.shape == (len(PLANES), *lesson.example.answers.shape)
        assert not lesson.behind or lesson.plain >= max(COVERABLE, USABLE)
        for example in lesson.behind:
            assert example.answers.shape == lesson.example.answers.shape
            assert (example.answers <= lesson.example.answers + 1e-3).all()
            assert example.answers.sum() < lesson.example.answers.sum()
    assert not any(lesson.behind for lesson in all_lessons([source], [landmark]))
