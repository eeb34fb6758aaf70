"""Where a pair is drawn blind: queries, rules, note and the image, and nothing that anybody drew on it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Signal

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError
from annotator.ui import wording
from annotator.ui.keeper import Keeper
from annotator.ui.pages.blind_column import BlindColumn
from annotator.ui.pages.columns import three_columns
from annotator.ui.pages.drawing_panels import DrawingPanels
from annotator.ui.pages.note_reading import NoteReading
from annotator.ui.pages.page import Page, Surroundings
from annotator.ui.pages.workbench import Workbench
from annotator.ui.panels.blind_banner import BlindBanner
from annotator.ui.panels.queries import QueriesPanel
from annotator.ui.presenting.groups import group_view
from annotator.ui.presenting.open_blind import OpenBlind, open_blind
from annotator.ui.widgets.lines import area, column
from annotator.ui.wording import tr
from qa import blind

WITHOUT = ("copy", "remark")
"""Tools that would bring masks of others, or words to others, into it."""


class BlindPage(Page):
    """One pair; `left` tells that the person goes back to the pairs."""

    left = Signal()

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.setObjectName("blind")
        self._open: OpenBlind | None = None
        self.keeper = Keeper(around.workers, self)
        self.queries = QueriesPanel(around.images.query)
        self.notes = NoteReading(self.queries, around)
        self.bench = Workbench((("nothing", tr("Nothing")),), around.project.rules, without=WITHOUT)
        self.bench.bar.set_comparing(False)
        self.column = BlindColumn()
        self.panels = DrawingPanels(
            self.bench, self.column.polygons, self.column.findings, around.workers, around.project.rules
        )
        self.banner = BlindBanner()
        self._lay_out()
        self._connect()
        self.set_keys()

    @property
    def open_key(self) -> PairKey | None:
        """The pair that is drawn."""
        return self._open.key if self._open is not None else None

    @property
    def opened_pair(self) -> OpenBlind | None:
        """The open pair itself."""
        return self._open

    def take(self, key: PairKey) -> bool:
        """Take a pair to show at `enter`; False where that is not possible, which is said."""
        try:
            self._open = open_blind(self.around.project, key, self.around.person.name)
        except AnnotatorError as error:
            self.say(str(error))
            return False
        return True

    def enter(self) -> None:
        opened = self._open
        if opened is None:
            self.left.emit()
            return
        key = opened.key
        self.keeper.hold(opened)
        self.group_changed.emit(key.group)
        self.queries.set_view(group_view(self.around.project, key.group))
        self._show_facts(opened)
        self.panels.open(opened.session, tr("Outline the query object: P, then click around it."))
        self.around.images.want(key.image, self._image_arrived, self._image_failed)
        self.opened.emit(key.image)

    def leave(self) -> bool:
        if self._open is not None and not (self.bench.is_free() and self.keeper.leave()):
            return False
        self._let_go()
        return True

    def act(self, name: str) -> None:
        actions: dict[str, Callable[[], object]] = {
            "edit.save": self.keeper.save,
            "finding.next": self.column.findings.go_next,
            "pass.submit": self.submit,
        }
        if name in actions:
            actions[name]()
        else:
            self.bench.act(name)

    def set_keys(self) -> None:
        keys = self.around.keys
        self.bench.set_keys(keys)
        self.column.set_keys(keys)
        self.queries.set_rules_key(keys.shown("window.rules"))

    def theme_changed(self) -> None:
        self.bench.canvas.theme_changed()

    def show_group(self, number: int) -> None:
        self.group_wanted.emit(number)

    def submit(self) -> None:
        """Hand in what is drawn, for ever."""
        opened = self._open
        if opened is None or not self.bench.is_free():
            return
        try:
            opened.submit(time.monotonic())
        except AnnotatorError as error:
            self.say(str(error))
            return
        self.keeper.let_go()
        self._let_go()
        self.changed.emit()
        self.left.emit()
        said = tr("{image}: the blind annotation is handed in. Thank you.")
        self.around.status.set_hint(said.format(image=opened.key.image))

    def give_up(self) -> None:
        """The person knows a mask of the pair: it is kept that this person has seen it."""
        opened = self._open
        if opened is None:
            return
        try:
            blind.mark_seen(self.around.project, opened.key, self.around.person.name)
        except AnnotatorError as error:
            self.say(str(error))
            return
        self.left.emit()

    def _image_arrived(self, image: object) -> None:
        opened = self._open
        if opened is None:
            return
        self.bench.show_image(image, opened.session, False)  # type: ignore[arg-type]  # an ImagePyramid
        if not opened.session.annotation.shapes:
            self.bench.use("polygon")
        self.bench.canvas.setFocus()

    def _image_failed(self, error: Exception) -> None:
        self.left.emit()
        self.say(str(error))

    def _let_go(self) -> None:
        self._open = None
        self.panels.open(None, "")
        self.bench.show_nothing()

    def _show_facts(self, opened: OpenBlind) -> None:
        top = self.around.top
        top.set_image(opened.key.image, opened.record.difficulty.value)
        top.set_pass((), tr("Blind annotation"), tr("without the pre-mask"), "accent")
        top.set_clock(wording.clock(opened.clock.seconds(time.monotonic())), True)
        self._show_lease()

    def _show_lease(self) -> None:
        opened = self._open
        if opened is None:
            return
        width, height = opened.session.annotation.size
        lease = opened.lease
        until = tr("Lease until {time}").format(time=wording.clock_time(lease.until)) if lease is not None else ""
        self.around.status.set_facts(f"{width} × {height}", until)

    def _lay_out(self) -> None:
        middle = area("canvas")
        inner = column(middle)
        inner.addWidget(self.banner)
        inner.addWidget(self.bench, 1)
        settings = self.around.settings
        column(self).addWidget(three_columns("blind.splitter", settings, self.queries, middle, self.column), 1)

    def _connect(self) -> None:
        status = self.around.status
        self.queries.rules_wanted.connect(self.rules_wanted)
        self.column.submit_wanted.connect(self.submit)
        self.column.later_wanted.connect(self.left)
        self.column.seen_wanted.connect(self.give_up)
        self.bench.hint.connect(status.set_hint)
        self.bench.problem.connect(self.say)
        self.bench.place.connect(status.set_place)
        self.keeper.state.connect(status.set_saved)
        self.keeper.problem.connect(self.say)
        self.keeper.ticked.connect(lambda seconds, running: self.around.top.set_clock(wording.clock(seconds), running))
        self.keeper.lease_changed.connect(self._show_lease)
