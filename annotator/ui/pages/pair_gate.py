"""What stands before a pair is opened: its image has to be here, and who may draw it blind does that first."""

from __future__ import annotations

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError
from annotator.ui.pages.page import Page
from annotator.ui.wording import tr
from qa import blind


class PairGate:
    """Asks on behalf of a page, which says what is in the way."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def lets_in(self, key: PairKey) -> bool:
        """Whether the pair opens with its masks; one that the person may still draw blind opens as that instead."""
        page, around = self._page, self._page.around
        if not around.project.library.has(key.image):
            page.say(tr("The image {name} is not here; its pair waits.").format(name=key.image))
            return False
        try:
            meant = blind.is_meant_for(around.project, key, around.person.name)
        except AnnotatorError as error:
            page.say(str(error))
            return False
        if meant:
            page.blind_wanted.emit(key)
        return not meant
