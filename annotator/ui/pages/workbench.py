"""The canvas with its bar above and its tools beside it: the middle of the pairs and of the queries page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from annotator.domain.rules import Rules
from annotator.editing.session import EditingSession
from annotator.ui.canvas.adjustment import Adjustment
from annotator.ui.canvas.pyramid import ImagePyramid
from annotator.ui.canvas.view_transform import ViewTransform
from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.keys import Keys
from annotator.ui.pages.click_models import ClickModels
from annotator.ui.panels.canvas_bar import CanvasBar
from annotator.ui.panels.tool_column import ToolColumn, ToolEntry
from annotator.ui.tools.registry import GROUPS, TOOLS
from annotator.ui.widgets.lines import column, row
from annotator.ui.wording import tr

HALF_DRAWN = "What is half drawn is not in the mask yet: Enter takes it, Esc gives it up."


class Workbench(QWidget):
    """One image to draw on. `act` does what a key asks; False where the action is not one of the canvas."""

    problem = Signal(str)
    hint = Signal(str)
    place = Signal(str)
    size_known = Signal(str)

    def __init__(self, comparisons: Sequence[tuple[str, str]], rules: Rules, without: Sequence[str] = ()) -> None:
        """`without` names tools that are not offered here."""
        super().__init__()
        self._without = frozenset(without)
        whole = column(self)
        self.bar = CanvasBar(comparisons)
        whole.addWidget(self.bar)
        below = row(gap=0)
        entries = [
            ToolEntry(tool.name, tool.icon, self.tr(tool.title), block)
            for block, tools in enumerate(GROUPS)
            for tool in tools
            if tool.name not in self._without
        ]
        self.tools = ToolColumn(entries)
        below.addWidget(self.tools)
        self.canvas = CanvasWidget()
        self.canvas.setObjectName("canvas")
        self.canvas.set_rules(rules)
        below.addWidget(self.canvas, 1)
        whole.addLayout(below, 1)
        self._click_models = ClickModels(self.tools, self.canvas)
        self._adjustment = Adjustment()
        self._tool = "select"
        self._warned = False
        self._connect()
        self._offer()
        self.show_nothing()

    def show_image(self, image: ImagePyramid, session: EditingSession, read_only: bool) -> None:
        """Show an image with a session to edit or to look at."""
        self.canvas.layers.placeholder = None
        if self.canvas.scene.image is not image:
            self.canvas.set_image(image)
        self.canvas.set_session(session, read_only=read_only)
        self.bar.set_possible(True)
        self.tools.set_possible(not read_only)
        self._offer()
        self.use(self._tool)
        self._history()
        self._say_view(self.canvas.view)
        self.size_known.emit(f"{image.size[0]} × {image.size[1]}")

    def show_photograph(self, image: ImagePyramid | None) -> bool:
        """Paint an image at once, before what belongs to it is read; False where there is none to paint yet.

        Until all is read nothing can be drawn, also not on the image before, which stays in sight so long.
        """
        self._empty()
        if image is None:
            return False
        self.canvas.layers.placeholder = None
        for above in self.canvas.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            above.hide()
        self.canvas.set_image(image)
        self.canvas.repaint()
        return True

    def _empty(self) -> None:
        self.canvas.set_session(None)
        self.canvas.set_tool(None)
        layers = self.canvas.layers
        layers.premask, layers.difference, layers.query_box = (), None, None
        layers.remarks, layers.linked, layers.blink, layers.hidden = (), None, None, frozenset()

    def show_nothing(self, placeholder: tuple[str, str] | None = None) -> None:
        """No image: say why and what to do next."""
        self._empty()
        self.canvas.set_image(None)
        self.canvas.layers.placeholder = placeholder
        self.bar.set_possible(False)
        self.bar.set_zoom(None)
        self.tools.set_possible(False)
        self.place.emit("")
        self.size_known.emit("")
        self.hint.emit("")

    def use(self, tool: str) -> None:
        """Take a tool in hand, or say what it lacks."""
        if tool in TOOLS and tool not in self._without and self.canvas.session is not None:
            refusal = self.canvas.desk.click_refusal() if TOOLS[tool].needs_click_model else ""
            if refusal:
                self.hint.emit(refusal)
                if self.canvas.tool is not None:
                    return
                tool = "select"
            self._tool = tool
            self.canvas.set_tool(TOOLS[tool])
            self.tools.set_current(tool)

    @property
    def half_drawn(self) -> bool:
        """Whether the tool in hand holds what would be missed and is not in the mask yet."""
        return self.canvas.tool is not None and self.canvas.tool.unfinished

    def is_free(self) -> bool:
        """False, which the person is told, while something is half drawn that would be lost with the tool."""
        if not self.half_drawn:
            return True
        self._warned = True
        self.tools.set_current(self._tool)
        self.problem.emit(tr(HALF_DRAWN))
        self.canvas.setFocus()
        return False

    def set_keys(self, keys: Keys) -> None:
        """Show the keys on tools and buttons."""
        self.tools.set_keys({name: keys.shown(f"tool.{name}") for name in TOOLS if name not in self._without})
        names = ("edit.undo", "edit.redo", "view.zoom-in", "view.zoom-out", "view.fit", "view.edges", "view.loupe",
                 "view.navigator", "view.blink")  # fmt: skip
        self.bar.set_keys({name: keys.shown(name) for name in names})

    def act(self, name: str) -> bool:
        """Do what a key asks for."""
        actions: dict[str, Callable[[], object]] = {
            "edit.undo": self.canvas.undo,
            "edit.redo": self.canvas.redo,
            "view.fit": self.canvas.fit,
            "view.zoom-in": lambda: self.canvas.navigation.zoom_by(1.25),
            "view.zoom-out": lambda: self.canvas.navigation.zoom_by(1 / 1.25),
            "view.edges": self.bar.edges.toggle,
            "view.loupe": self.bar.loupe.toggle,
            "view.navigator": self.bar.navigator.toggle,
            "brush.smaller": lambda: self.canvas.scale_brush(-1),
            "brush.larger": lambda: self.canvas.scale_brush(1),
        }
        if name.startswith("tool."):
            tool = name.removeprefix("tool.")
            if tool in self._without:
                self.hint.emit(self.tr("{tool} is not offered on this page.").format(tool=self.tr(TOOLS[tool].title)))
            else:
                self._take(tool)
            return True
        if name not in actions:
            return False
        actions[name]()
        return True

    def _connect(self) -> None:
        bar, canvas = self.bar, self.canvas
        bar.undo_wanted.connect(canvas.undo)
        bar.redo_wanted.connect(canvas.redo)
        bar.zoom_wanted.connect(lambda factor: canvas.navigation.zoom_by(factor))
        bar.fit_wanted.connect(canvas.fit)
        bar.overlay_changed.connect(canvas.set_overlay)
        bar.light_changed.connect(self._light)
        bar.edges_toggled.connect(lambda on: self._adjust(edges=on))
        bar.loupe_toggled.connect(lambda on: canvas.set_insets(loupe=on))
        bar.navigator_toggled.connect(lambda on: canvas.set_insets(navigator=on))
        self.tools.chosen.connect(self._take)
        self.tools.choice_wanted.connect(self._take_to_choose)
        canvas.view_changed.connect(self._say_view)
        canvas.cursor_moved.connect(self._say_place)
        canvas.cursor_left.connect(lambda: self.place.emit(""))
        canvas.hint_changed.connect(self._hinted)
        canvas.refused.connect(self.problem)
        canvas.edited.connect(lambda _change: self._history())
        canvas.tool_changed.connect(self._tool_changed)
        bar.loupe.setChecked(canvas.insets.loupe_on)
        bar.navigator.setChecked(canvas.insets.navigator_on)

    def _take(self, name: str) -> None:
        """Take a tool; once more for what is in hand already asks for what it has to choose."""
        present = self.canvas.tool
        again = present is not None and present.name == name
        if again and (self._click_models.open() or self.half_drawn):
            return
        if self.is_free():
            self.use(name)
            self.canvas.setFocus()

    def _take_to_choose(self, name: str) -> None:
        if TOOLS[name].needs_click_model:
            if self.canvas.tool is None or self.canvas.tool.name != name:
                self._take(name)
            self._click_models.open()

    def _hinted(self, hint: str) -> None:
        """What a tool says; a warning of what was half drawn is over then."""
        if self._warned:
            self._warned = False
            self.problem.emit("")
        self.hint.emit(hint)

    def _tool_changed(self, name: str) -> None:
        self._tool = name
        self.tools.set_current(name)

    def _light(self, brightness: float, contrast: float, gamma: float) -> None:
        self._adjust(brightness=brightness, contrast=contrast, gamma=gamma)

    def _adjust(
        self,
        brightness: float | None = None,
        contrast: float | None = None,
        gamma: float | None = None,
        edges: bool | None = None,
    ) -> None:
        old = self._adjustment
        self._adjustment = Adjustment(
            old.brightness if brightness is None else brightness,
            old.contrast if contrast is None else contrast,
            old.gamma if gamma is None else gamma,
            old.edges if edges is None else edges,
        )
        self.canvas.set_adjustment(self._adjustment)

    def _offer(self) -> None:
        """Tools that need a click model stand in the column where the project has one."""
        possible = not self.canvas.desk.click_refusal()
        for name, tool in TOOLS.items():
            if tool.needs_click_model:
                self.tools.set_offered(name, possible)
        self._click_models.show()

    def _history(self) -> None:
        session = self.canvas.session
        if session is not None:
            editable = not self.canvas.desk.read_only
            self.bar.set_history(session.can_undo and editable, session.can_redo and editable)

    def _say_view(self, view: ViewTransform) -> None:
        self.bar.set_zoom(view.scale if self.canvas.session is not None else None)

    def _say_place(self, x: float, y: float) -> None:
        session = self.canvas.session
        inside = session is not None and 0 <= round(x) < session.annotation.size[0]
        inside = inside and session is not None and 0 <= round(y) < session.annotation.size[1]
        self.place.emit(f"x {round(x)}, y {round(y)}" if inside else "")
