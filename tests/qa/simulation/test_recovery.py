"""A simulated team of known skills does a project; states and statistics give back what was planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState, Verdict
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation, Role
from annotator.store.records import PassHead
from qa.agreement.estimates import share
from qa.agreement.measured import BETWEEN, Measured, latest_by_pass, measure
from qa.agreement.summary import AgreementSummary, summarise
from qa.dashboard import dashboard
from qa.difference import iou
from qa.simulation.skill import Skill, drawn
from qa.simulation.synthetic import Synthetic, hidden, synthetic_project, work

SKILLS = {
    "Mei": Skill(jitter=1.2, missed_occluder=0.0, wrong_object=0.0, seconds=200),
    "Jonas": Skill(jitter=2.6, missed_occluder=0.35, wrong_object=0.1, seconds=120),
    "Amara": Skill(jitter=1.2, missed_occluder=0.1, wrong_object=0.02, seconds=260),
}
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synthetic]:
    """180 pairs in four groups, all with three passes."""
    found = synthetic_project(tmp_path_factory.mktemp("recovery"), [80, 50, 35, 15], list(SKILLS))
    work(found, SKILLS, start=START, step=timedelta(minutes=40), seed=3)
    yield found
    found.project.close()


@pytest.fixture(scope="module")
def measured(made: Synthetic) -> Measured:
    return measure(made.project)


@pytest.fixture(scope="module")
def summary(measured: Measured) -> AgreementSummary:
    return summarise(measured)


@pytest.fixture(scope="module")
def latest(made: Synthetic) -> Mapping[PairKey, Mapping[int, PassHead]]:
    return latest_by_pass(made.project.store.all_passes())


def seen(made: Synthetic, head: PassHead) -> Annotation:
    return made.project.store.revision(head.revision)


def own_drawings(latest: Mapping[PairKey, Mapping[int, PassHead]]) -> dict[str, list[PassHead]]:
    """Passes in which the person drew (approving shows what another one drew)."""
    found: dict[str, list[PassHead]] = {name: [] for name in SKILLS}
    for passes in latest.values():
        for head in passes.values():
            if head.verdict is not Verdict.APPROVED:
                found[head.person].append(head)
    return found


def test_states_follow_from_the_masks(made: Synthetic, measured: Measured) -> None:
    """Done where all three agree by the rules, in dispute where two of them do not; nothing else."""
    for pair in made.project.store.pairs():
        row = measured.iou[measured.positions[pair.key]]
        expected = PairState.DONE if row.min() >= made.project.rules.agreement else PairState.DISPUTE
        assert pair.state is expected
        assert len(set(pair.seats)) == 3
    states = Counter(pair.state for pair in made.project.store.pairs())
    assert states[PairState.DONE] > 60
    assert states[PairState.DISPUTE] > 30
    assert made.project.store.verify_chain() == []


def test_disputes_come_as_often_as_the_planted_errors_make_them(made: Synthetic) -> None:
    """The share of disputes holds what independent drawings by the same skills give."""
    rng = np.random.default_rng(77)
    expected = []
    for truth in made.truths.values():
        for _ in range(2):
            masks = [mask_of(drawn(truth, skill, rng)) for skill in SKILLS.values()]
            lowest = min(iou(masks[a - 1], masks[b - 1]) for a, b in BETWEEN)
            expected.append(lowest < made.project.rules.agreement)
    pairs = made.project.store.pairs()
    found = share(sum(pair.state is PairState.DISPUTE for pair in pairs), len(pairs))
    spread = np.std(expected) / np.sqrt(len(expected))
    assert found.low - 2 * spread <= np.mean(expected) <= found.high + 2 * spread


def test_agreement_of_each_person_is_that_of_the_planted_skill(made: Synthetic, summary: AgreementSummary) -> None:
    rng = np.random.default_rng(5)
    values: dict[str, list[float]] = {name: [] for name in SKILLS}
    for truth in made.truths.values():
        masks = {name: mask_of(drawn(truth, skill, rng)) for name, skill in SKILLS.items()}
        for name in SKILLS:
            values[name].append(float(np.mean([iou(masks[name], masks[other]) for other in SKILLS if other != name])))
    for name, expected in values.items():
        found = summary.people[name]
        spread = float(np.std(expected) / np.sqrt(len(expected)))
        assert found.low - 2 * spread <= np.mean(expected) <= found.high + 2 * spread, name
    assert summary.people["Jonas"].high < summary.people["Mei"].low


def test_wrong_objects_come_back_at_their_rates(
    made: Synthetic, latest: Mapping[PairKey, Mapping[int, PassHead]]
) -> None:
    """Whoever agrees with nobody else by a half has drawn something else."""
    for name, heads in own_drawings(latest).items():
        wrong = 0
        for head in heads:
            mine = mask_of(seen(made, head))
            others = [mask_of(seen(made, other)) for other in latest[head.key].values() if other.person != name]
            wrong += max(iou(mine, other) for other in others) < 0.5
        found = share(wrong, len(heads))
        assert found.low - 0.02 <= SKILLS[name].wrong_object <= found.high + 0.02, name


def test_missed_occluders_come_back_at_their_rates(
    made: Synthetic, latest: Mapping[PairKey, Mapping[int, PassHead]]
) -> None:
    for name, heads in own_drawings(latest).items():
        asked = [head for head in heads if hidden(made.truths[head.key])]
        missed = sum(not seen(made, head).of_role(Role.OCCLUDER) for head in asked)
        found = share(missed, len(asked))
        assert found.low <= SKILLS[name].missed_occluder <= found.high, name


def test_kappa_and_boundaries_are_lower_where_skills_are(measured: Measured, summary: AgreementSummary) -> None:
    per_pair = np.nanmean(measured.iou, axis=1)
    assert np.corrcoef(measured.kappa, per_pair)[0, 1] > 0.95
    assert summary.kappa.low <= np.mean(measured.kappa) <= summary.kappa.high
    assert summary.boundary_f.mean < 0.97


def test_every_estimate_over_time_and_groups_holds_the_whole(summary: AgreementSummary) -> None:
    """Skills do not depend on group or week, so nearly all of their intervals hold the mean over all pairs."""
    parts = [value for value in (*summary.groups.values(), *summary.weeks.values()) if value.count > 1]
    assert len(parts) >= 8
    outside = sum(not value.low <= summary.iou.mean <= value.high for value in parts)
    assert outside <= 0.15 * len(parts) + 1


def test_times_come_back(made: Synthetic) -> None:
    board = dashboard(made.project)
    for row in board.people:
        first = row.seconds[0]
        assert (
            first.low <= SKILLS[row.name].seconds <= first.high or abs(first.mean / SKILLS[row.name].seconds - 1) < 0.1
        ), row.name
    assert board.standing.done + board.standing.after_2 == board.standing.pairs == 180
    assert board.standing.stopped == len(board.disputes)
