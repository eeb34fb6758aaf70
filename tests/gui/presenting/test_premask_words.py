"""Sentences about pre-masks that are made, and lines about those that became better."""

from __future__ import annotations

import pytest

from annotator.domain.dataset import PairKey
from annotator.ui.presenting.premask_words import gain_lines, making_words


@pytest.mark.parametrize(
    ("fresh", "there", "total", "words", "share"),
    [
        (0, 0, 1, "Making 1 pre-mask for g12 while you work. None is ready yet.", 0.0),
        (0, 104, 121, "104 of 121 are ready for g12. The rest are made while you work.", 104 / 121),
        (48, 104, 121, "104 of 121 are ready for g12. The rest are made while you work.", 104 / 121),
        (
            24,
            121,
            121,
            "Making 121 pre-masks for g12 anew while you work, 24 so far. What is there can be used.",
            24 / 121,
        ),
        (121, 121, 121, "", None),
        (0, 0, 0, "", None),
    ],
)
def test_making_in_words(fresh: int, there: int, total: int, words: str, share: float | None) -> None:
    assert making_words(12, fresh, there, total) == (words, share)


def test_one_better_premask_is_told_in_one_line() -> None:
    assert gain_lines(3, [(PairKey(3, "a"), 0.4, 0.7)]) == (("1 pre-mask of g03 improved", "0.40 → 0.70"),)


def test_better_premasks_are_listed_below_their_means_and_the_rest_is_counted() -> None:
    rows = [(PairKey(3, name), 0.2, 0.2 + gain / 10) for name, gain in zip("abcdef", (6, 5, 4, 3, 2, 1), strict=True)]
    head, *listed, rest = gain_lines(3, rows)
    assert head == ("6 pre-masks of g03 improved", "0.20 → 0.55")
    assert listed == [("a", "0.20 → 0.80"), ("b", "0.20 → 0.70"), ("c", "0.20 → 0.60"), ("d", "0.20 → 0.50")]
    assert rest == ("and 2 more", "")
    assert len(gain_lines(3, rows[:4])) == 5
