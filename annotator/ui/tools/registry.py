"""All tools in the order of the tool column, with the breaks between its groups."""

from __future__ import annotations

from annotator.ui.tools.base import Tool
from annotator.ui.tools.brush import BrushTool
from annotator.ui.tools.click_to_cut import ClickToCutTool
from annotator.ui.tools.click_to_mask import ClickToMaskTool
from annotator.ui.tools.copy import CopyTool
from annotator.ui.tools.cut import CutTool
from annotator.ui.tools.eraser import EraserTool
from annotator.ui.tools.hole import HoleTool
from annotator.ui.tools.lasso import LassoTool
from annotator.ui.tools.magnetic import MagneticTool
from annotator.ui.tools.occluder import OccluderTool
from annotator.ui.tools.polygon import PolygonTool
from annotator.ui.tools.rectangle import RectangleTool
from annotator.ui.tools.remark import RemarkTool
from annotator.ui.tools.select import SelectTool
from annotator.ui.tools.smooth import SmoothTool
from annotator.ui.tools.superpixel import SuperpixelTool

GROUPS: tuple[tuple[type[Tool], ...], ...] = (
    (SelectTool,),
    (PolygonTool, LassoTool, RectangleTool, BrushTool, EraserTool),
    (MagneticTool, SuperpixelTool, ClickToCutTool, ClickToMaskTool),
    (OccluderTool, HoleTool, CutTool),
    (SmoothTool, CopyTool),
    (RemarkTool,),
)
"""One tuple for each part of the tool column."""

TOOLS: dict[str, type[Tool]] = {tool.name: tool for group in GROUPS for tool in group}
"""Tools by name; each has `name`, `title`, `default_key`, `icon` and `help`."""
