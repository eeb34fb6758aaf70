"""The image library: found by name, judged without decoding, reported line by line, never stopped."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annotator.datasets import library as library_module
from annotator.datasets.ground_truth import read_ground_truth
from annotator.datasets.library import ImageLibrary
from annotator.datasets.library_report import LibraryReport, ProblemKind
from annotator.domain.errors import BadFileError, EnvironmentFault


def _save(path: Path, size: tuple[int, int] = (40, 30), form: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(sum(path.name.encode())).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(noise).save(path, format=form)
    return path


def _kinds(report: LibraryReport) -> dict[str, ProblemKind]:
    return {problem.name: problem.kind for problem in report.problems}


def test_images_are_found_in_the_tree(tmp_path: Path) -> None:
    _save(tmp_path / "a.jpg", (40, 30))
    _save(tmp_path / "deep" / "er" / "b.JPEG", (50, 20), "JPEG")
    _save(tmp_path / "deep" / "c.png")
    _save(tmp_path / "d.webp")
    _save(tmp_path / "e.tif")
    _save(tmp_path / "f.bmp")
    library = ImageLibrary(tmp_path)
    report = library.scan([*"abcdef", "absent"])
    assert report.present == tuple("abcdef")
    assert report.missing == ("absent",)
    assert report.problems == ()
    assert report.lines() == ["absent: missing: no file of this name."]
    assert library.size("b") == (50, 20)
    assert library.path("b") == tmp_path / "deep" / "er" / "b.JPEG"
    assert library.path("absent") is None
    assert not library.has("absent")


def test_size_and_orientation_are_those_shown(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=exif)
    library = ImageLibrary(tmp_path)
    library.scan(["a"])
    assert library.size("a") == (30, 40)
    assert library.orientation("a") == 6


def test_only_named_images_are_opened(tmp_path: Path) -> None:
    _save(tmp_path / "a.jpg")
    (tmp_path / "other.jpg").write_text("not ours", encoding="utf-8")
    (tmp_path / "a.txt").write_text("not an image", encoding="utf-8")
    (tmp_path / "b").write_text("no ending", encoding="utf-8")
    assert ImageLibrary(tmp_path).scan(["a", "b"]) == LibraryReport(("a",), ("b",), ())


def test_broken_files_are_reported_and_do_not_stop_the_rest(tmp_path: Path) -> None:
    _save(tmp_path / "good.jpg")
    cut = _save(tmp_path / "cut.jpg", (300, 200))
    cut.write_bytes(cut.read_bytes()[:-500])
    cut_png = _save(tmp_path / "cutpng.png", (60, 60))
    cut_png.write_bytes(cut_png.read_bytes()[:-20])
    (tmp_path / "letter.jpg").write_text("not an image", encoding="utf-8")
    (tmp_path / "empty.jpg").touch()
    _save(tmp_path / "really_png.jpg", form="PNG")
    library = ImageLibrary(tmp_path)
    report = library.scan(["cut", "cutpng", "letter", "empty", "really_png", "good"])
    assert _kinds(report) == {
        "cut": ProblemKind.TRUNCATED,
        "cutpng": ProblemKind.TRUNCATED,
        "letter": ProblemKind.UNREADABLE,
        "empty": ProblemKind.UNREADABLE,
        "really_png": ProblemKind.MISLABELLED,
    }
    assert report.present == ("really_png", "good")
    assert len(report.lines()) == 5
    assert all("\n" not in line for line in report.lines())
    with pytest.raises(BadFileError, match="missing or cannot be used"):
        library.size("cut")
    with pytest.raises(BadFileError):
        library.sha256("empty")


def test_a_huge_image_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.datasets.image_file.MOST_PIXELS", 1000)
    _save(tmp_path / "a.png", (40, 30))
    assert _kinds(ImageLibrary(tmp_path).scan(["a"])) == {"a": ProblemKind.OVERSIZED}


def test_bytes_after_the_end_do_not_make_it_truncated(tmp_path: Path) -> None:
    path = _save(tmp_path / "a.jpg")
    path.write_bytes(path.read_bytes() + bytes(100))
    assert ImageLibrary(tmp_path).scan(["a"]).present == ("a",)


def test_the_first_of_several_files_is_taken(tmp_path: Path) -> None:
    _save(tmp_path / "z" / "a.jpg")
    _save(tmp_path / "b" / "a.png")
    library = ImageLibrary(tmp_path)
    report = library.scan(["a"])
    assert library.path("a") == tmp_path / "b" / "a.png"
    assert _kinds(report) == {"a": ProblemKind.DUPLICATE}
    assert str(tmp_path / "z" / "a.jpg") in report.lines()[0]


def test_links_may_not_leave_the_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    _save(outside / "a.jpg")
    _save(outside / "c.jpg")
    _save(inside / "real.jpg")
    (inside / "a.jpg").symlink_to(outside / "a.jpg")
    (inside / "b.jpg").symlink_to(inside / "real.jpg")
    (inside / "more").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "d.jpg").symlink_to(inside / "d.jpg")
    report = ImageLibrary(inside).scan(["a", "b", "c", "d", "real"])
    assert report.present == ("b", "real")
    assert _kinds(report) == {"a": ProblemKind.OUTSIDE}
    assert report.missing == ("c", "d")


def test_a_closed_folder_does_not_stop_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _save(tmp_path / "a.jpg")
    _save(tmp_path / "closed" / "b.jpg")
    scan = os.scandir

    def guarded(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    report = ImageLibrary(tmp_path).scan(["a", "b"])
    assert (report.present, report.missing) == (("a",), ("b",))
    assert "closed: unreadable: this folder cannot be read." in report.lines()[0]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="cannot be read"):
        ImageLibrary(tmp_path / "absent").scan(["a"])


def test_hashes_follow_the_content(tmp_path: Path) -> None:
    path = _save(tmp_path / "a.jpg")
    library = ImageLibrary(tmp_path)
    library.scan(["a"])
    first = library.sha256("a")
    assert first == hashlib.sha256(path.read_bytes()).hexdigest()
    _save(path, (60, 50))
    assert library.sha256("a") == hashlib.sha256(path.read_bytes()).hexdigest() != first
    assert library.size("a") == (60, 50)


def test_what_was_learnt_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _save(tmp_path / "images" / "a.jpg")
    cache = tmp_path / "cache" / "images.json"
    first = ImageLibrary(tmp_path / "images", cache)
    first.scan(["a"])
    digest = first.sha256("a")
    first.save_cache()
    opened: list[Path] = []
    monkeypatch.setattr(library_module, "read_header", opened.append)
    monkeypatch.setattr(library_module, "_sha256", opened.append)
    second = ImageLibrary(tmp_path / "images", cache)
    assert second.scan(["a"]).present == ("a",)
    assert (second.size("a"), second.sha256("a")) == ((40, 30), digest)
    assert opened == []


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = _save(tmp_path / "a.jpg")
    cache = tmp_path / "images.json"
    ImageLibrary(tmp_path, cache).scan(["a"])
    _save(path, (90, 80))
    os.utime(path, ns=(1, 1))
    again = ImageLibrary(tmp_path, cache)
    again.scan(["a"])
    assert again.size("a") == (90, 80)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"form": 1, "files": {"a": [1]}}', '{"form": 9, "files": {}}'])
def test_a_damaged_cache_counts_as_none(tmp_path: Path, content: str) -> None:
    _save(tmp_path / "a.jpg")
    cache = tmp_path / "images.json"
    cache.write_text(content, encoding="utf-8")
    assert ImageLibrary(tmp_path, cache).scan(["a"]).present == ("a",)


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    _save(tmp_path / "a.jpg")
    blocked = tmp_path / "file"
    blocked.touch()
    library = ImageLibrary(tmp_path, blocked / "images.json")
    assert library.scan(["a"]).present == ("a",)


def test_a_disk_that_takes_half_of_the_cache_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _save(tmp_path / "images" / "a.jpg")
    cache = tmp_path / "cache" / "images.json"
    library = ImageLibrary(tmp_path / "images", cache)
    library.scan(["a"])
    before = cache.read_bytes()

    def full(_part: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        assert library.sha256("a")
        library.save_cache()
    assert [path.name for path in cache.parent.iterdir()] == ["images.json"]
    assert cache.read_bytes() == before
    library.save_cache()
    assert cache.read_bytes() != before


def test_a_removed_file_is_a_sentence(tmp_path: Path) -> None:
    path = _save(tmp_path / "a.jpg")
    library = ImageLibrary(tmp_path)
    library.scan(["a"])
    path.unlink()
    with pytest.raises(BadFileError, match="no such file"):
        library.sha256("a")


def test_the_real_folder(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "roxford5k"
    truth = read_ground_truth(folder / "gnd_roxford5k.pkl")
    names = [query.image for query in truth.queries] + list(truth.index_images)
    report = ImageLibrary(folder / "jpg").scan(names)
    assert len(report.present) == 238
    assert len(report.missing) == len(names) - 238
    assert report.problems == ()
    partial = tmp_path / "some"
    partial.mkdir()
    shutil.copy(folder / "jpg" / "all_souls_000013.jpg", partial)
    assert ImageLibrary(partial).scan(names).present == ("all_souls_000013",)
