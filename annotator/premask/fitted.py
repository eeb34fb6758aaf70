"""The fitted parameters: how evidence becomes a cut and marks become a confidence (resources/premask)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.premask.cut_network import RESOURCE as CUT
from annotator.premask.cut_network import Cut, embedded_cut
from annotator.premask.judge import MARKS
from annotator.premask.models.files import checksum
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

    cut: Cut
    confidence: Logistic


def as_data(confidence: Logistic) -> dict[str, Any]:
    """Plain data of the parameters, with the names that they belong to."""
    return {"confidence": _logistic_data(confidence, MARKS)}


def confidence_from(data: dict[str, Any]) -> Logistic:
    """Read `as_data`; raises ValueError where names do not fit the program's."""
    return _logistic(data["confidence"], MARKS)


@cache
def shipped() -> Fitted:
    """The parameters that come with the program."""
    return Fitted(embedded_cut(), confidence_from(json.loads(accessor.read_text(RESOURCE))))


@cache
def shipped_hash() -> str:
    """SHA-256 over the parameters and the cut that come with the program: others give other answers."""
    cut = checksum(accessor.path(CUT))
    return hashlib.sha256(f"{cut} {accessor.read_text(RESOURCE)}".encode()).hexdigest()


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
