"""Passes: recorded in one transaction with seat, revision, state, remarks and the chain; never changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from annotator.domain.codec import annotation_from_text, annotation_text
from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import PairState, Pass, Verdict
from annotator.domain.remarks import RemarkPlace
from annotator.store.chain import append, pass_content, remark_content, standing_after
from annotator.store.leases import require_not_leased_by_other
from annotator.store.part import to_moment, to_text
from annotator.store.records import PassHead, PassRecord
from annotator.store.remarks import RemarksPart, count_open, place_values
from annotator.store.revisions import RevisionsPart
from annotator.store.schema import GROUPS, LEASES, PAIRS, PASSES, PEOPLE, REVISIONS, SEATS

_VERDICTS = {verdict.value: verdict for verdict in Verdict}  # ten times as fast as Verdict(...), for 19,000 passes


class PassesPart(RevisionsPart, RemarksPart):
    """Writing and reading passes."""

    def record_pass(
        self, pass_: Pass, expected: PairState, new: PairState, remarks: Sequence[tuple[RemarkPlace, str]] = ()
    ) -> PassRecord:
        """Record a pass on a pair that is in state `expected` and move the pair to `new`; all of it or nothing.

        The person's lease ends. Raises ConflictError when the pair is in another state by now, when its standing
        annotation is no longer the one that the pass is based on, or while somebody else holds its lease; RefusedError
        when another person has this pass, when this person has another pass of the pair, when the pair waits, and for
        a pair that would be done with open remarks.
        """
        key, text = pass_.pair, annotation_text(pass_.annotation)
        with self.database.write() as connection:
            person = self._person_row(connection, pass_.person)
            pair = self._locked_pair(connection, key)
            require_state(key, pair, expected)
            require_not_leased_by_other(connection, key, pair.id, person.id, self.clock())
            if pass_.pass_number > 1 and pass_.base_revision != pair.standing:
                raise ConflictError(f"{key} was changed after you took it; take it again to see the newest annotation.")
            _take_seat(connection, pass_, pair.id, person)
            revision = self._revision_for(connection, pair, text, person.id, pass_)
            number, sha256 = _chain(connection, pass_, (pair.id, person, revision), text, new, remarks)
            for place, words in remarks:
                self._add_remark(connection, key, (pair.id, person.id), place, words, pass_sequence=number)
            if new is PairState.DONE:
                require_no_open_remarks(connection, key, pair.id)
            move(connection, pair.id, expected, new, standing_after(pair.standing, new, revision))
            connection.execute(delete(LEASES).where(LEASES.c.pair_id == pair.id))
        return PassRecord(number, pass_, revision, sha256)

    def passes(self, key: PairKey) -> tuple[PassRecord, ...]:
        """All passes of a pair, oldest first, with their annotations."""
        mine = (PAIRS.c.group_number == key.group) & (PAIRS.c.image == key.image)
        chosen = _heads().add_columns(REVISIONS.c.annotation).where(mine)
        with self.database.read() as connection:
            rows = connection.execute(chosen.join(REVISIONS, REVISIONS.c.id == PASSES.c.revision)).all()
        return tuple(_record(row) for row in rows)

    def all_passes(self, group: int | None = None) -> tuple[PassHead, ...]:
        """All passes (of one group) in the order in which they were submitted, without their annotations."""
        chosen = _heads() if group is None else _heads().where(PAIRS.c.group_number == group)
        with self.database.read() as connection:
            rows = connection.execute(chosen).all()
        return tuple(_head(row) for row in rows)

    def _locked_pair(self, connection: Connection, key: PairKey) -> Row[Any]:
        chosen = (
            select(PAIRS, GROUPS.c.opened_at)
            .join(GROUPS, GROUPS.c.number == PAIRS.c.group_number)
            .where((PAIRS.c.group_number == key.group) & (PAIRS.c.image == key.image))
            .with_for_update(of=PAIRS)
        )
        row = connection.execute(chosen).first()
        if row is None:
            raise RefusedError(f"There is no pair {key} in this project.")
        return row

    def _revision_for(self, connection: Connection, pair: Row[Any], text: str, person: int, pass_: Pass) -> int:
        """The standing revision when it says the same, otherwise a new one."""
        if pair.standing is not None:
            there = connection.scalar(select(REVISIONS.c.annotation).where(REVISIONS.c.id == pair.standing))
            if there == text:
                return int(pair.standing)
        return self._save(connection, pair.id, text, person, pass_.proposer, pass_.base_revision)


def require_state(key: PairKey, pair: Row[Any], expected: PairState) -> None:
    """Raise unless a pair's row is workable (RefusedError) and in the state that the caller saw (ConflictError)."""
    if not pair.present:
        raise RefusedError(f"{key} waits: its image is not here; put it into the image folder and open it again.")
    if pair.opened_at is None:
        raise RefusedError(f"{key} waits until a researcher opens its group.")
    if pair.state != expected:
        raise ConflictError(f"Somebody else saved {key} meanwhile; it is {pair.state} now. Take it again.")


