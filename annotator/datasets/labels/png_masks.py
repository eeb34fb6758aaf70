"""Folders of PNG masks: pixels that are not black are the object.

A file is named `IMAGE.png` or `WORD__IMAGE.png`; a folder `gNN` around it says the query group.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from annotator.datasets.image_file import check_size, header_of, opened
from annotator.datasets.labels.imported import ImportedLabel
from annotator.datasets.labels.matching import Places
from annotator.datasets.labels.pixels import label_of_mask
from annotator.datasets.labels.told_group import told_group
from annotator.domain.errors import BadFileError
from annotator.domain.raster import Mask


def read_png_masks(files: list[Path], places: Places) -> Iterator[ImportedLabel | BadFileError]:
    """A label or an error for each PNG file."""
    for path in files:
        try:
            label = label_of_mask(read_mask(path), path.stem.rpartition("__")[2], path)
            yield places.any(label, told_group(path))
        except BadFileError as error:
            yield error


def read_mask(path: Path) -> Mask:
    """The mask in a PNG, `bool (height, width)`: pixels of which any colour is not 0. Raises as `decode` does."""
    with opened(path) as image:
        check_size(header_of(image, path), path)
        image.load()
        if "A" in image.getbands():
            image = image.convert("RGB")
        values = np.asarray(image.convert("RGB") if image.mode == "P" else image)
    mask: Mask = values != 0 if values.ndim == 2 else np.any(values != 0, axis=2)
    return mask
