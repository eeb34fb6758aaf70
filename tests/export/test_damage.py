"""What disks, transfers and people do to a release: each kind of damage is found, and where."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from export.verify import verify_release

LABEL, OTHER = "labels/foo/g00/im_000.json", "labels/foo/g00/im_002.json"
FILES = (
    LABEL, "foo_pair2labelpath.npy", "masks/foo/masks.json", "provenance/foo.jsonl",
    "revisitop/data/foo/gnd_foo.pkl", "statistics/foo/sizes.png", "SHA256SUMS", "MANIFEST.json",
)  # fmt: skip


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def zeroed(path: Path) -> None:
    """The right length and no content, as a disk leaves it that lost its power."""
    path.write_bytes(bytes(path.stat().st_size))


def windows_lines(path: Path) -> None:
    """A transfer in text mode."""
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def hard_to_read(path: Path) -> None:
    """A pipe in its place, at which a reader would wait for ever."""
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("damage", [cut, emptied, longer, zeroed, windows_lines, folder, hard_to_read])
def test_damage_to_any_file_is_told_with_its_name(release: Path, damage: Callable[[Path], None]) -> None:
    for name in FILES:
        path = release / name
        content = path.read_bytes()
        if damage is windows_lines and b"\n" not in content:
            continue
        damage(path)
        assert name in {finding.file for finding in verify_release(release)}, name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        path.write_bytes(content)
    assert verify_release(release) == []


def told(release: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in verify_release(release):
        found.setdefault(finding.file, []).append(finding.problem)
    return found


def test_two_labels_that_changed_their_places_are_told(release: Path) -> None:
    """Both are whole and listed; only their names are each other's."""
    spare = release.parent / "spare"
    (release / LABEL).rename(spare)
    (release / OTHER).rename(release / LABEL)
    spare.rename(release / OTHER)
    found = told(release)
    assert set(found) == {LABEL, OTHER}
    assert any("names the image" in problem for problem in found[LABEL])


def test_a_dataset_that_was_taken_out_is_told_file_by_file(release: Path) -> None:
    for name in ("labels/foo", "queries/foo", "masks/foo"):
        shutil.rmtree(release / name)
    found = told(release)
    assert LABEL in found
    assert "masks/foo/queries.json" in found
    assert not any(name.startswith("labels/oxford") for name in found)


def test_a_release_inside_a_release_is_all_strangers(release: Path, released: Path) -> None:
    shutil.copytree(released, release / "backup")
    found = told(release)
    assert "backup/MANIFEST.json" in found
    assert all(name.startswith("backup/") for name in found)
    assert all("does not list" in problem for problems in found.values() for problem in problems)


def test_files_that_systems_leave_behind_are_told_alone(release: Path) -> None:
    for name in (".DS_Store", "labels/Thumbs.db", "masks/foo/masks.json~"):
        (release / name).write_bytes(b"x")
    assert set(told(release)) == {".DS_Store", "labels/Thumbs.db", "masks/foo/masks.json~"}


def test_an_empty_folder_is_no_finding(release: Path) -> None:
    (release / "labels/foo/g07").mkdir()
    assert verify_release(release) == []


def test_a_format_of_a_later_version_is_told(release: Path) -> None:
    path = release / "MANIFEST.json"
    path.write_text(path.read_text().replace('"format": "1.0"', '"format": "2.0"', 1))
    problems = told(release)["MANIFEST.json"]
    assert any("its format is '2.0'; this program knows 1.0" in problem for problem in problems)


def test_a_claim_of_completeness_is_not_believed(release: Path) -> None:
    """Who takes out a pair and the mention of it still has its keys in the ground truth."""
    manifest = json.loads((release / "MANIFEST.json").read_text())
    manifest |= {"missing": {"foo": {"pairs": ["g00:im_000"], "queries": []}}}
    (release / "MANIFEST.json").write_text(json.dumps(manifest))
    (release / LABEL).unlink()
    assert any("it cannot be read" in problem for problem in told(release)[LABEL])
    manifest["allow_incomplete"] = True
    (release / "MANIFEST.json").write_text(json.dumps(manifest))
    found = told(release)
    assert any("'0_0' is no pair that this release should have" in problem
               for problem in found["foo_pair2labelpath.npy"])  # fmt: skip
    assert any("image 0 has no place in group 0" in problem for problem in found["masks/foo/masks.json"])


def test_progress_counts_every_file(release: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    assert verify_release(release, progress=lambda *step: steps.append(step)) == []
    total = len(json.loads((release / "MANIFEST.json").read_text())["files"])
    assert steps == [(number, total, "files") for number in range(1, total + 1)]
