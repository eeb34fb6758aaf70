"""`annotator demo`: the rendered demo project, run through and opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.output import counted
from annotator.cli.progress import progress_bar
from annotator.cli.surroundings import has_display, open_window, take_pictures
from annotator.processes.pool import usable_cores

FIRST_PERSON = "Mei"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the demo goes.")] = Path("demo"),
    no_window: Annotated[
        bool, typer.Option("--no-window", help="Run through to a verified release, with screenshots and a report.")
    ] = False,
    scale: Annotated[float, typer.Option(help="Size of the photographs, 0.2 to 1.", min=0.2, max=1.0)] = 1.0,
) -> None:
    """Build the demo project in DIR and open it; an existing one is opened as it is.

    Without a display, or with --no-window, the simulated team finishes its work, and DIR gets a verified release,
    screenshots and report.md.
    """
    if no_window or not has_display():
        _run_through(context, folder, scale)
        return
    project = _project(folder, scale)
    raise typer.Exit(open_window(context, project, FIRST_PERSON))


def _project(folder: Path, scale: float) -> Path:
    from qa.simulation.demo_project import PROJECT, build_demo, is_demo

    if not is_demo(folder):
        with progress_bar() as advance:
            build_demo(folder, scale, usable_cores(), advance).project.close()
    return folder / PROJECT


def _run_through(context: typer.Context, folder: Path, scale: float) -> None:
    from export.demo_run import run_through

    project = _project(folder, scale)
    typer.echo(f"{project}: the demo project.")
    pictures = take_pictures(context, project, folder / "screenshots")
    with progress_bar() as advance:
        run = run_through(folder, pictures, usable_cores(), advance)
    found = counted(len(run.findings), "finding")
    typer.echo(f"{run.release}: {counted(run.pairs, 'pair')} released, verified with {found}.")
    typer.echo(f"{run.report}: what was done, with {len(pictures)} screenshots.")
    for finding in run.findings:
        typer.echo(f"  {finding}")
    if run.findings:
        raise typer.Exit(1)
