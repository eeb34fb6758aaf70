"""The strip of a group's index images: which it shows, filtered, and which is beside which."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from annotator.domain.dataset import PairKey
from annotator.store.records import PairRecord
from annotator.ui.pages.page import Surroundings
from annotator.ui.pages.pair_facts import neighbours
from annotator.ui.panels.strip import Strip
from annotator.ui.presenting.groups import strip_filters, strip_items
from annotator.ui.views import StripItem
from qa.blind import sealed


class PairStrip(QObject):
    """Keeps pairs and filter for the strip, and has the neighbours of the open pair decoded."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self.strip = self._strip = Strip(self._want_thumbnail)
        self._filter = "all"
        self._sealed: frozenset[PairKey] = frozenset()
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
        """Show the pairs of the group as they are now; no masks of those that the person may draw blind."""
        self.pairs = tuple(pairs)
        if pairs:
            self._sealed = sealed(self._around.project, self._around.person.name, pairs[0].key.group, pairs)
        self.choose(self._filter, open_key)

    def choose(self, name: str, open_key: PairKey | None) -> None:
        """Show only the pairs of a filter."""
        self._filter = name
        self._strip.set_filters(strip_filters(self.pairs), name)
        self._strip.set_items(strip_items(self.pairs, name, self._around.person.name, self._sealed), open_key)

    def prefetch(self, open_key: PairKey | None, following: str | None) -> None:
        """Have the images after and before a pair decoded, and the one that follows in the queue."""
        around = neighbours(self.openable, open_key)
        self._around.images.prefetch(around + ([following] if following is not None else []))

    def beside(self, key: PairKey | None, by: int) -> PairKey | None:
        """The pair before (-1) or after (1), round and round; the first where none is open."""
        keys = self.openable
        if not keys:
            return None
        return keys[(keys.index(key) + by) % len(keys)] if key in keys and key is not None else keys[0]

    def _want_thumbnail(self, item: StripItem) -> None:
        self._around.images.thumbnail(item, self.strip.devicePixelRatioF(), self.strip.model.set_picture)
