"""What teaches: a mask that reaches many images that nothing explains yet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.premask.graph.teaching import REACHED, teaching_values

unit = st.floats(0, 1)


def test_the_hub_of_unexplained_images_teaches_most():
    confidence = dict.fromkeys("abcd", 0.1)
    found = teaching_values(confidence, {("a", "b"): 0.9, ("a", "c"): 0.8, ("a", "d"): 0.9, ("c", "d"): 0.3})
    assert max(found, key=lambda name: found[name]) == "a"
    assert found["a"] > 1.5


def test_by_hand():
    found = teaching_values({"a": 0.0, "b": 0.0}, {("a", "b"): 1.0})
    assert found == {"a": pytest.approx(1.0), "b": pytest.approx(1.0)}
    half = teaching_values({"a": 0.6, "b": 0.0}, {("b", "a"): 1.0})
    assert half == {"a": pytest.approx(0.5), "b": 0.0}


def test_explained_images_need_no_teacher():
    found = teaching_values({"a": 0.2, "b": 0.9}, {("a", "b"): 1.0})
    assert found["a"] == 0
    assert found["b"] > 0


def test_links_to_images_of_no_pair_are_ignored():
    assert teaching_values({"a": 0.2}, {("a", "gone"): 1.0}) == {"a": 0.0}


@given(unit, unit, unit, unit)
def test_a_stronger_link_never_teaches_less(own, other, weak, more):
    low, high = sorted((weak, more))
    values = [teaching_values({"a": own, "b": other}, {("a", "b"): link})["a"] for link in (low, high)]
    assert values[0] <= values[1] + 1e-12
    assert 0 <= values[1] <= 1 / REACHED
