"""Fitting on drawn landmarks; the shipped parameters fit the program and know where they come from."""

from __future__ import annotations

import json

import numpy as np
import pytest

from annotator.premask.cut_network import embedded_cut
from annotator.premask.fitted import as_data, confidence_from, shipped, shipped_hash
from annotator.premask.fitting import cross_validated, fit, logistic, outcomes
from annotator.premask.judge import MARKS
from annotator.premask.landmark import Landmark
from annotator.premask.lessons import all_lessons
from resources import accessor


def cuts(_building):
    return embedded_cut()


class _Nothing:
    """A cut that leaves the warped mask as it is: too likely to be taken, too unlikely to be added."""

    def __call__(self, planes):
        return np.full(planes.shape[:2], 0.6, np.float32)

    def of_shrunk(self, _planes, shape):
        return np.full(shape, 0.6, np.float32)


def test_a_logistic_regression_finds_the_weights_that_made_the_answers():
    random = np.random.default_rng(0)
    values = random.normal(size=(4000, 3))
    answers = 1 / (1 + np.exp(-(values @ [2.0, -1.0, 0.0] + 0.5)))
    found = logistic(values, answers, np.full(4000, 1 / 4000), ridge=1e-6)
    assert np.allclose(found.weights / found.spread, [2, -1, 0], atol=0.05)
    assert np.abs(found(values) - answers).max() < 0.02


def test_the_shipped_parameters_fit_the_program():
    data = json.loads(accessor.read_text("premask/fitted.json"))
    assert data["confidence"]["names"] == list(MARKS)
    assert data["cross_validated"]["count"] > 100
    again = confidence_from(as_data(shipped().confidence))
    values = np.linspace(0, 1, len(MARKS))
    assert again(values) == pytest.approx(shipped().confidence(values))


def test_another_cut_is_another_set_of_parameters(monkeypatch):
    before = shipped_hash()
    shipped_hash.cache_clear()
    monkeypatch.setattr("annotator.premask.fitted.checksum", lambda _path: "another")
    assert shipped_hash() != before
    shipped_hash.cache_clear()


def test_parameters_of_another_version_are_refused():
    data = as_data(shipped().confidence)
    data["confidence"]["names"] = ["something", "else"]
    with pytest.raises(ValueError, match="another version"):
        confidence_from(data)


def test_more_evidence_means_more_confidence():
    names = list(MARKS)
    low = np.zeros(len(MARKS))
    high = low.copy()
    high[[names.index("agreement"), names.index("fine"), names.index("seen")]] = [1.8, 0.9, 0.9]
    assert shipped().confidence(high) > shipped().confidence(low)


def test_landmarks_of_one_building_are_left_out_together(reference, oblique, source):
    image, truth = oblique
    landmarks = [
        Landmark(name, (reference,), (image,), {image.name: truth}, building=building)
        for name, building in (("front", "gate"), ("side", "gate"), ("hall", ""))
    ]
    found = all_lessons([source], landmarks)
    assert {lesson.group: lesson.building for lesson in found} == {"front": "gate", "side": "gate", "hall": "hall"}
    assert cross_validated(found, *outcomes(found, cuts))["count"] == len(found)
    gate = [lesson for lesson in found if lesson.building == "gate"]
    with pytest.raises(ValueError, match="no other to be tested on"):
        cross_validated(gate, *outcomes(gate, cuts))  # nothing is left to fit on


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
    assert 0 <= float(fit(found, *outcomes(found, cuts))(np.zeros(len(MARKS)))) <= 1
    assert len({lesson.group for lesson in found}) < 2 or cross_validated(found, *outcomes(found, cuts))[
        "count"
    ] == len(found)


def test_every_building_is_cut_by_a_network_that_does_not_know_it(reference, oblique, source):
    image, truth = oblique
    landmarks = [Landmark(name, (reference,), (image,), {image.name: truth}) for name in ("front", "side")]
    found = all_lessons([source], landmarks)
    asked = []

    def chosen(building):
        asked.append(building)
        return _Nothing()

    marks, reached = outcomes(found, chosen)
    assert asked == [lesson.building for lesson in found]
    assert marks.shape == (len(found), len(MARKS))
    assert reached.max() > 0.8
    tested = cross_validated(found, marks, reached)
    assert tested["warped"] == pytest.approx(np.mean([one.plain for one in found if one.plain >= 0.2]), abs=0.02)
