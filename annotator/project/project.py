"""An open project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from annotator.datasets.library import ImageLibrary
from annotator.datasets.library_report import LibraryReport
from annotator.domain.dataset import GroundTruth, QueryGroup, group_name
from annotator.domain.errors import RefusedError
from annotator.domain.rules import Rules
from annotator.store.journal import Journal
from annotator.store.store import Store


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """Everything of one project folder; `images` says which images are here. Use it as a context, or close it."""

    folder: Path
    name: str
    truth: GroundTruth
    groups: tuple[QueryGroup, ...]
    store: Store
    library: ImageLibrary
    images: LibraryReport
    rules: Rules
    journal: Journal
    cache: Path

    def group(self, number: int) -> QueryGroup:
        """A query group; raises RefusedError for a number that there is not."""
        if not 0 <= number < len(self.groups):
            last = group_name(len(self.groups) - 1)
            raise RefusedError(f"There is no group {group_name(number)}; this project has g00 to {last}.")
        return self.groups[number]

    def close(self) -> None:
        """Give the database back."""
        self.store.close()

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
