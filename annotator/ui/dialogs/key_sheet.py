"""The key sheet: every action with its key, searchable; a key can be changed in place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QKeySequenceEdit, QLabel, QLineEdit, QScrollArea, QWidget

from annotator.ui.keys import ACTIONS, KeyAction, Keys
from annotator.ui.widgets.buttons import IconButton, KeyButton
from annotator.ui.widgets.lines import across, area, column, row
from annotator.ui.widgets.text import ElidedLabel, label


class KeyLine(QWidget):
    """One action: its name, the field with its key, and the way back to the default."""

    def __init__(self, action: KeyAction, keys: Keys, parent: QWidget) -> None:
        super().__init__(parent)
        self.action, self._keys = action, keys
        self.setFixedHeight(36)
        self._line = line = row(self, gap=8, margins=(0, 0, 0, 0))
        line.addWidget(ElidedLabel(action.title), 1)
        self._trouble: QLabel | None = None
        self.edit = QKeySequenceEdit()
        self.edit.setObjectName(f"keys.{action.name}")
        self.edit.setAccessibleName(self.tr("Key of {action}").format(action=action.title))
        self.edit.setMaximumSequenceLength(1)
        self.edit.setFixedWidth(132)
        self.edit.editingFinished.connect(self._take)
        line.addWidget(self.edit)
        self._back = IconButton("undo", self.tr("Back to the default"), f"keys.{action.name}.default")
        self._back.clicked.connect(lambda: self._keys.set_key(action.name, None))
        line.addWidget(self._back)
        self.refresh()

    def matches(self, words: str) -> bool:
        """Whether a search finds this action."""
        text = f"{self.action.title} {self.action.heading} {self._keys.shown(self.action.name)}".lower()
        return all(word in text for word in words.lower().split())

    def refresh(self) -> None:
        """Show the key in force."""
        self.edit.setKeySequence(QKeySequence(self._keys.key(self.action.name)))
        self._back.setEnabled(self._keys.is_own(self.action.name))

    def _take(self) -> None:
        wanted = self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if wanted == QKeySequence(self._keys.key(self.action.name)).toString():
            return
        clash = self._keys.clash(self.action.name, wanted) if wanted else None
        if clash is not None:
            self._say(self.tr("is the key of: {action}").format(action=clash.title))
            self.refresh()
        else:
            self._say("")
            self._keys.set_key(self.action.name, wanted or None)

    def _say(self, trouble: str) -> None:
        if self._trouble is None:
            self._trouble = label("", "second", "warning")
            self._line.insertWidget(1, self._trouble)
        self._trouble.setText(trouble)


class KeySheet(QDialog):
    """All keys under their headings."""

    def __init__(self, keys: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key-sheet")
        self.setWindowTitle(self.tr("Keys"))
        self.resize(560, 680)
        self._keys = keys
        whole = column(self, gap=12, margins=(20, 16, 20, 16))
        head = row()
        head.addWidget(label(self.tr("Keys"), "title"))
        head.addStretch()
        reset = KeyButton(self.tr("All to the defaults"), "keys.reset")
        reset.clicked.connect(keys.reset)
        head.addWidget(reset)
        whole.addLayout(head)
        self.search = QLineEdit()
        self.search.setObjectName("keys.search")
        self.search.setAccessibleName(self.tr("Search actions and keys"))
        self.search.setPlaceholderText(self.tr("Search actions and keys"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        whole.addWidget(self.search)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole.addWidget(scroll, 1)
        inner = area("window")
        scroll.setWidget(inner)  # before it is filled: Qt styles all that is in a widget anew when that comes elsewhere
        inside = column(inner, margins=(0, 0, 8, 0))
        self._lines: list[KeyLine] = []
        self._heads: dict[str, list[QWidget]] = {}
        for action in ACTIONS:
            if action.heading not in self._heads:
                title = label(action.heading, "section")
                title.setContentsMargins(0, 12, 0, 6)
                line = across()
                self._heads[action.heading] = [title, line]
                inside.addWidget(title)
                inside.addWidget(line)
            made = KeyLine(action, keys, inner)
            self._lines.append(made)
            inside.addWidget(made)
        said = self.tr("Ctrl+wheel zooms, Space-drag moves the image, Alt-click an edge adds a vertex.")
        inside.addWidget(label(said, "second", wrap=True))
        inside.addStretch()
        keys.changed.connect(self._refresh)
        self.search.setFocus()

    def shown_actions(self) -> tuple[str, ...]:
        """The actions that the search leaves."""
        return tuple(line.action.name for line in self._lines if not line.isHidden())

    def _filter(self, words: str) -> None:
        for line in self._lines:
            line.setHidden(not line.matches(words))
        for heading, widgets in self._heads.items():
            empty = all(line.isHidden() for line in self._lines if line.action.heading == heading)
            for widget in widgets:
                widget.setHidden(empty)

    def _refresh(self) -> None:
        for line in self._lines:
            line.refresh()
