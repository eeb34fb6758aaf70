from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from qa.agreement.cache import NumberCache, key_of

ROWS = {key_of("a", 1): np.array([1.0, np.nan]), key_of("b"): np.array([np.inf, 0.25])}


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    cache = NumberCache(tmp_path / "new folder" / "numbers.npz", 2)
    assert cache.read() == {}
    cache.write(ROWS)
    found = cache.read()
    assert found.keys() == ROWS.keys()
    for key, row in ROWS.items():
        np.testing.assert_array_equal(found[key], row)
    assert [path.name for path in cache.path.parent.iterdir()] == ["numbers.npz"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"\x80\x04K\x01.", b"plain text"])
def test_a_torn_or_foreign_file_is_empty(tmp_path: Path, content: bytes) -> None:
    cache = NumberCache(tmp_path / "numbers.npz", 2)
    cache.path.write_bytes(content)
    assert cache.read() == {}
    cache.write(ROWS)
    assert len(cache.read()) == 2


KEYS, VALUES = np.zeros((2, 16), dtype=np.uint8), np.zeros((2, 2))


@pytest.mark.parametrize(
    "members",
    [
        {"keys": KEYS},
        {"values": VALUES},
        {"keys": KEYS.astype(np.int64), "values": VALUES},
        {"keys": KEYS[:, :15], "values": VALUES},
        {"keys": KEYS[0], "values": VALUES},
        {"keys": KEYS[0, 0], "values": VALUES},
        {"keys": KEYS[:1], "values": VALUES},
        {"keys": KEYS, "values": VALUES.astype(np.float32)},
        {"keys": KEYS, "values": VALUES[0]},
        {"keys": KEYS, "values": VALUES[:1]},
    ],
)
def test_arrays_of_another_form_are_empty(tmp_path: Path, members: dict[str, np.ndarray]) -> None:
    np.savez(tmp_path / "numbers.npz", **members)
    assert NumberCache(tmp_path / "numbers.npz", 2).read() == {}
    np.savez(tmp_path / "numbers.npz", keys=KEYS[:1], values=VALUES[:1])
    assert list(NumberCache(tmp_path / "numbers.npz", 2).read()) == [bytes(16)]


def test_a_file_that_claims_more_than_any_memory_is_empty(tmp_path: Path) -> None:
    header = io.BytesIO()
    form = {"descr": "|u1", "fortran_order": False, "shape": (1 << 50, 16)}
    np.lib.format.write_array_header_1_0(header, form)
    with zipfile.ZipFile(tmp_path / "numbers.npz", "w") as file:
        file.writestr("keys.npy", header.getvalue() + bytes(64))
        file.writestr("values.npy", header.getvalue())
    assert NumberCache(tmp_path / "numbers.npz", 2).read() == {}


def test_a_file_cut_short_is_empty(tmp_path: Path) -> None:
    cache = NumberCache(tmp_path / "numbers.npz", 2)
    cache.write(ROWS)
    cache.path.write_bytes(cache.path.read_bytes()[:-30])
    assert cache.read() == {}


def test_pickled_content_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "numbers.npz"
    with path.open("wb") as stream:
        np.savez(stream, keys=np.array([{"a": 1}], dtype=object), values=np.zeros((1, 2)))
    assert NumberCache(path, 2).read() == {}


def test_rows_of_another_width_are_empty(tmp_path: Path) -> None:
    NumberCache(tmp_path / "numbers.npz", 2).write(ROWS)
    assert NumberCache(tmp_path / "numbers.npz", 3).read() == {}


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = NumberCache(tmp_path / "file" / "numbers.npz", 2)
    cache.write(ROWS)
    assert cache.read() == {}


def test_keys_tell_their_parts_apart() -> None:
    assert key_of("ab", "c") != key_of("a", "bc")
    assert key_of("a", 3.0) != key_of("a", 5.0)
    assert len(key_of()) == 16
