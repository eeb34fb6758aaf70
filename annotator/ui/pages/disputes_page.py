"""Where a researcher settles pairs that were escalated or are in dispute."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget, QWidget

from annotator.domain.dataset import PairKey, group_name
from annotator.domain.errors import AnnotatorError
from annotator.domain.passes import PairState
from annotator.domain.shapes import Annotation
from annotator.editing.session import EditingSession
from annotator.ui.pages.columns import three_columns
from annotator.ui.pages.dispute_drafts import DisputeDrafts
from annotator.ui.pages.dispute_remarks import DisputeRemarks
from annotator.ui.pages.note_reading import NoteReading, remember_note
from annotator.ui.pages.page import Page, Surroundings
from annotator.ui.pages.workbench import Workbench
from annotator.ui.panels.dispute_list import DisputeList
from annotator.ui.panels.dispute_rules import DisputeRules
from annotator.ui.panels.dispute_view import DisputeView
from annotator.ui.panels.queries import QueriesPanel
from annotator.ui.panels.remarks import RemarksPanel
from annotator.ui.panels.settle_choices import SettleChoices
from annotator.ui.panels.settle_form import SettleForm
from annotator.ui.presenting.disputes import Compared, Stopped, compared, merged, stopped
from annotator.ui.presenting.groups import group_view
from annotator.ui.widgets.lines import area, column, scrolled
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import label
from annotator.ui.wording import tr
from qa import dispute_drafts, disputes
from qa.blind import mark_seen
from qa.disputes import Waiting

MERGED, DRAWN = "merged", "drawn"


class DisputesPage(Page):
    """The researcher chooses a pass, merges, redraws, or sends the pass back; each with a reason."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.setObjectName("disputes")
        self._pairs: tuple[Waiting, ...] = ()
        self._looked_at: dict[tuple[PairKey, int | None], Waiting] = {}
        self._wanted: PairKey | None = None
        self._found: Stopped | None = None
        self._choice: int | str | None = None
        self.queries = QueriesPanel(around.images.query)
        self.queries.rules_wanted.connect(self.rules_wanted)
        self.notes = NoteReading(self.queries, around)
        self.view = DisputeView()
        self.view.pass_chosen.connect(self.choose)
        self.bench = Workbench((("nothing", tr("Nothing")),), around.project.rules)
        self.bench.canvas.desk.runner = around.workers.submit
        self.bench.problem.connect(self.say)
        self.bench.bar.set_comparing(False)
        self._middle = QStackedWidget()
        self._empty = self._make_empty()
        for widget in (self._empty, self.view, self.bench):
            self._middle.addWidget(widget)
        self.choices = SettleChoices()
        self.view.right.addWidget(self.choices, 1)
        self.choices.merge_wanted.connect(self.merge)
        self.choices.redraw_wanted.connect(self.redraw)
        self.choices.again_wanted.connect(self.send_back)
        self._lay_out()
        self.set_keys()

    @property
    def open_key(self) -> PairKey | None:
        """The pair that is looked at."""
        return self._found.key if self._found is not None else None

    def enter(self) -> None:
        pairs = disputes.stopped_pairs(self.around.project)
        known = [self._looked_at.get((pair.key, pair.latest_revision)) for pair in pairs]
        found = [one for one in known if one is not None and one.pair in pairs]
        if len(found) == len(pairs):
            self._arrived(found)
            return
        if self._found is None:
            self._show_none()
            self.list.set_comparing()
        else:
            self.drafts.take(self._found)
        project = self.around.project
        self.around.workers.submit(
            "disputes",
            lambda _token: [disputes.waiting(project, pair) for pair in pairs],
            self._arrived,
            lambda error: self.say(str(error)),
        )

    def leave(self) -> bool:
        if not self.bench.is_free() or not self.drafts.leave():
            return False
        self.around.workers.cancel("dispute")
        self._wanted = None
        self.bench.show_nothing()
        return True

    def begin_with(self, key: PairKey) -> None:
        """At the next `enter` show this pair first."""
        self._wanted = key

    def _arrived(self, found: list[Waiting]) -> None:
        """The passes were compared: what is asked for, what was open, what was begun, or the worst comes first."""
        self._looked_at = {(one.key, one.pair.latest_revision): one for one in found}
        self._pairs = disputes.worst_first(found)
        keys = [one.key for one in self._pairs]
        wanted, self._wanted = self._wanted, None
        begun = self._begun()
        asked = [wanted, self.open_key, *(key for key in keys if key in begun)]
        here = [key for key in asked if key in keys and key is not None]
        if keys:
            self.open_now((here or keys)[0])
        else:
            self._show_none()

    def act(self, name: str) -> None:
        actions: dict[str, Callable[[], object]] = {
            "dispute.merge": self.merge,
            "dispute.redraw": self.redraw,
            "dispute.settle": self.settle,
            "go.next": lambda: self.step(1),
            "go.previous": lambda: self.step(-1),
        }
        if name in actions:
            actions[name]()
        elif name.startswith("dispute."):
            self.choose(int(name[-1]))
        elif self._middle.currentWidget() is self.bench:
            self.bench.act(name)
        elif name == "view.fit":
            self.view.fit()
        elif name in ("view.zoom-in", "view.zoom-out"):
            self.view.zoom_by(1.25 if name == "view.zoom-in" else 0.8)

    def set_keys(self) -> None:
        keys = self.around.keys
        self.choices.set_keys(keys.shown("dispute.merge"), keys.shown("dispute.redraw"))
        self.queries.set_rules_key(keys.shown("window.rules"))
        self.rules.set_key(keys.shown("window.rules"))
        self.bench.set_keys(keys)
        self._say_choice()

    def theme_changed(self) -> None:
        self.bench.canvas.theme_changed()

    def step(self, by: int) -> None:
        """The next pair that waits."""
        keys = [pair.key for pair in self._pairs]
        if keys:
            here = keys.index(self._found.key) if self._found is not None and self._found.key in keys else -by
            self.open_now(keys[(here + by) % len(keys)])

    def open_now(self, key: PairKey) -> None:
        """Look at a pair."""
        if not self.bench.is_free():
            return
        try:
            mark_seen(self.around.project, key, self.around.person.name)
            found = stopped(self.around.project, key)
        except AnnotatorError as error:
            self.say(str(error))
            return
        if not self.drafts.take(found):
            return
        self._found, self._choice = found, None
        self.form.set_group(group_name(key.group))
        self._show_form(True)
        self.bench.show_nothing()
        keys = [self.around.keys.shown(f"dispute.{number}") for number in (1, 2, 3)]
        self.view.set_stopped(found, keys)
        self.rules.show_compared(None)
        self._compare(found)
        path = self.around.project.library.path(key.image)
        if path is not None:
            self.around.images.picture(path, lambda image: self._image(key, image))
        self.queries.set_view(group_view(self.around.project, key.group))
        self.threads.open(key)
        self._middle.setCurrentWidget(self.view)
        self.view.setFocus()
        self._show_list()
        self._show_top(found)
        last = found.passes[-1].pass_
        self._reason.setText(f"{last.person}: {last.reason}" if last.reason else tr("The passes disagree."))
        self.choices.set_person(last.person)
        self._say_choice()
        self.opened.emit(key.image)

    def _compare(self, found: Stopped) -> None:
        """Compare the passes beside the window: masks of large photographs take half a second."""
        rules = self.around.project.rules

        def arrived(what: Compared) -> None:
            if self._found is found:
                self.view.set_compared(what, rules.agreement)
                self.rules.show_compared(what)

        self.around.workers.submit("dispute", lambda _token: compared(found, rules), arrived, priority=10)

    def choose(self, number: int) -> None:
        """Settle with the mask of a pass."""
        if self._found is not None and number in [record.pass_.pass_number for record in self._found.passes]:
            self._take(number)

    def merge(self) -> None:
        """Settle with what most of the passes hold."""
        if self._found is not None and len(self._found.passes) > 1:
            self._take(MERGED)
            self._edit(EditingSession(merged(self._found)), look=True)

    def redraw(self) -> None:
        """Draw the deciding mask on the canvas, from what is chosen, else from where one was left, or the last pass."""
        if self._found is None or self._choice == DRAWN:
            return
        session = self.drafts.draw(self._chosen_annotation())
        if session is not None:
            self._draw(session)

    def _draw(self, session: EditingSession) -> None:
        self._take(DRAWN)
        self._edit(session, look=False)

    def settle(self) -> None:
        """Decide with the chosen mask and the written reason."""
        annotation = self._chosen_annotation()
        if self._found is not None and annotation is not None:
            self._decide(annotation, resume=False)

    def send_back(self) -> None:
        """Have the pass that stopped the pair done again by the same person."""
        if self._found is not None:
            self._decide(None, resume=True)

    def _decide(self, annotation: Annotation | None, resume: bool) -> None:
        opened = self.drafts.opened
        if opened is None or not self.bench.is_free():
            return
        key, (reason, rule) = opened.key, self.form.texts
        if not reason:
            self.say(tr("A decision needs a reason; write it for the annotators."))
            self.reason.setFocus()
            return
        try:
            opened.settle(annotation, resume, reason, rule)
        except AnnotatorError as error:
            self.say(str(error))
            return
        self.say("")
        self.drafts.let_go()
        if rule:
            note = self.around.project.store.group_records()[key.group].note
            remember_note(self.around, key.group, note)
        self._found = None
        self.changed.emit()
        self.enter()
        said = tr("{image} is settled, the rule is in the note of {group}.") if rule else tr("{image} is settled.")
        self.around.status.set_hint(said.format(image=key.image, group=group_name(key.group)))

    def _take(self, choice: int | str) -> None:
        self._choice = choice
        self.view.set_chosen(choice if isinstance(choice, int) else None)
        self._middle.setCurrentWidget(self.view)
        self._say_choice()

    def _edit(self, session: EditingSession, look: bool) -> None:
        found = self._found
        if found is None:
            return

        def arrived(image: object) -> None:
            self.bench.show_image(image, session, look)  # type: ignore[arg-type]  # an ImagePyramid
            self._middle.setCurrentWidget(self.bench)
            self.bench.canvas.setFocus()

        self.around.images.want(found.key.image, arrived, lambda error: self.say(str(error)))

    def _chosen_annotation(self) -> Annotation | None:
        found = self._found
        if found is None or self._choice is None:
            return None
        if isinstance(self._choice, int):
            return next(record.pass_.annotation for record in found.passes if record.pass_.pass_number == self._choice)
        session = self.bench.canvas.session
        return session.annotation if session is not None else None

    def _draft_thrown(self) -> None:
        self._show_list()
        self._say_choice()

    def _say_choice(self) -> None:
        words = {None: tr("Settle"), MERGED: tr("Settle with the merged mask"), DRAWN: tr("Settle with this mask")}
        said = words.get(self._choice) if not isinstance(self._choice, int) else None
        said = said or tr("Settle with pass {number}").format(number=self._choice)
        self.settle_button.set_words(said, self.around.keys.shown("dispute.settle"))
        self.settle_button.setEnabled(self._choice is not None)
        found, opened = self._found, self.drafts.opened
        go_on = self._choice is None and opened is not None and opened.drawn
        self.choices.set_possible(found is not None, found is not None and len(found.passes) > 1, go_on)
        self.drafts.show()

    def _image(self, key: PairKey, image: QImage) -> None:
        if self._found is not None and self._found.key == key:
            self.view.set_image(image)

    def _show_none(self) -> None:
        self.drafts.leave()
        self._found, self._choice = None, None
        self.form.set_group("")
        self._middle.setCurrentWidget(self._empty)
        self._show_form(False)
        self.queries.set_view(None)
        self.threads.open(None)
        self.rules.show_compared(None)
        self.choices.set_person("")
        self._show_list()
        self._say_choice()
        self.around.top.set_image("", "")
        self.around.top.set_pass((), "", "")
        self.around.top.set_steps("", "", "")
        self.opened.emit("")

    def _show_form(self, shown: bool) -> None:
        """With what a pair is settled, while there is one."""
        self._why.setVisible(shown)
        self.form.setVisible(shown)

    def _show_list(self) -> None:
        self.list.set_rows(self._pairs, self.open_key, self._begun())

    def _begun(self) -> frozenset[PairKey]:
        keys = [pair.key for pair in self._pairs]
        return dispute_drafts.begun(self.around.project, keys, self.around.person.name)

    def _show_top(self, found: Stopped) -> None:
        top = self.around.top
        top.set_image(found.key.image, found.pair.difficulty.value)
        word = tr("Escalated") if found.pair.state is PairState.ESCALATED else tr("Dispute")
        top.set_pass(tuple("done" for _ in found.passes), word, "", "dispute")
        keys = [pair.key for pair in self._pairs]
        shown = tr("{n} of {count}").format(n=keys.index(found.key) + 1, count=len(keys))
        top.set_steps(shown, self.around.keys.shown("go.previous"), self.around.keys.shown("go.next"))
        self.around.status.set_hint(tr("1, 2, 3 choose a pass. The passes stay in the history."))
        width, height = found.passes[0].pass_.annotation.size
        self.around.status.set_facts(f"{width} × {height}", "")

    def _make_empty(self) -> QWidget:
        box = area("window")
        inside = column(box, gap=8)
        inside.addStretch(1)
        title = label(tr("Nothing to settle"), "title")
        below = label(tr("Pairs come here when their passes disagree, or when somebody escalates one."), "second")
        for widget in (title, below):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(widget)
        inside.addStretch(1)
        return box

    def _make_right(self) -> QWidget:
        side = area("panel")
        whole = column(side)
        inner = area("panel")
        sections = column(inner)
        self.list = DisputeList(self.around.images.small, self.around.project.rules.agreement)
        self.list.chosen.connect(self.open_now)
        self.remarks = RemarksPanel()
        self.threads = DisputeRemarks(self, self.remarks, self.view, self.queries, self.bench.canvas)
        self._why = Section(tr("Why it waits"), "disputes.why", line=False)
        self._reason = label("", "second", wrap=True)
        self._reason.setContentsMargins(12, 0, 12, 8)
        self._why.body.addWidget(self._reason)
        self.rules = DisputeRules()
        for section in (self.list, self._why, self.remarks, self.rules):
            sections.addWidget(section)
        sections.addStretch(1)
        whole.addWidget(scrolled(inner), 1)
        self.form = SettleForm()
        self.reason, self.settle_button = self.form.reason, self.form.button
        self.form.settle_wanted.connect(self.settle)
        self.drafts = DisputeDrafts(self, self.form, self.choices.offer)
        self.drafts.to_show.connect(self._draw)
        self.drafts.changed.connect(self._draft_thrown)
        whole.addWidget(self.form)
        return side

    def _lay_out(self) -> None:
        right = self._make_right()
        settings = self.around.settings
        column(self).addWidget(three_columns("disputes.splitter", settings, self.queries, self._middle, right, 264), 1)
