"""People do anything in any order: the store allows exactly what a page of plain Python allows, and forgets nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from annotator.domain.dataset import GroundTruth, PairKey, Query
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.geometry import polygon
from annotator.domain.passes import PairState, Pass, PersonRole, Verdict
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.store.database import sqlite_url
from annotator.store.store import Store

IMAGES = ("t", "u", "v", "w", "x", "y")
KEYS = tuple(PairKey(0, image) for image in IMAGES)
PEOPLE = ("Rosa", "Ann", "Ben", "Cem")
DUE = {
    PairState.OPEN: 1,
    PairState.RETURNED_1: 1,
    PairState.AFTER_1: 2,
    PairState.RETURNED_2: 2,
    PairState.AFTER_2: 3,
}
AFTER = {1: PairState.AFTER_1, 2: PairState.AFTER_2, 3: PairState.DONE}
BACK = {2: PairState.RETURNED_1, 3: PairState.RETURNED_2}


@dataclass
class Expected:
    """A pair as it should be."""

    state: PairState = PairState.OPEN
    seats: dict[int, str] = field(default_factory=dict)
    mask: Annotation | None = None
    holder: str | None = None
    until: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    remarks: list[int] = field(default_factory=list)
    passes: list[tuple[int, str, PairState]] = field(default_factory=list)

    def held_by_another(self, person: str, now: datetime) -> bool:
        return self.holder not in (None, person) and self.until > now


def square(side: int) -> Annotation:
    ring = [[1, 1], [1 + side, 1], [1 + side, 1 + side], [1, 1 + side]]
    return Annotation((64, 48), (Shape("1", Role.OBJECT, polygon(ring)),))


class Work:
    """One SQLite project with six pairs, and what is expected of each."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        truth = GroundTruth("toy", (Query(0, "q", (0.0, 0.0, 9.0, 9.0), (0, 1, 2, 3, 4, 5), (), ()),), IMAGES)
        self.store = Store.create(sqlite_url(folder / "p.sqlite"), truth, lambda: self.now)
        self.store.mark_present(IMAGES, {"q"})
        for name in PEOPLE:
            self.store.add_person(name, PersonRole.RESEARCHER if name == "Rosa" else PersonRole.ANNOTATOR)
        self.store.take_in({0: square(9)}, {}, "Rosa", approve=True)
        self.expected = {key: Expected() for key in KEYS}
        self.links = 0

    def time_goes_by(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def takes(self, key: PairKey, person: str) -> None:
        pair = self.expected[key]
        try:
            self.store.take_lease(key, person, 30)
        except ConflictError:
            assert pair.held_by_another(person, self.now)
        else:
            assert not pair.held_by_another(person, self.now)
            pair.holder, pair.until = person, self.now + timedelta(minutes=30)

    def gives_back(self, key: PairKey, person: str) -> None:
        self.store.release_lease(key, person)
        if self.expected[key].holder == person:
            self.expected[key].holder = None

    def submits(self, key: PairKey, person: str, ends: str, side: int) -> None:
        pair = self.expected[key]
        number = DUE.get(pair.state)
        if number is None or (ends == "back" and number == 1):
            return
        new = {"on": AFTER[number], "back": BACK.get(number), "up": PairState.ESCALATED}[ends]
        verdicts = {"on": Verdict.SUBMITTED, "back": Verdict.RETURNED, "up": Verdict.ESCALATED}
        assert new is not None
        pass_ = Pass(key, number, person, verdicts[ends], square(side), self.now, reason="why",
                     base_revision=self.store.pair(key).standing)  # fmt: skip
        other_seats = [name for seat, name in pair.seats.items() if seat != number]
        allowed = (
            pair.seats.get(number, person) == person
            and person not in other_seats
            and not pair.held_by_another(person, self.now)
            and not (new is PairState.DONE and pair.remarks)
        )
        try:
            self.store.record_pass(pass_, pair.state, new)
        except (ConflictError, RefusedError):
            assert not allowed
            return
        assert allowed
        self.links += 1
        pair.seats[number], pair.holder = person, None
        if new in AFTER.values() or pair.mask is None:
            pair.mask = square(side)
        pair.state = new
        pair.passes.append((number, person, new))

    def settles(self, key: PairKey, person: str, side: int | None) -> None:
        pair = self.expected[key]
        new = PairState.AFTER_2 if 2 in pair.seats else PairState.AFTER_1
        mask = None if side is None else square(side)
        allowed = person == "Rosa" and pair.state is PairState.ESCALATED and not pair.held_by_another(person, self.now)
        try:
            self.store.record_decision(key, person, PairState.ESCALATED, new, "so it is", mask)
        except (ConflictError, RefusedError):
            assert not allowed
            return
        assert allowed
        self.links += 1
        pair.state, pair.mask = new, mask or pair.mask

    def remarks(self, key: PairKey, person: str) -> None:
        pair = self.expected[key]
        try:
            made = self.store.add_remark(key, pinned(1, 1), person, "look")
        except RefusedError:
            assert pair.state is PairState.DONE
        else:
            assert pair.state is not PairState.DONE
            pair.remarks.append(made.id)

    def settles_a_remark(self, key: PairKey, person: str) -> None:
        if self.expected[key].remarks:
            self.store.settle_remark(self.expected[key].remarks.pop(), person)

    def everything_is_as_expected(self) -> None:
        for found in self.store.pairs():
            pair = self.expected[found.key]
            assert found.state is pair.state
            assert found.seats == (pair.seats.get(1), pair.seats.get(2), pair.seats.get(3))
            held = pair.holder if pair.until > self.now else None
            assert (found.lease and found.lease.person) == held
            assert (None if found.standing is None else self.store.revision(found.standing)) == pair.mask
            assert len(self.store.open_remarks()) == sum(len(one.remarks) for one in self.expected.values())
        assert len(self.store.all_passes()) + len(self.store.decisions()) == self.links

    def anything(self, chance: random.Random) -> None:
        """One more thing that one of the people may try."""
        key, person = chance.choice(KEYS), chance.choice(PEOPLE)
        what = chance.choices(("submit", "settle", "take", "give", "remark", "close", "wait"), (9, 3, 3, 1, 1, 2, 1))[0]
        side = chance.randint(2, 40)
        {
            "submit": lambda: self.submits(key, person, chance.choice(["on", "on", "on", "back", "up"]), side),
            "settle": lambda: self.settles(key, person, chance.choice([None, side])),
            "take": lambda: self.takes(key, person),
            "give": lambda: self.gives_back(key, person),
            "remark": lambda: self.remarks(key, person),
            "close": lambda: self.settles_a_remark(key, person),
            "wait": lambda: self.time_goes_by(chance.choice([1, 29, 31])),
        }[what]()


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    made = Work(tmp_path)
    yield made
    made.store.close()


@pytest.mark.parametrize("seed", range(4))
def test_people_do_anything_in_any_order(work: Work, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(150):
        work.anything(chance)
        work.everything_is_as_expected()
    assert work.store.verify_chain() == []
    for key, pair in work.expected.items():
        found = [(entry.pass_.pass_number, entry.pass_.person) for entry in work.store.passes(key)]
        assert found == [(number, person) for number, person, _ in pair.passes]
    assert work.links > 8
