"""`annotator open`: the window on a project."""

from __future__ import annotations

from typing import Annotated

import typer

from annotator.cli.parameters import ProjectFolder
from annotator.cli.surroundings import open_window


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("open")(open_project_window)


def open_project_window(
    context: typer.Context,
    project: ProjectFolder,
    person: Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who works; asked for otherwise.")] = None,
) -> None:
    """Open the window on a project."""
    raise typer.Exit(open_window(context, project, person))
