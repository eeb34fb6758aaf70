"""What a scan of the image folder found, for people: one line for each file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class ProblemKind(StrEnum):
    """What is the matter with a file. Mislabelled and duplicate ones are used all the same."""

    TRUNCATED = "truncated"
    OVERSIZED = "oversized"
    UNREADABLE = "unreadable"
    MISLABELLED = "mislabelled"
    DUPLICATE = "duplicate"
    OUTSIDE = "outside the folder"


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One file's problem; `name` is the image it was found for."""

    name: str
    path: Path
    kind: ProblemKind
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.kind}: {self.problem}."


@dataclass(frozen=True, slots=True)
class LibraryReport:
    """Names of the images that can be used, of those that are missing, and the problems of files."""

    present: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[FileProblem, ...] = ()

    def lines(self) -> list[str]:
        """One line for each problem and each missing image."""
        return [*map(str, self.problems), *(f"{name}: missing: no file of this name." for name in self.missing)]
