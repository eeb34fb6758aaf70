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


def element(kind: int, data: bytes, order: str = "<") -> bytes:
    return struct.pack(f"{order}II", kind, len(data)) + data + bytes(-len(data) % 8)


def array(kind: int, shape: tuple[int, ...], *rest: bytes, name: str = "a", order: str = "<") -> bytes:
    """A variable spelled out as the description of the form has it: flags, sizes, name, and its values."""
    flags = element(6, struct.pack(f"{order}II", kind, 0), order)
    sizes = element(5, struct.pack(f"{order}{len(shape)}i", *shape), order)
    return element(14, flags + sizes + element(1, name.encode(), order) + b"".join(rest), order)


def file_of(*variables: bytes, order: str = "<") -> bytes:
    return b"MATLAB 5.0 MAT-file".ljust(124) + (b"\x00\x01IM" if order == "<" else b"\x01\x00MI") + b"".join(variables)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("kind", "encoding"),
    [(2, "latin-1"), (4, "utf-16-{}"), (16, "utf-8"), (17, "utf-16-{}"), (18, "utf-32-{}"), (1, "latin-1")],
)
def test_texts_of_every_encoding_are_read(kind: int, encoding: str, order: str) -> None:
    word = "façade 12"
    data = word.encode(encoding.format("le" if order == "<" else "be"))
    made = array(4, (1, len(word)), element(kind, data, order), order=order)
    assert read_variables(file_of(made, order=order), ["a"]) == {"a": word}


@pytest.mark.parametrize("order", ["<", ">"])
def test_numbers_of_both_byte_orders_are_read(order: str) -> None:
    box = [1.5, -2.0, 3e5, 40.0]
    made = array(6, (1, 4), element(9, struct.pack(f"{order}4d", *box), order), order=order)
    small = array(6, (1, 1), struct.pack(f"{order}I", 2 << 16 | 3) + struct.pack(f"{order}h", -7) + b"\0\0", name="b",
                  order=order)  # fmt: skip
    found = read_variables(file_of(made, small, order=order), ["a", "b"])
    assert found["a"].tolist() == box
    assert found["b"].tolist() == [-7]


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        (array(5, (1, 1)), "neither of cells, structs, texts nor numbers"),
        (array(16, (1, 1)), "neither of cells, structs, texts nor numbers"),
        (array(0, (1, 1)), "neither of cells, structs, texts nor numbers"),
        (array(6, (1, -1)), "impossible shape"),
        (array(6, (4,)), "impossible shape"),
        (array(6, (1, 5), element(2, b"abc")), "do not fill their array"),
        (array(6, (1, 1), element(9, b"abcde")), "numbers that are cut short"),
        (array(6, (1, 3), element(16, b"abc")), "no numbers where they belong"),
        (array(4, (2, 2), element(2, b"abcd")), "a text of several rows"),
        (array(4, (1, 2), element(9, bytes(8))), "a text of several rows"),
        (array(1, (1, 1), element(2, b"x")), "no array where one belongs"),
        (array(1, (1 << 15, 1 << 15)), "more values than there are bytes"),
        (array(2, (1 << 20, 1), element(5, struct.pack("<i", 8)), element(1, b"easy".ljust(8, b"\0"))), "more values"),
        (array(2, (1, 1), element(5, struct.pack("<i", 0)), element(1, b"")), "fields without names"),
        (array(2, (1, 1), element(5, struct.pack("<i", 8)), element(1, b"easy")), "fields without names"),
        (element(14, b"short"), "cut short"),
        (element(14, element(9, bytes(8)) * 3), "no numbers where they belong"),
        (struct.pack("<II", 15, 4) + b"zlib", "a compressed variable that is damaged"),
        (struct.pack("<II", 14, 1 << 30), "cut short"),
        (struct.pack("<I", 9 << 16 | 1) + bytes(4), "cut short"),
    ],
)
def test_what_is_no_plain_variable_is_told(variable: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_variables(file_of(variable), ["a"])


def test_other_variables_are_passed_over_whatever_they_are() -> None:
    other = array(17, (1, 1), b"\xff" * 64, name="other")
    assert read_variables(file_of(other, array(6, (1, 1), element(2, b"\x07")), element(3, b"?")), ["a"])["a"] == [7]
    assert read_variables(file_of(), ["a"]) == {}


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
