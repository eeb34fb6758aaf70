"""Makes a release: where it goes, whether it may be incomplete, how far it is, what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QLineEdit, QProgressBar, QWidget

from annotator.project.project import Project
from annotator.ui import wording
from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import column, row
from annotator.ui.widgets.text import label, set_tone
from annotator.ui.workers import CancelToken, Workers

if TYPE_CHECKING:
    from export.release import ReleaseReport

CHANNEL = "release"


class GivenUpError(Exception):
    """The person does not want the release any more."""


class _Progress(QObject):
    """Brings what the worker tells into the window's thread."""

    told = Signal(int, int, str)


class ReleaseDialog(QDialog):
    """One button makes the release beside the window; closing gives it up, and then nothing is there."""

    def __init__(self, project: Project, workers: Workers, to_go: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project, self._workers = project, workers
        self._token: CancelToken | None = None
        self.setObjectName("release")
        self.setWindowTitle(self.tr("Make a release"))
        self.setMinimumWidth(520)
        whole = column(self, gap=12, margins=(20, 16, 20, 16))
        whole.addWidget(label(self.tr("Make a release of {name}").format(name=project.name), "project"))
        purpose = self.tr("A new folder in the benchmark's format, with masks, provenance and checksums.")
        whole.addWidget(label(purpose, "second", wrap=True))
        where = row()
        self.folder = QLineEdit(str(project.folder.parent / f"{project.folder.name}-release"))
        self.folder.setObjectName("release.folder")
        self.folder.setAccessibleName(self.tr("New folder of the release"))
        browse = KeyButton(self.tr("Choose…"), "release.browse")
        browse.clicked.connect(self._browse)
        where.addWidget(self.folder, 1)
        where.addWidget(browse)
        whole.addLayout(where)
        left = wording.counted(to_go, self.tr("pair is"), self.tr("pairs are"))
        words = self.tr("{pairs} not done: release the rest, and list them in the manifest").format(pairs=left)
        self.incomplete = QCheckBox(words)
        self.incomplete.setObjectName("release.incomplete")
        self.incomplete.setVisible(to_go > 0)
        whole.addWidget(self.incomplete)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.hide()
        whole.addWidget(self.bar)
        self.said = label("", "second", name="release.said", wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        whole.addWidget(self.said)
        buttons = row()
        buttons.addStretch()
        self.close_button = KeyButton(self.tr("Cancel"), "release.close", self.tr("Esc"))
        self.go = KeyButton(self.tr("Make release"), "release.go", primary=True)
        self.close_button.clicked.connect(self.reject)
        self.go.clicked.connect(self.make)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go)
        whole.addLayout(buttons)
        self._progress = _Progress(self)
        self._progress.told.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def make(self) -> None:
        """Make it, in a worker."""
        out, allow, project, told = Path(self.folder.text()), self.incomplete.isChecked(), self._project, self._progress

        def job(token: CancelToken) -> ReleaseReport:
            from export.release import make_release  # loads matplotlib, for which the dashboard would make people wait

            def advance(done: int, total: int, what: str) -> None:
                if token.cancelled:
                    raise GivenUpError
                told.told.emit(done, total, what)

            return make_release([project], out, allow_incomplete=allow, progress=advance)

        self._say(self.tr("Gathering what is finished…"), "")
        self.go.setEnabled(False)
        self._token = self._workers.submit(CHANNEL, job, self._done, self._failed)

    def reject(self) -> None:
        self._workers.cancel(CHANNEL)
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        self._workers.cancel(CHANNEL)
        super().closeEvent(event)

    def _tell(self, done: int, total: int, what: str) -> None:
        if self._token is not None:
            self.bar.show()
            self.bar.setRange(0, max(1, total))
            self.bar.setValue(done)
            self._say(f"{what}: {wording.thousands(done)} / {wording.thousands(total)}", "")

    def _done(self, report: ReleaseReport) -> None:
        self._token = None
        self.bar.hide()
        words = self.tr("{pairs} pairs and {queries} query masks in {files} files: {path}")
        self._say(
            words.format(pairs=report.pairs, queries=report.query_masks, files=report.files, path=report.path), "done"
        )
        self.close_button.set_words(self.tr("Close"))

    def _failed(self, error: Exception) -> None:
        self._token = None
        self.bar.hide()
        self.go.setEnabled(True)
        self._say(str(error), "error")

    def _say(self, sentence: str, tone: str) -> None:
        self.said.setText(sentence)
        set_tone(self.said, tone)

    def _browse(self) -> None:
        parent = QFileDialog.getExistingDirectory(self, self.tr("Folder that gets the release"), self.folder.text())
        if parent:
            self.folder.setText(str(Path(parent) / f"{self._project.folder.name}-release"))
