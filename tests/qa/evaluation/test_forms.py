"""The forms in which an evaluation is written: JSON, CSV, LaTeX, text and the page."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from annotator.domain.rle import encode
from qa.evaluation.csv_form import HEAD, as_csv
from qa.evaluation.evaluate import evaluate
from qa.evaluation.json_form import as_data
from qa.evaluation.latex_form import as_latex, escaped
from qa.evaluation.layout import WrongFolderError
from qa.evaluation.page import PageRequest, page
from qa.evaluation.scores import Evaluation
from qa.evaluation.scoring import Scoring
from qa.evaluation.text_form import notes, tables


def ring(low: int, high: int) -> list[list[int]]:
    return [[low, low], [high, low], [high, high], [low, high]]


@pytest.fixture
def two(bench: Any) -> Any:
    """A benchmark with the methods `mine` and `oth_er&`."""
    bench.predictions = {"0_0": [], "1_1": ring(10, 24)}
    bench.write()
    other = bench.results / "pixel-level" / "oth_er&" / "matching_result" / "proxford.npy"
    bench.predictions = {}
    bench.save(other, bench.predicted())
    return bench


def evaluation(bench: Any, scoring: Scoring = Scoring.OFFICIAL, *methods: str) -> Evaluation:
    return evaluate(bench.root, bench.results, methods or ("mine", "oth_er&"), scoring)


def test_json_of_one_method_has_its_keys_at_the_top(two: Any) -> None:
    data = json.loads(json.dumps(as_data(evaluation(two, Scoring.OFFICIAL, "mine")), allow_nan=False))
    assert (data["protocol"], data["method"]) == ("official", "mine")
    columns = {"medium_box", "medium_mask", "hard_box", "hard_mask"}
    assert set(data["oxford"]["mmiou"]) == set(data["oxford"]["map"]) == columns
    assert data["oxford"]["map"]["medium_mask"] is None
    assert data["oxford"]["map"]["medium_box"] is not None
    assert data["oxford"] == data["methods"]["mine"]["oxford"]
    assert len(data["differences"]) == 3


def test_json_of_several_methods_names_them(two: Any) -> None:
    data = as_data(evaluation(two, Scoring.PAPER))
    assert set(data["methods"]) == {"mine", "oth_er&"}
    assert "oxford" not in data
    assert data["methods"]["oth_er&"]["oxford"]["map"]["hard_mask"] is not None


def test_scores_by_query_group_and_difficulty(two: Any) -> None:
    data = as_data(evaluation(two, Scoring.OFFICIAL, "mine"))["oxford"]
    assert [record["group"] for record in data["per_query"]] == ["g00", "g00", "g01"]
    assert [record["queries"] for record in data["per_group"]] == [[0, 1], [2]]
    seen = [record["hard_mask"] for record in data["per_query"]]
    assert data["per_group"][0]["hard_mask"] == pytest.approx((seen[0] + seen[1]) / 2)
    assert data["per_difficulty"]["easy"]["pairs"] == 3
    assert data["per_difficulty"]["easy"]["empty"] == 1
    assert data["per_difficulty"]["easy"]["mask"] == 1.0  # the empty easy pair is left out
    paper = as_data(evaluation(two, Scoring.PAPER, "mine"))["oxford"]
    assert paper["per_difficulty"]["easy"]["mask"] == pytest.approx(2 / 3)
    low, high = paper["intervals"]["mmiou"]["hard_mask"]
    assert low <= paper["mmiou"]["hard_mask"] <= high


def test_csv_has_a_line_for_each_score(two: Any) -> None:
    found = evaluation(two)
    rows = list(csv.reader(io.StringIO(as_csv(found))))
    assert tuple(rows[0]) == HEAD
    assert len(rows) == 1 + 2 * (4 + 2 + 2)
    values = {(row[1], row[3], row[4]): row[5] for row in rows[1:]}
    score = found.methods[0].datasets["oxford"].miou.medium_mask.mean
    assert float(values["mine", "mmiou", "medium_mask"]) == score


def test_latex_is_escaped_and_in_percent(two: Any) -> None:
    text = as_latex(evaluation(two))
    assert r"oth\_er\& & 100.0 & 100.0 & 100.0 & 100.0 \\" in text
    assert text.count(r"\begin{table}") == text.count(r"\end{table}") == 3
    assert r"\emph{official} protocol" in text
    assert escaped("a~b^c\\") == r"a\textasciitilde{}b\textasciicircum{}c\textbackslash{}"


def test_the_text_says_which_protocol_and_where_they_differ(two: Any) -> None:
    console = Console(record=True, width=200, file=io.StringIO())
    for scoring in Scoring:
        found = evaluation(two, scoring)
        for table in tables(found):
            console.print(table)
        text = console.export_text()
        assert f"mean of mIoU in %, {scoring} protocol" in text
        assert text.index("medium box") < text.index("medium mask") < text.index("hard box") < text.index("hard mask")
        assert any(f"Scored by the {scoring} protocol" in note for note in notes(found))
        assert any("official" in note and "paper" in note for note in notes(found))


def test_no_number_is_a_dash_and_null(bench: Any) -> None:
    bench.shapes, bench.predictions = {"5": [[[9, 0], [9, 9]]]}, {"2_5": [[9, 0], [9, 9]]}
    bench.write()
    found = evaluation(bench, Scoring.OFFICIAL, "mine")
    assert as_data(found)["oxford"]["mmiou"]["hard_mask"] is None
    assert "mmiou,hard_mask,,," in as_csv(found)
    assert " -- " in as_latex(found)


class Parsed(HTMLParser):
    """Checks that every element is closed, and collects attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                continue


