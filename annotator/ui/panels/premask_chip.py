"""The chip at the top left of the canvas that offers a pre-mask."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from annotator.ui import theme
from annotator.ui.canvas.insets import EDGE, paint_panel
from annotator.ui.canvas.strokes import LONG_DASHES, thin_pen
from annotator.ui.presenting.premask import certainty
from annotator.ui.widgets.lines import column, row

WIDTH = 236


class PremaskChip(QWidget):
    """Says how sure a pre-mask is; `taken`, `next_wanted`, `dismissed` tell what is pressed. Dark in both themes."""

    taken = Signal()
    next_wanted = Signal()
    dismissed = Signal()

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("premask.chip")
        self._confidence = 0.0
        self._keys = ("", "")
        dark = theme.theme_named(theme.DARK)
        self._inks = {token: dark.colours[token] for token in ("text1", "text2", "text3")}
        self._whole = column(self, gap=6, margins=(12, 8, 8, 6))
        head = row(gap=6, margins=(20, 0, 4, 0))
        self._words = self._label("text3", 11)
        self._number = self._label("text1", 13, 600)
        self._title = self._label("text1", 13, 600)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._words)
        head.addWidget(self._number)
        self._whole.addLayout(head)
        self._whole.addSpacing(5)
        buttons: QHBoxLayout = row(gap=0)
        self.take = self._button(self.tr("Take"), "premask.take")
        self.next = self._button(self.tr("Next"), "premask.next")
        self.drop = self._button("×", "premask.dismiss")
        self.drop.setAccessibleName(self.tr("Dismiss the pre-mask"))
        for button, signal in ((self.take, self.taken), (self.next, self.next_wanted), (self.drop, self.dismissed)):
            button.clicked.connect(signal)
        buttons.addWidget(self.take)
        buttons.addWidget(self.next)
        buttons.addStretch(1)
        buttons.addWidget(self.drop)
        self._whole.addLayout(buttons)
        self.hide()

    @property
    def said(self) -> str:
        """Words and number of the confidence."""
        return f"{self._words.text()} {self._number.text()}".strip()

    def set_keys(self, take: str, following: str, dismiss: str) -> None:
        """Show the keys on the buttons."""
        self._keys = take, following
        self._label_buttons(self.tr("Next"))
        self.drop.setToolTip(self.tr("Dismiss the pre-mask") + (f" ({dismiss})" if dismiss else ""))

    def _label_buttons(self, following: str) -> None:
        """Words, key and width of the buttons; the second one is named `following`."""
        for button, text, key in ((self.take, self.tr("Take"), self._keys[0]), (self.next, following, self._keys[1])):
            button.setText(f"{text}  {key}")
            button.setFixedWidth(QFontMetrics(theme.text_font(12)).horizontalAdvance(button.text()) + 14)

    def offer(self, confidence: float, count: int) -> None:
        """Offer a pre-mask of this confidence, one of `count`."""
        self._say(self.tr("Pre-mask"), certainty(confidence), f"{confidence:.2f}", confidence)
        self.take.show()
        self.next.setVisible(count > 1)
        self._label_buttons(self.tr("Next"))
        self.setAccessibleName(self.tr("Pre-mask, confidence {said}").format(said=self.said))
        self._appear()

    def offer_better(self, before: float, after: float) -> None:
        """Offer to show a pre-mask that an approval made better; nothing that is drawn changes."""
        self._say(self.tr("A better pre-mask is there"), "", f"{before:.2f} → {after:.2f}", after)
        self.take.hide()
        self.next.show()
        self._label_buttons(self.tr("Show"))
        self.setAccessibleName(f"{self._title.text()}, {self._number.text()}")
        self._appear()

    def _say(self, title: str, words: str, number: str, confidence: float) -> None:
        self._confidence = confidence
        self._title.setText(title)
        self._words.setText(words)
        self._number.setText(number)

    def _appear(self) -> None:
        self._whole.activate()  # else the words before say how wide it is
        size = self.sizeHint()
        self.setGeometry(EDGE, EDGE, size.width(), size.height())
        self.show()
        self.raise_()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(max(WIDTH, super().sizeHint().width()), 76)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()))
        dark = theme.theme_named(theme.DARK)
        colour = dark.colour("overlay_premask")
        painter.setPen(thin_pen(colour, tuple(length * 0.6 for length in LONG_DASHES)))
        painter.drawLine(12, 19, 26, 19)
        bar = QRectF(12, 35, self.width() - 24, 4)
        painter.fillRect(bar, dark.colour("line"))
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * self._confidence, bar.height()), colour)

    def _label(self, token: str, pixels: int, weight: int = 400, text: str = "") -> QLabel:
        made = QLabel(text)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        made.setStyleSheet(f"color: {self._inks[token]}; font-size: {pixels}px; font-weight: {weight};")
        return made

    def _button(self, text: str, name: str) -> QPushButton:
        made = QPushButton(text)
        made.setObjectName(f"chip.{name}")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.setFixedHeight(24)
        raised = theme.theme_named(theme.DARK).colours["raised"]
        made.setStyleSheet(
            f"QPushButton {{ color: {self._inks['text1']}; background: transparent; border: none; font-size: 12px;"
            f" padding: 0 6px; min-width: 24px; border-radius: 4px; }} QPushButton:hover {{ background: {raised}; }}"
        )
        return made
