"""Write the demo set to disk in the form of the benchmark: a folder of JPEGs and a ground-truth file."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resources.demo.jpeg import jpeg_bytes
from resources.demo.render import Rendering, render
from resources.demo.scenes import Scene, demo_scenes

Box = tuple[float, float, float, float]
GROUND_TRUTH = "gnd_demo.pkl"


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the demo set lies: the folder of JPEGs, the ground-truth file, and the scenes in it.

    `learned` is what the caller's `learn` said of each scene, by its name.
    """

    images: Path
    ground_truth: Path
    scenes: tuple[Scene, ...]
    learned: Mapping[str, object] = field(default_factory=dict)


Learn = Callable[[Scene, Rendering], object]
"""Looks at a rendering while it is there; a function of a module, so that other processes can call it."""


Each = Callable[[Callable[[Any], Any], list[Any]], Iterable[Any]]
"""Does a function of a module on every piece of work and gives the results in their order: `map`, or a pool's way."""


def _put(path: Path, data: bytes) -> None:
    """Write beside and rename, so that `path` is never half there."""
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _write_image(job: tuple[Scene, Path, float, Learn | None]) -> tuple[Box | None, object]:
    scene, folder, scale, learn = job
    drawn = render(scene, scale)
    _put(folder / f"{scene.name}.jpg", jpeg_bytes(drawn.image, 92, scene.orientation))
    return drawn.query_box, None if learn is None else learn(scene, drawn)


def ground_truth(scenes: Iterable[Scene], boxes: dict[str, Box]) -> dict[str, list[object]]:
    """The ground truth of `scenes` in the structure of gnd_roxford5k.pkl, plain containers only.

    `boxes` gives x1, y1, x2, y2 of each query by its name.
    """
    every = tuple(scenes)
    queries = [s for s in every if s.role == "query"]
    others = sorted((s for s in every if s.role != "query"), key=lambda s: s.name)
    entries: list[object] = []
    for query in queries:
        entry: dict[str, list[object]] = {"bbx": [*boxes[query.name]]}
        for difficulty in ("easy", "hard", "junk"):
            entry[difficulty] = [
                i for i, s in enumerate(others) if s.group == query.group and s.difficulty == difficulty
            ]
        entries.append(entry)
    return {"gnd": entries, "imlist": [s.name for s in others], "qimlist": [s.name for s in queries]}


def write_demo(
    folder: Path,
    scale: float = 1.0,
    each: Each = map,
    progress: Callable[[int, int], None] | None = None,
    scenes: tuple[Scene, ...] | None = None,
    learn: Learn | None = None,
) -> DemoFiles:
    """Write `jpg/*.jpg` and `gnd_demo.pkl` into `folder`, which is made when it is not there.

    `scale` shrinks the images, `each` spreads the work over processes, `progress` hears (done, all) after each image,
    `scenes` are all demo scenes unless others are given; what `learn` returns of each ends up in `learned`.
    The ground-truth file is written last: where it lies, the set is complete. Raises OSError of the file system.
    """
    scenes = demo_scenes() if scenes is None else scenes
    images = folder / "jpg"
    images.mkdir(parents=True, exist_ok=True)
    jobs = [(scene, images, scale, learn) for scene in scenes]
    boxes: dict[str, Box] = {}
    learned: dict[str, object] = {}
    for number, (scene, (box, lesson)) in enumerate(zip(scenes, each(_write_image, jobs), strict=True), 1):
        learned[scene.name] = lesson
        if box is not None:
            boxes[scene.name] = box
        if progress is not None:
            progress(number, len(scenes))
    _put(folder / GROUND_TRUTH, pickle.dumps(ground_truth(scenes, boxes), protocol=2))
    return DemoFiles(images, folder / GROUND_TRUTH, scenes, learned)
