"""Whatever stands in the place of any part of a release's JSON: findings and sentences, never a crash."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
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


def read_everything(root: Path) -> None:
    release = load_release(root)
    assert release.complete in (True, False)
    for dataset in release.values():
        for one in (*dataset.pairs[:3], *dataset.queries[:2]):
            one.mask()
            one.released.rings()
        dataset.protocol(Protocol.HARD)


@pytest.fixture
def forged(forgeries: Any) -> Callable[[Path, int], Iterator[object]]:
    """Forgeries of a JSON file, one after the other on the disk, which then is as it was: what was done comes."""

    def on_the_disk(path: Path, number: int) -> Iterator[object]:
        original = path.read_bytes()
        try:
            for done, content in forgeries(json.loads(original), JUNK, number):
                path.write_text(json.dumps(content))
                yield done
        finally:
            path.write_bytes(original)

    return on_the_disk


FILES = ("MANIFEST.json", "masks/foo/masks.json", "masks/foo/queries.json", "labels/foo/g00/im_000.json")


@pytest.mark.parametrize("name", FILES)
def test_reading_a_forged_release_raises_sentences_alone(release: Path, forged: Any, name: str) -> None:
    told = []
    for _ in forged(release / name, 150):
        try:
            read_everything(release)
        except BadFileError as error:
            told.append(str(error))
    assert told
    assert all(sentence.endswith(".") for sentence in told)


@pytest.mark.parametrize("name", [*FILES, "groups/foo.json", "groups/oxford.json"])
def test_verifying_a_forged_release_gives_findings_that_can_be_printed(release: Path, forged: Any, name: str) -> None:
    for done in forged(release / name, 25):
        findings = verify_release(release)
        assert name in {finding.file for finding in findings}, done
        text = "".join(map(str, findings))
        assert text.encode()
        assert "\n" not in text
        assert "\x1b" not in text
    assert verify_release(release) == []


@pytest.mark.parametrize("name", FILES[:2])
def test_comparing_with_a_forged_release_raises_sentences_alone(
    release: Path, forged: Any, make_material: Any, name: str
) -> None:
    material = make_material("foo", without=tuple(range(9)))
    told = []
    for _ in forged(release / name, 80):
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
