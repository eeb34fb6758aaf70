"""Two query masks of a group that verified matches between the images contradict.

It looks at two masks at a time, not at one annotation like the other checks, and is run by `qa.query_consensus`.
"""

from __future__ import annotations

from annotator.premask.overlap import Overlap

NAME = "among queries"
MEANING = "The queries of a group show one query object, so what one mask holds the other masks hold too, where seen."
REMEDY = "Compare the two masks and mend one, or write in the group's note what the queries mean together."

LEAST_MATCHES, LEAST_COVERAGE = 60, 0.4
"""Verified matches, and share of the mask that has some, below which nothing is said: geometry is then often wrong."""

LEAST_SHARED = 0.75
"""Share of the matches with both ends in the masks below which two masks contradict each other (docs/quality.md)."""


def contradicts(found: Overlap) -> bool:
    """Whether one geometry says enough, and says that two masks do not mean the same."""
    return found.matches >= LEAST_MATCHES and found.coverage >= LEAST_COVERAGE and found.shared < LEAST_SHARED
