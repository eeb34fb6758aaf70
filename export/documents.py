"""Everything of a release beside the labels: tables, masks, provenance, texts, figures, manifest, checksums."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from export.changelog import changes_since
from export.checksums import checksums_text
from export.citation import citation_text
from export.coco import coco_data
from export.contact_sheet import contact_sheet
from export.croissant import croissant_data
from export.datasheet import datasheet_text
from export.groups import groups_data
from export.json_text import compact, indented
from export.layout import (
    CHECKSUMS,
    MANIFEST,
    coco_path,
    ground_truth_path,
    groups_path,
    masks_path,
    pair_table_path,
    provenance_path,
    query_masks_path,
    statistics_path,
)
from export.manifest import TOOL, manifest_bytes
from export.measured import Made
from export.options import Progress, ReleaseOptions
from export.pair_table import pair_table_bytes
from export.plots import plots
from export.provenance import people_data, provenance_lines, utc
from export.rich_masks import Entry, rich_masks
from export.rules_text import rules_document
from export.staging import Staging
from export.statistics import summary, table_text


def write_documents(
    stage: Staging, made: Sequence[Made], options: ReleaseOptions, allow_incomplete: bool, tell: Progress
) -> None:
    """Write the documents of all datasets, then what covers the whole release."""
    for number, one in enumerate(made):
        tell(number, len(made) + 1, f"documents of {one.material.dataset}")
        _write_tables(stage, one)
        _write_masks(stage, one)
        _write_coco(stage, one, options)
        _write_figures(stage, one)
    tell(len(made), len(made) + 1, "manifest")
    _write_texts(stage, made, options)
    if options.earlier is not None:
        text, data = changes_since(options.earlier, made)
        stage.write("CHANGES.md", text)
        stage.write("changes.json", indented(data))
    stage.write(CHECKSUMS, checksums_text({path: sha256 for path, (_, sha256) in stage.files.items()}))
    stage.write(MANIFEST, manifest_bytes(_head(made, options, allow_incomplete), dict(stage.files)))
    tell(len(made) + 1, len(made) + 1, "manifest")


def _write_tables(stage: Staging, one: Made) -> None:
    material = one.material
    groups = {group.number: group for group in material.groups}
    table = {(query.number, pair.index): pair.label for pair in material.pairs for query in groups[pair.group].queries}
    named = {f"{query}_{index}": table[query, index] for query, index in sorted(table)}
    stage.write(pair_table_path(material.dataset), pair_table_bytes(named))
    stage.write(provenance_path(material.dataset), provenance_lines(groups, one.measured, TOOL))
    groups_text = indented(groups_data(material.dataset, material.groups, material.notes))
    stage.write(groups_path(material.dataset), groups_text)
    original = material.ground_truth_file
    stage.write(ground_truth_path(material.dataset, original.suffix.lower()), original.read_bytes())


def _write_masks(stage: Staging, one: Made) -> None:
    material = one.material
    pairs = [Entry(pair.index, pair.image.file_name, pair.group, record) for pair, record in one.measured]
    queries = [
        Entry(query.number, query.image.file_name, query.group, record)
        for query, record in zip(material.queries, one.query_records, strict=True)
    ]
    for path, entries in ((masks_path(material.dataset), pairs), (query_masks_path(material.dataset), queries)):
        stage.write(path, compact(rich_masks(material.dataset, material.groups, entries)) + "\n")


def _write_coco(stage: Staging, one: Made, options: ReleaseOptions) -> None:
    material = one.material
    masks = [
        ("query", query.image.file_name, query.group, record)
        for query, record in zip(material.queries, one.query_records, strict=True)
    ]
    masks += [(pair.difficulty.value, pair.image.file_name, pair.group, record) for pair, record in one.measured]
    info = {"description": f"{options.title}: {material.dataset}", "version": options.version}
    licence = {"name": options.licence.name, "url": options.licence.url}
    stage.write(coco_path(material.dataset), compact(coco_data(info, licence, material.groups, masks)) + "\n")


def _write_figures(stage: Staging, one: Made) -> None:
    material, measured = one.material, one.measured
    dataset = material.dataset
    stage.write(statistics_path(dataset, "summary.json"), indented(summary(measured)))
    stage.write(statistics_path(dataset, "pairs.csv"), table_text(measured))
    for name, content in plots(measured).items():
        stage.write(statistics_path(dataset, name), content)
    queries = list(zip(material.queries, one.query_records, strict=True))
    for group in material.groups:
        of_group = [(pair, record) for pair, record in measured if pair.group == group.number]
        drawn = [(query.number, record.picture) for query, record in queries if query.group == group.number]
        if of_group or drawn:
            path = statistics_path(dataset, f"contact-sheets/{group.name}.png")
            stage.write(path, contact_sheet(drawn, of_group))


def _write_texts(stage: Staging, made: Sequence[Made], options: ReleaseOptions) -> None:
    materials = [one.material for one in made]
    datasets = [material.dataset for material in materials]
    figures: dict[str, Any] = {one.material.dataset: summary(one.measured) for one in made}
    date = last_day(made)
    stage.write("RULES.md", rules_document(materials))
    stage.write("DATASHEET.md", datasheet_text(options.title, options.version, materials, figures, options.licence))
    stage.write("LICENSE", options.licence.text)
    stage.write("CITATION.cff", citation_text(options.title, options.version, date, options.licence))
    if options.names:
        people = {material.dataset: people_data(material.people) for material in materials}
        stage.write("provenance/people.json", indented(people))
    described = croissant_data(
        options.title, options.version, date, options.licence, options.url, datasets, stage.files
    )
    stage.write("croissant.json", json.dumps(described, indent=2, ensure_ascii=False) + "\n")


def last_day(made: Sequence[Made]) -> str:
    """YYYY-MM-DD of the last round in a release: its date, since no clock is read."""
    return max(utc(round_.at) for one in made for pair in one.material.pairs for round_ in pair.rounds)[:10]


def _head(made: Sequence[Made], options: ReleaseOptions, allow_incomplete: bool) -> dict[str, Any]:
    missing = {
        one.material.dataset: {
            "pairs": list(one.material.missing_pairs),
            "queries": list(one.material.missing_queries),
        }
        for one in made
        if not one.material.complete
    }
    return {
        "title": options.title,
        "version": options.version,
        "allow_incomplete": allow_incomplete,
        "missing": missing,
        "errors": {one.material.dataset: [" ".join(error) for error in one.errors] for one in made if one.errors},
        "counts": {one.material.dataset: _counts(one) for one in made},
        "ground_truth": {one.material.dataset: one.material.truth.sha256 for one in made},
        "oriented_images": {one.material.dataset: _oriented(one) for one in made},
    }


def _counts(one: Made) -> dict[str, int]:
    material = one.material
    sizes = {group.number: len(group.queries) for group in material.groups}
    return {
        "queries": len(material.truth.queries),
        "query_masks": len(material.queries),
        "groups": len(material.groups),
        "pairs": len(material.pairs),
        "query_index_pairs": sum(sizes[pair.group] for pair in material.pairs),
        "images": len({pair.index for pair in material.pairs}),
        "several_components": sum(record.components > 1 for record in one.pair_records),
        "with_holes": sum(record.holes > 0 for record in one.pair_records),
    }


def _oriented(one: Made) -> dict[str, int]:
    """Images that carry an EXIF orientation tag other than upright; masks are in the orientation that it asks for."""
    images = [pair.image for pair in one.material.pairs] + [query.image for query in one.material.queries]
    return {image.file_name: image.orientation for image in sorted(images, key=str) if image.orientation != 1}
