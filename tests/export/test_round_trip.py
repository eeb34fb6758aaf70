"""A project's way through: import, three passes by three people, release, verify, read back, import again."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PairState, PersonRole, Verdict
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation
from annotator.project.create import create_project
from annotator.project.importing import import_source
from annotator.project.project import Project
from export.gather import gather, pseudonyms_of
from export.options import ReleaseOptions
from export.reader import load_release
from export.release import make_release
from export.verify import verify_project, verify_release
from qa.hand_over import submit, take

from .conftest import SIZE, drawn, square, write_truth

Masks = dict[str, NDArray[np.bool_]]


def people(project: Project) -> None:
    project.store.add_person("Rita", PersonRole.RESEARCHER)
    project.store.add_person("Rolf", PersonRole.RESEARCHER)
    for name in ("Ada", "Bo", "Cy"):
        project.store.add_person(name, PersonRole.ANNOTATOR)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A small project whose images are all here, query masks approved and groups open."""
    truth = write_truth(tmp_path / "gnd_small.pkl")
    images = tmp_path / "images"
    images.mkdir()
    blank = np.full((SIZE[1], SIZE[0], 3), 90, dtype=np.uint8)
    for name in [*(f"im_{n:03d}" for n in range(9)), *(f"q_{n:03d}" for n in range(3))]:
        cv2.imwrite(str(images / f"{name}.jpg"), blank)
    made = create_project(tmp_path / "project", truth, images)
    people(made)
    for number in range(3):
        made.store.save_query_mask(number, drawn(number), "Rita")
        made.store.approve_query_mask(number, "Rolf")
    for group in (0, 1):
        made.store.open_group(group, "Rita")
    return made


def do_pass(project: Project, key: PairKey, person: str, verdict: Verdict, annotation: Annotation | None) -> None:
    work = take(project, key, person)
    result = annotation or work.base or work.annotation
    assert result is not None
    submit(
        project,
        key,
        person,
        verdict,
        result,
        pass_number=work.pass_number,
        base_revision=work.base_revision,
        active_seconds=30.0,
        reason="too much" if verdict is Verdict.RETURNED else "",
    )


def finish(project: Project, key: PairKey, annotation: Annotation | None = None) -> None:
    for person, verdict in (("Ada", Verdict.SUBMITTED), ("Bo", Verdict.APPROVED), ("Cy", Verdict.APPROVED)):
        do_pass(project, key, person, verdict, annotation if verdict is Verdict.SUBMITTED else None)


def masks_of(project: Project) -> Masks:
    """Every standing or latest mask of a project, and its query masks."""
    found: Masks = {}
    for record in project.store.pairs():
        revision = record.standing or record.latest_revision
        if revision is not None:
            found[str(record.key)] = mask_of(project.store.revision(revision))
    for query in project.store.query_records():
        if query.annotation is not None:
            found[f"query {query.number}"] = mask_of(query.annotation)
    return found


def require_equal(first: Masks, second: Masks) -> None:
    assert first.keys() == second.keys()
    assert [name for name in first if not np.array_equal(first[name], second[name])] == []


def masks_read(path: Path, dataset: str) -> Masks:
    read = load_release(path)[dataset]
    found = {str(pair.key): pair.mask() for pair in read.pairs}
    return found | {f"query {query.query.number}": query.mask() for query in read.queries}


def test_a_project_becomes_a_release_and_a_project_again(project: Project, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="No pair is done yet"):
        make_release([project], tmp_path / "release", allow_incomplete=True)
    for number, record in enumerate(project.store.pairs()):
        finish(project, record.key, drawn(number % 5))
    report = make_release([project], tmp_path / "release")
    assert (report.pairs, report.query_masks, report.missing, report.datasets) == (9, 3, 0, ("small",))
    assert verify_release(tmp_path / "release", images=project.library.folder) == []
    assert verify_project(project) == []
    drawn_masks = masks_of(project)
    require_equal(masks_read(tmp_path / "release", "small"), drawn_masks)

    again = create_project(tmp_path / "again", tmp_path / "gnd_small.pkl", project.library.folder)
    people(again)
    taken = import_source(again, tmp_path / "release", "Rita", approve=True)
    assert (taken.query_masks, taken.index_masks, taken.skipped) == (3, 9, ())
    require_equal(masks_of(again), drawn_masks)
    for record in again.store.pairs():
        finish(again, record.key)
    options = ReleaseOptions(version="2.0", earlier=tmp_path / "release")
    make_release([again], tmp_path / "second", options=options)
    changes = json.loads((tmp_path / "second/changes.json").read_text())
    assert changes["datasets"]["small"]["changed"] == {}
    assert changes["datasets"]["small"]["unchanged"] == 9
    begun = [json.loads(line) for line in (tmp_path / "second/provenance/small.jsonl").read_text().splitlines()]
    assert {line["imported"]["source"] for line in begun} == {"release"}
    assert {line["imported"]["iou_to_final"] for line in begun} == {1.0}
    first = (tmp_path / "release/provenance/small.jsonl").read_text()
    assert '"imported"' not in first
    assert verify_release(tmp_path / "second") == []
    labels = sorted((tmp_path / "release/labels").rglob("*.json"))
    assert all(
        (tmp_path / "second" / one.relative_to(tmp_path / "release")).read_bytes() == one.read_bytes() for one in labels
    )
    again.close()
    project.close()


