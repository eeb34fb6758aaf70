"""The one way to the files that are installed with the program."""

from __future__ import annotations

from importlib import resources
from pathlib import Path, PurePosixPath


def path(name: str) -> Path:
    """Where the installed file `name` lies, for readers that need a real file.

    `name` is relative to the package, with `/` separators, such as `icons/select.svg`.
    Raises FileNotFoundError when it leaves the package or is not installed.
    """
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or "\\" in name or name.startswith("/"):
        raise FileNotFoundError(f"{name!r} is not the name of an installed file; give it relative to the resources.")
    found = Path(str(resources.files("resources").joinpath(*parts)))
    if not found.is_file():
        raise FileNotFoundError(f"The file {name} is missing from the installed program; install it again.")
    return found


def read_bytes(name: str) -> bytes:
    """The content of the installed file `name`; raises FileNotFoundError like `path`."""
    return path(name).read_bytes()


def read_text(name: str) -> str:
    """The UTF-8 text of the installed file `name`; raises FileNotFoundError like `path`."""
    return path(name).read_text(encoding="utf-8")
