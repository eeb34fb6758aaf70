"""Opening a project folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

from annotator.datasets.library import ImageLibrary
from annotator.domain.dataset import GroundTruth, QueryGroup, query_groups
from annotator.domain.errors import BadFileError, EnvironmentFault
from annotator.domain.rules import rules_from
from annotator.project.layout import (
    CACHE,
    DATABASE,
    JOURNAL,
    LIBRARY_CACHE,
    RULES,
    Settings,
    read_settings,
    read_toml,
    require_text,
)
from annotator.project.project import Project
from annotator.store.database import sqlite_url
from annotator.store.faults import NOT_WRITABLE
from annotator.store.journal import Journal
from annotator.store.store import Store


def open_project(folder: Path, read_only: bool = False) -> Project:
    """Open the project in `folder` and look which of its images are here.

    With `read_only` also where its database may not be written; what is noted there of the images then stays as it is.

    Raises one sentence that names what is wrong: BadFileError for the folder's files, NewerProjectError for a project
    of a newer version (nothing is changed), EnvironmentFault for a disk, a server or an image folder that is away, and
    without `read_only` for a database that may not be written.
    """
    folder = require_text(folder.absolute())
    settings = read_settings(folder)
    rules = rules_from(read_toml(folder / RULES), str(folder / RULES))
    images = folder / settings.images
    if not images.is_dir():
        raise EnvironmentFault(
            f"{images}: the image folder is not here; put it back, or correct 'images' in {folder / 'project.toml'}."
        )
    store = Store.open(settings.store or sqlite_url(folder / DATABASE))
    try:
        if not (read_only or store.database.writable):
            raise EnvironmentFault(f"{store.database.name}: {NOT_WRITABLE}.")
        truth = store.truth()
        _require_same_truth(folder, settings, truth)
        groups = query_groups(truth)
        library = ImageLibrary(images, folder / CACHE / LIBRARY_CACHE)
        report = library.scan(_names(truth, groups))
        # On a server another person's computer may hold images that this one lacks.
        if store.database.writable:
            store.mark_present(report.present, report.present, also_missing=not settings.store)
    except BaseException:
        store.close()
        raise
    return Project(
        folder=folder,
        name=settings.name,
        truth=truth,
        groups=groups,
        store=store,
        library=library,
        images=report,
        rules=rules,
        journal=Journal(folder / JOURNAL),
        cache=folder / CACHE,
    )


def _names(truth: GroundTruth, groups: tuple[QueryGroup, ...]) -> list[str]:
    """The images that somebody looks at: queries, then the easy and hard index images."""
    indices = sorted({index for group in groups for index in group.positives})
    return [*(query.image for query in truth.queries), *(truth.index_images[index] for index in indices)]


def _require_same_truth(folder: Path, settings: Settings, truth: GroundTruth) -> None:
    copy = folder / settings.ground_truth
    try:
        found = hashlib.sha256(copy.read_bytes()).hexdigest()
    except FileNotFoundError as error:
        raise BadFileError(copy, "the project's ground-truth file is missing", "copy the original there") from error
    except OSError as error:
        raise EnvironmentFault(f"{copy}: cannot be read ({error.strerror}); check its rights.") from error
    if found != truth.sha256:
        raise BadFileError(
            copy, "this is not the ground-truth file that the project was made from", "copy the original there"
        )
