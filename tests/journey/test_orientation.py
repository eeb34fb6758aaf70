"""All eight EXIF orientations: canvas, raster and release agree on the pixels of the image as shown."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.datasets.decode import decode
from annotator.domain.dataset import PairKey
from annotator.domain.geometry import polygon
from annotator.domain.passes import PersonRole, Verdict
from annotator.domain.raster import fill, mask_of
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.project.create import create_project
from annotator.project.opening import open_project
from annotator.project.project import Project
from annotator.ui import theme
from annotator.ui.canvas.widget import CanvasWidget
from export.reader import load_release
from export.release import make_release
from qa import hand_over

WIDTH, HEIGHT = 96, 64
MARK = (60, 12, 84, 30)
"""The bright rectangle x1, y1, x2, y2 (inclusive) that is the object, in the image as shown."""

# How the pixels as shown are stored for each value of the tag: the inverse of what a viewer does.
STORED = {
    1: lambda shown: shown,
    2: lambda shown: shown[:, ::-1],
    3: lambda shown: shown[::-1, ::-1],
    4: lambda shown: shown[::-1],
    5: lambda shown: shown.transpose(1, 0, 2),
    6: lambda shown: np.rot90(shown, 1),
    7: lambda shown: np.rot90(shown, 2).transpose(1, 0, 2),
    8: lambda shown: np.rot90(shown, -1),
}


def shown_pixels() -> NDArray[np.uint8]:
    image = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
    image[:, :, 2] += np.linspace(0, 90, WIDTH, dtype=np.uint8)
    x1, y1, x2, y2 = MARK
    image[y1 : y2 + 1, x1 : x2 + 1] = 230
    return image


@pytest.fixture(params=sorted(STORED))
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    images = tmp_path / "images"
    images.mkdir()
    tag = Image.Exif()
    tag[0x0112] = request.param
    stored = Image.fromarray(np.ascontiguousarray(STORED[request.param](shown_pixels())))
    for name in ("query", "index"):
        stored.save(images / f"{name}.jpg", quality=100, subsampling=0, exif=tag)
    truth = {
        "gnd": [{"bbx": [50, 5, 90, 40], "easy": [0], "hard": [], "junk": []}],
        "imlist": ["index"],
        "qimlist": ["query"],
    }
    (tmp_path / "gnd_turned.pkl").write_bytes(pickle.dumps(truth, protocol=2))
    with create_project(tmp_path / "Turned", tmp_path / "gnd_turned.pkl", images) as made:
        yield made


def drawing() -> Annotation:
    x1, y1, x2, y2 = MARK
    outline = polygon([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])
    return Annotation((WIDTH, HEIGHT), (Shape("1", Role.OBJECT, outline),))


def bright(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(pixels.min(axis=2) > 150)


def test_decoding_sizes_and_raster_agree(project: Project) -> None:
    path = project.library.path("index")
    assert path is not None
    assert project.library.size("index") == (WIDTH, HEIGHT)
    np.testing.assert_array_equal(bright(decode(path)), mask_of(drawing()))


def test_the_canvas_shows_the_object_where_the_polygon_is(project: Project, qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, theme.DARK)
    path = project.library.path("index")
    assert path is not None
    canvas = CanvasWidget()
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    canvas.set_image(decode(path))
    canvas.set_insets(loupe=False, navigator=False)
    canvas.show()
    seen = canvas.grab().toImage()
    x1, y1, x2, y2 = MARK
    for x, y, inside in [(x1, y1, True), (x2, y2, True), (x1 - 1, y1, False), (x2, y2 + 1, False)]:
        left, top = canvas.view.to_widget((x, y))
        assert (seen.pixelColor(int(left), int(top)).red() > 150) is inside, (x, y)


def test_the_release_holds_the_same_pixels_and_names_turned_images(project: Project, tmp_path: Path) -> None:
    store = project.store
    store.add_person("Lena", PersonRole.RESEARCHER)
    store.save_query_mask(0, drawing(), "Lena")
    store.approve_query_mask(0, "Lena")
    store.open_group(0, "Lena")
    key = PairKey(0, "index")
    for person, verdict in (("Mei", Verdict.SUBMITTED), ("Jonas", Verdict.APPROVED), ("Amara", Verdict.APPROVED)):
        store.add_person(person, PersonRole.ANNOTATOR)
        work = hand_over.take(project, key, person)
        hand_over.submit(
            project,
            key,
            person,
            verdict,
            work.base or drawing(),
            pass_number=work.pass_number,
            base_revision=work.base_revision,
            active_seconds=30,
        )
    make_release([project], tmp_path / "release")
    (pair,) = load_release(tmp_path / "release").pairs()
    np.testing.assert_array_equal(pair.mask(), bright(decode(project.library.path("index") or Path())))
    np.testing.assert_array_equal(pair.mask(), fill([drawing().shapes[0].polygon], (WIDTH, HEIGHT)))
    tag = project.library.orientation("index")
    listed = json.loads((tmp_path / "release" / "MANIFEST.json").read_text())["oriented_images"].get("turned", {})
    assert listed == ({} if tag == 1 else {"index.jpg": tag, "query.jpg": tag})


def test_a_project_is_opened_again_with_the_same_sizes(project: Project) -> None:
    with open_project(project.folder) as again:
        assert again.library.size("query") == (WIDTH, HEIGHT)
