"""The pairs that wait for a researcher, lowest agreement first, each with its number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPixmap

from annotator.domain.dataset import PairKey
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.panels.query_column import Thumb
from annotator.ui.presenting.disputes import agreement_words, why_stopped
from annotator.ui.widgets.lines import column, emptied
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, NameLabel, label
from qa.disputes import Waiting

WantPicture = Callable[[PairKey, Callable[[QPixmap], None]], None]


class DisputeList(Section):
    """`chosen` carries the key of a pair."""

    chosen = Signal(object)

    def __init__(self, want: WantPicture, limit: float) -> None:
        super().__init__(self.tr("Disputes"), "disputes.list")
        self._want, self._limit = want, limit

    def set_comparing(self) -> None:
        """The masks are being compared; the list follows."""
        emptied(self.body)
        self.set_detail(self.tr("comparing the passes…"))

    def set_rows(
        self, rows: Sequence[Waiting], current: PairKey | None, begun: Collection[PairKey] = frozenset()
    ) -> None:
        """Show the pairs in the given order; of those that are `begun` it is said."""
        emptied(self.body)
        words = self.tr("{count}, lowest agreement first").format(count=len(rows)) if len(rows) > 1 else str(len(rows))
        self.set_detail(words if rows else self.tr("none"), "" if rows else "done")
        for one in rows:
            self.body.addWidget(self._line(one, current, one.key in begun))

    def _line(self, one: Waiting, current: PairKey | None, begun: bool) -> ChoiceRow:
        number = agreement_words(one.lowest)
        line = ChoiceRow(f"disputes.{one.key}", f"{one.key}, {number}" if number else str(one.key), 48)
        thumb = Thumb()
        line.line.addWidget(thumb)
        self._want(one.key, thumb.set_picture)
        words = column(gap=0)
        words.addStretch()
        words.addWidget(NameLabel(one.key.image))
        below = self.tr("begun, {why}").format(why=why_stopped(one)) if begun else why_stopped(one)
        words.addWidget(ElidedLabel(below, "second", "accent" if begun else ""))
        words.addStretch()
        line.line.addLayout(words, 1)
        if one.lowest is not None:
            tone = "warning" if one.lowest < self._limit else ""
            shown = label(number, "strong", tone, name=f"disputes.{one.key}.agreement")
            shown.setToolTip(self.tr("Lowest IoU of any two passes"))
            line.line.addWidget(shown)
        line.set_selected(one.key == current)
        line.chosen.connect(lambda: self.chosen.emit(one.key))
        return line
