"""The numbers in which encoders take an image: bytes as they are, shares of white, or normalised."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.premask.click_model.frame import Frame
from annotator.premask.features import Pixels
from annotator.premask.models.description import ImageInput
from annotator.premask.models.session import Signature
from annotator.premask.sampling import resized

MEAN = (123.675, 116.28, 103.53)
SPREAD = (58.395, 57.12, 57.375)
"""Mean and standard deviation of red, green and blue over ImageNet, in grey levels: what SAM normalises with."""

METADATA = "image_numbers"
"""The key in a model file's own metadata that says which numbers it takes."""


class Numbers(StrEnum):
    """What a grey level becomes."""

    BYTES = "0..255"
    SHARES = "0..1"
    NORMALISED = "normalised"


def candidates(image: ImageInput, signature: Signature, metadata: dict[str, str]) -> tuple[Numbers, ...]:
    """The numbers that an encoder may take, likeliest first; one where its file says so or its form leaves no doubt.

    Whole numbers and images with their colours last are bytes (exports with the preparation inside), EfficientSAM's
    `batched_images` are shares of white. Anything else is normalised outside in most exports, but not in all.
    """
    said = metadata.get(METADATA, "")
    if said in tuple(Numbers):
        return (Numbers(said),)
    if image.numbers == "uint8" or image.order == "HWC":
        return (Numbers.BYTES,)
    if "batched_image" in image.name.lower():
        return (Numbers.SHARES,)
    if "pixel_values" in image.name.lower() or any("high_res" in port.name.lower() for port in signature.outputs):
        return (Numbers.NORMALISED,)
    return (Numbers.NORMALISED, Numbers.BYTES, Numbers.SHARES)


def image_tensor(pixels: Pixels, frame: Frame, image: ImageInput, numbers: Numbers) -> NDArray[Any]:
    """RGB `(height, width, 3)` uint8 as the encoder's input; the rest of its canvas is of the mean colour."""
    width, height = frame.canvas
    canvas = np.empty((height, width, 3), dtype=np.uint8)
    canvas[:] = np.round(MEAN)
    canvas[: frame.content[1], : frame.content[0]] = resized(pixels, frame.content)
    found: NDArray[Any] = canvas
    if numbers is Numbers.NORMALISED:
        found = (canvas - np.array(MEAN, dtype=np.float32)) / np.array(SPREAD, dtype=np.float32)
        found[frame.content[1] :] = 0
        found[:, frame.content[0] :] = 0
    elif numbers is Numbers.SHARES:
        found = canvas / np.float32(255)
    if image.channels == 1:
        found = found.mean(axis=2, keepdims=True)
    ordered = {"HWC": found, "CHW": found.transpose(2, 0, 1), "HW": found[:, :, 0]}[image.order]
    return np.ascontiguousarray(ordered[None] if image.batched else ordered, dtype=image.numbers)
