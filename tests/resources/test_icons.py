"""Every icon is a line drawing of one family that the window can recolour."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from resources import accessor

NAMES = [
    "select",
    "polygon",
    "lasso",
    "rectangle",
    "brush",
    "eraser",
    "magnet",
    "superpixel",
    "click-to-cut",
    "occluder",
    "hole",
    "cut",
    "smooth",
    "copy",
    "remark",
    "undo",
    "redo",
    "zoom-in",
    "zoom-out",
    "fit",
    "menu",
    "previous",
    "next",
    "queue",
    "clock",
    "person",
    "eye",
    "eye-off",
    "lock",
    "unlock",
    "pin",
    "add",
    "more",
    "close",
    "check",
    "warning",
    "error",
    "brightness",
    "edges",
    "loupe",
    "navigator",
    "folder",
    "file",
    "server",
    "image",
    "save",
    "search",
    "returned",
    "dispute",
    "escalated",
    "crosshair",
    "blink",
    "rules",
    "keys",
    "chevron-down",
    "merge",
    "hourglass",
    "dot",
]


@pytest.mark.parametrize("name", NAMES)
def test_line_icons_share_grid_stroke_and_colour(name: str) -> None:
    text = accessor.read_text(f"icons/{name}.svg")
    root = ET.fromstring(text)  # noqa: S314 - our own file
    assert root.get("viewBox") == "0 0 16 16"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "1.25"
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', text)) <= {"none", "currentColor"}
    assert len(root) >= 1


def test_the_application_icon_has_its_own_colours() -> None:
    text = accessor.read_text("icons/app.svg")
    assert "currentColor" not in text
    assert "#35c6ff" in text
