"""What the window remembers on this computer: theme, last project and person, splitters, changed keys."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

LAST_PROJECTS = 12


class Settings:
    """A thin, typed face of one INI file in the person's configuration folder."""

    def __init__(self, file: Path | None = None) -> None:
        path = file or Path(platformdirs.user_config_dir("pixel-retrieval-annotator", appauthor=False)) / "window.ini"
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    def text(self, name: str, otherwise: str = "") -> str:
        """A remembered text."""
        value = self._store.value(name, otherwise)
        return value if isinstance(value, str) else otherwise

    def set_text(self, name: str, value: str) -> None:
        """Remember a text."""
        self._store.setValue(name, value)

    def state(self, name: str) -> QByteArray | None:
        """A remembered state of a splitter or window."""
        value = self._store.value(name)
        return value if isinstance(value, QByteArray) else None

    def set_state(self, name: str, value: QByteArray) -> None:
        """Remember a state of a splitter or window."""
        self._store.setValue(name, value)

    def projects(self) -> list[Path]:
        """Folders of projects that were opened here, the last one first; those that are gone are left out."""
        folders = [Path(line) for line in self.text("projects").split("\n") if line]
        return [folder for folder in folders if (folder / "project.toml").is_file()]

    def remember_project(self, folder: Path) -> None:
        """Put a folder first among the last projects."""
        others = [known for known in self.projects() if known != folder]
        self.set_text("projects", "\n".join(str(known) for known in [folder, *others][:LAST_PROJECTS]))

    def keys(self) -> dict[str, str]:
        """Keys that the person changed, by action."""
        self._store.beginGroup("keys")
        changed = {name: self.text(name) for name in self._store.childKeys()}
        self._store.endGroup()
        return changed

    def set_key(self, action: str, key: str | None) -> None:
        """Remember a changed key; None goes back to the default."""
        if key is None:
            self._store.remove(f"keys/{action}")
        else:
            self._store.setValue(f"keys/{action}", key)

    def save(self) -> None:
        """Write the file now."""
        self._store.sync()
