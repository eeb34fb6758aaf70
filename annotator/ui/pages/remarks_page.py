"""All remarks of the project, and the work that was returned, with its reasons; a click opens the pair at the place."""

from __future__ import annotations

from annotator.domain.passes import PersonRole
from annotator.ui.pages.page import Page, Surroundings
from annotator.ui.panels.remark_list import RemarkList
from annotator.ui.panels.returned_list import ReturnedList
from annotator.ui.presenting.remark_lists import RemarkLists, ReturnedLine, ThreadLine, remark_lists, thread_line
from annotator.ui.widgets.lines import column, row, upright
from annotator.ui.wording import tr

LEAST, MOST = 304, 400
"""Widths of the column of returned work."""


class RemarksPage(Page):
    """Researchers see everybody's returned work, annotators their own."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.setObjectName("remarks-page")
        self._researcher = researcher = around.person.role is PersonRole.RESEARCHER
        self._lists = RemarkLists()
        self.list = RemarkList()
        self.list.chosen.connect(self._open_thread)
        self.list.filtered.connect(lambda _filter: self._show())
        title = tr("Returned") if researcher else tr("Returned to you")
        self.returned = ReturnedList(title, around.images.small)
        self.returned.chosen.connect(self._open_returned)
        self.returned.setMinimumWidth(LEAST)
        self.returned.setMaximumWidth(MOST)
        whole = row(self, gap=0)
        left = column()
        left.addWidget(self.list, 1)
        whole.addLayout(left, 2)
        whole.addWidget(upright())
        whole.addWidget(self.returned, 1)
        groups = [(group.number, group.name) for group in around.project.groups]
        people = [person.name for person in around.project.store.people()]
        self.list.set_choices(groups, people, None if researcher else around.person.name)

    def enter(self) -> None:
        self.around.status.set_hint(
            tr("A remark opens its pair at the place. A pair with open remarks cannot be done.")
        )
        project, reader, everybody = self.around.project, self.around.person.name, self._researcher
        self.around.workers.submit(
            "remarks",
            lambda _token: remark_lists(project, reader, everybody),
            self._arrived,
            lambda error: self.say(str(error)),
        )

    def _arrived(self, lists: RemarkLists) -> None:
        self._lists = lists
        self.returned.set_lines(lists.returned)
        self._show()

    def _show(self) -> None:
        wanted = self.list.filter
        lines = [thread_line(thread) for thread in self._lists.threads if wanted.takes(thread)]
        self.list.set_lines(lines, len(self._lists.threads))

    def _open_thread(self, line: ThreadLine) -> None:
        self.remark_wanted.emit(line.key, line.id)

    def _open_returned(self, line: ReturnedLine) -> None:
        if line.remark is not None:
            self.remark_wanted.emit(line.key, line.remark)
        else:
            self.pair_wanted.emit(line.key)
