from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState
from annotator.domain.raster import mask_of
from qa.agreement import measured as module
from qa.agreement.measured import FILE, latest_by_pass, measure
from qa.agreement.summary import monday, summarise
from qa.difference import iou
from qa.simulation.demo_project import Demo, finish_demo


def test_every_pair_with_two_passes_is_measured_as_its_masks_are(demo: Demo) -> None:
    found = measure(demo.project)
    several = {key for key, passes in latest_by_pass(demo.project.store.all_passes()).items() if len(passes) > 1}
    assert set(found.keys) == several
    for key in found.keys:
        masks = {entry.pass_.pass_number: mask_of(entry.pass_.annotation) for entry in demo.project.store.passes(key)}
        first = found.comparison(key, (1, 2))
        assert first is not None
        assert first.iou == pytest.approx(iou(masks[1], masks[2]))
        third = found.comparison(key, (1, 3))
        assert (third is None) == (3 not in masks)
        if third is not None:
            assert third.iou == pytest.approx(iou(masks[1], masks[3]))


def test_a_dispute_has_a_lowest_agreement_below_the_rules(demo: Demo) -> None:
    found = measure(demo.project)
    (disputed,) = [pair.key for pair in demo.project.store.pairs() if pair.state is PairState.DISPUTE]
    assert (found.lowest(disputed) or 1) < demo.project.rules.agreement
    assert found.lowest(PairKey(0, "not there")) is None


def test_returned_and_escalated_passes_show_nobodys_mask(demo: Demo) -> None:
    stopped = {PairState.RETURNED_1, PairState.ESCALATED}
    keys = {pair.key for pair in demo.project.store.pairs() if pair.state in stopped}
    assert len(keys) == 2
    assert not keys & set(measure(demo.project).keys)


def test_nothing_is_rasterised_twice_and_the_cache_may_go(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    first = measure(demo.project)
    told: list[tuple[int, int]] = []

    def refuse(*_: object) -> Any:
        raise AssertionError("rasterised again")

    with monkeypatch.context() as patch:
        patch.setattr(module, "mask_of", refuse)
        second = measure(demo.project, progress=lambda done, of: told.append((done, of)))
    np.testing.assert_array_equal(first.iou, second.iou)
    assert told == []
    (demo.project.cache / FILE).unlink()
    third = measure(demo.project, progress=lambda done, of: told.append((done, of)))
    np.testing.assert_array_equal(first.kappa, third.kappa)
    assert told == [(len(first.keys), len(first.keys))]


def test_a_look_may_be_cut_short_and_says_what_is_left(demo: Demo) -> None:
    some = measure(demo.project, most=1)
    every = measure(demo.project)
    assert len(some.keys) == 1
    assert some.left == len(every.keys) - 1
    assert every.left == 0


def test_other_rules_measure_anew(demo: Demo) -> None:
    from dataclasses import replace

    before = measure(demo.project)
    strict = replace(demo.project, rules=replace(demo.project.rules, boundary_tolerance=1.0))
    after = measure(strict)
    assert (after.boundary_f <= before.boundary_f + 1e-12)[~np.isnan(before.boundary_f)].all()
    assert np.nansum(after.boundary_f) < np.nansum(before.boundary_f)


def test_the_summary_splits_by_group_person_and_week(demo: Demo) -> None:
    finish_demo(demo)
    found = measure(demo.project)
    summary = summarise(found)
    per_pair = np.nanmean(found.iou, axis=1)
    assert summary.iou.mean == pytest.approx(per_pair.mean())
    assert summary.iou.low < summary.iou.mean < summary.iou.high
    for group, estimate in summary.groups.items():
        mine = [value for key, value in zip(found.keys, per_pair.tolist(), strict=True) if key.group == group]
        assert estimate.mean == pytest.approx(np.mean(mine))
        assert estimate.count == len(mine)
    assert set(summary.people) == {name for people in found.people for name in people if name}
    assert sum(estimate.count for estimate in summary.weeks.values()) == len(found.keys)
    assert all(day.weekday() == 0 for day in summary.weeks)
    assert -1 <= summary.kappa.low <= summary.kappa.mean <= 1
    assert summary.hausdorff.mean >= 0


def test_an_empty_project_has_no_means(project: Any) -> None:
    summary = summarise(measure(project))
    assert not summary.iou.known
    assert summary.groups == {}


def test_weeks_begin_on_monday(demo: Demo) -> None:
    day = demo.project.store.all_passes()[0].submitted_at.date()
    assert monday(day) <= day < monday(day) + timedelta(days=7)
