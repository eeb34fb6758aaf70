"""Any sequence of actions by any people, on a real project: the promises of the three passes hold after each."""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PIL import Image

from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError, OutsideImageError, RefusedError
from annotator.domain.geometry import Ring, polygon
from annotator.domain.passes import PairState, PersonRole, Verdict
from annotator.domain.remarks import RemarkPlace, pinned
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.project import Project, create_project
from qa.disputes import settle
from qa.hand_over import save, submit, take
from qa.queue import queue_for
from qa.remarks import add_remark, project_threads
from qa.workflow import next_pass

PEOPLE = ("Rosa", "Ann", "Ben", "Cem")
KEYS = (PairKey(0, "a"), PairKey(0, "b"))
people, keys = st.sampled_from(PEOPLE), st.sampled_from(KEYS)
sides = st.integers(9, 14)
REGION = Ring([[2, 2], [8, 2], [8, 9.5]])
PLACES = (
    pinned(1, 2),
    RemarkPlace(region=REGION),
    pinned(3, 4, query=0),
    RemarkPlace(region=REGION, query=0),
    RemarkPlace(),
)
NO_PLACES = (pinned(32, 1), RemarkPlace(region=Ring([[2, 2], [8, 2], [8, 40]]), query=0), pinned(1, 1, query=7))


def square(side: float) -> Annotation:
    return Annotation((32, 32), (Shape("1", Role.OBJECT, polygon([[1, 1], [1 + side, 1], [1 + side, 1 + side]])),))


