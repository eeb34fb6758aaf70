"""The fitted parameters: how evidence becomes a cut and marks become a confidence (resources/premask)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.premask.evidence import PLANES
from annotator.premask.features import Floats
from annotator.premask.judge import MARKS
from resources import accessor

RESOURCE = "premask/fitted.json"


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """A logistic regression on standardised numbers: `mean`, `spread`, `weights` `(n,)`, `bias`."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def __call__(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Probabilities of `(..., n)` values."""
        slopes = self.weights / self.spread
        logits = values @ slopes.astype(values.dtype) + (self.bias - float(self.mean @ slopes))
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """`cut` works on the planes of evidence, `confidence` on the marks of a candidate."""

    cut: Logistic
    confidence: Logistic

    def inside(self, planes: Floats) -> Floats:
        """Probability of every pixel of the window to depict the query object, `(h, w)`."""
        return self.cut(planes).astype(np.float32)


def as_data(fitted: Fitted) -> dict[str, Any]:
    """Plain data of the parameters, with the names that they belong to."""
    return {
        "cut": _logistic_data(fitted.cut, PLANES),
        "confidence": _logistic_data(fitted.confidence, MARKS),
    }


def fitted_from(data: dict[str, Any]) -> Fitted:
    """Read `as_data`; raises ValueError where names do not fit the program's."""
    return Fitted(_logistic(data["cut"], PLANES), _logistic(data["confidence"], MARKS))


@cache
def shipped() -> Fitted:
    """The parameters that come with the program."""
    return fitted_from(json.loads(accessor.read_text(RESOURCE)))


@cache
def shipped_hash() -> str:
    """SHA-256 of the parameters that come with the program: other parameters give other answers."""
    return hashlib.sha256(accessor.read_text(RESOURCE).encode()).hexdigest()


def _logistic_data(model: Logistic, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "names": list(names),
        "mean": np.round(model.mean, 6).tolist(),
        "spread": np.round(model.spread, 6).tolist(),
        "weights": np.round(model.weights, 6).tolist(),
        "bias": round(model.bias, 6),
    }


def _logistic(data: dict[str, Any], names: tuple[str, ...]) -> Logistic:
    if tuple(data["names"]) != names:
        raise ValueError("the fitted parameters belong to another version of the program; fit them again")
    columns = [np.array(data[part], dtype=np.float64) for part in ("mean", "spread", "weights")]
    return Logistic(columns[0], columns[1], columns[2], float(data["bias"]))
