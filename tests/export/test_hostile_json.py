"""Whatever stands in the place of any part of a release's JSON: findings and sentences, never a crash."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.dataset import Protocol
from annotator.domain.errors import BadFileError
from export.changelog import changes_since
from export.json_text import indented
from export.measured import Made
from export.reader import load_release
from export.verify import verify_release

JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1.5, "", "x", "../x", "\ud800", "\x1b[31m\n", [], {}, [[]], [1], {"a": 1}, "9" * 5000,
    "gone",
)  # fmt: skip
"""What a part is replaced by; `gone` takes it away."""

Place = tuple[str | int, ...]


def places(content: Any, place: Place = ()) -> Iterator[Place]:
    """Every part of a document; of long lists the first three members."""
    yield place
    members = content.items() if isinstance(content, dict) else enumerate(content[:3]) if type(content) is list else ()
    for key, value in members:
        yield from places(value, (*place, key))


def forged(content: Any, place: Place, value: Any) -> Any:
    if not place:
        return value
    made = copy.deepcopy(content)
    inner = made
    for key in place[:-1]:
        inner = inner[key]
    if value == "gone":
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return made


def read_everything(root: Path) -> None:
    release = load_release(root)
    assert release.complete in (True, False)
    for dataset in release.values():
        for one in (*dataset.pairs[:3], *dataset.queries[:2]):
            one.mask()
            one.released.rings()
        dataset.protocol(Protocol.HARD)


def forgeries(path: Path, number: int) -> Iterator[Place]:
    """`number` forgeries of a JSON file, one after the other on the disk, which then is as it was."""
    original = path.read_bytes()
    content = json.loads(original)
    everywhere = list(places(content))
    chooser = random.Random(5)
    try:
        for _ in range(number):
            place = chooser.choice(everywhere)
            path.write_text(json.dumps(forged(content, place, chooser.choice(JUNK))))
            yield place
    finally:
        path.write_bytes(original)


FILES = ("MANIFEST.json", "masks/foo/masks.json", "masks/foo/queries.json", "labels/foo/g00/im_000.json")


@pytest.mark.parametrize("name", FILES)
def test_reading_a_forged_release_raises_sentences_alone(release: Path, name: str) -> None:
    told = []
    for _ in forgeries(release / name, 150):
        try:
            read_everything(release)
        except BadFileError as error:
            told.append(str(error))
    assert told
    assert all(sentence.endswith(".") for sentence in told)


@pytest.mark.parametrize("name", [*FILES, "groups/foo.json", "groups/oxford.json"])
def test_verifying_a_forged_release_gives_findings_that_can_be_printed(release: Path, name: str) -> None:
    for place in forgeries(release / name, 25):
        findings = verify_release(release)
        assert name in {finding.file for finding in findings}, place
        text = "".join(map(str, findings))
        assert text.encode()
        assert "\n" not in text
        assert "\x1b" not in text
    assert verify_release(release) == []


@pytest.mark.parametrize("name", FILES[:2])
def test_comparing_with_a_forged_release_raises_sentences_alone(release: Path, make_material: Any, name: str) -> None:
    material = make_material("foo", without=tuple(range(9)))
    told = []
    for _ in forgeries(release / name, 80):
        try:
            text, data = changes_since(release, [Made(material, (), ())])
            assert (text + indented(data)).encode()
        except BadFileError as error:
            told.append(str(error))
    assert told
    assert all(sentence.endswith(".") for sentence in told)


@pytest.mark.parametrize("name", [b"x\xff.txt", b"new\nline", b"\x1b[31mred"])
def test_a_file_with_a_name_that_no_terminal_shows_is_told(release: Path, name: bytes) -> None:
    (release / os.fsdecode(name)).touch()
    (finding,) = verify_release(release)
    assert str(finding).isprintable()
    assert str(finding).endswith("the manifest does not list this file.")


def test_a_dataset_that_leaves_the_release_is_not_read(release: Path) -> None:
    path = release / "MANIFEST.json"
    manifest = json.loads(path.read_text())
    manifest["counts"] |= {"../foo": {}, "": {}, "/etc": {}, "Foo": {}}
    path.write_text(json.dumps(manifest))
    assert list(load_release(release)) == ["foo", "oxford"]
    with pytest.raises(KeyError):
        load_release(release)["../foo"]
