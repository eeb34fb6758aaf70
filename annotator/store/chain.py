"""The hash chain over everything that was handed in: passes, decisions, blind annotations; one for the project.

Each link is the SHA-256 of its own content in canonical JSON and of the link before, numbered without gaps. Whoever
alters, removes or inserts one has to recompute every later link, and a release that was made before then disagrees.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select, update

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PASS_NUMBERS, PairState
from annotator.store.part import Part
from annotator.store.schema import BLIND_ANNOTATIONS, CHAIN_HEAD, DECISIONS, PAIRS, PASSES, PEOPLE, REMARKS, REVISIONS

GENESIS = "0" * 64
"""What the first link follows."""

ADVANCES = frozenset({PairState.AFTER_1, PairState.AFTER_2, PairState.DONE})
"""States whose pass becomes the pair's standing annotation; returns and disputes leave it as it was."""

Content = Mapping[str, Any]


def link(previous: str, content: Content) -> str:
    """The hash of a link, 64 hexadecimal digits."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def text_hash(text: str) -> str:
    """SHA-256 of an annotation's canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def append(connection: Connection, content: Callable[[int], Content]) -> tuple[int, str, str]:
    """Extend the chain by `content` of the new number; return the number, the hash before and the new hash.

    The head's row stays locked until the transaction ends, so that links come one after another.
    """
    head = connection.execute(select(CHAIN_HEAD).where(CHAIN_HEAD.c.id == 1).with_for_update()).one()
    number = int(head.sequence) + 1
    sha256 = link(head.sha256, content(number))
    connection.execute(update(CHAIN_HEAD).where(CHAIN_HEAD.c.id == 1).values(sequence=number, sha256=sha256))
    return number, str(head.sha256), sha256


def pass_content(number: int, key: PairKey, person: str, text: str, values: Content, remarks: Iterable[Any]) -> Content:
    """What of a pass is hashed; `values` is its row, `text` its annotation, `remarks` is of `remark_content`."""
    names = ("pass_number", "verdict", "revision", "base_revision", "proposer", "active_seconds", "reason")
    return {
        "what": "pass",
        "number": number,
        "pair": str(key),
        "person": person,
        "annotation": text_hash(text),
        "remarks": list(remarks),
        **{name: values[name] for name in (*names, "submitted_at", "after_state")},
    }


def remark_content(values: Content, text: str) -> Any:
    """What of a remark is hashed; `values` has the columns of its place.

    A point of the index image is [x, y, text], as it was before remarks had other places, so that old links hold.
    """
    if values["x"] is not None and values["region"] is None and values["query_number"] is None:
        return [values["x"], values["y"], text]
    return {name: values[name] for name in ("x", "y", "region", "query_number")} | {"text": text}


def decision_content(number: int, key: PairKey, person: str, text: str | None, values: Content) -> Content:
    """What of a researcher's decision is hashed; `text` is the annotation that it set, if any."""
    names = ("at", "reason", "before_state", "after_state", "revision")
    annotation = None if text is None else text_hash(text)
    fixed = {"what": "decision", "number": number, "pair": str(key), "person": person, "annotation": annotation}
    return fixed | {name: values[name] for name in names}


def blind_content(number: int, key: PairKey, person: str, text: str, values: Content) -> Content:
    """What of a blind annotation is hashed; `text` is its annotation."""
    fixed = {"what": "blind annotation", "number": number, "pair": str(key), "person": person}
    return fixed | {"annotation": text_hash(text), "at": values["at"], "active_seconds": values["active_seconds"]}


def standing_after(before: int | None, state: str, revision: int) -> int:
    """The standing revision of a pair after a pass with `revision` brought it into `state`; `before` is the last."""
    return revision if state in ADVANCES or before is None else before


class ChainPart(Part):
    """Checking the chain."""

    def verify_chain(self) -> list[str]:
        """Sentences that say what was altered and where; empty when the past is as it was written."""
        with self.database.read() as connection:
            links = [*_passes(connection), *_decisions(connection), *_blind(connection)]
            links.sort(key=lambda found: found[0].sequence)
            head = connection.execute(select(CHAIN_HEAD).where(CHAIN_HEAD.c.id == 1)).first()
            pairs = connection.execute(select(PAIRS)).all()
        found = _broken_links([(row, content) for row, content in links], head)
        moves = [row for row, content in links if content["what"] != "blind annotation"]
        return found + _wrong_pairs(moves, pairs)


