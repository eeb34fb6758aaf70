"""The proposers by name."""

from __future__ import annotations

from collections.abc import Mapping

from annotator.domain.errors import AnnotatorError
from annotator.premask.proposers.dense import DenseMatching
from annotator.premask.proposers.homography import HomographyTransfer
from annotator.premask.proposers.hull import MatchedHull
from annotator.premask.proposers.pipeline import Pipeline
from annotator.premask.proposers.propagation import Propagation
from annotator.premask.proposers.prototypes import SelfSupport
from annotator.premask.protocol import Proposer
from annotator.premask.source import FeatureSource

DEFAULT = "group"


def proposers(source: FeatureSource | None = None) -> Mapping[str, Proposer]:
    """All proposers by name, the default first; they take their features from `source`."""
    features = source or FeatureSource()
    every: tuple[Proposer, ...] = (
        Propagation(features), Pipeline(features), HomographyTransfer(features), MatchedHull(features),
        DenseMatching(features), SelfSupport(),
    )  # fmt: skip
    return {proposer.name: proposer for proposer in every}


def get(name: str, source: FeatureSource | None = None) -> Proposer:
    """The proposer of a name; raises AnnotatorError that names those there are."""
    known = proposers(source)
    if name not in known:
        raise AnnotatorError(f"There is no proposer '{name}'; there are {', '.join(known)}.")
    return known[name]
