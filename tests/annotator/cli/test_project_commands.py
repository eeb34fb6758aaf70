"""init, import, status, release, verify: a project's way on the command line, and what is refused with nothing left."""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from annotator.datasets.labels.labelme import read_labelme
from annotator.domain.raster import mask_of
from annotator.project import open_project


def _init(cli: Any, town: Any, *more: object) -> Any:
    return cli("init", town.project, "--ground-truth", town.ground_truth, "--images", town.images, *more)


def test_init_makes_a_project_and_lists_what_is_missing(cli: Any, town: Any) -> None:
    found = _init(cli, town)
    assert (found.code, found.err) == (0, "")
    assert "3 queries, 2 groups, 4 pairs; 3 pairs are workable, 1 wait." in found.out
    assert "Index images that are missing, whose pairs wait (1):\n  far\n" in found.out
    assert (town.project / "project.toml").is_file()
    assert not list(town.folder.glob(".*part"))


def test_status_as_json(cli: Any, project: Any) -> None:
    data = cli("status", project.project, "--json").json
    numbers = {key: data[key] for key in ("queries", "groups", "pairs", "workable", "waiting", "done")}
    assert numbers == {"queries": 3, "groups": 2, "pairs": 4, "workable": 3, "waiting": 1, "done": 0}
    assert data["states"]["open"] == 2
    assert data["states"]["waiting"] == 2
    assert data["missing_index_images"] == ["far"]
    assert data["missing_query_images"] == []
    assert _numbers(cli("status", project.project).out)["open"] == 2


def _numbers(text: str) -> dict[str, int]:
    rows = [line.rsplit(None, 1) for line in text.splitlines() if line.rsplit(None, 1)[-1:] and line[-1:].isdigit()]
    return {name.strip(): int(number.replace(",", "")) for name, number in rows}


def test_long_lists_are_shortened(cli: Any, town: Any) -> None:
    names = [f"image{number:02d}" for number in range(20)]
    label = {"easy": list(range(20)), "hard": [], "junk": [], "bbx": [0, 0, 5, 5]}
    town.write_truth({"imlist": names, "qimlist": ["tower"], "gnd": [label]})
    assert "image11\n  and 8 more" in _init(cli, town).out
    assert "image19" in cli("status", town.project, "--all").out


def test_import_takes_query_masks_and_opens_their_group(cli: Any, project: Any) -> None:
    found = cli("import", project.project, project.label("gate"), "--json")
    assert found.json == {"query_masks": 0, "index_masks": 1, "skipped": []}
    with open_project(project.project) as opened:
        (query, *_) = opened.store.query_records()
        assert (query.drawn_by, query.approved_by) == ("Rosa", "Rosa")
        assert query.annotation is not None
        expected = read_labelme(project.label("tower")).annotation
        assert np.array_equal(mask_of(query.annotation), mask_of(expected))
        assert [record.number for record in opened.store.group_records() if record.opened_at] == [0]


def test_import_says_who_must_be_named(cli: Any, town: Any) -> None:
    _init(cli, town)
    cli("import", town.project, town.label("tower")).refused("Say who imports with --as NAME")


def test_a_failed_import_adds_nobody(cli: Any, project: Any) -> None:
    before = project.state()
    two_points = [{"label": "object", "points": [[1, 1], [5, 5]], "shape_type": "polygon"}]
    bad = project.label("spire", shapes=two_points)
    cli("import", project.project, bad, "--as", "Nora").refused("at least 3 vertices, this one has 2")
    cli("import", project.project, project.folder / "absent", "--as", "Nora").refused("no such file or folder")
    assert project.state() == before


def _evil(town: Any) -> Path:
    class Evil:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(town.folder / "it-ran"),)

    return town.write_truth({"imlist": Evil()}, "gnd_evil.pkl")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda town: _evil(town), "nothing of it was run"),
        (lambda town: town.write_truth(_truth(index=9), "gnd_x.pkl"), "outside the 1 index images"),
        (lambda town: town.write_truth(_truth(name="../x"), "gnd_x.pkl"), "leaves the image folder"),
        (lambda town: town.images / "gate.jpg", "no pickle"),
        (lambda town: town.folder / "absent.pkl", "no such file"),
    ],
)
def test_a_bad_ground_truth_leaves_nothing(cli: Any, town: Any, change: Any, words: str) -> None:
    path = change(town)
    before = sorted(town.folder.iterdir())
    cli("init", town.project, "--ground-truth", path, "--images", town.images).refused(words)
    assert sorted(town.folder.iterdir()) == before


def _truth(index: int = 0, name: str = "gate") -> dict[str, Any]:
    label = {"easy": [index], "hard": [], "junk": [], "bbx": [0, 0, 5, 5]}
    return {"imlist": [name], "qimlist": ["tower"], "gnd": [label]}


def test_a_project_is_never_made_over_something(cli: Any, project: Any) -> None:
    before = project.state()
    _init(cli, project).refused("not empty")
    assert project.state() == before


