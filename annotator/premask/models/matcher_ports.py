"""Which input and output of a matcher of local features is what, and the pairs that its outputs mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError
from annotator.premask.features import Floats
from annotator.premask.matching import Rows
from annotator.premask.models.description import NUMBERS
from annotator.premask.models.session import Port, Signature

POINTS = re.compile(r"kpt|key_?point|point|coord")
DESCRIPTORS = re.compile(r"desc")
SCORES = re.compile(r"score|conf|prob")

REMEDY = "name another file"


@dataclass(frozen=True, slots=True)
class MatcherPorts:
    """The names of what a matcher takes and gives.

    `inputs` are points of the first and second image, then descriptors of both, `(1, n, 2)` and `(1, n, d)` of the type
    `element`; `numbers` is d, None where it is open. `matches` holds pairs, `scores` their confidences.
    """

    inputs: tuple[str, str, str, str]
    element: str
    numbers: int | None
    matches: str
    scores: str


def matcher_ports(path: Path, signature: Signature) -> MatcherPorts:
    """The ports of a matcher by their names; raises BadFileError for one that takes more, less or fixed numbers."""
    taken = signature.inputs
    described = _pair(port for port in taken if DESCRIPTORS.search(port.name.lower()))
    placed = _pair(port for port in taken if port not in described and POINTS.search(port.name.lower()))
    matches = [port.name for port in signature.outputs if _is_matches(port)]
    scores = [port.name for port in signature.outputs if SCORES.search(port.name.lower())]
    if len(taken) != 4 or len(placed) != 2 or len(described) != 2 or not matches or not scores:
        problem = f"it takes or gives something else than points and descriptors of two images ({signature})"
        raise BadFileError(path, problem, REMEDY)
    ports = (*placed, *described)
    if any(len(port.shape) != 3 or port.kind not in NUMBERS for port in ports):
        raise BadFileError(path, f"its inputs are no lists of one pair of images ({signature})", REMEDY)
    if any(port.shape[1] is not None or port.shape[0] not in (1, None) for port in ports):
        raise BadFileError(path, "it takes a fixed number of points or pairs", "export it for any number of points")
    numbers = next((port.shape[2] for port in described if port.shape[2] is not None), None)
    names = (placed[0].name, placed[1].name, described[0].name, described[1].name)
    return MatcherPorts(names, NUMBERS[ports[0].kind], numbers, min(matches), min(scores))


def pairs_of(
    path: Path, ports: MatcherPorts, outputs: Mapping[str, NDArray[Any]], counts: tuple[int, int]
) -> tuple[Rows, Floats]:
    """Pairs of rows `(k, 2)` and confidences `(k,)`, from pairs, or from a partner (or -1) for each of the first.

    `counts` are the points of both images. Raises BadFileError where the outputs are neither, or are no such rows.
    """
    found, sure = outputs[ports.matches], np.asarray(outputs[ports.scores], dtype=np.float32).reshape(-1)
    if found.ndim >= 2 and found.shape[-1] == 2 and found.size == 2 * len(sure):
        pairs = found.reshape(-1, 2)
    elif found.size == len(sure) == counts[0]:
        pairs = np.column_stack([np.arange(counts[0]), found.reshape(-1)])
    else:
        problem = f"its outputs do not go together: {list(found.shape)} matches, {len(sure)} confidences"
        raise BadFileError(path, problem, REMEDY)
    whole = np.asarray(np.round(pairs), dtype=np.intp) if np.isfinite(pairs).all() else np.full(pairs.shape, counts)
    if (whole >= counts).any() or not np.isfinite(sure).all():
        raise BadFileError(path, "it gives matches of features that there are not, or no confidences", REMEDY)
    kept = (whole >= 0).all(axis=1)
    return whole[kept], sure[kept]


def _is_matches(port: Port) -> bool:
    return "match" in port.name.lower() and not SCORES.search(port.name.lower())


def _pair(ports: Iterable[Port]) -> list[Port]:
    """Ports in the order of the images: by the digits of their names, else as they are listed."""
    return sorted(ports, key=lambda port: "".join(re.findall(r"\d", port.name)))
