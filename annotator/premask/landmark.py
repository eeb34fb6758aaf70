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
    image has none, its truth stands for it.
    """

    name: str
    queries: tuple[Reference, ...]
    images: tuple[IndexImage, ...]
    truths: Mapping[str, Mask]
    wholes: Mapping[str, Mask] = field(default_factory=dict)
