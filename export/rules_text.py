"""RULES.md: the rules that the annotators worked under, with the project's thresholds and the notes of the groups."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.domain.dataset import group_name
from annotator.domain.rules import Rules
from export.material import Material


def rules_document(materials: Sequence[Material]) -> str:
    """Markdown: the text that annotators read once per wording, then thresholds and group notes of each dataset."""
    texts: dict[str, list[str]] = {}
    for material in materials:
        texts.setdefault(_without_pictures(material.rules_text), []).append(material.dataset)
    parts = []
    for text, datasets in texts.items():
        if len(texts) > 1:
            parts.append(f"*Rules of {', '.join(datasets)}*\n")
        parts.append(text.strip() + "\n")
    for material in materials:
        parts.append(f"## Thresholds of {material.dataset}\n\n{_thresholds(material.rules)}")
        notes = "".join(
            f"- **{group_name(n)}**: {_one_line(note)}\n" for n, note in sorted(material.notes.items()) if note
        )
        if notes:
            parts.append(f"## Notes on the groups of {material.dataset}\n\n{notes}")
    return "\n".join(parts)


def _without_pictures(text: str) -> str:
    """The pictures stay with the program; a release holds the words."""
    lines = [line for line in text.splitlines() if not line.startswith("![")]
    return "\n".join(line for line, before in zip(lines, ["", *lines], strict=False) if line or before)


def _thresholds(rules: Rules) -> str:
    return (
        f"- An occlusion stays inside the mask when it covers less than {rules.share:.2%} of the object's area **and** "
        f"is thinner than {rules.thickness:g} of the object's size (the square root of its area).\n"
        f"- Two passes of a pair that agree by less than an IoU of {rules.agreement:g} are a dispute, which a "
        "researcher settles.\n"
        f"- Boundaries are compared within {rules.boundary_tolerance:g} px and at the "
        f"{rules.hausdorff_percentile:g}th percentile of the Hausdorff distance.\n"
        f"- Holes below {rules.minimum_hole_area:g} px and polygons below {rules.minimum_polygon_area:g} px are "
        "pointed out to annotators.\n"
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
