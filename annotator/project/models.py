"""The model files of a project: what was registered, under which licence, and whether it is still the same.

Files are copied into `models/` and named in `models.toml` relative to it, so that a project that is moved, or shared
between machines, keeps what its pre-masks were made with.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from annotator.domain.errors import BadFileError, EnvironmentFault, RefusedError
from annotator.premask.models.files import ModelKind, check, checksum
from annotator.project.layout import LARGEST_TEXT, MODEL_RECORDS, MODELS, quoted, read_toml

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST = {"licence": 40_000, "by": 200, "origin": 400}
"""Characters that a text of a record may have."""

REMEDY = "correct it or restore the file"
LINK = "it is a link that may lead out of the project"


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A registered model. `file` and `decoder` are names in the project's `models/`; `decoder` of click models alone.

    `origin` is the name that the file had, `added` a time in UTC (ISO 8601), `by` a person.
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


@dataclass(frozen=True, slots=True)
class ClickModelFiles:
    """A registered click-to-mask model: its name and its two ONNX files, whose checksums agreed."""

    name: str
    encoder: Path
    decoder: Path


def model_records(folder: Path) -> tuple[ModelRecord, ...]:
    """What `models.toml` of a project folder names, in its order; nothing where there is none.

    Raises BadFileError for a file that is no such record, and for names that leave the folder.
    """
    path = folder / MODEL_RECORDS
    if not path.exists():
        return ()
    entries = read_toml(path).get("model", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadFileError(path, "'model' is no list of models", REMEDY)
    records = tuple(_record(path, entry) for entry in entries)
    names = [record.name for record in records]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadFileError(path, f"the model '{twice}' is named twice", REMEDY)
    return records


def click_model_files(project_folder: Path) -> tuple[ClickModelFiles, ...]:
    """The click-to-mask models of a project; raises BadFileError for a file that is missing or has changed."""
    return tuple(
        ClickModelFiles(record.name, *checked_files(project_folder, record))
        for record in model_records(project_folder)
        if record.kind is ModelKind.CLICK_TO_MASK
    )


def feature_model(folder: Path, name: str) -> Path | None:
    """The file of a registered local-feature model, None where there is none of this name; raises like the others."""
    for record in model_records(folder):
        if record.name == name and record.kind is ModelKind.LOCAL_FEATURES:
            return checked_files(folder, record)[0]
    return None


def checked_files(folder: Path, record: ModelRecord) -> tuple[Path, ...]:
    """The files of a record, the encoder before the decoder; raises BadFileError where a checksum disagrees."""
    found = []
    for name, sha256 in ((record.file, record.sha256), (record.decoder, record.decoder_sha256)):
        if name:
            path = folder / MODELS / name
            if path.is_symlink() or path.parent.is_symlink():
                raise BadFileError(path, LINK, "put the file itself there")
            check(path, sha256)
            found.append(path)
    return tuple(found)


def register_model(
    folder: Path, name: str, kind: ModelKind, files: tuple[Path, ...], licence: str, by: str
) -> ModelRecord:
    """Copy a model's files (encoder before decoder) into the project and name it in `models.toml`.

    Raises RefusedError for a name that is taken or no name, BadFileError for a bad file, EnvironmentFault where nothing
    can be written; then the record is as it was.
    """
    records = check_name(folder, name)
    targets = (f"{name}.onnx", f"{name}.decoder.onnx")[: len(files)]
    sums = [checksum(path) for path in files]
    origin = _plain(" + ".join(path.name for path in files))[: LONGEST["origin"]]
    added = datetime.now(UTC).isoformat(timespec="seconds")
    decoder = (targets[1], sums[1]) if len(files) > 1 else ("", "")
    record = ModelRecord(name, kind, targets[0], sums[0], _plain(licence), added, _plain(by), origin, *decoder)
    text = records_text((*records, record))
    if len(text.encode()) > LARGEST_TEXT or any(len(getattr(record, key)) > most for key, most in LONGEST.items()):
        raise RefusedError(f"The licence text is too long to be kept in {MODEL_RECORDS}; name a shorter one.")
    if (folder / MODELS).is_symlink():
        raise BadFileError(folder / MODELS, LINK, "make it a folder of the project")
    try:
        (folder / MODELS).mkdir(exist_ok=True)
        for source, target, sha256 in zip(files, targets, sums, strict=True):
            _copy(source, folder / MODELS / target, sha256)
        _write(folder / MODEL_RECORDS, text)
    except OSError as error:
        raise EnvironmentFault(f"{folder}: the model cannot be kept there ({error.strerror}).") from error
    return record


def check_name(folder: Path, name: str) -> tuple[ModelRecord, ...]:
    """The records there are; raises RefusedError where a new one cannot have this name."""
    records = model_records(folder)
    if not NAME.fullmatch(name):
        raise RefusedError(f"'{name}' is no name for a model; take small letters a to z, digits, '-' and '_'.")
    if any(record.name == name for record in records):
        raise RefusedError(f"This project has a model '{name}' already; take another name with --name.")
    return records


def name_of(path: Path) -> str:
    """A name for a model from that of its file."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", path.stem.lower()).strip("-_")
    return plain[:63] or "model"


