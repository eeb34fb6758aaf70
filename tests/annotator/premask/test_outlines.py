"""The outlines of further landmarks that pre-masks are measured and fitted on are whole."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from annotator.cli.mask_landmarks import landmark, landmark_files
from annotator.datasets.labels.labelme import read_labelme
from annotator.domain.raster import mask_of

OUTLINES = Path(__file__).parent / "outlines"
LABELS = sorted(OUTLINES.glob("*/*.json"))
GROUPS = ["christ_church", "louvre", "magdalen", "radcliffe", "tom_tower"]


def test_every_pair_has_its_outlines_and_every_outline_its_pair() -> None:
    named = set()
    for pair in json.loads((OUTLINES / "pairs.json").read_text(encoding="utf-8")):
        named.add(OUTLINES / "index" / f"{pair['group']}__{pair['index_image']}.json")
        named |= {OUTLINES / "queries" / f"{pair['group']}__{name}.json" for name in pair["query_images"]}
    assert named == set(LABELS)


def test_the_table_counts_the_outlines() -> None:
    text = (OUTLINES / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\w+) \| \d+, \w+ \| (\d+) \|", text, re.MULTILINE))
    assert rows == {group: str(len(list((OUTLINES / "index").glob(f"{group}__*.json")))) for group in GROUPS}


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_an_outline_is_a_mask_inside_its_image(path: Path) -> None:
    annotation = read_labelme(path).annotation
    mask = mask_of(annotation)
    assert mask.shape == (annotation.size[1], annotation.size[0])
    assert 300 < mask.sum() < 0.8 * mask.size
    assert path.stem.split("__")[1] == Path(json.loads(path.read_text(encoding="utf-8"))["imagePath"]).stem


def test_they_lie_on_the_photographs(shared: Path) -> None:
    files, missing = landmark_files(OUTLINES, shared / "data")
    assert missing == []
    assert sorted(one.name for one in files) == GROUPS
    for one in files:
        assert len(landmark(one).truths) == len(one.images)
