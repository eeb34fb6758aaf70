"""Where pairs are annotated and inspected: queries at the left, canvas, the pair at the right, the strip below."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError
from annotator.domain.passes import Verdict
from annotator.store.journal import JournalEntry
from annotator.store.records import PairRecord
from annotator.ui import wording
from annotator.ui.dialogs.sentence import ask
from annotator.ui.keeper import Keeper
from annotator.ui.pages.columns import three_columns
from annotator.ui.pages.inspection import Inspection
from annotator.ui.pages.note_reading import NoteReading
from annotator.ui.pages.page import Page, Surroundings
from annotator.ui.pages.pair_column import PairColumn
from annotator.ui.pages.pair_editing import PairEditing
from annotator.ui.pages.pair_facts import (
    escalation_words,
    first_group,
    last_key,
    remember,
    show_facts,
    show_no_pair,
    show_steps,
)
from annotator.ui.pages.pair_gate import PairGate
from annotator.ui.pages.pair_queue import PairQueue
from annotator.ui.pages.pair_remarks import PairRemarks
from annotator.ui.pages.pair_strip import PairStrip
from annotator.ui.pages.premasking import Premasking
from annotator.ui.pages.workbench import Workbench
from annotator.ui.panels.nothing_here import NothingHere
from annotator.ui.panels.queries import QueriesPanel
from annotator.ui.presenting.groups import OWN, read_group
from annotator.ui.presenting.open_pair import OpenPair, open_pair
from annotator.ui.presenting.passes import pass_rows
from annotator.ui.views import GroupView
from annotator.ui.widgets.lines import column
from annotator.ui.wording import tr

COMPARISONS = (("nothing", "Nothing"), ("premask", "Pre-mask"), ("before", "Pass before"))


class PairsPage(Page):
    """Holds the open pair and says what follows from what the person does."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.setObjectName("pairs")
        self._group = 0
        self._view: GroupView | None = None
        self._open: OpenPair | None = None
        self._seconds: dict[PairKey, float] = {}
        self.keeper = Keeper(around.workers, self)
        self.queries = QueriesPanel(around.images.query)
        self.notes = NoteReading(self.queries, around)
        self.bench = Workbench(tuple((name, tr(text)) for name, text in COMPARISONS), around.project.rules)
        self.column = PairColumn()
        self.nothing = NothingHere(self.bench.canvas)
        self.inspection = Inspection(self.bench, self.column, around.workers)
        self.editing = PairEditing(self.bench, self.column, around)
        self.remarks = PairRemarks(self.bench, self.column.remarks, self.queries, around)
        self.shown = PairStrip(around)
        self.strip = self.shown.strip
        self.queue = PairQueue(around, self.strip, self)
        self.gate = PairGate(self)
        self.premasking = Premasking(
            self.bench, self.column, self.queries, around, self.keeper.save, self._groups_to_make
        )
        self._lay_out()
        self._connect()
        self.column.verdicts.set_reasons(around.project.rules.reasons)
        self.set_keys()

    @property
    def open_key(self) -> PairKey | None:
        """The pair that is open."""
        return self._open.key if self._open is not None else None

    @property
    def opened_pair(self) -> OpenPair | None:
        """The open pair itself."""
        return self._open

    # coming and going

    def enter(self) -> None:
        self.around.status.set_saved("")
        if self._view is None:
            entry = self.around.project.journal.read(self.around.person.name)
            self.show_group(first_group(self.around, entry))
            self._open_first(entry)
        else:
            self._reload()
            if self._open is None:
                self._open_first(None)
            else:
                self._show_facts()

    def leave(self) -> bool:
        if not self._close_pair():
            return False
        self._show_nothing()
        return True

    def show_group(self, number: int) -> None:
        if self._open is not None and self._open.key.group != number and not self._close_pair():
            return
        self.around.images.forget_thumbnails()
        self._group = number
        self.shown.begin()
        self._reload()
        self.group_changed.emit(number)
        if self._open is None:
            self._show_nothing()

    def open_in_group(self, number: int) -> None:
        """Go to a group and open what waits there first."""
        self.show_group(number)
        if self._open is None:
            self._open_first(None)

    def open_key_now(self, key: PairKey) -> None:
        """Open a pair, after the present one was saved."""
        if self._open is not None and self._open.key == key:
            return
        if not self.gate.lets_in(key) or not self._close_pair():
            return
        if key.group != self._group:
            self.show_group(key.group)
        self.say("")
        if not self.bench.show_photograph(self.around.images.ready(key.image)):
            self._let_go()
        try:
            opened = open_pair(self.around.project, key, self.around.person.name, self._seconds.get(key, 0.0))
        except AnnotatorError as error:
            self.say(str(error))
            self._show_nothing()
            return
        self._begin(opened)

    def act(self, name: str) -> None:
        actions: dict[str, Callable[[], object]] = {
            "edit.save": self.keeper.save,
            "finding.next": self.column.findings.go_next,
            "place.next": lambda: self.inspection.step(1),
            "place.previous": lambda: self.inspection.step(-1),
            "pass.submit": self.column.verdicts.end,
            "pass.approve": self.column.verdicts.approve,
            "pass.return": self.column.verdicts.ask_reason,
            "pass.escalate": self._escalate,
            "remark.pair": self.remarks.ask_for_pair,
            "go.previous": lambda: self.step(-1),
            "go.next": lambda: self.step(1),
            "go.queue": self.take_next,
        }
        if name in actions:
            actions[name]()
        elif not self.premasking.act(name):
            self.bench.act(name)

    def set_keys(self) -> None:
        keys = self.around.keys
        self.bench.set_keys(keys)
        self.column.set_keys(keys)
        self.premasking.set_keys()
        self.queries.set_rules_key(keys.shown("window.rules"))

    def theme_changed(self) -> None:
        self.bench.canvas.theme_changed()

    def step(self, by: int) -> None:
        """The image before or after in the strip."""
        target = self.shown.beside(self.open_key, by)
        if target is not None:
            self.open_key_now(target)

    def take_next(self) -> None:
        """The next pair of the queue."""
        item = self.queue.next_after(self.open_key)
        if item is not None:
            self.open_key_now(item.key)
        elif self._open is None:
            self._show_nothing()
        else:
            self.say(tr("Nothing else waits for you."))

    # the open pair

    def _begin(self, opened: OpenPair) -> None:
        self._open = opened
        self.nothing.hide()
        self.keeper.hold(None if opened.read_only else opened)
        self.inspection.open(None if opened.read_only else opened)
        self.strip.set_current(opened.key)
        self.queue.set_open(opened.key)
        remember(self.around, opened.key)
        self._reload_beside()  # with the lease of this pair
        self._show_facts()
        self.say(opened.refusal)
        self.around.images.want(opened.key.image, self._image_arrived, self._image_failed)
        self.opened.emit(opened.key.image)

    def _image_arrived(self, image: object) -> None:
        opened = self._open
        if opened is None:
            return
        self.bench.show_image(image, opened.session, opened.read_only)  # type: ignore[arg-type]  # an ImagePyramid
        self.bench.canvas.setFocus()
        QTimer.singleShot(0, self, self._fill)

    def _fill(self) -> None:
        """What the panels say about the open pair."""
        self._show_passes()
        self.editing.open(self._open)
        self.remarks.open(self._open)
        self.premasking.open(self._open)
        self.inspection.image_shown()
        self._show_verdicts()
        self._prefetch()

    def _image_failed(self, error: Exception) -> None:
        self._close_pair()
        self._show_nothing()
        self.say(str(error))

    def _close_pair(self) -> bool:
        opened = self._open
        if opened is None:
            return True
        if not opened.read_only and not (self.bench.is_free() and self.keeper.leave()):
            return False
        self._seconds[opened.key] = opened.clock.seconds(time.monotonic())
        self._open = None
        return True

    def _let_go(self) -> None:
        """Nothing is open for those who show the open pair."""
        self.inspection.open(None)
        self.editing.open(None)
        self.remarks.open(None)
        self.premasking.open(None)

    def _give(self, verdict: Verdict, reason: str) -> None:
        opened = self._open
        if opened is None or opened.read_only or not self.bench.is_free():
            return
        try:
            opened.submit(verdict, reason, time.monotonic())
        except AnnotatorError as error:
            self.say(str(error))
            return
        self.keeper.let_go()
        self._seconds.pop(opened.key, None)
        self._open = None
        self._let_go()
        self._reload()
        self.changed.emit()
        self.queue.refresh_now(self._group)
        if verdict in (Verdict.APPROVED, Verdict.REFINED):
            self.around.premasks.renew(self._groups_to_make())
        self._show_nothing()
        self.take_next()
        self.say("")
        said = tr("{image}: pass {number} {verdict}.")
        done = said.format(image=opened.key.image, number=opened.pass_number, verdict=verdict.value)
        self.around.status.set_hint(done)

    def _escalate(self) -> None:
        if self._open is not None and not self._open.read_only and self.bench.is_free():
            reason = ask(self, *escalation_words(self._open.key.image))
            if reason:
                self._give(Verdict.ESCALATED, reason)

    # showing

    def _reload(self) -> None:
        """Read the group anew: somebody else may have worked in it."""
        self.around.workers.cancel("group")
        try:
            self._show_read(read_group(self.around.project, self._group))
        except AnnotatorError as error:
            self.say(str(error))

    def _reload_beside(self) -> None:
        """The same in a worker, where nothing has to wait for it."""
        project, number = self.around.project, self._group
        self.around.workers.submit("group", lambda _token: read_group(project, number), self._show_read)

    def _show_read(self, read: tuple[GroupView, tuple[PairRecord, ...]]) -> None:
        self._view, pairs = read
        self.queries.set_view(self._view)
        if self.isVisible():
            self.around.top.group.set_words(self._view.name, self._view.title)
        self.shown.show(pairs, self.open_key)
        self.queue.refresh()

    def _choose_filter(self, name: str) -> None:
        self.shown.choose(name, self.open_key)
        self._show_steps()

    def _show_facts(self) -> None:
        if self._open is not None:
            show_facts(self.around, self._open)
            self._show_steps()

    def _show_steps(self) -> None:
        show_steps(self.around, self.shown.keys, self.open_key)

    def _show_passes(self) -> None:
        opened = self._open
        if opened is None:
            self.column.passes.set_rows((), tr("No pair is open."))
            return
        seconds = opened.clock.seconds(time.monotonic())
        self.column.passes.set_rows(pass_rows(opened.previous, opened.pass_number, opened.person, seconds))

    def _show_verdicts(self) -> None:
        opened = self._open
        state = opened.record.state if opened is not None and not opened.read_only else None
        self.column.verdicts.set_work(state, opened is not None and opened.edited)

    def _show_nothing(self) -> None:
        """No pair is open: say why and where to go on."""
        self.bench.show_nothing()
        self.queue.tell_nothing(self.nothing, self._view, self.shown.pairs)
        self._let_go()
        self._show_passes()
        self._show_verdicts()
        self.strip.set_current(None)
        show_no_pair(self.around)
        if self._view is not None:
            self._reload_beside()
            self.opened.emit("")

    def _tick(self, seconds: float, running: bool) -> None:
        self.around.top.set_clock(wording.clock(seconds), running)
        if self._open is not None:
            self.column.passes.set_time(tr("in work, {time}").format(time=wording.duration(seconds)))

    def _edited(self) -> None:
        self._show_verdicts()
        self.inspection.edited()

    def _open_first(self, entry: JournalEntry | None) -> None:
        """Where the person was, else what waits first, else nothing."""
        if entry is not None and isinstance(entry.key, PairKey) and self.around.project.library.has(entry.key.image):
            self.open_key_now(entry.key)
            return
        self.queue.refresh_now(self._group)
        last = last_key(self.around)
        item = self.queue.item_of(last) if last is not None and last.group == self._group else None
        item = item or self.queue.next_in_group(self._group)
        if item is not None:
            self.open_key_now(item.key)
        else:
            self._show_nothing()

    def _prefetch(self) -> None:
        item = self.queue.next_after(self.open_key)
        self.shown.prefetch(self.open_key, item.key.image if item is not None else None)

    def _groups_to_make(self) -> list[int]:
        """Groups whose pre-masks are made: the present one, then the next of the queue."""
        return list(dict.fromkeys([self._group, *self.queue.groups]))[:3]

    def _lay_out(self) -> None:
        whole = column(self)
        settings = self.around.settings
        whole.addWidget(three_columns("pairs.splitter", settings, self.queries, self.bench, self.column), 1)
        whole.addWidget(self.strip)

    def _connect(self) -> None:
        around, bench = self.around, self.bench
        self.strip.chosen.connect(lambda item: self.open_key_now(item.key))
        self.strip.filter_chosen.connect(self._choose_filter)
        self.strip.next_wanted.connect(self.take_next)
        self.queries.rules_wanted.connect(self.rules_wanted)
        self.nothing.group_wanted.connect(self.open_in_group)
        self.nothing.own_wanted.connect(lambda: self._choose_filter(OWN))
        self.column.verdicts.given.connect(self._give)
        self.column.verdicts.escalation_wanted.connect(self._escalate)
        self.remarks.changed.connect(self.changed)
        bench.hint.connect(around.status.set_hint)
        bench.problem.connect(self.say)
        bench.place.connect(around.status.set_place)
        self.editing.edited.connect(self._edited)
        self.premasking.compared.connect(self.editing.set_premask)
        self.keeper.state.connect(around.status.set_saved)
        self.keeper.problem.connect(self.say)
        self.keeper.ticked.connect(self._tick)
        self.keeper.lease_changed.connect(self._show_facts)