def records_text(records: tuple[ModelRecord, ...]) -> str:
    """The TOML of `models.toml`."""
    parts = ["# Written by 'annotator models add'; the files lie in models/.\n"]
    for record in records:
        pairs = {
            "name": record.name, "kind": record.kind.value, "file": record.file, "sha256": record.sha256,
            "decoder": record.decoder, "decoder_sha256": record.decoder_sha256, "origin": record.origin,
            "added": record.added, "by": record.by, "licence": record.licence,
        }  # fmt: skip
        lines = [f"{key} = {quoted(value)}" for key, value in pairs.items() if value]
        parts.append("\n".join(["[[model]]", *lines]) + "\n")
    return "\n".join(parts)


def _record(path: Path, entry: Mapping[str, object]) -> ModelRecord:
    """One checked entry of `models.toml`."""
    texts = {key: _text(path, entry, key) for key in ("name", "file", "sha256", "licence", "added", "by")}
    more = {key: _text(path, entry, key, "") for key in ("origin", "decoder", "decoder_sha256")}
    name = texts["name"]
    if not NAME.fullmatch(name):
        raise BadFileError(path, f"{name[:80]!r} is no name of a model", REMEDY)
    try:
        kind = ModelKind(_text(path, entry, "kind"))
    except ValueError as error:
        raise BadFileError(path, f"the model '{name}' is of no kind that this version knows", REMEDY) from error
    expected = (f"{name}.onnx", f"{name}.decoder.onnx" if kind is ModelKind.CLICK_TO_MASK else "")
    if (texts["file"], more["decoder"]) != expected:
        raise BadFileError(path, f"the model '{name}' names other files than {' and '.join(filter(None, expected))}",
                           REMEDY)  # fmt: skip
    sums = [texts["sha256"], *([more["decoder_sha256"]] if expected[1] else [])]
    if not all(SHA256.fullmatch(one) for one in sums):
        raise BadFileError(path, f"the model '{name}' has no SHA-256", REMEDY)
    try:
        datetime.fromisoformat(texts["added"])
    except ValueError as error:
        raise BadFileError(path, f"the model '{name}' was added at no time that can be read", REMEDY) from error
    return ModelRecord(kind=kind, **texts, **more)


def _text(path: Path, entry: Mapping[str, object], key: str, default: str | None = None) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or (default is None and not value):
        raise BadFileError(path, f"'{key}' of a model is missing or no text", REMEDY)
    if len(value) > LONGEST.get(key, 200):
        raise BadFileError(path, f"'{key}' of a model is far too long", REMEDY)
    return value


def _plain(text: str) -> str:
    """Text that UTF-8 can hold: names of files may have bytes that are none."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _copy(source: Path, target: Path, sha256: str) -> None:
    """A copy that is whole or absent; raises BadFileError when the source changed meanwhile."""
    if target.exists() and source.resolve() == target.resolve():
        return
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        shutil.copyfile(source, temporary)
        if checksum(temporary) != sha256:
            raise BadFileError(source, "it changed while it was copied", "register it again when it stands still")
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
