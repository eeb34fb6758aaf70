"""The right column of a blind annotation: what is drawn, what the checks say of it, and how it ends."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from annotator.ui.keys import Keys
from annotator.ui.panels.findings import FindingsPanel
from annotator.ui.panels.polygons import PolygonsPanel
from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import across, area, column, row, scrolled
from annotator.ui.widgets.text import label


class BlindColumn(QWidget):
    """`seen_wanted` tells that the person knows the masks and will not draw blind."""

    submit_wanted = Signal()
    later_wanted = Signal()
    seen_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("blind-column")
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.polygons = PolygonsPanel(self.tr("Polygons"))
        self.findings = FindingsPanel()
        inner = area("panel")
        sections = column(inner)
        sections.addWidget(self.polygons)
        sections.addWidget(self.findings)
        sections.addStretch(1)
        whole = column(self)
        whole.addWidget(scrolled(inner), 1)
        whole.addWidget(across())
        foot = column(gap=8, margins=(12, 10, 12, 10))
        whole.addLayout(foot)
        words = self.tr("Whoever has seen a mask of this pair says so; somebody else draws it blind then.")
        foot.addWidget(label(words, "second", wrap=True))
        self.seen = KeyButton(self.tr("I know a mask of it"), "blind.seen")
        self.later = KeyButton(self.tr("Not now"), "blind.later")
        self.submit = KeyButton(self.tr("Submit blind annotation"), "blind.submit", primary=True)
        self.seen.clicked.connect(self.seen_wanted)
        self.later.clicked.connect(self.later_wanted)
        self.submit.clicked.connect(self.submit_wanted)
        line = row()
        line.addWidget(self.seen, 1)
        line.addWidget(self.later)
        foot.addLayout(line)
        foot.addWidget(self.submit)

    def set_keys(self, keys: Keys) -> None:
        """Show the keys."""
        self.submit.set_words(self.tr("Submit blind annotation"), keys.shown("pass.submit"))
        self.findings.set_hint(self.tr("{key} next").format(key=keys.shown("finding.next")))
