"""`annotator proposers`: what there is to choose from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.output import print_json
from annotator.cli.proposer_choice import model_proposers
from annotator.premask import registry


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("proposers")(list_proposers)


def list_proposers(
    project: Annotated[
        Path | None, typer.Option(metavar="PROJECT", help="A project: its registered models are proposers too.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write them as JSON.")] = False,
) -> None:
    """List the proposers: methods that turn masked queries and an index image into a pre-mask."""
    known = {one.name: one.describe for one in registry.proposers().values()}
    if project is not None:
        from annotator.project.layout import read_settings

        read_settings(project)
        known |= model_proposers(project)
    if as_json:
        print_json({"default": registry.DEFAULT, "proposers": known})
        return
    for name, describe in known.items():
        typer.echo(f"{name:12}{describe}{'  (default)' if name == registry.DEFAULT else ''}")
