"""Pre-masks of a part of a group as one piece of work for a process: files by name, decoded where they are needed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.datasets.decode import decode
from annotator.domain.codec import annotation_from_text
from annotator.domain.errors import AnnotatorError
from annotator.domain.raster import whole_of
from annotator.premask.fitted import shipped_hash
from annotator.premask.protocol import IndexImage, Kind, Proposal, Proposer, Reference, refusal
from annotator.premask.stored import proposal_data

CHUNK = 24
"""Index images of a group that are worked on together and can be bridges for each other; bounds memory."""

METHOD = 8
"""Raised when proposers answer differently with the same parameters, so that what is kept is made anew."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """An image on disk; `sha256` of its content."""

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class MaskedFile:
    """An image with its annotation (text of `codec.annotation_text`)."""

    image: ImageFile
    kind: Kind
    annotation: str


@dataclass(frozen=True, slots=True)
class GroupWork:
    """References and index images of one group for one proposer, which `make` makes in the worker from `choice`."""

    group: int
    references: tuple[MaskedFile, ...]
    images: tuple[ImageFile, ...]
    make: Callable[[Any], Proposer]
    choice: Any

    @property
    def fingerprint(self) -> str:
        """A hash of everything that the answers depend on."""
        parts: dict[str, Any] = {
            "method": METHOD,
            "choice": repr(self.choice),
            "parameters": shipped_hash(),
            "references": [(one.image.sha256, one.kind, one.annotation) for one in self.references],
            "images": [(one.name, one.sha256) for one in self.images],
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def run_group_work(work: GroupWork) -> list[tuple[str, dict[str, Any]]]:
    """(index image, data of its proposal) for every image, in order; an image that cannot be read gives a refusal."""
    proposer = work.make(work.choice)
    references = tuple(reference for one in work.references if (reference := _reference(one)) is not None)
    images: list[IndexImage] = []
    found: dict[str, Proposal] = {}
    for file in work.images:
        try:
            images.append(IndexImage(decode(file.path), file.name, file.sha256))
        except AnnotatorError as error:
            found[file.name] = refusal(proposer.name, str(error))
    for image, answer in zip(images, proposer.propose_group(references, images), strict=True):
        found[image.name] = answer
    return [(file.name, proposal_data(found[file.name])) for file in work.images]


def chunks(images: Sequence[ImageFile]) -> Iterable[tuple[ImageFile, ...]]:
    """The images in parts of about equal size, at most `CHUNK`; the same for any number of workers.

    Several parts are of even number, so that two workers end together: five on two would take the time of six.
    """
    count = -(-len(images) // CHUNK)
    count += count % 2 if count > 1 else 0
    for number in range(count):
        yield tuple(images[number::count])


def _reference(given: MaskedFile) -> Reference | None:
    """A reference with its pixels; None where its image cannot be read any more."""
    try:
        image = decode(given.image.path)
        mask = whole_of(annotation_from_text(given.annotation))
    except AnnotatorError:
        return None
    return Reference(image, mask, given.kind, given.image.name, given.image.sha256)
