"""A pass that was done faster than a person can."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from qa.checks.finding import Check, Finding, Given, Severity


def _find(given: Given) -> Iterator[Finding]:
    least = given.rules.minimum_seconds
    if given.active_seconds is not None and given.active_seconds < least:
        seconds = floor(10 * given.active_seconds) / 10  # never rounded up to what the rules ask
        sentence = f"The pass took {seconds:.1f} s of work, less than the {least:g} s of the rules"
        yield Finding(CHECK.name, Severity.WARNING, sentence)


CHECK = Check(
    "too fast",
    "Nobody can compare all queries with the image in less than the time of the rules.",
    "Look again at every query before you hand the pair over.",
    _find,
)
