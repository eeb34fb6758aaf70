"""What the lists and images say about remarks, from a real project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import Ring
from annotator.domain.passes import Verdict
from annotator.domain.remarks import RemarkPlace, pinned
from annotator.domain.shapes import Annotation
from annotator.project import Project
from annotator.ui.presenting.passes import remark_rows
from annotator.ui.presenting.remark_lists import ALL, OPEN, SETTLED, RemarkFilter, remark_lists, thread_line
from annotator.ui.presenting.remarks import ROOM, around, pins, where
from qa.hand_over import submit, take
from qa.remarks import add_remark, project_threads

KEY, OTHER = PairKey(0, "a"), PairKey(0, "b")
REGION = RemarkPlace(region=Ring([[2, 3], [6, 3], [6, 9]]))
Draw = Callable[..., Annotation]


def hand_in(project: Project, person: str, verdict: Verdict, drawn: Annotation, **more: Any) -> None:
    work = take(project, KEY, person)
    number, base = work.pass_number, work.base_revision
    submit(project, KEY, person, verdict, drawn, pass_number=number, base_revision=base, **more)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (pinned(3, 4), ""),
        (REGION, "a region"),
        (pinned(3, 4, query=1), "query 1"),
        (RemarkPlace(query=1), "query 1"),
        (RemarkPlace(region=REGION.region, query=1), "a region of query 1"),
        (RemarkPlace(), "the pair as a whole"),
    ],
)
def test_where_a_remark_is(place: RemarkPlace, words: str) -> None:
    assert where(place) == words


def test_what_is_shown_around_a_place() -> None:
    assert around(RemarkPlace(query=1)) is None
    assert around(pinned(100, 50)) == (100 - ROOM, 50 - ROOM, 100 + ROOM, 50 + ROOM)
    assert around(REGION) == (2 - ROOM, 3 - ROOM, 6 + ROOM, 9 + ROOM)


def test_threads_keep_their_numbers_and_pins_stand_on_their_own_image(project: Project) -> None:
    first = add_remark(project, KEY, pinned(3, 4), "Ann", "one")
    second = add_remark(project, KEY, RemarkPlace(region=REGION.region, query=0), "Ben", "two")
    third = add_remark(project, KEY, RemarkPlace(), "Cem", "three")
    add_remark(project, KEY, pinned(3, 4), "Dee", "to one", first.id)
    project.store.settle_remark(first.id, "Ann")
    rows = remark_rows(project.store.remarks(KEY))
    assert [(row.id, row.number, row.settled) for row in rows] == [
        (second.id, 2, False), (third.id, 3, False), (first.id, 1, True),
    ]  # fmt: skip
    assert [line.text for line in rows[2].lines] == ["one", "to one"]
    (here,) = pins(rows, None)
    assert (here.id, here.number, here.open, here.place, here.region) == (first.id, 1, False, (3, 4), None)
    (there,) = pins(rows, 0, marked=second.id)
    assert (there.id, there.place, there.region, there.marked) == (second.id, (2, 3), REGION.region, True)
    assert pins(rows, 1) == ()


def test_the_filter_takes_by_state_group_and_person(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw())
    add_remark(project, KEY, REGION, "Ben", "open")
    settled = add_remark(project, OTHER, pinned(1, 1), "Cem", "settled")
    project.store.settle_remark(settled.id, "Cem")
    found = project_threads(project)

    def taken(**choice: Any) -> list[str]:
        return [thread.first.text for thread in found if RemarkFilter(**choice).takes(thread)]

    assert taken() == taken(state=OPEN) == ["open"]
    assert taken(state=SETTLED) == ["settled"]
    assert taken(state=ALL) == taken(state=ALL, group=0) == ["open", "settled"]
    assert taken(state=ALL, group=1) == []
    assert taken(state=ALL, person="Ann") == taken(state=ALL, person="Ben") == ["open"]
    assert taken(state=ALL, person="Dee") == []


def test_a_line_says_where_the_thread_is_and_how_far(project: Project) -> None:
    first = add_remark(project, KEY, RemarkPlace(region=REGION.region, query=0), "Ben", "too wide")
    for text in ("yes", "no"):
        add_remark(project, KEY, RemarkPlace(), "Ann", text, first.id)
    (thread,) = project_threads(project)
    line = thread_line(thread)
    assert (line.id, line.key, line.text, line.person, line.settled) == (first.id, KEY, "too wide", "Ben", False)
    assert line.below == "g00, a, a region of query 0, 2 answers"


def test_returned_work_comes_with_its_open_remarks_and_mended_work_last(project: Project, draw: Draw) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(20))
    hand_in(
        project,
        "Ben",
        Verdict.RETURNED,
        draw(20),
        reason="too much",
        remarks=[(REGION, "this"), (pinned(1, 1), "that")],
    )
    first, second = project.store.remarks(KEY)
    project.store.settle_remark(first.id, "Ben")
    (line,) = remark_lists(project, "Ann", everybody=False).returned
    assert (line.key, line.title, line.by, line.reason) == (KEY, "g00, pass 1", "Ben", "too much")
    assert (line.remarks, line.remark, line.mended) == (("that",), second.id, False)
    assert remark_lists(project, "Ben", everybody=False).returned == ()
    hand_in(project, "Ann", Verdict.SUBMITTED, draw(18))
    hand_in(project, "Ben", Verdict.RETURNED, draw(18), reason="loose boundary")
    waiting, mended = remark_lists(project, "Rosa", everybody=True).returned
    assert (waiting.title, waiting.reason, waiting.mended) == ("g00, pass 1, to Ann", "loose boundary", False)
    assert (mended.reason, mended.mended, mended.remarks, mended.remark) == ("too much", True, (), None)


def test_remarks_on_pairs_that_somebody_may_draw_blind_are_kept_from_them(
    project: Project, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(project, "Ann", Verdict.SUBMITTED, draw())
    add_remark(project, KEY, REGION, "Ann", "the door is in")
    monkeypatch.setattr(
        "annotator.ui.presenting.remark_lists.sealed", lambda _project, who: {KEY} if who == "Dee" else ()
    )
    assert remark_lists(project, "Dee", everybody=False).threads == ()
    assert [thread.first.text for thread in remark_lists(project, "Ann", everybody=False).threads] == ["the door is in"]
