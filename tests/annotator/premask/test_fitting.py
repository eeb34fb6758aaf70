"""Fitting on drawn landmarks; the shipped parameters fit the program and know where they come from."""

from __future__ import annotations

import json

import numpy as np
import pytest

from annotator.premask.evidence import PLANES
from annotator.premask.fitted import as_data, fitted_from, shipped
from annotator.premask.fitting import all_lessons, cross_validated, fit, logistic
from annotator.premask.judge import MARKS
from annotator.premask.landmark import Landmark
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
