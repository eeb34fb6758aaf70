"""The list of demo photographs."""

from __future__ import annotations

import pytest

from resources.demo.scenes import demo_scenes, scene_named


def test_two_groups_with_the_promised_numbers() -> None:
    scenes = demo_scenes()
    assert len({s.name for s in scenes}) == len(scenes)
    for group, queries, positives in ((0, 3, 7), (1, 2, 5)):
        mine = [s for s in scenes if s.group == group]
        assert sum(s.role == "query" for s in mine) == queries
        assert sum(s.role == "index" for s in mine) == positives
        assert sum(s.role == "junk" for s in mine) == 2
        assert {s.difficulty for s in mine if s.role == "index"} == {"easy", "hard"}
        assert {s.difficulty for s in mine if s.role == "junk"} == {"junk"}
    assert all(s.group is None and s.difficulty == "" for s in scenes if s.role == "distractor")


def test_exactly_one_photograph_is_stored_turned() -> None:
    assert [s.orientation for s in demo_scenes() if s.orientation != 1] == [6]


def test_a_scene_is_found_by_its_name() -> None:
    assert scene_named("museum_000009").town == "museum"
    with pytest.raises(KeyError):
        scene_named("museum_999999")
