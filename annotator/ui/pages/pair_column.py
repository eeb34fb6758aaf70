"""The right column of the pairs page: everything about the open pair."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from annotator.ui.keys import Keys
from annotator.ui.panels.difference import FiguresPanel, PlacesPanel
from annotator.ui.panels.findings import FindingsPanel
from annotator.ui.panels.passes import PassesPanel
from annotator.ui.panels.polygons import PolygonsPanel
from annotator.ui.panels.premasks import PremaskPanel
from annotator.ui.panels.remarks import RemarksPanel
from annotator.ui.panels.verdicts import VerdictBar
from annotator.ui.widgets.lines import area, column, scrolled


class PairColumn(QWidget):
    """Sections above, the verdict at the bottom."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.figures = FiguresPanel()
        self.places = PlacesPanel()
        self.polygons = PolygonsPanel(self.tr("Polygons"))
        self.findings = FindingsPanel()
        self.premasks = PremaskPanel()
        self.remarks = RemarksPanel()
        self.passes = PassesPanel()
        self.verdicts = VerdictBar()
        inner = area("panel")
        sections = column(inner)
        for section in (
            self.figures,
            self.places,
            self.polygons,
            self.remarks,
            self.findings,
            self.premasks,
            self.passes,
        ):
            sections.addWidget(section)
        sections.addStretch(1)
        whole = column(self)
        whole.addWidget(scrolled(inner), 1)
        whole.addWidget(self.verdicts)

    def show_inspection(self, inspecting: bool) -> None:
        """Differences and places belong to passes 2 and 3."""
        self.figures.setVisible(inspecting)
        self.places.setVisible(inspecting)

    def set_keys(self, keys: Keys) -> None:
        """Show the keys."""
        self.verdicts.set_keys(*(keys.shown(f"pass.{name}") for name in ("submit", "approve", "return", "escalate")))
        self.findings.set_hint(self.tr("{key} next").format(key=keys.shown("finding.next")))
        self.places.set_hint(f"{keys.shown('place.next')}, {keys.shown('place.previous')}")
        self.remarks.set_hint(keys.shown("tool.remark"))
