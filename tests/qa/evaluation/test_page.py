"""The page of one method: which images of a ranking it shows, and what it says where files are missing or hostile."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import Any

import numpy as np
import pytest

from qa.evaluation.csv_form import as_csv
from qa.evaluation.evaluate import evaluate
from qa.evaluation.json_form import as_data
from qa.evaluation.latex_form import as_latex
from qa.evaluation.layout import WrongFolderError
from qa.evaluation.page import PageRequest, page
from qa.evaluation.scoring import Scoring

IMAGES = 60


def ring(low: int, high: int) -> list[list[int]]:
    return [[low, low], [high, low], [high, high], [low, high]]


@pytest.fixture
def wide(bench: Any) -> Any:
    """One query: image 0 is easy, 1 to 20 are hard, 21 is junk, and nobody labelled the other 38."""
    label = {"bbx": [0.0, 0.0, 9.0, 9.0], "easy": [0], "hard": list(range(1, 21)), "junk": [21]}
    names = [f"image_{number}" for number in range(IMAGES)]
    bench.truth = {"gnd": [label], "imlist": names, "qimlist": ["query_0"]}
    return bench


def ranked(bench: Any, order: list[int]) -> Any:
    bench.ranks = np.array([*order, *(image for image in range(IMAGES) if image not in order)])[:, None]
    return bench


def shown(bench: Any, scoring: Scoring = Scoring.PAPER, **options: Any) -> str:
    found = evaluate(bench.root, bench.results, ["mine"], scoring)
    return page(PageRequest(bench.root, bench.results, "mine", **options), found)


def cards(text: str) -> list[tuple[int, str, str]]:
    """Rank, image and judgement of every card."""
    found = re.findall(r"<b>(\d+)</b> (\S+?)<br><span class=\"mark\">([^<]+)<", text)
    return [(int(rank), image, judgement) for rank, image, judgement in found]


def test_positives_far_down_the_ranking_are_shown_after_its_head(wide: Any) -> None:
    others = list(range(22, 60))
    order = [0, *others[:28], 1, *others[28:], *range(2, 21)]  # a positive first, one at rank 30, the others last
    found = cards(shown(ranked(wide, order).write()))
    ranks = [rank for rank, _, _ in found]
    assert ranks == [*range(1, 13), 30, *range(41, 52)]  # 24 in all: half of them the head, then what is positive
    assert found[12] == (30, "image_1", "true positive")
    assert found[1] == (2, "image_22", "false positive")


def test_of_a_ranking_with_few_positives_the_head_is_longer(wide: Any) -> None:
    wide.truth["gnd"][0] |= {"hard": [1, 2], "junk": [21]}
    found = cards(shown(ranked(wide, [0, 21, *range(22, 60), 1, 2]).write()))
    assert [rank for rank, _, _ in found] == [*range(1, 23), 41, 42]
    assert found[1] == (2, "image_21", "junk")


def test_without_a_ranking_positives_come_by_their_box(wide: Any) -> None:
    wide.truth["gnd"][0] |= {"easy": [0], "hard": [1, 2, 3], "junk": []}
    wide.predictions = {"0_0": ring(10, 19), "0_1": [], "0_2": ring(10, 29), "0_3": ring(10, 24)}
    wide.write().ranking_file.unlink()
    assert [image for _, image, _ in cards(shown(wide, queries=[("oxford", 0)]))] == [
        "image_2", "image_3", "image_0", "image_1",
    ]  # fmt: skip


def test_a_box_of_exactly_one_half_is_no_true_positive(wide: Any) -> None:
    """20 by 20 pixels, of which 20 by 10 are predicted."""
    wide.truth["gnd"][0] |= {"hard": [], "junk": []}
    wide.predictions = {"0_0": [[10, 10], [29, 10], [29, 19], [10, 19]]}
    text = shown(ranked(wide, [0]).write())
    assert cards(text)[0] == (1, "image_0", "false positive")
    assert "box IoU 0.50, mask IoU 0.50" in text


def test_what_is_missing_or_empty_is_said_on_its_card(bench: Any) -> None:
    bench.predictions = {"0_0": None, "0_1": []}
    text = shown(bench.write())
    first, second = re.findall(r'<div class="card.*?</div>', text)[:2]
    assert "no prediction" in first
    assert "nothing found" in second
    assert "IoU" not in first + second


def test_a_page_without_labels_shows_predictions_on_a_ground_that_holds_them(bench: Any) -> None:
    bench.predictions = {"0_0": []}
    bench.write()
    found = evaluate(bench.root, bench.results, ["mine"])
    bench.label_file("0_1").unlink()
    text = page(PageRequest(bench.root, bench.results, "mine", queries=[("oxford", 0)]), found)
    assert 'viewBox="0 0 30 30"' in text  # the prediction ends at 29
    assert 'viewBox="0 0 1024 768"' in text  # nothing is drawn on an image without a label


def test_a_method_that_was_not_scored_has_no_page(bench: Any) -> None:
    found = evaluate(bench.write().root, bench.results, ["mine"])
    with pytest.raises(WrongFolderError, match="yours was not scored"):
        page(PageRequest(bench.root, bench.results, "yours"), found)


HOSTILE = "<img src=x onerror=alert(1)> & \"q\" 'a' _%$#{}~^\\é"


@pytest.fixture
def renamed(bench: Any) -> Any:
    """A method whose name is meant to break every form."""
    bench.write()
    folder = bench.prediction_file.parent.parent
    folder.rename(folder.with_name(HOSTILE.replace("\\", "")))
    return bench


def test_a_name_breaks_no_form(renamed: Any) -> None:
    name = HOSTILE.replace("\\", "")
    found = evaluate(renamed.root, renamed.results, [name])
    text = page(PageRequest(renamed.root, renamed.results, name), found)
    assert "<img" not in text
    assert html.escape(name) in text
    rows = list(csv.reader(io.StringIO(as_csv(found))))
    assert {row[1] for row in rows[1:]} == {name}
    assert json.loads(json.dumps(as_data(found)))["method"] == name
    latex = as_latex(found)
    assert r"\_\%\$\#\{\}\textasciitilde{}\textasciicircum{}é" in latex
    plain = re.sub(r"\\[a-zA-Z]+\*?(\[[^]]*\])?|\\.", "", latex)
    assert plain.count("{") == plain.count("}")


def test_without_a_ranking_every_form_leaves_map_out(bench: Any) -> None:
    bench.write().ranking_file.unlink()
    found = evaluate(bench.root, bench.results, ["mine"])
    data = as_data(found)["oxford"]
    assert set(data["map"].values()) == {None}
    assert data["image_map"] is None
    assert not any(name.startswith("ap_") for record in data["per_query"] for name in record)
    assert {row.split(",")[3] for row in as_csv(found).splitlines()[1:]} == {"mmiou"}
    assert as_latex(found).count(r"\begin{table}") == 1


def test_distractors_have_columns_of_their_own(bench: Any) -> None:
    bench.write()
    table = np.stack([np.array([1_000_004, *range(6)])] * 3, axis=1)
    np.save(bench.ranking_file.with_name("R1Moxford.npy"), table)
    found = evaluate(bench.root, bench.results, ["mine"], Scoring.PAPER)
    data = as_data(found)["oxford"]
    # The hard images stand at ranks 0, 0 and 3 once junk is out, and one further behind a distractor.
    assert data["map"]["hard_mask"] == pytest.approx((1 + 1 + (0 + 1 / 4) / 2) / 3)
    assert data["map_with_distractors"]["hard_mask"] == pytest.approx((1 / 4 + 1 / 4 + (0 + 1 / 5) / 2) / 3)
    measures = {row.split(",")[3] for row in as_csv(found).splitlines()[1:]}
    assert measures == {"mmiou", "map", "map_with_distractors", "image_map", "image_map_with_distractors"}
