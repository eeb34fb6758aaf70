"""The demo project: the rendered towns, five people, and pairs in every state.

`build_demo` leaves work for a person who looks around; `finish_demo` has the same people do the rest, so that the path
can be walked to a release without anybody at the window.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PairState, PersonRole
from annotator.domain.raster import mask_of
from annotator.domain.regions import simplified
from annotator.domain.remarks import RemarkPlace, pinned
from annotator.domain.shapes import Annotation, OccluderKind, Role
from annotator.processes.pool import WorkerPool
from annotator.project.create import create_project
from annotator.project.layout import SETTINGS
from annotator.project.opening import open_project
from annotator.project.project import Project
from qa.disputes import settle
from qa.hand_over import require_due
from qa.remarks import add_remark
from qa.simulation.skill import Skill
from qa.simulation.team import Simulated, do_pass, escalate, send_back, simulated, working_hours
from qa.simulation.truth import Occlusion, true_annotation
from qa.workflow import next_pass
from resources.demo.render import Rendering, render
from resources.demo.scenes import Scene, demo_scenes
from resources.demo.write import write_demo

RESEARCHERS = ("Lena", "Ravi")
SKILLS = {
    "Mei": Skill(jitter=0.6, missed_occluder=0.0, seconds=210),
    "Jonas": Skill(jitter=0.9, missed_occluder=0.1, seconds=170),
    "Amara": Skill(jitter=0.5, missed_occluder=0.0, seconds=240),
}
PROJECT = "Demo"
"""Name of the project and of its folder."""

UNFINISHED = ".unfinished"
"""Where the project is until the team has begun its work."""

NOTES = (
    "The town gate with both towers and their roofs, down to the ground. The sky in the archway and between the "
    "pinnacles stays out. The houses on both sides are no part of it.",
    "The museum: portico, pediment and both wings, with the stairs. The fence on the square stays out.",
)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Demo:
    """The project in its folder, and what a perfect annotator would draw of each image, by its name."""

    project: Project
    truths: Mapping[str, Annotation]


def truth_of(scene: Scene, rendering: Rendering) -> Annotation | None:
    """The polygons of a rendered scene; None where the query object is not the group's."""
    if scene.role not in ("query", "index"):
        return None
    occlusions = [Occlusion(thing.mask, OccluderKind(thing.kind), thing.kept) for thing in rendering.occluders]
    return true_annotation(rendering.object_full, occlusions)


def build_demo(folder: Path, scale: float = 1.0, workers: int = 1, progress: Progress | None = None) -> Demo:
    """Render the demo set into `folder/images`, make `folder/Demo`, and do work in all states.

    `folder/Demo` appears when all of that is done, so that a demo that was stopped is built anew and not opened half.
    Raises RefusedError when `folder/Demo` holds something, EnvironmentFault when the disk does not take it.
    """

    def rendered(done: int, every: int) -> None:
        if progress is not None:
            progress(done, every, "rendering photographs")

    _require_free(folder / PROJECT)
    with WorkerPool(workers) as pool:
        files = write_demo(folder / "images", scale, pool.each if workers > 1 else map, rendered, learn=truth_of)
    truths = {name: truth for name, truth in files.learned.items() if isinstance(truth, Annotation)}
    unfinished = folder / UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        with create_project(unfinished / PROJECT, files.ground_truth, files.images) as project:
            _begin_work(Demo(project, truths))
        (unfinished / PROJECT).replace(folder / PROJECT)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Demo(open_project(folder / PROJECT), truths)


def _begin_work(demo: Demo) -> None:
    """What the team did in the last three days."""
    team = {name: simulated(name, skill, seed=1) for name, skill in SKILLS.items()}
    with working_hours(demo.project, datetime.now(UTC) - timedelta(days=3), timedelta(minutes=11)):
        _people_and_queries(demo)
        _gate(demo, team)
        _museum(demo, team)


