from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    "wrong", ["", "3:a", "g3:a", "g03", "g03:", "G03:a", "g٠٣:a", "g03:a\nb", "g1234567:a", " g03:a", "g-3:a"]
)
def test_other_texts_name_no_pair_and_the_form_is_told(wrong: str) -> None:
    with pytest.raises(AnnotatorError, match="gNN:IMAGE"):
        PairKey.parse(wrong)


lists = st.tuples(*[st.sets(st.integers(0, 3), max_size=2).map(lambda found: tuple(sorted(found)))] * 2)


@given(st.lists(lists, min_size=1, max_size=8))
def test_groups_share_the_queries_out_and_no_two_have_the_same_lists(labels: list[tuple[tuple[int, ...], ...]]) -> None:
    queries = tuple(query(number, *found) for number, found in enumerate(labels))
    groups = query_groups(GroundTruth("town", queries, tuple("abcd")))
    assert sorted(one.number for group in groups for one in group.queries) == list(range(len(queries)))
    assert [group.number for group in groups] == list(range(len(groups)))
    firsts = [group.queries[0].number for group in groups]
    assert firsts == sorted(firsts)
    assert len({(group.easy, group.hard, group.junk) for group in groups}) == len(groups)
    for group in groups:
        assert all((one.easy, one.hard) == (group.easy, group.hard) for one in group.queries)
        assert group.positives == tuple(sorted({*group.easy, *group.hard}))


@given(st.integers(0, 999_999), st.text(min_size=1, max_size=20).filter(lambda text: len(text.splitlines()) == 1))
def test_every_pair_key_reads_what_it_writes(group: int, image: str) -> None:
    if "\n" not in image:
        assert PairKey.parse(str(PairKey(group, image))) == PairKey(group, image)


def test_pairs_are_ordered_by_group_and_then_by_image() -> None:
    keys = [PairKey(10, "a"), PairKey(2, "b"), PairKey(2, "a")]
    assert [str(key) for key in sorted(keys)] == ["g02:a", "g02:b", "g10:a"]
    assert len({*keys, PairKey(2, "a")}) == 3
