"""Blind second annotations: a sample of the pairs is drawn once more by somebody who saw neither pre-mask nor passes.

They measure consensus, and, against pass 1 with and without a pre-mask, how much pre-masks pull people along. Which
pairs are in the sample follows from the ground truth and the pair alone: the sample is the same on every computer and
at every time, and a larger share in the rules only adds pairs to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PairState
from annotator.domain.shapes import Annotation
from annotator.project.project import Project
from annotator.store.records import BlindRecord, PairRecord
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


def blind_offers(project: Project, person: str, group: int | None = None) -> tuple[BlindOffer, ...]:
    """The pairs of the sample (of one group) that `person` may draw blind now, urgent ones first.

    Pass 1 is done, nobody drew the pair blind yet, its image is on this computer, this person did no pass of it, and
    nobody else is working on it (so that two people do not meet over one image).
    """
    name = project.store.person(person).name
    taken = {record.key for record in project.store.blind_records(group)}
    offers = [
        BlindOffer(pair.key, pair.state is not PairState.DONE)
        for pair in project.store.pairs(group)
        if in_sample(project, pair.key)
        and pair.key not in taken
        and _may(pair, name)
        and (pair.lease is None or pair.lease.person == name)
        and project.library.has(pair.key.image)
    ]
    return tuple(sorted(offers, key=lambda offer: not offer.urgent))


def require_blind(project: Project, key: PairKey, person: str) -> None:
    """Raise RefusedError unless `person` may draw this pair blind."""
    pair, name = project.store.pair(key), project.store.person(person).name
    if not in_sample(project, key):
        raise RefusedError(f"{key} is not in the sample of pairs that are drawn blind; take one that is offered.")
    if pair.state in _NOT_NOW:
        raise RefusedError(f"{key} is {pair.state}; it is drawn blind after its pass 1.")
    if not _may(pair, name):
        raise RefusedError(f"{name} did a pass of {key} and knows its mask; somebody else draws it blind.")


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
