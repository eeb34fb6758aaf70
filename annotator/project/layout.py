"""What lies where in a project folder, and `project.toml`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from annotator.domain.errors import BadFileError, EnvironmentFault

SETTINGS = "project.toml"
DATABASE = "project.sqlite"
RULES = "rules.toml"
CACHE = "cache"
JOURNAL = "journal"
LIBRARY_CACHE = "images.json"
MODELS = "models"
MODEL_RECORDS = "models.toml"
LARGEST_TEXT = 1 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """`project.toml`: `ground_truth` is a file of the folder, `images` a path (relative ones start at the folder).

    `store` is the URL of the database; empty for `project.sqlite` in the folder.
    """

    name: str
    dataset: str
    ground_truth: str
    images: str
    store: str = ""


def require_text(path: Path) -> Path:
    """Return `path`; raises BadFileError for bytes that are no UTF-8, which neither settings nor databases can hold."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        problem = "its name, or that of a folder around it, holds bytes that are no UTF-8"
        raise BadFileError(repr(str(path)), problem, "give it another name") from error
    return path


def settings_text(settings: Settings) -> str:
    """The TOML of `project.toml`."""
    lines = [f"{key} = {quoted(value)}" for key, value in asdict(settings).items()]
    return "\n".join(lines) + "\n"


def read_settings(folder: Path) -> Settings:
    """Read and check `project.toml`; raises BadFileError in one sentence."""
    path = folder / SETTINGS
    if not folder.is_dir():
        raise BadFileError(folder, "there is no such folder", "choose a project folder, or make a project first")
    if not path.is_file():
        raise BadFileError(folder, f"it is no project folder, for it holds no {SETTINGS}", "choose another folder")
    content = read_toml(path)
    for field in fields(Settings):
        value = content.get(field.name, "" if field.name == "store" else None)
        if not isinstance(value, str) or (not value and field.name != "store"):
            raise BadFileError(path, f"'{field.name}' is missing or no text", "correct it or restore the file")
    settings = Settings(**{field.name: str(content.get(field.name, "")) for field in fields(Settings)})
    if Path(settings.ground_truth).name != settings.ground_truth:
        raise BadFileError(path, "'ground_truth' leaves the project folder", "name a file of the project folder")
    return settings


def read_toml(path: Path) -> Mapping[str, object]:
    """A TOML file's content; raises BadFileError for anything else and EnvironmentFault when it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_TEXT:
            raise BadFileError(path, "it is far too large for settings", "restore the file from a backup")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadFileError(path, "this file is missing", "restore it from a backup") from error
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be read ({error.strerror}); check its rights.") from error
    except (ValueError, RecursionError) as error:  # beside broken TOML, numbers and nesting beyond what Python reads
        raise BadFileError(path, f"it is no TOML ({error})", "correct it or restore the file") from error


def quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, but for the one control character that JSON leaves bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