def _broken_links(links: list[tuple[Row[Any], Content]], head: Row[Any] | None) -> list[str]:
    found, previous, expected = [], GENESIS, 1
    for row, content in links:
        name = f"{_name(content)} (number {row.sequence} of the chain)"
        if row.sequence != expected:
            missing = "is" if row.sequence == expected + 1 else f"to {row.sequence - 1} are"
            found.append(f"Number {expected} {missing} missing from the chain before {name}.")
        elif row.previous != previous:
            found.append(f"{name} does not follow the link before it, which was replaced.")
        if link(row.previous, content) != row.sha256:
            found.append(f"{name} was altered: its content does not fit its hash.")
        previous, expected = row.sha256, row.sequence + 1
    if head is None:
        return [*found, "The end of the chain is missing."]
    if head.sequence >= expected:
        found.append(f"The chain ends at number {expected - 1}; the last of {head.sequence} links are missing.")
    elif (head.sequence, head.sha256) != (expected - 1, previous):
        found.append("The recorded end of the chain does not fit its last link.")
    return found


def _wrong_pairs(links: list[Row[Any]], pairs: Iterable[Any]) -> list[str]:
    states: dict[int, str] = {}
    standing: dict[int, int] = {}
    people: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in links:
        states[row.pair_id] = row.after_state
        if "pass_number" in row._mapping:
            people[row.pair_id][row.pass_number].add(row.person_id)
            standing[row.pair_id] = standing_after(standing.get(row.pair_id), row.after_state, row.revision)
        elif row.revision is not None:
            standing[row.pair_id] = row.revision
    found = []
    for pair in pairs:
        key, told = PairKey(pair.group_number, pair.image), states.get(pair.id, PairState.OPEN.value)
        if pair.state != told:
            found.append(f"The state of {key} was altered: it says {pair.state}, its history says {told}.")
        if pair.standing != standing.get(pair.id):
            found.append(f"The mask of {key} was replaced by one that its history does not end with.")
        did = [people[pair.id][number] for number in PASS_NUMBERS]
        if pair.state == PairState.DONE and (any(len(who) != 1 for who in did) or len(set.union(*did)) != 3):
            found.append(f"{key} is done, but not after passes by three different people.")
    return found


def _name(content: Content) -> str:
    what = f"Pass {content['pass_number']}" if content["what"] == "pass" else f"The {content['what']}"
    return f"{what} of {content['pair']} by {content['person']}"


def _passes(connection: Connection) -> list[tuple[Row[Any], Content]]:
    remarks: dict[int, list[Any]] = defaultdict(list)
    written = select(REMARKS).where(REMARKS.c.pass_sequence.is_not(None)).order_by(REMARKS.c.id)
    for row in connection.execute(written):
        remarks[row.pass_sequence].append(remark_content(row._asdict(), row.text))
    found = []
    for row in connection.execute(_joined(PASSES)):
        key, values = PairKey(row.group_number, row.image), row._asdict()
        content = pass_content(row.sequence, key, row.name, row.annotation, values, remarks[row.sequence])
        found.append((row, content))
    return found


def _decisions(connection: Connection) -> list[tuple[Row[Any], Content]]:
    found = []
    for row in connection.execute(_joined(DECISIONS)):
        key = PairKey(row.group_number, row.image)
        found.append((row, decision_content(row.sequence, key, row.name, row.annotation, row._asdict())))
    return found


def _blind(connection: Connection) -> list[tuple[Row[Any], Content]]:
    chosen = (
        select(BLIND_ANNOTATIONS, PEOPLE.c.name, PAIRS.c.group_number, PAIRS.c.image)
        .join(PEOPLE, PEOPLE.c.id == BLIND_ANNOTATIONS.c.person_id)
        .join(PAIRS, PAIRS.c.id == BLIND_ANNOTATIONS.c.pair_id)
    )
    found = []
    for row in connection.execute(chosen):
        key = PairKey(row.group_number, row.image)
        found.append((row, blind_content(row.sequence, key, row.name, row.annotation, row._asdict())))
    return found


def _joined(table: Any) -> Any:
    return (
        select(table, PEOPLE.c.name, PAIRS.c.group_number, PAIRS.c.image, REVISIONS.c.annotation)
        .join(PEOPLE, PEOPLE.c.id == table.c.person_id)
        .join(PAIRS, PAIRS.c.id == table.c.pair_id)
        .join(REVISIONS, REVISIONS.c.id == table.c.revision, isouter=True)
    )
