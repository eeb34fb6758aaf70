"""The passes of a stopped pair side by side, where they differ, how they agree."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from annotator.domain.geometry import Box
from annotator.ui import overlay, theme, wording
from annotator.ui.presenting.disputes import Compared, Stopped
from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import across, column, emptied, row
from annotator.ui.widgets.marks import Dots
from annotator.ui.widgets.picture import Picture
from annotator.ui.widgets.text import ElidedLabel, PersonLabel, label

LAYERS = (("overlay_object", 0.55), ("overlay_kept", 0.65), ("overlay_occluder", 0.65))


class Patch(QWidget):
    """A colour of the picture of differences."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self.setFixedSize(12, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        QPainter(self).fillRect(self.rect(), theme.current().colour(self._token))


class PassView(QWidget):
    """One pass: who, the picture with the mask, the button that chooses it."""

    chosen = Signal()

    def __init__(self, found: Stopped, position: int, key: str) -> None:
        super().__init__()
        done = found.passes[position].pass_
        self.number = done.pass_number
        whole = column(self, gap=8)
        head = row(gap=8)
        head.addWidget(Dots(("done",)))
        head.addWidget(label(self.tr("Pass {number}").format(number=self.number), "strong"))
        head.addWidget(PersonLabel(done.person))
        verdict = ElidedLabel(done.verdict.value, "second", "quiet")
        time = ElidedLabel(wording.duration(done.active_seconds), "value")
        for least in (verdict, time):
            least.setMinimumWidth(1)  # these give way altogether before the pass's number
        head.addWidget(verdict, 1)
        head.addWidget(time)
        whole.addLayout(head)
        title = self.tr("Mask of pass {number}").format(number=self.number)
        self.picture = Picture(f"dispute.pass{self.number}", title, whole=True)
        self.picture.set_annotation(done.annotation)
        self.picture.clicked.connect(self.chosen)
        whole.addWidget(self.picture, 1)
        foot = row()
        words = self.tr("Choose pass {number}").format(number=self.number)
        self.button = KeyButton(words, f"dispute.choose{self.number}", key)
        self.button.setCheckable(True)
        self.button.clicked.connect(self.chosen)
        foot.addWidget(self.button)
        foot.addStretch()
        self._area = ElidedLabel("", "value")
        foot.addWidget(self._area)
        whole.addLayout(foot)

    def set_area(self, pixels: int) -> None:
        """How large the pass's mask is."""
        self._area.setText(f"{wording.thousands(pixels)} px")

    def set_chosen(self, chosen: bool) -> None:
        """Show whether this pass's mask is the one that settles."""
        self.picture.set_framed(chosen)
        self.button.setProperty("kind", "primary" if chosen else "plain")
        self.button.setChecked(chosen)
        style = self.button.style()
        style.unpolish(self.button)
        style.polish(self.button)
        self.button.update()


