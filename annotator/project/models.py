"""The model files of a project: registering, removing, and whether a file is still what was registered.

Files are copied into `models/` and named in `models.toml` relative to it, so that a project that is moved, or shared
between machines, keeps what its pre-masks were made with.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from annotator.domain.errors import BadFileError, EnvironmentFault, RefusedError
from annotator.premask.models.files import ModelKind, check, checksum
from annotator.processes.alone import alone
from annotator.processes.whole_file import whole_file
from annotator.project.layout import MODEL_RECORDS, MODELS
from annotator.project.model_records import (
    LONGEST,
    NAME,
    ModelRecord,
    ModelRecords,
    RemovedModel,
    read_records,
    write_records,
)

LINK = "it is a link that may lead out of the project"

PATIENCE = 60.0
"""Seconds for which a change waits for another one: copying a model of the largest size takes less."""


@dataclass(frozen=True, slots=True)
class ClickModelFiles:
    """A registered click-to-mask model: its name and its two ONNX files, whose checksums agreed."""

    name: str
    encoder: Path
    decoder: Path


def model_records(folder: Path) -> tuple[ModelRecord, ...]:
    """The models that a project folder has, in the order in which they were added; raises like `read_records`."""
    return read_records(folder).models


def click_model_names(folder: Path) -> tuple[str, ...]:
    """The click-to-mask models of a project, in the order in which they were added."""
    return tuple(record.name for record in model_records(folder) if record.kind is ModelKind.CLICK_TO_MASK)


def click_model_files(folder: Path, name: str) -> ClickModelFiles:
    """A click-to-mask model of a project; raises BadFileError for a file that is missing or has changed, RefusedError
    where the project has no such model."""
    for record in model_records(folder):
        if record.name == name and record.kind is ModelKind.CLICK_TO_MASK:
            return ClickModelFiles(name, *checked_files(folder, record))
    raise RefusedError(f"This project has no click-to-mask model '{name}'; take another one.")


def feature_model(folder: Path, name: str) -> Path | None:
    """The file of a registered local-feature model, None where there is none of this name; raises like the others."""
    for record in model_records(folder):
        if record.name == name and record.kind is ModelKind.LOCAL_FEATURES:
            return checked_files(folder, record)[0]
    return None


def matched_model(folder: Path, name: str) -> Path | None:
    """The file of the local-feature model that a matcher is to belong to; raises RefusedError where there is none."""
    _check_featured(model_records(folder), name)
    return feature_model(folder, name)


def proposer_files(folder: Path, name: str) -> tuple[Path, ...]:
    """The files of a model that names a proposer: those of its local features and, of a matcher, its own behind it.

    Empty where no such model has this name; raises like the others.
    """
    matchers = (one for one in model_records(folder) if one.name == name and one.kind is ModelKind.MATCHER)
    matcher = next(matchers, None)
    features = feature_model(folder, matcher.features if matcher else name)
    if features is None:
        return ()
    return (features, *checked_files(folder, matcher)) if matcher else (features,)


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
    folder: Path, name: str, kind: ModelKind, files: tuple[Path, ...], licence: str, by: str, features: str = ""
) -> ModelRecord:
    """Copy a model's files (encoder before decoder) into the project and name it in `models.toml`.

    `features` is for a matcher: the name of the model whose features it matches. Raises RefusedError for a name that is
    taken or no name, BadFileError for a bad file, EnvironmentFault where nothing can be written, ConflictError where
    another program does not end its change; then the record is as it was.
    """
    targets = (f"{name}.onnx", f"{name}.decoder.onnx")[: len(files)]
    sums = check_name(folder, name, files)
    origin = _plain(" + ".join(path.name for path in files))[: LONGEST["origin"]]
    decoder = (targets[1], sums[1]) if len(files) > 1 else ("", "")
    record = ModelRecord(
        name, kind, targets[0], sums[0], _plain(licence), _now(), _plain(by), origin, *decoder, features
    )
    if any(len(getattr(record, key)) > most for key, most in LONGEST.items()):
        raise RefusedError(f"The licence text is too long to be kept in {MODEL_RECORDS}; name a shorter one.")
    if (folder / MODELS).is_symlink():
        raise BadFileError(folder / MODELS, LINK, "make it a folder of the project")
    with alone(folder / MODEL_RECORDS, PATIENCE):
        records = read_records(folder)
        _check_free(records, name, sums)
        if kind is ModelKind.MATCHER:
            _check_featured(records.models, features)
        removed = tuple(one for one in records.removed if one.name != name)
        try:
            (folder / MODELS).mkdir(exist_ok=True)
            for source, target, sha256 in zip(files, targets, sums, strict=True):
                _copy(source, folder / MODELS / target, sha256)
            write_records(folder, ModelRecords((*records.models, record), removed))
        except OSError as error:
            raise EnvironmentFault(f"{folder}: the model cannot be kept there ({error.strerror}).") from error
    return record


def remove_model(folder: Path, name: str, by: str) -> tuple[ModelRecord, tuple[Path, ...]]:
    """Take a model out of `models.toml` and delete its files; returns what it was, and the files that were deleted.

    Its name stays on record, since pre-masks and passes tell of it. Raises RefusedError where the project has no such
    model, or a matcher needs its features; EnvironmentFault where the record cannot be written, and then nothing is
    changed, or a file not be deleted.
    """
    _named(read_records(folder), name)  # before the lock, whose file stays: a refusal leaves nothing behind
    with alone(folder / MODEL_RECORDS, PATIENCE):
        records = read_records(folder)
        record = _named(records, name)
        needs = next((one.name for one in records.models if one.features == name), None)
        if needs is not None:
            raise RefusedError(f"'{needs}' matches the features of '{name}'; remove '{needs}' first.")
        left = tuple(one for one in records.models if one.name != name)
        gone = RemovedModel(name, record.sums, _now(), _plain(by)[: LONGEST["by"]])
        try:
            write_records(folder, replace(records, models=left, removed=(*records.removed, gone)))
        except OSError as error:
            raise EnvironmentFault(f"{folder}: {MODEL_RECORDS} cannot be written ({error.strerror}).") from error
        return record, _deleted(folder / MODELS, record)


def check_name(folder: Path, name: str, files: tuple[Path, ...]) -> tuple[str, ...]:
    """The checksums of a new model's files; raises RefusedError where it cannot have this name."""
    if not NAME.fullmatch(name):
        raise RefusedError(f"'{name}' is no name for a model; take small letters a to z, digits, '-' and '_'.")
    records, sums = read_records(folder), tuple(checksum(path) for path in files)
    _check_free(records, name, sums)
    return sums


