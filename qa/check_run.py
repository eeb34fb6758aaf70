"""A run of the checks over a project, and the memory of what the last run found on each pair.

The memory is a file in the project's cache folder, for the dashboard, which cannot look at thousands of photographs.
It may be deleted; a finding counts only while the annotation that it was found on still stands.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState
from annotator.processes.whole_file import whole_file
from annotator.project.project import Project
from annotator.store.records import PairRecord
from qa.checking import PairFindings, check_project
from qa.checks.finding import Severity
from qa.checks.registry import CHECKS

FILE = "checks.json"


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What the checks found, pair by pair, on so many pairs."""

    checked: int
    found: tuple[PairFindings, ...]

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity is Severity.ERROR for entry in self.found for finding in entry.findings)


@dataclass(frozen=True, slots=True)
class CheckCount:
    """How many pairs a check found something on; `errors` and `warnings` count findings."""

    check: str
    pairs: int
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class CheckCounts:
    """What the last runs found on the annotations that still stand.

    `checked` of `standing` pairs were looked at since they were drawn; `done_with_errors` are done all the same.
    """

    checked: int
    standing: int
    done_with_errors: int
    counts: tuple[CheckCount, ...]


def run_checks(
    project: Project, groups: Sequence[int] | None = None, progress: Callable[[int, int], None] | None = None
) -> CheckRun:
    """Check every pair (of some groups) that has a standing annotation and remember what was found."""
    pairs = [pair for pair in project.store.pairs() if groups is None or pair.key.group in groups]
    standing = {str(pair.key): pair.standing for pair in pairs if pair.standing is not None}
    found = tuple(check_project(project, None if groups is None else tuple(groups), progress))
    by_pair = {str(entry.key): [(each.check, each.severity.value) for each in entry.findings] for entry in found}
    path = project.cache / FILE
    memory = _read(path)
    memory.update({key: [revision, by_pair.get(key, [])] for key, revision in standing.items()})
    _write(path, memory)
    return CheckRun(len(standing), found)


def check_counts(project: Project, pairs: Iterable[PairRecord]) -> CheckCounts:
    """What is remembered of the checks, without looking at any image."""
    memory = _read(project.cache / FILE)
    tally = {check.name: [0, 0, 0] for check in CHECKS}
    checked = standing = bad = 0
    for pair in pairs:
        if pair.standing is None:
            continue
        standing += 1
        entry = memory.get(str(pair.key))
        if entry is None or entry[0] != pair.standing:
            continue
        checked += 1
        for check in {name for name, _ in entry[1]} & tally.keys():
            tally[check][0] += 1
        for name, severity in entry[1]:
            if name in tally:
                tally[name][1 if severity == Severity.ERROR else 2] += 1
        bad += pair.state is PairState.DONE and any(severity == Severity.ERROR for _, severity in entry[1])
    return CheckCounts(checked, standing, bad, tuple(CheckCount(name, *row) for name, row in tally.items()))


def found_by(project: Project, check: str, pairs: Iterable[PairRecord]) -> dict[PairKey, tuple[str, ...]]:
    """The pairs on whose standing annotation the last runs found something by a check, each with the severities."""
    memory = _read(project.cache / FILE)
    found = {}
    for pair in pairs:
        entry = memory.get(str(pair.key))
        if entry is not None and pair.standing is not None and entry[0] == pair.standing:
            severities = tuple(severity for name, severity in entry[1] if name == check)
            if severities:
                found[pair.key] = severities
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {key: entry for key, entry in data.items() if _is_entry(entry)}


def _is_entry(entry: object) -> bool:
    """Whether this is a revision and a list of check and severity."""
    if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[1], list):
        return False
    return all(
        isinstance(each, list) and len(each) == 2 and all(isinstance(word, str) for word in each) for each in entry[1]
    )


def _write(path: Path, memory: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as stream:
            stream.write(json.dumps(memory, separators=(",", ":"), ensure_ascii=False).encode())
