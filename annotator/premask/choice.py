"""Which proposer with which features: plain data that goes to other processes, where the proposer is made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from annotator.premask import registry
from annotator.premask.cache import FeatureCache
from annotator.premask.models.loading import load_features
from annotator.premask.models.matcher import load_matcher
from annotator.premask.protocol import Proposer
from annotator.premask.source import FeatureSource
from annotator.premask.views import BESIDE, LEARNED, MATCHED

ROOTSIFT = Path("rootsift")
"""The word that stands for RootSIFT alone where a model file is expected."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A proposer's name, a user's model file for its features, and where features are kept.

    Without a file the pipelines take the embedded learned features; `ROOTSIFT` in its place leaves learned ones out.
    `matcher` is a model file that matches the features of such a file.
    """

    proposer: str
    features: Path | None = None
    cache: Path | None = None
    matcher: Path | None = None

    @property
    def label(self) -> str:
        """The name in reports: with the model file's where it has one."""
        model = self.matcher or self.features
        return f"{self.proposer}+{model.stem}" if model else self.proposer


@lru_cache(maxsize=8)
def made(choice: Choice) -> Proposer:
    """The proposer of a choice, made once per process."""
    return registry.get(choice.proposer, sources_of(choice))


def sources_of(choice: Choice) -> tuple[FeatureSource, ...]:
    """Where the proposer of a choice has its features from: the published families' RootSIFT, or learned ones first."""
    cache = FeatureCache(choice.cache)
    rootsift = FeatureSource(cache=cache)
    if choice.features is None:
        return registry.embedded_sources(cache) if choice.proposer in registry.PIPELINES else (rootsift,)
    if choice.features == ROOTSIFT:
        return (rootsift,)
    matcher = load_matcher(choice.matcher) if choice.matcher else None
    budget = MATCHED if matcher else LEARNED
    learned = FeatureSource(load_features(choice.features), budget, cache, matcher)
    return learned, FeatureSource(budget=BESIDE, cache=cache)
