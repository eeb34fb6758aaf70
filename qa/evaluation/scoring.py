"""The two ways to score."""

from __future__ import annotations

from enum import StrEnum


class Scoring(StrEnum):
    """The two ways to score, which are never mixed."""

    OFFICIAL = "official"
    PAPER = "paper"
