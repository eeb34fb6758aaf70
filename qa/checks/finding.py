"""What a check says, and what it is given to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import Place
from annotator.domain.raster import Mask, mask_of
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation, Role


class Severity(StrEnum):
    """Errors block a hand-over; warnings need a word."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found: a sentence, the place to go to and the polygon, where there is one."""

    check: str
    severity: Severity
    sentence: str
    place: Place | None = None
    shape_id: str | None = None


@dataclass(frozen=True)
class Given:
    """An annotation with what is known around it; every extra may be missing and its checks are then silent.

    `image` is uint8 `(height, width, 3)` RGB, `group_areas` the pixels of the other finished masks of the group, as
    shares of their images, `expected` a mask that verified geometry predicts, `premask` the pre-mask that was accepted,
    `other_groups` masks of the same index image in other groups by group name, `active_seconds` the time worked.
    """

    annotation: Annotation
    rules: Rules = field(default_factory=Rules)
    image: NDArray[np.uint8] | None = None
    group_areas: tuple[float, ...] = ()
    expected: Mask | None = None
    premask: Annotation | None = None
    other_groups: tuple[tuple[str, Mask], ...] = ()
    active_seconds: float | None = None

    @cached_property
    def mask(self) -> Mask:
        """The annotation's mask, rasterised once for all checks."""
        return mask_of(self.annotation)

    @cached_property
    def object_mask(self) -> Mask:
        """The object polygons alone, nothing cut out."""
        return mask_of(self.annotation.with_shapes(self.annotation.of_role(Role.OBJECT)))


@dataclass(frozen=True, slots=True)
class Check:
    """A check's name, what it means and how to mend what it finds, both shown to people, and the test itself."""

    name: str
    meaning: str
    remedy: str
    find: Callable[[Given], Iterable[Finding]]


def centre_of(mask: Mask) -> Place | None:
    """A pixel of `mask` near its middle: the one that is nearest to the mean."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return None
    nearest = int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
    return Place(float(columns[nearest]), float(rows[nearest]))


def name_of(annotation: Annotation, shape_id: str) -> str:
    """How the window calls a polygon: its role and its number among those of the role."""
    shape = annotation.shape(shape_id)
    same = [other.id for other in annotation.of_role(shape.role)]
    return f"{shape.role.value.capitalize()} {same.index(shape_id) + 1}"
