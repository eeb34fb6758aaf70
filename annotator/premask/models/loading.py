"""From a model file to an extractor of local features."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from annotator.domain.errors import BadFileError
from annotator.premask.features import Extractor, Pixels
from annotator.premask.models.description import FileKind, image_input, kind_of
from annotator.premask.models.files import checksum
from annotator.premask.models.local_features import USUAL, LocalFeatures, as_input
from annotator.premask.models.opencv_features import opencv_features
from annotator.premask.models.outputs import learn_layout
from annotator.premask.models.runtimes import that_runs
from annotator.premask.models.session import ModelSession, RunsNotError, open_session

TRIAL = (320, 224)
"""Width and height of the picture on which a model with a free input shows its outputs; wider than high."""


def load_features(path: Path, sha256: str | None = None, threads: int = 1) -> Extractor:
    """The extractor of a local-feature model file, run by ONNX Runtime or, where that cannot, by OpenCV.

    The model takes one image, grey or RGB, of fixed or free size, and gives keypoints, descriptors and perhaps scores
    under any names, or a score for every pixel and descriptors on a grid. Raises BadFileError for anything else and
    for another checksum than `sha256`; EnvironmentFault where nothing here runs models.
    """
    found = checksum(path)
    if sha256 is not None and found != sha256:
        raise BadFileError(path, f"its SHA-256 is {found[:12]}…, not {sha256[:12]}…", "get the model file again")
    return _loaded(path, found, threads)


@lru_cache(maxsize=8)
def _loaded(path: Path, sha256: str, threads: int) -> Extractor:
    def by_onnx_runtime() -> Extractor:
        session = open_session(path, sha256, threads)
        kind = kind_of(path, session.signature)
        if kind is not FileKind.LOCAL_FEATURES:
            raise BadFileError(path, f"it is a {kind}, no model of local features", "name another model")
        return _learned(session, sha256, threads)

    return that_runs(by_onnx_runtime, lambda: opencv_features(path, sha256, trial_picture(USUAL)))


def _learned(session: ModelSession, sha256: str, threads: int) -> LocalFeatures:
    """The features of a model after it was tried on a picture; channels that it leaves free are tried as RGB first."""
    taken = image_input(session.path, session.signature.inputs[0])
    free = taken.width is None and taken.height is None
    size = TRIAL if free else (taken.width or USUAL[0], taken.height or USUAL[1])
    choices = [taken] if taken.channels is not None else [replace(taken, channels=number) for number in (3, 1)]
    failure: RunsNotError | None = None
    for choice in choices:
        try:
            outputs = session.run({taken.name: as_input(choice, trial_picture(size))})
        except RunsNotError as error:
            failure = failure or error
            continue
        return LocalFeatures(session.path, sha256, choice, learn_layout(session.path, outputs, size), threads)
    assert failure is not None  # noqa: S101 (there is at least one choice)
    raise failure


def trial_picture(size: tuple[int, int]) -> Pixels:
    """A picture of `size` (width, height) full of corners, always the same."""
    width, height = size
    random = np.random.default_rng(7)
    coarse = random.integers(0, 256, (max(2, height // 12), max(2, width // 12), 3), dtype=np.uint8)
    image = cv2.resize(coarse, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 0.8), dtype=np.uint8)
