"""Which proposer with which features: plain data that goes to other processes, where the proposer is made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from annotator.premask import registry
from annotator.premask.cache import FeatureCache
from annotator.premask.features import Extractor
from annotator.premask.models.loading import load_features
from annotator.premask.protocol import Proposer
from annotator.premask.rootsift import RootSift
from annotator.premask.source import FeatureSource


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


@lru_cache(maxsize=8)
def made(choice: Choice) -> Proposer:
    """The proposer of a choice, made once per process."""
    return registry.get(choice.proposer, source_of(choice))


def source_of(choice: Choice) -> FeatureSource:
    """Where the proposer of a choice has its features from."""
    return FeatureSource(_extractor(choice.features), cache=FeatureCache(choice.cache))


def _extractor(model: Path | None) -> Extractor:
    if model is None:
        return RootSift()
    return load_features(model)
