"""The click-to-mask model of the open project, and what it saw in the last images."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotator.domain.errors import AnnotatorError
from annotator.premask.click_model.model import ClickModel, Embedding, load_click_model
from annotator.premask.click_model.stopping import Stop
from annotator.premask.models.files import ModelKind
from annotator.project.models import click_model_files, model_records
from annotator.ui.canvas.pyramid import ImagePyramid
from annotator.ui.wording import tr
from annotator.ui.workers import CancelToken, Done, Failed, Job

KEPT = 2
"""Images whose embeddings are kept: the present one, and the one before, to which people go back."""

CHANNEL = "click-model"


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A model with what its encoder saw in one image."""

    model: ClickModel
    embedding: Embedding


class ClickReader:
    """Has images read one at a time: the wish for another one ends the reading of the one before.

    Belongs to the window's thread; the model is loaded with the first image that is read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._model: ClickModel | None = None
        self._loading = threading.Lock()
        self._kept: list[tuple[ImagePyramid, Reading]] = []
        self._wanted: tuple[ImagePyramid, Callable[[Reading], None], Failed] | None = None

    def refusal(self) -> str:
        """Why there is nothing to click with and what to do; empty where the project names a model."""
        try:
            named = any(record.kind is ModelKind.CLICK_TO_MASK for record in model_records(self._folder))
        except AnnotatorError as error:
            return str(error)
        words = tr("This project has no click-to-mask model; add one with: {command}")
        return "" if named else words.format(command="annotator models add ENCODER --decoder DECODER --project …")

    def want(
        self,
        picture: ImagePyramid,
        run: Callable[[str, Job, Done, Failed], object],
        done: Callable[[Reading], None],
        failed: Failed,
    ) -> None:
        """Call `done` with an image's reading: at once where it is kept, else when `run` has read it.

        Whoever wished for the same image before is not told any more.
        """
        kept = next((reading for other, reading in self._kept if other is picture), None)
        if kept is not None:
            done(kept)
            return
        running = self._wanted is not None and self._wanted[0] is picture
        self._wanted = picture, done, failed
        if not running:
            run(
                CHANNEL,
                lambda token: self._read(picture, token),
                lambda reading: self._arrived(picture, reading),
                lambda error: self._failed(picture, error),
            )

    def _read(self, picture: ImagePyramid, token: CancelToken) -> Reading:
        """In a worker: the reading of an image from the smallest level that has all the pixels the model takes."""
        stop = Stop()
        token.when_cancelled(stop.now)
        with self._loading:
            if self._model is None:
                files = click_model_files(self._folder)[0]
                self._model = load_click_model(files.encoder, files.decoder)
            model = self._model
        scale = max(side / whole for side, whole in zip(model.canvas, picture.size, strict=True))
        level = picture.level_for(scale)
        return Reading(model, model.embed(np.ascontiguousarray(level[:, :, 2::-1]), picture.size, stop))

    def _arrived(self, picture: ImagePyramid, reading: Reading) -> None:
        self._kept = [(picture, reading), *self._kept][:KEPT]
        wish = self._ended(picture)
        if wish is not None:
            wish[1](reading)

    def _failed(self, picture: ImagePyramid, error: Exception) -> None:
        wish = self._ended(picture)
        if wish is not None:
            wish[2](error)

    def _ended(self, picture: ImagePyramid) -> tuple[ImagePyramid, Callable[[Reading], None], Failed] | None:
        """The wish for an image, which is fulfilled with this; None where another image is wanted meanwhile."""
        wish = self._wanted
        if wish is None or wish[0] is not picture:
            return None
        self._wanted = None
        return wish
