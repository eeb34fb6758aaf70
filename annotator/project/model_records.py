"""`models.toml`: the model files that a project has, and the names of those that it had."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from annotator.domain.errors import BadFileError, RefusedError
from annotator.premask.models.files import ModelKind
from annotator.processes.whole_file import whole_file
from annotator.project.layout import LARGEST_TEXT, MODEL_RECORDS, quoted, read_toml

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST = {"licence": 40_000, "by": 200, "origin": 400}
"""Characters that a text of a record may have."""

REMEDY = "correct it or restore the file"


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A registered model. `file` and `decoder` are names in the project's `models/`; `decoder` of click models alone.

    `features` of a matcher is the name of the model whose features it matches. `origin` is the name that the file had,
    `added` a time in UTC (ISO 8601), `by` a person.
    """

    name: str
    kind: ModelKind
    file: str
    sha256: str
    licence: str
    added: str
    by: str
    origin: str = ""
    decoder: str = ""
    decoder_sha256: str = ""
    features: str = ""

    @property
    def sums(self) -> tuple[str, ...]:
        """The checksums of its files, the encoder's before the decoder's."""
        return tuple(filter(None, (self.sha256, self.decoder_sha256)))


@dataclass(frozen=True, slots=True)
class RemovedModel:
    """A model that the project had: pre-masks still name it, so that its name is given to no other file.

    `removed` is a time in UTC (ISO 8601), `by` a person.
    """

    name: str
    sums: tuple[str, ...]
    removed: str
    by: str


@dataclass(frozen=True, slots=True)
class ModelRecords:
    """All that `models.toml` says, in its order."""

    models: tuple[ModelRecord, ...] = ()
    removed: tuple[RemovedModel, ...] = ()


def read_records(folder: Path) -> ModelRecords:
    """The records of a project folder; none where it has no `models.toml`.

    Raises BadFileError for a file that is no such record, and for names that leave the folder.
    """
    path = folder / MODEL_RECORDS
    if not path.exists():
        return ModelRecords()
    content = read_toml(path)
    models = tuple(_record(path, entry) for entry in _entries(path, content, "model"))
    removed = tuple(_removed(path, entry) for entry in _entries(path, content, "removed"))
    names = [record.name for record in models]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadFileError(path, f"the model '{twice}' is named twice", REMEDY)
    featured = {record.name for record in models if record.kind is ModelKind.LOCAL_FEATURES}
    alone = next((one for one in models if one.kind is ModelKind.MATCHER and one.features not in featured), None)
    if alone is not None:
        raise BadFileError(path, f"the matcher '{alone.name}' names no model whose features it matches", REMEDY)
    return ModelRecords(models, removed)


def write_records(folder: Path, records: ModelRecords) -> None:
    """Replace `models.toml`, whole or not at all; raises OSError, and RefusedError where its texts are too long."""
    text = _text_of(records)
    if len(text.encode()) > LARGEST_TEXT:
        raise RefusedError(f"The licence text is too long to be kept in {MODEL_RECORDS}; name a shorter one.")
    with whole_file(folder / MODEL_RECORDS, lasting=True) as file:
        file.write(text.encode())


def _text_of(records: ModelRecords) -> str:
    parts = ["# Written by 'annotator models'; the files lie in models/.\n"]
    for record in records.models:
        parts.append(_table("model", {
            "name": record.name, "kind": record.kind.value, "file": record.file, "sha256": record.sha256,
            "decoder": record.decoder, "decoder_sha256": record.decoder_sha256, "features": record.features,
            "origin": record.origin,
            "added": record.added, "by": record.by, "licence": record.licence,
        }))  # fmt: skip
    for one in records.removed:
        parts.append(_table("removed", {
            "name": one.name, "sha256": " ".join(one.sums), "removed": one.removed, "by": one.by,
        }))  # fmt: skip
    return "\n".join(parts)


def _table(title: str, pairs: Mapping[str, str]) -> str:
    lines = [f"{key} = {quoted(value)}" for key, value in pairs.items() if value]
    return "\n".join([f"[[{title}]]", *lines]) + "\n"


def _entries(path: Path, content: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    entries = content.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadFileError(path, f"'{key}' is no list of models", REMEDY)
    return entries


def _record(path: Path, entry: Mapping[str, object]) -> ModelRecord:
    """One checked entry of the models there are."""
    texts = {key: _text(path, entry, key) for key in ("name", "file", "sha256", "licence", "added", "by")}
    more = {key: _text(path, entry, key, "") for key in ("origin", "decoder", "decoder_sha256", "features")}
    name = _name(path, texts["name"])
    try:
        kind = ModelKind(_text(path, entry, "kind"))
    except ValueError as error:
        raise BadFileError(path, f"the model '{name}' is of no kind that this version knows", REMEDY) from error
    expected = (f"{name}.onnx", f"{name}.decoder.onnx" if kind is ModelKind.CLICK_TO_MASK else "")
    if (texts["file"], more["decoder"]) != expected:
        raise BadFileError(path, f"the model '{name}' names other files than {' and '.join(filter(None, expected))}",
                           REMEDY)  # fmt: skip
    if more["features"] and kind is not ModelKind.MATCHER:
        raise BadFileError(path, f"the model '{name}' is no matcher and names 'features'", REMEDY)
    _check_sums(path, name, [texts["sha256"], *([more["decoder_sha256"]] if expected[1] else [])])
    _check_time(path, name, texts["added"], "added")
    return ModelRecord(kind=kind, **texts, **more)


def _removed(path: Path, entry: Mapping[str, object]) -> RemovedModel:
    """One checked entry of the models that were removed."""
    texts = {key: _text(path, entry, key) for key in ("name", "sha256", "removed", "by")}
    name, sums = _name(path, texts["name"]), texts["sha256"].split(" ")
    _check_sums(path, name, sums)
    _check_time(path, name, texts["removed"], "removed")
    return RemovedModel(name, tuple(sums), texts["removed"], texts["by"])


def _name(path: Path, name: str) -> str:
    if not NAME.fullmatch(name):
        raise BadFileError(path, f"{name[:80]!r} is no name of a model", REMEDY)
    return name


def _check_sums(path: Path, name: str, sums: list[str]) -> None:
    if not all(SHA256.fullmatch(one) for one in sums):
        raise BadFileError(path, f"the model '{name}' has no SHA-256", REMEDY)


def _check_time(path: Path, name: str, time: str, what: str) -> None:
    try:
        datetime.fromisoformat(time)
    except ValueError as error:
        raise BadFileError(path, f"the model '{name}' was {what} at no time that can be read", REMEDY) from error


def _text(path: Path, entry: Mapping[str, object], key: str, default: str | None = None) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or (default is None and not value):
        raise BadFileError(path, f"'{key}' of a model is missing or no text", REMEDY)
    if len(value) > LONGEST.get(key, 200):
        raise BadFileError(path, f"'{key}' of a model is far too long", REMEDY)
    return value