class AnyPeople(RuleBasedStateMachine):
    """Actions are tried as a hostile caller would; a refusal is fine, a broken promise is not."""

    project: Project
    folder: Path
    written: list[tuple[PairKey, RemarkPlace]]

    @initialize()
    def make(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="three-people-"))
        gnd = [{"easy": [0, 1], "hard": [], "junk": [], "bbx": [1.0, 1.0, 9.0, 9.0]}]
        path = self.folder / "gnd_toy.pkl"
        path.write_bytes(pickle.dumps({"imlist": ["a", "b"], "qimlist": ["q"], "gnd": gnd}))
        for name in ("a", "b", "q"):
            Image.fromarray(np.zeros((32, 32, 3), np.uint8)).save(self.folder / f"{name}.png")
        self.project = create_project(self.folder / "project", path, self.folder)
        store = self.project.store
        for name in PEOPLE:
            store.add_person(name, PersonRole.RESEARCHER if name == "Rosa" else PersonRole.ANNOTATOR)
        store.take_in({0: square(9)}, {}, "Rosa", approve=True)
        self.past: list[object] = []
        self.written = []

    def teardown(self) -> None:
        if hasattr(self, "project"):
            self.project.close()
            shutil.rmtree(self.folder)

    @rule(key=keys, person=people)
    def takes(self, key: PairKey, person: str) -> None:
        """The queue offers what can be taken and nothing else, and nobody goes on with what somebody else began."""
        offered = {item.key for item in queue_for(self.project, person)}
        try:
            work = take(self.project, key, person)
        except (RefusedError, ConflictError):
            assert key not in offered
            return
        assert key in offered
        standing = self.project.store.pair(key).standing
        drawn_by = {record.id: record.person for record in self.project.store.revisions(key)}
        assert work.base_revision in (None, standing) or drawn_by[work.base_revision] == work.person

    @rule(key=keys, person=people)
    def gives_back(self, key: PairKey, person: str) -> None:
        self.project.store.release_lease(key, person)

    @rule(key=keys, person=people, side=sides)
    def begins_and_leaves(self, key: PairKey, person: str, side: int) -> None:
        self.tries(lambda: take(self.project, key, person))
        self.tries(lambda: save(self.project, key, person, square(side)))
        self.project.store.release_lease(key, person)

    @rule(key=keys, person=people, side=sides)
    def saves(self, key: PairKey, person: str, side: int) -> None:
        self.tries(lambda: save(self.project, key, person, square(side)))

    @rule(
        key=keys,
        person=people,
        side=sides,
        verdict=st.sampled_from(Verdict),
        number=st.integers(1, 3),
        text=st.booleans(),
    )
    def submits(self, key: PairKey, person: str, side: int, verdict: Verdict, number: int, text: bool) -> None:
        self.hands_in(key, person, square(side), verdict, number, text)

    @rule(key=keys, person=people, side=sides, verdict=st.sampled_from(Verdict), text=st.booleans())
    def submits_what_is_due(self, key: PairKey, person: str, side: int, verdict: Verdict, text: bool) -> None:
        pair = self.project.store.pair(key)
        number = next_pass(pair.state) or 3
        if number == 1 and verdict is not Verdict.ESCALATED:
            verdict = Verdict.SUBMITTED
        approves = verdict is Verdict.APPROVED and pair.standing
        drawn = self.project.store.revision(pair.standing or 0) if approves else square(side)
        self.hands_in(key, person, drawn, verdict, number, text)

    @rule(key=keys)
    def goes_on(self, key: PairKey) -> None:
        """What honest people would do: whoever may do the pass that is due does it, so that pairs get done."""
        store = self.project.store
        pair = store.pair(key)
        number = next_pass(pair.state)
        if number is None:
            return
        free = [name for name in PEOPLE if name not in pair.seats]
        person = pair.seats[number - 1] or free[0]
        if pair.lease is not None:
            store.release_lease(key, pair.lease.person)
        for remark in store.open_remarks():
            store.settle_remark(remark.id, person)
        drawn = square(12) if number == 1 else store.revision(pair.standing or 0)
        verdict = Verdict.SUBMITTED if number == 1 else Verdict.APPROVED
        self.hands_in(key, person, drawn, verdict, number, False)
        assert next_pass(store.pair(key).state) != number

    def hands_in(
        self, key: PairKey, person: str, drawn: Annotation, verdict: Verdict, number: int, remark: bool
    ) -> None:
        base = self.project.store.pair(key).standing
        remarks = [(place, "look here") for place in PLACES] if remark else []
        reason = "because" if verdict in (Verdict.RETURNED, Verdict.ESCALATED) else ""
        before = self.project.store.pair(key)

        def go() -> None:
            submit(
                self.project, key, person, verdict, drawn,
                pass_number=number, base_revision=base, reason=reason, remarks=remarks,
            )  # fmt: skip
            assert self.project.store.pair(key).seats[number - 1] == person
            self.written += [(key, place) for place, _ in remarks]

        if not self.tries(go):
            assert self.project.store.pair(key).state is before.state
            assert self.project.store.pair(key).seats == before.seats

    @rule(key=keys, person=people, side=sides, resume=st.booleans())
    def settles(self, key: PairKey, person: str, side: int, resume: bool) -> None:
        self.tries(lambda: settle(self.project, key, person, square(side), "so it is", resume))

    @rule(key=keys, person=people, place=st.sampled_from((*PLACES, *NO_PLACES)), answers=st.booleans())
    def remarks(self, key: PairKey, person: str, place: RemarkPlace, answers: bool) -> None:
        before = self.project.store.remarks(key)
        parent = before[-1].id if answers and before else None

        def go() -> None:
            add_remark(self.project, key, place, person, "and here", parent)
            self.written.append((key, place))

        if self.tries(go):
            assert place not in NO_PLACES
            assert self.project.store.remarks(key)[: len(before)] == before

    @rule(person=people, which=st.integers(0, 3))
    def settles_remarks(self, person: str, which: int) -> None:
        for remark in self.project.store.open_remarks()[which:][:1]:
            self.project.store.settle_remark(remark.id, person)
            assert remark.id not in {still.id for still in self.project.store.open_remarks()}

    def tries(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except (RefusedError, ConflictError, OutsideImageError):
            return False
        return True

    @invariant()
    def done_pairs_had_three_different_people_and_no_open_remark(self) -> None:
        if not hasattr(self, "project"):
            return
        for pair in self.project.store.pairs():
            taken = [seat for seat in pair.seats if seat]
            assert len(set(taken)) == len(taken)
            event(f"a pair is {pair.state}")
            if pair.state is PairState.DONE:
                did = {(entry.pass_.pass_number, entry.pass_.person) for entry in self.project.store.passes(pair.key)}
                assert did == set(zip((1, 2, 3), pair.seats, strict=True))
                assert len(taken) == 3
                assert all(remark.settled for remark in self.project.store.remarks(pair.key))

    @invariant()
    def the_past_only_grows(self) -> None:
        if not hasattr(self, "project"):
            return
        now = [*self.project.store.all_passes()]
        assert now[: len(self.past)] == self.past
        self.past = list(now)
        assert self.project.store.verify_chain() == []

    @invariant()
    def no_remark_is_lost_or_moved(self) -> None:
        if not hasattr(self, "project"):
            return
        store = self.project.store
        assert [(remark.pair, remark.place) for remark in store.all_remarks()] == self.written
        found = project_threads(self.project)
        assert sum(1 + len(thread.answers) for thread in found) == len(self.written)
        assert {thread.first.id for thread in found if not thread.settled} == {r.id for r in store.open_remarks()}


TestAnyPeople = AnyPeople.TestCase
TestAnyPeople.settings = settings(
    max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
