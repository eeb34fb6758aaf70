"""Pre-masks in the window: offered, taken, taken in parts, exchanged, dismissed, refused, inspected, linked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import Polygon, polygon
from annotator.domain.rules import Rules
from annotator.domain.validity import polygon_problems
from annotator.premask.protocol import Proposal, refusal
from annotator.premask.stored import proposal_data
from annotator.premask.warp import Geometry
from annotator.project.opening import open_project
from annotator.ui import premask_feed
from annotator.ui.pages.pairs_page import PairsPage
from annotator.ui.premask_process import StoppedError
from annotator.ui.presenting.premask import certainty, editable

KEY = PairKey(0, "hall_2")
LEFT = polygon([(40, 30), (70, 30), (70, 90), (40, 90)])
RIGHT = polygon([(80, 30), (110, 30), (110, 90), (80, 90)])
LEFT_BOX, RIGHT_BOX = (40.0, 30.0, 70.0, 90.0), (80.0, 30.0, 110.0, 90.0)
SHIFT = Geometry(np.array([[1.0, 0, 10], [0, 1, 5], [0, 0, 1]]), (0.0, 0.0, 159.0, 119.0), np.zeros((2, 2, 2)))


def proposal(confidence: float, *polygons: Polygon, alternatives: tuple[Proposal, ...] = ()) -> Proposal:
    return Proposal(polygons, confidence, "group", "hall_a", geometry=SHIFT, alternatives=alternatives)


BOTH = proposal(0.84, LEFT, RIGHT, alternatives=(proposal(0.4, RIGHT),))


def boxes(polygons: Iterable[Polygon]) -> list[tuple[float, float, float, float]]:
    """Polygons are cleaned before they are offered, which may turn their rings: their boxes tell which they are."""
    return sorted(one.bounds for one in polygons)


def keep(folder: Path, made: Proposal, image: str = "hall_2") -> None:
    path = folder / "cache" / "premasks" / "g00" / f"{image}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"fingerprint": "", "proposal": proposal_data(made)}), encoding="utf-8")


def begin(town: Any, folder: Path, made: Proposal | None = None, person: str = "Mei") -> tuple[Any, PairsPage]:
    if made is not None:
        keep(folder, made)
    window = town.open(folder, person)
    page = window.view.page("pairs")
    page.open_key_now(KEY)
    town.settled(window)
    return window, page


def shapes(page: PairsPage) -> tuple[Any, ...]:
    assert page.opened_pair is not None
    return page.opened_pair.session.annotation.shapes


def test_sure_premask_is_laid_over_the_image(open_folder: Path, town: Any) -> None:
    _window, page = begin(town, open_folder, BOTH)
    assert boxes(page.bench.canvas.layers.premask) == [LEFT_BOX, RIGHT_BOX]
    assert page.premasking.chip.isVisible()
    assert page.premasking.chip.said == "likely right 0.84"
    assert page.column.premasks.detail == "2"
    assert not shapes(page)


def test_t_takes_it_as_one_step_and_the_pass_says_so(open_folder: Path, town: Any) -> None:
    window, page = begin(town, open_folder, BOTH)
    canvas = page.bench.canvas
    town.press(canvas, Qt.Key.Key_T)
    assert boxes(shape.polygon for shape in shapes(page)) == [LEFT_BOX, RIGHT_BOX]
    assert page.opened_pair is not None
    assert page.opened_pair.proposer == "group 0.84"
    assert not page.premasking.chip.isVisible()
    assert canvas.layers.premask == ()
    town.press(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not shapes(page)
    assert page.opened_pair.proposer is None
    modifiers = (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    town.press(canvas, Qt.Key.Key_Z, *modifiers)
    assert page.opened_pair.proposer == "group 0.84"
    town.press(canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    town.settled(window)
    with open_project(open_folder) as project:
        assert project.store.passes(KEY)[0].pass_.proposer == "group 0.84"
        assert project.store.revisions(KEY)[0].proposer == "group 0.84"


def test_part_is_taken_by_ctrl_shift_click(open_folder: Path, town: Any) -> None:
    _window, page = begin(town, open_folder, BOTH)
    canvas = page.bench.canvas
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    town.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, held, town.spot(canvas, 95, 60))
    assert boxes(shape.polygon for shape in shapes(page)) == [RIGHT_BOX]
    assert page.opened_pair is not None
    assert page.opened_pair.proposer == "group 0.84"


def test_next_shows_the_alternatives_round_and_round(open_folder: Path, town: Any) -> None:
    _window, page = begin(town, open_folder, BOTH)
    canvas = page.bench.canvas
    town.press(canvas, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert boxes(canvas.layers.premask) == [RIGHT_BOX]
    assert page.premasking.chip.said == "a guess 0.40"
    town.press(canvas, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert boxes(canvas.layers.premask) == [LEFT_BOX, RIGHT_BOX]


def test_dismissed_premask_stays_away_and_in_the_list(open_folder: Path, town: Any) -> None:
    window, page = begin(town, open_folder, BOTH)
    town.click(page.premasking.chip.drop)
    assert page.bench.canvas.layers.premask == ()
    page.open_key_now(PairKey(0, "hall_1"))
    page.open_key_now(KEY)
    town.settled(window)
    assert not page.premasking.chip.isVisible()
    row = page.column.findChild(QWidget, "premask.0")
    assert row is not None
    town.click(row)
    assert boxes(page.bench.canvas.layers.premask) == [LEFT_BOX, RIGHT_BOX]


def test_guess_is_offered_and_not_placed(open_folder: Path, town: Any) -> None:
    _window, page = begin(town, open_folder, proposal(0.3, LEFT))
    assert page.bench.canvas.layers.premask == ()
    assert not page.premasking.chip.isVisible()
    assert page.column.premasks.isVisible()
    town.press(page.bench.canvas, Qt.Key.Key_T)
    assert boxes(shape.polygon for shape in shapes(page)) == [LEFT_BOX]


def test_refusal_says_why(open_folder: Path, town: Any) -> None:
    _window, page = begin(town, open_folder, refusal("group", "hall_2 shows nothing but one tone."))
    assert page.column.premasks.sentence == "hall_2 shows nothing but one tone."
    town.press(page.bench.canvas, Qt.Key.Key_T)
    assert not shapes(page)


def test_blinking_against_the_premask(open_folder: Path, town: Any) -> None:
    _window, page = begin(town, open_folder, BOTH)
    town.click(page.bench.bar.findChild(QWidget, "blink.premask"))
    shown = page.bench.canvas.layers.blink
    assert shown is not None
    assert boxes(shape.polygon for shape in shown.shapes) == [LEFT_BOX, RIGHT_BOX]


def test_pass_2_opens_on_what_became_of_the_premask(open_folder: Path, town: Any) -> None:
    window, page = begin(town, open_folder, proposal(0.8, LEFT))
    town.press(page.bench.canvas, Qt.Key.Key_T)
    town.outline(page.bench.canvas, Qt.Key.Key_P, (80, 30), (110, 30), (110, 90), (80, 90))
    town.press(page.bench.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    town.settled(window)
    _other, inspected = begin(town, open_folder, None, "Jonas")
    assert inspected.column.figures.detail == "pre-mask to pass 1"
    assert [place.kind for place in inspected.column.places.views] == ["added"]
    assert inspected.column.places.views[0].area == 31 * 61


def test_same_place_is_marked_in_query_and_index_image(open_folder: Path, town: Any) -> None:
    _window, page = begin(town, open_folder, BOTH)
    canvas, picture = page.bench.canvas, page.queries.findChild(QWidget, "query.0.picture")
    assert page.queries.link.isVisible()
    assert picture is not None
    marked: list[Any] = []
    picture.set_mark = marked.append
    town.qtbot.mouseMove(canvas, town.spot(canvas, 60, 50))
    town.qtbot.waitUntil(lambda: any(place is not None for place in marked))
    place = next(place for place in reversed(marked) if place is not None)
    assert (place.x, place.y) == pytest.approx((50, 45), abs=1)
    middle = picture.to_screen().map(QPoint(70, 60))
    town.qtbot.mouseMove(picture, middle)
    town.qtbot.waitUntil(lambda: canvas.layers.linked is not None)
    assert canvas.layers.linked == pytest.approx((80, 65), abs=1)
    town.click(page.queries.link)
    assert canvas.layers.linked is None


class InThread:
    """Makes pre-masks without a process."""

    def __init__(self) -> None:
        self.stopped = lambda: False

    def results(self, run: Any, work: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        yield from ((number, run(one)) for number, one in enumerate(work))

    def close(self) -> None:
        """Nothing to end."""


def test_missing_premask_is_made_while_the_pair_is_open(
    open_folder: Path, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(premask_feed, "PremaskProcess", InThread)
    town.settings.set_text("premasks", "on")
    _window, page = begin(town, open_folder)
    town.qtbot.waitUntil(lambda: bool(page.premasking.found.rows or page.premasking.found.refused))
    assert page.column.premasks.isVisible()
    town.qtbot.waitUntil(lambda: not page.around.premasks.running)
    kept = sorted(path.stem for path in (open_folder / "cache" / "premasks" / "g00").glob("*.json"))
    assert kept == ["hall_1", "hall_2", "hall_3"]


class Paused(InThread):
    """Makes pre-masks without a process, the first of them when it is let go."""

    may_go = threading.Event()

    def results(self, run: Any, work: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        if work:
            while not self.may_go.wait(0.01):
                if self.stopped():
                    raise StoppedError
        yield from super().results(run, work)


@pytest.fixture
def paused(town: Any, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Nothing is made before this is set; then quickly, with a confidence that is always 0.3."""
    monkeypatch.setattr(premask_feed, "PremaskProcess", Paused)
    monkeypatch.setattr(premask_feed, "DEFAULT", "prototypes")
    monkeypatch.setattr(Paused, "may_go", threading.Event())
    town.settings.set_text("premasks", "on")
    return Paused.may_go


