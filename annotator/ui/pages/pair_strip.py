"""The strip of a group's index images: which it shows, filtered, and which is beside which."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from annotator.domain.dataset import PairKey
from annotator.store.records import PairRecord
from annotator.ui.pages.page import Surroundings
from annotator.ui.panels.strip import Strip
from annotator.ui.presenting.groups import strip_filters, strip_items


class PairStrip(QObject):
    """Keeps pairs and filter for the strip."""

    def __init__(self, around: Surroundings, strip: Strip) -> None:
        super().__init__()
        self._around, self._strip = around, strip
        self._filter = "all"
        self.pairs: tuple[PairRecord, ...] = ()

    @property
    def keys(self) -> list[PairKey]:
        """The pairs that are shown, in order."""
        return [item.key for item in self._strip.model.items]

    @property
    def openable(self) -> list[PairKey]:
        """Those whose image is here."""
        return [item.key for item in self._strip.model.items if item.present]

    def begin(self) -> None:
        """Another group: everything is shown."""
        self._filter = "all"

    def show(self, pairs: Sequence[PairRecord], open_key: PairKey | None) -> None:
        """Show the pairs of the group as they are now."""
        self.pairs = tuple(pairs)
        self.choose(self._filter, open_key)

    def choose(self, name: str, open_key: PairKey | None) -> None:
        """Show only the pairs of a filter."""
        self._filter = name
        self._strip.set_filters(strip_filters(self.pairs), name)
        self._strip.set_items(strip_items(self.pairs, name, self._around.person.name), open_key)

    def beside(self, key: PairKey | None, by: int) -> PairKey | None:
        """The pair before (-1) or after (1), round and round; the first where none is open."""
        keys = self.openable
        if not keys:
            return None
        return keys[(keys.index(key) + by) % len(keys)] if key in keys and key is not None else keys[0]
