"""Image files opened without trusting them: forms, limits, and Pillow's many errors as sentences."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from annotator.datasets.orientation import orientation_of, swaps_sides
from annotator.domain.errors import AnnotatorError, BadFileError, EnvironmentFault
from annotator.domain.geometry import Size

MOST_PIXELS = 200_000_000
"""A larger image is refused from its header; a mask and the levels of the canvas must fit beside it in memory."""

EXTENSIONS = {
    "JPEG": (".jpg", ".jpeg"),
    "MPO": (".jpg", ".jpeg"),
    "PNG": (".png",),
    "BMP": (".bmp",),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
}
"""The forms that are read, with the endings that fit them. MPO is what some cameras make of JPEG."""

_FORMS = ("JPEG", "PNG", "BMP", "TIFF", "WEBP")

Image.MAX_IMAGE_PIXELS = None  # `check_size` refuses by our limit, with our sentence, and Pillow would only warn
# Broken EXIF blocks and the like; set once, since changing the filters around each call would race between threads.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")


class DamagedImageError(BadFileError):
    """An image that was cut short or cannot be decoded."""


class OversizedImageError(BadFileError):
    """An image beyond `MOST_PIXELS`."""


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What a file's header says: its form (a key of EXTENSIONS), size as shown, and EXIF orientation (1 to 8).

    `turned_by_reader` is true where Pillow itself applies the orientation when it decodes (TIFF).
    """

    form: str
    size: Size
    orientation: int
    turned_by_reader: bool = False


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """An image whose header was read; errors while it is used become BadFileError or EnvironmentFault."""
    try:
        with path.open("rb") as stream:
            yield Image.open(stream, formats=_FORMS)
    except AnnotatorError:
        raise
    except FileNotFoundError as error:
        raise BadFileError(path, "there is no such file", "put the image there or check the path") from error
    except MemoryError as error:
        raise EnvironmentFault(f"{path}: there is not enough memory to decode this image; close other work.") from error
    except Exception as error:  # Pillow's readers raise whatever broken bytes lead them into
        raise _sentence(path, error) from error


def header_of(image: Image.Image, path: Path) -> ImageHeader:
    """The header of an opened image that has not been decoded."""
    form = image.format or ""
    if form not in EXTENSIONS:
        raise BadFileError(path, "this is no image of a known kind", "save it as JPEG or PNG")
    if form == "TIFF":
        tag = image.getexif().get(0x0112, 1)
        orientation = tag if isinstance(tag, int) and 1 <= tag <= 8 else 1
        return ImageHeader(form, image.size, orientation, turned_by_reader=True)
    orientation = orientation_of(image.info.get("exif"))
    width, height = image.size
    return ImageHeader(form, (height, width) if swaps_sides(orientation) else (width, height), orientation)


def check_size(header: ImageHeader, path: Path) -> None:
    """Raise OversizedImageError for an image that is too large to work on."""
    width, height = header.size
    if width * height > MOST_PIXELS:
        limit = MOST_PIXELS // 1_000_000
        problem = f"the image of {width:,} × {height:,} pixels is larger than the limit of {limit} million pixels"
        raise OversizedImageError(path, problem, "make it smaller")


def _sentence(path: Path, error: Exception) -> AnnotatorError:
    if isinstance(error, UnidentifiedImageError):
        return BadFileError(path, "this is no image of a known kind", "save it as JPEG or PNG")
    if isinstance(error, OSError) and error.errno is not None:
        return EnvironmentFault(f"{path}: cannot be read ({error.strerror}); check the disk and its rights.")
    return DamagedImageError(path, "this image is truncated or damaged", "get the original file again")
