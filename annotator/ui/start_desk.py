"""What the start page shows and does: projects known here, their people, new ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from annotator.datasets import decode
from annotator.domain.errors import AnnotatorError
from annotator.domain.passes import PairState, PersonRole
from annotator.project.create import create_project
from annotator.project.opening import open_project
from annotator.project.project import Project
from annotator.ui import wording
from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.images import Pixels, to_qimage
from annotator.ui.pages.start_page import PersonEntry, StartPage, facts
from annotator.ui.panels.project_line import ProjectEntry
from annotator.ui.settings import Settings
from annotator.ui.wording import tr
from annotator.ui.workers import Workers
from qa.queue import work_for

PICTURES = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """What the list says of a project, and three photographs of it."""

    entry: ProjectEntry
    pictures: tuple[Pixels, ...]


class StartDesk(QObject):
    """`entered` carries folder, name, and the role of a new person (None for a known one)."""

    entered = Signal(object, str, object)

    def __init__(self, page: StartPage, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self.page, self._settings, self._window = page, settings, window
        self._workers = Workers(self)
        self._project: Project | None = None
        self._extra: list[Path] = []
        page.project_chosen.connect(self._choose)
        page.entered.connect(self.entered)
        page.way_chosen.connect(self.go)
        for key, way in (("Ctrl+O", "open"), ("Ctrl+N", "new")):
            shortcut = QShortcut(QKeySequence(key), page)
            shortcut.activated.connect(lambda way=way: self.go(way))

    def refresh(self) -> None:
        """Show the projects that were opened here; details follow from a worker."""
        folders = [*self._extra, *(known for known in self._settings.projects() if known not in self._extra)]
        self.page.set_trouble("")
        self.page.set_projects([ProjectEntry(folder, folder.name, "…", "", 0.0, "") for folder in folders])
        self._workers.submit("summaries", lambda _token: [_summary(folder) for folder in folders], self._summed)

    def offer(self, folder: Path) -> None:
        """Put a folder first in the list and choose it."""
        if not (folder / "project.toml").is_file():
            self.page.set_trouble(tr("{folder} is no project; choose a folder that holds a project.toml.").format(
                folder=folder))  # fmt: skip
            return
        self._extra = [folder, *(known for known in self._extra if known != folder)]
        self.refresh()
        self.page.choose(folder)

    def take_project(self, folder: Path) -> Project | None:
        """The project that is open for its list of people, given over to the caller."""
        project = self._project
        if project is None or project.folder != folder.absolute():
            return None
        self._project = None
        return project

    def go(self, way: str) -> None:
        """Open, make, join, or build the demo."""
        if way == "open":
            chosen = QFileDialog.getExistingDirectory(self._window, tr("Open project"))
            if chosen:
                self.offer(Path(chosen))
        elif way == "demo":
            self._demo()
        else:
            self._make(team=way == "join")

    def close(self) -> None:
        """Stop the workers and give the project back."""
        self._workers.close()
        self._give_back()

    def _make(self, team: bool) -> None:
        dialog = NewProjectDialog(team, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            chosen = dialog.chosen

            def job(_token: object) -> Path:
                create_project(chosen.folder, chosen.ground_truth, chosen.images, chosen.store or None).close()
                return chosen.folder

            self.run(tr("The project is made…"), job)
        dialog.deleteLater()

    def _demo(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self._window, tr("Folder for the demo project"))
        if chosen:
            self.run(tr("The demo project is built…"), lambda _token: _build_demo(Path(chosen)))

    def run(self, words: str, job: Callable[[object], Path]) -> None:
        """Do long work that ends with a project folder, which is then offered; `words` say what goes on."""
        self.page.set_trouble(words)
        self._workers.submit("make", job, self.offer, lambda error: self.page.set_trouble(str(error)))

    def _choose(self, folder: Path) -> None:
        self._give_back()
        try:
            self._project = open_project(folder)
        except AnnotatorError as error:
            self.page.set_trouble(str(error))
            return
        project = self._project
        self.page.set_trouble("")
        people = [PersonEntry(person.name, person.role, "") for person in project.store.people()]
        last = self._settings.text(f"person/{folder}")
        self.page.set_people(project.name, people, last)
        self._workers.submit("waits", lambda _token: _waits(project), lambda found: self._waited(folder, found))

    def _waited(self, folder: Path, people: list[PersonEntry]) -> None:
        if self.page.folder == folder and self._project is not None:
            self.page.set_waits(people)

    def _summed(self, summaries: list[Summary]) -> None:
        chosen = self.page.folder
        self.page.update_projects([summary.entry for summary in summaries])
        for summary in summaries:
            self.page.set_pictures(summary.entry.folder, [to_qimage(pixels) for pixels in summary.pictures])
        if chosen is not None:
            self.page.mark(chosen)

    def _give_back(self) -> None:
        if self._project is not None:
            self._workers.cancel("waits")
            self._project.close()
            self._project = None


def _build_demo(folder: Path) -> Path:
    """The demo project below a folder; one that is there already is taken as it is."""
    from qa.simulation.demo_project import PROJECT, build_demo, is_demo  # heavy: loaded when it is wanted

    home = folder if is_demo(folder) else folder / "annotator-demo"
    if not is_demo(home):
        build_demo(home).project.close()
    return home / PROJECT


def _summary(folder: Path) -> Summary:
    """Read a project for the list; trouble becomes words."""
    try:
        with open_project(folder) as project:
            pairs = project.store.pairs()
            done = sum(pair.state is PairState.DONE for pair in pairs) / max(1, len(pairs))
            people = len(project.store.people())
            where = tr("This computer") if people < 2 else tr("Team of {count}").format(count=people)
            opened = datetime.fromtimestamp((folder / "project.toml").stat().st_atime).astimezone()
            entry = ProjectEntry(
                folder, project.name, facts(len(project.groups), len(pairs)), where, done, wording.day(opened)
            )
            names = [query.image for query in project.truth.queries if project.library.has(query.image)]
            spread = names[:: max(1, len(names) // PICTURES)][:PICTURES]
            paths = [project.library.path(name) for name in spread]
            return Summary(entry, tuple(decode.thumbnail(path, 256) for path in paths if path is not None))
    except AnnotatorError as error:
        return Summary(ProjectEntry(folder, folder.name, "", "", 0.0, "", str(error)), ())


def _waits(project: Project) -> list[PersonEntry]:
    stopped = sum(pair.state in (PairState.DISPUTE, PairState.ESCALATED) for pair in project.store.pairs())
    unapproved = sum(
        query.annotation is not None and query.approved_by is None for query in project.store.query_records()
    )
    found = []
    for person in project.store.people():
        if person.role is PersonRole.RESEARCHER and stopped:
            words = wording.counted(stopped, tr("dispute to settle"), tr("disputes to settle"))
        elif person.role is PersonRole.RESEARCHER and unapproved:
            words = wording.counted(unapproved, tr("query mask to approve"), tr("query masks to approve"))
        else:
            count = len(work_for(project, person.name))
            words = wording.counted(count, tr("pair in the queue"), tr("pairs in the queue")) if count else ""
        found.append(PersonEntry(person.name, person.role, words or tr("nothing waits")))
    return found
