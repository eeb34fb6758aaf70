"""Ground truth in MATLAB's form, brought to that of the pickles: plain lists and 0-based index numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from annotator.datasets.plain_mat import read_variables
from annotator.domain.errors import BadFileError

REMEDY = "get the original file again"
_VARIABLES = ("imlist", "qimlist", "gnd")


def load_mat(data: bytes, name: str) -> dict[str, object]:
    """`imlist`, `qimlist` and `gnd` of a MATLAB file (version 5), index numbers counted from 0 and boxes as they are.

    `data` is the file's content and `name` what errors call it. Raises BadFileError when it is no such file or lacks
    one of the three.
    """
    try:
        content = read_variables(data, _VARIABLES)
    except ValueError as error:
        problem = f"this is no MATLAB file of version 5, or a damaged or truncated one ({error})"
        raise BadFileError(name, problem, REMEDY) from error
    missing = [key for key in _VARIABLES if key not in content]
    if missing:
        raise BadFileError(name, f"it has no '{missing[0]}'", REMEDY)
    if not isinstance(content["gnd"], list):
        raise BadFileError(name, "its lists are not those of a ground truth", REMEDY)
    return content | {"gnd": [_labels(entry) for entry in content["gnd"]]}


def _labels(entry: Any) -> Any:
    """One query's labels; what is no such struct is left for the check to find."""
    if not isinstance(entry, dict):
        return entry
    return {key: _from_zero(value) if key != "bbx" else value for key, value in entry.items()}


def _from_zero(numbers: Any) -> Any:
    """MATLAB may have stored whole numbers as any numeric type; fractions are left for the check to find."""
    if not isinstance(numbers, np.ndarray) or not np.all(np.isfinite(numbers) & (np.trunc(numbers) == numbers)):
        return numbers
    return [int(number) - 1 for number in numbers.tolist()]
