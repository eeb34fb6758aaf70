"""The rules that a dispute is about, and the contested occlusion measured by them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from annotator.domain.shapes import Role
from annotator.ui import wording
from annotator.ui.presenting.disputes import Compared, Contested
from annotator.ui.widgets.lines import column, emptied, row
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import label


class DisputeRules(QWidget):
    """Two sections of the researcher's right column."""

    def __init__(self) -> None:
        super().__init__()
        whole = column(self)
        self._apply = Section(self.tr("Rules that apply"), "disputes.rules")
        self._size = Section("", "disputes.contested", line=False)
        whole.addWidget(self._apply)
        whole.addWidget(self._size)
        self.hide()

    def set_key(self, key: str) -> None:
        """The key that shows all rules."""
        self._apply.set_hint(key)

    def show_compared(self, found: Compared | None) -> None:
        """Show what a pair is about; None shows nothing."""
        emptied(self._apply.body)
        emptied(self._size.body)
        self.setVisible(found is not None)
        if found is None:
            return
        for number, text in found.rules:
            box = QWidget()
            line = row(box, gap=8, margins=(12, 2, 12, 2))
            mark = label(str(number), "second", "quiet")
            mark.setFixedWidth(12)
            mark.setContentsMargins(0, 0, 0, 0)
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(label(text, "second", wrap=True), 1)
            self._apply.body.addWidget(box)
        self._size.setVisible(found.contested is not None)
        if found.contested is not None:
            self._show_size(found.contested)

    def _show_size(self, subject: Contested) -> None:
        size = subject.size
        self._size.set_title(subject.name)
        self._size.set_detail(self.tr("of pass {number} only").format(number=subject.pass_number))
        share, share_limit = wording.percent(size.share), wording.percent(size.share_limit)
        thick, thick_limit = f"{size.thickness:.0f} px", f"{size.thickness_limit:.0f} px"
        for name, value, limit in (
            (self.tr("Share of object"), share, share_limit),
            (self.tr("Thickness"), thick, thick_limit),
        ):
            box = QWidget()
            line = row(box, gap=12, margins=(12, 2, 12, 2))
            line.addWidget(label(name, "second"), 1)
            line.addWidget(label(value, "strong"))
            line.addWidget(label(self.tr("limit {limit}").format(limit=limit), "second", "quiet"))
            self._size.body.addWidget(box)
        asked = self.tr("By the limits it stays in the mask") if size.kept else self.tr("By the limits it is cut out")
        drawn = self.tr("kept occlusion") if subject.shape.role is Role.KEPT else self.tr("occluder")
        said = label(self.tr("{asked}; pass {n} drew it as {drawn}.").format(
            asked=asked, n=subject.pass_number, drawn=drawn), "second", "warning", wrap=True)  # fmt: skip
        said.setContentsMargins(12, 2, 12, 8)
        self._size.body.addWidget(said)
