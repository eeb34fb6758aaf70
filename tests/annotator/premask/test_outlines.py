"""The outlines of further landmarks that pre-masks are measured and fitted on are whole."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from annotator.cli.mask_landmarks import landmark, landmark_files
from annotator.datasets.labels.labelme import read_labelme
from annotator.domain.raster import mask_of
from resources import accessor

FOLDERS = {
    "outlines": ["christ_church", "louvre", "magdalen", "radcliffe", "tom_tower"],
    "lesson_outlines": [
        "eiffel", "hertford", "notredame", "paphos_arch", "sacre_coeur", "sceaux_castle", "temple_baal",
    ],
    "unseen_outlines": ["british_museum", "nle_tower", "st_pancras_statue"],
}  # fmt: skip
"""The folders of outlines and their groups."""

HERE = Path(__file__).parent
LABELS = sorted(path for folder in FOLDERS for path in HERE.glob(f"{folder}/*/*.json"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_pair_has_its_outlines_and_every_outline_its_pair(folder: str) -> None:
    outlines, named = HERE / folder, set()
    for pair in json.loads((outlines / "pairs.json").read_text(encoding="utf-8")):
        named.add(outlines / "index" / f"{pair['group']}__{pair['index_image']}.json")
        named |= {outlines / "queries" / f"{pair['group']}__{name}.json" for name in pair["query_images"]}
    assert named == {path for path in LABELS if path.parent.parent == outlines}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_table_counts_the_outlines(folder: str) -> None:
    text = (HERE / folder / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\w+) \| [^|]+ \| (\d+) \|", text, re.MULTILINE))
    counts = {group: len(list((HERE / folder / "index").glob(f"{group}__*.json"))) for group in FOLDERS[folder]}
    assert rows == {group: str(count) for group, count in counts.items()}


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_an_outline_is_a_mask_inside_its_image(path: Path) -> None:
    annotation = read_labelme(path).annotation
    mask = mask_of(annotation)
    assert mask.shape == (annotation.size[1], annotation.size[0])
    assert 300 < mask.sum() < 0.95 * mask.size
    assert path.stem.split("__")[1] == Path(json.loads(path.read_text(encoding="utf-8"))["imagePath"]).stem


@pytest.mark.parametrize("folder", FOLDERS)
def test_they_lie_on_the_photographs(shared: Path, folder: str) -> None:
    files, missing = landmark_files(HERE / folder, shared / "data", shared / "training" / "images")
    assert missing == []
    assert sorted(one.name for one in files) == FOLDERS[folder]
    for one in files:
        assert len(landmark(one).truths) == len(one.images)


def test_the_confidence_knows_neither_the_unseen_nor_what_the_features_know() -> None:
    learnt = json.loads(accessor.read_text("premask/fitted.json"))["fitted_on"]
    assert not (set(FOLDERS["unseen_outlines"]) | set(FOLDERS["lesson_outlines"])) & set(learnt)
    assert set(FOLDERS["outlines"]) <= set(learnt)
