from __future__ import annotations

import math
from datetime import UTC, datetime

from annotator.domain.dataset import PairKey
from annotator.store.records import RevisionRecord
from qa.premask_told import confidence_of, premask_revision, told


def revision(number: int, parent: int | None, proposer: str | None) -> RevisionRecord:
    return RevisionRecord(number, PairKey(0, "a"), "Ann", datetime(2026, 3, 1, tzinfo=UTC), proposer, parent)


def test_what_is_told_can_be_read_again() -> None:
    assert told("pipeline", 0.826) == "pipeline 0.83"
    assert confidence_of("pipeline 0.83") == 0.83
    assert confidence_of("homography transfer 1.00") == 1.0
    assert math.isnan(confidence_of("pipeline"))
    assert math.isnan(confidence_of("SIFT 2 0.5"))


def test_the_pre_mask_is_the_earliest_revision_of_the_line_that_names_it() -> None:
    line = [revision(1, None, None), revision(2, 1, "group 0.83"), revision(3, 2, "group 0.83"), revision(4, 3, None)]
    another = [revision(5, 1, "group 0.83")]  # of an earlier attempt, from which the pass does not descend
    assert premask_revision([*another, *line], 4, "group 0.83") == 2
    assert premask_revision(line, 2, "group 0.83") == 2
    assert premask_revision(line, 1, "group 0.83") is None
    assert premask_revision(line, 4, "group 0.84") is None


def test_without_revisions_there_is_no_pre_mask() -> None:
    assert premask_revision((), None, "pipeline 0.80") is None
    assert premask_revision((), 7, "pipeline 0.80") is None
