"""The public model files that can be fetched, as the installed list names them (resources/premask/models.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.domain.errors import AnnotatorError, BadFileError
from annotator.premask.models.description import FileKind
from annotator.premask.models.files import LARGEST
from resources import accessor

RESOURCE = "premask/models.toml"

EMBEDDED = "premask/features.onnx"
"""The local-feature model that comes with the program, where one does."""

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,120}")
CHECKSUMS = {"sha256": re.compile(r"[0-9a-f]{64}"), "sha1": re.compile(r"[0-9a-f]{40}")}


@dataclass(frozen=True, slots=True)
class PublicModel:
    """A file that upstream offers. `algorithm` is that of the pinned `checksum`; `size` in bytes, None if not known."""

    name: str
    file: str
    kind: FileKind
    address: str
    algorithm: str
    checksum: str
    size: int | None
    licence: str
    about: str


def catalogue() -> tuple[PublicModel, ...]:
    """The installed list, in its order."""
    path = accessor.path(RESOURCE)
    return read_catalogue(path, path.read_text(encoding="utf-8"))


def read_catalogue(path: Path, text: str) -> tuple[PublicModel, ...]:
    """The models that a TOML text names; raises BadFileError where it is no such list."""
    try:
        entries = tomllib.loads(text).get("model", [])
        return tuple(_entry(entry) for entry in entries)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadFileError(path, f"it is no list of models ({error})", "install the program again") from error


def public_model(name: str, among: tuple[PublicModel, ...]) -> PublicModel:
    """The model of a name; raises AnnotatorError that names those there are."""
    found = next((one for one in among if one.name == name), None)
    if found is None:
        raise AnnotatorError(f"There is no public model '{name}'; there are {', '.join(one.name for one in among)}.")
    return found


def embedded_model() -> Path | None:
    """The file of the embedded local-feature model; None where the program comes without one."""
    try:
        return accessor.path(EMBEDDED)
    except FileNotFoundError:
        return None


def _entry(entry: Mapping[str, object]) -> PublicModel:
    """One checked entry; raises ValueError or KeyError."""
    texts = {key: entry[key] for key in ("name", "file", "kind", "address", "licence", "about")}
    if not all(isinstance(value, str) and value for value in texts.values()):
        raise ValueError("a text is missing")
    name, file, address = str(texts["name"]), str(texts["file"]), str(texts["address"])
    if not NAME.fullmatch(name) or not FILE.fullmatch(file):
        raise ValueError(f"{name!r} or {file!r} is no name")
    algorithm = next((key for key in CHECKSUMS if key in entry), None)
    if algorithm is None or not CHECKSUMS[algorithm].fullmatch(str(entry[algorithm])):
        raise ValueError(f"{name} has no checksum")
    size = entry.get("size")
    if size is not None and (not isinstance(size, int) or not 0 < size <= LARGEST):
        raise ValueError(f"{name} has no size")
    kind = FileKind(str(texts["kind"]))
    return PublicModel(
        name, file, kind, address, algorithm, str(entry[algorithm]), size, str(texts["licence"]), str(texts["about"])
    )
