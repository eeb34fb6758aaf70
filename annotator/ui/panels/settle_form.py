"""With what a researcher settles a pair: the reason, a rule that it clarifies, the button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import across, column, row
from annotator.ui.widgets.text import ElidedLabel, label


class SettleForm(QWidget):
    """At the foot of the researcher's right column; `edited` tells every change of a text."""

    settle_wanted = Signal()
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        whole = column(self)
        whole.addWidget(across())
        foot = column(gap=8, margins=(12, 10, 12, 10))
        whole.addLayout(foot)
        foot.addWidget(label(self.tr("Reason, shown to the annotators"), "second"))
        self.reason = self._field("dispute.reason", self.tr("Reason"), 72)
        foot.addWidget(self.reason)
        self._rule_title = ElidedLabel("", "second")
        foot.addWidget(self._rule_title)
        self.rule = self._field("dispute.clarified", self.tr("Rule clarified"), 52)
        self.rule.setPlaceholderText(self.tr("Only where the decision says more than this pair"))
        foot.addWidget(self.rule)
        line = row()
        self.button = KeyButton(self.tr("Settle"), "dispute.settle", primary=True)
        self.button.clicked.connect(self.settle_wanted)
        line.addWidget(self.button, 1)
        foot.addLayout(line)
        self.set_group("")

    @property
    def texts(self) -> tuple[str, str]:
        """The reason and the rule, without space around."""
        reason, rule = self.written
        return reason.strip(), rule.strip()

    @property
    def written(self) -> tuple[str, str]:
        """The reason and the rule as they stand in the fields."""
        return self.reason.toPlainText(), self.rule.toPlainText()

    def set_texts(self, reason: str, rule: str) -> None:
        """What is written on another pair."""
        self.reason.setPlainText(reason)
        self.rule.setPlainText(rule)

    def set_group(self, name: str) -> None:
        """Into which group's note a rule goes; empty for none."""
        words = self.tr("Rule clarified, added to the note of {group}").format(group=name)
        self._rule_title.setText(words if name else self.tr("Rule clarified"))

    def _field(self, name: str, title: str, high: int) -> QPlainTextEdit:
        made = QPlainTextEdit()
        made.setObjectName(name)
        made.setAccessibleName(title)
        made.setTabChangesFocus(True)
        made.setFixedHeight(high)
        made.textChanged.connect(self.edited)
        return made
