"""Releases as a whole: what is in them, when they are refused, that they are atomic, reproducible and resumed."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from annotator.domain import rle
from annotator.domain.errors import EnvironmentFault, RefusedError
from annotator.domain.raster import mask_of
from export import staging as staging_module
from export.options import ReleaseOptions
from export.parallel import mapped
from export.release import release_material
from export.verify import verify_release


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_everything_that_the_format_names_is_there(release: Path) -> None:
    names = set(files_of(release))
    for dataset, folder in (("foo", "foo"), ("oxford", "roxford5k")):
        for wanted in (
            f"{dataset}_pair2labelpath.npy",
            f"labels/{dataset}/g00/im_003.json",
            f"labels/{dataset}/g01/im_004.json",
            f"queries/{dataset}/0.json",
            f"revisitop/data/{folder}/gnd_{folder}.pkl",
            f"masks/{dataset}/masks.json",
            f"masks/{dataset}/queries.json",
            f"provenance/{dataset}.jsonl",
            f"groups/{dataset}.json",
            f"coco/{dataset}.json",
            f"statistics/{dataset}/summary.json",
            f"statistics/{dataset}/sizes.png",
            f"statistics/{dataset}/contact-sheets/g01.png",
        ):
            assert wanted in names
    assert {"MANIFEST.json", "LICENSE", "RULES.md", "DATASHEET.md", "CITATION.cff", "croissant.json"} <= names
    assert not any(name.endswith((".jpg", "people.json")) or "/png/" in name for name in names)
    assert verify_release(release) == []


def test_the_pair_table_is_what_the_evaluator_loads(release: Path) -> None:
    table = np.load(release / "oxford_pair2labelpath.npy", allow_pickle=True).item()
    assert len(table) == 2 * 6 + 3
    assert table["0_3"] == table["2_3"] == "labels/oxford/g00/im_003.json"
    assert table["1_4"] == "labels/oxford/g01/im_004.json"
    assert {type(item) for pair in table.items() for item in pair} == {str}
    assert all((release / path).is_file() for path in table.values())


def test_labels_refill_to_the_masks_that_were_drawn(release: Path, make_material: Any) -> None:
    material = make_material("oxford")
    masks = {
        (one["category_id"], one["image_id"]): one for one in load(release / "masks/oxford/masks.json")["annotations"]
    }
    for pair in material.pairs:
        drawn = mask_of(material.annotations([pair.final])[pair.final])
        exact = rle.decode(masks[pair.group, pair.index]["segmentation"])
        canvas = np.zeros(exact.shape, dtype=np.uint8)
        document = load(release / pair.label)
        for shape in document["shapes"]:
            cv2.fillPoly(canvas, [np.array(shape["points"], dtype=np.int32)], 1)
        assert (canvas.astype(bool) == exact).all()
        assert (document["imageWidth"], document["imageHeight"]) == (60, 44)
        if drawn.any():
            assert (exact == drawn).all()
        else:
            assert exact.sum() == 4


def test_provenance_says_who_and_how(release: Path) -> None:
    lines = [json.loads(line) for line in (release / "provenance/oxford.jsonl").read_text().splitlines()]
    assert [line["pair"] for line in lines] == [
        *(f"0_{index}" for index in range(6)),
        *(f"1_{index}" for index in (4, 7, 8)),
        *(f"2_{index}" for index in range(6)),
    ]
    by_pair = {line["pair"]: line for line in lines}
    plain = by_pair["0_2"]
    assert plain["rounds"][0] == {
        "step": "annotate",
        "by": "A3",
        "at": "2025-01-07T12:11:00Z",
        "iou_to_final": pytest.approx(0.744324),
        "verdict": "submitted",
        "active_seconds": 40.5,
        "proposer": "transfer",
    }
    assert [one["iou_to_final"] for one in plain["rounds"][1:]] == [1.0, 1.0]
    assert by_pair["0_5"]["flags"] == ["occluder-cut", "invisible"]
    assert by_pair["0_3"]["flags"] == ["several-components"]
    assert by_pair["0_1"]["flags"] == ["exif-orientation-6", "has-holes"]
    assert by_pair["0_4"]["flags"] == ["kept-occlusion"]
    label = release / plain["label"]
    assert plain["label_sha256"] == hashlib.sha256(label.read_bytes()).hexdigest()


def test_the_same_material_gives_the_same_bytes(make_material: Any, tmp_path: Path, release: Path) -> None:
    release_material([make_material("foo"), make_material("oxford")], tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(release)


def test_incomplete_releases_are_asked_for_and_say_so(make_material: Any, tmp_path: Path) -> None:
    material = make_material(without=(1, 4), without_queries=(1,))
    with pytest.raises(RefusedError, match=r"2 pairs are not done \(g00:im_001, g00:im_004\) and 1 query has"):
        release_material([material], tmp_path / "out")
    assert not list(tmp_path.glob("*out*"))
    report = release_material([material], tmp_path / "out", allow_incomplete=True)
    assert (report.pairs, report.query_masks, report.missing) == (7, 2, 3)
    manifest = load(tmp_path / "out/MANIFEST.json")
    assert manifest["allow_incomplete"] is True
    assert manifest["missing"] == {"oxford": {"pairs": ["g00:im_001", "g00:im_004"], "queries": [1]}}
    assert not (tmp_path / "out/labels/oxford/g00/im_001.json").exists()
    table = np.load(tmp_path / "out/oxford_pair2labelpath.npy", allow_pickle=True).item()
    assert "0_1" not in table
    assert "1_4" in table
    assert verify_release(tmp_path / "out") == []


def test_a_dataset_without_a_finished_pair_is_in_a_release_with_its_groups(make_material: Any, tmp_path: Path) -> None:
    nothing = make_material("paris", without=tuple(range(9)), without_queries=(0, 1, 2))
    release_material([make_material("oxford"), nothing], tmp_path / "out", allow_incomplete=True)
    assert verify_release(tmp_path / "out") == []
    assert load(tmp_path / "out/masks/paris/masks.json")["annotations"] == []


def test_what_is_refused_leaves_nothing(make_material: Any, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="No pair is done"):
        release_material([make_material(without=tuple(range(9)))], tmp_path / "out", allow_incomplete=True)
    with pytest.raises(RefusedError, match="same dataset"):
        release_material([make_material(), make_material()], tmp_path / "out")
    (tmp_path / "there").mkdir()
    with pytest.raises(RefusedError, match="exists"):
        release_material([make_material()], tmp_path / "there")
    assert not list(tmp_path.glob("*out*"))
    assert not list((tmp_path / "there").iterdir())


def test_a_broken_polygon_in_a_final_annotation_is_refused(make_material: Any, tmp_path: Path) -> None:
    from annotator.domain.geometry import polygon
    from annotator.domain.shapes import Annotation, Role, Shape

    crossed = Annotation((60, 44), (Shape("1", Role.OBJECT, polygon([[5, 5], [30, 30], [30, 5], [5, 28]])),))
    material = make_material()
    inner = material.annotations
    broken = make_material(annotations=lambda wanted: dict(inner(wanted)) | {2: crossed})
    with pytest.raises(RefusedError, match=r"oxford g00:im_000: .*crosses itself"):
        release_material([broken], tmp_path / "out")
    release_material([broken], tmp_path / "out", allow_incomplete=True)
    (error,) = load(tmp_path / "out/MANIFEST.json")["errors"]["oxford"]
    assert error.startswith("g00:im_000")


def test_masks_for_another_image_size_are_refused(make_material: Any, tmp_path: Path) -> None:
    small = np.zeros((40, 60), dtype=bool)
    small[5:30, 5:30] = True
    with pytest.raises(RefusedError, match="masks of im_004 in different groups are for images of different sizes"):
        release_material([make_material(masks={4: small})], tmp_path / "out", allow_incomplete=True)
    material = make_material()
    pairs = [replace(pair, image=replace(pair.image, size=(61, 44))) for pair in material.pairs[:1]]
    replaced = replace(material, pairs=(*pairs, *material.pairs[1:]))
    with pytest.raises(RefusedError, match="mask is for 60 × 44 pixels, and the photograph has 61 × 44 by now"):
        release_material([replaced], tmp_path / "out")
    assert not list(tmp_path.glob("*out*"))


def test_a_full_disk_leaves_nothing_behind(make_material: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("export.documents.plots", full)
    with pytest.raises(EnvironmentFault, match="No space left on device; make room"):
        release_material([make_material()], tmp_path / "out")
    assert not list(tmp_path.glob("*out*"))


def test_a_killed_release_goes_on_and_gives_the_same_bytes(
    make_material: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release_material([make_material()], tmp_path / "whole")
    material = make_material()

    def kill(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("export.release.write_documents", kill)
        with pytest.raises(KeyboardInterrupt):
            release_material([material], tmp_path / "out")
    partial = tmp_path / ".out.partial"
    journal = partial / ".finished.jsonl"
    entries = journal.read_text().splitlines()
    assert len(entries) == 9 + 3
    journal.write_text("\n".join(entries[:5]) + "\n" + entries[5][:40])  # torn, as a kill leaves it
    (partial / "labels/oxford/g00/im_001.json").write_text("altered")
    (partial / "labels/oxford/g77").mkdir()
    (partial / "labels/oxford/g77/stranger.json").write_text("{}")
    asked: list[int] = []

    def annotations(wanted: set[int]) -> Any:
        asked.extend(wanted)
        return material.annotations(wanted)

    release_material([make_material(annotations=annotations)], tmp_path / "out")
    assert set(asked) == {3, 4, *range(11, 19)}  # the altered one, and what was not in the journal
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")
    assert not partial.exists()


def test_options(make_material: Any, tmp_path: Path) -> None:
    options = ReleaseOptions(title="Gates", version="2.1", png=True, names=True)
    done: list[tuple[int, int, str]] = []
    release_material([make_material()], tmp_path / "out", False, lambda *step: done.append(step), options)
    picture = cv2.imread(str(tmp_path / "out/masks/oxford/png/g00/im_001.png"), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert set(np.unique(picture)) == {0, 255}
    assert (picture > 0).sum() == 898
    assert load(tmp_path / "out/provenance/people.json") == {"oxford": {"A1": "Ada", "A2": "Grace"}}
    assert load(tmp_path / "out/MANIFEST.json")["version"] == "2.1"
    assert done[0] == (1, 12, "masks of oxford")
    assert all(step <= total for step, total, _ in done)
    assert verify_release(tmp_path / "out") == []


def test_a_matlab_ground_truth_is_copied_under_its_own_name(make_material: Any, tmp_path: Path) -> None:
    copy = tmp_path / "ground_truth.mat"
    copy.write_bytes(b"MATLAB")
    release_material([make_material(ground_truth_file=copy)], tmp_path / "out")
    assert (tmp_path / "out/revisitop/data/roxford5k/gnd_roxford5k.mat").read_bytes() == b"MATLAB"
    assert not (tmp_path / "out/revisitop/data/roxford5k/gnd_roxford5k.pkl").exists()


def test_flushing_works_without_a_global_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("text")
    monkeypatch.delattr(os, "sync", raising=False)
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    staging_module._to_disk(tmp_path)
    assert len(flushed) == 1


def test_many_items_are_worked_on_in_processes_in_order() -> None:
    assert list(mapped(abs, range(-400, 0), workers=2)) == list(range(400, 0, -1))
    with pytest.raises(TypeError):
        list(mapped(abs, ["text"] * 400, workers=2))