def test_two_releases_of_one_project_are_the_same_bytes(project: Project, tmp_path: Path) -> None:
    finish(project, PairKey(0, "im_001"), drawn(1))
    for name in ("one", "two"):
        make_release([project], tmp_path / name, allow_incomplete=True)
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) > 20
    assert all(
        (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes() == path.read_bytes() for path in files
    )
    project.close()


def test_the_history_of_a_pair_is_in_its_provenance(project: Project, tmp_path: Path) -> None:
    key = PairKey(0, "im_003")
    do_pass(project, key, "Ada", Verdict.SUBMITTED, drawn(0))
    do_pass(project, key, "Bo", Verdict.RETURNED, None)
    do_pass(project, key, "Ada", Verdict.SUBMITTED, drawn(1))
    do_pass(project, key, "Bo", Verdict.REFINED, drawn(2))
    do_pass(project, key, "Cy", Verdict.REFINED, Annotation(SIZE, (square(0, 0, 9),)))
    assert project.store.pair(key).state is PairState.DISPUTE
    final = Annotation(SIZE, (square(1, 1, 30),))
    project.store.record_decision(key, "Rita", PairState.DISPUTE, PairState.DONE, "the gate alone", final)
    make_release([project], tmp_path / "release", allow_incomplete=True)
    lines = [json.loads(line) for line in (tmp_path / "release/provenance/small.jsonl").read_text().splitlines()]
    assert [line["pair"] for line in lines] == ["0_3", "2_3"]
    steps = [(one["step"], one["by"], one["verdict"]) for one in lines[0]["rounds"]]
    assert steps == [
        ("annotate", "A3", "submitted"),
        ("refine+inspect", "A4", "returned"),
        ("annotate", "A3", "submitted"),
        ("refine+inspect", "A4", "refined"),
        ("refine+inspect", "A5", "refined"),
        ("settle", "A1", "settled"),
    ]
    assert lines[0]["rounds"][-1]["iou_to_final"] == 1.0
    assert lines[0]["rounds"][-2]["iou_to_final"] < 0.2
    assert {"settled", "returned"} <= set(lines[0]["flags"])
    assert lines[0]["image_sha256"] == project.library.sha256("im_003")
    (pair,) = load_release(tmp_path / "release")["small"].pairs
    assert np.array_equal(pair.mask(), mask_of(final))
    assert verify_release(tmp_path / "release") == []
    project.close()


def test_a_photograph_that_is_gone_keeps_its_name(project: Project) -> None:
    finish(project, PairKey(0, "im_001"), drawn(1))
    (project.library.folder / "im_001.jpg").unlink()
    project.library.scan(["im_001"])
    material = gather(project, pseudonyms_of([project]))
    (pair,) = material.pairs
    assert (pair.image.file_name, pair.image.sha256) == ("im_001.jpg", "")
    project.close()


def test_an_altered_history_is_found(project: Project) -> None:
    import sqlite3

    finish(project, PairKey(0, "im_001"), drawn(1))
    folder = project.folder
    project.close()
    with sqlite3.connect(folder / "project.sqlite") as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE passes SET active_seconds = 9000 WHERE sequence = 2")
    connection.close()
    from annotator.project.opening import open_project

    with open_project(folder) as opened:
        (finding,) = verify_project(opened)
        assert "was altered" in str(finding)


def test_the_hand_made_masks_survive_the_whole_way(shared: Path, tmp_path: Path) -> None:
    truth, images = shared / "data/roxford5k/gnd_roxford5k.pkl", shared / "data/roxford5k/jpg"
    with create_project(tmp_path / "oxford", truth, images) as project:
        people(project)
        taken = import_source(project, shared / "data/masks", "Rita", approve=True)
        assert (taken.query_masks, taken.index_masks) == (8, 26)
        pairs = [record.key for record in project.store.pairs() if record.latest_revision is not None]
        for key in pairs:
            finish(project, key)
        make_release([project], tmp_path / "release", allow_incomplete=True)
        before = masks_of(project)
    assert verify_release(tmp_path / "release", images=images) == []
    require_equal(masks_read(tmp_path / "release", "oxford"), before)
    for path in sorted((shared / "data/masks/index").glob("*.png")):
        image = path.stem.partition("__")[2]
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        assert any(np.array_equal(picture > 0, mask) for name, mask in before.items() if name.endswith(image))
    with create_project(tmp_path / "again", truth, images) as again:
        people(again)
        taken = import_source(again, tmp_path / "release", "Rita", approve=True)
        assert (taken.query_masks, taken.index_masks) == (8, 26)
        require_equal(masks_of(again), before)
    copy = tmp_path / "release/revisitop/data/roxford5k/gnd_roxford5k.pkl"
    assert copy.read_bytes() == truth.read_bytes()
