"""Many pairs at once and several threads of one program: nothing is left out where lists are worked on in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from annotator.domain.dataset import GroundTruth, PairKey, Query
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import PairState, PersonRole
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation
from annotator.store.store import Store

COUNT = 1203
NAMES = tuple(f"image {number}" for number in range(COUNT))
Draw = Callable[..., Annotation]


@pytest.fixture
def large(url: str, clock: Any, draw: Draw) -> Iterator[Store]:
    """One open group of 1,203 pairs, more than two full parts of 500 and a bit; every second image is here."""
    query = Query(0, "q", (0.0, 0.0, 9.0, 9.0), tuple(range(COUNT)), (), ())
    store = Store.create(url, GroundTruth("toy", (query,), NAMES), clock)
    store.add_person("Rosa", PersonRole.RESEARCHER)
    store.mark_present(NAMES[::2], {"q"})
    store.take_in({0: draw()}, {}, "Rosa", approve=True)
    yield store
    store.close()


def test_every_image_that_came_or_went_is_noticed(large: Store) -> None:
    assert [pair.key.image for pair in large.pairs() if pair.present] == list(NAMES[::2])
    large.mark_present(NAMES[1::2], {"q"})
    assert [pair.key.image for pair in large.pairs() if pair.present] == list(NAMES[1::2])
    large.mark_present(NAMES[::2], set(), also_missing=False)
    assert all(pair.present and pair.state is PairState.OPEN for pair in large.pairs())
    assert large.query_records()[0].present
    large.mark_present([], [])
    assert not any(pair.present for pair in large.pairs())


def test_all_masks_of_an_import_come_in_and_out(large: Store, draw: Draw) -> None:
    masks = {PairKey(0, name): draw(1 + number / 8) for number, name in enumerate(NAMES)}
    assert large.take_in({}, masks, "Rosa", False, "import all") == ()
    revisions = {pair.key: pair.latest_revision for pair in large.pairs()}
    found = large.annotations(revision for revision in revisions.values() if revision is not None)
    assert {key: found[revision] for key, revision in revisions.items() if revision is not None} == masks
    assert set(large.imported()) == set(masks)
    with pytest.raises(RefusedError, match="There is no revision 999999"):
        large.annotations([*found, 999_999])
    assert large.annotations([]) == {}


def test_threads_of_one_program_share_a_store(store: Store) -> None:
    key, start = PairKey(0, "a"), Barrier(4)

    def remark(number: int) -> list[int]:
        start.wait()
        return [store.add_remark(key, pinned(number, step), "Ann", f"{number} {step}").id for step in range(8)]

    with ThreadPoolExecutor(4) as threads:
        made = [found for ids in threads.map(remark, range(4)) for found in ids]
    assert len(set(made)) == 32
    assert {found.id: found.text for found in store.remarks(key)}.keys() == set(made)
    assert sorted(found.text for found in store.remarks(key)) == sorted(f"{n} {s}" for n in range(4) for s in range(8))


def test_of_many_who_ask_for_one_pair_at_once_one_gets_it(store: Store) -> None:
    key, people = PairKey(0, "a"), ("Rosa", "Rui", "Ann", "Ben", "Cem", "Dee")
    start = Barrier(len(people))

    def ask(name: str) -> str | None:
        start.wait()
        try:
            return store.take_lease(key, name, 5).person
        except ConflictError as error:
            return None if "is working on g00:a until" in str(error) else str(error)

    with ThreadPoolExecutor(len(people)) as threads:
        got = list(threads.map(ask, people))
    (winner,) = [name for name in got if name is not None]
    lease = store.pair(key).lease
    assert lease is not None
    assert lease.person == winner
