"""A click-to-mask model: an encoder that reads an image once, and a decoder that turns clicks into a mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError
from annotator.domain.geometry import Size
from annotator.domain.raster import Mask
from annotator.premask.click_model.answer import Answer, Click, best
from annotator.premask.click_model.frame import Frame, framed
from annotator.premask.click_model.numbers import Numbers, candidates, image_tensor
from annotator.premask.click_model.prompt import prompt
from annotator.premask.click_model.roles import DecoderRoles, canvas_of, decoder_roles, encoder_input, stretches
from annotator.premask.click_model.scene import agreement, scene
from annotator.premask.click_model.stopping import Stop, run
from annotator.premask.features import Floats, Pixels
from annotator.premask.models.description import ImageInput
from annotator.premask.models.files import checksum
from annotator.premask.models.session import ModelSession, open_session

GOOD, LEAST = 0.8, 0.5
"""IoU on the test picture from which the numbers are taken to be right, and below which the model is refused."""


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """What the encoder saw in one image: arrays by the decoder's names, and how the image lay in its input."""

    frame: Frame
    arrays: Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class ClickModel:
    """A loaded model; any thread may use it, and several at once.

    `numbers` are those that the encoder takes, `canvas` (width, height) is its input.
    """

    encoder: ModelSession
    decoder: ModelSession
    image: ImageInput
    roles: DecoderRoles
    canvas: Size
    numbers: Numbers

    def embed(self, pixels: Pixels, size: Size | None = None, stop: Stop | None = None) -> Embedding:
        """Read an image, RGB `(height, width, 3)` uint8. `size` (width, height) is its full one where these are fewer.

        Seconds of work, once per image. Raises Stopped as soon as `stop` says so, BadFileError where the model fails.
        """
        whole = size or (pixels.shape[1], pixels.shape[0])
        frame = framed(whole, self.canvas, stretched=stretches(self.encoder.signature))
        given = {self.image.name: image_tensor(pixels, frame, self.image, self.numbers)}
        found = run(self.encoder, given, stop)
        arrays = {port.name: found[name] for name, port in self.roles.embeddings}
        if not all(np.isfinite(array).all() for array in arrays.values() if array.dtype.kind == "f"):
            raise BadFileError(self.encoder.path, "it gives numbers that are not finite", "name another model")
        return Embedding(frame, arrays)

    def click(self, embedding: Embedding, clicks: Sequence[Click], previous: Mask | Floats | None = None) -> Answer:
        """The mask that the clicks mean, one at least, in the image of the embedding.

        `previous` is what they refine: a mask of the image, `bool (height, width)`, or the `low` of an earlier answer.
        Raises BadFileError where the decoder fails or gives what is no mask.
        """
        given = {**embedding.arrays, **prompt(self.roles, embedding.frame, clicks, previous)}
        return best(self.decoder.path, self.roles, embedding.frame, clicks, run(self.decoder, given))


def load_click_model(encoder: Path, decoder: Path, threads: int = 1) -> ClickModel:
    """The model of two ONNX files, on CPU.

    Where the files leave open which numbers the encoder takes, the likeliest that finds the disc in the test picture
    are taken. Raises BadFileError for files that are no such model or do not fit each other, EnvironmentFault where
    ONNX Runtime is missing.
    """
    eyes, hand = (open_session(path, checksum(path), threads) for path in (encoder, decoder))
    image = encoder_input(encoder, eyes.signature)
    roles = decoder_roles(decoder, hand.signature, eyes.signature)
    metadata = dict(eyes.runtime.get_modelmeta().custom_metadata_map)
    possible = candidates(image, eyes.signature, metadata)
    model = ClickModel(eyes, hand, image, roles, canvas_of(image, roles), possible[0])
    return model if len(possible) == 1 else _tried(model, possible)


def check_click_model(model: ClickModel) -> float:
    """IoU with the disc of the answer to a click on it and one beside it; raises BadFileError below LEAST."""
    found = agreement(partial(_answered, model))
    if found < LEAST:
        problem = f"a click on a disc in a plain picture gives something else (IoU {found:.2f})"
        raise BadFileError(model.encoder.path, problem, "name the encoder and the decoder of one export")
    return found


def _tried(model: ClickModel, possible: tuple[Numbers, ...]) -> ClickModel:
    tried = []
    for numbers in possible:
        other = replace(model, numbers=numbers)
        tried.append((agreement(partial(_answered, other)), other))
        if tried[-1][0] >= GOOD:
            break
    found, chosen = max(tried, key=lambda entry: entry[0])
    if found < LEAST:
        check_click_model(chosen)
    return chosen


def _answered(model: ClickModel) -> Mask:
    pixels, clicks, _ = scene()
    return model.click(model.embed(pixels), clicks).mask
