"""`annotator predict`: any proposer's results for a whole benchmark, to be scored like a published method."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from annotator.cli.output import print_json, print_list
from annotator.cli.parameters import FeatureFile, Processes, Scheduler
from annotator.cli.progress import progress_bar
from annotator.cli.proposer_choice import choices, features_folder
from annotator.datasets.ground_truth import read_ground_truth
from annotator.datasets.labels.benchmark import read_benchmark
from annotator.datasets.labels.matching import Places
from annotator.datasets.library import ImageLibrary
from annotator.domain.codec import annotation_text
from annotator.domain.dataset import QueryGroup
from annotator.domain.errors import AnnotatorError, BadFileError, EnvironmentFault
from annotator.domain.raster import fill
from annotator.domain.shapes import Annotation
from annotator.premask import registry
from annotator.premask.choice import made
from annotator.premask.executor import executor
from annotator.premask.one_ring import one_ring
from annotator.premask.stored import proposal_from
from annotator.processes.whole_file import whole_file
from annotator.project.group_work import GroupWork, ImageFile, MaskedFile, chunks, run_group_work
from qa.evaluation.layout import Benchmark


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("predict")(predict)


def predict(
    benchmark: Annotated[Path, typer.Argument(metavar="BENCHMARK_DIR", help="Benchmark directory, as released.")],
    images: Annotated[Path, typer.Option(help="Folder of the photographs.")],
    out: Annotated[Path, typer.Option(metavar="RESULTS_DIR", help="Folder to write the results into.")],
    proposer: Annotated[str, typer.Option(help="Proposer, as 'annotator proposers' lists them.")] = registry.DEFAULT,
    features: FeatureFile = None,
    workers: Processes = 0,
    scheduler: Scheduler = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the counts as JSON.")] = False,
) -> None:
    """Write what a proposer finds from the query masks of a benchmark, for 'annotator evaluate'.

    Every query-index pair gets a ring, empty where nothing was found or an image is missing.
    """
    choice = choices([proposer], features, features_folder(None).absolute())[-1]
    report: dict[str, dict[str, Any]] = {}
    for dataset in Benchmark(benchmark).datasets():
        plan = _plan(benchmark, dataset, images)
        work = [GroupWork(*part, made, choice) for part in plan.parts]
        rings: dict[tuple[int, str], list[list[int]]] = {}
        with progress_bar() as advance:
            for number, answers in executor(workers, scheduler).results(run_group_work, work):
                for name, data in answers:
                    rings[work[number].group, name] = _ring(data, plan.library.size(name))
                advance(len(rings), sum(len(one.images) for one in work), dataset)
        path = out / "pixel-level" / choice.label / "matching_result" / f"pr{dataset}.npy"
        _write(path, plan, rings)
        found = sum(bool(ring) for ring in rings.values())
        report[dataset] = {"file": str(path), "pairs": len(rings), "found": found, "missing": plan.missing}
    if as_json:
        print_json(report)
        return
    for dataset, row in report.items():
        typer.echo(f"{dataset}: {row['found']:,} of {row['pairs']:,} index images found; written to {row['file']}")
        print_list("Missing", row["missing"], everything=False)


class _Plan:
    """What is predicted for one data set: work by group, and what is missing."""

    def __init__(self, groups: tuple[QueryGroup, ...], names: tuple[str, ...], library: ImageLibrary) -> None:
        self.groups = groups
        self.names = names
        self.library = library
        self.parts: list[tuple[int, tuple[MaskedFile, ...], tuple[ImageFile, ...]]] = []
        self.missing: list[str] = []

    def add(self, group: QueryGroup, masks: dict[int, Annotation]) -> None:
        """The references and index images of a group that are here."""
        references = []
        for query in group.queries:
            file = self._file(query.image)
            if file is not None and query.number in masks:
                references.append(MaskedFile(file, "query", annotation_text(masks[query.number])))
        if not references:
            self.missing.append(f"{group.name} has no query mask whose image is here.")
            return
        found = [file for index in group.positives if (file := self._file(self.names[index]))]
        self.parts += [(group.number, tuple(references), part) for part in chunks(found)]

    def _file(self, name: str) -> ImageFile | None:
        path = self.library.path(name)
        return None if path is None else ImageFile(name, path, self.library.sha256(name))


def _plan(root: Path, dataset: str, images: Path) -> _Plan:
    truth = read_ground_truth(Benchmark(root).ground_truth(dataset))
    places = Places.of(truth)
    masks = {}
    for label in read_benchmark(root, places):
        if isinstance(label, BadFileError):
            raise label
        if label.query_number is None:
            break  # query masks come first
        masks[label.query_number] = label.annotation
    if not masks:
        raise AnnotatorError(f"{root} has no query masks for {dataset}; nothing can be predicted from it.")
    library = ImageLibrary(images)
    positives = {truth.index_images[index] for group in places.groups for index in group.positives}
    report = library.scan([*(query.image for query in truth.queries), *sorted(positives)])
    plan = _Plan(places.groups, truth.index_images, library)
    plan.missing += [f"The image {name} is not in {images}." for name in report.missing]
    for group in places.groups:
        plan.add(group, masks)
    return plan


def _ring(data: object, size: tuple[int, int]) -> list[list[int]]:
    proposal = proposal_from(data)
    if proposal is None or not proposal.polygons:
        return []
    return one_ring(fill(proposal.polygons, size))


def _write(path: Path, plan: _Plan, rings: dict[tuple[int, str], list[list[int]]]) -> None:
    """The dict of FORMAT A6 with every query-index pair, whole or not at all."""
    table = {
        f"qimlist_{query.number}_imlist_{index}": rings.get((group.number, plan.names[index]), [])
        for group in plan.groups
        for query in group.queries
        for index in group.positives
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            np.save(file, np.array(table, dtype=object), allow_pickle=True)
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be written ({error.strerror}); name another folder.") from error
