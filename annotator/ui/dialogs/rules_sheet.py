"""The rules as text with pictures, and the project's own numbers above them."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QTextBrowser, QWidget

from annotator.domain.rules import Rules
from annotator.ui import theme, wording
from annotator.ui.widgets.lines import column, row
from annotator.ui.widgets.text import label
from resources import accessor

OBJECT = "\ufffc"
"""Stands for a picture in the text of a document."""


class RulesSheet(QDialog):
    """Stays beside the window while people work."""

    def __init__(self, rules: Rules, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rules-sheet")
        self.setWindowTitle(self.tr("Rules"))
        self.resize(720, 760)
        whole = column(self, gap=12, margins=(20, 16, 20, 16))
        limits = row(gap=24)
        for title, value in (
            (self.tr("Kept below a share of"), wording.percent(rules.share)),
            (self.tr("and a thickness of"), self.tr("{share} of the object's size").format(
                share=wording.percent(rules.thickness))),
            (self.tr("Dispute below an agreement of"), f"IoU {rules.agreement:.2f}"),
        ):  # fmt: skip
            stack = column(gap=0)
            stack.addWidget(label(title, "hint"))
            stack.addWidget(label(value, "project"))
            limits.addLayout(stack)
        limits.addStretch()
        whole.addLayout(limits)
        self.text = QTextBrowser()
        self.text.setObjectName("rules.text")
        self.text.setAccessibleName(self.tr("Rules"))
        self.text.setOpenExternalLinks(False)
        self.text.setSearchPaths([str(accessor.path("rules/rules.md").parent)])
        self.text.document().setBaseUrl(QUrl.fromLocalFile(str(accessor.path("rules/rules.md").parent) + "/"))
        self.text.document().setDefaultFont(theme.text_font(13))
        self.text.document().setMarkdown(
            accessor.read_text("rules/rules.md"), QTextDocument.MarkdownFeature.MarkdownDialectGitHub
        )
        self.text.setStyleSheet("padding: 8px")
        self._space_out()
        whole.addWidget(self.text, 1)

    def _space_out(self) -> None:
        """Room between paragraphs and above headings, which Markdown has no words for."""
        block = self.text.document().begin()
        while block.isValid():
            heading = block.blockFormat().headingLevel()
            shape = QTextBlockFormat()
            shape.setTopMargin(24 if heading else 4)
            shape.setBottomMargin(10)
            shape.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor = QTextCursor(block)
            if OBJECT not in block.text():  # a stretched line would stretch a picture's line, too
                cursor.mergeBlockFormat(shape)
            block = block.next()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
