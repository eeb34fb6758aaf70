"""Blind annotations against pass 1, of squares whose IoU is counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.domain.shapes import Annotation
from annotator.project import Project
from qa.agreement.cache import NumberCache
from qa.agreement.consensus import FILE, consensus
from qa.blind import submit_blind
from qa.disputes import settle
from qa.hand_over import submit

A, B, C = (PairKey(0, name) for name in "abc")
Draw = Callable[..., Annotation]


@pytest.fixture
def everything(project: Project) -> Project:
    """A project whose rules ask for every pair to be drawn blind."""
    return replace(project, rules=replace(project.rules, blind_share=1.0))


def first(project: Project, key: PairKey, drawn: Annotation, proposer: str | None = None) -> None:
    submit(project, key, "Ann", Verdict.SUBMITTED, drawn, pass_number=1, proposer=proposer)


def test_the_mean_and_the_pull_by_hand(everything: Project, draw: Draw) -> None:
    first(everything, A, draw(20))
    first(everything, B, draw(20), "pipeline 0.90")
    for key, side, seconds in ((A, 24, 30.0), (B, 29, 90.0)):
        submit_blind(everything, key, "Ben", draw(side), seconds)
    alone, pulled = 21**2 / 25**2, 21**2 / 30**2
    found = consensus(everything)
    assert found.iou.mean == pytest.approx((alone + pulled) / 2)
    assert (found.without_premask.mean, found.with_premask.mean) == (pytest.approx(alone), pytest.approx(pulled))
    assert found.bias.mean == pytest.approx(alone - pulled)
    assert (found.seconds.mean, found.seconds.count) == (60.0, 2)


def test_without_both_kinds_there_is_no_pull(everything: Project, draw: Draw) -> None:
    first(everything, A, draw(20))
    submit_blind(everything, A, "Ben", draw(20), 30.0)
    found = consensus(everything)
    assert (found.iou.mean, found.without_premask.count) == (1.0, 1)
    assert not found.with_premask.known
    assert not found.bias.known


def test_a_pair_that_a_researcher_decided_has_no_pass_1_to_compare_with(everything: Project, draw: Draw) -> None:
    submit(everything, C, "Ann", Verdict.ESCALATED, draw(20), pass_number=1, reason="which door?")
    settle(everything, C, "Rosa", draw(22), "this one")
    submit_blind(everything, C, "Ben", draw(20), 30.0)
    found = consensus(everything)
    assert not found.iou.known
    assert found.seconds.count == 1


def test_pass_1_that_was_done_again_is_compared_as_it_is_now(everything: Project, draw: Draw) -> None:
    first(everything, A, draw(20))
    submit_blind(everything, A, "Dee", draw(24), 30.0)
    assert consensus(everything).iou.mean == pytest.approx(21**2 / 25**2)
    base = everything.store.pair(A).standing
    submit(everything, A, "Ben", Verdict.RETURNED, draw(20), pass_number=2, base_revision=base, reason="too little")
    submit(everything, A, "Ann", Verdict.SUBMITTED, draw(24), pass_number=1,
           base_revision=everything.store.pair(A).standing)  # fmt: skip
    assert consensus(everything).iou.mean == 1.0
    assert len(NumberCache(everything.cache / FILE, 1).read()) == 1  # what nobody asks for any more is gone


def test_a_mask_of_another_size_is_left_out(everything: Project, draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    """A photograph may be replaced by one of another size between two drawings."""
    first(everything, A, draw(20))
    submit_blind(everything, A, "Ben", draw(20), 30.0)
    other = Annotation((30, 30), draw(20).shapes)
    monkeypatch.setattr(type(everything.store), "blind_annotation", lambda *_: other)
    found = consensus(everything)
    assert not found.iou.known
    assert np.isnan(next(iter(NumberCache(everything.cache / FILE, 1).read().values())))[0]
