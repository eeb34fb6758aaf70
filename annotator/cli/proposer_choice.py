"""Proposers as the command line names them, with their features and cache, in a form that goes to other processes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from platformdirs import user_cache_path

from annotator.domain.errors import AnnotatorError
from annotator.premask import registry
from annotator.premask.cache import FeatureCache
from annotator.premask.features import Extractor
from annotator.premask.protocol import Proposer
from annotator.premask.rootsift import RootSift
from annotator.premask.source import FeatureSource

CACHE = "features"


@dataclass(frozen=True, slots=True)
class Choice:
    """A proposer's name, a user's model file for its features (None: RootSIFT), and where features are kept."""

    proposer: str
    features: Path | None = None
    cache: Path | None = None

    @property
    def label(self) -> str:
        """The name in reports: with the model file's where it has one."""
        return f"{self.proposer}+{self.features.stem}" if self.features else self.proposer


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


@lru_cache(maxsize=8)
def made(choice: Choice) -> Proposer:
    """The proposer of a choice, made once per process."""
    return registry.get(choice.proposer, FeatureSource(_extractor(choice.features), cache=FeatureCache(choice.cache)))


def _extractor(model: Path | None) -> Extractor:
    if model is None:
        return RootSift()
    from annotator.premask.onnx_features import load_features

    return load_features(model)


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
