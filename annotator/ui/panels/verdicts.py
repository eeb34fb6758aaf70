"""The buttons with which a pass ends, at the bottom of the right column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from annotator.domain.passes import PairState, Verdict
from annotator.ui.widgets.buttons import IconButton, KeyButton
from annotator.ui.widgets.lines import across, column, row
from annotator.ui.widgets.text import label
from qa.workflow import next_pass, verdicts_for


class VerdictBar(QWidget):
    """`given` carries the verdict and the reason. Pass 1 submits; later passes approve, refine or return."""

    given = Signal(object, str)
    escalation_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verdicts")
        whole = column(self)
        whole.addWidget(across())
        inner = column(gap=8, margins=(12, 10, 12, 10))
        whole.addLayout(inner)
        self._reason_box = QWidget()
        line = row(self._reason_box)
        line.addWidget(label(self.tr("Reason to return"), "second"))
        self.reason = QComboBox()
        self.reason.setObjectName("verdict.reason")
        self.reason.setAccessibleName(self.tr("Reason to return"))
        self.reason.setEditable(True)
        edit = self.reason.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(self.tr("choose or write"))
            edit.returnPressed.connect(self._return)
        self.reason.setCurrentIndex(-1)
        self.reason.setMinimumWidth(100)
        line.addWidget(self.reason, 1)
        inner.addWidget(self._reason_box)
        buttons = row()
        self.escalate = KeyButton(self.tr("Escalate…"), "verdict.escalate")
        self.send_back = KeyButton(self.tr("Return"), "verdict.return")
        self.finish = KeyButton(self.tr("Submit"), "verdict.finish", primary=True)
        self.escalate_small = IconButton("escalated", self.tr("Escalate"), "verdict.escalate-small")
        buttons.addWidget(self.escalate)
        buttons.addWidget(self.escalate_small)
        buttons.addWidget(self.send_back)
        buttons.addWidget(self.finish, 1)
        inner.addLayout(buttons)
        self.escalate.clicked.connect(self.escalation_wanted)
        self.escalate_small.clicked.connect(self.escalation_wanted)
        self.send_back.clicked.connect(self._return)
        self.finish.clicked.connect(self.end)
        self._pass_number: int | None = None
        self._verdicts: frozenset[Verdict] = frozenset()
        self._edited = False
        self._keys: dict[str, str] = {}
        self.set_work(None, False)

    def set_reasons(self, reasons: Sequence[str]) -> None:
        """The rules' reasons to choose from; another one can be written."""
        self.reason.clear()
        self.reason.addItems(list(reasons))
        self.reason.setCurrentIndex(-1)
        self.reason.clearEditText()

    def set_keys(self, submit: str, approve: str, send_back: str, escalate: str) -> None:
        """The keys shown on the buttons."""
        self._keys = {"submit": submit, "approve": approve, "return": send_back, "escalate": escalate}
        self.escalate.setToolTip(self.tr("Hand the pair to a researcher ({key})").format(key=escalate))
        self.escalate_small.set_key(escalate)
        self._show()

    def set_work(self, state: PairState | None, edited: bool) -> None:
        """The state of the pair whose pass is open (None for none) and whether its mask differs from where it began."""
        self._verdicts = frozenset() if state is None else frozenset(verdicts_for(state))
        pass_number = None if state is None else next_pass(state)
        if pass_number != self._pass_number:
            self.reason.setCurrentIndex(-1)
            self.reason.clearEditText()
        self._pass_number, self._edited = pass_number, edited
        self._show()

    def end(self) -> None:
        """The main verdict: submitted, refined, or approved unchanged."""
        inspected = Verdict.REFINED if self._edited else Verdict.APPROVED
        for verdict in (Verdict.SUBMITTED, inspected):
            if verdict in self._verdicts:
                self.given.emit(verdict, "")
                return

    def approve(self) -> None:
        """Approve unchanged, where that is what the button says."""
        if Verdict.APPROVED in self._verdicts and not self._edited:
            self.given.emit(Verdict.APPROVED, "")

    def ask_reason(self) -> None:
        """Return with the reason that is written, or put the cursor where one is missing."""
        self._return()

    def _return(self) -> None:
        if Verdict.RETURNED not in self._verdicts:
            return
        reason = self.reason.currentText().strip()
        if reason:
            self.given.emit(Verdict.RETURNED, reason)
        else:
            self.reason.setFocus()
            self.reason.showPopup()

    def _show(self) -> None:
        inspecting = Verdict.RETURNED in self._verdicts
        self._reason_box.setVisible(inspecting)
        self.send_back.setVisible(inspecting)
        self.escalate.setVisible(not inspecting)
        self.escalate_small.setVisible(inspecting)
        for button in (self.escalate, self.escalate_small):
            button.setEnabled(Verdict.ESCALATED in self._verdicts)
        self.send_back.setEnabled(inspecting)
        self.finish.setEnabled(bool(self._verdicts))
        self.send_back.set_words(self.tr("Return"), self._keys.get("return", ""))
        submit = self._keys.get("submit", "")
        if not inspecting:
            number = self._pass_number
            words = self.tr("Submit pass {number}").format(number=number) if number else self.tr("Submit")
            self.finish.set_words(words, submit)
        elif self._edited:
            self.finish.set_words(self.tr("Submit refined"), submit)
        else:
            self.finish.set_words(self.tr("Approve unchanged"), self._keys.get("approve", ""))
