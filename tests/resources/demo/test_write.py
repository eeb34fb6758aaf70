"""What the demo set looks like on disk."""

from __future__ import annotations

import pickle
import pickletools
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from annotator.processes.pool import WorkerPool
from resources.demo.jpeg import indexed_png, jpeg_bytes
from resources.demo.render import render
from resources.demo.scenes import demo_scenes, scene_named
from resources.demo.write import GROUND_TRUTH, DemoFiles, write_demo

SCALE = 0.3


@pytest.fixture(scope="module")
def written(demo_template: tuple[Path, object]) -> DemoFiles:
    """As the demo project has it."""
    folder = demo_template[0].parent / "images"
    return DemoFiles(folder / "jpg", folder / GROUND_TRUTH, demo_scenes())


def test_every_scene_is_a_jpeg_and_nothing_else_lies_there(written: DemoFiles) -> None:
    assert {p.name for p in written.images.iterdir()} == {f"{s.name}.jpg" for s in demo_scenes()}
    assert {p.name for p in written.images.parent.iterdir()} == {"jpg", "gnd_demo.pkl"}


def test_the_ground_truth_has_the_structure_of_the_original(written: DemoFiles) -> None:
    data = pickle.loads(written.ground_truth.read_bytes())
    assert set(data) == {"gnd", "imlist", "qimlist"}
    assert len(data["gnd"]) == len(data["qimlist"]) == 5
    assert len(data["imlist"]) == 19
    for entry in data["gnd"]:
        assert set(entry) == {"bbx", "easy", "hard", "junk"}
        assert len(entry["bbx"]) == 4
        assert all(type(v) is float for v in entry["bbx"])
        assert all(type(i) is int for key in ("easy", "hard", "junk") for i in entry[key])
    groups = {tuple(tuple(entry[k]) for k in ("easy", "hard", "junk")) for entry in data["gnd"]}
    assert len(groups) == 2
    by_name = {s.name: s for s in demo_scenes()}
    for query, entry in zip(data["qimlist"], data["gnd"], strict=True):
        for difficulty in ("easy", "hard", "junk"):
            found = {data["imlist"][i] for i in entry[difficulty]}
            group = by_name[query].group
            assert found == {s.name for s in demo_scenes() if s.group == group and s.difficulty == difficulty}


def test_the_pickle_builds_plain_containers_only(written: DemoFiles) -> None:
    codes = {code.name for code, _, _ in pickletools.genops(written.ground_truth.read_bytes())}
    assert "PROTO" in codes
    assert not codes & {"GLOBAL", "STACK_GLOBAL", "REDUCE", "BUILD", "NEWOBJ", "INST", "OBJ"}


def test_boxes_lie_in_their_images(written: DemoFiles) -> None:
    data = pickle.loads(written.ground_truth.read_bytes())
    for name, entry in zip(data["qimlist"], data["gnd"], strict=True):
        with Image.open(written.images / f"{name}.jpg") as image:
            width, height = image.size
        x0, y0, x1, y1 = entry["bbx"]
        assert 0 <= x0 < x1 < width
        assert 0 <= y0 < y1 < height


def test_the_turned_photograph_is_shown_upright(written: DemoFiles) -> None:
    scene = next(s for s in demo_scenes() if s.orientation == 6)
    drawn = render(scene, SCALE).image
    path = written.images / f"{scene.name}.jpg"
    with Image.open(path) as image:
        assert image.getexif()[0x0112] == 6
        assert image.size == (drawn.shape[0], drawn.shape[1])
        shown = np.asarray(ImageOps.exif_transpose(image))
    assert shown.shape == drawn.shape
    assert np.abs(shown.astype(int) - drawn).mean() < 6
    assert np.abs(cv2.imread(str(path))[..., ::-1].astype(int) - drawn).mean() < 6


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_each_orientation_comes_back(orientation: int, tmp_path: Path) -> None:
    image = np.zeros((48, 80, 3), np.uint8)
    image[:24, :40] = (250, 20, 20)
    path = tmp_path / "x.jpg"
    path.write_bytes(jpeg_bytes(image, 95, orientation))
    shown = cv2.imread(str(path))[..., ::-1]
    assert shown.shape == image.shape
    assert np.abs(shown.astype(int) - image).mean() < 4


def test_an_unknown_orientation_is_refused() -> None:
    with pytest.raises(KeyError):
        jpeg_bytes(np.zeros((8, 8, 3), np.uint8), 92, 5)


def test_two_processes_write_the_same_bytes_and_report_progress(written: DemoFiles, tmp_path: Path) -> None:
    few = tuple(s for s in demo_scenes() if s.town == "museum" and s.role != "junk")[:3]
    heard: list[tuple[int, int]] = []
    with WorkerPool(2) as pool:
        again = write_demo(tmp_path, SCALE, pool.each, lambda done, total: heard.append((done, total)), few)
    for scene in few:
        name = f"{scene.name}.jpg"
        assert (again.images / name).read_bytes() == (written.images / name).read_bytes()
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_a_set_that_is_there_is_written_over(tmp_path: Path) -> None:
    few = demo_scenes()[:1]
    first = write_demo(tmp_path, 0.1, scenes=few)
    before = first.ground_truth.read_bytes()
    first.ground_truth.write_bytes(b"broken")
    (first.images / f"{few[0].name}.jpg").write_bytes(b"")
    write_demo(tmp_path, 0.1, scenes=few)
    assert first.ground_truth.read_bytes() == before
    assert cv2.imread(str(first.images / f"{few[0].name}.jpg")) is not None


def test_an_indexed_png_is_close_to_its_picture(tmp_path: Path) -> None:
    image = render(scene_named("gate_000012"), SCALE).image
    path = tmp_path / "x.png"
    path.write_bytes(indexed_png(image, 64))
    with Image.open(path) as found:
        assert found.mode == "P"
        assert np.abs(np.asarray(found.convert("RGB")).astype(int) - image).mean() < 6
