"""Pre-masks are made while people work: first the open pair's, then those of its group, then of the queue's groups."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal, Slot

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError
from annotator.premask.choice import Choice, made
from annotator.premask.registry import DEFAULT
from annotator.project.group_work import GroupWork
from annotator.project.premasks import FEATURES, count_kept, group_work, premask, run_premasks
from annotator.project.project import Project
from annotator.project.teaching import confidences, link_groups
from annotator.ui.premask_process import PremaskProcess, StoppedError
from annotator.ui.workers import CancelToken, Workers

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Making:
    """How far a group is: of `total` pre-masks `there` can be shown and `fresh` need not be made (anew) any more.

    `key` is set when the open pair's was made on its own.
    """

    group: int
    fresh: int
    there: int
    total: int
    key: PairKey | None = None


@dataclass(frozen=True, slots=True)
class Gain:
    """What an approved mask brought to a group: its pre-masks with confidences before and after, largest gain first."""

    group: int
    rows: tuple[tuple[PairKey, float, float], ...]


LEAST_GAIN = 0.02
"""Confidence by which a pre-mask must rise to be called better: less shows in no figure of two places."""


class PremaskFeed(QObject):
    """`making` tells progress, `gained` what an approval brought, `finished` the end, `refused` what went wrong."""

    making = Signal(object)
    gained = Signal(object)
    finished = Signal()
    refused = Signal(str)
    _told = Signal(object)

    def __init__(self, project: Project, enabled: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.enabled = enabled
        self._project = project
        self._workers = Workers(self, threads=1)
        self._process = PremaskProcess()
        self._last: Making | None = None
        self._groups: tuple[int, ...] = ()
        self._before: dict[int, dict[str, float]] = {}
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> bool:
        """Whether something is made now."""
        return self._workers.busy > 0

    @property
    def last(self) -> Making | None:
        """The last news of the group that is made now; None while nothing is made."""
        return self._last if self.running else None

    def first(self, key: PairKey, groups: Sequence[int]) -> None:
        """Make the pre-mask of this pair before anything else, then those of the groups."""
        self._begin(key, groups)

    def keep_up(self, groups: Sequence[int]) -> None:
        """Make what is missing in these groups; what runs for the same groups goes on."""
        if not self.running or not set(groups[:1]) <= set(self._groups):
            self._begin(None, groups)

    def renew(self, groups: Sequence[int]) -> None:
        """A mask was approved: make the pre-masks anew that may gain from it, and tell what they gained."""
        for group in groups[:1]:
            self._before.setdefault(group, confidences(self._project, group))
        self._begin(None, groups)

    def close(self) -> None:
        """Stop the process and the thread."""
        self._workers.close()
        self._process.close()

    def _begin(self, key: PairKey | None, groups: Sequence[int]) -> None:
        if not self.enabled:
            return
        self._groups, self._last = tuple(groups), None
        self._workers.submit("premasks", lambda token: self._run(token, key, tuple(groups)), self._done, self._failed)

    def _run(self, token: CancelToken, key: PairKey | None, groups: tuple[int, ...]) -> None:
        """In the feed's own thread: wait for the process, and keep every answer."""
        self._process.stopped = lambda: token.cancelled
        choice = Choice(DEFAULT, None, (self._project.cache / FEATURES).absolute())
        try:
            for group in groups:
                if token.cancelled:
                    return
                work = group_work(self._project, [group], made, choice)
                if key is not None and key.group == group and premask(self._project, key) is None:
                    self._alone(key, work)
                self._whole(work)
                self._tell_gain(group)
            for group in groups:  # the queue asks which pairs teach most once all pre-masks are there
                if token.cancelled:
                    return
                link_groups(self._project, [group], choice.cache, self._process, lambda *_said: None)
        except StoppedError:
            return

    def _alone(self, key: PairKey, work: Sequence[GroupWork]) -> None:
        """The open pair by itself: somebody waits for it."""
        mine = [replace(one, images=(image,)) for one in work for image in one.images if image.name == key.image]
        if mine:
            self._told.emit(self._making(work, 0))
            run_premasks(self._project, mine, self._process, lambda *_said: None)
            self._told.emit(replace(self._making(work, 0), key=key))

    def _whole(self, work: list[GroupWork]) -> None:
        def advance(done: int, _total: int, _name: str) -> None:
            self._told.emit(self._making(work, done))

        if work:
            run_premasks(self._project, work, self._process, advance)

    def _making(self, work: Sequence[GroupWork], fresh: int) -> Making:
        total = sum(len(one.images) for one in work)
        return Making(work[0].group, fresh, count_kept(self._project, work), total)

    def _tell_gain(self, group: int) -> None:
        """What the pre-masks gained since the approval; the figures wait here while the making is interrupted."""
        before = self._before.pop(group, {})
        now = confidences(self._project, group) if before else {}
        rows = [(PairKey(group, name), was, now[name]) for name, was in before.items() if was > 0 and name in now]
        better = sorted((row for row in rows if row[2] >= row[1] + LEAST_GAIN), key=lambda row: row[1] - row[2])
        if better:
            self._told.emit(Gain(group, tuple(better)))

    @Slot(object)
    def _tell(self, news: Making | Gain) -> None:
        if isinstance(news, Gain):
            self.gained.emit(news)
            return
        self._last = news
        self.making.emit(news)

    def _done(self, _result: object) -> None:
        self.finished.emit()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, AnnotatorError):
            self.refused.emit(str(error))
        else:
            log.error("Pre-masks could not be made.", exc_info=error)
        self.finished.emit()
