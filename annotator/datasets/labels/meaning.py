"""What the labels of a shape mean: its role, and for an occluder its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable

from annotator.domain.shapes import OccluderKind, Role

_KINDS = {kind.value: kind for kind in OccluderKind}


def role_and_kind(label: str, hints: Iterable[str] = ()) -> tuple[Role, OccluderKind | None]:
    """The role and kind of a shape with this label; `hints` are flags and descriptions that may name the kind.

    `occluder` and `kept occlusion` may name their kind after a colon, `occluder:person`; a kind that is not known or
    not named is `other`. Every other label is an object's, as in the benchmark, which reads no labels.
    """
    word, _, kind = label.partition(":")
    role = {"occluder": Role.OCCLUDER, "kept occlusion": Role.KEPT}.get(_plain(word), Role.OBJECT)
    if role is Role.OBJECT:
        return role, None
    named = (_KINDS.get(_plain(hint)) for hint in (kind, *hints))
    return role, next((found for found in named if found), OccluderKind.OTHER)


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word).strip().lower()
