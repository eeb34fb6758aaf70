"""The file of examples from which the cut's network is trained: training needs neither photographs nor masks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from annotator.domain.errors import BadFileError, EnvironmentFault
from annotator.premask.evidence import PLANES
from annotator.premask.lessons import USABLE, Example, Lesson
from annotator.processes.whole_file import whole_file


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """An example, the building that it shows, and whether something was put before it."""

    building: str
    covered: bool
    example: Example


def examples_of(given: Iterable[Lesson]) -> list[Taught]:
    """What the cut can learn from lessons: those whose warp is usable, each also behind what was put before it."""
    usable = [lesson for lesson in given if lesson.plain >= USABLE]
    return [Taught(lesson.building, False, lesson.example) for lesson in usable] + [
        Taught(lesson.building, True, example) for lesson in usable for example in lesson.behind
    ]


def write_examples(path: Path, taught: list[Taught]) -> None:
    """Write them as one `.npz`; raises EnvironmentFault where that is not possible."""
    examples = [one.example for one in taught]
    try:
        with whole_file(path) as file:
            np.savez(
                file,
                names=np.array(PLANES),
                buildings=np.array([one.building for one in taught]),
                covered=np.array([one.covered for one in taught], dtype=bool),
                shapes=np.array([one.answers.shape for one in examples], dtype=np.int32).reshape(-1, 2),
                planes=np.concatenate([one.planes.ravel() for one in examples] or [np.zeros(0, np.float16)]),
                answers=np.concatenate([one.answers.ravel() for one in examples] or [np.zeros(0, np.float16)]),
            )
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be written ({error.strerror}); name another place.") from error


def read_examples(path: Path) -> list[Taught]:
    """Read them; raises BadFileError for a file of another form or version."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            parts = {name: stored[name] for name in ("names", "buildings", "covered", "shapes", "planes", "answers")}
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise BadFileError(path, "it is no file of lessons", "write it with annotator measure --lessons") from error
    if parts["names"].tolist() != list(PLANES):
        raise BadFileError(path, "its planes are those of another version", "write it with annotator measure --lessons")
    shapes = parts["shapes"]
    counts = shapes.astype(np.int64).prod(axis=1) if shapes.ndim == 2 else np.zeros(0, np.int64)
    ends = np.cumsum([0, *counts])
    sides = shapes.shape[1:] == (2,) and bool((shapes > 0).all())
    whole = parts["planes"].shape == (len(PLANES) * ends[-1],) and parts["answers"].shape == (ends[-1],)
    if not (sides and whole and len(shapes) == len(parts["buildings"]) == len(parts["covered"])):
        raise BadFileError(path, "its parts do not belong together", "write it with annotator measure --lessons")
    return [
        Taught(str(building), bool(covered), _example(parts, ends[row], ends[row + 1], tuple(shapes[row])))
        for row, (building, covered) in enumerate(zip(parts["buildings"], parts["covered"], strict=True))
    ]


def _example(parts: dict[str, NDArray[Any]], start: int, end: int, shape: tuple[int, ...]) -> Example:
    planes = parts["planes"][len(PLANES) * start : len(PLANES) * end]
    return Example(planes.reshape(len(PLANES), *shape), parts["answers"][start:end].reshape(shape))
