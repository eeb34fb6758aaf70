"""The next best pairs for a person: only what this person may do, in the order of need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PASS_NUMBERS, PairState
from annotator.project.project import Project
from annotator.store.records import PairRecord
from qa.blind import blind_offers
from qa.workflow import next_pass

_RETURNED = frozenset({PairState.RETURNED_1, PairState.RETURNED_2})
_HELD, _BACK = "you are working on it", "returned to you"
_BEGUN = frozenset({_HELD, _BACK, *(f"back for your pass {number}" for number in PASS_NUMBERS)})
_BLIND = "to draw blind, without the pre-mask"


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A pair that somebody may take now; `reason` says why it stands where it does.

    `pass_number` is 0 where the pair is to be drawn `blind`.
    """

    key: PairKey
    pass_number: int
    reason: str
    blind: bool = False


def queue_for(
    project: Project,
    person: str,
    group: int | None = None,
    teaching: Mapping[PairKey, float] | None = None,
    pairs: Iterable[PairRecord] | None = None,
) -> tuple[QueueItem, ...]:
    """The pairs (of one group) that `person` may take now, best first.

    First what the person holds, then what was returned to the person, then passes 3, 2 and 1, so that pairs get done.
    Pass 1 goes by `teaching` (what teaches the proposer most has the largest value), then by group and index number.
    Pairs that wait, that others hold, or that this computer lacks the image of are left out. `pairs` are those of the
    group where the caller has read them already.
    """
    name = project.store.person(person).name
    order = teaching or {}
    ranked = []
    for pair in project.store.pairs(group) if pairs is None else pairs:
        number = _allowed(pair, name)
        if number is None or not project.library.has(pair.key.image):
            continue
        rank, reason = _rank(pair, number, name)
        taught = -order.get(pair.key, float("-inf")) if number == 1 else 0.0
        ranked.append((rank, taught, pair.key.group, pair.index, QueueItem(pair.key, number, reason)))
    ranked.sort(key=lambda entry: entry[:4])
    return tuple(entry[-1] for entry in ranked)


def work_for(
    project: Project, person: str, teaching: Mapping[PairKey, float] | None = None, group: int | None = None
) -> tuple[QueueItem, ...]:
    """The queue (of one group) with the pairs that `person` may draw blind, which are no pass until that is done.

    Those that need the person for a pass later come before new passes, since a pass would make it too late; those that
    are done come last.
    """
    pairs = project.store.pairs(group)
    offers = blind_offers(project, person, group, pairs)
    meant = {offer.key for offer in offers}
    passes = [item for item in queue_for(project, person, group, teaching, pairs) if item.key not in meant]
    begun = sum(item.reason in _BEGUN for item in passes)
    blind = [(offer.urgent, QueueItem(offer.key, 0, _BLIND, blind=True)) for offer in offers]
    urgent = [item for hurry, item in blind if hurry]
    rest = [item for hurry, item in blind if not hurry]
    return tuple(passes[:begun] + urgent + passes[begun:] + rest)


def _allowed(pair: PairRecord, person: str) -> int | None:
    number = next_pass(pair.state)
    if number is None or (pair.lease is not None and pair.lease.person != person):
        return None
    seat = pair.seats[number - 1]
    if seat is not None:
        return number if seat == person else None
    return None if person in pair.seats else number


def _rank(pair: PairRecord, number: int, person: str) -> tuple[int, str]:
    if pair.lease is not None:
        return 0, _HELD
    if pair.state in _RETURNED:
        return 1, _BACK
    if pair.seats[number - 1] == person:
        return 2, f"back for your pass {number}"
    return 3 + PASS_NUMBERS[-1] - number, f"pass {number} is due"