def _named(records: ModelRecords, name: str) -> ModelRecord:
    found = next((one for one in records.models if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in records.models) or "none"
        raise RefusedError(f"This project has no model '{name}' (models there: {known}).")
    return found


def _check_featured(models: tuple[ModelRecord, ...], name: str) -> None:
    names = [one.name for one in models if one.kind is ModelKind.LOCAL_FEATURES]
    if name not in names:
        known = ", ".join(names) or "none"
        raise RefusedError(f"This project has no local-feature model '{name}' (such models there: {known}).")


def name_of(path: Path) -> str:
    """A name for a model from that of its file."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", path.stem.lower()).strip("-_")
    return plain[:63] or "model"


def _check_free(records: ModelRecords, name: str, sums: tuple[str, ...]) -> None:
    """A removed model may come back under its name, another one may not have it."""
    if any(record.name == name for record in records.models):
        raise RefusedError(f"This project has a model '{name}' already; take another name with --name.")
    if any(one.name == name and one.sums != sums for one in records.removed):
        raise RefusedError(
            f"'{name}' was the name of another model of this project, and pre-masks may tell of it; take another name "
            "with --name."
        )


def _deleted(models: Path, record: ModelRecord) -> tuple[Path, ...]:
    """Delete a record's files; what is gone already, or lies behind a link out of the project, is left out."""
    found = []
    for path in (models / name for name in (record.file, record.decoder) if name):
        try:
            if not models.is_symlink():
                path.unlink()
                found.append(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise EnvironmentFault(
                f"'{record.name}' is no model of this project any more, but {path} cannot be deleted "
                f"({error.strerror}); delete it."
            ) from error
    return tuple(found)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _plain(text: str) -> str:
    """Text that UTF-8 can hold: names of files may have bytes that are none."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _copy(source: Path, target: Path, sha256: str) -> None:
    """A copy that is whole or absent; raises BadFileError when the source changed meanwhile."""
    if target.exists() and source.resolve() == target.resolve():
        return
    with whole_file(target) as file:
        with source.open("rb") as original:
            shutil.copyfileobj(original, file)
        file.flush()
        if checksum(Path(file.name)) != sha256:
            raise BadFileError(source, "it changed while it was copied", "register it again when it stands still")
