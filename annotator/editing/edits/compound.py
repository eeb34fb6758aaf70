"""Several edits as one, for gestures that change more than one shape."""

from __future__ import annotations

from annotator.domain.shapes import Annotation
from annotator.editing.edits.protocol import Edit


class Compound(Edit):
    """Several edits of one gesture, done in order."""

    __slots__ = ("name", "parts")

    def __init__(self, parts: tuple[Edit, ...], name: str = "") -> None:
        self.parts = parts
        self.name = name

    @property
    def label(self) -> str:
        return self.name or (self.parts[0].label if self.parts else "nothing")

    @property
    def shape_ids(self) -> frozenset[str]:
        return frozenset().union(*(part.shape_ids for part in self.parts))

    @property
    def changes_lock(self) -> bool:
        return all(part.changes_lock for part in self.parts)

    def apply(self, annotation: Annotation) -> Annotation:
        for part in self.parts:
            annotation = part.apply(annotation)
        return annotation

    def inverse(self, annotation: Annotation) -> Edit:
        backwards: list[Edit] = []
        for part in self.parts:
            backwards.insert(0, part.inverse(annotation))
            annotation = part.apply(annotation)
        return Compound(tuple(backwards), self.name)

    def then(self, later: Edit) -> Edit | None:
        """Part by part where both have the same parts, as a drag of several shapes has."""
        if not isinstance(later, Compound) or len(later.parts) != len(self.parts):
            return None
        ids = [part.shape_ids for part in self.parts]
        apart = all(a.isdisjoint(b) for position, a in enumerate(ids) for b in ids[:position])
        if not apart or ids != [part.shape_ids for part in later.parts]:
            return None
        both = [mine.then(other) for mine, other in zip(self.parts, later.parts, strict=True)]
        whole = tuple(part for part in both if part is not None)
        return Compound(whole, self.name) if len(whole) == len(both) else None


def combined(first: Edit, second: Edit) -> Edit:
    """One edit that does `first` and then `second`, as small as they allow."""
    from_pair = first.then(second)
    if from_pair is not None:
        return from_pair
    parts = [*_parts(first), *_parts(second)]
    return _compound(parts)


def _parts(edit: Edit) -> tuple[Edit, ...]:
    return edit.parts if isinstance(edit, Compound) else (edit,)


def _compound(parts: list[Edit]) -> Edit:
    """Fold neighbours that combine, so that a long gesture does not grow."""
    folded: list[Edit] = []
    for part in parts:
        one = folded[-1].then(part) if folded else None
        if one is None:
            folded.append(part)
        else:
            folded[-1] = one
    return folded[0] if len(folded) == 1 else Compound(tuple(folded))
