"""The documents of a release, each against what reads it or against hand-made cases."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import warnings
from itertools import count
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from pycocotools.coco import COCO

from annotator.datasets.plain_npy import load_npy_dict
from annotator.domain import rle
from annotator.domain.dataset import PairKey
from annotator.domain.errors import BadFileError
from annotator.domain.rules import Rules
from export.changelog import changes_since, compare
from export.checksums import checksums_text, read_checksums
from export.citation import citation_text
from export.json_text import compact, read_json
from export.labels import label_bytes
from export.layout import ground_truth_path, is_plain
from export.licence import CC_BY
from export.manifest import manifest_bytes, proves_itself
from export.options import ReleaseOptions
from export.pair_table import pair_table_bytes
from export.plots import plots
from export.release import release_material
from export.rules_text import rules_document
from export.silhouette import SIDE, picture_of, silhouette
from export.statistics import quantiles


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_croissant_validates_and_gives_the_pairs(released: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the validator's own dependencies
        import mlcroissant

        dataset = mlcroissant.Dataset(jsonld=str(released / "croissant.json"))
        assert not dataset.metadata.ctx.issues.errors
        records = list(dataset.records("oxford-pairs"))
    assert len(records) == 9
    first = {key.partition("/")[2]: value for key, value in records[3].items()}
    assert first["image"] == b"im_003"
    assert (first["group"], first["components"], first["label"]) == (0, 3, b"labels/oxford/g00/im_003.json")


def test_coco_files_are_read_by_the_reference_tools(released: Path) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(released / "coco/oxford.json"))
    assert len(coco.getAnnIds()) == 9 + 3
    (number,) = coco.getAnnIds(
        catIds=[2], imgIds=[next(i for i in coco.imgs if coco.imgs[i]["file_name"] == "im_007.jpg")]
    )
    annotation = coco.anns[number]
    assert annotation["role"] == "easy"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of pycocotools with numpy 2
        assert int(coco.annToMask(annotation).sum()) == annotation["area"] == 898
    with contextlib.redirect_stdout(io.StringIO()):
        exact = COCO(str(released / "masks/oxford/masks.json"))
    assert exact.cats[1]["name"] == "oxford/g01"
    assert {image["license"] for image in coco.imgs.values()} == {one["id"] for one in coco.dataset["licenses"]}


def test_sha256sums_is_what_sha256sum_reads(released: Path) -> None:
    if shutil.which("sha256sum"):
        done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=released, capture_output=True)
        assert (done.returncode, done.stdout) == (0, b"")
    names = set(read_checksums((released / "SHA256SUMS").read_bytes()))
    there = {path.relative_to(released).as_posix() for path in released.rglob("*") if path.is_file()}
    assert there - names == {"SHA256SUMS", "MANIFEST.json"}


@pytest.mark.parametrize("content", [b"\xff\n", b"abc", b"abc  x\n", b"0" * 64 + b"  x\n" + b"1" * 64 + b"  x\n"])
def test_broken_checksums_are_refused(content: bytes) -> None:
    with pytest.raises(BadFileError):
        read_checksums(content)


def test_a_path_with_a_line_break_has_no_checksum() -> None:
    with pytest.raises(ValueError, match="line break"):
        checksums_text({"a\nb": "0" * 64})


def test_the_manifest_counts_and_proves_itself(released: Path) -> None:
    manifest = load(released / "MANIFEST.json")
    assert manifest["counts"]["oxford"] == {
        "queries": 3,
        "query_masks": 3,
        "groups": 2,
        "pairs": 9,
        "query_index_pairs": 15,
        "images": 8,
        "several_components": 3,
        "with_holes": 2,
    }
    assert manifest["oriented_images"]["oxford"] == {"im_001.jpg": 6}
    assert "SHA256SUMS" in manifest["files"]
    assert "MANIFEST.json" not in manifest["files"]
    content = manifest_bytes({"title": "0" * 64}, {})
    assert proves_itself(content, json.loads(content))
    assert not proves_itself(content, {})
    assert not proves_itself(content.replace(b"tool", b"fool"), json.loads(content))


def test_statistics_agree_with_the_masks(released: Path) -> None:
    summary = load(released / "statistics/oxford/summary.json")
    assert summary["difficulty"] == {"easy": 4, "hard": 5}
    assert summary["components"] == {"1": 6, "2": 2, "3": 1}
    assert summary["invisible"] == 1
    assert summary["occlusion"]["vegetation"]["pairs"] == 2
    assert summary["occlusion"]["vegetation"]["share"]["median"] == pytest.approx(5 / 31, abs=1e-6)
    assert summary["active_seconds"]["annotate"]["median"] == 40.5
    assert summary["agreement"]["round 3"]["least"] == 1.0
    with (released / "statistics/oxford/pairs.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[1]["image"] == "im_001"
    assert (rows[1]["area"], rows[1]["holes"], rows[1]["box_x"]) == ("898", "1", "9")
    assert quantiles([]) == {}
    assert quantiles([1, 2, 3])["median"] == 2


def test_plots_are_pictures_with_the_same_bytes_each_time(released: Path) -> None:
    for name in ("sizes", "positions", "occlusion", "components", "agreement", "time"):
        picture = cv2.imread(str(released / f"statistics/oxford/{name}.png"))
        assert picture is not None
        assert picture.shape == (400, 600, 3)
        assert picture.std() > 5
    assert plots([]) == plots([])


def test_plots_on_a_busy_machine_warn_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.perf_counter", count(step=60).__next__)  # every step takes a minute
    assert len(plots([])) == 6


def test_contact_sheets_show_every_mask_and_no_photograph(released: Path) -> None:
    sheet = cv2.imread(str(released / "statistics/oxford/contact-sheets/g00.png"))
    assert sheet is not None
    blue, orange, grey = (
        (sheet == colour).all(axis=2).sum() for colour in ((222, 111, 47), (26, 123, 224), (90, 90, 90))
    )
    assert min(blue, orange, grey) > 2_000


def test_silhouettes_keep_shape_and_size() -> None:
    mask = np.zeros((440, 600), dtype=bool)
    mask[100:300, 200:500] = True
    small = picture_of(silhouette(mask))
    assert small.shape == (70, SIDE)
    assert abs(small.mean() - mask.mean()) < 0.01


def test_texts_say_what_the_project_knows(released: Path, make_material: Any) -> None:
    rules = (released / "RULES.md").read_text(encoding="utf-8")
    assert rules.count("Escalate when in doubt.") == 1
    assert "rule-1.png" not in rules
    assert "**g00**: The gate without the wings." in rules
    datasheet = (released / "DATASHEET.md").read_text(encoding="utf-8")
    for chapter in ("Motivation", "Composition", "Collection process", "Uses", "Distribution", "Maintenance"):
        assert f"## {chapter}" in datasheet
    assert "oxford: 9 pairs in 2 query groups, 3 query masks, 4 easy, 5 hard" in datasheet
    assert "From 2025-01-07 to 2025-01-07." in datasheet
    assert "median 40 s of active work" in datasheet
    different = make_material("paris", rules_text="# Other rules\n", rules=Rules(agreement=0.5))
    both = rules_document([make_material("foo"), different])
    assert "*Rules of foo*" in both
    assert "*Rules of paris*" in both
    assert "IoU of 0.5 are a dispute" in both


def test_licence_and_citation(released: Path) -> None:
    assert "Attribution 4.0" in (released / "LICENSE").read_text(encoding="utf-8")
    text = citation_text('Gates "of" towns', "1.0", "2025-01-07", CC_BY)
    assert 'title: "Gates \\"of\\" towns"' in text
    assert (released / "CITATION.cff").read_text(encoding="utf-8").startswith("cff-version: 1.2.0\n")


def test_labels_are_labelme_documents_in_the_form_of_the_format() -> None:
    ring = np.array([[1, 1], [1, 6], [7, 6]], dtype=np.int32)
    assert label_bytes([ring], 'a"é.jpg', (10, 8)).decode() == (
        '{"version":"5.0.1","flags":{},"imagePath":"a\\"é.jpg","imageData":null,"imageHeight":8,"imageWidth":10,'
        '"shapes":[{"label":"object","group_id":null,"shape_type":"polygon","flags":{},'
        '"points":[[1,1],[1,6],[7,6]]}]}\n'
    )


def test_pair_tables_with_equal_content_have_equal_bytes() -> None:
    one = pair_table_bytes({"0_1": "labels/x", "2_1": "labels/x", "0_2": "labels/y"})
    joined = "".join(["labels", "/x"])
    assert one == pair_table_bytes({"0_1": joined, "2_1": "".join(["labels/", "x"]), "0_2": "labels/y"})
    assert load_npy_dict(one, "table") == {"0_1": "labels/x", "2_1": "labels/x", "0_2": "labels/y"}
    assert np.load(io.BytesIO(one), allow_pickle=True).item()["2_1"] == "labels/x"
    assert b"numpy._core" not in one


def test_changes_against_an_earlier_release(make_material: Any, released: Path, tmp_path: Path) -> None:
    other = np.zeros((44, 60), dtype=bool)
    other[6:37, 8:24] = True
    options = ReleaseOptions(version="1.1", earlier=released)
    release_material([make_material("foo", masks={0: other}, without=(2,))], tmp_path / "out", True, None, options)
    found = load(tmp_path / "out/changes.json")["datasets"]["foo"]
    assert found["changed"] == {"g00:im_000": pytest.approx(16 / 31, abs=1e-6)}
    assert (found["added"], found["removed"], found["unchanged"]) == ([], ["g00:im_002"], 7)
    text = (tmp_path / "out/CHANGES.md").read_text(encoding="utf-8")
    assert "1 masks changed, 0 were added, 1 removed, 7 are the same" in text
    assert "| g00:im_000 | 0.5161 |" in text
    with pytest.raises(BadFileError, match="no such file"):
        changes_since(tmp_path / "nowhere", [])


def test_masks_are_compared_by_their_pixels() -> None:
    mask = np.zeros((4, 5), dtype=bool)
    mask[1:3, 1:4] = True
    key = PairKey(0, "x")
    plain = {"size": [4, 5], "counts": rle.runs(mask)}
    packed = dict(rle.encode(mask))
    assert compare({key: plain}, {key: packed})["changed"] == {}
    assert compare({key: {"size": [4, 5], "counts": [20, 3]}}, {key: packed})["changed"] == {"g00:x": 0.0}
    assert compare({key: {"size": [5, 4], "counts": [20]}}, {key: packed})["changed"] == {"g00:x": 0.0}


def test_a_single_pixel_is_a_change_even_where_the_iou_rounds_to_one() -> None:
    before = np.ones((1200, 1000), dtype=bool)
    after = before.copy()
    after[600, 500] = False
    key = PairKey(0, "x")
    found = compare({key: dict(rle.encode(before))}, {key: dict(rle.encode(after))})
    assert (found["changed"], found["unchanged"]) == ({"g00:x": 0.999999}, 0)
    larger = np.ones((2400, 2000), dtype=bool)
    whole = dict(rle.encode(larger))
    larger[0, 0] = False
    found = compare({key: whole}, {key: dict(rle.encode(larger))})
    assert (found["changed"], found["unchanged"]) == ({"g00:x": 1.0}, 0)


@pytest.mark.parametrize("path", ["", "/x", "../x", "a/../b", "a//b", "a\\b", "C:x", "a/./b", "a\0b"])
def test_paths_that_leave_a_folder(path: str) -> None:
    assert not is_plain(path)


def test_names_of_ground_truth_files() -> None:
    assert is_plain(ground_truth_path("oxford", ".pkl"))
    assert ground_truth_path("oxford", ".pkl") == "revisitop/data/roxford5k/gnd_roxford5k.pkl"
    assert ground_truth_path("paris", ".mat") == "revisitop/data/rparis6k/gnd_rparis6k.mat"
    assert ground_truth_path("foo", ".pkl") == "revisitop/data/foo/gnd_foo.pkl"


@pytest.mark.parametrize("content", [b"[NaN]", b"[Infinity]", b"[" * 100_000, b"\xff", b"[" + b"9" * 5000 + b"]"])
def test_what_is_no_json(content: bytes) -> None:
    with pytest.raises(BadFileError, match="no valid JSON"):
        read_json(content, "file")
    with pytest.raises(ValueError, match="JSON"):
        compact(float("nan"))


def test_nothing_in_a_release_names_this_machine(released: Path) -> None:
    home = os.fsencode(Path.home())
    for path in released.rglob("*"):
        if path.is_file() and path.suffix != ".png":
            content = path.read_bytes()
            assert os.fsencode(released.parent) not in content
            assert len(home) < 3 or home not in content
