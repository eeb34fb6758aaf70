"""An open project in the window: top bar, the pages of a person's role, status line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Person, PersonRole
from annotator.project.project import Project
from annotator.ui import wording
from annotator.ui.click_reader import ClickReader
from annotator.ui.dialogs.rules_sheet import RulesSheet
from annotator.ui.images import Images
from annotator.ui.keys import BLIND, DASHBOARD, DISPUTES, PAIRS, QUERIES, REMARKS, Keys
from annotator.ui.pages.blind_page import BlindPage
from annotator.ui.pages.disputes_page import DisputesPage
from annotator.ui.pages.page import Page, Surroundings
from annotator.ui.pages.pairs_page import PairsPage
from annotator.ui.pages.queries_page import QueriesPage
from annotator.ui.pages.remarks_page import RemarksPage
from annotator.ui.pages.workbench import Workbench
from annotator.ui.panels.status_line import StatusLine
from annotator.ui.panels.top_bar import TopBar
from annotator.ui.premask_feed import PremaskFeed
from annotator.ui.settings import Settings
from annotator.ui.widgets.lines import column
from annotator.ui.wording import tr
from annotator.ui.workers import Workers
from qa.disputes import STOPPED


def _dashboard(around: Surroundings) -> Page:
    """Loaded when it is first wanted: its numbers and plots need what the window's start does without."""
    from annotator.ui.pages.dashboard_page import DashboardPage

    return DashboardPage(around)


PAGES: dict[str, Callable[[Surroundings], Page]] = {
    PAIRS: PairsPage,
    BLIND: BlindPage,
    QUERIES: QueriesPage,
    DISPUTES: DisputesPage,
    DASHBOARD: _dashboard,
    REMARKS: RemarksPage,
}


