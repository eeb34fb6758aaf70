"""The click-to-mask models of the open project: which one is asked, and what it saw in the last images."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotator.domain.errors import AnnotatorError
from annotator.premask.click_model.model import ClickModel, Embedding, load_click_model
from annotator.premask.click_model.stopping import Stop
from annotator.project.models import click_model_files, click_model_names
from annotator.ui.canvas.pyramid import ImagePyramid
from annotator.ui.wording import tr
from annotator.ui.workers import CancelToken, Done, Failed, Job

KEPT = 2
"""Readings that are kept: of the present image, and of the one before or by another model, to which people go back."""

CHANNEL = "click-model"


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A model with what its encoder saw in one image."""

    model: ClickModel
    embedding: Embedding


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    """An image that a model shall read, and whom to tell."""

    picture: ImagePyramid
    name: str
    done: Callable[[Reading], None]
    failed: Failed

    def is_for(self, picture: ImagePyramid, name: str) -> bool:
        return self.picture is picture and self.name == name


class ClickReader:
    """Has images read one at a time: the wish for another one ends the reading of the one before.

    Belongs to the window's thread; a model is loaded with the first image that it reads. `chosen` is the model that was
    chosen last time, and `remember` keeps the choice for the next time.
    """

    def __init__(self, folder: Path, chosen: str = "", remember: Callable[[str], None] = lambda _name: None) -> None:
        self._folder = folder
        self._chosen, self._remember = chosen, remember
        self._loaded: tuple[str, ClickModel] | None = None
        self._loading = threading.Lock()
        self._kept: list[tuple[ImagePyramid, str, Reading]] = []
        self._wanted: _Wish | None = None

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models that can be asked; none where the project's record cannot be read."""
        try:
            return click_model_names(self._folder)
        except AnnotatorError:
            return ()

    @property
    def model(self) -> str:
        """The model that is asked: the chosen one, or the first where that one is gone; empty where there is none."""
        names = self.models
        return self._chosen if self._chosen in names else next(iter(names), "")

    def choose(self, name: str) -> None:
        """Ask another model from now on."""
        self._chosen = name
        self._remember(name)

    def refusal(self) -> str:
        """Why there is nothing to click with and what to do; empty where the project names a model."""
        try:
            named = bool(click_model_names(self._folder))
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
        name = self.model
        kept = next((reading for other, by, reading in self._kept if other is picture and by == name), None)
        if kept is not None:
            done(kept)
            return
        running = self._wanted is not None and self._wanted.is_for(picture, name)
        self._wanted = _Wish(picture, name, done, failed)
        if not running:
            run(
                CHANNEL,
                lambda token: self._read(picture, name, token),
                lambda reading: self._arrived(picture, name, reading),
                lambda error: self._failed(picture, name, error),
            )

    def _read(self, picture: ImagePyramid, name: str, token: CancelToken) -> Reading:
        """In a worker: the reading of an image from the smallest level that has all the pixels the model takes."""
        stop = Stop()
        token.when_cancelled(stop.now)
        with self._loading:
            if self._loaded is None or self._loaded[0] != name:
                files = click_model_files(self._folder, name)
                self._loaded = name, load_click_model(files.encoder, files.decoder)
            model = self._loaded[1]
        scale = max(side / whole for side, whole in zip(model.canvas, picture.size, strict=True))
        level = picture.level_for(scale)
        return Reading(model, model.embed(np.ascontiguousarray(level[:, :, 2::-1]), picture.size, stop))

    def _arrived(self, picture: ImagePyramid, name: str, reading: Reading) -> None:
        self._kept = [(picture, name, reading), *self._kept][:KEPT]
        wish = self._ended(picture, name)
        if wish is not None:
            wish.done(reading)

    def _failed(self, picture: ImagePyramid, name: str, error: Exception) -> None:
        wish = self._ended(picture, name)
        if wish is not None:
            wish.failed(error)

    def _ended(self, picture: ImagePyramid, name: str) -> _Wish | None:
        """The wish for an image, which is fulfilled with this; None where something else is wanted meanwhile."""
        wish = self._wanted
        if wish is None or not wish.is_for(picture, name):
            return None
        self._wanted = None
        return wish
