"""The pictures of the rules, drawn anew: they are those that are installed, and show what their rules say."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from resources import accessor
from resources.demo.pixels import Bytes
from resources.demo.rule_pictures import IN, KEPT, OUT, PANEL, write_rule_pictures

NUMBERS = range(1, 6)
COLOURS = 56
GAP = 8


def pixels(data: bytes) -> Bytes:
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(decoded[..., ::-1], np.uint8)


def marks(side: Bytes) -> set[str]:
    """Which of blue, orange and yellow are drawn on one side of a picture."""
    found = set()
    for name, colour in (("in", IN), ("out", OUT), ("kept", KEPT)):
        far = np.abs(side.astype(int) - np.array(colour)).sum(axis=2)
        if (far < 110).sum() > 20:
            found.add(name)
    return found


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Bytes]:
    folder: Path = tmp_path_factory.mktemp("rules")
    write_rule_pictures(folder, COLOURS)
    assert sorted(path.name for path in folder.iterdir()) == [f"rule-{number}.png" for number in NUMBERS]
    return {number: pixels((folder / f"rule-{number}.png").read_bytes()) for number in NUMBERS}


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_installed_is_what_is_drawn(drawn: dict[int, Bytes], number: int) -> None:
    made, installed = drawn[number], pixels(accessor.read_bytes(f"rules/rule-{number}.png"))
    assert made.shape == installed.shape == (PANEL[1], 2 * PANEL[0] + GAP, 3)
    assert len(np.unique(made.reshape(-1, 3), axis=0)) <= COLOURS
    assert np.abs(made.astype(int) - installed).mean() < 3  # another OpenCV may round and choose colours otherwise


@pytest.mark.parametrize(
    ("number", "left", "right"),
    [
        (1, {"in"}, set()),
        (2, {"in"}, {"in"}),
        (3, set(), {"in", "out"}),
        (4, set(), {"in", "kept"}),
        (5, {"in"}, {"in"}),
    ],
)
def test_blue_orange_and_yellow_are_where_the_rule_speaks_of_them(
    drawn: dict[int, Bytes], number: int, left: set[str], right: set[str]
) -> None:
    """Rules 3 and 4 show the bare photograph first: what is cut out, and what small thing stays in."""
    assert marks(drawn[number][:, : PANEL[0]]) == left
    assert marks(drawn[number][:, PANEL[0] + GAP :]) == right
