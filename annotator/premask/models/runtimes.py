"""Which of the two runtimes runs a model file: ONNX Runtime, and OpenCV where that cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from annotator.domain.errors import BadFileError, EnvironmentFault
from annotator.premask.models.session import RunsNotError

Model = TypeVar("Model")


def that_runs(by_onnx_runtime: Callable[[], Model], by_opencv: Callable[[], Model | str]) -> Model:
    """What ONNX Runtime makes of a file, else what OpenCV does, which gives a reason where it cannot either.

    Raises BadFileError with both reasons; EnvironmentFault where ONNX Runtime is missing and OpenCV does not help.
    """
    try:
        return by_onnx_runtime()
    except (RunsNotError, EnvironmentFault) as error:
        other = by_opencv()
        if not isinstance(other, str):
            return other
        if isinstance(error, EnvironmentFault):
            raise
        raise BadFileError(error.path, f"{error.problem}, and {other}", error.remedy) from error
