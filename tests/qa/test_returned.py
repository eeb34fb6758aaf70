from __future__ import annotations

from collections.abc import Callable

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.domain.shapes import Annotation
from annotator.project import Project
from qa.hand_over import submit, take
from qa.returned import reasons_in, returned_work

Draw = Callable[..., Annotation]


def hand_in(project: Project, image: str, person: str, verdict: Verdict, drawn: Annotation, reason: str = "") -> None:
    key = PairKey(0, image)
    work = take(project, key, person)
    number, base = work.pass_number, work.base_revision
    submit(project, key, person, verdict, drawn, pass_number=number, base_revision=base, reason=reason)


def test_people_see_their_returned_work_and_why(project: Project, draw: Draw) -> None:
    hand_in(project, "a", "Ann", Verdict.SUBMITTED, draw(20))
    hand_in(project, "a", "Ben", Verdict.RETURNED, draw(20), "too much")
    hand_in(project, "b", "Ann", Verdict.SUBMITTED, draw(20))
    hand_in(project, "b", "Ben", Verdict.REFINED, draw(21))
    hand_in(project, "b", "Cem", Verdict.RETURNED, draw(21), "loose boundary")
    (mine,) = returned_work(project, "ann")
    assert (mine.key.image, mine.pass_number, mine.by, mine.reason, mine.mended) == ("a", 1, "Ben", "too much", False)
    (other,) = returned_work(project, "Ben")
    assert (other.key.image, other.pass_number, other.by) == ("b", 2, "Cem")
    assert [entry.person for entry in returned_work(project)] == ["Ben", "Ann"]
    assert returned_work(project, "Cem") == ()


def test_work_that_was_done_again_is_mended(project: Project, draw: Draw) -> None:
    hand_in(project, "a", "Ann", Verdict.SUBMITTED, draw(20))
    hand_in(project, "a", "Ben", Verdict.RETURNED, draw(20), "too much")
    hand_in(project, "a", "Ann", Verdict.SUBMITTED, draw(18))
    hand_in(project, "a", "Ben", Verdict.RETURNED, draw(18), "too much")
    assert [entry.mended for entry in returned_work(project, "Ann")] == [False, True]
    assert reasons_in(project.store.all_passes()) == (("too much", 2),)
