"""MATLAB files are read as scipy reads them, and no byte of a damaged one brings the program down."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.datasets.ground_truth import read_ground_truth
from annotator.datasets.mat import load_mat
from annotator.datasets.plain_mat import read_variables
from annotator.domain.errors import BadFileError

NAMES = ("imlist", "qimlist", "gnd")


def cells(*values: object) -> Any:
    array = np.empty((1, len(values)), dtype=object)
    for place, value in enumerate(values):
        array[0, place] = value
    return array


def labels(*entries: dict[str, object]) -> Any:
    array = np.zeros((len(entries), 1), dtype=[(key, "O") for key in entries[0]])
    for row, entry in enumerate(entries):
        for key, value in entry.items():
            array[row, 0][key] = value
    return array


def saved(compressed: bool = False, **variables: Any) -> bytes:
    stream = io.BytesIO()
    scipy.io.savemat(stream, variables, do_compression=compressed)
    return stream.getvalue()


FIRST = {"easy": [1, 3], "hard": np.empty((1, 0)), "junk": [[2]], "bbx": [1.5, 2, 30, 40]}
TOWN = {"imlist": cells("a", "b", "façade"), "qimlist": cells("q"), "gnd": labels(FIRST)}


@pytest.mark.parametrize("compressed", [False, True])
def test_cells_structs_texts_and_numbers_come_back(compressed: bool) -> None:
    found = read_variables(saved(compressed, **TOWN, other=cells("not asked for")), NAMES)
    assert list(found) == list(NAMES)
    assert found["imlist"] == ["a", "b", "façade"]
    (first,) = found["gnd"]
    assert {key: value.tolist() for key, value in first.items()} == {
        "easy": [1, 3],
        "hard": [],
        "junk": [2],
        "bbx": [1.5, 2.0, 30.0, 40.0],
    }


@pytest.mark.parametrize("kind", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
def test_index_numbers_of_any_type_count_from_zero(kind: str) -> None:
    entry = FIRST | {"easy": np.array([[3, 1]], dtype=kind)}
    (found,) = load_mat(saved(**TOWN | {"gnd": labels(entry)}), "x.mat")["gnd"]  # type: ignore[misc]  # plain data
    assert found["easy"] == [2, 0]


def swapped(data: bytes) -> bytes:
    """A file of one variable with four numbers, as a computer of the other byte order writes it."""
    words = (
        struct.unpack("<II", data[128:136]) + struct.unpack("<4I", data[136:152]) + struct.unpack("<4I", data[152:168])
    )
    head = data[:124] + b"\x01\x00MI" + struct.pack(f">{len(words)}I", *words)
    small = struct.unpack("<I", data[168:172])
    return head + struct.pack(">I", *small) + data[172:176] + _numbers(data[176:])


def _numbers(data: bytes) -> bytes:
    kind, size = struct.unpack("<II", data[:8])
    return struct.pack(">II", kind, size) + np.frombuffer(data[8:], "<f8").astype(">f8").tobytes()


def test_the_other_byte_order_is_read() -> None:
    box = [1.5, 2.0, 30.0, 40.0]
    data = saved(box=np.array([box]))
    assert read_variables(data, ["box"])["box"].tolist() == box
    assert read_variables(swapped(data), ["box"])["box"].tolist() == box


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gnd": "no struct"}, "not those of a ground truth"),
        ({"gnd": np.arange(4.0)}, "not those of a ground truth"),
        ({"gnd": cells(1, 2)}, "2 entries for the 1 images"),
        ({"gnd": cells("x")}, "query 0 has no easy"),
        ({"gnd": labels({"easy": [1], "hard": [2], "bbx": [1, 2, 3, 4]})}, "query 0 has no easy"),
        ({"gnd": labels(FIRST | {"easy": [1.5]})}, "no index number"),
        ({"gnd": labels(FIRST | {"easy": [float("inf")]})}, "no index number"),
        ({"gnd": labels(FIRST | {"easy": [0]})}, "the index -1, outside the 3 index images"),
        ({"gnd": labels(FIRST | {"easy": [9e300]})}, "outside the 3 index images"),
        ({"gnd": labels(FIRST | {"easy": "abc"})}, "no list"),
        ({"gnd": labels(FIRST | {"easy": [1j]})}, "complex"),
        ({"imlist": cells("a", 5)}, "which is no text"),
        ({"imlist": cells("a", cells("b"))}, "which is no text"),
        ({"imlist": np.array(["ab", "cd"])}, "a text of several rows"),
        ({"imlist": cells("../up", "b")}, "leaves the image folder"),
        ({"qimlist": cells(cells(cells(cells(cells(cells(cells(cells(cells("deep")))))))))}, "cells in cells"),
    ],
)
def test_other_content_is_one_sentence(tmp_path: Any, change: dict[str, Any], words: str) -> None:
    path = tmp_path / "gnd_town.mat"
    path.write_bytes(saved(**TOWN | change))
    with pytest.raises(BadFileError, match=words) as caught:
        read_ground_truth(path)
    assert "\n" not in str(caught.value)


def test_a_lacking_list_is_named() -> None:
    with pytest.raises(BadFileError, match="it has no 'gnd'"):
        load_mat(saved(imlist=cells("a"), qimlist=cells("q")), "x.mat")


def test_a_variable_that_swells_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.datasets.plain_mat.LARGEST", 1000)
    packed = zlib.compress(bytes(5000))
    data = saved(a=1)[:128] + struct.pack("<II", 15, len(packed)) + packed
    with pytest.raises(BadFileError, match="cut short or far too large"):
        load_mat(data, "x.mat")


WHOLE = [saved(**TOWN), saved(True, **TOWN)]


@given(whole=st.sampled_from(WHOLE), cut=st.integers(0, 10_000))
def test_a_file_that_was_cut_is_refused(whole: bytes, cut: int) -> None:
    with pytest.raises(BadFileError):
        load_mat(whole[: cut % len(whole)], "x.mat")


@settings(max_examples=400)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, 1 << 16), st.binary(max_size=4), st.sampled_from([0, 4])), min_size=1, max_size=3
    )
)
def test_damaged_bytes_give_a_sentence_or_lists(changes: list[tuple[int, bytes, int]]) -> None:
    """The reader of scipy ends the whole process on some of these."""
    data = bytearray(WHOLE[0])
    for place, replacement, length in changes:
        start = 120 + place % (len(data) - 120)
        data[start : start + (length or len(replacement))] = replacement
    try:
        found = load_mat(bytes(data), "x.mat")
    except BadFileError as error:
        assert str(error).startswith("x.mat: ")  # noqa: PT017 (both outcomes are right)
    else:
        assert set(found) == set(NAMES)


def test_the_real_files_are_read_as_scipy_reads_them(shared: Any) -> None:
    for name in ("roxford5k", "rparis6k"):
        path = shared / "data" / name / f"gnd_{name}.mat"
        expected = scipy.io.loadmat(str(path))
        found = read_variables(path.read_bytes(), NAMES)
        for key in ("imlist", "qimlist"):
            assert found[key] == [str(cell[0]) for cell in expected[key].flat]
        for mine, theirs in zip(found["gnd"], expected["gnd"].flat, strict=True):
            assert all(np.array_equal(mine[key], theirs[key].ravel()) for key in ("easy", "hard", "junk", "bbx"))
