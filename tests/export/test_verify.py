"""Verification: any changed byte is found, and whatever a hostile release holds gives findings, never an error."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.checksums import checksums_text
from export.manifest import manifest_bytes
from export.verification.finding import Finding, shortened
from export.verification.label import ExpectedMask, label_problems
from export.verify import verify_release


def resealed(root: Path) -> Path:
    """Make manifest and checksums fit the files again, as somebody would who forges a release."""
    old = json.loads((root / "MANIFEST.json").read_text())
    head = {key: value for key, value in old.items() if key not in ("format", "tool", "self_sha256", "files")}
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    names = [name for name in names if name not in ("MANIFEST.json", "SHA256SUMS")]
    hashes = {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in names}
    (root / "SHA256SUMS").write_text(checksums_text(hashes))
    files = {name: ((root / name).stat().st_size, sha256) for name, sha256 in hashes.items()}
    sums = (root / "SHA256SUMS").read_bytes()
    files["SHA256SUMS"] = (len(sums), hashlib.sha256(sums).hexdigest())
    (root / "MANIFEST.json").write_bytes(manifest_bytes(head, files))
    return root


def texts(findings: list[Finding]) -> str:
    return "\n".join(str(finding) for finding in findings)


def test_a_flipped_byte_in_any_file_is_found(release: Path) -> None:
    chooser = random.Random(7)
    files = sorted(path for path in release.rglob("*") if path.is_file())
    for path in files:
        content = bytearray(path.read_bytes())
        place = chooser.randrange(len(content))
        original = content[place]
        content[place] ^= 1 << chooser.randrange(8)
        path.write_bytes(content)
        found = {finding.file for finding in verify_release(release)}
        assert path.relative_to(release).as_posix() in found
        content[place] = original
        path.write_bytes(content)
    assert verify_release(release) == []


@pytest.mark.parametrize("name", ["MANIFEST.json", "SHA256SUMS"])
def test_every_byte_of_the_two_that_cover_the_rest_is_covered(release: Path, name: str) -> None:
    path = release / name
    content = path.read_bytes()
    for place in range(0, len(content), 97):
        changed = bytearray(content)
        changed[place] ^= 4
        path.write_bytes(changed)
        assert name in {finding.file for finding in verify_release(release)}


def test_missing_added_and_linked_files_are_found(release: Path, tmp_path: Path) -> None:
    (release / "labels/foo/g00/im_000.json").unlink()
    (release / "extra.txt").write_text("more")
    outside = tmp_path / "outside.json"
    shutil.move(release / "labels/foo/g00/im_001.json", outside)
    (release / "labels/foo/g00/im_001.json").symlink_to(outside)
    found = texts(verify_release(release))
    assert "labels/foo/g00/im_000.json: it cannot be read" in found
    assert "extra.txt: the manifest does not list this file" in found
    assert "labels/foo/g00/im_001.json: this is a link" in found
    assert "labels/foo/g00/im_001.json: this is no plain file" in found


def test_what_is_no_release(tmp_path: Path) -> None:
    assert "no such directory" in texts(verify_release(tmp_path / "nowhere"))
    (tmp_path / "file").write_text("")
    assert "this is a file; name the release's directory" in texts(verify_release(tmp_path / "file"))
    assert "cannot be read" in texts(verify_release(tmp_path))
    (tmp_path / "MANIFEST.json").write_text("[" * 100_000)
    assert "no valid JSON" in texts(verify_release(tmp_path))
    (tmp_path / "MANIFEST.json").write_text('{"files": {"../x": {"size": 1, "sha256": "0"}, "/etc/passwd": 3, "a": 4}}')
    found = texts(verify_release(tmp_path))
    assert "'../x', which leaves the release" in found
    assert "'/etc/passwd', which leaves the release" in found
    assert "no size and SHA-256 for a" in found


def table_of(root: Path) -> dict[str, Any]:
    return dict(np.load(root / "foo_pair2labelpath.npy", allow_pickle=True).item())


def save_table(root: Path, table: object) -> None:
    with (root / "foo_pair2labelpath.npy").open("wb") as stream:
        np.save(stream, np.array(table, dtype=object), allow_pickle=True)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda table: table.update({"0_0": "../../etc/passwd"}), "leaves the release"),
        (lambda table: table.update({"0_0": "/etc/passwd"}), "leaves the release"),
        (lambda table: table.update({"0_0": "labels/foo/g00/im_001.json"}), "instead of labels/foo/g00/im_000.json"),
        (lambda table: table.update({"0_0": 5}), "is no path but '5'"),
        (lambda table: table.pop("0_0"), "no entry for 0_0, at which the evaluator stops"),
        (lambda table: table.update({"0_6": "labels/foo/g00/im_000.json"}), "'0_6' is no pair"),
    ],
)
def test_forged_pair_tables(release: Path, change: Callable[[dict[str, Any]], object], expected: str) -> None:
    table = table_of(release)
    change(table)
    save_table(release, table)
    found = verify_release(resealed(release))
    assert {finding.check for finding in found} == {"pair table"}
    assert expected in texts(found)


class Bomb:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.folder / "executed"),)


def test_a_pickle_that_would_execute_code_is_refused_and_not_run(release: Path, tmp_path: Path) -> None:
    save_table(release, {"0_0": Bomb(tmp_path)})
    found = texts(verify_release(resealed(release)))
    assert "nothing of it was run" in found
    (release / "revisitop/data/foo/gnd_foo.pkl").write_bytes(pickle.dumps(Bomb(tmp_path)))
    assert "gnd_foo.pkl" in texts(verify_release(resealed(release)))
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00v\x00{'descr': '<f8'}", b"{}" * 50])
def test_truncated_tables(release: Path, content: bytes) -> None:
    (release / "foo_pair2labelpath.npy").write_bytes(content)
    assert "pair table" in {finding.check for finding in verify_release(resealed(release))}


LABEL = "labels/foo/g00/im_001.json"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda data: data["shapes"][0]["points"].__setitem__(0, [float("nan"), 1]), "no valid JSON"),
        (lambda data: data["shapes"][0]["points"].__setitem__(0, [10**9, 1]), "a point outside the image of 60 × 44"),
        (lambda data: data["shapes"][0]["points"].__setitem__(0, [10**30, 1]), "not a list of whole"),
        (lambda data: data["shapes"][0]["points"].__setitem__(0, [-1, 1]), "a point outside the image"),
        (lambda data: data["shapes"][0]["points"].__setitem__(0, [9.5, 6]), "not a list of whole"),
        (lambda data: data["shapes"][0]["points"].__setitem__(0, [1]), "not a list of whole"),
        (lambda data: data["shapes"][0]["points"].__setitem__(0, [9, 8]), "differ from masks/foo/masks.json in"),
        (lambda data: data["shapes"][0].update(points=[]), "not a list of whole"),
        (lambda data: data["shapes"][0].update(shape_type="rectangle"), "shape 1 is no polygon"),
        (lambda data: data["shapes"].append(data["shapes"][0]), "2 shapes for a mask of 1 components"),
        (lambda data: data.update(shapes=[]), "it has no shape"),
        (lambda data: data.update(shapes="x"), "it has no shape"),
        (lambda data: data.update(imageWidth=59), "its image size is not the 60 × 44"),
        (lambda data: data.update(imagePath="../../secret.jpg"), "it should be 'im_001.jpg'"),
    ],
)
def test_forged_labels(release: Path, change: Callable[[dict[str, Any]], object], expected: str) -> None:
    data = json.loads((release / LABEL).read_text())
    change(data)
    (release / LABEL).write_text(json.dumps(data))
    found = verify_release(resealed(release))
    assert {finding.file for finding in found if finding.check == "labels"} == {LABEL}
    assert expected in texts(found)


def test_two_million_points_are_checked_all_the_same(release: Path) -> None:
    data = json.loads((release / LABEL).read_text())
    data["shapes"][0]["points"] = [[9, 6], [9, 36]] * 1_000_000
    (release / LABEL).write_text(json.dumps(data))
    assert "differ from masks/foo/masks.json" in texts(verify_release(resealed(release)))


def forge_masks(root: Path, change: Callable[[dict[str, Any]], object]) -> str:
    path = root / "masks/foo/masks.json"
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    return texts(verify_release(resealed(root)))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda data: data["annotations"][1].update(area=5), "says area 5 of its mask; it has 898"),
        (lambda data: data["annotations"][1].update(holes=0), "says holes 0"),
        (lambda data: data["annotations"][1].update(bbox=[0, 0, 1, 1]), "says bbox"),
        (lambda data: data["annotations"][1].update(image_id=0), "is there twice"),
        (lambda data: data["annotations"][1].update(id=1), "is there twice"),
        (lambda data: data["annotations"][1].update(category_id=1), "image 1 has no place in group 1"),
        (lambda data: data["annotations"].pop(1), "no mask of image 1 in group 0"),
        (lambda data: data["annotations"][1]["segmentation"].update(counts="~~~~"), "no exact mask"),
        (lambda data: data["annotations"][1]["segmentation"].update(counts=[10**12]), "no exact mask"),
        (lambda data: data["annotations"][1]["segmentation"].update(size=[10**9, 10**9]), "size of its mask"),
        (lambda data: data["annotations"][1].update(segmentation=None), "has no mask"),
        (lambda data: data["images"][1].update(width=10**9, height=10**9), "has no possible size"),
        (lambda data: data["images"][1].update(file_name="../x.jpg"), "the ground truth names it"),
        (lambda data: data.update(images=3), "no COCO file"),
        (lambda data: data["annotations"].append(None), "without id"),
    ],
)
def test_forged_masks(release: Path, change: Callable[[dict[str, Any]], object], expected: str) -> None:
    assert expected in forge_masks(release, change)


def test_the_plain_form_of_runs_is_as_good(release: Path) -> None:
    from annotator.domain import rle

    def plain(data: dict[str, Any]) -> None:
        for one in data["annotations"]:
            one["segmentation"]["counts"] = rle.runs(rle.decode(one["segmentation"]))

    assert forge_masks(release, plain) == ""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"difficulty":"easy"', '"difficulty":"hard"', "its difficulty is 'hard' instead of 'easy'"),
        ('"annotation_id":1', '"annotation_id":2', "its annotation_id"),
        ('"pair":"0_1"', '"pair":"0_0"', "line 2 is no provenance of a further pair"),
        ('{"pair":"0_1"', '"pair":"0_1"', "line 2 is no provenance"),
        ('"by":"A2"', '"by":"A1"', "three different people"),
        ('"rounds":[', '"rounds":[3,', "does not say who worked"),
        ('"label_sha256":"', '"label_sha256":"0', "label_sha256 is not the label's"),
    ],
)
def test_forged_provenance(release: Path, old: str, new: str, expected: str) -> None:
    path = release / "provenance/foo.jsonl"
    path.write_text(path.read_text().replace(old, new))
    assert expected in texts(verify_release(resealed(release)))


def test_groups_and_ground_truth_belong_together(release: Path) -> None:
    path = release / "groups/foo.json"
    path.write_text(path.read_text().replace('"junk": [\n    6\n   ]', '"junk": []'))
    shutil.copy(release / "revisitop/data/roxford5k/gnd_roxford5k.pkl", release / "revisitop/data/foo/gnd_foo.pkl")
    assert texts(verify_release(resealed(release))) == "groups/foo.json: its groups are not those of the ground truth."
    (release / "revisitop/data/foo/gnd_foo.pkl").unlink()
    found = texts(verify_release(resealed(release)))
    assert "revisitop/data/foo/gnd_foo.pkl: it cannot be read" in found


def test_stray_labels_and_missing_queries(release: Path) -> None:
    shutil.copy(release / "queries/foo/0.json", release / "queries/foo/7.json")
    (release / "queries/foo/1.json").unlink()
    found = texts(verify_release(resealed(release)))
    assert "queries/foo/7.json: no pair or query of this release leads to it" in found
    assert "queries/foo/1.json: it cannot be read" in found


def test_many_problems_of_one_kind_are_counted() -> None:
    many = [Finding("check", "file", f"problem {number}") for number in range(50)]
    found = shortened([*many, many[0]])
    assert len(found) == 21
    assert str(found[-1]) == "file: 30 more problems of this kind."


def test_a_label_that_the_evaluator_loses_is_excused_by_its_flag() -> None:
    annotation = {"segmentation": {"size": [3, 9], "counts": [26, 1]}, "area": 1, "bbox": [8, 2, 1, 1]}
    expected = ExpectedMask("masks.json", "x.jpg", (9, 3), annotation | {"components": 1, "holes": 0})
    shapes = [{"shape_type": "polygon", "points": [[8, 2]]}]
    content = json.dumps({"imageWidth": 9, "imageHeight": 3, "imagePath": "x.jpg", "shapes": shapes}).encode()
    assert label_problems(content, expected) == ["the published evaluator does not give it 1.0 for itself"]
    assert label_problems(content, expected, ("lost-in-evaluator",)) == []


def test_photographs_are_measured_where_they_are_here(release: Path, tmp_path: Path) -> None:
    import cv2

    folder = tmp_path / "images"
    folder.mkdir()
    cv2.imwrite(str(folder / "im_000.jpg"), np.zeros((44, 60, 3), dtype=np.uint8))
    assert verify_release(release, images=folder) == []
    cv2.imwrite(str(folder / "im_002.jpg"), np.zeros((60, 44, 3), dtype=np.uint8))
    found = texts(verify_release(release, images=folder))
    assert "labels/foo/g00/im_002.json: the photograph im_002.jpg has 44 × 60 pixels" in found
