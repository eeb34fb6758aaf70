"""Which open pairs teach the proposer most, from the view graphs that are kept in cache/teaching."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from annotator.datasets.decode import decode
from annotator.domain.dataset import PairKey, group_name
from annotator.domain.errors import AnnotatorError
from annotator.domain.passes import PairState
from annotator.premask.cache import FeatureCache
from annotator.premask.executor import Executor
from annotator.premask.features import Features
from annotator.premask.graph.links import links
from annotator.premask.graph.teaching import teaching_values as valued
from annotator.premask.protocol import IndexImage
from annotator.premask.source import FeatureSource
from annotator.project.group_work import ImageFile
from annotator.project.premasks import APPROVED, keep, kept, premask_path
from annotator.project.project import Project

FOLDER = "teaching"

Links = dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class LinkWork:
    """The images of one group for one view graph, and where their features are kept."""

    group: int
    images: tuple[ImageFile, ...]
    features: Path | None

    @property
    def fingerprint(self) -> str:
        """A hash of the images."""
        parts = [(image.name, image.sha256) for image in self.images]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def link_groups(
    project: Project,
    groups: Iterable[int] | None,
    features: Path | None,
    executor: Executor,
    advance: Callable[[int, int, str], None],
) -> int:
    """Bring the view graphs of some groups (all for None) up to date; returns how many were made anew.

    A graph depends on the images alone, so it is made once, from RootSIFT. `features` is the folder of the features
    that pre-masks keep. `advance` gets groups done, all, and a name. Raises
    EnvironmentFault where nothing can be written.
    """
    numbers = list(range(len(project.groups)) if groups is None else groups)
    every = [LinkWork(number, _open_images(project, number), features) for number in numbers]
    waiting = [one for one in every if len(one.images) > 1 and not _is_linked(project, one)]
    done = len(every) - len(waiting)
    advance(done, len(every), "view graphs")
    for number, rows in executor.results(run_link_work, waiting):
        one = waiting[number]
        keep(_path(project, one.group), {"fingerprint": one.fingerprint, "links": rows})
        done += 1
        advance(done, len(every), group_name(one.group))
    return len(waiting)


def run_link_work(work: LinkWork) -> list[tuple[str, str, float]]:
    """The links of a group by two names and strength; images that cannot be read are not linked."""
    source = FeatureSource(cache=FeatureCache(work.features))
    features: list[Features] = []
    readable: list[str] = []
    for file in work.images:
        try:
            image = IndexImage(decode(file.path), file.name, file.sha256)
        except AnnotatorError:
            continue
        features.append(source.index(image).features)
        readable.append(file.name)
    return [(readable[a], readable[b], round(value, 4)) for (a, b), value in links(features).items()]


def teaching_values(project: Project, groups: Iterable[int] | None = None) -> dict[PairKey, float]:
    """For every open pair of some groups (all for None) how many other images its approved mask would unlock.

    Reads what is kept, computes no image: groups without a view graph or pre-masks give nothing.
    """
    found: dict[PairKey, float] = {}
    for number in range(len(project.groups)) if groups is None else groups:
        graph = _read(kept(_path(project, number)))
        if graph:
            confidence = confidences(project, number)
            found |= {PairKey(number, name): value for name, value in valued(confidence, graph).items()}
    return found


def confidences(project: Project, group: int) -> dict[str, float]:
    """Confidence of the present pre-mask of every pair that is not approved; 0 where there is none."""
    found = {}
    for pair in project.store.pairs(group):
        if pair.state not in APPROVED and pair.present:
            path = premask_path(project, pair.key)
            try:
                found[pair.key.image] = _confidence_in(path, path.stat().st_mtime_ns)
            except OSError:
                found[pair.key.image] = 0.0
    return found


@lru_cache(maxsize=20_000)
def _confidence_in(path: Path, _modified: int) -> float:
    """The confidence of a kept pre-mask, read again only after the file was written again."""
    proposal = (kept(path) or {}).get("proposal")
    match proposal:
        case {"confidence": float(value) | int(value)}:
            return float(min(1, max(0, value)))
    return 0.0


def _open_images(project: Project, group: int) -> tuple[ImageFile, ...]:
    """Images of a group whose pairs are worked on; none while all of them wait."""
    pairs = [pair for pair in project.store.pairs(group) if project.library.has(pair.key.image)]
    if all(pair.state is PairState.WAITING for pair in pairs):
        return ()
    found = ((name, project.library.path(name)) for name in sorted(pair.key.image for pair in pairs))
    return tuple(ImageFile(name, path, project.library.sha256(name)) for name, path in found if path is not None)


def _is_linked(project: Project, work: LinkWork) -> bool:
    return (kept(_path(project, work.group)) or {}).get("fingerprint") == work.fingerprint


def _path(project: Project, group: int) -> Path:
    return project.cache / FOLDER / f"{group_name(group)}.json"


def _read(data: dict[str, Any] | None) -> Links:
    """The links of a kept file; none where it is absent, torn or foreign."""
    rows = (data or {}).get("links")
    if not isinstance(rows, list):
        return {}
    found: Links = {}
    for row in rows:
        match row:
            case [str(one), str(other), float(value) | int(value)] if 0 <= value <= 1:
                found[one, other] = float(value)
    return found
