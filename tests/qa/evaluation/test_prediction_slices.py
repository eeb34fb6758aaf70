"""Cutting prediction files into pieces gives what reading them whole gives, or leaves it to the general reader."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation.prediction_slices import KeyTwiceError, cut, points_of
from qa.evaluation.predictions import IrregularPieceError, decoded, read_predictions, read_predictions_whole


def saved(value: Any, protocol: int = 4) -> bytes:
    stream = io.BytesIO()
    header = {"descr": "|O", "fortran_order": False, "shape": ()}
    np.lib.format.write_array_header_1_0(stream, header)
    pickle.dump(np.array(value, dtype=object), stream, protocol=protocol)
    return stream.getvalue()


number = st.one_of(
    st.integers(-(2**31), 2**31 - 1), st.integers(0, 255), st.floats(allow_nan=False, allow_infinity=False)
)
ring = st.lists(st.tuples(number, number).map(list), max_size=30)
keys = st.tuples(st.integers(0, 99), st.integers(0, 9999)).map(lambda pair: f"qimlist_{pair[0]}_imlist_{pair[1]}")


@settings(deadline=None)
@given(st.dictionaries(keys, ring, min_size=1, max_size=8), st.sampled_from([2, 3, 4, 5]))
def test_every_piece_is_the_ring_that_was_saved(value: dict[str, Any], protocol: int) -> None:
    found = cut(saved(value, protocol))
    assert found is not None
    pieces, emptied = found
    assert list(pieces) == list(value)
    for key, points in value.items():
        read = points_of(pieces[key])
        assert read is not None
        np.testing.assert_array_equal(read, np.array(points, dtype=np.float64).reshape(-1, 2))
    assert np.load(io.BytesIO(emptied), allow_pickle=True).item() == {}


def test_batches_of_a_thousand_are_followed() -> None:
    value = {f"qimlist_{n % 70}_imlist_{n}": [[n, k] for k in range(n % 4)] for n in range(2003)}
    value["qimlist_0_imlist_9999"] = [[k, k + 1] for k in range(2500)]
    for size in (999, 1000, 1001, 2000, 2004):
        some = dict(list(value.items())[-size:])
        found = cut(saved(some))
        assert found is not None
        for key, points in some.items():
            read = points_of(found[0][key])
            assert read is not None
            assert read.tolist() == points


@pytest.mark.parametrize(
    "odd",
    [
        [[1, 2], [3]],
        [[1, 2, 3]],
        [1, 2],
        [["1", "2"]],
        [[None, 2]],
        [[True, False]],
        [(1, 2)],
        [[2**40, 1]],
        np.array([[1, 2]]),
        {"size": [1, 1], "counts": "1"},
        [[[1, 2], [3, 4]]],
        None,
    ],
)
def test_irregular_values_are_left_to_the_general_reader(odd: Any, tmp_path: Path) -> None:
    value = {"qimlist_0_imlist_0": [[1, 2]], "qimlist_0_imlist_1": odd, "qimlist_0_imlist_2": [[5, 6], [7, 8]]}
    path = tmp_path / "proxford.npy"
    path.write_bytes(saved(value))
    predictions = read_predictions(path)
    if predictions.sliced:
        with pytest.raises(IrregularPieceError):
            decoded(predictions.value("0_1"))
    whole = read_predictions_whole(path)
    np.testing.assert_equal(whole.value("0_1"), odd)
    assert whole.value("0_2") == [[5, 6], [7, 8]]


def test_a_list_that_several_keys_share_is_left_to_the_general_reader(tmp_path: Path) -> None:
    shared = [[1, 2], [3, 4]]
    path = tmp_path / "proxford.npy"
    path.write_bytes(saved({"qimlist_0_imlist_0": shared, "qimlist_0_imlist_1": shared}))
    predictions = read_predictions(path)
    assert not predictions.sliced
    assert predictions.value("0_1") == shared


def test_keys_that_stand_twice_are_seen() -> None:
    data = saved({"qimlist_0_imlist_0": [[1, 2]], "qimlist_0_imlist_1": [[1, 2]]})
    with pytest.raises(KeyTwiceError):
        cut(data.replace(b"_imlist_1", b"_imlist_0"))


@pytest.mark.parametrize("value", [{}, {"a": 1}, {"qimlist_0_imlist_0": 1}])
def test_other_dicts_are_not_cut(value: Any) -> None:
    assert cut(saved(value)) is None


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(0, 255))
def test_a_changed_byte_never_gives_other_shapes_than_points(place: int, byte: int) -> None:
    data = bytearray(saved({"qimlist_0_imlist_0": [[1, 2], [300, 4]], "qimlist_0_imlist_1": [[70000, 1.5]]}))
    data[place % len(data)] = byte
    try:
        found = cut(bytes(data))
    except KeyTwiceError:
        return
    for piece in found[0].values() if found else ():
        points = points_of(piece)
        assert points is None or points.shape[1] == 2
