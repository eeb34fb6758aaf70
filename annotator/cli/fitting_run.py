"""Lessons from masks that people drew and the parameters fitted on them, for `annotator measure`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from annotator.cli.mask_landmarks import LandmarkFiles, landmark
from annotator.datasets.file_bytes import read_json
from annotator.domain.errors import AnnotatorError, BadFileError, EnvironmentFault
from annotator.premask.cache import FeatureCache
from annotator.premask.cut_network import Cut, cut_from
from annotator.premask.fitted import as_data
from annotator.premask.fitting import cross_validated, fit, outcomes
from annotator.premask.lesson_file import examples_of, write_examples
from annotator.premask.lessons import Lesson, all_lessons
from annotator.premask.registry import embedded_sources
from annotator.processes.whole_file import whole_file

COVERS = 2
"""How often something is put before every candidate, for the cut to learn what occludes."""


def write_lessons(out: Path, files: list[LandmarkFiles], cache: Path) -> str:
    """Write what the cut's network is trained on; returns what was found. Raises as `fit_to` does."""
    taught = examples_of(_lessons(files, cache, COVERS))
    write_examples(out, taught)
    buildings = {one.building for one in taught}
    behind = sum(one.covered for one in taught)
    return (
        f"{len(taught)} lessons of {len(buildings)} buildings, {behind} of them with something put before the object."
    )


def fit_to(out: Path, files: list[LandmarkFiles], cache: Path, cuts: Path) -> str:
    """Fit the confidence, test it with one building left out at a time, write `out`; returns what was found.

    `cuts` is the folder of the cut's training. Raises AnnotatorError for fewer than two buildings, BadFileError for a
    folder of another form, and EnvironmentFault where `out` cannot be written.
    """
    networks = cuts_of(cuts, {one.building or one.name for one in files})
    found = _lessons(files, cache)
    marks, reached = outcomes(found, networks)
    tested = cross_validated(found, marks, reached)
    data = as_data(fit(found, marks, reached)) | {
        "fitted_on": {one.name: len(one.queries) + len(one.images) for one in files},
        "cross_validated": tested,
    }
    try:
        with whole_file(out) as file:
            file.write(json.dumps(data, indent=1).encode() + b"\n")
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); name another place.") from error
    return (
        f"{tested['count']} candidates of {len(files)} landmarks; on buildings left out: mean IoU after the cut "
        f"{100 * tested['reached']:.1f} %, of the warp alone {100 * tested['warped']:.1f} %; rank correlation "
        f"{tested['rank_correlation']:.2f}, mean absolute error {tested['mean_absolute_error']:.3f}."
    )


def _lessons(files: list[LandmarkFiles], cache: Path, covers: int = 0) -> list[Lesson]:
    if len({one.building or one.name for one in files}) < 2:
        raise AnnotatorError("Parameters need masks of at least two buildings, to be tested on each other.")
    return all_lessons(embedded_sources(FeatureCache(cache)), [landmark(one) for one in files], covers)


def cuts_of(folder: Path, buildings: set[str]) -> Callable[[str], Cut]:
    """For every building the network in `folder` that did not learn from it; raises BadFileError where one lacks."""
    index = folder / "without.json"
    named = read_json(index)
    if not isinstance(named, dict) or not all(isinstance(name, str) for name in named.values()):
        raise BadFileError(index, "does not say which building has which network", "train the cut again")
    lacking = sorted(buildings - named.keys())
    if lacking:
        raise BadFileError(index, f"has no network without {lacking[0]}", "train the cut on lessons of all landmarks")
    networks = {name: cut_from(folder / name) for name in sorted(set(named.values()))}
    return lambda building: networks[named[building]]
