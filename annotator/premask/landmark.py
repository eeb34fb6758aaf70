"""A landmark with masks that people drew: what proposers are measured and fitted on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.domain.raster import Mask
from annotator.premask.protocol import IndexImage, Reference


@dataclass(frozen=True, slots=True, eq=False)
class Landmark:
    """The masked queries and index images of one group; `truths` `bool (height, width)` by image name.

    `wholes` are the objects as if nothing stood before them, what an approved image gives as a reference; where an
    image has none, its truth stands for it. Landmarks of one `building` (its own name where that is empty) know each
    other: none is used to test what was fitted on another. `near` names others that its images may show too.
    """

    name: str
    queries: tuple[Reference, ...]
    images: tuple[IndexImage, ...]
    truths: Mapping[str, Mask]
    wholes: Mapping[str, Mask] = field(default_factory=dict)
    building: str = ""
    near: frozenset[str] = frozenset()

    def out_of_sight(self, other: Landmark) -> bool:
        """Whether the images of neither show the other."""
        one_building = (self.building or self.name) == (other.building or other.name)
        return not one_building and other.name not in self.near and self.name not in other.near
