"""How a researcher settles a pair that was escalated or is in dispute.

A pair stops because of one pass. The researcher either decides, and the mask takes the place of that pass's result, or
has the same person do that pass again. The seats of the passes stay as they were: a decision is no pass, and the passes
that are still missing need different people as before. So a pair that is done always had three people, and a pair that
was escalated in pass 1 still gets its passes 2 and 3 after the decision. The researcher who decided may do one of them
like anybody else, unless that person did a pass of the pair already.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PairState
from annotator.domain.shapes import Annotation
from annotator.project.project import Project
from annotator.store.records import Decision, PairRecord
from qa.agreement.results import counts, lowest_agreement
from qa.hand_over import require_drawn
from qa.workflow import AGAIN, DECIDED

STOPPED = (PairState.ESCALATED, PairState.DISPUTE)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair that waits for a researcher.

    `lowest` is the lowest IoU of any two of its passes' masks, None where fewer than two count; `by` handed in the pass
    that stopped it.
    """

    pair: PairRecord
    lowest: float | None
    by: str

    @property
    def key(self) -> PairKey:
        """Which pair it is."""
        return self.pair.key


def stopped_pairs(project: Project) -> tuple[PairRecord, ...]:
    """All pairs that wait for a researcher, by group and index number."""
    return tuple(pair for pair in project.store.pairs() if pair.state in STOPPED)


def waiting(project: Project, pair: PairRecord) -> Waiting:
    """Look at the passes of a stopped pair and compare their masks."""
    passes = project.store.passes(pair.key)
    latest = {entry.pass_.pass_number: entry.pass_.annotation for entry in passes if counts(entry.pass_.verdict)}
    drawn = [each for each in latest.values() if each.size == latest[max(latest)].size]
    lowest = lowest_agreement(drawn) if len(drawn) > 1 else None
    return Waiting(pair, lowest, passes[-1].pass_.person)


def worst_first(found: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Disputes by rising agreement, then what was escalated, by rising agreement too, and last what has none."""
    return tuple(sorted(found, key=_need))


def _need(one: Waiting) -> tuple[bool, float, int, str]:
    lowest = math.inf if one.lowest is None else one.lowest
    return one.pair.state is PairState.ESCALATED, lowest, one.key.group, one.key.image


def settle(
    project: Project,
    key: PairKey,
    researcher: str,
    annotation: Annotation | None,
    reason: str,
    resume: bool = False,
    clarified: str = "",
) -> Decision:
    """Decide with `annotation`, or with `resume` have the pass that stopped done again by the same person.

    A rule that the decision `clarified` goes into the note of the group with it, where everybody finds it.

    Raises RefusedError for anybody but a researcher, without a reason, for a pair that is not stopped, for a decision
    without a mask, and for one that would end a pair with open remarks; ConflictError when somebody was faster.
    """
    pair = project.store.pair(key)
    if pair.state not in STOPPED:
        raise RefusedError(f"{key} is {pair.state}; only pairs that were escalated or are in dispute are settled.")
    stopped = stopped_pass(project, key)
    if resume:
        return project.store.record_decision(key, researcher, pair.state, AGAIN[stopped], reason, clarified=clarified)
    if annotation is None:
        raise RefusedError(f"A decision on {key} needs a mask; choose, merge or redraw one, or send the pass back.")
    require_drawn(project, key, annotation)
    return project.store.record_decision(key, researcher, pair.state, DECIDED[stopped], reason, annotation, clarified)


def stopped_pass(project: Project, key: PairKey) -> int:
    """The pass that stopped a pair which is escalated or in dispute: the last one that was recorded."""
    return project.store.passes(key)[-1].pass_.pass_number
