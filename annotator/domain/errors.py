"""Errors whose text is a sentence for the person at the keyboard.

Four families, because a person does something different about each: a bad file is mended or replaced, a fault of the
environment waits for room or rights, a conflict is talked over with a colleague, and a refusal follows from the rules.
Anything that is not an `AnnotatorError` is a bug of the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike, fspath


class AnnotatorError(Exception):
    """Base class: `str(error)` is one clear sentence that names the thing and says what to do."""


class BadFileError(AnnotatorError):
    """A file is broken, hostile, or not what it should be.

    `problem` says what is wrong with it and `remedy` what to do; both are fragments without a full stop.
    """

    def __init__(self, path: str | PathLike[str], problem: str, remedy: str) -> None:
        self.path = fspath(path)
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{self.path}: {problem}; {remedy}.")

    def __reduce__(self) -> tuple[type[BadFileError], tuple[str, str, str]]:
        """Worker processes hand the error to whom they work for."""
        return type(self), (self.path, self.problem, self.remedy)


class EnvironmentFault(AnnotatorError):  # noqa: N818 (it is the machine's fault, not an error of the person or the file)
    """The disk is full or read-only, a server does not answer, a system library is missing."""


class ConflictError(AnnotatorError):
    """Another person saved, holds the lease, or did what only one person may do."""


class RefusedError(AnnotatorError):
    """The rules of the three passes, or of a person's role, do not allow this."""


class NewerProjectError(AnnotatorError):
    """The project was made by a newer version of the program than this one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an image something is: `x`, `y` in pixels, a pixel's centre at integers."""

    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.x:.0f}, {self.y:.0f}"


class GeometryError(AnnotatorError):
    """A ring or polygon that cannot stand, with the place where it goes wrong (None where there is no single one)."""

    def __init__(self, sentence: str, place: Place | None = None) -> None:
        self.place = place
        super().__init__(sentence)


class TooFewPointsError(GeometryError):
    """A ring of fewer than three different vertices."""


class NotFiniteError(GeometryError):
    """A coordinate that is NaN, infinite, or beyond any image."""


class SelfCrossingError(GeometryError):
    """A ring that crosses or touches itself."""


class ZeroAreaError(GeometryError):
    """A ring that encloses nothing."""


class OutsideImageError(GeometryError):
    """A vertex outside the image."""


class HoleOutsideError(GeometryError):
    """A hole that does not lie inside its polygon, or crosses another hole."""
