"""Releases: projects become one directory in the benchmark's format (FORMAT A), at once and reproducibly.

The order: gather what is finished, the gate, masks and labels in parallel, the documents about them, the manifest, and
one rename. No clock is read: every time in a release is that of a pass, so the same project gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.domain.errors import RefusedError
from annotator.domain.geometry import Size
from annotator.project.project import Project
from export.documents import write_documents
from export.gather import gather, pseudonyms_of
from export.layout import png_path, query_path, query_png_path
from export.manifest import TOOL
from export.mask_record import Written
from export.material import FinishedPair, Material
from export.measured import Made
from export.options import Progress, ReleaseOptions, require_lines
from export.pair_work import PairJob, QueryJob, write_mask
from export.parallel import mapped
from export.staging import Staging, staging

SHOWN = 5
"""So many missing names a refusal gives; the manifest of an incomplete release lists all."""


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What was released to `path`; `missing` counts pairs and query masks that are not in it, `bytes` its size."""

    path: Path
    datasets: tuple[str, ...]
    pairs: int
    query_masks: int
    files: int
    bytes: int
    missing: int


def make_release(
    projects: Sequence[Project],
    out: Path,
    *,
    allow_incomplete: bool = False,
    progress: Progress | None = None,
    options: ReleaseOptions | None = None,
) -> ReleaseReport:
    """Release one or several projects (of different datasets) into the new directory `out`.

    `progress` is called with done, total and what is being done. Raises RefusedError when `out` exists, when pairs or
    query masks are not finished (unless `allow_incomplete`), when nothing is, or when two projects have one dataset;
    EnvironmentFault when it cannot be written. Then nothing is at `out`.
    """
    ordered = sorted(projects, key=lambda project: project.truth.dataset)
    pseudonyms = pseudonyms_of(ordered)
    return release_material(
        [gather(project, pseudonyms) for project in ordered], out, allow_incomplete, progress, options
    )


def release_material(
    materials: Sequence[Material],
    out: Path,
    allow_incomplete: bool = False,
    progress: Progress | None = None,
    options: ReleaseOptions | None = None,
) -> ReleaseReport:
    """`make_release` of what was gathered already."""
    gate(materials, allow_incomplete)
    chosen = options or ReleaseOptions()
    require_lines(chosen)
    tell = progress or _silent
    with staging(out) as stage:
        made = _write_masks(stage, materials, chosen, tell)
        require_one_size(made)
        if not allow_incomplete:
            require_clean(made)
        write_documents(stage, made, chosen, allow_incomplete, tell)
    return ReleaseReport(
        path=out,
        datasets=tuple(material.dataset for material in materials),
        pairs=sum(len(material.pairs) for material in materials),
        query_masks=sum(len(material.queries) for material in materials),
        files=len(stage.files),
        bytes=sum(size for size, _ in stage.files.values()),
        missing=sum(len(material.missing_pairs) + len(material.missing_queries) for material in materials),
    )


def gate(materials: Sequence[Material], allow_incomplete: bool) -> None:
    """Raise RefusedError unless the material may be released."""
    datasets = [material.dataset for material in materials]
    if len(set(datasets)) < len(datasets):
        raise RefusedError("Two of the projects have the same dataset; a release holds each dataset once.")
    if not any(material.pairs for material in materials):
        raise RefusedError(
            "No pair is done yet, so there is nothing to release; a pair is done after its three passes."
        )
    unfinished = [_unfinished(material) for material in materials if not material.complete]
    if unfinished and not allow_incomplete:
        raise RefusedError(f"{' '.join(unfinished)} Finish them, or allow an incomplete release (--allow-incomplete).")


def require_one_size(made: Sequence[Made]) -> None:
    """Raise RefusedError when the masks of one image, in different groups, are of different sizes."""
    for one in made:
        sizes: dict[int, Size] = {}
        for pair, record in one.measured:
            if sizes.setdefault(pair.index, record.size) != record.size:
                raise RefusedError(
                    f"The masks of {pair.image.name} in different groups are for images of different sizes; "
                    "bring back the original photograph and correct the masks of the other."
                )


