"""The file between the photographs and the training of the cut: whole, or refused with one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.domain.errors import BadFileError, EnvironmentFault
from annotator.premask.evidence import PLANES
from annotator.premask.lesson_file import Taught, read_examples, write_examples
from annotator.premask.lessons import Example

RANDOM = np.random.default_rng(0)


def _taught(building: str, height: int, width: int, covered: bool = False) -> Taught:
    planes = RANDOM.normal(size=(len(PLANES), height, width)).astype(np.float16)
    return Taught(building, covered, Example(planes, RANDOM.random((height, width)).astype(np.float16)))


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, list[Taught]]:
    taught = [_taught("gate", 8, 11), _taught("hall", 20, 9), _taught("gate", 8, 11, covered=True)]
    write_examples(tmp_path / "lessons.npz", taught)
    return tmp_path / "lessons.npz", taught


def test_what_is_written_is_read(written: tuple[Path, list[Taught]]) -> None:
    path, taught = written
    found = read_examples(path)
    assert [(one.building, one.covered) for one in found] == [("gate", False), ("hall", False), ("gate", True)]
    for one, other in zip(found, taught, strict=True):
        assert np.array_equal(one.example.planes, other.example.planes)
        assert np.array_equal(one.example.answers, other.example.answers)


def test_no_lessons_are_a_file_too(tmp_path: Path) -> None:
    write_examples(tmp_path / "none.npz", [])
    assert read_examples(tmp_path / "none.npz") == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"lessons\.npz: cannot be written"):
        write_examples(tmp_path / "absent" / "lessons.npz", [])


@pytest.mark.parametrize(
    ("part", "value", "sentence"),
    [
        ("names", np.array(["depth"]), "another version"),
        ("shapes", np.array([[8, 11], [20, 9], [8, -11]], np.int32), "do not belong together"),
        ("shapes", np.array([[8, 11], [20, 9]], np.int32), "do not belong together"),
        ("shapes", np.array([8, 11, 20], np.int32), "do not belong together"),
        ("answers", np.zeros(3, np.float16), "do not belong together"),
        ("covered", np.zeros(2, bool), "do not belong together"),
    ],
)
def test_a_file_whose_parts_do_not_fit_is_refused(
    written: tuple[Path, list[Taught]], part: str, value: Any, sentence: str
) -> None:
    path, _ = written
    with np.load(path) as stored:
        parts = dict(stored)
    np.savez(path, **(parts | {part: value}))
    with pytest.raises(BadFileError, match=sentence):
        read_examples(path)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 truncated"])
def test_what_is_no_file_of_lessons_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lessons.npz"
    path.write_bytes(content)
    with pytest.raises(BadFileError, match=r"lessons\.npz: it is no file of lessons"):
        read_examples(path)


def test_a_truncated_file_and_objects_are_refused(written: tuple[Path, list[Taught]], tmp_path: Path) -> None:
    path, _ = written
    content = path.read_bytes()
    for length in (len(content) // 2, len(content) - 30):
        path.write_bytes(content[:length])
        with pytest.raises(BadFileError, match="no file of lessons"):
            read_examples(path)
    np.save(tmp_path / "array.npy", np.zeros(3))
    with pytest.raises(BadFileError, match="no file of lessons"):
        read_examples(tmp_path / "array.npy")
    np.savez(tmp_path / "objects.npz", names=np.array([{"a": 1}], dtype=object))
    with pytest.raises(BadFileError, match="no file of lessons"):
        read_examples(tmp_path / "objects.npz")