class ProjectView(QWidget):
    """`titled` carries what the window is called; pages are made when they are first wanted."""

    titled = Signal(str)
    mode_changed = Signal(str)
    keys_wanted = Signal()
    person_change_wanted = Signal()

    def __init__(self, project: Project, person: Person, keys: Keys, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("project")
        self.project, self.person = project, person
        self._workers = Workers(self)
        chosen = f"click-model/{project.folder}"
        self._clicks = ClickReader(project.folder, settings.text(chosen), lambda name: settings.set_text(chosen, name))
        self._premasks = PremaskFeed(project, settings.text("premasks", "on") == "on", self)
        self.top, self.status = TopBar(), StatusLine()
        self.around = Surroundings(
            project,
            person,
            Images(project.library, project.store, self._workers),
            self._workers,
            keys,
            settings,
            self.top,
            self.status,
            self._premasks,
        )
        self._pages: dict[str, Page] = {}
        self._mode = ""
        self._group = 0
        self._rules: RulesSheet | None = None
        whole = column(self)
        self._stack = QStackedWidget()
        whole.addWidget(self.top)
        whole.addWidget(self._stack, 1)
        whole.addWidget(self.status)
        researcher = person.role is PersonRole.RESEARCHER
        self.modes = (PAIRS, QUERIES, DISPUTES, REMARKS, DASHBOARD) if researcher else (PAIRS, REMARKS, DASHBOARD)
        self.top.set_modes(tuple((mode, self._mode_text(mode)) for mode in self.modes), "")
        self.top.set_person(person.name, person.role.value)
        self.top.mode_chosen.connect(self.show_mode)
        self.top.step_wanted.connect(lambda by: self.act("go.next" if by > 0 else "go.previous"))
        self.top.group_menu_wanted.connect(self.choose_group)
        self.top.person_menu_wanted.connect(self._person_menu)
        self.status.keys_wanted.connect(self.keys_wanted)
        self.set_keys()

    @property
    def mode(self) -> str:
        """Which page is in front."""
        return self._mode

    def page(self, mode: str) -> Page:
        """The page of a mode; made at first use."""
        if mode not in self._pages:
            made = PAGES[mode](self.around)
            made.group_changed.connect(self._group_changed)
            made.opened.connect(self._title)
            made.rules_wanted.connect(self.show_rules)
            made.changed.connect(self._count_disputes)
            made.pair_wanted.connect(self.open_pair)
            made.remark_wanted.connect(self.open_remark)
            made.group_wanted.connect(self.open_group)
            made.blind_wanted.connect(self.open_blind)
            if isinstance(made, BlindPage):
                made.left.connect(lambda: self.show_mode(PAIRS))
            for bench in made.findChildren(Workbench):
                bench.canvas.desk.clicks = self._clicks
            self._pages[mode] = made
            self._stack.addWidget(made)
        return self._pages[mode]

    def start(self) -> None:
        """Show the first page: pairs where a group is open, else a researcher's queries."""
        opened = any(record.opened_at is not None for record in self.project.store.group_records())
        first = PAIRS if opened or QUERIES not in self.modes else QUERIES
        self._count_disputes()
        self.show_mode(first)

    def show_mode(self, mode: str) -> None:
        """Bring a page to the front; the one before is left first and may refuse."""
        if mode == self._mode or mode not in (*self.modes, BLIND):
            return
        if self._mode and not self.page(self._mode).leave():
            self.top.set_mode(PAIRS if self._mode == BLIND else self._mode)
            return
        self._mode = mode
        self.status.set_problem("")
        self.top.set_mode(PAIRS if mode == BLIND else mode)
        self.top.group.setVisible(mode not in (DISPUTES, REMARKS))
        self.top.set_queue("")
        self.top.set_clock("", False)
        self.top.set_steps("", "", "")
        self.top.set_image("", "")
        self.top.set_pass((), "", "")
        self.status.set_facts("", "")
        self.status.set_saved("")
        page = self.page(mode)
        self._stack.setCurrentWidget(page)
        self._title("")
        self.mode_changed.emit(mode)
        page.enter()

    def leave(self) -> bool:
        """Save what is open; False when that failed."""
        return not self._mode or self.page(self._mode).leave()

    def at_stake(self) -> str:
        """What would be lost if the project were closed now; empty where nothing would."""
        if any(bench.half_drawn for bench in self.findChildren(Workbench)):
            return tr("Something is half drawn and not in the mask yet.")
        return ""

    def give_up(self) -> None:
        """Forget what would be lost."""
        for bench in self.findChildren(Workbench):
            bench.canvas.desk.escape()

    def close_project(self) -> None:
        """Stop the workers and give the project back."""
        self._premasks.close()
        self._workers.close()
        self.project.close()

    def act(self, name: str) -> None:
        """Do what a key asks for."""
        if name.startswith("mode."):
            self.show_mode(name.removeprefix("mode."))
        elif name == "go.group":
            self.choose_group()
        elif name == "window.rules":
            self.show_rules()
        elif self._mode:
            self.page(self._mode).act(name)

    def set_keys(self) -> None:
        """Keys were changed: show them everywhere."""
        self.status.set_keys_key(self.around.keys.shown("window.keys"))
        for page in self._pages.values():
            page.set_keys()

    def theme_changed(self) -> None:
        """Paint what is cached in the new theme."""
        for page in self._pages.values():
            page.theme_changed()

    def show_rules(self) -> None:
        """The rules beside the window."""
        if self._rules is None:
            self._rules = RulesSheet(self.project.rules, self)
        self._rules.show()
        self._rules.raise_()
        self._rules.activateWindow()

    def open_group(self, number: int) -> None:
        """Show a group's pairs."""
        self.show_mode(PAIRS)
        page = self.page(PAIRS)
        if isinstance(page, PairsPage):
            page.open_in_group(number)

    def open_blind(self, key: PairKey) -> None:
        """Have the person draw a pair blind; where that is not possible, it is said and nothing opens."""
        page = self.page(BLIND)
        if self._mode == BLIND or not isinstance(page, BlindPage) or not page.take(key):
            return
        self.show_mode(BLIND)
        if self._mode != BLIND:
            page.leave()

    def open_pair(self, key: PairKey) -> None:
        """Show a pair: to a researcher one that is in dispute or escalated where it is settled."""
        stopped = self.project.store.pair(key).state in STOPPED
        if stopped and DISPUTES in self.modes:
            disputes = self.page(DISPUTES)
            if isinstance(disputes, DisputesPage):
                disputes.begin_with(key)
            self.show_mode(DISPUTES)
            return
        self.show_mode(PAIRS)
        page = self.page(PAIRS)
        if isinstance(page, PairsPage):
            page.open_key_now(key)

    def open_remark(self, key: PairKey, remark: int) -> None:
        """Show a pair at the place of a remark."""
        self.show_mode(PAIRS)
        page = self.page(PAIRS)
        if isinstance(page, PairsPage):
            page.open_key_now(key)
            page.remarks.go_to(remark)

    def choose_group(self) -> None:
        """A menu of all groups below the chooser."""
        menu = QMenu(self)
        menu.setObjectName("group-menu")
        chosen = QActionGroup(menu)
        records = self.project.store.group_records()
        for group in self.project.groups:
            state = "" if records[group.number].opened_at is not None else tr("not open")
            action = QAction(f"{group.name}   {wording.group_title(group)}\t{state}", menu)
            action.setCheckable(True)
            action.setChecked(group.number == self._group)
            action.setData(group.number)
            chosen.addAction(action)
            menu.addAction(action)
        menu.triggered.connect(lambda action: self._go_group(int(action.data())))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.top.group.mapToGlobal(QPoint(0, self.top.group.height() + 2)))

    def _go_group(self, number: int) -> None:
        page = self.page(self._mode)
        if isinstance(page, PairsPage):
            page.open_in_group(number)
        else:
            page.show_group(number)

    def _person_menu(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("person-menu")
        change = menu.addAction(self.tr("Somebody else…"))
        change.triggered.connect(self.person_change_wanted)
        menu.aboutToHide.connect(menu.deleteLater)
        corner = self.top.person.mapToGlobal(QPoint(self.top.person.width(), self.top.person.height() + 2))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _group_changed(self, number: int) -> None:
        self._group = number
        group = self.project.group(number)
        self.top.group.set_words(group.name, wording.group_title(group))

    def _title(self, opened: str) -> None:
        group = self.project.group(self._group).name
        mode = self._mode_text(self._mode) if self._mode else ""
        first = f"{opened} – {group}" if opened else (group if self._mode == PAIRS else mode)
        self.titled.emit(f"{first} – {self.project.name}")

    def _count_disputes(self) -> None:
        """The number on the researcher's tab, beside the window: all pairs of the project are read for it."""
        if DISPUTES not in self.modes:
            return
        store = self.project.store

        def counted(count: int) -> None:
            text = self._mode_text(DISPUTES)
            self.top.set_tab_text(DISPUTES, f"{text}  {count}" if count else text)

        self._workers.submit("stopped", lambda _token: sum(pair.state in STOPPED for pair in store.pairs()), counted)

    def _mode_text(self, mode: str) -> str:
        texts = {
            PAIRS: self.tr("Pairs"),
            BLIND: self.tr("Blind annotation"),
            QUERIES: self.tr("Queries"),
            DISPUTES: self.tr("Disputes"),
            DASHBOARD: self.tr("Dashboard"),
            REMARKS: self.tr("Remarks"),
        }
        return texts[mode]
