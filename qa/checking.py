"""The checks on a project: gathers what is known around a pair and runs `qa.checks` on its annotation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from annotator.datasets.decode import decode
from annotator.domain.dataset import PairKey, group_name
from annotator.domain.errors import AnnotatorError
from annotator.domain.raster import Mask, mask_of
from annotator.domain.shapes import Annotation
from annotator.project.project import Project
from qa.checks.finding import Finding, Given
from qa.checks.registry import findings


@dataclass(frozen=True, slots=True)
class PairFindings:
    """What the checks say about the standing annotation of a pair."""

    key: PairKey
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class GroupKnowledge:
    """What the other pairs say about one: mask areas of the group's images, as shares, and masks in other groups.

    `elsewhere` gives for an index image the standing revisions of other groups, by group name.
    """

    areas: Mapping[str, float]
    elsewhere: Mapping[str, Mapping[str, int]]


def knowledge_of(project: Project, group: int) -> GroupKnowledge:
    """Rasterise the standing annotations of a group once and note where its images occur in other groups."""
    pairs = project.store.pairs()
    standing = {
        pair.key.image: pair.standing for pair in pairs if pair.key.group == group and pair.standing is not None
    }
    drawn = project.store.annotations(standing.values())
    areas = {image: float(mask_of(drawn[revision]).mean()) for image, revision in standing.items()}
    elsewhere: dict[str, dict[str, int]] = {}
    images = {pair.key.image for pair in pairs if pair.key.group == group}
    for pair in pairs:
        if pair.key.group != group and pair.standing is not None and pair.key.image in images:
            elsewhere.setdefault(pair.key.image, {})[group_name(pair.key.group)] = pair.standing
    return GroupKnowledge(areas, elsewhere)


def check_annotation(
    project: Project,
    key: PairKey,
    annotation: Annotation,
    knowledge: GroupKnowledge,
    *,
    premask: Annotation | None = None,
    expected: Mask | None = None,
    active_seconds: float | None = None,
) -> tuple[Finding, ...]:
    """What the checks say about an annotation of a pair, with its image where that can be read."""
    path = project.library.path(key.image)
    try:
        image = None if path is None else decode(path)
    except AnnotatorError:
        image = None  # the image library reports it; the other checks still hold
    others = tuple(
        (group, mask_of(project.store.revision(revision)))
        for group, revision in knowledge.elsewhere.get(key.image, {}).items()
    )
    size_matches = image is None or image.shape[1::-1] == annotation.size
    given = Given(
        annotation,
        project.rules,
        image=image if size_matches else None,
        group_areas=tuple(area for name, area in knowledge.areas.items() if name != key.image),
        expected=expected,
        premask=premask,
        other_groups=tuple((group, mask) for group, mask in others if mask.shape == annotation.size[::-1]),
        active_seconds=active_seconds,
    )
    return findings(given)


def check_project(
    project: Project, groups: tuple[int, ...] | None = None, progress: Callable[[int, int], None] | None = None
) -> Iterator[PairFindings]:
    """Check every pair that has a standing annotation, group by group; pairs without findings are left out.

    The shortest of a pair's passes is what may have been too fast.
    """
    pairs = [pair for pair in project.store.pairs() if pair.standing is not None]
    pairs = [pair for pair in pairs if groups is None or pair.key.group in groups]
    shortest: dict[PairKey, float] = {}
    for head in project.store.all_passes():
        shortest[head.key] = min(head.active_seconds, shortest.get(head.key, head.active_seconds))
    done = 0
    for group in sorted({pair.key.group for pair in pairs}):
        knowledge = knowledge_of(project, group)
        for pair in pairs:
            if pair.key.group != group or pair.standing is None:
                continue
            drawn, seconds = project.store.revision(pair.standing), shortest.get(pair.key)
            found = check_annotation(project, pair.key, drawn, knowledge, active_seconds=seconds)
            done += 1
            if progress is not None:
                progress(done, len(pairs))
            if found:
                yield PairFindings(pair.key, found)
