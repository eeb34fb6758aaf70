"""Which input and output of an encoder and a decoder is what, told from their names and shapes.

The names are those of the public exports of SAM, MobileSAM, EfficientSAM, SAM 2, and the ones for the browser; their
order does not count, and what a decoder does without (earlier masks, the image's size) is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from annotator.domain.errors import BadFileError
from annotator.domain.geometry import Size
from annotator.premask.models.description import ImageInput, image_input
from annotator.premask.models.session import Port, Signature

USUAL_SIDE = 1024
"""Pixels of the input of an encoder that takes images of any size: what SAM and its descendants learned with."""

MASK_STRIDE = 4
"""Pixels of the input per cell of an earlier mask, in SAM and its descendants."""

LARGEST_MASK = 1024
"""Cells that a side of an earlier mask may have."""

FIT = "name the encoder and the decoder of one export"


@dataclass(frozen=True, slots=True)
class DecoderRoles:
    """The names of a decoder's inputs and outputs. `embeddings` are pairs: the encoder's output, the decoder's input.

    `places` are the clicks that a fixed input has room for; `mask_size` is (width, height) of an earlier mask.
    """

    points: Port
    labels: Port
    embeddings: tuple[tuple[str, Port], ...]
    masks: str
    earlier: Port | None
    has_earlier: Port | None
    size: Port | None
    scores: str | None
    low: str | None

    @property
    def places(self) -> int | None:
        """How many clicks the decoder takes; None for any number."""
        return self.points.shape[-2]

    @property
    def mask_size(self) -> Size | None:
        """(width, height) of the earlier mask, None where there is none or its size is free."""
        if self.earlier is None:
            return None
        height, width = self.earlier.shape[-2:]
        return None if height is None or width is None else (width, height)


def encoder_input(path: Path, signature: Signature) -> ImageInput:
    """How an encoder takes its image; raises BadFileError where it takes none."""
    if len(signature.inputs) != 1:
        raise BadFileError(path, f"it is no encoder, which takes one image ({signature})", FIT)
    return image_input(path, signature.inputs[0])


def decoder_roles(path: Path, decoder: Signature, encoder: Signature) -> DecoderRoles:
    """The roles in a decoder; raises BadFileError where one that it cannot do without is missing or ambiguous."""
    rest = {port.name: port for port in decoder.inputs}

    def taken(*words: str, but: str = "\0") -> Port | None:
        names = [name for name in rest if any(word in name.lower() for word in words) and but not in name.lower()]
        return rest.pop(names[0]) if names else None

    has_earlier, labels = taken("has_mask"), taken("label")
    earlier, size = taken("mask", but="feat"), taken("im_size", "image_size", "input_size", "orig_size", "target_size")
    points = taken("point_coord", "coord", "input_point", "points")
    if points is None or labels is None:
        raise BadFileError(path, f"it is no click-to-mask decoder, which takes points and labels ({decoder})", FIT)
    if points.shape[-1] not in (2, None) or len(points.shape) not in (3, 4) or len(labels.shape) not in (2, 3):
        raise BadFileError(path, f"its points have the shape {list(points.shape)}, not (1, n, 2)", FIT)
    if earlier is not None and not _is_mask_input(earlier):
        raise BadFileError(path, f"its earlier mask has the shape {list(earlier.shape)}, not (1, 1, h, w)", FIT)
    masks, scores, low = _outputs(path, decoder)
    joined = _embeddings(path, tuple(rest.values()), encoder)
    return DecoderRoles(points, labels, joined, masks, earlier, has_earlier, size, scores, low)


def canvas_of(image: ImageInput, roles: DecoderRoles) -> Size:
    """(width, height) of the encoder's input: as fixed in its file, else a square that the decoder's masks tell of."""
    known = roles.mask_size
    side = MASK_STRIDE * max(known) if known is not None else USUAL_SIDE
    height = image.height or (image.width or side)
    return image.width or height, height


def stretches(encoder: Signature) -> bool:
    """True for encoders that learned with images stretched over their input: SAM 2's, which give finer features too."""
    return any("high_res" in port.name.lower() for port in encoder.outputs)


def _is_mask_input(port: Port) -> bool:
    sides = port.shape[-2:]
    return len(port.shape) == 4 and all(side is None or 1 <= side <= LARGEST_MASK for side in sides)


def _outputs(path: Path, decoder: Signature) -> tuple[str, str | None, str | None]:
    """The names of masks, predicted IoU, and masks of low resolution to go on from."""
    names = {port.name: port.name.lower() for port in decoder.outputs}
    low = next((name for name, word in names.items() if "low" in word), None)
    scores = next((name for name, word in names.items() if "iou" in word or "score" in word), None)
    masks = next((name for name, word in names.items() if "mask" in word and name not in (low, scores)), low)
    if masks is None:
        planes = [port.name for port in decoder.outputs if len(port.shape) in (4, 5) and port.name != scores]
        if len(planes) != 1:
            raise BadFileError(path, f"none of its outputs is called masks ({decoder})", FIT)
        masks = planes[0]
    return masks, scores, low


def _embeddings(path: Path, wanted: tuple[Port, ...], encoder: Signature) -> tuple[tuple[str, Port], ...]:
    """Encoder outputs for the decoder's other inputs: by name, and what is left over by shape, in order."""
    given = {port.name: port for port in encoder.outputs}
    found = {port.name: given.pop(port.name) for port in wanted if port.name in given}
    for port in wanted:
        if port.name not in found:
            fitting = next((other for other in given.values() if _fits(port, other)), None)
            if fitting is None:
                raise BadFileError(path, f"the encoder gives nothing for its input '{port.name}'", FIT)
            found[port.name] = given.pop(fitting.name)
        elif not _fits(port, found[port.name]):
            raise BadFileError(path, f"its input '{port.name}' is of another shape than what the encoder gives", FIT)
    if not found:
        raise BadFileError(path, "it takes nothing from an encoder", FIT)
    return tuple((found[port.name].name, port) for port in wanted)


def _fits(port: Port, other: Port) -> bool:
    if not port.shape or not other.shape:
        return True  # of unknown rank
    return len(port.shape) == len(other.shape) and all(
        a is None or b is None or a == b for a, b in zip(port.shape, other.shape, strict=False)
    )
