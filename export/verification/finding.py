"""What is wrong with a release, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from export.plain_text import as_line

SAME = 20
"""So many findings of one check in one file are told apart; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: the `check` that found it, the `file` (relative to the release) and a sentence without full stop."""

    check: str
    file: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}."


def shortened(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in order, without repetitions, and with a count in place of the many of one kind.

    What they quote of hostile names and values is text that can be printed.
    """
    seen: Counter[tuple[str, str]] = Counter()
    kept = []
    printable = (replace(each, file=as_line(each.file), problem=as_line(each.problem)) for each in findings)
    for finding in dict.fromkeys(printable):
        seen[finding.check, finding.file] += 1
        if seen[finding.check, finding.file] <= SAME:
            kept.append(finding)
    more = [(key, number - SAME) for key, number in seen.items() if number > SAME]
    return kept + [Finding(check, file, f"{number} more problems of this kind") for (check, file), number in more]