def page_of(bench: Any, **options: Any) -> str:
    found = evaluation(bench, Scoring.PAPER, "mine")
    return page(PageRequest(bench.root, bench.results, "mine", **options), found)


def test_the_page_marks_positives_forms_and_outlines(two: Any) -> None:
    mask = np.zeros((80, 100), dtype=np.bool_)
    mask[10:30, 10:30] = True
    two.predictions = {"0_0": encode(mask), "0_1": [ring(50, 60), ring(52, 58)]}
    text = page_of(two.write())
    cards = re.findall(r'<div class="card (\w+)">(.*?)</div>', text)
    assert [kind for kind, _ in cards] == ["true", "false", "junk", "false", "false", "false"]
    assert "run-length encoding" in cards[0][1]
    assert "several rings" in cards[1][1]
    assert "box IoU 1.00, mask IoU 1.00" in cards[0][1]
    assert '<path class="p" d="M50,50 60,50 60,60 50,60ZM52,52' in cards[1][1]
    assert "not labelled" in cards[3][1]
    assert Parsed(text).links == []


def test_photographs_are_embedded_when_a_folder_is_given(two: Any, tmp_path: Path) -> None:
    folder = tmp_path / "jpg"
    folder.mkdir()
    for name in ("image_0", "query_0"):
        Image.new("RGB", (100, 80), (200, 30, 30)).save(folder / f"{name}.jpg")
    (folder / "image_1.jpg").write_bytes(b"no picture")
    parsed = Parsed(page_of(two, images=folder))
    assert len(parsed.links) == 2
    assert all(link.startswith("data:image/jpeg;base64,") for link in parsed.links)


def test_names_are_escaped_on_the_page(bench: Any) -> None:
    bench.truth["imlist"][3] = "x&y"
    text = page_of(bench.write(), queries=[("oxford", 2)])
    assert "x&amp;y" in text
    assert "x&y" not in text.replace("x&amp;y", "")


def test_without_a_ranking_the_page_shows_positives_by_iou(two: Any) -> None:
    two.ranking_file.unlink()
    text = page_of(two, queries=[("oxford", 1)])
    assert text.index("image_0") < text.index("image_1")


def test_a_prediction_file_that_is_not_regular_is_shown_too(two: Any) -> None:
    two.predictions = {"0_1": np.array(ring(10, 29))}
    assert "mask IoU 1.00" in page_of(two.write())


@pytest.mark.parametrize("query", [("oxford", 3), ("paris", 0), ("oxford", -1)])
def test_a_query_that_is_not_there_is_refused(two: Any, query: tuple[str, int]) -> None:
    with pytest.raises(WrongFolderError, match="no query"):
        page_of(two, queries=[query])
