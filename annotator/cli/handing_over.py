"""Submitting a pass from a LabelMe file: what the window does, without the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotator.cli.people import known, person_named
from annotator.datasets.labels.labelme import read_labelme
from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError, BadFileError, GeometryError, RefusedError
from annotator.domain.passes import PASS_NUMBERS, PersonRole, Verdict
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation, Shape
from annotator.project import Project
from annotator.store.records import PairRecord, PassRecord
from qa.hand_over import Work, require_drawn, require_due, submit, take


@dataclass(frozen=True, slots=True)
class Request:
    """One command line: `verdict` None means what follows from the polygons; `labels` None means none were given."""

    key: PairKey
    pass_number: int
    person: str
    labels: Path | None
    verdict: Verdict | None
    reason: str
    seconds: float


def hand_over(project: Project, request: Request) -> PassRecord:
    """Take the pair, submit the pass, and give the pair back if it is refused; nobody is added for a refused pass.

    Raises what `qa.hand_over` raises, and BadFileError for the label file.
    """
    if request.pass_number not in PASS_NUMBERS:
        raise RefusedError(f"There is no pass {request.pass_number}; a pair has passes 1, 2 and 3.")
    pair = project.store.pair(request.key)
    given = _labels(project, request)
    is_new = known(project, request.person) is None
    person = _person(project, pair, request)
    try:
        work = take(project, request.key, person)
        annotation = _annotation(project, request, given, work)
        return submit(
            project,
            request.key,
            person,
            request.verdict or _verdict(request.pass_number, annotation, work.base),
            annotation,
            pass_number=request.pass_number,
            base_revision=work.base_revision,
            active_seconds=request.seconds,
            reason=request.reason,
        )
    except AnnotatorError:
        if pair.lease is None:
            project.store.release_lease(request.key, person)
        if is_new:
            project.store.forget_person(person)
        raise


def _labels(project: Project, request: Request) -> Annotation | None:
    """The polygons of the file, checked as a submitted pass will be."""
    if request.labels is None:
        if request.verdict in (None, Verdict.SUBMITTED, Verdict.REFINED):
            raise RefusedError(
                "Give the polygons with --labels FILE, or say --verdict approved, returned or escalated."
            )
        return None
    size = project.library.size(request.key.image) if project.library.has(request.key.image) else None
    label = read_labelme(request.labels, size)
    if label.image != request.key.image:
        problem = f"it is the label of '{label.image}' and not of '{request.key.image}'"
        raise BadFileError(request.labels, problem, "give the file of this pair")
    if request.verdict not in (Verdict.RETURNED, Verdict.ESCALATED):
        try:
            require_drawn(project, request.key, label.annotation)
        except GeometryError as error:
            raise BadFileError(request.labels, f"a polygon cannot be used, {error}", "mend it") from error
    return label.annotation


def _person(project: Project, pair: PairRecord, request: Request) -> str:
    """The person's name; a new one is added only when the pass is due at all and nobody has its place."""
    name = known(project, request.person)
    if name is not None:
        return name
    seat = pair.seats[request.pass_number - 1]
    if seat is not None:
        raise RefusedError(f"Pass {request.pass_number} of {pair.key} was done by {seat}; nobody else can submit it.")
    due = require_due(pair, request.person)
    if due != request.pass_number:
        raise RefusedError(f"{pair.key} is {pair.state}, so pass {due} is due and not pass {request.pass_number}.")
    if pair.lease is not None:
        raise RefusedError(f"{pair.lease.person} works on {pair.key} now; try again later.")
    return person_named(project, request.person, PersonRole.ANNOTATOR)


def _annotation(project: Project, request: Request, given: Annotation | None, work: Work) -> Annotation:
    """What is submitted: the polygons before the pass where they were not changed, so that they count as unchanged."""
    if work.base is not None and (given is None or same_polygons(given, work.base)):
        return work.base
    return given or work.annotation or Annotation(project.library.size(request.key.image))


def _verdict(pass_number: int, annotation: Annotation, base: Annotation | None) -> Verdict:
    if pass_number == 1:
        return Verdict.SUBMITTED
    return Verdict.APPROVED if annotation is base else Verdict.REFINED


def same_polygons(first: Annotation, second: Annotation) -> bool:
    """Whether two annotations have the same polygons in the same roles, whatever their ids, and the same mask."""
    if first.size != second.size or len(first.shapes) != len(second.shapes):
        return False
    if sorted(map(_outline, first.shapes)) != sorted(map(_outline, second.shapes)):
        return False
    return bool(np.array_equal(mask_of(first), mask_of(second)))


def _outline(shape: Shape) -> tuple[str, str, list[list[list[float]]]]:
    """Role, kind and the vertices of each ring, in an order that does not depend on where a ring begins."""
    rings = sorted(sorted(ring.points.round(3).tolist()) for ring in shape.polygon.rings)
    return shape.role.value, shape.kind.value if shape.kind else "", rings
