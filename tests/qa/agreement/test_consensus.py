"""Blind annotations of a team whose pre-masks pull pass 1 along: the pull is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.passes import Verdict
from annotator.project import Project
from qa.agreement import consensus as module
from qa.agreement.consensus import FILE, consensus
from qa.blind import blind_offers, submit_blind
from qa.hand_over import submit, take
from qa.simulation.skill import Skill, drawn
from qa.simulation.synthetic import Synthetic, synthetic_project

CAREFUL, COARSE = Skill(jitter=0.8, missed_occluder=0.0), Skill(jitter=5.0, missed_occluder=0.0)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Synthetic]:
    """Pass 1 of 60 pairs, every other one from a coarse pre-mask that was handed in as it was; all drawn blind."""
    found = synthetic_project(tmp_path, [40, 20], ["Ann", "Ben", "Cem"])
    project = replace(found.project, rules=replace(found.project.rules, blind_share=1.0))
    rng = np.random.default_rng(4)
    for number, key in enumerate(sorted(found.truths)):
        take(project, key, "Ann")
        skill, proposer = (COARSE, "pipeline 0.71") if number % 2 else (CAREFUL, None)
        seen = drawn(found.truths[key], skill, rng)
        submit(project, key, "Ann", Verdict.SUBMITTED, seen, pass_number=1, proposer=proposer)
    for offer in blind_offers(project, "Ben"):
        submit_blind(project, offer.key, "Ben", drawn(found.truths[offer.key], CAREFUL, rng), 100.0)
    yield Synthetic(project, found.truths)
    project.close()


def test_the_pull_of_pre_masks_is_found_within_its_interval(made: Synthetic) -> None:
    found = consensus(made.project)
    assert (found.iou.count, found.with_premask.count, found.without_premask.count) == (60, 30, 30)
    assert found.bias.low > 0
    assert found.bias.mean == pytest.approx(found.without_premask.mean - found.with_premask.mean)
    assert found.seconds.mean == 100
    # What the planted skills give, from as many independent drawings of the same objects.
    expected = _expected(made)
    assert found.bias.low - 0.01 < expected < found.bias.high + 0.01


def test_each_is_rasterised_once(made: Synthetic, monkeypatch: pytest.MonkeyPatch) -> None:
    first = consensus(made.project)
    assert (made.project.cache / FILE).is_file()

    def refuse(*_: object) -> None:
        raise AssertionError("rasterised again")

    monkeypatch.setattr(module, "mask_of", refuse)
    assert consensus(made.project) == first


def test_without_blind_annotations_nothing_is_known(project: Project) -> None:
    assert not consensus(project).iou.known


def _expected(made: Synthetic) -> float:
    from annotator.domain.raster import mask_of
    from qa.difference import iou

    rng = np.random.default_rng(99)
    means = []
    for skill in (CAREFUL, COARSE):
        values = [
            iou(mask_of(drawn(truth, skill, rng)), mask_of(drawn(truth, CAREFUL, rng)))
            for truth in made.truths.values()
            for _ in range(3)
        ]
        means.append(float(np.mean(values)))
    return means[0] - means[1]