def finish(town: Any, page: PairsPage, paused: threading.Event) -> None:
    paused.set()
    town.qtbot.waitUntil(lambda: not page.around.premasks.running)
    town.qtbot.waitUntil(lambda: page.around.workers.busy == 0)


@pytest.mark.parametrize(
    ("kept", "said", "share"),
    [
        ((), "Making 3 pre-masks for g00 while you work. None is ready yet.", 0.0),
        (("hall_1", "hall_2"), "2 of 3 are ready for g00. The rest are made while you work.", 2 / 3),
        (
            ("hall_1", "hall_2", "hall_3"),
            "Making 3 pre-masks for g00 anew while you work, 0 so far. What is there can be used.",
            0.0,
        ),
    ],
)
def test_panel_says_what_is_made_and_is_silent_when_all_are_ready(
    open_folder: Path, town: Any, paused: threading.Event, kept: tuple[str, ...], said: str, share: float
) -> None:
    for image in kept:
        keep(open_folder, BOTH, image)  # as an earlier version left them
    _window, page = begin(town, open_folder)
    panel = page.column.premasks
    town.qtbot.waitUntil(lambda: panel.sentence == said)
    assert panel.bar.isVisible()
    assert panel.bar.share == share
    assert page.premasking.chip.isVisible() == bool(kept)
    finish(town, page, paused)
    assert panel.sentence == ""
    assert not panel.bar.isVisible()