def _huge_png(path: Path) -> None:
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)), (b"IDAT", b""), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def test_broken_images_are_listed_and_their_pairs_wait(cli: Any, town: Any) -> None:
    gate = town.images / "gate.jpg"
    gate.write_bytes(gate.read_bytes()[:-700])
    _huge_png(town.images / "far.png")
    (town.images / "door.jpg").write_text("a letter", encoding="utf-8")
    Image.new("RGB", (9, 9)).save(town.images / "wall.jpg", format="PNG")
    data = _init(cli, town, "--json").json
    assert (data["workable"], data["waiting"]) == (1, 3)
    problems = "\n".join(data["image_problems"])
    for words in ("gate.jpg: truncated", "far.png: oversized: the image of 50,000 × 50,000", "door.jpg: unreadable",
                  "wall.jpg: mislabelled"):  # fmt: skip
        assert words in problems


def test_a_project_of_a_newer_version_is_refused(cli: Any, project: Any) -> None:
    database = project.project / "project.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'r9999'")
    connection.close()
    before = database.read_bytes()
    cli("status", project.project).refused("made by a newer version")
    assert database.read_bytes() == before


def test_release_is_refused_until_pairs_are_done(cli: Any, project: Any) -> None:
    out = project.folder / "R"
    cli("release", project.project, out).refused("nothing to release")
    assert not out.exists()


def test_the_whole_way_to_a_verified_release_and_back(cli: Any, project: Any) -> None:
    for pass_number, person in enumerate(("Ann", "Ben", "Cem"), start=1):
        label = project.label("gate", shift=pass_number)
        pair = ("--pair", "g00:gate", "--pass", pass_number, "--as", person)
        assert cli("submit", project.project, *pair, "--labels", label).code == 0
    out = project.folder / "R"
    cli("release", project.project, out).refused("not done")
    data = cli("release", project.project, out, "--allow-incomplete", "--json").json
    assert (data["pairs"], data["query_masks"], data["datasets"]) == (1, 1, ["town"])
    assert cli("verify", out, "--json").json["findings"] == []
    assert "in order" in cli("verify", project.project).out

    again = project.folder / "Q"
    cli("init", again, "--ground-truth", project.ground_truth, "--images", project.images)
    assert cli("import", again, out, "--as", "Rosa", "--approve", "--json").json["skipped"] == []
    with open_project(again) as opened:
        pair = next(record for record in opened.store.pairs() if record.key.image == "gate")
        expected = read_labelme(project.label("gate", shift=3)).annotation
        assert np.array_equal(mask_of(opened.store.revision(pair.latest_revision)), mask_of(expected))
        query = opened.store.query_records()[0].annotation
        assert np.array_equal(mask_of(query), mask_of(read_labelme(project.label("tower")).annotation))


def test_verify_finds_what_was_altered(cli: Any, project: Any) -> None:
    pair = ("--pair", "g00:gate", "--pass", 1, "--as", "Ann")
    cli("submit", project.project, *pair, "--labels", project.label("gate"))
    with sqlite3.connect(project.project / "project.sqlite") as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE passes SET active_seconds = 99")
    connection.close()
    found = cli("verify", project.project, "--json")
    assert found.code == 1
    assert found.json["findings"]
    no_release = cli("verify", project.folder)
    assert no_release.code == 1
    assert no_release.out.endswith(": 1 finding.\n")


@pytest.mark.parametrize(
    ("name", "queries", "groups", "pairs", "workable"),
    [("roxford5k", 70, 26, 2463, 624), ("rparis6k", 70, 25, 6361, 100)],
)
def test_the_real_datasets(
    cli: Any, shared: Path, tmp_path: Path, name: str, queries: int, groups: int, pairs: int, workable: int
) -> None:
    folder = shared / "data" / name
    wanted = {"queries": queries, "groups": groups, "pairs": pairs, "workable": workable, "waiting": pairs - workable}
    found = []
    for ending in ("pkl", "mat"):
        arguments = ("--ground-truth", folder / f"gnd_{name}.{ending}", "--images", folder / "jpg", "--json")
        data = cli("init", tmp_path / ending, *arguments).json
        assert {key: data[key] for key in wanted} == wanted
        found.append(data | {"name": ""})
    assert found[0] == found[1]
    assert len(found[0]["missing_query_images"]) == 70 - {"roxford5k": 18, "rparis6k": 4}[name]


def test_the_real_masks_are_imported_and_approved(cli: Any, shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "roxford5k"
    cli("init", tmp_path / "P", "--ground-truth", folder / "gnd_roxford5k.pkl", "--images", folder / "jpg")
    found = cli("import", tmp_path / "P", shared / "data" / "masks", "--as", "Rosa", "--approve", "--json")
    assert found.json == {"query_masks": 8, "index_masks": 26, "skipped": []}
    data = cli("status", tmp_path / "P", "--json").json
    assert (data["approved_query_masks"], data["open_groups"]) == (8, 5)
    with open_project(tmp_path / "P") as opened:
        first = opened.groups[0]
        assert [query.number for query in first.queries] == [0, 1, 2, 3, 4, 55]
    shutil.rmtree(tmp_path / "P")
