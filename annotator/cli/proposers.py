"""`annotator proposers`: what there is to choose from."""

from __future__ import annotations

from typing import Annotated

import typer

from annotator.cli.output import print_json
from annotator.premask import registry


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("proposers")(list_proposers)


def list_proposers(as_json: Annotated[bool, typer.Option("--json", help="Write them as JSON.")] = False) -> None:
    """List the proposers: methods that turn masked queries and an index image into a pre-mask."""
    known = registry.proposers().values()
    if as_json:
        print_json({"default": registry.DEFAULT, "proposers": {one.name: one.describe for one in known}})
        return
    for one in known:
        typer.echo(f"{one.name:12}{one.describe}{'  (default)' if one.name == registry.DEFAULT else ''}")
