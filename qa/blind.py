"""Blind second annotations: a sample of the pairs is drawn once more by somebody who saw neither pre-mask nor passes.

They measure consensus, and, against pass 1 with and without a pre-mask, how much pre-masks pull people along. Which
pairs are in the sample follows from the ground truth and the pair alone: the sample is the same on every computer and
at every time, and a larger share in the rules only adds pairs to it.

A pair that a person may still draw blind is sealed for that person: the window shows none of its masks. Who looks at
them all the same has seen the pair, which is kept for ever, and no longer draws it blind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from annotator.domain.dataset import PairKey
from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import PairState
from annotator.domain.shapes import Annotation
from annotator.project.project import Project
from annotator.store.journal import Journal
from annotator.store.records import BlindRecord, Lease, PairRecord
from qa.hand_over import require_drawn

_NOT_NOW = frozenset({PairState.WAITING, PairState.OPEN})


@dataclass(frozen=True, slots=True)
class BlindOffer:
    """A pair that a person may draw blind; `urgent` while the person may still be needed for a pass of it.

    Who did a pass of a pair has seen its mask, so an urgent one is drawn before that pass or never by this person.
    """

    key: PairKey
    urgent: bool


def in_sample(project: Project, key: PairKey) -> bool:
    """Whether a pair is in the sample of the rules' `blind_share`."""
    return _position(project.truth.sha256, key) < project.rules.blind_share


def sample(project: Project, keys: Iterable[PairKey]) -> tuple[PairKey, ...]:
    """Those of `keys` that are in the sample, in their order."""
    return tuple(key for key in keys if in_sample(project, key))


def blind_offers(
    project: Project, person: str, group: int | None = None, pairs: Iterable[PairRecord] | None = None
) -> tuple[BlindOffer, ...]:
    """The pairs of the sample (of one group) that `person` may draw blind now, urgent ones first.

    Pass 1 is done, nobody drew the pair blind yet, its image is on this computer, this person did no pass of it and has
    not seen its masks, and nobody else is working on it (so that two people do not meet over one image). `pairs` are
    those of the group where the caller has read them already.
    """
    if not project.rules.blind_share:
        return ()
    name = project.store.person(person).name
    taken = {record.key for record in project.store.blind_records(group)} | project.store.sightings(name)
    offers = [
        BlindOffer(pair.key, pair.state is not PairState.DONE)
        for pair in (project.store.pairs(group) if pairs is None else pairs)
        if _may(pair, name)
        and in_sample(project, pair.key)
        and pair.key not in taken
        and (pair.lease is None or pair.lease.person == name)
        and project.library.has(pair.key.image)
    ]
    return tuple(sorted(offers, key=lambda offer: not offer.urgent))


def left_to_draw(project: Project, pairs: Iterable[PairRecord], drawn: Iterable[BlindRecord]) -> int:
    """How many pairs of the sample have a mask and were not drawn blind yet: who sees their masks no longer can."""
    begun = {pair.key for pair in pairs if pair.state not in _NOT_NOW}
    return len(sample(project, begun - {record.key for record in drawn}))


def sealed(
    project: Project, person: str, group: int | None = None, pairs: Iterable[PairRecord] | None = None
) -> frozenset[PairKey]:
    """The pairs (of one group) whose masks are kept from `person`, who may draw them blind now or later.

    `pairs` are those of the group where the caller has read them already.
    """
    if not project.rules.blind_share:
        return frozenset()
    name = project.store.person(person).name
    read = project.store.pairs(group) if pairs is None else pairs
    chosen = [pair.key for pair in read if name not in pair.seats and in_sample(project, pair.key)]
    known = {record.key for record in project.store.blind_records(group)} | project.store.sightings(name)
    return frozenset(chosen) - known


def is_meant_for(project: Project, key: PairKey, person: str) -> bool:
    """Whether this person may still draw the pair blind and should do that before anything else with it."""
    if not in_sample(project, key):
        return False
    name = project.store.person(person).name
    if not _may(project.store.pair(key), name) or key in project.store.sightings(name):
        return False
    return all(record.key != key for record in project.store.blind_records(key.group))


def mark_seen(project: Project, key: PairKey, person: str) -> None:
    """Somebody sees the masks of a pair: where it is in the sample, that person no longer draws it blind."""
    if in_sample(project, key) and key in sealed(project, person, key.group):
        project.store.record_sighting(key, person)


def drafts(project: Project, key: PairKey) -> Journal:
    """Where people keep what they began to draw blind on a pair: on this computer, beside the journal.

    It is no revision of the pair, which everybody could see.
    """
    return project.journal.of_pair("blind", key)


def take_blind(project: Project, key: PairKey, person: str) -> Lease:
    """Take the lease of a pair to draw it blind; raises what `require_blind` raises, and ConflictError."""
    require_blind(project, key, person)
    return project.store.take_lease(key, person, project.rules.lease_minutes)


def require_blind(project: Project, key: PairKey, person: str) -> None:
    """Raise RefusedError unless `person` may draw this pair blind, ConflictError where somebody did."""
    pair, name = project.store.pair(key), project.store.person(person).name
    if not in_sample(project, key):
        raise RefusedError(f"{key} is not in the sample of pairs that are drawn blind; take one that is offered.")
    if pair.state in _NOT_NOW:
        raise RefusedError(f"{key} is {pair.state}; it is drawn blind after its pass 1.")
    if not _may(pair, name):
        raise RefusedError(f"{name} did a pass of {key} and knows its mask; somebody else draws it blind.")
    if key in project.store.sightings(name):
        raise RefusedError(f"{name} has seen the masks of {key}; somebody else draws it blind.")
    if any(record.key == key for record in project.store.blind_records(key.group)):
        raise ConflictError(f"{key} has a blind annotation already; take another pair.")


def submit_blind(
    project: Project, key: PairKey, person: str, annotation: Annotation, active_seconds: float
) -> BlindRecord:
    """Hand in what was drawn blind; it is kept for ever and changes nothing about the pair.

    Raises RefusedError for who may not and for nothing drawn, GeometryError for a broken polygon, ConflictError when
    somebody else handed one in meanwhile.
    """
    require_blind(project, key, person)
    require_drawn(project, key, annotation)
    return project.store.record_blind(key, person, annotation, active_seconds)


def _may(pair: PairRecord, person: str) -> bool:
    return pair.state not in _NOT_NOW and pair.seats[0] is not None and person not in pair.seats


def _position(seed: str, key: PairKey) -> float:
    """A number in [0, 1) that a pair keeps for ever, as good as drawn by chance."""
    digest = blake2b(f"{seed}\n{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
