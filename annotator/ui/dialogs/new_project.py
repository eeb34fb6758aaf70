"""Makes a project from a ground-truth file and an image folder, on this computer or on a team's server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QLineEdit, QWidget

from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import column, row
from annotator.ui.widgets.text import label


@dataclass(frozen=True, slots=True)
class NewProject:
    """What the person chose; `store` is the address of a server, empty for this computer."""

    folder: Path
    ground_truth: Path
    images: Path
    store: str


class NewProjectDialog(QDialog):
    """Three paths, and the address of the server for a team."""

    def __init__(self, team: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new-project")
        title = self.tr("Join a team") if team else self.tr("New project")
        self.setWindowTitle(title)
        self.setMinimumWidth(600)
        whole = column(self, gap=12, margins=(20, 16, 20, 16))
        whole.addWidget(label(title, "title"))
        said = self.tr("Images stay where they are; the project folder holds masks, passes and rules.")
        whole.addWidget(label(said, "second", wrap=True))
        grid = QGridLayout()
        grid.setSpacing(8)
        self.ground_truth = self._path(grid, 0, self.tr("Ground-truth file"), "ground-truth", "gnd_*.pkl, gnd_*.mat")
        self.images = self._path(grid, 1, self.tr("Image folder"), "images", self.tr("searched with its folders"))
        self.folder = self._path(grid, 2, self.tr("Project folder"), "folder", self.tr("a new folder"))
        self.store = QLineEdit()
        self.store.setObjectName("new-project.store")
        self.store.setAccessibleName(self.tr("Address of the server"))
        self.store.setPlaceholderText("postgresql://name@server/database")
        if team:
            grid.addWidget(label(self.tr("Address of the server"), "second"), 3, 0)
            grid.addWidget(self.store, 3, 1, 1, 2)
        self._team = team
        whole.addLayout(grid)
        self._trouble = label("", "second", "error", name="new-project.trouble", wrap=True)
        whole.addWidget(self._trouble)
        line = row()
        line.addStretch()
        cancel = KeyButton(self.tr("Cancel"), "new-project.cancel", self.tr("Esc"))
        words = self.tr("Join") if team else self.tr("Make the project")
        self.go = KeyButton(words, "new-project.go", primary=True)
        self.go.setDefault(True)
        cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self._check)
        line.addWidget(cancel)
        line.addWidget(self.go)
        whole.addLayout(line)

    @property
    def chosen(self) -> NewProject:
        """The paths as written."""
        return NewProject(
            Path(self.folder.text().strip()).expanduser(),
            Path(self.ground_truth.text().strip()).expanduser(),
            Path(self.images.text().strip()).expanduser(),
            self.store.text().strip(),
        )

    def _check(self) -> None:
        chosen = self.chosen
        if not self.ground_truth.text().strip() or not chosen.ground_truth.is_file():
            trouble = self.tr("Choose the ground-truth file, for example gnd_roxford5k.pkl.")
        elif not self.images.text().strip() or not chosen.images.is_dir():
            trouble = self.tr("Choose the folder that holds the images.")
        elif not self.folder.text().strip():
            trouble = self.tr("Choose a new folder for the project.")
        elif self._team and not chosen.store:
            trouble = self.tr("Write the address of the team's server.")
        else:
            self.accept()
            return
        self._trouble.setText(trouble)

    def _path(self, grid: QGridLayout, at: int, title: str, name: str, example: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(f"new-project.{name}")
        field.setAccessibleName(title)
        field.setPlaceholderText(example)
        choose = KeyButton(self.tr("Choose…"), f"new-project.{name}.choose")
        choose.clicked.connect(lambda: self._browse(field, title, name))
        grid.addWidget(label(title, "second"), at, 0)
        grid.addWidget(field, at, 1)
        grid.addWidget(choose, at, 2)
        return field

    def _browse(self, field: QLineEdit, title: str, name: str) -> None:
        if name == "ground-truth":
            path, _ = QFileDialog.getOpenFileName(self, title, field.text(), "gnd_* (*.pkl *.mat)")
        else:
            path = QFileDialog.getExistingDirectory(self, title, field.text())
        if path:
            field.setText(path)
