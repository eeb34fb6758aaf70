from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from annotator.domain.dataset import PairKey
from annotator.domain.errors import BadFileError, RefusedError
from annotator.domain.passes import PersonRole
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation
from annotator.project import Project, create_project, import_source
from annotator.store.store import Store
from qa.hand_over import submit, take
from qa.workflow import Verdict

Label = Callable[..., Path]


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """Writes a LabelMe file: `label(image, points, size)`."""

    def write(image: str, points: object = None, size: tuple[int, int] = (64, 48), name: str = "") -> Path:
        points = points or [[2, 2], [20, 2], [20, 20], [2, 20]]
        shape = {"label": "object", "points": points, "shape_type": "polygon", "group_id": None, "flags": {}}
        content = {
            "version": "5.0.1",
            "flags": {},
            "shapes": [shape],
            "imagePath": f"{image}.png",
            "imageData": None,
            "imageWidth": size[0],
            "imageHeight": size[1],
        }
        path = tmp_path / "labels" / f"{name or image}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content))
        return path

    return write


def test_labels_become_query_masks_and_starts_of_pass_1(project: Project, label: Label) -> None:
    for image in ("q2", "a", "b"):
        folder = label(image).parent
    report = import_source(project, folder, "rosa", approve=True)
    assert (report.query_masks, report.index_masks, report.skipped) == (1, 2, ())
    query = project.store.query_records(1)[0]
    assert (query.drawn_by, query.approved_by) == ("Rosa", "Rosa")
    assert project.store.group_records()[1].opened_by == "Rosa"
    work = take(project, PairKey(0, "a"), "Ann")
    assert work.annotation is not None
    assert mask_of(work.annotation).sum() == 19 * 19
    submit(
        project, work.key, "Ann", Verdict.SUBMITTED, work.annotation, pass_number=1, base_revision=work.base_revision
    )
    again = import_source(project, folder, "rosa", approve=False)
    assert (again.query_masks, again.index_masks) == (1, 1)
    assert "g00:a has a pass already" in again.skipped[0]
    assert project.store.query_records(1)[0].approved_by is None


def test_what_cannot_be_taken_is_listed(project: Project, label: Label) -> None:
    label("a")
    label("b", size=(63, 48))
    label("c", points=[[2, 2], [20, 20], [20, 2], [2, 20]])
    label("zebra")
    folder = label("a", name="z_again").parent
    report = import_source(project, folder, "Ann", approve=False)
    assert (report.query_masks, report.index_masks) == (0, 1)
    text = "\n".join(report.skipped)
    assert len(report.skipped) == 4
    assert "it is for 63 × 48 pixels, but b has 64 × 48" in text
    assert "zebra" in text
    assert "c.json" in text
    assert "g00:a has a label in this source already" in text


def test_who_may_import_what(project: Project, label: Label) -> None:
    folder = label("q2").parent
    with pytest.raises(RefusedError, match="only a researcher brings in query masks"):
        import_source(project, folder, "Ann", approve=False)
    with pytest.raises(RefusedError, match="Nobody is called 'Zoe'"):
        import_source(project, folder, "Zoe", approve=False)
    with pytest.raises(BadFileError):
        import_source(project, folder / "nothing", "Rosa", approve=False)
    assert project.store.query_records(1)[0].annotation is None


def test_an_error_takes_nothing_in(project: Project, label: Label, monkeypatch: pytest.MonkeyPatch) -> None:
    for image in ("q2", "a", "b"):
        folder = label(image).parent
    real, calls = type(project.store)._save, []

    def breaks(store: Store, *arguments: Any) -> int:
        calls.append(arguments)
        if len(calls) == 2:
            raise MemoryError
        return real(store, *arguments)

    monkeypatch.setattr(type(project.store), "_save", breaks)
    with pytest.raises(MemoryError):
        import_source(project, folder, "Rosa", approve=True)
    assert project.store.query_records(1)[0].annotation is None
    assert all(pair.latest_revision is None for pair in project.store.pairs())


def test_the_real_masks_come_in_pixel_for_pixel(tmp_path: Path, shared: Path) -> None:
    data = shared / "data"
    ground_truth = data / "roxford5k" / "gnd_roxford5k.pkl"
    with create_project(tmp_path / "P", ground_truth, data / "roxford5k" / "jpg") as project:
        project.store.add_person("Rosa", PersonRole.RESEARCHER)
        report = import_source(project, data / "masks", "Rosa", approve=True)
        assert (report.query_masks, report.index_masks, report.skipped) == (8, 26, ())
        saved = [pair for pair in project.store.pairs() if pair.latest_revision is not None]
        drawn: dict[str, list[Annotation]] = {}
        for pair in saved:
            drawn.setdefault(pair.key.image, []).append(project.store.revision(pair.latest_revision or 0))
        for query in project.store.query_records():
            if query.annotation is not None:
                drawn.setdefault(query.image, []).append(query.annotation)
        pictures = sorted(data.glob("masks/*/*.png"))
        assert len(pictures) == 34
        for picture in pictures:
            truth = np.asarray(Image.open(picture)) > 0
            found = [mask_of(annotation) for annotation in drawn[picture.stem.split("__")[1]]]
            assert any(np.array_equal(mask, truth) for mask in found), picture.stem
