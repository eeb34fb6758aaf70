"""Folders of hand-made masks: `queries/`, `index/` and `pairs.json`, one LabelMe file `NAME__IMAGE.json` each.

`NAME` is a word for people; which group it stands for is told by the queries that `pairs.json` names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.datasets.file_bytes import read_json
from annotator.datasets.labels.imported import ImportedLabel
from annotator.datasets.labels.labelme import read_labelme
from annotator.datasets.labels.matching import REMEDY, Places
from annotator.domain.errors import BadFileError

Reading = Iterator[ImportedLabel | BadFileError]
"""A label, or the error that stands for one file."""


def is_mask_folder(folder: Path) -> bool:
    """Whether `folder` has the form."""
    return (folder / "pairs.json").is_file() and (folder / "queries").is_dir() and (folder / "index").is_dir()


def read_mask_folder(folder: Path, places: Places) -> Reading:
    """All labels of the folder, query masks first; raises BadFileError when `pairs.json` is broken."""
    groups = _groups(folder / "pairs.json", places)
    for path in sorted((folder / "queries").glob("*.json")):
        yield _read(path, places, None)
    for path in sorted((folder / "index").glob("*.json")):
        yield _read(path, places, groups)


def _read(path: Path, places: Places, groups: Mapping[tuple[str, str], int] | None) -> ImportedLabel | BadFileError:
    try:
        label = read_labelme(path)
        if groups is None:
            return places.query(label)
        word = path.stem.split("__")[0]
        return places.index(label, groups.get((word, label.image)))
    except BadFileError as error:
        return error


def _groups(path: Path, places: Places) -> dict[tuple[str, str], int]:
    """Group numbers by (word, index image)."""
    entries = read_json(path)
    found = {}
    try:
        for entry in entries:
            numbers = {places.group_of_query(int(number)) for number in entry["query_indices"]}
            found[str(entry["group"]), str(entry["index_image"])] = _only(numbers, entry, path)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadFileError(path, "an entry lacks group, query_indices or index_image", "write it again") from error
    return found


def _only(numbers: set[int | None], entry: Mapping[str, Any], path: Path) -> int:
    if len(numbers) == 1 and (number := next(iter(numbers))) is not None:
        return number
    raise BadFileError(path, f"the queries {entry['query_indices']} are not of one group of the ground truth", REMEDY)
