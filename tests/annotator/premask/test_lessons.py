"""Lessons from drawn landmarks: which candidates there are, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from annotator.premask.cache import FeatureCache
from annotator.premask.features import Extractor, Features, Pixels
from annotator.premask.landmark import Landmark
from annotator.premask.lessons import MOST_REFERENCES, all_lessons, balanced, spread
from annotator.premask.protocol import Reference


def test_buildings_with_many_lessons_do_not_decide_alone():
    found = balanced(["gate"] * 8 + ["hall"], power=1.0)
    assert np.allclose(found, [1 / 16] * 8 + [1 / 2])
    softer = balanced(["gate"] * 8 + ["hall"])
    assert np.isclose(softer.sum(), 1)
    assert 1 / 9 < softer[-1] < 1 / 2
    assert len(balanced([])) == 0


def test_images_that_may_show_a_landmark_teach_nothing_about_it(reference, oblique, stranger, source):
    image, truth = oblique
    nothing = np.zeros(stranger.image.shape[:2], dtype=bool)
    one = Landmark("one", (reference,), (image,), {image.name: truth})
    for other, seen in (
        (Landmark("two", (), (stranger,), {stranger.name: nothing}), True),
        (Landmark("two", (), (stranger,), {stranger.name: nothing}, near=frozenset({"one"})), False),
    ):
        asked: list[str] = []
        watched = replace(source, extractor=_Watched(source.extractor, asked), cache=FeatureCache(None))
        list(all_lessons([watched], [one, other]))
        assert other.out_of_sight(one) is one.out_of_sight(other) is seen
        assert (len(asked) == 4) is seen  # crop of the reference, crop of its own image, that image, the stranger


@dataclass(frozen=True)
class _Watched:
    """An extractor that tells how often it was asked."""

    extractor: Extractor
    asked: list[str]

    @property
    def key(self) -> str:
        return self.extractor.key

    def detect(self, image: Pixels, limit: int) -> Features:
        self.asked.append(str(image.shape))
        return self.extractor.detect(image, limit)


def test_a_landmark_with_many_images_gives_a_few_references():
    many = [Reference(np.zeros((2, 2, 3), np.uint8), np.ones((2, 2), bool), "query", str(k), str(k)) for k in range(20)]
    names = [one.name for one in spread(many)]
    assert len(names) == MOST_REFERENCES
    assert (names[0], names[-1]) == ("0", "19")
    assert [one.name for one in spread(many[:3])] == ["0", "1", "2"]
    assert spread([]) == []
