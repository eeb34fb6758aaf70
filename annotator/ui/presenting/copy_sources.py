"""From which images of a group a mask can be copied. No Qt."""

from __future__ import annotations

from functools import partial

from annotator.datasets import decode
from annotator.domain.errors import AnnotatorError
from annotator.domain.passes import PairState
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation, Role
from annotator.editing.drawing.carrying import CopySource, Mapping
from annotator.premask.click.copy_geometry import matched_mapping
from annotator.premask.features import Pixels
from annotator.project.project import Project
from annotator.ui.wording import tr
from qa.blind import sealed

MOST = 24
"""Images that are offered: beyond it a menu is no help."""


def copy_sources(project: Project, group: int, image: str, person: str) -> tuple[CopySource, ...]:
    """Approved query masks first, then the index images that the most passes agreed on; `image` itself is left out.

    So are the pairs that `person` may still draw blind.
    """
    hidden = sealed(project, person, group)
    found: list[tuple[str, str, Annotation]] = []
    for query in project.store.query_records(group):
        if query.approved_by is not None and query.annotation is not None and query.image != image:
            title = tr("Query {number}: {image}").format(number=query.number, image=query.image)
            found.append((title, query.image, query.annotation))
    pairs = [pair for pair in project.store.pairs(group) if pair.standing is not None and pair.key.image != image]
    pairs = [pair for pair in pairs if pair.key not in hidden]
    pairs.sort(key=lambda pair: (pair.state is not PairState.DONE, pair.seats.count(None)))
    kept = pairs[: max(0, MOST - len(found))]
    annotations = project.store.annotations([pair.standing for pair in kept if pair.standing is not None])
    for pair in kept:
        if pair.standing is not None:
            found.append((pair.key.image, pair.key.image, annotations[pair.standing]))
    return tuple(
        CopySource(title, annotation, partial(_find, project, name, annotation))
        for title, name, annotation in found
        if project.library.has(name) and annotation.of_role(Role.OBJECT)
    )


def _find(project: Project, name: str, annotation: Annotation, target: Pixels) -> Mapping:
    path = project.library.path(name)
    if path is None:
        raise AnnotatorError(f"The image {name} is not here, so its mask cannot be copied.")
    pixels = decode.decode(path)
    mask = mask_of(annotation)
    if mask.shape != pixels.shape[:2]:
        raise AnnotatorError(f"The mask of {name} was drawn on an image of another size; it cannot be copied.")
    return matched_mapping(pixels, mask, target, name)
