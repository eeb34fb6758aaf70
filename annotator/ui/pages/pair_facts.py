"""What the bars say about the open pair, and which pair a person begins with."""

from __future__ import annotations

import time
from collections.abc import Sequence

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError
from annotator.domain.remarks import RemarkPlace
from annotator.store.journal import JournalEntry
from annotator.ui import wording
from annotator.ui.pages.page import Surroundings
from annotator.ui.presenting.open_pair import OpenPair
from annotator.ui.presenting.passes import TASKS, dots
from annotator.ui.presenting.remarks import where
from annotator.ui.wording import tr


def show_facts(around: Surroundings, opened: OpenPair) -> None:
    """Image, pass, lease and clock of a pair."""
    top, record, number = around.top, opened.record, opened.pass_number
    top.set_image(record.key.image, record.difficulty.value)
    if number is not None:
        top.set_pass(dots(record.state, True), tr("Pass {number}").format(number=number), tr(TASKS[number]))
    else:
        top.set_pass(dots(record.state, False), tr("To look at"), record.state.value)
    lease = opened.lease
    until = tr("Lease until {time}").format(time=wording.clock_time(lease.until)) if lease is not None else ""
    width, height = opened.session.annotation.size
    around.status.set_facts(f"{width} × {height}", until)
    around.status.set_saved("" if opened.read_only else "saved")
    top.set_clock("" if opened.read_only else wording.clock(opened.clock.seconds(time.monotonic())), True)


def show_no_pair(around: Surroundings) -> None:
    """No pair is open."""
    top, status = around.top, around.status
    top.set_image("", "")
    top.set_pass((), "", "")
    top.set_clock("", False)
    top.set_steps("", "", "")
    status.set_facts("", "")
    status.set_hint(tr("No pair is open"))


def show_steps(around: Surroundings, keys: Sequence[PairKey], key: PairKey | None) -> None:
    """Where the pair stands among those that the strip shows."""
    shown = tr("{n} of {count}").format(n=keys.index(key) + 1, count=len(keys)) if key in keys and key else ""
    around.top.set_steps(shown, around.keys.shown("go.previous"), around.keys.shown("go.next"))


def neighbours(keys: Sequence[PairKey], key: PairKey | None) -> list[str]:
    """The images after and before a pair, round and round."""
    if key is None or key not in keys:
        return []
    here = keys.index(key)
    return [keys[(here + by) % len(keys)].image for by in (1, -1)]


def escalation_words(image: str) -> tuple[str, str, str]:
    """Title, purpose and button of the question for a reason to escalate."""
    purpose = tr("A researcher decides. Say what you cannot decide: is it the object, where does it end?")
    return tr("Escalate {image}").format(image=image), purpose, tr("Escalate")


def remark_words(place: RemarkPlace) -> tuple[str, str, str]:
    """Title, purpose and button of the question for a remark."""
    anchor = place.anchor
    if place.region is None and place.query is None and anchor is not None:
        title = tr("Remark at {place}").format(place=anchor)
    else:
        title = tr("Remark on {place}").format(place=where(place))
    purpose = tr("It stays pinned here for the passes that follow, until somebody settles it.")
    return title, purpose, tr("Pin it")


def remember(around: Surroundings, key: PairKey) -> None:
    """Keep where the person is, for the next start."""
    around.settings.set_text(_place(around), str(key))


def last_key(around: Surroundings) -> PairKey | None:
    """The pair that was open last in this project."""
    text = around.settings.text(_place(around))
    try:
        key = PairKey.parse(text) if text else None
    except AnnotatorError:
        return None
    return key if key is not None and key.group < len(around.project.groups) else None


def first_group(around: Surroundings, entry: JournalEntry | None) -> int:
    """The group to begin with: of the journal, of the last pair, the first that is open, g00."""
    if entry is not None and isinstance(entry.key, PairKey):
        return entry.key.group
    key = last_key(around)
    if key is not None:
        return key.group
    records = around.project.store.group_records()
    return next((record.number for record in records if record.opened_at is not None), 0)


def _place(around: Surroundings) -> str:
    return f"last/{around.project.folder}/{around.person.name}"
