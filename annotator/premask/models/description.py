"""What a model is for, told from the names and shapes of its inputs and outputs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from annotator.domain.errors import BadFileError
from annotator.premask.models.session import Port, Signature

SMALLEST_SIDE, LARGEST_SIDE = 16, 4096
"""Pixels that a fixed side of an image input may have."""

NUMBERS = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64",
           "tensor(uint8)": "uint8"}  # fmt: skip
"""NumPy's names of what an image input may hold."""


class FileKind(StrEnum):
    """What one file is; an encoder and a decoder make a click-to-mask model together."""

    LOCAL_FEATURES = "local features"
    ENCODER = "click-to-mask encoder"
    DECODER = "click-to-mask decoder"
    MATCHER = "matcher of local features"


@dataclass(frozen=True, slots=True)
class ImageInput:
    """The image that a model takes. None is a free side, or channels that the model does not fix.

    `order` says which axis is which (`CHW`, `HWC` or `HW`), `batched` whether one of length 1 stands before them.
    """

    name: str
    order: str
    batched: bool
    channels: int | None
    height: int | None
    width: int | None
    numbers: str


def kind_of(path: Path, signature: Signature) -> FileKind:
    """What a file is; raises BadFileError that names its inputs and outputs where it is nothing known."""
    inputs, outputs = signature.inputs, signature.outputs
    given, found = _names(inputs), _names(outputs)
    if any("point_coords" in name or "point_labels" in name for name in given) or (
        any("embed" in name for name in given) and any("point" in name or "label" in name for name in given)
    ):
        return FileKind.DECODER
    if any("match" in name for name in found) and len(inputs) >= 2:
        return FileKind.MATCHER
    if len(inputs) == 1:
        if any("embed" in name for name in found) or (len(outputs) == 1 and _is_embedding(outputs[0])):
            return FileKind.ENCODER
        if _is_image(inputs[0]) and not any("match" in name for name in found):
            return FileKind.LOCAL_FEATURES
    problem = f"it is neither a model of local features nor a click-to-mask encoder or decoder ({signature})"
    raise BadFileError(path, problem, "name another model")


def image_input(path: Path, port: Port) -> ImageInput:
    """How an input takes an image; raises BadFileError for one that takes none."""
    shape = port.shape
    if port.kind not in NUMBERS:
        raise BadFileError(path, f"its input '{port.name}' takes {port.kind}, no image of floats", "export it anew")
    batched = len(shape) == 4
    if batched and shape[0] not in (1, None):
        raise BadFileError(path, f"it takes {shape[0]} images at once", "export it for one image")
    sides = shape[1:] if batched else shape
    if len(sides) not in (2, 3):
        raise BadFileError(path, f"its input '{port.name}' has {len(shape)} axes, no image", "name another model")
    channels: int | None
    if len(sides) == 2:
        order, channels, height, width = "HW", 1, *sides
    elif sides[0] not in (1, 3) and sides[2] in (1, 3):
        order, channels, height, width = "HWC", sides[2], sides[0], sides[1]
    else:
        order, channels, height, width = "CHW", *sides
    if channels not in (1, 3, None):
        raise BadFileError(path, f"its input has {channels} channels, neither grey nor RGB", "name another model")
    for side in (height, width):
        if side is not None and not SMALLEST_SIDE <= side <= LARGEST_SIDE:
            raise BadFileError(path, f"its input is {width} by {height} pixels, which no image is", "export it anew")
    return ImageInput(port.name, order, batched, channels, height, width, NUMBERS[port.kind])


def _names(ports: tuple[Port, ...]) -> list[str]:
    return [port.name.lower() for port in ports]


def _is_image(port: Port) -> bool:
    return port.kind in NUMBERS and 2 <= len(port.shape) <= 4


def _is_embedding(port: Port) -> bool:
    """SAM's encoders give (1, 256, 64, 64); local features come with scores, so never alone in this shape."""
    shape = port.shape
    return (
        len(shape) == 4 and shape[1] is not None and shape[1] >= 128 and shape[2] == shape[3] and shape[2] is not None
    )
