"""Ground truth in MATLAB's form, brought to that of the pickles: plain lists and 0-based index numbers."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError

REMEDY = "get the original file again"


def load_mat(path: Path) -> dict[str, object]:
    """`imlist`, `qimlist` and `gnd` of a MATLAB file (version 5), index numbers counted from 0 and boxes as they are.

    Raises BadFileError when it is no such file or lacks one of the three.
    """
    import scipy.io  # takes longer than all the rest of reading a ground truth, and few projects need it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            content = scipy.io.loadmat(str(path), variable_names=["imlist", "qimlist", "gnd"])
    except Exception as error:  # scipy's reader raises whatever broken bytes lead it into
        raise BadFileError(
            path, "this is no MATLAB file of version 5, or a damaged or truncated one", REMEDY
        ) from error
    missing = [key for key in ("imlist", "qimlist", "gnd") if key not in content]
    if missing:
        raise BadFileError(path, f"it has no '{missing[0]}'", REMEDY)
    try:
        return {
            "imlist": [_text(cell) for cell in content["imlist"].flat],
            "qimlist": [_text(cell) for cell in content["qimlist"].flat],
            "gnd": [_labels(entry) for entry in content["gnd"].flat],
        }
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise BadFileError(path, "its lists are not those of a ground truth", REMEDY) from error


def _text(cell: Any) -> str:
    return str(cell) if isinstance(cell, str) else str(np.asarray(cell).item())


def _labels(entry: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {key: _from_zero(entry[key]) for key in ("easy", "hard", "junk")}
    found["bbx"] = np.asarray(entry["bbx"]).ravel().tolist()
    return found


def _from_zero(numbers: NDArray[Any]) -> list[int]:
    """MATLAB may have stored whole numbers as any numeric type; fractions are left for the check to find."""
    flat = np.asarray(numbers).ravel()
    whole = flat.astype(np.int64)
    return (whole - 1).tolist() if np.array_equal(whole, flat) else flat.tolist()
