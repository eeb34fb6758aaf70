"""The start page: projects with their progress, ways to get one, and who works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QLabel, QLineEdit, QRadioButton, QWidget

from annotator.domain.passes import PersonRole
from annotator.ui import icons, wording
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.panels.project_line import ProjectEntry, ProjectLine
from annotator.ui.widgets.buttons import ChooserButton, KeyButton, quiet_button
from annotator.ui.widgets.in_sight import InSight
from annotator.ui.widgets.lines import FittingScroll, across, area, column, emptied, row
from annotator.ui.widgets.text import PersonLabel, label


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person of the chosen project and what waits for them."""

    name: str
    role: PersonRole
    waits: str


ROLES = (PersonRole.ANNOTATOR, PersonRole.RESEARCHER)

LEAST_PEOPLE, LEAST_PROJECTS = 144, 86
"""Pixels of the two lists that are always in sight: three people, one project."""

WAYS = (
    ("open", "folder", "Open project…", "A project folder on this computer", "Ctrl+O"),
    ("new", "file", "New project…", "From a ground-truth file and an image folder", "Ctrl+N"),
    ("join", "server", "Join a team…", "By the address of its PostgreSQL server", ""),
    ("demo", "image", "Build the demo project", "Small images, all three passes", ""),
)


class WayLine(ChoiceRow):
    """A way to get a project: icon, what, from what, key."""

    def __init__(self, name: str, drawing: str, title: str, below: str, key: str) -> None:
        super().__init__(f"start.{name}", title, 52)
        self.line.setContentsMargins(16, 0, 16, 0)
        self._drawing = drawing
        self._mark = label()
        self.line.addWidget(self._mark)
        self.line.addSpacing(6)
        words = column(gap=0)
        words.addStretch()
        words.addWidget(label(title, "strong"))
        words.addWidget(label(below, "second"))
        words.addStretch()
        self.line.addLayout(words, 1)
        self.line.addWidget(label(key, "hint"))
        self._paint_mark()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._paint_mark()

    def _paint_mark(self) -> None:
        self._mark.setPixmap(icons.pixmap(self._drawing, "text1", self.devicePixelRatioF()))


