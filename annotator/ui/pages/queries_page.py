"""Where researchers outline the query objects, approve the masks and open the groups."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QImage

from annotator.domain.errors import AnnotatorError
from annotator.store.records import GroupRecord, QueryRecord
from annotator.ui.images import outlined
from annotator.ui.keeper import Keeper
from annotator.ui.pages.columns import three_columns
from annotator.ui.pages.drawing_panels import DrawingPanels
from annotator.ui.pages.note_reading import remember_note
from annotator.ui.pages.page import Page, Surroundings
from annotator.ui.pages.query_remarks import QueryRemarks
from annotator.ui.pages.workbench import Workbench
from annotator.ui.panels.group_list import GroupList
from annotator.ui.panels.query_column import QueryColumn
from annotator.ui.presenting.copy_sources import copy_sources
from annotator.ui.presenting.open_query import OpenQuery, open_query
from annotator.ui.presenting.query_groups import checklist, group_lines, opens_what, query_lines, ready
from annotator.ui.widgets.lines import column
from annotator.ui.wording import tr
from qa.query_consensus import Contradiction, contradictions


class QueriesPage(Page):
    """One query image at a time; the query box is shown."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.setObjectName("queries-page")
        self._group = 0
        self._queries: tuple[QueryRecord, ...] = ()
        self._record: GroupRecord | None = None
        self._compared: tuple[tuple[int, int | None], ...] = ()
        self._found: tuple[Contradiction, ...] = ()
        self._open: OpenQuery | None = None
        self.keeper = Keeper(around.workers, self)
        self.groups = GroupList()
        self.bench = Workbench((("nothing", tr("Nothing")),), around.project.rules, without=("remark",))
        self.bench.bar.set_comparing(False)
        self.column = QueryColumn()
        self.panels = DrawingPanels(
            self.bench, self.column.polygons, self.column.findings, around.workers, around.project.rules
        )
        self.remarks = QueryRemarks(self.bench.canvas, self.column.remarks, around.project, around.person.name)
        self._lay_out()
        self._connect()
        self.set_keys()

    @property
    def opened_query(self) -> OpenQuery | None:
        """The query that is drawn."""
        return self._open

    def enter(self) -> None:
        entry = self.around.project.journal.read(self.around.person.name)
        if entry is not None and isinstance(entry.key, int):
            number = next(g.number for g in self.around.project.groups if entry.key in [q.number for q in g.queries])
            self._show(number, entry.key)
        else:
            self._show(self._group, None)

    def leave(self) -> bool:
        self.around.workers.cancel("consensus")
        self._compared = ()
        self.column.flush_note()
        if not self._close():
            return False
        self.bench.show_nothing()
        return True

    def show_group(self, number: int) -> None:
        self.column.flush_note()
        if self._close():
            self._show(number, None)

    def act(self, name: str) -> None:
        actions: dict[str, Callable[[], object]] = {
            "edit.save": self.keeper.save,
            "finding.next": self.column.findings.go_next,
            "pass.submit": self._submit,
            "go.previous": lambda: self.step(-1),
            "go.next": lambda: self.step(1),
        }
        if name in actions:
            actions[name]()
        else:
            self.bench.act(name)

    def set_keys(self) -> None:
        self.bench.set_keys(self.around.keys)
        self.column.findings.set_hint(tr("{key} next").format(key=self.around.keys.shown("finding.next")))
        self._show_buttons()

    def theme_changed(self) -> None:
        self.bench.canvas.theme_changed()

    def step(self, by: int) -> None:
        """The query image before or after, of those that are here."""
        here = [query.number for query in self._queries if query.present]
        if self._open is not None and len(here) > 1:
            at = here.index(self._open.record.number)
            self.open_query_now(here[(at + by) % len(here)])

    def open_query_now(self, number: int) -> None:
        """Draw another query's mask, after the present one was saved."""
        if self._open is not None and self._open.record.number == number:
            return
        if not self._close():
            return
        self._read()
        record = next(query for query in self._queries if query.number == number)
        if not record.present or not self.around.project.library.has(record.image):
            self.say(tr("The image {name} is not here; its query waits.").format(name=record.image))
            return
        self.say("")
        self._begin(open_query(self.around.project, record, self.around.person.name))

    def _begin(self, opened: OpenQuery) -> None:
        self._open = opened
        self.keeper.hold(opened)
        self.around.images.want(opened.record.image, self._image_arrived, lambda error: self.say(str(error)))
        self._refresh()
        self.opened.emit(opened.record.image)

    def _image_arrived(self, image: object) -> None:
        opened = self._open
        if opened is None:
            return
        self.bench.show_image(image, opened.session, False)  # type: ignore[arg-type]  # an ImagePyramid
        self.bench.canvas.layers.query_box = opened.record.box
        person = self.around.person.name
        self.bench.canvas.desk.sources = partial(
            copy_sources, self.around.project, self._group, opened.record.image, person
        )
        if not opened.session.annotation.shapes:
            self.bench.use("polygon")
        self.remarks.threads.open_query(self._group, opened.record.number)
        self.panels.open(opened.session, tr("Outline the query object inside its box: P, then click around it."))
        self._edited()
        self.bench.canvas.setFocus()

    def _close(self) -> bool:
        if self._open is not None and not (self.bench.is_free() and self.keeper.leave()):
            return False
        self._open = None
        self.remarks.threads.open_query(self._group, None)
        self.panels.open(None, tr("Choose a query to draw."))
        return True

    def _show(self, number: int, query: int | None) -> None:
        self._group = number
        self.group_changed.emit(number)
        self._read()
        here = [record for record in self._queries if record.present]
        first = next((record for record in here if record.annotation is None), here[0] if here else None)
        wanted = query if query is not None or first is None else first.number
        if wanted is not None:
            self.open_query_now(wanted)
        else:
            said = tr("None of the query images of {group} is here").format(group=self._name)
            self.bench.show_nothing((said, tr("Put them into the image folder and open the project again.")))
            self._refresh()
            self.opened.emit("")

    @property
    def _name(self) -> str:
        return self.around.project.group(self._group).name

    def _read(self) -> None:
        store = self.around.project.store
        self._queries = store.query_records(self._group)
        self._record = store.group_records()[self._group]

    def _refresh(self) -> None:
        """Read the group anew and show it."""
        project, person = self.around.project, self.around.person.name
        self._read()
        opened = self._open
        current = opened.record.number if opened is not None else None
        self.groups.set_lines(group_lines(project), self._group)
        lines = query_lines(project, self._queries, current, person)
        self.column.set_queries(self._name, lines, current)
        for line in lines:
            if line.path is not None:
                self.around.images.picture(line.path, partial(self._thumb, line.number))
        record = self._record
        if record is not None:
            self.column.set_note(record.note)
            self.column.set_checks(checklist(self._queries, record), opens_what(project, self._group, record))
        self._show_top()
        self._show_buttons()
        self._compare(current)

    def _compare(self, current: int | None) -> None:
        """Hold the masks of the group against each other beside the window, once for every change of a mask."""
        masks = tuple((query.number, query.revision) for query in self._queries)
        if masks != self._compared:
            self._compared, self._found = masks, ()
            project, group = self.around.project, self._group
            self.around.workers.submit(
                "consensus",
                lambda _token: tuple(contradictions(project, (group,))),
                self._consensus,
                self._no_consensus,
            )
        self.column.consensus.set_found(self._found, current)

    def _consensus(self, found: tuple[Contradiction, ...]) -> None:
        self._found = found
        current = self._open.record.number if self._open is not None else None
        self.column.consensus.set_found(found, current)

    def _no_consensus(self, error: Exception) -> None:
        self._compared = ()
        self.say(str(error))

    def _thumb(self, number: int, image: QImage) -> None:
        record = next((query for query in self._queries if query.number == number), None)
        if record is not None:
            self.column.set_thumb(number, outlined(image, record.annotation, self.devicePixelRatioF()))

    def _show_top(self) -> None:
        top, opened = self.around.top, self._open
        if opened is None:
            top.set_image("", "")
            top.set_pass((), "", "")
            top.set_steps("", "", "")
            return
        top.set_image(opened.record.image, tr("query {number}").format(number=opened.record.number))
        top.set_pass((), tr("Query mask"), tr("then approved by another"))
        here = [query.number for query in self._queries if query.present]
        text = tr("{n} of {count}").format(n=here.index(opened.record.number) + 1, count=len(here))
        keys = self.around.keys
        top.set_steps(text, keys.shown("go.previous"), keys.shown("go.next"))
        width, height = opened.size
        self.around.status.set_facts(f"{width} × {height}", "")

    def _show_buttons(self) -> None:
        opened, record = self._open, self._record
        if record is None:
            return
        stored = next((q for q in self._queries if opened is not None and q.number == opened.record.number), None)
        drawn = opened is not None and bool(opened.session.annotation.shapes)
        waiting = stored is not None and stored.annotation is not None and stored.approved_by is None
        words = tr("Open {group}") if record.opened_at is None else tr("{group} is open")
        may_open = record.opened_at is None and ready(self._queries)
        self.column.set_buttons(
            (tr("Submit mask"), drawn),
            waiting and opened is not None and not opened.unsaved,
            (words.format(group=self._name), may_open),
            self.around.keys.shown("pass.submit"),
        )

    def _edited(self) -> None:
        opened = self._open
        share = opened.inside_box() if opened is not None else None
        self.column.set_inside("" if share is None else f"{100 * share:.1f} %")
        self._show_buttons()

    def _submit(self) -> None:
        opened = self._open
        if opened is None or not self.bench.is_free() or not opened.session.annotation.shapes:
            return
        if self.keeper.save():
            number = opened.record.number
            self._read()
            opened.record = next(query for query in self._queries if query.number == number)
            self._refresh()
            self.around.status.set_hint(tr("The mask of query {n} waits for approval.").format(n=number))
            self.changed.emit()

    def _approve(self) -> None:
        if self._open is not None:
            number = self._open.record.number
            self._do(lambda: self.around.project.store.approve_query_mask(number, self.around.person.name))

    def _open_group(self) -> None:
        self.column.flush_note()
        self._do(lambda: self.around.project.store.open_group(self._group, self.around.person.name))

    def _set_note(self, text: str) -> None:
        record, person = self._record, self.around.person.name
        if record is not None:
            self._do(lambda: self._keep_note(record, text, person))

    def _keep_note(self, before: GroupRecord, text: str, person: str) -> None:
        note = self.around.project.store.set_note(before.number, text, person, base=before.note)
        remember_note(self.around, before.number, note)

    def _do(self, action: Callable[[], None]) -> None:
        try:
            action()
        except AnnotatorError as error:
            self.say(str(error))
            return
        self.say("")
        self._refresh()
        self.changed.emit()

    def _lay_out(self) -> None:
        whole = column(self)
        settings = self.around.settings
        whole.addWidget(three_columns("queries.splitter", settings, self.groups, self.bench, self.column), 1)

    def _connect(self) -> None:
        status = self.around.status
        self.groups.chosen.connect(self.show_group)
        self.column.query_chosen.connect(self.open_query_now)
        self.column.note_changed.connect(self._set_note)
        self.column.submit_wanted.connect(self._submit)
        self.column.approve_wanted.connect(self._approve)
        self.column.open_wanted.connect(self._open_group)
        self.panels.edited.connect(self._edited)
        self.remarks.threads.problem.connect(self.say)
        self.remarks.threads.changed.connect(self.changed)
        self.bench.hint.connect(status.set_hint)
        self.bench.problem.connect(self.say)
        self.bench.place.connect(status.set_place)
        self.keeper.state.connect(status.set_saved)
        self.keeper.problem.connect(self.say)