class DisputeView(QWidget):
    """`pass_chosen` carries a pass number; the pictures share zoom and place."""

    pass_chosen = Signal(int)
    zoomed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("dispute.passes")
        self.setAccessibleName(self.tr("Passes of the dispute"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._views: list[PassView] = []
        self._image: QImage | None = None
        whole = column(self)
        self._passes = row(gap=8, margins=(8, 8, 8, 8))
        whole.addLayout(self._passes, 3)
        whole.addWidget(across())
        below = row(gap=16, margins=(12, 12, 12, 12))
        left = column(gap=8)
        left.addWidget(ElidedLabel(self.tr("Where they differ"), "section"))
        self._differ = Picture("dispute.differ", self.tr("Where the passes differ"), whole=True)
        self._differ.setMinimumHeight(120)
        left.addWidget(self._differ, 1)
        below.addLayout(left, 1)
        self._agreement = QWidget()
        self._table = QGridLayout(self._agreement)
        self._table.setContentsMargins(0, 0, 0, 0)
        self._table.setHorizontalSpacing(12)
        self._table.setVerticalSpacing(4)
        below.addWidget(self._agreement, 1, Qt.AlignmentFlag.AlignTop)
        right = QWidget()
        right.setMinimumWidth(112)
        right.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # words give way to numbers
        self.right = column(right, gap=8)
        below.addWidget(right, 1)
        whole.addLayout(below, 2)

    def set_stopped(self, found: Stopped, keys: Sequence[str]) -> None:
        """Show the passes of a pair; how they compare follows."""
        emptied(self._passes)
        self._views, self._image = [], None
        self._differ.set_image(None)
        self._differ.set_tints([])
        self._clear_table()
        for position in range(len(found.passes)):
            view = PassView(found, position, keys[position] if position < len(keys) else "")
            view.chosen.connect(lambda number=view.number: self.pass_chosen.emit(number))
            view.picture.view_changed.connect(lambda _zoom, view=view: self._link(view.picture))
            self._views.append(view)
            self._passes.addWidget(view, 1)

    def set_compared(self, found: Compared, limit: float) -> None:
        """Show how the passes agree and where they differ."""
        for view, pixels in zip(self._views, found.areas, strict=True):
            view.set_area(pixels)
        self._show_table(found, limit)
        shown = zip(found.layers, LAYERS, strict=True)
        self._differ.set_tints([overlay.tinted(layer, token, alpha) for layer, (token, alpha) in shown])

    def set_image(self, image: QImage) -> None:
        """The photograph has arrived."""
        self._image = image
        for view in self._views:
            view.picture.set_image(image)
        self._differ.set_image(image)

    def set_chosen(self, number: int | None) -> None:
        """Which pass's mask settles."""
        for view in self._views:
            view.set_chosen(view.number == number)

    def zoom_by(self, factor: float) -> None:
        """Zoom all pictures."""
        if self._views:
            self._views[0].picture.zoom_by(factor)

    def show_box(self, box: Box) -> None:
        """Bring a box of the image into the middle of all pictures."""
        if self._views:
            self._views[0].picture.show_box(box)

    def fit(self) -> None:
        """Show the whole image everywhere."""
        for view in self._views:
            view.picture.reset_view()

    def _link(self, source: Picture) -> None:
        zoom, shift = source.view()
        for view in self._views:
            if view.picture is not source:
                view.picture.set_view(zoom, QPointF(shift))
        self.zoomed.emit(zoom)

    def _clear_table(self) -> None:
        while self._table.count():
            item = self._table.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _show_table(self, found: Compared, limit: float) -> None:
        self._clear_table()
        self._table.addWidget(label(self.tr("Agreement"), "section"), 0, 0, 1, 4)
        if found.agreement:
            self._line(1, (self.tr("Passes"), "IoU", self.tr("Boundary F"), self.tr("Hausdorff 95")), "hint", "")
        for number, pair in enumerate(found.agreement, 2):
            texts = (
                self.tr("{one} and {two}").format(one=pair.first, two=pair.second),
                f"{pair.iou:.3f}",
                f"{pair.boundary_f:.2f}",
                f"{pair.hausdorff:.0f} px",
            )
            self._line(number, texts, "value", "warning" if pair.iou < limit else "")
        line = len(found.agreement) + 2
        said = self.tr("One pass only: there is nothing to compare.")
        if found.agreement:
            below = min(pair.iou for pair in found.agreement) < limit
            words = (
                self.tr("Below the {limit} of the rules: dispute.") if below else self.tr("The rules ask for {limit}.")
            )
            said = words.format(limit=f"{limit:.2f}")
        self._table.addWidget(label(said, "second", wrap=True), line, 0, 1, 4)
        names = (self.tr("in all masks"), self.tr("in two"), self.tr("in one"))
        for name, count, (token, _alpha) in zip(names, found.counts, LAYERS, strict=True):
            line += 1
            box = QWidget()
            inner = row(box)
            inner.addWidget(Patch(token))
            inner.addWidget(label(name, "second"), 1)
            self._table.addWidget(box, line, 0, 1, 3)
            pixels = label(f"{wording.thousands(count)} px", "value")
            self._table.addWidget(pixels, line, 3, Qt.AlignmentFlag.AlignRight)

    def _line(self, number: int, texts: Sequence[str], kind: str, tone: str) -> None:
        for position, text in enumerate(texts):
            made = ElidedLabel(text, kind) if kind == "hint" else label(text, kind, tone if position == 1 else "")
            side = Qt.AlignmentFlag.AlignLeft if position == 0 else Qt.AlignmentFlag.AlignRight
            made.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            made.setMinimumHeight(24)
            self._table.addWidget(made, number, position)
