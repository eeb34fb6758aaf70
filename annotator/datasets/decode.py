"""The one way from an image file to pixels: everything in the project sees an image as this module shows it.

Pixels are 8-bit RGB with the EXIF orientation applied, as `cv2.imread` and LabelMe show them; transparency is laid on
white. Files are judged by their content, whatever their name says.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotator.datasets.image_file import ImageHeader, check_size, header_of, opened
from annotator.datasets.orientation import upright
from annotator.domain.geometry import Size

Pixels = NDArray[np.uint8]
"""`(height, width, 3)` RGB."""


def decode(path: Path) -> Pixels:
    """The image as shown, uint8 `(height, width, 3)` RGB.

    Raises BadFileError for a file that is no image, truncated, damaged or larger than `image_file.MOST_PIXELS`;
    EnvironmentFault when it cannot be read.
    """
    with opened(path) as image:
        header = header_of(image, path)
        check_size(header, path)
        image.load()
        return np.asarray(_oriented(_rgb(image), header))


def read_header(path: Path) -> ImageHeader:
    """Form, size and orientation, without decoding; raises as `decode` does for what the header shows."""
    with opened(path) as image:
        header = header_of(image, path)
    check_size(header, path)
    return header


def read_size(path: Path) -> Size:
    """(width, height) of the image as shown, from its header only; raises as `read_header` does."""
    return read_header(path).size


def thumbnail(path: Path, side: int) -> Pixels:
    """The image as shown, shrunk to fit a square of `side` pixels; never enlarged. Raises as `decode` does.

    JPEG files are decoded at an eighth to a half of their size where that is enough.
    """
    with opened(path) as image:
        header = header_of(image, path)
        check_size(header, path)
        image.draft("RGB", (side, side))
        image.load()
        small = _rgb(image)
        small.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
        return np.asarray(_oriented(small, header))


def _oriented(image: Image.Image, header: ImageHeader) -> Image.Image:
    return image if header.turned_by_reader else upright(image, header.orientation)


def _rgb(image: Image.Image) -> Image.Image:
    """8-bit RGB of a decoded image of any mode."""
    if image.mode == "RGB":
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return _on_white(image.convert("RGBA"))
    return image.convert("RGB")


def _eight_bits(grey: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey values of 16 bits to 8 by their high byte; values of other types are cut to 0 to 255."""
    if grey.dtype.kind in "iu" and (grey.dtype.itemsize == 2 or int(grey.max(initial=0)) > 255):
        return (np.clip(grey.astype(np.int64), 0, 65535) >> 8).astype(np.uint8)
    return np.clip(np.nan_to_num(grey.astype(np.float64)), 0, 255).astype(np.uint8)


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")