class StartPage(QWidget):
    """`project_chosen` asks for the people of a project; `entered` carries folder, name, role of who continues."""

    project_chosen = Signal(object)
    entered = Signal(object, str, object)
    way_chosen = Signal(str)
    theme_wanted = Signal()
    keys_wanted = Signal()

    def __init__(self, version: str) -> None:
        super().__init__()
        self.setObjectName("start")
        self.setProperty("area", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folder: Path | None = None
        self._lines: dict[Path, ProjectLine] = {}
        self._waits: dict[str, QLabel] = {}
        whole = column(self)
        whole.addStretch(2)
        middle = row(gap=24, margins=(24, 24, 24, 24))
        middle.addStretch(1)
        middle.addWidget(self._projects_side(), 6)
        middle.addWidget(self._people_side(), 3)
        middle.addStretch(1)
        whole.addLayout(middle)
        whole.addStretch(5)
        whole.addWidget(self._foot(version))
        self._show_people(False)

    @property
    def folder(self) -> Path | None:
        """The project that is chosen."""
        return self._folder

    def set_projects(self, entries: Sequence[ProjectEntry]) -> None:
        """Show the projects, the last one first; the first is chosen."""
        self.update_projects(entries)
        if self._folder not in self._lines:
            self._folder = None
            self._show_people(False)
        if entries and self._folder is None:
            self.choose(entries[0].folder)

    def set_pictures(self, folder: Path, images: Sequence[QImage]) -> None:
        """Photographs of a project have arrived."""
        if folder in self._lines:
            self._lines[folder].set_pictures(images)

    def update_projects(self, entries: Sequence[ProjectEntry]) -> None:
        """Details of the listed projects have arrived; what is chosen stays."""
        emptied(self._list)
        self._lines = {}
        for entry in entries:
            line = ProjectLine(entry)
            line.chosen.connect(lambda folder=entry.folder: self.choose(folder))
            self._lines[entry.folder] = line
            self._list.addWidget(line)
            self._list.addWidget(across())

    def mark(self, folder: Path) -> None:
        """Show a project as chosen."""
        for known, line in self._lines.items():
            line.set_selected(known == folder)

    def set_waits(self, people: Sequence[PersonEntry]) -> None:
        """What waits for each person has been counted."""
        for person in people:
            spot = self._waits.get(person.name)
            if spot is not None:
                spot.setText(person.waits)

    def choose(self, folder: Path) -> None:
        """Choose a project and ask for its people."""
        self._folder = folder
        self.mark(folder)
        self.project_chosen.emit(folder)

    def set_people(self, project: str, people: Sequence[PersonEntry], last: str) -> None:
        """Show who works in the chosen project; `last` is the one who worked here before."""
        emptied(self._people)
        self._waits = {}
        for old in self._group.buttons():
            self._group.removeButton(old)
        said = self.tr("In {project}. Your name stands on every pass you submit. The three passes of a pair are done "
                       "by three different people.")  # fmt: skip
        self._told.setText(said.format(project=project))
        for person in people:
            self._people.addWidget(self._person_line(person, last))
        chosen = self._group.checkedButton() or (self._group.buttons()[0] if people else None)
        if chosen is not None:
            chosen.setChecked(True)
        self._role.setCurrentIndex(0 if people else 1)
        self._show_people(True)
        self._say()
        self._bring_in()
        (self._go if people else self._name).setFocus()

    @property
    def trouble(self) -> str:
        """The sentence below the list."""
        return self._trouble.text()

    def set_trouble(self, text: str) -> None:
        """One sentence below the list; empty for none."""
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))

    def enter(self) -> None:
        """Continue with the person who is chosen or written."""
        if self._folder is None:
            return
        name = self._name.text().strip()
        if name:
            self.entered.emit(self._folder, name, ROLES[self._role.currentIndex()])
            return
        chosen = self._group.checkedButton()
        if chosen is not None:
            self.entered.emit(self._folder, str(chosen.property("person")), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enter()
        else:
            super().keyPressEvent(event)

    def _projects_side(self) -> QWidget:
        side = QWidget()
        side.setMaximumWidth(760)
        whole = column(side, gap=16)
        whole.addWidget(label(self.tr("Projects"), "title"))
        sheet = QFrame()
        sheet.setProperty("area", "sheet")
        inside = column(sheet, margins=(1, 1, 1, 1))
        projects = QWidget()
        self._list = column(projects)
        inside.addWidget(FittingScroll(projects, LEAST_PROJECTS))
        inside.addSpacing(8)
        for name, drawing, title, below, key in WAYS:
            line = WayLine(name, drawing, self.tr(title), self.tr(below), key)
            line.chosen.connect(lambda name=name: self.way_chosen.emit(name))
            inside.addWidget(line)
        inside.addSpacing(8)
        whole.addWidget(sheet)
        said = self.tr("Works without a network. Images stay where they are; the project folder holds masks, passes "
                       "and rules.")  # fmt: skip
        whole.addWidget(label(said, "second", wrap=True))
        self._trouble = label("", "second", "error", name="start.trouble", wrap=True)
        self._trouble.hide()
        whole.addWidget(self._trouble)
        whole.addStretch(1)
        return side

    def _people_side(self) -> QWidget:
        side = QWidget()
        side.setMaximumWidth(400)
        side.setMinimumWidth(320)
        whole = column(side, gap=16)
        self._who = label(self.tr("Who are you?"), "title")
        whole.addWidget(self._who)
        self._sheet = QFrame()
        self._sheet.setProperty("area", "sheet")
        inside = column(self._sheet, margins=(1, 1, 1, 1))
        self._told = label("", "second", wrap=True)
        self._told.setContentsMargins(16, 12, 16, 12)
        inside.addWidget(self._told)
        people = QWidget()
        self._people = column(people)
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(lambda _button, _checked: self._say())
        scroll = FittingScroll(people, LEAST_PEOPLE)
        self._in_sight = InSight(scroll)
        inside.addWidget(scroll)
        inside.addWidget(across())
        new = row(margins=(16, 12, 16, 0))
        self._name = QLineEdit()
        self._name.setObjectName("start.name")
        self._name.setAccessibleName(self.tr("Another name"))
        self._name.setPlaceholderText(self.tr("Another name"))
        self._name.textChanged.connect(lambda _text: self._say())
        self._role = QComboBox()
        self._role.setObjectName("start.role")
        self._role.setAccessibleName(self.tr("Role"))
        self._role.addItems([self.tr(role.value) for role in ROLES])
        self._role.setFixedWidth(112)
        new.addWidget(self._name, 1)
        new.addWidget(self._role)
        inside.addLayout(new)
        self._go = KeyButton("", "start.continue", self.tr("Enter"), primary=True)
        self._go.setFixedHeight(32)
        self._go.clicked.connect(self.enter)
        foot = column(margins=(16, 12, 16, 16))
        foot.addWidget(self._go)
        inside.addLayout(foot)
        whole.addWidget(self._sheet)
        whole.addStretch(1)
        return side

    def _person_line(self, person: PersonEntry, last: str) -> QWidget:
        line = ChoiceRow(f"person.{person.name}", person.name, 48)
        line.line.setContentsMargins(16, 0, 16, 0)
        button = QRadioButton()
        button.setObjectName(f"person.{person.name}.radio")
        button.setAccessibleName(person.name)
        button.setProperty("person", person.name)
        button.setChecked(person.name == last)
        self._group.addButton(button)
        words = column(gap=0)
        words.addStretch()
        words.addWidget(PersonLabel(person.name, "strong"))
        words.addWidget(label(person.role.value, "second"))
        words.addStretch()
        line.line.addWidget(button)
        line.line.addLayout(words, 1)
        self._waits[person.name] = label(person.waits, "second")
        line.line.addWidget(self._waits[person.name])
        button.toggled.connect(line.set_selected)
        button.toggled.connect(self._bring_in)
        line.set_selected(button.isChecked())

        def pick() -> None:
            self._name.clear()
            if button.isChecked():
                self.enter()
            button.setChecked(True)

        line.chosen.connect(pick)
        return line

    def _foot(self, version: str) -> QWidget:
        foot = area("bar")
        foot.setFixedHeight(24)
        whole = column(foot)
        whole.addWidget(across())
        line = row(gap=12, margins=(12, 0, 8, 0))
        line.addWidget(label(self.tr("Version {version}").format(version=version), "second"))
        line.addStretch()
        self.theme_button = ChooserButton("start.theme", self.tr("Dark or light"), framed=False)
        self.theme_button.setFixedHeight(22)
        self.theme_button.clicked.connect(self.theme_wanted)
        keys = quiet_button(self.tr("Keys"), "start.keys", "F1")
        keys.setFixedHeight(22)
        keys.clicked.connect(self.keys_wanted)
        line.addWidget(self.theme_button)
        line.addWidget(keys)
        whole.addLayout(line)
        return foot

    def _bring_in(self) -> None:
        """Keep the person who is chosen in sight."""
        chosen = self._group.checkedButton()
        line = chosen.parentWidget() if chosen is not None else None
        if line is not None:
            self._in_sight.want(line)

    def _show_people(self, shown: bool) -> None:
        self._who.setVisible(shown)
        self._sheet.setVisible(shown)

    def _say(self) -> None:
        name = self._name.text().strip()
        button = self._group.checkedButton()
        who = name or (str(button.property("person")) if button is not None else "")
        self._go.set_words(self.tr("Continue as {name}").format(name=who) if who else self.tr("Continue"))
        self._go.setEnabled(bool(who))


def facts(groups: int, pairs: int) -> str:
    """`26 query groups, 2,463 pairs`."""
    group_words = wording.counted(groups, wording.tr("query group"), wording.tr("query groups"))
    return f"{group_words}, {wording.counted(pairs, wording.tr('pair'), wording.tr('pairs'))}"
