"""Pairs as training samples: what `torch.utils.data.DataLoader` takes, by duck typing and without the dependency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from annotator.datasets.decode import decode
from annotator.datasets.library import ImageLibrary
from annotator.domain.errors import BadFileError
from annotator.domain.raster import Mask
from export.reader import ReleasedPair


class Sample(TypedDict):
    """A pair: `pixels` is uint8 `(height, width, 3)` RGB, None without photographs; `mask` bool `(height, width)`."""

    dataset: str
    group: int
    image: str
    index: int
    difficulty: str
    queries: tuple[int, ...]
    mask: Mask
    pixels: NDArray[np.uint8] | None


class PairSamples:
    """`len(samples)` and `samples[i]`; `images` is a folder with the photographs, found by name.

    `transform`, where given, is applied to each sample. Photographs are turned as their EXIF orientation asks, which is
    how the masks lie. Raises BadFileError for a sample whose photograph is missing or has another size than its mask.
    """

    def __init__(
        self,
        pairs: Sequence[ReleasedPair],
        images: Path | None = None,
        transform: Callable[[Sample], object] | None = None,
    ) -> None:
        self.pairs = pairs
        self.transform = transform
        self._library = ImageLibrary(images) if images is not None else None
        if self._library is not None:
            self._library.scan([pair.key.image for pair in pairs])

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, position: int) -> object:
        """A Sample, or what `transform` makes of it; raises IndexError beyond the end."""
        pair = self.pairs[position]
        sample: Sample = {
            "dataset": pair.dataset,
            "group": pair.key.group,
            "image": pair.key.image,
            "index": pair.index,
            "difficulty": pair.difficulty.value,
            "queries": pair.queries,
            "mask": pair.mask(),
            "pixels": self._pixels(pair),
        }
        return sample if self.transform is None else self.transform(sample)

    def _pixels(self, pair: ReleasedPair) -> NDArray[np.uint8] | None:
        if self._library is None:
            return None
        path = self._library.path(pair.key.image)
        if path is None:
            raise BadFileError(
                self._library.folder / pair.key.image, "this photograph is missing", "add it to the folder"
            )
        pixels = decode(path)
        if pixels.shape[:2] != (pair.released.size[1], pair.released.size[0]):
            raise BadFileError(path, "this photograph has another size than its mask", "get the original photograph")
        return pixels
