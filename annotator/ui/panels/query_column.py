"""Researcher's right column: queries of the group, the mask that is drawn, note, checklist, buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from annotator.ui import icons, theme
from annotator.ui.panels.consensus import ConsensusPanel
from annotator.ui.panels.findings import FindingsPanel
from annotator.ui.panels.lists import ChoiceRow
from annotator.ui.panels.polygons import PolygonsPanel
from annotator.ui.panels.remarks import RemarksPanel
from annotator.ui.views import CheckLine, QueryLine
from annotator.ui.widgets.buttons import KeyButton
from annotator.ui.widgets.lines import across, area, column, emptied, row, scrolled
from annotator.ui.widgets.section import Section
from annotator.ui.widgets.text import ElidedLabel, NameLabel, label, set_tone

NOTE_MS = 800

LEAST_CHECK = 176
"""Pixels of what is checked that a long name beside it leaves to it."""


class Thumb(QWidget):
    """A small picture, or a dashed frame where the image is not here."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: QPixmap | None = None
        self.setFixedSize(44, 40)

    def set_picture(self, image: QImage | QPixmap) -> None:
        """Show a picture."""
        self._picture = QPixmap.fromImage(image) if isinstance(image, QImage) else image
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(44, 40)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        if self._picture is None:
            painter.setPen(QPen(theme.current().colour("line"), 1, Qt.PenStyle.DashLine))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.drawPixmap(14, 12, icons.pixmap("image", "text3", self.devicePixelRatioF()))
            return
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        aspect = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        shown = self._picture.scaled(size, aspect, Qt.TransformationMode.SmoothTransformation)
        left, top = (shown.width() - size.width()) // 2, (shown.height() - size.height()) // 2
        painter.drawPixmap(self.rect(), shown, shown.rect().adjusted(left, top, -left, -top))


