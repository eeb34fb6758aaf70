"""One dataset of a release: ground truth, groups, pair table, masks, query masks, provenance, and the label jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.datasets.ground_truth import read_ground_truth
from annotator.domain.dataset import GroundTruth, PairKey, QueryGroup, query_groups
from annotator.domain.errors import AnnotatorError
from export.groups import groups_data
from export.json_text import read_json
from export.layout import ground_truth_path, groups_path, label_path, masks_path, query_masks_path, query_path
from export.verification.files import Manifest, read_limited
from export.verification.finding import Finding
from export.verification.label import ExpectedMask
from export.verification.masks import MaskFile, read_masks
from export.verification.pair_table import table_findings
from export.verification.provenance import ExpectedLine, flags_of, provenance_findings, read_provenance


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels that a dataset must have, by path, each with its exact mask (None: it has none) and its flags."""

    masks: Mapping[str, ExpectedMask | None]
    flags: Mapping[str, tuple[str, ...]]


def dataset_labels(root: Path, dataset: str, manifest: Manifest, findings: list[Finding]) -> Labels:
    """Check everything of a dataset but the labels themselves, and say which labels there must be."""
    truth = _truth(root, dataset, manifest, findings)
    if truth is None:
        return Labels({}, {})
    groups = query_groups(truth)
    findings += _group_findings(root, dataset, groups)
    missing_pairs, missing_queries = missing_of(manifest, dataset)
    wanted = [
        (group, index)
        for group in groups
        for index in group.positives
        if str(PairKey(group.number, truth.index_images[index])) not in missing_pairs
    ]
    names = dict(enumerate(truth.index_images))
    masks = read_masks(root, masks_path(dataset), names, findings)
    lines, table = _expected(dataset, truth, wanted, masks)
    findings += table_findings(root, dataset, table)
    found = read_provenance(root, dataset, findings)
    findings += provenance_findings(dataset, found, lines, manifest.files)
    labels = {
        label_path(dataset, group.number, truth.index_images[index]): masks.masks.get((group.number, index))
        for group, index in wanted
    }
    findings += _mask_findings(masks, {(group.number, index) for group, index in wanted})
    labels.update(_query_labels(root, dataset, truth, groups, missing_queries, findings))
    return Labels(labels, flags_of(found))


def missing_of(manifest: Manifest, dataset: str) -> tuple[set[str], set[int]]:
    """The pairs and queries that the manifest of an incomplete release says are missing."""
    everything = manifest.head.get("missing")
    missing: Any = everything.get(dataset) if isinstance(everything, dict) else None
    if not isinstance(missing, dict) or manifest.head.get("allow_incomplete") is not True:
        return set(), set()
    pairs, queries = missing.get("pairs"), missing.get("queries")
    return (
        {pair for pair in pairs if isinstance(pair, str)} if isinstance(pairs, list) else set(),
        {query for query in queries if type(query) is int} if isinstance(queries, list) else set(),
    )


def _truth(root: Path, dataset: str, manifest: Manifest, findings: list[Finding]) -> GroundTruth | None:
    paths = [ground_truth_path(dataset, suffix) for suffix in (".pkl", ".mat")]
    path = next((path for path in paths if (root / path).is_file()), paths[0])
    try:
        read_limited(root / path)
        truth = read_ground_truth(root / path)
    except AnnotatorError as error:
        findings.append(Finding("ground truth", path, getattr(error, "problem", str(error))))
        return None
    said = manifest.head.get("ground_truth")
    if not isinstance(said, dict) or said.get(dataset) != truth.sha256:
        findings.append(Finding("ground truth", path, "this is not the file that the project was made from"))
    return truth


def _group_findings(root: Path, dataset: str, groups: tuple[QueryGroup, ...]) -> Iterator[Finding]:
    path = groups_path(dataset)
    try:
        data = read_json(read_limited(root / path), path)
    except AnnotatorError as error:
        yield Finding("groups", path, getattr(error, "problem", str(error)))
        return
    found = data.get("groups") if isinstance(data, dict) else None
    listed = found if isinstance(found, list) else []
    wanted = groups_data(dataset, groups, {})["groups"]
    plain = [{**group, "note": ""} if isinstance(group, dict) else None for group in listed]
    if plain != wanted:
        yield Finding("groups", path, "its groups are not those of the ground truth")


def _expected(
    dataset: str, truth: GroundTruth, wanted: list[tuple[QueryGroup, int]], masks: MaskFile
) -> tuple[dict[str, ExpectedLine], dict[str, str]]:
    """The provenance lines and the table that there must be."""
    lines = {}
    for group, index in wanted:
        line = ExpectedLine(
            group.number,
            group.difficulty(index).value,
            label_path(dataset, group.number, truth.index_images[index]),
            masks.ids.get((group.number, index)),
        )
        for query in group.queries:
            lines[f"{query.number}_{index}"] = line
    return lines, {key: line.label for key, line in lines.items()}


def _mask_findings(masks: MaskFile, wanted: set[tuple[int, int]]) -> Iterator[Finding]:
    for group, number in sorted(wanted - masks.masks.keys()):
        yield Finding("masks", masks.path, f"it has no mask of image {number} in group {group}")
    for group, number in sorted(masks.masks.keys() - wanted):
        yield Finding("masks", masks.path, f"image {number} has no place in group {group}")


def _query_labels(
    root: Path,
    dataset: str,
    truth: GroundTruth,
    groups: tuple[QueryGroup, ...],
    missing: set[int],
    findings: list[Finding],
) -> dict[str, ExpectedMask | None]:
    names = {query.number: query.image for query in truth.queries}
    masks = read_masks(root, query_masks_path(dataset), names, findings)
    wanted = {
        (group.number, query.number) for group in groups for query in group.queries if query.number not in missing
    }
    findings += _mask_findings(masks, wanted)
    return {query_path(dataset, number): masks.masks.get((group, number)) for group, number in wanted}