def _require_free(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(f"{folder} is not empty; choose another folder for the demo, or remove it.")


def reopen_demo(folder: Path, workers: int = 1) -> Demo:
    """Open a demo project that was built before; what is true is rendered again at the size of its photographs."""
    project = open_project(folder / PROJECT)
    scenes = [scene for scene in demo_scenes() if scene.role in ("query", "index")]
    sizes = [project.library.size(scene.name) for scene in scenes]
    jobs = [(scene, size[0] / scene.size[0]) for scene, size in zip(scenes, sizes, strict=True)]
    with WorkerPool(workers) as pool:
        truths = {scene.name: truth for scene, truth in zip(scenes, pool.each(_truth_again, jobs), strict=True)}
    return Demo(project, {name: truth for name, truth in truths.items() if truth is not None})


def is_demo(folder: Path) -> bool:
    """Whether a demo project lies in this folder."""
    return (folder / PROJECT / SETTINGS).is_file()


def finish_demo(demo: Demo, progress: Progress | None = None) -> None:
    """Settle what waits for a researcher and have the team do every pass that is left."""
    project = demo.project
    team = [simulated(name, skill, seed=2) for name, skill in SKILLS.items()]
    for query in project.store.query_records():
        if query.approved_by is None and query.annotation is not None:
            project.store.approve_query_mask(query.number, _other(query.drawn_by))
    pairs = project.store.pairs()
    for done, pair in enumerate(pairs, 1):
        _finish(demo, team, pair.key)
        if progress is not None:
            progress(done, len(pairs), "doing the passes that are left")


def _finish(demo: Demo, team: list[Simulated], key: PairKey) -> None:
    store, truth = demo.project.store, demo.truths[key.image]
    while (pair := store.pair(key)).state is not PairState.DONE:
        for remark in store.remarks(key):
            if remark.parent is None and not remark.settled:
                store.settle_remark(remark.id, RESEARCHERS[0])
        number = next_pass(pair.state)
        if number is None:
            settle(demo.project, key, RESEARCHERS[0], truth, "The visible part is the query object; the rest is not.")
            continue
        seat = pair.seats[number - 1]
        free = [person for person in team if person.name not in pair.seats]
        person = free[0] if seat is None else next(person for person in team if person.name == seat)
        require_due(pair, person.name)
        do_pass(demo.project, key, person, truth)


def _people_and_queries(demo: Demo) -> None:
    store = demo.project.store
    for name in RESEARCHERS:
        store.add_person(name, PersonRole.RESEARCHER)
    for name in SKILLS:
        store.add_person(name, PersonRole.ANNOTATOR)
    queries = store.query_records()
    for position, query in enumerate(queries):
        store.save_query_mask(query.number, demo.truths[query.image], RESEARCHERS[0])
        if position < len(queries) - 1:  # the last one waits for its approval
            store.approve_query_mask(query.number, RESEARCHERS[1])
    for group, note in zip(demo.project.groups, NOTES, strict=True):
        store.set_note(group.number, note, RESEARCHERS[0])
        store.open_group(group.number, RESEARCHERS[0])


def _gate(demo: Demo, team: Mapping[str, Simulated]) -> None:
    """Done, done, after pass 2, after pass 1 with a question, returned, escalated; the last image stays open."""
    mei, jonas, amara = team["Mei"], team["Jonas"], team["Amara"]
    project, keys = demo.project, _keys(demo, 0)
    for key in keys[:2]:
        for person in (mei, jonas, amara):
            do_pass(project, key, person, demo.truths[key.image])
    do_pass(project, keys[2], jonas, _hasty(demo.truths[keys[2].image]))
    do_pass(project, keys[2], amara, demo.truths[keys[2].image])
    do_pass(project, keys[3], mei, demo.truths[keys[3].image])
    place = _top(demo.truths[keys[3].image])
    add_remark(project, keys[3], place, mei.name, "Does the tip of the roof belong to it? I kept it in.")
    query = project.groups[0].queries[0]
    shown = _top(demo.truths[query.image], query.number)
    add_remark(project, keys[3], shown, mei.name, "Here the tip is inside the query mask.")
    do_pass(project, keys[4], mei, _without_occluders(demo.truths[keys[4].image]))
    note = [(_occluder(demo.truths[keys[4].image]), "The tree is large, please cut it out.")]
    send_back(project, keys[4], jonas, "occluder left in", note)
    reason = "Most of the gate is hidden; is the part behind the tree annotated?"
    escalate(project, keys[5], amara, reason, demo.truths[keys[5].image])


def _museum(demo: Demo, team: Mapping[str, Simulated]) -> None:
    """One after pass 1, one in dispute; the others stay open."""
    project, keys = demo.project, _keys(demo, 1)
    do_pass(project, keys[0], team["Jonas"], demo.truths[keys[0].image])
    disputed = demo.truths[keys[1].image]
    do_pass(project, keys[1], team["Amara"], disputed)
    do_pass(project, keys[1], team["Mei"], disputed)
    do_pass(project, keys[1], team["Jonas"], _upper_part(disputed))


def _truth_again(job: tuple[Scene, float]) -> Annotation | None:
    scene, scale = job
    return truth_of(scene, render(scene, scale))


def _keys(demo: Demo, group: int) -> list[PairKey]:
    return sorted(pair.key for pair in demo.project.store.pairs(group))


def _other(name: str | None) -> str:
    return next(researcher for researcher in RESEARCHERS if researcher != name)


def _without_occluders(truth: Annotation) -> Annotation:
    return truth.with_shapes(truth.of_role(Role.OBJECT))


def _hasty(truth: Annotation) -> Annotation:
    """What somebody draws who forgets the occluders and takes the strip of pavement below the object along."""
    mask = mask_of(_without_occluders(truth))
    height = mask.shape[0]
    rows = np.flatnonzero(mask.any(axis=1))
    foot = np.flatnonzero(mask[rows[-1] - height // 60])
    third = (foot[-1] - foot[0]) // 3
    mask[rows[-1] - height // 60 : rows[-1] + height // 30, foot[0] : foot[0] + third] = True
    mask[: rows[0] + height // 14] = False
    return true_annotation(mask, [])


def _top(truth: Annotation, query: int | None = None) -> RemarkPlace:
    points = truth.of_role(Role.OBJECT)[0].polygon.outer.points
    x, y = points[points[:, 1].argmin()].tolist()
    return pinned(x, y + 4, query)


def _occluder(truth: Annotation) -> RemarkPlace:
    cut = max(truth.of_role(Role.OCCLUDER), key=lambda shape: shape.polygon.area)
    return RemarkPlace(region=simplified(cut.polygon.outer, 2.0))


def _upper_part(truth: Annotation) -> Annotation:
    """What somebody draws who takes the portico without its base for the object: it stops at two thirds."""
    mask = mask_of(truth)
    rows = np.flatnonzero(mask.any(axis=1))
    mask[rows[0] + (rows[-1] - rows[0]) * 2 // 3 :] = False
    return true_annotation(mask, [])
