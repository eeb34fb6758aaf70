"""What every label reader gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from annotator.domain.shapes import Annotation


@dataclass(frozen=True, slots=True)
class ImportedLabel:
    """The annotation of one image, read from `source`; `image` is its name without folders and extension.

    `query_number` is set for a query mask and `group` (the query group's number) for an index mask; both are None where
    the form does not tell.
    """

    image: str
    group: int | None
    query_number: int | None
    annotation: Annotation
    source: Path


@dataclass(frozen=True, slots=True)
class SourceLabels:
    """Labels of a source, and one sentence for each file or entry that could not be used."""

    labels: tuple[ImportedLabel, ...]
    problems: tuple[str, ...] = ()
