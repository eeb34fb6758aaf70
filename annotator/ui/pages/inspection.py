"""Passes 2 and 3: what the pass before changed, and what this one changes; computed beside the window."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtGui import QImage

from annotator.domain.shapes import Annotation
from annotator.ui.canvas.layers import DifferenceLayer, PlaceMark
from annotator.ui.images import snippet, whole_picture
from annotator.ui.pages.pair_column import PairColumn
from annotator.ui.pages.workbench import Workbench
from annotator.ui.panels.beside import BesideView
from annotator.ui.panels.legend import Legend
from annotator.ui.presenting.comparison import Compared, compare
from annotator.ui.presenting.open_pair import OpenPair
from annotator.ui.presenting.passes import results
from annotator.ui.widgets.segmented import Segmented
from annotator.ui.wording import ARROW, tr
from annotator.ui.workers import Workers

BEFORE, NOW = "before", "now"
DIFFERENCE, POLYGONS, BESIDE = "difference", "polygons", "beside"
QUIET_MS = 300


class Inspection(QObject):
    """Shows one comparison at a time on the canvas and in the right column."""

    def __init__(self, bench: Workbench, column: PairColumn, workers: Workers) -> None:
        super().__init__()
        self._bench, self._column, self._workers = bench, column, workers
        self._opened: OpenPair | None = None
        self._versions: dict[str, tuple[Annotation, Annotation]] = {}
        self._compared: Compared | None = None
        self._picture: QImage | None = None
        self.legend, self.beside = Legend(bench.canvas), BesideView(bench.canvas)
        self.between = Segmented((), "between", tr("What is compared"))
        self.between.chosen.connect(lambda _name: self.refresh())
        self.show_difference = Segmented(
            ((DIFFERENCE, tr("Difference")), (POLYGONS, tr("Polygons")), (BESIDE, tr("Beside"))),
            "shown",
            tr("What is shown"),
        )
        self.show_difference.chosen.connect(self._choose)
        self._preferred = DIFFERENCE
        bench.bar.extra.addWidget(self.between)
        bench.bar.extra.addWidget(self.show_difference)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self.refresh)
        column.places.chosen.connect(self._go)
        bench.canvas.place_clicked.connect(lambda number: column.places.choose(number - 1))
        self.open(None)

    def open(self, opened: OpenPair | None) -> None:
        """Begin with another pair; None, pass 1 and pairs without an earlier pass show nothing.

        Where there is no difference to look at yet, the polygons are shown.
        """
        self._workers.cancel("difference")
        self._timer.stop()
        self._opened, self._compared, self._picture = opened, None, None
        self._versions = {}
        inspecting = opened is not None and opened.base is not None
        if opened is not None and opened.base is not None and opened.pass_number is not None:
            last = opened.pass_number - 1
            known = results(opened.previous)
            if opened.premask is not None and last in known:
                self._versions[BEFORE] = (opened.premask, known[last])
            elif last - 1 in known and last in known:
                self._versions[BEFORE] = (known[last - 1], known[last])
        self._bench.canvas.layers.difference = None
        self.legend.hide()
        self.beside.hide()
        self.beside.set_image(None)
        self._column.show_inspection(inspecting)
        self._column.places.set_rows((), ())
        self._bench.bar.set_comparing(not inspecting)
        self.between.setVisible(inspecting)
        self.show_difference.setVisible(inspecting)
        if opened is not None and inspecting:
            self._offer()
            same = BEFORE not in self._versions and not opened.edited
            self.show_difference.choose(POLYGONS if same else self._preferred)
        self._bench.bar.fit_in()
        if inspecting:
            self.refresh()

    def image_shown(self) -> None:
        """The photograph has arrived: places get their cut-outs."""
        image = self._bench.canvas.scene.image
        if image is not None and self._opened is not None and self._opened.base is not None:
            self._picture = whole_picture(image)
            self.beside.set_image(self._picture)
            if self._compared is not None:
                self._show_rows(self._compared)

    def edited(self) -> None:
        """Something was drawn: compare with the pass before, once it is quiet."""
        if self._opened is not None and self._opened.base is not None:
            if self.between.value != NOW:
                self.between.choose(NOW)
            self._timer.start()

    def step(self, by: int) -> None:
        """The next place, or the one before with -1."""
        self._column.places.step(by)

    def refresh(self) -> None:
        """Compare what is chosen, in a worker."""
        opened = self._opened
        if opened is None or opened.base is None:
            return
        if self.between.value == NOW:
            before, after = opened.base, opened.session.annotation
        else:
            before, after = self._versions[BEFORE]
        rules = opened.project.rules
        self._workers.submit("difference", lambda _token: compare(before, after, rules), self._arrived)

    def _offer(self) -> None:
        opened = self._opened
        if opened is None or opened.pass_number is None:
            return
        last = opened.pass_number - 1
        choices = [(NOW, tr("Pass {number} {arrow} now").format(number=last, arrow=ARROW))]
        if BEFORE in self._versions:
            words = tr("Pass {first} {arrow} {second}").format(first=last - 1, arrow=ARROW, second=last)
            if opened.premask is not None:
                words = tr("Pre-mask {arrow} pass {second}").format(arrow=ARROW, second=last)
            choices.insert(len(choices) if opened.edited else 0, (BEFORE, words))
        self.between.set_choices(choices)
        self.between.setVisible(True)

    def _arrived(self, compared: Compared) -> None:
        opened = self._opened
        if opened is None or opened.pass_number is None:
            return
        self._compared = compared
        words = tr("{first} to {second}").format(first=self._before_words(), second=self._after_words())
        rules = opened.project.rules
        self._column.figures.set_figures(
            words,
            compared.iou,
            compared.boundary_f,
            compared.hausdorff,
            rules.agreement,
            rules.boundary_tolerance,
            rules.hausdorff_percentile,
        )
        self._show_rows(compared)
        self._show_layer(None)

    def _before_words(self) -> str:
        """What is compared with."""
        opened = self._opened
        if opened is None or opened.pass_number is None:
            return ""
        if self.between.value != NOW and opened.premask is not None:
            return tr("pre-mask")
        return tr("pass {n}").format(n=opened.pass_number - (1 if self.between.value == NOW else 2))

    def _after_words(self) -> str:
        """What the line on the canvas is."""
        opened = self._opened
        if self.between.value == NOW or opened is None or opened.pass_number is None:
            return tr("now")
        return tr("pass {n}").format(n=opened.pass_number - 1)

    def _show_rows(self, compared: Compared) -> None:
        snippets: list[QImage | None] = []
        for place in compared.places[:16]:
            x1, y1, x2, y2 = (round(value) for value in place.box)
            box = QRect(x1, y1, x2 - x1 + 1, y2 - y1 + 1)
            snippets.append(snippet(self._picture, box) if self._picture is not None else None)
        self._column.places.set_rows(compared.places, snippets)

    def _choose(self, name: str) -> None:
        self._preferred = name
        self._show_layer(None)

    def _show_layer(self, current: int | None) -> None:
        compared, layers = self._compared, self._bench.canvas.layers
        self._show_beside(compared)
        if compared is None or self.show_difference.value != DIFFERENCE:
            layers.difference = None
            self.legend.hide()
            return
        self.legend.show_counts(compared.added_area, compared.removed_area, self._after_words())
        shown = self._column.places.views
        marks = tuple(PlaceMark(n, place.box, place.kind == "added") for n, place in enumerate(shown, 1))
        layers.difference = DifferenceLayer(compared.added, compared.removed, marks, current, compared.after)

    def _show_beside(self, compared: Compared | None) -> None:
        """Two pictures in place of the canvas."""
        if compared is None or self.show_difference.value != BESIDE:
            self.beside.hide()
        else:
            self.beside.compare(compared.before, compared.after, (self._before_words(), self._after_words()))

    def _go(self, position: int) -> None:
        layers = self._bench.canvas.layers
        if layers.difference is not None:
            layers.difference = replace(layers.difference, current=position + 1)
        box = self._column.places.views[position].box
        self._bench.canvas.show_box(box)
        if self.beside.isVisible():
            self.beside.look_at(box)
