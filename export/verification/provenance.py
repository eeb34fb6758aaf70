"""Provenance: one line per query-index pair that fits the ground truth, the masks and the labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.domain.errors import AnnotatorError
from export.json_text import read_json
from export.layout import provenance_path
from export.verification.files import Listed, read_limited
from export.verification.finding import Finding

CHECK = "provenance"


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """What the line of a pair must say."""

    group: int
    difficulty: str
    label: str
    annotation_id: int | None


def read_provenance(root: Path, dataset: str, findings: list[Finding]) -> dict[str, dict[str, Any]]:
    """The lines by pair; lines that are none, or there twice, are findings."""
    path = provenance_path(dataset)
    try:
        lines = read_limited(root / path).split(b"\n")
    except AnnotatorError as error:
        findings.append(Finding(CHECK, path, getattr(error, "problem", str(error))))
        return {}
    if lines and not lines[-1]:
        lines.pop()
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(lines, start=1):
        try:
            data = read_json(line, path)
        except AnnotatorError:
            data = None
        if not isinstance(data, dict) or not isinstance(data.get("pair"), str) or data["pair"] in found:
            findings.append(Finding(CHECK, path, f"line {number} is no provenance of a further pair"))
        else:
            found[data["pair"]] = data
    return found


def flags_of(lines: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The flags by label."""
    found = {}
    for line in lines.values():
        label, flags = line.get("label"), line.get("flags")
        if isinstance(label, str) and isinstance(flags, list):
            found[label] = tuple(flag for flag in flags if isinstance(flag, str))
    return found


def provenance_findings(
    dataset: str,
    lines: Mapping[str, Mapping[str, Any]],
    expected: Mapping[str, ExpectedLine],
    files: Mapping[str, Listed],
) -> Iterator[Finding]:
    """Compare the lines with what is `expected` by pair, and the labels' hashes with the manifest's `files`."""
    path = provenance_path(dataset)
    for key in sorted(expected.keys() - lines.keys()):
        yield Finding(CHECK, path, f"it has no line for {key}")
    for key, line in lines.items():
        if key not in expected:
            yield Finding(CHECK, path, f"{key[:60]!r} is no pair that this release should have")
            continue
        for problem in _line_problems(line, expected[key], files):
            yield Finding(CHECK, path, f"{key}: {problem}")


def _line_problems(line: Mapping[str, Any], wanted: ExpectedLine, files: Mapping[str, Listed]) -> Iterator[str]:
    for name in ("group", "difficulty", "label", "annotation_id"):
        if line.get(name) != getattr(wanted, name):
            yield f"its {name} is {str(line.get(name))[:100]!r} instead of {getattr(wanted, name)!r}"
    listed = files.get(wanted.label)
    if listed is not None and line.get("label_sha256") != listed.sha256:
        yield "its label_sha256 is not the label's"
    rounds = line.get("rounds")
    if not isinstance(rounds, list) or not rounds or not all(_is_round(one) for one in rounds):
        yield "it does not say who worked on the pair"
    elif len({one["by"] for one in rounds}) < 3:
        yield "its passes were not done by three different people"


def _is_round(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("by"), str) and isinstance(one.get("step"), str)
