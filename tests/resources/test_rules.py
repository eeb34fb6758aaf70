"""The rules' text and its pictures belong together."""

from __future__ import annotations

import re

import cv2
import numpy as np

from resources import accessor
from resources.demo.render import truth
from resources.demo.rule_pictures import panel


def test_every_rule_has_its_picture() -> None:
    text = accessor.read_text("rules/rules.md")
    assert len(re.findall(r"^## \d\. ", text, re.MULTILINE)) == 5
    names = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert names == [f"rule-{i}.png" for i in range(1, 6)]
    for name in names:
        data = accessor.read_bytes(f"rules/{name}")
        assert len(data) < 60_000
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert picture.shape[1] >= 500
        assert picture.std() > 20


def test_a_panel_darkens_what_is_out() -> None:
    drawn = truth("museum_000009", 0.25)
    plain = panel(drawn, mask=False, occluders=False)
    marked = panel(drawn, occluders=False)
    assert plain.shape == marked.shape
    assert marked[:10].mean() < 0.6 * plain[:10].mean()
