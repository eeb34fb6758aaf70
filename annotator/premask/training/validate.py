"""`python -m annotator.premask.training.validate DATA MODEL`: matches on the validation landmarks, beside RootSIFT.

For each pair: mutual nearest neighbours among at most 2,048 features each, counted as right where they lie within 3
pixels of the epipolar lines of the pair's fundamental matrix.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from annotator.domain.errors import AnnotatorError
from annotator.premask.features import Extractor, Features, Pixels
from annotator.premask.models.loading import load_features
from annotator.premask.rootsift import RootSift
from annotator.premask.training.correspondences import Grey, Photographs, load

LIMIT = 2048
NEAR = 3.0


def mutual(first: Features, second: Features) -> NDArray[np.intp]:
    """Rows `(m, 2)` of mutual nearest neighbours."""
    similarity = first.descriptors @ second.descriptors.T
    there, back = similarity.argmax(axis=1), similarity.argmax(axis=0)
    rows = np.flatnonzero(back[there] == np.arange(len(there)))
    return np.column_stack([rows, there[rows]])


def epipolar_distance(
    fundamental: NDArray[np.float64], first: NDArray[np.float32], second: NDArray[np.float32]
) -> NDArray[np.float64]:
    """The larger of the two distances in pixels of points `(m, 2)` from each other's epipolar lines."""
    a, b = np.column_stack([first, np.ones(len(first))]), np.column_stack([second, np.ones(len(second))])
    in_second, in_first = a @ fundamental.T, b @ fundamental
    residual = np.abs(np.sum(b * in_second, axis=1))
    lengths = [np.linalg.norm(line[:, :2], axis=1) + 1e-12 for line in (in_second, in_first)]
    return np.asarray(np.maximum(residual / lengths[0], residual / lengths[1]))


def score(extractor: Extractor, photographs: Photographs) -> tuple[float, float]:
    """Mean number of right matches of a pair, and their share of all its matches."""
    features = [extractor.detect(_colour(image), LIMIT) for image in photographs.images]
    right, shares = [], []
    for pair in photographs.pairs:
        first, second = features[pair.first], features[pair.second]
        rows = mutual(first, second)
        away = epipolar_distance(pair.fundamental, first.points[rows[:, 0]], second.points[rows[:, 1]])
        right.append(int((away < NEAR).sum()))
        shares.append(right[-1] / max(len(rows), 1))
    return float(np.mean(right)), float(np.mean(shares))


def _colour(image: Grey) -> Pixels:
    return np.repeat(image[:, :, None], 3, axis=2)


def main(
    data: Annotated[Path, typer.Argument(help="Folder with images/, matches/ and split.json.")],
    models: Annotated[list[Path], typer.Argument(help="Model files written by the training.")],
) -> None:
    """Print right matches and their share for RootSIFT and each model."""
    photographs = load(data, "validation")
    extractors: dict[str, Extractor] = {"RootSIFT": RootSift()}
    extractors |= {str(path): load_features(path) for path in models}
    for name, extractor in extractors.items():
        right, share = score(extractor, photographs)
        print(f"{name}: {right:.1f} right matches a pair, {share:.3f} of all")


if __name__ == "__main__":
    try:
        typer.run(main)
    except AnnotatorError as error:
        raise SystemExit(str(error)) from None
