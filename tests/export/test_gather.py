"""From a project to what its release is made of: histories in their order, people under pseudonyms, what is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState, PersonRole, Verdict
from annotator.domain.shapes import Annotation
from annotator.project import Project, create_project
from export.gather import gather, pseudonyms_of
from export.material import FinishedPair
from qa.disputes import settle
from qa.hand_over import submit, take

A, B, C = (PairKey(0, name) for name in "abc")
Draw = Callable[..., Annotation]


def hand_in(project: Project, key: PairKey, person: str, verdict: Verdict, drawn: Annotation | None = None) -> None:
    work = take(project, key, person)
    result = drawn or work.base
    assert result is not None
    reason = "why?" if verdict in (Verdict.RETURNED, Verdict.ESCALATED) else ""
    number, base = work.pass_number, work.base_revision
    submit(project, key, person, verdict, result, pass_number=number, base_revision=base, reason=reason)


def gathered(project: Project) -> dict[PairKey, FinishedPair]:
    material = gather(project, pseudonyms_of([project]))
    return {PairKey(pair.group, pair.image.name): pair for pair in material.pairs}


def steps(pair: FinishedPair) -> list[tuple[str, str]]:
    return [(round_.step, round_.verdict) for round_ in pair.rounds]


def test_people_are_numbered_as_they_joined(project: Project) -> None:
    assert pseudonyms_of([project]) == {"Rosa": "A1", "Rui": "A2", "Ann": "A3", "Ben": "A4", "Cem": "A5", "Dee": "A6"}


def test_one_person_in_two_projects_has_one_pseudonym(
    project: Project, tmp_path: Path, ground_truth: Path, images: Path
) -> None:
    with create_project(tmp_path / "second", ground_truth, images) as second:
        for name in ("Nell", "ANN", "Öz"):
            second.store.add_person(name, PersonRole.ANNOTATOR)
        found = pseudonyms_of([project, second])
        assert found["ANN"] == found["Ann"] == "A3"
        assert (found["Nell"], found["Öz"]) == ("A7", "A8")
        other_way = pseudonyms_of([second, project])
        assert (other_way["Nell"], other_way["Ann"], other_way["Rosa"]) == ("A1", "A2", "A4")


def test_what_is_not_done_is_missing_and_nothing_of_it_is_gathered(project: Project, draw: Draw) -> None:
    hand_in(project, A, "Ann", Verdict.SUBMITTED, draw(10))
    material = gather(project, pseudonyms_of([project]))
    assert material.pairs == ()
    assert material.missing_pairs == ("g00:a", "g00:b", "g00:c", "g01:d")
    assert [query.number for query in material.queries] == [0]
    assert (material.missing_queries, material.complete) == ((1, 2), False)
    (query,) = material.queries
    assert (query.drawn_by, query.approved_by, query.annotation) == ("A1", "A2", draw(20))


def test_a_query_mask_that_nobody_approved_is_missing(project: Project, draw: Draw) -> None:
    project.store.save_query_mask(1, draw(20), "Rosa")
    assert gather(project, pseudonyms_of([project])).missing_queries == (1, 2)
    project.store.approve_query_mask(1, "Rui")
    assert gather(project, pseudonyms_of([project])).missing_queries == (2,)


def test_passes_stand_in_the_order_in_which_they_were_done(project: Project, draw: Draw) -> None:
    hand_in(project, A, "Ann", Verdict.SUBMITTED, draw(20))
    hand_in(project, B, "Ben", Verdict.SUBMITTED, draw(20))
    hand_in(project, A, "Ben", Verdict.REFINED, draw(21))
    hand_in(project, A, "Cem", Verdict.RETURNED)
    hand_in(project, A, "Ben", Verdict.APPROVED)
    hand_in(project, A, "Cem", Verdict.APPROVED)
    (pair,) = gathered(project).values()
    assert steps(pair) == [
        ("annotate", "submitted"),
        ("refine+inspect", "refined"),
        ("refine+inspect", "returned"),
        ("refine+inspect", "approved unchanged"),
        ("refine+inspect", "approved unchanged"),
    ]
    assert [round_.by for round_ in pair.rounds] == ["A3", "A4", "A5", "A4", "A5"]
    assert pair.final == project.store.pair(A).standing
    assert project.store.revision(pair.final) == draw(21)
    assert len({round_.proof for round_ in pair.rounds}) == 5
    assert pair.revisions == {round_.revision for round_ in pair.rounds}


@pytest.mark.parametrize("resume", [False, True])
def test_a_decision_is_a_round_where_it_set_a_mask(project: Project, draw: Draw, resume: bool) -> None:
    """An escalation in pass 1: settled with a mask, or sent back with an answer."""
    hand_in(project, B, "Ann", Verdict.ESCALATED, draw(9))
    settle(project, B, "Rui", None if resume else draw(20), "this door", resume=resume)
    if resume:
        hand_in(project, B, "Ann", Verdict.SUBMITTED, draw(20))
    hand_in(project, B, "Ben", Verdict.APPROVED)
    hand_in(project, B, "Dee", Verdict.APPROVED)
    pair = gathered(project)[B]
    second = ("annotate", "submitted") if resume else ("settle", "settled")
    assert steps(pair)[:2] == [("annotate", "escalated"), second]
    assert [round_.by for round_ in pair.rounds] == ["A3", "A3" if resume else "A2", "A4", "A6"]
    assert project.store.revision(pair.rounds[1].revision) == draw(20)


def test_a_dispute_ends_with_what_the_researcher_decided(project: Project, draw: Draw) -> None:
    for person, verdict, side in (("Ann", Verdict.SUBMITTED, 10), ("Ben", Verdict.REFINED, 11)):
        hand_in(project, C, person, verdict, draw(side))
    hand_in(project, C, "Cem", Verdict.REFINED, draw(30))
    assert project.store.pair(C).state is PairState.DISPUTE
    assert gathered(project) == {}
    settle(project, C, "Rosa", draw(28), "the wing is in")
    pair = gathered(project)[C]
    assert steps(pair)[-1] == ("settle", "settled")
    assert project.store.revision(pair.final) == draw(28)
    assert pair.rounds[-1].at == project.store.clock()


def test_notes_rules_and_names_come_along(project: Project) -> None:
    project.store.set_note(0, "The gate alone.", "Rosa")
    material = gather(project, pseudonyms_of([project]))
    assert material.notes == {0: "The gate alone."}
    assert material.rules == project.rules
    assert material.people[0] == ("A1", "Rosa")
    assert material.ground_truth_file.is_file()
