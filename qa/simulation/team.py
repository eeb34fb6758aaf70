"""A simulated person does a pass through the same hand-over as everybody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from annotator.domain.codec import annotation_text
from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.domain.remarks import RemarkPlace
from annotator.domain.shapes import Annotation
from annotator.project.project import Project
from annotator.store.records import PassRecord
from qa.hand_over import Work, submit, take
from qa.simulation.refining import refined
from qa.simulation.skill import Skill, drawn, seconds


@dataclass(frozen=True, slots=True)
class Simulated:
    """A person with a skill and a random stream of their own."""

    name: str
    skill: Skill
    rng: np.random.Generator


def simulated(name: str, skill: Skill, seed: int) -> Simulated:
    """A person whose errors depend on the seed and the name alone."""
    return Simulated(name, skill, np.random.default_rng([seed, *name.encode()]))


def do_pass(project: Project, key: PairKey, person: Simulated, truth: Annotation) -> PassRecord:
    """Draw in pass 1; later approve what is good enough and refine what is not."""
    work = take(project, key, person.name)
    seen = drawn(truth, person.skill, person.rng)
    if work.base is None:
        return _hand_over(project, work, person, Verdict.SUBMITTED, seen)
    better = refined(work.base, seen)
    verdict = Verdict.APPROVED if better is work.base else Verdict.REFINED
    return _hand_over(project, work, person, verdict, better)


def draw_anew(project: Project, key: PairKey, person: Simulated, truth: Annotation) -> PassRecord:
    """Do a pass without a look at what was drawn before, so that the three masks of a pair err independently."""
    work = take(project, key, person.name)
    seen = drawn(truth, person.skill, person.rng)
    if work.base is None:
        return _hand_over(project, work, person, Verdict.SUBMITTED, seen)
    same = annotation_text(seen) == annotation_text(work.base)
    return _hand_over(project, work, person, Verdict.APPROVED if same else Verdict.REFINED, seen)


def send_back(
    project: Project, key: PairKey, person: Simulated, reason: str, remarks: Sequence[tuple[RemarkPlace, str]] = ()
) -> PassRecord:
    """Return a pair to the pass before, with remarks."""
    work = take(project, key, person.name)
    standing = work.base if work.base is not None else work.annotation
    assert standing is not None  # noqa: S101  # pass 1, which has nothing before it, cannot return
    return _hand_over(project, work, person, Verdict.RETURNED, standing, reason, remarks)


def escalate(project: Project, key: PairKey, person: Simulated, reason: str, seen: Annotation) -> PassRecord:
    """Give a pair to a researcher with what could be drawn of it."""
    return _hand_over(project, take(project, key, person.name), person, Verdict.ESCALATED, seen, reason)


@contextmanager
def working_hours(project: Project, start: datetime, step: timedelta) -> Iterator[None]:
    """Let the project's clock run from `start` by `step` at each look, as if the work had been done then."""
    real, now = project.store.clock, start

    def tick() -> datetime:
        nonlocal now
        now += step
        return now

    project.store.clock = tick
    try:
        yield
    finally:
        project.store.clock = real


def _hand_over(
    project: Project,
    work: Work,
    person: Simulated,
    verdict: Verdict,
    annotation: Annotation,
    reason: str = "",
    remarks: Sequence[tuple[RemarkPlace, str]] = (),
) -> PassRecord:
    return submit(
        project,
        work.key,
        person.name,
        verdict,
        annotation,
        pass_number=work.pass_number,
        base_revision=work.base_revision,
        active_seconds=seconds(person.skill, person.rng) / work.pass_number,
        reason=reason,
        remarks=remarks,
    )
