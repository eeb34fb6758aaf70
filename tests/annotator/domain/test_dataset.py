from __future__ import annotations

import pytest

from annotator.domain.dataset import Difficulty, GroundTruth, PairKey, Query, query_groups
from annotator.domain.errors import AnnotatorError


def query(number: int, easy: tuple[int, ...], hard: tuple[int, ...], junk: tuple[int, ...] = ()) -> Query:
    return Query(number, f"q{number}", (0, 0, 9, 9), easy, hard, junk)


def test_queries_with_identical_lists_form_a_group_numbered_by_its_first_query() -> None:
    queries = (
        query(0, (1,), (2,)),
        query(1, (3,), ()),
        query(2, (1,), (2,)),
        query(3, (1,), (2,), (5,)),
        query(4, (3,), ()),
    )
    groups = query_groups(GroundTruth("town", queries, tuple("abcdef")))
    assert [[q.number for q in group.queries] for group in groups] == [[0, 2], [1, 4], [3]]
    assert [group.name for group in groups] == ["g00", "g01", "g02"]
    assert groups[0].positives == (1, 2)


def test_the_difficulty_of_an_index_image_in_a_group() -> None:
    (group,) = query_groups(GroundTruth("town", (query(0, (1,), (2,), (3,)),), tuple("abcd")))
    assert [group.difficulty(index) for index in (1, 2, 3)] == [Difficulty.EASY, Difficulty.HARD, Difficulty.JUNK]
    with pytest.raises(KeyError):
        group.difficulty(0)


def test_pair_keys_read_what_they_write() -> None:
    assert str(PairKey(3, "all_souls_000051")) == "g03:all_souls_000051"
    assert PairKey.parse("g03:all_souls_000051") == PairKey(3, "all_souls_000051")
    assert PairKey.parse("g120:a:b") == PairKey(120, "a:b")


@pytest.mark.parametrize("wrong", ["", "3:a", "g3:a", "g03", "g03:", "G03:a"])
def test_other_texts_name_no_pair_and_the_form_is_told(wrong: str) -> None:
    with pytest.raises(AnnotatorError, match="gNN:IMAGE"):
        PairKey.parse(wrong)
