"""The network that tells from the planes of evidence which pixels of a window depict the query object."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from annotator.domain.errors import BadFileError
from annotator.premask.evidence import PLANES
from annotator.premask.features import Floats
from annotator.premask.models.embedded import embedded_session
from annotator.premask.models.files import checksum
from annotator.premask.models.session import ModelSession, open_session
from annotator.premask.sampling import resized_floats

RESOURCE = "premask/cut.onnx"
"""Written by `python -m annotator.premask.training.cut`; its card lies beside it."""

SHRINK = 3
"""The network sees the planes at one third of the window's size: what occludes is large, and the outline is drawn to
edges afterwards (see edges.py)."""

LEAST_SIDE = 8


class Cut(Protocol):
    """What tells the object from everything else in a window."""

    def __call__(self, planes: Floats) -> Floats:
        """`(h, w)`: the probability of each pixel of planes `(h, w, len(PLANES))` to depict the query object."""
        ...

    def of_shrunk(self, planes: Floats, shape: tuple[int, ...]) -> Floats:
        """The same at `shape` (h, w) from planes that `shrunk` gave."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class CutNetwork:
    """Probabilities from planes of evidence, by a loaded model."""

    session: ModelSession

    def __call__(self, planes: Floats) -> Floats:
        """`(h, w)`: the probability of each pixel of planes `(h, w, len(PLANES))` to depict the query object."""
        return self.of_shrunk(shrunk(planes), planes.shape[:2])

    def of_shrunk(self, planes: Floats, shape: tuple[int, ...]) -> Floats:
        """`(h, w)` of `shape` from planes that `shrunk` gave."""
        logits = self.session.run({"planes": planes[None]})["logits"][0, 0]
        full = cv2.resize(logits, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
        return np.asarray(1 / (1 + np.exp(-np.clip(full, -30, 30))), dtype=np.float32)


@cache
def embedded_cut() -> CutNetwork:
    """The network that comes with the program."""
    return CutNetwork(embedded_session(RESOURCE))


def cut_from(path: Path) -> CutNetwork:
    """The network in a file; raises BadFileError for what is no network of these planes."""
    session = open_session(path, checksum(path))
    ports = session.signature.inputs
    if [port.name for port in ports] != ["planes"] or ports[0].shape[1] != len(PLANES):
        raise BadFileError(path, f"is no network for {len(PLANES)} planes of evidence", "train it with this version")
    return CutNetwork(session)


def shrunk(planes: Floats) -> Floats:
    """`(planes, h / SHRINK, w / SHRINK)`: means of the planes `(h, w, planes)`, as the network sees them."""
    size = max(LEAST_SIDE, planes.shape[1] // SHRINK), max(LEAST_SIDE, planes.shape[0] // SHRINK)
    return np.stack([resized_floats(np.ascontiguousarray(plane), size) for plane in np.moveaxis(planes, -1, 0)])
