"""`annotator check`: what the automatic checks say about the masks of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.groups import group_numbers
from annotator.cli.output import counted, print_json
from annotator.cli.parameters import ProjectFolder
from annotator.cli.progress import progress_bar
from annotator.domain.dataset import group_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.check_run import CheckRun
    from qa.query_consensus import Contradiction


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("check")(check)


def check(
    project: ProjectFolder,
    group: Annotated[list[str] | None, typer.Option(metavar="gNN", help="Only this group; may be repeated.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when there is an error.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write every finding as JSON.")] = False,
) -> None:
    """Run every check on the masks that stand; findings are the report, so they are no failure of the command."""
    from annotator.project import open_project
    from qa.check_run import run_checks
    from qa.query_consensus import contradictions

    with open_project(project, read_only=True) as opened, progress_bar() as advance:
        numbers = group_numbers(opened, group)
        run = run_checks(opened, numbers, lambda done, total: advance(done, total, "checking masks"))
        compared = contradictions(opened, numbers, lambda done, total: advance(done, total, "comparing queries"))
        queries = tuple(compared)
    if as_json:
        print_json(check_data(run, queries))
    else:
        _print(run, queries)
    if strict and run.errors:
        raise typer.Exit(1)


def check_data(run: CheckRun, queries: Sequence[Contradiction] = ()) -> dict[str, Any]:
    """The content of `annotator check --json`; x, y and polygon are null where a finding has no single place.

    A finding about two query masks has no pair (null) and names `group` and `queries`.
    """
    from qa.checks.among_queries import NAME
    from qa.query_consensus import finding_data

    findings: list[dict[str, Any]] = [
        {
            "pair": str(entry.key),
            "check": finding.check,
            "severity": finding.severity.value,
            "sentence": finding.sentence,
            "x": None if finding.place is None else finding.place.x,
            "y": None if finding.place is None else finding.place.y,
            "polygon": finding.shape_id,
        }
        for entry in run.found
        for finding in entry.findings
    ]
    findings += [finding_data(found, NAME) for found in queries]
    return {
        "checked": run.checked,
        "errors": run.errors,
        "warnings": len(findings) - run.errors,
        "findings": findings,
    }


def _print(run: CheckRun, queries: Sequence[Contradiction]) -> None:
    from qa.checks.among_queries import NAME

    total = sum(len(entry.findings) for entry in run.found) + len(queries)
    for entry in run.found:
        typer.echo(str(entry.key))
        for finding in entry.findings:
            where = f" (at {finding.place})" if finding.place is not None else ""
            typer.echo(f"  {finding.severity.value}, {finding.check}: {finding.sentence}{where}")
    for found in queries:
        typer.echo(group_name(found.group))
        typer.echo(f"  {found.severity.value}, {NAME}: {found.sentence}")
    if not run.checked and not queries:
        typer.echo("No pair has a mask yet; there is nothing to check.")
    elif not total:
        typer.echo(f"{counted(run.checked, 'pair')} checked, nothing found.")
    else:
        severities = f"{counted(run.errors, 'error')}, {counted(total - run.errors, 'warning')}"
        typer.echo(f"\n{counted(run.checked, 'pair')} checked: {severities}.")
