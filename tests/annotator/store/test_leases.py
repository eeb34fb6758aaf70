from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from annotator.domain.codec import annotation_text
from annotator.domain.dataset import GroundTruth, PairKey, Query
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import PairState, PersonRole
from annotator.domain.shapes import Annotation
from annotator.store.schema import CHAIN_HEAD, LEASES, PASSES, SEATS
from annotator.store.store import Store

KEY = PairKey(0, "a")


def test_a_lease_names_its_holder_to_others(store: Store, clock: Any) -> None:
    lease = store.take_lease(KEY, "ann", 30)
    assert (lease.key, lease.person, lease.until) == (KEY, "Ann", clock.now + timedelta(minutes=30))
    assert store.pair(KEY).lease == lease
    with pytest.raises(ConflictError, match="Ann is working on g00:a until"):
        store.take_lease(KEY, "Ben", 30)
    assert store.pair(KEY).lease == lease


def test_a_lease_expires_and_then_belongs_to_whoever_asks(store: Store, clock: Any) -> None:
    store.take_lease(KEY, "Ann", 30)
    clock.forward(29.9)
    with pytest.raises(ConflictError):
        store.take_lease(KEY, "Ben", 30)
    clock.forward(0.1)
    assert store.pair(KEY).lease is None
    assert store.take_lease(KEY, "Ben", 30).person == "Ben"
    with pytest.raises(ConflictError, match="Ben is working"):
        store.renew_lease(KEY, "Ann", 30)


def test_the_holder_extends_and_gives_back(store: Store, clock: Any) -> None:
    store.take_lease(KEY, "Ann", 30)
    clock.forward(20)
    assert store.renew_lease(KEY, "Ann", 30).until == clock.now + timedelta(minutes=30)
    store.release_lease(KEY, "Ben")
    assert store.pair(KEY).lease is not None
    store.release_lease(KEY, "Ann")
    store.release_lease(KEY, "Ann")
    assert store.pair(KEY).lease is None


def test_strangers_and_unknown_pairs_get_no_lease(store: Store) -> None:
    with pytest.raises(RefusedError, match="Nobody is called 'Zoe'"):
        store.take_lease(KEY, "Zoe", 30)
    with pytest.raises(RefusedError, match="no pair g05:a"):
        store.take_lease(PairKey(5, "a"), "Ann", 30)


# Each person goes over the same pairs in the same order and does a pass wherever that is allowed, until all are done.
PERSON = """
import sys
from datetime import UTC, datetime
from annotator.domain.codec import annotation_from_text
from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError
from annotator.domain.passes import PairState, Pass, Verdict
from annotator.store.store import Store

url, person, text = sys.argv[1:]
store, drawn = Store.open(url), annotation_from_text(text)
due = {PairState.OPEN: (1, PairState.AFTER_1), PairState.AFTER_1: (2, PairState.AFTER_2),
       PairState.AFTER_2: (3, PairState.DONE)}
taken = recorded = 0
print("ready", flush=True)
sys.stdin.readline()
while True:
    todo = [pair for pair in store.pairs() if pair.state in due and person not in pair.seats]
    if not todo:
        break
    for seen in todo:
        try:
            store.take_lease(seen.key, person, 5)
        except ConflictError:
            continue
        taken += 1
        pair = store.pair(seen.key)
        if pair.state in due and person not in pair.seats:
            number, new = due[pair.state]
            verdict = Verdict.SUBMITTED if number == 1 else Verdict.APPROVED
            pass_ = Pass(pair.key, number, person, verdict, drawn, datetime.now(UTC), base_revision=pair.standing)
            store.record_pass(pass_, pair.state, new)
            recorded += 1
        else:
            store.release_lease(seen.key, person)
print(taken, recorded)
"""


def test_three_people_at_once_lose_nothing_and_do_nothing_twice(url: str, draw: Callable[..., Annotation]) -> None:
    count = 34
    query = Query(0, "q", (0.0, 0.0, 9.0, 9.0), tuple(range(count)), (), ())
    store = Store.create(url, GroundTruth("toy", (query,), tuple(f"i{number}" for number in range(count))))
    store.mark_present({f"i{number}" for number in range(count)}, {"q"})
    store.add_person("Rosa", PersonRole.RESEARCHER)
    store.take_in({0: draw()}, {}, "Rosa", approve=True)
    people = ("Ann", "Ben", "Cem")
    for name in people:
        store.add_person(name, PersonRole.ANNOTATOR)
    arguments = [sys.executable, "-c", PERSON, url]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(
            [*arguments, name, annotation_text(draw())],
            stdin=pipe,
            stdout=pipe,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        for name in people
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    told = [process.communicate("go\n", timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert sum(int(line.split()[1]) for line in told) == 3 * count
    with store.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(PASSES)) == 3 * count
        assert connection.scalar(select(func.count()).select_from(SEATS)) == 3 * count
        assert connection.scalar(select(CHAIN_HEAD.c.sequence)) == 3 * count
        assert connection.scalar(select(func.count()).select_from(LEASES)) == 0
    assert Counter(pair.state for pair in store.pairs()) == {PairState.DONE: count}
    assert all(sorted(filter(None, pair.seats)) == sorted(people) for pair in store.pairs())
    assert store.verify_chain() == []
    store.close()
