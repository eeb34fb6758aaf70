"""`annotator init`: make a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.output import print_json
from annotator.cli.status import SUMMARY, print_status


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("init")(init)


def init(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A new or empty folder for the project.")],
    ground_truth: Annotated[Path, typer.Option(help="gnd_roxford5k.pkl, gnd_rparis6k.mat, or one in the same form.")],
    images: Annotated[Path, typer.Option(help="Folder of the photographs; found by name, whatever folders are in it.")],
    store: Annotated[str | None, typer.Option(metavar="URL", help="PostgreSQL database of a team.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the numbers as JSON.")] = False,
) -> None:
    """Make a project from a ground-truth file and an image folder.

    Only images that the ground truth names are looked at. Missing ones are listed, and their pairs wait. Nobody is in
    the project yet: the window asks for your name, and 'import --as' and 'submit --as' add people.
    """
    from annotator.project import create_project
    from qa.status import status

    with create_project(project, ground_truth, images, store) as made:
        data = status(made)
    if as_json:
        print_json(data)
        return
    typer.echo(SUMMARY.format(**data))
    print_status(data, project, everything=False)
