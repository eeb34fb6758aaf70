"""Taking query masks and labels from elsewhere into a project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from annotator.datasets.labels.imported import ImportedLabel
from annotator.datasets.labels.source import read_source
from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PersonRole
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation
from annotator.domain.validity import polygon_problems
from annotator.project.project import Project
from annotator.store.revisions import IMPORT


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many masks were taken in, and one sentence for each label that was not."""

    query_masks: int
    index_masks: int
    skipped: tuple[str, ...]


def import_source(project: Project, source: Path, by: str, approve: bool) -> ImportReport:
    """Take in all labels of `source`: query masks as such, index masks as the start of their pairs' pass 1.

    With `approve` the query masks count as approved by that researcher and their groups are opened. A label for another
    image size, with a broken polygon, or for a pair that somebody worked on is skipped with a reason. Everything else
    is taken in at once, or nothing when an error is raised: BadFileError for a source that is none, RefusedError for a
    person who may not bring in query masks.
    """
    person = project.store.person(by)
    found = read_source(source, project.truth)
    if person.role is not PersonRole.RESEARCHER and (approve or any(_is_query(label) for label in found.labels)):
        raise RefusedError(f"{person.name} is an annotator, and only a researcher brings in query masks.")
    skipped = list(found.problems)
    queries: dict[int, Annotation] = {}
    pairs: dict[PairKey, Annotation] = {}
    sources: dict[PairKey, Path] = {}
    for label in found.labels:
        problem = _problem(project, label) or _twice(label, queries, pairs)
        if problem:
            skipped.append(f"{label.source}: {problem}.")
        elif label.query_number is not None:
            queries[label.query_number] = label.annotation
        else:
            key = _key(label)
            pairs[key], sources[key] = label.annotation, label.source
    left = project.store.take_in(queries, pairs, person.name, approve and bool(queries), _told(source))
    skipped += [f"{sources[key]}: {key} has a pass already, which a label from outside never replaces." for key in left]
    return ImportReport(len(queries), len(pairs) - len(left), tuple(skipped))


def _told(source: Path) -> str:
    """What a revision keeps of its source; names of files may hold bytes that are no text."""
    return f"{IMPORT}{source.name.encode(errors='replace').decode()}"


def _is_query(label: ImportedLabel) -> bool:
    return label.query_number is not None


def _key(label: ImportedLabel) -> PairKey:
    if label.group is None:
        raise ValueError("a label of an index image without a group")
    return PairKey(label.group, label.image)


def _problem(project: Project, label: ImportedLabel) -> str | None:
    """Why a label cannot be taken, as a fragment; None for a good one."""
    if label.query_number is None:
        if label.group is None:
            return f"the query group of {label.image} is not known"
        names = project.truth.index_images
        if label.image not in {names[index] for index in project.group(label.group).positives}:
            return f"{_key(label)} is no pair of this project"
    size = label.annotation.size
    if project.library.has(label.image) and project.library.size(label.image) != size:
        width, height = project.library.size(label.image)
        return f"it is for {size[0]} × {size[1]} pixels, but {label.image} has {width} × {height}"
    for shape in label.annotation.shapes:
        for problem in polygon_problems(shape.polygon, size):
            return str(problem)
    return None if mask_of(label.annotation).any() else "it leaves nothing of the object"


def _twice(label: ImportedLabel, queries: dict[int, Annotation], pairs: dict[PairKey, Annotation]) -> str | None:
    if label.query_number is not None:
        return (
            f"query {label.query_number} has a mask in this source already" if label.query_number in queries else None
        )
    return f"{_key(label)} has a label in this source already" if _key(label) in pairs else None
