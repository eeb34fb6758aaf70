"""What every page of an open project is given and has to answer."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from annotator.domain.passes import Person
from annotator.project.project import Project
from annotator.ui.images import Images
from annotator.ui.keys import Keys
from annotator.ui.panels.status_line import StatusLine
from annotator.ui.panels.top_bar import TopBar
from annotator.ui.premask_feed import PremaskFeed
from annotator.ui.settings import Settings
from annotator.ui.workers import Workers


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The open project, who works in it, and what all pages share."""

    project: Project
    person: Person
    images: Images
    workers: Workers
    keys: Keys
    settings: Settings
    top: TopBar
    status: StatusLine
    premasks: PremaskFeed


class Page(QWidget):
    """One mode of the window. `group_changed` carries a group's number; `opened` the name of what is open.

    `pair_wanted` and `blind_wanted` (a key), `group_wanted` (a group's number) ask for another page,
    `remark_wanted` (a key and a remark's id) for a pair at the place of a remark.
    """

    group_changed = Signal(int)
    pair_wanted = Signal(object)
    remark_wanted = Signal(object, int)
    group_wanted = Signal(int)
    blind_wanted = Signal(object)
    opened = Signal(str)
    rules_wanted = Signal()
    changed = Signal()

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self.around = around

    def enter(self) -> None:
        """The page comes to the front: bring it up to date and fill in the bars."""

    def leave(self) -> bool:
        """The page goes to the back; False when something could not be saved and it has to stay."""
        return True

    def show_group(self, number: int) -> None:
        """Work in another query group."""

    def act(self, name: str) -> None:
        """Do what a key asks for."""

    def set_keys(self) -> None:
        """Keys were changed: show them."""

    def theme_changed(self) -> None:
        """Paint what is cached in the new theme."""

    def say(self, sentence: str) -> None:
        """One sentence that the person has to know."""
        self.around.status.set_problem(sentence)
