"""Fitting on drawn landmarks; the shipped parameters fit the program and know where they come from."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest

from annotator.premask.cache import FeatureCache
from annotator.premask.evidence import PLANES
from annotator.premask.features import Extractor, Features, Pixels
from annotator.premask.fitted import as_data, fitted_from, shipped
from annotator.premask.fitting import MOST_REFERENCES, all_lessons, cross_validated, fit, logistic, spread
from annotator.premask.judge import MARKS
from annotator.premask.landmark import Landmark
from annotator.premask.protocol import Reference
from resources import accessor


def test_a_logistic_regression_finds_the_weights_that_made_the_answers():
    random = np.random.default_rng(0)
    values = random.normal(size=(4000, 3))
    answers = 1 / (1 + np.exp(-(values @ [2.0, -1.0, 0.0] + 0.5)))
    found = logistic(values, answers, np.full(4000, 1 / 4000), ridge=1e-6)
    assert np.allclose(found.weights / found.spread, [2, -1, 0], atol=0.05)
    assert np.abs(found(values) - answers).max() < 0.02


def test_the_shipped_parameters_fit_the_program():
    data = json.loads(accessor.read_text("premask/fitted.json"))
    assert data["cut"]["names"] == list(PLANES)
    assert data["confidence"]["names"] == list(MARKS)
    assert data["cross_validated"]["count"] > 100
    again = fitted_from(as_data(shipped()))
    values = np.linspace(0, 1, len(MARKS))
    assert again.confidence(values) == pytest.approx(shipped().confidence(values))


def test_parameters_of_another_version_are_refused():
    data = as_data(shipped())
    data["confidence"]["names"] = ["something", "else"]
    with pytest.raises(ValueError, match="another version"):
        fitted_from(data)


def test_more_evidence_means_more_confidence():
    names = list(MARKS)
    low = np.zeros(len(MARKS))
    high = low.copy()
    high[[names.index("agreement"), names.index("fine"), names.index("seen")]] = [1.8, 0.9, 0.9]
    assert shipped().confidence(high) > shipped().confidence(low)


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


def test_landmarks_of_one_building_are_left_out_together(reference, oblique, source):
    image, truth = oblique
    landmarks = [
        Landmark(name, (reference,), (image,), {image.name: truth}, building=building)
        for name, building in (("front", "gate"), ("side", "gate"), ("hall", ""))
    ]
    found = all_lessons([source], landmarks)
    assert {lesson.group: lesson.building for lesson in found} == {"front": "gate", "side": "gate", "hall": "hall"}
    assert cross_validated(found)["count"] == len(found)
    with pytest.raises(ValueError, match="need at least one array"):
        cross_validated([lesson for lesson in found if lesson.building == "gate"])  # nothing is left to fit on


def test_a_landmark_with_many_images_gives_a_few_references():
    many = [Reference(np.zeros((2, 2, 3), np.uint8), np.ones((2, 2), bool), "query", str(k), str(k)) for k in range(20)]
    names = [one.name for one in spread(many)]
    assert len(names) == MOST_REFERENCES
    assert (names[0], names[-1]) == ("0", "19")
    assert [one.name for one in spread(many[:3])] == ["0", "1", "2"]
    assert spread([]) == []


def test_landmarks_teach_each_other(reference, oblique, stranger, source):
    image, truth = oblique
    nothing = np.zeros(stranger.image.shape[:2], dtype=bool)
    nothing[:9, :9] = True
    landmarks = [
        Landmark("one", (reference,), (image,), {image.name: truth}),
        Landmark("two", (), (stranger,), {stranger.name: nothing}),
    ]
    found = all_lessons([source], landmarks)
    assert {lesson.group for lesson in found} >= {"one"}
    right = [lesson for lesson in found if lesson.truth.any() and lesson.group == "one"]
    assert max(lesson.plain for lesson in right) > 0.8
    fitted = fit(found)
    assert 0 <= float(fitted.confidence(np.zeros(len(MARKS)))) <= 1
    assert len({lesson.group for lesson in found}) < 2 or cross_validated(found)["count"] == len(found)
