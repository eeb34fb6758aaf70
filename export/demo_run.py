"""The demo walked through without a window: passes that are left, release, verification, report."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.project.project import Project
from export.release import make_release
from export.verify import verify_release
from qa.simulation.demo_project import Demo, Progress, finish_demo, reopen_demo
from qa.status import status


@dataclass(frozen=True, slots=True)
class DemoRun:
    """Where the release and the report lie, and what verification found (nothing, if all is well)."""

    release: Path
    report: Path
    pairs: int
    findings: tuple[str, ...]


def run_through(folder: Path, pictures: Sequence[Path], workers: int, progress: Progress | None = None) -> DemoRun:
    """Finish the demo project in `folder`, release it to `folder/release` unless that is there, verify, report."""
    started = time.monotonic()
    demo = reopen_demo(folder, workers)
    with demo.project as project:
        before = _states(project)
        finish_demo(demo, progress)
        release = folder / "release"
        if not release.exists():
            make_release([project], release, progress=progress)
        findings = tuple(str(finding) for finding in verify_release(release))
        report = folder / "report.md"
        seconds = time.monotonic() - started
        report.write_text(_report(demo, before, findings, pictures, seconds), encoding="utf-8")
        return DemoRun(release, report, len(project.store.pairs()), findings)


def _states(project: Project) -> dict[str, int]:
    return {state: count for state, count in status(project)["states"].items() if count}


def _report(
    demo: Demo, before: dict[str, int], findings: Sequence[str], pictures: Sequence[Path], seconds: float
) -> str:
    project = demo.project
    passes = project.store.all_passes()
    lines = [
        "# Demo run",
        "",
        f"{len(project.truth.queries)} queries in {len(project.groups)} query groups, "
        f"{len(project.store.pairs())} pairs, drawn by a simulated team on rendered photographs.",
        "",
        "| state | pairs when the demo was built | pairs at the end |",
        "|---|---|---|",
    ]
    after = _states(project)
    lines += [f"| {state} | {before.get(state, 0)} | {after.get(state, 0)} |" for state in sorted({*before, *after})]
    people = sorted({head.person for head in passes})
    lines += ["", f"{len(passes)} passes by {len(people)} annotators ({', '.join(people)})."]
    chain = project.store.verify_chain()
    lines += [f"History: {'unaltered' if not chain else '; '.join(chain)}."]
    lines += [f"Release: {'verified, no findings' if not findings else '; '.join(findings)}."]
    lines += [f"Passes, release and verification took {seconds:.0f} s on this machine.", "", "## Screenshots", ""]
    lines += [f"![{picture.stem}]({picture.parent.name}/{picture.name})" for picture in pictures]
    return "\n".join(lines) + "\n"