class QueryColumn(QWidget):
    """`query_chosen` carries a query's number, `note_changed` the text once typing rests."""

    query_chosen = Signal(int)
    note_changed = Signal(str)
    submit_wanted = Signal()
    approve_wanted = Signal()
    open_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("query-column")
        self.setProperty("area", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._thumbs: dict[int, Thumb] = {}
        self._lines: tuple[QueryLine, ...] = ()
        self._checks: tuple[CheckLine, ...] = ()
        self._queries = Section(self.tr("Queries"), "group-queries")
        self.polygons = PolygonsPanel(self.tr("Query mask"), "query-mask")
        self._inside_box = QWidget()
        inside = row(self._inside_box, margins=(12, 0, 12, 0))
        self._inside = label("", "value", name="query-mask.inside")
        inside.addWidget(label(self.tr("Inside the query box"), "second"))
        inside.addStretch()
        inside.addWidget(self._inside)
        self.polygons.body.addWidget(self._inside_box)
        self.findings = FindingsPanel()
        self.consensus = ConsensusPanel()
        self.consensus.chosen.connect(self.query_chosen)
        self.remarks = RemarksPanel()
        self.remarks.set_possible(False)
        self._note_section = self._make_note()
        self._check_section = Section(self.tr("Open the group"), "group-checks", line=False)
        self._check_rows = column()
        self._check_section.body.addLayout(self._check_rows)
        self._opens = label("", "second", wrap=True)
        self._opens.setContentsMargins(12, 4, 12, 8)
        self._check_section.body.addWidget(self._opens)
        inner = area("panel")
        sections = column(inner)
        below = (self.polygons, self.remarks, self.findings, self._note_section, self._check_section)
        for section in (self._queries, self.consensus, *below):
            sections.addWidget(section)
        sections.addStretch(1)
        whole = column(self)
        whole.addWidget(scrolled(inner), 1)
        whole.addWidget(across())
        whole.addLayout(self._make_buttons())

    def set_queries(self, group: str, lines: Sequence[QueryLine], current: int | None) -> None:
        """Show the queries of the group."""
        approved = sum(line.tone == "done" for line in lines)
        self._queries.set_title(self.tr("Queries of {group}").format(group=group))
        self._queries.set_detail(self.tr("{n} of {all} approved").format(n=approved, all=len(lines)))
        emptied(self._queries.body)
        self._thumbs = {}
        for line in lines:
            row_ = self._query_row(line)
            row_.set_selected(line.number == current)
            self._queries.body.addWidget(row_)
        self._lines = tuple(lines)

    def set_thumb(self, number: int, picture: QPixmap) -> None:
        """A picture of a query has arrived."""
        if number in self._thumbs:
            self._thumbs[number].set_picture(picture)

    def set_inside(self, text: str) -> None:
        """The share of the mask inside the query box; empty hides it."""
        self._inside.setText(text)
        self._inside_box.setVisible(bool(text))

    def set_note(self, text: str) -> None:
        """The group's note; words that are being written, or differ by a space at the end, stay as they are."""
        if not self._note_timer.isActive() and text != self.note.toPlainText().strip():
            self.note.blockSignals(True)
            self.note.setPlainText(text)
            self.note.blockSignals(False)

    def flush_note(self) -> None:
        """Tell a note that was typed but not told yet."""
        if self._note_timer.isActive():
            self._note_timer.stop()
            self.note_changed.emit(self.note.toPlainText().strip())

    def set_checks(self, checks: Sequence[CheckLine], opens: str) -> None:
        """The checklist and what opening does."""
        self._opens.setText(opens)
        self._checks = tuple(checks)
        self._paint_checks()

    def set_buttons(self, submit: tuple[str, bool], approve: bool, opens: tuple[str, bool], key: str) -> None:
        """Texts and whether each may be pressed."""
        self.submit.set_words(submit[0], key)
        self.submit.setEnabled(submit[1])
        self.approve.setVisible(approve)
        self.open.set_words(opens[0])
        self.open.setEnabled(opens[1])

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._checks:
            self._paint_checks()

    def _paint_checks(self) -> None:
        emptied(self._check_rows)
        for check in self._checks:
            box = QWidget()
            box.setFixedHeight(28)
            line = row(box, margins=(12, 0, 12, 0))
            mark = label()
            drawing, token = {"done": ("check", "done"), "wait": ("hourglass", "text3")}.get(
                check.state, ("dot", "text3")
            )
            mark.setPixmap(icons.pixmap(drawing, token, self.devicePixelRatioF()))
            line.addWidget(mark)
            tone = "" if check.state == "done" else "quiet"
            line.addWidget(ElidedLabel(check.text, tone=tone, least=LEAST_CHECK), 1)
            line.addWidget(NameLabel(check.value, "second", "quiet"))
            self._check_rows.addWidget(box)

    def _query_row(self, line: QueryLine) -> ChoiceRow:
        made = ChoiceRow(f"group-queries.{line.number}", line.image, 52)
        thumb = Thumb()
        self._thumbs[line.number] = thumb
        made.line.addWidget(thumb)
        words = column(gap=0)
        words.addStretch()
        words.addWidget(NameLabel(line.image))
        words.addWidget(ElidedLabel(line.below, "second"))
        words.addStretch()
        made.line.addLayout(words, 1)
        state = label(line.state, "second", line.tone)
        made.line.addWidget(state)
        set_tone(state, line.tone)
        made.chosen.connect(lambda: self.query_chosen.emit(line.number))
        return made

    def _make_note(self) -> Section:
        section = Section(self.tr("Note of the group"), "group-note")
        section.set_hint(self.tr("shown with every pair"))
        self.note = QPlainTextEdit()
        self.note.setObjectName("group-note.text")
        self.note.setAccessibleName(self.tr("Note of the group"))
        self.note.setPlaceholderText(self.tr("What do the queries mean together? Where does the object end?"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(84)
        self._note_timer = QTimer(self)
        self._note_timer.setSingleShot(True)
        self._note_timer.setInterval(NOTE_MS)
        self._note_timer.timeout.connect(lambda: self.note_changed.emit(self.note.toPlainText().strip()))
        self.note.textChanged.connect(self._note_timer.start)
        box = column(margins=(12, 0, 12, 4))
        box.addWidget(self.note)
        section.body.addLayout(box)
        return section

    def _make_buttons(self) -> QHBoxLayout:
        line = row(margins=(12, 10, 12, 10))
        self.submit = KeyButton(self.tr("Submit mask"), "query.submit")
        self.approve = KeyButton(self.tr("Approve"), "query.approve")
        self.open = KeyButton(self.tr("Open"), "group.open", primary=True)
        self.submit.clicked.connect(self.submit_wanted)
        self.approve.clicked.connect(self.approve_wanted)
        self.open.clicked.connect(self.open_wanted)
        line.addWidget(self.submit)
        line.addWidget(self.approve)
        line.addWidget(self.open, 1)
        return line
