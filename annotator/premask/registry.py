"""The proposers by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from annotator.domain.errors import AnnotatorError
from annotator.premask.cache import FeatureCache
from annotator.premask.learned import embedded
from annotator.premask.proposers.dense import DenseMatching
from annotator.premask.proposers.homography import HomographyTransfer
from annotator.premask.proposers.hull import MatchedHull
from annotator.premask.proposers.pipeline import Pipeline
from annotator.premask.proposers.propagation import Propagation
from annotator.premask.proposers.prototypes import SelfSupport
from annotator.premask.protocol import Proposer
from annotator.premask.source import FeatureSource
from annotator.premask.views import BESIDE, LEARNED

DEFAULT = "group"

_PIPELINES: dict[str, Callable[[tuple[FeatureSource, ...]], Proposer]] = {"group": Propagation, "pipeline": Pipeline}
_FAMILIES: dict[str, Callable[[FeatureSource], Proposer]] = {
    "homography": HomographyTransfer,
    "hull": MatchedHull,
    "dense": DenseMatching,
}
_WITHOUT_FEATURES: dict[str, Callable[[], Proposer]] = {"prototypes": SelfSupport}

PIPELINES = tuple(_PIPELINES)
"""Proposers that take learned features and RootSIFT together."""

NAMES = (*_PIPELINES, *_FAMILIES, *_WITHOUT_FEATURES)
"""All proposers, the default first."""


def proposers(sources: tuple[FeatureSource, ...] = ()) -> Mapping[str, Proposer]:
    """All proposers by name, the default first."""
    return {name: get(name, sources) for name in NAMES}


def embedded_sources(cache: FeatureCache | None = None) -> tuple[FeatureSource, ...]:
    """The embedded learned features and RootSIFT."""
    kept = cache or FeatureCache(None)
    return FeatureSource(embedded(), LEARNED, kept), FeatureSource(budget=BESIDE, cache=kept)


def checked(name: str) -> str:
    """`name` itself; raises AnnotatorError that names those there are where it is none of them."""
    if name not in NAMES:
        raise AnnotatorError(f"There is no proposer '{name}'; there are {', '.join(NAMES)}.")
    return name


def get(name: str, sources: tuple[FeatureSource, ...] = ()) -> Proposer:
    """The proposer of a name, with its features from `sources`; raises AnnotatorError that names those there are.

    Without any, the pipelines take the embedded learned features and RootSIFT beside them, and the published families
    take RootSIFT, as they were published. With some, those take the first.
    """
    if checked(name) in _PIPELINES:
        return _PIPELINES[name](sources or embedded_sources())
    if name in _FAMILIES:
        return _FAMILIES[name](sources[0] if sources else FeatureSource())
    return _WITHOUT_FEATURES[name]()
