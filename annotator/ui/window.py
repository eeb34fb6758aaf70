"""The one window: start page or an open project, menu, keys, theme."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QStackedWidget

from annotator import __version__
from annotator.domain.errors import AnnotatorError
from annotator.domain.passes import PersonRole
from annotator.project.opening import open_project
from annotator.project.project import Project
from annotator.ui import theme
from annotator.ui.dialogs.key_sheet import KeySheet
from annotator.ui.keys import ACTIONS, EVERYWHERE, Keys
from annotator.ui.pages.start_page import StartPage
from annotator.ui.project_view import ProjectView
from annotator.ui.settings import Settings
from annotator.ui.start_desk import StartDesk

log = logging.getLogger(__name__)
PROGRAM = "Pixel Retrieval Annotator"


class Window(QMainWindow):
    """`closed_project` tells when a project was given back."""

    closed_project = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(PROGRAM)
        self.resize(1600, 1000)
        self.setMinimumSize(1024, 640)
        self.settings = settings
        self.keys = Keys(settings, self)
        self._desk: StartDesk | None = None
        self.view: ProjectView | None = None
        self._sheet: KeySheet | None = None
        self._actions: dict[str, QAction] = {}
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        for action in ACTIONS:
            made = QAction(action.title, self)
            made.setObjectName(f"action.{action.name}")
            made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            made.triggered.connect(lambda _checked=False, name=action.name: self.act(name))
            self._actions[action.name] = made
            if action.name != "view.blink":  # held, not pressed: the canvas takes it
                self.addAction(made)
        self.keys.changed.connect(self._set_keys)
        self._set_keys()
        self._restore_size()

    @property
    def desk(self) -> StartDesk:
        """What fills the start page; made when it is first wanted, since many only ever see their project."""
        if self._desk is None:
            page = StartPage(__version__)
            page.theme_wanted.connect(lambda: self.act("window.theme"))
            page.keys_wanted.connect(lambda: self.act("window.keys"))
            self._stack.addWidget(page)
            self._desk = StartDesk(page, self.settings, self)
            self._desk.entered.connect(self.enter)
            self._say_theme()
        return self._desk

    @property
    def start(self) -> StartPage:
        """The start page."""
        return self.desk.page

    # projects

    def show_start(self) -> None:
        """The start page, after what is open was saved."""
        if not self._loses_nothing() or not self._leave_project():
            return
        self.desk.refresh()
        self._stack.setCurrentWidget(self.start)
        self.setWindowTitle(PROGRAM)
        self._enable()

    def enter(self, folder: Path, name: str, role: PersonRole | None) -> bool:
        """Open a project as a person; `role` makes a new one. False when that is not possible, which is said."""
        try:
            taken = self._desk.take_project(folder) if self._desk is not None else None
            project = taken or open_project(folder)
        except AnnotatorError as error:
            self._refuse(str(error))
            return False
        try:
            person = project.store.add_person(name, role) if role is not None else project.store.person(name)
        except AnnotatorError as error:
            project.close()
            self._refuse(str(error))
            return False
        self._show_project(project, person.name)
        return True

    def _show_project(self, project: Project, name: str) -> None:
        if not self._leave_project():
            project.close()
            return
        self.settings.remember_project(project.folder)
        self.settings.set_text(f"person/{project.folder}", name)
        self.view = ProjectView(project, project.store.person(name), self.keys, self.settings)
        self.view.titled.connect(lambda title: self.setWindowTitle(f"{title} – {PROGRAM}"))
        self.view.keys_wanted.connect(lambda: self.act("window.keys"))
        self.view.person_change_wanted.connect(self.show_start)
        self._stack.addWidget(self.view)
        self._stack.setCurrentWidget(self.view)
        self._fill_menu()
        self.view.mode_changed.connect(lambda _mode: self._enable())
        self.view.start()

    def _leave_project(self) -> bool:
        view = self.view
        if view is None:
            return True
        if not view.leave():
            return False
        self.view = None
        self._stack.removeWidget(view)
        view.close_project()
        view.hide()
        view.deleteLater()
        self.closed_project.emit()
        return True

    def _refuse(self, sentence: str) -> None:
        self._stack.setCurrentWidget(self.start)
        self.desk.refresh()
        self.start.set_trouble(sentence)

    # actions

    def act(self, name: str) -> None:
        """Do what a key, a menu or a button asks for."""
        if name == "window.keys":
            self.show_keys()
        elif name == "window.theme":
            self.change_theme()
        elif name == "window.start":
            self.show_start()
        elif name == "window.quit":
            self.close()
        elif self.view is not None:
            self.view.act(name)

    def show_keys(self) -> None:
        """The key sheet beside the window."""
        if self._sheet is None:
            self._sheet = KeySheet(self.keys, self)
        self._sheet.show()
        self._sheet.raise_()
        self._sheet.activateWindow()

    def change_theme(self) -> None:
        """Dark to light and back."""
        other = theme.LIGHT if theme.current().name == theme.DARK else theme.DARK
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, other)
        self.settings.set_text("theme", other)
        self._say_theme()
        if self.view is not None:
            self.view.theme_changed()

    def tell_of_bug(self, sentence: str) -> None:
        """Something went wrong that is the program's fault: the work is kept, the person is told."""
        if self.view is not None:
            self.view.status.set_problem(sentence)
        else:
            self.start.set_trouble(sentence)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        self.settings.set_state("window", self.saveGeometry())
        if not self._loses_nothing() or (not self._leave_project() and not self._leave_anyway()):
            event.ignore()
            return
        if self._desk is not None:
            self._desk.close()
        self.settings.save()
        event.accept()

    def _leave_anyway(self) -> bool:
        said = self.tr("The edit could not be saved in the project. Close without it? What the journal holds stays.")
        if self.view is None or not self._sure(said):
            return False
        self.view.close_project()
        self.view = None
        return True

    def _loses_nothing(self) -> bool:
        """Whether nothing that closing would lose is drawn, or the person gives it up."""
        stake = self.view.at_stake() if self.view is not None else ""
        if self.view is None or not stake:
            return True
        if not self._sure(f"{stake} {self.tr('Close without it?')}"):
            return False
        self.view.give_up()
        return True

    def _sure(self, question: str) -> bool:
        """Whether to close all the same."""
        close, stay = QMessageBox.StandardButton.Close, QMessageBox.StandardButton.Cancel
        return QMessageBox.question(self, PROGRAM, question, close | stay, stay) == close

    def _set_keys(self) -> None:
        for name, action in self._actions.items():
            action.setShortcut(QKeySequence(self.keys.key(name)))
        if self.view is not None:
            self.view.set_keys()

    def _enable(self) -> None:
        mode = self.view.mode if self.view is not None else ""
        for action in ACTIONS:
            always = action.modes == EVERYWHERE
            self._actions[action.name].setEnabled(always or mode in action.modes)

    def _fill_menu(self) -> None:
        if self.view is None:
            return
        menu = self.view.top.menu
        for name in self.view.modes:
            menu.addAction(self._actions[f"mode.{name}"])
        menu.addSeparator()
        for name in ("edit.save", "go.group", "go.queue", "pass.escalate"):
            menu.addAction(self._actions[name])
        menu.addSeparator()
        for name in ("window.rules", "window.keys", "window.theme"):
            menu.addAction(self._actions[name])
        menu.addSeparator()
        for name in ("window.start", "window.quit"):
            menu.addAction(self._actions[name])

    def _say_theme(self) -> None:
        if self._desk is None:
            return
        dark = theme.current().name == theme.DARK
        self.start.theme_button.set_words(self.tr("Dark") if dark else self.tr("Light"), "")

    def _restore_size(self) -> None:
        geometry = self.settings.state("window")
        if geometry is not None:
            self.restoreGeometry(geometry)
