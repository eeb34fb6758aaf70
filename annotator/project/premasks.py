"""The pre-masks of a project: what there is to do, what is done, and where it is kept (cache/premasks)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from annotator.domain.codec import annotation_text
from annotator.domain.dataset import PairKey, group_name
from annotator.domain.errors import EnvironmentFault
from annotator.domain.passes import PairState
from annotator.premask.executor import Executor
from annotator.premask.protocol import Proposal, Proposer
from annotator.premask.stored import proposal_from
from annotator.processes.whole_file import whole_file
from annotator.project.group_work import GroupWork, ImageFile, MaskedFile, chunks, run_group_work
from annotator.project.project import Project

APPROVED = frozenset({PairState.DONE, PairState.AFTER_2})
"""States in which a pair's standing mask was inspected and may serve as a reference."""

FOLDER = "premasks"
FEATURES = "features"


def premask(project: Project, key: PairKey) -> Proposal | None:
    """The kept pre-mask of a pair; None where there is none yet."""
    found = kept(_path(project.cache, key))
    return None if found is None else proposal_from(found.get("proposal"))


def premask_path(project: Project, key: PairKey) -> Path:
    """The file in which the pre-mask of a pair is kept."""
    return _path(project.cache, key)


def group_work(
    project: Project, groups: Iterable[int] | None, make: Callable[[Any], Proposer], choice: Any
) -> list[GroupWork]:
    """The work of some groups (all for None) that have an approved query mask, done or not.

    Approved pairs are references and get no pre-mask of their own.
    """
    numbers = range(len(project.groups)) if groups is None else groups
    found = []
    for number in numbers:
        references, images = _references(project, number), _wanted(project, number)
        if references:
            found += [GroupWork(number, references, part, make, choice) for part in chunks(images)]
    return found


def is_done(project: Project, work: GroupWork) -> bool:
    """Whether all answers of this very work are kept."""
    fingerprint = work.fingerprint
    paths = (_path(project.cache, PairKey(work.group, image.name)) for image in work.images)
    return all((kept(path) or {}).get("fingerprint") == fingerprint for path in paths)


def count_kept(project: Project, work: Iterable[GroupWork]) -> int:
    """How many images of some work have a pre-mask or its refusal, be it one that is to be made anew."""
    return sum(_path(project.cache, PairKey(one.group, image.name)).is_file() for one in work for image in one.images)


def run_premasks(
    project: Project, work: list[GroupWork], executor: Executor, advance: Callable[[int, int, str], None]
) -> dict[str, int]:
    """Run what is not done and keep every answer as soon as it is there; returns counts by outcome.

    Stopping at any moment loses only the work under way. Raises EnvironmentFault where nothing can be written.
    """
    waiting = [one for one in work if not is_done(project, one)]
    total = sum(len(one.images) for one in work)
    done = total - sum(len(one.images) for one in waiting)
    counts = {"kept": done, "proposed": 0, "refused": 0}
    advance(done, total, "pre-masks")
    for number, answers in executor.results(run_group_work, waiting):
        one = waiting[number]
        for name, data in answers:
            keep(_path(project.cache, PairKey(one.group, name)), {"fingerprint": one.fingerprint, "proposal": data})
            counts["refused" if data["refused"] else "proposed"] += 1
        done += len(answers)
        advance(done, total, group_name(one.group))
    return counts


def _references(project: Project, group: int) -> tuple[MaskedFile, ...]:
    """Approved query masks and approved index masks whose images are here."""
    found = []
    for query in project.store.query_records(group):
        if query.annotation is not None and query.approved_by is not None and project.library.has(query.image):
            found.append(MaskedFile(_file(project, query.image), "query", annotation_text(query.annotation)))
    for pair in project.store.pairs(group):
        if pair.state in APPROVED and pair.standing is not None and project.library.has(pair.key.image):
            standing = annotation_text(project.store.revision(pair.standing))
            found.append(MaskedFile(_file(project, pair.key.image), "approved", standing))
    return tuple(found)


def _wanted(project: Project, group: int) -> list[ImageFile]:
    pairs = [pair for pair in project.store.pairs(group) if pair.state not in APPROVED]
    return [_file(project, pair.key.image) for pair in pairs if project.library.has(pair.key.image)]


def _file(project: Project, name: str) -> ImageFile:
    path = project.library.path(name)
    if path is None:
        raise EnvironmentFault(f"The image {name} went away while pre-masks were prepared; start again.")
    return ImageFile(name, path, project.library.sha256(name))


def _path(cache: Path, key: PairKey) -> Path:
    return cache / FOLDER / group_name(key.group) / f"{key.image}.json"


def kept(path: Path) -> dict[str, Any] | None:
    """The content of a file of the cache; None where it is absent, torn or no dict."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def keep(path: Path, data: dict[str, Any]) -> None:
    """Write a file of the cache whole or not at all; raises EnvironmentFault where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(json.dumps(data, separators=(",", ":")).encode())
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be written ({error.strerror}); make room or rights there.") from error
