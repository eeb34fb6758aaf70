"""Ids for new shapes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from annotator.domain.shapes import Annotation


def fresh_ids(annotation: Annotation) -> Iterator[str]:
    """Ids that no shape of `annotation` has, each once: the smallest unused positive numbers, as text."""
    used = {shape.id for shape in annotation.shapes}
    return (text for text in map(str, count(1)) if text not in used)
