"""Remark: pin a note to a place."""

from __future__ import annotations

from annotator.editing.snapping import inside_image
from annotator.ui.tools.base import Tool, ToolEvent


class RemarkTool(Tool):
    """A click asks the window for the text."""

    name = "remark"
    title = "Remark"
    default_key = "W"
    icon = "remark"
    help = "Click the place that the remark is about."

    def press(self, event: ToolEvent) -> None:
        if self.host.session is not None:
            self.host.ask_remark(inside_image(event.at, self.host.session.annotation.size))
