"""What a researcher draws and writes on the open dispute: kept like an edit of a pair, offered to who comes back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError
from annotator.domain.shapes import Annotation
from annotator.editing.session import EditingSession
from annotator.ui.keeper import Keeper
from annotator.ui.pages.page import Page
from annotator.ui.panels.draft_offer import DraftOffer
from annotator.ui.panels.settle_form import SettleForm
from annotator.ui.presenting.disputes import Stopped
from annotator.ui.presenting.open_dispute import OpenDispute, open_dispute
from annotator.ui.wording import tr


class DisputeDrafts(QObject):
    """`to_show` carries a session that was brought back and wants the canvas; `changed` tells of one thrown away."""

    to_show = Signal(object)
    changed = Signal()

    def __init__(self, page: Page, form: SettleForm, offer: DraftOffer) -> None:
        super().__init__(page)
        self._page, self._form, self._offer = page, form, offer
        self._known: dict[PairKey, OpenDispute] = {}
        self._open: OpenDispute | None = None
        self._told = False
        self.keeper = Keeper(page.around.workers, self)
        self.keeper.state.connect(page.around.status.set_saved)
        self.keeper.problem.connect(self._tell)
        form.edited.connect(self._written)
        offer.bring_back_wanted.connect(self._bring_back)
        offer.throw_away_wanted.connect(self._throw_away)

    @property
    def opened(self) -> OpenDispute | None:
        """The dispute that is cared for."""
        return self._open

    def take(self, found: Stopped) -> bool:
        """Care for another dispute and show what was written on it; False where the one before could not be kept.

        What was drawn in this window is there with its undo, unless the pair has other passes by now.
        """
        if not self.leave():
            return False
        opened = self._known.get(found.key)
        if opened is None or opened.found.latest != found.latest:
            opened = open_dispute(self._page.around.project, found, self._page.around.person.name)
        opened.found = found
        self._known[found.key] = opened
        self._form.set_texts(opened.reason, opened.rule)
        self._open = opened
        self.keeper.hold(opened)
        self.show()
        return True

    def leave(self) -> bool:
        """Keep what is open and let go; False where the disk does not take it, which is said."""
        if not self.keeper.leave():
            return False
        self._open = None
        return True

    def draw(self, start: Annotation | None) -> EditingSession | None:
        """The session to draw in, from `start` where one is given; None where no dispute is open."""
        return self._open.draw(start) if self._open is not None else None

    def let_go(self) -> None:
        """The dispute is settled: forget what was begun on it."""
        if self._open is not None:
            self._known.pop(self._open.key, None)
        self._open = None
        self.keeper.let_go()

    def show(self) -> None:
        """Say what there is of the open dispute."""
        self._offer.set_draft(self._open)

    def _written(self) -> None:
        if self._open is not None:
            self._open.write(*self._form.written)

    def _bring_back(self) -> None:
        if self._open is not None:
            session = self._open.bring_back()
            self._form.set_texts(self._open.reason, self._open.rule)
            self.to_show.emit(session)

    def _throw_away(self) -> None:
        opened = self._open
        if opened is None or not self._sure(opened.key.image):
            return
        self._page.around.workers.finish_saves()  # none of them may write it again after this
        try:
            opened.throw_away()
        except AnnotatorError as error:
            self._tell(str(error))
            return
        self._tell("")
        self.show()
        self.changed.emit()

    def _sure(self, image: str) -> bool:
        throw, keep = QMessageBox.StandardButton.Discard, QMessageBox.StandardButton.Cancel
        question = tr("Throw away what you began on {image}? It cannot be brought back.").format(image=image)
        return QMessageBox.question(self._page, tr("Disputes"), question, throw | keep, keep) == throw

    def _tell(self, sentence: str) -> None:
        """What the disk does not take, until it is over; a sentence of the page stays."""
        if sentence or self._told:
            self._page.say(sentence)
        self._told = bool(sentence)
