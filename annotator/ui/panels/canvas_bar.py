"""The bar above the canvas: undo, zoom, overlay, blinking, and the views. 36 px."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSlider, QWidget

from annotator.ui.widgets.buttons import IconButton, KeyButton
from annotator.ui.widgets.lines import across, column, row, upright
from annotator.ui.widgets.segmented import Segmented
from annotator.ui.widgets.text import label

NARROW, VERY_NARROW = 880, 730
"""Widths of the bar below which it leaves words and spare buttons out."""


class LightPopup(QFrame):
    """Brightness, contrast and gamma of the shown image; the image itself never changes."""

    changed = Signal(float, float, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("light")
        self.setProperty("area", "sheet")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setSpacing(8)
        self.sliders: dict[str, QSlider] = {}
        self._values = {}
        for position, (name, title) in enumerate(
            (("brightness", self.tr("Brightness")), ("contrast", self.tr("Contrast")), ("gamma", self.tr("Gamma")))
        ):
            slider = QSlider(Qt.Orientation.Horizontal)
            slider.setObjectName(f"light.{name}")
            slider.setAccessibleName(title)
            slider.setRange(-100, 100)
            slider.setFixedWidth(160)
            slider.valueChanged.connect(self._tell)
            self.sliders[name] = slider
            self._values[name] = label("0", "value")
            self._values[name].setMinimumWidth(32)
            grid.addWidget(label(title, "second"), position, 0)
            grid.addWidget(slider, position, 1)
            grid.addWidget(self._values[name], position, 2)
        back = KeyButton(self.tr("As the file is"), "light.reset")
        back.clicked.connect(self.reset)
        grid.addWidget(back, 3, 0, 1, 3)

    def reset(self) -> None:
        """Show the image as the file is."""
        for slider in self.sliders.values():
            slider.setValue(0)

    def _tell(self) -> None:
        for name, slider in self.sliders.items():
            self._values[name].setText(f"{slider.value():+d}" if slider.value() else "0")
        light, contrast, gamma = (slider.value() / 100 for slider in self.sliders.values())
        self.changed.emit(light, contrast, 4.0**gamma)


class CanvasBar(QWidget):
    """Tells what the person wants of the canvas. `comparisons` are (name, text) to blink against."""

    undo_wanted = Signal()
    redo_wanted = Signal()
    zoom_wanted = Signal(float)
    fit_wanted = Signal()
    overlay_changed = Signal(float)
    comparison_chosen = Signal(str)
    light_changed = Signal(float, float, float)
    edges_toggled = Signal(bool)
    loupe_toggled = Signal(bool)
    navigator_toggled = Signal(bool)

    def __init__(self, comparisons: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setObjectName("canvas-bar")
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(36)
        whole = column(self)
        line = self._line = row(gap=4, margins=(8, 0, 8, 0))
        whole.addLayout(line, 1)
        whole.addWidget(across())
        self.undo = self._button("undo", self.tr("Undo"), self.undo_wanted)
        self.redo = self._button("redo", self.tr("Redo"), self.redo_wanted)
        self.zoom_out = self._button("zoom-out", self.tr("Zoom out"), None)
        self.zoom_in = self._button("zoom-in", self.tr("Zoom in"), None)
        self.fit = self._button("fit", self.tr("Fit the image"), self.fit_wanted)
        self.zoom_out.clicked.connect(lambda: self.zoom_wanted.emit(1 / 1.25))
        self.zoom_in.clicked.connect(lambda: self.zoom_wanted.emit(1.25))
        self._zoom = label("–", "strong", name="canvas-bar.zoom")
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setFixedWidth(52)
        for widget in (self.undo, self.redo, upright(20), self.zoom_out, self._zoom, self.zoom_in, self.fit):
            line.addWidget(widget)
        self._comparing = True
        line.addWidget(self._add_overlay())
        self.before_segments = label(self.tr("Blink against"))
        self.before_segments.setContentsMargins(0, 0, 4, 0)
        line.addWidget(self.before_segments)
        self.comparison = Segmented(comparisons, "blink", self.tr("Blink against"))
        self.comparison.chosen.connect(self.comparison_chosen)
        line.addWidget(self.comparison)
        self._blink_key = label("", "hint")
        line.addWidget(self._blink_key)
        self.extra = row(gap=8)
        line.addLayout(self.extra)
        line.addStretch(1)
        self._add_views(line)

    def _add_overlay(self) -> QWidget:
        self._overlay_box = QWidget()
        inner = row(self._overlay_box, gap=8, margins=(0, 0, 4, 0))
        self.overlay = QSlider(Qt.Orientation.Horizontal)
        self.overlay.setObjectName("canvas-bar.overlay")
        self.overlay.setAccessibleName(self.tr("Overlay"))
        self.overlay.setToolTip(self.tr("How strongly the mask is tinted"))
        self.overlay.setRange(0, 100)
        self.overlay.setValue(40)
        self.overlay.setFixedWidth(84)
        self.overlay.valueChanged.connect(lambda value: self.overlay_changed.emit(value / 100))
        self._overlay_title = label(self.tr("Overlay"))
        for widget in (upright(20), self._overlay_title, self.overlay, upright(20)):
            inner.addWidget(widget)
        return self._overlay_box

    def set_comparing(self, comparing: bool) -> None:
        """Whether there is something to blink against."""
        self._comparing = comparing
        self.comparison.setVisible(comparing)
        self.fit_in()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self.fit_in()

    def fit_in(self) -> None:
        """Words give way to buttons where the window is narrow; keys and tooltips still name everything."""
        wide = self.width()
        self.before_segments.setVisible(self._comparing and wide >= NARROW)
        self._blink_key.setVisible(self._comparing and wide >= NARROW)
        self._overlay_box.setVisible(wide >= NARROW)
        for button in (self.zoom_in, self.zoom_out):
            button.setVisible(wide >= VERY_NARROW)
        segments = [one for one in self.findChildren(Segmented) if not one.isHidden()]
        spare = (self._overlay_title, self._zoom, self.edges, self.fit, self.navigator)  # each has a key, or only tells
        for widget in spare:
            widget.setVisible(True)
        for one in segments:
            one.set_compact(False)
        first, *last = (partial(widget.setVisible, False) for widget in spare)
        for give_way in (first, *(partial(one.set_compact, True) for one in segments), *last):
            if self._needed(segments) <= wide:
                break
            give_way()

    def _needed(self, segments: Sequence[Segmented]) -> int:
        """Pixels that the bar asks for as it is shown now."""
        margins = self._line.contentsMargins()
        items = [self._line.itemAt(position) for position in range(self._line.count())]
        others = [
            item.sizeHint().width()
            for item in items
            if item is not None and item.widget() is not None and not item.isEmpty()
            and not isinstance(item.widget(), Segmented)
        ]  # fmt: skip
        widths = [*others, *(one.wide for one in segments)]
        return margins.left() + margins.right() + sum(widths) + self._line.spacing() * (len(widths) - 1)

    def set_possible(self, possible: bool) -> None:
        """Enable the bar while an image is open."""
        for widget in self.findChildren(QWidget):
            widget.setEnabled(possible)

    def set_history(self, can_undo: bool, can_redo: bool) -> None:
        """Whether there is a step to undo and one to redo."""
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)

    def set_zoom(self, scale: float | None) -> None:
        """Screen pixels per image pixel; None for no image."""
        self._zoom.setText("–" if scale is None else f"{100 * scale:.0f} %")

    def set_keys(self, shown: dict[str, str]) -> None:
        """Keys by action, for tooltips."""
        for button, name in (
            (self.undo, "edit.undo"),
            (self.redo, "edit.redo"),
            (self.zoom_in, "view.zoom-in"),
            (self.zoom_out, "view.zoom-out"),
            (self.fit, "view.fit"),
            (self.edges, "view.edges"),
            (self.loupe, "view.loupe"),
            (self.navigator, "view.navigator"),
        ):
            button.set_key(shown.get(name, ""))
        self._blink_key.setText(shown.get("view.blink", ""))

    def _add_views(self, line: QHBoxLayout) -> None:
        self.light = LightPopup(self)
        self.light.changed.connect(self.light_changed)
        self.brightness = self._button("brightness", self.tr("Brightness, contrast, gamma"), None)
        self.brightness.clicked.connect(self._open_light)
        self.edges = self._button("edges", self.tr("Edge view"), None, checkable=True)
        self.loupe = self._button("loupe", self.tr("Loupe"), None, checkable=True)
        self.navigator = self._button("navigator", self.tr("Navigator"), None, checkable=True)
        self.edges.toggled.connect(self.edges_toggled)
        self.loupe.toggled.connect(self.loupe_toggled)
        self.navigator.toggled.connect(self.navigator_toggled)
        for button in (self.brightness, self.edges, self.loupe, self.navigator):
            line.addWidget(button)

    def _open_light(self) -> None:
        self.light.adjustSize()
        corner = self.brightness.mapToGlobal(self.brightness.rect().bottomRight())
        self.light.move(corner.x() - self.light.width(), corner.y() + 4)
        self.light.show()

    def _button(self, drawing: str, title: str, signal: SignalInstance | None, checkable: bool = False) -> IconButton:
        button = IconButton(drawing, title, f"canvas-bar.{drawing}", checkable)
        if signal is not None:
            button.clicked.connect(signal)
        return button