def require_clean(made: Sequence[Made]) -> None:
    """Raise RefusedError when a check finds an error in a final annotation."""
    found = [f"{one.material.dataset} {where}: {problem}" for one in made for where, problem in one.errors]
    if found:
        many = "checks find an error" if len(found) == 1 else f"checks find {len(found)} errors"
        raise RefusedError(f"The {many}: {_some(found)}. Correct it, or allow an incomplete release.")


def _unfinished(material: Material) -> str:
    parts = []
    if material.missing_pairs:
        count = len(material.missing_pairs)
        many = "1 pair is" if count == 1 else f"{count} pairs are"
        parts.append(f"{many} not done ({_some(material.missing_pairs)})")
    if material.missing_queries:
        numbers = _some([str(number) for number in material.missing_queries])
        many = "1 query has" if len(material.missing_queries) == 1 else f"{len(material.missing_queries)} queries have"
        parts.append(f"{many} no approved query mask ({numbers})")
    return f"In {material.project}, {' and '.join(parts)}."


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _write_masks(stage: Staging, materials: Sequence[Material], options: ReleaseOptions, tell: Progress) -> list[Made]:
    total = sum(len(material.pairs) + len(material.queries) for material in materials)
    finished, made = 0, []
    for material in materials:
        _make_folders(stage.root, material, options.png)
        known = {pair.label: stage.finished(digest_of(pair, options.png)) for pair in material.pairs}
        open_pairs = [pair for pair in material.pairs if known[pair.label] is None]
        jobs = _jobs(stage.root, material, open_pairs, options.png)
        finished += len(material.pairs) - len(open_pairs)
        results: list[Written] = []
        for place, written in enumerate(mapped(write_mask, jobs, options.workers)):
            results.append(written)
            stage.note(digest_of(open_pairs[place], options.png) if place < len(open_pairs) else "", written)
            finished += 1
            tell(finished, total, f"masks of {material.dataset}")
        fresh = {pair.label: written for pair, written in zip(open_pairs, results, strict=False)}
        records = [(fresh.get(pair.label) or known[pair.label]) for pair in material.pairs]
        made.append(
            Made(
                material,
                tuple(written.record for written in records if written is not None),
                tuple(written.record for written in results[len(open_pairs) :]),
            )
        )
    return made


def _jobs(root: Path, material: Material, pairs: Sequence[FinishedPair], png: bool) -> list[PairJob | QueryJob]:
    """Pairs first, then all query masks."""
    loaded = material.annotations({revision for pair in pairs for revision in pair.revisions})
    jobs: list[PairJob | QueryJob] = [
        PairJob(pair, {revision: loaded[revision] for revision in sorted(pair.revisions)}, material.rules, root, png)
        for pair in pairs
    ]
    return jobs + [QueryJob(query, material.rules, root, png) for query in material.queries]


def digest_of(pair: FinishedPair, png: bool) -> str:
    """Stands for all that a pair's files are made from: the history's hashes cover the annotations."""
    return hashlib.sha256(f"{TOOL} {png} {pair!r}".encode()).hexdigest()


def _make_folders(root: Path, material: Material, png: bool) -> None:
    names = {pair.label for pair in material.pairs}
    names |= {query_path(query.dataset, query.number) for query in material.queries}
    if png:
        names |= {png_path(pair.dataset, pair.group, pair.image.name) for pair in material.pairs}
        names |= {query_png_path(query.dataset, query.number) for query in material.queries}
    for folder in {(root / name).parent for name in names}:
        folder.mkdir(parents=True, exist_ok=True)


def _silent(done: int, total: int, what: str) -> None:
    """Progress that nobody asked for."""