def require_no_open_remarks(connection: Connection, key: PairKey, pair_id: int) -> None:
    """Raise RefusedError while a remark of the pair is open."""
    count = count_open(connection, pair_id)
    if count:
        remarks = "remark is" if count == 1 else "remarks are"
        raise RefusedError(f"{count} {remarks} open on {key}; settle them, or return the pair, before it is done.")


def move(connection: Connection, pair_id: int, expected: PairState, new: PairState, standing: int | None) -> None:
    """Set a pair's state and standing annotation; raises ConflictError when it is not in state `expected`."""
    there = (PAIRS.c.id == pair_id) & (PAIRS.c.state == expected.value)
    moved = connection.execute(update(PAIRS).where(there).values(state=new.value, standing=standing))
    if moved.rowcount != 1:
        raise ConflictError("Somebody else saved this pair at the same moment; take it again.")


def _take_seat(connection: Connection, pass_: Pass, pair_id: int, person: Row[Any]) -> None:
    chosen = select(SEATS, PEOPLE.c.name).join(PEOPLE, PEOPLE.c.id == SEATS.c.person_id)
    rows = connection.execute(chosen.where(SEATS.c.pair_id == pair_id)).all()
    for row in rows:
        if row.pass_number == pass_.pass_number and row.person_id != person.id:
            raise RefusedError(f"Pass {pass_.pass_number} of {pass_.pair} is {row.name}'s, also when it was returned.")
        if row.person_id == person.id and row.pass_number != pass_.pass_number:
            raise RefusedError(
                f"{row.name} did pass {row.pass_number} of {pass_.pair}; the three passes of a pair are done by three "
                f"different people, so somebody else does pass {pass_.pass_number}."
            )
    if not any(row.pass_number == pass_.pass_number for row in rows):
        values = {"pair_id": pair_id, "pass_number": pass_.pass_number, "person_id": person.id}
        connection.execute(insert(SEATS).values(values))


def _chain(
    connection: Connection,
    pass_: Pass,
    where: tuple[int, Row[Any], int],
    text: str,
    new: PairState,
    remarks: Sequence[tuple[RemarkPlace, str]],
) -> tuple[int, str]:
    pair_id, person, revision = where
    values: dict[str, Any] = {
        "pass_number": pass_.pass_number,
        "verdict": pass_.verdict.value,
        "revision": revision,
        "base_revision": pass_.base_revision,
        "proposer": pass_.proposer,
        "active_seconds": float(pass_.active_seconds),
        "reason": pass_.reason,
        "submitted_at": to_text(pass_.submitted_at),
        "after_state": new.value,
    }
    plain = [remark_content(place_values(place), words.strip()) for place, words in remarks]
    number, previous, sha256 = append(
        connection, lambda number: pass_content(number, pass_.pair, person.name, text, values, plain)
    )
    ids = {"sequence": number, "pair_id": pair_id, "person_id": person.id, "previous": previous, "sha256": sha256}
    connection.execute(insert(PASSES).values(values | ids))
    return number, sha256


_COLUMNS = (
    *(PAIRS.c.group_number, PAIRS.c.image, PASSES.c.sequence, PASSES.c.pass_number, PEOPLE.c.name, PASSES.c.verdict),
    *(PASSES.c.submitted_at, PASSES.c.active_seconds, PASSES.c.base_revision, PASSES.c.proposer, PASSES.c.reason),
    *(PASSES.c.revision, PASSES.c.sha256),
)


def _heads() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(PEOPLE, PEOPLE.c.id == PASSES.c.person_id)
        .join(PAIRS, PAIRS.c.id == PASSES.c.pair_id)
        .order_by(PASSES.c.sequence)
    )


def _head(row: Sequence[Any]) -> PassHead:
    """A pass from the values of `_COLUMNS`: by position, which is three times as fast as by name."""
    group, image, number, pass_number, name, verdict, at, seconds, base, proposer, reason, revision, sha256 = row
    return PassHead(
        number,
        PairKey(group, image),
        pass_number,
        name,
        _VERDICTS[verdict],
        to_moment(at),
        seconds,
        base,
        proposer,
        reason,
        revision,
        sha256,
    )


def _record(row: Row[Any]) -> PassRecord:
    head = _head(row[: len(_COLUMNS)])
    pass_ = Pass(
        pair=head.key,
        pass_number=head.pass_number,
        person=head.person,
        verdict=head.verdict,
        annotation=annotation_from_text(row.annotation),
        submitted_at=head.submitted_at,
        active_seconds=head.active_seconds,
        base_revision=head.base_revision,
        proposer=head.proposer,
        reason=head.reason,
    )
    return PassRecord(head.id, pass_, head.revision, head.sha256)
