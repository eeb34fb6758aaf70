"""The proposers by name."""

from __future__ import annotations

from collections.abc import Mapping

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
from annotator.premask.views import LEARNED

DEFAULT = "group"

PIPELINES = ("group", "pipeline")
"""Proposers that take learned features and RootSIFT together."""


def proposers(sources: tuple[FeatureSource, ...] = ()) -> Mapping[str, Proposer]:
    """All proposers by name, the default first; they take their features from `sources`.

    Without any, the pipeline takes the embedded learned features and RootSIFT beside them, and the published families
    take RootSIFT, as they were published. With some, those take the first.
    """
    both, first = sources or embedded_sources(), sources[0] if sources else FeatureSource()
    every: tuple[Proposer, ...] = (
        Propagation(both), Pipeline(both), HomographyTransfer(first), MatchedHull(first), DenseMatching(first),
        SelfSupport(),
    )  # fmt: skip
    return {proposer.name: proposer for proposer in every}


def embedded_sources(cache: FeatureCache | None = None) -> tuple[FeatureSource, ...]:
    """The embedded learned features and RootSIFT."""
    kept = cache or FeatureCache(None)
    return FeatureSource(embedded(), LEARNED, kept), FeatureSource(cache=kept)


def get(name: str, sources: tuple[FeatureSource, ...] = ()) -> Proposer:
    """The proposer of a name; raises AnnotatorError that names those there are."""
    known = proposers(sources)
    if name not in known:
        raise AnnotatorError(f"There is no proposer '{name}'; there are {', '.join(known)}.")
    return known[name]
