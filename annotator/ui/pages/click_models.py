"""Which of a project's click-to-mask models is asked: a small menu at their tool's button."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from annotator.ui.canvas.widget import CanvasWidget
from annotator.ui.panels.tool_column import ToolColumn
from annotator.ui.tools.click_to_mask import ClickToMaskTool
from annotator.ui.wording import tr


class ClickModels:
    """Offers the models where there are several; a choice holds for all pages, and for the next time."""

    def __init__(self, tools: ToolColumn, canvas: CanvasWidget) -> None:
        self._tools, self._canvas = tools, canvas

    def show(self) -> None:
        """Mark the tool's button where there is something to choose, and name the model that is asked."""
        reader = self._canvas.desk.clicks
        several = reader is not None and len(reader.models) > 1
        words = tr("model: {name}; click again for others").format(name=reader.model) if reader and several else ""
        self._tools.set_choice(ClickToMaskTool.name, words)

    def open(self) -> bool:
        """Open the menu while the tool is in hand; False where there is nothing to choose."""
        tool, reader = self._canvas.tool, self._canvas.desk.clicks
        if not isinstance(tool, ClickToMaskTool) or reader is None or len(reader.models) < 2:
            return False
        menu = QMenu(self._tools)
        menu.setObjectName("click-models")
        menu.addAction(tr("Model of click-to-mask")).setEnabled(False)
        chosen = QActionGroup(menu)
        for name in reader.models:
            action = QAction(name, menu)
            action.setCheckable(True)
            action.setChecked(name == reader.model)
            action.triggered.connect(lambda _checked=False, model=name: self._choose(model))
            chosen.addAction(action)
            menu.addAction(action)
            if name == reader.model:
                menu.setActiveAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        button = self._tools.button(ClickToMaskTool.name)
        menu.popup(button.mapToGlobal(QPoint(button.width() + 4, 0)))
        return True

    def _choose(self, name: str) -> None:
        """Ask another model from now on, also for the clicks that were made already."""
        reader, tool = self._canvas.desk.clicks, self._canvas.tool
        if reader is not None and tool is not None and name != reader.model:
            reader.choose(name)
            tool.begin()
        self.show()
        self._canvas.setFocus()
