"""Making a project: all of it or nothing."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from pathlib import Path

from annotator.datasets.folder_walk import find_images
from annotator.datasets.ground_truth import read_ground_truth
from annotator.domain.dataset import GroundTruth
from annotator.domain.errors import BadFileError, EnvironmentFault, RefusedError
from annotator.project.layout import CACHE, DATABASE, RULES, SETTINGS, Settings, require_text, settings_text
from annotator.project.opening import open_project
from annotator.project.project import Project
from annotator.store.database import sqlite_url
from annotator.store.store import Store
from resources import accessor


def create_project(folder: Path, ground_truth: Path, images: Path, store_url: str | None = None) -> Project:
    """Make a project in `folder` (new or empty) from a ground-truth file and an image folder, and open it.

    `store_url` names an empty PostgreSQL database; None keeps everything in the folder. The ground-truth file is copied
    byte for byte, the images stay where they are. Whatever fails, nothing is left behind.

    Raises RefusedError when the folder holds something or the database a project, BadFileError for a file that is no
    ground truth, EnvironmentFault for a disk or server.
    """
    folder, images = require_text(folder.absolute()), require_text(images.absolute())
    truth = read_ground_truth(ground_truth)
    if not images.is_dir():
        raise BadFileError(images, "there is no such image folder", "give the folder that holds the photographs")
    if store_url and not store_url.startswith("postgresql"):
        raise RefusedError(
            "A team's project is kept on PostgreSQL; write its address as postgresql://name@server/database."
        )
    find_images(images, ())  # a folder that cannot be read is told before a server's database is filled
    made = _make_parents(folder.parent)
    try:
        _require_free(folder)
        _build(folder, ground_truth, truth, images, store_url or "")
        return _first_opening(folder, truth, store_url)
    except BaseException:
        for parent in made:
            with contextlib.suppress(OSError):  # somebody else put something there meanwhile
                parent.rmdir()
        raise


def _require_free(folder: Path) -> None:
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise EnvironmentFault(f"{folder}: cannot be read ({error.strerror}); choose another folder.") from error
    if taken:
        raise RefusedError(f"{folder} is not empty; choose a new folder for the project.")


def _make_parents(parent: Path) -> list[Path]:
    """Make the folders above a project and return those that were made, deepest first."""
    new = [path for path in (parent, *parent.parents) if not path.exists()]
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(f"{parent}: the folder cannot be made ({error.strerror}); choose another.") from error
    return new


def _build(folder: Path, ground_truth: Path, truth: GroundTruth, images: Path, store_url: str) -> None:
    """Fill a temporary folder beside `folder`, then rename it."""
    try:
        beside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
        beside.mkdir()
    except OSError as error:
        raise EnvironmentFault(f"{folder}: the folder cannot be made ({error.strerror}); choose another.") from error
    try:
        copy = f"ground_truth{ground_truth.suffix.lower()}"
        shutil.copyfile(ground_truth, beside / copy)
        where = images.relative_to(folder).as_posix() if images.is_relative_to(folder) else str(images)
        settings = Settings(folder.name, truth.dataset, copy, where, store_url)
        (beside / SETTINGS).write_text(settings_text(settings), encoding="utf-8")
        (beside / RULES).write_bytes(accessor.read_bytes("rules/rules.toml"))
        (beside / CACHE).mkdir()
        if not store_url:
            Store.create(sqlite_url(beside / DATABASE), truth).close()
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except OSError as error:
        raise EnvironmentFault(f"{folder}: the project cannot be written ({error.strerror}); make room.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _first_opening(folder: Path, truth: GroundTruth, store_url: str | None) -> Project:
    """Fill the server's database, where there is one, and open; a failure takes the folder away again."""
    try:
        if store_url:
            Store.create(store_url, truth).close()
        return open_project(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
