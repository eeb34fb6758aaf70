"""Proposers as the command line names them, with their features and cache, in a form that goes to other processes."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path

from annotator.domain.errors import AnnotatorError
from annotator.premask import registry
from annotator.premask.choice import Choice

CACHE = "features"


def features_folder(folder: Path | None) -> Path:
    """Where features are kept between runs: the given folder or the user's cache."""
    return folder or user_cache_path("pixel-retrieval-annotator") / CACHE


def choices(names: list[str], features: Path | None, cache: Path | None) -> list[Choice]:
    """One choice per name (all proposers where none is named), and again with the model file where there is one.

    Raises AnnotatorError for names that there are not.
    """
    known = list(registry.proposers())
    for name in names:
        registry.get(name)
    plain = [Choice(name, None, cache) for name in names or known]
    if features is None:
        return plain
    if not features.is_file():
        raise AnnotatorError(f"{features}: there is no such model file; name an ONNX file of local features.")
    return plain + [Choice(name, features, cache) for name in names or known if name in WITH_FEATURES]


WITH_FEATURES = ("group", "pipeline", "homography", "hull")
"""Proposers that a model file of features makes another row of."""
