"""The learned local features that come with the program (resources/premask/features.onnx and its card)."""

from __future__ import annotations

from annotator.premask.features import Extractor
from annotator.premask.models.loading import load_features
from resources import accessor

RESOURCE = "premask/features.onnx"


def embedded() -> Extractor:
    """The embedded model as an extractor; docs/training.md tells how it was trained."""
    return load_features(accessor.path(RESOURCE))
