from __future__ import annotations

import numpy as np

from annotator.domain.passes import PairState
from annotator.domain.raster import mask_of
from qa.simulation.demo_project import Demo, finish_demo
from resources.demo.render import truth


def test_there_is_work_in_every_state(demo: Demo) -> None:
    states = {pair.state for pair in demo.project.store.pairs()}
    assert states == set(PairState) - {PairState.WAITING, PairState.RETURNED_2}
    waiting = [query.image for query in demo.project.store.query_records() if query.approved_by is None]
    assert len(waiting) == 1


def test_truths_are_the_renderers(demo: Demo) -> None:
    exact = truth("gate_000005", 0.3).object_mask
    drawn = mask_of(demo.truths["gate_000005"])
    assert (exact & drawn).sum() / (exact | drawn).sum() > 0.95


def test_the_archway_is_a_hole(demo: Demo) -> None:
    assert demo.truths["gate_000012"].shapes[0].polygon.holes


def test_the_team_finishes_under_the_rule_of_three_people(demo: Demo) -> None:
    finish_demo(demo)
    pairs = demo.project.store.pairs()
    assert {pair.state for pair in pairs} == {PairState.DONE}
    done_by_team = [pair for pair in pairs if None not in pair.seats]
    assert len(done_by_team) == len(pairs)
    assert all(len(set(pair.seats)) == 3 for pair in pairs)
    assert demo.project.store.verify_chain() == []
    assert all(query.approved_by not in (None, query.drawn_by) for query in demo.project.store.query_records())


def test_final_masks_are_near_the_truth(demo: Demo) -> None:
    finish_demo(demo)
    found = []
    for pair in demo.project.store.pairs():
        assert pair.standing is not None
        mask = mask_of(demo.project.store.revision(pair.standing))
        exact = mask_of(demo.truths[pair.key.image])
        found.append((mask & exact).sum() / (mask | exact).sum())
    assert np.median(found) > 0.95
