"""What waits for the person: asked beside the window, shown in the top bar and the strip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QTimer

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError
from annotator.domain.passes import PairState
from annotator.project.teaching import teaching_values
from annotator.store.records import PairRecord
from annotator.ui import wording
from annotator.ui.pages.page import Surroundings
from annotator.ui.panels.nothing_here import NothingHere
from annotator.ui.panels.strip import Strip
from annotator.ui.views import GroupView, WaitingGroup
from annotator.ui.wording import tr
from qa.queue import QueueItem, work_for

PAUSE_MS = 2000
"""The whole project is asked for at most this often: its thousands of pairs cost a tenth of a second."""


class PairQueue(QObject):
    """The person's queue over the whole project; pairs of the present group come first.

    `groups` are those of the passes in the queue, in its order.
    """

    def __init__(self, around: Surroundings, strip: Strip, parent: QObject) -> None:
        super().__init__(parent)
        self._around = around
        self._strip = strip
        self._items: tuple[QueueItem, ...] = ()
        self.groups: tuple[int, ...] = ()
        self._whole = False
        self._open: PairKey | None = None
        self._teaching: Mapping[PairKey, float] = {}
        self._again = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._rested)

    def refresh(self) -> None:
        """Ask again, in a worker; what teaches the proposer most is read anew there. Who asks often waits a little."""
        self._again = self._pause.isActive()
        if self._again:
            return
        self._pause.start()
        project, person = self._around.project, self._around.person.name

        def ask(_token: object) -> tuple[tuple[QueueItem, ...], Mapping[PairKey, float]]:
            teaching = teaching_values(project)
            return work_for(project, person, teaching), teaching

        self._around.workers.submit("queue", ask, self._asked)

    def _rested(self) -> None:
        if self._again:
            self.refresh()

    def _asked(self, answer: tuple[tuple[QueueItem, ...], Mapping[PairKey, float]]) -> None:
        items, self._teaching = answer
        self._whole = True
        self._arrived(items)

    def refresh_now(self, group: int) -> None:
        """Ask again and wait for the answer, by what was read last of what teaches most.

        Only a group is asked for, which takes a fraction of the time, as long as something waits in it.
        """
        project, person = self._around.project, self._around.person.name
        try:
            here = work_for(project, person, self._teaching, group)
            if any(not item.blind for item in here):
                self._arrived((*here, *(item for item in self._items if item.key.group != group)))
            else:
                self._whole = True
                self._arrived(work_for(project, person, self._teaching))
        except AnnotatorError as error:
            self._around.status.set_problem(str(error))

    def elsewhere(self, group: int) -> tuple[WaitingGroup, ...]:
        """The other groups where pairs wait for the person, most pairs first."""
        counts = Counter(item.key.group for item in self._items if item.key.group != group and not item.blind)
        found = [self._around.project.group(number) for number, _ in counts.most_common()]
        return tuple(WaitingGroup(one.number, one.name, wording.group_title(one), counts[one.number]) for one in found)

    def item_of(self, key: PairKey) -> QueueItem | None:
        """The item of a pair, None when it does not wait for the person."""
        return next((item for item in self._items if item.key == key), None)

    def next_in_group(self, group: int) -> QueueItem | None:
        """The first pair of a group for a pass; what is to be drawn blind is offered below and opens only on demand."""
        return next((item for item in self._items if item.key.group == group and not item.blind), None)

    def set_open(self, key: PairKey) -> None:
        """A pair was opened: name the one after it."""
        self._open = key
        self._show()

    def next_after(self, open_key: PairKey | None) -> QueueItem | None:
        """The next pair: of the open pair's group while it has one, then of the others."""
        self._open = open_key or self._open
        group = self._open.group if self._open is not None else -1
        elsewhere: QueueItem | None = None
        for item in self._items:
            if item.key.group == group and item.key != open_key:
                return item
            if elsewhere is None and item.key != open_key:
                elsewhere = item
        return elsewhere

    def tell_nothing(self, panel: NothingHere, view: GroupView | None, pairs: Sequence[PairRecord]) -> None:
        """No pair is open: why, and where to go on."""
        own = sum(self._around.person.name in pair.seats for pair in pairs)
        number = view.number if view is not None else -1
        item = self.next_in_group(number)
        here = (number, item.key.image) if item is not None else None
        panel.tell(*self.nothing_words(view, pairs), self.elsewhere(number), own, here)

    def nothing_words(self, view: GroupView | None, pairs: Sequence[PairRecord]) -> tuple[str, str]:
        """A heading and a sentence for a canvas without a pair."""
        name = view.name if view is not None else ""
        if view is not None and not view.is_open:
            return (
                tr("{group} is not open yet").format(group=name),
                tr("A researcher outlines the query object, approves the query mask and opens the group."),
            )
        person = self._around.person.name
        mine = sum(person in pair.seats for pair in pairs)
        absent = sum(not pair.present for pair in pairs)
        done = sum(pair.state is PairState.DONE for pair in pairs)
        parts = []
        if self.next_in_group(view.number if view is not None else -1) is not None:
            return tr("No pair is open"), tr("Choose one below, or take the next one of your queue.")
        if mine:
            parts.append(tr("You did a pass of {pairs}.").format(pairs=wording.counted(mine, tr("pair"), tr("pairs"))))
        if done:
            parts.append(tr("{done} of {all} are done.").format(done=done, all=len(pairs)))
        if absent:
            count = wording.counted(absent, tr("pair waits"), tr("pairs wait"))
            parts.append(tr("{pairs} for images that are not here.").format(pairs=count))
        return tr("No pair waits for you in {group}").format(group=name), " ".join(parts)

    def _arrived(self, items: tuple[QueueItem, ...]) -> None:
        self._items = items
        self.groups = tuple(dict.fromkeys(item.key.group for item in items if not item.blind))
        self._show()

    def _show(self) -> None:
        count = len(self._items)
        said = (
            tr("{count} in your queue").format(count=wording.thousands(count)) if count else tr("Nothing in your queue")
        )
        if self._whole and self._strip.isVisible():
            self._around.top.set_queue(said)
        item = self.next_after(self._open)
        key = self._around.keys.shown("go.queue")
        self._strip.set_next(item.key.image if item else "", item.reason if item else "", key)
