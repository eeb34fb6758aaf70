"""Folders in the form of data/masks, as `measure` reads them: what is used, told as missing, and refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from annotator.cli.mask_landmarks import landmark, landmark_files, landmarks_of
from annotator.datasets.labels.labelme import write_labelme
from annotator.domain.errors import AnnotatorError, BadFileError
from annotator.domain.geometry import polygon
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape

SIZE = (40, 30)
HOUSE = Shape("1", Role.OBJECT, polygon([[5, 5], [24, 5], [24, 24], [5, 24]]))
TREE = Shape("2", Role.OCCLUDER, polygon([[5, 5], [9, 5], [9, 24], [5, 24]]), OccluderKind.VEGETATION)
ENTRIES: list[dict[str, Any]] = [
    {"group": "gate", "query_images": ["q", "absent"], "index_image": "a"},
    {"group": "gate", "query_images": ["q"], "index_image": "b"},
    {"group": "hall", "query_images": ["h"], "index_image": "a"},
]


@pytest.fixture
def masks(tmp_path: Path) -> Path:
    """gate: query q, index images a and b; hall: its query has no mask. The image of b is not here."""
    folder, images = tmp_path / "masks", tmp_path / "images"
    for part, name in (("queries", "gate__q"), ("index", "gate__a"), ("index", "gate__b"), ("index", "hall__a")):
        (folder / part).mkdir(parents=True, exist_ok=True)
        write_labelme(folder / part / f"{name}.json", Annotation(SIZE, (HOUSE, TREE)), f"{name[6:]}.png")
    (folder / "pairs.json").write_text(json.dumps(ENTRIES), encoding="utf-8")
    images.mkdir()
    for name in ("q", "a", "h"):
        Image.new("RGB", SIZE).save(images / f"{name}.png")
    return folder


def test_what_has_mask_and_image_is_used_and_the_rest_is_told(masks: Path) -> None:
    (gate,), missing = landmark_files(masks, masks.parent / "images")
    assert gate.name == "gate"
    assert [name for name, *_ in gate.queries] == ["q"]
    assert [(name, image.name, label.name) for name, image, label, _ in gate.images] == [("a", "a.png", "gate__a.json")]
    assert missing == [
        "gate__absent.json has no mask in queries.",
        f"The image b is not in {masks.parent / 'images'}.",
        "hall__h.json has no mask in queries.",
    ]


def test_a_reference_is_the_whole_object_and_the_truth_what_is_seen(masks: Path) -> None:
    (gate,), _ = landmark_files(masks, masks.parent / "images")
    found = landmark(gate)
    assert found.queries[0].mask.sum() == 20 * 20
    assert found.truths["a"].sum() == 20 * 15
    assert found.wholes["a"].sum() == 20 * 20
    assert np.array_equal(found.wholes["a"], found.queries[0].mask)


def test_a_mask_of_another_size_than_its_image_is_refused(masks: Path) -> None:
    Image.new("RGB", (41, 30)).save(masks.parent / "images" / "a.png")
    (gate,), _ = landmark_files(masks, masks.parent / "images")
    with pytest.raises(BadFileError, match=r"its image is 41 × 30 px and the mask was drawn on 40 × 30 px"):
        landmark(gate)


def test_groups_of_one_building_and_groups_in_sight_are_told(masks: Path) -> None:
    entries = [ENTRIES[0] | {"building": "town hall"}, ENTRIES[1] | {"near": ["hall", "spire"]}, ENTRIES[2]]
    (masks / "pairs.json").write_text(json.dumps(entries), encoding="utf-8")
    (gate,), _ = landmark_files(masks, masks.parent / "images")
    assert (gate.building, gate.near) == ("town hall", {"hall", "spire"})
    assert (landmark(gate).building, landmark(gate).near) == ("town hall", {"hall", "spire"})
    (masks / "pairs.json").write_text(json.dumps([ENTRIES[0] | {"near": [5]}]), encoding="utf-8")
    with pytest.raises(BadFileError, match=r"pairs\.json"):
        landmark_files(masks, masks.parent / "images")


def test_several_folders_hold_other_groups(masks: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(masks, other)
    with pytest.raises(AnnotatorError, match=r"other: the group gate is in another folder too; rename one of them\."):
        landmarks_of([masks, other], [masks.parent / "images"])
    text = (other / "pairs.json").read_text(encoding="utf-8").replace("gate", "tower")
    (other / "pairs.json").write_text(text, encoding="utf-8")
    for path in other.glob("*/gate__*"):
        path.rename(path.with_name(path.name.replace("gate", "tower")))
    found, missing = landmarks_of([masks, other], [masks.parent / "images"])
    assert [one.name for one in found] == ["gate", "tower"]
    assert len(missing) == 6


def test_an_image_is_taken_from_the_first_folder_that_has_it(masks: Path, tmp_path: Path) -> None:
    further = tmp_path / "further"
    further.mkdir()
    for name in ("a", "b"):
        Image.new("RGB", SIZE).save(further / f"{name}.png")
    (gate,), missing = landmark_files(masks, masks.parent / "images", further)
    assert [(name, image.parent) for name, image, *_ in gate.images] == [("a", masks.parent / "images"), ("b", further)]
    assert "The image b" not in " ".join(missing)
    _, missing = landmark_files(masks, masks.parent / "images", masks)
    assert f"The image b is not in {masks.parent / 'images'} or {masks}." in missing


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a\\b", ".hidden", "", 5, None])
def test_names_that_leave_the_folder_are_refused(masks: Path, name: object) -> None:
    for key, value in (("group", name), ("index_image", name), ("query_images", [name])):
        (masks / "pairs.json").write_text(json.dumps([ENTRIES[0] | {key: value}]), encoding="utf-8")
        with pytest.raises(BadFileError, match=r"pairs\.json: an entry lacks group, query_images or index_image"):
            landmark_files(masks, masks.parent / "images")


def test_without_one_landmark_there_is_nothing_to_measure(masks: Path) -> None:
    for path in (masks / "queries").iterdir():
        path.unlink()
    with pytest.raises(AnnotatorError, match="no query mask with an index mask of its group and their images"):
        landmark_files(masks, masks.parent / "images")


ODD = st.sampled_from([None, 5, 1.5, "x", "", [], {}, [[]], ["q"], {"group": "gate"}, True, "../x", 10**400])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=ODD | st.lists(ODD, max_size=3) | st.lists(
    st.fixed_dictionaries({"group": ODD, "query_images": ODD, "index_image": ODD}), max_size=3
))  # fmt: skip
def test_any_list_of_pairs_is_read_or_one_sentence(masks: Path, content: Any) -> None:
    (masks / "pairs.json").write_text(json.dumps(content), encoding="utf-8")
    try:
        found, missing = landmark_files(masks, masks.parent / "images")
    except AnnotatorError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 (both outcomes are right)
    else:
        assert found
        assert all("\n" not in sentence for sentence in missing)
