"""A project of any size on plain images, with simple shapes whose truth is known: for measuring the measures.

Each index image shows a building, a polygon of six to ten corners, and in half of the images one occluder in front.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from annotator.domain.dataset import PairKey
from annotator.domain.geometry import Polygon, Ring, Size, as_points
from annotator.domain.passes import PersonRole
from annotator.domain.raster import mask_of
from annotator.domain.regions import overlap_area
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.project.create import create_project
from annotator.project.project import Project
from qa.simulation.skill import Skill
from qa.simulation.team import Simulated, draw_anew, simulated, working_hours

SIZE = (320, 240)
RESEARCHERS = ("Lena", "Ravi")
LEAST_CUT = 400
"""Square pixels of the building that an occluder hides at least."""


@dataclass(frozen=True, slots=True)
class Synthetic:
    """The project and what a perfect annotator would draw of each pair."""

    project: Project
    truths: Mapping[PairKey, Annotation]


def synthetic_project(folder: Path, groups: Sequence[int], people: Sequence[str], seed: int = 1) -> Synthetic:
    """Make `folder/project` with groups of so many pairs, all open, and these annotators; nothing is annotated yet."""
    rng = np.random.default_rng(seed)
    images = folder / "images"
    images.mkdir(parents=True)
    first = images / "query_00.png"
    Image.new("RGB", SIZE, (120, 118, 112)).save(first)
    plain = first.read_bytes()
    names: list[str] = []
    queries: list[dict[str, list[int] | list[float]]] = []
    for group, pairs in enumerate(groups):
        (images / f"query_{group:02d}.png").write_bytes(plain)
        start = len(names)
        names += [f"g{group:02d}_{number:05d}" for number in range(pairs)]
        indices = list(range(start, start + pairs))
        box = [60.0, 50.0, 260.0, 220.0]
        queries.append({"easy": indices[::2], "hard": indices[1::2], "junk": [], "bbx": box})
    for name in names:
        (images / f"{name}.png").write_bytes(plain)
    truth = {"imlist": names, "qimlist": [f"query_{group:02d}" for group in range(len(groups))], "gnd": queries}
    path = folder / "gnd_synthetic.pkl"
    path.write_bytes(pickle.dumps(truth))
    project = create_project(folder / "project", path, images)
    for name in (*RESEARCHERS, *people):
        project.store.add_person(name, PersonRole.RESEARCHER if name in RESEARCHERS else PersonRole.ANNOTATOR)
    masks = {group: building(rng) for group in range(len(groups))}
    project.store.take_in(masks, {}, RESEARCHERS[0], approve=True)
    return Synthetic(project, {pair.key: building(rng) for pair in project.store.pairs()})


def building(rng: np.random.Generator, size: Size = SIZE) -> Annotation:
    """A star-shaped outline on an image of `size`, with an occluder in front of it as often as not."""
    width, height = size
    corners = int(rng.integers(6, 11))
    angles = (np.arange(corners) + rng.uniform(-0.25, 0.25, corners)) * 2 * np.pi / corners
    reach = rng.uniform(0.6, 1.0, corners)
    centre = np.array([width * rng.uniform(0.42, 0.58), height * rng.uniform(0.46, 0.54)])
    spread = np.array([width * rng.uniform(0.2, 0.28), height * rng.uniform(0.28, 0.38)])
    points = centre + np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach[:, None] * spread
    outline = _dense(points)
    shapes = [Shape("1", Role.OBJECT, outline)]
    if rng.random() < 0.5:
        tree = _dense(centre + (rng.uniform(-0.3, 0.3, 2) + _disc(12) * rng.uniform(0.25, 0.4)) * spread)
        if overlap_area(outline, [tree]) > LEAST_CUT:
            shapes.append(Shape("2", Role.OCCLUDER, tree, OccluderKind.VEGETATION))
    return Annotation(size, tuple(shapes))


def work(
    made: Synthetic,
    skills: Mapping[str, Skill],
    start: datetime | None = None,
    step: timedelta = timedelta(minutes=4),
    seed: int = 1,
    share: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Have the team do passes 1 to 3 of a `share` of the pairs, each pair's people in an order drawn by chance.

    Everybody draws anew, so that what the statistics say about people can be held against their planted skills.
    """
    rng = np.random.default_rng(seed)
    team: list[Simulated] = [simulated(name, skill, seed) for name, skill in skills.items()]
    keys = [pair.key for pair in made.project.store.pairs()]
    keys = keys[: round(share * len(keys))]
    begin = start or datetime.now(UTC) - step * 3 * (len(keys) + 1) * 3
    with working_hours(made.project, begin, step / 3):
        for done, key in enumerate(keys, 1):
            for place in rng.permutation(len(team))[:3].tolist():
                draw_anew(made.project, key, team[place], made.truths[key])
            if progress is not None:
                progress(done, len(keys))


def hidden(truth: Annotation) -> bool:
    """Whether an occluder covers a part of the object."""
    whole = truth.with_shapes(truth.of_role(Role.OBJECT))
    return bool((mask_of(whole) & ~mask_of(truth)).any())


def _disc(corners: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    angles = np.arange(corners) * 2 * np.pi / corners
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _dense(corners: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Polygon:
    """A polygon with a vertex about every eight pixels, as people place them."""
    edges = np.roll(corners, -1, axis=0) - corners
    counts = np.maximum(1, np.ceil(np.hypot(*edges.T) / 8)).astype(int)
    pieces = [
        corner + edge * (np.arange(count) / count)[:, None]
        for corner, edge, count in zip(corners, edges, counts.tolist(), strict=True)
    ]
    return Polygon(Ring(as_points(np.concatenate(pieces))))
