"""The one way from an image file to pixels: everything in the project sees an image as this module shows it.

Pixels are 8-bit RGB with the EXIF orientation applied, as `cv2.imread` and LabelMe show them; transparency is laid on
white. Files are judged by their content, whatever their name says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotator.datasets.image_file import ImageHeader, check_size, header_of, opened
from annotator.datasets.orientation import upright
from annotator.domain.geometry import Size

Pixels = NDArray[np.uint8]
"""`(height, width, 3)` RGB."""

_STRIP_BYTES = 65_536
"""Bytes copied from Pillow at once: its own step, so that nothing is joined, and no fresh memory for each strip."""


def decode(path: Path) -> Pixels:
    """The image as shown, uint8 `(height, width, 3)` RGB.

    Raises BadFileError for a file that is no image, truncated, damaged or larger than `image_file.MOST_PIXELS`;
    EnvironmentFault when it cannot be read.
    """
    with _shown(path) as image:
        pixels = np.empty((image.height, image.width, 3), dtype=np.uint8)
        for rows, strip in _strips(image):
            pixels[rows] = strip
        return _fixed(pixels)


def decode_bgra(path: Path) -> Pixels:
    """The pixels of `decode` as the window shows them: uint8 `(height, width, 4)`, blue, green, red, 255.

    Made without a whole RGB copy between, whose fresh memory costs more than the copying. Raises as `decode` does.
    """
    with _shown(path) as image:
        pixels = np.empty((image.height, image.width, 4), dtype=np.uint8)
        for rows, strip in _strips(image):
            pixels[rows] = cv2.cvtColor(strip, cv2.COLOR_RGB2BGRA)
        return _fixed(pixels)


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


@contextmanager
def _shown(path: Path) -> Iterator[Image.Image]:
    """The decoded image as shown, of mode RGB."""
    with opened(path) as image:
        header = header_of(image, path)
        check_size(header, path)
        image.load()
        yield _oriented(_rgb(image), header)


def _strips(image: Image.Image) -> Iterator[tuple[slice, Pixels]]:
    """An RGB image as strips of rows from the top: which rows, and their pixels."""
    width, height = image.size
    step = max(1, _STRIP_BYTES // max(1, 3 * width))
    for top in range(0, height, step):
        bottom = min(height, top + step)
        yield slice(top, bottom), np.asarray(image.crop((0, top, width, bottom)))


def _fixed(pixels: Pixels) -> Pixels:
    """The pixels, closed to changes: those who share an image do not draw on it."""
    pixels.flags.writeable = False
    return pixels


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
