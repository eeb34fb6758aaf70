"""The findings of the project's checks as rows, for the annotation that is open."""

from __future__ import annotations

from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation
from annotator.ui.presenting.polygons import names_of
from annotator.ui.views import FindingRow
from qa.checks.finding import Given
from qa.checks.registry import findings


def finding_rows(annotation: Annotation, rules: Rules) -> tuple[FindingRow, ...]:
    """What the checks find, errors first; nothing while nothing is drawn."""
    if not annotation.shapes:
        return ()
    names = names_of(annotation)
    return tuple(
        FindingRow(
            found.severity.value,
            found.sentence.rstrip("."),
            names.get(found.shape_id or "", "") or (str(found.place) if found.place else ""),
            found.place,
            found.shape_id,
        )
        for found in findings(Given(annotation, rules))
    )
