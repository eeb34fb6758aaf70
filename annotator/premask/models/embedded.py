"""Models that come with the program."""

from __future__ import annotations

from functools import cache

from annotator.premask.models.files import checksum
from annotator.premask.models.session import ModelSession, open_session
from resources import accessor


@cache
def embedded_session(resource: str) -> ModelSession:
    """The loaded model of a resource such as `premask/features.onnx`, once per process."""
    path = accessor.path(resource)
    return open_session(path, checksum(path))
