"""The pre-mask of the open pair: offered, shown, taken whole or in parts, exchanged, dismissed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent

from annotator.domain.dataset import PairKey
from annotator.domain.errors import GeometryError
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.editing.edits.shapes import AddShape
from annotator.editing.hit_testing import shape_at
from annotator.editing.identity import fresh_ids
from annotator.editing.session import Change
from annotator.ui.images import premask_picture
from annotator.ui.pages.linking import LinkedCursor
from annotator.ui.pages.page import Surroundings
from annotator.ui.pages.pair_column import PairColumn
from annotator.ui.pages.workbench import Workbench
from annotator.ui.panels.premask_chip import PremaskChip
from annotator.ui.panels.queries import QueriesPanel
from annotator.ui.premask_feed import Gain, Making
from annotator.ui.presenting.open_pair import OpenPair, take_over
from annotator.ui.presenting.premask import PLACED_FROM, Suggestions, suggestions
from annotator.ui.presenting.premask_words import gain_lines, making_words
from annotator.ui.wording import tr

PART_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
"""Held while clicking one polygon of the pre-mask to take it alone."""


SAME = 0.005
"""Difference of confidences that two places do not show."""


@dataclass(slots=True)
class _Taken:
    """What was drawn before and after taking; undone, the pass says nothing of a pre-mask."""

    before: Annotation
    after: Annotation
    proposer_before: str | None
    proposer: str
    undone: bool = False


class Premasking(QObject):
    """`compared` carries the annotation that blinking against the pre-mask shows, None without one."""

    compared = Signal(object)

    def __init__(
        self,
        bench: Workbench,
        column: PairColumn,
        queries: QueriesPanel,
        around: Surroundings,
        save: Callable[[], bool],
        groups: Callable[[], Sequence[int]],
    ) -> None:
        super().__init__()
        self._bench, self._column, self._around = bench, column, around
        self._save, self._groups = save, groups
        self._opened: OpenPair | None = None
        self._found = Suggestions()
        self._pictures: list[QImage] = []
        self._current, self._shown = 0, False
        self._settled: set[PairKey] = set()
        self._taken: _Taken | None = None
        self._gain: Gain | None = None
        self._heard = (-1, 0)
        self._better: tuple[float, float] | None = None
        self.chip = PremaskChip(bench.canvas)
        self.chip.taken.connect(self.take)
        self.chip.next_wanted.connect(self.next)
        self.chip.dismissed.connect(self.dismiss)
        self.linked = LinkedCursor(bench.canvas, queries)
        column.premasks.chosen.connect(self._choose)
        bench.canvas.edited.connect(self._follow)
        bench.canvas.installEventFilter(self)
        around.premasks.making.connect(self._news)
        around.premasks.gained.connect(self._gained)
        around.premasks.finished.connect(self._say_making)
        around.premasks.refused.connect(bench.problem)

    @property
    def found(self) -> Suggestions:
        """What is offered."""
        return self._found

    def open(self, opened: OpenPair | None) -> None:
        """Another pair: look for its pre-masks beside the window."""
        self._around.workers.cancel("premask")
        self._opened, self._taken, self._better = opened, None, None
        self._say_gain()
        self._show(Suggestions())
        if opened is not None:
            self._load()

    def set_keys(self) -> None:
        """Show the keys."""
        keys = self._around.keys
        take, following = keys.shown("premask.take"), keys.shown("premask.next")
        self.chip.set_keys(take, following, keys.shown("premask.dismiss"))
        self._column.premasks.set_hint(f"{take}, {following}")

    def act(self, name: str) -> bool:
        """Do what a key asks for; False where it is about something else."""
        actions = {"premask.take": self.take, "premask.next": self.next, "premask.dismiss": self.dismiss}
        if name in actions:
            actions[name]()
        return name in actions

    def take(self) -> None:
        """Put the pre-mask in place of what is drawn, as one step, and say so in the pass."""
        if self._can_take():
            row = self._found.rows[self._current]
            self._give(row.annotation, lambda opened: take_over(opened, row.annotation))

    def take_part(self, x: float, y: float) -> bool:
        """Add the one polygon of the pre-mask at a place of the image; False where there is none."""
        part = shape_at(self._found.rows[self._current].annotation, (x, y)) if self._can_take() else None
        opened = self._opened
        if part is None or opened is None:
            return False
        drawn = opened.session.annotation
        added = Shape(next(fresh_ids(drawn)), Role.OBJECT, part.polygon)
        self._give(drawn.with_shapes([*drawn.shapes, added]), lambda pair: pair.session.apply(AddShape(added)))
        return True

    def next(self) -> None:
        """The better pre-mask that is offered, else the next of the alternatives, round and round."""
        if self._better is not None:
            self._load_better()
            return
        rows = self._found.rows
        if rows:
            self._choose((self._current + 1) % len(rows) if self._shown or self.chip.isVisible() else self._current)

    def dismiss(self) -> None:
        """Out of sight; the list still offers it."""
        if self._opened is not None:
            self._settled.add(self._opened.key)
        self._better = None
        self._place(shown=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if not (watched is self._bench.canvas and event.type() == QEvent.Type.MouseButtonPress and self._shown):
            return False
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        at = event.position()
        return event.modifiers() == PART_KEYS and self.take_part(*self._bench.canvas.view.to_image((at.x(), at.y())))

    def _give(self, after: Annotation, change: Callable[[OpenPair], object]) -> None:
        opened = self._opened
        if opened is None:
            return
        told = self._found.told[self._current]
        taken = _Taken(opened.session.annotation, after, opened.proposer, told)
        try:
            change(opened)
        except GeometryError as error:
            self._bench.problem.emit(str(error))
            return
        opened.proposer, self._taken = told, taken
        self._save()  # the revision that holds the pre-mask as it came
        self._settled.add(opened.key)
        self._place(shown=False)
        self._bench.hint.emit(tr("Taken: every polygon can be edited. Undo takes it back."))

    def _can_take(self) -> bool:
        return self._opened is not None and not self._opened.read_only and bool(self._found.rows)

    def _load(self) -> None:
        opened = self._opened
        if opened is None:
            return
        project, key, size = self._around.project, opened.key, opened.session.annotation.size

        def arrived(found: Suggestions | None) -> None:
            if self._opened is not opened:
                return
            if found is not None:
                self._show(found)
                self._around.premasks.keep_up(self._groups())
            elif opened.pass_number == 1:
                self._around.premasks.first(key, self._groups())
            self._say_making()

        self._around.workers.submit("premask", lambda _token: suggestions(project, key, size), arrived)

    def _show(self, found: Suggestions) -> None:
        self._found, self._current, self._pictures = found, 0, []
        self.linked.set_geometries(found.geometries)
        self._place(shown=self._fits(found))
        self.compared.emit(found.rows[0].annotation if found.rows else None)
        self._say_making()

    def _fits(self, found: Suggestions) -> bool:
        """Laid over the image where it is sure enough and nothing was drawn or decided before."""
        opened = self._opened
        if opened is None or opened.read_only or opened.pass_number != 1 or not found.rows:
            return False
        fresh = opened.key not in self._settled and not opened.session.annotation.shapes
        return fresh and found.rows[0].confidence >= PLACED_FROM

    def _choose(self, position: int) -> None:
        self._current = position
        self.compared.emit(self._found.rows[position].annotation)
        self._place(shown=self._opened is not None and not self._opened.read_only)

    def _place(self, *, shown: bool) -> None:
        """Canvas, chip and list say the same."""
        self._shown = shown and bool(self._found.rows)
        rows, layers = self._found.rows, self._bench.canvas.layers
        polygons = tuple(shape.polygon for shape in rows[self._current].annotation.shapes) if self._shown else ()
        if layers.premask != polygons:
            layers.premask = polygons
        if self._better is not None:
            self.chip.offer_better(*self._better)
        elif self._shown:
            self.chip.offer(rows[self._current].confidence, len(rows))
            words = tr("Dashed is the pre-mask. {take} takes it, Ctrl+Shift-click takes one part of it.")
            self._bench.hint.emit(words.format(take=self._around.keys.shown("premask.take")))
        else:
            self.chip.hide()
        inspecting = self._opened is not None and self._opened.base is not None
        image = self._bench.canvas.scene.image
        if not self._pictures and image is not None and rows and not inspecting:
            self._pictures = [premask_picture(image, row.annotation) for row in rows]
        marked = self._shown or (self._taken is not None and not self._taken.undone)
        self._column.premasks.set_rows(() if inspecting else rows, self._current if marked else -1, self._pictures)

    def _follow(self, change: Change) -> None:
        """Undoing takes the pre-mask's name off the pass again, redoing puts it back."""
        opened, taken = self._opened, self._taken
        if change.live or opened is None or taken is None:
            return
        now = opened.session.annotation
        if not taken.undone and now == taken.before:
            taken.undone, opened.proposer = True, taken.proposer_before
            self._place(shown=False)
        elif taken.undone and now == taken.after:
            taken.undone, opened.proposer = False, taken.proposer
            self._place(shown=False)

    def _news(self, news: Making) -> None:
        """Look again for what the open pair lacks: its first pre-mask, or another answer after a refusal."""
        opened, heard = self._opened, self._heard
        self._heard = news.group, news.fresh
        if opened is not None and not self._found.rows and news.group == opened.key.group:
            advanced = heard[0] == news.group and heard[1] < news.fresh
            if advanced or (not self._found.refused and (news.key or news.fresh)):
                self._load()
        self._say_making()

    def _gained(self, gain: Gain) -> None:
        """An approval made pre-masks better: say so, and offer the open pair's without changing what is drawn."""
        self._gain = gain
        self._say_gain()
        opened = self._opened
        if opened is None or opened.read_only or opened.base is not None:
            return
        mine = [(before, after) for key, before, after in gain.rows if key == opened.key]
        rows = self._found.rows
        if mine and rows and rows[0].confidence < mine[0][1] - SAME:
            self._better = rows[0].confidence, mine[0][1]
            self._place(shown=self._shown)

    def _load_better(self) -> None:
        """Show the better pre-mask over what is drawn; it replaces that only when it is taken."""
        opened, self._better = self._opened, None
        if opened is None:
            return
        project, key, size = self._around.project, opened.key, opened.session.annotation.size

        def arrived(found: Suggestions | None) -> None:
            if self._opened is opened and found is not None and found.rows:
                self._show(found)
                self._choose(0)

        self._around.workers.submit("premask", lambda _token: suggestions(project, key, size), arrived)

    def _say_gain(self) -> None:
        """What the last approval brought, while a pair of its group is open."""
        gain, opened = self._gain, self._opened
        if gain is None or opened is None or opened.key.group != gain.group:
            self._column.premasks.set_gain(())
        else:
            self._column.premasks.set_gain(gain_lines(gain.group, gain.rows))

    def _say_making(self) -> None:
        """The reason of a refusal, or how far the making is."""
        panel, news = self._column.premasks, self._around.premasks.last
        if self._opened is not None and self._opened.base is not None:
            panel.set_making("", None)
        elif self._found.refused:
            panel.set_making(self._found.refused, None)
        elif news is not None:
            panel.set_making(*making_words(news.group, news.fresh, news.there, news.total))
        else:
            panel.set_making("", None)