def test_refused_pair_gets_its_premask_when_the_group_is_made_anew(
    open_folder: Path, town: Any, paused: threading.Event
) -> None:
    for image in ("hall_1", "hall_2", "hall_3"):
        keep(open_folder, refusal("group", "Too few inliers."), image)
    _window, page = begin(town, open_folder)
    panel = page.column.premasks
    assert panel.sentence == "Too few inliers."
    assert not panel.bar.isVisible()
    finish(town, page, paused)
    assert panel.sentence != "Too few inliers."
    assert page.premasking.found.rows
    assert panel.detail == "1"


def gain(*rows: tuple[PairKey, float, float]) -> premask_feed.Gain:
    return premask_feed.Gain(0, rows)


def test_better_premask_is_offered_and_shown_by_one_key(open_folder: Path, town: Any) -> None:
    """After an approval; what was drawn from the earlier pre-mask stays until the better one is taken."""
    window, page = begin(town, open_folder, proposal(0.41, LEFT))
    canvas = page.bench.canvas
    town.press(canvas, Qt.Key.Key_T)
    keep(open_folder, proposal(0.68, RIGHT))
    page.around.premasks.gained.emit(gain((KEY, 0.41, 0.68)))
    chip = page.premasking.chip
    assert chip.isVisible()
    assert chip.accessibleName() == "A better pre-mask is there, 0.41 → 0.68"
    assert not chip.take.isVisible()
    for text in chip.findChildren(QLabel):
        assert text.width() >= text.fontMetrics().horizontalAdvance(text.text()), text.text()
    assert boxes(shape.polygon for shape in shapes(page)) == [LEFT_BOX]
    town.press(canvas, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    town.settled(window)
    assert boxes(canvas.layers.premask) == [RIGHT_BOX]
    assert boxes(shape.polygon for shape in shapes(page)) == [LEFT_BOX]
    assert chip.said == "check the outline 0.68"
    assert chip.take.isVisible()
    town.press(canvas, Qt.Key.Key_T)
    assert boxes(shape.polygon for shape in shapes(page)) == [RIGHT_BOX]
    town.press(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert boxes(shape.polygon for shape in shapes(page)) == [LEFT_BOX]


def test_better_premask_is_shown_by_its_button_and_dismissed_by_its_cross(open_folder: Path, town: Any) -> None:
    window, page = begin(town, open_folder, proposal(0.3, LEFT))
    keep(open_folder, proposal(0.8, RIGHT))
    chip = page.premasking.chip
    page.around.premasks.gained.emit(gain((KEY, 0.3, 0.8)))
    town.click(chip.drop)
    assert not chip.isVisible()
    page.around.premasks.gained.emit(gain((KEY, 0.3, 0.8)))
    assert chip.next.text().startswith("Show")
    town.click(chip.next)
    town.settled(window)
    assert boxes(page.bench.canvas.layers.premask) == [RIGHT_BOX]
    assert chip.next.text().startswith("Next")


def test_gain_of_the_group_is_listed_and_goes_with_the_group(open_folder: Path, town: Any) -> None:
    _window, page = begin(town, open_folder, proposal(0.9, LEFT))
    rows = [(PairKey(0, "hall_1"), 0.4, 0.7), (PairKey(0, "hall_3"), 0.5, 0.6)]
    page.around.premasks.gained.emit(gain(*rows))
    assert page.column.premasks.gain == (
        ("2 pre-masks of g00 improved", "0.45 → 0.65"),
        ("hall_1", "0.40 → 0.70"),
        ("hall_3", "0.50 → 0.60"),
    )
    shown = {text.text() for text in page.column.premasks.findChildren(QLabel) if not text.isHidden()}
    assert shown >= {words for line in page.column.premasks.gain for words in line}
    assert page.premasking.chip.said == "likely right 0.90"  # the open pair's did not change
    page.around.premasks.gained.emit(gain(rows[0]))
    assert page.column.premasks.gain == (("1 pre-mask of g00 improved", "0.40 → 0.70"),)
    page.premasking.open(None)
    assert page.column.premasks.gain == ()


def test_no_offer_where_the_better_one_is_shown_already(open_folder: Path, town: Any) -> None:
    _window, page = begin(town, open_folder, proposal(0.84, LEFT))
    page.around.premasks.gained.emit(gain((KEY, 0.41, 0.84)))
    assert page.premasking.chip.said == "likely right 0.84"


def test_approval_makes_premasks_anew_and_tells_the_gain(
    open_folder: Path, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And builds the view graph afterwards, from which the queue knows which pair teaches most."""
    monkeypatch.setattr(premask_feed, "PremaskProcess", InThread)
    monkeypatch.setattr(premask_feed, "DEFAULT", "prototypes")  # the quickest, and its confidence is always 0.3
    for image in ("hall_1", "hall_2", "hall_3"):
        keep(open_folder, proposal(0.001, LEFT), image)
    _window, page = begin(town, open_folder)
    feed = page.around.premasks
    feed.enabled = True
    with town.qtbot.waitSignal(feed.gained) as told:
        feed.renew([0])
    town.qtbot.waitUntil(lambda: not feed.running)
    (found,) = told.args
    assert found.group == 0
    assert all(after >= before + premask_feed.LEAST_GAIN and before == 0.001 for _, before, after in found.rows)
    gains = [after - before for _, before, after in found.rows]
    assert gains == sorted(gains, reverse=True)
    words, figures = page.column.premasks.gain[0]
    assert words.endswith("of g00 improved")
    assert figures.startswith("0.00 → ")
    assert (open_folder / "cache" / "teaching" / "g00.json").is_file()


def test_confidence_in_words() -> None:
    assert [certainty(value) for value in (0.9, 0.75, 0.6, 0.2)] == [
        "likely right", "likely right", "check the outline", "a guess"
    ]  # fmt: skip


def test_premask_that_is_offered_can_be_edited() -> None:
    speck = polygon([(5, 5), (6, 5), (6, 6)])
    pinhole = [(50, 40), (52, 40), (52, 42), (50, 42)]
    leaving = polygon([(40, 30), (170, 30), (170, 90), (40, 90)], pinhole)
    bow = polygon([(10, 10), (30, 30), (30, 10), (10, 30)])
    made = editable((speck, leaving, bow), (160, 120), Rules())
    assert len(made) == 3
    assert not [problem for part in made for problem in polygon_problems(part, (160, 120))]
    assert all(not part.holes for part in made)
