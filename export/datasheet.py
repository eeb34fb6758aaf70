"""DATASHEET.md: the questions of "Datasheets for Datasets" (Gebru et al., 2021) with what the project knows.

Questions that only the makers of a release can answer say so, instead of being guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from export.licence import Licence
from export.manifest import TOOL
from export.material import Material
from export.provenance import utc

OPEN = "*The makers of this release have not answered this yet.*"


def datasheet_text(
    title: str, version: str, materials: Sequence[Material], figures: Mapping[str, Mapping[str, Any]], licence: Licence
) -> str:
    """Markdown; `figures` holds `statistics.summary` by dataset."""
    answers: dict[str, Iterable[tuple[str, str]]] = {
        "Motivation": _motivation(),
        "Composition": _composition(materials, figures),
        "Collection process": _collection(materials, figures),
        "Preprocessing, cleaning, labelling": _labelling(),
        "Uses": _uses(),
        "Distribution": _distribution(licence),
        "Maintenance": _maintenance(version),
    }
    parts = [f"# Datasheet of {title}, version {version}\n"]
    for chapter, questions in answers.items():
        parts.append(f"## {chapter}\n")
        parts += [f"**{question}**\n\n{answer}\n" for question, answer in questions]
    return "\n".join(parts)


def _motivation() -> Iterable[tuple[str, str]]:
    yield (
        "For what purpose was the dataset created?",
        "Pixel retrieval: to find, in the images that an image search returns, the pixels that depict the query "
        "object. The masks are the ground truth for the mean of mIoU and for mAP@50:5:95.",
    )
    yield "Who created the dataset, and on behalf of whom?", OPEN
    yield "Who funded its creation?", OPEN


def _composition(materials: Sequence[Material], figures: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    yield (
        "What do the instances represent?",
        "A pair of a query group and an index image: the mask of the query object in that image. One mask serves every "
        "query of the group. Query masks outline the object in the query images.",
    )
    counts = [
        f"{material.dataset}: {len(material.pairs)} pairs in {len(material.groups)} query groups, "
        f"{len(material.queries)} query masks, "
        + ", ".join(f"{n} {name}" for name, n in figures[material.dataset]["difficulty"].items())
        for material in materials
    ]
    yield "How many instances are there?", "\n".join(f"- {line}" for line in counts)
    yield (
        "Is any information missing?",
        "\n".join(f"- {material.dataset}: {_missing(material)}" for material in materials)
        + "\n\nThe photographs themselves are not part of the release.",
    )
    invisible = sum(figures[material.dataset]["invisible"] for material in materials)
    yield (
        "Are there errors, sources of noise, or redundancies?",
        f"In {invisible} pairs the object was found invisible; their label is a block of 2 × 2 pixels, flagged "
        "`invisible` in the provenance. How far the passes agree is in `statistics/`.",
    )
    yield (
        "Does the dataset contain data that might be considered confidential or relate to people?",
        "No photographs and no names. People in front of objects are cut out as occluders, or stay inside masks when "
        "they are small; nobody is identified. Annotators appear under pseudonyms.",
    )


def _missing(material: Material) -> str:
    if material.complete:
        return "nothing; every easy and hard index image has its mask, every query its query mask"
    return (
        f"{len(material.missing_pairs)} pairs and {len(material.missing_queries)} query masks are not finished; "
        "MANIFEST.json lists them"
    )


def _collection(materials: Sequence[Material], figures: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    yield (
        "How was the data acquired?",
        "Index images and their difficulty come from the ground-truth files in `revisitop/`. Query masks were drawn by "
        "researchers. Each pair passed through three different people: one annotated, two refined and inspected in "
        "turn; a researcher settled disputes. `provenance/` tells the history of every pair.",
    )
    steps = []
    for material in materials:
        for step, times in figures[material.dataset]["active_seconds"].items():
            if times:
                steps.append(f"- {material.dataset}, {step}: median {times['median']:.0f} s of active work")
    yield "How long did it take?", "\n".join(steps) or "Times were not recorded."
    days = sorted(utc(round_.at)[:10] for material in materials for pair in material.pairs for round_ in pair.rounds)
    frame = f"From {days[0]} to {days[-1]}." if days else "Not recorded."
    yield "Over what timeframe was the data collected?", frame
    people = {round_.by for material in materials for pair in material.pairs for round_ in pair.rounds}
    yield "Who was involved, and how were they compensated?", f"{len(people)} people did passes. Compensation: {OPEN}"
    yield "Were ethical review processes conducted?", OPEN


def _labelling() -> Iterable[tuple[str, str]]:
    yield (
        "Was any labelling done?",
        "Polygons of the object and of its occluders were drawn under the rules in RULES.md. The mask is the union of "
        "the object polygons minus the union of the occluder polygons, rasterised with vertices at pixel centres and "
        "the rings' own pixels. `masks/` holds it exactly; the key-hole rings in `labels/` refill to the same pixels.",
    )
    yield "Were proposals of a program used?", "Where a pass began from a pre-mask, its provenance names the proposer."
    yield "Is the software available?", f"It was made with {TOOL}."


def _uses() -> Iterable[tuple[str, str]]:
    yield "What tasks is it meant for?", "Scoring pixel retrieval, in the official and in the paper's protocol."
    yield (
        "What should it not be used for?",
        "Scores of the two protocols must not be compared with each other. The masks follow the queries' view of an "
        "object, so they are no general segmentation of buildings.",
    )
    yield "Has it been used already?", OPEN


def _distribution(licence: Licence) -> Iterable[tuple[str, str]]:
    yield "Under which licence is it distributed?", f"{licence.name}: {licence.url} (see LICENSE)."
    yield "How is it distributed, and from when?", OPEN


def _maintenance(version: str) -> Iterable[tuple[str, str]]:
    yield (
        "Will the dataset be updated?",
        f"This is version {version}. A release is never changed; a later one says in CHANGES.md which masks differ and "
        "by how much.",
    )
    yield "Who maintains it, and how can they be reached?", OPEN
