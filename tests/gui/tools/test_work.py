"""How tools have work done beside the window: only the newest wish, nothing stale, failures told."""

from __future__ import annotations

import logging

import pytest

from annotator.domain.errors import BadFileError
from annotator.ui.tools.latest import LatestWork
from annotator.ui.workers import run_here


def test_of_the_wishes_that_wait_only_the_last_is_worked_on(hand, later) -> None:
    work, done = LatestWork(hand.canvas.desk, "test"), []
    for number in range(5):
        work.want(lambda number=number: number, done.append)
    assert len(later.waiting) == 1
    assert work.busy
    later.run_all()
    assert done == [0, 4]
    assert not work.busy


def test_what_is_forgotten_never_arrives(hand, later) -> None:
    work, done = LatestWork(hand.canvas.desk, "test"), []
    work.want(lambda: "first", done.append)
    work.want(lambda: "second", done.append)
    work.forget()
    assert not work.busy
    work.want(lambda: "third", done.append)
    later.run_all()
    assert done == ["third"]


def test_a_wish_may_follow_from_a_result(hand) -> None:
    work, done = LatestWork(hand.canvas.desk, "test"), []

    def first(result: int) -> None:
        done.append(result)
        if result < 3:
            work.want(lambda: result + 1, first)

    work.want(lambda: 0, first)
    assert done == [0, 1, 2, 3]
    assert not work.busy


@pytest.mark.parametrize("change", ["tool", "session"])
def test_results_for_another_tool_or_image_are_dropped(hand, later, change: str) -> None:
    hand.take("polygon")
    done: list[str] = []
    hand.canvas.desk.work("test", lambda: "stale", done.append)
    if change == "tool":
        hand.take("lasso")
    else:
        hand.canvas.set_session(type(hand.session)(hand.annotation))
    later.run_all()
    assert done == []


def test_a_failure_is_told_in_a_sentence_and_a_bug_is_logged(hand, caplog) -> None:
    def expected() -> None:
        raise BadFileError("hall.jpg", "it is not an image", "replace it")

    def bug() -> None:
        raise ZeroDivisionError

    hand.take("polygon")
    done: list[object] = []
    hand.canvas.desk.work("test", expected, done.append)
    assert hand.said == ["hall.jpg: it is not an image; replace it."]
    with caplog.at_level(logging.ERROR):
        hand.canvas.desk.work("test", bug, done.append)
    assert hand.said[1] == "This could not be worked out; the program's log says why."
    assert [record.message for record in caplog.records] == ["The tool's work failed."]
    assert done == []


def test_without_workers_a_job_runs_at_once() -> None:
    done: list[int] = []
    failed: list[Exception] = []
    run_here("test", lambda token: int(token.cancelled), done.append, failed.append)
    run_here("test", lambda token: 1 // int(token.cancelled), done.append, failed.append)
    assert done == [0]
    assert isinstance(failed[0], ZeroDivisionError)


def test_what_is_seen_is_the_part_of_the_image_on_the_canvas(hand) -> None:
    desk = hand.canvas.desk
    assert desk.seen == (0.0, 0.0, 199.0, 149.0)
    hand.canvas.navigation.zoom_to(20.0)
    x1, y1, x2, y2 = desk.seen
    assert 0 < x2 - x1 <= 700 / 20
    assert 0 < y2 - y1 <= 500 / 20
    hand.canvas.set_session(None)
    assert desk.seen == (0.0, 0.0, 0.0, 0.0)


def test_the_right_button_is_for_the_tools_that_use_it(painter) -> None:
    painter.take("polygon")
    painter.click_right(80, 80)
    assert not painter.canvas.tool.outline.points
    painter.take("click-to-cut")
    painter.click_right(80, 80)
    (stroke,) = painter.canvas.tool._strokes
    assert not stroke.inside
