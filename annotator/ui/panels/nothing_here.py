"""What a canvas without a pair says: why nothing waits, where else something does, and the way there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.views import WaitingGroup
from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import across, column, emptied, row
from annotator.ui.widgets.text import ElidedLabel, label

WIDTH = 440
MOST = 5


class NothingHere(QWidget):
    """Lies in the middle of the canvas; `group_wanted` carries a group's number, `own_wanted` asks for own pairs."""

    group_wanted = Signal(int)
    own_wanted = Signal()

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("nothing")
        self._canvas = canvas
        self._groups: list[WaitingGroup] = []
        self._target = -1
        whole = column(self, gap=12)
        self._heading = label("", "title", name="nothing.heading", wrap=True)
        self._sentence = label("", "second", name="nothing.sentence", wrap=True)
        whole.addWidget(self._heading)
        whole.addWidget(self._sentence)
        self._table = QWidget()
        table = column(self._table)
        table.addWidget(across())
        self._rows = column()
        table.addLayout(self._rows)
        table.addWidget(across())
        whole.addWidget(self._table)
        buttons = row()
        self.go = KeyButton("", "nothing.go", primary=True)
        self.own = KeyButton("", "nothing.own")
        self.go.clicked.connect(lambda: self.group_wanted.emit(self._target))
        self.own.clicked.connect(self.own_wanted)
        buttons.addWidget(self.go)
        buttons.addWidget(self.own)
        buttons.addStretch()
        whole.addLayout(buttons)
        canvas.installEventFilter(self)
        self.hide()

    @property
    def words(self) -> tuple[str, str]:
        """Heading and sentence."""
        return self._heading.text(), self._sentence.text()

    def tell(
        self, heading: str, sentence: str, groups: Sequence[WaitingGroup], own: int, here: tuple[int, str] | None
    ) -> None:
        """Say why nothing is open, which other groups have work, how many pairs the person did, and what waits `here`.

        `here` is this group's number and the image that waits in it, None where nothing does.
        """
        self._heading.setText(heading)
        self._sentence.setText(sentence)
        self._groups = list(groups[:MOST])
        emptied(self._rows)
        for group in self._groups:
            line = ChoiceRow(f"nothing.{group.name}", f"{group.name}, {group.title}", 28)
            line.line.setContentsMargins(0, 0, 0, 0)
            line.line.addWidget(ElidedLabel(f"{group.name}, {group.title}"), 1)
            line.line.addWidget(label(self.tr("{count} for you").format(count=group.waiting), "second"))
            line.chosen.connect(lambda number=group.number: self.group_wanted.emit(number))
            self._rows.addWidget(line)
        self._table.setVisible(bool(groups))
        self.go.setVisible(bool(groups) or here is not None)
        if here is not None:
            self._target = here[0]
            self.go.set_words(self.tr("Take {image}").format(image=here[1]), self.tr("Enter"))
        elif self._groups:
            self._target = self._groups[0].number
            self.go.set_words(self.tr("Go on with {group}").format(group=self._groups[0].name), self.tr("Enter"))
        pairs = self.tr("Show my pair") if own == 1 else self.tr("Show my {count} pairs").format(count=own)
        self.own.set_words(pairs)
        self.own.setVisible(own > 0)
        self.show()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if watched is self._canvas and self.isVisible():
            if event.type() == QEvent.Type.Resize:
                self._place()
            elif event.type() == QEvent.Type.KeyPress and self.go.isVisible():
                return self._entered(event)
        return False

    def _entered(self, event: QEvent) -> bool:
        key = getattr(event, "key", lambda: 0)()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go.click()
            return True
        return False

    def _place(self) -> None:
        wide = min(WIDTH, self._canvas.width() - 32)
        self.setFixedWidth(wide)
        high = max(self.sizeHint().height(), self.heightForWidth(wide))
        self.setGeometry((self._canvas.width() - wide) // 2, (self._canvas.height() - high) // 2, wide, high)
