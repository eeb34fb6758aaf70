"""Plain pickles are read as the standard library reads them; nothing in a hostile one is run."""

from __future__ import annotations

import io
import os
import pickle
import pickletools
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.datasets.plain_npy import load_npy_dict, read_npy_dict
from annotator.datasets.plain_pickle import load_plain
from annotator.domain.errors import BadFileError

PROTOCOLS = range(6)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
        | st.tuples(inner, inner)
        | st.tuples(inner, inner, inner, inner)
    ),
    max_leaves=12,
)


@given(value=PLAIN, protocol=st.sampled_from(PROTOCOLS))
def test_plain_data_come_back(value: object, protocol: int) -> None:
    assert load_plain(pickle.dumps(value, protocol), "x.pkl") == value


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.asfortranarray(np.linspace(0, 1, 6).reshape(2, 3)),
        np.arange(4, dtype=">i2"),
        np.zeros((0, 2)),
        np.array([True, False]),
        np.array(7, dtype=np.uint16),
    ],
)
def test_arrays_of_numbers_come_back(array: np.ndarray[Any, Any], protocol: int) -> None:
    found = load_plain(pickle.dumps({"a": array, "again": array}, protocol), "x.pkl")
    assert isinstance(found, dict)
    assert np.array_equal(found["a"], array)
    assert found["a"].dtype == array.dtype
    assert found["a"] is found["again"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("module", [b"numpy.core.", b"numpy._core."])
def test_both_names_of_numpys_core_are_known(protocol: int, module: bytes) -> None:
    data = pickle.dumps([np.float32(1.5), np.int64(-3)], 2)
    assert b"numpy._core.multiarray" in data
    renamed = data.replace(b"numpy._core.", module)
    assert load_plain(renamed, "x.pkl") == [1.5, -3]
    assert load_plain(pickle.dumps([np.int8(protocol)], protocol), "x.pkl") == [protocol]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_sets_come_back_where_the_pickle_has_them(protocol: int) -> None:
    data = pickle.dumps({1, 2}, protocol)
    if protocol >= 4:
        assert load_plain(data, "x.pkl") == {1, 2}
    else:
        with pytest.raises(BadFileError, match="more than plain data"):
            load_plain(data, "x.pkl")


class _Calls:
    """Pickles to a call."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def _touch(path: Path) -> list[bytes]:
    """Pickles that would make a file at `path` if anything of them ran."""
    script = f"open({str(path)!r}, 'w')"
    calls = [
        _Calls(os.system, f"touch {path}"),
        _Calls(eval, script),
        _Calls(exec, script),
        _Calls(getattr, os, "system"),
        {"gnd": [_Calls(eval, script)]},
        _Calls(map, _Calls(eval, script), [1]),
    ]
    found = []
    for call in calls:
        for protocol in (0, 2, 4):
            try:
                found.append(pickle.dumps(call, protocol))
            except (TypeError, pickle.PicklingError):  # modules have no pickle
                continue
    found.append(b"cos\nsystem\n(S'touch " + str(path).encode() + b"'\ntR.")
    found.append(b"(S'touch " + str(path).encode() + b"'\nios\nsystem\n.")
    found.append(b"c__builtin__\ngetattr\n(c__builtin__\n__import__\n(S'os'\ntRS'system'\ntR(S'true'\ntR.")
    return found


def test_nothing_is_run(tmp_path: Path) -> None:
    marker = tmp_path / "it-ran"
    pickles = _touch(marker)
    assert len(pickles) > 12
    for data in pickles:
        with pytest.raises(BadFileError, match="more than plain data"):
            load_plain(data, "x.pkl")
    assert not marker.exists()


def _state_for(shape: tuple[int, ...], kind: str, data: bytes) -> bytes:
    """A hand-made array pickle, protocol 2."""
    body = pickletools.optimize(pickle.dumps((1, shape), 2))[2:-2]  # (1, shape without the last TUPLE2
    head = b"\x80\x02cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85U\x01btR("
    kind_op = b"cnumpy\ndtype\nU" + bytes([len(kind)]) + kind.encode() + b"K\x00K\x01\x87R"
    return head + body + kind_op + b"\x89T" + struct.pack("<i", len(data)) + data + b"tb."


def test_a_hand_made_array_is_read() -> None:
    assert np.array_equal(load_plain(_state_for((2,), "u1", b"ab"), "x.pkl"), [97, 98])  # type: ignore[arg-type]  # object


@pytest.mark.parametrize(
    ("shape", "kind"),
    [((3,), "u1"), ((2**62,), "u1"), ((-1,), "u1"), ((2, 2**40), "u1"), ((2,), "O8"), ((2,), "V1"), ((2,), "M8")],
)
def test_arrays_that_lie_are_refused(shape: tuple[int, ...], kind: str) -> None:
    with pytest.raises(BadFileError):
        load_plain(_state_for(shape, kind, b"ab"), "x.pkl")


def test_arrays_of_objects_are_refused() -> None:
    for protocol in PROTOCOLS:
        with pytest.raises(BadFileError, match="objects"):
            load_plain(pickle.dumps(np.array([{}, []], dtype=object), protocol), "x.pkl")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no pickle at all",
        b"\x80\x02].extra"[:2],
        b"\x80\x02r\xff\xff\xff\xff.",  # a memo of four thousand million entries
        b"\x80\x02]r\xff\xff\xff\xff",
        b"\x80\x05\x96" + struct.pack("<Q", 1 << 60) + b".",  # an array of bytes larger than any memory
        b"\x80\x04\x8e" + struct.pack("<Q", 1 << 60) + b".",
        b"\x80\x04\x8b" + struct.pack("<i", 2_000_000_000) + b".",
        b"\x80\x02h\x05.",
        b"\x80\x02(((.",
        b"\x80\x02}(K\x01u.",
        b"\x80\x02}K\x01K\x02e.",
        b"\x80\x02K\x01K\x02.",
        b"\x80\x02.",
        b"\x80\x02Pabc\n.",
        b"\x80\x02\x82\x01.",
        b"cnumpy\nndarray\n.",
        b"cnumpy\ndtype\n(S'f8'\ntR.",
    ],
)
def test_broken_pickles_are_one_sentence(data: bytes) -> None:
    with pytest.raises(BadFileError, match=r"^x\.pkl: .*; get the original file again\.$"):
        load_plain(data, "x.pkl")


def test_a_memo_with_a_huge_number_takes_no_memory() -> None:
    assert load_plain(b"\x80\x02]r\xff\xff\xff\xffK\x01a.", "x.pkl") == [1]


def test_deep_nesting_is_read_or_refused_without_a_crash() -> None:
    lists = b"\x80\x02" + b"]" * 50_000 + b"a" * 49_999 + b"."
    assert isinstance(load_plain(lists, "x.pkl"), list)
    key = b"\x80\x02}" + b")" + b"\x85" * 50_000 + b"K\x01s."
    with pytest.raises(BadFileError, match="key"):
        load_plain(key, "x.pkl")


@given(cut=st.integers(min_value=0, max_value=10_000), protocol=st.sampled_from(PROTOCOLS))
def test_truncated_pickles_are_refused(cut: int, protocol: int) -> None:
    data = pickle.dumps({"imlist": ["a", "b"], "gnd": [{"easy": [1, 2], "bbx": np.zeros(4)}]}, protocol)
    with pytest.raises(BadFileError):
        load_plain(data[: cut % len(data)], "x.pkl")


@given(data=st.binary(max_size=80))
def test_any_bytes_give_plain_data_or_a_sentence(data: bytes) -> None:
    try:
        load_plain(b"\x80\x02" + data + b".", "x.pkl")
    except BadFileError as error:
        assert str(error).startswith("x.pkl: ")  # noqa: PT017 (both outcomes are right)


def _saved(value: object) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array(value, dtype=object), allow_pickle=True)
    return stream.getvalue()


def test_a_saved_dict_is_read(tmp_path: Path) -> None:
    table = {"0_1433": "labels/oxford/g00/all_souls_000051.json", "0_2": [[1, 2.5]], "a": np.arange(3)}
    path = tmp_path / "oxford_pair2labelpath.npy"
    path.write_bytes(_saved(table))
    found = read_npy_dict(path)
    assert list(found) == list(table)
    assert found["0_2"] == [[1, 2.5]]
    assert np.array_equal(found["a"], table["a"])  # type: ignore[arg-type]  # values are objects


@pytest.mark.parametrize("value", [[1, 2], {1: 2}, "text"])
def test_a_saved_thing_that_is_no_dict_is_refused(value: object) -> None:
    with pytest.raises(BadFileError, match="no dict"):
        load_npy_dict(_saved(value), "x.npy")


def test_other_npy_files_are_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.save(stream, np.arange(3))
    with pytest.raises(BadFileError, match="no dict"):
        load_npy_dict(stream.getvalue(), "x.npy")
    with pytest.raises(BadFileError, match=r"no \.npy file"):
        load_npy_dict(b"nothing", "x.npy")
    marker = tmp_path / "it-ran"
    with pytest.raises(BadFileError, match="more than plain data"):
        load_npy_dict(_saved({"a": _Calls(os.system, f"touch {marker}")}), "x.npy")
    assert not marker.exists()


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '''|O'\n",
        b"{'descr':((((((((",
        b"(" * 60000,
        b"-" * 60000,
        b"\x00" * 12,
        b"[]",
        b"{}",
        b"{'descr': '|O'}",
    ],
)
def test_a_forged_npy_header_is_one_sentence(header: bytes) -> None:
    data = b"\x93NUMPY\x02\x00" + len(header).to_bytes(4, "little") + header
    with pytest.raises(BadFileError, match="npy"):
        load_npy_dict(data, "x.npy")
