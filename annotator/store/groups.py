"""Query groups: their notes, whether they are open, and the ground truth that they come from."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from annotator.domain.dataset import Difficulty, GroundTruth, PairKey, Query, group_name, query_groups
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import PairState
from annotator.store.part import Part, optional_moment, to_text
from annotator.store.queries import approved_queries
from annotator.store.records import GroupRecord
from annotator.store.schema import GROUPS, META, PAIRS, PEOPLE, QUERIES


class GroupsPart(Part):
    """What is fixed when a project is made, and what a researcher says about a group."""

    def truth(self) -> GroundTruth:
        """The ground truth that the project was made from."""
        with self.database.read() as connection:
            meta = {row.key: row.value for row in connection.execute(select(META))}
            lists = {
                row.number: (_numbers(row.easy), _numbers(row.hard), _numbers(row.junk))
                for row in connection.execute(select(GROUPS))
            }
            rows = connection.execute(select(QUERIES).order_by(QUERIES.c.number)).all()
        queries = tuple(
            Query(row.number, row.image, (row.x1, row.y1, row.x2, row.y2), *lists[row.group_number]) for row in rows
        )
        return GroundTruth(meta["dataset"], queries, tuple(json.loads(meta["index_images"])), meta["sha256"])

    def group_records(self) -> tuple[GroupRecord, ...]:
        """Every group, by number."""
        chosen = (
            select(GROUPS.c.number, GROUPS.c.opened_at, PEOPLE.c.name.label("opened_by"), GROUPS.c.note)
            .join(PEOPLE, PEOPLE.c.id == GROUPS.c.opened_by, isouter=True)
            .order_by(GROUPS.c.number)
        )
        with self.database.read() as connection:
            rows = connection.execute(chosen).all()
        return tuple(GroupRecord(row.number, optional_moment(row.opened_at), row.opened_by, row.note) for row in rows)

    def set_note(self, group: int, note: str, by: str, base: str | None = None) -> str:
        """Write a group's note and return it; `base` is the note that the person began to change.

        What was added to the end of `base` meanwhile, such as a clarified rule, is kept behind the new text. Raises
        ConflictError where it was changed in another way, RefusedError for anybody but a researcher.
        """
        with self.database.write() as connection:
            person = self._researcher_id(connection, by, "writes the note of a group")
            kept = note if base is None else _with_added(note, base, _locked_note(connection, group), group)
            _require_group(connection, group)
            connection.execute(update(GROUPS).where(GROUPS.c.number == group).values(note=kept, note_by=person))
        return kept

    def open_group(self, group: int, by: str) -> None:
        """Open a group for annotation; one that is open stays as it was.

        Raises RefusedError without an approved query mask, and for anybody but a researcher.
        """
        with self.database.write() as connection:
            self._open(connection, group, self._researcher_id(connection, by, "opens a group"))

    def _open(self, connection: Connection, group: int, person: int) -> None:
        _require_group(connection, group)
        if not connection.scalar(select(exists(approved_queries(group)))):
            raise RefusedError(
                f"{group_name(group)} has no approved query mask yet; outline the query object and approve it first."
            )
        closed = (GROUPS.c.number == group) & GROUPS.c.opened_at.is_(None)
        connection.execute(update(GROUPS).where(closed).values(opened_at=to_text(self.clock()), opened_by=person))


def clarification(text: str, key: PairKey, by: str, at: datetime) -> str:
    """The line of a note for a rule that a decision clarified: `2026-03-01, a, Rosa: Scaffolding stays inside.`"""
    return f"{at:%Y-%m-%d}, {key.image}, {by}: {' '.join(text.split())}"


def add_to_note(connection: Connection, key: PairKey, line: str, person_id: int) -> None:
    """Put a line at the end of the note of a pair's group."""
    before = _locked_note(connection, key.group)
    note = f"{before}\n{line}" if before else line
    connection.execute(update(GROUPS).where(GROUPS.c.number == key.group).values(note=note, note_by=person_id))


def write_truth(connection: Connection, truth: GroundTruth) -> None:
    """Fill a new database with a ground truth's groups, queries and pairs; no image is present yet."""
    meta = {"dataset": truth.dataset, "sha256": truth.sha256, "index_images": json.dumps(truth.index_images)}
    connection.execute(insert(META), [{"key": key, "value": value} for key, value in meta.items()])
    groups, queries, pairs = [], [], []
    for group in query_groups(truth):
        lists = {"easy": group.easy, "hard": group.hard, "junk": group.junk}
        texts = {name: json.dumps(numbers) for name, numbers in lists.items()}
        groups.append({"number": group.number, "note": "", **texts})
        for query in group.queries:
            box = dict(zip(("x1", "y1", "x2", "y2"), map(float, query.box), strict=True))
            row = {"number": query.number, "group_number": group.number, "image": query.image, "present": False}
            queries.append(row | box)
        easy = set(group.easy)
        for index in group.positives:
            difficulty = Difficulty.EASY if index in easy else Difficulty.HARD
            pairs.append(_pair(group.number, index, truth.index_images[index], difficulty))
    for table, rows in ((GROUPS, groups), (QUERIES, queries), (PAIRS, pairs)):
        if rows:
            connection.execute(insert(table), rows)


def _pair(group: int, index: int, image: str, difficulty: Difficulty) -> dict[str, object]:
    return {
        "group_number": group,
        "image": image,
        "index_number": index,
        "difficulty": difficulty.value,
        "present": False,
        "state": PairState.OPEN.value,
    }


def _locked_note(connection: Connection, group: int) -> str:
    """The note as it is until the end of the transaction."""
    chosen = select(GROUPS.c.note).where(GROUPS.c.number == group).with_for_update()
    return connection.scalar(chosen) or ""


def _with_added(note: str, base: str, now: str, group: int) -> str:
    if now == base:
        return note
    if not now.startswith(base):
        name = group_name(group)
        raise ConflictError(f"Somebody else changed the note of {name} meanwhile; choose the group again to read it.")
    added = now.removeprefix(base).strip()
    return f"{note}\n{added}" if note else added


def _require_group(connection: Connection, group: int) -> None:
    if not connection.scalar(select(exists().where(GROUPS.c.number == group))):
        raise RefusedError(f"There is no group {group_name(group)} in this project.")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(json.loads(text))
